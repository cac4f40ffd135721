// An interval with both ends, and the default confidence of every interval in the project.
#pragma once

namespace desist::statistics {

/// A closed interval; an end may be infinite.
struct Interval {
  double low = 0;
  double high = 0;
  bool contains(double value) const { return low <= value && value <= high; }
};

/// The confidence that an interval has when nobody says otherwise.
inline constexpr double usual_confidence = 0.95;

}  // namespace desist::statistics
