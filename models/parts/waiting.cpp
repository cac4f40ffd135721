#include "models/parts/waiting.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/core/limits.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/order_statistic.hpp"

namespace desist {
namespace {

/// The week of the window, from 0, in which `time` lies; the start itself is in the first.
std::size_t week_of(double time) { return std::max<std::size_t>(week_end(time), 1) - 1; }

/// Whether `part` is at least the share of `all`: 0.07 of 100 is 7, whatever a double makes of it.
bool reaches(double part, double share, double all) { return part >= share * all - 1e-9 * (1 + all); }

}  // namespace

WaitingPlan::WaitingPlan(const StandardParameters& parameters, const Window& window)
    : weeks(static_cast<int>(window.whole_weeks())),
      end(weeks),
      asked_until(weeks + weeks_of_staying),
      yardstick(parameters.yardstick),
      wanted_share(parameters.wanted_share),
      clear_limit(parameters.clear_limit) {
  if (weeks < 1) throw std::invalid_argument("the window is shorter than a week");
  int last_looked_at = weeks;
  for (const Date date : parameters.clear_dates) {
    const int week = static_cast<int>(std::floor(window.week_of(date) + same_instant));
    clear_weeks.push_back(std::max(0, week));
    last_looked_at = std::max(last_looked_at, week);
  }
  backlog_weeks = last_looked_at + weeks_of_staying;
  // Who still waits when the run ends has waited longer than the yardstick, so "in time" is always known.
  const int followed = std::max(weeks_of_following, weeks_of_staying + static_cast<int>(std::ceil(yardstick)));
  last_week = std::max(backlog_weeks, weeks + followed);
}

WaitingPlan::WaitingPlan(const WaitingParameters& parameters, const Window& window)
    : WaitingPlan(static_cast<const StandardParameters&>(parameters), window) {
  const auto waiting = static_cast<int>(std::llround(parameters.starting_backlog));
  // The r-th oldest of n has waited starting_wait (1 - r/n), r = 0 ... n - 1: the first of them all of it.
  for (int r = 0; r < waiting; ++r)
    starting.push_back(parameters.starting_wait * (static_cast<double>(r) / waiting - 1) - same_instant);
}

void WaitingTally::begin(const WaitingPlan& plan) {
  plan_ = &plan;
  by_referral_.assign(static_cast<std::size_t>(plan.weeks) + weeks_of_staying, {});
  by_service_.assign(static_cast<std::size_t>(plan.last_week) + 1, {});
  change_.assign(static_cast<std::size_t>(plan.last_week) + 2, 0.0);
  waits_.clear();
  started_ = referred_ = gave_up_ = person_weeks_ = 0;
}

void WaitingTally::came(double referred) {
  change_[std::min(week_end(referred), change_.size() - 1)] += 1;
  if (referred < 0) {
    started_ += 1;
    return;
  }
  const std::size_t week = week_of(referred);
  if (week < by_referral_.size()) by_referral_[week].referred += 1;
  if (week < static_cast<std::size_t>(plan_->weeks)) referred_ += 1;
}

void WaitingTally::ended(double referred, double until, bool is_seen) {
  if (!(until >= referred - same_instant)) throw std::logic_error("a wait ends before it begins");
  came(referred);
  change_[std::min(week_end(until), change_.size() - 1)] -= 1;
  person_weeks_ += std::max(0.0, std::min(until, plan_->end) - std::max(referred, 0.0));
  const double wait = std::max(0.0, until - referred);
  if (is_seen && week_of(until) < by_service_.size()) {
    Served& of = by_service_[week_of(until)];
    of.seen += 1;
    of.waited += wait;
  }
  if (referred < 0) return;
  const std::size_t week = week_of(referred);
  if (is_seen && week < by_referral_.size()) {
    Week& of = by_referral_[week];
    of.seen += 1;
    of.waited += wait;
    of.in_time += wait <= plan_->yardstick + same_instant ? 1 : 0;
  }
  if (week >= static_cast<std::size_t>(plan_->weeks)) return;
  if (is_seen)
    waits_.push_back(wait);
  else
    gave_up_ += 1;
}

void WaitingTally::still_waits(double referred, double now) {
  // Counted as waiting to the end of all weeks; the wait is at least what it is by now.
  came(referred);
  person_weeks_ += std::max(0.0, plan_->end - std::max(referred, 0.0));
  if (referred < 0) return;
  const std::size_t week = week_of(referred);
  if (week < by_referral_.size()) {
    by_referral_[week].seen += 1;
    by_referral_[week].waited += now - referred;
  }
  if (week < static_cast<std::size_t>(plan_->weeks)) waits_.push_back(now - referred);
}

double WaitingTally::announced(int week) const {
  for (auto last = std::min(static_cast<std::size_t>(std::max(week, 0)), by_service_.size()); last-- > 0;)
    if (by_service_[last].seen > 0) return by_service_[last].waited / by_service_[last].seen;
  return plan_->starting.empty() ? 0 : -plan_->starting.front();
}

void WaitingTally::report(WaitingOutcomes& outcomes, WaitingSeries& series) const {
  const WaitingPlan& plan = *plan_;
  const auto weeks = static_cast<std::size_t>(plan.weeks);

  // Backlog at the ends of weeks 0 (the start) to backlog_weeks, and from there back: how long it stays clear.
  const auto looked_at = static_cast<std::size_t>(plan.backlog_weeks);
  thread_local std::vector<double> backlog;
  backlog.assign(looked_at + 1, 0.0);
  double now = 0;
  for (std::size_t k = 0; k <= looked_at; ++k) backlog[k] = now += change_[k];
  thread_local std::vector<int> clear_for;
  clear_for.assign(looked_at + 2, 0);
  for (std::size_t k = looked_at + 1; k-- > 0;)
    clear_for[k] = backlog[k] <= plan.clear_limit ? clear_for[k + 1] + 1 : 0;
  const auto is_clear = [&](std::size_t k) { return clear_for[k] > weeks_of_staying; };

  outcomes.backlog_start = started_;
  outcomes.backlog_end = backlog[weeks];
  for (std::size_t i = 0; i < plan.clear_weeks.size(); ++i) {
    const auto week = static_cast<std::size_t>(plan.clear_weeks[i]);
    outcomes.clear[i] = is_clear(week) ? 1 : 0;
    outcomes.backlog_on[i] = backlog[week];
  }
  outcomes.weeks_until_clear = infinity;
  for (std::size_t k = weeks + 1; k-- > 0;)
    if (is_clear(k)) outcomes.weeks_until_clear = static_cast<double>(k);

  Week all;
  double seen = 0;
  double waited = 0;
  for (std::size_t k = 0; k < weeks; ++k) {
    const Week& of = by_referral_[k];
    all.referred += of.referred;
    all.seen += of.seen;
    all.waited += of.waited;
    all.in_time += of.in_time;
    seen += by_service_[k].seen;
    waited += by_service_[k].waited;
    series.backlog[k] = backlog[k + 1];
    series.clear[k] = is_clear(k + 1) ? 1 : 0;
    series.wait_by_referral[k] = of.seen > 0 ? of.waited / of.seen : missing;
    series.wait_by_service[k] = by_service_[k].seen > 0 ? by_service_[k].waited / by_service_[k].seen : missing;
    series.share_in_time[k] = of.referred > 0 ? of.in_time / of.referred : missing;
    series.in_time[k] = of.referred > 0 ? (reaches(of.in_time, plan.wanted_share, of.referred) ? 1 : 0) : missing;
  }
  outcomes.share_in_time = all.referred > 0 ? all.in_time / all.referred : missing;
  outcomes.in_time = reaches(all.in_time, plan.wanted_share, all.referred) ? 1 : 0;
  outcomes.mean_wait = all.seen > 0 ? all.waited / all.seen : missing;
  outcomes.mean_wait_of_seen = seen > 0 ? waited / seen : missing;
  outcomes.gave_up = referred_ > 0 ? gave_up_ / referred_ : missing;
  outcomes.wait_95 = missing;
  if (!waits_.empty()) {
    const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(waits_.size())));
    outcomes.wait_95 = order_statistic(waits_, rank - 1);
  }
  // The cases referred in the next 13 weeks, from the last week of the window back.
  outcomes.weeks_until_in_time = infinity;
  for (std::size_t k = weeks; k-- > 0;) {
    double referred = 0;
    double in_time = 0;
    for (std::size_t j = k; j < k + weeks_of_staying; ++j) {
      referred += by_referral_[j].referred;
      in_time += by_referral_[j].in_time;
    }
    if (reaches(in_time, plan.wanted_share, referred)) outcomes.weeks_until_in_time = static_cast<double>(k);
  }
  outcomes.person_weeks = person_weeks_;
  outcomes.seen_a_week = seen / plan.end;
  outcomes.referred_a_week = referred_ / plan.end;
}

}  // namespace desist
