// How many people it takes to show that something is not worse by more than a margin.
#pragma once

#include <optional>

#include "engine/statistics/power_rates.hpp"
#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// What is compared, for an outcome of which less is better: shown where the upper end of the interval is below the
/// margin. `variance` is of the estimate at one person in group 0 and `ratio` people in group 1.
struct NoninferiorityQuestion {
  double effect = 0;    // the true difference or log ratio, treated against comparison
  double margin = 0;    // the worst that is still acceptable, on the same scale
  double variance = 1;  // p1 q1/r + p0 q0; sd^2 (1 + 1/r); ...
  double ratio = 1;
};

/// Risk difference against a margin, unpooled variance p1 q1/r + p0 q0 (Blackwelder 1982).
std::optional<NoninferiorityQuestion> noninferiority_of_risks(double risk1, double risk0, double margin,
                                                              double ratio = 1);
/// Difference of means with a common standard deviation.
std::optional<NoninferiorityQuestion> noninferiority_of_means(double difference, double sd, double margin,
                                                              double ratio = 1);
/// Log rate ratio against the log of a margin, variance as RateComparison::log_ratio.
std::optional<NoninferiorityQuestion> noninferiority_of_rates(const RateDesign& rates, double margin_ratio,
                                                              double ratio = 1);

/// n0 = (z_(1-alpha) + z_power)^2 variance/(margin - effect)^2, alpha one-sided, 0.025 by custom (ICH E9). Empty where
/// the true effect is not below the margin. `precision.ratio` is not read. Verified by: design_test
std::optional<GroupSizes> people_needed_for_noninferiority(const NoninferiorityQuestion& question,
                                                           const Precision& precision = {0.8, 0.025, 1});

/// Phi((margin - effect) sqrt(n0/variance) - z_(1-alpha)). Verified by: design_test
std::optional<double> power_of_noninferiority(const NoninferiorityQuestion& question, double n0, double alpha = 0.025);

/// The least margin that n0 people show with the power wanted; the question's own is not read. Verified by: design_test
std::optional<double> detectable_margin(const NoninferiorityQuestion& question, double n0,
                                        const Precision& precision = {0.8, 0.025, 1});

/// Events in both groups for a hazard ratio against a margin: (z_(1-alpha) + z_power)^2/(p (1 - p) log(h/margin)^2)
/// (Schoenfeld 1981 with the null at the margin; Chow, Shao & Wang 2008, section 7.2). Verified by: design_test
std::optional<double> events_needed_for_noninferiority(double hazard_ratio, double margin_ratio,
                                                       const Precision& precision = {0.8, 0.025, 1});

}  // namespace desist::statistics
