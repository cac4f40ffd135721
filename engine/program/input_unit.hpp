// The unit of a figure of an appraisal, read from the figure's own text: nothing declares it.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "engine/core/quantity.hpp"
#include "engine/program/dimension.hpp"

namespace desist {

/// What a text such as "£1,200 to £1,600 per person a year" counts and per what.
struct InputUnit {
  Dimension dimension;  // in years and hours of work
  Unit unit;            // of `text`: "£/year"
  std::string text;     // the figure without what it is per, as `read_quantity` takes it: "£1,200 to £1,600 a year"
  double factor = 1;    // from `unit` to years and hours of work
  std::string words;    // "£ per person per year", "people per week": as given, for labels
  std::string per;      // what was taken out of the text: "person"
};

/// Reads the unit.
///
///   figure := amount ["to" amount] [noun] {("per" | "a" | "an" | "/") (noun | time)} [tail]
///
/// Several "per" may follow one another, one of them a time at most. Minutes and hours are work, counted in hours;
/// days, weeks, months and years are time, counted in years of 365 days. A percentage, "49 of 253 people" and "3 in
/// 100" are plain numbers. Whether the numbers are sound is for `read_quantity` to say. Verified by: input_unit_test.
std::variant<InputUnit, QuantityProblem> read_input_unit(std::string_view text);

}  // namespace desist
