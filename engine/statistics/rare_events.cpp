#include "engine/statistics/rare_events.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <Eigen/LU>

#include "engine/statistics/real.hpp"
#include "engine/statistics/root.hpp"
#include "engine/statistics/stratified_tables.hpp"

namespace desist::statistics {

namespace {

/// People with and without the event, in both groups of all tables.
struct Totals {
  std::int64_t a = 0, b = 0, c = 0, d = 0;
};

Totals totals(std::span<const TwoByTwo> tables) {
  Totals t;
  for (const TwoByTwo& each : tables) {
    t.a += each.x1;
    t.b += each.n1 - each.x1;
    t.c += each.x0;
    t.d += each.n0 - each.x0;
  }
  return t;
}

/// What no method here can do without.
SynthesisProblem problem_of(std::span<const TwoByTwo> tables) {
  if (tables.empty()) return SynthesisProblem::no_study;
  for (const TwoByTwo& t : tables) {
    if (t.n1 < 1 || t.n0 < 1 || t.x1 < 0 || t.x0 < 0 || t.x1 > t.n1 || t.x0 > t.n0)
      return SynthesisProblem::impossible_counts;
  }
  const Totals t = totals(tables);
  if (t.a + t.c == 0) return SynthesisProblem::no_events;
  if (t.b + t.d == 0) return SynthesisProblem::everybody_had_the_event;
  if (tables.size() == 1) return SynthesisProblem::one_study;
  if (std::all_of(tables.begin(), tables.end(), [](const TwoByTwo& each) { return each.degenerate(); }))
    return SynthesisProblem::no_information;
  return SynthesisProblem::none;
}

/// What also stands in the way of a ratio.
SynthesisProblem ratio_problem(const Totals& t, EffectMeasure measure) {
  if (measure == EffectMeasure::risk_difference) return SynthesisProblem::none;
  if (t.a == 0 || t.c == 0) return SynthesisProblem::no_events_in_a_group;
  if (measure == EffectMeasure::log_odds_ratio && (t.b == 0 || t.d == 0))
    return SynthesisProblem::everybody_in_a_group_had_the_event;
  return SynthesisProblem::none;
}

/// Of all tables together; empty where the sums leave none.
std::optional<Inference> mantel_haenszel_estimate(std::span<const TwoByTwo> tables, EffectMeasure measure,
                                                  double confidence) {
  const std::vector<TwoByTwo> strata(tables.begin(), tables.end());
  if (measure == EffectMeasure::risk_difference) return mantel_haenszel_risk_difference(strata, confidence);
  const auto ratio = measure == EffectMeasure::log_risk_ratio ? mantel_haenszel_risk_ratio(strata, confidence)
                                                              : mantel_haenszel_odds_ratio(strata, confidence);
  return ratio ? std::optional(ratio->log) : std::nullopt;
}

double scatter_around(std::span<const TwoByTwo> tables, EffectMeasure measure, double centre) {
  double q = 0;
  for (const TwoByTwo& t : tables) {
    if (t.degenerate()) continue;
    if (const auto each = effect_size(t, measure))
      q += (each->effect - centre) * (each->effect - centre) / each->variance;
  }
  return q;
}

std::size_t informative(std::span<const TwoByTwo> tables) {
  return static_cast<std::size_t>(
      std::count_if(tables.begin(), tables.end(), [](const TwoByTwo& t) { return !t.degenerate(); }));
}

}  // namespace

Synthesised<CommonEffect> mantel_haenszel(std::span<const TwoByTwo> tables, EffectMeasure measure, double confidence) {
  if (const auto problem = problem_of(tables); problem != SynthesisProblem::none) return problem;
  if (const auto problem = ratio_problem(totals(tables), measure); problem != SynthesisProblem::none) return problem;
  const auto pooled = mantel_haenszel_estimate(tables, measure, confidence);
  // Finite totals can still leave a sum of products at 0, if events and their absence never meet in one study.
  if (!pooled || !std::isfinite(pooled->estimate) || !(pooled->error > 0) || !std::isfinite(pooled->error))
    return SynthesisProblem::no_information;
  return CommonEffect{*pooled, scatter_around(tables, measure, pooled->estimate), informative(tables)};
}

Synthesised<CommonEffect> peto(std::span<const TwoByTwo> tables, double confidence) {
  if (const auto problem = problem_of(tables); problem != SynthesisProblem::none) return problem;
  double excess = 0, variance = 0;
  struct Part {
    double excess;
    double variance;
  };
  std::vector<Part> parts;
  for (const TwoByTwo& t : tables) {
    if (t.degenerate()) continue;
    const double n = real(t.people());
    const double s1 = real(t.n1) / n, s0 = real(t.n0) / n;
    const double here = real(t.events()) * real(t.people() - t.events()) * s1 * s0 / (n - 1);
    parts.push_back({real(t.x1) - real(t.events()) * s1, here});
    excess += parts.back().excess;
    variance += here;
  }
  const double log_ratio = excess / variance;
  double q = 0;
  for (const Part& each : parts) q += std::pow(each.excess / each.variance - log_ratio, 2) * each.variance;
  return CommonEffect{inference(log_ratio, 1 / std::sqrt(variance), std::nullopt, confidence), q, parts.size()};
}

namespace {

/// The beta-binomial log-likelihood of one group over all studies. The terms of a study are sums over r = 0, 1, ...;
/// `events[r]` is the number of studies with more than r events, and so on.
class GroupLikelihood {
 public:
  void add(std::int64_t x, std::int64_t n) {
    count(events_, x);
    count(without_, n - x);
    count(people_, n);
  }

  struct Terms {
    double value = 0, mean = 0, theta = 0, mean_mean = 0, mean_theta = 0, theta_theta = 0;
  };

  Terms terms(double mean, double theta) const {
    Terms t;
    const auto each = [theta](const std::vector<double>& counts, double base, auto add) {
      for (std::size_t r = 0; r < counts.size(); ++r) {
        const auto step = static_cast<double>(r);
        add(counts[r], step, base + step * theta);
      }
    };
    each(events_, mean, [&t](double many, double r, double inside) {
      const double over = many / inside, squared = over / inside;
      t.value += many * std::log(inside);
      t.mean += over;
      t.theta += r * over;
      t.mean_mean -= squared;
      t.mean_theta -= r * squared;
      t.theta_theta -= r * r * squared;
    });
    each(without_, 1 - mean, [&t](double many, double r, double inside) {
      const double over = many / inside, squared = over / inside;
      t.value += many * std::log(inside);
      t.mean -= over;
      t.theta += r * over;
      t.mean_mean -= squared;
      t.mean_theta += r * squared;
      t.theta_theta -= r * r * squared;
    });
    each(people_, 1, [&t](double many, double r, double inside) {
      t.value -= many * std::log(inside);
      t.theta -= r * many / inside;
      t.theta_theta += r * r * many / (inside * inside);
    });
    return t;
  }

  /// The mean of highest likelihood at this theta: the slope falls from infinity to minus infinity.
  double best_mean(double theta) const {
    const auto slope = [&](double mean) {
      double sum = 0;
      for (std::size_t r = 0; r < events_.size(); ++r) sum += events_[r] / (mean + static_cast<double>(r) * theta);
      for (std::size_t r = 0; r < without_.size(); ++r)
        sum -= without_[r] / (1 - mean + static_cast<double>(r) * theta);
      return sum;
    };
    return root_between(slope, 1e-300, 1 - 1e-16, 1.0);
  }

 private:
  static void count(std::vector<double>& counts, std::int64_t upto) {
    if (counts.size() < static_cast<std::size_t>(upto)) counts.resize(static_cast<std::size_t>(upto), 0.0);
    for (std::int64_t r = 0; r < upto; ++r) counts[static_cast<std::size_t>(r)] += 1;
  }
  std::vector<double> events_;
  std::vector<double> without_;
  std::vector<double> people_;
};

}  // namespace

Synthesised<BetaBinomial> beta_binomial(std::span<const TwoByTwo> tables, double confidence) {
  if (const auto problem = problem_of(tables);
      problem != SynthesisProblem::none && problem != SynthesisProblem::no_information)
    return problem;
  if (const auto problem = ratio_problem(totals(tables), EffectMeasure::log_odds_ratio);
      problem != SynthesisProblem::none)
    return problem;
  std::array<GroupLikelihood, 2> groups;  // group 1, group 0
  for (const TwoByTwo& t : tables) {
    groups[0].add(t.x1, t.n1);
    groups[1].add(t.x0, t.n0);
  }
  struct Point {
    std::array<double, 2> mean{};
    std::array<GroupLikelihood::Terms, 2> terms;
    double value() const { return terms[0].value + terms[1].value; }
    double slope() const { return terms[0].theta + terms[1].theta; }
  };
  const auto at = [&](double theta) {
    Point p;
    for (std::size_t g = 0; g < 2; ++g) {
      p.mean[g] = groups[g].best_mean(theta);
      p.terms[g] = groups[g].terms(p.mean[g], theta);
    }
    return p;
  };
  // At the best means the slope of the profile is the partial slope.
  const auto slope = [&](double theta) { return at(theta).slope(); };
  constexpr double top = 1e4;
  const Point none = at(0);
  double best = 0;
  double height = none.value();
  double left = 0;
  double before = none.slope();
  for (double theta = 1e-8; theta < 2 * top; theta *= 2) {
    const double here = slope(theta);
    if (before > 0 && here <= 0) {
      const double found = root_between(slope, left, theta, 1.0);
      if (const double there = at(found).value(); there > height) {
        best = found;
        height = there;
      }
    }
    left = theta;
    before = here;
  }
  if (before > 0 && at(left).value() > height) return SynthesisProblem::at_the_edge;

  const Point p = at(best);
  Eigen::Matrix2d covariance = Eigen::Matrix2d::Zero();
  if (best == 0) {
    for (int g = 0; g < 2; ++g) covariance(g, g) = -1 / p.terms[static_cast<std::size_t>(g)].mean_mean;
  } else {
    Eigen::Matrix3d information;
    information << -p.terms[0].mean_mean, 0, -p.terms[0].mean_theta, 0, -p.terms[1].mean_mean, -p.terms[1].mean_theta,
        -p.terms[0].mean_theta, -p.terms[1].mean_theta, -p.terms[0].theta_theta - p.terms[1].theta_theta;
    const Eigen::Matrix3d inverse = information.inverse();
    if (!(inverse.diagonal().array() > 0).all()) return SynthesisProblem::at_the_edge;
    covariance = inverse.topLeftCorner<2, 2>();
  }
  const auto effect = [&](double value, double slope1, double slope0) {
    const Eigen::Vector2d gradient(slope1, slope0);
    return inference(value, std::sqrt(gradient.dot(covariance * gradient)), std::nullopt, confidence);
  };
  const double m1 = p.mean[0], m0 = p.mean[1];
  BetaBinomial found;
  found.risk1 = m1;
  found.risk0 = m0;
  found.correlation = best / (1 + best);
  found.binomial = best == 0;
  found.log_likelihood = p.value();
  found.log_likelihood_binomial = none.value();
  found.log_risk_ratio = effect(std::log(m1 / m0), 1 / m1, -1 / m0);
  found.log_odds_ratio =
      effect(std::log(m1 / (1 - m1)) - std::log(m0 / (1 - m0)), 1 / (m1 * (1 - m1)), -1 / (m0 * (1 - m0)));
  found.risk_difference = effect(m1 - m0, 1, -1);
  return found;
}

}  // namespace desist::statistics
