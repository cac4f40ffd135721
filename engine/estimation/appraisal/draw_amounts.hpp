// Means, errors, limits and ratios over draws: of those at hand, and where these are a part, of the parts before too.
#pragma once

#include <cstddef>
#include <optional>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/draw_units.hpp"
#include "engine/statistics/cost_effectiveness.hpp"

namespace desist {

/// The mean over draws, in order of draws. Exact where all values are equal: what is summed is the distance from the
/// first.
double mean_of(const DrawColumn& column, std::size_t draws);
double mean_of(const DrawColumn& column, const DrawUnits& units);
/// Its Monte Carlo error: sd/sqrt(draws), draws being the units (mathematics.md 6.1), and what shared sets add.
double error_of(const DrawColumn& column, const DrawUnits& units);
/// The order statistic ceil(q draws) of draws that are all at hand (mathematics.md 6.4).
double quantile_of(const DrawColumn& column, std::size_t draws, double q);

/// Mean and error of what was simulated, limits of the law given the figures: the same column where no replicate's luck
/// is in it.
DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, const DrawUnits& units);

/// A quantity twice: as the replicates' means have it, whose mean and Monte Carlo error are those of the estimate, and
/// with fitted outcomes, whose law over draws is that of the figures alone (mathematics.md 6.3). `fit_error` is what
/// the error of the fit adds to that of the mean, where the mean is of a step function of what was fitted; it adds up
/// as if all were off to the same side.
struct Twice {
  DrawColumn simulated, fitted;
  double fit_error = 0;
  Twice& operator+=(const Twice& other);
  Twice& operator-=(const Twice& other);
};
DrawnAmount drawn_amount(const Twice& twice, const DrawUnits& units);

/// E[A]/E[B] with its delta-method error (mathematics.md 6.5), so that it is where the mean net value is nought; limits
/// by draw where every denominator is above nought. Nothing where the mean denominator isn't.
std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, const DrawUnits& units);

/// The ratio of two means with its delta-method error, of which shared sets have their part.
statistics::RatioOfMeans ratio_over_draws(const DrawColumn& numerator, const DrawColumn& denominator,
                                          const DrawUnits& units);

}  // namespace desist
