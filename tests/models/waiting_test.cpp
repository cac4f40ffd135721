// The tally says of waits and backlogs what a recount of the same cases says, one definition at a time.
#include "models/parts/waiting.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "engine/random/stream.hpp"

namespace desist {
namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();
constexpr double never = std::numeric_limits<double>::infinity();

Window window_of(int weeks, int days_more = 0) {
  const Date start = Date::from_ymd(2024, 1, 1);
  return {start, Date{start.days + 7 * weeks + days_more}};
}

enum class End { seen, gave_up, waits };
struct Case {
  double referred = 0;
  double until = 0;
  End how = End::seen;
};

struct Told {
  WaitingOutcomes outcomes;
  WaitingSeries series;
};
Told tell(const WaitingPlan& plan, const std::vector<Case>& cases) {
  static WaitingTally tally;  // its memory goes from one to the next
  tally.begin(plan);
  for (const Case& one : cases) {
    if (one.how == End::seen) tally.seen(one.referred, one.until);
    if (one.how == End::gave_up) tally.gave_up(one.referred, one.until);
    if (one.how == End::waits) tally.still_waits(one.referred, one.until);
  }
  Told told;
  told.outcomes.clear.resize(plan.clear_weeks.size());
  told.outcomes.backlog_on.resize(plan.clear_weeks.size());
  for (auto* series : {&told.series.backlog, &told.series.wait_by_referral, &told.series.wait_by_service,
                       &told.series.share_in_time, &told.series.in_time, &told.series.clear})
    series->resize(static_cast<std::size_t>(plan.weeks));
  tally.report(told.outcomes, told.series);
  return told;
}

/// The same from the definitions: every question goes through all cases again.
struct Recount {
  const WaitingPlan& plan;
  const std::vector<Case>& cases;

  // Week k, from 0, is (k, k + 1]; the start is in the first.
  static bool in_week(double time, int week) { return time <= week + 1 && (time > week || (week == 0 && time == 0)); }
  double waiting_at(int week_end) const {
    double number = 0;
    for (const Case& one : cases) number += one.referred <= week_end && (one.how == End::waits || one.until > week_end);
    return number;
  }
  bool is_clear(int week_end) const {
    for (int k = week_end; k <= week_end + 13; ++k)
      if (waiting_at(k) > plan.clear_limit) return false;
    return true;
  }
  template <class Which>
  double share_in_time(Which is_asked) const {
    double all = 0;
    double in_time = 0;
    for (const Case& one : cases) {
      if (one.referred < 0 || !is_asked(one.referred)) continue;
      all += 1;
      in_time += one.how == End::seen && one.until - one.referred <= plan.yardstick;
    }
    return all > 0 ? in_time / all : nothing;
  }
  template <class Which>
  double mean_wait(Which is_asked) const {
    double number = 0;
    double sum = 0;
    for (const Case& one : cases) {
      if (!is_asked(one)) continue;
      number += 1;
      sum += one.until - one.referred;
    }
    return number > 0 ? sum / number : nothing;
  }
  bool is_referred_in_window(const Case& one) const { return one.referred >= 0 && one.referred <= plan.weeks; }
  bool reaches(double share) const { return std::isnan(share) || share >= plan.wanted_share - 1e-9; }

  Told told() const {
    Told told;
    WaitingOutcomes& o = told.outcomes;
    o.share_in_time = share_in_time([&](double t) { return t <= plan.weeks; });
    o.in_time = reaches(o.share_in_time);
    o.weeks_until_in_time = never;
    o.weeks_until_clear = never;
    for (int k = plan.weeks; k >= 0; --k) {
      const auto in_quarter = [&](double t) {
        for (int j = k; j < k + 13; ++j)
          if (in_week(t, j)) return true;
        return false;
      };
      if (k < plan.weeks && reaches(share_in_time(in_quarter))) o.weeks_until_in_time = k;
      if (is_clear(k)) o.weeks_until_clear = k;
    }
    const auto seen_in_window = [&](const Case& one) { return one.how == End::seen && one.until <= plan.weeks; };
    const auto does_not_give_up = [&](const Case& one) {
      return is_referred_in_window(one) && one.how != End::gave_up;
    };
    o.mean_wait = mean_wait(does_not_give_up);
    o.mean_wait_of_seen = mean_wait(seen_in_window);
    std::vector<double> waits;
    double referred = 0;
    double gave_up = 0;
    double seen = 0;
    for (const Case& one : cases) {
      if (does_not_give_up(one)) waits.push_back(one.until - one.referred);
      referred += is_referred_in_window(one);
      gave_up += is_referred_in_window(one) && one.how == End::gave_up;
      seen += seen_in_window(one);
      o.backlog_start += one.referred < 0;
    }
    std::sort(waits.begin(), waits.end());
    // The smallest wait that at least 95 in 100 do not exceed.
    o.wait_95 = nothing;
    for (std::size_t i = waits.size(); i-- > 0;)
      if (20 * (i + 1) >= 19 * waits.size()) o.wait_95 = waits[i];
    o.gave_up = referred > 0 ? gave_up / referred : nothing;
    for (const int week : plan.clear_weeks) {
      o.clear.push_back(is_clear(week));
      o.backlog_on.push_back(waiting_at(week));
    }
    o.backlog_end = waiting_at(plan.weeks);
    o.person_weeks = integral();
    o.seen_a_week = seen / plan.weeks;
    o.referred_a_week = referred / plan.weeks;
    for (int k = 0; k < plan.weeks; ++k) {
      const auto of_week = [&](double t) { return in_week(t, k); };
      told.series.backlog.push_back(waiting_at(k + 1));
      told.series.clear.push_back(is_clear(k + 1));
      told.series.wait_by_referral.push_back(mean_wait(
          [&](const Case& one) { return one.referred >= 0 && of_week(one.referred) && one.how != End::gave_up; }));
      told.series.wait_by_service.push_back(
          mean_wait([&](const Case& one) { return one.how == End::seen && of_week(one.until); }));
      const double share = share_in_time(of_week);
      told.series.share_in_time.push_back(share);
      told.series.in_time.push_back(std::isnan(share) ? nothing : reaches(share));
    }
    return told;
  }

  /// Integral of the number waiting over the window, by sweeping its steps.
  double integral() const {
    std::vector<std::pair<double, int>> steps;
    for (const Case& one : cases) {
      steps.emplace_back(std::clamp(one.referred, 0.0, plan.end), 1);
      if (one.how != End::waits) steps.emplace_back(std::clamp(one.until, 0.0, plan.end), -1);
    }
    std::sort(steps.begin(), steps.end());
    double sum = 0;
    double before = 0;
    int number = 0;
    for (const auto& [time, step] : steps) {
      sum += number * (time - before);
      before = time;
      number += step;
    }
    return sum + number * (plan.end - before);
  }
};

void expect_same(const std::vector<double>& a, const std::vector<double>& b) {
  ASSERT_EQ(a.size(), b.size());
  for (std::size_t i = 0; i < a.size(); ++i)
    EXPECT_TRUE(a[i] == b[i] || std::abs(a[i] - b[i]) < 1e-9 * (1 + std::abs(b[i])) ||
                (std::isnan(a[i]) && std::isnan(b[i])))
        << "at " << i << ": " << a[i] << " and not " << b[i];
}
std::vector<double> numbers(const WaitingOutcomes& o) {
  return {o.in_time,       o.share_in_time,     o.weeks_until_in_time, o.mean_wait,   o.wait_95,
          o.gave_up,       o.mean_wait_of_seen, o.weeks_until_clear,   o.backlog_end, o.person_weeks,
          o.backlog_start, o.seen_a_week,       o.referred_a_week};
}

WaitingParameters any_parameters(Stream& words) {
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  WaitingParameters parameters;
  parameters.starting_backlog = uniform(words()) < 0.5 ? 0 : between(0, 20);
  parameters.starting_wait = between(0, 10);
  parameters.yardstick = std::floor(between(0, 16)) / 2;
  parameters.wanted_share = std::floor(between(0, 21)) / 20;
  parameters.clear_limit = std::floor(between(0, 12));
  parameters.clear_dates = {Date::from_ymd(2024, 1, 1), Date::from_ymd(2024, 2, 12), Date::from_ymd(2024, 3, 30)};
  return parameters;
}

/// Cases of every kind, on and between week ends. Those that still wait do so at the end of the run.
std::vector<Case> any_cases(const WaitingPlan& plan, Stream& words) {
  std::vector<Case> cases;
  const double rate = uniform(words()) < 0.1 ? 0 : 3 * uniform(words());
  const double longest = uniform(words()) < 0.3 ? 3 : 40;
  const auto add = [&](double referred, bool on_half_weeks) {
    const double wait = longest * uniform(words()) * uniform(words());
    double until = std::max(0.0, referred + wait);
    if (on_half_weeks) until = std::floor(2 * (std::max(0.0, referred) + wait)) / 2;
    Case one{referred, until, End::seen};
    const double kind = uniform(words());
    if (kind < 0.15) one.how = End::gave_up;
    if (kind > 0.97) one = {referred, static_cast<double>(plan.last_week), End::waits};
    cases.push_back(one);
  };
  for (const double referred : plan.starting) add(referred, uniform(words()) < 0.3);
  for (int week = 0; week < plan.backlog_weeks; ++week) {
    const int number = static_cast<int>(2 * rate * uniform(words()));
    for (int i = 0; i < number; ++i) {
      const bool on_half_weeks = uniform(words()) < 0.5;
      const double moment = uniform(words());
      add(week + (on_half_weeks ? std::floor(2 * moment) / 2 : moment), on_half_weeks);
    }
  }
  return cases;
}

TEST(Waiting, The_tally_says_what_a_recount_says) {
  Stream words = Streams(1, 0, 0).open(Purpose("any cases"), 0);
  for (int set = 0; set < 300; ++set) {
    SCOPED_TRACE(set);
    const WaitingPlan plan(any_parameters(words), window_of(1 + set % 20, set % 7));
    const std::vector<Case> cases = any_cases(plan, words);
    const Told told = tell(plan, cases);
    const Told recounted = Recount{plan, cases}.told();
    expect_same(numbers(told.outcomes), numbers(recounted.outcomes));
    expect_same(told.outcomes.clear, recounted.outcomes.clear);
    expect_same(told.outcomes.backlog_on, recounted.outcomes.backlog_on);
    expect_same(told.series.backlog, recounted.series.backlog);
    expect_same(told.series.clear, recounted.series.clear);
    expect_same(told.series.wait_by_referral, recounted.series.wait_by_referral);
    expect_same(told.series.wait_by_service, recounted.series.wait_by_service);
    expect_same(told.series.share_in_time, recounted.series.share_in_time);
    expect_same(told.series.in_time, recounted.series.in_time);
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Waiting, Who_comes_in_goes_out_or_is_inside) {
  Stream words = Streams(2, 0, 0).open(Purpose("any cases"), 0);
  for (int set = 0; set < 200; ++set) {
    SCOPED_TRACE(set);
    const WaitingPlan plan(any_parameters(words), window_of(1 + set % 20));
    const std::vector<Case> cases = any_cases(plan, words);
    const WaitingOutcomes outcomes = tell(plan, cases).outcomes;
    double gave_up = 0;
    for (const Case& one : cases) gave_up += one.how == End::gave_up && one.until <= plan.weeks;
    EXPECT_NEAR(outcomes.backlog_start + (outcomes.referred_a_week - outcomes.seen_a_week) * plan.weeks - gave_up,
                outcomes.backlog_end, 1e-9);
  }
}

TEST(Waiting, Each_case_is_told_alike_in_any_order) {
  Stream words = Streams(3, 0, 0).open(Purpose("any cases"), 0);
  const WaitingPlan plan(any_parameters(words), window_of(12));
  std::vector<Case> cases = any_cases(plan, words);
  const Told told = tell(plan, cases);
  std::reverse(cases.begin(), cases.end());
  expect_same(numbers(tell(plan, cases).outcomes), numbers(told.outcomes));
}

WaitingParameters few_words() {
  WaitingParameters parameters;
  parameters.yardstick = 2;
  parameters.wanted_share = 0.5;
  return parameters;
}

TEST(Waiting, What_happens_at_the_end_of_a_week_belongs_to_it) {
  const WaitingPlan plan(few_words(), window_of(2));
  const Told told = tell(plan, {{0.5, 1, End::seen}, {1, 2, End::seen}, {1.5, 2.5, End::seen}, {2.25, 3, End::seen}});
  EXPECT_THAT(told.series.backlog, testing::ElementsAre(1, 1));
  EXPECT_THAT(told.series.wait_by_service, testing::ElementsAre(0.5, 1));
  EXPECT_THAT(told.series.wait_by_referral, testing::ElementsAre(0.75, 1));
  EXPECT_EQ(told.outcomes.seen_a_week, 1);
  EXPECT_EQ(told.outcomes.referred_a_week, 1.5);
  EXPECT_EQ(told.outcomes.person_weeks, 2);
}

TEST(Waiting, Times_a_rounding_apart_are_the_same_time) {
  const WaitingPlan plan(few_words(), window_of(4));
  const Told told = tell(plan, {{0.1, 0.1 + 0.2 + 1.8, End::seen}, {0.9, 3 + 1e-13, End::seen}});
  EXPECT_EQ(told.outcomes.share_in_time, 0.5);  // the first waits two weeks, and a rounding
  EXPECT_THAT(told.series.backlog, testing::ElementsAre(2, 2, 0, 0));
}

TEST(Waiting, A_share_of_a_number_is_not_missed_by_a_rounding) {
  WaitingParameters parameters = few_words();
  parameters.wanted_share = 0.07;  // of 100 is 7.000000000000001
  const WaitingPlan plan(parameters, window_of(1));
  std::vector<Case> cases(100, Case{0.5, 3, End::seen});
  std::fill(cases.begin(), cases.begin() + 7, Case{0.5, 1, End::seen});
  EXPECT_EQ(tell(plan, cases).outcomes.in_time, 1);
  cases.front().until = 3;
  EXPECT_EQ(tell(plan, cases).outcomes.in_time, 0);
}

TEST(Waiting, The_starting_backlog_came_evenly_since_the_first) {
  WaitingParameters parameters = few_words();
  parameters.starting_backlog = 4;
  parameters.starting_wait = 8;
  const WaitingPlan plan(parameters, window_of(3));
  const double late = 1e-8;
  EXPECT_THAT(plan.starting, testing::ElementsAre(testing::DoubleNear(-8, late), testing::DoubleNear(-6, late),
                                                  testing::DoubleNear(-4, late), testing::DoubleNear(-2, late)));
  parameters.starting_wait = 0;
  for (const double referred : WaitingPlan(parameters, window_of(3)).starting) {
    EXPECT_LT(referred, 0);
    EXPECT_NEAR(referred, 0, late);
  }
  // Seen at once they were waiting at the start all the same, and not a moment within the window.
  std::vector<Case> cases;
  for (const double referred : plan.starting) cases.push_back({referred, 0, End::seen});
  const Told told = tell(plan, cases);
  EXPECT_EQ(told.outcomes.backlog_start, 4);
  EXPECT_EQ(told.outcomes.backlog_end, 0);
  EXPECT_EQ(told.outcomes.weeks_until_clear, 0);
  EXPECT_EQ(told.outcomes.person_weeks, 0);
  EXPECT_NEAR(told.series.wait_by_service[0], 5, late);
  EXPECT_TRUE(std::isnan(told.outcomes.share_in_time));  // nobody was referred in the window
  EXPECT_EQ(told.outcomes.in_time, 1);
}

TEST(Waiting, A_service_that_sees_nobody_says_so) {
  WaitingParameters parameters = few_words();
  parameters.starting_backlog = 1;
  const WaitingPlan plan(parameters, window_of(2));
  const double last = plan.last_week;
  const Told told =
      tell(plan, {{plan.starting[0], last, End::waits}, {0.5, last, End::waits}, {1.5, 1.75, End::gave_up}});
  EXPECT_EQ(told.outcomes.weeks_until_clear, never);
  EXPECT_EQ(told.outcomes.weeks_until_in_time, never);
  EXPECT_EQ(told.outcomes.share_in_time, 0);
  EXPECT_EQ(told.outcomes.mean_wait, last - 0.5);
  EXPECT_EQ(told.outcomes.wait_95, last - 0.5);
  EXPECT_EQ(told.outcomes.gave_up, 0.5);
  EXPECT_TRUE(std::isnan(told.outcomes.mean_wait_of_seen));
  EXPECT_NEAR(told.outcomes.person_weeks, 2 + 1.5 + 0.25, 1e-12);
}

TEST(Waiting, The_announced_wait_is_that_of_the_latest_week_in_which_any_was_seen) {
  WaitingParameters parameters = few_words();
  parameters.starting_backlog = 2;
  parameters.starting_wait = 6;
  const WaitingPlan plan(parameters, window_of(5));
  WaitingTally tally;
  tally.begin(plan);
  EXPECT_NEAR(tally.announced(0), 6, 1e-8);
  tally.seen(-4, 1);
  tally.seen(-2, 0.5);
  EXPECT_NEAR(tally.announced(0), 6, 1e-8);
  EXPECT_NEAR(tally.announced(1), 3.75, 1e-12);
  EXPECT_NEAR(tally.announced(3), 3.75, 1e-12);  // nobody was seen since
  tally.seen(3, 3.5);
  EXPECT_NEAR(tally.announced(4), 0.5, 1e-12);
}

TEST(Waiting, The_run_is_long_enough_for_what_is_asked) {
  WaitingParameters parameters = few_words();
  parameters.clear_dates = {Date::from_ymd(2024, 2, 1)};
  const WaitingPlan plan(parameters, window_of(3, 6));
  EXPECT_EQ(plan.weeks, 3);
  EXPECT_EQ(plan.clear_weeks.front(), 4);  // the last whole week before the date
  EXPECT_EQ(plan.backlog_weeks, 17);
  EXPECT_EQ(plan.last_week, 159);
  parameters.yardstick = 200.5;  // who still waits at the end has waited longer
  const WaitingPlan patient(parameters, window_of(3));
  EXPECT_GT(patient.last_week - patient.asked_until, 200.5);
  EXPECT_THAT([&] { WaitingPlan(parameters, window_of(0, 6)); },
              testing::ThrowsMessage<std::invalid_argument>(std::string("the window is shorter than a week")));
  WaitingTally tally;
  tally.begin(plan);
  EXPECT_FALSE(tally.may_stop(16, 0));
  EXPECT_FALSE(tally.may_stop(17, 1));
  EXPECT_TRUE(tally.may_stop(17, 0));
}

TEST(Waiting, A_wait_that_ends_before_it_begins_is_a_fault) {
  const WaitingPlan plan(few_words(), window_of(3));
  WaitingTally tally;
  tally.begin(plan);
  const std::string why = "a wait ends before it begins";
  EXPECT_THAT([&] { tally.seen(2, 1); }, testing::ThrowsMessage<std::logic_error>(why));
  EXPECT_THAT([&] { tally.gave_up(2, nothing); }, testing::ThrowsMessage<std::logic_error>(why));
}

}  // namespace
}  // namespace desist
