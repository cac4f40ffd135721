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
/// Verified by: career_parts_test Strips_are_the_thinned_process.
class CareerStrips {
 public:
  /// Height of the lowest strip: one offence a year. A constant of the model, since it is part of the luck.
  static constexpr double base = 1 / weeks_per_year;
  static constexpr std::size_t most_strips = 40;

  void begin(const Streams& streams, Purpose purpose, std::uint64_t entity) {
    streams_ = &streams;
    purpose_ = purpose;
    entity_ = entity;
    open_ = 0;
    reach_ = 0;
    now_ = 0;
  }

  /// The next candidate of the strips that begin below `bound`, before `until`, after the last one and after `from`;
  /// nothing if there is none. Calls go forward in time.
  const Candidate* next(double from, double until, double bound) {
    if (from > now_) now_ = from;
    while (reach_ < bound) open();
    std::size_t first = most_strips;
    double earliest = until;
    for (std::size_t s = 0; s < open_ && low(s) < bound; ++s) {
      Strip& strip = strips_[s];
      while (strip.head.time < now_) advance(strip);  // passed while the bound was below this strip: never an event
      if (strip.head.time < earliest) {
        earliest = strip.head.time;
        first = s;
      }
    }
    if (first == most_strips) {
      now_ = until;
      return nullptr;
    }
    found_ = strips_[first].head;
    now_ = found_.time;
    advance(strips_[first]);
    return &found_;
  }

 private:
  struct Strip {
    Stream stream{Words{}};
    double low = 0;
    double width = 0;
    Candidate head;
  };

  double low(std::size_t strip) const { return strips_[strip].low; }
  void open() {
    if (open_ == most_strips) throw std::domain_error("the rate of a career is beyond any that can be simulated");
    Strip& strip = strips_[open_];
    strip.stream = streams_->open(purpose_, entity_, open_);
    strip.low = reach_;
    strip.width = open_ == 0 ? base : reach_;
    strip.head = Candidate{};
    strip.head.strip = open_;
    advance(strip);
    strip.head.index = 0;
    reach_ += strip.width;
    ++open_;
  }
  static void advance(Strip& strip) {
    strip.head.time += -std::log(uniform(strip.stream())) / strip.width;
    strip.head.height = strip.low + strip.width * uniform(strip.stream());
    strip.head.marks[0] = strip.stream();
    strip.head.marks[1] = strip.stream();
    ++strip.head.index;
  }

  const Streams* streams_ = nullptr;
  Purpose purpose_{""};
  std::uint64_t entity_ = 0;
  std::size_t open_ = 0;
  double reach_ = 0;  // height up to which strips are open
  double now_ = 0;
  Candidate found_;
  std::array<Strip, most_strips> strips_;
};

}  // namespace desist
