// Who gains by social group, and what it comes to with each group's £ weighted.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/estimation/appraisal/parts.hpp"

namespace desist {

/// One arm's present values by group, flow by flow; main form and schedule.
///
/// Weights: HM Treasury (2022), The Green Book, A3.12 to A3.22; elasticity of the marginal utility of income by Layard,
/// Mayraz & Nickell (2008). Verified by: social_groups_test.
class SocialGroupTotals {
 public:
  SocialGroupTotals(const AppraisalDraws& on, std::size_t arm);
  void add(const Flow& flow, const Twice& worth);
  /// Fills groups and weighted.
  void finish(AppraisalResult& result) const;

 private:
  Twice share_of(const FlowShare& share, const Flow& flow) const;
  Twice weight_of(std::size_t group) const;

  const AppraisalDraws& on_;
  std::size_t arm_;
  std::vector<Twice> gains_;  // by group; the last is of people who are not told apart
};

}  // namespace desist
