// The count form of the conference: numbers a week, first come, with waits by their exact conditional expectation.
#pragma once

#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_tally.hpp"

namespace desist {

/// Simulates one conference by counts and adds it to the sums of a replicate.
///
/// Given the numbers, the n cases of a stretch of a week of length l that begins at s came at n uniform moments, and
/// the r-th of them at s + l r / (n + 1) on average. The first come are the first heard, so sums of waits are replaced
/// by their expectation given the numbers: same mean, less noise. Needs order = first come.
/// Numbers are those of the case form, word for word, where no meeting or list falls inside a week.
/// Streams: "referrals" and those of ReturningCases as the case form; "filtered" (conference; one word a week),
/// "splits" and "splits of returns" (conference; slice).
/// Verified by: conference_test Both_forms_count_alike_where_meetings_fall_on_week_ends.
void count_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceTally& tally);

}  // namespace desist
