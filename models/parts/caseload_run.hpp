// One replicate of a caseload, event by event.
//
// Events come in the order (time, kind, entity): ends of support, referrals of those who come back, referrals of those
// who are new, the next week's change of slots. The referrals of a week are drawn when it begins; then its events are
// taken one by one. Memory grows with the cases that wait or are supported at a time, never with those that pass.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/caseload_plan.hpp"
#include "models/parts/client_heap.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/given_cases.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/waiting_line.hpp"

namespace desist {

/// Work space of a replicate, kept for its memory.
struct CaseloadSpace {
  struct Client {
    double start = 0;
    double client_weeks = 0;  // of all clients until the start
    double well_weeks = 0;    // of those who could be supported well, until the start
    std::uint64_t id = 0;
    bool drops_out = false;
  };
  std::vector<double> at_work;
  std::vector<Referral> referrals;  // of the week
  std::vector<Referral> returns;    // a heap by (time, id): who will be referred again
  WaitingLine line;
  ClientHeap heap;
  std::vector<Client> clients;
  std::vector<std::uint32_t> free;  // places of `clients`
};

/// Support that is about to begin.
struct CaseloadSupport {
  double weeks = 0;  // in a slot, at full speed
  bool drops_out = false;
};

/// The service at the end of a week.
struct CaseloadWeek {
  double at_work = 0;       // in the week
  double slots = 0;         // in the week
  int clients = 0;          // at its end, with those who start as the next begins
  double client_weeks = 0;  // of all clients, since the start
};

/// The moment at which a case gives up waiting; never where everybody has all the patience there is.
inline double gives_up_at(const Referral& referral, double patience) {
  if (patience == 0) return infinity;
  return std::max(0.0, referral.time) - patience * std::log(uniform(referral.patience));
}

/// Runs one replicate of a service to which `cases` come:
///   draw_week(referrals, announced)  replaces `referrals` by the next week's, in order of (time, id)
///   start(referral, now)             the support of a case that starts now: asked once, of everyone who starts
///   leave(referral, then)            a case is gone from the line, unsupported
/// (caseload_cases.hpp, given_cases.hpp), and tells `tally`:
///   seen, gave_up, still_waits, announced, may_stop   as WaitingTally has them
///   left(start, end, completed, effect)               a client's support ended
///   week_ended(week, CaseloadWeek)
///
/// Processor sharing: all clients run at one speed phi, so with virtual time dV = phi dt a client who starts at V ends
/// at V + S: one heap of targets, exact also when phi changes (mathematics.md 4.5). Without slowing V = t.
///
/// Giving up needs no event: whoever comes to the head of the line is asked whether they are still there, and counts as
/// gone at the moment at which they went.
/// Verified by: caseload_test, caseload_cases_test, caseload_law_test.
template <class Cases, class Tally>
class CaseloadRun {
 public:
  CaseloadRun(const CaseloadServicePlan& plan, const Streams& streams, Cases& cases, CaseloadSpace& space, Tally& tally)
      : plan_(plan),
        streams_(streams),
        cases_(cases),
        space_(space),
        tally_(tally),
        in_turn_(!plan.by_risk && plan.return_share == 0) {}

  void run() {
    begin();
    open(0);
    int now = 0;
    while (now < plan_.waiting.last_week && (now < plan_.waiting.backlog_weeks || !all_settled(now))) {
      take_events_until(++now);
      pass_to(now);
      CaseloadWeek week{week_at_work_, slots_, 0, client_weeks_};
      if (now < plan_.waiting.last_week) open(now);
      week.clients = clients_;
      tally_.week_ended(now - 1, week);
    }
    end(now);
  }

 private:
  static constexpr double a_day = 1.0 / 7;
  static constexpr Referral none{.time = never};
  static constexpr std::uint64_t starting_client_id = std::uint64_t{1} << 63U;  // no case that comes has such an id

  void begin() {
    space_.referrals.assign(1, none);
    space_.returns.clear();
    space_.line.begin(plan_.by_risk);
    space_.heap.clear();
    space_.clients.clear();
    space_.free.clear();
    if (plan_.certain_at_work.empty()) plan_.staff.draw(streams_, space_.at_work);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(plan_.starting_clients); ++i) {
      const SupportLaw::Remainder left = plan_.support.remainder(streams_.words(Purpose("support at the start"), i),
                                                                 streams_.words(Purpose("drop-outs at the start"), i));
      add_client({0, 0, 0, starting_client_id | i, left.drops_out}, left.weeks);
    }
    for (std::size_t i = 0; i < plan_.waiting.starting.size(); ++i) {
      Referral waits;
      waits.time = plan_.waiting.starting[i];
      waits.id = own_ids | i;
      Stream words = streams_.open(Purpose("waiting at the start"), i);
      waits.risk = words();
      waits.work = words();
      waits.patience = words();
      join_line(waits);
    }
  }

  /// The week's staff and referrals; whoever finds a slot that opened starts now.
  void open(int week) {
    const auto at = static_cast<std::size_t>(week);
    well_weeks_before_ = well_weeks();
    week_begin_ = week;
    week_at_work_ = plan_.certain_at_work.empty() ? space_.at_work[at] : plan_.certain_at_work[at];
    slots_ = plan_.slots(week_at_work_, week);
    well_ = plan_.well_supported(week_at_work_, week);
    set_speed();
    while (clients_ < slots_) {
      const Referral* const next = take_next();
      if (next == nullptr) break;
      start(*next);
    }
    // Nobody referred later is started before those who are asked about, who by then are all in the line.
    if (plan_.by_risk || week < plan_.waiting.backlog_weeks)
      cases_.draw_week(space_.referrals, tally_.announced(week));
    else
      space_.referrals.clear();
    space_.referrals.push_back(none);  // so that there is always a next one
    next_referral_ = 0;
  }

  void take_events_until(double until) {
    for (;;) {
      const double end_of_support = next_end();
      if (in_turn_ && clients_ >= slots_) {
        // Full, and everybody's turn is that of their referral: being referred is no event until a slot is free.
        if (end_of_support > until) {
          while (next_new().time <= until) join_line(space_.referrals[next_referral_++]);
          return;
        }
        end_support(end_of_support);
        continue;
      }
      const double comes_back = space_.returns.empty() ? never : space_.returns.front().time;
      const double referral = std::min(comes_back, next_new().time);
      if (std::min(end_of_support, referral) > until) return;
      if (end_of_support <= referral) {
        end_support(end_of_support);
        continue;
      }
      pass_to(referral);
      if (comes_back <= next_new().time)
        refer(take_return());
      else
        refer(space_.referrals[next_referral_++]);
    }
  }

  /// The next new referral of the week; never, if there is none.
  const Referral& next_new() const { return space_.referrals[next_referral_]; }

  double next_end() const {
    if (space_.heap.empty()) return never;
    if (plan_.slowing == 0) return space_.heap.first_target();
    return speed_ > 0 ? now_ + std::max(0.0, space_.heap.first_target() - virtual_) / speed_ : never;
  }

  void pass_to(double time) {
    client_weeks_ += clients_ * (time - now_);
    virtual_ = plan_.slowing == 0 ? time : virtual_ + speed_ * (time - now_);
    now_ = time;
  }

  void set_speed() { speed_ = plan_.speed(clients_, well_); }
  double well_weeks() const { return well_weeks_before_ + well_ * (now_ - week_begin_); }

  void refer(const Referral& referral) {
    if (clients_ < slots_)
      start(referral);
    else
      join_line(referral);
  }

  void join_line(const Referral& referral) {
    if (referral.time < plan_.waiting.asked_until) ++asked_waiting_;
    space_.line.join(referral);
  }

  double leaves_at(const Referral& referral) const {
    return std::min(referral.leaves, gives_up_at(referral, plan_.patience));
  }

  /// Whether someone in the line has not gone by now. -log u is at least (1 - u) + (1 - u)^2 / 2, which mostly answers.
  bool is_still_there(const Referral& referral) const {
    if (referral.leaves < now_) return false;
    if (plan_.patience == 0) return true;
    const double gone = 1 - uniform(referral.patience);
    const double waited = (now_ - std::max(0.0, referral.time)) / plan_.patience;
    return waited < gone + gone * gone / 2 || leaves_at(referral) >= now_;
  }

  void leave(const Referral& referral, double time) {
    tally_.gave_up(referral.time, time);
    cases_.leave(referral, time);
  }

  /// Takes the first who waits and is still there; null if nobody is.
  const Referral* take_next() {
    for (;;) {
      const Referral* next = nullptr;
      if (!space_.line.empty()) {
        next = &space_.line.take();
        if (next->time < plan_.waiting.asked_until) --asked_waiting_;
      } else if (in_turn_ && next_new().time < now_) {
        next = &space_.referrals[next_referral_++];
      } else {
        return nullptr;
      }
      if (is_still_there(*next)) return next;
      leave(*next, leaves_at(*next));
    }
  }

  CaseloadSpace::Client new_client(const Referral& referral, double& weeks) {
    const CaseloadSupport support = cases_.start(referral, now_);
    weeks = support.weeks;
    return {now_, client_weeks_, well_weeks(), referral.id, support.drops_out};
  }

  void add_client(const CaseloadSpace::Client& client, double weeks) {
    auto place = static_cast<std::uint32_t>(space_.clients.size());
    if (space_.free.empty()) {
      space_.clients.push_back(client);
    } else {
      place = space_.free.back();
      space_.free.pop_back();
      space_.clients[place] = client;
    }
    space_.heap.push(virtual_ + weeks, place);
    ++clients_;
    set_speed();
  }

  void start(const Referral& referral) {
    tally_.seen(referral.time, now_);
    double weeks = 0;
    const CaseloadSpace::Client client = new_client(referral, weeks);
    add_client(client, weeks);
  }

  void end_support(double time) {
    pass_to(time);
    virtual_ = space_.heap.first_target();
    const std::uint32_t place = space_.heap.first_place();
    CaseloadSpace::Client& client = space_.clients[place];
    const bool has_length = now_ > client.start;  // nobody's effect is diluted in no time
    tally_.left(client.start, now_, !client.drops_out,
                has_length ? plan_.effect(client_weeks_ - client.client_weeks, well_weeks() - client.well_weeks) : 1);
    if (plan_.return_share > 0) plan_return(client.id);
    const Referral* const next = clients_ - 1 < slots_ ? take_next() : nullptr;
    if (next != nullptr) {
      tally_.seen(next->time, now_);
      double weeks = 0;
      client = new_client(*next, weeks);
      space_.heap.replace_first(virtual_ + weeks);
      return;
    }
    space_.heap.pop();
    space_.free.push_back(place);
    --clients_;
    set_speed();
  }

  static bool later(const Referral& a, const Referral& b) {
    return a.time > b.time || (a.time == b.time && a.id > b.id);
  }

  void plan_return(std::uint64_t id) {
    const Words words = streams_.words(Purpose("coming back"), id);
    if (uniform(words[0]) >= plan_.return_share) return;
    Referral again;
    again.time = now_ + std::max(a_day, -plan_.return_delay * std::log(uniform(words[1])));
    again.id = split_mix(id, 0);  // of the same person, after this support: nobody else's
    Stream stream = streams_.open(Purpose("referred again"), again.id);
    again.risk = stream();
    again.work = stream();
    again.patience = stream();
    space_.returns.push_back(again);
    std::push_heap(space_.returns.begin(), space_.returns.end(), later);
  }

  Referral take_return() {
    std::pop_heap(space_.returns.begin(), space_.returns.end(), later);
    const Referral again = space_.returns.back();
    space_.returns.pop_back();
    return again;
  }

  /// Whether nobody who is asked about still waits.
  bool all_settled(double now) {
    if (asked_waiting_ > 0)
      space_.line.drop([&](const Referral& referral) {
        const double leaves = leaves_at(referral);
        if (leaves > now) return false;
        if (referral.time < plan_.waiting.asked_until) --asked_waiting_;
        leave(referral, leaves);
        return true;
      });
    return tally_.may_stop(now, asked_waiting_);
  }

  void end(double now) {
    space_.line.for_each([&](const Referral& referral) {
      const double leaves = leaves_at(referral);
      if (leaves <= now)
        leave(referral, leaves);
      else
        tally_.still_waits(referral.time, now);
    });
  }

  const CaseloadServicePlan& plan_;
  const Streams& streams_;
  Cases& cases_;
  CaseloadSpace& space_;
  Tally& tally_;
  bool in_turn_;
  std::size_t next_referral_ = 0;
  std::size_t asked_waiting_ = 0;
  double now_ = 0;
  double virtual_ = 0;
  double speed_ = 1;
  int clients_ = 0;
  double slots_ = 0;
  double well_ = 0;
  double week_at_work_ = 0;
  double week_begin_ = 0;
  double client_weeks_ = 0;
  double well_weeks_before_ = 0;
};

}  // namespace desist
