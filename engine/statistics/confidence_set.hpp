// Confidence sets of a ratio whose denominator may be 0.
#pragma once

namespace desist::statistics {

/// A confidence set that need not be an interval.
struct ConfidenceSet {
  enum class Shape {
    interval,   // [low, high]
    two_rays,   // everything up to `low` and everything from `high`
    whole_line  // the data exclude nothing; the ends are infinite
  };
  Shape shape = Shape::whole_line;
  double low = 0;
  double high = 0;
};

/// Two estimates with the covariance of their errors.
struct RatioOfEstimates {
  double numerator = 0;
  double denominator = 0;
  double numerator_variance = 0;
  double covariance = 0;
  double denominator_variance = 0;
};

/// {b : (Y - b D)^2 <= z^2 (V_Y - 2 b C + b^2 V_D)}, z of the normal law (Fieller 1954): an interval if D^2 > z^2 V_D,
/// else two rays or the whole line. D or V_D is not 0. Verified by: complier_effect_test fieller_inverts_its_test
ConfidenceSet fieller_set(const RatioOfEstimates& ratio, double z);

}  // namespace desist::statistics
