// How many people a comparison of two means needs, and what a given number can show.
#pragma once

#include <optional>

#include "engine/statistics/sample_size.hpp"

namespace desist::statistics {

/// Power of the two-sided t test with a common standard deviation, in the direction of the true difference: P(T > t_(1
/// - alpha/2)), T noncentral with n1 + n0 - 2 degrees of freedom and noncentrality |difference|/(sd sqrt(1/n1 + 1/n0))
/// (R's power.t.test). Empty where sd is not above 0 or the degrees of freedom are below 1.
/// Verified by: design_reference means
std::optional<double> power_of_means(double difference, double sd, const GroupSizes& sizes, double alpha = 0.05);

/// The sizes at which that power is reached, at least two people in the smaller group; empty where the difference is 0.
/// Verified by: design_reference means
std::optional<GroupSizes> people_needed_for_means(double difference, double sd, const Precision& precision = {});

/// The least difference that is shown with the power wanted. Verified by: design_test
std::optional<double> detectable_difference_of_means(double sd, const GroupSizes& sizes,
                                                     const Precision& precision = {});

}  // namespace desist::statistics
