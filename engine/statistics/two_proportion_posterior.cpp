#include "engine/statistics/two_proportion_posterior.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/special_functions/beta.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {

namespace {

constexpr double right_angle = 1.57079632679489661923;

double angle_of(double p) { return std::asin(std::sqrt(std::clamp(p, 0.0, 1.0))); }

double cdf(const BetaLaw& law, double p) {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  return boost::math::ibeta(law.alpha, law.beta, p, BoostPolicy());
}

/// Density of t where p = sin^2 t; from the nearer end, so that 1 - p keeps its digits.
double angle_density(const BetaLaw& law, double t) {
  const double s = std::sin(t);
  const double c = std::cos(t);
  const double density = s < c ? boost::math::ibeta_derivative(law.alpha, law.beta, s * s, BoostPolicy())
                               : boost::math::ibeta_derivative(law.beta, law.alpha, c * c, BoostPolicy());
  return density * 2 * s * c;
}

/// Where the integrand may bend: quantiles of both laws, and where p0 + shift reaches 0 or 1.
std::vector<double> pieces(const BetaLaw& p1, const BetaLaw& p0, double shift) {
  constexpr std::array levels{1e-12, 1e-3, 0.25, 0.5, 0.75};
  std::vector<double> cuts{0, right_angle, angle_of(-shift), angle_of(1 - shift)};
  const auto add_quantiles = [&](const BetaLaw& law, double moved) {
    for (const double level : levels) {
      cuts.push_back(angle_of(boost::math::ibeta_inv(law.alpha, law.beta, level, BoostPolicy()) - moved));
      if (level < 0.25)
        cuts.push_back(angle_of(boost::math::ibetac_inv(law.alpha, law.beta, level, BoostPolicy()) - moved));
    }
  };
  add_quantiles(p0, 0);
  add_quantiles(p1, shift);
  std::sort(cuts.begin(), cuts.end());
  return cuts;
}

/// Gauss-Kronrod, halved until the error estimate is below an absolute goal: the whole mass is 1, so a relative goal
/// would spend its time on tails that add nothing.
template <class F>
double integral(const F& f, double a, double b, int depth) {
  using Rule = boost::math::quadrature::gauss_kronrod<double, 31, BoostPolicy>;
  double error = 0;
  const double value = Rule::integrate(f, a, b, 0, 0.0, &error);
  // Boost's estimate is of the integral moved to [-1, 1]. It is the gap to the 15-point rule, far above the error of
  // `value`.
  if (error * (b - a) / 2 <= 1e-11 || depth == 0) return value;
  const double middle = a + (b - a) / 2;
  return integral(f, a, middle, depth - 1) + integral(f, middle, b, depth - 1);
}

}  // namespace

BetaLaw jeffreys_posterior(const Proportion& p) {
  return {static_cast<double>(p.count) + 0.5, static_cast<double>(p.n - p.count) + 0.5};
}

double probability_below(const BetaLaw& p1, const BetaLaw& p0, double shift) {
  if (shift <= -1) return 0;
  if (shift >= 1) return 1;
  const auto integrand = [&](double t) {
    const double s = std::sin(t);
    const double below = cdf(p1, s * s + shift);
    return below > 0 ? below * angle_density(p0, t) : 0.0;
  };
  const std::vector<double> cuts = pieces(p1, p0, shift);
  double sum = 0;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    if (cuts[i + 1] - cuts[i] < 1e-15) continue;
    sum += integral(integrand, cuts[i], cuts[i + 1], 12);
  }
  return std::clamp(sum, 0.0, 1.0);
}

double difference_quantile(const BetaLaw& p1, const BetaLaw& p0, double q) {
  return root_between([&](double d) { return probability_below(p1, p0, d) - q; }, -1.0, 1.0, -1.0);
}

Interval difference_interval(const BetaLaw& p1, const BetaLaw& p0, double probability) {
  const double tail = (1 - probability) / 2;
  return {difference_quantile(p1, p0, tail), difference_quantile(p1, p0, 1 - tail)};
}

}  // namespace desist::statistics
