// The case form of the conference: a record for every case, heard first come or by risk.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_tally.hpp"

namespace desist {

/// The cases of one conference in order of referral, as flat columns. Kept between replicates for its memory.
struct ConferenceCases {
  static constexpr std::int32_t not_heard = -1;  // by the end of the run
  static constexpr std::int32_t settled_outside = -2;
  std::vector<double> referred;       // weeks from the start; cases that wait at the start came before 0
  std::vector<double> priority;       // where cases have a risk: uniform, the smallest is heard first
  std::vector<std::int32_t> meeting;  // at which it was heard
  std::vector<double> settled;        // when, of those settled outside
  std::vector<std::int32_t> left;     // cases waiting at the start, then just after each meeting
  std::int64_t turned_away_in_window = 0;
};

/// Follows every case of one conference until all referred in the window are heard or settled, or the plan's meetings
/// are over.
///
/// Streams: numbers a week "referrals" (conference; one word a week), moments "referral times", filter "filter" and
/// risk "risk" (conference; week), returns as ReturningCases says, their moments "times of returns", filter "filter of
/// returns" and risk "risk of returns" (conference; meeting), quorum "quorum" (conference; meeting).
void follow_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases);

/// Adds the cases of one conference to the sums of a replicate.
void tally_cases(const ConferencePlan& plan, const ConferenceCases& cases, ConferenceTally& tally);

}  // namespace desist
