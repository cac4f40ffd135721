// Uniform whole numbers below n, two from each word of a stream.
#pragma once

#include <cstdint>

#include "engine/random/stream.hpp"

namespace desist::estimation {

/// Lemire's multiplication with rejection (Lemire 2019, "Fast random integer generation in an interval", algorithm 5)
/// on 32-bit halves, low half first: exactly uniform. Verified by: resampling_test indices_are_uniform
class UniformIndex {
 public:
  static constexpr std::uint64_t most = 0xffffffffU;
  explicit UniformIndex(const Stream& stream) : stream_(stream) {}

  /// 2^32 mod n: halves whose product has lower bits below it are rejected.
  static std::uint32_t threshold(std::uint32_t n) { return (0U - n) % n; }

  std::uint32_t below(std::uint32_t n, std::uint32_t threshold) {
    std::uint64_t product = std::uint64_t{half()} * n;
    while (static_cast<std::uint32_t>(product) < threshold) product = std::uint64_t{half()} * n;
    return static_cast<std::uint32_t>(product >> 32);
  }

 private:
  std::uint32_t half() {
    if (spare_) {
      spare_ = false;
      return static_cast<std::uint32_t>(word_ >> 32);
    }
    word_ = stream_();
    spare_ = true;
    return static_cast<std::uint32_t>(word_);
  }

  Stream stream_;
  std::uint64_t word_ = 0;
  bool spare_ = false;
};

}  // namespace desist::estimation
