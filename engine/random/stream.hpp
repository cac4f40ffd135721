// Random streams as functions of identity: (seed, draw, purpose, ordinal; replicate, entity), never of order.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include <Random123/philox.h>
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

/// The output number `index` of a SplitMix64 generator in state `state`: a bijection of the state for every index.
/// Steele, Lea & Flood (2014), "Fast splittable pseudorandom number generators"; multipliers of Stafford's variant 13.
constexpr std::uint64_t split_mix(std::uint64_t state, std::uint64_t index) {
  std::uint64_t z = state + (index + 1) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

/// The two words of Philox2x64-10 for a counter under a key.
/// Salmon, Moraes, Dror & Shaw (2011), "Parallel random numbers: as easy as 1, 2, 3". A bijection of the counter, so
/// that no two (replicate, entity) of one key share words. Verified by: stream_test Philox_known_answers.
inline Words philox(std::uint64_t replicate, std::uint64_t entity, std::uint64_t key) {
  const philox2x64_ctr_t block = philox2x64_R(10, philox2x64_ctr_t{{replicate, entity}}, philox2x64_key_t{{key}});
  return {block.v[0], block.v[1]};
}

/// A pcg64 engine whose 128-bit state is one Philox block. Satisfies UniformRandomBitGenerator.
/// PCG XSL RR 128/64 (O'Neill 2014) with the fixed increment 6364136223846793005 * 2^64 + 1442695040888963407 that
/// pcg64 takes when none is given: a second word for it would buy streams that the 128 bits of state already separate.
/// Verified by: stream_test Pcg64_reference.
class Stream {
 public:
  using result_type = std::uint64_t;
  explicit Stream(const Words& state) : engine_(pcg64_oneseq::state_type{state[0]} << 64U | state[1]) {}
  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return ~result_type{0}; }
  result_type operator()() { return engine_(); }
  /// Past the next `n` words: for a constant n as cheap as one word.
  void discard(std::uint64_t n) { engine_.discard(n); }
  /// The word after the next `n`, without going there: for a constant n as cheap as one word.
  result_type ahead(std::uint64_t n) const { return engine_.ahead(n); }

 private:
  struct Engine : pcg64_oneseq {
    using pcg64_oneseq::pcg64_oneseq;
    result_type ahead(std::uint64_t n) const { return output(advance(state_, n + 1, multiplier(), increment())); }
  };
  Engine engine_;
};

/// The uniform of one word in the open interval (0, 1): ((w >> 11) + 1/2) 2^-53 (mathematics.md 0.5).
/// The one value that a double rounds to 1 (all 53 bits set) is 1 - 2^-53. Verified by: stream_test Uniform_is_open.
constexpr double uniform(std::uint64_t word) {
  const double u = (static_cast<double>(word >> 11) + 0.5) * 0x1p-53;
  return std::min(u, 1 - 0x1p-53);
}

/// All streams of one replicate of one draw. Cheap to copy; opening a stream takes a few nanoseconds.
///
/// The key of a stream chains split_mix, each word being the index of an output of the generator that the words
/// before it chose: state = split_mix(split_mix(contract, seed), draw), made once for all streams of the draw;
/// key = split_mix(state xor hash of the purpose, ordinal). The arm is not in it: arms share luck (mathematics.md 0.4).
class Streams {
 public:
  Streams(std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate)
      : state_(split_mix(split_mix(stream_contract, seed), draw)), draw_(draw), replicate_(replicate) {}

  Words words(Purpose purpose, std::uint64_t entity, std::uint64_t ordinal = 0) const {
    return philox(replicate_, entity, split_mix(state_ ^ purpose.hash, ordinal));
  }
  Stream open(Purpose purpose, std::uint64_t entity, std::uint64_t ordinal = 0) const {
    return Stream(words(purpose, entity, ordinal));
  }
  std::uint64_t draw() const { return draw_; }
  std::uint64_t replicate() const { return replicate_; }

 private:
  std::uint64_t state_;
  std::uint64_t draw_;
  std::uint64_t replicate_;
};

}  // namespace desist
