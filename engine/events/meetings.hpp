// Slotted meetings: a calendar of meetings at intervals, and whole slots whose long-run mean is a real number.
#pragma once

#include <cmath>
#include <span>
#include <vector>

namespace desist {

/// One meeting of a calendar; a meeting in a closed week keeps its place but is not held.
struct Meeting {
  double time = 0;  // weeks from the start
  bool held = true;
};

/// Meetings at interval, 2 interval, ... up to and including `until`.
/// Not held where `closed` has a week [c, c + 1) that contains the meeting. Times are products, never running sums: no
/// rounding error builds up. Throws std::invalid_argument unless interval > 0.
/// Verified by: meetings_test.
std::vector<Meeting> meetings_at_intervals(double interval, double until, std::span<const double> closed);

/// Turns a real number of slots a meeting into whole slots: floor of the running sum, less what was given before.
///
/// After any number of meetings what was given is within one slot of the sum of what was asked for, so the mean is
/// exact. `carry` in [0, 1) is where the running sum starts; queues that round together get different carries, so that
/// their total is spread evenly too. Verified by: meetings_test Keep_the_mean.
class WholeSlots {
 public:
  explicit WholeSlots(double carry) : sum_(carry) {}
  int next(double slots) {
    sum_ += slots;
    const double whole = std::floor(sum_ + rounding);
    sum_ -= whole;
    return static_cast<int>(whole);
  }

 private:
  static constexpr double rounding = 1e-9;  // 0.1 ten times is one slot, though its sum in binary is below one
  double sum_;
};

}  // namespace desist
