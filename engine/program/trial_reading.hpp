// What reads a virtual trial.
#pragma once

#include <string>
#include <string_view>

#include "engine/program/experiment_spec.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// Adds one [[trial.analysis]] table to its trial, or says what is wrong with it; `shown` names the trial.
void read_trial_analysis(Reading& reading, const ExperimentSpec& spec, const std::string& shown, const Node& table,
                         TrialDesign& design);

/// Complains of analyses at a time after the end of another follow-up with which the design is tried.
void expect_times_followed(Reading& reading, const Node& also_followed, double weeks, const TrialDesign& design);

/// Reads who is lost and who crosses over into the design; adds the source of what is assumed of the trial.
void read_trial_losses(Reading& reading, const Node& table, const std::string& shown, TrialDesign& design);

/// A share above 0 and below 1 (0 too, if there may be none), or what stands where the key is left out.
double trial_share(Reading& reading, const Node& table, std::string_view key, double otherwise, bool may_be_none);

/// Says that a key of a trial is missing, why it is needed, and the line to add.
void missing_of_trial(Reading& reading, const Node& table, const std::string& shown, std::string_view key,
                      std::string_view why, std::string_view line);

}  // namespace desist
