#include "engine/estimation/arithmetic_text.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace desist::estimation {

Match matches(const Fraction& fraction, const PrintedNumber& printed) {
  __extension__ using Wide = __int128;
  Wide scale = 100;
  for (int i = 0; i < printed.decimals; ++i) scale *= 10;
  const int sign = fraction.over < 0 ? -1 : 1;
  const Wide digits = static_cast<Wide>(printed.digits) * (printed.negative ? -1 : 1) * sign;
  const Wide scaled = scale * fraction.over * sign;
  const Wide under = fraction.under;
  const Wide twice_off = 2 * (scaled - digits * under);
  if (-under <= twice_off && twice_off <= under) return Match::rounding;
  if (digits * under <= scaled && scaled < (digits + 1) * under) return Match::truncation;
  return Match::none;
}

std::string percent_text(double share, int decimals) {
  const std::string text = fmt::format("{:.{}f}%", 100 * share, decimals);
  // A fall of nothing is not "-0.0%".
  return text.find_first_of("123456789") == std::string::npos && text.front() == '-' ? text.substr(1) : text;
}

std::string fraction_text(std::int64_t count, std::int64_t of) { return fmt::format("{}/{}", count, of); }

std::string as_printed_percent(const PrintedNumber& printed) {
  return printed.percent ? printed.text : printed.text + "%";
}

int shown_decimals(int printed) { return std::max(1, printed); }

}  // namespace desist::estimation
