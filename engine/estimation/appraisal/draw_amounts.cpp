#include "engine/estimation/appraisal/draw_amounts.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

/// The middle 95% of draws that are all at hand.
std::pair<double, double> middle_of(const DrawColumn& column, std::size_t draws) {
  if (!column.varies()) return {column[0], column[0]};
  std::vector<double> values = column.spread_over(draws);
  const auto low = values.begin() + static_cast<std::ptrdiff_t>(order_place(0.025, draws)),
             high = values.begin() + static_cast<std::ptrdiff_t>(order_place(0.975, draws));
  std::nth_element(values.begin(), low, values.end());
  if (high != low) std::nth_element(low + 1, high, values.end());
  return {*low, *high};
}

void add_mean(const DrawColumn& column, const DrawUnits& units, MeanSums& all) {
  all.add(column, units.count());
  all.sets += units.squared_error(column);
}

/// Limits of a ratio by draw; not where some denominator is not above nought.
std::pair<double, double> ratio_limits(const DrawColumn& numerator, const DrawColumn& denominator,
                                       const DrawUnits& units) {
  RatioLimitSums fresh;
  RatioLimitSums& all = units.sums(fresh);
  all.all_above = all.all_above && is_above_nought(denominator, units.count());
  if (!all.all_above) return {missing, missing};
  const DrawColumn ratios = numerator / denominator;
  if (units.is_whole()) return middle_of(ratios, units.count());
  all.limits.add(ratios, units.count());
  return all.limits.limits();
}

/// Adds these draws; what sets add is told by what each draw adds to the ratio.
void add_ratio(const DrawColumn& numerator, const DrawColumn& denominator, const DrawUnits& units, RatioSums& all) {
  all.add(numerator, denominator, units.count());
  if (!units.share_sets()) return;
  const statistics::RatioOfMeans now = all.result();
  if (now.ratio)
    all.sets +=
        units.squared_error((numerator - DrawColumn(*now.ratio) * denominator) * DrawColumn(1 / now.denominator));
}

statistics::RatioOfMeans ratio_of(const RatioSums& all, const DrawUnits& units) {
  statistics::RatioOfMeans found = all.result();
  if (found.error) found.error = units.with_sets(*found.error, all.sets);
  return found;
}

}  // namespace

double mean_of(const DrawColumn& column, std::size_t draws) {
  MeanSums sums;
  sums.add(column, draws);
  return sums.mean();
}

double mean_of(const DrawColumn& column, const DrawUnits& units) {
  MeanSums fresh;
  MeanSums& all = units.sums(fresh);
  all.add(column, units.count());
  return all.mean();
}

double error_of(const DrawColumn& column, const DrawUnits& units) {
  MeanSums fresh;
  MeanSums& all = units.sums(fresh);
  add_mean(column, units, all);
  return units.with_sets(all.error(), all.sets);
}

double quantile_of(const DrawColumn& column, std::size_t draws, double q) {
  if (!column.varies()) return column[0];
  std::vector<double> values = column.spread_over(draws);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(order_place(q, draws));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, const DrawUnits& units) {
  AmountSums fresh;
  AmountSums& all = units.sums(fresh);
  add_mean(simulated, units, all.mean);
  DrawnAmount amount{all.mean.mean(), 0, 0, units.with_sets(all.mean.error(), all.mean.sets)};
  if (!units.is_whole()) all.limits.add(fitted, units.count());
  std::tie(amount.low, amount.high) = units.is_whole() ? middle_of(fitted, units.count()) : all.limits.limits();
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
  RatioSums fresh;
  RatioSums& all = units.sums(fresh);
  add_ratio(numerator, denominator, units, all);
  return ratio_of(all, units);
}

std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, const DrawUnits& units) {
  RatioSums fresh;
  RatioSums& all = units.sums(fresh);
  const DrawColumn &above = numerator.simulated, &below = denominator.simulated;
  add_ratio(above, below, units, all);
  const auto [low, high] = ratio_limits(numerator.fitted, denominator.fitted, units);
  if (!all.varies() && below[0] > 0) {  // exactly, without a sum over draws
    const double value = above[0] / below[0];
    return DrawnAmount{value, value, value, numerator.fit_error / below[0]};
  }
  const statistics::RatioOfMeans ratio = ratio_of(all, units);
  if (!ratio.ratio) return std::nullopt;
  return DrawnAmount{*ratio.ratio, low, high, std::hypot(*ratio.error, numerator.fit_error / ratio.denominator)};
}

}  // namespace desist
