// The follow-up of the people of an analysis, for estimators of a time to an event.
#pragma once

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

/// A number of one arm, without limits yet.
EffectRow row_of_arm(const std::string& arm, const std::string& measure, const std::string& unit, double estimate);

}  // namespace desist
