// Who is heard next at a conference: the three orders of its list.
//
// A queue is told how many cases, in order of referral, are on a closed list by now; it hands over those that a meeting
// hears. All of one meeting are heard at the same time, so it may hand them over in any order. `hear` wants no more
// than are waiting. Verified by: conference_queues_test.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace desist {

/// By time of referral.
class FirstComeQueue {
 public:
  void list(std::size_t last) { listed_ = last; }
  std::size_t waiting() const { return listed_ - next_; }
  /// Hands `count` cases, at most those waiting, to `take`.
  void hear(std::size_t count, auto take) {
    for (const std::size_t last = next_ + count; next_ < last; ++next_) take(next_);
  }

 private:
  std::size_t next_ = 0;
  std::size_t listed_ = 0;
};

/// By risk level, the highest first, and by time of referral within a level.
class LevelQueue {
 public:
  /// `cumulative`: shares of the levels, highest first, summed; `priority`: uniform, by case.
  LevelQueue(const std::vector<double>& cumulative, const std::vector<double>& priority);

  void list(std::size_t last);
  std::size_t waiting() const { return waiting_; }
  void hear(std::size_t count, auto take) {
    waiting_ -= count;
    for (Level& level : levels_) {
      const std::size_t of_level = std::min(count, level.listed - level.next);
      for (const std::size_t end = level.next + of_level; level.next < end; ++level.next) take(level.cases[level.next]);
      count -= of_level;
      if (count == 0) return;
    }
  }

 private:
  struct Level {
    std::vector<std::uint32_t> cases;  // room for as many as are listed in all
    std::size_t listed = 0;
    std::size_t next = 0;
  };
  static std::vector<Level>& levels_of_thread();  // kept between replicates for their memory

  std::vector<Level>& levels_;
  const std::vector<double>& cumulative_;
  const std::vector<double>& priority_;
  std::size_t listed_ = 0;
  std::size_t waiting_ = 0;
};

/// By each case's own risk; cases whose risks agree in 32 bits by time of referral.
///
/// Cases lie in buckets by the leading bits of their risk. A meeting empties the first buckets, and only in the last
/// that it reaches must cases be compared: it hears some of that one, and all of those before.
class RiskQueue {
 public:
  explicit RiskQueue(const std::vector<double>& priority);

  void list(std::size_t last);
  std::size_t waiting() const { return waiting_; }
  void hear(std::size_t count, auto take) {
    waiting_ -= count;
    for (std::size_t word = 0; count > 0; ++word) {
      for (; space_.filled[word] != 0 && count > 0; space_.filled[word] &= space_.filled[word] - 1) {
        Bucket& bucket = space_.buckets[word * 64 + static_cast<std::size_t>(std::countr_zero(space_.filled[word]))];
        const bool has_more = bucket.size > count;
        if (has_more) put_first(bucket, count);
        const auto heard = static_cast<std::uint32_t>(has_more ? count : bucket.size);
        for (std::uint32_t i = 0; i < heard; ++i) {
          take(std::size_t{bucket.first});
          bucket.first = space_.next[bucket.first];
        }
        bucket.size -= heard;
        count -= heard;
        if (has_more) break;
      }
    }
  }

 private:
  static constexpr int bits = 10;  // of the risk, that name a bucket: about ten cases in each where hundreds wait
  struct Bucket {
    std::uint32_t size = 0;
    std::uint32_t first = 0;  // the head of a list
  };
  struct Space {  // kept between replicates for its memory
    std::array<Bucket, 1 << bits> buckets{};
    std::array<std::uint64_t, (1 << bits) / 64> filled{};  // a bit for each bucket
    std::vector<std::uint32_t> next;                       // by case: the one after it in its bucket
    std::vector<std::uint64_t> keys;
  };
  static Space& space_of_thread();
  /// Puts the first `count` of a bucket to the head of its list.
  void put_first(Bucket& bucket, std::size_t count);
  std::uint32_t rank(std::size_t index) const { return static_cast<std::uint32_t>(priority_[index] * 0x1p32); }

  Space& space_;
  const std::vector<double>& priority_;
  std::size_t listed_ = 0;
  std::size_t waiting_ = 0;
};

}  // namespace desist
