// Random streams as functions of identity: (seed, draw, purpose, ordinal; replicate, entity), never of order.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <string_view>

#include <pcg_random.hpp>

#include "engine/core/text.hpp"

namespace desist {

/// Raised whenever the numbers behind any key change; printed by --version and stored in checkpoints and manifests.
inline constexpr std::uint64_t stream_contract = 1;

/// What a stream is for ("referrals of an area"), known by the hash of its name: a new purpose moves no other.
struct Purpose {
  std::uint64_t hash;
  consteval explicit Purpose(const char* name) : hash(fnv1a(name)) {}
  constexpr explicit Purpose(std::string_view name) : hash(fnv1a(name)) {}
};

/// Two random words of one (key, replicate, entity): for a purpose that needs no more than two.
using Words = std::array<std::uint64_t, 2>;

/// A pcg64 engine started from one Philox block. Satisfies UniformRandomBitGenerator.
class Stream {
 public:
  using result_type = std::uint64_t;
  explicit Stream(const Words& state);
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return engine_(); }

 private:
  pcg64 engine_;
};

/// The uniform of one word in the open interval (0, 1): ((w >> 11) + 1/2) 2^-53 (mathematics.md 0.5).
constexpr double uniform(std::uint64_t word) { return (static_cast<double>(word >> 11) + 0.5) * 0x1p-53; }

/// All streams of one replicate of one draw. Cheap to copy; opening a stream takes a few nanoseconds.
class Streams {
 public:
  Streams(std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate)
      : seed_(seed), draw_(draw), replicate_(replicate) {}

  Words words(Purpose purpose, std::uint64_t entity, std::uint64_t ordinal = 0) const;
  Stream open(Purpose purpose, std::uint64_t entity, std::uint64_t ordinal = 0) const {
    return Stream(words(purpose, entity, ordinal));
  }
  std::uint64_t draw() const { return draw_; }
  std::uint64_t replicate() const { return replicate_; }

 private:
  std::uint64_t seed_;
  std::uint64_t draw_;
  std::uint64_t replicate_;
};

}  // namespace desist
