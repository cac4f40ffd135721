// The arithmetic of printed figures: exact comparison of a fraction with a print, and one-line texts of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/core/quantity.hpp"

namespace desist::estimation {

/// A fraction of whole numbers, denominator above 0.
struct Fraction {
  std::int64_t over = 0;   // numerator
  std::int64_t under = 1;  // denominator
  double value() const { return static_cast<double>(over) / static_cast<double>(under); }
};

enum class Match { none, truncation, rounding };

/// Whether a fraction, as a percentage, rounds to the printed figure (half up and half to even both pass) or is cut off
/// to it (toward zero). In 128-bit whole numbers; fractions up to 1e15 and 9 decimals. Verified by: claims_test
Match matches(const Fraction& fraction, const PrintedNumber& printed);

/// "43.8%" from 0.4379.
std::string percent_text(double share, int decimals);
/// "55/251".
std::string fraction_text(std::int64_t count, std::int64_t of);
/// The figure as printed, with % where it was left off.
std::string as_printed_percent(const PrintedNumber& printed);
/// Decimals that show a difference from a figure printed with `printed` decimals: one at least.
int shown_decimals(int printed);

}  // namespace desist::estimation
