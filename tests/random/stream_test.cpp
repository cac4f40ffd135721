// Streams against published vectors of their parts, and the promises of identity.
#include "engine/random/stream.hpp"

#include <array>
#include <cmath>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/exponential.hpp"

namespace desist {
namespace {

// Salmon et al.: file tests/kat_vectors of Random123 1.14.0, lines "philox2x64 10".
TEST(Stream, Philox_known_answers) {
  EXPECT_EQ(philox(0, 0, 0), (Words{0xca00a0459843d731, 0x66c24222c9a845b5}));
  EXPECT_EQ(philox(~0ULL, ~0ULL, ~0ULL), (Words{0x65b021d60cd8310f, 0x4d02f3222f86df20}));
  EXPECT_EQ(philox(0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0),
            (Words{0x0a5e742c2997341c, 0xb0f883d38000de5d}));
}

// O'Neill: test-high/expected/check-pcg64_oneseq.out of pcg-cpp, round 1, state 42.
TEST(Stream, Pcg64_reference) {
  Stream stream(Words{0, 42});
  for (const std::uint64_t expected : {0x287472e87ff5705aULL, 0xbbd190b04ed0b545ULL, 0xb6cee3580db14880ULL,
                                       0xbf5f7d7e4c3d1864ULL, 0x734eedbe7e50bbc5ULL, 0xa5b6b5f867691c77ULL}) {
    EXPECT_EQ(stream(), expected);
  }
}

// The same written again from the papers: the multiplier, increment and output of PCG XSL RR 128/64.
TEST(Stream, Pcg64_written_again) {
  __extension__ using State = unsigned __int128;
  const State multiplier = State{2549297995355413924ULL} << 64U | 4865540595714422341ULL;
  const State increment = State{6364136223846793005ULL} << 64U | 1442695040888963407ULL;
  const Words start{0x0123456789abcdef, 0xfedcba9876543210};
  State state = ((State{start[0]} << 64U | start[1]) + increment) * multiplier + increment;
  Stream stream(start);
  for (int i = 0; i < 1000; ++i) {
    state = state * multiplier + increment;
    const auto folded = static_cast<std::uint64_t>(state >> 64U) ^ static_cast<std::uint64_t>(state);
    const auto turn = static_cast<unsigned>(state >> 122U);
    ASSERT_EQ(stream(), folded >> turn | folded << ((64U - turn) % 64U));
  }
}

// Vigna's splitmix64.c, state 1234567: the vector in use by most of its implementations (Rosetta Code, "Splitmix64").
TEST(Stream, Looks_ahead_without_going_there) {
  for (const std::uint64_t n : {0U, 1U, 3U, 17U}) {
    Stream stream(Words{1, 2}), walked(Words{1, 2});
    const std::uint64_t ahead = stream.ahead(n);
    for (std::uint64_t i = 0; i < n; ++i) EXPECT_EQ(stream(), walked());
    EXPECT_EQ(ahead, walked());
    EXPECT_EQ(stream(), ahead);
    stream.discard(n);
    for (std::uint64_t i = 0; i < n; ++i) walked();
    EXPECT_EQ(stream(), walked());
  }
}

TEST(Stream, Split_mix_reference) {
  const std::array<std::uint64_t, 5> expected{6457827717110365317ULL, 3203168211198807973ULL, 9817491932198370423ULL,
                                              4593380528125082431ULL, 16408922859458223821ULL};
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_EQ(split_mix(1234567, i), expected[i]);
}

TEST(Stream, Uniform_is_open) {
  EXPECT_EQ(uniform(0), 0x1p-54);
  EXPECT_EQ(uniform(~0ULL), 1 - 0x1p-53);
  EXPECT_EQ(uniform(1ULL << 63U), 0.5);  // the half rounds away above 1/2
  EXPECT_GT(-std::log(uniform(~0ULL)), 0);
}

// The tolerance: k log 2 is wrong by 1.5 half units in the last place of e, the sums by one of e + 0.7 each, the
// logarithm of a middle and 1 - m / c by one of 1 each, the library's logarithm by one of e; halves of 2^-52.
TEST(Stream, Exponential) {
  std::vector<std::uint64_t> words{0,     1ULL << 11U,          3ULL << 11U, 1ULL << 63U, (1ULL << 63U) - 1,
                                   ~0ULL, ~0ULL - (1ULL << 11U)};
  for (std::uint64_t part = 0; part < 256; ++part)  // the ends of what shares a middle, between 1/2 and 1
    for (const std::uint64_t beside : {~0ULL, 0ULL, 1ULL << 11U}) words.push_back((part << 56U) + beside);
  Stream any = Streams(5, 0, 0).open(Purpose("words"), 0);
  for (int i = 0; i < 100'000; ++i) words.push_back(any() >> static_cast<unsigned>(i % 53));
  for (const std::uint64_t word : words) {
    const double expected = -std::log(uniform(word));
    ASSERT_NEAR(standard_exponential(word), expected, (4.5 * expected + 3) * 0x1p-53) << word;
    ASSERT_GT(standard_exponential(word), 0) << word;
  }
}

TEST(Stream, Every_word_of_the_key_matters) {
  const auto key = [](std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate, Purpose purpose,
                      std::uint64_t entity,
                      std::uint64_t ordinal) { return Streams(seed, draw, replicate).words(purpose, entity, ordinal); };
  std::set<Words> seen;
  std::size_t keys = 0;
  for (const std::uint64_t seed : {0U, 1U, 2U}) {
    for (const std::uint64_t draw : {0U, 1U, 2U}) {
      for (const std::uint64_t replicate : {0U, 1U, 2U}) {
        for (const std::uint64_t entity : {0U, 1U, 2U}) {
          for (const std::uint64_t ordinal : {0U, 1U, 2U}) {
            for (const Purpose purpose : {Purpose("a"), Purpose("b"), Purpose("ab")}) {
              seen.insert(key(seed, draw, replicate, purpose, entity, ordinal));
              ++keys;
            }
          }
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), keys);
}

TEST(Stream, Words_are_the_state_and_nothing_moves_them) {
  const Streams streams(7, 8, 9);
  const Words words = streams.words(Purpose("referrals of an area"), 3, 1);
  Stream opened = streams.open(Purpose("referrals of an area"), 3, 1);
  Stream made(words);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(opened(), made());
  EXPECT_EQ(Streams(7, 8, 9).words(Purpose(std::string_view("referrals of an area")), 3, 1), words);
}

// The contract: another mix, Philox or hash must fail here and raise stream_contract. Computed by a second
// implementation in Python (integers only) from the formulas in stream.hpp.
TEST(Stream, Contract_1) {
  ASSERT_EQ(stream_contract, 1U);
  EXPECT_EQ(Streams(20231218, 5, 17).words(Purpose("referrals of an area"), 42, 3),
            (Words{0x8b6afd742719e695, 0x5c26ed76c3af887a}));
}

}  // namespace
}  // namespace desist
