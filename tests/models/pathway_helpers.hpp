// Small pathways for tests.
#pragma once

#include <string>
#include <vector>

#include "models/parts/pathway_cases.hpp"
#include "models/pathway.hpp"

namespace desist::test {

using TimeLaw = PathwayParameters::TimeLaw;

inline Window weeks_from(int weeks) {
  const Date start = Date::from_ymd(2023, 9, 30);
  return {start, Date{start.days + 7 * weeks}};
}

template <class T>
ByItem<T> each(std::size_t number, T value) {
  return {std::vector<T>(number, value)};
}

/// One route and stages of one server each that take no time; nothing else going on.
inline PathwayParameters pathway_of(std::size_t stages, double referrals) {
  PathwayParameters parameters;
  parameters.routes = {"all"};
  parameters.referrals.values = {Steps(referrals)};
  parameters.take_up.values = {Steps(1)};
  parameters.growth.values = {0};
  for (std::size_t s = 0; s < stages; ++s) parameters.stages.push_back("stage " + std::to_string(s + 1));
  parameters.servers = each(stages, Steps(1));
  parameters.time = each(stages, Steps(0));
  parameters.time_cv = each(stages, 0.0);
  parameters.continues = each(stages, Steps(1));
  parameters.patience = each(stages, 0.0);
  parameters.cost = each(stages, 0.0);
  parameters.starting_backlog = each(stages, 0.0);
  parameters.starting_wait = each(stages, 0.0);
  parameters.starting_served = each(stages, 0.0);
  parameters.yardstick = 4;
  parameters.wanted_share = 0.95;
  return parameters;
}

struct PathwayResult {
  Pathway::Outcomes outcomes;
  Pathway::Series series;
};

inline PathwayResult run(const PathwayPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  PathwayResult result;
  auto& o = result.outcomes;
  auto& s = result.series;
  for (auto* by_date : {&o.clear, &o.backlog_on}) by_date->resize(plan.waiting.clear_weeks.size());
  for (auto* by_stage : {&o.stage_wait, &o.stage_wait_from_referral, &o.stage_gave_up, &o.stage_backlog_end,
                         &o.stage_backlog_mean, &o.stage_seen_a_week, &o.stage_busy, &o.stage_served_mean})
    by_stage->resize(plan.stages.size());
  for (auto* series : {&s.backlog, &s.wait_by_referral, &s.wait_by_service, &s.share_in_time, &s.in_time, &s.clear})
    series->resize(static_cast<std::size_t>(plan.waiting.weeks));
  Pathway::replicate(plan, Streams(seed, 0, replicate), o, s);
  return result;
}

/// What happened in one replicate, and the tally it was told to.
struct PathwayRun {
  PathwayFlows flows;
  WaitingTally tally;
};
inline PathwayRun follow(const PathwayPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  PathwayRun result;
  PathwayCases cases;
  cases.follow(plan, Streams(seed, 0, replicate), result.tally, result.flows);
  return result;
}

}  // namespace desist::test
