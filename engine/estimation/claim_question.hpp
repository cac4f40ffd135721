// What a claim asks of a study: which test, of which groups, against which printed number.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/estimation/study.hpp"

namespace desist::estimation {

enum class ClaimTest { relative_reduction, difference, share, total, completion, group_sizes };

/// A claim with everything filled in that it leaves to the study.
struct ClaimQuestion {
  ClaimTest test = ClaimTest::share;
  std::string outcome, of, against;
  std::vector<std::string> treated;
  std::optional<PrintedNumber> printed, printed_against;
};

/// What a claim asks: its groups, outcome and number are the file's, else those of the comparison and of its sentence.
/// Nothing if there is no such test. Verified by: claims_test.
std::optional<ClaimQuestion> question_of(const Study& study, const Claim& claim);

}  // namespace desist::estimation
