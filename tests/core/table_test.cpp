#include "engine/core/table.hpp"

#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

#include "tests/table_word.hpp"

namespace desist {
namespace {

using tests::word;

std::string problem_of(std::string_view text) {
  try {
    read_csv(text);
    return "none";
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(TableTest, WritesNumbersWordsAndNothing) {
  Table table({{"arm", ""}, {"value", "week"}, {"note", ""}});
  table.add({std::string("as_it_was"), 0.1, {}});
  table.add({std::string("a, \"b\""), 1e6, std::string("two\nlines")});
  table.add({std::string(" edge"), std::numeric_limits<double>::quiet_NaN(), std::string("£5 – six")});
  EXPECT_EQ(table.csv(),
            "arm,value,note\n"
            "as_it_was,0.1,\n"
            "\"a, \"\"b\"\"\",1000000,\"two\nlines\"\n"
            "\" edge\",NaN,£5 – six\n");
}

TEST(TableTest, LooksCellsUpByName) {
  Table table({{"arm", ""}, {"value", "week"}});
  table.add({std::string("first"), 2.5});
  EXPECT_EQ(std::get<double>(table.at(0, "value")), 2.5);
  EXPECT_THROW(table.at(1, "value"), std::out_of_range);
  try {
    table.at(0, "valeu");
    FAIL();
  } catch (const std::out_of_range& error) {
    EXPECT_STREQ(error.what(), "no column 'valeu'");
  }
}

TEST(TableTest, RefusesARowOfAnotherLength) {
  Table table({{"arm", ""}, {"value", "week"}});
  try {
    table.add({std::string("first")});
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "a row of 1 cells for 2 columns");
  }
  EXPECT_TRUE(table.empty());
}

TEST(TableTest, ReadsQuotesBothLineEndsBlankLinesAndAByteOrderMark) {
  const Table table = read_csv("\xEF\xBB\xBFid,text\r\n1,\"a, \"\"b\"\"\"\r\n\r\n2,\"two\r\nlines\"\n3,\n\n");
  ASSERT_EQ(table.size(), 3u);
  EXPECT_EQ(table.columns()[0].name, "id");
  EXPECT_EQ(word(table, 0, "text"), "a, \"b\"");
  EXPECT_EQ(word(table, 1, "text"), "two\r\nlines");
  EXPECT_EQ(word(table, 2, "text"), "");
}

TEST(TableTest, AWordKeepsWhatLooksLikeANumber) { EXPECT_EQ(word(read_csv("a\n1.50"), 0, "a"), "1.50"); }

TEST(TableTest, WhatWasWrittenReadsBack) {
  Table table(std::vector<Column>{{"only, \"column\"", ""}});
  for (const char* text : {"", "a", "\"", "\"\"", ",", "\n", "\r\n", "\r", " ", "a\"b", "£"})
    table.add({std::string(text)});
  const Table again = read_csv(table.csv());
  ASSERT_EQ(again.size(), table.size());
  for (std::size_t i = 0; i < table.size(); ++i)
    EXPECT_EQ(word(again, i, "only, \"column\""), std::get<std::string>(table.row(i)[0])) << i;
  EXPECT_EQ(again.csv(), table.csv());
}

TEST(TableTest, EveryProblemNamesItsLine) {
  EXPECT_EQ(problem_of(""), "line 1: no header line");
  EXPECT_EQ(problem_of("a,b,a\n"), "line 1: two columns are called 'a'");
  EXPECT_EQ(problem_of("a,b\n1,2\n1,2,3\n"), "line 3: 3 cells, but the header has 2");
  EXPECT_EQ(problem_of("a,b\n\"x\ny\",2\n1\n"), "line 4: 1 cells, but the header has 2");
  EXPECT_EQ(problem_of("a,b\n1,\"2\n3,4\n"), "line 2: a quote is opened here and never closed");
  EXPECT_EQ(problem_of("a,b\n1,\"2\"x\n"), "line 2: text after a closing quote");
  EXPECT_EQ(problem_of("a,b\n1,2\"x\"\n"), "line 2: a quote inside a cell that does not begin with one");
  EXPECT_EQ(problem_of(std::string_view("a,b\n1,\0\n", 8)), "line 2: a zero byte: this is not a text file");
  EXPECT_EQ(problem_of("a,b\n1,2\r3\n"), "line 2: a carriage return inside a cell that is not quoted");
}

}  // namespace
}  // namespace desist
