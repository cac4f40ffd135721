// The case form of the conference: a record for every case, heard first come or by risk.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_tally.hpp"
#include "models/parts/demand.hpp"

namespace desist {

/// The cases of one conference in order of referral, as flat columns. Kept between replicates for its memory.
struct ConferenceCases {
  static constexpr std::int32_t not_heard = -1;  // by the end of the run
  static constexpr std::int32_t settled_outside = -2;
  static constexpr std::int32_t gone = -3;  // on its own, unheard
  std::vector<double> referred;             // weeks from the start; cases that wait at the start came before 0
  std::vector<double> priority;             // where cases have a risk: uniform, the smallest is heard first
  std::vector<std::int32_t> meeting;        // at which it was heard
  std::vector<double> settled;              // when, of those settled outside or gone
  std::vector<std::int32_t> left;           // cases waiting at the start, then just after each meeting
  std::vector<std::uint32_t> given;         // which given case, of those that came after the start
  std::vector<std::uint32_t> kept_out;      // the given cases that the filter kept from the list
  std::int64_t turned_away_in_window = 0;

  /// When a case is gone on its own: one that waits at the start never is.
  double leaves(std::size_t index, std::span<const Referral> all_given) const {
    const auto starting = static_cast<std::size_t>(left.front());
    return index < starting ? infinity : all_given[given[index - starting]].leaves;
  }
};

/// Follows every case of one conference until all referred in the window are heard or settled, or the plan's meetings
/// are over.
///
/// Streams: numbers a week "referrals" (conference; one word a week), moments "referral times", filter "filter" and
/// risk "risk" (conference; week), returns as ReturningCases says, their moments "times of returns", filter "filter of
/// returns" and risk "risk of returns" (conference; meeting), quorum "quorum" (conference; meeting).
void follow_cases(const ConferencePlan& plan, const Streams& streams, int conference, ConferenceCases& cases);

/// The same of cases from elsewhere, in order of (time, id), each with its own risk; whether the filter keeps one out
/// is in its word `work`.
void follow_given_cases(const ConferencePlan& plan, const Streams& streams, int conference,
                        std::span<const Referral> given, ConferenceCases& cases);

/// Adds the cases of one conference to the sums of a replicate.
void tally_cases(const ConferencePlan& plan, const ConferenceCases& cases, ConferenceTally& tally);

}  // namespace desist
