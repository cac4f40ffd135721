// An appraisal of more draws than are at hand: what is folded part by part is what all draws say, worked out here from
// the draws themselves; what needs a table is that of the first draws.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "tests/estimation/appraisal_case.hpp"

namespace desist::test {
namespace {

using Role = Flow::Role;

constexpr double same = 1e-9;  // relative: sums in another order

struct Naive {
  double mean = 0, error = 0, low = 0, high = 0;
};

double mean_over(const std::vector<double>& values) {
  long double sum = 0;
  for (const double value : values) sum += value;
  return static_cast<double>(sum / static_cast<long double>(values.size()));
}

double sd_over(const std::vector<double>& values) {
  const double mean = mean_over(values);
  long double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(static_cast<double>(squares / static_cast<long double>(values.size() - 1)));
}

Naive naive(std::vector<double> values) {
  Naive of{mean_over(values), sd_over(values) / std::sqrt(static_cast<double>(values.size()))};
  std::sort(values.begin(), values.end());
  const auto place = [&](double q) {
    return values[static_cast<std::size_t>(std::ceil(q * static_cast<double>(values.size()))) - 1];
  };
  of.low = place(0.025);
  of.high = place(0.975);
  return of;
}

/// Limits within a bucket: at two deviations from the middle it is 2/4096 of one wide; here three at the most.
void expect_same(const DrawnAmount& found, const std::vector<double>& values) {
  const Naive wanted = naive(values);
  const double bucket = 4.0 / 4096 * sd_over(values);
  EXPECT_NEAR(found.mean, wanted.mean, same * (std::abs(wanted.mean) + wanted.error));
  EXPECT_NEAR(found.mc_error, wanted.error, same * wanted.error);
  EXPECT_NEAR(found.low, wanted.low, bucket);
  EXPECT_NEAR(found.high, wanted.high, bucket);
}

/// 40 of 70 without it and 30 of 66 with it, of 250 to 350 people; £60 to £100 each for what a reoffence costs £200 to
/// £900. A second arm costs a tenth more and does as much.
struct TwoProgrammes : AppraisalCase {
  std::size_t people, without, with, price, worth;
  TwoProgrammes() : AppraisalCase(3, 3) {
    people = figure("people", {UniformLaw{250, 350}});
    without = figure("without", {CountLaw{40, 70}}, "share");
    with = figure("with", {CountLaw{40, 70}, CountLaw{30, 66}, CountLaw{31, 66}}, "share");
    price = figure("price", {FixedLaw{0}, UniformLaw{60, 100}, UniformLaw{66, 110}});
    worth = figure("worth", {TriangularLaw{200, 300, 900}});
    flow(Role::programme_cost, input(people), input(price));
    yearly(Role::cost, input(people) * input(with), input(worth)).fades = true;
    appraisal.fades = {{"halves", "", Fade::Form::exponential, number(1), {}, {}}};
    Effect effect;
    effect.name = "averted";
    effect.quantity = input(people) * input(with);
    effect.worth = {0, 200, 400, 800};
    appraisal.effects = {effect};
    AppraisalClaim claim;
    claim.of = AppraisalClaim::Of::ratio;
    claim.value = 2;
    claim.arms = {1};
    appraisal.claims = {claim};
    BreakEven asked;
    asked.input = worth;
    appraisal.break_evens = {asked};
  }
};

/// What the draws come to, straight from their rows.
struct ByHand {
  std::vector<double> benefits[3], costs[3], averted[3], public_cost[3];

  ByHand(const TwoProgrammes& made, std::uint64_t draws) {
    const ParameterDraws drawn = made.drawn();
    double weight = 0;
    for (int year = 0; year < 3; ++year)
      weight += fade_weight(Fade::Form::exponential, 1, 0, year, 1) * made.appraisal.discounting[0].factors[year];
    for (std::uint64_t d = 0; d < draws; ++d) {
      const std::vector<double> row = drawn.row(d);
      const auto at = [&](std::size_t input, std::size_t arm) { return row[made.appraisal.inputs[input].slots[arm]]; };
      for (std::size_t arm = 0; arm < 3; ++arm) {
        const double fewer = at(made.people, arm) * (at(made.with, 0) - at(made.with, arm));
        averted[arm].push_back(fewer);
        benefits[arm].push_back(fewer * at(made.worth, arm) * weight);
        costs[arm].push_back(at(made.people, arm) * at(made.price, arm));
      }
    }
  }
  std::vector<double> net(std::size_t arm, double times = 1) const {
    std::vector<double> made(benefits[arm].size());
    for (std::size_t d = 0; d < made.size(); ++d) made[d] = benefits[arm][d] - times * costs[arm][d];
    return made;
  }
};

double share_above(const std::vector<double>& values, bool or_at) {
  const auto count =
      std::count_if(values.begin(), values.end(), [&](double value) { return value > 0 || (or_at && value == 0); });
  return static_cast<double>(count) / static_cast<double>(values.size());
}

double ratio_error(const std::vector<double>& above, const std::vector<double>& below) {
  const double ratio = mean_over(above) / mean_over(below);
  std::vector<double> rest(above.size());
  for (std::size_t d = 0; d < rest.size(); ++d) rest[d] = above[d] - ratio * below[d];
  return sd_over(rest) / std::sqrt(static_cast<double>(rest.size())) / mean_over(below);
}

constexpr std::uint64_t many = 2 * draws_at_hand + 9000;

class AppraiseFold : public ::testing::Test {
 protected:
  static const AppraisalResult& result() {
    static const AppraisalResult made = [] {
      TwoProgrammes of;
      of.draws = many;
      return of.run();
    }();
    return made;
  }
  static const ByHand& by_hand() {
    static const ByHand made(TwoProgrammes(), many);
    return made;
  }
};

TEST_F(AppraiseFold, MoneyIsThatOfAllDraws) {
  ASSERT_EQ(result().draws, many);
  for (const ArmValue& value : result().arms) {
    SCOPED_TRACE(value.arm);
    const std::vector<double>&benefits = by_hand().benefits[value.arm], &costs = by_hand().costs[value.arm];
    expect_same(value.npv, by_hand().net(value.arm));
    expect_same(value.benefits, benefits);
    expect_same(value.costs, costs);
    EXPECT_EQ(value.chance_pays, share_above(by_hand().net(value.arm), false));
    const double p = value.chance_pays;
    EXPECT_NEAR(value.chance_error, std::sqrt(p * (1 - p) / many), same);
    EXPECT_NEAR(value.bcr->mean, mean_over(benefits) / mean_over(costs), same * value.bcr->mean);
    EXPECT_NEAR(value.bcr->mc_error, ratio_error(benefits, costs), 1e-7 * value.bcr->mc_error);
    std::vector<double> ratios(many);
    for (std::size_t d = 0; d < many; ++d) ratios[d] = benefits[d] / costs[d];
    EXPECT_NEAR(value.bcr->low, naive(ratios).low, 4.0 / 4096 * sd_over(ratios));
    EXPECT_NEAR(value.bcr->high, naive(ratios).high, 4.0 / 4096 * sd_over(ratios));
  }
  ASSERT_EQ(result().claims.size(), 1);
  EXPECT_EQ(result().claims[0].chance, share_above(by_hand().net(1, 2), true));
}

TEST_F(AppraiseFold, EffectsAndCurvesAreThoseOfAllDraws) {
  ASSERT_EQ(result().effects.size(), 3);
  for (std::size_t arm = 1; arm < 3; ++arm) {
    expect_same(result().effects[arm].averted, by_hand().averted[arm]);
    expect_same(result().effects[arm].net_cost, by_hand().costs[arm]);
    const double each = mean_over(by_hand().costs[arm]) / mean_over(by_hand().averted[arm]);
    EXPECT_NEAR(*result().effects[arm].cost_each, each, same * each);
  }
  const Acceptability& curve = result().acceptability.at(0);
  for (std::size_t k = 0; k < curve.worth.size(); ++k) {
    std::vector<double> best(3), gains(many);
    std::vector<double> means(3);
    for (std::size_t d = 0; d < many; ++d) {
      double net[3], most = 0;
      std::size_t of = 0;
      for (std::size_t arm = 0; arm < 3; ++arm) {
        net[arm] = curve.worth[k] * by_hand().averted[arm][d] - by_hand().costs[arm][d];
        means[arm] += net[arm] / many;
        if (arm > 0 && net[arm] > most) most = net[of = arm];
      }
      best[of] += 1.0 / many;
      gains[d] = most;
    }
    const auto taken = static_cast<std::size_t>(std::max_element(means.begin(), means.end()) - means.begin());
    for (std::size_t arm = 0; arm < 3; ++arm) EXPECT_NEAR(curve.chance_best[arm][k], best[arm], same);
    EXPECT_EQ(curve.best[k], taken);
    for (std::size_t d = 0; d < many; ++d)
      gains[d] -= curve.worth[k] * by_hand().averted[taken][d] - by_hand().costs[taken][d];
    const Naive evpi = naive(gains);
    EXPECT_NEAR(curve.evpi[k], evpi.mean, 1e-6 * (1 + evpi.mean));
    EXPECT_NEAR(curve.evpi_error[k], evpi.error, 1e-6 * (1 + evpi.error));
  }
}

TEST_F(AppraiseFold, WhatNeedsATableIsThatOfTheFirstDraws) {
  TwoProgrammes of;
  of.draws = draws_at_hand;
  const AppraisalResult first = of.run();
  EXPECT_FALSE(first.tabled_draws.has_value());
  EXPECT_EQ(result().tabled_draws, draws_at_hand);
  ASSERT_EQ(result().switching.size(), first.switching.size());
  for (std::size_t i = 0; i < first.switching.size(); ++i) {
    EXPECT_EQ(result().switching[i].npv_low, first.switching[i].npv_low);
    EXPECT_EQ(result().switching[i].switches_at, first.switching[i].switches_at);
  }
  ASSERT_EQ(result().shares.size(), first.shares.size());
  for (std::size_t i = 0; i < first.shares.size(); ++i) EXPECT_EQ(result().shares[i].share, first.shares[i].share);
  EXPECT_EQ(result().information->evpi_amount.mean, first.information->evpi_amount.mean);
  EXPECT_EQ(result().information->figures.at(0).in_sample, first.information->figures.at(0).in_sample);
  EXPECT_EQ(result().break_evens.at(0).value, first.break_evens.at(0).value);
  EXPECT_EQ(result().plane.size(), first.plane.size());
}

// A last part of one draw, and one draw fewer than are folded.
TEST(AppraiseFoldEnds, OneDrawMoreOrLessChangesAMeanByOneDraw) {
  TwoProgrammes of;
  of.draws = draws_at_hand + 1;
  const double mean = of.run().arms[0].npv.mean;
  const std::vector<double> net = ByHand(of, draws_at_hand + 1).net(1);
  EXPECT_NEAR(mean, mean_over(net), same * std::abs(mean_over(net)));
  of.draws = draws_at_hand;
  const double without_last = of.run().arms[0].npv.mean;
  EXPECT_NEAR((mean - without_last) * (draws_at_hand + 1), net.back() - without_last, 1e-4 * std::abs(net.back()));
}

// What is kept as sets: half of the variance, worth 50 independent ones, which no draw more averages out.
TEST(AppraiseFoldEnds, SetsStayInTheError) {
  AppraisalCase made;
  made.draws = many;
  Posterior kept;
  kept.name = "kept";
  kept.columns = {{"x", std::monostate(), "£"}};
  kept.worth = 50;
  for (int row = 0; row < 200; ++row) kept.rows.push_back(row);  // variance (200^2 - 1)/12 = 3333.25
  made.posteriors = {kept};
  const auto sent = made.figure("sent", {FixedLaw{0}, FixedLaw{1}});
  const auto learnt = made.figure("learnt", {PosteriorLaw{0, 0}});
  const auto other = made.figure("other", {UniformLaw{0, 200}});
  made.flow(Role::programme_cost, input(sent), number(10));
  made.flow(Role::benefit, input(sent), input(learnt) + input(other));
  const DrawnAmount npv = made.run().arms[0].npv;
  const double sets = 3333.25 / 50, independent = (3333.25 + 200.0 * 200.0 / 12) / many;
  // The variance of 65,536 draws of the sets has relative error sqrt(.8/65,536) = .35% (kurtosis 1.8), its root half of
  // that: 1% is 5.7 of them. Without the sets, or with them divided by all draws, the error would be under .3.
  EXPECT_NEAR(npv.mc_error, std::sqrt(sets + independent), 0.01 * std::sqrt(sets));
}

TEST(DrawFold, IsAskedTheSameOfEveryPart) {
  DrawFold fold(10);
  const DrawUnits first = DrawUnits(6).in_part(6, fold);
  mean_of(DrawColumn(1), first);
  fold.start_next_part();
  const DrawUnits second = DrawUnits(6).in_part(4, fold);
  EXPECT_THROW(drawn_amount(DrawColumn(1), DrawColumn(1), second), std::logic_error);
  fold.start_next_part();
  EXPECT_NO_THROW(mean_of(DrawColumn(1), second));
  EXPECT_THROW(mean_of(DrawColumn(1), second), std::logic_error);
}

// Alike within each part, but not over both: it varies.
TEST(DrawFold, PartsThatAreEachAlikeMayDiffer) {
  DrawFold fold(10);
  const DrawUnits first = DrawUnits(6).in_part(6, fold), second = DrawUnits(6).in_part(4, fold);
  error_of(DrawColumn(1), first);
  drawn_amount(DrawColumn(1), DrawColumn(1), first);
  fold.start_next_part();
  EXPECT_DOUBLE_EQ(error_of(DrawColumn(3), second), std::sqrt((6 * 0.64 + 4 * 1.44) / 9 / 10));
  const DrawnAmount amount = drawn_amount(DrawColumn(3), DrawColumn(3), second);
  EXPECT_DOUBLE_EQ(amount.mean, 1.8);
  EXPECT_EQ(amount.low, 1);
  EXPECT_EQ(amount.high, 3);
}

}  // namespace
}  // namespace desist::test
