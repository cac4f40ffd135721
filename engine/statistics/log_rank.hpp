// Tests of equal hazards in two or more groups: log-rank and its weighted relatives.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// A k-sample test of survival.
struct LogRank {
  Eigen::VectorXd observed;  // events of each group, weighted
  Eigen::VectorXd expected;  // under equal hazards within strata
  Eigen::MatrixXd variance;  // of observed - expected
  double statistic = 0;      // chi-square
  int df = 0;                // rank of the variance: groups that are compared, less one
  double p = 1;
};

/// What a log-rank test weighs and within what it compares.
struct LogRankPlan {
  int groups = 2;
  std::span<const int> stratum = {};  // empty: one stratum
  double rho = 0;                     // 0: log-rank; 1: Peto & Peto
};

/// Sum over event times of w(t) (d_g - d n_g/n), w = S(t-)^rho with S the pooled Kaplan-Meier curve of the stratum
/// (Mantel 1966; Peto & Peto 1972; Harrington & Fleming 1982), hypergeometric variance, sums over strata. Needs
/// rho >= 0. Rows with starts are at risk on (start, stop]. Where the risk sets never hold two groups at an event the
/// fault is one_group; where they do, and everyone in them has the event, the variance is 0 and the fault no_spread.
/// Verified by: survival_reference log_rank; log_rank_test
Checked<LogRank> log_rank(const FollowUp& follow_up, std::span<const int> group, const LogRankPlan& plan);

}  // namespace desist::statistics
