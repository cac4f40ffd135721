// Files as spreadsheets write them, read into columns.
#include "engine/data/csv_file.hpp"

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/core/date.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using enum ColumnType;

DeclaredColumn column(const char* name, ColumnType type) {
  DeclaredColumn declared;
  declared.name = name;
  declared.type = type;
  return declared;
}

DataFile read(std::string_view bytes, std::vector<DeclaredColumn> columns) {
  return read_data(bytes, "people.csv", {std::move(columns), {}});
}

TEST(CsvFileTest, EveryTypeOfColumn) {
  DeclaredColumn area = column("area", category), born = column("born", date), age = column("age", integer);
  area.levels = {"north", "south"};
  born.date_form = DateForm::uk;
  age.missing = {"NA", "-99"};
  const DataFile file = read(
      "id,arm,area,age,born,done,score\n"
      "p1,b,south,31,1/2/1990,yes,1.5\n"
      "p2, a ,north,NA,29/02/1992,No,-2e3\n"
      "p3,b,,-99,,,\n",
      {column("id", text), column("arm", category), area, age, born, column("done", yes_no), column("score", number)});
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_EQ(file.rows, 3u);
  EXPECT_THAT(file.column("id").levels.copy(), ElementsAre("p1", "p2", "p3"));
  EXPECT_THAT(file.column("id").codes, ElementsAre(0, 1, 2));
  EXPECT_THAT(file.column("arm").levels.copy(), ElementsAre("a", "b"));  // in order, whatever the order of rows
  EXPECT_THAT(file.column("arm").codes, ElementsAre(1, 0, 1));
  EXPECT_THAT(file.column("area").codes, ElementsAre(1, 0, 0));
  EXPECT_THAT(file.column("area").missing, ElementsAre(0, 0, 1));
  EXPECT_THAT(file.column("age").values, ElementsAre(31, 0, 0));
  EXPECT_EQ(file.column("age").missing_count, 2u);
  EXPECT_EQ(file.column("born").values[1], Date::from_ymd(1992, 2, 29).days);
  EXPECT_THAT(file.column("done").values, ElementsAre(1, 0, 0));
  EXPECT_THAT(file.column("score").values, ElementsAre(1.5, -2000, 0));
  EXPECT_THROW(file.column("nobody"), std::out_of_range);
}

TEST(CsvFileTest, WhatExcelWrites) {
  DeclaredColumn cost = column("cost", number);
  cost.unit = "\xC2\xA3";
  cost.decimal_comma = true;
  const DataFile marked = read(
      "\xEF\xBB\xBFid;cost\r\np1;\xC2\xA3"
      "1,50\r\n",
      {column("id", text), cost});
  EXPECT_THAT(marked.problems, IsEmpty());
  EXPECT_EQ(marked.column("cost").values[0], 1.5);
  EXPECT_THAT(in_words(marked),
              ElementsAre("cells are divided by semicolons", "the text is UTF-8 with a byte order mark"));

  const DataFile western = read(
      "id;cost\r\nJos\xE9;\xA3"
      "1,50\r\n",
      {column("id", text), cost});
  EXPECT_THAT(western.problems, IsEmpty());
  EXPECT_EQ(western.column("id").levels[0], "Jos\xC3\xA9");
  EXPECT_EQ(western.column("cost").values[0], 1.5);
  EXPECT_EQ(western.detected.encoding, Encoding::windows_1252);

  const DataFile named = read("sep=|\r\nid|n\r\np1|1\r\n", {column("n", number)});
  EXPECT_THAT(in_words(named), ElementsAre("cells are divided by '|', as the file's first line says", "not used: id"));
  const DataFile old = read("id\tn\rp1\t1\rp2\t2\r", {column("n", number)});
  EXPECT_THAT(old.column("n").values, ElementsAre(1, 2));
  EXPECT_EQ(old.detected.line_end, '\r');

  const DataFile empty_rows = read("id,n\np1,1\n\n,\n,\n", {column("n", number)});
  EXPECT_THAT(in_words(empty_rows), ElementsAre("cells are divided by commas", "1 blank line passed over",
                                                "2 rows of empty cells left out", "not used: id"));
}

TEST(CsvFileTest, QuotedCells) {
  const DataFile file = read("id,note,n\n\"p\"\"1\",\"a, b\nc\",\"1,372\"\np2,5\" pipe, 2 \n",
                             {column("id", text), column("note", text), column("n", number)});
  EXPECT_THAT(file.problems, IsEmpty());
  EXPECT_THAT(file.column("id").levels.copy(), ElementsAre("p\"1", "p2"));
  EXPECT_THAT(file.column("note").levels.copy(), ElementsAre("a, b\nc", "5\" pipe"));
  EXPECT_THAT(file.column("n").values, ElementsAre(1372, 2));
  EXPECT_THAT(in_words(file), testing::Contains("'n' has 1 number in quotes with commas between thousands"));
}

TEST(CsvFileTest, TheLastLineNeedsNoEnd) {
  EXPECT_THAT(read("n\n1\n2", {column("n", number)}).column("n").values, ElementsAre(1, 2));
  EXPECT_THAT(read("a,n\n,2", {column("n", number)}).column("n").values, ElementsAre(2));
  EXPECT_THAT(read("n,a\n2,", {column("n", number)}).column("n").values, ElementsAre(2));
}

TEST(CsvFileTest, TheDelimiterIsFoundByTheRows) {
  const std::vector<std::pair<std::string, char>> texts{
      {"a,b\n1,2\n", ','}, {"a;b\n1,5;2,5\n", ';'}, {"a\tb\n1;2\t3,4\n", '\t'}, {"a;b,c\n1;2,3\n", ','}};
  for (const auto& [bytes, delimiter] : texts) EXPECT_EQ(division_of(bytes, {}).delimiter, delimiter) << bytes;
  EXPECT_THAT(division_of("a;b,c\n1;2,3\n", {}).others, ElementsAre(';'));
  EXPECT_EQ(division_of("a;b,c\n1;2,3\n", {"b,c"}).delimiter, ';');
  EXPECT_THAT(division_of("a;b,c\n1;2,3\n", {"b,c"}).others, IsEmpty());
  DataFile file = read_data("a;b,c\n1;2,3\n", "people.csv", {{column("a", number)}, ';'});
  EXPECT_THAT(file.problems, IsEmpty());
}

TEST(CsvFileTest, ManyRowsReachEveryBatch) {
  std::string bytes = "id,n\n";
  for (int i = 0; i < 1000; ++i) bytes += fmt::format("p{},{}\n", i % 700, i);
  const DataFile file = read(bytes, {column("id", text), column("n", integer)});
  ASSERT_EQ(file.rows, 1000u);
  for (std::size_t i = 0; i < 1000; ++i) {
    ASSERT_EQ(file.column("n").values[i], static_cast<double>(i));
    ASSERT_EQ(file.column("id").codes[i], static_cast<int>(i % 700));
  }
}

class CsvPathTest : public testing::Test {
 protected:
  CsvPathTest() { std::filesystem::create_directories(folder_); }
  ~CsvPathTest() override { std::filesystem::remove_all(folder_); }
  CsvPathTest(const CsvPathTest&) = delete;
  CsvPathTest& operator=(const CsvPathTest&) = delete;

  static std::string failure(const std::string& path) {
    try {
      read_data_file(path, {});
    } catch (const Failure& refused) {
      EXPECT_EQ(refused.code(), ExitCode::usage);
      return refused.what();
    }
    return "read";
  }

  const std::string folder_ =
      (std::filesystem::temp_directory_path() / fmt::format("desist_csv_{}", ::getpid())).string();
};

TEST_F(CsvPathTest, PathsThatCannotBeRead) {
  EXPECT_EQ(failure(folder_), folder_ + ": error: is a folder, not a file");
  EXPECT_EQ(failure(folder_ + "/none.csv"), folder_ + "/none.csv: error: no such file");
  const std::string closed = folder_ + "/closed.csv";
  std::ofstream(closed) << "id\np1\n";
  EXPECT_EQ(failure(closed), "read");
  std::filesystem::permissions(closed, std::filesystem::perms::none);
  if (::geteuid() != 0) {
    EXPECT_EQ(failure(closed), closed + ": error: can't be read: Permission denied");
  }
}

TEST_F(CsvPathTest, AFileIsReadLikeItsBytes) {
  const std::string path = folder_ + "/people.csv";
  std::ofstream(path) << "id,n\np1,4\n";
  EXPECT_THAT(read_data_file(path, {{column("n", number)}, {}}).column("n").values, ElementsAre(4));
}

}  // namespace
}  // namespace desist
