// The people of one virtual trial: each simulated once in each arm in which somebody asks for them.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist {

/// The arms of an experiment with one row of parameters.
using BoundArms = std::vector<std::shared_ptr<const BoundModel>>;

/// Those who are held of one arm.
struct HeldPeople {
  std::vector<HistoryRequest> asked;
  std::size_t simulated = 0;
  std::vector<std::size_t> place;  // by number: one more than the index into `asked`; 0: not asked for
  PersonHistories histories;

  const PersonHistory& history(std::size_t number) const { return histories.people[place[number] - 1]; }
};

/// PersonHistories on demand, kept for their memory from trial to trial.
///
/// People with another rate factor are other people: designs that have factors hold their own by `owner`; 0 is for all
/// designs that have none.
class TrialPeople {
 public:
  TrialPeople(const BoundArms& arms, double weeks) : arms_(arms), weeks_(weeks) {}

  void begin(const Streams& streams);
  /// Those of an arm; the reference stays good.
  HeldPeople& held(std::size_t arm, std::size_t owner) { return held_[{arm, owner}]; }
  static void ask(HeldPeople& held, const HistoryRequest& who) {
    if (who.number >= held.place.size()) held.place.resize(who.number + 1, 0);
    if (held.place[who.number] > 0) return;
    held.asked.push_back(who);
    held.place[who.number] = held.asked.size();
  }
  /// Simulates who has been asked for since the last time.
  void simulate();

 private:
  const BoundArms& arms_;
  double weeks_;
  Streams streams_{0, 0, 0};
  std::map<std::pair<std::size_t, std::size_t>, HeldPeople> held_;
};

}  // namespace desist
