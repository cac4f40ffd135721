// The shipped files, read whole into what will be run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/program/experiment_spec.hpp"
#include "tests/program/shipped.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

ExperimentSpec read(const std::string& name) {
  try {
    return read_experiment(shipped + "/" + name, known, shipped + "/evidence");
  } catch (const Failure& failure) {
    ADD_FAILURE() << failure.what();
    return {};
  }
}

std::size_t field(const ExperimentSpec& spec, const std::string& name) {
  const auto& fields = spec.model->parameters;
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (fields[i].name == name) return i;
  throw std::out_of_range(name);
}

const Parameter& parameter(const ExperimentSpec& spec, const std::string& name) {
  for (const Parameter& each : spec.parameters)
    if (each.name == name) return each;
  throw std::out_of_range(name);
}

TEST(Reader, BindsTheConferencesToTheirModel) {
  const ExperimentSpec spec = read("marac-backlog.toml");
  ASSERT_NE(spec.model, nullptr);
  EXPECT_EQ(spec.text.name, "marac-backlog");
  EXPECT_EQ(spec.window.start, Date::from_ymd(2023, 9, 30));
  EXPECT_EQ(spec.window.end, Date::from_ymd(2024, 9, 21));
  EXPECT_EQ(spec.plan.seed, 20230930u);
  EXPECT_DOUBLE_EQ(spec.plan.precision.value(), 0.02);

  // 9,153 a year are 9153/365*7 a week
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "hearings").law).value, 9153.0 * 7 / 365);
  const auto referrals = std::get<UniformLaw>(parameter(spec, "referrals").law);
  EXPECT_DOUBLE_EQ(referrals.low, 9153.0 * 7 / 365);
  EXPECT_DOUBLE_EQ(referrals.high, 10561.0 * 7 / 365);
  const auto backlog = std::get<UniformLaw>(parameter(spec, "starting_backlog").law);
  EXPECT_DOUBLE_EQ(backlog.low, 6);
  EXPECT_DOUBLE_EQ(backlog.high, 8);
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "papers_released").law).value, 5.0 / 7);
  EXPECT_DOUBLE_EQ(std::get<FixedLaw>(parameter(spec, "revised_criteria.filtered_out").law).value, 0.21);
  const auto counted = std::get<CountLaw>(parameter(spec, "coventry_triage.filtered_out").law);
  EXPECT_EQ(counted.count, 49);
  EXPECT_EQ(counted.of, 253);
}

TEST(Reader, LaysOutTheArms) {
  const ExperimentSpec spec = read("marac-backlog.toml");
  ASSERT_EQ(spec.reported_arms, 7u);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < spec.reported_arms; ++i) names.push_back(spec.arms[i].name);
  EXPECT_THAT(names, ElementsAre("as_it_was", "weekly_meetings", "revised_criteria", "coventry_triage",
                                 "criteria_and_weekly", "marac_lite", "both_if_demand_grows"));

  const std::size_t filtered = field(spec, "filtered_out"), extra = field(spec, "extra_hearings");
  const double paper = 107.0 / 7, weekly = 79.0 / 7;  // days from 30 September to 15 January and 18 December
  const auto& coventry = spec.arms[3].layout.fields[filtered].pieces;
  ASSERT_EQ(coventry.size(), 2u);
  EXPECT_DOUBLE_EQ(coventry[1].from_week, paper);
  EXPECT_THAT(coventry[1].items, ElementsAre(0, 1, 2, 3, 4, 5, 6));
  const auto& both = spec.arms[4].layout;
  ASSERT_EQ(both.fields[filtered].pieces.size(), 2u);
  ASSERT_EQ(both.fields[extra].pieces.size(), 2u);
  EXPECT_DOUBLE_EQ(both.fields[extra].pieces[1].from_week, weekly);
  const auto& surge = spec.arms[6].layout;  // combines an arm that combines, and sets one more
  const std::size_t growth = field(spec, "growth");
  EXPECT_EQ(surge.fields[extra].pieces[1].slot, both.fields[extra].pieces[1].slot);
  EXPECT_NE(surge.fields[growth].pieces.back().slot, both.fields[growth].pieces.back().slot);
  // the same slots as in the arms that it combines: one draw, one value
  EXPECT_EQ(both.fields[extra].pieces[1].slot, spec.arms[1].layout.fields[extra].pieces[1].slot);
  EXPECT_EQ(both.fields[filtered].pieces[1].slot, spec.arms[2].layout.fields[filtered].pieces[1].slot);
  EXPECT_EQ(both.fields[field(spec, "conferences")].items.size(), 8u);
  EXPECT_EQ(spec.text.arms[4].in_words,
            "filtered_out 21% of referrals from 15 January 2024; extra_hearings 0% to 100% from 18 December 2023");
}

TEST(Reader, UnderstandsNeedsClaimsAndTornados) {
  const ExperimentSpec spec = read("marac-backlog.toml");
  ASSERT_EQ(spec.needs.size(), 1u);
  const Need& need = spec.needs[0];
  EXPECT_EQ(need.field, field(spec, "hearings"));
  EXPECT_DOUBLE_EQ(need.per_unit, 1);
  EXPECT_DOUBLE_EQ(need.chance, 0.9);
  EXPECT_DOUBLE_EQ(need.within, 0.03);
  EXPECT_THAT(need.arms, ElementsAre(0, 2));
  EXPECT_NEAR(need.present, 175.5, 0.1);
  const auto slots = outcome_slots(*spec.model, spec.arms[0].layout);
  EXPECT_EQ(slots[need.outcome].item, "2024-03-31");
  ASSERT_EQ(spec.text.claims.size(), 1u);
  EXPECT_EQ(spec.text.claims[0].item, "2024-01-31");
  EXPECT_EQ(spec.text.claims[0].arms.size(), 7u);

  ASSERT_EQ(spec.estimands.influences.size(), 1u);
  const Influence& influence = spec.estimands.influences[0];
  EXPECT_EQ(influence.arm, 4u);
  EXPECT_EQ(influence.ends.size(), influence.parameters.size());
  EXPECT_EQ(spec.arms.size(), 7 + 2 * influence.parameters.size());
  std::vector<std::string> uncertain;
  for (const std::size_t slot : influence.parameters) uncertain.push_back(spec.parameters[slot].name);
  EXPECT_THAT(uncertain, testing::UnorderedElementsAre("starting_backlog", "meeting_interval", "referrals", "growth",
                                                       "repeat_share", "return_delay", "missed_by_filter",
                                                       "weekly_meetings.extra_hearings"));
  for (std::size_t i = 7; i < spec.arms.size(); ++i) EXPECT_TRUE(spec.arms[i].variant);
}

TEST(Reader, SetsTheEndsOfATornado) {
  ExperimentSpec spec = read("marac-backlog.toml");
  set_tornado_ends(spec, ParameterDraws(spec.parameters, spec.correlations, {}, spec.plan.seed));
  const Influence& influence = spec.estimands.influences[0];
  for (std::size_t i = 0; i < influence.parameters.size(); ++i) {
    const auto law = std::get<UniformLaw>(spec.parameters[influence.parameters[i]].law);
    EXPECT_DOUBLE_EQ(influence.ends[i].low, law.low);
    EXPECT_DOUBLE_EQ(influence.ends[i].high, law.high);
    EXPECT_THAT(spec.arms[influence.ends[i].low_arm].overrides,
                ElementsAre(std::pair(influence.parameters[i], law.low)));
  }
}

TEST(Reader, KeepsEverySourceForTheReport) {
  const ExperimentSpec spec = read("marac-backlog.toml");
  const auto find = [&](const std::string& name) {
    for (const FigureSource& source : spec.text.sources)
      if (source.name == name) return source;
    throw std::out_of_range(name);
  };
  EXPECT_EQ(find("hearings").printed, "9153 cases per year");
  EXPECT_EQ(find("hearings").kind, FigureSource::Kind::evidence);
  EXPECT_EQ(find("referrals").spread, "every value in the range equally likely");
  EXPECT_EQ(find("coventry_triage.filtered_out").spread, "49 of 253: Beta(49.5, 204.5)");
  EXPECT_EQ(find("revised_criteria.filtered_out").spread, "taken as printed: a percentage without its count");
  EXPECT_EQ(find("clear_dates").printed, "2024-01-31, 2024-03-31");
  EXPECT_EQ(spec.text.benchmarks.at(0).unit, "case/week");
  ASSERT_EQ(spec.text.outcome_texts.size(), 6u);
  EXPECT_EQ(spec.text.outcome_texts[0].name, "clear");
  EXPECT_EQ(spec.text.outcome_texts[0].line, OutcomeText::Line::answer);
  EXPECT_EQ(spec.text.outcome_texts[5].line, OutcomeText::Line::price);
  EXPECT_THAT(spec.text.defaults_used, SizeIs(11));
}

TEST(Reader, ReadsAStudyAsPrinted) {
  const ExperimentSpec spec = read("cara.toml");
  EXPECT_EQ(spec.model, nullptr);
  ASSERT_EQ(spec.studies.size(), 1u);
  const Study& study = spec.studies[0];
  EXPECT_EQ(study.name, "cara");
  EXPECT_EQ(study.design, Design::randomised);
  ASSERT_EQ(study.groups.size(), 3u);
  EXPECT_EQ(study.groups[2].role, Role::breached);
  const PrintedCell* cell = study.groups[2].cell("da_offence");
  ASSERT_NE(cell, nullptr);
  EXPECT_EQ(cell->printed.text, "31%");
  EXPECT_EQ(cell->evidence, "cara.12m.breach.da");
  EXPECT_EQ(study.comparisons[0].treated.size(), 2u);
  EXPECT_EQ(study.outcomes[0].name, "reoffended");
  EXPECT_TRUE(study.outcomes[1].headline);
  EXPECT_TRUE(study.outcomes[3].describe_only);
  ASSERT_EQ(study.missing.size(), 1u);
  EXPECT_EQ(study.missing[0].most, 21);
  EXPECT_EQ(study.missing[0].group, "");  // on either side
  EXPECT_DOUBLE_EQ(study.recording.value().second, 1.3);
  EXPECT_EQ(study.recording_outcome, "da_incident");
  EXPECT_DOUBLE_EQ(study.worth_having.value(), 0.05);
  EXPECT_EQ(spec.text.beside.at(0).second.size(), 4u);
  EXPECT_EQ(spec.text.sources.size(), 18 + 3u);
}

}  // namespace
}  // namespace desist
