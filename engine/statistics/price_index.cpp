#include "engine/statistics/price_index.hpp"

#include <cmath>
#include <cstddef>
#include <stdexcept>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

std::string price_year_words(const PriceYear& year) {
  std::string words = std::to_string(year.year);
  if (year.kind == PriceYear::Kind::calendar) return words;
  const int end = (year.year + 1) % 100;
  return words + (end < 10 ? "-0" : "-") + std::to_string(end);
}

PriceIndex::PriceIndex(int first_financial_year, std::span<const double> levels)
    : first_(first_financial_year), levels_(levels.begin(), levels.end()) {
  require(!levels.empty(), "a price index needs a level of at least one year");
  for (const double level : levels)
    require(level > 0 && std::isfinite(level), "the levels of a price index are above 0 and finite");
}

bool PriceIndex::covers(const PriceYear& year) const {
  const int end = first_ + static_cast<int>(levels_.size());  // the first year without a level
  const int earliest = year.kind == PriceYear::Kind::calendar ? year.year - 1 : year.year;
  return earliest >= first_ && year.year < end;
}

double PriceIndex::level(const PriceYear& year) const {
  if (!covers(year)) {
    const int last = first_ + static_cast<int>(levels_.size()) - 1;
    const PriceYear from{PriceYear::Kind::financial, first_}, to{PriceYear::Kind::financial, last};
    throw std::invalid_argument("the price index runs from " + price_year_words(from) + " to " + price_year_words(to) +
                                ": it has no level for " + price_year_words(year));
  }
  const auto i = static_cast<std::size_t>(year.year - first_);
  if (year.kind == PriceYear::Kind::financial) return levels_[i];
  return levels_[i - 1] / 4 + levels_[i] * 3 / 4;
}

double PriceIndex::convert(double amount, const PriceYear& from, const PriceYear& to) const {
  const double ratio = from == to ? 1.0 : level(to) / level(from);
  return amount * ratio;
}

}  // namespace desist::statistics
