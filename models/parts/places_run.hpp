// One replicate of places, event by event.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/given_cases.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/places.hpp"
#include "models/parts/stays.hpp"

namespace desist {

/// Work space of a replicate, kept for its memory.
struct PlacesSpace {
  /// A case that waits for a place.
  struct InQueue {
    double referred = 0;
    double leaves = 0;  // gives up, or is gone on its own
    std::uint64_t id = 0;
    std::uint64_t length = 0;  // words
    std::uint64_t delay = 0;
  };
  std::vector<double> ends;         // of the stays under way: a heap, the earliest first
  std::vector<InQueue> queue;       // in order of referral
  std::vector<Referral> referrals;  // of the present week
};

/// Runs one replicate of places to which `cases` come:
///   draw_week(referrals, announced)  as Demand has it
///   start(referral, now)             the stay of a case that takes a place now
///   leave(referral, then)            a case is turned away, gives up or is gone on its own
/// (places.cpp, given_cases.hpp). A stay ends when it was said to: whoever was asked for it knows.
/// Verified by: places_test, places_cases_test, places_law_test.
template <class Cases>
class PlacesRun {
 public:
  PlacesRun(const PlacesPlan& plan, const Streams& streams, Cases& cases, PlacesSpace& space, PlacesTally& tally)
      : plan_(plan),
        streams_(streams),
        cases_(cases),
        tally_(tally),
        ends_(space.ends),
        queue_(space.queue),
        referrals_(space.referrals) {}

  void run() {
    begin();
    for (int week = 0; week < plan_.waiting.last_week; ++week) {
      cases_.draw_week(referrals_, tally_.waiting.announced(week));
      run_week(week);
      if (week_ < tally_.occupied.size()) {
        const auto occupied = static_cast<double>(ends_.size());
        tally_.occupied[week_] = tally_.inside = occupied;
        tally_.bought[week_] = std::max(0.0, occupied - static_cast<double>(plan_.changes[change_].fixed));
      }
      drop_who_left();
      const bool asked_for = head_ < queue_.size() && queue_[head_].referred < plan_.waiting.asked_until;
      if (tally_.waiting.may_stop(now_, asked_for ? 1 : 0)) break;
    }
    for (; head_ < queue_.size(); ++head_) {
      const InQueue& waits = queue_[head_];
      if (waits.leaves <= now_)
        leave(waits);
      else
        tally_.waiting.still_waits(waits.referred, now_);
    }
  }

 private:
  using InQueue = PlacesSpace::InQueue;

  void begin() {
    tally_.begin(plan_);
    ends_.clear();
    queue_.clear();
    for (std::size_t i = 0; i < plan_.starting_occupied; ++i) {
      const Words delay = streams_.words(Purpose("delayed at the start"), i);
      occupy(0, plan_.stays.left_at_start(streams_.words(Purpose("stays at the start"), i), delay[0]));
    }
    for (std::size_t r = 0; r < plan_.waiting.starting.size(); ++r) {
      Stream words = streams_.open(Purpose("cases at the start"), r);
      InQueue waits{plan_.waiting.starting[r], never, own_ids | r, words(), words()};
      waits.leaves = gives_up(0, words());
      queue_.push_back(waits);
    }
    fill_places();
  }

  double gives_up(double from, std::uint64_t word) const {
    return plan_.patience > 0 ? from - plan_.patience * std::log(uniform(word)) : never;
  }

  /// A place is taken for a stay.
  void occupy(double from, const Stay& stay) {
    const double until = from + stay.weeks;
    ends_.push_back(until);
    std::push_heap(ends_.begin(), ends_.end(), std::greater<>());
    const double inside = std::max(0.0, std::min(until, plan_.waiting.end) - from);
    tally_.place_weeks_of_stays += inside;
    if (stay.is_delayed) tally_.delayed_weeks += inside;
  }

  /// Counts the time from now on in which nothing changes.
  void advance(double to) {
    const double length = to - now_;
    now_ = to;
    if (week_ >= tally_.occupied.size()) return;
    const PlacesPlan::Change& places = plan_.changes[change_];
    const auto occupied = static_cast<double>(ends_.size());
    const double bought = std::max(0.0, occupied - static_cast<double>(places.fixed));
    const double fixed_cost = length * static_cast<double>(places.fixed) * places.fixed_price;
    const double bought_cost = length * bought * places.bought_price;
    tally_.place_weeks += length * occupied;
    tally_.bought_weeks += length * bought;
    if (bought > 0) tally_.weeks_over_fixed += length;
    tally_.fixed_cost += fixed_cost;
    tally_.bought_cost += bought_cost;
    tally_.cost[week_] += fixed_cost + bought_cost;
    if (length > 0) tally_.peak = std::max(tally_.peak, occupied);
  }

  static Referral referral_of_waiting(const InQueue& waits) {
    Referral referral;
    referral.time = waits.referred;
    referral.id = waits.id;
    referral.work = waits.length;
    referral.risk = waits.delay;
    return referral;
  }

  void leave(const InQueue& waits) {
    tally_.waiting.gave_up(waits.referred, waits.leaves);
    cases_.leave(referral_of_waiting(waits), waits.leaves);
  }

  /// Those who wait move into places that are free, the first to come first.
  void fill_places() {
    while (head_ < queue_.size() && ends_.size() < plan_.changes[change_].all) {
      const InQueue next = queue_[head_++];
      if (next.leaves < now_) {
        leave(next);
        continue;
      }
      tally_.waiting.seen(next.referred, now_);
      if (week_ < tally_.occupied.size()) tally_.started += 1;
      occupy(now_, cases_.start(referral_of_waiting(next), now_));
    }
  }

  void come(const Referral& referral) {
    const bool in_window = referral.time < plan_.waiting.end;
    if (in_window) tally_.referred += 1;
    const bool is_full = ends_.size() >= plan_.changes[change_].all;
    if (is_full && plan_.when_full == PlacesParameters::WhenFull::turned_away) {
      if (in_window) tally_.turned_away += 1;
      tally_.waiting.gave_up(referral.time, referral.time);
      cases_.leave(referral, referral.time);
      return;
    }
    const double leaves = std::min(gives_up(referral.time, referral.patience), referral.leaves);
    queue_.push_back({referral.time, leaves, referral.id, referral.work, referral.risk});
    fill_places();
  }

  void run_week(int week) {
    week_ = static_cast<std::size_t>(week);
    const double until = week + 1;
    std::size_t next = 0;
    while (true) {
      const double ends = ends_.empty() ? never : ends_.front();
      const double changes = change_ + 1 < plan_.changes.size() ? plan_.changes[change_ + 1].time : never;
      const double comes = next < referrals_.size() ? referrals_[next].time : never;
      const double time = std::min({ends, changes, comes});
      if (time > until) break;
      advance(time);
      if (ends <= time) {
        std::pop_heap(ends_.begin(), ends_.end(), std::greater<>());
        ends_.pop_back();
        if (week_ < tally_.occupied.size()) tally_.left += 1;
        fill_places();
      } else if (changes <= time) {
        ++change_;
        fill_places();
      } else {
        come(referrals_[next++]);
      }
    }
    advance(until);
  }

  /// Who waits first has not left then: they stand for all who wait, since the first to come is the first to be seen.
  void drop_who_left() {
    for (; head_ < queue_.size() && queue_[head_].leaves <= now_; ++head_) leave(queue_[head_]);
  }

  const PlacesPlan& plan_;
  const Streams& streams_;
  Cases& cases_;
  PlacesTally& tally_;
  std::vector<double>& ends_;
  std::vector<InQueue>& queue_;
  std::size_t head_ = 0;  // of the queue: those before it have left
  std::vector<Referral>& referrals_;
  std::size_t change_ = 0;  // the present number of places
  double now_ = 0;
  std::size_t week_ = 0;
};

}  // namespace desist
