// Samplers: function objects built once from checked parameters and called with a word or a stream.
//
// A sampler by inversion takes one word, may share a stream or a Philox block with others, and is monotone in it. A
// sampler by rejection takes a Stream of its own for every variate, since it uses as many words as its parameters ask
// for: so a changed parameter moves that variate and no other (mathematics.md 0.4). Counts are in counts.hpp.
// Parameters that no law has are refused with std::domain_error.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/random/stream.hpp"

namespace desist {

/// Waits of a coupled clock: -log u / rate, by inversion; a rate of 0 never rings (infinity).
class ExponentialClock {
 public:
  explicit ExponentialClock(double rate);
  double operator()(std::uint64_t word) const { return -std::log(uniform(word)) / rate_; }

 private:
  double rate_;
};

/// Exponential waits by rejection: the ziggurat of Boost.Random (Marsaglia & Tsang 2000, 256 layers).
class ExponentialSampler {
 public:
  explicit ExponentialSampler(double rate);
  double operator()(Stream& stream) const;

 private:
  double rate_;
};

/// Normal variates by rejection: the ziggurat of Boost.Random (Marsaglia & Tsang 2000, 128 layers).
class NormalSampler {
 public:
  NormalSampler(double mean, double standard_deviation);
  double operator()(Stream& stream) const;

 private:
  double mean_;
  double standard_deviation_;
};

/// True with chance p: u < p.
class BernoulliSampler {
 public:
  explicit BernoulliSampler(double p);
  bool operator()(std::uint64_t word) const { return uniform(word) < p_; }

 private:
  double p_;
};

/// An index with the chance of its weight: the first whose cumulative weight exceeds u times the sum, in listed order.
class CategoricalSampler {
 public:
  explicit CategoricalSampler(std::span<const double> weights);
  std::size_t operator()(std::uint64_t word) const;

 private:
  std::vector<double> cumulative_;  // up to the last weight that is not zero
};

/// Gamma variates of mean shape x scale, by rejection: Marsaglia & Tsang (2000), "A simple method for generating gamma
/// variables", ACM TOMS 26, 363-372. A shape s < 1 is drawn as shape s + 1 times u^(1/s) (their section 6).
class GammaSampler {
 public:
  GammaSampler(double shape, double scale);
  double operator()(Stream& stream) const;

 private:
  double shape_;
  double scale_;
};

/// Beta variates X / (X + Y) from gammas X of shape a, then Y of shape b, on one stream, by rejection.
/// Where both shapes are below 1 the ratio is taken of logarithms: both gammas can be smaller than any double.
class BetaSampler {
 public:
  BetaSampler(double a, double b);
  double operator()(Stream& stream) const;

 private:
  double a_;
  double b_;
};

}  // namespace desist
