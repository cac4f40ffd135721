// What formulas of money are checked by: powers of nouns, £ and years.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/core/nouns.hpp"
#include "engine/core/quantity.hpp"

namespace desist {

/// "£ per offence", "people per year": powers by what is counted. A noun stands under its plural, so that "1 case",
/// "per case" and "cases" are one; time is in years; work is counted in hours, which are a noun: an hour of a post is
/// no hour of the calendar. A share and a plain number have no powers.
class Dimension {
 public:
  static Dimension money() { return of("£", 1); }
  static Dimension years(int power) { return of(year, power); }
  /// A noun in the singular.
  static Dimension noun(std::string_view singular, int power = 1) { return of(plural(singular), power); }
  /// A noun as a figure has it, in the plural unless it counts one: "310 people", "1 post".
  static Dimension counted(std::string_view noun, bool one);

  Dimension times(const Dimension& other) const;
  Dimension over(const Dimension& other) const;
  int power_of(const std::string& key) const;
  int money_power() const { return power_of("£"); }
  int year_power() const { return power_of(year); }
  bool empty() const { return powers_.empty(); }
  const std::map<std::string, int>& powers() const { return powers_; }
  /// "£ per offence", "people per year", "hours per referral"; "a plain number".
  std::string in_words() const;
  /// What stands in the way of money: "offence per victim" of "£ offences per victim per year"; "" where nothing does.
  std::string beside_money() const;

  friend bool operator==(const Dimension&, const Dimension&) = default;

  static constexpr const char* year = "years";
  static constexpr const char* hour = "hours";

 private:
  static Dimension of(const std::string& key, int power);
  std::map<std::string, int> powers_;  // none is nought
};

/// What a declared unit is in years, and its dimension: "case/week" is 52.1 cases a year. An hour stays an hour.
struct DeclaredDimension {
  Dimension dimension;
  double factor = 1;  // to years
};
DeclaredDimension dimension_of(const Unit& unit);

}  // namespace desist
