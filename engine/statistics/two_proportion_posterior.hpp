// Bayesian comparison of two risks with independent beta posteriors.
#pragma once

#include "engine/statistics/interval.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist::statistics {

/// A beta law with both parameters positive.
struct BetaLaw {
  double alpha = 0.5;
  double beta = 0.5;
  double mean() const { return alpha / (alpha + beta); }
};

/// Beta(x + 1/2, n - x + 1/2): the posterior under Jeffreys' prior.
BetaLaw jeffreys_posterior(const Proportion& p);

/// P(p1 < p0 + shift) for independent p1 and p0, as the integral of F1(p0 + shift) over the law of p0, with p0 = sin^2
/// t so that no density is infinite at an end (Jeffreys). Absolute error below 1e-10 for parameters from 0.5 to 1e6;
/// parameters below 0.5 cost digits. 0 for shift <= -1, 1 for shift >= 1. Verified by: two_by_two_reference bayes;
/// two_proportion_posterior_test
double probability_below(const BetaLaw& p1, const BetaLaw& p0, double shift = 0);

/// The d with P(p1 - p0 < d) = q, 0 < q < 1, to 1e-10.
/// Verified by: two_proportion_posterior_test
double difference_quantile(const BetaLaw& p1, const BetaLaw& p0, double q);

/// Equal-tailed credible interval of p1 - p0.
/// Verified by: two_proportion_posterior_test
Interval difference_interval(const BetaLaw& p1, const BetaLaw& p0, double probability = usual_confidence);

}  // namespace desist::statistics
