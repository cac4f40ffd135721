// Virtual trials: what a planned evaluation of simulated people would find, before it is paid for (mathematics.md 10).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/estimation/person_study.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/simulate.hpp"
#include "engine/statistics/interval.hpp"

namespace desist {

/// How people come into the groups that are compared.
enum class Assignment {
  individually,      // a coin for each
  in_blocks,         // shuffled blocks of people in the order of entry
  by_cluster,        // whole clusters, in shuffled pairs
  stepped_wedge,     // whole clusters, from a step of their own on
  matched,           // people join by themselves; each is matched to one who did not
  before_and_after,  // everyone is treated and compared with their own time before
};

/// When an offence counts as known to those who evaluate.
enum class SeenAs { recorded, arrested, proven };

/// Who is compared with whom.
enum class Analysed {
  everyone,    // as assigned
  completers,  // of the treated those who completed; all controls
  as_treated,  // who started against who did not
};

/// One way of analysing one outcome of a trial. The kind of outcome follows from the method, but of methods that take
/// any.
struct TrialAnalysis {
  Analysis analysis;               // name, label, method and its keys; columns are those of `trial_columns`
  std::vector<std::size_t> types;  // of offences that count; empty: all
  SeenAs seen = SeenAs::recorded;
  Analysed of = Analysed::everyone;
  PersonOutcome::Kind compared = PersonOutcome::Kind::yes_no;  // by a method that takes any kind of outcome
};

/// A planned evaluation. Times are weeks.
struct TrialDesign {
  std::string name, label;
  std::size_t control = 0;  // arms of the experiment
  std::size_t treated = 0;
  std::optional<std::size_t> without_effect;  // the treated arm with nothing to find
  Assignment assignment = Assignment::individually;
  double share_treated = 0.5;    // of a coin and of blocks; of matched: who joins, at the mean rate
  std::size_t block = 4;         // people
  std::size_t cluster_size = 0;  // people
  double cluster_sd = 0;         // of the log rate between clusters
  std::size_t steps = 0;         // of a wedge: as many periods and one more
  double drift = 0;              // of a wedge: the log rate changes by it from period to period
  double joins_by_rate = 0;      // of matched: who joins is multiplied by (own rate / mean)^this: what nobody sees
  std::vector<std::string> match_on;
  double follow_up = 52;
  std::optional<double> read_after;  // after a person's follow-up; none: when all there is has been recorded
  double lost_control = 0;           // share lost to follow-up, at a moment spread evenly over it
  double lost_treated = 0;
  /// The share lost of those who offend within the follow-up, where it is another: the two above are then of the rest.
  std::optional<double> lost_control_if_offended, lost_treated_if_offended;
  double crossover = 0;            // share of the controls who are given the programme
  double people_a_week = 0;        // who enter; 0: not said
  std::vector<std::size_t> sizes;  // people in all, rising
  std::uint64_t trials = 5000;
  /// So many trials in a row have the same people, assigned anew in each; the same in all designs. Above 1 everybody
  /// lives in both arms, and the sets of trials, not the trials, are the units of all errors.
  std::uint64_t same_people = 1;
  std::uint64_t truth_people = 200000;
  std::optional<double> power;  // wanted
  std::vector<double> looks;    // shares of the people followed up at each look, the last 1; empty: one look
  bool assurance = false;       // each trial is also run with a draw of its own of every parameter
  std::vector<TrialAnalysis> analyses;
  /// What the careers of its people are called where others are tried beside them: "lasting rates", "spells".
  std::string careers;
  /// Which earlier design this one repeats: among people with other careers (structural spread), or with another
  /// follow-up.
  std::optional<std::size_t> repeats;
  bool is_other_follow_up = false;

  bool loses_by_offending() const { return lost_control_if_offended || lost_treated_if_offended; }
  bool loses_anybody() const {
    return lost_control > 0 || lost_treated > 0 || lost_control_if_offended > 0.0 || lost_treated_if_offended > 0.0;
  }
};

/// A number with its Monte Carlo error; not a number where there is none.
struct Characteristic {
  double value = 0;
  double error = 0;
};

/// What an analysis does at one size. Estimates of ratios are logarithms.
struct TrialSize {
  std::size_t people = 0;
  std::uint64_t trials = 0;
  std::uint64_t without_number = 0;  // the method gave none: counted as not shown
  Characteristic mean, bias, empirical_error, squared_error, coverage;
  Characteristic power;               // the share of trials with p at most alpha
  statistics::Interval power_limits;  // Wilson's
  std::uint64_t shown = 0;            // trials behind the next two
  Characteristic wrong_sign, exaggeration;
  /// In power, trial by trial: over the first design with the same analysis, or over the design that it repeats.
  std::optional<Characteristic> gain;
  std::optional<Characteristic> false_positives;  // of the arm without effect
  statistics::Interval false_positive_limits;
  /// Of trials each with a draw of its own of every parameter: the share with p at most alpha, and of all of them that
  /// with p at most alpha and the other sign than the truth at the middle.
  std::optional<Characteristic> assurance, against;
  statistics::Interval assurance_limits;  // Wilson's
  // With looks: the share that stops at each, the mean number of people by then, bias of what is then reported.
  std::vector<Characteristic> stops;
  Characteristic power_with_looks, people_with_looks, bias_with_looks;
  std::optional<Characteristic> false_positives_with_looks;  // of the arm without effect
};

/// The number of people at which the wanted power is reached.
struct TrialNeed {
  enum class Verdict { found, beyond_sizes, at_smallest };
  Verdict verdict = Verdict::found;
  std::size_t people = 0;
  TrialSize confirmed;  // a fresh run at that number: the one to report
};

/// One analysis of one design.
struct TrialResult {
  std::size_t design = 0;
  std::size_t analysis = 0;
  std::string measure, unit;  // "risk difference", "share"
  bool log_scale = false;
  /// A test alone has no effect (no truth, no bias), and a test without limits no coverage: those are not numbers.
  /// Which way it points, for the wrong sign, is told from the sign of its statistic.
  bool has_effect = true, has_interval = true;
  double truth = 0, truth_error = 0;            // on the scale of estimation
  double truth_control = 0, truth_treated = 0;  // the outcome itself: share of people, mean number; NaN of a time
  std::uint64_t truth_people = 0;               // who live in both arms, those of the trials among them
  bool own_people = false;                      // whether any of the trials' own people do
  bool truth_is_fine = true;                    // it adds less than a tenth of the error of every bias
  bool fresh_is_fine = true;                    // the same of the bias of the trials that confirm
  std::vector<TrialSize> sizes;
  std::optional<TrialNeed> need;
};

/// The boundaries of a design's looks on |z|, two-sided .05.
std::vector<double> look_boundaries(const TrialDesign& design);

/// People analysed at all sizes and looks of all trials of a design, those without an effect among them.
double people_analysed(const TrialDesign& design);

/// How many resamples or reassignments an analysis of one study draws; 0 of methods that draw none.
double draws_of(const TrialAnalysis& analysis);
/// Why it can't draw so many; "" where it can.
std::string why_no_draws(const TrialAnalysis& analysis);

/// The columns that a trial's rows have, for `adjust`, `strata`, `blocks` and `cluster`: "age", "before", "period",
/// "cluster", "block", "person".
const std::vector<std::string>& trial_columns();

/// The analysis's outcome of a person by its method.
PersonOutcome trial_outcome(const TrialAnalysis& analysis);

/// An arm among people with other careers: what `careers` sets otherwise than `base`, on top of what `role` sets.
/// Throws std::invalid_argument where both set one field: its number in `fields` stands in the message as "#3".
Arm with_careers(const ArmLayout& base, const Arm& role, const Arm& careers);

/// Runs every design on common luck: person i of trial r is the same in every design, arm and size, and the smaller
/// sizes are the first of the people of the greatest. Throws std::invalid_argument for designs that differ in
/// `same_people`. Arms that are variants are left out and not counted. A parameter
/// with a law is held at its middle, but for the assurance (O'Hagan, Stevens & Campbell 2005): the mean of the power
/// over what is not known, of which trial r with draw r is one trial. Fewer results than analyses: it was stopped.
/// Throws ReplicateFailure for a model that fails, std::invalid_argument for a design that the model's window cannot
/// hold. The results depend on no number of threads. Verified by: trial_test, trial_law_test.
std::vector<TrialResult> run_trials(const std::vector<TrialDesign>& designs, const ModelRecord& model,
                                    const std::vector<Arm>& arms, const ParameterDraws& draws, const Window& window,
                                    std::uint64_t seed, const RunControl& control);

}  // namespace desist
