// Units side by side: what each one's own data say, drawn together as far as they are alike, and their ranks.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <vector>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// What one unit's data say of x, the logarithm of its rate or of its ratio.
struct UnitLikelihood {
  std::function<double(double)> log_likelihood;  // of x, up to a constant
  double centre = 0;                             // about where it is greatest
  double error = 1;                              // about its width
};

/// Counts of one unit's people in a time after and, for a ratio, before.
struct UnitCounts {
  double people = 0;
  double events = 0;
  double time = 1;
  std::optional<double> events_before;  // then x is the log ratio of the rates
  double time_before = 1;
};

/// Which share of a unit's people are those counted after: evenly anywhere between two shares, each unit by itself.
struct ShareCounted {
  double least = 1;
  double most = 1;
};

/// The likelihood of one unit. People's rates are gamma of shape k (infinite: alike) around the unit's, so the events
/// of n people are negative binomial of shape n k: offences of a few people say less than as many of many. For a ratio
/// the rate before is integrated out against a flat law of its logarithm; with people alike and all counted that is the
/// binomial law of the events after among all (Przyborowski & Wilenski 1940). A share f counted after makes it n f
/// people, and is integrated out. Throws std::invalid_argument for counts, times or shares that can't be; a ratio needs
/// an event before. Verified by: unit_comparison_test
UnitLikelihood unit_likelihood(const UnitCounts& counts, double people_shape, const ShareCounted& share);

/// The x of the greatest likelihood, and those whose log-likelihood is within half the quantile of chi-square of it; an
/// end without bound is infinite. Verified by: unit_comparison_test
struct UnitAlone {
  double x = 0;
  Interval limits;
};
UnitAlone alone(const UnitLikelihood& unit, double confidence = usual_confidence);

/// One unit among others: median and limits of its x given all data, and the chance of each rank from the lowest x.
struct UnitAmongOthers {
  double x = 0;
  Interval limits;
  std::vector<double> rank_chances;
};

struct UnitComparison {
  std::vector<UnitAmongOthers> units;
  std::vector<std::vector<double>> below;  // below[u][v]: the chance that u's x is below v's
  double typical = 0;                      // median of theta
  Interval typical_limits;
  double spread = 0;  // median of tau
  Interval spread_limits;
  bool spread_at_bound = false;  // tau may well be more than what was searched: the prior is too narrow
};

/// Units whose x are normal with mean theta and standard deviation tau, given all their data: exact but for the grids.
///
/// Priors: theta flat, tau half-normal of the given scale (Gelman 2006); both are integrated out, so that their
/// uncertainty is in every limit, which "empirical Bayes" leaves out. tau on 48 midpoints up to 4 scales; theta up to 8
/// of its standard deviations from its centre; x on a grid of a sixth of the smallest error. Ranks: given theta and tau
/// units are independent, so how many lie below x has a law that is multiplied out (Poisson binomial); averaged over
/// all (Laird & Louis 1989; Lin et al. 2006). Throws std::invalid_argument for fewer than 3 units or more than 100, a
/// scale that is not above 0, or errors so small against the distance of units that 4,096 points don't resolve them.
/// Verified by: unit_comparison_test
UnitComparison compare_units(const std::vector<UnitLikelihood>& units, double spread_scale,
                             double confidence = usual_confidence);

}  // namespace desist::statistics
