#include "engine/search/predict.hpp"

#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/search/population.hpp"
#include "engine/search/sampling.hpp"

namespace desist {

void place_printed(std::span<const double> values, std::span<const double> weights, const Target& target, double& below,
                   double& above) {
  below = above = 0;
  double all = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isnan(values[i])) continue;
    all += weights[i];
    if (values[i] < target.low) below += weights[i];
    if (values[i] > target.high) above += weights[i];
  }
  if (all > 0) {
    below /= all;
    above /= all;
  }
}

bool predict_afresh(const std::vector<Target>& targets, const Attempts& attempts,
                    const std::vector<std::vector<double>>& rows, const RunControl& control,
                    std::vector<TargetFit>& fits) {
  std::vector<std::vector<double>> figures(targets.size());  // of each target: row by row, future by future
  const auto take = [&](std::uint64_t, const Attempt& attempt) {
    for (std::size_t r = 0; r < futures_of_row; ++r)
      for (std::size_t t = 0; t < targets.size(); ++t) figures[t].push_back(attempt.outcomes[r * targets.size() + t]);
    return true;
  };
  const auto propose = [&](std::uint64_t index, Stream&, std::vector<double>& scores) { scores = rows[index]; };
  if (!attempts.run(0, rows.size(), propose, always(), take, control)) return false;
  const std::vector<double> equal(futures_of_row * rows.size(), 1 / static_cast<double>(futures_of_row * rows.size()));
  for (std::size_t t = 0; t < targets.size(); ++t) {
    TargetFit& fit = fits[t];
    fit.afresh = spread_of(figures[t], equal);
    place_printed(figures[t], equal, targets[t], fit.afresh_below, fit.afresh_above);
    double squares = 0, pairs = 0;
    for (std::size_t i = 0; i < figures[t].size(); i += futures_of_row) {
      const double apart = figures[t][i] - figures[t][i + 1];
      if (!std::isfinite(apart)) continue;
      squares += apart * apart / 2;
      ++pairs;
    }
    fit.chance_sd = pairs > 0 ? std::sqrt(squares / pairs) : missing;
  }
  return true;
}

}  // namespace desist
