#include "models/parts/stays.hpp"

#include <cmath>
#include <stdexcept>

#include "engine/random/distributions.hpp"

namespace desist {

StayLaw::StayLaw(const StayParameters& parameters)
    : law_(parameters.stay_law),
      mean_(parameters.stay_mean),
      delayed_mean_(parameters.delayed_stay),
      delayed_(parameters.delayed),
      spread_(parameters.stay_spread),
      log_deviation_(std::sqrt(std::log1p(spread_ * spread_))),
      shorter_(parameters.shorter_stays) {
  if (delayed_ > 0 && delayed_mean_ == 0)
    throw std::invalid_argument("delayed is above 0: delayed_stay must say how long those stays are");
}

double StayLaw::length(double mean, double u, bool length_biased) const {
  if (mean == 0 || spread_ == 0) return mean;
  const double variance = spread_ * spread_;
  if (law_ == StayParameters::Law::gamma)
    return GammaDistribution{1 / variance + (length_biased ? 1 : 0), mean * variance}.quantile(u);
  const double centre = (length_biased ? 0.5 : -0.5) * log_deviation_ * log_deviation_;
  return mean * std::exp(centre + log_deviation_ * standard_normal_quantile(u));
}

Stay StayLaw::stay(double time, std::uint64_t length_word, std::uint64_t delay) const {
  const bool is_delayed = uniform(delay) < delayed_;
  const double weeks = length(is_delayed ? delayed_mean_ : mean_, uniform(length_word), false);
  return {weeks * (1 - shorter_.at(time)), is_delayed};
}

Stay StayLaw::left_at_start(const Words& words, std::uint64_t delay) const {
  const bool is_delayed = uniform(delay) * mean() < delayed_ * delayed_mean_;
  return {length(is_delayed ? delayed_mean_ : mean_, uniform(words[0]), true) * uniform(words[1]), is_delayed};
}

}  // namespace desist
