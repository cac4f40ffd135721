// What completers and comparison groups look like when the programme does nothing.
#pragma once

#include <optional>

#include "engine/statistics/confidence_set.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// Risk of completers if the programme changes nothing and the controls are exchangeable with everybody referred:
/// p_C = (p_0 - (1 - pi) p_B)/pi, an identity. Outside [0, 1] the breachers or the controls are not what that
/// hypothesis says. `completed_share` = pi in (0, 1]. Verified by: completer_selection_test
double completer_risk_without_effect(double control_risk, double breach_risk, double completed_share);

/// The least risk that completers can then have when the breachers' risk is unknown: max(0, 1 - (1 - p_0)/pi).
/// Verified by: completer_selection_test
double least_completer_risk_without_effect(double control_risk, double completed_share);

/// What is printed of one outcome: controls, those who completed and those who did not.
struct CompletionTable {
  Proportion control, completed, breached;
  std::int64_t referred() const { return completed.n + breached.n; }
  double completed_share() const { return static_cast<double>(completed.n) / static_cast<double>(referred()); }
};

/// The limits of the identity: it is a ratio, (p_0 - q)/pi with q the share of the referred who breach and have the
/// outcome, so Fieller's set with V = p_0 (1 - p_0)/n_0 + q (1 - q)/n, Cov = q pi/n (multinomial), pi (1 - pi)/n.
/// Completers' own outcome plays no part. Verified by: completer_selection_test limits_of_the_identity
ConfidenceSet completer_risk_limits(const CompletionTable& table, double confidence = usual_confidence);

/// How likely it is that so few completers have the outcome if the programme changes nothing.
struct ChanceOfSoFew {
  double so_few = 0;         // P(X <= x_C), over what p_C may be
  double identity_fits = 0;  // posterior probability that the identity gives a share from 0 to 1
};

/// X binomial (n_C, p_C), p_C the identity of p_0, pi and p_B drawn from independent Jeffreys posteriors, of which only
/// p_C in [0, 1] count: a posterior predictive probability, by quadrature, right to 1e-6 of itself for tables of
/// hundreds. Nothing where no such p_C is in [0, 1]. Verified by: completer_selection_test chance_of_so_few
std::optional<ChanceOfSoFew> chance_of_so_few(const CompletionTable& table);

/// OR*: the odds of the referred, untreated, over the odds of the controls at which nothing is left of the effect; it
/// is the odds ratio of everybody referred against the controls. Empty for 0/0. Verified by: completer_selection_test
std::optional<double> nullifying_odds_ratio(const TwoByTwo& all_referred);

/// E-value (VanderWeele & Ding 2017): the risk ratio that an unmeasured confounder would need with both group and
/// outcome to explain the observed ratio away: R + sqrt(R (R - 1)) with R = ratio or its inverse, whichever is at
/// least 1. Infinite for a ratio of 0 or infinity. Verified by: completer_selection_test
double e_value(double risk_ratio);

/// E-value of the limit of the interval that is nearer to 1; 1 where the interval contains 1.
/// Verified by: completer_selection_test
double e_value(const Interval& risk_ratio);

}  // namespace desist::statistics
