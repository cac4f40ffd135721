#include "engine/simulation/histogram.hpp"

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace desist {
namespace {

double shifted_value(BucketCode code, int bits) {  // |x| + 1 of the bucket
  const std::int64_t pattern = (std::int64_t{std::abs(code)} + (std::int64_t{1023} << bits)) << (52 - bits);
  return std::bit_cast<double>(pattern);
}

}  // namespace

double bucket_value(BucketCode code, int bits) {
  const double value = shifted_value(code, bits) - 1;
  return code < 0 ? -value : value;
}

double bucket_width(BucketCode code, int bits) {
  const double shifted = shifted_value(code, bits);
  return std::isinf(shifted) ? 0 : std::ldexp(1.0, std::ilogb(shifted) - bits);
}

void Histogram::make_room(std::int64_t first, std::int64_t last) {
  if (counts_.empty()) {
    first_ = first;
    counts_.assign(static_cast<std::size_t>(last - first + 1), 0);
    return;
  }
  if (first < first_) {
    counts_.insert(counts_.begin(), static_cast<std::size_t>(first_ - first), 0);
    first_ = first;
  }
  const auto needed = static_cast<std::size_t>(last - first_ + 1);
  if (needed > counts_.size()) counts_.resize(needed);
}

void Histogram::add_outside(BucketCode code) {
  if (std::abs(code) == infinity_code(bits_)) {
    ++(code < 0 ? minus_infinity_ : plus_infinity_);
    return;
  }
  // An eighth more room than needed: growing one bucket at a time would copy too often.
  const auto spare = static_cast<std::int64_t>(counts_.size() / 8);
  const bool below = !counts_.empty() && code < first_;
  make_room(below ? code - spare : code, below || counts_.empty() ? code : code + spare);
  ++counts_[static_cast<std::size_t>(code - first_)];
}

std::uint64_t Histogram::total() const {
  std::uint64_t total = minus_infinity_ + plus_infinity_;
  for (const std::uint32_t count : counts_) total += count;
  return total;
}

BucketCode Histogram::at_order(std::uint64_t order) const {
  if (order < 1 || order > total()) throw std::out_of_range("no such order statistic");
  if (order <= minus_infinity_) return -infinity_code(bits_);
  std::uint64_t up_to = minus_infinity_;
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    up_to += counts_[i];
    if (order <= up_to) return static_cast<BucketCode>(first_ + static_cast<std::int64_t>(i));
  }
  return infinity_code(bits_);
}

void Histogram::write(ByteWriter& out) const {
  const auto filled = [](std::uint32_t count) { return count > 0; };
  const auto begin = std::find_if(counts_.begin(), counts_.end(), filled);
  const auto end = std::find_if(counts_.rbegin(), std::make_reverse_iterator(begin), filled).base();
  out.put(begin == end ? std::int64_t{0} : first_ + (begin - counts_.begin()));
  out.put(std::vector<std::uint32_t>(begin, end));
  out.put(minus_infinity_);
  out.put(plus_infinity_);
}

void Histogram::read(ByteReader& in) {
  in.get(first_);
  in.get(counts_);
  in.get(minus_infinity_);
  in.get(plus_infinity_);
}

}  // namespace desist
