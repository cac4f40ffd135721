// The follow-up of the people of an analysis, for estimators of a time to an event.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/estimators/parts.hpp"

namespace desist {

/// People with a value in the outcome's columns, the arm, and every further column that is named.
struct Times {
  PeopleRows rows;
  Eigen::VectorXd stop, start;      // start is empty where all are observed from the beginning
  std::vector<int> event;           // 1: the outcome's; other causes are 0 (censored) unless asked for
  std::vector<std::string> causes;  // names of 1, 2, ...; the outcome's first
  std::vector<int> arm;

  Times(const AnalysisInput& input, std::vector<std::string> columns, bool all_causes = false);
  statistics::FollowUp follow_up() const;
};

std::string arm_name(const PersonStudy& study, std::size_t arm);  // "everyone" where there are no arms
int arm_count(const PersonStudy& study);

/// A result with its estimand, who was left out, and the numbers of people and events.
AnalysisResult begun(const AnalysisInput& input, const Times& times);

/// Whether the curve of an arm says anything of that time: somebody is followed to it, or everybody's time has ended in
/// an event (of any cause) before.
bool is_known_at(const Times& times, std::size_t arm, double time);

/// "52 weeks", "1 day", "90" where the outcome has no unit; of a long number three digits.
std::string time_in_words(double time, const PersonOutcome& outcome);

/// An arm's share with the event by some time less the control's, both read from curves, with normal limits and Wald's
/// test from the errors of the two (Klein et al. 2007, the test without a transformation). No limits where neither has
/// an error.
struct ShareBy {
  double treated = 0, control = 0;              // shares with the event
  double treated_error = 0, control_error = 0;  // not a number where a curve has none there
};
EffectRow difference_by(const std::string& arm, const std::string& measure, const ShareBy& shares,
                        const Analysis& analysis);

/// Says of which arm nobody is followed to that time; nothing where the curves of both are known there.
std::optional<std::string> unknown_at(const AnalysisInput& input, const Times& times, std::size_t arm, double time);

/// A number of one arm, without limits yet.
EffectRow row_of_arm(const std::string& arm, const std::string& measure, const std::string& unit, double estimate);

}  // namespace desist
