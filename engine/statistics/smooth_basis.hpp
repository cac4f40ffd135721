// Columns in which a smooth function of uncertain parameters is written, and what its roughness costs.
#pragma once

#include <functional>

#include <Eigen/Core>

#include "engine/statistics/orthonormal_design.hpp"

namespace desist::statistics {

/// A penalised basis over draws. A function is columns x b; b' penalty b says how rough it is.
struct SmoothBasis {
  Eigen::MatrixXd penalty;       // p x p, positive semidefinite
  Eigen::Index unpenalised = 1;  // dimension of its null space: the constant and a line in each parameter that varies
  bool has_range = false;        // whether `range` moves it: of a Gaussian process alone
  /// Fills a block of p columns with the rows of draws `first`, `first` + 1, ...: nobody keeps draws x p numbers.
  std::function<void(Eigen::Index first, RowMatrix& block)> rows;
};

/// The basis for a group of parameters, draws x parameters, which must outlive it. Parameters that are the same in all
/// draws are left out; with none left the basis is the constant.
///
/// One: cubic B-splines with ten knots at equal quantiles, the penalty being the integral of the squared second
/// derivative (O'Sullivan 1986; Wand & Ormerod 2008, section 2): as smooth as a smoothing spline, at a fixed size.
/// Two to four: a natural cubic spline of each (five knots: Harrell 2001, section 2.4.5; a line where its quantiles
/// coincide) and the products of each pair, orthonormal over the draws; a column that bends as a polynomial of degree k
/// does costs k^4, as in the spectrum of a smoothing spline (Demmler & Reinsch 1975).
/// More: lines and a Gaussian process with Matern 3/2 covariance of the standardised parameters, seen through a fixed
/// subset of up to 100 evenly spaced draws, each row of values once (low-rank kriging: Kammann & Wand 2003); `range` is
/// the distance at which its correlation is 2/e, in units of the median distance of the subset. Verified by:
/// mean_surface_test
SmoothBasis smooth_basis(const Eigen::MatrixXd& parameters, double range = 1);

}  // namespace desist::statistics
