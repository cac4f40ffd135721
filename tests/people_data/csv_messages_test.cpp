// Whole messages about files that are refused, compared with tests/data/csv/*.txt: one small file each.
// DESIST_UPDATE_GOLDEN=1 writes the messages anew.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/data/csv_file.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

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
  add("arm", category).levels = {"treated", "comparison"};
  add("age", integer).missing = {"-99"};
  add("index", date);
  add("done", yes_no);
  return declaration;
}

struct Example {
  const char* name;
  std::string bytes;
};

const std::string header = "id,arm,age,index,done\n";

const std::vector<Example> examples = {
    {"empty", ""},
    {"one-line", "id,arm,age,index,done"},
    {"header-only", header},
    {"no-header", "1,2020-01-01,3\n2,2020-01-02,4\n"},
    {"binary", std::string("id,arm\n\0\1\2", 10)},
    {"utf-16", "\xFF\xFEi\xFF"},
    {"unclosed-quote", header + "p1,treated,30,2020-01-01,yes\np2,\"treated,30,2020-01-01,yes\n"},
    {"text-after-quote", header + "\"p\"1,treated,30,2020-01-01,yes\n"},
    {"ragged", header + "p1,treated,30,2020-01-01\np2,treated,30,2020-01-01,yes,yes\np3,treated\n"},
    {"column-twice", "id,arm,age,age,index,done\np1,treated,30,31,2020-01-01,yes\n"},
    {"column-missing", "id,arm,agee,when,done\np1,treated,30,2020-01-01,yes\n"},
    {"unclear-delimiter", "id;arm,x\np1;treated,30\n"},
    {"cells", header + "p1,treatd,NA,1/2/2020,maybe\n"
                       ",treated,30.5,2020-02-30,yes\n"
                       "p3,other,30 years,20-02-01,2\n"
                       "p4,treated,\"1,372\",2020-01-01 09:30,yes\n"
                       "p5,elsewhere,thirty,soon,yes\n"},
    {"many", header + "p1,treated,x,2020-01-01,yes\np2,treated,x,2020-01-01,yes\np3,treated,y,2020-01-01,yes\n"
                      "p4,treated,z,2020-01-01,yes\n"},
    {"windows-1252", header + "Jos\xE9,treated,30\xA3,2020-01-01,yes\n\x81,treated,30,2020-01-01,yes\n"},
    {"line-in-quotes", header + "\"p\n1\",treated,thirty,2020-01-01,yes\np2,treated,forty,2020-01-01,yes\n"},
};

TEST(CsvMessagesTest, WholeMessagesAreAsCommitted) {
  const std::filesystem::path folder = std::filesystem::path(DESIST_TEST_DATA) / "csv";
  for (const Example& example : examples) {
    const DataFile file = read_data(example.bytes, std::string(example.name) + ".csv", declared());
    const std::string text = diagnostics(file.shown_as, file.problems).rendered() + '\n';
    const std::filesystem::path committed = folder / (std::string(example.name) + ".txt");
    if (std::getenv("DESIST_UPDATE_GOLDEN") != nullptr) {
      std::filesystem::create_directories(folder);
      std::ofstream(committed, std::ios::binary) << text;
    }
    EXPECT_EQ(text, tests::read_file(committed)) << example.name;
    EXPECT_FALSE(file.problems.empty()) << example.name;
  }
}

TEST(CsvMessagesTest, ABadFileOfManyRowsCostsNoMoreThanItsCounts) {
  std::string bytes = header;
  for (int i = 0; i < 100000; ++i) bytes += "p,treated,x,y,z\n";
  const DataFile file = read_data(bytes, "bad.csv", declared());
  ASSERT_EQ(file.problems.size(), 3u);
  for (const DataProblem& problem : file.problems) {
    EXPECT_EQ(problem.count, 100000);
    EXPECT_EQ(problem.first.size(), 3u);
  }
}

}  // namespace
}  // namespace desist
