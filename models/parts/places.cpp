#include "models/parts/places.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <stdexcept>

#include "models/parts/instants.hpp"

namespace desist {
namespace {

constexpr double rounding = 1e-9;  // places: 0.1 ten times is one

std::size_t whole_places(double places) { return static_cast<std::size_t>(std::floor(places + rounding)); }

/// A case that waits for a place.
struct InQueue {
  double referred = 0;
  double gives_up = never;
  std::uint64_t length = 0;  // words
  std::uint64_t delay = 0;
};

/// The state of one replicate. Kept from replicate to replicate for its memory.
class Run {
 public:
  void operator()(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally);

 private:
  void begin(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally);
  void run_week(int week);
  void advance(double to);
  void come(const Referral& referral);
  void fill_places();
  void occupy(double from, double until, bool is_delayed);
  void drop_who_gave_up();
  double gives_up(double from, std::uint64_t word) const;

  const PlacesPlan* plan_ = nullptr;
  PlacesTally* tally_ = nullptr;
  std::vector<double> ends_;    // of the stays under way: a heap, the earliest first
  std::vector<InQueue> queue_;  // those from head_ on wait
  std::size_t head_ = 0;
  std::vector<Referral> referrals_;  // of the present week
  std::size_t change_ = 0;           // the present number of places
  double now_ = 0;
  std::size_t week_ = 0;
};

double Run::gives_up(double from, std::uint64_t word) const {
  return plan_->patience > 0 ? from - plan_->patience * std::log(uniform(word)) : never;
}

/// A place is taken until a moment.
void Run::occupy(double from, double until, bool is_delayed) {
  ends_.push_back(until);
  std::push_heap(ends_.begin(), ends_.end(), std::greater<>());
  const double inside = std::max(0.0, std::min(until, plan_->waiting.end) - from);
  tally_->place_weeks_of_stays += inside;
  if (is_delayed) tally_->delayed_weeks += inside;
}

void Run::begin(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally) {
  plan_ = &plan;
  tally_ = &tally;
  tally.waiting.begin(plan.waiting);
  const auto weeks = static_cast<std::size_t>(plan.waiting.weeks);
  tally.occupied.assign(weeks, 0.0);
  tally.bought.assign(weeks, 0.0);
  tally.cost.assign(weeks, 0.0);
  tally.place_weeks = tally.place_weeks_of_stays = tally.delayed_weeks = tally.bought_weeks = 0;
  tally.weeks_over_fixed = tally.fixed_cost = tally.bought_cost = tally.peak = 0;
  tally.referred = tally.turned_away = tally.started = tally.left = tally.inside = 0;
  ends_.clear();
  queue_.clear();
  head_ = change_ = week_ = 0;
  now_ = 0;
  for (std::size_t i = 0; i < plan.starting_occupied; ++i) {
    const Words delay = streams.words(Purpose("delayed at the start"), i);
    const Stay stay = plan.stays.left_at_start(streams.words(Purpose("stays at the start"), i), delay[0]);
    occupy(0, stay.weeks, stay.is_delayed);
  }
  for (std::size_t r = 0; r < plan.waiting.starting.size(); ++r) {
    Stream words = streams.open(Purpose("cases at the start"), r);
    InQueue waits{plan.waiting.starting[r], never, words(), words()};
    waits.gives_up = gives_up(0, words());
    queue_.push_back(waits);
  }
  fill_places();
}

/// Counts the time from now on in which nothing changes.
void Run::advance(double to) {
  const double length = to - now_;
  now_ = to;
  if (week_ >= tally_->occupied.size()) return;
  const PlacesPlan::Change& places = plan_->changes[change_];
  const auto occupied = static_cast<double>(ends_.size());
  const double bought = std::max(0.0, occupied - static_cast<double>(places.fixed));
  const double fixed_cost = length * static_cast<double>(places.fixed) * places.fixed_price;
  const double bought_cost = length * bought * places.bought_price;
  tally_->place_weeks += length * occupied;
  tally_->bought_weeks += length * bought;
  if (bought > 0) tally_->weeks_over_fixed += length;
  tally_->fixed_cost += fixed_cost;
  tally_->bought_cost += bought_cost;
  tally_->cost[week_] += fixed_cost + bought_cost;
  if (length > 0) tally_->peak = std::max(tally_->peak, occupied);
}

/// Those who wait move into places that are free, the first to come first.
void Run::fill_places() {
  while (head_ < queue_.size() && ends_.size() < plan_->changes[change_].all) {
    const InQueue next = queue_[head_++];
    if (next.gives_up <= now_) {
      tally_->waiting.gave_up(next.referred, next.gives_up);
      continue;
    }
    tally_->waiting.seen(next.referred, now_);
    if (week_ < tally_->occupied.size()) tally_->started += 1;
    const Stay stay = plan_->stays.stay(now_, next.length, next.delay);
    occupy(now_, now_ + stay.weeks, stay.is_delayed);
  }
}

void Run::come(const Referral& referral) {
  const bool in_window = referral.time < plan_->waiting.end;
  if (in_window) tally_->referred += 1;
  const bool is_full = ends_.size() >= plan_->changes[change_].all;
  if (is_full && plan_->when_full == PlacesParameters::WhenFull::turned_away) {
    if (in_window) tally_->turned_away += 1;
    tally_->waiting.gave_up(referral.time, referral.time);
    return;
  }
  queue_.push_back({referral.time, gives_up(referral.time, referral.patience), referral.work, referral.risk});
  fill_places();
}

void Run::run_week(int week) {
  week_ = static_cast<std::size_t>(week);
  const double until = week + 1;
  std::size_t next = 0;
  while (true) {
    const double ends = ends_.empty() ? never : ends_.front();
    const double changes = change_ + 1 < plan_->changes.size() ? plan_->changes[change_ + 1].time : never;
    const double comes = next < referrals_.size() ? referrals_[next].time : never;
    const double time = std::min({ends, changes, comes});
    if (time > until) break;
    advance(time);
    if (ends <= time) {
      std::pop_heap(ends_.begin(), ends_.end(), std::greater<>());
      ends_.pop_back();
      if (week_ < tally_->occupied.size()) tally_->left += 1;
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

/// Who waits first has not given up then: they stand for all who wait, since the first to come is the first to be seen.
void Run::drop_who_gave_up() {
  for (; head_ < queue_.size() && queue_[head_].gives_up <= now_; ++head_)
    tally_->waiting.gave_up(queue_[head_].referred, queue_[head_].gives_up);
}

void Run::operator()(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally) {
  begin(plan, streams, tally);
  Demand demand(plan.demand, streams);
  for (int week = 0; week < plan.waiting.last_week; ++week) {
    demand.draw_week(referrals_, tally.waiting.announced(week));
    run_week(week);
    if (week_ < tally.occupied.size()) {
      const auto occupied = static_cast<double>(ends_.size());
      tally.occupied[week_] = tally.inside = occupied;
      tally.bought[week_] = std::max(0.0, occupied - static_cast<double>(plan.changes[change_].fixed));
    }
    drop_who_gave_up();
    const bool asked_for = head_ < queue_.size() && queue_[head_].referred < plan.waiting.asked_until;
    if (tally.waiting.may_stop(now_, asked_for ? 1 : 0)) break;
  }
  for (; head_ < queue_.size(); ++head_) {
    const InQueue& waits = queue_[head_];
    if (waits.gives_up <= now_)
      tally.waiting.gave_up(waits.referred, waits.gives_up);
    else
      tally.waiting.still_waits(waits.referred, now_);
  }
}

}  // namespace

PlacesPlan::PlacesPlan(const PlacesParameters& parameters, const Window& window)
    : waiting(parameters, window),
      // First come, first served: who comes after the last backlog that is wanted changes nobody's wait.
      demand(parameters, window, waiting.backlog_weeks),
      stays(parameters),
      when_full(parameters.when_full),
      patience(parameters.patience),
      starting_occupied(static_cast<std::size_t>(std::llround(parameters.starting_occupied))) {
  if (when_full == PlacesParameters::WhenFull::turned_away && parameters.starting_backlog > 0)
    throw std::invalid_argument("starting_backlog is above 0, but with when_full = \"turned away\" nobody waits");
  std::vector<double> times{0};
  for (const Steps* each :
       {&parameters.fixed_places, &parameters.bought_places, &parameters.fixed_price, &parameters.bought_price})
    for (const Steps::Step& step : each->steps())
      if (step.from > 0) times.push_back(step.from);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  for (const double time : times) {
    const std::size_t fixed = whole_places(parameters.fixed_places.at(time));
    changes.push_back({time, fixed, fixed + whole_places(parameters.bought_places.at(time)),
                       parameters.fixed_price.at(time), parameters.bought_price.at(time)});
  }
}

void run_places(const PlacesPlan& plan, const Streams& streams, PlacesTally& tally) {
  thread_local Run run;
  run(plan, streams, tally);
}

}  // namespace desist
