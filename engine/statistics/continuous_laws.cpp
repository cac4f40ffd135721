#include "engine/statistics/continuous_laws.hpp"

#include <cmath>

#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

/// From it on a quantile of the gamma law is taken by its expansion in the normal one: iterations by the incomplete
/// gamma function grow with the root of the shape, and end in an error from 2.5e11.
constexpr double large_shape = 1e8;

/// Both tails of t, by the incomplete beta function with the argument that does not cancel.
double both_tails(double t, double df) {
  const double square = t * t;
  return square < df ? boost::math::ibetac(0.5, df / 2, square / (df + square), BoostPolicy())
                     : boost::math::ibeta(df / 2, 0.5, df / (df + square), BoostPolicy());
}

}  // namespace

double student_two_sided(double t, double df) { return both_tails(t, df); }

double student_tail(double t, double df) {
  const double half = both_tails(t, df) / 2;
  return t >= 0 ? half : 1 - half;
}

double student_quantile(double p, double df) {
  if (p == 0.5) return 0;
  const double tail = p < 0.5 ? p : 1 - p;
  double complement = 0;
  const double x = boost::math::ibeta_inv(df / 2, 0.5, 2 * tail, &complement, BoostPolicy());
  const double t = std::sqrt(df * complement / x);
  return p < 0.5 ? -t : t;
}

double noncentral_student_tail(double t, double df, double delta) {
  return boost::math::cdf(complement(boost::math::non_central_t_distribution<double, BoostPolicy>(df, delta), t));
}

double chi_square_tail(double statistic, double df) {
  return boost::math::gamma_q(df / 2, statistic / 2, BoostPolicy());
}

double chi_square_quantile(double p, double df) {
  const double shape = df / 2;
  if (shape < large_shape) return 2 * boost::math::gamma_p_inv(shape, p, BoostPolicy());
  const double z = normal_quantile(p), root = std::sqrt(shape);
  return 2 * (shape + z * root + (z * z - 1) / 3 + z * (z * z - 7) / (36 * root));
}

double f_tail(double statistic, double df1, double df2) {
  const double scaled = df1 * statistic;
  return scaled < df2 ? boost::math::ibetac(df1 / 2, df2 / 2, scaled / (df2 + scaled), BoostPolicy())
                      : boost::math::ibeta(df2 / 2, df1 / 2, df2 / (df2 + scaled), BoostPolicy());
}

}  // namespace desist::statistics
