// Who comes to a caseload by routes, and what their support is. Cases from elsewhere: given_cases.hpp.
#pragma once

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
  CaseloadSupport start(const Referral& referral, double) const { return support_by_law(support_, streams_, referral); }
  void leave(const Referral&, double) const {}

 private:
  Demand demand_;
  const SupportLaw& support_;
  const Streams& streams_;
};

}  // namespace desist
