// Money at the prices of one year said at those of another.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace desist::statistics {

/// What prices an amount is in: those of a financial year (named by the calendar year it starts in, so 2023 is
/// 2023/24) or of a calendar year.
struct PriceYear {
  enum class Kind { financial, calendar };
  Kind kind = Kind::financial;
  int year = 0;
  bool operator==(const PriceYear&) const = default;

  /// The financial years whose levels it takes, by the years they start in: one, or two of a calendar year.
  std::vector<int> financial_years() const;
};

/// "2023/24" or "2023".
std::string price_year_words(const PriceYear& year);

/// A price level by financial year, from a deflator series: x P_to/P_from.
///
/// A calendar year's level is 1/4 of that of the financial year which ends in it and 3/4 of that which starts in it
/// (mathematics.md 8.1: financial years run from April). Levels are positive and finite; years may be left out. Throws
/// std::invalid_argument otherwise, and for a year without a level, named with what there is: no price is extended.
/// Verified by: price_index_test
class PriceIndex {
 public:
  /// Levels by the year in which the financial year starts.
  explicit PriceIndex(std::map<int, double> levels);

  bool covers(const PriceYear& year) const;
  double level(const PriceYear& year) const;
  /// `amount` at the prices of `from`, said at those of `to`; the same to the bit where the two are one.
  double convert(double amount, const PriceYear& from, const PriceYear& to) const;

 private:
  std::map<int, double> levels_;
};

}  // namespace desist::statistics
