// Uniform and normal variates of a seed for tests of this folder, which knows no streams.
#pragma once

#include <cstdint>
#include <random>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

class Uniforms {
 public:
  explicit Uniforms(std::uint64_t seed) : bits_(seed) {}
  double operator()() { return (static_cast<double>(bits_() >> 11) + 0.5) * 0x1p-53; }
  double normal() { return normal_quantile((*this)()); }

 private:
  std::mt19937_64 bits_;
};

}  // namespace desist::statistics
