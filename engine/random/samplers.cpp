#include "engine/random/samplers.hpp"

#include <limits>

#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>

#include "engine/random/requirement.hpp"

namespace desist {
namespace {

/// A gamma variate of shape s >= 1 and scale 1 (Marsaglia & Tsang 2000, section 3).
double standard_gamma(double s, Stream& stream) {
  boost::random::normal_distribution<double> sample_normal;
  const double d = s - 1.0 / 3.0;
  const double c = 1 / std::sqrt(9 * d);
  for (;;) {
    const double x = sample_normal(stream);
    const double root = 1 + c * x;
    if (root <= 0) continue;
    const double v = root * root * root;
    const double u = uniform(stream());
    const double squared = x * x;
    if (u < 1 - 0.0331 * squared * squared) return d * v;
    if (std::log(u) < 0.5 * squared + d * (1 - v + std::log(v))) return d * v;
  }
}

/// The logarithm of a gamma variate of shape s < 1: of shape s + 1, then plus log(u) / s.
double log_boosted_gamma(double s, Stream& stream) {
  const double boosted = standard_gamma(s + 1, stream);
  const double u = uniform(stream());
  return std::log(boosted) + std::log(u) / s;
}

double any_gamma(double s, Stream& stream) {
  if (s >= 1) return standard_gamma(s, stream);
  return std::exp(log_boosted_gamma(s, stream));
}

}  // namespace

ExponentialClock::ExponentialClock(double rate) : rate_(rate) {
  require_between(rate, 0, std::numeric_limits<double>::max(), "the rate of a clock");
}

ExponentialSampler::ExponentialSampler(double rate) : rate_(rate) {
  require_positive(rate, "the rate of an exponential wait");
}

double ExponentialSampler::operator()(Stream& stream) const {
  boost::random::exponential_distribution<double> sample_unit;
  return sample_unit(stream) / rate_;
}

NormalSampler::NormalSampler(double mean, double standard_deviation)
    : mean_(mean), standard_deviation_(standard_deviation) {
  require_finite(mean, "the mean of a normal variate");
  require_between(standard_deviation, 0, std::numeric_limits<double>::max(),
                  "the standard deviation of a normal variate");
}

double NormalSampler::operator()(Stream& stream) const {
  boost::random::normal_distribution<double> sample_standard;
  return mean_ + standard_deviation_ * sample_standard(stream);
}

BernoulliSampler::BernoulliSampler(double p) : p_(p) { require_between(p, 0, 1, "the chance of an event"); }

CategoricalSampler::CategoricalSampler(std::span<const double> weights) {
  double sum = 0;
  std::size_t used = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    require_between(weights[i], 0, std::numeric_limits<double>::max(), "the weight of a category");
    sum += weights[i];
    cumulative_.push_back(sum);
    if (weights[i] > 0) used = i + 1;
  }
  require_positive(sum, "the sum of the weights of categories");
  cumulative_.resize(used);
}

std::size_t CategoricalSampler::operator()(std::uint64_t word) const {
  const double reached = uniform(word) * cumulative_.back();
  std::size_t i = 0;
  while (i + 1 < cumulative_.size() && cumulative_[i] <= reached) ++i;
  return i;
}

GammaSampler::GammaSampler(double shape, double scale) : shape_(shape), scale_(scale) {
  require_positive(shape, "the shape of a gamma variate");
  require_between(scale, 0, std::numeric_limits<double>::max(), "the scale of a gamma variate");
}

double GammaSampler::operator()(Stream& stream) const { return scale_ * any_gamma(shape_, stream); }

BetaSampler::BetaSampler(double a, double b) : a_(a), b_(b) {
  require_positive(a, "the first shape of a beta variate");
  require_positive(b, "the second shape of a beta variate");
}

double BetaSampler::operator()(Stream& stream) const {
  if (a_ < 1 && b_ < 1) {
    const double log_x = log_boosted_gamma(a_, stream);
    const double log_y = log_boosted_gamma(b_, stream);
    return log_x > log_y ? 1 / (1 + std::exp(log_y - log_x)) : std::exp(log_x - log_y) / (1 + std::exp(log_x - log_y));
  }
  const double x = any_gamma(a_, stream);
  const double y = any_gamma(b_, stream);
  return x / (x + y);
}

}  // namespace desist
