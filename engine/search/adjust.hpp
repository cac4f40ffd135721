// Particles moved to the printed figures: the regression adjustment of approximate Bayesian computation.
#pragma once

#include <span>
#include <vector>

#include "engine/search/calibrate.hpp"
#include "engine/search/population.hpp"

namespace desist {

/// A population near the targets as it would be on them (Beaumont, Zhang & Balding 2002, eq. 4 and 5).
///
/// What parameters would be if every fitted target were met is z - (s - s_obs)' b, with z the normal scores, s - s_obs
/// the signed gaps to the printed figures in their scales (0 inside a printed range) and b from a linear regression of
/// z on them, weighted by the particles' weights times Epanechnikov's kernel 1 - (distance / tolerance)^2 (eq. 5),
/// which are the weights of what comes out too. In normal scores no parameter leaves its range; correlated ones keep
/// their law. Gaps that are combinations of others take part by the least coefficients that fit. Outcomes stay what
/// was simulated. Where every particle meets the targets, or none is nearer than the tolerance, nothing is moved.
///
/// Exact where the scores given the gaps have a linear mean and nothing else that changes with them; there even a wide
/// tolerance adds nothing to the spread. Verified by: adjust_test, calibrate_law_test.
Population adjusted_to_targets(const std::vector<Target>& targets, std::span<const double> scales, double tolerance,
                               const Population& kept);

}  // namespace desist
