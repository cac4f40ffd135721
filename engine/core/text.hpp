// Small helpers for text: numbers that survive a round trip, spelling suggestions, lists of words.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace desist {

/// The shortest text that reads back as the same double; "NaN", "Inf", "-Inf" where it is not finite.
std::string shortest(double value);

/// The number that a whole text spells ("1,372" and "-0.5" too), or nothing. Never nan, inf or a hexadecimal.
std::optional<double> read_number(std::string_view text);

/// The known word nearest to a misspelt one, within a third of its letters (at least one edit), or nothing.
std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known);

/// Words as English puts them in a row: "a", "a and b", "a, b and c"; `last` is "and" or "or".
std::string listed(std::span<const std::string> words, std::string_view last = "and");

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
