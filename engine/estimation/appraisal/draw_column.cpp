#include "engine/estimation/appraisal/draw_column.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
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

double error_of(const DrawColumn& column, std::size_t draws) {
  if (!column.varies()) return 0;
  const double mean = mean_of(column, draws);
  double squares = 0;
  for (std::size_t d = 0; d < draws; ++d) squares += (column[d] - mean) * (column[d] - mean);
  const auto n = static_cast<double>(draws);
  return std::sqrt(squares / (n - 1) / n);
}

double quantile_of(const DrawColumn& column, std::size_t draws, double q) {
  if (!column.varies()) return column[0];
  std::vector<double> values = column.spread_over(draws);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(order_place(q, draws));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, std::size_t draws) {
  DrawnAmount amount{mean_of(simulated, draws), fitted[0], fitted[0], error_of(simulated, draws)};
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

DrawnAmount drawn_amount(const Twice& twice, std::size_t draws) {
  DrawnAmount amount = drawn_amount(twice.simulated, twice.fitted, draws);
  amount.mc_error = std::hypot(amount.mc_error, twice.fit_error);
  return amount;
}

std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, std::size_t draws) {
  const DrawColumn &above = numerator.simulated, &below = denominator.simulated;
  if (!above.varies() && !below.varies() && below[0] > 0) {  // exactly, without a sum over draws
    const double value = above[0] / below[0];
    return DrawnAmount{value, value, value, numerator.fit_error / below[0]};
  }
  const auto ratio = statistics::ratio_of_means(above.spread_over(draws), below.spread_over(draws));
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
