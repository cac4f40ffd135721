// The offences of one person as candidates in strips: the random measure of ThinnedProcess without its own memory.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <stdexcept>

#include "engine/core/date.hpp"
#include "engine/random/exponential.hpp"
#include "engine/random/stream.hpp"
#include "engine/random/thinned_process.hpp"
#include "models/parts/earliest.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// The ordinal of a candidate's own streams.
inline std::uint64_t ordinal_of(std::uint64_t strip, std::uint64_t index) { return strip << 48U | index; }
inline std::uint64_t ordinal_of(const Candidate& candidate) { return ordinal_of(candidate.strip, candidate.index); }

/// A candidate with the state of its own stream, if it was asked for: drawn as soon as the candidate is known to be
/// below the bound, so that what follows it doesn't wait for it.
struct CareerCandidate : Candidate {
  Words follows{};
};

/// Candidates of an entity, as ThinnedProcess makes them (mathematics.md 0.6): the same words, times and heights.
///
/// It keeps them in itself, to be used for one person after the other, and leaves thinning to the caller.
/// Verified by: career_parts_test Are_the_thinned_process.
class CareerStrips {
 public:
  /// Height of the lowest strip: one offence a year. A constant of the model, since it is part of the luck.
  static constexpr double base = 1 / weeks_per_year;
  static constexpr std::size_t most_strips = 40;

  /// `follows`: what a candidate's own stream is for; nothing where no candidate needs one.
  void begin(const Streams& streams, Purpose purpose, std::uint64_t entity, std::optional<Purpose> follows = {}) {
    streams_ = &streams;
    purpose_ = purpose;
    entity_ = entity;
    follows_ = follows;
    open_ = 0;
    reach_ = now_ = 0;
    lowest_bound_ = -1;
    highest_bound_ = 0;
    first_ = {never, 0};
  }

  /// The next candidate below `bound` up to `until`, after the last one and from `from` on; nothing if there is none.
  /// Calls go forward in time. One at `until` itself comes first: it may be the offence that brings a person in then.
  const CareerCandidate* next(double from, double until, double bound) {
    now_ = std::max(now_, from);
    if (!(lowest_bound_ < bound && bound <= highest_bound_)) use(bound);
    // What passed while the bound was below a strip, or the rate was zero, is never an event.
    while (first_.time < now_) skip();
    while (first_.time <= until)
      if (take(bound)) return &found_;
    now_ = until;
    return nullptr;
  }

 private:
  struct Strip {
    Stream words{Words{}};  // those of the next candidate's height and marks, and of the gap to the one after
    double low = 0;
    double width = 0;
    double mean_gap = 0;
    std::uint64_t index = 0;  // of the next candidate, as are
    double time = 0;
    double gap = 0;  // from it to the one after
  };

  // Which strips begin below the bound stays as it is for every bound up to the beginning of the next one.
  void use(double bound) {
    while (reach_ < bound) open();
    lowest_bound_ = -1;
    highest_bound_ = reach_;
    for (std::size_t s = 0; s < open_; ++s) {
      const Strip& strip = strips_[s];
      const bool is_in_use = strip.low < bound;
      due_[s] = is_in_use ? strip.time : never;
      if (is_in_use)
        lowest_bound_ = strip.low;
      else
        highest_bound_ = std::min(highest_bound_, strip.low);
    }
    find_first();
  }
  // A block at a time: most people have no more strips than that.
  void find_first() {
    first_ = earliest_of<block>(due_.data());
    for (std::size_t s = block; s < open_; s += block) {
      const Earliest later = earliest_of<block>(due_.data() + s);
      if (later.time < first_.time) first_ = {later.time, s + later.place};
    }
  }
  // Onto the first candidate; whether it is below the bound. Only then its marks are drawn.
  bool take(double bound) {
    Strip& strip = strips_[first_.place];
    Stream words = strip.words;
    found_.height = strip.low + strip.width * uniform(words());
    const bool is_below = found_.height < bound;
    if (is_below) {
      if (follows_) found_.follows = streams_->words(*follows_, entity_, ordinal_of(first_.place, strip.index));
      found_.marks[0] = words();
      found_.marks[1] = words();
      found_.strip = first_.place;
      found_.index = strip.index;
    }
    now_ = found_.time = strip.time;
    due_[first_.place] = strip.time += strip.gap;
    find_first();
    go_on(strip);
    return is_below;
  }
  // The strip of the first candidate, which is behind us, goes on until now.
  void skip() {
    Strip& strip = strips_[first_.place];
    do {
      strip.time += strip.gap;
      go_on(strip);
    } while (strip.time < now_);
    due_[first_.place] = strip.time;
    find_first();
  }
  void open() {
    if (open_ == most_strips) throw std::domain_error("the rate of a career is beyond any that can be simulated");
    if (open_ % block == 0) std::fill_n(due_.begin() + static_cast<std::ptrdiff_t>(open_), block, never);
    Strip& strip = strips_[open_];
    strip.words = streams_->open(purpose_, entity_, open_);
    strip.low = reach_;
    strip.width = open_ == 0 ? base : reach_;
    strip.index = 0;
    strip.mean_gap = 1 / strip.width;
    strip.time = standard_exponential(strip.words()) * strip.mean_gap;
    look_ahead(strip);
    reach_ += strip.width;
    ++open_;
  }
  // Of a candidate the time comes first in its stream. That of the one after is known ahead: what comes first then
  // waits for no logarithm. The three words between are drawn when they are asked for.
  static void look_ahead(Strip& strip) { strip.gap = standard_exponential(strip.words.ahead(3)) * strip.mean_gap; }
  static void go_on(Strip& strip) {
    ++strip.index;
    strip.words.discard(4);
    look_ahead(strip);
  }

  static constexpr std::size_t block = 8;
  static_assert(most_strips % block == 0);

  const Streams* streams_ = nullptr;
  Purpose purpose_{""};
  std::optional<Purpose> follows_;
  std::uint64_t entity_ = 0;
  std::size_t open_ = 0;
  double reach_ = 0;          // height up to which strips are open
  double lowest_bound_ = -1;  // of those for which the strips in use are the ones that are: above this
  double highest_bound_ = 0;  // and up to this
  double now_ = 0;
  Earliest first_{};  // of those in use
  CareerCandidate found_;
  std::array<double, most_strips> due_{};  // times of the strips that begin below the bound; never for the others
  std::array<Strip, most_strips> strips_;
};

/// Whether an entity may have enough candidates in time, from the words of its strips alone and without a logarithm:
/// the product of the uniforms of n gaps is at most exp(-width x time) where their sum is at least that time. Where
/// rounding could decide, it may. Verified by: career_parts_test EnoughCandidates.
class EnoughCandidates {
 public:
  EnoughCandidates(std::uint64_t least, double until) : least_(least) {
    constexpr double beyond_rounding = 1 - 1e-12;  // of sums and products of far fewer than a thousand terms
    double width = CareerStrips::base;
    for (std::size_t s = 0; s < CareerStrips::most_strips; ++s) {
      too_late_[s] = std::exp(-until * width) * beyond_rounding;
      if (s > 0) width *= 2;
    }
  }

  /// Of the candidates below `bound`.
  bool may_be_of(const Streams& streams, Purpose purpose, std::uint64_t entity, double bound) const {
    if (least_ == 0) return true;
    std::uint64_t found = 0;
    double low = 0, width = CareerStrips::base;
    for (std::size_t s = 0; low < bound; ++s) {
      if (s == CareerStrips::most_strips) return true;
      Stream stream = streams.open(purpose, entity, s);
      for (double product = uniform(stream()); product >= too_late_[s]; product *= uniform(stream())) {
        if (low + width * uniform(stream()) < bound && ++found == least_) return true;
        stream();  // its two marks
        stream();
      }
      low += width;
      width = low;
    }
    return false;
  }

 private:
  std::uint64_t least_;
  std::array<double, CareerStrips::most_strips> too_late_{};
};

}  // namespace desist
