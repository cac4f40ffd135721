#include "engine/statistics/meta_checks.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include <Eigen/LU>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/real.hpp"
#include "engine/statistics/weighted_fit.hpp"

namespace desist::statistics {

namespace {

Eigen::Index index(std::size_t i) { return static_cast<Eigen::Index>(i); }
Synthesised<Subgroups> separate(const std::map<std::size_t, std::vector<EffectSize>>& by_label,
                                const SynthesisMethod& method) {
  Subgroups found;
  double weight_sum = 0;
  double mean = 0;
  for (const auto& [label, members] : by_label) {
    if (members.size() == 1) {
      found.groups.push_back(
          {label, 1,
           inference(members.front().effect, std::sqrt(members.front().variance), std::nullopt, method.confidence), 0});
    } else {
      const auto fit = pool(members, method);
      if (!fit) return fit.problem();
      found.groups.push_back({label, members.size(), fit->pooled(), fit->tau2.value});
    }
    const Inference& pooled = found.groups.back().pooled;
    const double weight = 1 / (pooled.error * pooled.error);
    weight_sum += weight;
    mean += weight * pooled.estimate;
  }
  mean /= weight_sum;
  for (const auto& group : found.groups)
    found.between.statistic += std::pow((group.pooled.estimate - mean) / group.pooled.error, 2);
  found.between.df = found.groups.size() - 1;
  found.between.p = chi_square_tail(found.between.statistic, real(found.between.df));
  return found;
}

}  // namespace

Synthesised<Subgroups> subgroups(std::span<const EffectSize> studies, std::span<const std::size_t> group,
                                 SubgroupSpread spread, const SynthesisMethod& method) {
  const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(index(studies.size()), 1);
  if (const auto problem = problem_of(studies, ones); problem != SynthesisProblem::none) return problem;
  std::map<std::size_t, std::vector<EffectSize>> by_label;
  for (std::size_t i = 0; i < studies.size(); ++i) by_label[group[i]].push_back(studies[i]);
  if (by_label.size() < 2) return SynthesisProblem::collinear_moderators;
  if (spread == SubgroupSpread::separate) return separate(by_label, method);

  // One column a label gives the means; the same with an intercept gives the test.
  Eigen::MatrixXd cells = Eigen::MatrixXd::Zero(index(studies.size()), index(by_label.size()));
  for (std::size_t i = 0; i < studies.size(); ++i)
    cells(index(i), std::distance(by_label.begin(), by_label.find(group[i]))) = 1;
  const auto means = meta_regression(studies, cells, method);
  if (!means) return means.problem();
  Eigen::MatrixXd contrasts = cells;
  contrasts.col(0).setOnes();
  const auto differences = meta_regression(studies, contrasts, method);
  if (!differences) return differences.problem();
  Subgroups found;
  for (const auto& [label, members] : by_label)
    found.groups.push_back({label, members.size(), means->effects[found.groups.size()], means->tau2.value});
  found.between = moderator_test(*differences).value();
  return found;
}

Synthesised<std::vector<StudyInfluence>> influence(std::span<const EffectSize> studies, const Eigen::MatrixXd& columns,
                                                   const SynthesisMethod& method) {
  const auto full = meta_regression(studies, columns, method);
  if (!full) return full.problem();
  const Eigen::Index k = columns.rows();
  const Eigen::Index p = columns.cols();
  Eigen::VectorXd y(k);
  Eigen::VectorXd v(k);
  for (Eigen::Index i = 0; i < k; ++i) {
    y(i) = studies[static_cast<std::size_t>(i)].effect;
    v(i) = studies[static_cast<std::size_t>(i)].variance;
  }
  const WeightedFit fit(y, columns, (v.array() + full->tau2.value).inverse().matrix());
  const Eigen::VectorXd hat = fit.leverages();
  const Eigen::MatrixXd inverse_covariance = full->covariance.inverse();
  const double cook_median = chi_square_quantile(0.5, static_cast<double>(p));

  std::vector<StudyInfluence> rows;
  for (Eigen::Index i = 0; i < k; ++i) {
    std::vector<EffectSize> others(studies.begin(), studies.end());
    others.erase(others.begin() + i);
    Eigen::MatrixXd kept(k - 1, p);
    kept << columns.topRows(i), columns.bottomRows(k - 1 - i);
    const auto without = meta_regression(others, kept, method);
    if (!without) return without.problem();
    const Eigen::VectorXd here = columns.row(i).transpose();
    Eigen::VectorXd coefficients(p);
    for (Eigen::Index j = 0; j < p; ++j) coefficients(j) = without->effects[static_cast<std::size_t>(j)].estimate;
    const double predicted = here.dot(coefficients);
    const double factor = without->factor;
    const double spread = factor * (v(i) + without->tau2.value);
    const Eigen::VectorXd change = fit.coefficients() - coefficients;
    const WeightedFit with_its_tau(y, columns, (v.array() + without->tau2.value).inverse().matrix());

    StudyInfluence row;
    row.studentised_residual = (y(i) - predicted) / std::sqrt(spread + here.dot(without->covariance * here));
    row.dffits = (here.dot(fit.coefficients()) - predicted) / std::sqrt(hat(i) * spread);
    row.cook_distance = change.dot(inverse_covariance * change);
    row.covariance_ratio = without->covariance.determinant() / full->covariance.determinant();
    row.tau2 = without->tau2.value;
    row.q = without->q;
    row.hat = hat(i);
    row.weight = full->weights[static_cast<std::size_t>(i)];
    row.effects.assign(coefficients.begin(), coefficients.end());
    bool moves_one = false;
    for (Eigen::Index j = 0; j < p; ++j) {
      row.dfbetas.push_back(change(j) / std::sqrt(factor * with_its_tau.inverse()(j, j)));
      moves_one = moves_one || std::abs(row.dfbetas.back()) > 1;
    }
    const auto count = static_cast<double>(p);
    const auto all = static_cast<double>(k);
    row.influential = std::abs(row.dffits) > 3 * std::sqrt(count / (all - count)) || row.cook_distance > cook_median ||
                      row.hat > 3 * count / all || moves_one;
    rows.push_back(row);
  }
  return rows;
}

namespace {

Eigen::MatrixXd with_standard_errors(std::span<const EffectSize> studies) {
  Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(index(studies.size()), 2);
  for (std::size_t i = 0; i < studies.size(); ++i) columns(index(i), 1) = std::sqrt(studies[i].variance);
  return columns;
}

}  // namespace

Synthesised<FunnelAsymmetry> funnel_asymmetry(std::span<const EffectSize> studies) {
  // Weighted least squares with a multiplicative error is the fixed-effect regression with Knapp-Hartung's factor.
  const auto fit = meta_regression(studies, with_standard_errors(studies),
                                   {TauEstimator::fixed_effect, PooledErrors::knapp_hartung, usual_confidence});
  if (!fit) return fit.problem();
  const Inference& slope = fit->effects[1];
  return FunnelAsymmetry{slope.estimate, slope.estimate / slope.error, real(fit->df), slope.p};
}

Synthesised<TrimAndFill> trim_and_fill(std::span<const EffectSize> studies, const SynthesisMethod& method) {
  const SynthesisMethod plain{method.tau, PooledErrors::normal, method.confidence};
  const auto slope = meta_regression(studies, with_standard_errors(studies), plain);
  if (!slope) return slope.problem();
  TrimAndFill found;
  found.side = slope->effects[1].estimate < 0 ? FunnelSide::high : FunnelSide::low;
  const double sign = found.side == FunnelSide::high ? -1 : 1;
  std::vector<EffectSize> sorted(studies.begin(), studies.end());
  for (EffectSize& each : sorted) each.effect *= sign;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const EffectSize& a, const EffectSize& b) { return a.effect < b.effect; });
  const std::size_t k = sorted.size();
  double centre = 0;
  for (int step = 0;; ++step) {
    if (step == 100) return SynthesisProblem::not_settled;
    const auto trimmed = pool(std::span(sorted).first(k - found.missing), plain);
    if (!trimmed) return trimmed.problem();
    centre = trimmed->pooled().estimate;
    std::vector<std::size_t> by_distance(k);
    std::iota(by_distance.begin(), by_distance.end(), std::size_t{0});
    std::stable_sort(by_distance.begin(), by_distance.end(), [&](std::size_t a, std::size_t b) {
      return std::abs(sorted[a].effect - centre) < std::abs(sorted[b].effect - centre);
    });
    double rank_sum = 0;
    for (std::size_t rank = 0; rank < k; ++rank)
      if (sorted[by_distance[rank]].effect > centre) rank_sum += real(rank + 1);
    // L0 = (4 T - k (k + 1))/(2 k - 1), rounded half to even.
    const double estimate = (4 * rank_sum - real(k) * real(k + 1)) / (2 * real(k) - 1);
    const auto without = static_cast<std::size_t>(std::max(0.0, std::nearbyint(estimate)));
    if (without == found.missing) break;
    found.missing = without;
  }
  std::vector<EffectSize> all(studies.begin(), studies.end());
  for (std::size_t i = k - found.missing; i < k; ++i) {
    found.filled.push_back({sign * (2 * centre - sorted[i].effect), sorted[i].variance});
    all.push_back(found.filled.back());
  }
  const auto fit = pool(all, method);
  if (!fit) return fit.problem();
  found.with_filled = *fit;
  return found;
}

}  // namespace desist::statistics
