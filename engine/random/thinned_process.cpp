#include "engine/random/thinned_process.hpp"

#include <cmath>
#include <limits>

#include "engine/random/exponential.hpp"
#include "engine/random/requirement.hpp"

namespace desist {

ThinnedProcess::ThinnedProcess(const Streams& streams, Purpose purpose, std::uint64_t entity, double base)
    : streams_(streams), purpose_(purpose), entity_(entity), base_(base) {
  require_positive(base, "the base rate of a thinned process");
}

std::optional<Candidate> ThinnedProcess::next_candidate(double until, double bound) {
  require_between(until, now_, std::numeric_limits<double>::max(), "the end of a stretch of a thinned process");
  require_between(bound, 0, base_ * 0x1p40, "the bound of a rate");  // 40 doublings: beyond lies a slip of units
  open_strips(bound);
  Strip* first = nullptr;
  for (Strip& strip : strips_) {
    if (strip.low >= bound) break;
    while (strip.head.time < now_) advance(strip);  // passed while the bound was below this strip: never an event
    if (first == nullptr || strip.head.time < first->head.time) first = &strip;
  }
  if (first == nullptr || first->head.time >= until) {
    now_ = until;
    return std::nullopt;
  }
  const Candidate candidate = first->head;
  now_ = candidate.time;
  advance(*first);
  return candidate;
}

void ThinnedProcess::open_strips(double bound) {
  for (;;) {
    const auto level = static_cast<int>(strips_.size());
    const double low = level == 0 ? 0 : std::ldexp(base_, level - 1);
    if (low >= bound) return;
    const double width = level == 0 ? base_ : low;
    Strip strip{streams_.open(purpose_, entity_, strips_.size()), low, width, 1 / width, {}};
    strip.head.strip = strips_.size();
    advance(strip);
    strip.head.index = 0;
    strips_.push_back(strip);
  }
}

void ThinnedProcess::advance(Strip& strip) {
  const double gap = standard_exponential(strip.stream()) * strip.mean_gap;
  strip.head.time += gap;
  strip.head.height = strip.low + strip.width * uniform(strip.stream());
  strip.head.marks[0] = strip.stream();
  strip.head.marks[1] = strip.stream();
  ++strip.head.index;
}

double ThinnedProcess::checked(double rate, double bound) {
  require_between(rate, 0, bound, "the rate of a thinned process");
  return rate;
}

}  // namespace desist
