// Switching values, break-even and values of information against closed forms; a replicate's luck taken out.
#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/estimation/appraisal/zero_crossings.hpp"
#include "engine/random/distributions.hpp"
#include "engine/random/estimate_law.hpp"
#include "tests/estimation/appraisal_case.hpp"
#include "tests/estimation/noisy_run.hpp"
#include "tests/sanitized.hpp"
#include "tests/simulation/coin_run.hpp"
#include "tests/statistics/second_information.hpp"

namespace desist::test {
namespace {

using Role = Flow::Role;

const SwitchingValue& switching_of(const AppraisalResult& result, const std::string& name) {
  const auto found = std::find_if(result.switching.begin(), result.switching.end(),
                                  [&](const SwitchingValue& each) { return each.name == name; });
  EXPECT_NE(found, result.switching.end()) << name;
  static const SwitchingValue none;
  return found == result.switching.end() ? none : *found;
}

TEST(ZeroCrossings, ALineAtOnceAndACurveByItsSigns) {
  const SearchEnds ends{0, 2, 4, 40};
  const auto at = [&](double (*f)(double)) { return zero_crossings(f, ends); };
  ASSERT_EQ(at([](double x) { return 7 - 2 * x; }).size(), 1U);
  EXPECT_DOUBLE_EQ(at([](double x) { return 7 - 2 * x; })[0], 3.5);
  EXPECT_TRUE(at([](double x) { return 1 + x; }).empty());
  EXPECT_TRUE(at([](double) { return 0.0; }).empty());
  EXPECT_TRUE(at([](double x) { return -3 * x; }).empty());  // it is nought at an end, and changes no sign
  const auto two = at([](double x) { return (x - 2.2) * (x - 30); });
  ASSERT_EQ(two.size(), 2U);
  EXPECT_NEAR(two[0], 2.2, 1e-9);
  EXPECT_NEAR(two[1], 30, 1e-8);
  const auto pole = at([](double x) { return 1 / x - 0.25; });  // not finite at 0
  ASSERT_EQ(pole.size(), 1U);
  EXPECT_NEAR(pole[0], 4, 1e-9);
}

TEST(ZeroCrossings, HowFarAFigureIsTried) {
  EXPECT_EQ(search_ends(0.2, 0.4, true).searched_high, 1);
  EXPECT_EQ(search_ends(2, 4, false).searched_high, 40);
  EXPECT_EQ(search_ends(2, 4, false).searched_low, 0);
  EXPECT_EQ(search_ends(-1, 1, false).searched_low, -21);
}

/// 100 people at a price each; what one of them saves.
struct SwitchingCase : AppraisalCase {
  SwitchingCase() {
    draws = 4000;
    const auto people = figure("people", {FixedLaw{0}, FixedLaw{100}});
    const auto price = figure("price", {UniformLaw{20, 60}});
    const auto saved = figure("saved", {UniformLaw{30, 60}});
    flow(Role::programme_cost, input(people), input(price));
    flow(Role::benefit, input(people), input(saved));
  }
};

TEST(Switching, LiesWhereTheMeanOfAllOthersIsPaid) {
  const SwitchingCase made;
  const AppraisalResult result = made.run();
  const auto others = [&](std::size_t slot) {
    double sum = 0;
    for (std::uint64_t d = 0; d < made.draws; ++d) sum += made.drawn().row(d)[slot];
    return sum / static_cast<double>(made.draws);
  };
  const SwitchingValue& price = switching_of(result, "price");
  ASSERT_TRUE(price.switches_at);
  EXPECT_TRUE(price.is_exact);
  EXPECT_EQ(price.switches, 1);
  EXPECT_NEAR(*price.switches_at, others(3), 1e-9);  // slots: people, people.1, price, saved
  EXPECT_NEAR(price.npv_low, 100 * (others(3) - 20), 1e-7);
  EXPECT_NEAR(price.npv_high, 100 * (others(3) - 60), 1e-7);
  EXPECT_NEAR(price.npv_error, 100 * 30 / std::sqrt(12.0 * 4000), 0.05 * price.npv_error);
  EXPECT_NEAR(*switching_of(result, "saved").switches_at, others(2), 1e-9);
  EXPECT_EQ(result.switching[0].name, "price");  // the wider first
}

TEST(Switching, SaysWhereThereAreTwoOrNone) {
  AppraisalCase made;
  const auto people = made.figure("people", {FixedLaw{0}, FixedLaw{1}});
  const auto intensity = made.figure("intensity", {UniformLaw{2, 8}});
  made.flow(Role::benefit, input(people), (input(intensity) - number(3)) * (number(7) - input(intensity)));
  made.flow(Role::benefit, input(people), input(made.figure("bonus", {UniformLaw{50, 60}})));
  made.appraisal.flows.pop_back();
  const SwitchingValue twice = switching_of(made.run(), "intensity");
  EXPECT_EQ(twice.switches, 2);
  EXPECT_FALSE(twice.switches_at);
  EXPECT_EQ(twice.searched_low, 0);
  EXPECT_EQ(twice.searched_high, 80);
}

TEST(BreakEven, AndThePowerOfTheFinishedTrial) {
  const AppraisalResult result = finished_trial(20000).run();
  ASSERT_EQ(result.break_evens.size(), 1U);
  const BreakEvenValue& found = result.break_evens[0];
  // Pays where 500 (without - with) > 50; E[without] = 30.5/71 by Beta(30.5, 40.5).
  ASSERT_TRUE(found.value && found.power && found.chance_reached);
  const double sd = std::sqrt(30.5 * 40.5 / (71.0 * 71.0 * 72.0));
  EXPECT_NEAR(*found.value, 30.5 / 71 - 0.1, 5 * sd / std::sqrt(20000.0));
  // R 4.2.2: pbeta(30.5/71 - .1, 15.5, 34.5) = .630552, with density 5.617 there; 5 errors of the share and of the
  // value.
  EXPECT_NEAR(*found.chance_reached, 0.630552, 5 * std::sqrt(0.63 * 0.37 / 20000) + 5.617 * 0.002);
  // R 4.2.2, summing dbinom over the tables with N - 1 chi-square p <= .05; it falls by .0061 if the value rises by
  // .002, five of its errors.
  EXPECT_NEAR(*found.power, 0.193093, 0.0065);
}

/// The difference of two arms is normal; a study of its mean.
struct NormalCase : AppraisalCase {
  NormalCase() {
    draws = static_cast<std::uint64_t>(test::trials(40000));
    const auto gain = figure("gain", {FixedLaw{0}, normal(-0.2, 1)});
    flow(Role::benefit, number(1), input(gain));
    NextStudy study;
    study.name = "trial";
    study.measure = NextStudy::Measure::mean;
    study.treated = gain;
    study.sd = 2;
    study.sizes = {10, 40, 100000};
    study.cost_fixed = number(0.01);
    study.cost_each = number(0.001);
    study.decision_lasts = 1;
    appraisal.studies = {study};
  }
};

TEST(Information, OfANormalDifference) {
  const AppraisalResult result = NormalCase().run();
  const Information& information = *result.information;
  const double evpi = statistics::information_of_normal(-0.2, 1);
  EXPECT_NEAR(information.evpi_amount.mean, evpi, 5 * information.evpi_amount.mc_error);
  EXPECT_EQ(information.best_arm, 0U);
  ASSERT_EQ(information.figures.size(), 1U);
  EXPECT_NEAR(information.figures[0].in_sample, evpi, 5 * information.figures[0].mc_error);
  ASSERT_EQ(information.studies.size(), 3U);
  EXPECT_NEAR(information.studies[0].evsi, 0.2466, 5 * information.studies[0].evsi_error + 5e-5);  // mathematics.md 8.4
  EXPECT_NEAR(information.studies[2].evsi, evpi, 5 * information.studies[2].evsi_error);
  const StudyValue& second = information.studies[1];
  EXPECT_NEAR(second.net, second.evsi_cross_validated - 0.01 - 0.04, 1e-12);  // the net stands on the lower of the two
  EXPECT_NEAR(second.evsi_cross_validated, second.evsi, 5 * second.evsi_error);
  EXPECT_TRUE(second.is_best);
  EXPECT_EQ(second.behind, 0);
  EXPECT_TRUE(information.studies[2].is_told_apart);  // 100,000 people cost £100
  EXPECT_EQ(information.studies[0].is_told_apart,
            information.studies[0].behind >= 2 * information.studies[0].behind_error);
  for (std::size_t i = 0; i + 1 < information.studies.size(); ++i)
    EXPECT_LE(information.studies[i].evsi, information.studies[i + 1].evsi + 4 * information.studies[i + 1].evsi_error);
}

TEST(Information, ABiasThatNoSizeShrinksCapsAStudy) {
  NormalCase made;
  made.appraisal.studies[0].bias_sd = number(1);
  const AppraisalResult result = made.run();
  statistics::NormalStudy study{-0.2, 1, 4, 100000, 1};
  EXPECT_NEAR(result.information->studies[2].evsi, statistics::sample_information_of_normal(study),
              5 * result.information->studies[2].evsi_error);
}

// Of a log-normal ratio t that has to be below k to pay, E max(0, k - t) = k Phi(d) - E[t] Phi(d - s) with d =
// log(k/m)/s, s the standard deviation of log t and E[t] = m exp(s^2/2) (Black & Scholes 1973, of a put). Tornado ends
// are the limits.
TEST(Information, OfAPrintedRatio) {
  AppraisalCase made;
  made.draws = static_cast<std::uint64_t>(test::trials(40000));
  const double m = 0.79, s = std::log(0.98 / 0.63) / (2 * 1.959963984540054), k = 0.85;
  const auto ratio = made.figure("ratio", {FixedLaw{k}, log_normal_with_limits(m, 0.63, 0.98, 1.959963984540054)}, "");
  made.flow(Role::benefit, number(1), number(k) - input(ratio));
  const AppraisalResult result = made.run();
  const double d = std::log(k / m) / s, mean = m * std::exp(s * s / 2);
  const double put = k * standard_normal_cdf(d) - mean * standard_normal_cdf(d - s);
  const DrawnAmount& evpi = result.information->evpi_amount;
  EXPECT_NEAR(evpi.mean, put - (k - mean), 5 * evpi.mc_error);
  EXPECT_NEAR(result.arms[0].npv.mean, k - mean, 5 * result.arms[0].npv.mc_error);
  EXPECT_NEAR(result.arms[0].chance_pays, standard_normal_cdf(d), 5 * result.arms[0].chance_error);
  // .01579 here; a normal law with the same limits has .01337, ten of these errors away: s phi(m/s) - |m| Phi(-|m|/s).
  EXPECT_LT(evpi.mc_error, 0.25 * (0.01579 - 0.01337));
  const SwitchingValue& of_ratio = switching_of(result, "ratio.1");
  EXPECT_NEAR(of_ratio.low_value, m * std::exp(-1.959963984540054 * s), 1e-12);
  EXPECT_NEAR(of_ratio.high_value, m * std::exp(1.959963984540054 * s), 1e-12);
}

/// The draws of an appraisal as a table that a user could bring: what arm 1 gains over arm 0, at a worth of £1, and the
/// inputs of the studies.
Appraisal as_table(const AppraisalCase& made, const std::vector<std::size_t>& slots,
                   const std::function<double(const std::vector<double>&)>& gain) {
  Appraisal appraisal;
  appraisal.years = made.appraisal.years;
  appraisal.discounting = made.appraisal.discounting;
  appraisal.arms = 2;
  appraisal.inputs = made.appraisal.inputs;
  Effect effect;
  effect.lower_is_better = false;
  effect.worth = {0, 1};
  appraisal.effects = {effect};
  DrawsTable table;
  table.strategies = table.strategy_labels = {"now", "new"};
  table.draws = made.draws;
  for (const std::size_t slot : slots) table.parameters.push_back(made.parameters[slot].name);
  const ParameterDraws draws = made.drawn();
  for (std::size_t d = 0; d < made.draws; ++d) {
    const std::vector<double> row = draws.row(d);
    table.costs.insert(table.costs.end(), {0, 0});
    table.effects.insert(table.effects.end(), {0, gain(row)});
    for (const std::size_t slot : slots) table.values.push_back(row[slot]);
  }
  appraisal.table = table;
  return appraisal;
}

// On the same draws a table says of a study what the flows say that made them, which NormalCase holds against closed
// forms: mathematics.md 8.4 and EVPI as n grows. A study of a figure that the gain doesn't hang on is worth nothing.
TEST(Information, OfATableOfDraws) {
  NormalCase made;
  made.slot("unrelated", UniformLaw{0, 1});
  const AppraisalResult by_flows = made.run();
  Appraisal appraisal = as_table(made, {1, 2}, [](const std::vector<double>& row) { return row[1]; });
  NextStudy study = made.appraisal.studies[0];
  study.treated = 0;
  appraisal.studies = {study, study};
  appraisal.studies[1].treated = 1;
  const AppraisalResult result = appraise(appraisal, made.drawn(), OutcomeTable(), 0);
  const Information &found = *result.information, &expected = *by_flows.information;
  EXPECT_EQ(*found.worth, 1);
  ASSERT_EQ(found.studies.size(), 6U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(found.studies[i].evsi, expected.studies[i].evsi, 1e-12);
    EXPECT_NEAR(found.studies[i].evsi_error, expected.studies[i].evsi_error, 1e-12);
    EXPECT_NEAR(found.studies[i].net, expected.studies[i].net, 1e-12);
    EXPECT_LE(found.studies[i].evsi, found.evpi_amount.mean + 4 * found.studies[i].evsi_error);
    const StudyValue& unrelated = found.studies[3 + i];
    EXPECT_GE(unrelated.evsi, -1e-12);
    EXPECT_LE(unrelated.evsi_cross_validated, 4 * unrelated.evsi_cross_validated_error + 1e-12);
  }
  EXPECT_NEAR(found.studies[0].evsi, 0.2466, 5 * found.studies[0].evsi_error + 5e-5);
  EXPECT_NEAR(found.studies[2].evsi, statistics::information_of_normal(-0.2, 1), 5 * found.studies[2].evsi_error);
}

/// Two arms, two uncertain risks, an uncertain price: a study of the risks.
TEST(Information, AStudyIsWorthAtMostItsFiguresAndTheseAtMostAll) {
  AppraisalCase made(10);
  made.draws = static_cast<std::uint64_t>(test::trials(20000));
  const auto people = made.figure("people", {FixedLaw{0}, FixedLaw{1000}});
  const auto without = made.figure("without", {CountLaw{30, 70}}, "share");
  const auto with = made.figure("with", {CountLaw{15, 49}}, "share");
  const auto price = made.figure("price", {UniformLaw{20, 120}});
  made.flow(Role::programme_cost, input(people), input(price));
  made.flow(Role::benefit, input(people) * (input(without) - input(with)), number(500));
  NextStudy study;
  study.name = "trial";
  study.control = without;
  study.treated = with;
  study.sizes = {100, 400, 1600};
  study.cost_fixed = number(1000);
  study.cost_each = number(10);
  study.answer_after = 2;
  study.decision_lasts = 10;
  study.people_a_year = number(300);
  study.appraised_people = number(1000);
  made.appraisal.studies = {study};
  made.appraisal.together = {{made.appraisal.inputs[without].slots[0], made.appraisal.inputs[with].slots[0]}};
  made.appraisal.together_labels = {"the effect"};
  const AppraisalResult result = made.run();
  const Information& information = *result.information;
  const auto figure = [&](const std::string& label) {
    return *std::find_if(information.figures.begin(), information.figures.end(),
                         [&](const InformationValue& each) { return each.label == label; });
  };
  const InformationValue effect = figure("the effect");
  const auto at_most = [](double a, double error_a, double b, double error_b) {
    EXPECT_LE(a, b + 4 * std::hypot(error_a, error_b));
  };
  at_most(effect.in_sample, effect.mc_error, information.evpi_amount.mean, information.evpi_amount.mc_error);
  at_most(figure("with").in_sample, figure("with").mc_error, effect.in_sample, effect.mc_error);
  for (std::size_t i = 0; i < 3; ++i)
    at_most(information.studies[i].evsi, information.studies[i].evsi_error, effect.in_sample, effect.mc_error);
  EXPECT_LT(information.studies[0].evsi, information.studies[2].evsi);
  EXPECT_GE(information.figures[0].in_sample, information.figures[1].in_sample);
  double later = 0;
  for (int year = 2; year < 10; ++year) later += std::pow(1.035, -year);
  for (const StudyValue& each : information.studies) {
    EXPECT_NEAR(each.population, each.evsi_cross_validated / 1000 * 300 * later, 1e-9 * each.population);
    EXPECT_NEAR(each.cost, 1000 + 10 * each.size, 1e-9);
    const double npv = std::abs(result.arms[0].npv.mean);
    EXPECT_NEAR(each.loss, each.size / 2 * npv / 1000, 1e-9 * (1 + each.loss));
    EXPECT_NEAR(each.net, each.population - each.cost - each.loss, 1e-6);
  }
}

/// A gain of 2 a person, give or take 1, that a study of its mean is asked about: the better arm is bought meanwhile.
struct LikelyCase : AppraisalCase {
  LikelyCase() : AppraisalCase(5) {
    draws = static_cast<std::uint64_t>(test::trials(20000));
    const auto gain = figure("gain", {FixedLaw{0}, normal(2, 1)});
    flow(Role::benefit, number(300), input(gain));
    NextStudy study;
    study.name = "trial";
    study.measure = NextStudy::Measure::mean;
    study.treated = gain;
    study.sd = 2;
    study.sizes = {150, 600, 60000};
    study.cost_fixed = number(1);
    study.cost_each = number(0);
    study.answer_after = 1.5;
    study.decision_lasts = 5;
    study.people_a_year = number(100);
    study.appraised_people = number(300);
    study.recruits_a_year = number(300);
    appraisal.studies = {study};
  }
};

TEST(Information, ALargerStudyAnswersLater) {
  const AppraisalResult result = LikelyCase().run();
  const std::vector<StudyValue>& studies = result.information->studies;
  ASSERT_EQ(studies.size(), 3U);
  const double year[] = {1, 1 / 1.035, std::pow(1.035, -2), std::pow(1.035, -3), std::pow(1.035, -4)};
  const double after[] = {year[2] + year[3] + year[4], year[3] / 2 + year[4], 0};
  EXPECT_EQ(result.information->best_arm, 1U);
  const double times[] = {2, 3.5, 201.5};
  const double all = year[0] + year[1] + year[2] + year[3] + year[4];
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(studies[i].answer_after, times[i]);
    EXPECT_EQ(studies[i].answer_after_error, 0);
    EXPECT_NEAR(studies[i].population, studies[i].evsi_cross_validated / 300 * 100 * after[i], 1e-9);
    // 2 a person for those who come before the answer.
    EXPECT_NEAR(studies[i].waiting, result.arms[0].npv.mean / 300 * 100 * (all - after[i]), 1e-6);
    EXPECT_NEAR(studies[i].waiting, 200 * (all - after[i]), 5 * studies[i].waiting_error);
    EXPECT_GT(studies[i].waiting_error, 0);
    EXPECT_EQ(studies[i].is_largest, i == 2);
  }
  EXPECT_EQ(studies[2].net, -1);  // it answers when nobody asks any more
  LikelyCase nobody;
  nobody.appraisal.studies[0].recruits_a_year = number(0);
  EXPECT_THROW(nobody.run(), std::invalid_argument);
}

// E[1/R] of R ~ N(300, 3): (1 + (3/300)^2)/300, to the fourth order in 3/300. Nothing else in the case uses R.
TEST(Information, HowManyJoinMayBeUncertain) {
  LikelyCase unsure;
  unsure.appraisal.studies[0].recruits_a_year =
      input(unsure.figure("recruits", {unsure.normal(300, 3), unsure.normal(300, 3)}));
  const StudyValue first = unsure.run().information->studies[0];
  EXPECT_GT(first.answer_after_error, 0);
  EXPECT_NEAR(first.answer_after, 1.5 + 0.5 * (1 + 1e-4), 5 * first.answer_after_error);
  EXPECT_LT(first.answer_after_error, 0.5 * 0.02 / std::sqrt(static_cast<double>(unsure.draws)));
}

TEST(InnerNoise, IsTakenOutOfChancesAndLimitsButNotOfTheError) {
  const AppraisalResult result = NoisyCase().run_on(2);
  EXPECT_TRUE(result.has_inner_noise);
  EXPECT_EQ(result.draws, 20000U);
  const ArmValue& value = result.arms[0];
  const double share_error = std::sqrt(0.25 / 20000);
  EXPECT_NEAR(value.chance_plug_in, 0.554, 5 * share_error + 5e-4);  // mathematics.md 6.3
  // A line through 20,000 draws of noise sd 2 is off by 2 sqrt(2/20000) = .02, which moves the chance by .008.
  EXPECT_NEAR(value.chance_pays, 0.618, 5 * share_error + 0.008 * 3 + 5e-4);
  EXPECT_GT(value.chance_pays, 0.59);
  EXPECT_NEAR(value.npv.mean, 0.3, 5 * value.npv.mc_error);
  EXPECT_NEAR(value.npv.mc_error, std::sqrt(5.0 / 20000), 0.05 * value.npv.mc_error);
  EXPECT_NEAR(value.npv.high, 0.3 + 1.96, 0.2);  // 4.7 with the luck in it
  EXPECT_NEAR(result.information->evpi_plug_in, 0.750, 0.05);
  EXPECT_NEAR(result.information->evpi_amount.mean, 0.267, 0.03);
  const SwitchingValue& theta = switching_of(result, "theta");
  EXPECT_FALSE(theta.is_exact);
  ASSERT_TRUE(theta.switches_at);
  EXPECT_NEAR(*theta.switches_at, 0, 0.1);
  EXPECT_NEAR(theta.npv_low, 0.3 - 1.96, 5 * theta.npv_error);
  EXPECT_LT(theta.npv_error, 0.2);
}

TEST(InnerNoise, NoThreadChangesAByte) {
  const AppraisalResult one = NoisyCase().run_on(1), three = NoisyCase().run_on(3);
  EXPECT_EQ(one.arms[0].npv.mean, three.arms[0].npv.mean);
  EXPECT_EQ(one.arms[0].npv.high, three.arms[0].npv.high);
  EXPECT_EQ(one.arms[0].chance_pays, three.arms[0].chance_pays);
  EXPECT_EQ(one.information->evpi_amount.mean, three.information->evpi_amount.mean);
  EXPECT_EQ(one.switching[0].npv_error, three.switching[0].npv_error);
}

TEST(InnerNoise, AnOutcomeWithoutAValueIsRefused) {
  const CoinRun coin;
  AppraisalCase made(1, 3);
  made.parameters = coin.parameters;
  AppraisalOutcome week;
  week.name = "mean_week";
  week.slots = {3};
  made.appraisal.outcomes = {week};
  made.flow(Role::cost, outcome(0), number(10));
  CoinRun rare = coin;
  rare.parameters[1].law = FixedLaw{1};
  rare.plan.replicates_per_draw = 1;
  try {
    appraise(made.appraisal, rare.draws(), rare.run(), 0);
    FAIL();
  } catch (const std::invalid_argument& refused) {
    EXPECT_THAT(
        refused.what(),
        testing::MatchesRegex("the outcome 'mean_week' of arm 'as_it_was' has no value in draw [0-9]+, so what it "
                              "is worth can't be said: value one that every run has"));
  }
}

}  // namespace
}  // namespace desist::test
