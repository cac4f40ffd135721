// What a study is worth before it is done: to one decision, to all who come after its answer, and less its cost.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/study_summary.hpp"
#include "engine/statistics/value_of_information.hpp"

namespace desist::statistics {

/// EVSI: net benefits, draws x arms, regressed on what the study would show (Strong, Oakley, Brennan & Breeze 2015).
/// The summary is of the estimator that the study will use, so a poor estimator is worth less. In sample it is on
/// average too large, out of fold too small, as EVPPI is; on one set of draws noise may put them the other way round.
/// Errors and refusals as
/// `partial_information`. 0 <= EVSI <= EVPPI <= EVPI hold for the quantities; estimates on the same draws may break
/// them by up to 4 paired errors. Verified by: sampling_information_test
PartialInformation sample_information(const Eigen::MatrixXd& net_benefits, const StudySummary& summary);

/// Whom a decision is for, and when a study answers.
struct DecisionTime {
  double answer_after = 0;  // years from now
  double lasts = 0;         // years from now in which the decision matters; later people are nobody's
};

/// Years in which people come after the answer, each counted by its discount factor (the first is year 0's): times
/// people a year they are the people to whom the answer comes. Throws std::invalid_argument for times that are negative
/// or not finite, and for years without a factor. Verified by: sampling_information_test
double discounted_years_after(const DecisionTime& time, std::span<const double> factors);

/// A study before it is done, by draw.
struct PlannedStudy {
  Eigen::VectorXd gains;             // £: what one would do after it less what one does now, for the appraised people
  Eigen::VectorXd people_a_year;     // to whom its answer comes
  Eigen::VectorXd appraised_people;  // above 0 on average
  Eigen::VectorXd cost;              // £
  Eigen::VectorXd loss;              // £: what those in it lose by it, times the appraised people
};

struct ValueWithError {
  double value = 0;
  double error = 0;  // Monte Carlo
};

/// The expected net benefit of sampling (Willan & Pinto 2005).
struct StudyWorth {
  ValueWithError population;  // E gains/E appraised people x E people a year x years after
  ValueWithError cost;
  ValueWithError loss;            // E loss/E appraised people
  ValueWithError net;             // population - cost - loss
  Eigen::VectorXd net_influence;  // by draw, of mean 0: how it moves the net
};

/// Functions of means over draws: errors by the delta method with all covariances, that is sd/sqrt(D) of each draw's
/// influence (mathematics.md 6.5; van der Vaart 1998, section 3.1). All vectors have one value a draw, at least two;
/// throws std::invalid_argument otherwise. Verified by: sampling_information_test
StudyWorth study_worth(const PlannedStudy& study, double years_after);

/// The size worth most among those tried, and by how much others are behind, on common luck.
struct BestStudy {
  std::size_t index = 0;
  std::vector<ValueWithError> behind;  // by size: net of the best less its net, with the error of that difference
  /// Less than 2 errors behind: the draws don't tell it apart from the best.
  bool is_told_apart(std::size_t size) const { return behind[size].value > 2 * behind[size].error && size != index; }
};

/// One worth a size, on the same draws. Verified by: sampling_information_test
BestStudy best_study(std::span<const StudyWorth> worths);

}  // namespace desist::statistics
