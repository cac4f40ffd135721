#include "engine/random/estimate_law.hpp"

#include <algorithm>
#include <cmath>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/random/distributions.hpp"

namespace desist {
namespace {

using Form = EstimateLaw::Form;

double log_odds(double share) { return std::log(share) - std::log1p(-share); }

/// What the form has by itself, before it is cut.
LawEnds ends_of_form(const EstimateLaw& law) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  switch (law.form) {
    case Form::normal:
      return {-infinite, infinite};
    case Form::log_normal:
    case Form::gamma:
      return {0, infinite};
    case Form::logit_normal:
    case Form::beta:
      return {0, law.times};
  }
  return {-infinite, infinite};
}

/// The standard normal value that x, inside the ends of the form, stands at.
double score_of(const EstimateLaw& law, double x) {
  switch (law.form) {
    case Form::log_normal:
      return std::log(x / law.first) / law.second;
    case Form::logit_normal:
      return (log_odds(x) - log_odds(law.first)) / law.second;
    default:
      return (x - law.first) / law.second;
  }
}

double uncut_quantile(const EstimateLaw& law, double p) {
  switch (law.form) {
    case Form::normal:
      return law.first + law.second * standard_normal_quantile(p);
    case Form::log_normal:
      return law.first * std::exp(law.second * standard_normal_quantile(p));
    case Form::logit_normal:
      return 1 / (1 + (1 / law.first - 1) * std::exp(-law.second * standard_normal_quantile(p)));
    case Form::gamma:
      return GammaDistribution{law.first, law.second}.quantile(p);
    case Form::beta:
      return BetaDistribution{law.first, law.second}.quantile(p);
  }
  return 0;
}

EstimateLaw law_of(Form form, double first, double second) {
  EstimateLaw law;
  law.form = form;
  law.first = first;
  law.second = second;
  return law;
}

}  // namespace

double EstimateLaw::chance_below() const {
  const LawEnds own = ends_of_form(*this);
  if (low <= own.low) return 0;
  if (low >= own.high) return 1;
  const double x = low / times;
  if (form == Form::gamma) return boost::math::gamma_p(first, x / second, BoostPolicy());
  if (form == Form::beta) return boost::math::ibeta(first, second, x, BoostPolicy());
  return standard_normal_cdf(score_of(*this, x));
}

double EstimateLaw::chance_above() const {
  const LawEnds own = ends_of_form(*this);
  if (high >= own.high) return 0;
  if (high <= own.low) return 1;
  const double x = high / times;
  if (form == Form::gamma) return boost::math::gamma_q(first, x / second, BoostPolicy());
  if (form == Form::beta) return boost::math::ibetac(first, second, x, BoostPolicy());
  return standard_normal_cdf(-score_of(*this, x));
}

double EstimateLaw::quantile(double u) const {
  const LawEnds ends = ends_of(*this);
  const double below = chance_below(), p = below + u * (1 - below - chance_above());
  if (u <= 0 || p <= 0) return ends.low;
  if (u >= 1 || p >= 1) return ends.high;
  return std::clamp(times * uncut_quantile(*this, p), ends.low, ends.high);
}

EstimateLaw EstimateLaw::scaled(double by) const {
  EstimateLaw law = *this;
  law.times *= by;
  law.low *= by;
  law.high *= by;
  return law;
}

LawEnds ends_of(const EstimateLaw& law) {
  const LawEnds own = ends_of_form(law);
  return {std::max(own.low, law.low), std::min(own.high, law.high)};
}

LawMoments moments_of(const EstimateLaw& law) {
  constexpr int parts = 4096;
  double sum = 0, squares = 0;
  const double middle = law.quantile(0.5);
  for (int i = 0; i < parts; ++i) {
    const double off = law.quantile((i + 0.5) / parts) - middle;
    sum += off;
    squares += off * off;
  }
  const double mean = sum / parts;
  return {middle + mean, squares / parts - mean * mean};
}

EstimateLaw normal_with_error(double mean, double error) { return law_of(Form::normal, mean, error); }

EstimateLaw normal_with_limits(double mean, double low, double high, double z) {
  return law_of(Form::normal, mean, (high - low) / (2 * z));
}

EstimateLaw log_normal_with_limits(double median, double low, double high, double z) {
  return law_of(Form::log_normal, median, std::log(high / low) / (2 * z));
}

EstimateLaw logit_normal_with_limits(double median, double low, double high, double z) {
  return law_of(Form::logit_normal, median, (log_odds(high) - log_odds(low)) / (2 * z));
}

EstimateLaw gamma_with_error(double mean, double error) {
  const double ratio = mean / error;
  return law_of(Form::gamma, ratio * ratio, error * error / mean);
}

EstimateLaw beta_with_error(double mean, double error) {
  const double k = mean * (1 - mean) / (error * error) - 1;
  return law_of(Form::beta, mean * k, (1 - mean) * k);
}

}  // namespace desist
