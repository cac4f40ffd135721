// Cases settled outside the meetings (MARAC Lite): those of lowest risk, once they have waited their time.
#pragma once

#include <cstddef>
#include <span>

#include "models/parts/conference_cases.hpp"
#include "models/parts/conference_plan.hpp"
#include "models/parts/demand.hpp"

namespace desist {

/// Takes the cases of one conference off its list whose time to be settled has come.
///
/// A case whose risk (uniform, the smallest the most urgent) lies among the highest `settled_outside` of all is settled
/// `settled_after` weeks after its referral if it has not been heard by then; where the share is lower then, at the
/// moment at which it rises that far. A case that waits at the start is settled at the start at the earliest.
/// Verified by: conference_law_test.
class SettledOutside {
 public:
  SettledOutside(const ConferencePlan& plan, int conference, ConferenceCases& cases);
  /// Of given cases, none that has gone by then.
  SettledOutside(const ConferencePlan& plan, int conference, std::span<const Referral> given, ConferenceCases& cases);

  struct Numbers {
    std::size_t all = 0;
    std::size_t of_window = 0;  // referred in it or before
  };
  /// Settles, of the first `present` cases, those whose time comes by `now`, which never decreases.
  Numbers settle(double now, std::size_t present);

 private:
  void settle_due(double now, std::size_t present, Numbers& numbers);
  void settle_waiting(double time, double share, Numbers& numbers);
  void settle_one(std::size_t index, double time, Numbers& numbers);

  const ConferencePlan& plan_;
  const Steps& share_;
  ConferenceCases& cases_;
  std::span<const Referral> given_;
  std::size_t due_ = 0;   // the cases before this one have waited their time
  std::size_t step_ = 1;  // of the share, the next
};

}  // namespace desist
