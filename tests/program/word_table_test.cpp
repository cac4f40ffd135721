// Small tables as spreadsheets write them: encodings, marks between cells, and every way in which one is no table.
#include "engine/program/word_table.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace desist {
namespace {

namespace fs = std::filesystem;

class WordTables : public testing::Test {
 protected:
  WordTables() : path_(testing::TempDir() + "words_" + std::to_string(::getpid()) + ".csv") {}
  ~WordTables() override { fs::remove(path_); }

  std::optional<WordTable> open(const std::string& text) {
    std::ofstream(path_, std::ios::binary) << text;
    return WordTable::open(path_, "unit costs", {"id", "value"}, found_);
  }
  std::string said(const std::string& text) {
    found_ = {};
    EXPECT_FALSE(open(text));
    std::string message = found_.rendered();
    for (std::size_t at = message.find(path_); at != std::string::npos; at = message.find(path_))
      message.replace(at, path_.size(), "FILE");
    return message;
  }

  std::string path_;
  Diagnostics found_;
};

TEST_F(WordTables, AreReadAsSpreadsheetsWriteThem) {
  const std::string pound_in_1252 = "id,value,label\r\na,1,\xA3 of a caf\xE9\r\n,,\r\nb,\"2\",\"say \"\"no\"\"\"\r\n";
  for (const std::string& text :
       {pound_in_1252, std::string("\xEF\xBB\xBFid,value,label\na,1,£ of a café\nb,2,\"say \"\"no\"\"\"\n"),
        std::string("id;value;label\na;1;£ of a café\nb;2;\"say \"\"no\"\"\"\n"),
        std::string("sep=;\r\nid;value;label\r\na;1;£ of a café\r\nb;2;\"say \"\"no\"\"\"\r\n"),
        std::string("id\tvalue\tlabel\na\t1\t£ of a café\nb\t2\t\"say \"\"no\"\"\"\n")}) {
    const auto table = open(text);
    ASSERT_TRUE(table) << found_.rendered();
    ASSERT_EQ(table->rows(), 2u);  // a row of nothing is none
    EXPECT_EQ(table->word(0, table->column("label")), "£ of a café");
    EXPECT_EQ(table->word(1, table->column("label")), "say \"no\"");
    EXPECT_EQ(table->word(1, table->column("value")), "2");
    EXPECT_EQ(table->word(1, table->column("note")), "");
    EXPECT_EQ(table->row_text(0),
              "a\x1f"
              "1\x1f£ of a café\x1f");
  }
}

TEST_F(WordTables, SayWhatIsWrong) {
  EXPECT_EQ(said("id;cost\na;1\n"),
            "FILE:1:1: error: no column 'value' in this table of unit costs\n    1 | id;cost\n      | ^\n"
            "  it needs the columns id and value");
  EXPECT_EQ(said("id,Value \na,1\n"),
            "FILE:1:1: error: no column 'value' in this table of unit costs\n    1 | id,Value\n      | ^\n"
            "  call 'Value ' so; it needs the columns id and value");
  EXPECT_EQ(said("id,value\na,1\nb\n"),
            "FILE:3:1: error: this row has 1 cell, and the header 2\n    3 | b\n      | ^\n"
            "  put a text that holds the mark between cells into quotes");
  EXPECT_EQ(said("id,value\na,\"1\n"),
            "FILE:2:1: error: a quote is opened and never closed (the rest of the file would be one cell)\n"
            "    2 | a,\"1\n      | ^\n  add a quote where the text ends");
  EXPECT_EQ(said("id,value\na,\"1\"2\n"),
            "FILE:2:1: error: text after a closing quote\n    2 | a,\"1\"2\n      | ^\n"
            "  write a quote inside a text twice: \"\"");
  EXPECT_EQ(said("id,id\na,1\n"),
            "FILE:1:1: error: two columns are called 'id'\n    1 | id,id\n      | ^\n  give each a name of its own");
  EXPECT_EQ(said(""), "FILE: error: is empty\n  a table of unit costs needs the columns id and value");
  EXPECT_EQ(said(std::string("PK\x03\x04\0\0", 6)),
            "FILE: error: is no table of unit costs (it is UTF-16 or no text)\n  save it as CSV with the encoding "
            "UTF-8");
  EXPECT_EQ(said("id,value\na,\x81\n"),
            "FILE: error: is no table of unit costs (it is neither UTF-8 nor Windows-1252)\n  save it as CSV with the "
            "encoding UTF-8");
}

TEST_F(WordTables, AFileThatIsNotThereIsTheCallersToSay) {
  EXPECT_FALSE(WordTable::open(path_ + ".none", "unit costs", {"id"}, found_));
  EXPECT_TRUE(found_.empty());
}

}  // namespace
}  // namespace desist
