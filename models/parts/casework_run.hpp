// One replicate of casework, event by event.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/casework.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// A case on its way through the desk.
struct CaseworkCase {
  CaseworkRecord record;
  double due = 0;           // weeks
  double until = 0;         // being done: the working clock when it is finished; laid aside: hours left
  std::uint64_t began = 0;  // which case of the run was begun before which
};

/// First in, first out.
class CaseworkLine {
 public:
  void clear() {
    cases_.clear();
    head_ = 0;
  }
  bool empty() const { return head_ == cases_.size(); }
  std::size_t size() const { return cases_.size() - head_; }
  void push(const CaseworkCase& each) { cases_.push_back(each); }
  const CaseworkCase& front() const { return cases_[head_]; }
  CaseworkCase pop() {
    const CaseworkCase first = cases_[head_++];
    if (head_ > 1024 && 2 * head_ > cases_.size()) {
      cases_.erase(cases_.begin(), cases_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
    return first;
  }
  void for_each(auto action) const {
    for (std::size_t i = head_; i < cases_.size(); ++i) action(cases_[i]);
  }
  /// Takes out those of whom `is_gone` is true; the others keep their order.
  void drop(auto is_gone) {
    cases_.erase(cases_.begin(), cases_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
    std::erase_if(cases_, is_gone);
  }

 private:
  std::vector<CaseworkCase> cases_;
  std::size_t head_ = 0;
};

/// Work space of one replicate, kept for its memory.
struct CaseworkDesk {
  std::vector<double> at_work;
  std::vector<Referral> referrals;      // of the present week
  std::vector<CaseworkRecord> returns;  // heap: cases that will come back
  CaseworkLine gathered;                // not yet handed out
  std::vector<CaseworkLine> lines;      // by class; each stays in order of referral
  std::vector<CaseworkCase> active;     // heap by `until`
  std::vector<CaseworkCase> aside;      // begun, and short of workers, in the order in which they were begun
};

/// Runs one replicate, exactly, from event to event, of a desk to which `cases` come:
///   draw_week(referrals, announced)  as Demand has it
///   start(referral, now)             a case is begun; its hours are the desk's to know
///   leave(referral, then)            a case is gone on its own, not begun
///   starting_ids                     below the first id of those who wait at the start
/// (casework.cpp, given_cases.hpp). When a case is finished stands in the log, which takes every case in the order of
/// its end.
///
/// Events at one instant: finished cases first, then the change of staff at the start of a week, the opening of the
/// day, then referrals in order of (time, id, visit); then free workers begin cases.
/// Verified by: casework_test, casework_cases_test, casework_naive_test, casework_law_test.
template <class Cases>
class CaseworkRun {
 public:
  CaseworkRun(const CaseworkPlan& plan, const Streams& streams, Cases& cases, CaseworkDesk& desk, CaseworkTally& tally,
              std::vector<CaseworkRecord>* log = nullptr)
      : plan_(plan), streams_(streams), cases_(cases), desk_(desk), tally_(tally), log_(log) {
    tally.begin(plan);
    desk_.returns.clear();
    desk_.gathered.clear();
    desk_.lines.resize(plan.classes.size());
    for (Line& line : desk_.lines) line.clear();
    desk_.active.clear();
    desk_.aside.clear();
    plan.staff.draw(streams, desk_.at_work);
  }

  void run() {
    enter_starting();
    int week = 0;
    while (week < plan_.waiting.last_week) {
      run_week(week);
      ++week;
      if (tally_.may_stop(week)) break;
    }
    leave(week);
  }

 private:
  using Case = CaseworkCase;
  using Line = CaseworkLine;
  static constexpr double same_amount = 1e-9;  // working hours

  static bool earlier(const CaseworkRecord& a, const CaseworkRecord& b) {
    if (a.referred != b.referred) return a.referred < b.referred;
    return a.id != b.id ? a.id < b.id : a.visit < b.visit;
  }
  /// Orders of the heaps: the one that comes first is at the front.
  static bool returns_later(const CaseworkRecord& a, const CaseworkRecord& b) { return earlier(b, a); }
  static bool ends_later(const CaseworkCase& a, const CaseworkCase& b) {
    return a.until > b.until || (a.until == b.until && a.began > b.began);
  }

  void enter_starting() {
    const auto& starting = plan_.waiting.starting;
    for (std::size_t r = 0; r < starting.size(); ++r) {
      const double u = uniform(streams_.words(Purpose("class at the start"), r + 1)[0]);
      enter(starting[r], Cases::starting_ids + r + 1, 0, class_at(plan_.starting_shares, u), never);
    }
  }

  void run_week(int week) {
    const WorkingTime::Week days = plan_.time.week(week);
    set_workers(week, days);
    cases_.draw_week(desk_.referrals, plan_.listens ? tally_.waits.announced(week) : 0);
    next_ = 0;
    double offered = 0;
    const double before = worked_;
    for (const WorkingTime::Day& day : days) {
      const double all_hours = at_work_ * day.each + day.together;
      if (workers_ == 0 || !(all_hours > 0)) continue;
      offered += all_hours;
      arrive_until(day.opens);
      if (!handed_out_this_week_) hand_out();
      handed_out_this_week_ = true;
      begin_cases(day.opens);
      work(day, all_hours / static_cast<double>(workers_));
    }
    arrive_until(std::nextafter(week + 1.0, 0.0));
    handed_out_this_week_ = false;
    drop_gone(week + 1.0);
    tally_.week_ended(week, offered, worked_ - before);
  }

  /// One working day in which every worker does `hours`.
  void work(const WorkingTime::Day& day, double hours) {
    const double clock_at_opening = clock_;
    const double clock_at_closing = clock_ + hours;
    const double weeks_an_hour = (day.closes - day.opens) / hours;
    double now = day.opens;  // rounding never turns it back
    while (true) {
      const double next_end = desk_.active.empty() ? never : desk_.active.front().until;
      const double ends = next_end <= clock_at_closing + same_amount
                              ? std::clamp(day.opens + (next_end - clock_at_opening) * weeks_an_hour, now, day.closes)
                              : never;
      const double arrives = next_arrival();
      if (arrives < ends && arrives < day.closes) {
        advance(clock_at_opening + (arrives - day.opens) / weeks_an_hour);
        now = arrives;
        arrive_until(now);
        begin_cases(now);
      } else if (ends < never) {
        now = ends;
        while (!desk_.active.empty() && desk_.active.front().until <= next_end + same_amount) {
          advance(desk_.active.front().until);
          finish_first(now);
        }
        if (next_end >= clock_at_closing - same_amount) continue;  // the next case begins when the desk opens again
        arrive_until(now);
        begin_cases(now);
      } else {
        break;
      }
    }
    advance(clock_at_closing);
  }

  void advance(double clock) {
    if (!(clock > clock_)) return;
    worked_ += static_cast<double>(desk_.active.size()) * (clock - clock_);
    clock_ = clock;
  }

  void set_workers(int week, const WorkingTime::Week& days) {
    at_work_ = desk_.at_work[static_cast<std::size_t>(week)];
    workers_ = std::max(std::size_t{1}, static_cast<std::size_t>(std::ceil(at_work_ / plan_.team - same_amount)));
    if (at_work_ <= same_amount) {
      at_work_ = 0;
      workers_ = 0;
      for (const WorkingTime::Day& day : days)
        if (day.together > 0) workers_ = 1;
    }
    if (desk_.active.size() <= workers_) return;
    // Too few workers: the cases begun last are laid aside. All that lie there were begun later still.
    auto& active = desk_.active;
    std::sort(active.begin(), active.end(), [](const Case& a, const Case& b) { return a.began < b.began; });
    const auto kept = active.begin() + static_cast<std::ptrdiff_t>(workers_);
    for (auto each = kept; each != active.end(); ++each) each->until = std::max(0.0, each->until - clock_);
    desk_.aside.insert(desk_.aside.begin(), kept, active.end());
    active.erase(kept, active.end());
    std::make_heap(active.begin(), active.end(), ends_later);
  }

  static std::uint32_t class_at(const std::vector<double>& shares, double u) {
    return static_cast<std::uint32_t>(std::upper_bound(shares.begin(), shares.end() - 1, u) - shares.begin());
  }

  double next_arrival() const {
    const double referral = next_ < desk_.referrals.size() ? desk_.referrals[next_].time : never;
    return desk_.returns.empty() ? referral : std::min(referral, desk_.returns.front().referred);
  }

  void arrive_until(double time) {
    while (next_arrival() <= time) {
      const bool has_referral = next_ < desk_.referrals.size();
      CaseworkRecord referral;
      if (has_referral) {
        referral.id = desk_.referrals[next_].id;
        referral.referred = desk_.referrals[next_].time;
      }
      if (!desk_.returns.empty() && (!has_referral || earlier(desk_.returns.front(), referral))) {
        std::pop_heap(desk_.returns.begin(), desk_.returns.end(), returns_later);
        const CaseworkRecord back = desk_.returns.back();
        desk_.returns.pop_back();
        enter(back.referred, back.id, back.visit, back.kind, never);
      } else {
        const Referral& each = desk_.referrals[next_++];
        const std::uint32_t by_route = std::min(each.route, static_cast<std::uint32_t>(plan_.classes.size() - 1));
        const std::uint32_t kind = plan_.shares.empty() ? by_route : class_at(plan_.shares, uniform(each.risk));
        enter(each.time, each.id, 0, kind, each.leaves);
      }
    }
  }

  void enter(double time, std::uint64_t id, std::uint32_t visit, std::uint32_t kind, double leaves) {
    const CaseworkPlan::Class& of = plan_.classes[kind];
    Case each;
    each.record = {id, visit, kind, time, of.hours.at(time), never, never, leaves};
    if (of.factor) {
      Stream stream = streams_.open(Purpose("hours of a case"), id, visit);
      each.record.hours *= (*of.factor)(stream);
    }
    each.due = time + of.due;
    tally_.referred(each.record);
    desk_.gathered.push(each);
    first_gone_ = std::min(first_gone_, leaves);
    drop_gone(time);
    if (desk_.gathered.size() >= plan_.batch) hand_out();
  }

  void hand_out() {
    while (!desk_.gathered.empty()) {
      const Case each = desk_.gathered.pop();
      desk_.lines[each.record.kind].push(each);
    }
  }

  static Referral referral_of_record(const CaseworkRecord& each) {
    Referral referral;
    referral.time = each.referred;
    referral.id = each.id;
    referral.route = each.kind;
    referral.leaves = each.leaves;
    return referral;
  }

  /// Those who are gone on their own leave the line, begun cases never.
  void drop_gone(double now) {
    if (!(first_gone_ < now)) return;
    first_gone_ = never;
    const auto is_gone = [&](const Case& each) {
      if (each.record.leaves < now) {
        go(each.record);
        return true;
      }
      first_gone_ = std::min(first_gone_, each.record.leaves);
      return false;
    };
    desk_.gathered.drop(is_gone);
    for (Line& line : desk_.lines) line.drop(is_gone);
  }
  void go(const CaseworkRecord& each) {
    tally_.gone(each);
    cases_.leave(referral_of_record(each), each.leaves);
    if (log_ != nullptr) log_->push_back(each);
  }

  double rank_of(const Case& each, double now) const {
    const double rank = plan_.classes[each.record.kind].rank;
    if (plan_.ageing == 0) return rank;
    return std::max(plan_.first_rank, rank - std::floor((now - each.record.referred) / plan_.ageing + same_instant));
  }

  /// Within a class nobody overtakes: who was referred first is due first and has aged most. So the first of each line
  /// are compared.
  Line* next_line(double now) {
    Line* best = nullptr;
    double best_rank = 0;
    for (Line& line : desk_.lines) {
      if (line.empty()) continue;
      const double rank = rank_of(line.front(), now);
      const auto goes_first = [&] {
        const Case& a = line.front();
        const Case& b = best->front();
        if (rank != best_rank) return rank < best_rank;
        if (a.due != b.due) return a.due < b.due;
        return a.record.id != b.record.id ? a.record.id < b.record.id : a.record.visit < b.record.visit;
      };
      if (best == nullptr || goes_first()) {
        best = &line;
        best_rank = rank;
      }
    }
    return best;
  }

  void begin_cases(double now) {
    drop_gone(now);
    while (desk_.active.size() < workers_) {
      if (!desk_.aside.empty()) {
        desk_.active.push_back(desk_.aside.front());
        desk_.aside.erase(desk_.aside.begin());
        desk_.active.back().until += clock_;
      } else if (Line* line = next_line(now)) {
        Case each = line->pop();
        each.record.started = now;
        each.until = clock_ + each.record.hours;
        each.began = begun_++;
        tally_.started(each.record);
        cases_.start(referral_of_record(each.record), now);
        desk_.active.push_back(each);
      } else {
        return;
      }
      std::push_heap(desk_.active.begin(), desk_.active.end(), ends_later);
    }
  }

  void finish_first(double now) {
    std::pop_heap(desk_.active.begin(), desk_.active.end(), ends_later);
    CaseworkRecord each = desk_.active.back().record;
    desk_.active.pop_back();
    each.finished = now;
    tally_.finished(each);
    if (log_ != nullptr) log_->push_back(each);
    const double share = plan_.classes[each.kind].returned;
    if (share == 0) return;
    const Words words = streams_.words(Purpose("case comes back"), each.id, each.visit);
    if (uniform(words[0]) >= share) return;
    each.referred = now - std::log(uniform(words[1])) * plan_.return_after;
    ++each.visit;
    desk_.returns.push_back(each);
    std::push_heap(desk_.returns.begin(), desk_.returns.end(), returns_later);
  }

  void leave(double now) {
    const auto unbegun = [&](const Case& each) {
      if (each.record.leaves <= now) {
        go(each.record);
        return;
      }
      tally_.waits.still_waits(each.record.referred, now);
      leave(each.record, now);
    };
    for (const Line& line : desk_.lines) line.for_each(unbegun);
    desk_.gathered.for_each(unbegun);
    for (const Case& each : desk_.active) leave(each.record, now);
    for (const Case& each : desk_.aside) leave(each.record, now);
    tally_.end();
  }
  void leave(const CaseworkRecord& each, double now) {
    tally_.unfinished(each, now);
    if (log_ != nullptr) log_->push_back(each);
  }

  const CaseworkPlan& plan_;
  const Streams& streams_;
  Cases& cases_;
  CaseworkDesk& desk_;
  CaseworkTally& tally_;
  std::vector<CaseworkRecord>* log_;
  std::size_t next_ = 0;     // of the week's referrals
  double clock_ = 0;         // hours of work that a worker has had since the start
  double worked_ = 0;        // hours, all workers
  double at_work_ = 0;       // workers
  std::size_t workers_ = 0;  // cases that can be done at once
  std::uint64_t begun_ = 0;
  double first_gone_ = never;  // nobody who waits is gone before this
  bool handed_out_this_week_ = false;
};

}  // namespace desist
