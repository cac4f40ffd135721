// Adjusted risks of everybody treated and of nobody: differences and ratios after a regression.
#pragma once

#include <cstddef>

#include <Eigen/Core>

#include "engine/statistics/generalised_linear_model.hpp"

namespace desist::statistics {

/// Means over all rows of what a model expects under treatment and under comparison.
struct StandardisedMeans {
  double mean1 = 0;
  double mean0 = 0;
  Inference difference;
  double ratio = 1;
  Interval ratio_interval;
  Inference log_ratio;
};

/// The rows' designs with everybody in group 1 and with everybody in group 0, and the offset (empty for 0).
struct Counterfactuals {
  Eigen::MatrixXd treated;
  Eigen::MatrixXd compared;
  Eigen::VectorXd offset;
};

/// Both designs from the design of the fit, for a treatment that is one 0/1 column without interactions.
Counterfactuals counterfactuals(const Eigen::MatrixXd& x, std::size_t treatment);

/// Standardisation (g-computation; Lane & Nelder 1982; Robins 1986) of a logistic or Poisson model, with delta-method
/// errors for the covariates as they are: g'Vg with g = mean of V(m1) x1 - V(m0) x0. `covariance` is that of the
/// coefficients: model-based, a row sandwich or a cluster sandwich. Verified by: standardisation_test
StandardisedMeans standardise(const GeneralisedLinearModel& model, const Counterfactuals& rows,
                              const Eigen::MatrixXd& covariance, double confidence = usual_confidence);

/// The same estimates with errors for a population from which rows are drawn: mean square of m1_i - m0_i - difference +
/// g' influence_i, over n (stacked estimating equations; Stefanski & Boos 2002; Ye et al. 2023). In a randomised trial
/// with the treatment in a canonical-link model they hold if the model is wrong. Verified by: standardisation_test
StandardisedMeans standardise_for_population(const GeneralisedLinearModel& model, const Counterfactuals& rows,
                                             double confidence = usual_confidence);

/// Poisson regression of a 0/1 outcome: exp(coefficients) are risk ratios, with a sandwich for errors (Zou 2004).
struct ModifiedPoisson {
  GeneralisedLinearModel model;
  Eigen::MatrixXd covariance;
  std::size_t fitted_above_one = 0;  // rows whose fitted risk is above 1
};

/// Zou's own sandwich is HC0. Verified by: standardisation_test
Fitted<ModifiedPoisson> modified_poisson(const Eigen::MatrixXd& x, const Eigen::VectorXd& y,
                                         RobustKind kind = RobustKind::hc0);

}  // namespace desist::statistics
