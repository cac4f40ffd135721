// Words for numbers: what a tired reader can take in, and never a digit beyond the simulation's own error.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/core/quantity.hpp"

namespace desist {

/// The parts of "before / length", a ridge's axis: the one above the line and the one below; else the text alone.
std::vector<std::string> parts_of_quotient(const std::string& text);

/// "1,234": a whole number with commas.
std::string whole_number(double value);

/// A number rounded to the smallest power of ten that is not below its Monte Carlo error, at most three significant
/// digits.
std::string rounded(double value, double mc_error);

/// "1,900 to 2,150", both rounded alike; one number where they round to the same.
std::string rounded_range(double low, double high, double mc_error);

/// A number with a true minus sign.
std::string with_minus_sign(const std::string& number);

/// A chance in words: "31 in 100", "none in 100", "all", "fewer than 1 in 100".
std::string in_100(double chance, double mc_error);
/// The same without "in 100", for the second and later of a row: "31", "none".
std::string bare_in_100(double chance, double mc_error);

/// A chance beside a label that counts people in 100 itself ("95 in 100 start within four weeks"): "82 of 100 runs",
/// "none of 100 runs"; as `in_100` where the label doesn't.
std::string in_100_beside(std::string_view label, double chance, double mc_error);

/// A difference of two chances: "10 fewer in 100", "5 more in 100", "under 1 more in 100", "no difference in 100".
std::string fewer_or_more(double difference);

/// An interval of a difference: "25 fewer to 5 more".
std::string fewer_to_more(double low, double high);

/// "first letter small", unless its word has another capital or a digit (a name, an abbreviation: MARAC, O2R).
std::string lower_first(std::string_view text);
std::string upper_first(std::string_view text);

/// The most letters of a label that heads a line of the first screen.
constexpr std::size_t longest_line_label = 14;

/// Letters of a text, not bytes: "£" is one.
std::size_t letters_in(std::string_view text);
/// The text without the full stops and spaces at its end.
std::string without_stop(std::string_view text);

/// The result of a sum: a whole number from 10 on, two digits below, and never more significant digits than `digits`,
/// those that its printed figures know, but two at least (0: all are known). "136", "£" and "%" are the
/// sentence's.
std::string sum_in_words(double value, int digits);

/// "46 in 100 that it pays"; of no draw "it never pays in the simulation", of all "it always pays in the simulation".
std::string chance_that(std::string_view does, double chance, double mc_error);

/// The result itself, to twelve digits, with commas at thousands: what the rounding began with.
std::string unrounded(double value);

/// Cuts text at words to lines of at most `width`.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// A declared unit in the unit of time in which a figure was printed, and how many of it are one of the declared: days,
/// 7, of "2 to 7 days" where the model counts weeks.
struct PrintedUnit {
  Unit unit;
  double factor = 1;
};
PrintedUnit printed_unit(const Unit& declared, const std::string& printed);

/// Without the noun of what is counted beside a label of the file's own that names something else: "8" of "Group
/// sessions a week", which the model counts as courses.
Unit unit_beside(const std::string& label, Unit unit);

}  // namespace desist
