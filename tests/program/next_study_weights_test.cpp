// What the shipped file says of other weights of what is known already is what the engine finds with them.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"

namespace desist {
namespace {

/// Known of those not sent and of those sent: so many, of so many people.
std::vector<StudyValue> studies_where_known(const CountLaw& control, const CountLaw& course, ExperimentSpec& spec) {
  for (Parameter& parameter : spec.parameters) {
    if (parameter.name == "control") parameter.law = control;
    if (parameter.name == "course") parameter.law = course;
  }
  spec.appraisal->arm_names.clear();
  for (const Arm& arm : spec.arms) spec.appraisal->arm_names.push_back(arm.name);
  const ParameterDraws draws(spec.parameters, spec.correlations, {}, spec.plan.seed);
  return appraise(*spec.appraisal, draws, OutcomeTable(), spec.plan.draws).information->studies;
}

const StudyValue& best_of(const std::vector<StudyValue>& studies, const ExperimentSpec& spec, const std::string& name) {
  return *std::find_if(studies.begin(), studies.end(), [&](const StudyValue& each) {
    return each.is_best && spec.appraisal->studies[each.study].name == name;
  });
}

bool is_said(const ExperimentSpec& spec, const std::string& words) {
  return std::any_of(spec.text.cannot.begin(), spec.text.cannot.end(),
                     [&](const std::string& each) { return each.find(words) != std::string::npos; });
}

TEST(NextStudyWeights, OfTheMatchedStudyGiveWhatTheFileSays) {
  ExperimentSpec spec = read_experiment(shipped + "/cara-next-trial-worth-it.toml", known, shipped_evidence);
  // Southampton alone at half its weight: 14 of 70, and 35 in 100 fewer of 77.
  const std::vector<StudyValue> alone = studies_where_known({14, 70}, {10, 77}, spec);
  const StudyValue& seven = best_of(alone, spec, "trial_seven");
  EXPECT_EQ(seven.size, 500);
  EXPECT_NEAR(seven.net, 690000, 5000);
  EXPECT_TRUE(is_said(spec, "Left out, a trial of 500 people in seven forces is worth £690,000 net"));
  for (const StudyValue& each : alone) EXPECT_LE(each.net, seven.net);
  // The matched study as much as that again.
  for (const StudyValue& each : studies_where_known({28, 139}, {20, 154}, spec)) EXPECT_LT(each.net, 0);
  EXPECT_TRUE(is_said(spec, "as much as the trial, no study is worth its cost."));
}

}  // namespace
}  // namespace desist
