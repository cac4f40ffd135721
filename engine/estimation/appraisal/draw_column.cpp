#include "engine/estimation/appraisal/draw_column.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {

DrawColumn::DrawColumn(std::vector<double> values) : values_(std::move(values)) {
  if (std::all_of(values_.begin(), values_.end(), [this](double value) { return value == values_.front(); }))
    values_.resize(1);
}

std::vector<double> DrawColumn::spread_over(std::size_t draws) const {
  return varies() ? values_ : std::vector<double>(draws, values_.front());
}

template <class Operation>
DrawColumn& DrawColumn::combine(const DrawColumn& other, Operation operation) {
  if (!other.varies()) {
    const double second = other.values_.front();
    for (double& value : values_) value = operation(value, second);
    return *this;
  }
  if (!varies()) values_.assign(other.values_.size(), values_.front());
  for (std::size_t d = 0; d < values_.size(); ++d) values_[d] = operation(values_[d], other.values_[d]);
  return *this;
}

DrawColumn& DrawColumn::operator+=(const DrawColumn& other) { return combine(other, std::plus<>()); }
DrawColumn& DrawColumn::operator-=(const DrawColumn& other) { return combine(other, std::minus<>()); }
DrawColumn& DrawColumn::operator*=(const DrawColumn& other) { return combine(other, std::multiplies<>()); }
DrawColumn& DrawColumn::operator/=(const DrawColumn& other) { return combine(other, std::divides<>()); }

void DrawColumn::add_product(const DrawColumn& a, double factor, const DrawColumn* weight) {
  const std::size_t draws = std::max(a.values_.size(), weight == nullptr ? 1 : weight->values_.size());
  if (draws > 1 && !varies()) values_.assign(draws, values_.front());
  for (std::size_t d = 0; d < values_.size(); ++d) {
    const double amount = a[d] * factor;
    values_[d] += weight == nullptr ? amount : amount * (*weight)[d];
  }
}

DrawColumn operator+(DrawColumn a, const DrawColumn& b) { return a += b; }
DrawColumn operator-(DrawColumn a, const DrawColumn& b) { return a -= b; }
DrawColumn operator*(DrawColumn a, const DrawColumn& b) { return a *= b; }
DrawColumn operator/(DrawColumn a, const DrawColumn& b) { return a /= b; }

double mean_of(const DrawColumn& column, std::size_t draws) {
  const double first = column[0];
  if (!column.varies()) return first;
  double sum = 0;
  for (std::size_t d = 0; d < draws; ++d) sum += column[d] - first;
  return first + sum / static_cast<double>(draws);
}

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

double DrawUnits::with_sets(double error, const DrawColumn& influence) const {
  double squared = error * error;
  for (const StoredSets& sets : shared_) squared += sets.between(influence) / sets.worth();
  return shared_.empty() ? error : std::sqrt(squared);
}

double DrawUnits::fewest_worth() const {
  double inverse = 1 / static_cast<double>(count_);
  for (const StoredSets& sets : shared_) inverse += 1 / sets.worth();
  return 1 / inverse;
}

double error_of(const DrawColumn& column, const DrawUnits& units) {
  if (!column.varies()) return 0;
  const std::size_t draws = units.count();
  const double mean = mean_of(column, draws);
  double squares = 0;
  for (std::size_t d = 0; d < draws; ++d) squares += (column[d] - mean) * (column[d] - mean);
  const auto n = static_cast<double>(draws);
  return units.with_sets(std::sqrt(squares / (n - 1) / n), column);
}

double quantile_of(const DrawColumn& column, std::size_t draws, double q) {
  if (!column.varies()) return column[0];
  std::vector<double> values = column.spread_over(draws);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(order_place(q, draws));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, const DrawUnits& units) {
  const std::size_t draws = units.count();
  DrawnAmount amount{mean_of(simulated, draws), fitted[0], fitted[0], error_of(simulated, units)};
  if (!fitted.varies()) return amount;
  std::vector<double> values = fitted.spread_over(draws);
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(order_place(0.025, draws)),
             high = values.begin() + static_cast<std::ptrdiff_t>(order_place(0.975, draws));
  std::nth_element(values.begin(), low, values.end());
  if (high != low) std::nth_element(low + 1, high, values.end());
  amount.low = *low;
  amount.high = *high;
  return amount;
}

Twice& Twice::operator+=(const Twice& other) {
  simulated += other.simulated;
  fitted += other.fitted;
  fit_error += other.fit_error;
  return *this;
}

Twice& Twice::operator-=(const Twice& other) {
  simulated -= other.simulated;
  fitted -= other.fitted;
  fit_error += other.fit_error;
  return *this;
}

DrawnAmount drawn_amount(const Twice& twice, const DrawUnits& units) {
  DrawnAmount amount = drawn_amount(twice.simulated, twice.fitted, units);
  amount.mc_error = std::hypot(amount.mc_error, twice.fit_error);
  return amount;
}

statistics::RatioOfMeans ratio_over_draws(const DrawColumn& numerator, const DrawColumn& denominator,
                                          const DrawUnits& units) {
  statistics::RatioOfMeans found =
      statistics::ratio_of_means(numerator.spread_over(units.count()), denominator.spread_over(units.count()));
  if (!found.ratio || !units.share_sets()) return found;
  DrawColumn influence = numerator - DrawColumn(*found.ratio) * denominator;
  influence *= DrawColumn(1 / found.denominator);
  found.error = units.with_sets(*found.error, influence);
  return found;
}

std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, const DrawUnits& units) {
  const std::size_t draws = units.count();
  const DrawColumn &above = numerator.simulated, &below = denominator.simulated;
  if (!above.varies() && !below.varies() && below[0] > 0) {  // exactly, without a sum over draws
    const double value = above[0] / below[0];
    return DrawnAmount{value, value, value, numerator.fit_error / below[0]};
  }
  const statistics::RatioOfMeans ratio = ratio_over_draws(above, below, units);
  if (!ratio.ratio) return std::nullopt;
  DrawnAmount found{*ratio.ratio, missing, missing, std::hypot(*ratio.error, numerator.fit_error / ratio.denominator)};
  const std::vector<double> by_draw = denominator.fitted.spread_over(draws);
  if (std::all_of(by_draw.begin(), by_draw.end(), [](double each) { return each > 0; })) {
    const DrawColumn ratios = numerator.fitted / denominator.fitted;
    found.low = quantile_of(ratios, draws, 0.025);
    found.high = quantile_of(ratios, draws, 0.975);
  }
  return found;
}

}  // namespace desist
