#include "engine/search/identify.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/random/distributions.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Rows = std::vector<std::vector<double>>;

constexpr int rounds_of_a_profile = 8;
constexpr std::uint64_t attempts_of_a_round = 8;  // in each tenth that is still open
/// A combination is worth naming where its spread is below this part of that of each of its parts, and of the prior's.
constexpr double much_better_known = 0.5;

struct MeanAndVariance {
  double mean = 0, variance = 0;
};
struct MomentsOf {
  MeanAndVariance operator()(const UniformLaw& law) const {
    const UniformDistribution d{law.low, law.high};
    return {d.mean(), d.variance()};
  }
  MeanAndVariance operator()(const TriangularLaw& law) const {
    const TriangularDistribution d{law.low, law.likely, law.high};
    return {d.mean(), d.variance()};
  }
  MeanAndVariance operator()(const CountLaw& law) const {
    const BetaDistribution d{static_cast<double>(law.count) + 0.5, static_cast<double>(law.of - law.count) + 0.5};
    return {d.mean(), d.variance()};
  }
  MeanAndVariance operator()(const EstimateLaw& law) const {
    const LawMoments moments = moments_of(law);
    return {moments.mean, moments.variance};
  }
  MeanAndVariance operator()(const FixedLaw& law) const { return {law.value, 0}; }
  MeanAndVariance operator()(const PosteriorLaw&) const { return {}; }  // not informed: refused before
};

std::vector<double> equal_weights(std::size_t count) {
  return std::vector<double>(count, 1 / static_cast<double>(count));
}

std::vector<double> column(const Rows& rows, std::size_t at) {
  std::vector<double> values;
  for (const auto& row : rows) values.push_back(row[at]);
  return values;
}

MatrixXd covariance_of(const Rows& rows, const std::vector<double>& weights) {
  const auto d = static_cast<Index>(rows.front().size());
  Eigen::VectorXd mean = Eigen::VectorXd::Zero(d);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (Index k = 0; k < d; ++k) mean(k) += weights[i] * rows[i][static_cast<std::size_t>(k)];
  MatrixXd covariance = MatrixXd::Zero(d, d);
  for (std::size_t i = 0; i < rows.size(); ++i)
    for (Index k = 0; k < d; ++k)
      for (Index l = 0; l < d; ++l)
        covariance(k, l) += weights[i] * (rows[i][static_cast<std::size_t>(k)] - mean(k)) *
                            (rows[i][static_cast<std::size_t>(l)] - mean(l));
  return covariance;
}

bool is_positive(const Rows& rows, std::size_t at) {
  return std::all_of(rows.begin(), rows.end(), [at](const auto& row) { return row[at] > 0; });
}

/// sum of powers_i x_i over covariance C: powers' C powers.
double variance_of(const MatrixXd& covariance, const std::vector<Index>& members, const std::vector<int>& powers) {
  double sum = 0;
  for (std::size_t i = 0; i < members.size(); ++i)
    for (std::size_t j = 0; j < members.size(); ++j) sum += powers[i] * powers[j] * covariance(members[i], members[j]);
  return sum;
}

/// Vectors that are told apart from those taken before: whether a new one lies in their span.
class Span {
 public:
  bool takes(std::vector<double> vector) {
    for (const auto& base : basis_) {
      std::size_t lead = 0;
      while (base[lead] == 0) ++lead;
      const double factor = vector[lead] / base[lead];
      for (std::size_t k = 0; k < vector.size(); ++k) vector[k] -= factor * base[k];
    }
    for (double& x : vector)
      if (std::abs(x) < 1e-9) x = 0;
    if (std::all_of(vector.begin(), vector.end(), [](double x) { return x == 0; })) return false;
    basis_.push_back(std::move(vector));
    return true;
  }

 private:
  std::vector<std::vector<double>> basis_;
};

}  // namespace

bool ParameterFit::is_identified() const {
  return std::any_of(profile.begin(), profile.end(), [&](double d) { return !(d <= profile_missed); });
}

Rows values_of(const Attempts& attempts, const Population& population) {
  Rows rows;
  for (const auto& scores : population.scores) {
    std::vector<double> row(scores.size());
    attempts.values(scores, row);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<ParameterFit> parameter_fits(const Calibration& calibration, const Attempts& attempts,
                                         const ParameterDraws& draws, const Population& kept) {
  const Rows values = values_of(attempts, kept);
  std::vector<ParameterFit> fits;
  for (std::size_t p = 0; p < calibration.informed.size(); ++p) {
    ParameterFit fit;
    fit.parameter = calibration.informed[p];
    const MeanAndVariance prior = std::visit(MomentsOf{}, draws.parameters()[fit.parameter].law);
    fit.before = {prior.mean, std::sqrt(prior.variance), draws.quantile(fit.parameter, 0.025),
                  draws.quantile(fit.parameter, 0.5), draws.quantile(fit.parameter, 0.975)};
    fit.after = spread_of(column(values, p), kept.weights, kept.left_by_moving);
    fit.contraction = 1 - fit.after.sd / fit.before.sd;
    for (std::size_t tenth = 0; tenth < Nearest::tenths; ++tenth)
      fit.profile_at.push_back(
          draws.quantile(fit.parameter, (static_cast<double>(tenth) + 0.5) / static_cast<double>(Nearest::tenths)));
    fits.push_back(std::move(fit));
  }
  return fits;
}

std::vector<Direction> principal_directions(const Rows& before, const Rows& after, const std::vector<double>& weights) {
  Rows first = before, then = after;
  const std::size_t d = before.front().size();
  for (std::size_t p = 0; p < d; ++p) {
    const bool logs = is_positive(before, p) && is_positive(after, p);
    for (Rows* rows : {&first, &then})
      for (auto& row : *rows) row[p] = logs ? std::log(row[p]) : row[p];
  }
  const MatrixXd prior = covariance_of(first, equal_weights(first.size()));
  const Eigen::VectorXd scale = prior.diagonal().cwiseSqrt();
  const Eigen::VectorXd inverse_scale = scale.cwiseInverse();
  const MatrixXd c0 = inverse_scale.asDiagonal() * prior * inverse_scale.asDiagonal();
  const MatrixXd c1 = inverse_scale.asDiagonal() * covariance_of(then, weights) * inverse_scale.asDiagonal();
  const statistics::Cholesky factor(c0);
  if (!factor.positive()) return {};
  // v' C1 v / v' C0 v is stationary where v = L^-T u, u an eigenvector of L^-1 C1 L^-T, C0 = L L'.
  const MatrixXd inverse = factor.lower_inverse();
  const statistics::SymmetricEigen eigen = statistics::eigen_of_symmetric(inverse * c1 * inverse.transpose());
  std::vector<Direction> directions;
  for (Index e = 0; e < static_cast<Index>(d); ++e) {
    Eigen::VectorXd v = inverse.transpose() * eigen.vectors.col(e);
    v /= v.norm();
    Index most = 0;
    v.cwiseAbs().maxCoeff(&most);
    if (v(most) < 0) v = -v;
    Direction direction;
    direction.contraction = 1 - std::sqrt(std::max(0.0, eigen.values(e)));
    for (Index k = 0; k < static_cast<Index>(d); ++k) direction.loadings.push_back(v(k));
    directions.push_back(std::move(direction));
  }
  return directions;
}

std::vector<Combination> combinations(const Rows& before, const Rows& after, const std::vector<double>& weights) {
  std::vector<std::size_t> positive;
  for (std::size_t p = 0; p < before.front().size(); ++p)
    if (is_positive(before, p) && is_positive(after, p)) positive.push_back(p);
  if (positive.size() < 2) return {};
  const auto logs = [&](const Rows& rows) {
    Rows all;
    for (const auto& row : rows) {
      auto& each = all.emplace_back();
      for (const std::size_t p : positive) each.push_back(std::log(row[p]));
    }
    return all;
  };
  const MatrixXd prior = covariance_of(logs(before), equal_weights(before.size()));
  const MatrixXd posterior = covariance_of(logs(after), weights);
  std::vector<Combination> found;
  const auto consider = [&](const std::vector<Index>& members, const std::vector<int>& powers) {
    const double here = std::sqrt(std::max(0.0, variance_of(posterior, members, powers)));
    double parts = infinity, alone = parts;
    for (unsigned chosen = 1; chosen + 1 < (1U << members.size()); ++chosen) {
      std::vector<Index> some;
      std::vector<int> their;
      for (std::size_t i = 0; i < members.size(); ++i)
        if (chosen >> i & 1U) {
          some.push_back(members[i]);
          their.push_back(powers[i]);
        }
      const double part = std::sqrt(std::max(0.0, variance_of(posterior, some, their)));
      parts = std::min(parts, part);
      if (some.size() == 1) alone = std::min(alone, part);
    }
    const double contraction = 1 - here / std::sqrt(variance_of(prior, members, powers));
    if (!(here < much_better_known * parts && contraction >= 1 - much_better_known)) return;
    Combination combination;
    for (const Index m : members) combination.fits.push_back(positive[static_cast<std::size_t>(m)]);
    combination.powers = powers;
    combination.contraction = contraction;
    combination.log_sd = here;
    combination.least_log_sd_alone = alone;
    found.push_back(std::move(combination));
  };
  const auto n = static_cast<Index>(positive.size());
  for (Index i = 0; i < n; ++i)
    for (Index j = i + 1; j < n; ++j)
      for (const int second : {1, -1}) {
        consider({i, j}, {1, second});
        for (Index k = j + 1; k < n; ++k)
          for (const int third : {1, -1}) consider({i, j, k}, {1, second, third});
      }
  std::stable_sort(found.begin(), found.end(),
                   [](const Combination& a, const Combination& b) { return a.log_sd < b.log_sd; });
  Span span;
  std::vector<Combination> kept;
  for (Combination& each : found) {
    std::vector<double> vector(before.front().size(), 0.0);
    for (std::size_t i = 0; i < each.fits.size(); ++i) vector[each.fits[i]] = each.powers[i];
    if (!span.takes(std::move(vector))) continue;
    std::vector<double> values;
    for (const auto& row : after) {
      double value = 1;
      for (std::size_t i = 0; i < each.fits.size(); ++i) value *= std::pow(row[each.fits[i]], each.powers[i]);
      values.push_back(value);
    }
    const SpreadOf spread = spread_of(values, weights);
    each.low = spread.low;
    each.middle = spread.middle;
    each.high = spread.high;
    kept.push_back(std::move(each));
  }
  return kept;
}

bool search_profiles(const Calibration& calibration, const Attempts& attempts, Sampled& sampled,
                     const RunControl& control, std::vector<ParameterFit>& fits) {
  const bool synthetic = calibration.method == Calibration::Method::synthetic;
  // Of a likelihood: within 1.92 of the best, which a chi-square of one degree of freedom stays below 95 times in 100.
  constexpr double near_the_best = 1.920729410347062;
  // A search of few rounds ends near the nearest set of a tenth, not at it: a tenth that ends within twice the
  // tolerance is not said to miss the targets.
  constexpr double as_far_again = 2;
  const auto best = [&] {
    double least = infinity;
    for (std::size_t tenth = 0; tenth < Nearest::tenths; ++tenth)
      least = std::min(least, sampled.nearest.at(0, tenth).distance);
    return least;
  };
  const auto limit = [&] { return synthetic ? best() + near_the_best : sampled.tolerance; };
  const Kernel kernel(sampled.kept);
  for (int round = 0; round < rounds_of_a_profile; ++round) {
    std::vector<std::array<std::size_t, 2>> open;
    for (std::size_t p = 0; p < fits.size(); ++p)
      for (std::size_t tenth = 0; tenth < Nearest::tenths; ++tenth) {
        const Nearest::Place& place = sampled.nearest.at(p, tenth);
        if (!place.scores.empty() && !(place.distance <= limit())) open.push_back({p, tenth});
      }
    if (open.empty()) break;
    const Nearest from = sampled.nearest;  // as it stood: places move while others are proposed
    const std::uint64_t begun = sampled.attempts;
    const auto about_the_best = [&](std::uint64_t index, Stream& luck, std::vector<double>& scores) {
      const auto [parameter, tenth] = open[(index - begun) / attempts_of_a_round];
      const std::vector<double>& place = from.at(parameter, tenth).scores;
      double shrunk = std::ldexp(4.0, -static_cast<int>((index - begun) % 4));
      for (int tried = 0; tried < 20; ++tried, shrunk /= 2) {
        kernel.step(luck, place, shrunk, scores);
        if (from.tenth_of(scores, parameter) == tenth) return;
      }
      scores = place;
    };
    const auto note = [&](std::uint64_t index, const Attempt& attempt) {
      sampled.attempts = index + 1;
      const double distance = synthetic ? -synthetic_log_likelihood(calibration, sampled.on_log_scale, attempt.outcomes)
                                        : distance_of(calibration.targets, sampled.scales, attempt.outcomes);
      sampled.nearest.note(attempt.scores, distance);
      return true;
    };
    const auto never = [](const Attempt&) { return false; };  // nothing is kept
    const std::uint64_t end = begun + open.size() * attempts_of_a_round;
    if (!attempts.run(begun, end, about_the_best, never, note, control)) return false;
  }
  const double least = best(), met = limit();
  for (std::size_t p = 0; p < fits.size(); ++p) {
    fits[p].profile_limit = synthetic ? std::sqrt(2 * near_the_best) : met;
    fits[p].profile_missed = synthetic ? fits[p].profile_limit : as_far_again * met;
    for (std::size_t tenth = 0; tenth < Nearest::tenths; ++tenth) {
      const double d = sampled.nearest.at(p, tenth).distance;
      fits[p].profile.push_back(synthetic ? std::sqrt(2 * (d - least)) : d);
    }
  }
  return true;
}

}  // namespace desist
