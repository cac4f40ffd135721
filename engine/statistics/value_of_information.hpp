// What it would be worth to know more before deciding: perfect information on everything, or on some parameters.
#pragma once

#include <cstddef>
#include <vector>

#include <Eigen/Core>

namespace desist::statistics {

/// Net benefits are draws x arms, in money for one decision (a person, a programme): whatever the net benefit is of.
/// The arm that is taken without further information is the one of greatest mean, the first of equals.

/// The value of perfect information.
struct PerfectInformation {
  double value = 0;  // E max_j mu_j - max_j E mu_j
  double error = 0;  // Monte Carlo: sd(max_j mu_j - mu_best)/sqrt(D)
  std::size_t best = 0;
  Eigen::VectorXd gains;  // by draw: what the best arm of the draw has more than `best`; for paired comparisons
};

/// EVPI from the mean net benefits of each draw (Raiffa & Schlaifer 1961). Noise of replicates in these means makes it
/// too large, by much if a draw has few (mathematics.md 6.3): then give `means` fitted on the parameters as well. At
/// least two draws, all finite; throws std::invalid_argument otherwise.
/// Verified by: value_of_information_reference; value_of_information_test
PerfectInformation perfect_information(const Eigen::MatrixXd& net_benefits);

/// EVPI of a stochastic model: value, best arm and gains from the fitted `means` of its draws, the error from what was
/// `simulated` of the arm that these choose less that of `best`, as in `partial_information`: in sd(fitted
/// gain)/sqrt(D) what fitting adds would be forgotten. Shapes are equal. Verified by: value_of_information_test
PerfectInformation perfect_information(const Eigen::MatrixXd& means, const Eigen::MatrixXd& simulated);

/// The value of information by regression: between what is in doubt.
struct PartialInformation {
  double value = 0;  // in sample: mean max_j g_j - max_j mean g_j, g fitted on all draws; on average too large
  double error = 0;  // Monte Carlo, of drawing and of fitting together
  /// What following a surface is worth on draws that it was not fitted on (10-fold): on average too small, as it pays
  /// for its errors. A rule made of nine folds is valued by `MeanSurface::own_fold`, not by what was drawn: so the luck
  /// of the draws is that of `value` and cancels between the two, of which this is seldom the greater. May be below 0:
  /// then nothing was found that is worth knowing.
  double policy_value = 0;
  double policy_error = 0;
  std::size_t best = 0;
  Eigen::VectorXd gains;  // by draw: net benefit of the arm that g says less that of `best`; for paired comparisons
  /// The same of the arm that the surface without the draw's fold says, moved so that their mean is `policy_value`.
  Eigen::VectorXd policy_gains;
};

/// EVPPI of a group of parameters, draws x parameters (Strong, Oakley & Brennan 2014): differences of net benefits from
/// the first arm are regressed on the group by `mean_surface`, and g decides. With all parameters it is the EVPI of a
/// stochastic model, without the luck in means of replicates.
///
/// The error is the standard deviation over draws of the gains by sqrt(D): to first order the choice of g's arms moves
/// nothing, as they are best, and what fitting adds is the residuals of the arms chosen (Luedtke & van der Laan 2016,
/// the efficient influence function of a best rule). A surface that is nearly a line averages more than that: the
/// scatter over sets of draws is up to a fifth less than the errors, and two fifths less where few draws change the
/// arm.
///
/// To second order the value less the policy's is 0.117 times the density of draws at the border between two arms times
/// the scatter of the ten folds' own surfaces there: never below 0, and twice the bias of the first. Verified by:
/// value_of_information_reference; value_of_information_test
PartialInformation partial_information(const Eigen::MatrixXd& net_benefits, const Eigen::MatrixXd& parameters);

/// A difference of two values on the same draws, with the error of the difference.
struct PairedValues {
  double difference = 0;
  double error = 0;
};

/// First less second, from the mean and scatter of gains draw by draw. Verified by: value_of_information_test
PairedValues paired_difference(const Eigen::VectorXd& first_gains, const Eigen::VectorXd& second_gains);

}  // namespace desist::statistics
