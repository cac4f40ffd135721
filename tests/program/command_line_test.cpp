// What people type, and what it ends with.
#include "engine/program/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "models/catalogue.hpp"

namespace desist {
namespace {

using testing::HasSubstr;

struct Said {
  int code = 0;
  std::string out, error;
};

Said said(std::vector<const char*> words) {
  static const Catalogue known{catalogue()};
  words.insert(words.begin(), "desist");
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Said result;
  result.code = run_command_line(static_cast<int>(words.size()), words.data(), known);
  std::fflush(stdout);
  result.error = testing::internal::GetCapturedStderr();
  result.out = testing::internal::GetCapturedStdout();
  return result;
}

const std::string experiments = std::string(DESIST_SOURCE_DIR) + "/experiments/";

TEST(CommandLine, WrongUsageIsTwo) {
  EXPECT_EQ(said({"rnu", "x.toml"}).error, "desist: unknown command 'rnu'\n  did you mean 'run'?\n");
  EXPECT_EQ(said({"rnu"}).code, 2);
  EXPECT_EQ(said({"x.toml"}).error, "desist: unknown command 'x.toml'\n  to run it: desist run x.toml\n");
  EXPECT_EQ(said({"dance"}).error,
            "desist: unknown command 'dance'\n  it is one of run, evaluate, check, new, list, schema or replay\n");
  EXPECT_EQ(said({}).code, 2);
  EXPECT_EQ(said({"run"}).code, 2);
  EXPECT_EQ(said({"run"}).error, "desist: FILE is required\n  `desist --help` says what there is\n");
  EXPECT_EQ(said({"run", "x.toml", "--threads", "0"}).code, 2);
  EXPECT_EQ(said({"run", "x.toml", "--thread", "2"}).code, 2);
  EXPECT_EQ(said({"replay", "x.toml", "--draw", "-1", "--arm", "a", "--replicate", "0"}).code, 2);
  EXPECT_EQ(said({"new", "studdy"}).error,
            "desist: no kind of experiment is called 'studdy'\n  did you mean 'study'?\n");
  EXPECT_EQ(said({"new"}).error,
            "desist: `desist new` needs to know what for\n  write one of appraisal, caseload, casework, cohort, "
            "cohort_caseload, "
            "conference, course, cover, forecast, funnel, orders, pathway, people, places or study behind it\n");
  EXPECT_EQ(said({"new"}).code, 2);
  EXPECT_EQ(said({"list", "model"}).error, "desist: nothing to list is called 'model'\n  did you mean 'models'?\n");
  EXPECT_EQ(said({"list", "model"}).code, 2);
}

TEST(CommandLine, AFileThatIsNotThereIsTwoAndOneThatIsWrongThree) {
  const Said missing = said({"check", "nowhere.toml"});
  EXPECT_EQ(missing.code, 2);
  EXPECT_EQ(missing.error,
            "nowhere.toml: error: no such file\n  `desist list experiments` names those that are shipped\n");
  EXPECT_EQ(missing.out, "");
  const std::string csv = experiments + "evidence/seeds.csv";
  EXPECT_EQ(said({"check", csv.c_str()}).code, 3);
}

TEST(CommandLine, HelpAndVersionAreAnswers) {
  const Said version = said({"--version"});
  EXPECT_EQ(version.code, 0);
  for (const char* fact : {"desist ", "commit ", "compiler ", "stream contract ", "maths library "})
    EXPECT_THAT(version.out, HasSubstr(fact));
  const Said help = said({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const char* command : {"run", "check", "new", "list", "schema", "replay"})
    EXPECT_THAT(help.out, HasSubstr(command));
}

TEST(CommandLine, ChecksListsAndPrints) {
  const std::string marac = experiments + "marac-backlog.toml";
  const Said check = said({"check", marac.c_str()});
  EXPECT_EQ(check.code, 0);
  EXPECT_THAT(check.out, HasSubstr("nothing wrong"));
  EXPECT_EQ(check.error, "");
  EXPECT_THAT(said({"list", "experiments"}).out, HasSubstr("marac-backlog.toml"));
  EXPECT_THAT(said({"new", "study"}).out, HasSubstr("[[group]]"));
  EXPECT_THAT(said({"schema"}).out, HasSubstr("\"definitions\""));
}

TEST(CommandLine, AReplicateRunsAgainAlone) {
  const std::string marac = experiments + "marac-backlog.toml";
  const Said once = said({"replay", marac.c_str(), "--draw", "3", "--arm", "as_it_was", "--replicate", "1"});
  EXPECT_EQ(once.code, 0);
  EXPECT_THAT(once.out, HasSubstr("parameter,referrals"));
  EXPECT_EQ(said({"replay", marac.c_str(), "--draw", "3", "--arm", "as_it_was", "--replicate", "1"}).out, once.out);
  EXPECT_EQ(said({"replay", marac.c_str(), "--draw", "3", "--arm", "as_it_is", "--replicate", "1"}).code, 2);
}

}  // namespace
}  // namespace desist
