// Counts of values in buckets of a fixed relative width: quantiles in bounded memory, the same in any order of merging.
//
// A bucket is known by sign and leading bits of |x| + 1 in the value's own unit (the idea of DDSketch: Masson, Rim &
// Lee 2019; mathematics.md 6.4), rounded to the nearest number of that many fraction bits. So buckets have width
// 2^-bits near zero and relative width 2^-bits far from it; whole numbers below 2^(bits + 1) are the middle of their
// own bucket and come back exactly. Bits of x itself would need a bucket for every power of two down to 1e-308.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "engine/simulation/bytes.hpp"

namespace desist {

inline constexpr int scalar_fraction_bits = 12;
inline constexpr int series_fraction_bits = 7;

/// The bucket of a value: increasing in it, symmetric about 0.
using BucketCode = std::int32_t;
inline constexpr BucketCode no_bucket = std::numeric_limits<BucketCode>::min();  // of NaN

constexpr BucketCode infinity_code(int bits) {
  return BucketCode{1024} << bits;  // exponent of an infinity less that of 1
}

template <int bits>
inline BucketCode bucket_code(double value) {
  constexpr int shift = 52 - bits;
  const auto pattern = std::bit_cast<std::int64_t>(std::fabs(value) + 1.0);
  const std::int64_t rounded = (pattern + (std::int64_t{1} << (shift - 1))) >> shift;
  const auto code = static_cast<BucketCode>(rounded - (std::int64_t{1023} << bits));
  const BucketCode with_sign = value < 0 ? -code : code;
  return value == value ? with_sign : no_bucket;
}

/// The number that stands for a bucket: its middle (an infinity for that of infinities).
double bucket_value(BucketCode code, int bits);
/// The width of a bucket; 0 for that of an infinity.
double bucket_width(BucketCode code, int bits);

/// How many values fell into each bucket. At most 2^32 - 1 in all.
class Histogram {
 public:
  explicit Histogram(int fraction_bits) : bits_(fraction_bits) {}

  int fraction_bits() const { return bits_; }
  void add(BucketCode code) {
    if (code == no_bucket) return;
    const auto place = static_cast<std::size_t>(static_cast<std::int64_t>(code) - first_);
    if (place < counts_.size())
      ++counts_[place];
    else
      add_outside(code);
  }
  std::uint64_t total() const;
  /// The bucket of the order statistic `order` (1: the least). Needs 1 <= order <= total().
  BucketCode at_order(std::uint64_t order) const;

  void write(ByteWriter& out) const;  // the same bytes for the same counts
  void read(ByteReader& in);

 private:
  void add_outside(BucketCode code);
  void make_room(std::int64_t first, std::int64_t last);

  int bits_;
  std::int64_t first_ = 0;  // code of counts_[0]
  std::vector<std::uint32_t> counts_;
  // Infinities apart: an array up to their codes would be long and empty.
  std::uint64_t minus_infinity_ = 0;
  std::uint64_t plus_infinity_ = 0;
};

}  // namespace desist
