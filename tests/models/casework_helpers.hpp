// Small caseworks for tests.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "models/casework.hpp"
#include "tests/models/run_model.hpp"

namespace desist::test {

inline constexpr double hours_a_week = 168;

/// 30 September 2023 was a Saturday, 2 October a Monday.
inline Window window_of(int weeks, Date start = Date::from_ymd(2023, 10, 2)) {
  return {start, Date{start.days + 7 * weeks}};
}

/// One class a route with these referrals a week and mean hours; one worker who works day and night, unless set.
inline CaseworkParameters plain(const std::vector<double>& referrals, const std::vector<double>& hours) {
  CaseworkParameters parameters;
  for (std::size_t i = 0; i < referrals.size(); ++i) {
    parameters.routes.push_back(std::to_string(i + 1));
    parameters.classes.push_back(std::to_string(i + 1));
    parameters.referrals.values.emplace_back(referrals[i]);
    parameters.take_up.values.emplace_back(1);
    parameters.growth.values.push_back(0);
    parameters.hours.values.emplace_back(hours[i]);
    parameters.hours_cv.values.push_back(0);
    parameters.due.values.push_back(4);
    parameters.priority.values.push_back(1);
    parameters.returned.values.push_back(0);
  }
  parameters.workers = Steps(1);
  parameters.hours_each = Steps(hours_a_week);
  parameters.yardstick = 1;
  parameters.wanted_share = 0.95;
  return parameters;
}

/// Monday to Friday, nine to five.
inline void office_hours(CaseworkParameters& parameters, double hours_each = 40) {
  parameters.hours_each = Steps(hours_each);
  parameters.working_days = Steps(5);
  parameters.opens = 9;
  parameters.closes = 17;
}

struct TracedCasework {
  CaseworkTally tally;
  std::vector<CaseworkRecord> log;
};
inline void sort_by_referral(std::vector<CaseworkRecord>& log) {
  std::sort(log.begin(), log.end(), [](const CaseworkRecord& a, const CaseworkRecord& b) {
    return a.referred != b.referred ? a.referred < b.referred : a.id < b.id || (a.id == b.id && a.visit < b.visit);
  });
}
inline TracedCasework trace(const CaseworkPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  TracedCasework traced;
  run_casework(plan, Streams(seed, 0, replicate), traced.tally, &traced.log);
  sort_by_referral(traced.log);
  return traced;
}

using Result = Replicate<Casework>;
inline Result empty_result(const CaseworkPlan& plan) {
  Result result;
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  const std::size_t dates = plan.waiting.clear_weeks.size();
  result.outcomes.share_on_time.resize(plan.classes.size());
  for (auto* on : {&result.outcomes.clear, &result.outcomes.backlog_on, &result.outcomes.overdue_on,
                   &result.outcomes.outstanding_on})
    on->resize(dates);
  Casework::Series& s = result.series;
  for (auto* series : {&s.backlog, &s.wait_by_referral, &s.wait_by_service, &s.share_in_time, &s.in_time, &s.clear,
                       &s.outstanding, &s.overdue, &s.hours_outstanding})
    series->resize(weeks);
  return result;
}
inline Result run(const CaseworkPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  Result result = empty_result(plan);
  Casework::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

/// Parameters of every kind, from a seed.
inline CaseworkParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  const auto classes = static_cast<std::size_t>(between(1, 4));
  std::vector<double> referrals;
  std::vector<double> hours;
  for (std::size_t i = 0; i < classes; ++i) {
    referrals.push_back(between(0, 8));
    hours.push_back(between(0, 12));
  }
  CaseworkParameters parameters = plain(referrals, hours);
  for (std::size_t i = 0; i < classes; ++i) {
    parameters.hours_cv.values[i] = perhaps(between(0, 2));
    parameters.due.values[i] = between(0, 6);
    parameters.priority.values[i] = std::floor(between(1, 4));
    parameters.returned.values[i] = perhaps(between(0, 0.6));
    parameters.growth.values[i] = perhaps(between(-0.5, 1));
  }
  if (uniform(words()) < 0.4) {
    parameters.class_shares.assign(classes, 1.0 / static_cast<double>(classes));
  }
  parameters.ageing = perhaps(between(0.5, 4));
  parameters.return_after = perhaps(between(0, 3));
  parameters.batch = uniform(words()) < 0.3 ? std::floor(between(2, 9)) : 1;
  parameters.workers = Steps({{0, std::floor(between(0, 5))}, {13, between(0, 5)}});
  parameters.team_size = uniform(words()) < 0.2 ? 2 : 1;
  parameters.absence = perhaps(between(0, 0.5));
  parameters.leavers = perhaps(between(0, 2));
  parameters.time_to_fill = between(0, 10);
  parameters.training = perhaps(between(0, 10));
  parameters.hours_each = Steps({{0, between(0, 40)}, {7.3, between(0, 40)}});
  parameters.staff_hours = Steps(perhaps(between(0, 30)));
  parameters.working_days = Steps({{0, std::floor(between(1, 7.99))}, {5, 7}});
  parameters.opens = perhaps(between(0, 12));
  parameters.closes = between(13, 24);
  parameters.closed = {Date::from_ymd(2023, 12, 25), Date::from_ymd(2024, 1, 1)};
  parameters.overdispersion = perhaps(between(0, 1));
  parameters.deterrence = perhaps(between(0, 0.3));
  parameters.starting_backlog = perhaps(between(0, 40));
  parameters.starting_wait = between(0, 6);
  parameters.clear_limit = between(0, 10);
  parameters.clear_dates = {Date::from_ymd(2023, 9, 30), Date::from_ymd(2024, 5, 30)};
  return parameters;
}

}  // namespace desist::test
