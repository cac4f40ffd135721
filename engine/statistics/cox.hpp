// Proportional hazards: the regression of Cox with its errors, tests and predictions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// What is done with deaths at one time.
enum class Ties { efron, breslow };

/// Which errors are asked for beside the model's.
enum class CoxErrors {
  model,
  robust  // sandwich; by cluster where clusters are given
};

/// How a proportional-hazards model is fitted.
struct CoxPlan {
  Ties ties = Ties::efron;
  CoxErrors errors = CoxErrors::model;
  std::span<const int> stratum = {};    // empty: one
  std::span<const int> cluster = {};    // empty: each row its own
  std::span<const double> weight = {};  // case weights >= 0; empty: all 1
};

/// A chi-square test.
struct ChiSquareTest {
  double statistic = 0;
  double df = 0;
  double p = 1;
};

/// The test of a statistic that should be 0 or more; p is 1 with no degree of freedom.
ChiSquareTest chi_square_test(double statistic, double df);

/// Cumulative baseline hazard of one stratum, for a person with the mean covariates.
struct CoxBaseline {
  std::vector<double> time;
  std::vector<double> hazard;    // sum of 1/S0 (Breslow), or Efron's form of it
  std::vector<double> variance;  // sum of 1/S0^2: with known coefficients
  Eigen::MatrixXd mean_path;     // row t: sum of (mean covariates of the risk set) x (hazard increment)
};

/// A fitted proportional-hazards model.
struct CoxFit {
  Eigen::VectorXd coefficients;
  Eigen::MatrixXd covariance;             // inverse information
  std::optional<Eigen::MatrixXd> robust;  // sum over clusters of (sum of dfbetas)(...)'
  double log_likelihood_null = 0;
  double log_likelihood = 0;
  ChiSquareTest likelihood_ratio;
  ChiSquareTest score;
  ChiSquareTest wald;  // with the robust covariance where there is one
  std::int64_t rows = 0;
  std::int64_t events = 0;
  int steps = 0;
  Eigen::VectorXd centre;             // of the covariates, where the baseline is
  std::vector<CoxBaseline> baseline;  // of each stratum
  /// Robust where asked for, else the model's.
  Eigen::VectorXd errors() const;
  Interval log_hazard_ratio(Eigen::Index covariate, double confidence = usual_confidence) const;
};

/// Maximum partial likelihood (Cox 1972) with ties by Efron 1977 or Breslow 1974, Newton's method from 0 until a step
/// is below 1e-10 standard deviations^-1. Rows with starts are at risk on (start, stop]. Robust covariance by Lin & Wei
/// 1989, clusters by Lee, Wei & Amato 1992. Times that differ in the last bit differ. Faults: constant_covariate (not
/// varying within risk sets), collinear_covariate (less than 1e-9 of its information is left beside those before it),
/// infinite_coefficient (with a direction along which every death has the greatest predictor of its risk set: checked,
/// not guessed from a large coefficient; firth_cox() then gives an answer).
/// Verified by: cox_reference; cox_test against a quadratic-time likelihood
Checked<CoxFit> cox(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan = {});

/// Cumulative hazard at `time` of a person whose covariates are all 0. Verified by: cox_reference baseline
double baseline_hazard(const CoxFit& fit, double time, std::size_t stratum = 0);

/// Survival predicted at one event time.
struct PredictedSurvival {
  double time = 0;
  double survival = 1;
  double hazard_error = 0;  // of the cumulative hazard
  Interval interval;        // on the log scale, cut at 1
};

/// S(t | x) = exp(-H(t) exp(x'b)) with variance of the exponent e^(2x'b) [sum 1/S0^2 + q'Vq], q = sum (x - mean) dH
/// (Tsiatis 1981; Therneau & Grambsch 2000, 10.2), model-based V. Verified by: cox_test predicted_survival
std::vector<PredictedSurvival> predicted_survival(const CoxFit& fit, const Eigen::VectorXd& covariates,
                                                  std::size_t stratum = 0, double confidence = usual_confidence);

/// dfbeta residuals, a row for each row of the data: the change of the coefficients by one unit of its weight (Cain &
/// Lange 1984; Therneau & Grambsch 2000, 7.1). Verified by: cox_test dfbeta_are_derivatives_by_weight
Checked<Eigen::MatrixXd> cox_dfbeta(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan);

}  // namespace desist::statistics
