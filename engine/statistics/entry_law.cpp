#include "engine/statistics/entry_law.hpp"

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

EntryLaw::EntryLaw(const GammaFrailty& everyone, double window) : everyone_(everyone), window_(window), entered_(0) {
  require_frailty(everyone);
  require(everyone.mean > 0, "nobody enters by an event that never happens");
  require(is_amount(window), "an intake window is 0 or more, and finite");
  entered_ = share_with_event(everyone, window);
}

double EntryLaw::mean() const {
  const double k = everyone_.shape;
  if (std::isinf(k)) return everyone_.mean;
  const double size_biased = everyone_.mean * (1 + 1 / k);
  if (window_ == 0) return size_biased;
  // numerator: E Z (1 - e^(-Z w)) = mu (1 - (1 + w mu/k)^-(k + 1))
  return everyone_.mean * -std::expm1(-(k + 1) * std::log1p(window_ * everyone_.mean / k)) / entered_;
}

double EntryLaw::variance() const {
  const double k = everyone_.shape;
  if (std::isinf(k)) return 0;
  const double mu = everyone_.mean;
  const double middle = mean();
  const double square = window_ == 0
                            ? mu * mu * (1 + 1 / k) * (1 + 2 / k)
                            : mu * mu * (1 + 1 / k) * -std::expm1(-(k + 2) * std::log1p(window_ * mu / k)) / entered_;
  return square - middle * middle;
}

double EntryLaw::share_at_most(double rate) const {
  const double k = everyone_.shape;
  if (!(rate > 0)) return 0;
  if (std::isinf(k)) return rate >= everyone_.mean ? 1 : 0;
  const double a = k / everyone_.mean;
  if (window_ == 0) return boost::math::gamma_p(k + 1, a * rate, BoostPolicy());
  const double seen = boost::math::gamma_p(k, a * rate, BoostPolicy());
  const double unseen = (1 - entered_) * boost::math::gamma_p(k, (a + window_) * rate, BoostPolicy());
  return (seen - unseen) / entered_;
}

double EntryLaw::share_without_event(double exposure) const {
  require(is_amount(exposure), "an exposure is 0 or more, and finite");
  const double k = everyone_.shape;
  const double mu = everyone_.mean;
  if (std::isinf(k)) return std::exp(-mu * exposure);
  const double after = std::log1p(mu * exposure / k);
  if (window_ == 0) return std::exp(-(k + 1) * after);
  // E e^(-Z s) - E e^(-Z (s + w)) = E e^(-Z s) (1 - ((a + s + w)/(a + s))^-k)
  const double more = std::log1p(window_ / (k / mu + exposure));
  return std::exp(-k * after) * -std::expm1(-k * more) / entered_;
}

}  // namespace desist::statistics
