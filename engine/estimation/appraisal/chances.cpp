#include "engine/estimation/appraisal/chances.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/normal.hpp"

namespace desist {
namespace {

std::int64_t draws_above(const DrawColumn& column, std::size_t draws, double moved, AtNought at_nought) {
  std::int64_t count = 0;
  for (std::size_t d = 0; d < draws; ++d) {
    const double value = column[d] + moved;
    count += value > 0 || (value == 0 && at_nought == AtNought::counts) ? 1 : 0;
  }
  return count;
}

/// Which draws are above nought, 1 or 0.
DrawColumn indicator(const DrawColumn& column, std::size_t draws, AtNought at_nought) {
  std::vector<double> above(draws);
  for (std::size_t d = 0; d < draws; ++d)
    above[d] = column[d] > 0 || (column[d] == 0 && at_nought == AtNought::counts) ? 1 : 0;
  return DrawColumn(std::move(above));
}

/// Adds these draws to those that are above nought.
const CountSums& counted(const DrawColumn& column, const DrawUnits& units, AtNought at_nought, CountSums& all) {
  all.count += draws_above(column, units.count(), 0, at_nought);
  all.draws += static_cast<std::int64_t>(units.count());
  all.same.add(column);
  if (units.share_sets()) all.sets += units.squared_error(indicator(column, units.count(), at_nought));
  return all;
}

Chance share_of(const CountSums& all, const DrawUnits& units) {
  const auto share = statistics::share_of_draws(all.count, all.draws);
  if (!units.share_sets()) return {share.value, share.error};
  // Of all or none: as if so few sets had been drawn as there may be independent ones.
  if (share.value == 0 || share.value == 1) {
    const auto fewest = std::max<std::int64_t>(1, std::llround(std::floor(units.fewest_worth())));
    return {share.value, statistics::share_of_draws(0, fewest).error};
  }
  return {share.value, units.with_sets(share.error, all.sets)};
}

}  // namespace

Chance share_above_nought(const DrawColumn& column, const DrawUnits& units, AtNought at_nought) {
  CountSums fresh;
  return share_of(counted(column, units, at_nought, units.sums(fresh)), units);
}

double error_of_fit(const Twice& quantity, const DrawnFigures& figures,
                    const std::function<double(double)>& mean_if_moved) {
  if (!(figures.fit_degrees() > 0)) return 0;
  const double open = error_of(quantity.simulated - quantity.fitted, DrawUnits(figures.draws()));  // s/sqrt(D)
  const double moved = open * std::sqrt(figures.fit_degrees());
  return moved > 0 ? std::abs(mean_if_moved(moved) - mean_if_moved(-moved)) / 2 : 0;
}

Chance chance_above_nought(const Twice& quantity, const DrawnFigures& figures, const DrawUnits& units,
                           AtNought at_nought) {
  CountSums fresh;
  const CountSums& all = counted(quantity.fitted, units, at_nought, units.sums(fresh));
  const Chance share = share_of(all, units);
  if (!quantity.simulated.varies() && !all.same.varies()) return {share.value, 0};  // it is known
  const std::size_t draws = figures.draws();
  const double open = error_of(quantity.simulated - quantity.fitted, DrawUnits(draws));
  if (open > 0 && !quantity.fitted.varies())
    return {share.value, statistics::normal_cdf(-std::abs(quantity.fitted[0]) / open)};
  const double of_fit = error_of_fit(quantity, figures, [&](double moved) {
    return static_cast<double>(draws_above(quantity.fitted, draws, moved, at_nought)) / static_cast<double>(draws);
  });
  return {share.value, std::hypot(share.mc_error, of_fit)};
}

}  // namespace desist
