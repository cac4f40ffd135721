#include "engine/statistics/confidence_set.hpp"

#include <cmath>
#include <limits>

#include "engine/core/limits.hpp"

namespace desist::statistics {

ConfidenceSet fieller_set(const RatioOfEstimates& r, double z) {
  // Quadratic b^2 - 2 half_linear b + constant <= 0.
  const double z2 = z * z;
  const double quadratic = r.denominator * r.denominator - z2 * r.denominator_variance;
  const double half_linear = r.numerator * r.denominator - z2 * r.covariance;
  const double constant = r.numerator * r.numerator - z2 * r.numerator_variance;
  const double discriminant = half_linear * half_linear - quadratic * constant;
  if (quadratic == 0) {  // one ray, told as two with one of them empty
    if (half_linear == 0) return {ConfidenceSet::Shape::whole_line, -infinity, infinity};
    const double end = constant / (2 * half_linear);
    return half_linear > 0 ? ConfidenceSet{ConfidenceSet::Shape::two_rays, -infinity, end}
                           : ConfidenceSet{ConfidenceSet::Shape::two_rays, end, infinity};
  }
  if (quadratic < 0 && discriminant <= 0) return {ConfidenceSet::Shape::whole_line, -infinity, infinity};
  // The estimate lies in the set, so for quadratic > 0 the discriminant is negative by rounding only.
  const double root = std::sqrt(discriminant > 0 ? discriminant : 0.0);
  const double first = (half_linear - root) / quadratic;
  const double second = (half_linear + root) / quadratic;
  if (quadratic > 0) return {ConfidenceSet::Shape::interval, first, second};
  return {ConfidenceSet::Shape::two_rays, second, first};
}

}  // namespace desist::statistics
