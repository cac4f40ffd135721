#include "engine/program/money_tables.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "engine/core/table.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes_of_a_table = 10'000'000;

// A file of money, its cells as words.
class MoneyFile {
 public:
  /// Nothing where there is no such file or it is no table; the latter is noted.
  static std::optional<MoneyFile> open(const std::string& path, const std::vector<std::string>& columns,
                                       Diagnostics& found) {
    std::error_code trouble;
    if (!fs::is_regular_file(path, trouble) || fs::file_size(path, trouble) > most_bytes_of_a_table)
      return std::nullopt;
    MoneyFile opened;
    auto file = std::make_shared<SourceFile>();
    file->shown_as = path;
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    file->text = text.str();
    if (file->text.starts_with("\xEF\xBB\xBF")) file->text.erase(0, 3);
    opened.file_ = file;
    try {
      opened.table_ = read_csv(file->text);
    } catch (const std::invalid_argument& problem) {
      found.add({file, {}, "is not a table", problem.what(), "", {}});
      return std::nullopt;
    }
    for (const std::string& column : columns) {
      if (opened.has(column)) continue;
      found.add({file,
                 {1, 1, 1},
                 fmt::format("no column '{}' in this table", column),
                 "",
                 fmt::format("it has the columns {}", listed(columns)),
                 {}});
      return std::nullopt;
    }
    return opened;
  }

  std::size_t rows() const { return table_.size(); }
  std::string word(std::size_t row, std::string_view column) const {
    if (!has(column)) return "";
    const auto* word = std::get_if<std::string>(&table_.at(row, column));
    return word ? trimmed(*word) : "";
  }
  std::optional<double> number(std::size_t row, std::string_view column) const {
    return read_number(word(row, column));
  }
  void wrong(std::size_t row, const std::string& what, const std::string& cure, Diagnostics& found) const {
    found.add({file_, {}, fmt::format("row {} {}", row + 1, what), "", cure, {}});
  }

 private:
  bool has(std::string_view column) const {
    return std::any_of(table_.columns().begin(), table_.columns().end(),
                       [&](const Column& each) { return each.name == column; });
  }
  std::shared_ptr<const SourceFile> file_;
  Table table_;
};

const std::vector<std::string> unit_cost_columns{"id", "label", "value", "per", "price_year", "source", "verification"};
const std::vector<std::string> deflator_columns{"year", "index", "kind", "source", "verification"};
const std::vector<std::string> discount_columns{"schedule", "from_year", "to_year", "rate", "source", "verification"};

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

std::string financial_year(int starts) { return fmt::format("{}/{:02}", starts, (starts + 1) % 100); }

std::map<std::string, Deflator> read_deflators(const MoneyFile& file, Diagnostics& found) {
  std::map<std::string, Deflator> all;
  for (std::size_t row = 0; row < file.rows(); ++row) {
    const std::string year = file.word(row, "year");
    const auto index = file.number(row, "index");
    if (!is_price_year(year) || year.size() == 4 || !index || !(*index > 0)) {
      file.wrong(row, "is no deflator of a financial year", "write it like: 2015/16,78.3,outturn,...", found);
      continue;
    }
    all[year] = {*index, file.word(row, "kind") == "forecast", file.word(row, "source"), file.word(row, "edition"),
                 file.word(row, "verification")};
  }
  return all;
}

std::map<std::string, DiscountRates> read_schedules(const MoneyFile& file, Diagnostics& found) {
  std::map<std::string, DiscountRates> all;
  for (std::size_t row = 0; row < file.rows(); ++row) {
    const std::string name = file.word(row, "schedule");
    const auto from = file.number(row, "from_year"), to = file.number(row, "to_year"), rate = file.number(row, "rate");
    const auto year = [](const std::optional<double>& each) {
      return each && *each >= 0 && *each <= 1000 && *each == std::floor(*each);
    };
    if (name.empty() || !year(from) || !year(to) || !rate || !(*rate > -1) || !(*rate < 1)) {
      file.wrong(row, "is no band of a discount schedule", "write it like: standard,0,30,0.035,...", found);
      continue;
    }
    DiscountRates& rates = all[name];
    rates.bands.push_back({std::max(1, static_cast<int>(*from)), static_cast<int>(*to), *rate});
    if (!rates.source.empty()) continue;
    rates.source = file.word(row, "source");
    rates.edition = file.word(row, "edition");
    rates.verification = file.word(row, "verification");
  }
  for (auto& [name, rates] : all)
    std::sort(rates.bands.begin(), rates.bands.end(),
              [](const auto& a, const auto& b) { return a.first_year < b.first_year; });
  return all;
}

}  // namespace

bool UnitCost::has(const std::string& part) const {
  return std::find(contains.begin(), contains.end(), part) != contains.end();
}

bool is_price_year(const std::string& text) {
  if (text.size() == 4) return all_digits(text);
  if (text.size() != 7 || text[4] != '/' || !all_digits(text.substr(0, 4)) || !all_digits(text.substr(5))) return false;
  return (std::stoi(text.substr(0, 4)) + 1) % 100 == std::stoi(text.substr(5));
}

bool MoneyTables::add_unit_costs(const std::string& path, Diagnostics& found) {
  std::error_code trouble;
  if (!fs::is_regular_file(path, trouble)) return false;
  const auto file = MoneyFile::open(path, unit_cost_columns, found);
  if (!file) return true;
  for (std::size_t row = 0; row < file->rows(); ++row) {
    UnitCost cost;
    cost.id = file->word(row, "id");
    if (cost.id.empty()) {
      file->wrong(row, "has no id", "give it one", found);
      continue;
    }
    if (unit_cost(cost.id)) continue;  // what was added first prevails
    cost.label = file->word(row, "label");
    cost.value = file->number(row, "value");
    cost.value_printed = file->word(row, "value");
    cost.low = file->number(row, "low");
    cost.high = file->number(row, "high");
    cost.per = file->word(row, "per");
    cost.price_year = file->word(row, "price_year");
    for (const std::string& part : split(file->word(row, "contains"), ';'))
      if (!trimmed(part).empty()) cost.contains.push_back(trimmed(part));
    cost.bearer = file->word(row, "bearer");
    cost.source = file->word(row, "source");
    cost.edition = file->word(row, "edition");
    cost.place = file->word(row, "place");
    cost.verification = file->word(row, "verification");
    cost.note = file->word(row, "note");
    ids_.push_back(cost.id);
    costs_.push_back(std::move(cost));
  }
  return true;
}

void MoneyTables::add_folders(const std::vector<std::string>& folders, Diagnostics& found) {
  for (const std::string& folder : folders) {
    const fs::path place(folder);
    add_unit_costs((place / "unit_costs.csv").string(), found);
    if (deflators_.empty())
      if (const auto file = MoneyFile::open((place / "deflators.csv").string(), deflator_columns, found))
        deflators_ = read_deflators(*file, found);
    if (schedules_.empty())
      if (const auto file = MoneyFile::open((place / "discount_rates.csv").string(), discount_columns, found))
        schedules_ = read_schedules(*file, found);
  }
}

const UnitCost* MoneyTables::unit_cost(const std::string& id) const {
  const auto at = std::find_if(costs_.begin(), costs_.end(), [&](const UnitCost& each) { return each.id == id; });
  return at == costs_.end() ? nullptr : &*at;
}

const DiscountRates* MoneyTables::schedule(const std::string& name) const {
  const auto at = schedules_.find(name);
  return at == schedules_.end() ? nullptr : &at->second;
}

std::vector<std::string> MoneyTables::schedule_names() const {
  std::vector<std::string> names;
  for (const auto& [name, rates] : schedules_) names.push_back(name);
  return names;
}

std::optional<PriceConversion> MoneyTables::conversion(const std::string& from, const std::string& to) const {
  PriceConversion conversion;
  if (from == to) return conversion;
  const auto of_year = [&](const std::string& year) -> std::optional<double> {
    const auto at = deflators_.find(year);
    if (at == deflators_.end()) return std::nullopt;
    conversion.years.push_back(year);
    conversion.by_forecast = conversion.by_forecast || at->second.is_forecast;
    return at->second.index;
  };
  const auto level = [&](const std::string& year) -> std::optional<double> {
    if (!is_price_year(year)) return std::nullopt;
    if (year.size() != 4) return of_year(year);
    const int calendar = std::stoi(year);
    const auto ends = of_year(financial_year(calendar - 1)), starts = of_year(financial_year(calendar));
    if (!ends || !starts) return std::nullopt;
    return *ends / 4 + *starts * 3 / 4;
  };
  const auto old_level = level(from), new_level = level(to);
  if (!old_level || !new_level) return std::nullopt;
  conversion.factor = *new_level / *old_level;
  return conversion;
}

}  // namespace desist
