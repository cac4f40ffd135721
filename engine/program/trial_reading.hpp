// What reads a virtual trial.
#pragma once

#include <string>

#include "engine/program/experiment_spec.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// Adds one [[trial.analysis]] table to its trial, or says what is wrong with it; `shown` names the trial.
void read_trial_analysis(Reading& reading, const ExperimentSpec& spec, const std::string& shown, const Node& table,
                         TrialDesign& design);

}  // namespace desist
