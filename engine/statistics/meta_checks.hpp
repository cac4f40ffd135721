// Looking into a synthesis: subgroups, single studies that carry it, and whether small studies say something else.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/statistics/meta_analysis.hpp"

namespace desist::statistics {

/// Whether subgroups share one tau^2.
enum class SubgroupSpread { separate, common };

/// A synthesis of each subgroup and the test that they are the same.
struct Subgroups {
  struct Group {
    std::size_t label = 0;
    std::size_t studies = 0;
    Inference pooled;
    double tau2 = 0;
  };
  std::vector<Group> groups;  // by label
  ModeratorTest between;
};

/// `group[i]` is the label of study i: as many as studies. Separate: every subgroup is pooled alone and Q between = sum
/// (m_g - m)^2/e_g^2, chi-square with G - 1 (Borenstein et al. 2009, chapter 19), also with Knapp-Hartung errors; a
/// subgroup of one study has its own effect and tau^2 = 0. Common: one regression on the labels, tested as
/// `moderator_test`. Verified by: meta_checks_reference; synthesis_test
Synthesised<Subgroups> subgroups(std::span<const EffectSize> studies, std::span<const std::size_t> group,
                                 SubgroupSpread spread, const SynthesisMethod& method = {});

/// What leaving one study out does; definitions as metafor's `influence` (Viechtbauer & Cheung 2010).
struct StudyInfluence {
  double studentised_residual = 0;  // (y_i - prediction without i)/its error
  double dffits = 0;                // change of the fit in errors
  double cook_distance = 0;         // squared change of all coefficients, in the covariance of the full fit
  double covariance_ratio = 1;      // det of the covariance without i over that with
  double tau2 = 0;                  // without i
  double q = 0;                     // without i
  double hat = 0;
  double weight = 0;            // percent
  std::vector<double> dfbetas;  // change of each coefficient in errors
  std::vector<double> effects;  // coefficients without i
  bool influential = false;     // |DFFITS| > 3 sqrt(p/(k - p)), Cook above the median of chi-square(p), hat > 3 p/k or
                                // |DFBETAS| > 1 (their section 3)
};

/// One row a study. Every fit without a study must itself be possible: else its problem.
/// Verified by: synthesis_reference (leave one out); meta_checks_reference
Synthesised<std::vector<StudyInfluence>> influence(std::span<const EffectSize> studies, const Eigen::MatrixXd& columns,
                                                   const SynthesisMethod& method = {});

/// Egger's regression: the slope of effects on their standard errors, weights 1/v and a multiplicative error; t with
/// k - 2 degrees of freedom (Egger et al. 1997; Sterne & Egger 2005). Not to be read below 10 studies (Sterne et al.
/// 2011). Verified by: synthesis_reference
struct FunnelAsymmetry {
  double slope = 0;
  double statistic = 0;
  double df = 0;
  double p = 1;
};
Synthesised<FunnelAsymmetry> funnel_asymmetry(std::span<const EffectSize> studies);

/// On which side of the funnel studies seem to be missing.
enum class FunnelSide { low, high };

/// Trim and fill (Duval & Tweedie 2000) with their estimator L0.
struct TrimAndFill {
  FunnelSide side = FunnelSide::low;
  std::size_t missing = 0;
  std::vector<EffectSize> filled;  // the mirror images, in order of effect from the centre outwards
  Synthesis with_filled;
};

/// The side is that to which the slope of effects on standard errors points away from (metafor's rule). A sensitivity
/// analysis, never a correction: it takes every asymmetry for missing studies. `not_settled` where the number of
/// missing studies goes in a circle. Verified by: meta_checks_reference
Synthesised<TrimAndFill> trim_and_fill(std::span<const EffectSize> studies, const SynthesisMethod& method = {});

}  // namespace desist::statistics
