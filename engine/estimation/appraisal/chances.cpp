#include "engine/estimation/appraisal/chances.hpp"

#include <cmath>
#include <cstdint>

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

}  // namespace

double error_of_fit(const Twice& quantity, const DrawnFigures& figures,
                    const std::function<double(double)>& mean_if_moved) {
  if (!(figures.fit_degrees() > 0)) return 0;
  const double open = error_of(quantity.simulated - quantity.fitted, figures.draws());  // s/sqrt(D)
  const double moved = open * std::sqrt(figures.fit_degrees());
  return moved > 0 ? std::abs(mean_if_moved(moved) - mean_if_moved(-moved)) / 2 : 0;
}

Chance chance_above_nought(const Twice& quantity, const DrawnFigures& figures, AtNought at_nought) {
  const std::size_t draws = figures.draws();
  const auto n = static_cast<std::int64_t>(draws);
  const auto share = statistics::share_of_draws(draws_above(quantity.fitted, draws, 0, at_nought), n);
  if (!quantity.simulated.varies() && !quantity.fitted.varies()) return {share.value, 0};  // it is known
  const double open = error_of(quantity.simulated - quantity.fitted, draws);
  if (open > 0 && !quantity.fitted.varies())
    return {share.value, statistics::normal_cdf(-std::abs(quantity.fitted[0]) / open)};
  const double of_fit = error_of_fit(quantity, figures, [&](double moved) {
    return static_cast<double>(draws_above(quantity.fitted, draws, moved, at_nought)) / static_cast<double>(n);
  });
  return {share.value, std::hypot(share.error, of_fit)};
}

}  // namespace desist
