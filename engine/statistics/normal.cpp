#include "engine/statistics/normal.hpp"

#include <cmath>

#include <boost/math/special_functions/erf.hpp>

#include "engine/core/boost_policy.hpp"

namespace desist::statistics {

namespace {
constexpr double sqrt_half = 0.70710678118654752440;
constexpr double sqrt_two = 1.41421356237309504880;
}  // namespace

double normal_cdf(double z) { return 0.5 * boost::math::erfc(-z * sqrt_half, BoostPolicy()); }

double normal_quantile(double p) { return -sqrt_two * boost::math::erfc_inv(2 * p, BoostPolicy()); }

double two_sided_z(double confidence) { return -normal_quantile((1 - confidence) / 2); }

double chi_square_tail(double statistic) { return boost::math::erfc(std::sqrt(statistic / 2), BoostPolicy()); }

}  // namespace desist::statistics
