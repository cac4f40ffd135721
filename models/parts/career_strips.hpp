// The offences of one person as candidates in strips: the random measure of ThinnedProcess without its own memory.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <stdexcept>

#include "engine/core/date.hpp"
#include "engine/random/stream.hpp"
#include "engine/random/thinned_process.hpp"

namespace desist {

/// Candidates of an entity, as ThinnedProcess makes them (mathematics.md 0.6): the same words, times and heights.
///
/// It keeps them in itself, to be used for one person after the other, and leaves thinning to the caller.
/// Verified by: career_test Are_the_thinned_process.
class CareerStrips {
 public:
  /// Height of the lowest strip: one offence a year. A constant of the model, since it is part of the luck.
  static constexpr double base = 1 / weeks_per_year;
  static constexpr std::size_t most_strips = 40;

  void begin(const Streams& streams, Purpose purpose, std::uint64_t entity) {
    streams_ = &streams;
    purpose_ = purpose;
    entity_ = entity;
    open_ = in_use_ = 0;
    reach_ = bound_ = 0;
    now_ = 0;
  }

  /// The next candidate of the strips that begin below `bound`, before `until`, after the last one and after `from`;
  /// nothing if there is none. Calls go forward in time.
  const Candidate* next(double from, double until, double bound) {
    const bool is_later = from > now_;
    if (is_later) now_ = from;
    const bool is_other = bound != bound_;
    if (is_other) use(bound);
    if (is_later || is_other) catch_up();  // else every time is after the last candidate's
    const auto [earliest, first] = earliest_before(until);
    now_ = earliest;
    if (first == most_strips) return nullptr;
    Strip& strip = strips_[first];
    found_.time = earliest;
    found_.height = strip.low + strip.width * uniform(strip.stream());
    found_.marks[0] = strip.stream();
    found_.marks[1] = strip.stream();
    found_.strip = first;
    found_.index = strip.index++;
    draw_time(first);
    return &found_;
  }

 private:
  struct Strip {
    Stream stream{Words{}};
    double low = 0;
    double width = 0;
    std::uint64_t index = 0;  // of the next candidate
  };

  struct Earliest {
    double time;
    std::size_t strip;  // most_strips: none
  };
  /// Of several at one moment the lowest strip. In two lanes and without branches: nobody can foresee which it is, and
  /// one chain of comparisons took a sixth of the time of a busy career.
  Earliest earliest_before(double until) const {
    std::array<Earliest, 2> least{Earliest{until, most_strips}, Earliest{until, most_strips}};
    const auto look_at = [&](Earliest& lane, std::size_t s) {
      const bool is_earlier = times_[s] < lane.time;
      lane.time = is_earlier ? times_[s] : lane.time;
      lane.strip = is_earlier ? s : lane.strip;
    };
    std::size_t s = 0;
    for (; s + 1 < in_use_; s += 2) {
      look_at(least[0], s);
      look_at(least[1], s + 1);
    }
    if (s < in_use_) look_at(least[0], s);
    const bool second =
        least[1].time < least[0].time || (least[1].time == least[0].time && least[1].strip < least[0].strip);
    return least[second ? 1 : 0];
  }

  // What passed while the bound was below a strip, or the rate was zero, is never an event.
  void catch_up() {
    for (std::size_t s = 0; s < in_use_; ++s)
      while (times_[s] < now_) pass_over(s);
  }
  void use(double bound) {
    bound_ = bound;
    while (reach_ < bound) open();
    while (in_use_ > 0 && strips_[in_use_ - 1].low >= bound) --in_use_;
    while (in_use_ < open_ && strips_[in_use_].low < bound) ++in_use_;
  }
  void open() {
    if (open_ == most_strips) throw std::domain_error("the rate of a career is beyond any that can be simulated");
    Strip& strip = strips_[open_];
    strip.stream = streams_->open(purpose_, entity_, open_);
    strip.low = reach_;
    strip.width = open_ == 0 ? base : reach_;
    strip.index = 0;
    times_[open_] = 0;
    draw_time(open_);
    reach_ += strip.width;
    ++open_;
  }
  // Of a candidate the time is drawn first, the rest when it is found.
  void draw_time(std::size_t s) { times_[s] += -std::log(uniform(strips_[s].stream())) / strips_[s].width; }
  void pass_over(std::size_t s) {
    Strip& strip = strips_[s];
    for (int unread = 0; unread < 3; ++unread) strip.stream();
    ++strip.index;
    draw_time(s);
  }

  const Streams* streams_ = nullptr;
  Purpose purpose_{""};
  std::uint64_t entity_ = 0;
  std::size_t open_ = 0;
  std::size_t in_use_ = 0;  // those that begin below the bound
  double reach_ = 0;        // height up to which strips are open
  double bound_ = 0;
  double now_ = 0;
  Candidate found_;
  std::array<double, most_strips> times_{};  // of the next candidate of each strip
  std::array<Strip, most_strips> strips_;
};

}  // namespace desist
