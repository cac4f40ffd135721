// The law of a printed estimate: what its limits, or its standard error, say on the scale on which they were worked
// out.
#pragma once

#include <limits>

namespace desist {

/// A law with two numbers, all its values multiplied by `times`, cut at `low` and `high`.
///
///   form          first                second                       quantile at p, z = standard normal quantile
///   normal        mean                 standard deviation           first + second z
///   log_normal    median               sd of the logarithm          first exp(second z)
///   logit_normal  median, in (0, 1)    sd of the log odds           1/(1 + (1/first - 1) exp(-second z))
///   gamma         shape                scale                        second x inverse of P(first, x)
///   beta          first shape          second shape                 inverse of I_x(first, second)
///
/// Briggs, Claxton & Sculpher 2006 (Decision modelling for health economic evaluation), 4.3: beta for shares, gamma or
/// log-normal for costs, log-normal for ratios. Limits of Wilson (1927) are even on the scale of log odds (Newcombe
/// 1998). A law is cut by drawing p between the probabilities of its ends (Devroye 1986, II.2.1).
/// Verified by: estimate_law_test.
struct EstimateLaw {
  enum class Form { normal, log_normal, logit_normal, gamma, beta };
  Form form = Form::normal;
  double first = 0;
  double second = 1;
  double times = 1;                                       // above 0: from the figure's unit to that of its values
  double low = -std::numeric_limits<double>::infinity();  // of its values
  double high = std::numeric_limits<double>::infinity();

  /// The ends that the form has by itself, and what lies beyond `low` and `high` of it, as probabilities.
  double chance_below() const;
  double chance_above() const;
  /// The value at probability u; at 0 and 1 its ends, which may be infinite.
  double quantile(double u) const;
  /// The same law of values that are `by` times as great; by > 0.
  EstimateLaw scaled(double by) const;
};

/// The least and the greatest value of a law; infinite where it has no end.
struct LawEnds {
  double low, high;
};
LawEnds ends_of(const EstimateLaw& law);

/// Mean and variance by the midpoint rule on 4096 equal parts of probability: for what is said of a law, not drawn.
struct LawMoments {
  double mean, variance;
};
LawMoments moments_of(const EstimateLaw& law);

/// The numbers of a law from an estimate: `z` is the normal quantile that its limits stand at (1.96 of 95%).
EstimateLaw normal_with_error(double mean, double error);
EstimateLaw normal_with_limits(double mean, double low, double high, double z);
/// Median, and limits even in proportion: sd of the logarithm = log(high/low)/(2 z).
EstimateLaw log_normal_with_limits(double median, double low, double high, double z);
/// Median, and limits even in log odds.
EstimateLaw logit_normal_with_limits(double median, double low, double high, double z);
/// Shape (mean/error)^2, scale error^2/mean.
EstimateLaw gamma_with_error(double mean, double error);
/// a = mean k, b = (1 - mean) k, k = mean (1 - mean)/error^2 - 1; k > 0.
EstimateLaw beta_with_error(double mean, double error);

}  // namespace desist
