// `desist evaluate`: a first look at a data file without an experiment file, and the file that repeats it.
#pragma once

#include <string>
#include <vector>

namespace desist {

/// What the words of the command say.
struct EvaluateOptions {
  std::string file;
  std::string arm, control, received;
  std::string yes_no;           // column; one of these three kinds at least
  std::string count, exposure;  // columns
  std::string time, event;      // columns
  std::string cause, censored;  // values of `event`
  std::vector<std::string> adjust;
  std::string cluster;
  bool randomised = false;
  std::string name;
};

/// The experiment file that does what the words say: every column with the type it was taken for.
struct ProposedExperiment {
  std::string text;
  std::vector<std::string> reasons;  // "'age' is taken as a whole number: 18 to 70"
};

/// Looks at the whole data file. Throws Failure(usage) where it can't be read, holds no such column, or the words name
/// no outcome. Verified by: evaluate_test
ProposedExperiment propose_experiment(const EvaluateOptions& options);

}  // namespace desist
