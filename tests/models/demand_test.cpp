// Referrals follow their rates, and no arm moves what it does not change.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each (mean_check.hpp). The bias
// found with probability .999 is 8 standard errors: stated where the number of replicates is chosen.
#include "models/parts/demand.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

constexpr std::uint64_t seed = 20261121;

Window window_from(int year, int month, int day, int weeks = 60) {
  const Date start = Date::from_ymd(year, month, day);
  return {start, Date{start.days + 7 * weeks}};
}

/// Routes with these referrals a week and nothing else going on.
DemandParameters plain(std::vector<Steps> referrals) {
  DemandParameters parameters;
  for (std::size_t route = 1; route <= referrals.size(); ++route) parameters.routes.push_back(std::to_string(route));
  parameters.take_up.values.assign(referrals.size(), Steps(1));
  parameters.growth.values.assign(referrals.size(), 0);
  parameters.referrals.values = std::move(referrals);
  return parameters;
}

/// One route with every feature on. Changes fall on days, as dates do.
DemandParameters any_parameters(Stream& words, double most = 40) {
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto on_a_day = [&](double low, double high) { return std::floor(7 * between(low, high)) / 7; };
  DemandParameters parameters = plain({Steps({{0, between(0, most)}, {on_a_day(3, 9), between(0, most)}})});
  parameters.take_up.values = {Steps({{0, between(0, 1)}, {on_a_day(5, 12), between(0, 1)}})};
  if (uniform(words()) < 0.7) parameters.growth.values = {between(-0.5, 2)};
  const auto shares = [&](std::size_t number) {
    std::vector<double> result;
    for (std::size_t i = 0; i < number; ++i) result.push_back(uniform(words()) < 0.2 ? 0 : between(0, 1));
    result[2] += 0.1;
    double sum = 0;
    for (const double share : result) sum += share;
    for (double& share : result) share /= sum;
    return result;
  };
  if (uniform(words()) < 0.7) parameters.season = shares(12);
  if (uniform(words()) < 0.7) parameters.weekdays = shares(7);
  return parameters;
}

/// The rate of the one route at a moment, straight from the definitions.
double naive_rate(const DemandParameters& parameters, const Window& window, double week) {
  double rate = parameters.referrals[0].at(week) * parameters.take_up[0].at(week);
  rate *= std::pow(1 + parameters.growth[0], week * 7 / 365);
  const Date day{window.start.days + static_cast<int>(std::floor(7 * week))};
  if (!parameters.season.empty()) {
    const double days[] = {31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const auto month = static_cast<std::size_t>(day.month() - 1);
    rate *= parameters.season[month] / (days[month] / 365.25);
  }
  if (!parameters.weekdays.empty()) {
    const int since_a_monday = day.days - Date::from_ymd(2024, 1, 1).days;
    rate *= 7 * parameters.weekdays[static_cast<std::size_t>((since_a_monday % 7 + 7) % 7)];
  }
  return rate;
}

/// Its integral from `from` to `to` by the midpoints of many short intervals, whole numbers of which make a day.
double naive_integral(const DemandParameters& parameters, const Window& window, double from, double to) {
  const int pieces = 64 * static_cast<int>(std::lround(7 * (to - from)));
  double sum = 0;
  for (int i = 0; i < pieces; ++i)
    sum += naive_rate(parameters, window, from + (to - from) * (i + 0.5) / pieces) / pieces;
  return sum * (to - from);
}

TEST(Demand, Means_are_the_integrals_of_the_rate) {
  Stream words = Streams(1, 0, 0).open(Purpose("any parameters"), 0);
  for (int set = 0; set < 200; ++set) {
    SCOPED_TRACE(set);
    const DemandParameters parameters = any_parameters(words);
    const Window window = window_from(2023, 1 + set % 12, 1 + set % 28);
    const DemandPlan plan(parameters, window, 16);
    // The midpoint rule errs by trend^2 / 24 / 448^2 of the mean: below 1e-9.
    for (int week = 0; week < 16; ++week)
      ASSERT_NEAR(plan.mean(week), naive_integral(parameters, window, week, week + 1), 1e-8);
  }
}

TEST(Demand, A_year_of_seasons_adds_up_to_the_year) {
  DemandParameters parameters = plain({Steps(100)});
  parameters.season = {0.02, 0.03, 0.05, 0.1, 0.1, 0.1, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05};
  const DemandPlan plan(parameters, window_from(2022, 3, 1), 4 * 1461 / 7);
  double sum = 0;
  for (int week = 0; week < plan.weeks(); ++week) sum += plan.mean(week);
  EXPECT_NEAR(sum / plan.weeks(), 100, 0.1);  // sixteen years less two days; leap days are counted as a quarter
}

/// The numbers referred in one week of many replicates.
std::vector<double> numbers(const DemandParameters& parameters, int week, int replicates, double announced = 0) {
  const DemandPlan plan(parameters, window_from(2024, 1, 1), week + 1);
  std::vector<double> result;
  std::vector<Referral> cases;
  for (int r = 0; r < replicates; ++r) {
    Demand demand(plan, Streams(seed, 0, static_cast<std::uint64_t>(r)));
    for (int k = 0; k <= week; ++k) demand.draw_week(cases, announced);
    result.push_back(static_cast<double>(cases.size()));
  }
  return result;
}

std::vector<double> squared_deviations(std::vector<double> values, double mean) {
  for (double& value : values) value = (value - mean) * (value - mean);
  return values;
}

TEST(Demand, Numbers_have_the_mean_and_the_variance_of_their_law) {
  DemandParameters parameters = plain({Steps({{0, 5}, {3, 9}}), Steps(4)});
  parameters.take_up.values[1] = Steps(0.5);
  const int replicates = 40'000;  // sd 3.3 (5.4): finds a bias of .14 (.22) in 11
  const auto poisson = numbers(parameters, 3, replicates);
  EXPECT_TRUE(agrees(poisson, 11));
  EXPECT_FALSE(agrees(poisson, 11.2));
  EXPECT_TRUE(agrees(squared_deviations(poisson, 11), 11));
  // Each route has a gamma factor of its own: variance mean + o mean^2, added over routes.
  parameters.overdispersion = 0.25;
  const auto wider = numbers(parameters, 3, replicates);
  const double variance = 11 + 0.25 * (9 * 9 + 2 * 2);
  EXPECT_TRUE(agrees(wider, 11));
  EXPECT_TRUE(agrees(squared_deviations(wider, 11), variance));
  EXPECT_FALSE(agrees(squared_deviations(wider, 11), 11));
  EXPECT_FALSE(agrees(squared_deviations(wider, 11), 11 + 0.25 * 11 * 11));  // one factor for both routes
}

TEST(Demand, A_little_overdispersion_is_nearly_none) {
  DemandParameters parameters = plain({Steps(13), Steps(200)});
  const auto poisson = numbers(parameters, 20, 500);
  for (const double overdispersion : {1e-12, 1e-9, 1e-7}) {
    parameters.overdispersion = overdispersion;
    const auto wider = numbers(parameters, 20, 500);
    int different = 0;
    for (std::size_t i = 0; i < poisson.size(); ++i) different += poisson[i] != wider[i];
    EXPECT_LE(different, 1) << overdispersion;  // a word that lies within 1e-4 of a step of 200's law
  }
}

TEST(Demand, An_announced_wait_deters) {
  DemandParameters parameters = plain({Steps(20)});
  parameters.deterrence = 0.1;
  const double expected = 20 * std::exp(-0.1 * 6);
  EXPECT_NEAR(DemandPlan(parameters, window_from(2024, 1, 1), 3).mean(2, 6), expected, 1e-12);
  const auto deterred = numbers(parameters, 2, 40'000, 6);  // sd 3.3: finds a bias of .13
  EXPECT_TRUE(agrees(deterred, expected));
  EXPECT_FALSE(agrees(deterred, 20 / (1 + 0.1 * 6)));
  const auto free = numbers(parameters, 2, 2'000, 0);
  for (std::size_t i = 0; i < free.size(); ++i) ASSERT_LE(deterred[i], free[i]);  // on the same luck
}

TEST(Demand, Moments_follow_the_rate_within_the_week) {
  // A change on the Thursday of the week that begins on Monday 29 January; half of the referrals fall on Mondays.
  DemandParameters parameters = plain({Steps({{0, 200}, {4 + 3.0 / 7, 600}})});
  parameters.weekdays = {0.5, 0.1, 0.1, 0.1, 0.2, 0, 0};
  parameters.season = {0.04, 0.16, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08, 0.08};
  const Window window = window_from(2024, 1, 1);
  const DemandPlan plan(parameters, window, 6);
  std::vector<double> before[7];
  std::vector<Referral> cases;
  for (int r = 0; r < 200; ++r) {  // 200 x about 300 cases: finds a bias of .016 in a share of a half
    Demand demand(plan, Streams(seed, 1, static_cast<std::uint64_t>(r)));
    for (int week = 0; week <= 4; ++week) demand.draw_week(cases);
    for (const Referral& one : cases) {
      ASSERT_TRUE(one.time > 4 && one.time < 5);
      for (int day = 0; day < 7; ++day) before[day].push_back(one.time < 4 + (day + 1) / 7.0);
    }
  }
  const double all = naive_integral(parameters, window, 4, 5);
  for (int day = 0; day < 7; ++day) {
    SCOPED_TRACE(day);
    EXPECT_TRUE(agrees(before[day], naive_integral(parameters, window, 4, 4 + (day + 1) / 7.0) / all));
  }
  EXPECT_FALSE(agrees(before[0], 0.5));  // weekdays alone, without the change and the new month
  EXPECT_EQ(mean_of(before[4]).value, 1);
}

TEST(Demand, Nobody_is_referred_before_a_route_opens_or_on_a_day_off) {
  DemandParameters parameters = plain({Steps({{0, 0}, {2 + 2.0 / 7, 300}})});
  parameters.weekdays = {0.2, 0.2, 0.2, 0.2, 0.1999995, 0, 0};  // as printed: they need not add up to the last digit
  const DemandPlan plan(parameters, window_from(2024, 1, 1), 40);
  Demand demand(plan, Streams(seed, 0, 0));
  std::vector<Referral> cases;
  for (int week = 0; week < 40; ++week) {
    demand.draw_week(cases);
    for (const Referral& one : cases) {
      ASSERT_GE(one.time, 2 + 2.0 / 7);
      ASSERT_LT(one.time - week, 5.0 / 7);
    }
  }
}

using Weeks = std::vector<std::vector<Referral>>;
Weeks draw(const DemandParameters& parameters, int weeks, const Streams& streams) {
  const DemandPlan plan(parameters, window_from(2024, 1, 1), weeks);
  Demand demand(plan, streams);
  Weeks result(static_cast<std::size_t>(weeks) + 1);  // one more than the plan has: empty
  for (auto& cases : result) demand.draw_week(cases);
  return result;
}
bool same(const Referral& a, const Referral& b) {
  return a.time == b.time && a.id == b.id && a.risk == b.risk && a.work == b.work && a.patience == b.patience &&
         a.route == b.route;
}
/// Whether each case of `few` is in `more`, unchanged.
void expect_kept(const Weeks& few, const Weeks& more) {
  for (std::size_t week = 0; week < few.size() && week < more.size(); ++week)
    for (const Referral& one : few[week])
      EXPECT_TRUE(
          std::any_of(more[week].begin(), more[week].end(), [&](const Referral& two) { return same(one, two); }));
}

TEST(Demand, More_referrals_another_route_or_a_longer_window_move_nobody) {
  for (std::uint64_t r = 0; r < 30; ++r) {
    const Streams streams(seed, 2, r);
    DemandParameters parameters = plain({Steps(6), Steps({{0, 0}, {4, 9}})});
    if (r % 3 == 1) parameters.overdispersion = 0.3;
    if (r % 3 == 2) parameters.weekdays = {0.3, 0.2, 0.2, 0.2, 0.1, 0, 0};
    const Weeks weeks = draw(parameters, 12, streams);
    EXPECT_TRUE(weeks.back().empty());
    const Weeks longer = draw(parameters, 30, streams);
    for (std::size_t week = 0; week < 12; ++week) {
      ASSERT_EQ(weeks[week].size(),
                longer[week].size());  // few weeks are searched for, many are tabled: the same count
      EXPECT_TRUE(std::equal(weeks[week].begin(), weeks[week].end(), longer[week].begin(), same));
    }
    DemandParameters more = parameters;
    more.referrals.values[0] = Steps({{0, 6}, {3, 8}});
    more.take_up.values[1] = Steps(1);
    expect_kept(weeks, draw(more, 12, streams));
    DemandParameters another = plain({parameters.referrals[0], parameters.referrals[1], Steps(5)});
    another.overdispersion = parameters.overdispersion;
    another.weekdays = parameters.weekdays;
    expect_kept(weeks, draw(another, 12, streams));
  }
}

TEST(Demand, Cases_come_in_order_and_have_names_of_their_own) {
  Stream words = Streams(3, 0, 0).open(Purpose("any parameters"), 0);
  std::set<std::uint64_t> names;
  std::size_t number = 0;
  const Weeks weeks = draw(any_parameters(words, 2'000), 20, Streams(seed, 3, 0));
  double last = 0;
  for (const auto& cases : weeks) {
    for (const Referral& one : cases) {
      EXPECT_GE(one.time, last);
      last = one.time;
      names.insert(one.id);
      ++number;
    }
  }
  EXPECT_GT(number, 100u);
  EXPECT_EQ(names.size(), number);
}

TEST(Demand, Nobody_comes_where_nobody_is_referred_or_takes_it_up) {
  DemandParameters parameters = plain({Steps(0), Steps(50)});
  parameters.take_up.values[1] = Steps(0);
  for (const double overdispersion : {0.0, 0.5}) {
    parameters.overdispersion = overdispersion;
    for (const auto& cases : draw(parameters, 10, Streams(seed, 4, 0))) EXPECT_TRUE(cases.empty());
  }
  EXPECT_TRUE(draw(plain({}), 3, Streams(seed, 4, 0)).front().empty());
}

std::string refusal(const DemandParameters& parameters) {
  try {
    DemandPlan(parameters, window_from(2024, 1, 1), 520);
  } catch (const std::invalid_argument& problem) {
    return problem.what();
  }
  return "";
}

TEST(Demand, What_cannot_be_is_refused) {
  DemandParameters parameters = plain({Steps(5)});
  EXPECT_EQ(refusal(parameters), "");
  parameters.season = {0.5, 0.5};
  EXPECT_EQ(refusal(parameters), "season needs 12 shares, not 2");
  parameters.season.clear();
  parameters.weekdays = {0.2, 0.2, 0.2, 0.2, 0.1, 0, 0};
  EXPECT_EQ(refusal(parameters), "weekdays must add up to 1, not 0.9");
  parameters = plain({Steps(1e5)});
  parameters.growth.values = {9};
  EXPECT_EQ(refusal(parameters), "referrals and growth come to more than 10 million cases in a week");
}

}  // namespace
}  // namespace desist
