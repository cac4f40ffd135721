// Monte Carlo errors of an appraisal, each beside the scatter over other seeds.
//
// Over S seeds the mean stated error by the standard deviation of the estimates has error 1/sqrt(2 S): with 400 seeds
// 3.5%, so that beyond 18% is a false alarm of 1e-6 with a bias of 1%, and with 100 seeds 36% with one of 1%. Errors
// that forget a part are shown to fail the same check.
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/estimation/appraisal.hpp"
#include "tests/estimation/appraisal_case.hpp"
#include "tests/estimation/noisy_run.hpp"

namespace desist::test {
namespace {

using Role = Flow::Role;

/// Estimates and stated errors over seeds.
class ErrorCheck {
 public:
  void add(double value, double error) {
    values_.push_back(value);
    errors_ += error;
  }
  double mean() const {
    double sum = 0;
    for (const double value : values_) sum += value;
    return sum / count();
  }
  double scatter() const {
    const double middle = mean();
    double squares = 0;
    for (const double value : values_) squares += (value - middle) * (value - middle);
    return std::sqrt(squares / (count() - 1));
  }
  double ratio() const { return errors_ / count() / scatter(); }

 private:
  double count() const { return static_cast<double>(values_.size()); }
  std::vector<double> values_;
  double errors_ = 0;
};

constexpr int many = 400, some = 100;
constexpr double allowed_of_many = 0.18, allowed_of_some = 0.36;

const SwitchingValue& figure_named(const AppraisalResult& result, const std::string& name) {
  for (const SwitchingValue& each : result.switching)
    if (each.name == name) return each;
  ADD_FAILURE() << name;
  return result.switching.front();
}

/// 100 people at a price each; what one of them saves, squared, so that the root is of no line.
AppraisalCase root_case(std::uint64_t seed) {
  AppraisalCase made;
  made.seed = seed;
  made.draws = 400;
  const auto people = made.figure("people", {FixedLaw{0}, FixedLaw{100}});
  const auto price = made.figure("price", {UniformLaw{20, 60}});
  const auto saved = made.figure("saved", {UniformLaw{4, 9}});
  made.flow(Role::programme_cost, input(people), input(price));
  made.flow(Role::benefit, input(people), input(saved) * input(saved));
  return made;
}

TEST(SwitchingErrors, AreTheScatterOfRoots) {
  ErrorCheck price, saved, ends_alone;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    const AppraisalResult result = root_case(seed).run();
    const SwitchingValue& of_price = figure_named(result, "price");
    const SwitchingValue& of_saved = figure_named(result, "saved");
    ASSERT_TRUE(of_price.switches_at && of_saved.switches_at);
    price.add(*of_price.switches_at, of_price.switch_error);
    saved.add(*of_saved.switches_at, of_saved.switch_error);
    // The error of an end over the slope between the ends, as if the NPV were a line.
    ends_alone.add(*of_saved.switches_at,
                   of_saved.npv_error / (of_saved.npv_high - of_saved.npv_low) * (9.0 - 4.0) / 2);
  }
  EXPECT_NEAR(price.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(saved.ratio(), 1, allowed_of_many);
  EXPECT_GT(std::abs(ends_alone.ratio() - 1), allowed_of_many);
  EXPECT_NEAR(saved.mean(), std::sqrt(40.0), 0.02);  // E price; four errors of the mean of 400 roots and their bend
}

TEST(SwitchingErrors, OfAConditionalMeanAreItsScatter) {
  ErrorCheck theta;
  for (std::uint64_t seed = 1; seed <= some; ++seed) {
    const AppraisalResult result = NoisyCase(2000, seed).run_on(1);
    const SwitchingValue& found = figure_named(result, "theta");
    if (!found.switches_at) continue;
    theta.add(*found.switches_at, found.switch_error);
  }
  EXPECT_NEAR(theta.ratio(), 1, allowed_of_some);
  EXPECT_NEAR(theta.mean(), 0, 4.9 * theta.scatter() / std::sqrt(static_cast<double>(some)) + 0.005);
}

/// The break-even value and the controls' risk come from one posterior each, or from the same one: then they depend on
/// each other, and so do value and share.
AppraisalCase trial_case(std::uint64_t seed) {
  AppraisalCase made = finished_trial(400);
  made.seed = seed;
  return made;
}

TEST(BreakEvenErrors, AreTheScatterOfValueChanceAndPower) {
  ErrorCheck value, chance, power, chance_of_drawing, power_of_value;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    const BreakEvenValue found = trial_case(seed).run().break_evens[0];
    ASSERT_TRUE(found.value && found.power && found.chance_reached);
    value.add(*found.value, found.value_error);
    chance.add(*found.chance_reached, found.chance_error);
    power.add(*found.power, found.power_error);
    const double share = *found.chance_reached;
    chance_of_drawing.add(share, std::sqrt(share * (1 - share) / 400));
    power_of_value.add(*found.power, 3 * found.value_error);  // its slope in the value alone is 3
  }
  EXPECT_NEAR(value.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(chance.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(power.ratio(), 1, allowed_of_many);
  EXPECT_GT(std::abs(power_of_value.ratio() - 1), allowed_of_many);
  EXPECT_LT(chance_of_drawing.ratio(), chance.ratio());
}

/// theta ~ N(.3, 1) seen with noise of sd 2: of 500 draws the share above nought hangs more on where the line passes
/// nought than on drawing (a variance of .63/D beside .24/D). The error allows for a surface that is off everywhere by
/// as much as it is on average and to one side: too large by up to the root of its degrees, 1.3 to 1.6 here, never too
/// small.
TEST(ChanceErrors, HoldTheErrorOfTheFit) {
  ErrorCheck chance, drawing, evpi;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    const AppraisalResult result = NoisyCase(500, seed).run_on(1);
    EXPECT_TRUE(result.is_noise_taken_out);
    const ArmValue& value = result.arms[0];
    chance.add(value.chance_pays, value.chance_error);
    drawing.add(value.chance_pays, std::sqrt(value.chance_pays * (1 - value.chance_pays) / 500));
    evpi.add(result.information->evpi_amount.mean, result.information->evpi_amount.mc_error);
  }
  EXPECT_GT(chance.ratio(), 1 - allowed_of_many);
  EXPECT_LT(chance.ratio(), 1.7 + allowed_of_many);
  EXPECT_LT(drawing.ratio(), 1 - allowed_of_many);
  EXPECT_NEAR(evpi.ratio(), 1, allowed_of_many);
}

TEST(ChanceErrors, OfAcceptabilityAndItsEvpiAreThoseOfTheAppraisal) {
  NoisyCase made(2000);
  Effect effect;
  effect.name = "seen";
  effect.lower_is_better = false;
  effect.quantity = outcome(0);
  effect.worth = {1};
  made.appraisal.effects = {effect};
  made.appraisal.flows[0].kind = Flow::Kind::economic;  // its net cost to the public purse is nought
  const AppraisalResult result = made.run_on(1);
  ASSERT_EQ(result.acceptability.size(), 1U);
  const Acceptability& curve = result.acceptability[0];
  EXPECT_EQ(curve.chance_best[1][0], result.arms[0].chance_pays);
  EXPECT_EQ(curve.chance_error[0], result.arms[0].chance_error);
  EXPECT_EQ(curve.evpi[0], result.information->evpi_amount.mean);
  EXPECT_EQ(curve.evpi_error[0], result.information->evpi_amount.mc_error);
}

TEST(ChanceErrors, OfAllOrNoDrawsAreExact) {
  AppraisalCase made;
  made.draws = 4000;
  const auto cost = made.figure("cost", {FixedLaw{0}, UniformLaw{1, 3}});
  const auto gain = made.figure("gain", {FixedLaw{0}, UniformLaw{5, 6}});
  made.flow(Role::programme_cost, number(1), input(cost));
  made.flow(Role::benefit, number(1), input(gain));
  AppraisalClaim claim;
  claim.of = AppraisalClaim::Of::ratio;
  claim.value = 16;
  claim.arms = {1};
  made.appraisal.claims = {claim};
  Portfolio portfolio;
  portfolio.budget = number(1);
  PortfolioProgramme programme;
  programme.cost_each = input(made.figure("cost each", {UniformLaw{1, 3}}));
  programme.expected_each = number(1);
  programme.worth_each = number(0.5);
  portfolio.programmes = {programme, programme};
  portfolio.programmes[1].cost_each = number(3);
  made.appraisal.portfolio = portfolio;
  made.appraisal.break_evens = {{cost, 1, "", {}, {}, {}}};
  Effect effect;
  effect.quantity = input(gain);
  effect.lower_is_better = false;
  effect.worth = {100};
  made.appraisal.effects = {effect};
  const AppraisalResult result = made.run();
  const double exact = (1 - std::pow(0.025, 1.0 / 4000)) / 1.959963984540054;
  EXPECT_EQ(result.arms[0].chance_pays, 1);
  EXPECT_NEAR(result.arms[0].chance_error, exact, 1e-12);
  EXPECT_EQ(result.claims[0].chance, 0);
  EXPECT_NEAR(result.claims[0].chance_error, exact, 1e-12);
  EXPECT_EQ(result.portfolio[0].chance_possible, 0);
  EXPECT_NEAR(result.portfolio[0].chance_possible_error, exact, 1e-12);
  EXPECT_EQ(result.portfolio[1].chance_possible, 0);
  EXPECT_EQ(result.portfolio[1].chance_possible_error, 0);  // £3 is known to be more than 50p
  EXPECT_EQ(result.acceptability[0].chance_best[1][0], 1);
  EXPECT_NEAR(result.acceptability[0].chance_error[0], exact, 1e-12);
  ASSERT_TRUE(result.break_evens[0].chance_reached);
  EXPECT_EQ(*result.break_evens[0].chance_reached, 1);  // it breaks even beyond its range
  EXPECT_NEAR(result.break_evens[0].chance_error, exact, 1e-12);
}

TEST(ChanceErrors, OfFewerThanAHundredDrawsSayThatNothingIsTakenOut) {
  const AppraisalResult result = NoisyCase(99).run_on(1);
  EXPECT_TRUE(result.has_inner_noise);
  EXPECT_FALSE(result.is_noise_taken_out);
  EXPECT_EQ(result.arms[0].chance_pays, result.arms[0].chance_plug_in);
}

TEST(RatioErrors, OfReturnAndOfIncrementsAreTheScatter) {
  ErrorCheck roi, icer, ratio_of_second;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    AppraisalCase made(1, 3);
    made.seed = seed;
    made.draws = 400;
    const auto cost = made.figure("cost", {FixedLaw{0}, UniformLaw{80, 120}, UniformLaw{250, 350}});
    const auto averted = made.figure("averted", {FixedLaw{0}, UniformLaw{1, 3}, UniformLaw{3, 5}}, "offence");
    made.flow(Role::programme_cost, number(1), input(cost));
    made.flow(Role::benefit, input(averted), number(100));
    Effect effect;
    effect.lower_is_better = false;
    effect.quantity = input(averted);
    made.appraisal.effects = {effect};
    const AppraisalResult result = made.run();
    roi.add(result.arms[0].return_on_investment, result.arms[0].roi_error);
    const EffectValue& second = result.effects[2];
    ASSERT_TRUE(second.icer && second.icer_error);
    EXPECT_EQ(second.versus, "arm 1");
    icer.add(*second.icer, *second.icer_error);
    ratio_of_second.add(*second.icer, *second.cost_each_error);  // against nothing, not against the arm before it
  }
  EXPECT_NEAR(roi.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(icer.ratio(), 1, allowed_of_many);
  EXPECT_GT(std::abs(ratio_of_second.ratio() - 1), allowed_of_many);
}

/// Hours freed are U(0, 4000), a post has 1,600: two posts in a fifth of draws, one or more in three fifths, so .8 on
/// average, though the mean hours make one.
TEST(WholeSteps, AreCountedInEachDraw) {
  AppraisalCase made(2);
  made.draws = 20000;
  const auto hours = made.figure("hours", {FixedLaw{4000}, UniformLaw{0, 4000}}, "hours");
  Flow& flow = made.yearly(Role::cost, input(hours), number(20));
  flow.kind = Flow::Kind::cashable;
  flow.step = 1600;
  const AppraisalResult result = made.run();
  const double sd = std::sqrt(0.4 + 4 * 0.2 - 0.64), years = 1 + 1 / 1.035;
  ASSERT_TRUE(result.flows[0].steps);
  const DrawnAmount& steps = *result.flows[0].steps;
  EXPECT_NEAR(steps.mean, 0.8, 4.9 * steps.mc_error);  // false alarm 1e-6; of the mean hours it would be 1
  EXPECT_NEAR(steps.mc_error, sd / std::sqrt(20000.0), 0.05 * steps.mc_error);
  EXPECT_EQ(steps.low, 0);
  EXPECT_EQ(steps.high, 2);
  const DrawnAmount& cashable = result.arms[0].cashable;
  EXPECT_NEAR(cashable.mean, 1600 * 20 * years * steps.mean, 1e-6);
  EXPECT_NEAR(cashable.mc_error, 1600 * 20 * years * steps.mc_error, 1e-6);
  EXPECT_NEAR(cashable.high, 2 * 1600 * 20 * years, 1e-6);
  EXPECT_NEAR(result.cash_totals.back().budget.mean, 2 * 1600 * 20 * steps.mean, 1e-6);
}

/// Of an outcome seen through luck steps are those of its mean given the figures: floor(N(.3, 1)) has the mean
/// sum over k of P(> k) - ..., -.2, where luck of sd 2 has no part. The error holds that of the fit.
TEST(WholeSteps, AreOfTheMeanThatFiguresGive) {
  ErrorCheck cashed;
  constexpr int draws = 500;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    NoisyCase made(draws, seed);
    made.appraisal.flows[0].kind = Flow::Kind::cashable;
    made.appraisal.flows[0].step = 1;
    const DrawnAmount found = made.run_on(1).arms[0].cashable;
    cashed.add(found.mean, found.mc_error);
  }
  double truth = 0;
  for (int k = 1; k <= 12; ++k)
    truth += 0.5 * std::erfc((k - 0.3) / std::sqrt(2.0)) - 0.5 * std::erfc((k - 1 + 0.3) / std::sqrt(2.0));
  EXPECT_NEAR(cashed.mean(), truth, 4.9 * cashed.scatter() / std::sqrt(static_cast<double>(many)) + 0.02);
  EXPECT_GT(cashed.ratio(), 1 - allowed_of_many);
  EXPECT_LT(cashed.ratio(), 1.7 + allowed_of_many);
}

TEST(Payback, IsThatOfEachForm) {
  AppraisalCase made(4);
  const auto price = made.figure("price", {FixedLaw{0}, FixedLaw{250}});
  const auto gain = made.figure("gain", {FixedLaw{0}, FixedLaw{100}});
  made.flow(Role::programme_cost, number(1), input(price));
  made.yearly(Role::benefit, number(1), input(gain)).fades = true;
  made.appraisal.fades = {{"stays", "", Fade::Form::constant, {}, {}, {}},
                          {"stops", "", Fade::Form::stops, {}, {}, {}},
                          {"falls", "", Fade::Form::linear, number(6), {}, {}}};
  made.appraisal.discounting.push_back({"none", "not discounted", "", {1, 1, 1, 1}});
  const AppraisalResult result = made.run();
  ASSERT_EQ(result.arms.size(), 4U);
  EXPECT_EQ(result.arms[0].payback_year, 2);
  EXPECT_FALSE(result.arms[1].payback_year);
  EXPECT_EQ(result.arms[2].payback_year, 2);  // 100, 191.7, 266.7
  EXPECT_EQ(result.arms[3].payback_year, 2);
}

/// 250 against gains of 100 +/- 100 a year: back in the third. With 100 draws the sums' errors are 10, 20, 30: after
/// the second year the sum is 2.5 errors below nought, after the third 1.7 above. The range holds the true year in at
/// least 95 of 100 sets of draws; of 400 sets 4.9 errors are 5.4 in 100.
TEST(Payback, TellsTheYearsThatTheDrawsDoNotTellApart) {
  int held = 0, sets = 400, moved = 0;
  for (std::uint64_t seed = 1; seed <= static_cast<std::uint64_t>(sets); ++seed) {
    AppraisalCase made(5);
    made.seed = seed;
    made.draws = 100;
    const auto price = made.figure("price", {FixedLaw{0}, FixedLaw{250}});
    const auto gain = made.figure("gain", {FixedLaw{0}, made.normal(100, 100)});
    made.flow(Role::programme_cost, number(1), input(price));
    made.yearly(Role::benefit, number(1), input(gain));
    const AppraisalResult result = made.run();
    const ArmValue& value = result.arms.front();
    ASSERT_TRUE(value.payback_earliest);
    const int last = value.payback_latest.value_or(99);
    EXPECT_LE(*value.payback_earliest, value.payback_year.value_or(99));
    EXPECT_LE(value.payback_year.value_or(99), last);
    held += *value.payback_earliest <= 2 && 2 <= last ? 1 : 0;
    moved += value.payback_year != 2 ? 1 : 0;
    // The same by hand: the k-th sum is k times the mean gain, with k times its error.
    const CashTotal& third = *std::find_if(result.cash_totals.begin(), result.cash_totals.end(),
                                           [](const CashTotal& total) { return total.year == 2; });
    EXPECT_EQ(*value.payback_earliest <= 2, third.all.mean + 1.96 * third.all.mc_error >= 0);
    EXPECT_EQ(last <= 2, third.all.mean - 1.96 * third.all.mc_error >= 0);
  }
  EXPECT_GT(moved, 0);  // by the draws alone the year is another now and then
  EXPECT_GE(held, sets * (0.95 - 4.9 * 0.011));
}

/// A study whose people, costs and appraised people are themselves not known.
TEST(StudyErrors, AreTheScatterOfTheNet) {
  ErrorCheck net, in_sample, cross_validated, population, cost;
  for (std::uint64_t seed = 1; seed <= many; ++seed) {
    AppraisalCase made(3);
    made.seed = seed;
    made.draws = 400;
    const auto gain = made.figure("gain", {FixedLaw{0}, made.normal(-20, 100)});
    const auto each_year = made.figure("people a year", {UniformLaw{100, 300}}, "people per year");
    const auto price = made.figure("price", {UniformLaw{1, 9}});
    made.flow(Role::benefit, number(1), input(gain));
    NextStudy study;
    study.name = "trial";
    study.measure = NextStudy::Measure::mean;
    study.treated = gain;
    study.sd = 500;
    study.sizes = {50, 100};
    study.cost_fixed = number(100);
    study.cost_each = input(price);
    study.answer_after = 1;
    study.decision_lasts = 3;
    study.people_a_year = input(each_year);
    made.appraisal.studies = {study};
    const AppraisalResult result = made.run();
    const StudyValue& found = result.information->studies[1];
    net.add(found.net, found.net_error);
    population.add(found.population, found.population_error);
    cost.add(found.cost, found.cost_error);
    in_sample.add(found.evsi, found.evsi_error);
    cross_validated.add(found.evsi_cross_validated, found.evsi_cross_validated_error);
    EXPECT_LE(found.evsi_cross_validated, found.evsi + 3 * found.evsi_error);
  }
  EXPECT_NEAR(net.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(population.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(cost.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(in_sample.ratio(), 1, allowed_of_many);
  EXPECT_NEAR(cross_validated.ratio(), 1, 0.25);  // folds share their draws: a bias of 10%
  EXPECT_GT(in_sample.mean(), cross_validated.mean());
}

}  // namespace
}  // namespace desist::test
