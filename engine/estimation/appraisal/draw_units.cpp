#include "engine/estimation/appraisal/draw_units.hpp"

#include <algorithm>
#include <cmath>

#include "engine/estimation/appraisal/draw_amounts.hpp"

namespace desist {

StoredSets::StoredSets(std::vector<std::uint32_t> of_draw, double worth) : of_draw_(std::move(of_draw)), worth_(worth) {
  for (const std::uint32_t set : of_draw_) sets_ = std::max<std::size_t>(sets_, set + 1U);
  std::vector<double> members(sets_, 0.0);
  for (const std::uint32_t set : of_draw_) pairs_ += 2 * members[set]++;
}

double StoredSets::between(const DrawColumn& column) const {
  if (!column.varies()) return 0;
  const double mean = mean_of(column, of_draw_.size());
  std::vector<double> sums(sets_, 0.0);
  double squares = 0;
  for (std::size_t d = 0; d < of_draw_.size(); ++d) {
    const double off = column[d] - mean;
    sums[of_draw_[d]] += off;
    squares += off * off;
  }
  const double variance = squares / static_cast<double>(of_draw_.size());
  if (!(pairs_ > 0)) return variance;
  double products = -squares;
  for (const double sum : sums) products += sum * sum;
  return std::clamp(products / pairs_, 0.0, variance);
}

double DrawUnits::squared_error(const DrawColumn& influence) const {
  if (!is_whole() && !fold_->is_first()) return 0;
  double squared = 0;
  for (const StoredSets& sets : *shared_) squared += sets.between(influence) / sets.worth();
  return squared;
}

double DrawUnits::most_squared_error(double variance) const {
  double squared = 0;
  for (const StoredSets& sets : *shared_) squared += variance / sets.worth();
  return squared;
}

double DrawUnits::with_sets(double error, double of_sets) const {
  return share_sets() ? std::sqrt(error * error + of_sets) : error;
}

double DrawUnits::fewest_worth() const {
  double inverse = 1 / static_cast<double>(is_whole() ? count_ : fold_->draws());
  for (const StoredSets& sets : *shared_) inverse += 1 / sets.worth();
  return 1 / inverse;
}

}  // namespace desist
