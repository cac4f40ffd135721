// Synthesis of tables with few events, from the counts themselves.
#pragma once

#include <optional>
#include <span>

#include "engine/statistics/effect_size.hpp"
#include "engine/statistics/meta_analysis.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// A pooled effect with Cochran's Q of the studies around it.
struct CommonEffect {
  Inference pooled;
  double q = 0;          // of effects with the 1/2 rule; tables without or with only events are left out
  std::size_t used = 0;  // tables that carry information
};

/// The Mantel-Haenszel estimate of stratified_tables.hpp on raw counts, studies as strata, with Q and named problems.
/// Verified by: synthesis_reference
Synthesised<CommonEffect> mantel_haenszel(std::span<const TwoByTwo> tables, EffectMeasure measure,
                                          double confidence = usual_confidence);

/// Peto's one-step log odds ratio sum (O - E)/sum V, V hypergeometric (Yusuf et al. 1985). Biased where the true ratio
/// is far from 1 or the groups are of very different size (Greenland & Salvan 1990). Verified by: synthesis_reference
/// peto
Synthesised<CommonEffect> peto(std::span<const TwoByTwo> tables, double confidence = usual_confidence);

/// Beta-binomial synthesis: counts of each group are beta-binomial with the group's mean risk and one dispersion for
/// both (Kuss 2015, section 2.4); studies without events count as they are.
struct BetaBinomial {
  double risk1 = 0;
  double risk0 = 0;
  double correlation = 0;  // intraclass, theta/(1 + theta)
  bool binomial = false;   // no more spread than the binomial law: correlation 0, errors of two plain proportions
  double log_likelihood = 0;
  double log_likelihood_binomial = 0;
  Inference log_risk_ratio;
  Inference log_odds_ratio;
  Inference risk_difference;
};

/// Maximum likelihood of mean risks mu_1, mu_0 and theta >= 0, log P(x) = sum_(r<x) log(mu + r theta) + sum_(r<n-x)
/// log(1 - mu + r theta) - sum_(r<n) log(1 + r theta) + const (Griffiths 1973). Given theta the likelihood is concave
/// in each mean; the profile over theta is searched as a whole. Errors by the observed information, delta method. The
/// pairing of groups within a study is not used: a difference between studies widens the error.
/// Verified by: rare_events_test
Synthesised<BetaBinomial> beta_binomial(std::span<const TwoByTwo> tables, double confidence = usual_confidence);

}  // namespace desist::statistics
