#include "engine/statistics/course_drop_out.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/gamma_frailty.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

/// Shapes between which one is looked for: beyond, the selection is as at the end to all digits that tables have.
constexpr double least_of_shapes = 1e-3;
constexpr double most_of_shapes = 1e6;

}  // namespace

CourseRisks course_risks(const CourseDropOut& c) {
  require(c.shape > 0, "the shape of a frailty is above 0");
  require(is_amount(c.rate) && is_amount(c.drop_out), "rates of offending and dropping out are 0 or more, and finite");
  require(is_share(c.breach), "the share of offences that breach is from 0 to 1");
  require(is_amount(c.course) && is_amount(c.followed) && c.course <= c.followed,
          "a course lasts 0 or more, and no longer than people are followed");
  // Exposures of a frailty with mean 1: until an end of the course, until an offence, until either.
  const GammaFrailty people{c.shape, 1};
  const double ended = c.course * (c.drop_out + c.breach * c.rate);
  const double offended = c.rate * c.followed;
  const double either = c.course * c.drop_out + offended;
  CourseRisks risks;
  risks.completed_share = share_without_event(people, ended);
  risks.referred_risk = share_with_event(people, offended);
  // P(no offence | completed), by logarithms of both laws so that small risks keep their digits
  const double log_calm =
      std::isinf(c.shape) ? ended - either : c.shape * (std::log1p(ended / c.shape) - std::log1p(either / c.shape));
  risks.completer_risk = -std::expm1(log_calm);
  if (risks.completed_share < 1)
    risks.breach_risk = std::clamp(
        (risks.referred_risk - risks.completed_share * risks.completer_risk) / share_with_event(people, ended), 0.0,
        1.0);
  return risks;
}

std::optional<double> shape_behind_completers(double referred_risk, double completed_share, double completer_risk) {
  require(referred_risk > 0 && referred_risk < 1 && completed_share > 0 && completed_share < 1,
          "the risk of all referred and the share that completed are between 0 and 1");
  require(completer_risk >= 0 && completer_risk < 1, "the risk of completers is from 0 to below 1");
  if (completer_risk == referred_risk) return std::numeric_limits<double>::infinity();
  const double log_pi = std::log(completed_share);
  const double log_calm = std::log1p(-referred_risk);
  const double target = log_pi + std::log1p(-completer_risk);
  // log of the joint survival (Clayton 1978), by the larger of the two powers so that none overflows
  const auto excess = [&](double log_shape) {
    const double k = std::exp(log_shape);
    const double u = -log_pi / k;
    const double v = -log_calm / k;
    const double top = std::max(u, v);
    return -k * (top + std::log(std::exp(u - top) + std::exp(v - top) - std::exp(-top))) - target;
  };
  const double low = std::log(least_of_shapes);
  const double high = std::log(most_of_shapes);
  if (excess(low) < 0 || excess(high) > 0) return std::nullopt;
  return std::exp(root_between(excess, low, high, 1));
}

}  // namespace desist::statistics
