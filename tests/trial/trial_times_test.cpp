// What virtual trials find by curves, tests alone and resampling where theory says what they must.
//
// Each comparison fails by chance in one run of a million (4.9 standard errors), and each is made to fail on a wrong
// trial: one with an effect, or another number of people.
#include <cmath>

#include <gmock/gmock.h>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/power_times.hpp"
#include "engine/trial/trial.hpp"
#include "tests/trial/count_model.hpp"
#include "tests/trial/time_model.hpp"

namespace desist {
namespace {

using test::analysis;
using test::design;
using test::TimeTrial;

constexpr double errors = 4.9;
constexpr double often = 0.012, seldom = 0.007;  // offences a week: 46 and 31 in 100 within 52 weeks

bool agrees(double share, double probability, std::uint64_t of) {
  const double error = std::sqrt(probability * (1 - probability) / static_cast<double>(of));
  return std::abs(share - probability) <= errors * error;
}

double risk_by(double weeks, double rate) { return 1 - std::exp(-rate * weeks); }

/// The chance of an offence before death.
double incidence_by(double weeks, double rate, double deaths) {
  return rate / (rate + deaths) * (1 - std::exp(-(rate + deaths) * weeks));
}

TrialAnalysis at_time(const std::string& name, const std::string& method, double weeks) {
  TrialAnalysis made = analysis(name, method);
  made.analysis.numbers["at"] = {weeks};
  return made;
}

TrialAnalysis drawn(const std::string& name, const std::string& method, const std::string& of,
                    PersonOutcome::Kind compared, double draws) {
  TrialAnalysis made = analysis(name, method);
  made.compared = compared;
  made.analysis.words["of"] = {of};
  made.analysis.numbers[method == "bootstrap" ? "resamples" : "draws"] = {draws};
  return made;
}

/// The chance that `says` is true of two arms of n.
template <class Says>
double chance(std::int64_t n, double p1, double p0, Says says) {
  const statistics::RiskPair pair{p1, p0};
  return statistics::rejection_probability(n, n, std::span(&pair, 1),
                                           [&](const statistics::TwoByTwo& t) { return says(t) ? 0.0 : 1.0; })[0];
}

/// Greenwood's error where nobody is lost: that of two shares.
double error_of(const statistics::TwoByTwo& t) {
  const auto part = [](double x, double n) { return x / n * (1 - x / n) / n; };
  return std::sqrt(part(static_cast<double>(t.x1), static_cast<double>(t.n1)) +
                   part(static_cast<double>(t.x0), static_cast<double>(t.n0)));
}

double difference_of(const statistics::TwoByTwo& t) {
  return static_cast<double>(t.x1) / static_cast<double>(t.n1) - static_cast<double>(t.x0) / static_cast<double>(t.n0);
}

// Truths in closed form, of people of whom some die: a curve takes the dead as no longer seen, incidence as past it.
TEST(TrialTimes, Truths_are_those_of_exponential_times) {
  constexpr double deaths = 0.004;
  const TimeTrial people({often, seldom}, deaths);
  using Kind = PersonOutcome::Kind;
  TrialDesign one = design(
      {100},
      {analysis("end", "kaplan_meier"), at_time("half", "kaplan_meier", 26), analysis("first", "competing_risks"),
       at_time("first_half", "competing_risks", 26), drawn("rates", "bootstrap", "ratio", Kind::time, 199),
       drawn("shares", "bootstrap", "difference", Kind::yes_no, 199),
       drawn("test", "randomisation_test", "ratio", Kind::yes_no, 199)},
      100);
  one.truth_people = 200000;
  const auto found = people.run({one}, 2);
  ASSERT_EQ(found.size(), 7U);
  const double seen[2] = {incidence_by(52, often, deaths), incidence_by(52, seldom, deaths)};
  const double truths[] = {risk_by(52, seldom) - risk_by(52, often),
                           risk_by(26, seldom) - risk_by(26, often),
                           seen[1] - seen[0],
                           incidence_by(26, seldom, deaths) - incidence_by(26, often, deaths),
                           std::log(seldom / often),
                           seen[1] - seen[0],
                           std::log(seen[1] / seen[0])};
  for (std::size_t a = 0; a < 7; ++a)
    EXPECT_NEAR(found[a].truth, truths[a], errors * found[a].truth_error) << one.analyses[a].analysis.name;
  // Neither is the other, nor that of another time: each would be noticed.
  EXPECT_GT(std::abs(truths[0] - truths[2]), errors * found[0].truth_error);
  EXPECT_GT(std::abs(truths[0] - truths[1]), errors * found[0].truth_error);
  EXPECT_EQ(found[0].measure, "risk difference by 52 weeks (Kaplan-Meier)");
  EXPECT_EQ(found[3].measure, "risk difference by 26 weeks: offence (Aalen-Johansen)");
  EXPECT_EQ(found[4].measure, "rate ratio");
  EXPECT_TRUE(found[4].log_scale);
  EXPECT_EQ(found[6].measure, "risk ratio");
  EXPECT_FALSE(found[6].has_interval);
  EXPECT_TRUE(found[6].has_effect);
}

// Where nobody is lost a curve at one time is a share, and size, power and coverage follow from all tables there can
// be.
TEST(TrialTimes, Curves_have_the_size_power_and_coverage_of_enumeration) {
  constexpr std::uint64_t trials = 20000;
  const TimeTrial people({often, seldom, often});
  TrialDesign one = design(
      {200},
      {analysis("end", "kaplan_meier"), at_time("half", "kaplan_meier", 26), analysis("first", "competing_risks")},
      trials);
  one.without_effect = 2;
  const auto found = people.run({one}, 2);
  const auto rejects = [](const statistics::TwoByTwo& t) {
    return error_of(t) > 0 && std::abs(difference_of(t)) >= statistics::two_sided_z(0.95) * error_of(t);
  };
  for (const std::size_t a : {0U, 1U, 2U}) {
    const double weeks = a == 1 ? 26 : 52;
    const double p0 = risk_by(weeks, often), p1 = risk_by(weeks, seldom);
    const auto covers = [&](const statistics::TwoByTwo& t) {
      return std::abs(difference_of(t) - (p1 - p0)) <= statistics::two_sided_z(0.95) * error_of(t);
    };
    const TrialSize& size = found[a].sizes[0];
    EXPECT_TRUE(agrees(size.power.value, chance(100, p1, p0, rejects), trials)) << size.power.value;
    EXPECT_TRUE(agrees(size.false_positives->value, chance(100, p0, p0, rejects), trials)) << a;
    EXPECT_NEAR(size.coverage.value, chance(100, p1, p0, covers),
                errors * std::sqrt(0.95 * 0.05 / trials) + 0.002);  // the truth is known but for its error
    EXPECT_NEAR(size.bias.value, 0, errors * size.bias.error);
    EXPECT_EQ(size.without_number, 0U);
    // Fewer people, and an effect where none is said to be, would be noticed.
    EXPECT_FALSE(agrees(size.power.value, chance(90, p1, p0, rejects), trials));
    EXPECT_FALSE(agrees(size.power.value, chance(100, p0, p0, rejects), trials));
  }
}

// People lost at moments spread over the follow-up, of one arm more than of the other, leave curves without bias.
TEST(TrialTimes, Curves_make_good_what_is_lost) {
  constexpr std::uint64_t trials = 5000;
  const TimeTrial people({often, seldom}, 0.003);
  TrialDesign one = design({400}, {analysis("end", "kaplan_meier"), analysis("first", "competing_risks")}, trials);
  one.lost_control = 0.1;
  one.lost_treated = 0.5;
  one.truth_people = 400000;
  for (const TrialResult& found : people.run({one}, 2)) {
    EXPECT_NEAR(found.sizes[0].bias.value, 0, errors * found.sizes[0].bias.error);
    EXPECT_TRUE(agrees(found.sizes[0].coverage.value, 0.95, trials)) << found.sizes[0].coverage.value;
    EXPECT_LT(errors * found.sizes[0].bias.error, 0.005);  // of a difference of 0.14
  }
}

TEST(TrialTimes, A_log_rank_test_has_its_level_its_power_and_no_effect) {
  constexpr std::uint64_t trials = 20000;
  const TimeTrial people({often, seldom, often});
  TrialDesign one = design({300}, {analysis("test", "log_rank"), analysis("hazards", "cox")}, trials);
  one.without_effect = 2;
  const auto found = people.run({one}, 2);
  const TrialSize &test = found[0].sizes[0], &hazards = found[1].sizes[0];
  EXPECT_TRUE(agrees(test.false_positives->value, 0.05, trials)) << test.false_positives->value;
  EXPECT_FALSE(agrees(test.power.value, 0.05, trials));
  // Schoenfeld (1981): z = |log HR| sqrt(events)/2 - z(.975).
  const double events = 150 * (risk_by(52, often) + risk_by(52, seldom));
  const double schoenfeld =
      statistics::normal_cdf(std::log(often / seldom) * std::sqrt(events) / 2 - statistics::two_sided_z(0.95));
  EXPECT_NEAR(test.power.value, schoenfeld, 0.02);  // an approximation
  EXPECT_NEAR(test.power.value, hazards.power.value, 0.01);
  EXPECT_FALSE(found[0].has_effect);
  EXPECT_FALSE(found[0].has_interval);
  EXPECT_TRUE(std::isnan(found[0].truth));
  for (const Characteristic& none :
       {test.mean, test.bias, test.empirical_error, test.squared_error, test.coverage, test.exaggeration}) {
    EXPECT_TRUE(std::isnan(none.value));
    EXPECT_TRUE(std::isnan(none.error));
  }
  EXPECT_GT(test.power.error, 0);
  // Which way it points is known.
  EXPECT_NEAR(test.wrong_sign.value, hazards.wrong_sign.value, 0.002);
}

// A test by m draws of a number that is never the same twice has exactly its level where 0.05 (m + 1) is whole.
TEST(TrialTimes, A_randomisation_test_has_exactly_its_level) {
  constexpr std::uint64_t trials = 20000;
  const TimeTrial people({often, seldom, often});
  TrialAnalysis test = drawn("test", "randomisation_test", "difference", PersonOutcome::Kind::time, 199);
  test.analysis.words["blocks"] = {"block"};
  TrialDesign one = design({60}, {test}, trials);
  one.block = 6;
  one.without_effect = 2;
  const auto found = people.run({one}, 2);
  const TrialSize& size = found[0].sizes[0];
  EXPECT_TRUE(agrees(size.false_positives->value, 0.05, trials)) << size.false_positives->value;
  EXPECT_FALSE(agrees(size.power.value, 0.05, trials));
  EXPECT_TRUE(std::isnan(size.coverage.value));
  EXPECT_FALSE(std::isnan(size.bias.value));
}

// Quantiles of resamples of two shares: within a percentage point of the level with 150 an arm, and as often as Wald's
// interval has no zero in it.
TEST(TrialTimes, A_bootstrap_interval_covers_nearly_as_it_says) {
  constexpr std::uint64_t trials = 4000;
  const TimeTrial people({often, seldom, often});
  TrialAnalysis by_quantiles = drawn("quantiles", "bootstrap", "difference", PersonOutcome::Kind::yes_no, 399);
  by_quantiles.analysis.words["interval"] = {"percentile"};
  TrialDesign one =
      design({300}, {by_quantiles, drawn("rates", "bootstrap", "ratio", PersonOutcome::Kind::time, 399)}, trials);
  one.without_effect = 2;
  for (const TrialResult& found : people.run({one}, 2)) {
    const TrialSize& size = found.sizes[0];
    const double chance_error = errors * std::sqrt(0.95 * 0.05 / trials);
    EXPECT_NEAR(size.coverage.value, 0.95, chance_error + 0.01);
    EXPECT_NEAR(size.false_positives->value, 0.05, chance_error + 0.01);
    EXPECT_NEAR(size.bias.value, 0, errors * size.bias.error + 0.01 * std::abs(found.truth));  // a ratio has some
    EXPECT_GT(size.power.value, 0.5);
  }
}

// Of those assigned 60 in 100 start: the effect among them is that of the programme, diluted among all.
TEST(TrialTimes, The_effect_on_those_who_start_is_told) {
  const TimeTrial people({often, seldom}, 0, 0.6);
  TrialDesign one = design({400}, {analysis("started", "complier_effect"), analysis("all", "risks")}, 1000);
  TrialDesign selected =
      design({400}, {analysis("as_treated", "as_treated"), analysis("per_protocol", "per_protocol")}, 200);
  selected.name = "selected";
  one.truth_people = 200000;
  const auto found = people.run({one, selected}, 2);
  const double effect = risk_by(52, seldom) - risk_by(52, often);
  EXPECT_NEAR(found[0].truth, effect, errors * found[0].truth_error);
  EXPECT_NEAR(found[1].truth, 0.6 * effect, errors * found[1].truth_error);
  EXPECT_NEAR(found[0].sizes[0].bias.value, 0, errors * found[0].sizes[0].bias.error + 0.002);  // a quotient has some
  EXPECT_TRUE(agrees(found[0].sizes[0].coverage.value, 0.95, 1000));
  // Who starts is by chance here, so that those alone show the effect on them, held against that on all assigned.
  for (const std::size_t a : {2U, 3U})
    EXPECT_NEAR(found[a].sizes[0].bias.value, 0.4 * effect, errors * found[a].sizes[0].bias.error);
}

}  // namespace
}  // namespace desist
