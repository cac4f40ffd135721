#include "engine/statistics/selection_mechanism.hpp"

#include <cmath>
#include <vector>

#include "engine/statistics/gamma_frailty.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/root.hpp"

namespace desist::statistics {
namespace {

constexpr double greatest_power = 5;
/// Between them the logarithm of chi L lies where some complete and some do not.
constexpr double least_log_drop_out = -60, greatest_log_drop_out = 60;

/// Integral over [0, b] of t c exp(-c t): the part of the mean time of a first event at rate c that falls before b.
double time_up_to(double c, double b) {
  if (c * b < 1e-4) return c * b * b * (0.5 - c * b / 3);  // where the difference below would lose its digits
  return -std::expm1(-c * b) / c - b * std::exp(-c * b);
}

/// Integral over [l, b] of t a exp(-a t).
double time_between(double a, double l, double b) { return time_up_to(a, b) - time_up_to(a, l); }

/// Everyone, by points of Z, with what does not change while gamma and chi are looked for.
struct PointsOfRates {
  std::vector<FrailtyPoint> points;
  explicit PointsOfRates(double shape) : points(frailty_points({shape, 1})) {}

  /// E exp(-L chi Z^gamma - s Z).
  double share(double course_drop_out, double by_rate, double exposure) const {
    double sum = 0;
    for (const FrailtyPoint& p : points)
      sum += p.share * std::exp(-course_drop_out * power(p, by_rate) - exposure * p.rate);
    return sum;
  }
  static double power(const FrailtyPoint& p, double by_rate) {
    return by_rate == 0 ? 1 : by_rate == 1 ? p.rate : std::pow(p.rate, by_rate);
  }
};

/// chi L at which the share that completes is pi.
double course_drop_out(const PointsOfRates& people, double by_rate, double breached, double completed_share) {
  const auto excess = [&](double log_drop_out) {
    return people.share(std::exp(log_drop_out), by_rate, breached) - completed_share;
  };
  return std::exp(root_between(excess, least_log_drop_out, greatest_log_drop_out, 1));
}

}  // namespace

SelectionYield selection_yield(const SelectionMechanism& m) {
  require(m.shape > 0, "the shape of a frailty is above 0");
  require(is_amount(m.rate) && is_amount(m.drop_out), "rates of offending and dropping out are 0 or more, and finite");
  require(m.by_rate >= 0 && m.by_rate <= greatest_power, "drop-out goes with the rate to a power from 0 to 5");
  require(is_share(m.breach), "the share of offences that breach is from 0 to 1");
  require(is_amount(m.course) && is_amount(m.followed) && m.course <= m.followed,
          "a course lasts 0 or more, and no longer than people are followed");
  const PointsOfRates people(m.shape);
  const double length = m.course, end = m.followed;
  SelectionYield yield;
  SelectedGroup& all = yield.referred;
  SelectedGroup& completers = yield.completers;
  double breached_by_offence = 0;
  for (const FrailtyPoint& p : people.points) {
    const double a = m.rate * p.rate;
    const double drop = length * m.drop_out * PointsOfRates::power(p, m.by_rate);
    const double breach = length * m.breach * a;
    const double completes = std::exp(-drop - breach);
    const double stays = std::exp(-drop);
    yield.completed_share += p.share * completes;
    all.risk += p.share * -std::expm1(-a * end);
    all.first_time += p.share * time_between(a, 0, end);
    all.offences += p.share * a * end;
    completers.risk += p.share * completes * -std::expm1(breach - a * end);
    // Before the end of the course: (1 - beta) a exp(-beta a L) times the integral of t exp(-(1 - beta) a t).
    completers.first_time +=
        p.share * (completes * time_up_to((1 - m.breach) * a, length) + stays * time_between(a, length, end));
    completers.offences += p.share * completes * a * ((1 - m.breach) * length + end - length);
    if (breach > 0) breached_by_offence += p.share * -std::expm1(-drop - breach) * breach / (drop + breach);
  }
  const auto averaged = [](SelectedGroup sums, double share) {
    const double with = sums.risk;
    sums.risk /= share;
    sums.offences /= share;
    sums.first_time = with > 0 ? sums.first_time / with : 0;
    return sums;
  };
  const double left = 1 - yield.completed_share;
  if (left > 1e-12) {
    const double with = all.risk - completers.risk;
    yield.breachers =
        averaged({with, all.first_time - completers.first_time, all.offences - completers.offences}, left);
    if (with > 0) yield.by_definition = breached_by_offence / with;
  }
  all = averaged(all, 1);
  completers = averaged(completers, yield.completed_share);
  return yield;
}

std::variant<SelectionMechanism, NoMechanism> mechanism_behind(const SelectionShares& shares, double shape,
                                                               double breach, double course, double followed) {
  require(shape > 0, "the shape of a frailty is above 0");
  require(
      shares.referred_risk > 0 && shares.referred_risk < 1 && shares.completed_share > 0 && shares.completed_share < 1,
      "the risk of all referred and the share that completed are between 0 and 1");
  require(is_share(breach), "the share of offences that breach is from 0 to 1");
  require(course > 0 && course <= followed && is_amount(followed),
          "a course lasts longer than 0, and no longer than people are followed");
  SelectionMechanism m;
  m.shape = shape;
  m.breach = breach;
  m.course = course;
  m.followed = followed;
  const double log_calm = std::log1p(-shares.referred_risk);
  m.rate = (std::isinf(shape) ? -log_calm : shape * std::expm1(-log_calm / shape)) / followed;
  const PointsOfRates people(shape);
  const double breached = course * breach * m.rate, offended = followed * m.rate;
  const double not_breached = share_without_event(GammaFrailty{shape, 1}, breached);
  if (not_breached < shares.completed_share) return NoMechanism::breaches_end_too_many;
  const auto excess = [&](double by_rate) {
    m.by_rate = by_rate;
    m.drop_out = course_drop_out(people, by_rate, breached, shares.completed_share) / course;
    return 1 - people.share(course * m.drop_out, by_rate, offended) / shares.completed_share - shares.completer_risk;
  };
  // At gamma = 0 drop-out tells nobody apart, and the risk is the greatest that any gamma of 0 or more gives.
  const double at_none = excess(0);
  if (at_none < -1e-9) return NoMechanism::completers_offend_more;
  if (at_none <= 1e-12) return m;
  if (excess(greatest_power) > 0) return NoMechanism::too_strong;
  excess(root_between(excess, 0, greatest_power, 1));
  return m;
}

}  // namespace desist::statistics
