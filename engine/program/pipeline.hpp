// The seven lines: from a file to written results; and one replicate run again alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/program/evaluate_command.hpp"
#include "engine/program/experiment_spec.hpp"

namespace desist {

struct RunOptions {
  std::string file;
  std::string out;       // empty: results/<experiment>
  unsigned threads = 0;  // 0: as many as the machine has
  bool json = false;     // the first screen as JSON
  bool quiet = false;    // no progress bar, even on a terminal
};

/// Runs an experiment and writes its results; prints the first screen. Returns the exit code.
int run_experiment(const RunOptions& options, const Catalogue& catalogue);

/// Proposes an experiment for a data file, says what its columns were taken for, runs it, and prints the file that
/// repeats it below the first screen. Returns the exit code.
int evaluate_data(const EvaluateOptions& evaluate, const RunOptions& options, const Catalogue& catalogue);

/// The arms of virtual trials: those reported, then those among people with other careers.
std::vector<Arm> arms_of_trials(const ExperimentSpec& spec);

/// Binds every arm to the first draw, those at the levels of sweeps and the subsets of decompositions too, and tries
/// one small trial of each design: figures that contradict one another, and windows that hold no follow-up, are faults
/// of the file, and said before anything is simulated. Throws Failure(invalid_experiment). Verified by: failures_test.
void check_arms(const ExperimentSpec& spec, const ParameterDraws& draws, const std::string& file);
/// The same with the file's own draws. Where a study or a forecast feeds the model, only a run knows them, and does it
/// then.
void check_arms(const ExperimentSpec& spec, const std::string& file);

struct ReplayOptions {
  std::string file;
  std::string arm;
  std::uint64_t draw = 0;
  std::uint64_t replicate = 0;
  std::size_t need = 0;         // with a level: which [[need]] of the file, from 1
  std::optional<double> level;  // of what that need looks for
};

/// Runs one replicate again and prints its parameters, outcomes and series as CSV.
int replay_replicate(const ReplayOptions& options, const Catalogue& catalogue);

}  // namespace desist
