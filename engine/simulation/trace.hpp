// What one person lives through in one future, written down: for an illustration, never for a result.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace desist {

/// A line of a picture of a life: what a model can write on it. The order in each list is that of the picture's key.
struct TraceLane {
  std::string name;                  // "Place"
  std::vector<std::string> states;   // "at liberty", "in custody": one at a time, for a while
  std::vector<std::string> moments;  // "arrest"
  std::string amount;                // "offences that nobody sees, expected"; empty: none
  bool crowded = false;              // many moments, to be drawn as thin lines
};

/// One entry of a trace. Times are weeks of the window.
struct TraceRow {
  enum class Kind { state, moment, amount };
  Kind kind = Kind::state;
  std::size_t lane = 0;  // index into the model's lanes
  std::string what;      // a state or a moment of that lane, or its amount
  double from = 0;
  double until = 0;  // of a moment: the same as from
  double value = 0;  // of an amount

  friend bool operator==(const TraceRow&, const TraceRow&) = default;
};

struct Trace {
  std::uint64_t person = 0;  // the name in streams: who it is, in every arm
  std::vector<TraceRow> rows;

  friend bool operator==(const Trace&, const Trace&) = default;
};

}  // namespace desist
