// One replicate of any model, with outcomes and series of the length that its declarations ask for.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist::test {

template <class M>
struct Replicate {
  typename M::Outcomes outcomes;
  typename M::Series series;
};

/// Gives vectors their length: those of outcomes one a date, those of series one a week.
template <class T>
struct Lengths {
  T& object;
  std::size_t length;
  void outcome(const char*, auto member, const OutcomeOptions& = {}) {
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(object.*member)>, double>)
      (object.*member).assign(length, 0.0);
  }
  void series(const char*, auto member, const SeriesOptions&) { (object.*member).assign(length, 0.0); }
};

/// Room for what a replicate of a plan reports.
template <class M>
Replicate<M> empty_replicate(const typename M::Bound& plan) {
  Replicate<M> result;
  Lengths<typename M::Outcomes> outcomes{result.outcomes, plan.waiting.clear_weeks.size()};
  M::Outcomes::describe(outcomes);
  Lengths<typename M::Series> series{result.series, static_cast<std::size_t>(plan.waiting.weeks)};
  M::Series::describe(series);
  return result;
}

template <class M>
Replicate<M> run_model(const typename M::Bound& plan, std::uint64_t replicate, std::uint64_t seed = 1) {
  Replicate<M> result = empty_replicate<M>(plan);
  M::replicate(plan, Streams(seed, 0, replicate), result.outcomes, result.series);
  return result;
}

inline Window weeks_from_autumn(int weeks) {
  const Date start = Date::from_ymd(2023, 9, 30);
  return {start, Date{start.days + 7 * weeks}};
}

/// Poisson weights 0 ... most.
inline std::vector<double> poisson_weights(double mean, int most) {
  std::vector<double> weights;
  double log_weight = -mean;
  for (int k = 0; k <= most; ++k) {
    weights.push_back(std::exp(log_weight));
    log_weight += std::log(mean / (k + 1));
  }
  return weights;
}

}  // namespace desist::test
