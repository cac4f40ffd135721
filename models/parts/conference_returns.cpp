#include "models/parts/conference_returns.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/date.hpp"

namespace desist {

ReturnLaw::ReturnLaw(double repeat_share, double mean_delay, double interval, double hearings) {
  if (repeat_share == 0) return;
  const double rate = std::max(1 / mean_delay, -std::log1p(-repeat_share) / weeks_per_year);  // both may be infinite
  share = std::min(1.0, repeat_share / -std::expm1(-rate * weeks_per_year));
  by_next_meeting = -std::expm1(-rate * interval);
  const double cases = hearings * (2 - by_next_meeting) / by_next_meeting;
  earlier_cases = static_cast<std::int64_t>(std::ceil(cases));
  if (earlier_cases > 0) earlier_chance = hearings * share / by_next_meeting / static_cast<double>(earlier_cases);
}

ReturningCases::ReturningCases(const ReturnLaw& law, const Streams& streams, int conference)
    : streams_(streams),
      entity_(static_cast<std::uint64_t>(conference)),
      any_(law.share > 0),
      come_back_(law.share),
      by_next_meeting_(law.by_next_meeting) {
  if (!any()) return;
  const double u = uniform(streams.words(Purpose("returns at the start"), entity_)[0]);
  pending_ = binomial_by_search(u, law.earlier_cases, law.earlier_chance);
}

std::int64_t ReturningCases::take_before(std::size_t meeting) {
  words_ = streams_.words(Purpose("returns"), entity_, meeting);
  const std::int64_t come = by_next_meeting_(uniform(words_[0]), pending_);
  pending_ -= come;
  return come;
}

void ReturningCases::add_heard(std::int64_t heard) { pending_ += come_back_(uniform(words_[1]), heard); }

}  // namespace desist
