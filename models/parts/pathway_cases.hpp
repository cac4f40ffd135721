// The cases of a pathway, followed event by event through one replicate.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/pathway_plan.hpp"
#include "models/parts/waiting.hpp"

namespace desist {

/// What happened at one stage in one replicate.
struct StageFlow {
  // Of the cases referred in the window.
  double came = 0;            // to the stage
  double gave_up = 0;         // there
  double stayed = 0;          // came and did not give up
  double waited = 0;          // by those who stayed: weeks at the stage until seen, or until the run ends
  double bound = 0;           // seen here, or still bound for here when the run ends
  double since_referral = 0;  // by those bound: weeks from referral until seen here, or until the run ends
  // Within the window.
  double seen = 0;
  double waiting_weeks = 0;  // integral of the number waiting
  double busy_weeks = 0;     // integral of the number of servers that are with a case
  double waiting_at_end = 0;
  // In the whole run: came + waiting at the start = begun + gave up + waiting at its end, and so on.
  std::int64_t all_came = 0;
  std::int64_t all_begun = 0;
  std::int64_t all_gave_up = 0;
  std::int64_t all_done = 0;
  std::int64_t waiting_when_run_ends = 0;
  std::int64_t served_when_run_ends = 0;
};

/// What happened in one replicate.
struct PathwayFlows {
  std::vector<StageFlow> stages;
  double completed = 0;  // cases that left the last stage in the window
  double returned = 0;   // cases that came back in the window
  double cost = 0;       // of the cases seen in the window
  std::int64_t all_referred = 0;
  std::int64_t all_returned = 0;
  double run_ends = 0;

  void begin(std::size_t number_of_stages);
};

/// Follows cases. Kept from replicate to replicate for its memory, which grows with the cases inside, not with those
/// that have been.
///
/// Events are in total order of (time, kind, case): a service ends, servers change, a case comes back, a case is
/// referred. A case that waits gives up at a moment of its own; it is taken out, with that moment, when a server comes
/// to it, so nobody's giving up is an event. Every number of a case is a function of its id, its visit and the stage:
/// another case, server, week or stage moves nobody else's.
/// Verified by: pathway_test, pathway_naive_test, pathway_law_test.
class PathwayCases {
 public:
  /// Tells the tally of the waits until plan.waits_until, and the flows of all stages.
  void follow(const PathwayPlan& plan, const Streams& streams, WaitingTally& tally, PathwayFlows& flows);

 private:
  struct Case {
    std::uint64_t id = 0;
    double referred = 0;
    double joined = 0;  // the queue of its stage
    double gives_up = infinity;
    std::uint64_t work = 0;        // the word of its time at the stage
    std::uint32_t visit = 0;       // 1: it came back once
    std::uint32_t last_stage = 0;  // where it leaves unless it gives up
  };
  enum class Kind : std::uint32_t { service_ends, servers_change, comes_back, is_referred };
  struct Event {
    double time = 0;
    Kind kind = Kind::service_ends;
    std::uint32_t stage = 0;
    Case subject;
  };
  /// An event of the calendar: small, since a heap moves it often; what it is about stays in its place.
  struct Due {
    double time = 0;
    std::uint32_t place = 0;  // in `pending_`
  };
  struct Queue {
    std::vector<Case> cases;
    std::size_t head = 0;
    bool empty() const { return head == cases.size(); }
    void push(const Case& last) { cases.push_back(last); }
    Case pop();
  };

  void start();
  void run_until(double end);
  void refer(std::uint64_t id, std::uint32_t visit, double now);
  void join(Case subject, std::uint32_t stage, double now);
  void serve(const Case& subject, std::uint32_t stage, double now);
  void serve_waiting(std::uint32_t stage, double now);
  void leave(const Case& subject, std::uint32_t stage, double now);
  void give_up(const Case& subject, std::uint32_t stage);
  void take_out_who_gave_up(double now);
  void stop(double now);
  void count_waiting(const Case& subject, std::uint32_t stage, double until);
  void count_unseen(const Case& subject, std::uint32_t first_stage, double now);
  void settle(const Case& subject);
  void push(const Event& event);
  Event take_next_event();
  bool is_later(const Due& a, const Due& b) const;
  Words words_of(Purpose purpose, const Case& subject, std::uint32_t stage) const;
  std::uint32_t last_stage_of(const Case& subject, std::uint32_t from, double now) const;
  bool in_window(double time) const;  // which ends with its last instant
  bool in_window(const Case& subject) const;
  bool is_bound(const Case& subject, std::uint32_t stage) const;

  const PathwayPlan* plan_ = nullptr;
  const Streams* streams_ = nullptr;
  WaitingTally* tally_ = nullptr;
  PathwayFlows* flows_ = nullptr;
  std::vector<Queue> queues_;
  std::vector<std::int64_t> busy_, servers_;  // by stage
  std::vector<Due> calendar_;                 // a heap, the next in front
  std::vector<Event> pending_;                // what is in it
  std::vector<std::uint32_t> free_;           // places of `pending_` that are not
  std::vector<Referral> referrals_;           // of the present week
  std::size_t next_referral_ = 0;
  std::size_t next_change_ = 0;
  std::size_t unsettled_ = 0;  // referred before waiting.asked_until and not yet seen at their last stage
};

}  // namespace desist
