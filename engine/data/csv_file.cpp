#include "engine/data/csv_file.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/csv_cells.hpp"
#include "engine/data/csv_header.hpp"
#include "engine/data/interner.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

std::string lower_case(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return text;
}

// Fills one column, cell by cell.
class ColumnReader {
 public:
  ColumnReader(const DeclaredColumn& declared, std::size_t field, char delimiter, Encoding encoding)
      : field_(field), encoding_(encoding) {
    column_.declared = declared;
    rules_.point = declared.decimal_comma ? ',' : '.';
    rules_.thousands = declared.thousands;
    rules_.whole = declared.type == ColumnType::integer;
    rules_.comma_divides = delimiter == ',';
    for (const std::string& level : declared.levels) names_.number(level);
  }

  std::size_t field() const { return field_; }
  const DeclaredColumn& declared() const { return column_.declared; }

  void reserve(std::size_t rows) {
    column_.missing.reserve(rows);
    if (is_coded())
      column_.codes.reserve(rows);
    else
      column_.values.reserve(rows);
  }

  /// Adds the value of a cell; false where it has none and should: `problem` says why. (An optional problem, returned,
  /// would be written in parts and read as a whole: a stall for each of millions of cells.)
  bool read(const CsvCell& cell) {
    if (!cell.doubled && encoding_ != Encoding::windows_1252) return read(without_spaces(cell.text), cell.quoted);
    const auto readable = decoded(cell, encoding_);
    return readable ? read(*readable, cell.quoted) : refuse(Kind::undecodable);
  }
  Kind problem() const { return problem_; }

  void add_missing() {
    if (is_coded())
      column_.codes.push_back(0);
    else
      column_.values.push_back(0);
    column_.missing.push_back(1);
    ++column_.missing_count;
  }

  /// A cure for a cell of this column, from its text.
  std::string hint(Kind kind, const std::string& text) const {
    if (kind == Kind::undeclared_missing) return fmt::format("declare it, if that is what '{}' means", text);
    if (kind != Kind::unknown_level) return "";
    if (const auto near = did_you_mean(text, column_.declared.levels)) return fmt::format("did you mean '{}'?", *near);
    return "its levels are " + listed(column_.declared.levels);
  }

  DataColumn take(DataProblems& problems) {
    column_.levels = names_.take_texts();
    if (column_.declared.type == ColumnType::category && column_.declared.levels.empty()) sort_levels(problems);
    return std::move(column_);
  }

 private:
  bool is_coded() const {
    return column_.declared.type == ColumnType::category || column_.declared.type == ColumnType::text;
  }

  bool refuse(Kind problem) {
    add_missing();
    problem_ = problem;
    return false;
  }

  bool read(std::string_view text, bool quoted) {
    const auto& codes = column_.declared.missing;
    if (text.empty() || (!codes.empty() && std::find(codes.begin(), codes.end(), text) != codes.end())) {
      if (column_.declared.required) return refuse(Kind::empty_cell);
      add_missing();
      return true;
    }
    if (is_coded()) return read_code(text);
    const ReadCell read = read_value(text, quoted);
    if (read.problem) return refuse(looks_missing(text) ? Kind::undeclared_missing : *read.problem);
    column_.quoted_thousands += read.thousands_in_quotes ? 1 : 0;
    column_.midnights += read.midnight ? 1 : 0;
    column_.values.push_back(read.value);
    column_.missing.push_back(0);
    return true;
  }

  bool read_code(std::string_view text) {
    if (column_.declared.type == ColumnType::category && !column_.declared.levels.empty()) {
      const std::int32_t code = names_.find(text);
      if (code < 0) return refuse(looks_missing(text) ? Kind::undeclared_missing : Kind::unknown_level);
      return add_code(code);
    }
    const std::int32_t code = names_.number(text);
    if (column_.declared.type == ColumnType::text) return add_code(code);
    if (static_cast<std::size_t>(code) == suspicious_.size()) suspicious_.push_back(looks_missing(text) ? 1 : 0);
    return suspicious_[static_cast<std::size_t>(code)] ? refuse(Kind::undeclared_missing) : add_code(code);
  }

  bool add_code(std::int32_t code) {
    column_.codes.push_back(code);
    column_.missing.push_back(0);
    return true;
  }

  ReadCell read_value(std::string_view text, bool quoted) {
    switch (column_.declared.type) {
      case ColumnType::date:
        return read_date_cell(text, column_.declared.date_form);
      case ColumnType::yes_no:
        return read_yes_no_cell(text);
      default:
        rules_.unit = column_.declared.unit;
        rules_.quoted = quoted;
        return read_number_cell(text, rules_);
    }
  }

  // Levels in order of their bytes, so that the order of rows changes no result; levels alike but for capitals told.
  void sort_levels(DataProblems& problems) {
    std::vector<std::size_t> order(column_.levels.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return column_.levels[a] < column_.levels[b]; });
    std::vector<std::int32_t> place(order.size());
    TextList sorted;
    std::vector<std::string> small;
    for (const std::size_t level : order) {
      place[level] = static_cast<std::int32_t>(sorted.size());
      sorted.add(column_.levels[level]);
      small.push_back(lower_case(std::string(column_.levels[level])));
    }
    if (!order.empty())
      for (std::int32_t& code : column_.codes) code = place[static_cast<std::size_t>(code)];
    for (std::size_t row = 0; row < column_.codes.size(); ++row)
      if (column_.missing[row]) column_.codes[row] = 0;
    column_.levels = std::move(sorted);
    std::sort(small.begin(), small.end());
    for (std::size_t i = 1; i < small.size(); ++i)
      if (small[i] == small[i - 1])
        problems.count(Kind::levels_alike, column_.declared.name).hint =
            fmt::format("write '{}' alike everywhere, or declare the levels", small[i]);
  }

  DataColumn column_;
  Kind problem_ = Kind::empty_cell;  // of the last cell that was refused
  std::size_t field_;
  Encoding encoding_;
  NumberRules rules_;
  Interner names_;
  std::vector<std::uint8_t> suspicious_;  // of each level of an open category: it looks like a missing code
};

constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();  // a declared column that the file has not

std::vector<ColumnReader> readers_of(const FileDeclaration& declaration, const std::vector<std::string>& header,
                                     const CsvRecord& record, const DetectedForm& form, DataProblems& problems) {
  std::vector<ColumnReader> readers;
  for (const DeclaredColumn& column : declaration.columns) {
    const auto found = std::find(header.begin(), header.end(), column.name);
    readers.emplace_back(column, found == header.end() ? nowhere : static_cast<std::size_t>(found - header.begin()),
                         form.delimiter, form.encoding);
    if (found != header.end()) continue;
    std::vector<std::string> quoted;
    for (const std::string& name : header) quoted.push_back('\'' + name + '\'');
    if (quoted.size() > 12) {
      quoted.resize(12);
      quoted.push_back("others");
    }
    const auto near = did_you_mean(column.name, header);
    const auto place = [&] { return place_of(record, 0, record.source.data(), "", form.encoding); };
    problems.add(Kind::no_such_column, column.name, place).hint =
        near ? fmt::format("did you mean '{}'?", *near) : "the file has " + listed(quoted);
  }
  return readers;
}

bool all_empty(const std::vector<CsvCell>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const CsvCell& cell) { return without_spaces(cell.text).empty(); });
}

constexpr std::size_t batch_rows = 128;

// Rows whose cells were told apart and not yet read. Columns are filled one after the other for a batch of rows: some
// twenty arrays written to in turn share the same sets of the processor's cache, and each write would leave it.
struct Batch {
  std::vector<CsvCell> cells;  // row after row, as many as the header has
  std::vector<CsvRecord> records;
};

void read_batch(Batch& batch, std::size_t width, std::size_t first_row, Encoding encoding,
                std::vector<ColumnReader>& readers, DataProblems& problems) {
  for (ColumnReader& reader : readers) {
    for (std::size_t i = 0; i < batch.records.size(); ++i) {
      if (reader.field() == nowhere) {
        reader.add_missing();
        continue;
      }
      const CsvCell& cell = batch.cells[i * width + reader.field()];
      if (cell.text.data() == nullptr) {  // of a row that is too short, which has been said
        reader.add_missing();
        continue;
      }
      if (!reader.read(cell)) {
        DataProblem& met = problems.add(reader.problem(), reader.declared().name, [&] {
          return place_of(batch.records[i], static_cast<std::int64_t>(first_row + i), cell.text.data(), cell.text,
                          encoding);
        });
        if (met.count == 1) met.hint = reader.hint(reader.problem(), met.first.front().text);
      }
    }
  }
  batch.cells.clear();
  batch.records.clear();
}

// What is wrong with the shape of a row.
void check_shape(const CsvRecords& records, std::size_t cells, std::size_t width, std::int64_t row, Encoding encoding,
                 DataProblems& problems) {
  if (const char* at = records.text_after_quote())
    problems.add(Kind::text_after_quote, "", [&] { return place_of(records.record(), row, at, "\"", encoding); });
  if (cells == width) return;
  const CsvRecord record = records.record();
  DataProblem& met = problems.add(cells < width ? Kind::too_few_cells : Kind::too_many_cells, "",
                                  [&] { return place_of(record, row, record.source.data(), "", encoding); });
  if (met.count == 1) met.hint = fmt::format("the header has {} cells, this row {}", width, cells);
}

// The rows below the header into the columns; returns their number.
std::size_t read_rows(CsvRecords& records, std::size_t width, std::vector<ColumnReader>& readers, DetectedForm& form,
                      DataProblems& problems) {
  Batch batch;
  std::vector<CsvCell> cells;
  std::size_t rows = 0;
  const auto finish_batch = [&] {
    read_batch(batch, width, rows + 1 - batch.records.size(), form.encoding, readers, problems);
  };
  while (records.next(cells)) {
    if (const char* at = records.unclosed_quote()) {
      problems.add(Kind::unclosed_quote, "", [&] {
        return place_of(records.record(), static_cast<std::int64_t>(rows + 1), at, "\"", form.encoding);
      });
      break;
    }
    if (cells.size() > 1 && cells[0].text.empty() && all_empty(cells)) {
      ++form.empty_rows;
      continue;
    }
    check_shape(records, cells.size(), width, static_cast<std::int64_t>(rows + 1), form.encoding, problems);
    cells.resize(width);  // a row that is too short is filled with cells that stand nowhere
    batch.cells.insert(batch.cells.end(), cells.begin(), cells.end());
    batch.records.push_back(records.record());
    ++rows;
    if (batch.records.size() == batch_rows) finish_batch();
  }
  finish_batch();
  form.blank_lines = records.blank_lines();
  return rows;
}

}  // namespace

const DataColumn& DataFile::column(std::string_view name) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [name](const DataColumn& c) { return c.declared.name == name; });
  if (found == columns.end()) throw std::out_of_range(fmt::format("no column '{}'", name));
  return *found;
}

DataFile read_data(std::string_view bytes, const std::string& shown_as, const FileDeclaration& declaration) {
  DataFile file;
  file.shown_as = shown_as;
  DataProblems problems;
  if (is_readable_text(bytes, problems)) {
    std::vector<std::string> wanted;
    for (const DeclaredColumn& column : declaration.columns) wanted.push_back(column.name);
    Division division = division_of(bytes, wanted);
    if (declaration.delimiter && !division.named_in_file) {
      division.delimiter = *declaration.delimiter;
      division.others.clear();
    }
    const bool clear = check_division(division, problems);
    DetectedForm& form = file.detected;
    form.delimiter = division.delimiter;
    form.delimiter_named_in_file = division.named_in_file;
    form.line_end = division.line_end;
    form.encoding = encoding_of(bytes);
    CsvRecords records(bytes.substr(division.begin), division.delimiter, division.line_end,
                       division.named_in_file ? 1 : 0);
    std::vector<CsvCell> cells;
    records.next(cells);
    const std::vector<std::string> header = read_header(records.record(), cells, form.encoding, problems);
    for (std::size_t i = 0; i < header.size(); ++i)
      if (std::find(wanted.begin(), wanted.end(), header[i]) == wanted.end())
        form.not_declared.push_back(header[i].empty() ? fmt::format("column {} (without a name)", i + 1) : header[i]);
    if (records.unclosed_quote() != nullptr)
      problems.add(Kind::unclosed_quote, "",
                   [&] { return place_of(records.record(), 0, records.unclosed_quote(), "\"", form.encoding); });
    // Without a header there are no columns to look for.
    if (!clear || holds_values(header)) {
      file.problems = problems.take();
      return file;
    }
    std::vector<ColumnReader> readers = readers_of(declaration, header, records.record(), form, problems);
    const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), form.line_end));
    for (ColumnReader& reader : readers) reader.reserve(lines);
    file.rows = read_rows(records, header.size(), readers, form, problems);
    if (file.rows == 0 && records.unclosed_quote() == nullptr) problems.count(Kind::header_only);
    for (ColumnReader& reader : readers) file.columns.push_back(reader.take(problems));
  }
  file.problems = problems.take();
  return file;
}

DataFile read_data_file(const std::string& path, const FileDeclaration& declaration) {
  const FileBytes bytes(path);
  return read_data(bytes.text(), path, declaration);
}

}  // namespace desist
