#include "engine/random/distributions.hpp"

#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/random/requirement.hpp"

namespace desist {
namespace {

void require_order(double low, double high) {
  require_finite(low, "the low end of a range");
  require_finite(high, "the high end of a range");
  require_between(high, low, high < low ? low : high, "the high end of a range");
}

void require_share(double u) { require_between(u, 0, 1, "the probability of a quantile"); }

}  // namespace

double UniformDistribution::mean() const { return low + (high - low) / 2; }

double UniformDistribution::variance() const { return (high - low) * (high - low) / 12; }

double UniformDistribution::quantile(double u) const {
  require_order(low, high);
  require_share(u);
  return u == 1 ? high : low + u * (high - low);
}

double TriangularDistribution::mean() const { return (low + likely + high) / 3; }

double TriangularDistribution::variance() const {
  return ((high - low) * (high - low) + (likely - low) * (likely - high)) / 18;
}

double TriangularDistribution::quantile(double u) const {
  require_order(low, high);
  require_between(likely, low, high, "the likeliest value of a range");
  require_share(u);
  const double width = high - low;
  if (width == 0) return low;
  if (u * width < likely - low) return low + std::sqrt(u * width * (likely - low));
  return high - std::sqrt((1 - u) * width * (high - likely));
}

double BetaDistribution::mean() const { return a / (a + b); }

double BetaDistribution::variance() const { return a * b / ((a + b) * (a + b) * (a + b + 1)); }

double BetaDistribution::quantile(double u) const {
  require_positive(a, "the first shape of a beta law");
  require_positive(b, "the second shape of a beta law");
  require_share(u);
  return boost::math::ibeta_inv(a, b, u, BoostPolicy());
}

double GammaDistribution::mean() const { return shape * scale; }

double GammaDistribution::variance() const { return shape * scale * scale; }

double GammaDistribution::quantile(double u) const {
  require_positive(shape, "the shape of a gamma law");
  require_positive(scale, "the scale of a gamma law");
  require_share(u);
  if (u == 1) return INFINITY;
  return scale * boost::math::gamma_p_inv(shape, u, BoostPolicy());
}

double standard_normal_cdf(double z) { return 0.5 * boost::math::erfc(-z / std::sqrt(2.0), BoostPolicy()); }

double standard_normal_quantile(double u) {
  if (!(u > 0 && u < 1)) require_between(u, 0x1p-54, 1 - 0x1p-53, "the probability of a normal quantile");
  return -std::sqrt(2.0) * boost::math::erfc_inv(2 * u, BoostPolicy());
}

}  // namespace desist
