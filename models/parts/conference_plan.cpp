#include "models/parts/conference_plan.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>

#include "engine/core/date.hpp"
#include "engine/statistics/discrete_laws.hpp"
#include "models/parts/closed_weeks.hpp"
#include "models/parts/instants.hpp"

namespace desist {
namespace {

/// The week w whose (w, w + 1] holds an instant.
int week_of_instant(double time) { return static_cast<int>(std::ceil(time - same_instant)) - 1; }

/// Integral of exp(trend t) over [from, to].
double integral_of_trend(double trend, double from, double to) {
  if (trend == 0) return to - from;
  return std::exp(trend * from) * std::expm1(trend * (to - from)) / trend;
}

/// Integral of steps(t) exp(trend t) over [from, to].
double integral(const Steps& steps, double trend, double from, double to) {
  const auto pieces = steps.steps();
  double sum = 0;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const double begin = i == 0 ? from : std::max(from, pieces[i].from);
    const double finish = i + 1 == pieces.size() ? to : std::min(to, pieces[i + 1].from);
    if (begin < finish) sum += pieces[i].value * integral_of_trend(trend, begin, finish);
  }
  return sum;
}

/// Whether any value is other than 0.
bool is_anything(std::span<const Steps> values) {
  return std::any_of(values.begin(), values.end(), [](const Steps& value) {
    return std::any_of(value.steps().begin(), value.steps().end(), [](const auto& step) { return step.value != 0; });
  });
}

/// Share of the year without meetings: closed weeks that begin in the window, over its length but at least a year.
double closed_share(const std::vector<Date>& dates, const Window& window) {
  const auto inside =
      std::count_if(dates.begin(), dates.end(), [&](Date date) { return date >= window.start && date < window.end; });
  const double share = static_cast<double>(inside) / std::max(weeks_per_year, window.weeks());
  if (share >= 1) throw std::invalid_argument("no_meetings leaves no week in which a conference could meet");
  return share;
}

}  // namespace

ConferencePlan::ConferencePlan(const ConferenceParameters& parameters, const Window& window, FollowUp follow_up)
    : conferences(static_cast<int>(parameters.conferences.size())),
      weeks(static_cast<int>(window.whole_weeks())),
      end(weeks),
      order(parameters.order),
      counts_only(parameters.record == ConferenceParameters::Record::counts),
      papers(parameters.papers_released),
      settled_after(parameters.settled_after),
      missed_by_filter(parameters.missed_by_filter),
      long_wait(parameters.long_wait),
      harm_rate(parameters.harm_rate / weeks_per_year),
      base_hearings(parameters.hearings.at(0)),
      clear_limit(parameters.clear_limit * base_hearings),
      interval(parameters.meeting_interval),
      overrun(parameters.overrun),
      overrun_hearings(parameters.overrun_hearings),
      settled_(parameters.settled_outside.values) {
  if (conferences < 1) throw std::invalid_argument("a conference model needs one conference or more");
  if (weeks < 1) throw std::invalid_argument("the window is shorter than a week");
  if (counts_only && order != ConferenceParameters::Order::first_come)
    throw std::invalid_argument("record = \"counts\" needs order = \"first come\": by risk, cases differ");
  settles = is_anything(settled_);
  draws_risk = settles || order == ConferenceParameters::Order::by_risk;
  if (counts_only && settles)
    throw std::invalid_argument("record = \"counts\" needs settled_outside = 0: who is settled depends on each case");

  int last_looked_at = weeks;
  for (const Date date : parameters.clear_dates) {
    const int week = static_cast<int>(std::floor(window.week_of(date) + same_instant));
    clear_weeks.push_back(std::max(0, week));
    last_looked_at = std::max(last_looked_at, week);
  }
  const bool follows = follow_up == FollowUp::cases_and_backlog;
  backlog_weeks = last_looked_at + (follows ? weeks_of_staying_clear : 0);
  last_week = std::max(backlog_weeks, weeks + (follows ? weeks_followed : 0));
  // First come, first served: who comes later changes nobody's wait. By risk, later cases overtake.
  demand_weeks = order == ConferenceParameters::Order::first_come ? backlog_weeks : last_week;
  double share = 0;
  for (const double level : parameters.risk_levels) risk_levels.push_back(share += level);
  if (!risk_levels.empty()) risk_levels.back() = 1;  // shares add up to one; rounding belongs to the last

  starting_age = parameters.starting_backlog;
  const double waiting = parameters.starting_backlog * base_hearings;
  for (int a = 0; a < conferences; ++a)  // whole cases that add up to the rounded total
    starting_cases.push_back(static_cast<int>(std::floor(waiting * (a + 1) / conferences + 0.5)) -
                             static_cast<int>(std::floor(waiting * a / conferences + 0.5)));
  plan_meetings(parameters, window);
  plan_attendance(parameters);
  plan_referrals(parameters);
  plan_filter(parameters);
  if (counts_only) plan_slices();
}

void ConferencePlan::plan_meetings(const ConferenceParameters& parameters, const Window& window) {
  const double until = last_week;
  const auto calendar = meetings_at_intervals(interval, until, closed_weeks(parameters.no_meetings, window, until));
  for (const Meeting& meeting : calendar)
    meetings.push_back({meeting.time, meeting.time - papers, week_of_instant(meeting.time), meeting.held});

  const auto meetings_by = [&](int week) {
    return std::partition_point(meetings.begin(), meetings.end(), [&](auto& m) { return m.week < week; }) -
           meetings.begin();
  };
  for (int week = 0; week <= backlog_weeks; ++week)
    latest_meeting.push_back(static_cast<std::int32_t>(meetings_by(week)));
  meetings_in_window = static_cast<std::size_t>(meetings_by(weeks));

  const double open_share = 1 - closed_share(parameters.no_meetings, window);
  capacity.reserve(meetings.size() * static_cast<std::size_t>(conferences));
  for (int a = 0; a < conferences; ++a) {
    WholeSlots hearings((a + 0.5) / conferences);
    for (const ConferenceMeeting& meeting : meetings) {
      const double rate = parameters.hearings.at(meeting.time) * (1 + parameters.extra_hearings.at(meeting.time));
      capacity.push_back(meeting.held ? hearings.next(rate * interval / conferences / open_share) : 0);
    }
  }
}

void ConferencePlan::plan_attendance(const ConferenceParameters& parameters) {
  if (parameters.quorum > parameters.agencies)
    throw std::invalid_argument("quorum asks for more agencies than the number invited (agencies)");
  const bool overruns = overrun > 0 && overrun_hearings > 0;
  meetings_vary = parameters.cancelled_meetings > 0 || parameters.quorum > 0 || overruns;
  if (!meetings_vary) return;
  double attendance = -1;
  double too_few = 0;
  for (const ConferenceMeeting& meeting : meetings) {
    if (const double now = parameters.attendance.at(meeting.time); parameters.quorum > 0 && now != attendance) {
      attendance = now;
      too_few = statistics::binomial_tails(parameters.quorum, parameters.agencies, attendance).below;
    }
    falls_through.push_back(parameters.cancelled_meetings + (1 - parameters.cancelled_meetings) * too_few);
  }
}

void ConferencePlan::plan_referrals(const ConferenceParameters& parameters) {
  const double trend = std::log1p(parameters.growth) / weeks_per_year;
  returns =
      ReturnLaw(parameters.repeat_share, parameters.return_delay, interval, base_hearings * interval / conferences);
  const double returning = returns.share * base_hearings;
  const bool constant = trend == 0 && parameters.referrals.is_constant();
  changing_ = constant ? 0 : ~std::size_t{0};
  for (int w = 0; w < (constant ? 1 : demand_weeks); ++w) {
    const double stated = integral(parameters.referrals, trend, w, w + 1);
    tables_.emplace_back(std::max(0.0, stated - returning) / conferences);
  }
}

void ConferencePlan::plan_filter(const ConferenceParameters& parameters) {
  const auto& filters = parameters.filtered_out.values;
  if (!is_anything(filters)) return;
  for (const Steps& filter : filters)
    for (int w = 0; w < demand_weeks; ++w) filter_.push_back(integral(filter, 0, w, w + 1));
}

void ConferencePlan::plan_slices() {
  std::vector<double> instants;
  const double last = demand_weeks;
  for (int w = 1; w <= demand_weeks; ++w) instants.push_back(w);
  for (const ConferenceMeeting& meeting : meetings) {
    for (const double time : {meeting.time, meeting.list_closes})
      if (time > 0 && time < last) instants.push_back(time);
  }
  std::sort(instants.begin(), instants.end());

  double now = 0;
  int next = 0;  // meeting
  for (const double instant : instants) {
    if (instant <= now + same_instant) continue;
    const int week = week_of_instant(instant);
    const bool ends_week = week + 1 - instant <= same_instant;
    const double to = ends_week ? week + 1 : instant;
    while (interval * (next + 1) <= now + same_instant) ++next;
    const double next_meeting = interval * (next + 1);
    const bool ends_interval = next_meeting - to <= same_instant;
    slices.push_back({now, to - now, ends_week ? 1.0 : (to - now) / (week + 1 - now),
                      ends_interval ? 1.0 : (to - now) / (next_meeting - now), week, next});
    now = to;
  }
  for (const ReferralSlice& slice : slices) slice_middles.push_back(slice.from + slice.length / 2);
  slices_in_window = static_cast<int>(
      std::count_if(slices.begin(), slices.end(), [&](const ReferralSlice& slice) { return slice.week < weeks; }));
  const auto slices_until = [&](double time) {
    const auto over = [&](const ReferralSlice& slice) { return slice.from + slice.length <= time + same_instant; };
    return static_cast<int>(std::partition_point(slices.begin(), slices.end(), over) - slices.begin());
  };
  for (const ConferenceMeeting& meeting : meetings) {
    slices_by_meeting.push_back(slices_until(meeting.time));
    slices_by_list.push_back(slices_until(meeting.list_closes));
  }
}

}  // namespace desist
