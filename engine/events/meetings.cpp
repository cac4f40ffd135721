#include "engine/events/meetings.hpp"

#include <stdexcept>

namespace desist {

std::vector<Meeting> meetings_at_intervals(double interval, double until, std::span<const double> closed) {
  if (!(interval > 0)) throw std::invalid_argument("the interval between meetings must be above 0");
  std::vector<Meeting> meetings;
  for (int n = 1; n * interval <= until; ++n) {
    const double time = n * interval;
    bool held = true;
    for (const double from : closed) held = held && !(time >= from && time < from + 1);
    meetings.push_back({time, held});
  }
  return meetings;
}

}  // namespace desist
