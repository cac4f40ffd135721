// What a review of some of all cases can show, when the reviewed were drawn at random.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/statistics/grim.hpp"
#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// `reviewed` of `cases` were looked at and `found` of them were of the kind looked for (bad decisions, say).
struct Review {
  std::int64_t reviewed = 0;
  std::int64_t found = 0;
  std::int64_t cases = 0;
};

/// How many of all cases are of that kind, with exact limits.
struct ReviewLimits {
  CountRange number;    // of all cases
  Interval share;       // the same over all cases
  double estimate = 0;  // found/reviewed
};

/// All numbers D that neither tail of the hypergeometric law excludes: P(X >= found | D) > a and P(X <= found | D) > a
/// with a = (1 - confidence)/2 (Buonaccorsi 1987; Clopper & Pearson's limits for a finite population). Coverage is
/// never below `confidence`. A review of everything gives the number itself. Empty where the counts are impossible or
/// nothing was reviewed. Verified by: audit_sampling_test
std::optional<ReviewLimits> review_limits(const Review& review, double confidence = usual_confidence);

/// The largest number that a review which found none leaves possible, one-sided: the most D with P(none | D) > 1 -
/// confidence. The exact form of the rule of three (Hanley & Lippman-Hand 1983), whose 3/n is its limit for many cases
/// and small shares. Empty as above. Verified by: audit_sampling_test
std::optional<std::int64_t> most_if_none_found(std::int64_t reviewed, std::int64_t cases,
                                               double confidence = usual_confidence);

/// Chance that a review sees none of `bad` cases: C(cases - bad, reviewed)/C(cases, reviewed).
/// Verified by: audit_sampling_test
std::optional<double> chance_of_none(std::int64_t reviewed, std::int64_t bad, std::int64_t cases);

/// Least number to review so that at least one of `bad` cases is seen with this chance. Empty where bad is 0, the
/// chance is not within (0, 1] or the counts are impossible. Verified by: audit_sampling_test
std::optional<std::int64_t> review_needed(std::int64_t bad, std::int64_t cases, double chance);

/// Least number to review so that, if `share` of all cases are of the kind and the review finds its share of them, both
/// limits lie within `margin` of what was found. Verified by: audit_sampling_test
std::optional<std::int64_t> review_needed_for_margin(double share, double margin, std::int64_t cases,
                                                     double confidence = usual_confidence);

}  // namespace desist::statistics
