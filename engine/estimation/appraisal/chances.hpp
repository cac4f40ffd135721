// Chances over draws with an honest error: of drawing, and of the surface that stands in for noisy means.
#pragma once

#include <cstddef>
#include <functional>

#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"

namespace desist {

/// A chance over draws with its Monte Carlo error.
struct Chance {
  double value = 0, mc_error = 0;
};

/// How far off the mean is of a step function of what was fitted: half the difference of its means with everything
/// fitted moved up and down by the surface's standard error, s sqrt(degrees/D), s being what the surface leaves open
/// (the mean over draws of a linear smoother's variance: Hastie & Tibshirani 1990, section 3.5; a penalised one has a
/// little less). Draws near the step then count as often as there are such draws. All are moved to the same side, which
/// is the worst case. `mean_if_moved` gets how far. 0 without a fit. Verified by: appraise_errors_test
double error_of_fit(const Twice& quantity, const DrawnFigures& figures,
                    const std::function<double(double)>& mean_if_moved);

enum class AtNought { counts, does_not_count };

/// The share of draws above nought, with the error of drawing alone: of draws and of the sets that they share.
Chance share_above_nought(const DrawColumn& column, const DrawUnits& units,
                          AtNought at_nought = AtNought::does_not_count);

/// The share of draws in which a quantity is above nought (or at it, where that counts), with luck taken out: of
/// drawing exactly where all or none are (`share_of_draws`), with `error_of_fit`. Where nothing moves what was fitted
/// it is all or none, and the error the chance that the sign is wrong; of what is known it is 0. Verified by:
/// appraise_errors_test
Chance chance_above_nought(const Twice& quantity, const DrawnFigures& figures, const DrawUnits& units,
                           AtNought at_nought = AtNought::does_not_count);

}  // namespace desist
