// Which arm to take at what price of an effect: incremental ratios, net benefit, acceptability.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// Where an arm stands among the others.
enum class Dominance {
  frontier,             // best at some price of the effect
  dominated,            // another costs no more and does no less, and is better in one of the two
  extendedly_dominated  // a mix of two others is better (Johannesson & Weinstein 1993)
};

struct IcerRow {
  std::size_t arm = 0;
  double cost = 0;
  double effect = 0;
  Dominance status = Dominance::frontier;
  std::optional<double> incremental_cost;    // over the frontier's arm before it; empty for the first and off it
  std::optional<double> incremental_effect;  // above 0
  std::optional<double> icer;                // their ratio
};

/// Incremental cost-effectiveness ratios of arms in order of cost: dominated arms drop out, then one by one those whose
/// ratio is above the next's (Karlsson & Johannesson 1996). Of arms alike in both the first given stays on the
/// frontier. Effects are good: averted offences, not offences. As many costs as effects, at least one, all finite;
/// throws std::invalid_argument otherwise. Verified by: cost_effectiveness_reference; cost_effectiveness_test
std::vector<IcerRow> icer_table(std::span<const double> costs, std::span<const double> effects);

/// threshold x effect - cost, draws x arms (Stinnett & Mullahy 1998).
Eigen::MatrixXd net_benefits(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects, double threshold);

/// A share of the draws, with the error that drawing leaves in it.
struct ShareOfDraws {
  double value = 0;
  double error = 0;  // sqrt(p (1 - p)/D); where none or all are in it, the width of the limits over 1.96
  Interval limits;   // exact (Clopper & Pearson 1934), 95%
};
/// Of all or none of D draws the plain error is 0, which says that no more draws could change it: there value and 1.96
/// errors reach the exact limit 1 - .025^(1/D), 3.7/D of many draws. At least one draw; throws std::invalid_argument
/// otherwise. Verified by: cost_effectiveness_test
ShareOfDraws share_of_draws(std::int64_t count, std::int64_t draws);

/// The chance that a net benefit is above 0, one a draw. Means of a few noisy replicates a draw are too wide, so their
/// chance is too near to one half (mathematics.md 6.3): correct them first (`mean_surface`).
/// Verified by: cost_effectiveness_reference
ShareOfDraws chance_of_paying(std::span<const double> net_benefit);

/// What draws say of a decision at one price of the effect.
struct ThresholdResult {
  double threshold = 0;
  std::vector<double> mean_net_benefit;  // by arm
  std::vector<ShareOfDraws> best_share;  // by arm: the acceptability curve; a tie goes to the first arm
  std::vector<double> expected_loss;     // by arm: mean of what the best of the draw has more
  std::vector<double> loss_error;        // by arm: its Monte Carlo error, sd/sqrt(D)
  std::size_t best = 0;                  // greatest mean net benefit, the first of equals
  /// The acceptability frontier (Fenwick, Claxton & Sculpher 2001): the chance that the arm one would take is best.
  const ShareOfDraws& frontier() const { return best_share[best]; }
  /// The expected value of perfect information is the loss expected of the arm one would take.
  double evpi() const { return expected_loss[best]; }
  double evpi_error() const { return loss_error[best]; }
};

/// Folds draws into results by threshold: its size does not depend on their number.
///
/// The net benefits of a draw are lines in the threshold, so an arm is best on one stretch of thresholds or on none: it
/// ends where a steeper line is the first to overtake. On a stretch losses are lines too; their moments are added where
/// it begins and taken off where it ends, so that time hardly grows with thresholds. Rounding leaves some 1e-15 of the
/// net benefits in a loss and 1e-8 in its error, where neither is there. Blocks are draws x arms; results depend on the
/// order of blocks by rounding only, and not on threads if merged in a fixed order. Thresholds rise strictly; throws
/// std::invalid_argument otherwise, and for blocks of another shape or with a number that is not finite. Verified by:
/// cost_effectiveness_reference; cost_effectiveness_test
class ThresholdTally {
 public:
  ThresholdTally(std::vector<double> thresholds, std::size_t arms);

  void add(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects);
  /// As if the draws of `later` had been added after these.
  void merge(const ThresholdTally& later);
  std::int64_t draws() const { return draws_; }
  /// Needs two draws.
  std::vector<ThresholdResult> results() const;

 private:
  /// Sums over stretches of a loss price x effect - cost, beginning at a threshold less ended before it.
  struct LossMoments {
    double effect = 0;
    double cost = 0;
    double effect_squared = 0;
    double effect_cost = 0;
    double cost_squared = 0;
    void add(double sign, double effect_of_loss, double cost_of_loss);
    void add(const LossMoments& other);
  };
  void add_draw(const double* costs, const double* effects);
  void add_stretch(std::size_t from, std::size_t end, std::size_t best, const double* costs, const double* effects);
  std::size_t best_at(std::size_t threshold, const double* costs, const double* effects) const;
  std::size_t end_of_stretch(std::size_t from, std::size_t best, const double* costs, const double* effects) const;
  std::size_t at(std::size_t threshold, std::size_t arm) const { return threshold * arms_ + arm; }

  std::vector<double> thresholds_;
  std::size_t arms_;
  std::int64_t draws_ = 0;
  std::vector<double> cost_sums_;     // by arm
  std::vector<double> effect_sums_;   // by arm
  std::vector<std::int64_t> starts_;  // by threshold and arm: stretches that begin there less those that ended before
  std::vector<LossMoments> losses_;   // by threshold and arm
};

/// All draws at once.
std::vector<ThresholdResult> results_by_threshold(const Eigen::MatrixXd& costs, const Eigen::MatrixXd& effects,
                                                  std::span<const double> thresholds);

/// E[A]/E[B], never the mean of ratios (mathematics.md 8.2): a benefit-cost ratio, a cost an offence averted.
struct RatioOfMeans {
  double numerator = 0;  // means
  double denominator = 0;
  std::optional<double> ratio;  // empty where the denominator's mean is not above 0
  std::optional<double> error;  // Monte Carlo, by the delta method with the covariance (mathematics.md 6.5)
  bool by_draw = false;         // the denominator is above 0 in every draw, so that ratios by draw mean something
};

/// One value a draw in each, the same number, at least two. Verified by: cost_effectiveness_test
RatioOfMeans ratio_of_means(std::span<const double> numerator, std::span<const double> denominator);

}  // namespace desist::statistics
