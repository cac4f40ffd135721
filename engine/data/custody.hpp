// A person's days at risk: spells in custody merged, and the clock that stands still in them.
#pragma once

#include <span>
#include <vector>

#include "engine/data/outcomes.hpp"

namespace desist {

/// Days after the index date in custody: (from, to].
struct CustodyDays {
  int from = 0;
  int to = 0;
};

/// Each person's spells in order, apart from each other, within the follow-up; what is odd about them is noted.
std::vector<std::vector<CustodyDays>> custody_of(const Histories& histories, DataProblems& notes);

/// Days of (0, day] outside custody.
int free_days_until(int day, std::span<const CustodyDays> spells);
bool in_custody(int day, std::span<const CustodyDays> spells);

/// Days after the index date of each person's reoffences, in order, with their rows.
struct Reoffence {
  int day = 0;
  std::uint32_t row = 0;
};
std::vector<std::vector<Reoffence>> reoffences_of(const Histories& histories, DataProblems& notes);

/// The last day of a person's follow-up, counted from the index date; 0 where it ends before.
int last_day(const FollowedPerson& person);

}  // namespace desist
