// Who comes to a caseload, and what their support is: the port by which it is joined to other parts.
//
// A service asks two things of those who come: who is referred in the next week, and, of everyone who starts, how long
// the support will take. The first tells when a case is gone from the line on its own (Referral::leaves); the second
// tells whoever listens that this case starts now. So careers that go on while people wait need no more than this:
// referral, custody and death go in, starts come out.
#pragma once

#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include "engine/random/stream.hpp"
#include "models/parts/caseload_run.hpp"
#include "models/parts/demand.hpp"
#include "models/parts/support_law.hpp"

namespace desist {

/// Support by a law: its length from the case's own word; dropping out from a stream that its id names.
inline CaseloadSupport support_by_law(const SupportLaw& law, const Streams& streams, const Referral& referral) {
  CaseloadSupport support{law(referral.work), false};
  if (law.has_drop_out()) {
    const Words words = streams.words(Purpose("dropping out"), referral.id);
    support.drops_out = law.drops_out(words[0]);
    if (support.drops_out) support.weeks *= uniform(words[1]);
  }
  return support;
}

/// Cases by routes whose rates are known (demand.hpp), with support by a law.
class CasesReferred {
 public:
  CasesReferred(const DemandPlan& demand, const SupportLaw& support, const Streams& streams)
      : demand_(demand, streams), support_(support), streams_(streams) {}
  void draw_week(std::vector<Referral>& referrals, double announced_wait) {
    demand_.draw_week(referrals, announced_wait);
  }
  CaseloadSupport support(const Referral& referral, double) const {
    return support_by_law(support_, streams_, referral);
  }

 private:
  Demand demand_;
  const SupportLaw& support_;
  const Streams& streams_;
};

/// A case that comes at a given moment, and is gone from the line at another.
struct GivenCase {
  double time = 0;  // of referral, in weeks
  double leaves = std::numeric_limits<double>::infinity();
  std::uint64_t id = 0;  // below 2^62: names it in streams, as a person's number does
};

/// The referral of a given case, with the words that its id names.
inline Referral referral_of(const GivenCase& given, const Streams& streams) {
  Referral one;
  one.time = given.time;
  one.leaves = given.leaves;
  one.id = given.id;
  Stream words = streams.open(Purpose("given case"), one.id);
  one.risk = words();
  one.work = words();
  one.patience = words();
  return one;
}

/// Cases that come at given moments, in order of (time, id).
///
/// `ask(referral, start)` gives the support of a case that starts, as CaseloadRun asks for it: those given, and those
/// whom the service itself makes up (the starting backlog, with ids from 2^62 on; returning cases where it has a
/// return_share). A moment at which support ends for reasons of the case's own (custody) is exact where support does
/// not slow: then weeks of support are weeks.
/// Verified by: caseload_cases_test.
template <class Ask>
class CasesGiven {
 public:
  /// Throws std::invalid_argument for cases out of order, before the start, or gone before they come.
  CasesGiven(std::span<const GivenCase> cases, const Streams& streams, Ask ask)
      : cases_(cases), streams_(streams), ask_(ask) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const GivenCase& one = cases[i];
      if (!(one.time >= 0) || !(one.leaves >= one.time) || one.id >> 62U != 0)
        throw std::invalid_argument("a given case comes before the start or leaves before it comes");
      if (i > 0 && !(cases[i - 1].time < one.time || (cases[i - 1].time == one.time && cases[i - 1].id < one.id)))
        throw std::invalid_argument("given cases are out of order");
    }
  }

  void draw_week(std::vector<Referral>& referrals, double) {
    referrals.clear();
    for (++week_; next_ < cases_.size() && cases_[next_].time < week_; ++next_)
      referrals.push_back(referral_of(cases_[next_], streams_));
  }
  CaseloadSupport support(const Referral& referral, double start) { return ask_(referral, start); }

 private:
  std::span<const GivenCase> cases_;
  const Streams& streams_;
  Ask ask_;
  std::size_t next_ = 0;
  int week_ = 0;
};

}  // namespace desist
