#include "engine/trial/trial_people.hpp"

namespace desist {

void TrialPeople::begin(const Streams& streams) {
  streams_ = streams;
  for (auto& [key, held] : held_) {
    for (const HistoryRequest& who : held.asked) held.place[who.number] = 0;
    held.asked.clear();
    held.simulated = 0;
    held.histories.clear();
  }
}

void TrialPeople::simulate() {
  for (auto& [key, held] : held_) {
    const auto since = std::span(held.asked).subspan(held.simulated);
    if (since.empty()) continue;
    arms_[key.first]->histories(streams_, since, weeks_, held.histories);
    held.simulated = held.asked.size();
  }
}

}  // namespace desist
