// The conference keeps its books: what must hold in every replicate, whatever the numbers.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "models/parts/order_statistic.hpp"
#include "tests/models/conference_helpers.hpp"

namespace desist {
namespace {

using namespace test;

/// Parameters of every kind, from a seed.
ConferenceParameters any_parameters(std::uint64_t seed, bool counts) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  const int conferences = 1 + static_cast<int>(between(0, 3));
  ConferenceParameters parameters = plain(conferences, between(0, 30), between(0, 30));
  parameters.growth = perhaps(between(-0.5, 1));
  parameters.extra_hearings = Steps({{0, 0}, {between(1, 40), between(-1, 1)}});
  parameters.starting_backlog = perhaps(between(0, 10));
  parameters.papers_released = perhaps(between(0, 3));
  parameters.no_meetings = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2024, 1, 1)};
  parameters.meeting_interval = uniform(words()) < 0.5 ? 1 : between(0.2, 4);
  parameters.cancelled_meetings = perhaps(between(0, 1));
  for (Steps& filter : parameters.filtered_out.values)
    filter = Steps({{0, perhaps(between(0, 1))}, {10, between(0, 1)}});
  parameters.missed_by_filter = between(0, 1);
  parameters.repeat_share = perhaps(between(0, 1));
  parameters.return_delay = between(0, 20);
  parameters.order = !counts && uniform(words()) < 0.6 ? Order::by_risk : Order::first_come;
  if (uniform(words()) < 0.5) parameters.risk_levels = {0.2, 0.5, 0.3};
  parameters.record = counts ? Record::counts : Record::every_case;
  parameters.clear_dates = {Date::from_ymd(2023, 9, 30), Date::from_ymd(2024, 11, 30)};
  if (uniform(words()) < 0.5) {
    parameters.agencies = static_cast<int>(between(0, 12));
    parameters.attendance = Steps({{0, between(0, 1)}, {between(1, 40), 1}});
    parameters.quorum = static_cast<int>(between(0, parameters.agencies + 0.99));
  }
  parameters.overrun = perhaps(between(0, 1));
  parameters.overrun_hearings = static_cast<int>(between(0, 20));
  if (!counts && uniform(words()) < 0.6) {
    for (Steps& share : parameters.settled_outside.values)
      share = Steps({{-3, perhaps(between(0, 1))}, {between(0, 20), between(0, 1)}, {25, between(0, 1)}});
    parameters.settled_after = perhaps(between(0, 12));
  }
  return parameters;
}

TEST(Conference, Who_comes_in_goes_out_or_is_inside) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const ConferencePlan plan(any_parameters(seed, seed % 2 == 0), window_of(30));
    const ConferenceTally sums = tally(plan, Streams(7, 0, seed));
    const double started = std::accumulate(plan.starting_cases.begin(), plan.starting_cases.end(), 0.0);
    EXPECT_EQ(started + sums.referred - sums.turned_away, sums.heard + sums.settled + sums.waiting_at_end);
    double heard = 0;
    for (const WaitSum& week : sums.by_hearing) heard += week.cases;
    EXPECT_EQ(heard, sums.heard);
    double accepted = 0;
    for (const WaitSum& week : sums.by_referral) accepted += week.cases;
    EXPECT_EQ(accepted, sums.referred - sums.turned_away);
  }
}

/// Integral of the number waiting over [0, end], by sweeping its steps.
double integral_of_waiting(const ConferencePlan& plan, const ConferenceCases& cases) {
  std::vector<std::pair<double, int>> steps;
  for (std::size_t i = 0; i < cases.referred.size(); ++i) {
    if (cases.referred[i] >= plan.end) continue;
    steps.emplace_back(std::max(0.0, cases.referred[i]), 1);
    if (cases.meeting[i] == ConferenceCases::not_heard) continue;
    const double left = cases.meeting[i] == ConferenceCases::settled_outside
                            ? cases.settled[i]
                            : plan.meetings[static_cast<std::size_t>(cases.meeting[i])].time;
    if (left < plan.end) steps.emplace_back(left, -1);
  }
  std::sort(steps.begin(), steps.end());
  double integral = 0;
  double before = 0;
  int waiting = 0;
  for (const auto& [time, step] : steps) {
    integral += waiting * (time - before);
    before = time;
    waiting += step;
  }
  return integral + waiting * (plan.end - before);
}

TEST(Conference, Weeks_waited_are_the_integral_of_the_number_waiting) {
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const ConferencePlan plan(any_parameters(seed, false), window_of(30));
    ConferenceTally sums;
    sums.begin(plan);
    double integral = 0;
    for (int conference = 0; conference < plan.conferences; ++conference) {
      ConferenceCases cases;
      follow_cases(plan, Streams(8, 0, seed), conference, cases);
      tally_cases(plan, cases, sums);
      integral += integral_of_waiting(plan, cases);
    }
    EXPECT_NEAR(sums.person_weeks, integral, 1e-9 * (1 + integral));
  }
}

TEST(Conference, Nobody_is_heard_too_early_too_many_or_out_of_turn) {
  for (std::uint64_t seed = 1; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const ConferencePlan plan(any_parameters(seed, false), window_of(30));
    ConferenceCases cases;
    follow_cases(plan, Streams(9, 0, seed), 0, cases);
    ASSERT_TRUE(std::is_sorted(cases.referred.begin(), cases.referred.end()));
    std::vector<int> heard(plan.meetings.size(), 0);
    for (std::size_t i = 0; i < cases.referred.size(); ++i) {
      if (cases.meeting[i] == ConferenceCases::settled_outside) {
        EXPECT_GE(cases.settled[i], std::max(0.0, cases.referred[i] + plan.settled_after));
        EXPECT_GE(cases.priority[i], 1 - plan.settled_outside(0).at(cases.settled[i]));
        continue;
      }
      if (cases.meeting[i] == ConferenceCases::not_heard) continue;
      const auto m = static_cast<std::size_t>(cases.meeting[i]);
      EXPECT_LE(cases.referred[i], plan.meetings[m].time - plan.papers + 1e-8);
      ++heard[m];
    }
    for (std::size_t m = 0; m < plan.meetings.size(); ++m) {
      EXPECT_LE(heard[m], plan.capacity_of(0, m) + (plan.overrun > 0 ? plan.overrun_hearings : 0));
      EXPECT_TRUE(plan.meetings[m].held || heard[m] == 0);
    }
    const auto level = [&](std::size_t i) {
      if (plan.order == Order::first_come) return 0.0;
      if (plan.risk_levels.empty()) return cases.priority[i];
      return static_cast<double>(std::upper_bound(plan.risk_levels.begin(), plan.risk_levels.end(), cases.priority[i]) -
                                 plan.risk_levels.begin());
    };
    // A case is heard no later than the next in the columns, unless that one ranks higher.
    for (std::size_t i = 0; i + 1 < cases.meeting.size(); ++i) {
      if (cases.meeting[i + 1] < 0 || cases.meeting[i] == ConferenceCases::settled_outside) continue;
      if (level(i) > level(i + 1)) continue;
      ASSERT_NE(cases.meeting[i], ConferenceCases::not_heard);
      EXPECT_LE(cases.meeting[i], cases.meeting[i + 1]);
    }
  }
}

TEST(Conference, Without_demand_the_starting_backlog_is_worked_off_in_turn) {
  ConferenceParameters parameters = plain(2, 0, 10);
  parameters.starting_backlog = 3.5;
  for (const Record record : {Record::every_case, Record::counts}) {
    parameters.record = record;
    const Result result = run(ConferencePlan(parameters, window_of(6)), 0);
    EXPECT_THAT(result.series.backlog, testing::ElementsAre(50, 30, 10, 0, 0, 0));
    EXPECT_EQ(result.outcomes.backlog_start, 70);
    EXPECT_EQ(result.outcomes.weeks_until_clear, 2);  // 30 cases are within two weeks of hearings
    EXPECT_TRUE(std::isnan(result.outcomes.mean_wait));
    EXPECT_EQ(result.outcomes.heard_a_week, 70.0 / 6);
    // Thirty-five cases a conference, ages 3.5 r/36: the ten oldest are heard after a week, and so on.
    double oldest = 0;
    for (int r = 26; r <= 35; ++r) oldest += 3.5 * r / 36 + 1;
    EXPECT_NEAR(result.series.wait_by_hearing[0], oldest / 10, 1e-12);
    // Ages before the start do not count as waiting within the window.
    EXPECT_NEAR(result.outcomes.person_weeks, 2 * (10 * 1 + 10 * 2 + 10 * 3 + 5 * 4), 1e-9);
  }
}

TEST(Conference, Meetings_of_a_year_with_its_Christmas_add_up_to_the_printed_hearings) {
  ConferenceParameters parameters = plain(8, 100, 9153.0 / 8 / weeks_per_year);
  parameters.no_meetings = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2024, 1, 1)};
  parameters.starting_backlog = 50;
  const ConferencePlan plan(parameters, {Date::from_ymd(2023, 9, 30), Date::from_ymd(2024, 9, 29)});
  int hearings = 0;
  int held = 0;
  for (std::size_t m = 0; m < plan.meetings.size() && plan.meetings[m].time <= plan.weeks; ++m) {
    for (int a = 0; a < 8; ++a) hearings += plan.capacity_of(a, m);
    held += plan.meetings[m].held;
  }
  EXPECT_EQ(held, 50);
  // 50 of the year's 50.14 open weeks fall into the 52 whole weeks of the window; each conference rounds by less
  // than 1.
  EXPECT_NEAR(hearings, 9153 * 50 / (weeks_per_year - 2), 8);
}

TEST(Conference, A_filter_of_zero_gives_the_comparator_to_the_bit) {
  for (const Record record : {Record::every_case, Record::counts}) {
    ConferenceParameters without = everything();
    without.record = record;
    without.filtered_out.values.assign(3, Steps(0));
    ConferenceParameters with = without;
    with.filtered_out.values[1] = Steps({{0, 0}, {40, 1e-300}});  // switched on, and keeps nobody out
    const ConferencePlan a(without, window_of(40));
    const ConferencePlan b(with, window_of(40));
    ASSERT_TRUE(b.has_filter());
    EXPECT_EQ(run(a, 3).series.backlog, run(b, 3).series.backlog);
    EXPECT_EQ(run(a, 3).outcomes.mean_wait, run(b, 3).outcomes.mean_wait);
    EXPECT_EQ(run(a, 3).outcomes.person_weeks, run(b, 3).outcomes.person_weeks);
  }
}

TEST(Conference, Equal_arms_are_equal_to_the_bit_and_replicates_differ) {
  const ConferencePlan a(everything(), window_of(52));
  const ConferencePlan b(everything(), window_of(52));
  EXPECT_EQ(run(a, 5).series.backlog, run(b, 5).series.backlog);
  EXPECT_EQ(run(a, 5).outcomes.wait_95, run(b, 5).outcomes.wait_95);
  EXPECT_NE(run(a, 5).outcomes.wait_95, run(b, 6).outcomes.wait_95);
}

TEST(Conference, Order_moves_waits_and_leaves_the_backlog_alone) {
  ConferenceParameters parameters = everything();
  parameters.repeat_share = 0;
  const Result first_come = run(ConferencePlan(parameters, window_of(52)), 0);
  parameters.order = Order::by_risk;
  const Result own_risk = run(ConferencePlan(parameters, window_of(52)), 0);
  parameters.risk_levels = {0.1, 0.4, 0.5};
  const Result levels = run(ConferencePlan(parameters, window_of(52)), 0);
  EXPECT_EQ(first_come.series.backlog, own_risk.series.backlog);
  EXPECT_EQ(first_come.series.backlog, levels.series.backlog);
  EXPECT_NE(first_come.outcomes.wait_95, own_risk.outcomes.wait_95);
  EXPECT_NE(levels.outcomes.wait_95, own_risk.outcomes.wait_95);
}

TEST(Conference, More_referrals_on_the_same_luck_never_shorten_the_queue) {
  ConferenceParameters parameters = plain(4, 20, 20);
  parameters.starting_backlog = 3;
  const ConferencePlan few(parameters, window_of(40));
  parameters.referrals = Steps(4 * 20.5);
  const ConferencePlan more(parameters, window_of(40));
  for (std::uint64_t replicate = 0; replicate < 50; ++replicate) {
    const Result a = run(few, replicate);
    const Result b = run(more, replicate);
    for (std::size_t week = 0; week < 40; ++week) ASSERT_LE(a.series.backlog[week], b.series.backlog[week]);
  }
}

TEST(Conference, Both_forms_count_alike_where_meetings_fall_on_week_ends) {
  ConferenceParameters parameters = plain(4, 22, 21);
  parameters.growth = 0.2;
  parameters.starting_backlog = 6.5;
  const ConferencePlan cases(parameters, window_of(52));
  parameters.record = Record::counts;
  const ConferencePlan counts(parameters, window_of(52));
  for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
    EXPECT_EQ(run(cases, replicate).series.backlog, run(counts, replicate).series.backlog);
    EXPECT_EQ(run(cases, replicate).outcomes.heard_a_week, run(counts, replicate).outcomes.heard_a_week);
  }
}

TEST(Conference, Clear_needs_thirteen_more_weeks_below_the_limit) {
  const ConferencePlan plan(plain(1, 20, 10), window_of(20));
  ConferenceTally sums;
  sums.begin(plan);
  for (double& left : sums.left) left = plan.clear_limit;
  EXPECT_TRUE(sums.is_clear(plan, 5));
  sums.left[18] = plan.clear_limit + 1;
  EXPECT_FALSE(sums.is_clear(plan, 5));
  EXPECT_TRUE(sums.is_clear(plan, 4));
  EXPECT_TRUE(sums.is_clear(plan, 19));
}

TEST(Conference, Order_statistics_are_those_of_sorting) {
  std::vector<double> values;
  Stream words = Streams(1, 0, 0).open(Purpose("values"), 0);
  for (int i = 0; i < 500; ++i) values.push_back(std::floor(uniform(words()) * 50) / 7);
  std::vector<double> sorted = values;
  std::sort(sorted.begin(), sorted.end());
  for (std::size_t k = 0; k < values.size(); ++k) ASSERT_EQ(order_statistic(values, k), sorted[k]);
  EXPECT_EQ(order_statistic(std::vector<double>{0, 0}, 1), 0);
}

std::string refusal(const ConferenceParameters& parameters) {
  try {
    ConferencePlan(parameters, window_of(10));
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "accepted";
}

TEST(Conference, Impossible_combinations_are_refused) {
  ConferenceParameters by_risk = plain(1, 20, 20);
  by_risk.record = Record::counts;
  by_risk.order = Order::by_risk;
  EXPECT_EQ(refusal(by_risk), "record = \"counts\" needs order = \"first come\": by risk, cases differ");
  ConferenceParameters settled = plain(1, 20, 20);
  settled.settled_outside.values = {Steps(0.1)};
  EXPECT_EQ(refusal(settled), "accepted");
  settled.record = Record::counts;
  EXPECT_EQ(refusal(settled), "record = \"counts\" needs settled_outside = 0: who is settled depends on each case");
  ConferenceParameters few = plain(1, 20, 20);
  few.agencies = 6;
  few.quorum = 6;
  EXPECT_EQ(refusal(few), "accepted");
  few.quorum = 7;
  EXPECT_EQ(refusal(few), "quorum asks for more agencies than the number invited (agencies)");
}

TEST(Conference, What_cannot_happen_changes_nothing) {
  for (const Record record : {Record::every_case, Record::counts}) {
    ConferenceParameters off = everything();
    off.record = record;
    off.cancelled_meetings = 0;
    ConferenceParameters on = off;
    on.agencies = 9;
    on.quorum = 9;  // and all come
    on.overrun = 1e-300;
    on.overrun_hearings = 5;
    EXPECT_EQ(run(ConferencePlan(off, window_of(40)), 3).series.backlog,
              run(ConferencePlan(on, window_of(40)), 3).series.backlog);
  }
  for (const Order order : {Order::first_come, Order::by_risk}) {
    ConferenceParameters off = everything();
    off.order = order;
    ConferenceParameters on = off;
    on.settled_outside.values[1] = Steps({{0, 0}, {40, 1e-300}});  // switched on, and settles nobody
    const Result without = run(ConferencePlan(off, window_of(40)), 3);
    const Result with = run(ConferencePlan(on, window_of(40)), 3);
    EXPECT_EQ(without.series.backlog, with.series.backlog);
    EXPECT_EQ(without.outcomes.wait_95, with.outcomes.wait_95);
    EXPECT_EQ(without.outcomes.person_weeks, with.outcomes.person_weeks);
  }
}

TEST(Conference, Meetings_at_either_end_of_chance) {
  ConferenceParameters parameters = plain(1, 30, 10);
  parameters.agencies = 5;
  parameters.quorum = 3;
  parameters.overrun = 1;
  parameters.overrun_hearings = 4;
  for (const Record record : {Record::every_case, Record::counts}) {
    parameters.record = record;
    parameters.attendance = 0;  // nobody comes
    EXPECT_EQ(run(ConferencePlan(parameters, window_of(20)), 0).outcomes.heard_a_week, 0);
    parameters.attendance = 1;
    parameters.starting_backlog = 10;  // a full list: 14 at each meeting
    EXPECT_EQ(run(ConferencePlan(parameters, window_of(20)), 0).outcomes.heard_a_week, 14);
    parameters.starting_backlog = 0;
  }
  parameters.hearings = 0;  // a meeting without slots hears nobody, however long it goes on
  parameters.record = Record::every_case;
  EXPECT_EQ(run(ConferencePlan(parameters, window_of(20)), 0).outcomes.heard_a_week, 0);
}

TEST(Conference, Harm_is_the_rate_times_the_weeks_of_waiting) {
  ConferenceParameters parameters = everything();
  EXPECT_EQ(run(ConferencePlan(parameters, window_of(40)), 1).outcomes.harm_while_waiting, 0);
  parameters.harm_rate = 3;
  const Conference::Outcomes found = run(ConferencePlan(parameters, window_of(40)), 1).outcomes;
  EXPECT_NEAR(found.harm_while_waiting, found.person_weeks * 3 * 7 / 365, 1e-9 * found.person_weeks);
}

}  // namespace
}  // namespace desist
