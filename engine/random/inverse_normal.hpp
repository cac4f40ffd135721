// The standard normal variate at a probability, fast enough for a hot loop.
#pragma once

#include <array>
#include <cmath>

namespace desist {

/// A ratio of two polynomials of degree 7, lowest coefficients first.
struct RationalOfDegree7 {
  std::array<double, 8> above;
  std::array<double, 8> below;
  /// By Estrin's scheme: a third of the steps of Horner's follow one another.
  double operator()(double x) const {
    const double x2 = x * x;
    const double x4 = x2 * x2;
    const auto at = [&](const std::array<double, 8>& a) {
      return (a[0] + a[1] * x) + x2 * (a[2] + a[3] * x) + x4 * ((a[4] + a[5] * x) + x2 * (a[6] + a[7] * x));
    };
    return at(above) / at(below);
  }
};

/// The value that a standard normal variate stays below with probability u in (0, 1).
///
/// Wichura (1988), "Algorithm AS 241: the percentage points of the normal distribution", Applied Statistics 37,
/// 477-484, routine PPND16: rational minimax approximations in |u - 1/2| <= 0.425 and in two ranges of
/// sqrt(-log min(u, 1 - u)) beyond; relative error about 1e-16. `standard_normal_quantile` is Boost's, and slower.
/// Verified by: samplers_test Inverse_normal_equals_Boost.
inline double inverse_normal(double u) {
  static constexpr RationalOfDegree7 middle{
      {3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
       4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3},
      {1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
       3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3}};
  static constexpr RationalOfDegree7 side{
      {1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
       1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4},
      {1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
       1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9}};
  static constexpr RationalOfDegree7 end{
      {6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
       2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7},
      {1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2, 7.86869131145613259100e-4,
       1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15}};
  const double q = u - 0.5;
  const bool in_middle = std::abs(q) <= 0.425;
  const RationalOfDegree7* ratio = &middle;
  double x = 0.180625 - q * q;
  if (!in_middle) {
    const double r = std::sqrt(-std::log(q < 0 ? u : 1 - u));
    ratio = r <= 5 ? &side : &end;
    x = r <= 5 ? r - 1.6 : r - 5;
  }
  const double z = (*ratio)(x);
  return in_middle ? q * z : std::copysign(z, q);
}

}  // namespace desist
