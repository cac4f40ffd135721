// Given cases of one conference: when they come, and when they leave its list.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/conference_settled.hpp"
#include "models/parts/demand.hpp"

namespace desist {

/// Given cases, week by week as the meetings need them.
class GivenNewCases {
 public:
  /// `given`: of this conference, in order of (time, id).
  GivenNewCases(const ConferencePlan& plan, std::span<const Referral> given) : plan_(plan), given_(given) {}
  int next_week() const { return week_; }
  void draw_week(ConferenceCases& cases);

 private:
  const ConferencePlan& plan_;
  std::span<const Referral> given_;
  std::size_t next_ = 0;
  int week_ = 0;
};

/// Takes given cases off the list that are settled outside the meetings or gone, whichever comes first.
///
/// A case is gone once its moment has passed: at a meeting at that very moment it can still be heard.
class SettledOrGone {
 public:
  SettledOrGone(const ConferencePlan& plan, int conference, std::span<const Referral> given, ConferenceCases& cases)
      : plan_(plan), given_(given), cases_(cases), outside_(plan, conference, given, cases) {}
  /// Of the first `present` cases, those whose time comes by `now`, which never decreases.
  SettledOutside::Numbers settle(double now, std::size_t present);

 private:
  struct Leaves {
    double time;
    std::size_t index;
  };
  const ConferencePlan& plan_;
  std::span<const Referral> given_;
  ConferenceCases& cases_;
  SettledOutside outside_;
  std::vector<Leaves> leaving_;  // heap: who is gone first, of the cases before seen_
  std::size_t seen_ = 0;
};

}  // namespace desist
