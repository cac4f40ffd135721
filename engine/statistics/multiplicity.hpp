// Several p-values at once: adjusted p-values, each to be compared with the level wanted for all.
#pragma once

#include <optional>
#include <span>
#include <vector>

namespace desist::statistics {

/// What is kept below the level, and by which steps.
enum class Adjustment {
  bonferroni,  // m p: chance of any false rejection, whatever the dependence
  holm,        // largest over j <= i of (m - j + 1) p_(j): the same, never weaker (Holm 1979)
  hochberg,    // least over j >= i of (m - j + 1) p_(j): independent or positively dependent tests (Hochberg 1988)
  benjamini_hochberg  // least over j >= i of (m/j) p_(j): expected share of false rejections (Benjamini & Hochberg
                      // 1995)
};

/// Adjusted p-values in the order given, at most 1. Empty where a p-value is not between 0 and 1, or there is none.
/// Verified by: multiplicity_test
std::optional<std::vector<double>> adjusted(std::span<const double> p_values, Adjustment adjustment);

/// Hypotheses tested in the order given, each at the full level, until one is not rejected: the largest p so far
/// (Maurer, Hothorn & Lehmacher 1995). Verified by: multiplicity_test
std::optional<std::vector<double>> fixed_sequence(std::span<const double> p_values);

/// Families in order of importance: a family is tested, by Holm, only where everything in those before is rejected
/// (serial gatekeeping; Westfall & Krishen 2001). Each adjusted p is at least the largest of the families before.
/// Empty also where a family is empty. Verified by: multiplicity_test
std::optional<std::vector<std::vector<double>>> gatekeeping(std::span<const std::vector<double>> families);

}  // namespace desist::statistics
