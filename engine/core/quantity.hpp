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
/// is the unit of that time ("hour", "day", "week", "month", "year"). Verified by: quantity_test.
struct Unit {
  std::string thing;
  int time_power = 0;
  std::string time;

  static Unit parse(std::string_view declared);  // throws std::invalid_argument: a slip of ours, not of a user
  std::string text() const;                      // as declared: "case/week"
  /// What stands after a printed number: "cases a week", "week", "a week" for "£/week", "" for "share" or "1".
  std::string in_words(double value) const;
  friend bool operator==(const Unit&, const Unit&) = default;
};

/// The plural of a noun: "cases", "people", "agencies"; of several words, the last one's.
std::string plural(std::string_view noun);

/// Hours in a unit of time, "week" or "weeks" (month: a twelfth of a year of 365 days), or nothing for another word.
std::optional<double> hours_in(std::string_view time_word);

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

/// Reads a figure that must be in `unit`; any unit of time converts.
///
///   figure := amount [("to" | dash) amount] [share-of] [noun] [("per" | "a" | "each" | "every" | "/") time] [tail]
///   share-of := ["fewer" | "more"] [words] ("of" | "out of" | "in" | "in every" | "every" | "per") number
///   tail := words that begin with a preposition: "of hearings", "before the meeting"
///
/// A bare number is taken as being in `unit` only where that is "1", a noun without time, or a share between -1 and 1
/// (a lone 1 could be 1% as well, and is refused). Counts and lengths of time are never negative; "5 fewer people in
/// every 100" is a share of -0.05. Whether a value is sensible (a share above 1) is for the declaration's range to say.
/// Verified by: quantity_test.
std::variant<Quantity, QuantityProblem> read_quantity(std::string_view text, const Unit& unit);

/// A cell as printed in a table: "39.0%", "124", "1.80%", "£1,372 per week", "257 days". Digits are kept, nothing is
/// interpreted. Verified by: quantity_test.
struct PrintedNumber {
  std::string text;         // as printed
  std::int64_t digits = 0;  // all digits as one integer: 39.0 -> 390
  int decimals = 0;         // 39.0 -> 1
  bool percent = false;
  bool negative = false;
  std::string unit;      // the words after the number, after "£" where that stands before it: "days", "£ per week"
  double value() const;  // 39.0% -> 0.39; 124 -> 124
};
std::variant<PrintedNumber, QuantityProblem> read_printed(std::string_view text);

}  // namespace desist
