#include "models/conference.hpp"

#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/random/counts.hpp"
#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_counts.hpp"
#include "models/parts/conference_tally.hpp"
#include "models/parts/order_statistic.hpp"

namespace desist {
namespace {

constexpr double weeks_a_month = weeks_per_year / 12;

void report_backlog(const ConferencePlan& plan, const ConferenceTally& tally, Conference::Outcomes& outcomes,
                    Conference::Series& series) {
  outcomes.backlog_start = tally.left.front();
  outcomes.backlog_end = tally.left[static_cast<std::size_t>(plan.weeks)];
  for (std::size_t i = 0; i < plan.clear_weeks.size(); ++i) {
    outcomes.clear[i] = tally.is_clear(plan, plan.clear_weeks[i]) ? 1 : 0;
    outcomes.backlog_on[i] = tally.left[static_cast<std::size_t>(plan.clear_weeks[i])];
  }
  outcomes.weeks_until_clear = infinity;
  for (int week = plan.weeks; week >= 0; --week) {
    const bool clear = tally.is_clear(plan, week);
    if (clear) outcomes.weeks_until_clear = week;
    if (week == 0) break;
    const auto point = static_cast<std::size_t>(week - 1);  // the end of the week
    series.backlog[point] = tally.left[static_cast<std::size_t>(week)];
    series.clear[point] = clear ? 1 : 0;
  }
}

void report_waits(const ConferencePlan& plan, ConferenceTally& tally, Conference::Outcomes& outcomes,
                  Conference::Series& series) {
  const WaitSum& all = tally.of_referred;
  for (std::size_t week = 0; week < tally.by_referral.size(); ++week) {
    const WaitSum& referred = tally.by_referral[week];
    series.wait_by_referral[week] = referred.mean();
    series.wait_by_hearing[week] = tally.by_hearing[week].mean();
    series.share_waiting_long[week] =
        plan.counts_only || referred.cases == 0 ? missing : referred.waited_long / referred.cases;
  }
  outcomes.mean_wait = all.mean();
  outcomes.unaware_days = days_per_week * (all.mean() - plan.papers);
  outcomes.share_waiting_long = plan.counts_only || all.cases == 0 ? missing : all.waited_long / all.cases;
  outcomes.wait_95 = missing;
  if (!tally.waits.empty()) {
    const auto rank = static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(tally.waits.size())));
    outcomes.wait_95 = order_statistic(tally.waits, rank - 1);
  }
  outcomes.person_weeks = tally.person_weeks;
  outcomes.harm_while_waiting = plan.harm_rate * tally.person_weeks;
}

void report_flows(const ConferencePlan& plan, const Streams& streams, const ConferenceTally& tally,
                  Conference::Outcomes& outcomes) {
  const double months = plan.end / weeks_a_month;
  const double word = uniform(streams.words(Purpose("missed by filter"), 0)[0]);
  const auto turned_away = static_cast<std::int64_t>(tally.turned_away);
  outcomes.turned_away_a_month = tally.turned_away / months;
  outcomes.missed_high_risk_a_month =
      static_cast<double>(binomial_by_search(word, turned_away, plan.missed_by_filter)) / months;
  outcomes.settled_a_month = tally.settled / months;
  outcomes.heard_a_week = tally.heard / plan.end;
  outcomes.referred_a_week = tally.referred / plan.end;
}

}  // namespace

void Conference::replicate(const Bound& plan, const Streams& streams, Outcomes& outcomes, Series& series) {
  thread_local ConferenceTally tally;
  thread_local ConferenceCases cases;
  tally.begin(plan);
  for (int conference = 0; conference < plan.conferences; ++conference) {
    if (plan.counts_only) {
      count_cases(plan, streams, conference, tally);
    } else {
      follow_cases(plan, streams, conference, cases);
      tally_cases(plan, cases, tally);
    }
  }
  report(plan, streams, tally, outcomes, series);
}

void Conference::report(const Bound& plan, const Streams& streams, ConferenceTally& tally, Outcomes& outcomes,
                        Series& series) {
  report_backlog(plan, tally, outcomes, series);
  report_waits(plan, tally, outcomes, series);
  report_flows(plan, streams, tally, outcomes);
}

}  // namespace desist
