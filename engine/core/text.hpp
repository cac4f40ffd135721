// Small helpers for text: numbers that survive a round trip, spelling suggestions, lists of words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace desist {

/// The fewest digits that read back as the same double; "NaN", "Inf", "-Inf" where it is not finite.
/// Without an exponent from 1e-5 up to 1e15, because people read the tables too: 100000, never 1e+05.
/// Verified by: text_test.
std::string shortest(double value);

/// The number that a whole text spells ("1,372" and "-0.5" too), or nothing. Never nan, inf or a hexadecimal.
std::optional<double> read_number(std::string_view text);

/// The known word nearest to a misspelt one, within a third of its letters (at least one edit), or nothing.
/// A swap of neighbouring letters is one edit; case costs nothing; of equals, the first.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known);

/// Words as English puts them in a row: "a", "a and b", "a, b and c"; `last` is "and" or "or".
std::string listed(std::span<const std::string> words, std::string_view last = "and");

/// The pieces between separators, empty ones too: always at least one.
std::vector<std::string> split(std::string_view text, char separator);
std::string trimmed(std::string_view text);
bool starts_with_any(std::string_view text, std::span<const std::string_view> beginnings);

/// 64-bit FNV-1a hash of a text (Fowler, Noll & Vo; constants of the 64-bit form): names of purposes, digests.
constexpr std::uint64_t fnv1a(std::string_view text, std::uint64_t hash = 0xcbf29ce484222325ULL) {
  for (const char letter : text) {
    hash ^= static_cast<unsigned char>(letter);
    hash *= 0x100000001b3ULL;
  }
  return hash;
}

}  // namespace desist
