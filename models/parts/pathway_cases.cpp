#include "models/parts/pathway_cases.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>

#include "models/parts/instants.hpp"

namespace desist {
namespace {

constexpr double just_before = -same_instant;

// Cases at the start have ids that no referral has: week 0 (Demand counts weeks from 1), and a bit for those served.
std::uint64_t id_at_start(std::size_t stage, int index, bool served) {
  return static_cast<std::uint64_t>(served) << 63U | static_cast<std::uint64_t>(stage) << 48U |
         static_cast<std::uint64_t>(index);
}

}  // namespace

void PathwayFlows::begin(std::size_t number_of_stages) {
  stages.assign(number_of_stages, {});
  completed = returned = cost = run_ends = 0;
  all_referred = all_returned = 0;
}

PathwayCases::Case PathwayCases::Queue::pop() {
  const Case first = cases[head++];
  if (empty()) {
    cases.clear();
    head = 0;
  } else if (head >= 64 && 2 * head >= cases.size()) {
    cases.erase(cases.begin(), cases.begin() + static_cast<std::ptrdiff_t>(head));
    head = 0;
  }
  return first;
}

void PathwayCases::follow(const PathwayPlan& plan, const Streams& streams, WaitingTally& tally, PathwayFlows& flows) {
  plan_ = &plan;
  streams_ = &streams;
  tally_ = &tally;
  flows_ = &flows;
  tally.begin(plan.waiting);
  flows.begin(plan.stages.size());
  start();
  Demand demand(plan.demand, streams);
  int week = 0;
  for (; week < plan.waiting.last_week; ++week) {
    if (week >= plan.waiting.backlog_weeks) {
      take_out_who_gave_up(week);
      if (tally.may_stop(week, unsettled_)) break;
    }
    demand.draw_week(referrals_, plan.deterred ? tally.announced(week) : 0);
    next_referral_ = 0;
    run_until(week + 1);
  }
  stop(week);
}

void PathwayCases::start() {
  const std::size_t stages = plan_->stages.size();
  queues_.resize(stages);
  busy_.assign(stages, 0);
  servers_.assign(stages, 0);
  calendar_.clear();
  pending_.clear();
  free_.clear();
  next_change_ = unsettled_ = 0;
  for (std::uint32_t s = 0; s < stages; ++s) {
    const PathwayStage& stage = plan_->stages[s];
    queues_[s].cases.clear();
    queues_[s].head = 0;
    servers_[s] = stage.servers;
    for (int i = 0; i < stage.served; ++i) {
      Case subject;
      subject.id = id_at_start(s, i, true);
      subject.referred = subject.joined = just_before;
      subject.last_stage = last_stage_of(subject, s, 0);
      if (subject.last_stage > s) ++unsettled_;
      const double left = plan_->time_left(stage, words_of(Purpose("time left at the start"), subject, s));
      ++busy_[s];
      flows_->stages[s].busy_weeks += std::min(left, plan_->waiting.end);
      push({left, Kind::service_ends, s, subject});
    }
    for (int i = 0; i < stage.waiting; ++i) {
      Case subject;
      subject.id = id_at_start(s, i, false);
      subject.referred = subject.joined = stage.came_before_start(i);
      subject.last_stage = last_stage_of(subject, s, 0);
      const Words words = words_of(Purpose("time and patience at a stage"), subject, s);
      subject.work = words[0];
      // Patience is exponential: what is left of it at the start is again exponential.
      if (stage.patience > 0) subject.gives_up = -stage.patience * std::log(uniform(words[1]));
      ++unsettled_;
      queues_[s].push(subject);
    }
  }
  for (std::uint32_t s = 0; s < stages; ++s) serve_waiting(s, 0);
}

void PathwayCases::run_until(double end) {
  while (true) {
    // The next of a heap and two sorted lists; a tie goes by kind, and no kind comes from two of them.
    double time = calendar_.empty() ? never : calendar_.front().time;
    Kind kind = calendar_.empty() ? Kind::is_referred : pending_[calendar_.front().place].kind;
    const auto sooner = [&](double other, Kind of) { return other < time || (other == time && of < kind); };
    if (next_change_ < plan_->changes.size() && sooner(plan_->changes[next_change_].time, Kind::servers_change)) {
      time = plan_->changes[next_change_].time;
      kind = Kind::servers_change;
    }
    if (next_referral_ < referrals_.size() && sooner(referrals_[next_referral_].time, Kind::is_referred)) {
      time = referrals_[next_referral_].time;
      kind = Kind::is_referred;
    }
    if (!(time < end)) return;
    switch (kind) {
      case Kind::service_ends:
      case Kind::comes_back: {
        const Event event = take_next_event();
        if (kind == Kind::comes_back)
          refer(event.subject.id, event.subject.visit, time);
        else
          leave(event.subject, event.stage, time);
        break;
      }
      case Kind::servers_change: {
        const ServersChange& change = plan_->changes[next_change_++];
        servers_[change.stage] = change.servers;
        serve_waiting(change.stage, time);
        break;
      }
      case Kind::is_referred:
        refer(referrals_[next_referral_++].id, 0, time);
        break;
    }
  }
}

void PathwayCases::push(const Event& event) {
  auto place = static_cast<std::uint32_t>(pending_.size());
  if (free_.empty()) {
    pending_.push_back(event);
  } else {
    place = free_.back();
    free_.pop_back();
    pending_[place] = event;
  }
  calendar_.push_back({event.time, place});
  std::push_heap(calendar_.begin(), calendar_.end(), [this](const Due& a, const Due& b) { return is_later(a, b); });
}

PathwayCases::Event PathwayCases::take_next_event() {
  const std::uint32_t place = calendar_.front().place;
  std::pop_heap(calendar_.begin(), calendar_.end(), [this](const Due& a, const Due& b) { return is_later(a, b); });
  calendar_.pop_back();
  free_.push_back(place);
  return pending_[place];
}

/// The total order of events, turned round: the standard heaps keep the greatest in front.
bool PathwayCases::is_later(const Due& a, const Due& b) const {
  if (a.time != b.time) return a.time > b.time;
  const Event& of_a = pending_[a.place];
  const Event& of_b = pending_[b.place];
  return std::tie(of_a.kind, of_a.subject.id, of_a.subject.visit) >
         std::tie(of_b.kind, of_b.subject.id, of_b.subject.visit);
}

Words PathwayCases::words_of(Purpose purpose, const Case& subject, std::uint32_t stage) const {
  return streams_->words(purpose, subject.id, static_cast<std::uint64_t>(subject.visit) << 16U | stage);
}

std::uint32_t PathwayCases::last_stage_of(const Case& subject, std::uint32_t from, double now) const {
  const auto last = static_cast<std::uint32_t>(plan_->stages.size() - 1);
  for (std::uint32_t s = from; s < last; ++s) {
    const double share = plan_->stages[s].continues.at(now);
    if (share < 1 && uniform(words_of(Purpose("goes on"), subject, s)[0]) >= share) return s;
  }
  return last;
}

bool PathwayCases::in_window(double time) const { return time <= plan_->waiting.end + same_instant; }

bool PathwayCases::in_window(const Case& subject) const { return subject.referred >= 0 && in_window(subject.referred); }

bool PathwayCases::is_bound(const Case& subject, std::uint32_t stage) const {
  return stage <= plan_->waits_until && subject.last_stage >= plan_->waits_until;
}

void PathwayCases::settle(const Case& subject) {
  if (subject.referred < plan_->waiting.asked_until) --unsettled_;
}

void PathwayCases::refer(std::uint64_t id, std::uint32_t visit, double now) {
  Case subject;
  subject.id = id;
  subject.visit = visit;
  subject.referred = now;
  subject.last_stage = last_stage_of(subject, 0, now);
  if (now < plan_->waiting.asked_until) ++unsettled_;
  ++(visit == 0 ? flows_->all_referred : flows_->all_returned);
  if (visit > 0 && in_window(now)) ++flows_->returned;
  join(subject, 0, now);
}

void PathwayCases::join(Case subject, std::uint32_t stage, double now) {
  StageFlow& flow = flows_->stages[stage];
  ++flow.all_came;
  if (in_window(subject)) ++flow.came;
  const Words words = words_of(Purpose("time and patience at a stage"), subject, stage);
  subject.joined = now;
  subject.work = words[0];
  if (busy_[stage] < servers_[stage]) return serve(subject, stage, now);  // a server is free, so nobody waits
  const double patience = plan_->stages[stage].patience;
  subject.gives_up = patience > 0 ? now - patience * std::log(uniform(words[1])) : never;
  queues_[stage].push(subject);
}

void PathwayCases::serve(const Case& subject, std::uint32_t stage, double now) {
  const PathwayStage& of = plan_->stages[stage];
  const double end = plan_->waiting.end;
  StageFlow& flow = flows_->stages[stage];
  ++busy_[stage];
  ++flow.all_begun;
  count_waiting(subject, stage, now);
  if (in_window(subject)) {
    ++flow.bound;
    flow.since_referral += now - subject.referred;
    // Who waited at the start did not come to the stage in this run, and was not referred in its window.
    ++flow.stayed;
    flow.waited += now - subject.joined;
  }
  const double length = plan_->time_of(of, subject.work, now);
  flow.busy_weeks += std::max(0.0, std::min(now + length, end) - now);
  if (in_window(now)) {
    ++flow.seen;
    flows_->cost += of.cost;
  }
  if (stage == plan_->waits_until) tally_->seen(subject.referred, now);
  if (stage == subject.last_stage) settle(subject);
  push({now + length, Kind::service_ends, stage, subject});
}

void PathwayCases::serve_waiting(std::uint32_t stage, double now) {
  Queue& queue = queues_[stage];
  while (busy_[stage] < servers_[stage] && !queue.empty()) {
    const Case next = queue.pop();
    if (next.gives_up < now)
      give_up(next, stage);
    else
      serve(next, stage, now);
  }
}

void PathwayCases::leave(const Case& subject, std::uint32_t stage, double now) {
  --busy_[stage];
  ++flows_->stages[stage].all_done;
  serve_waiting(stage, now);
  if (stage < subject.last_stage) return join(subject, stage + 1, now);
  if (stage + 1 < plan_->stages.size()) return;
  if (in_window(now)) ++flows_->completed;
  const Words words = words_of(Purpose("comes back"), subject, stage);
  if (uniform(words[0]) >= plan_->return_share) return;
  const double then = now - plan_->return_delay * std::log(uniform(words[1]));
  if (then >= plan_->waiting.last_week) return;
  Case again = subject;
  ++again.visit;
  push({then, Kind::comes_back, 0, again});
}

void PathwayCases::give_up(const Case& subject, std::uint32_t stage) {
  StageFlow& flow = flows_->stages[stage];
  ++flow.all_gave_up;
  count_waiting(subject, stage, subject.gives_up);
  if (in_window(subject)) ++flow.gave_up;
  if (is_bound(subject, stage)) tally_->gave_up(subject.referred, subject.gives_up);
  settle(subject);
}

void PathwayCases::take_out_who_gave_up(double now) {
  for (std::uint32_t s = 0; s < queues_.size(); ++s) {
    if (plan_->stages[s].patience == 0) continue;
    Queue& queue = queues_[s];
    const auto first = queue.cases.begin() + static_cast<std::ptrdiff_t>(queue.head);
    auto kept = first;
    for (auto each = first; each != queue.cases.end(); ++each) {
      if (each->gives_up < now)
        give_up(*each, s);
      else
        *kept++ = *each;
    }
    queue.cases.erase(kept, queue.cases.end());
  }
}

void PathwayCases::count_waiting(const Case& subject, std::uint32_t stage, double until) {
  const double end = plan_->waiting.end;
  StageFlow& flow = flows_->stages[stage];
  flow.waiting_weeks += std::max(0.0, std::min(until, end) - std::max(subject.joined, 0.0));
  if (in_window(subject.joined) && !in_window(until)) ++flow.waiting_at_end;
}

void PathwayCases::count_unseen(const Case& subject, std::uint32_t first_stage, double now) {
  if (!in_window(subject)) return;
  for (std::uint32_t s = first_stage; s <= subject.last_stage; ++s) {
    ++flows_->stages[s].bound;
    flows_->stages[s].since_referral += now - subject.referred;
  }
}

void PathwayCases::stop(double now) {
  take_out_who_gave_up(now);
  flows_->run_ends = now;
  for (std::uint32_t s = 0; s < queues_.size(); ++s) {
    for (Queue& queue = queues_[s]; !queue.empty();) {
      const Case subject = queue.pop();
      StageFlow& flow = flows_->stages[s];
      ++flow.waiting_when_run_ends;
      count_waiting(subject, s, never);
      if (in_window(subject)) {
        ++flow.stayed;
        flow.waited += now - subject.joined;
      }
      count_unseen(subject, s, now);
      if (is_bound(subject, s)) tally_->still_waits(subject.referred, now);
    }
  }
  for (const Due& due : calendar_) {
    const Event& event = pending_[due.place];
    if (event.kind != Kind::service_ends) continue;
    ++flows_->stages[event.stage].served_when_run_ends;
    count_unseen(event.subject, event.stage + 1, now);
    if (is_bound(event.subject, event.stage + 1)) tally_->still_waits(event.subject.referred, now);
  }
}

}  // namespace desist
