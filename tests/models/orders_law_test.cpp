// Orders follow their laws: stock, arrests and chains against closed forms, each check first shown to find a fault.
//
// |mean - expected| <= 4.9 standard errors: false alarms below 1e-6 each; a bias of 8 standard errors is found with
// probability .999 and stated where the number of replicates is chosen.
#include <cmath>

#include <gmock/gmock.h>

#include "engine/core/date.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/models/orders_helpers.hpp"

namespace desist {
namespace {

using namespace test;

constexpr std::uint64_t replicates = 20000;

/// A number of one replicate, for all replicates.
template <class Number>
std::vector<double> of_all(const OrderParameters& parameters, int weeks, Number number,
                           std::uint64_t runs = replicates) {
  const OrderPlan plan(parameters, weeks_from_april(weeks));
  std::vector<double> values;
  OrderTally sums;
  for (std::uint64_t r = 0; r < runs; ++r) {
    sums.run(plan, Streams(3, 0, r));
    values.push_back(number(sums));
  }
  return values;
}

std::vector<double> squares_about(const std::vector<double>& values, double mean) {
  std::vector<double> squares;
  for (const double value : values) squares.push_back((value - mean) * (value - mean));
  return squares;
}

/// Integral of a(u) P(D > t - u) over [0, t]: 6 issued a week until week 5.5, then 2.
double stock_from_nothing(double t, LengthLaw law, double length) {
  const auto issued = [&](double rate, double from, double to) {  // between `from` and `to`, live at t
    to = std::min(to, t);
    if (law == LengthLaw::fixed) from = std::max(from, t - length);
    if (to <= from) return 0.0;
    return law == LengthLaw::fixed ? rate * (to - from)
                                   : rate * length * (std::exp(-(t - to) / length) - std::exp(-(t - from) / length));
  };
  return issued(6, 0, 5.5) + issued(2, 5.5, 1e9);
}

TEST(OrdersLaw, Stock_from_nothing_is_Poisson_with_the_mean_of_a_service_without_a_queue) {
  for (const LengthLaw law : {LengthLaw::fixed, LengthLaw::exponential}) {
    OrderParameters parameters = plain_orders(0, 8, 3);
    parameters.issued.values = {Steps({{0, 6}, {5.5, 2}})};
    parameters.start = Start::as_given;
    parameters.length_law = law;
    for (const int week : {3, 7, 12}) {
      SCOPED_TRACE(week);
      // Mean 15 to 40, error .03 to .045: a bias of .36 is found.
      const auto live = of_all(parameters, 14, [&](const OrderTally& sums) { return sums.live(week - 1); });
      const double mean = stock_from_nothing(week, law, 8);
      EXPECT_TRUE(agrees(live, mean)) << mean_of(live).value << ' ' << mean;
      EXPECT_TRUE(agrees(squares_about(live, mean), mean));
      EXPECT_FALSE(agrees(live, stock_from_nothing(week + 0.5, law, law == LengthLaw::fixed ? 8.2 : 9)));
    }
  }
}

TEST(OrdersLaw, Stock_in_balance_stays) {
  for (const LengthLaw law : {LengthLaw::fixed, LengthLaw::exponential})
    for (const double goes_on : {1.0, 0.3})
      for (const double replaced : {0.0, 0.4}) {
        SCOPED_TRACE(goes_on);
        OrderParameters parameters = plain_orders(2, 15, 6);
        parameters.length_law = law;
        parameters.goes_on = goes_on;
        parameters.replaced = replaced;
        const double ended = 6 / weeks_per_year * (1 - goes_on);
        const double live_for = law == LengthLaw::exponential ? 15 / (1 + 15 * ended)
                                : ended > 0                   ? (1 - std::exp(-15 * ended)) / ended
                                                              : 15;
        const double stock = 2 * live_for;  // 20 to 30, error .035 (more where orders are replaced): finds .3
        for (const int week : {0, 4, 24})
          EXPECT_TRUE(agrees(of_all(parameters, 25, [&](const OrderTally& sums) { return sums.live(week); }), stock));
        // Arrests are the hazard times the stock, issues the printed rate.
        const double arrests = 6 / weeks_per_year * stock * 25;
        EXPECT_TRUE(
            agrees(of_all(parameters, 25, [](const OrderTally& s) { return s.by_type()[0].arrests; }), arrests));
        EXPECT_TRUE(agrees(
            of_all(parameters, 25, [](const OrderTally& s) { return s.by_type()[0].first + s.by_type()[0].replaced; }),
            50));
        EXPECT_FALSE(
            agrees(of_all(parameters, 25, [](const OrderTally& s) { return s.by_type()[0].arrests; }), 1.02 * arrests));
      }
}

TEST(OrdersLaw, Breaches_are_in_proportion_to_the_time_live) {
  OrderParameters parameters = plain_orders(4, 10, 8);
  parameters.noticed.values = {0.6};
  parameters.arrested.values = {0.5};
  parameters.crime.values = {0.7};
  const double breaches = 8 / weeks_per_year * 40 * 20;  // 123, error .2: finds 1.4 in 100
  const auto number = [&](auto member) {
    return of_all(parameters, 20, [=](const OrderTally& sums) { return sums.by_type()[0].*member; });
  };
  EXPECT_TRUE(agrees(number(&OrderSums::breaches), breaches));
  EXPECT_TRUE(agrees(number(&OrderSums::known), 0.6 * breaches));
  EXPECT_TRUE(agrees(number(&OrderSums::arrests), 0.3 * breaches));
  EXPECT_TRUE(agrees(number(&OrderSums::crimes), 0.21 * breaches));
  EXPECT_FALSE(agrees(number(&OrderSums::known), 0.62 * breaches));
}

TEST(OrdersLaw, Who_is_breached_and_arrested_at_least_once) {
  // 50 orders that outlive the window: P(at least one in 30 weeks) = 1 - exp(-30 rate).
  OrderParameters parameters = plain_orders(0, 5000, 2);
  parameters.start = Start::as_given;
  parameters.length_law = LengthLaw::exponential;
  parameters.length.values = {5200};
  parameters.live_at_start.values = {50};
  parameters.noticed.values = {0.5};
  const auto live = [](double u) {  // mean over the time live, T exponential with mean 5200 cut off at 30
    const double rate = u / weeks_per_year;
    const double end = 1.0 / 5200;
    // E[1 - exp(-rate min(T, 30))]
    return rate / (rate + end) * (1 - std::exp(-(rate + end) * 30));
  };
  const auto arrested = of_all(parameters, 30, [](const OrderTally& s) { return s.by_type()[0].people_arrested; });
  const auto breached = of_all(parameters, 30, [](const OrderTally& s) { return s.by_type()[0].breached; });
  EXPECT_TRUE(agrees(arrested, 50 * live(1)));  // 22 of 50, error .025: finds .2
  EXPECT_TRUE(agrees(breached, 50 * live(2)));
  EXPECT_FALSE(agrees(arrested, 50 * live(1.03)));
}

TEST(OrdersLaw, Arrests_until_an_order_ends_are_geometric) {
  // An order that lasts for ever, ended by an arrest with chance 1 - p: p^(k - 1)(1 - p).
  OrderParameters parameters = plain_orders(0, 5200, 500);
  parameters.start = Start::as_given;
  parameters.live_at_start.values = {1};
  parameters.goes_on = 0.7;
  const auto arrests = of_all(parameters, 30, [](const OrderTally& s) { return s.by_type()[0].arrests; });
  // From an age in balance up to 5200 weeks the order lasts the 30 weeks; 288 arrests would be due in them.
  EXPECT_TRUE(agrees(arrests, 1 / 0.3));
  EXPECT_TRUE(agrees(squares_about(arrests, 1 / 0.3), 0.7 / 0.09));
  for (const int k : {1, 2, 5}) {
    std::vector<double> is_k;
    for (const double value : arrests) is_k.push_back(value == k ? 1 : 0);
    EXPECT_TRUE(agrees(is_k, 0.3 * std::pow(0.7, k - 1))) << k;
    EXPECT_FALSE(agrees(is_k, 0.35 * std::pow(0.65, k - 1))) << k;
  }
}

TEST(OrdersLaw, Orders_in_a_chain_are_geometric) {
  OrderParameters parameters = plain_orders(0, 1, 0);
  parameters.start = Start::as_given;
  parameters.live_at_start.values = {1};
  parameters.replaced = 0.6;
  const auto orders = of_all(parameters, 80, [](const OrderTally& s) { return 1 + s.by_type()[0].replaced; });
  EXPECT_TRUE(agrees(orders, 1 / 0.4));  // .6^80 is nothing
  EXPECT_TRUE(agrees(squares_about(orders, 1 / 0.4), 0.6 / 0.16));
  EXPECT_FALSE(agrees(orders, 1 / 0.39));
}

}  // namespace
}  // namespace desist
