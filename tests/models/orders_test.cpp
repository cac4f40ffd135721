// Orders keep their books: what must hold in every replicate, whatever the numbers.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "engine/core/date.hpp"
#include "tests/models/orders_helpers.hpp"

namespace desist {
namespace {

using namespace test;

OrderParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any orders"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double high) { return uniform(words()) < 0.3 ? 0 : between(0, high); };
  const bool given = uniform(words()) < 0.5;
  const auto one = [&] {
    OrderParameters type = plain_orders(0, perhaps(80), perhaps(20));
    type.issued.values = {Steps({{0, perhaps(30)}, {between(1, 40), perhaps(30)}})};
    if (given) type.live_at_start.values = {perhaps(60)};
    type.noticed.values = {uniform(words()) < 0.2 ? 1 : uniform(words())};
    type.arrested.values = {uniform(words()) < 0.2 ? 1 : uniform(words())};
    type.crime.values = {uniform(words())};
    return type;
  };
  OrderParameters parameters = one();
  for (auto types = static_cast<int>(between(0, 4)); types > 0; --types) add_type(parameters, one());
  parameters.start = given ? Start::as_given : Start::in_balance;
  parameters.length_law = uniform(words()) < 0.5 ? LengthLaw::fixed : LengthLaw::exponential;
  parameters.goes_on = uniform(words()) < 0.3 ? 1 : uniform(words());
  parameters.replaced = perhaps(0.9);
  return parameters;
}

TEST(Orders, Every_order_has_ended_or_is_live) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const int weeks = 1 + static_cast<int>(seed % 60);
    const OrderPlan plan(any_parameters(seed), weeks_from_april(weeks));
    const OrderTally sums = tally(plan, seed);
    double live = 0;
    double arrests = 0;
    for (const OrderSums& type : sums.by_type()) {
      EXPECT_EQ(type.live_start + type.first + type.replaced, type.ended + type.live_end);
      EXPECT_LE(type.arrests, type.known);
      EXPECT_LE(type.known, type.breaches);
      EXPECT_LE(type.crimes, type.arrests);
      EXPECT_LE(type.people_arrested, std::min(type.arrests, type.live_start + type.first));
      EXPECT_LE(type.breached, type.live_start + type.first + type.replaced);
      EXPECT_GE(type.breached, 0);
      live += type.live_end;
      arrests += type.arrests;
    }
    EXPECT_EQ(sums.live(weeks - 1), live);
    double by_week = 0;
    for (int week = 0; week < weeks; ++week) {
      by_week += sums.arrests(week);
      EXPECT_GE(sums.live(week), 0);
    }
    EXPECT_EQ(by_week, arrests);
  }
}

TEST(Orders, Outcomes_are_those_sums) {
  const OrderPlan plan(any_parameters(3), weeks_from_april(30));
  const auto [outcomes, series] = run(plan, 9);
  const double years = 30 / weeks_per_year;
  EXPECT_NEAR(std::reduce(outcomes.live_by_type.begin(), outcomes.live_by_type.end()), outcomes.live_mean, 1e-9);
  EXPECT_NEAR(std::reduce(outcomes.arrests_by_type.begin(), outcomes.arrests_by_type.end()), outcomes.arrests_a_year,
              1e-9);
  EXPECT_NEAR(std::reduce(series.arrests.begin(), series.arrests.end()), outcomes.arrests_a_year * years, 1e-9);
  EXPECT_EQ(series.live.back(), outcomes.live_end);
}

TEST(Orders, Weeks_live_are_the_integral_of_the_stock) {
  // None is issued in the window; those live at the start have 0 to 7 weeks left, 3.5 on average.
  OrderParameters parameters = plain_orders(0, 7, 0);
  parameters.start = Start::as_given;
  parameters.live_at_start.values = {1000};
  const OrderPlan plan(parameters, weeks_from_april(7));
  const OrderTally sums = tally(plan, 0);
  EXPECT_EQ(sums.by_type()[0].ended, 1000);  // none is issued for longer than 7 weeks
  EXPECT_EQ(sums.by_type()[0].live_end, 0);
  double before = 1000;
  for (int week = 0; week < 7; ++week) {
    EXPECT_LE(sums.live(week), before);
    before = sums.live(week);
  }
  EXPECT_NEAR(sums.by_type()[0].order_weeks, 3500, 8 * 1000 * 7 / std::sqrt(12 * 1000.0));
}

TEST(Orders, Ends_of_ranges) {
  OrderParameters parameters = plain_orders(0, 0, 0);
  auto nothing = run(OrderPlan(parameters, weeks_from_april(5)), 0).outcomes;
  EXPECT_EQ(nothing.live_mean, 0);
  EXPECT_TRUE(std::isnan(nothing.share_breached));
  EXPECT_TRUE(std::isnan(nothing.arrests_per_100_live));
  EXPECT_EQ(nothing.reaches_printed, 1);   // no fewer than 0
  parameters = plain_orders(20, 0, 1000);  // orders of no length
  for (const LengthLaw law : {LengthLaw::fixed, LengthLaw::exponential}) {
    parameters.length_law = law;
    const auto short_lived = run(OrderPlan(parameters, weeks_from_april(5)), 0).outcomes;
    EXPECT_EQ(short_lived.arrests_a_year, 0);
    EXPECT_EQ(short_lived.live_end, 0);
    EXPECT_GT(short_lived.issued_a_year, 0);
  }
  parameters = plain_orders(20, 5200, 1000);  // of a hundred years, breached thrice a day
  parameters.goes_on = 0;
  for (const LengthLaw law : {LengthLaw::fixed, LengthLaw::exponential}) {
    parameters.length_law = law;
    const auto ended = run(OrderPlan(parameters, weeks_from_april(5)), 0).outcomes;
    EXPECT_NEAR(ended.arrests_a_year, ended.issued_a_year, 0.1 * ended.issued_a_year);
    EXPECT_LE(ended.people_arrested_a_year, ended.arrests_a_year);
  }
  parameters.noticed.values = {0};
  EXPECT_EQ(run(OrderPlan(parameters, weeks_from_april(5)), 0).outcomes.known_a_year, 0);
  parameters.noticed.values = {1};
  parameters.arrested.values = {0};
  const auto known = run(OrderPlan(parameters, weeks_from_april(5)), 0).outcomes;
  EXPECT_EQ(known.known_a_year, known.breaches_a_year);
  EXPECT_EQ(known.arrests_a_year, 0);
}

TEST(Orders, Refuses_a_stock_that_would_be_passed_over) {
  OrderParameters parameters = plain_orders(1, 10, 1);
  parameters.live_at_start.values = {5};
  try {
    OrderPlan(parameters, weeks_from_april(5));
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(),
                 "live_at_start is given, but start is in balance: write start = \"as given\", or leave live_at_start "
                 "out");
  }
}

TEST(Orders, Equal_arms_are_equal_and_another_type_or_week_moves_nobody) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    const OrderParameters parameters = any_parameters(seed);
    OrderParameters more = parameters;
    add_type(more, plain_orders(5, 20, 4));
    const OrderPlan plan(parameters, weeks_from_april(20));
    const OrderTally a = tally(plan, seed);
    const OrderTally b = tally(OrderPlan(more, weeks_from_april(20)), seed);
    const OrderTally c = tally(OrderPlan(parameters, weeks_from_april(45)), seed);
    for (std::size_t t = 0; t < plan.types.size(); ++t) {
      EXPECT_EQ(a.by_type()[t].order_weeks, b.by_type()[t].order_weeks);
      EXPECT_EQ(a.by_type()[t].arrests, b.by_type()[t].arrests);
      EXPECT_EQ(a.by_type()[t].breaches, b.by_type()[t].breaches);
      EXPECT_EQ(a.by_type()[t].crimes, b.by_type()[t].crimes);
    }
    for (int week = 0; week < 20; ++week) {
      EXPECT_EQ(a.live(week), c.live(week));
      EXPECT_EQ(a.arrests(week), c.arrests(week));
    }
    EXPECT_EQ(a.by_type()[0].arrests, tally(plan, seed).by_type()[0].arrests);
  }
}

TEST(Orders, More_breaches_never_lead_to_fewer_arrests) {
  for (std::uint64_t replicate = 0; replicate < 30; ++replicate) {
    double before = -1;
    for (double breaches = 0; breaches < 5; breaches += 0.25) {
      const OrderPlan plan(plain_orders(20, 26, breaches), weeks_from_april(20));
      const double people = run(plan, replicate).outcomes.people_arrested_a_year;
      EXPECT_GE(people, before);
      before = people;
    }
  }
}

}  // namespace
}  // namespace desist
