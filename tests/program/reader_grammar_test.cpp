// What a file may say beyond what the shipped ones do.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "engine/estimation/study_results.hpp"
#include "engine/program/experiment_spec.hpp"
#include "engine/program/reading.hpp"
#include "tests/program/shipped.hpp"
#include "tests/read_file.hpp"

namespace desist {
namespace {

using testing::ElementsAre;

class Grammar : public testing::Test {
 protected:
  Grammar() : folder_(testing::TempDir() + "grammar_" + std::to_string(::getpid())) {
    std::filesystem::create_directories(folder_);
    sound_ = tests::read_file(std::string(DESIST_TEST_DATA) + "/experiments/projection.toml");
  }
  ~Grammar() override { std::filesystem::remove_all(folder_); }

  ExperimentSpec with(const std::string& old, const std::string& by) {
    std::string text = sound_;
    text.replace(text.find(old), old.size(), by);
    std::ofstream(folder_ + "/x.toml") << text;
    try {
      return read_experiment(folder_ + "/x.toml", known, shipped + "/evidence");
    } catch (const Failure& failure) {
      ADD_FAILURE() << failure.what();
      throw;
    }
  }

  /// Takes the need out, which can't be asked of a number that changes later.
  void ask_for_no_level() {
    const std::size_t from = sound_.find("[[need]]");
    sound_.erase(from, sound_.find("[[claim]]") - from);
  }

  static const Parameter& parameter(const ExperimentSpec& spec, const std::string& name) {
    for (const Parameter& each : spec.parameters)
      if (each.name == name) return each;
    throw std::out_of_range(name);
  }
  static const FieldLayout& layout(const ExperimentSpec& spec, std::size_t arm, const std::string& name) {
    for (std::size_t i = 0; i < spec.model->parameters.size(); ++i)
      if (spec.model->parameters[i].name == name) return spec.arms[arm].layout.fields[i];
    throw std::out_of_range(name);
  }

  std::string folder_, sound_;
};

TEST_F(Grammar, AListOfFiguresFollowsEachOther) {
  ask_for_no_level();
  const ExperimentSpec spec = with(R"(hearings         = { value = "9153 cases per year", evidence = "marac.cases" })",
                                   R"(hearings = [{ value = "9153 cases per year", evidence = "marac.cases" },
  { value = "300 cases a week", from = 2024-01-15, choice = "Two weeks in." }])");
  const auto& pieces = layout(spec, 0, "hearings").pieces;
  ASSERT_EQ(pieces.size(), 2u);
  EXPECT_DOUBLE_EQ(pieces[1].from_week, 2);
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "hearings.2").law).value, 300);
  EXPECT_EQ(layout(spec, 1, "hearings").pieces.size(), 1u);  // the arm's value holds always: it replaces both
}

TEST_F(Grammar, AnArmMayStepUpAndDown) {
  ask_for_no_level();
  const ExperimentSpec spec = with("[arm.set.hearings]\nvalue  = \"400 cases per week\"\nchoice = \"A lever.\"",
                                   R"([arm.set]
hearings = [{ value = "100 cases per week", from = 2024-02-05, choice = "A shock." },
            { value = "200 cases per week", from = 2024-04-01, choice = "And back." }])");
  const auto& pieces = layout(spec, 1, "hearings").pieces;
  ASSERT_EQ(pieces.size(), 3u);  // as it is until then
  EXPECT_DOUBLE_EQ(pieces[1].from_week, 5);
  EXPECT_DOUBLE_EQ(pieces[2].from_week, 13);
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "more.hearings").law).value, 100);
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "more.hearings.2").law).value, 200);
  EXPECT_EQ(spec.text.arms[1].in_words,
            "hearings 100 cases per week from 5 February 2024; hearings 200 cases per week from 1 April 2024");
}

TEST_F(Grammar, ALikeliestValueMakesATriangle) {
  const ExperimentSpec spec = with(R"(range = "6 to 8 weeks")", R"(range = "6 to 8 weeks", likely = "7 weeks")");
  const auto law = std::get<TriangularLaw>(parameter(spec, "starting_backlog").law);
  EXPECT_DOUBLE_EQ(law.low, 6);
  EXPECT_DOUBLE_EQ(law.likely, 7);
  EXPECT_DOUBLE_EQ(law.high, 8);
}

TEST_F(Grammar, ItemsHaveNames) {
  const ExperimentSpec spec = with(R"(conferences      = { value = "3 conferences", choice = "An example." })",
                                   R"(conferences = { value = ["North", "South", "Mid"], choice = "x" }
filtered_out = { value = "20%", where = ["Mid", "North"], choice = "x" })");
  EXPECT_THAT(layout(spec, 0, "conferences").items, ElementsAre("North", "South", "Mid"));
  EXPECT_THAT(layout(spec, 0, "filtered_out").pieces.at(0).items, ElementsAre(0, 2));
}

TEST_F(Grammar, DatesMayBeBritishText) {
  const ExperimentSpec spec = with("[2024-06-30]", R"(["30/06/2024", "31/03/2024"])");
  EXPECT_THAT(layout(spec, 0, "clear_dates").dates,
              ElementsAre(Date::from_ymd(2024, 3, 31), Date::from_ymd(2024, 6, 30)));
}

TEST_F(Grammar, WordsMayBeWrittenWithBlanksOrUnderscores) {
  for (const char* word : {"by risk", "by_risk", "By risk"})
    EXPECT_EQ(layout(with("[parameters]\n",
                          "[parameters]\norder = { value = \"" + std::string(word) + "\", choice = \"x\" }\n"),
                     0, "order")
                  .choice,
              1);
}

TEST_F(Grammar, NeedsHaveAnyStep) {
  const ExperimentSpec a_year = with(R"("hearings a week")", R"("hearings per year")");
  EXPECT_DOUBLE_EQ(a_year.needs.at(0).per_unit, 7.0 / 365);  // a case a year is 7/365 cases a week
  EXPECT_NEAR(a_year.needs.at(0).present, 9153, 1e-6);
  const ExperimentSpec share = with(R"("hearings a week")", R"("filtered out in 100")");
  EXPECT_DOUBLE_EQ(share.needs.at(0).per_unit, 0.01);
  EXPECT_DOUBLE_EQ(share.needs.at(0).most, 100);
  EXPECT_FALSE(share.needs.at(0).present_is_known);  // switched off: no figure of the file
}

TEST_F(Grammar, NeedsLookForEitherEnd) {
  const Need usual = with("draws = 1000", "draws = 1000").needs.at(0);
  EXPECT_EQ(usual.look_for, Need::Extreme::least);
  EXPECT_EQ(usual.first_look, 128u);
  EXPECT_EQ(usual.step, 1);
  EXPECT_TRUE(usual.present_is_known);
  EXPECT_FALSE(with("evidence = \"marac.cases\"", "choice = \"Ours.\"").needs.at(0).present_is_known);
  const ExperimentSpec spec = with("find    = \"hearings a week\"",
                                   "find = \"referrals a week\"\nlook_for = \"greatest\"\nstep = 0.5\n"
                                   "first_look = 256");
  const Need need = spec.needs.at(0);
  EXPECT_EQ(need.look_for, Need::Extreme::greatest);
  EXPECT_EQ(need.step, 0.5);
  EXPECT_EQ(need.first_look, 256u);
  EXPECT_FALSE(need.present_is_known);
  EXPECT_DOUBLE_EQ(need.present, 110);  // the middle of the range, to start from
}

TEST_F(Grammar, SweepsVaryOneNumber) {
  const std::string sweep = "[[sweep]]\nlabel = \"Hearings\"\nof = \"clear by 2024-06-30\"\n";
  const ExperimentSpec spec = with("[figures]", sweep + R"(vary = "hearings a week"
levels = [150, "200 cases a week", "13000 cases a year"]
in = ["more"]
target = "90 in 100"
draws = 500

[figures]
buys = { draw = "levels", of = "Hearings" })");
  const Sweep& asked = spec.sweeps.at(0);
  EXPECT_EQ(asked.name, "hearings");
  EXPECT_EQ(asked.levels.size(), 3u);
  EXPECT_DOUBLE_EQ(asked.levels[1], 200);
  EXPECT_NEAR(asked.levels[2], 13000.0 * 7 / 365, 1e-9);
  EXPECT_THAT(asked.arms, ElementsAre(1));
  EXPECT_EQ(asked.target, 0.9);
  EXPECT_EQ(asked.draws, 500u);
  EXPECT_NEAR(asked.present.value(), 175.5, 0.1);  // printed
  EXPECT_EQ(spec.text.sweep_texts.at(0).outcome, "clear");
  EXPECT_EQ(spec.text.figures.front().of, "hearings");
  const ExperimentSpec share = with("[figures]", sweep + R"(name = "filter"
vary = "filtered_out in 100"
levels = [0, "20%", 40]
[figures])");
  EXPECT_EQ(share.sweeps.at(0).name, "filter");
  EXPECT_THAT(share.sweeps.at(0).levels, ElementsAre(0, 20, 40));
  EXPECT_FALSE(share.sweeps.at(0).present);
  EXPECT_EQ(share.sweeps.at(0).vary, "filtered_out in 100");
  const ExperimentSpec named = with("[figures]", sweep + "vary = \"long_wait\"\nlevels = [2, 4]\n[figures]");
  EXPECT_EQ(named.sweeps.at(0).vary, "hearings");  // no name of a field where words are printed
}

TEST_F(Grammar, SumsAreFilledIn) {
  const ExperimentSpec spec = with("[plan]", R"([[sum]]
label = "Offer"
text  = "Of {all} cases a year, {few} if 5 in 100 say yes."
[sum.compute]
all = "marac.cases"
few = "marac.cases * 5%"

[plan])");
  const Sum& sum = spec.text.sums.at(0);
  EXPECT_EQ(sum.text, "Of 9,153 cases a year, 458 if 5 in 100 say yes.");
  EXPECT_EQ(sum.results.at(1).in_numbers, "9,153 × 5%");
  EXPECT_DOUBLE_EQ(sum.results.at(1).value, 457.65);
  EXPECT_THAT(sum.results.at(1).evidence, ElementsAre("marac.cases"));
}

TEST_F(Grammar, WhatIsPrintedNowhereIsSaid) {
  const ExperimentSpec spec = with("question = \"When does it clear?\"",
                                   "question = \"When does it clear?\"\nunprinted = \"how many it can hear.\"");
  EXPECT_EQ(spec.text.unprinted, "how many it can hear");
  EXPECT_THAT(check_words(spec), testing::HasSubstr("Unprinted    how many it can hear: the answer will be"));
}

TEST_F(Grammar, CorrelatedParametersShareOneMatrix) {
  const ExperimentSpec spec = with("[[arm]]\nname = \"as_it_is\"", R"([parameters.growth]
range = "0% to 10% per year"
assumption = "x"
[[correlation]]
parameters = ["referrals", "starting_backlog"]
value  = "0.5"
choice = "x"
[[correlation]]
parameters = ["starting_backlog", "growth"]
value  = "-0.25"
choice = "x"
[[arm]]
name = "as_it_is")");
  ASSERT_EQ(spec.correlations.size(), 1u);
  const Correlation& joint = spec.correlations[0];
  ASSERT_EQ(joint.parameters.size(), 3u);
  const auto at = [&](const std::string& a, const std::string& b) {
    const auto place = [&](const std::string& name) {
      for (std::size_t i = 0; i < 3; ++i)
        if (spec.parameters[joint.parameters[i]].name == name) return i;
      throw std::out_of_range(name);
    };
    return joint.matrix[place(a) * 3 + place(b)];
  };
  EXPECT_DOUBLE_EQ(at("referrals", "starting_backlog"), 0.5);
  EXPECT_DOUBLE_EQ(at("growth", "starting_backlog"), -0.25);
  EXPECT_DOUBLE_EQ(at("growth", "referrals"), 0);
  EXPECT_DOUBLE_EQ(at("growth", "growth"), 1);
}

// m of mathematics.md 3.3, draw by draw of the joint posterior: about .475 at shape .5 and .532 where all are alike,
// which are its values at the printed shares.
TEST_F(Grammar, APrintedShareBecomesAMultiplier) {
  std::filesystem::copy_file(shipped + "/cara.toml", folder_ + "/cara.toml");
  const auto rows_with = [&](const std::string& shape) {
    const ExperimentSpec spec = with("[[arm]]\nname = \"as_it_is\"", R"([[posterior]]
study   = "cara.toml"
outcome = "reoffended"
frailty_shape = )" + shape + R"(
sets    = { filtered_out = "control" }
[[arm]]
name = "as_it_is")");
    EXPECT_THAT(spec.posterior_names, ElementsAre("cara/reoffended/multiplier"));
    return spec.posteriors_read.at(0);
  };
  for (const auto& [shape, at_the_shares] : {std::pair(0.5, 0.475), {0.0, 0.532}}) {
    const Posterior stored = rows_with(shape > 0 ? "0.5" : "0");
    const std::size_t width = stored.columns.size();
    ASSERT_EQ(stored.columns.back().name, "multiplier");
    ASSERT_EQ(stored.rows.size(), 4096 * width);
    std::vector<double> multipliers;
    for (std::size_t row = 0; row < 4096; ++row) {
      const double p0 = stored.rows[row * width], p1 = stored.rows[row * width + 4];  // control, ..., all
      const double m = shape > 0 ? (std::pow(1 - p1, -1 / shape) - 1) / (std::pow(1 - p0, -1 / shape) - 1)
                                 : std::log(1 - p1) / std::log(1 - p0);
      ASSERT_NEAR(stored.rows[row * width + width - 1], m, 1e-9 * m);
      multipliers.push_back(m);
    }
    std::nth_element(multipliers.begin(), multipliers.begin() + 2048, multipliers.end());
    EXPECT_NEAR(multipliers[2048], at_the_shares, 0.06);  // the median of a skew law, with a prior of half a person
  }
}

TEST_F(Grammar, AStudysPosteriorIsNamedWhole) {
  std::filesystem::copy_file(shipped + "/cara.toml", folder_ + "/cara.toml");
  const ExperimentSpec spec = with("[[arm]]\nname = \"as_it_is\"", R"([[posterior]]
study   = "cara.toml"
outcome = "reoffended"
sets    = { filtered_out = "control", repeat_share = "all" }
[[arm]]
name = "as_it_is")");
  EXPECT_THAT(spec.posterior_names, ElementsAre("cara/reoffended"));
  ASSERT_EQ(spec.studies.size(), 1u);
  const auto control = std::get<PosteriorLaw>(parameter(spec, "filtered_out").law);
  const auto all = std::get<PosteriorLaw>(parameter(spec, "repeat_share").law);
  // the columns are those that the study's evaluation gives
  const std::vector<Posterior> posteriors = evaluate(spec.studies).posteriors();
  ASSERT_EQ(posteriors.at(0).name, "cara/reoffended");
  EXPECT_EQ(posteriors[0].columns.at(control.column).name, "control");
  EXPECT_EQ(posteriors[0].columns.at(all.column).name, "all");
  std::vector<std::string> columns;
  for (const Posterior::Column& column : posteriors[0].columns) columns.push_back(column.name);
  EXPECT_EQ(columns, posterior_columns(spec.studies[0]));
}

TEST_F(Grammar, TheDigestFollowsTheFilesMeaning) {
  const std::uint64_t before = with("draws = 1000", "draws = 1000").digest;
  EXPECT_EQ(with("draws = 1000", "draws = 1000").digest, before);
  EXPECT_NE(with("draws = 1000", "draws = 1001").digest, before);
}

}  // namespace
}  // namespace desist
