// No bytes may crash the reader of data files, hang it, or leave columns of unequal length.
//
// With clang and DESIST_BUILD_FUZZ this is a libFuzzer target; in every other build `csv_smoke` goes through mutations
// of small files, made from a printed seed.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "engine/data/csv_file.hpp"

namespace {

using namespace desist;

FileDeclaration declared() {
  using enum ColumnType;
  FileDeclaration declaration;
  const auto add = [&](const char* name, ColumnType type) -> DeclaredColumn& {
    declaration.columns.emplace_back();
    declaration.columns.back().name = name;
    declaration.columns.back().type = type;
    return declaration.columns.back();
  };
  add("id", text).required = true;
  add("arm", category);
  add("area", category).levels = {"north", "south"};
  add("age", integer).missing = {"NA", "-99"};
  add("index", date);
  add("born", date).date_form = DateForm::uk;
  add("done", yes_no);
  DeclaredColumn& cost = add("cost", number);
  cost.unit = "\xC2\xA3";
  cost.thousands = true;
  add("score", number).decimal_comma = true;
  return declaration;
}

void require(bool holds) {
  if (!holds) std::abort();
}

/// True where the file is sound; aborts where what was read does not hang together.
bool read(const std::string& bytes) {
  const DataFile file = read_data(bytes, "people.csv", declared());
  for (const DataColumn& column : file.columns) {
    const bool coded = column.declared.type == ColumnType::category || column.declared.type == ColumnType::text;
    require(column.missing.size() == file.rows);
    require((coded ? column.codes.size() : column.values.size()) == file.rows);
    for (std::size_t row = 0; row < file.rows; ++row) {
      if (coded && !column.missing[row]) require(static_cast<std::size_t>(column.codes[row]) < column.levels.size());
      if (!coded) require(column.values[row] - column.values[row] == 0);  // finite
    }
  }
  for (const DataProblem& problem : file.problems) require(problem.count > 0 && problem.first.size() <= 3);
  if (!file.problems.empty())
    require(diagnostics("people.csv", file.problems).rendered().find("error: ") != std::string::npos);
  in_words(file);
  const ProposedDeclaration proposed = propose_declaration(bytes);
  const DataFile again = read_data(bytes, "people.csv", proposed.declaration);
  // What is proposed of a whole file, the file keeps: no cell can be of another kind.
  if (proposed.problems.empty() && again.problems.empty()) require(again.columns.size() == proposed.reasons.size());
  return file.problems.empty() && file.rows > 0;
}

}  // namespace

#ifdef DESIST_LIBFUZZER

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  read(std::string(reinterpret_cast<const char*>(data), size));
  return 0;
}

#else

namespace {

const std::string header = "id,arm,area,age,index,born,done,cost,score\n";
const std::string rows =
    "p1,a,north,31,2020-02-29,1/2/1990,yes,\"\xC2\xA3"
    "1,372.50\",\"1,5\"\n"
    "p2,b,south,NA,2021-12-31,29/02/1992,no,12,3\n"
    "\"p\"\"3\",a,,-99,,,,,\n";

const std::vector<std::string> tokens{",",
                                      ";",
                                      "\t",
                                      "\"",
                                      "\"\"",
                                      "\n",
                                      "\r\n",
                                      "\r",
                                      "\n\n",
                                      ",,,,,,,,\n",
                                      "\xEF\xBB\xBF",
                                      "sep=;\n",
                                      "\xC2\xA3",
                                      "\xA3",
                                      "\x81",
                                      "\xFF\xFE",
                                      "1e400",
                                      "-",
                                      "+",
                                      ".",
                                      ",5",
                                      "1,2,3",
                                      "1.234.567,8",
                                      "0x1F",
                                      "nan",
                                      "inf",
                                      "99999999999999999999",
                                      "31/02/2020",
                                      "1/1/20",
                                      "2020-13-01",
                                      "2020-01-01T00:00:00",
                                      "2020-01-01 09:30",
                                      "\xC2\xA0",
                                      "#N/A",
                                      "%",
                                      "$5",
                                      "5\xE2\x82\xAC",
                                      " ",
                                      "id",
                                      "age",
                                      "TRUE",
                                      "0"};

std::string mutated(std::string text, std::mt19937_64& luck) {
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : luck() % n; };
  for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
    const std::size_t at = below(text.size() + 1), length = below(std::min<std::size_t>(20, text.size() - at + 1));
    switch (below(5)) {
      case 0:
        text.insert(at, tokens[below(tokens.size())]);
        break;
      case 1:
        text.erase(at, length);
        break;
      case 2:
        text.replace(at, length, tokens[below(tokens.size())]);
        break;
      case 3:
        if (at < text.size()) text[at] = static_cast<char>(luck());
        break;
      default:
        text.insert(below(text.size() + 1), text.substr(at, length * 4));
    }
  }
  return text;
}

std::string with(std::string text, char delimiter) {
  bool quoted = false;
  for (char& each : text) {
    quoted = quoted != (each == '"');
    if (each == ',' && !quoted) each = delimiter;
  }
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const unsigned long runs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 20000;
  const std::uint64_t seed = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
  std::vector<std::string> files{header + rows, with(header + rows, ';'), with(header + rows, '\t'),
                                 header + rows + rows};
  for (const std::string& file : files)
    if (!read(file)) return EXIT_FAILURE;  // the originals are sound
  std::mt19937_64 luck(seed);
  unsigned long sound = 0;
  for (unsigned long i = 0; i < runs; ++i) sound += read(mutated(files[i % files.size()], luck)) ? 1 : 0;
  std::cout << runs << " mutations from seed " << seed << ": " << sound << " sound, the others refused\n";
  return sound < runs ? EXIT_SUCCESS : EXIT_FAILURE;
}

#endif
