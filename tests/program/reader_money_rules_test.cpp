// What an appraisal warns of before it is run, on experiments that ship.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> warnings_of(const std::string& course) {
  const fs::path folder = testing::TempDir() + "money_rules_" + std::to_string(::getpid());
  fs::create_directories(folder);
  fs::copy(shipped + "/arv-12-months.toml", folder, fs::copy_options::overwrite_existing);
  std::string text = tests::read_file(shipped + "/arv-value.toml");
  const std::string everyone = "course = \"all\"";
  text.replace(text.find(everyone), everyone.size(), course);
  std::ofstream(folder / "x.toml", std::ios::binary) << text;
  const ExperimentSpec spec = read_experiment((folder / "x.toml").string(), known, shipped_evidence);
  fs::remove_all(folder);
  std::vector<std::string> all;
  for (const AppraisalWarning& each : spec.appraisal->warnings) all.push_back(each.rule + ": " + each.text);
  return all;
}

TEST(MoneyRules, WarnWhereCompletersStandForEveryone) {
  const auto about_some = testing::StartsWith("some stand for everyone: ");
  EXPECT_THAT(warnings_of("course = \"all\""), testing::Not(testing::Contains(about_some)));
  EXPECT_THAT(warnings_of("course = \"completed\""),
              testing::Contains("some stand for everyone: Reoffending of those sent: of those who "
                                "completed alone, which is no effect of being sent: 'all' in `sets` is everyone"));
}

}  // namespace
}  // namespace desist
