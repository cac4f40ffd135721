// Two-stage least squares on rows, and a confidence set that holds when the instrument is weak.
#pragma once

#include <functional>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/confidence_set.hpp"
#include "engine/statistics/interval.hpp"
#include "engine/statistics/robust_covariance.hpp"

namespace desist::statistics {

/// Rows of a trial in which receipt is not what was assigned: `endogenous` what was received, `instruments` what was
/// assigned (and nothing else), `exogenous` the constant and the covariates of both stages.
struct InstrumentalData {
  Eigen::MatrixXd endogenous;
  Eigen::MatrixXd instruments;
  Eigen::MatrixXd exogenous;
  Eigen::VectorXd outcome;
};

struct InstrumentalModel {
  Eigen::VectorXd coefficients;  // of the endogenous covariates, then of the exogenous
  Eigen::MatrixXd covariance;    // classical, divisor n - p
  Eigen::VectorXd residuals;     // with the endogenous covariates as received, not as predicted
  double sigma = 0;
  std::size_t residual_df = 0;
  std::vector<double>
      first_stage_f;     // of each endogenous covariate: all instruments being 0, classical; may be infinite
  WorkingModel working;  // the projected design: HC2 leverages are of it, as in estimatr
};

/// Two-stage least squares (Theil 1953; Angrist, Imbens & Rubin 1996 for what it means with a 0/1 instrument).
/// Sandwiches by `robust_covariance` and `cluster_covariance` on its working model. `no_instrument` where there are
/// fewer instruments than endogenous covariates or the instruments don't move them. Verified by:
/// complier_rows_reference; instrumental_test
Fitted<InstrumentalModel> instrumental_model(const InstrumentalData& data);

/// How the errors of a least-squares fit are got: a call of `robust_covariance` or of `cluster_covariance`.
using CovarianceOf = std::function<Fitted<Eigen::MatrixXd>(const WorkingModel&)>;

/// Anderson & Rubin's set (1949) of the effect of one endogenous covariate with one instrument: all b at which the
/// instrument does not tell outcome - b x receipt. Its coverage does not depend on the instrument's strength. The test
/// is linear in b, so the set is Fieller's for the two reduced-form coefficients, with the covariance between them by
/// polarisation: C = (V(y + d) - V(y - d))/4. Without covariates, with HC0, it is `complier_effect`'s set.
/// Verified by: instrumental_test
Fitted<ConfidenceSet> anderson_rubin(const InstrumentalData& data, const CovarianceOf& covariance_of,
                                     double confidence = usual_confidence);

}  // namespace desist::statistics
