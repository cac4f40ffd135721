#include "engine/statistics/cost_effectiveness.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "engine/statistics/proportion.hpp"
#include "engine/statistics/ranges.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;

bool all_are_finite(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
}

/// Whether an arm before or after `rows[i]` costs no more and does no less; of arms alike only the later ones are.
bool is_dominated(const std::vector<IcerRow>& rows, std::size_t i) {
  for (std::size_t j = 0; j < rows.size(); ++j) {
    if (j == i || rows[j].cost > rows[i].cost || rows[j].effect < rows[i].effect) continue;
    const bool alike = rows[j].cost == rows[i].cost && rows[j].effect == rows[i].effect;
    if (!alike || j < i) return true;
  }
  return false;
}

double ratio_between(const IcerRow& from, const IcerRow& to) {
  return (to.cost - from.cost) / (to.effect - from.effect);
}

}  // namespace

std::vector<IcerRow> icer_table(std::span<const double> costs, std::span<const double> effects) {
  require(!costs.empty() && costs.size() == effects.size(),
          "a table of ratios needs a cost and an effect of every arm");
  require(all_are_finite(costs) && all_are_finite(effects), "a table of ratios needs finite costs and effects");
  std::vector<IcerRow> rows;
  for (std::size_t arm = 0; arm < costs.size(); ++arm) {
    IcerRow& row = rows.emplace_back();
    row.arm = arm;
    row.cost = costs[arm];
    row.effect = effects[arm];
  }
  std::stable_sort(rows.begin(), rows.end(), [](const IcerRow& a, const IcerRow& b) {
    return a.cost != b.cost ? a.cost < b.cost : a.effect > b.effect;
  });
  std::vector<std::size_t> left;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (is_dominated(rows, i)) {
      rows[i].status = Dominance::dominated;
      continue;
    }
    // Both costs and effects rise along what is left; ratios must too.
    while (left.size() >= 2 &&
           ratio_between(rows[left[left.size() - 2]], rows[left.back()]) > ratio_between(rows[left.back()], rows[i])) {
      rows[left.back()].status = Dominance::extendedly_dominated;
      left.pop_back();
    }
    left.push_back(i);
  }
  for (std::size_t k = 1; k < left.size(); ++k) {
    IcerRow& row = rows[left[k]];
    const IcerRow& before = rows[left[k - 1]];
    row.incremental_cost = row.cost - before.cost;
    row.incremental_effect = row.effect - before.effect;
    row.icer = ratio_between(before, row);
  }
  return rows;
}

Eigen::MatrixXd net_benefits(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects, double threshold) {
  require(costs.rows() == effects.rows() && costs.cols() == effects.cols(),
          "costs and effects have one row a draw and one column an arm");
  return threshold * effects - costs;
}

ShareOfDraws share_of_draws(std::int64_t count, std::int64_t draws) {
  require(draws >= 1 && count >= 0 && count <= draws,
          "a share of draws needs a draw, and at most as many as there are");
  constexpr double limits_in_errors = 1.959963984540054;  // of 95%, both sides
  const double p = real(count) / real(draws);
  const Interval limits = clopper_pearson({count, draws});
  const bool all_or_none = count == 0 || count == draws;
  return {p, all_or_none ? (limits.high - limits.low) / limits_in_errors : std::sqrt(p * (1 - p) / real(draws)),
          limits};
}

ShareOfDraws chance_of_paying(std::span<const double> net_benefit) {
  const auto above = std::count_if(net_benefit.begin(), net_benefit.end(), [](double value) { return value > 0; });
  return share_of_draws(above, std::ssize(net_benefit));
}

ThresholdTally::ThresholdTally(std::vector<double> thresholds, std::size_t arms)
    : thresholds_(std::move(thresholds)), arms_(arms), cost_sums_(arms), effect_sums_(arms) {
  require(arms >= 1 && !thresholds_.empty() && all_are_finite(thresholds_), "a tally needs arms and finite thresholds");
  require(std::adjacent_find(thresholds_.begin(), thresholds_.end(), std::greater_equal<>()) == thresholds_.end(),
          "the thresholds of a tally rise");
  starts_.resize(thresholds_.size() * arms_);
  losses_.resize(thresholds_.size() * arms_);
}

void ThresholdTally::add(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects) {
  require(std::cmp_equal(costs.cols(), arms_) && costs.cols() == effects.cols() && costs.rows() == effects.rows(),
          "costs and effects have one row a draw and one column an arm");
  require(costs.allFinite() && effects.allFinite(), "costs and effects are finite");
  std::vector<double> cost(arms_), effect(arms_);
  for (Index d = 0; d < costs.rows(); ++d) {
    for (std::size_t arm = 0; arm < arms_; ++arm) {
      cost[arm] = costs(d, static_cast<Index>(arm));
      effect[arm] = effects(d, static_cast<Index>(arm));
      cost_sums_[arm] += cost[arm];
      effect_sums_[arm] += effect[arm];
    }
    add_draw(cost.data(), effect.data());
  }
  draws_ += costs.rows();
}

std::size_t ThresholdTally::best_at(std::size_t threshold, const double* costs, const double* effects) const {
  const double price = thresholds_[threshold];
  std::size_t best = 0;
  double most = price * effects[0] - costs[0];
  for (std::size_t arm = 1; arm < arms_; ++arm) {
    const double value = price * effects[arm] - costs[arm];
    best = value > most ? arm : best;
    most = value > most ? value : most;
  }
  return best;
}

std::size_t ThresholdTally::end_of_stretch(std::size_t from, std::size_t best, const double* costs,
                                           const double* effects) const {
  double overtaken = std::numeric_limits<double>::infinity();
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    const double more = effects[arm] - effects[best], dearer = costs[arm] - costs[best];
    if (more > 0) overtaken = std::min(overtaken, dearer / more);
  }
  const auto start = thresholds_.begin() + static_cast<std::ptrdiff_t>(from) + 1;
  auto end = static_cast<std::size_t>(std::lower_bound(start, thresholds_.end(), overtaken) - thresholds_.begin());
  // Net benefits decide, ties and rounding included.
  while (end < thresholds_.size() && best_at(end, costs, effects) == best) ++end;
  while (end > from + 1 && best_at(end - 1, costs, effects) != best) --end;
  return end;
}

void ThresholdTally::add_draw(const double* costs, const double* effects) {
  for (std::size_t from = 0; from < thresholds_.size();) {
    const std::size_t best = best_at(from, costs, effects);
    const std::size_t end = end_of_stretch(from, best, costs, effects);
    add_stretch(from, end, best, costs, effects);
    from = end;
  }
}

void ThresholdTally::LossMoments::add(double sign, double effect_of_loss, double cost_of_loss) {
  effect += sign * effect_of_loss;
  cost += sign * cost_of_loss;
  effect_squared += sign * effect_of_loss * effect_of_loss;
  effect_cost += sign * effect_of_loss * cost_of_loss;
  cost_squared += sign * cost_of_loss * cost_of_loss;
}

void ThresholdTally::LossMoments::add(const LossMoments& other) {
  effect += other.effect;
  cost += other.cost;
  effect_squared += other.effect_squared;
  effect_cost += other.effect_cost;
  cost_squared += other.cost_squared;
}

void ThresholdTally::add_stretch(std::size_t from, std::size_t end, std::size_t best, const double* costs,
                                 const double* effects) {
  const bool goes_on = end == thresholds_.size();
  ++starts_[at(from, best)];
  if (!goes_on) --starts_[at(end, best)];
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    if (arm == best) continue;
    const double effect = effects[best] - effects[arm], cost = costs[best] - costs[arm];
    losses_[at(from, arm)].add(1, effect, cost);
    if (!goes_on) losses_[at(end, arm)].add(-1, effect, cost);
  }
}

void ThresholdTally::merge(const ThresholdTally& later) {
  require(thresholds_ == later.thresholds_ && arms_ == later.arms_,
          "only tallies of the same thresholds and arms merge");
  draws_ += later.draws_;
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    cost_sums_[arm] += later.cost_sums_[arm];
    effect_sums_[arm] += later.effect_sums_[arm];
  }
  for (std::size_t i = 0; i < starts_.size(); ++i) starts_[i] += later.starts_[i];
  for (std::size_t i = 0; i < losses_.size(); ++i) losses_[i].add(later.losses_[i]);
}

std::vector<ThresholdResult> ThresholdTally::results() const {
  require(draws_ >= 2, "results by threshold need two draws");
  const double n = real(draws_);
  std::vector<ThresholdResult> all(thresholds_.size());
  for (std::size_t arm = 0; arm < arms_; ++arm) {
    std::int64_t best = 0;
    LossMoments m;
    for (std::size_t t = 0; t < all.size(); ++t) {
      const double price = all[t].threshold = thresholds_[t];
      best += starts_[at(t, arm)];
      m.add(losses_[at(t, arm)]);
      const double mean = std::max(0.0, (price * m.effect - m.cost) / n);
      const double squares = (price * (price * m.effect_squared - 2 * m.effect_cost) + m.cost_squared) / n;
      all[t].mean_net_benefit.push_back((price * effect_sums_[arm] - cost_sums_[arm]) / n);
      all[t].best_share.push_back(share_of_draws(best, draws_));
      all[t].expected_loss.push_back(mean);
      all[t].loss_error.push_back(std::sqrt(std::max(0.0, squares - mean * mean) / (n - 1)));
    }
  }
  for (ThresholdResult& result : all) {
    const auto greatest = std::max_element(result.mean_net_benefit.begin(), result.mean_net_benefit.end());
    result.best = static_cast<std::size_t>(greatest - result.mean_net_benefit.begin());
  }
  return all;
}

std::vector<ThresholdResult> results_by_threshold(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects,
                                                  std::span<const double> thresholds) {
  ThresholdTally tally({thresholds.begin(), thresholds.end()}, static_cast<std::size_t>(costs.cols()));
  tally.add(costs, effects);
  return tally.results();
}

RatioOfMeans ratio_of_means(std::span<const double> numerator, std::span<const double> denominator) {
  require(numerator.size() >= 2 && numerator.size() == denominator.size(),
          "a ratio of means needs two draws, with a value of both in each");
  require(all_are_finite(numerator) && all_are_finite(denominator), "a ratio of means needs finite values");
  const double n = real(numerator.size());
  RatioOfMeans found;
  found.numerator = std::accumulate(numerator.begin(), numerator.end(), 0.0) / n;
  found.denominator = std::accumulate(denominator.begin(), denominator.end(), 0.0) / n;
  found.by_draw = std::all_of(denominator.begin(), denominator.end(), [](double value) { return value > 0; });
  if (!(found.denominator > 0)) return found;
  const double ratio = found.numerator / found.denominator;
  double squares = 0;  // of (a - ratio b), whose mean is 0
  for (std::size_t d = 0; d < numerator.size(); ++d) {
    const double rest = (numerator[d] - found.numerator) - ratio * (denominator[d] - found.denominator);
    squares += rest * rest;
  }
  found.ratio = ratio;
  found.error = std::sqrt(squares / (n - 1) / n) / found.denominator;
  return found;
}

}  // namespace desist::statistics
