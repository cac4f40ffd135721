// What a planned study would print if the parameters were those of a draw: the summary that new evidence comes as.
#pragma once

#include <cstdint>

#include <Eigen/Core>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// The luck of a study in each draw: uniforms in (0, 1). The same at every size of the study, so that sizes are
/// compared on the same luck. `bias` is read only where a design has one; `control` only where it has two groups.
struct StudyLuck {
  Eigen::VectorXd control;
  Eigen::VectorXd treated;
  Eigen::VectorXd bias;
};

/// A study's summary, draws x columns, with the law that it has given the parameters of the draw: columns are
/// independent and near to normal with these means and standard deviations (for `matched_moments`).
struct StudySummary {
  Eigen::MatrixXd values;
  Eigen::MatrixXd means;
  Eigen::MatrixXd sds;
};

/// `bias` is the sd of an error N(0, bias^2) in the treated group's figure that no number of people shrinks: of
/// matching, of before and after, of recording (mathematics.md 8.4; power_with_bias.hpp). 0 for a randomised study.
/// Everywhere below vectors are as long as there are draws, sizes are above 0; throws std::invalid_argument otherwise.

/// Shares in the control and the treated group: binomial counts of whole people, by inversion of `luck`. Its law in
/// `sds` has p q/n + bias^2 at p = (n p + 1/2)/(n + 1), which is never 0. Risks lie from 0 to 1, and sizes are rounded
/// to whole people, at least 1. Verified by: study_summary_test
StudySummary summary_of_risks(const Eigen::VectorXd& control_risk, const Eigen::VectorXd& treated_risk,
                              const GroupSizes& sizes, double bias, const StudyLuck& luck);

/// How people are followed for counts: variance of one person's = mean + dispersion mean^2.
struct CountFollowUp {
  GroupSizes sizes;
  double years = 1;
  double dispersion = 0;
};

/// Logarithms of the rates a year in the control and the treated group: normal with variance (1/(rate years) +
/// dispersion)/n, the delta method for negative binomial counts (Zhu & Lakkis 2014, eq. 2). For 5 expected events or
/// more in a group; with fewer the normal law is no longer like that of a count. Rates are above 0.
/// Verified by: study_summary_test
StudySummary summary_of_rates(const Eigen::VectorXd& control_rate, const Eigen::VectorXd& treated_rate,
                              const CountFollowUp& follow_up, double bias, const StudyLuck& luck);

/// A mean, or a difference of means, whose estimate has this standard error: for two groups, sd sqrt(1/n1 + 1/n0).
/// Verified by: study_summary_test
StudySummary summary_of_mean(const Eigen::VectorXd& mean, double standard_error, double bias, const StudyLuck& luck);

/// Adds an error N(0, sd^2) that no size shrinks to the treated group's figure of a summary, with an sd (0 or more) a
/// draw where how large the bias may be is not known either. Verified by: study_summary_test
void add_bias(StudySummary& summary, const Eigen::VectorXd& sds, const Eigen::VectorXd& luck);

/// The least x with P(X <= x) >= u of a binomial count: by summing from 0 while n p q < 100, else np + z s +
/// (1 - 2p)(z^2 - 1)/6 rounded (Cornish & Fisher 1938), which is off by one person in few draws and by more in none.
/// Verified by: study_summary_test
std::int64_t binomial_quantile(double u, std::int64_t n, double p);

}  // namespace desist::statistics
