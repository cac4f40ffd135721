#include "engine/statistics/cost_effectiveness.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
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
  const double p = real(count) / real(draws);
  return {p, std::sqrt(p * (1 - p) / real(draws)), clopper_pearson({count, draws})};
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
  best_.resize(thresholds_.size() * arms_);
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

void ThresholdTally::add_draw(const double* costs, const double* effects) {
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    std::size_t best = 0;
    double most = thresholds_[t] * effects[0] - costs[0];
    for (std::size_t arm = 1; arm < arms_; ++arm) {
      const double value = thresholds_[t] * effects[arm] - costs[arm];
      if (value > most) {
        most = value;
        best = arm;
      }
    }
    ++best_[at(t, best)];
    for (std::size_t arm = 0; arm < arms_; ++arm) {
      const double loss = most - (thresholds_[t] * effects[arm] - costs[arm]);
      losses_[at(t, arm)].sum += loss;
      losses_[at(t, arm)].squares += loss * loss;
    }
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
  for (std::size_t i = 0; i < best_.size(); ++i) {
    best_[i] += later.best_[i];
    losses_[i].sum += later.losses_[i].sum;
    losses_[i].squares += later.losses_[i].squares;
  }
}

std::vector<ThresholdResult> ThresholdTally::results() const {
  require(draws_ >= 2, "results by threshold need two draws");
  const double n = real(draws_);
  std::vector<ThresholdResult> all;
  for (std::size_t t = 0; t < thresholds_.size(); ++t) {
    ThresholdResult& result = all.emplace_back();
    result.threshold = thresholds_[t];
    for (std::size_t arm = 0; arm < arms_; ++arm) {
      result.mean_net_benefit.push_back((thresholds_[t] * effect_sums_[arm] - cost_sums_[arm]) / n);
      result.best_share.push_back(share_of_draws(best_[at(t, arm)], draws_));
      const Loss& loss = losses_[at(t, arm)];
      const double mean = loss.sum / n;
      result.expected_loss.push_back(mean);
      result.loss_error.push_back(std::sqrt(std::max(0.0, loss.squares / n - mean * mean) / (n - 1)));
    }
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
