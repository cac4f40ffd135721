// Money by arm against closed forms, a second implementation and invariances.
#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "engine/estimation/appraisal.hpp"
#include "tests/estimation/appraisal_case.hpp"

namespace desist::test {
namespace {

using Role = Flow::Role;
using Kind = Flow::Kind;

/// A course at a price for people of whom fewer reoffend; in `arms` arms, the last of which has the course.
AppraisalCase course_case(int years = 3) {
  AppraisalCase made(years);
  const auto people = made.figure("people", {FixedLaw{300}}, "person");
  const auto on_course = made.figure("on course", {FixedLaw{0}, FixedLaw{1}}, "share");
  const auto price = made.figure("price", {UniformLaw{200, 320}});
  const auto risk = made.figure("risk", {CountLaw{49, 70}, CountLaw{40, 70}}, "share");
  const auto crime = made.figure("crime", {TriangularLaw{800, 1500, 4000}});
  made.flow(Role::programme_cost, input(on_course) * input(people), input(price));
  made.yearly(Role::cost, input(people) * input(risk), input(crime)).fades = true;
  made.appraisal.fades = {{"halves", "", Fade::Form::exponential, number(2), {}, {}},
                          {"stops", "", Fade::Form::stops, {}, {}, {}}};
  return made;
}

const ArmValue& main_value(const AppraisalResult& result, std::size_t arm = 1) {
  return *std::find_if(result.arms.begin(), result.arms.end(), [&](const ArmValue& each) { return each.arm == arm; });
}

// Composite Simpson's rule on 2,000 pieces of each smooth stretch.
double integrated(double (*f)(double, double, double), double time, double kept, int year, double evidence) {
  const auto weight = [&](double t) { return t < evidence ? 1.0 : f(t - evidence, time, kept); };
  std::vector<double> ends{static_cast<double>(year), year + 1.0};
  for (const double kink : {evidence, evidence + time})
    if (kink > year && kink < year + 1) ends.push_back(kink);
  std::sort(ends.begin(), ends.end());
  double sum = 0;
  for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
    constexpr int pieces = 2000;
    const double h = (ends[i + 1] - ends[i]) / pieces;
    const double inside = 1e-13;  // the weight may jump at an end
    for (int k = 0; k < pieces; ++k) {
      const double a = ends[i] + k * h, b = a + h;
      sum += h / 6 * (weight(a + inside) + 4 * weight((a + b) / 2) + weight(b - inside));
    }
  }
  return sum;
}

double stopped(double, double, double) { return 0; }
double falling(double s, double time, double) { return std::max(0.0, 1 - s / time); }
double halving(double s, double time, double) { return std::exp2(-s / time); }
double cured(double s, double time, double kept) { return kept + (1 - kept) * std::exp2(-s / time); }

TEST(FadeWeight, IsTheMeanOverTheYear) {
  for (const double evidence : {0.0, 0.4, 1.0, 1.5, 3.0})
    for (const double time : {0.3, 1.0, 2.5, 20.0})
      for (int year = 0; year < 6; ++year) {
        SCOPED_TRACE(testing::Message() << evidence << ' ' << time << ' ' << year);
        const double kept = 0.3;
        EXPECT_NEAR(fade_weight(Fade::Form::stops, time, kept, year, evidence),
                    integrated(stopped, time, kept, year, evidence), 1e-9);
        EXPECT_NEAR(fade_weight(Fade::Form::linear, time, kept, year, evidence),
                    integrated(falling, time, kept, year, evidence), 1e-9);
        EXPECT_NEAR(fade_weight(Fade::Form::exponential, time, kept, year, evidence),
                    integrated(halving, time, kept, year, evidence), 1e-9);
        EXPECT_NEAR(fade_weight(Fade::Form::cure, time, kept, year, evidence),
                    integrated(cured, time, kept, year, evidence), 1e-9);
        EXPECT_EQ(fade_weight(Fade::Form::constant, time, kept, year, evidence), 1);
      }
}

TEST(FadeWeight, GoneInNoTimeStopsAndOneWithoutEndStays) {
  for (const auto form : {Fade::Form::linear, Fade::Form::exponential}) {
    EXPECT_EQ(fade_weight(form, 0, 0, 0, 1), 1);
    EXPECT_EQ(fade_weight(form, 0, 0, 1, 1), 0);
  }
  EXPECT_EQ(fade_weight(Fade::Form::exponential, INFINITY, 0, 5, 1), 1);
  EXPECT_EQ(fade_weight(Fade::Form::cure, 0, 0.25, 5, 1), 0.25);
}

/// What a file of this size says, one number after the other.
struct Naive {
  std::vector<double> npv, benefits, costs;
  explicit Naive(const AppraisalCase& of) {
    const ParameterDraws rows = of.drawn();
    const auto evaluate = [&](const Formula& formula, const std::vector<double>& row, std::size_t arm) {
      std::vector<double> stack;
      for (const Formula::Step& step : formula.steps) {
        if (step.operation == Formula::Operation::number) {
          stack.push_back(step.number);
        } else if (step.operation == Formula::Operation::input) {
          const AppraisalInput& figure = of.appraisal.inputs[step.index];
          stack.push_back(row[figure.slots[arm]] * figure.factor);
        } else {
          const double b = stack.back();
          stack.pop_back();
          double& a = stack.back();
          a = step.operation == Formula::Operation::add        ? a + b
              : step.operation == Formula::Operation::subtract ? a - b
              : step.operation == Formula::Operation::multiply ? a * b
                                                               : a / b;
        }
      }
      return stack.back();
    };
    for (std::uint64_t d = 0; d < of.draws; ++d) {
      const std::vector<double> row = rows.row(d);
      double benefit = 0, cost = 0;
      for (const Flow& flow : of.appraisal.flows) {
        for (int year = flow.first; year <= (flow.yearly ? flow.last : flow.first); ++year) {
          double amounts[2];
          for (const std::size_t arm : {0U, 1U}) {
            amounts[arm] = evaluate(flow.quantity, row, arm) * evaluate(flow.each, row, arm);
            if (flow.optimism_bias) amounts[arm] *= 1 + evaluate(*flow.optimism_bias, row, arm);
          }
          const double factor = of.appraisal.discounting[0].factors[static_cast<std::size_t>(year)];
          double weight = 1;
          if (flow.fades && !of.appraisal.fades.empty()) {
            const Fade& fade = of.appraisal.fades[0];
            weight = fade_weight(fade.form, fade.time ? evaluate(*fade.time, row, 1) : 0,
                                 fade.kept ? evaluate(*fade.kept, row, 1) : 0, year, of.appraisal.evidence_years);
          }
          const double more = factor * (amounts[1] - amounts[0]);
          if (flow.role == Role::programme_cost) cost += more;
          if (flow.role == Role::cost) benefit -= weight * more;
          if (flow.role == Role::benefit) benefit += weight * more;
        }
      }
      npv.push_back(benefit - cost);
      benefits.push_back(benefit);
      costs.push_back(cost);
    }
  }
};

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}
double order_statistic(std::vector<double> values, double q) {
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()))) - 1];
}

AppraisalCase random_case(std::uint32_t seed) {
  std::mt19937 random(seed);
  const auto uniform = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(random()) / 4294967296.0;
  };
  AppraisalCase made(1 + static_cast<int>(random() % 6));
  made.seed = seed;
  made.draws = 300;
  std::vector<std::size_t> figures;
  for (int i = 0; i < 6; ++i) {
    const double low = uniform(0.1, 5);
    const Law range = UniformLaw{low, low + uniform(0, 3)};
    figures.push_back(random() % 2 == 0
                          ? made.figure("figure " + std::to_string(i), {range})
                          : made.figure("figure " + std::to_string(i), {range, FixedLaw{uniform(0.1, 5)}}));
  }
  const auto any = [&] { return input(figures[random() % figures.size()]); };
  made.appraisal.evidence_years = uniform(0, 2);
  made.appraisal.fades = {{"cured", "", Fade::Form::cure, any(), number(0.2), {}}};
  for (int i = 0; i < 5; ++i) {
    const Role role = static_cast<Role>(random() % 3);
    const Formula each = random() % 2 == 0 ? any() + number(1) : any() / (any() - number(9));
    Flow& flow = random() % 2 == 0 ? made.flow(role, any() * any(), each) : made.yearly(role, any(), each);
    if (!flow.yearly) flow.first = static_cast<int>(random() % static_cast<unsigned>(made.appraisal.years));
    flow.fades = random() % 2 == 0;
    if (role == Role::programme_cost) flow.optimism_bias = number(uniform(0, 0.4));
  }
  return made;
}

TEST(Appraise, AgreesWithASecondImplementation) {
  for (std::uint32_t seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const AppraisalCase random = random_case(seed);
    const Naive naive(random);
    const AppraisalResult result = random.run();
    const ArmValue& value = main_value(result);
    double scale = 1;
    for (const double npv : naive.npv) scale = std::max(scale, std::abs(npv));
    const double rounding = 1e-12 * scale * 100;
    EXPECT_NEAR(value.npv.mean, mean(naive.npv), rounding);
    EXPECT_NEAR(value.npv.low, order_statistic(naive.npv, 0.025), rounding);
    EXPECT_NEAR(value.npv.high, order_statistic(naive.npv, 0.975), rounding);
    EXPECT_NEAR(value.benefits.mean, mean(naive.benefits), rounding);
    EXPECT_NEAR(value.costs.mean, mean(naive.costs), rounding);
    EXPECT_EQ(value.chance_pays, static_cast<double>(std::count_if(naive.npv.begin(), naive.npv.end(),
                                                                   [](double npv) { return npv > 0; })) /
                                     300);
    double flows = 0, cash = 0;
    for (const FlowValue& flow : result.flows) flows += flow.present_value.mean;
    for (const CashFlow& row : result.cash) cash += row.present_value;
    EXPECT_NEAR(flows, value.npv.mean, rounding);
    EXPECT_NEAR(cash, value.npv.mean, rounding);
    std::map<std::pair<std::string, int>, double> sums;  // of a bearer's years, added up apart
    for (const CashFlow& row : result.cash)
      for (int year = row.year; year < random.appraisal.years; ++year)
        sums[{random.appraisal.flows[row.flow].bearer, year}] += row.amount.mean;
    std::vector<double> together(static_cast<std::size_t>(random.appraisal.years));
    for (const BearerCash& total : result.bearer_cash) {
      EXPECT_NEAR(total.all.mean, (sums[{total.bearer, total.year}]), rounding);
      together[static_cast<std::size_t>(total.year)] += total.all.mean;
    }
    for (const CashTotal& total : result.cash_totals)
      EXPECT_NEAR(together[static_cast<std::size_t>(total.year)], total.all.mean, rounding);
  }
}

TEST(Appraise, ABearersCashHasTheBandOfItsOwnSums) {
  // One bearer alone is everybody.
  AppraisalCase alone = course_case();
  for (Flow& flow : alone.appraisal.flows) flow.bearer = "police";
  const AppraisalResult result = alone.run();
  ASSERT_EQ(result.bearer_cash.size(), result.cash_totals.size());
  for (std::size_t i = 0; i < result.bearer_cash.size(); ++i) {
    EXPECT_EQ(result.bearer_cash[i].year, result.cash_totals[i].year);
    EXPECT_DOUBLE_EQ(result.bearer_cash[i].all.low, result.cash_totals[i].all.low);
    EXPECT_DOUBLE_EQ(result.bearer_cash[i].all.high, result.cash_totals[i].all.high);
    EXPECT_DOUBLE_EQ(result.bearer_cash[i].all.mc_error, result.cash_totals[i].all.mc_error);
  }
}

TEST(Appraise, ArmsAlikeDifferByExactlyNothing) {
  AppraisalCase alike = course_case();
  for (AppraisalInput& each : alike.appraisal.inputs) each.slots[1] = each.slots[0];
  const AppraisalResult result = alike.run();
  for (const ArmValue& value : result.arms) {
    EXPECT_EQ(value.npv.mean, 0);
    EXPECT_EQ(value.npv.mc_error, 0);
    EXPECT_EQ(value.npv.low, 0);
    EXPECT_EQ(value.npv.high, 0);
    EXPECT_EQ(value.chance_pays, 0);
    EXPECT_FALSE(value.bcr);
    EXPECT_TRUE(std::isnan(value.return_on_investment));
    EXPECT_FALSE(value.payback_year);
  }
  ASSERT_TRUE(result.information);
  EXPECT_EQ(result.information->evpi_amount.mean, 0);
}

TEST(Appraise, CostsInPenceAreAHundredTimesAsMany) {
  const AppraisalResult pounds = course_case().run();
  AppraisalCase scaled = course_case();
  for (Flow& flow : scaled.appraisal.flows) flow.each = flow.each * number(128);  // a power of two: exactly
  const AppraisalResult many = scaled.run();
  ASSERT_EQ(many.arms.size(), pounds.arms.size());
  for (std::size_t i = 0; i < many.arms.size(); ++i) {
    EXPECT_EQ(many.arms[i].npv.mean, 128 * pounds.arms[i].npv.mean);
    EXPECT_EQ(many.arms[i].npv.low, 128 * pounds.arms[i].npv.low);
    EXPECT_EQ(many.arms[i].npv.mc_error, 128 * pounds.arms[i].npv.mc_error);
    EXPECT_EQ(many.arms[i].chance_pays, pounds.arms[i].chance_pays);
    EXPECT_EQ(many.arms[i].bcr->mean, pounds.arms[i].bcr->mean);
  }
}

TEST(Appraise, WhatBothArmsPayMovesNothing) {
  const AppraisalResult before = course_case().run();
  AppraisalCase shifted = course_case();
  const auto rent = shifted.figure("rent", {UniformLaw{1000, 9000}});
  shifted.yearly(Role::cost, number(1), input(rent));
  const AppraisalResult after = shifted.run();
  for (std::size_t i = 0; i < after.arms.size(); ++i) {
    EXPECT_EQ(after.arms[i].npv.mean, before.arms[i].npv.mean);
    EXPECT_EQ(after.arms[i].npv.high, before.arms[i].npv.high);
    EXPECT_EQ(after.arms[i].bcr->low, before.arms[i].bcr->low);
  }
  EXPECT_EQ(after.information->evpi_amount.mean, before.information->evpi_amount.mean);
}

TEST(Appraise, OrderOfArmsMovesNothing) {
  const auto made = [](bool exchanged) {
    AppraisalCase three(2, 3);
    const std::vector<Law> prices{FixedLaw{0}, FixedLaw{40}, FixedLaw{90}};
    const auto price = three.figure("price", prices);
    const auto gain = three.figure("gain", {FixedLaw{0}, UniformLaw{0, 100}, UniformLaw{30, 200}});
    three.flow(Role::programme_cost, number(1), input(price));
    three.flow(Role::benefit, number(1), input(gain));
    if (exchanged)
      for (AppraisalInput& each : three.appraisal.inputs) std::swap(each.slots[1], each.slots[2]);
    return three.run();
  };
  const AppraisalResult one = made(false), other = made(true);
  EXPECT_EQ(main_value(one, 1).npv.mean, main_value(other, 2).npv.mean);
  EXPECT_EQ(main_value(one, 2).npv.low, main_value(other, 1).npv.low);
  EXPECT_EQ(main_value(one, 2).chance_pays, main_value(other, 1).chance_pays);
  EXPECT_EQ(one.information->evpi_amount.mean, other.information->evpi_amount.mean);
}

TEST(Appraise, RelabellingBearersLeavesTotalsAndRatio) {
  const AppraisalResult before = course_case().run();
  AppraisalCase relabelled = course_case();
  for (Flow& flow : relabelled.appraisal.flows) flow.bearer = "victims";
  const AppraisalResult after = relabelled.run();
  for (std::size_t i = 0; i < after.arms.size(); ++i) {
    EXPECT_EQ(after.arms[i].npv.mean, before.arms[i].npv.mean);
    EXPECT_EQ(after.arms[i].bcr->mean, before.arms[i].bcr->mean);
  }
}

TEST(Appraise, ASavingIsAboveTheLineAndNeverInTheDenominator) {
  AppraisalCase made;
  made.flow(Role::programme_cost, number(1), number(0)).each =
      input(made.figure("price", {FixedLaw{0}, FixedLaw{100}}));
  made.flow(Role::cost, number(1), input(made.figure("saved", {FixedLaw{300}, FixedLaw{150}})));
  made.flow(Role::cost, number(1), input(made.figure("private", {FixedLaw{0}, FixedLaw{30}})));
  const ArmValue value = main_value(made.run());
  EXPECT_DOUBLE_EQ(value.benefits.mean, 120);  // 150 saved less 30 that people pay themselves
  EXPECT_DOUBLE_EQ(value.costs.mean, 100);
  EXPECT_DOUBLE_EQ(value.bcr->mean, 1.2);
  EXPECT_DOUBLE_EQ(value.npv.mean, 20);
  EXPECT_DOUBLE_EQ(value.return_on_investment, 0.2);
  EXPECT_EQ(value.npv.mc_error, 0);
  EXPECT_EQ(value.chance_pays, 1);
}

// £78,000 is the middle of 300 x (£200 to £320); nothing can be cashed.
TEST(Appraise, AClaimIsTrueInTheDrawsThatFulfilIt) {
  AppraisalCase made = course_case();
  using Of = AppraisalClaim::Of;
  made.appraisal.claims = {
      {"", "", "", "", Of::costs, "", false, 78'000, {1}},     {"", "", "", "", Of::costs, "", true, 78'000, {1}},
      {"", "", "", "", Of::cashable_ratio, "", true, 16, {1}}, {"", "", "", "", Of::net_value, "", true, 0, {1}},
      {"", "", "", "", Of::ratio, "", true, 1, {1}},           {"", "", "", "", Of::ratio, "victims", true, 1, {1}},
      {"", "", "", "", Of::ratio, "police", true, 1e-9, {1}}};
  made.appraisal.flows[0].bearer = "police";  // who pay, and gain nothing
  made.appraisal.flows[1].bearer = "victims";
  made.draws = 10'000;
  const AppraisalResult result = made.run();
  ASSERT_EQ(result.claims.size(), 7U);
  const double error = std::sqrt(0.25 / 10'000);
  EXPECT_NEAR(result.claims[0].chance, 0.5, 4.9 * error);  // false alarm 1e-6; a share of .46 is found
  EXPECT_NEAR(result.claims[0].chance_error, error, error / 100);
  EXPECT_EQ(result.claims[1].chance, 1 - result.claims[0].chance);
  EXPECT_EQ(result.claims[2].chance, 0);
  EXPECT_EQ(result.claims[3].chance, main_value(result).chance_pays);
  EXPECT_EQ(result.claims[4].chance, main_value(result).chance_pays);
  EXPECT_EQ(result.claims[5].chance, main_value(result).chance_pays);
  EXPECT_EQ(result.claims[6].chance, 0);
}

TEST(Appraise, OptimismBiasRaisesProgrammeCostsOnce) {
  AppraisalCase made(3);
  const auto price = made.figure("price", {FixedLaw{0}, FixedLaw{100}});
  made.yearly(Role::programme_cost, number(2), input(price)).optimism_bias = number(0.1);
  made.yearly(Role::benefit, number(1), input(price)).optimism_bias = number(0.1);  // of costs only
  const ArmValue value = main_value(made.run());
  const double years = 1 + 1 / 1.035 + 1 / 1.035 / 1.035;
  EXPECT_NEAR(value.costs.mean, 220 * years, 1e-9);
  EXPECT_NEAR(value.benefits.mean, 100 * years, 1e-9);
}

TEST(Appraise, ARatioIsOfMeansWithItsDeltaError) {
  AppraisalCase made;
  made.draws = 20000;
  const auto cost = made.figure("cost", {FixedLaw{0}, UniformLaw{1, 3}});
  const auto gain = made.figure("gain", {FixedLaw{0}, UniformLaw{2, 6}});
  made.flow(Role::programme_cost, number(1), input(cost));
  made.flow(Role::benefit, number(1), input(gain));
  const ArmValue value = main_value(made.run());
  ASSERT_TRUE(value.bcr);
  // E[B]/E[C] = 2; the mean of ratios would be 4 log(3)/2 = 2.197.
  EXPECT_NEAR(value.bcr->mean, 2, 5 * value.bcr->mc_error);
  // Var(B - 2 C) = 16/12 + 4 x 4/12 = 8/3.
  EXPECT_NEAR(value.bcr->mc_error, std::sqrt(8.0 / 3 / 20000) / 2, 0.03 * value.bcr->mc_error);
  EXPECT_GT(value.bcr->low, 2.0 / 3);
  EXPECT_LT(value.bcr->high, 6);
}

TEST(Appraise, LimitsOfARatioNeedEveryDrawToCostSomething) {
  AppraisalCase made;
  made.flow(Role::programme_cost, number(1), input(made.figure("cost", {FixedLaw{0}, UniformLaw{-1, 9}})));
  made.flow(Role::benefit, number(1), input(made.figure("gain", {FixedLaw{0}, FixedLaw{8}})));
  const ArmValue value = main_value(made.run());
  ASSERT_TRUE(value.bcr);
  EXPECT_NEAR(value.bcr->mean, 2, 5 * value.bcr->mc_error);
  EXPECT_TRUE(std::isnan(value.bcr->low));
  EXPECT_TRUE(std::isnan(value.bcr->high));
}

TEST(Appraise, OnlyWholeStepsAreCashed) {
  AppraisalCase made(2);
  const auto hours = made.figure("hours", {FixedLaw{9000}, FixedLaw{5000}});
  const auto wage = made.figure("wage", {FixedLaw{20}});
  Flow& flow = made.yearly(Role::cost, input(hours), input(wage));
  flow.kind = Kind::cashable;
  flow.step = 1600;
  flow.fades = true;
  made.appraisal.evidence_years = 1;
  made.appraisal.fades = {{"halves", "", Fade::Form::exponential, number(1), {}, {}}};
  const AppraisalResult result = made.run();
  const ArmValue& value = main_value(result);
  const double second = 0.5 / std::numbers::ln2;  // the mean of 2^-s over the second year: 2,885 hours, one post
  EXPECT_NEAR(value.npv.mean, 4000 * 20 * (1 + second / 1.035), 1e-8);
  EXPECT_NEAR(value.cashable.mean, 2 * 1600 * 20 + 1600 * 20 / 1.035, 1e-8);
  ASSERT_TRUE(result.flows[0].steps);
  EXPECT_EQ(result.flows[0].steps->mean, 1);
  EXPECT_NEAR(value.fiscal_npv.mean, value.cashable.mean, 1e-8);
}

TEST(Appraise, AStepThatIsNotReachedCashesNothing) {
  AppraisalCase made;
  Flow& flow = made.flow(Role::cost, input(made.figure("hours", {FixedLaw{1599}, FixedLaw{0}})), number(20));
  flow.kind = Kind::cashable;
  flow.step = 1600;
  EXPECT_EQ(main_value(made.run()).cashable.mean, 0);
  EXPECT_EQ(main_value(made.run()).npv.mean, 1599 * 20);
}

TEST(Appraise, MoneyIsBackInTheYearWhoseEndItAddsUp) {
  AppraisalCase made(4);
  const auto price = made.figure("price", {FixedLaw{0}, FixedLaw{250}});
  const auto gain = made.figure("gain", {FixedLaw{0}, FixedLaw{100}});
  made.flow(Role::programme_cost, number(1), input(price));
  made.yearly(Role::benefit, number(1), input(gain));
  EXPECT_EQ(main_value(made.run()).payback_year, 2);
  made.appraisal.flows[1].last = 1;
  EXPECT_FALSE(main_value(made.run()).payback_year);
}

TEST(Appraise, FormsAndSchedulesStandSideBySide) {
  AppraisalCase made = course_case();
  made.appraisal.discounting.push_back({"none", "not discounted", "", {1, 1, 1}});
  const AppraisalResult result = made.run();
  ASSERT_EQ(result.arms.size(), 3U);
  EXPECT_EQ(result.arms[0].fade, 0U);
  EXPECT_EQ(result.arms[1].fade, 1U);
  EXPECT_EQ(result.arms[2].discounting, 1U);
  EXPECT_LT(result.arms[1].benefits.mean, result.arms[0].benefits.mean);
  EXPECT_GT(result.arms[2].benefits.mean, result.arms[0].benefits.mean);
  EXPECT_EQ(result.arms[1].costs.mean, result.arms[0].costs.mean);  // programme costs don't fade
}

TEST(Appraise, WeightedFormsAreOneMoreParameter) {
  AppraisalCase made(2);
  made.draws = 40000;
  made.flow(Role::programme_cost, number(1), input(made.figure("price", {FixedLaw{0}, FixedLaw{130}})));
  made.yearly(Role::benefit, number(1), input(made.figure("gain", {FixedLaw{0}, FixedLaw{100}}))).fades = true;
  made.appraisal.fades = {{"stays", "", Fade::Form::constant, {}, {}, 0.25},
                          {"stops", "", Fade::Form::stops, {}, {}, 0.75}};
  EXPECT_EQ(main_fade(made.appraisal), 2U);
  const AppraisalResult result = made.run();
  ASSERT_EQ(result.arms.size(), 3U);
  EXPECT_EQ(result.arms[0].fade, 2U);
  EXPECT_NEAR(result.arms[1].npv.mean, -30 + 100 / 1.035, 1e-9);
  EXPECT_NEAR(result.arms[2].npv.mean, -30, 1e-9);
  // A binomial share of 40,000 draws: 5 errors are 0.0108.
  EXPECT_NEAR(result.arms[0].chance_pays, 0.25, 0.0108);
  EXPECT_NEAR(result.arms[0].npv.mean, -30 + 25 / 1.035, 5 * result.arms[0].npv.mc_error);
  // Knowing the form: 1/4 x (what it pays if it stays), since by its mean it isn't done.
  ASSERT_EQ(result.information->figures.size(), 1U);
  const InformationValue& form = result.information->figures[0];
  EXPECT_TRUE(form.slots.empty());
  EXPECT_NEAR(form.in_sample, 0.25 * (-30 + 100 / 1.035), 5 * form.mc_error);
  EXPECT_NEAR(form.in_sample, result.information->evpi_amount.mean, 1e-6);
}

TEST(Appraise, ANormalNetValuePaysWithTheNormalChance) {
  AppraisalCase made;
  made.draws = 40000;
  made.flow(Role::benefit, number(1), input(made.figure("gain", {FixedLaw{0}, made.normal(50, 100)})));
  const AppraisalResult result = made.run();
  const ArmValue& value = main_value(result);
  EXPECT_NEAR(value.npv.mean, 50, 5 * value.npv.mc_error);
  EXPECT_NEAR(value.npv.mc_error, 0.5, 0.5 * 5 / std::sqrt(2 * 40000.0));
  EXPECT_NEAR(value.chance_pays, 0.5 * std::erfc(-0.5 / std::numbers::sqrt2), 5 * value.chance_error);
  EXPECT_EQ(value.chance_pays, value.chance_plug_in);
  EXPECT_NEAR(value.npv.low, 50 - 196, 5 * 100 * std::sqrt(0.025 * 0.975 / 40000) / 0.05844507);
  const double evpi = 100 * std::exp(-0.125) / std::sqrt(2 * std::numbers::pi) -
                      50 * 0.5 * std::erfc(0.5 / std::numbers::sqrt2);  // mathematics.md 8.4
  EXPECT_NEAR(result.information->evpi_amount.mean, evpi, 5 * result.information->evpi_amount.mc_error);
}

}  // namespace
}  // namespace desist::test
