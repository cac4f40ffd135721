// Every way in which a file can be wrong has its message, and the whole of it is compared.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/program/experiment_spec.hpp"
#include "engine/program/pipeline.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;
using tests::read_file;

const std::string data = std::string(DESIST_TEST_DATA) + "/experiments/";

std::string replaced(std::string text, const std::string& old, const std::string& by) {
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw std::invalid_argument("the file does not hold: " + old);
  return text.replace(at, old.size(), by);
}

/// What checking a file ends with: its exit code and message, FILE for its path.
std::pair<ExitCode, std::string> outcome(const std::string& path) {
  try {
    const ExperimentSpec spec = read_experiment(path, known, shipped_evidence);
    check_arms(spec, path);  // as `desist check` does
  } catch (const Failure& failure) {
    std::string message = failure.what();
    for (std::size_t at = message.find(path); at != std::string::npos; at = message.find(path))
      message.replace(at, path.size(), "FILE");
    return {failure.code(), message};
  }
  return {ExitCode::success, ""};
}

class InAFolder : public testing::Test {
 protected:
  InAFolder() : folder_(testing::TempDir() + "reader_errors_" + std::to_string(::getpid())) {
    fs::create_directories(folder_);
    fs::copy(data + "data", folder_ + "/data", fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  }
  ~InAFolder() override { fs::remove_all(folder_); }

  std::pair<ExitCode, std::string> outcome_of(const std::string& text) {
    const std::string path = folder_ + "/x.toml";
    std::ofstream(path, std::ios::binary) << text;
    return outcome(path);
  }

  std::string folder_;
};

struct Case {
  std::string name, file, old, by, says;
};

std::vector<Case> cases() {
  std::vector<Case> all;
  std::istringstream lines(read_file(data + "errors.txt"));
  std::string* part = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("==== ")) {
      const std::size_t colon = line.find(": ");
      all.push_back({line.substr(5, colon - 5), line.substr(colon + 2), "", "", ""});
      part = &all.back().old;
    } else if (line == "---- by") {
      part = &all.back().by;
    } else if (line == "---- says") {
      part = &all.back().says;
    } else if (part) {
      *part += line + '\n';
    }
  }
  for (Case& each : all) {  // the line end before a mark is the mark's
    for (std::string* text : {&each.old, &each.by}) text->pop_back();
    while (each.says.ends_with('\n')) each.says.pop_back();
  }
  return all;
}

using Messages = InAFolder;

TEST_F(Messages, TheFilesThatAreSpoiltAreSound) {
  EXPECT_EQ(outcome(data + "projection.toml").second, "");
  EXPECT_EQ(outcome(data + "forecast.toml").second, "");
  EXPECT_EQ(outcome(data + "targets.toml").second, "");
  EXPECT_EQ(outcome(data + "placebo.toml").second, "");
  EXPECT_EQ(outcome(data + "study.toml").second, "");
  EXPECT_EQ(outcome(data + "people.toml").second, "");
  EXPECT_EQ(outcome(data + "funnel.toml").second, "");
  EXPECT_EQ(outcome(data + "lives.toml").second, "");
  EXPECT_EQ(outcome(data + "trials.toml").second, "");
}

TEST_F(Messages, AreAsWritten) {
  const std::vector<Case> all = cases();
  ASSERT_GT(all.size(), 60u);
  for (const Case& each : all) {
    SCOPED_TRACE(each.name);
    auto [code, message] = outcome_of(replaced(read_file(data + each.file + ".toml"), each.old, each.by));
    EXPECT_EQ(code, ExitCode::invalid_experiment);
    for (std::size_t at = message.find(folder_ + "/"); at != std::string::npos; at = message.find(folder_ + "/"))
      message.erase(at, folder_.size() + 1);
    EXPECT_EQ(message, each.says);
  }
}

TEST_F(Messages, AreIndependentOfLineEndsAndAByteOrderMark) {
  std::string text = replaced(read_file(data + "projection.toml"), "draws = 1000", "draw  = 1000");
  const std::string message = outcome_of(text).second;
  EXPECT_EQ(outcome_of("\xEF\xBB\xBF" + text).second, message);
  std::string windows;
  for (const char c : text) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  EXPECT_EQ(outcome_of(windows).second, message);
}

TEST_F(Messages, OfManyProblemsNameThemAll) {
  std::string text = read_file(data + "projection.toml");
  text = replaced(text, "draws = 1000", "draw  = 1000");
  text = replaced(text, "\"9153 cases per year\"", "\"9153 weeks\"");
  text = replaced(text, "\"fan\"", "\"fam\"");
  const std::string message = outcome_of(text).second;
  EXPECT_EQ(message, R"(FILE:11:30: error: '9153 weeks' measures time, not cases per unit of time
   11 | hearings         = { value = "9153 weeks", evidence = "marac.cases" }
      |                              ^^^^^^^^^^^^
  write it like "8 cases per year"

FILE:39:20: error: 'draw' can't be 'fam'
   39 | waiting = { draw = "fam" }
      |                    ^^^^^
  did you mean 'fan'?

FILE:43:1: error: unknown key 'draw' in [plan] (it would change nothing)
   43 | draw  = 1000
      | ^^^^
  did you mean 'draws'?

3 problems; nothing was run.)");
}

// Money and offences are of the same years.
TEST_F(Messages, OfAnAppraisalOfFewerYearsThanAreCounted) {
  const std::string text = read_file(fs::path(shipped_evidence).parent_path() / "new-chance-value.toml");
  EXPECT_EQ(outcome_of(text).second, "");
  EXPECT_EQ(
      outcome_of(replaced(text, "years          = 3", "years          = 2")).second,
      R"(FILE:120:13: error: 'offences_by_year' has 3 years, and the appraisal 2 (what is paid in the years that are left out would count, and what happens in them would not)
  120 | quantity = "offences_by_year"
      |             ^^^^^^^^^^^^^^^^
  write years = 3 in [appraisal], or name fewer years in [parameters] and end with them)");
}

// A multiplier has no unit: it feeds a parameter without one, not a time.
TEST_F(Messages, OfAPosteriorThatFeedsAnotherKindOfNumber) {
  const fs::path shipped = fs::path(shipped_evidence).parent_path();
  fs::copy(shipped / "cara.toml", folder_ + "/cara.toml");
  const std::string text = read_file(shipped / "cara-careers.toml");
  EXPECT_EQ(outcome_of(text).second, "");
  const std::string sets = "{ rate_effect = \"multiplier\" }";
  EXPECT_EQ(
      outcome_of(replaced(text, sets, "{ rate_effect = \"multiplier\", wait = \"multiplier\" }")).second,
      R"(FILE:52:47: error: 'wait' is neither a share nor a plain number (a study's posterior holds risks and ratios)
   52 | sets          = { rate_effect = "multiplier", wait = "multiplier" }
      |                                               ^^^^
  take it out of `sets`)");
  EXPECT_EQ(
      outcome_of(replaced(text, sets, "{ rate_effect = \"all\" }")).second,
      R"(FILE:52:33: error: 'all' of 'cara/reoffended/multiplier' is a share ('rate_effect' is a ratio or a coefficient)
   52 | sets          = { rate_effect = "all" }
      |                                 ^^^^^
  a risk ratio is no rate ratio (mathematics.md 3.3): name a column of the same kind)");
}

// --- files that are no experiment ---

using Files = InAFolder;
using Outcome = std::pair<ExitCode, std::string>;

TEST_F(Files, Missing) {
  EXPECT_EQ(
      outcome(folder_ + "/nowhere.toml"),
      Outcome(ExitCode::usage, "FILE: error: no such file\n  `desist list experiments` names those that are shipped"));
}

TEST_F(Files, Directory) {
  EXPECT_EQ(outcome(folder_),
            Outcome(ExitCode::usage,
                    "FILE: error: is a directory, not an experiment file\n  name one of the .toml files in it"));
}

TEST_F(Files, PipesAndDevicesDoNotHang) {
  const std::string message =
      "FILE: error: is a pipe or a device, not a file\n  save the experiment as a .toml file and name that";
  const std::string pipe = folder_ + "/pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(outcome(pipe), Outcome(ExitCode::usage, message));
  EXPECT_EQ(outcome("/dev/zero"), Outcome(ExitCode::usage, message));
}

TEST_F(Files, LoopOfLinks) {
  const std::string path = folder_ + "/loop";
  fs::create_symlink("loop", path);
  EXPECT_EQ(outcome(path), Outcome(ExitCode::usage, "FILE: error: can't be read: Too many levels of symbolic links"));
}

TEST_F(Files, NoPermission) {
  const std::string path = folder_ + "/secret.toml";
  std::ofstream(path) << read_file(data + "study.toml");
  fs::permissions(path, fs::perms::none);
  if (::geteuid() == 0) {
    if (::seteuid(65534) != 0) GTEST_SKIP() << "root here, who may read everything";
    fs::path open = folder_;
    const Outcome result = outcome(path);
    ASSERT_EQ(::seteuid(0), 0);
    if (result.second.find("Permission denied") == std::string::npos)
      GTEST_SKIP() << "the folder itself is closed to others";
    EXPECT_EQ(result, Outcome(ExitCode::usage, "FILE: error: can't be read: Permission denied"));
    return;
  }
  EXPECT_EQ(outcome(path), Outcome(ExitCode::usage, "FILE: error: can't be read: Permission denied"));
}

TEST_F(Files, OfAGigabyte) {
  const std::string path = folder_ + "/large.toml";
  std::ofstream(path) << "a = 1\n";
  fs::resize_file(path, 1u << 30);  // a hole: takes no room
  EXPECT_EQ(outcome(path), Outcome(ExitCode::invalid_experiment,
                                   "FILE: error: is too large for an experiment: 1024 MB, and 1 MB is the most\n  an "
                                   "experiment is a short text; data belong in files of their own"));
}

TEST_F(Files, Empty) {
  const Outcome empty(
      ExitCode::invalid_experiment,
      "FILE: error: is empty\n  `desist new conference` or `desist new study` prints one to begin with");
  EXPECT_EQ(outcome_of(""), empty);
  EXPECT_EQ(outcome_of("\n  \n"), empty);
}

TEST_F(Files, Binary) {
  EXPECT_EQ(outcome_of(std::string("PK\x03\x04\0\0", 6)),
            Outcome(ExitCode::invalid_experiment,
                    "FILE: error: is a binary file, not a text\n  an experiment is a plain text file"));
}

TEST_F(Files, InAnotherEncoding) {
  EXPECT_EQ(outcome_of(std::string("\xFF\xFE[\0", 4)),
            Outcome(ExitCode::invalid_experiment,
                    "FILE: error: is UTF-16, not UTF-8\n  save it again from the editor with the encoding UTF-8"));
  EXPECT_EQ(outcome_of("[experiment]\nname = \"caf\xE9\"\n"),
            Outcome(ExitCode::invalid_experiment,
                    "FILE:2:12: error: a byte that is not UTF-8\n    2 | name = \"caf?\"\n      |            ^\n  save "
                    "the file again from the editor with the encoding UTF-8"));
}

TEST_F(Files, NestedTooDeep) {
  const auto many = [](int times, const char* text) {
    std::string all;
    for (int i = 0; i < times; ++i) all += text;
    return all;
  };
  const std::vector<std::pair<std::string, std::string>> cases{
      {"a = " + many(100'000, "["), "FILE:1:100004: error: nested 100001 deep"},
      {"a = " + many(100'000, "{"), "FILE:1:100004: error: nested 100001 deep"},
      {"a" + many(100'000, ".a") + " = 1", "FILE:1:1: error: nested 100001 deep"},
      {"[a" + many(100'000, ".a") + "]", "FILE:1:2: error: nested 100001 deep"},
      {"a = " + many(30'000, "{a="), "FILE:1:90003: error: nested 30002 deep"}};
  for (const auto& [text, said] : cases) {
    const Outcome result = outcome_of(text);
    EXPECT_EQ(result.first, ExitCode::invalid_experiment);
    EXPECT_EQ(result.second.substr(0, result.second.find('\n')), said + " (32 levels are the most)");
    EXPECT_EQ(result.second.substr(result.second.rfind('\n') + 1),
              "  an experiment needs five levels; is this the right file?");
  }
}

TEST_F(Files, WrongEverywhereIsSaidInTime) {
  std::string text = read_file(data + "projection.toml");
  for (int i = 0; text.size() < 1'000'000; ++i) text += "k" + std::to_string(i) + " = 1.5\n";
  const Outcome result = outcome_of(text);
  EXPECT_EQ(result.first, ExitCode::invalid_experiment);
  EXPECT_THAT(result.second, testing::EndsWith("500 problems, of which the first 100 are shown; nothing was run."));
}

// --- tables of evidence ---

using Evidence = InAFolder;

using WithoutData = InAFolder;

TEST_F(WithoutData, NumbersHaveASource) {
  const std::string file = R"([experiment]
name     = "panels"
question = "What can a panel see?"

[[analysis]]
name     = "year"
method   = "audit_sample"
cases    = 14740
reviewed = 84
share    = 0.05

[plan]
seed = 1
)";
  EXPECT_EQ(outcome_of(file).second,
            R"(FILE:5:1: error: 'year' doesn't say where its numbers come from (every figure has a source)
    5 | [[analysis]]
      | ^^^^^^^^^^^^
  add evidence = ["id"], assumption = "..." or choice = "...")");
  EXPECT_EQ(outcome_of(replaced(file, "share    =", "choice = \"Ours to ask.\"\nshare =")).second, "");
}

// Counts of an analysis against the rows that print them: as they stand, or as the sum of a list.
TEST_F(WithoutData, CopiedNumbersAreThoseOfTheirEvidence) {
  const std::string file = R"([experiment]
name     = "stays"
question = "How long is a stay?"

[[analysis]]
name       = "stays"
method     = "stay_snapshot"
limits     = [26, 52]
present    = [77, 23, 15]
spread     = [1]
evidence   = ["kennels.dogs", "kennels.6m", "kennels.12m"]
assumption = "Six months are 26 weeks."

[plan]
seed = 1
)";
  EXPECT_EQ(outcome_of(file).second, "");
  EXPECT_EQ(
      outcome_of(replaced(file, "[77, 23, 15]", "[77, 22, 16]")).second,
      R"(FILE:11:1: error: 'stays' is not what its evidence prints (kennels.12m prints "15 have been", which is none of its numbers)
   11 | evidence   = ["kennels.dogs", "kennels.6m", "kennels.12m"]
      | ^^^^^^^^
  copy the figures as printed, or take a row out whose figure doesn't stand here; numbers of yours take the place of evidence by assumption = "why" or choice = "why")");
  // Worked out from its rows: nothing is copied.
  EXPECT_EQ(outcome_of(replaced(file, "[77, 23, 15]", "[78, 24, 16]")).second, "");
}

TEST_F(Evidence, BesideTheFilePrevailsAndIsChecked) {
  fs::create_directories(folder_ + "/evidence");
  const std::string csv = folder_ + "/evidence/mine.csv";
  const std::string study = replaced(read_file(data + "study.toml"), "cara.12m.control.n", "mine.n");
  std::ofstream(csv) << "id,quantity,value,unit\nmine.n,people,49,persons\n";
  EXPECT_EQ(outcome_of(study).second, "");
  std::ofstream(csv) << "id,quantity,value,unit\nmine.n,people,48,persons\n";
  EXPECT_EQ(outcome_of(study).second, R"(FILE:12:22: error: '49' is not what its evidence prints (mine.n prints "48")
   12 | people = { printed = "49", evidence = "mine.n" }
      |                      ^^^^
  copy the figure as printed, or name the row that prints it; a figure of yours takes the place of evidence by choice = "why" if it is yours to decide, or by range = "... to ..." and assumption = "why" if it is printed nowhere)");
  std::ofstream(csv) << "id,quantity,value,unit\nmine.n,people,49,persons\nmine.n,people,49,persons\n";
  EXPECT_EQ(outcome_of(study).second,
            csv +
                ":3:1: error: evidence id 'mine.n' is given twice\n    3 | mine.n,people,49,persons\n      | ^^^^^^\n" +
                csv +
                ":2:1: note: first given here\n    2 | mine.n,people,49,persons\n      | ^^^^^^\n  give each row an id "
                "of its own");
  std::ofstream(csv) << "id,value\nmine.n,49\n";
  EXPECT_EQ(outcome_of(study).second,
            csv +
                ":1:1: error: no column 'quantity' in this table of evidence\n    1 | id,value\n      | ^\n"
                "  it needs the columns id, quantity, value and unit");
  std::ofstream(csv) << "id,quantity,value,unit\nmine.n,people,49\n";
  EXPECT_EQ(outcome_of(study).second,
            csv +
                ":2:1: error: this row has 3 cells, and the header 4\n    2 | mine.n,people,49\n      | ^\n"
                "  put a text that holds the mark between cells into quotes");
}

}  // namespace
}  // namespace desist
