// Appraisals that stand on a model: its outcomes and its parameters in money, and the luck that arms share.
#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/program/appraisal_file.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::Appraisals;
using tests::data_folder;

TEST_F(Appraisals, StandOnTheOutcomesOfAModel) {
  std::string text = tests::read_file(data_folder + "projection.toml");
  text.replace(text.find("[[arm]]"), 7, R"([appraisal]
years          = 1
evidence_years = 1
prices         = "2024/25"
[inputs]
case_cost = { value = "£500 per case", prices = "2024/25", choice = "An example." }
extra     = { value = "£0 per year", prices = "2024/25", choice = "Nothing." }
[[flow]]
name     = "waiting"
bearer   = "councils"
kind     = "economic"
is       = "cost"
quantity = "backlog_end"
each     = "case_cost"
[[flow]]
name     = "meetings"
bearer   = "councils"
kind     = "fiscal"
is       = "programme cost"
quantity = "1"
each     = "extra"
bias_in_law = "An example."
[[arm]])");
  text.replace(text.find("choice = \"A lever.\""), 19,
               "choice = \"A lever.\"\n[arm.set.extra]\nvalue = \"£20,000 per year\"\nprices = \"2024/25\"\nchoice = "
               "\"Costs.\"");
  ASSERT_EQ(problems(text), "");
  const ExperimentSpec spec = read(text);
  EXPECT_EQ(spec.text.kind(), ReportInput::Kind::projection);
  ASSERT_EQ(spec.appraisal->outcomes.size(), 1u);
  const AppraisalOutcome& outcome = spec.appraisal->outcomes[0];
  EXPECT_EQ(outcome.slots.size(), 1u);
  EXPECT_EQ(spec.model->outcomes[outcome_slots(*spec.model, spec.arms[0].layout)[outcome.slots[0]].field].name,
            "backlog_end");
  EXPECT_NE(input(spec, "extra").slots[0], input(spec, "extra").slots[1]);
  EXPECT_EQ(spec.text.arms[1].in_words, "hearings 400 cases per week; extra £20,000 per year");
  EXPECT_EQ(spec.appraisal->from.iso(), "2024-01-01");
}

// A clinic whose hearings cost money, with one input that is the model's own parameter.
std::string clinic_that_costs(const std::string& input) {
  std::string text = tests::read_file(data_folder + "projection.toml");
  text.replace(text.find("[[arm]]"), 7, R"([appraisal]
years          = 1
evidence_years = 1
prices         = "2024/25"
[inputs]
)" + input + R"(
hearing_cost = { value = "£100 per case", prices = "2024/25", choice = "An example." }
[[flow]]
name     = "hearings"
bearer   = "councils"
kind     = "fiscal"
is       = "programme cost"
quantity = "heard"
each     = "hearing_cost"
bias_in_law = "An example."
[[arm]])");
  return text;
}

TEST_F(Appraisals, TakeAParameterOfTheModelByItsName) {
  const ExperimentSpec spec = read(clinic_that_costs("heard = { parameter = \"hearings\" }"));
  const AppraisalInput& heard = input(spec, "heard");
  const auto at = std::find_if(spec.model->parameters.begin(), spec.model->parameters.end(),
                               [](const ParameterField& field) { return field.name == "hearings"; });
  const auto field = static_cast<std::size_t>(at - spec.model->parameters.begin());
  for (std::size_t arm = 0; arm < 2; ++arm)
    EXPECT_EQ(heard.slots.at(arm), spec.arms[arm].layout.fields[field].pieces.front().slot);
  EXPECT_NE(heard.slots[0], heard.slots[1]);   // the second arm has hearings of its own
  EXPECT_NEAR(heard.factor, 365.0 / 7, 1e-9);  // to cases a year
  EXPECT_EQ(heard.unit, "cases per year");
}

TEST_F(Appraisals, SayWhatAParameterCannotBe) {
  EXPECT_EQ(problems(clinic_that_costs("heard = { parameter = \"hearing\" }")),
            "x.toml:23:23: error: no number of the model is called 'hearing'\n"
            "   23 | heard = { parameter = \"hearing\" }\n"
            "      |                       ^^^^^^^^^\n"
            "  did you mean 'hearings'?");
  EXPECT_EQ(problems(clinic_that_costs("heard = { parameter = \"hearings\", choice = \"Ours.\" }")),
            "x.toml:23:35: error: 'heard' has choice and parameter (the model's parameter is the figure, with its "
            "source)\n"
            "   23 | heard = { parameter = \"hearings\", choice = \"Ours.\" }\n"
            "      |                                   ^^^^^^\n"
            "x.toml:23:23: note: the parameter is here\n"
            "   23 | heard = { parameter = \"hearings\", choice = \"Ours.\" }\n"
            "      |                       ^^^^^^^^^^\n"
            "  keep one");
  std::string text = clinic_that_costs("heard = { parameter = \"referrals\" }");
  const std::string now = "referrals        = { range = \"100 to 120 cases per week\", assumption = \"Not printed.\" }";
  text.replace(text.find(now), now.size(),
               "referrals = [{ value = \"100 cases per week\", choice = \"Now.\" }, { value = \"200 cases per week\", "
               "from = 2024-06-01, choice = \"Later.\" }]");
  EXPECT_THAT(problems(text),
              HasSubstr("'referrals' has several values at once (it changes in time or differs by item, "
                        "and a formula takes one number)"));
}

// What an arm gives as a range of its own is the same unknown as the base's: a draw is at the same place of both.
TEST_F(Appraisals, ArmsShareTheLuckOfTheBase) {
  const std::string set = "reach = { value = \"100%\", choice = \"All who are suitable.\" }";
  const std::string own = set + "\neach = { range = \"2 to 3 offences per person\", assumption = \"More.\" }";
  const ExperimentSpec spec = read(with(set, own));
  const auto& slots = input(spec, "each").slots;
  ASSERT_NE(slots[0], slots[1]);
  ASSERT_EQ(spec.correlations.size(), 1u);
  EXPECT_THAT(spec.correlations[0].parameters, ElementsAre(slots[0], slots[1]));
  EXPECT_THAT(spec.correlations[0].matrix, ElementsAre(1, 1, 1, 1));
  std::vector<Parameter> alone = spec.parameters;
  const ParameterDraws draws({alone[slots[0]], alone[slots[1]]}, {{{0, 1}, {1, 1, 1, 1}}}, {}, 3);
  for (std::uint64_t draw = 0; draw < 20; ++draw) {
    const std::vector<double> row = draws.row(draw);
    EXPECT_NEAR((row[0] - 1) / 1.9, row[1] - 2, 1e-9);  // the place within 1 to 2.9, and within 2 to 3
  }
  const std::string declared =
      own + "\n[[correlation]]\nparameters = [\"each\", \"course.each\"]\nvalue = \"0.5\"\nchoice = \"Loosely.\"";
  EXPECT_THAT(read(with(set, declared)).correlations[0].matrix, ElementsAre(1, 0.5, 0.5, 1));
}

// Targets inform some figures, whose place in the base's range a draw of their posterior no longer says; the others
// share their luck as ever.
TEST_F(Appraisals, ArmsShareTheLuckOfWhatNoTargetInforms) {
  std::string text = tests::read_file(data_folder + "targets.toml");
  const std::string set = "[arm.set.hearings]";
  text.replace(text.find(set), set.size(),
               "[arm.set.starting_backlog]\nrange = \"3 to 13 weeks\"\nassumption = \"Not printed.\"\n" + set);
  EXPECT_EQ(read(text).correlations.size(), 1u);  // the file's own alone: the base's backlog is informed
  const std::string particles = "particles = 200";
  text.replace(text.find(particles), particles.size(), particles + "\ninform = [\"referrals\", \"growth\"]");
  const std::string drawn = "\"starting_backlog\"] }";  // of the ridge: informed figures alone
  text.replace(text.find(drawn), drawn.size(), "\"growth\"] }");
  const ExperimentSpec spec = read(text);
  ASSERT_EQ(spec.correlations.size(), 2u);
  const std::vector<std::size_t>& shared = spec.correlations[1].parameters;
  EXPECT_EQ(spec.parameters[shared.at(0)].name, "starting_backlog");
  EXPECT_EQ(spec.parameters[shared.at(1)].name, "more.starting_backlog");
  EXPECT_THAT(spec.correlations[1].matrix, ElementsAre(1, 1, 1, 1));
}

}  // namespace
}  // namespace desist
