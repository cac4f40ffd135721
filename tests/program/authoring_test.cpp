// What helps to write a file: every printed file is sound, every list is whole, every shipped file is sound.
#include "engine/program/authoring.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/program/grammar.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

using testing::HasSubstr;

std::string problems_of(const std::string& path) {
  try {
    read_experiment(path, known, shipped + "/evidence");
    return "";
  } catch (const Failure& failure) {
    return failure.what();
  }
}

TEST(Authoring, EveryShippedExperimentIsSound) {
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(shipped)) {
    if (entry.path().extension() != ".toml") continue;
    ++files;
    EXPECT_EQ(problems_of(entry.path().string()), "");
  }
  EXPECT_GE(files, 6);
}

TEST(Authoring, EveryNewExperimentIsSound) {
  std::filesystem::create_directories(testing::TempDir() + "data");
  std::ofstream(testing::TempDir() + "data/people.csv") << "sent,age,reoffended,days\nyes,30,no,365\nno,25,yes,40\n";
  for (const std::string& kind : experiment_kinds(known)) {
    const std::string path = testing::TempDir() + "new_" + kind + ".toml";
    std::ofstream(path) << new_experiment(kind, known);
    EXPECT_EQ(problems_of(path), "") << kind;
  }
}

TEST(Authoring, ANewExperimentExplainsEveryKeyOfItsKind) {
  const std::string study = new_experiment("study", known), projection = new_experiment("conference", known),
                    people = new_experiment("people", known), forecast = new_experiment("forecast", known),
                    funnel = new_experiment("funnel", known), of_people = new_experiment("cohort", known),
                    appraisal = new_experiment("appraisal", known);
  const std::vector<Section> of_money = appraisal_sections();
  for (const Section& each : sections()) {
    if (each.shape == Shape::figures || each.name == "correlation" || each.name == "posterior" ||
        each.name == "benchmarks")
      continue;
    const bool is_of_money = std::any_of(of_money.begin(), of_money.end(),
                                         [&](const Section& s) { return s.name == each.name && s.help == each.help; });
    for (const Key& key : each.keys) {
      if (key.holds == Holds::table) continue;
      if (knows(For::study, each.only) && knows(For::study, key.only)) {
        EXPECT_THAT(study, HasSubstr(std::string(key.help))) << key.name;
      }
      if (knows(For::projection, each.only) && knows(For::projection, key.only)) {
        EXPECT_THAT(each.name == "forecast" ? forecast
                    : each.name == "trial"  ? of_people
                    : is_of_money           ? appraisal
                                            : projection,
                    HasSubstr(std::string(key.help)))
            << key.name;
      }
      if (knows(For::people, each.only) && knows(For::people, key.only)) {
        const bool of_funnel = each.name == "funnel" || each.name == "column" || each.name == "step";
        EXPECT_THAT(of_funnel ? funnel : people, HasSubstr(std::string(key.help))) << key.name;
      }
    }
  }
  for (const ParameterField& field : known.find("conference")->parameters)
    EXPECT_THAT(projection, HasSubstr(field.help));
}

TEST(Authoring, TheManualNamesEveryKeyAsDeclared) {
  const std::string manual = tests::read_file(std::string(DESIST_SOURCE_DIR) + "/docs/experiment-files.md");
  for (const Section& each : sections())
    for (const Key& key : each.keys)
      EXPECT_THAT(manual, HasSubstr("| `" + std::string(key.name) + "` | " + std::string(key.help)));
}

TEST(Authoring, AnUnknownKindIsSaidSo) {
  try {
    new_experiment("studdy", known);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), ExitCode::usage);
    EXPECT_STREQ(failure.what(), "desist: no kind of experiment is called 'studdy'\n  did you mean 'study'?");
  }
}

TEST(Authoring, ListsWhatThereIs) {
  EXPECT_THAT(list_of("models", known, shipped), HasSubstr("conference"));
  EXPECT_THAT(list_of("experiments", known, shipped), HasSubstr("cara.toml"));
  for (const std::string& word : section("figures").keys.front().words)
    EXPECT_THAT(list_of("figures", known, shipped), HasSubstr("  " + word));
  const std::string all = list_of("", known, shipped);
  for (const char* each : {"models:\n", "estimators:\n", "figures:\n", "experiments:\n"})
    EXPECT_THAT(all, HasSubstr(each));
  EXPECT_THAT(all, HasSubstr("      errors = \"model\"  # "));  // an example that is made when the list is
}

TEST(Authoring, ChecksInWords) {
  const std::string words = check_words(read_experiment(shipped + "/marac-backlog.toml", known, shipped + "/evidence"));
  EXPECT_THAT(words, HasSubstr("Window       30 September 2023 to 21 September 2024, 51 weeks\n"));
  EXPECT_THAT(words, HasSubstr("as_it_was: nothing changed (the others are compared with this)\n"));
  EXPECT_THAT(words, HasSubstr("coventry_triage.filtered_out = 49 of 253 referrals: 49 of 253: Beta(49.5, 204.5)\n"));
  EXPECT_THAT(words, HasSubstr("Split        with one replicate a draw, parameters and luck can't be told apart; "));
  EXPECT_THAT(words, HasSubstr("the fewest hearings a week so that clear by 31 March 2024, with a chance of 90%; in "
                               "as_it_was and revised_criteria\n"));
  EXPECT_THAT(check_words(read_experiment(shipped + "/arms-overdue.toml", known, shipped + "/evidence")),
              HasSubstr("Split        the spread of every outcome can be split into parameters and luck\n"));
  EXPECT_THAT(
      check_words(read_experiment(shipped + "/o2r-placebo.toml", known, shipped + "/evidence")),
      HasSubstr("Drawn        within each point, not held at levels: thefts that are linked to the person, weeks "
                "in the programme and quiet rate\n"));
  const std::string study = check_words(read_experiment(shipped + "/cara.toml", known, shipped + "/evidence"));
  EXPECT_THAT(study, HasSubstr("randomised: intention to treat comes first"));
  EXPECT_THAT(study, HasSubstr("none: intervals are computed, not simulated"));
}

}  // namespace
}  // namespace desist
