#include "engine/core/diagnostics.hpp"

#include <gtest/gtest.h>

namespace desist {
namespace {

std::shared_ptr<const SourceFile> file_of(std::string text, std::string path = "experiments/clinic.toml") {
  return std::make_shared<const SourceFile>(SourceFile{std::move(path), std::move(text)});
}

Diagnostic problem_at(std::shared_ptr<const SourceFile> file, SourceSpan where, std::string problem) {
  return {std::move(file), where, std::move(problem), "", "", {}};
}

TEST(DiagnosticsTest, AMessageHasPlaceProblemReasonCaretAndCure) {
  const auto file = file_of(std::string(13, '\n') + "replicats = 2000\n");
  const Diagnostic diagnostic{file,
                              {14, 1, 9},
                              "unknown key 'replicats' in [plan]",
                              "the run would use no replicates",
                              "did you mean 'replicates'?",
                              {}};
  EXPECT_EQ(diagnostic.rendered(),
            "experiments/clinic.toml:14:1: error: unknown key 'replicats' in [plan] (the run would use no replicates)\n"
            "   14 | replicats = 2000\n"
            "      | ^^^^^^^^^\n"
            "  did you mean 'replicates'?");
}

TEST(DiagnosticsTest, NotesShowTheOtherPlace) {
  const auto file = file_of("[plan]\nseed = 1\ndraws = 5\nseed = 2\n");
  const Diagnostic diagnostic{
      file, {4, 1, 4}, "'seed' is given twice", "", "keep one of the two", {{{2, 1, 4}, "first given here"}}};
  EXPECT_EQ(diagnostic.rendered(),
            "experiments/clinic.toml:4:1: error: 'seed' is given twice\n"
            "    4 | seed = 2\n"
            "      | ^^^^\n"
            "experiments/clinic.toml:2:1: note: first given here\n"
            "    2 | seed = 1\n"
            "      | ^^^^\n"
            "  keep one of the two");
}

TEST(DiagnosticsTest, AFileAsAWholeHasNoLine) {
  const Diagnostic diagnostic{file_of("", "experiments"), {}, "this is a folder, not a file", "",
                              "name a .toml file in it",  {}};
  EXPECT_EQ(diagnostic.rendered(), "experiments: error: this is a folder, not a file\n  name a .toml file in it");
}

TEST(DiagnosticsTest, ColumnsCountCharactersAndATabIsOneSpace) {
  const auto file = file_of("\tcost = \"£1,372\" # é\tx\r\n");
  EXPECT_EQ(problem_at(file, {1, 18, 3}, "here").rendered(),
            "experiments/clinic.toml:1:18: error: here\n"
            "    1 |  cost = \"£1,372\" # é x\n"
            "      |                  ^^^");
  EXPECT_EQ(problem_at(file, {1, 11, 5}, "here").rendered(),
            "experiments/clinic.toml:1:11: error: here\n"
            "    1 |  cost = \"£1,372\" # é x\n"
            "      |           ^^^^^");
}

TEST(DiagnosticsTest, TheFirstLineHasNoByteOrderMark) {
  EXPECT_EQ(problem_at(file_of("\xEF\xBB\xBFseed"), {1, 1, 4}, "here").rendered(),
            "experiments/clinic.toml:1:1: error: here\n"
            "    1 | seed\n"
            "      | ^^^^");
}

TEST(DiagnosticsTest, ControlCharactersAndBrokenBytesNeverReachTheTerminal) {
  EXPECT_EQ(problem_at(file_of("a\x1b[31m\xff\xC2\x9B\xED\xA0\x80z"), {1, 13, 1}, "key 'a\x1b[2J\nb'").rendered(),
            "experiments/clinic.toml:1:13: error: key 'a?[2J?b'\n"
            "    1 | a?[31m?????z\n"
            "      |             ^");
}

TEST(DiagnosticsTest, ALongLineIsCutAroundTheCaret) {
  const std::string line = std::string(300, 'a') + "BAD" + std::string(300, 'z');
  EXPECT_EQ(problem_at(file_of(line), {1, 301, 3}, "here").rendered(),
            "experiments/clinic.toml:1:301: error: here\n"
            "    1 | ..." +
                std::string(80, 'a') + "BAD" + std::string(77, 'z') +
                "...\n"
                "      | " +
                std::string(83, ' ') + "^^^");
  EXPECT_EQ(problem_at(file_of(line), {1, 1, 600}, "here").rendered(),
            "experiments/clinic.toml:1:1: error: here\n"
            "    1 | " +
                std::string(160, 'a') +
                "...\n"
                "      | " +
                std::string(160, '^'));
  EXPECT_EQ(problem_at(file_of(line), {1, 603, 1}, "here").rendered(),
            "experiments/clinic.toml:1:603: error: here\n"
            "    1 | ..." +
                std::string(160, 'z') +
                "\n"
                "      | " +
                std::string(162, ' ') + "^");
}

TEST(DiagnosticsTest, ASpanBeyondTheLineOrFileStaysInside) {
  EXPECT_EQ(problem_at(file_of("ab\n"), {1, 2, 50}, "here").rendered(),
            "experiments/clinic.toml:1:2: error: here\n    1 | ab\n      |  ^");
  EXPECT_EQ(problem_at(file_of("ab\n"), {1, 90, 2}, "here").rendered(),
            "experiments/clinic.toml:1:90: error: here\n    1 | ab\n      |   ^");
  EXPECT_EQ(problem_at(file_of("ab\n"), {7, 1, 1}, "the file ends too early").rendered(),
            "experiments/clinic.toml:7:1: error: the file ends too early\n    7 |\n      | ^");
}

TEST(DiagnosticsTest, AllMessagesComeInFileAndLineOrderWithACount) {
  const auto first = file_of("a\nb\n", "one.toml");
  const auto second = file_of("c\n", "two.csv");
  Diagnostics all;
  EXPECT_TRUE(all.empty());
  EXPECT_EQ(all.rendered(), "");
  all.add(problem_at(first, {2, 1, 1}, "B"));
  EXPECT_EQ(all.rendered(), "one.toml:2:1: error: B\n    2 | b\n      | ^");
  all.add(problem_at(second, {1, 1, 1}, "C"));
  all.add(problem_at(first, {1, 1, 1}, "A"));
  EXPECT_EQ(all.rendered(),
            "one.toml:1:1: error: A\n    1 | a\n      | ^\n\n"
            "one.toml:2:1: error: B\n    2 | b\n      | ^\n\n"
            "two.csv:1:1: error: C\n    1 | c\n      | ^\n\n"
            "3 problems; nothing was run.");
}

TEST(DiagnosticsTest, AFileThatIsWrongEverywhereShowsAHundred) {
  Diagnostics all;
  std::string expected;
  for (int i = 1; i <= 101; ++i) {
    all.add(problem_at(file_of("", "x"), {}, std::to_string(i)));
    if (i <= 100) expected += "x: error: " + std::to_string(i) + "\n\n";
  }
  EXPECT_EQ(all.rendered(), expected + "101 problems, of which the first 100 are shown; nothing was run.");
}

TEST(DiagnosticsTest, LinesAreCountedFromOne) {
  const SourceFile file{"x", "a\r\nb\n\nd"};
  EXPECT_EQ(file.line(0), "");
  EXPECT_EQ(file.line(1), "a");
  EXPECT_EQ(file.line(2), "b");
  EXPECT_EQ(file.line(3), "");
  EXPECT_EQ(file.line(4), "d");
  EXPECT_EQ(file.line(5), "");
}

}  // namespace
}  // namespace desist
