// Who waits for a slot, and who is next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "models/parts/demand.hpp"

namespace desist {

/// A line of cases: by time of referral (they join in that order), or by risk, the smaller word first.
/// Verified by: caseload_parts_test.
class WaitingLine {
 public:
  void begin(bool by_risk) {
    by_risk_ = by_risk;
    cases_.clear();
    first_ = 0;
  }
  bool empty() const { return first_ == cases_.size(); }
  std::size_t size() const { return cases_.size() - first_; }

  void join(const Referral& referral) {
    if (by_risk_) {
      cases_.push_back(referral);
      std::push_heap(cases_.begin(), cases_.end(), after);
      return;
    }
    if (first_ >= 64 && 2 * first_ >= cases_.size()) {  // memory is that of those who wait, not of all who came
      cases_.erase(cases_.begin(), cases_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    cases_.push_back(referral);
  }

  /// Takes out who is next, good until the next one joins or is taken; the line is not empty.
  const Referral& take() {
    if (!by_risk_) return cases_[first_++];
    std::pop_heap(cases_.begin(), cases_.end(), after);
    taken_ = cases_.back();
    cases_.pop_back();
    return taken_;
  }

  /// Takes out those of whom `is_gone` is true: by risk all of them, first come those at the head of the line, where
  /// whoever came later has somebody before them anyway.
  void drop(auto is_gone) {
    if (!by_risk_) {
      while (!empty() && is_gone(cases_[first_])) ++first_;
      return;
    }
    std::erase_if(cases_, is_gone);
    std::make_heap(cases_.begin(), cases_.end(), after);
  }

  void for_each(auto look_at) const {
    std::for_each(cases_.begin() + static_cast<std::ptrdiff_t>(first_), cases_.end(), look_at);
  }

 private:
  static bool after(const Referral& a, const Referral& b) {
    return a.risk > b.risk || (a.risk == b.risk && (a.time > b.time || (a.time == b.time && a.id > b.id)));
  }

  bool by_risk_ = false;
  std::vector<Referral> cases_;  // first come: those before `first_` have gone; by risk: a heap
  std::size_t first_ = 0;
  Referral taken_;
};

}  // namespace desist
