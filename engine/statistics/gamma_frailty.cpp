#include "engine/statistics/gamma_frailty.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/count_law.hpp"
#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

/// log E exp(-Z s), at most 0.
double log_without_event(const GammaFrailty& f, double exposure) {
  require_frailty(f);
  require(is_amount(exposure), "an exposure is 0 or more, and finite");
  const double mean = f.mean * exposure;
  return std::isinf(f.shape) ? -mean : -f.shape * std::log1p(mean / f.shape);
}

}  // namespace

void require_frailty(const GammaFrailty& frailty) {
  require(frailty.shape > 0, "the shape of a frailty is above 0");
  require(is_amount(frailty.mean), "the mean of a frailty is 0 or more, and finite");
}

double share_without_event(const GammaFrailty& frailty, double exposure) {
  return std::exp(log_without_event(frailty, exposure));
}

double share_with_event(const GammaFrailty& frailty, double exposure) {
  return -std::expm1(log_without_event(frailty, exposure));
}

double share_at_most(const GammaFrailty& f, double rate) {
  require_frailty(f);
  if (!(rate >= 0)) return 0;
  if (std::isinf(f.shape) || f.mean == 0) return rate >= f.mean ? 1 : 0;
  return boost::math::gamma_p(f.shape, f.shape * (rate / f.mean), BoostPolicy());
}

std::vector<double> count_shares(const GammaFrailty& frailty, double exposure, std::size_t greatest) {
  require_frailty(frailty);
  require(is_amount(exposure), "an exposure is 0 or more, and finite");
  require(static_cast<double>(greatest) <= greatest_count, "a greatest count is at most ten million");
  std::vector<double> shares(greatest + 1, 0.0);
  const double mean = frailty.mean * exposure;
  if (mean == 0) {
    shares[0] = 1;
    return shares;
  }
  const CountLaw law(greatest, std::isinf(frailty.shape) ? std::nullopt : std::optional<double>(frailty.shape));
  for (std::size_t n = 0; n <= greatest; ++n) shares[n] = std::exp(law.at(n, std::log(mean)).log_probability);
  return shares;
}

double share_with_at_least(const GammaFrailty& frailty, double exposure, std::size_t count) {
  require_frailty(frailty);
  require(is_amount(exposure), "an exposure is 0 or more, and finite");
  if (count == 0) return 1;
  const double mean = frailty.mean * exposure;
  if (mean == 0) return 0;
  const double c = static_cast<double>(count);
  if (std::isinf(frailty.shape)) return boost::math::gamma_p(c, mean, BoostPolicy());
  const double odds = mean / frailty.shape;  // of an event against the end, in the coin tosses behind the law
  return odds < 1 ? boost::math::ibeta(c, frailty.shape, odds / (1 + odds), BoostPolicy())
                  : boost::math::ibetac(frailty.shape, c, 1 / (1 + odds), BoostPolicy());
}

std::vector<FrailtyPoint> frailty_points(const GammaFrailty& frailty) {
  require_frailty(frailty);
  const double k = frailty.shape;
  if (std::isinf(k) || frailty.mean == 0) return {{frailty.mean, 1.0}};
  const double step = std::min(1.0 / 16, 0.5 / std::sqrt(k));
  const double middle = std::log(k);
  // The density of x = exp(t - exp(-t)), about its mode in log x: large terms of a large shape cancel here exactly.
  const auto point = [&](double t) {
    const double fold = std::exp(-t);
    const double y = t - fold - middle;
    return FrailtyPoint{frailty.mean * std::exp(y), std::exp(k * (y - std::expm1(y))) * (1 + fold)};
  };
  constexpr double least = 1e-25;  // of the first
  std::vector<FrailtyPoint> points{point(middle)};
  const double end = least * points.front().share;
  for (int i = 1; points.back().share > end; ++i) points.push_back(point(middle - i * step));
  std::reverse(points.begin(), points.end());
  for (int i = 1; points.back().share > end; ++i) points.push_back(point(middle + i * step));
  double whole = 0;
  for (const FrailtyPoint& each : points) whole += each.share;
  for (FrailtyPoint& each : points) each.share /= whole;
  return points;
}

}  // namespace desist::statistics
