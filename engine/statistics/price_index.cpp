#include "engine/statistics/price_index.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

std::vector<int> PriceYear::financial_years() const {
  if (kind == Kind::financial) return {year};
  return {year - 1, year};
}

std::string price_year_words(const PriceYear& year) {
  std::string words = std::to_string(year.year);
  if (year.kind == PriceYear::Kind::calendar) return words;
  const int end = (year.year + 1) % 100;
  return words + (end < 10 ? "/0" : "/") + std::to_string(end);
}

PriceIndex::PriceIndex(std::map<int, double> levels) : levels_(std::move(levels)) {
  require(!levels_.empty(), "a price index needs a level of at least one year");
  for (const auto& [year, level] : levels_)
    require(level > 0 && std::isfinite(level), "the levels of a price index are above 0 and finite");
}

bool PriceIndex::covers(const PriceYear& year) const {
  const std::vector<int> years = year.financial_years();
  return std::all_of(years.begin(), years.end(), [this](int each) { return levels_.contains(each); });
}

double PriceIndex::level(const PriceYear& year) const {
  if (!covers(year)) {
    const PriceYear from{PriceYear::Kind::financial, levels_.begin()->first};
    const PriceYear to{PriceYear::Kind::financial, levels_.rbegin()->first};
    throw std::invalid_argument("the price index runs from " + price_year_words(from) + " to " + price_year_words(to) +
                                ": it has no level for " + price_year_words(year));
  }
  const double starts = levels_.at(year.year);
  if (year.kind == PriceYear::Kind::financial) return starts;
  return levels_.at(year.year - 1) / 4 + starts * 3 / 4;
}

double PriceIndex::convert(double amount, const PriceYear& from, const PriceYear& to) const {
  const double ratio = from == to ? 1.0 : level(to) / level(from);
  return amount * ratio;
}

}  // namespace desist::statistics
