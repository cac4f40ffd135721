// One virtual trial after the other: the people, their rows, the analyses.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/trial/characteristics.hpp"
#include "engine/trial/trial.hpp"
#include "engine/trial/trial_analysis.hpp"
#include "engine/trial/trial_people.hpp"
#include "engine/trial/trial_rows.hpp"

namespace desist {

/// A design as it is run: sizes and looks as numbers of people, and whether it is the one without an effect.
struct RunDesign {
  const TrialDesign* design = nullptr;
  std::size_t owner = 0;          // of histories: 0 where people's rates have no factors
  std::size_t compared_with = 0;  // the run over which a gain in power is told; its own number: over none
  std::size_t treated = 0;        // arm
  bool without_effect = false;
  bool looks_back = false;  // matches on offences before entry, or adjusts for them
  std::vector<std::size_t> sizes;
  std::vector<std::size_t> cuts;                        // sizes and looks, rising
  std::vector<std::size_t> cut_of_size;                 // index into cuts
  std::vector<std::vector<std::size_t>> cuts_of_looks;  // by size, by look
  std::vector<double> boundaries;                       // on |z|
  std::vector<TrialMeasure> measures;
  std::vector<std::size_t> measure_of;  // by analysis
};

RunDesign run_design(const TrialDesign& design, std::size_t number, const std::vector<std::size_t>& sizes);

/// One batch of the people among whom the truth is found: the estimate from both their lives, and the outcome itself.
struct TruthBatch {
  double estimate = 0;
  bool found = false;
  double control = 0, treated = 0;
  double people = 0;
  std::string why;  // what the method says where it gives no number
};

/// In how many trials people live in both arms where each trial has people of its own: in every second, and of a
/// matched comparison, where those who join are known from their life without it, in all. With half of them the truth
/// adds nothing to the error of a bias (trials.md 3).
bool lives_both(const TrialDesign& design, std::uint64_t r);

/// Trials of the same people.
struct TrialSet {
  std::uint64_t seed = 0;
  std::uint64_t people = 0;  // replicate of their streams
  std::uint64_t groups = 0;  // of those of the groups of its first trial; the next ones follow
  std::uint64_t first = 0;   // which trial of a design that is, from 0
  std::uint64_t trials = 1;
  bool both = false;  // own lives are asked for: everybody's in both arms if there are several trials, else where
                      // `lives_both` says so
};

/// Simulates trials, with memory of its own; one for each thread.
class TrialRunner {
 public:
  TrialRunner(const BoundArms& arms, std::vector<RunDesign> designs);

  /// Simulates the people of a set in every design that has so many trials, and assigns them for its first trial.
  void begin(const TrialSet& set);
  /// Assigns them anew: trial `k` of the set, from 1.
  void assign_anew(std::uint64_t k);
  /// The set's own people in both arms, nobody lost and everything recorded. Nothing where they don't live in both,
  /// where the estimand is no contrast of mean outcomes, or where somebody dies whose time at risk would count.
  std::optional<OwnLives> own_lives(std::size_t design, std::size_t analysis) const;
  /// The estimates of a design's analysis at its cuts.
  void estimates(std::size_t design, std::size_t analysis, double truth, std::vector<TrialEstimate>& estimates);
  /// The estimand itself among people who all live in both arms, nobody lost and everything recorded: batch `r` of
  /// `batches`; by design and analysis.
  std::vector<std::vector<TruthBatch>> truth(std::uint64_t seed, std::uint64_t r, std::uint64_t batches);
  const std::optional<TrialScale>& scale(std::size_t design, std::size_t analysis) const {
    return state_[design].analysers[analysis].scale();
  }

 private:
  struct Joined {  // of a matched comparison: people by number
    std::vector<std::size_t> treated, others;
    std::size_t looked_at = 0;
  };
  /// People, and offences, of the lives in both arms by one measure.
  struct LivesTwice {
    double with_any[2] = {0, 0}, count[2] = {0, 0};  // of control and treated
    bool is_short = false;                           // somebody is not followed for the whole time
  };
  struct State {
    std::vector<TrialMember> members;
    Joined joined;
    TrialRows rows;
    TrialRows candidates;         // of a matched comparison: everyone looked at
    std::vector<LivesTwice> own;  // by measure; empty where they don't live in both
    double own_people = 0;
    TrialRows of_arm[2];  // everybody's rows in either arm, for trials of the same people of whom nobody is lost
    std::vector<TrialAnalyser> analysers;
  };

  bool keeps_rows(const RunDesign& run) const;
  bool runs(const RunDesign& run) const { return set_.first < run.design->trials; }
  bool lives_in_both(const RunDesign& run) const;
  void ask_members(std::size_t d, bool both);
  void add_lives_twice(std::size_t d);
  void find_joiners(std::size_t d, std::size_t wanted);
  void make_rows(std::size_t d);
  void take_rows(std::size_t d);
  void assign_all(std::size_t d);
  void make_matched_rows(std::size_t d, std::size_t people);
  void add_member(std::size_t d, const TrialMember& member, const HeldPeople& held, TrialReading reading);
  TruthBatch truth_of(std::size_t d, std::size_t a) const;

  std::vector<RunDesign> designs_;
  TrialPeople people_;
  TrialSet set_;
  Streams streams_{0, 0, 0};  // of the people
  Streams groups_{0, 0, 0};
  std::vector<State> state_;
};

}  // namespace desist
