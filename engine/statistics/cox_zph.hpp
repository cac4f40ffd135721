// Do hazards stay proportional: score test of coefficients that change with time.
#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/cox.hpp"

namespace desist::statistics {

/// The function of time along which coefficients may change.
enum class TimeTransform {
  kaplan_meier,  // 1 - S(t-), S over all rows
  identity,
  log
};

/// Tests of single terms and of all together.
struct ProportionalHazardsTest {
  std::vector<ChiSquareTest> terms;
  ChiSquareTest all;
};

/// Score test of adding x g(t) to a fitted model (Grambsch & Therneau 1994; in the exact form of survival 3 and later,
/// not the older approximation): U' I^-1 U with U = sum of g (x - mean) over deaths and I the information of old and
/// new coefficients. `term` gives each covariate's term, 0, 1, ...; empty: each covariate is a term. log: times above 0
/// only. Verified by: cox_reference proportional_hazards
Checked<ProportionalHazardsTest> cox_zph(const FollowUp& follow_up, const Eigen::MatrixXd& covariates,
                                         const CoxPlan& plan, TimeTransform transform = TimeTransform::kaplan_meier,
                                         std::span<const int> term = {});

}  // namespace desist::statistics
