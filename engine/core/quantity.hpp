// Figures with units as people print them: "9153 cases per year", "6 to 8 weeks", "49 of 253 referrals", "39.0%".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace desist {

/// What a figure counts and per what; the same type reads a file and labels a column.
///
/// Written "case/week", "week", "share", "share/year", "place", "£/week", "person", "1". `thing` is a singular noun,
/// "£", "share" (a proportion) or empty (a bare number); `time_power` is 1 for a length of time, -1 for a rate; `time`
/// is the unit of that time ("day", "week", "month", "year").
struct Unit {
  std::string thing;
  int time_power = 0;
  std::string time;

  static Unit parse(std::string_view declared);  // throws std::invalid_argument: a slip of ours, not of a user
  std::string text() const;                      // as declared: "case/week"
  std::string in_words(double value) const;      // "cases a week", "week", "weeks"
  friend bool operator==(const Unit&, const Unit&) = default;
};

/// A count out of a count ("49 of 253"): it keeps its sampling uncertainty, a percentage alone can't.
struct CountOfCount {
  std::int64_t count = 0;
  std::int64_t of = 0;
};

/// A figure that was read: low and high in the declared unit (equal for a single value).
struct Quantity {
  double low = 0;
  double high = 0;
  std::optional<CountOfCount> fraction;  // set for "49 of 253 ..."
  int decimals = 0;                      // printed decimals of the first number, trailing zeros kept
  bool percent = false;                  // printed with %
  std::string tail;                      // what follows the unit: "of referrals", "before the meeting"
  std::string printed;                   // the text as given

  bool is_range() const { return low < high; }
};

/// Why a text is not a figure in the wanted unit, in the words of the diagnostics.
struct QuantityProblem {
  std::string problem;  // "'weeks' measures time, not cases per unit of time"
  std::string cure;     // "write it like \"9153 cases per year\""
};

/// Reads a figure that must be in `unit` (any time unit converts: year = 365 days, month = a twelfth, week = 7 days).
/// A bare number is taken as being in `unit` only where that is "1", a noun that needs no word, or a share below 1.
std::variant<Quantity, QuantityProblem> read_quantity(std::string_view text, const Unit& unit);

/// A cell as printed in a table: "39.0%", "124", "1.80%", "£1,372 per week", "257 days". Digits are kept, nothing is
/// interpreted.
struct PrintedNumber {
  std::string text;         // as printed
  std::int64_t digits = 0;  // all digits as one integer: 39.0 -> 390
  int decimals = 0;         // 39.0 -> 1
  bool percent = false;
  bool negative = false;
  std::string unit;      // words after the number
  double value() const;  // 39.0% -> 0.39; 124 -> 124
};
std::variant<PrintedNumber, QuantityProblem> read_printed(std::string_view text);

}  // namespace desist
