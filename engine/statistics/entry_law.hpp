// Who enters by an index event: people who offend often are seen first, so entrants are not like everyone.
#pragma once

#include "engine/statistics/gamma_frailty.hpp"

namespace desist::statistics {

/// The law of the rate Z among people who entered by an event seen in an intake window w: density proportional to (1 -
/// e^(-Z w)) f(z), f the gamma law of everyone's rate of events that are seen (size bias; Cox & Isham 1980, 4.2). As w
/// -> 0 it is the gamma law of shape k + 1 and rate a = k/mu: mean mu (k + 1)/k before any threshold. Window 0 is that
/// limit. Throws std::invalid_argument for a mean of 0: nobody enters.
class EntryLaw {
 public:
  EntryLaw(const GammaFrailty& everyone, double window);

  /// E Z = (k/a)(1 - (a/(a + w))^(k+1))/(1 - (a/(a + w))^k). Verified by: entry_law_test
  double mean() const;
  /// Variance of Z. Verified by: entry_law_test
  double variance() const;
  /// P(Z <= rate). Verified by: entry_law_test
  double share_at_most(double rate) const;
  /// E exp(-Z s): the share of entrants without another event in an exposure s after their index event.
  /// Verified by: entry_law_test
  double share_without_event(double exposure) const;

 private:
  GammaFrailty everyone_;
  double window_;
  double entered_;  // share of everyone who enters; 0 for window 0
};

}  // namespace desist::statistics
