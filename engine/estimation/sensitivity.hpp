// Which uncertain figure decides an outcome: first-order shares of variance by regression on draws.
#pragma once

#include <span>
#include <vector>

namespace desist {

/// A share of variance with the error that simulation leaves in it.
struct VarianceShare {
  double explained = 0;  // Var E[mu | theta_j], in the outcome's unit squared
  double standard_error = 0;
};

/// The variance of x_d that a group of parameters explains: additive natural cubic splines, fitted out of fold.
///
/// f is fitted on nine tenths of the draws and judged on the tenth left out (fold = draw mod 10), so that neither luck
/// nor over-fitting is counted: explained = mean[(x_d - m)^2 - (x_d - f(theta_d))^2], where m is the mean over the
/// other folds, with the standard error of that mean (mathematics.md 6.7; first-order index of Sobol 1993). Splines
/// have knots at five quantiles (.05, .275, .5, .725, .95) of each parameter (Harrell 2001, section 2.4.5) and are
/// linear outside. `values` holds one column a parameter, each as long as `x`. Needs 100 draws; fewer give zero with an
/// infinite error. A parameter that takes fewer than five distinct quantiles is fitted by a line. Verified by:
/// sensitivity_test.
VarianceShare explained_variance(std::span<const double> x, const std::vector<std::vector<double>>& values);

}  // namespace desist
