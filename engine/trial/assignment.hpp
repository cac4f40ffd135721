// Who is in which group of a virtual trial.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/trial/trial.hpp"

namespace desist {

/// One person of a trial, in the order of entry.
struct TrialMember {
  std::size_t number = 0;  // of the model's people
  double rate_factor = 1;
  bool treated = false;  // as assigned
  bool given = false;    // gets the programme: assigned to it or crossed over
  int cluster = 0;
  int block = 0;  // within which people were shuffled: of a comparison by clusters the pair of these
  int period = 0;
};

/// Members 0 to `people` - 1 of a trial. Each assignment has a key of its own (a person, a block, a pair of clusters),
/// so that one more member moves nobody and designs with one rule have the same groups. Of `matched` nobody is treated:
/// who joins shows only in who they are. Verified by: assignment_test.
std::vector<TrialMember> assign(const TrialDesign& design, const Streams& streams, std::size_t people);
/// The same with groups from streams of their own: those of another trial of the same people.
std::vector<TrialMember> assign(const TrialDesign& design, const Streams& streams, const Streams& groups,
                                std::size_t people);

/// Whether a person joins a programme that nobody is assigned to.
bool joins(const TrialDesign& design, const Streams& streams, std::size_t number, double relative);

/// When a person is lost to follow-up, as a share of it; 1 and more: never. A chance alone decides who: l_1 of those
/// who offend and l_0 of the others, so that of those followed a share p (1 - l_1)/(p (1 - l_1) + (1 - p)(1 - l_0))
/// offends (Little & Rubin 2002, 1.3: not missing at random). Verified by: assignment_test, trial_law_test.
double lost_at(const TrialDesign& design, const Streams& streams, const TrialMember& member, bool offends);

/// What is known of a person before the programme, to match on.
struct Matchable {
  double before = 0;  // offences
  double age = 0;
};

/// For each of `wanted` a different one of `pool`, in order: the nearest by number of offences before, then by age,
/// then by place in the pool; nothing where the pool is used up. Verified by: assignment_test nearest_one_to_one.
std::vector<std::size_t> nearest_one_to_one(const std::vector<Matchable>& wanted, const std::vector<Matchable>& pool,
                                            bool by_before, bool by_age);

}  // namespace desist
