// Small caseloads for tests, and one who writes everything down.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/caseload.hpp"
#include "models/parts/caseload_cases.hpp"
#include "models/parts/caseload_run.hpp"
#include "models/parts/caseload_tally.hpp"

namespace desist::test {

inline Window window_of(int weeks) {
  const Date start = Date::from_ymd(2026, 4, 1);
  return {start, Date{start.days + 7 * weeks}};
}

/// One route, `slots` slots all the time, lengths of support by `form`, and nothing else going on.
inline CaseloadParameters plain(double referrals, double slots, double support_mean, double support_cv = 0) {
  CaseloadParameters parameters;
  parameters.routes = {"all"};
  parameters.referrals.values = {Steps(referrals)};
  parameters.take_up.values = {Steps(1)};
  parameters.growth.values = {0};
  parameters.yardstick = 4;
  parameters.wanted_share = 0.95;
  parameters.workers = Steps(1);
  parameters.clients_each = slots;
  parameters.support_mean = support_mean;
  parameters.support_cv = support_cv;
  return parameters;
}

/// Parameters of every kind, from a seed. Everything is small, so that a naive service can follow.
inline CaseloadParameters any_parameters(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any parameters"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto perhaps = [&](double value) { return uniform(words()) < 0.5 ? value : 0; };
  CaseloadParameters p = plain(between(0, 6), 0, perhaps(between(0, 8)), perhaps(between(0, 2)));
  p.routes = {"one", "other"};
  p.referrals.values = {Steps({{0, between(0, 4)}, {between(1, 20), between(0, 6)}}), Steps(perhaps(between(0, 3)))};
  p.take_up.values = {Steps(1), Steps(between(0, 1))};
  p.growth.values = {perhaps(between(-0.5, 1)), 0};
  p.overdispersion = perhaps(between(0, 0.5));
  p.deterrence = perhaps(between(0, 0.3));
  p.starting_backlog = perhaps(between(0, 30));
  p.starting_wait = between(0, 10);
  p.clear_limit = perhaps(between(0, 5));
  p.clear_dates = {Date::from_ymd(2026, 5, 20)};
  p.workers = Steps({{0, between(0, 4)}, {between(1, 20), between(0, 4)}});
  p.team_size = uniform(words()) < 0.2 ? 2 : 1;
  p.absence = perhaps(between(0, 0.4));
  p.leavers = perhaps(between(0, 3));
  p.time_to_fill = between(0, 8);
  p.training = perhaps(between(0, 4));
  p.clients_each = between(0, 6);
  p.starts = Steps({{0, perhaps(between(0, 2))}, {between(1, 20), perhaps(between(0, 2))}});
  if (p.support_cv == 0 && uniform(words()) < 0.5) p.support_law = CaseloadParameters::SupportLaw::exponential;
  p.drop_out = perhaps(between(0, 1));
  p.patience = perhaps(between(0, 20));
  if (uniform(words()) < 0.5) p.order = CaseloadParameters::Order::by_risk;
  p.norm = between(0.1, 6);
  p.slowing = uniform(words()) < 0.3 ? 1 : perhaps(between(0, 2));
  p.dilution = perhaps(between(0, 2));
  p.return_share = perhaps(between(0, 1));
  p.return_delay = between(0, 10);
  (uniform(words()) < 0.5 ? p.starting_clients : p.starting_use) = between(0, 1);
  p.starting_clients *= 20;
  p.cost_per_worker = between(0, 1e5);
  p.cost_per_start = between(0, 1e3);
  return p;
}

/// Everything that happened in one replicate.
struct Diary {
  struct Wait {
    double referred = 0;
    double until = 0;
    enum class End { seen, gave_up, still_waits } end = End::seen;
    auto operator<=>(const Wait&) const = default;
  };
  struct Stay {
    double start = 0;
    double end = 0;
    bool completed = false;
    double effect = 0;
    auto operator<=>(const Stay&) const = default;
  };
  std::vector<Wait> waits;
  std::vector<Stay> stays;
  std::vector<CaseloadWeek> weeks;
  void sort() {
    std::sort(waits.begin(), waits.end());
    std::sort(stays.begin(), stays.end());
  }
};

/// A tally that keeps a diary too.
struct DiaryTally : CaseloadTally {
  Diary diary;
  void seen(double referred, double start) {
    CaseloadTally::seen(referred, start);
    diary.waits.push_back({referred, start, Diary::Wait::End::seen});
  }
  void gave_up(double referred, double left) {
    CaseloadTally::gave_up(referred, left);
    diary.waits.push_back({referred, left, Diary::Wait::End::gave_up});
  }
  void still_waits(double referred, double now) {
    CaseloadTally::still_waits(referred, now);
    diary.waits.push_back({referred, now, Diary::Wait::End::still_waits});
  }
  void left(double start, double now, bool is_completed, double effect) {
    CaseloadTally::left(start, now, is_completed, effect);
    diary.stays.push_back({start, now, is_completed, effect});
  }
  void week_ended(int ended, const CaseloadWeek& service) {
    CaseloadTally::week_ended(ended, service);
    diary.weeks.push_back(service);
  }
};

inline DiaryTally diary_of(const CaseloadPlan& plan, const Streams& streams) {
  DiaryTally tally;
  tally.begin(plan);
  CaseloadSpace space;
  CasesReferred cases(plan.demand, plan.support, streams);
  CaseloadRun(plan, streams, cases, space, tally).run();
  tally.diary.sort();
  return tally;
}

struct CaseloadResult {
  Caseload::Outcomes outcomes;
  Caseload::Series series;
};

inline CaseloadResult run(const CaseloadPlan& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  CaseloadResult result;
  result.outcomes.clear.resize(plan.waiting.clear_weeks.size());
  result.outcomes.backlog_on.resize(plan.waiting.clear_weeks.size());
  Caseload::Series& s = result.series;
  for (auto* series : {&s.backlog, &s.wait_by_referral, &s.wait_by_service, &s.share_in_time, &s.in_time,
                       &s.WaitingSeries::clear, &s.clients, &s.started, &s.at_work})
    series->resize(static_cast<std::size_t>(plan.waiting.weeks));
  Caseload::replicate(plan, Streams(seed, 0, replicate), result.outcomes, s);
  return result;
}

}  // namespace desist::test
