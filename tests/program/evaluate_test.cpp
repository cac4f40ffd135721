// A first look without an experiment file: the file it proposes can be read and analyses what the words say.
#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/diagnostics.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/evaluate_command.hpp"
#include "engine/program/experiment_spec.hpp"
#include "models/catalogue.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

EvaluateOptions options(const std::function<void(EvaluateOptions&)>& change) {
  EvaluateOptions asked;
  asked.file = std::string(DESIST_TEST_DATA) + "/reference/04_survival/rossi.csv";
  asked.arm = "fin";
  change(asked);
  return asked;
}

std::vector<std::string> methods(const PersonStudy& study) {
  std::vector<std::string> all;
  for (const Analysis& each : study.analyses) all.push_back(each.method);
  return all;
}

TEST(evaluate_test, what_is_proposed_can_be_read_and_analysed) {
  const Catalogue known{catalogue()};
  const struct {
    EvaluateOptions asked;
    std::vector<std::string> methods;
  } cases[] = {
      {options([](EvaluateOptions& o) { o.yes_no = "arrest"; }), {"risks"}},
      {options([](EvaluateOptions& o) {
         o.yes_no = "arrest";
         o.adjust = {"age", "prio"};
       }),
       {"risks", "standardised_risk"}},
      {options([](EvaluateOptions& o) {
         o.yes_no = "arrest";
         o.cluster = "educ";
         o.randomised = true;
       }),
       {"risks", "standardised_risk"}},
      {options([](EvaluateOptions& o) {
         o.count = "prio";
         o.exposure = "week";
         o.cluster = "educ";
       }),
       {"rates", "negative_binomial"}},
      {options([](EvaluateOptions& o) {
         o.time = "week";
         o.event = "arrest";
         o.adjust = {"age"};
         o.cluster = "educ";
       }),
       {"kaplan_meier", "log_rank", "cox"}},
  };
  for (const auto& each : cases) {
    const ProposedExperiment proposed = propose_experiment(each.asked);
    SCOPED_TRACE(proposed.text);
    EXPECT_FALSE(proposed.reasons.empty());
    const ExperimentSpec spec = read_experiment_text(proposed.text, known);
    ASSERT_TRUE(spec.people);
    EXPECT_EQ(methods(*spec.people), each.methods);
    EXPECT_EQ(spec.people->people.rows, 432U);
    EXPECT_EQ(spec.people->design == Design::randomised, each.asked.randomised);
    EXPECT_EQ(spec.people->analyses.back().list("adjust"), each.asked.adjust);
    if (!each.asked.cluster.empty()) {
      EXPECT_THAT(spec.people->analyses.back().list("cluster"), ElementsAre("educ"));
    }
    for (const AnalysisResult& result : evaluate_people(*spec.people, 1).analyses)
      EXPECT_EQ(result.refused, "") << result.method;
  }
}

TEST(evaluate_test, words_that_can_not_be_followed_are_refused) {
  const struct {
    EvaluateOptions asked;
    const char* says;
  } cases[] = {
      {options([](EvaluateOptions&) {}), "no outcome is named"},
      {options([](EvaluateOptions& o) { o.yes_no = "arest"; }), "did you mean 'arrest'?"},
      {options([](EvaluateOptions& o) { o.time = "week"; }), "--time stands without --event"},
      {options([](EvaluateOptions& o) {
         o.yes_no = "arrest";
         o.exposure = "week";
       }),
       "--exposure stands without --count"},
      {options([](EvaluateOptions& o) { o.file = "/nowhere/people.csv"; }), "/nowhere/people.csv"},
  };
  for (const auto& each : cases) {
    try {
      propose_experiment(each.asked);
      ADD_FAILURE() << "accepted, though " << each.says;
    } catch (const Failure& failure) {
      EXPECT_THAT(failure.what(), HasSubstr(each.says));
    }
  }
}

}  // namespace
}  // namespace desist
