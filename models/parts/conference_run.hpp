// One replicate of conferences to which cases come from elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_tally.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/given_cases.hpp"

namespace desist {

/// Work space of a replicate, kept for its memory.
struct ConferenceSpace {
  std::vector<Referral> referrals;           // of a week
  std::vector<std::vector<Referral>> given;  // by conference
  ConferenceCases cases;                     // of one
};

/// Runs one replicate of conferences to which `cases` come:
///   draw_week(referrals, 0)     as CasesGiven has it; a case's route is the number of its conference
///   start(referral, meeting)    a case is heard
///   leave(referral, then)       a case is kept out by the filter, settled outside the meetings or gone on its own
/// (given_cases.hpp). It is told conference by conference, of each in order of referral, first who is kept out.
///
/// Throws std::invalid_argument for a case of no conference, for the count form, which knows no cases, and for a
/// repeat_share: who gives cases gives those that come back too.
/// Verified by: conference_cases_test.
template <class Cases>
class ConferenceRun {
 public:
  ConferenceRun(const ConferencePlan& plan, const Streams& streams, Cases& cases, ConferenceSpace& space,
                ConferenceTally& tally)
      : plan_(plan), streams_(streams), cases_(cases), space_(space), tally_(tally) {
    if (plan.counts_only) throw std::invalid_argument("given cases need record = \"every case\"");
    if (plan.returns.share > 0) throw std::invalid_argument("given cases come back as given: repeat_share must be 0");
  }

  void run() {
    tally_.begin(plan_);
    space_.given.assign(static_cast<std::size_t>(plan_.conferences), {});
    for (int week = 0; week < plan_.demand_weeks; ++week) {
      cases_.draw_week(space_.referrals, 0);
      for (const Referral& one : space_.referrals) {
        if (one.route >= space_.given.size()) throw std::invalid_argument("a given case is of no conference");
        space_.given[one.route].push_back(one);
      }
    }
    for (int conference = 0; conference < plan_.conferences; ++conference) {
      const std::vector<Referral>& given = space_.given[static_cast<std::size_t>(conference)];
      follow_given_cases(plan_, streams_, conference, given, space_.cases);
      tally_cases(plan_, space_.cases, tally_);
      tell(conference, given);
    }
  }

 private:
  void tell(int conference, const std::vector<Referral>& given) {
    const ConferenceCases& cases = space_.cases;
    const auto starting = static_cast<std::size_t>(cases.left.front());
    for (const std::uint32_t one : cases.kept_out) cases_.leave(given[one], given[one].time);
    for (std::size_t i = 0; i < cases.referred.size(); ++i) {
      if (i >= starting) {
        tell(given[cases.given[i - starting]], i);
        continue;
      }
      Referral waits;
      waits.time = cases.referred[i];
      waits.id = own_ids | static_cast<std::uint64_t>(conference) << 32U | i;
      waits.route = static_cast<std::uint32_t>(conference);
      tell(waits, i);
    }
  }
  void tell(const Referral& one, std::size_t index) {
    const std::int32_t meeting = space_.cases.meeting[index];
    if (meeting >= 0)
      cases_.start(one, plan_.meetings[static_cast<std::size_t>(meeting)].time);
    else if (meeting != ConferenceCases::not_heard)
      cases_.leave(one, space_.cases.settled[index]);
  }

  const ConferencePlan& plan_;
  const Streams& streams_;
  Cases& cases_;
  ConferenceSpace& space_;
  ConferenceTally& tally_;
};

}  // namespace desist
