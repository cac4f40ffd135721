// What reads a virtual trial.
#pragma once

#include <string>

#include "engine/program/experiment_spec.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// Adds one [[trial.analysis]] table to its trial, or says what is wrong with it; `shown` names the trial.
void read_trial_analysis(Reading& reading, const ExperimentSpec& spec, const std::string& shown, const Node& table,
                         TrialDesign& design);

/// Complains of analyses at a time after the end of another follow-up with which the design is tried.
void expect_times_followed(Reading& reading, const Node& also_followed, double weeks, const TrialDesign& design);

}  // namespace desist
