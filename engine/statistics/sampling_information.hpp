// What a study is worth before it is done: to one decision, to all who come after its answer, and less its cost.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/discounting.hpp"
#include "engine/statistics/study_summary.hpp"
#include "engine/statistics/value_of_information.hpp"

namespace desist::statistics {

/// EVSI: net benefits, draws x arms, regressed on what the study would show (Strong, Oakley, Brennan & Breeze 2015).
/// The summary is of the estimator that the study will use, so a poor estimator is worth less. Errors and refusals as
/// `partial_information`. 0 <= EVSI <= EVPPI <= EVPI hold for the quantities; estimates on the same draws may break
/// them by up to 4 paired errors. Verified by: sampling_information_test
PartialInformation sample_information(const Eigen::MatrixXd& net_benefits, const StudySummary& summary);

/// EVSI a second way.
struct MatchedMoments {
  double value = 0;
  double error = 0;  // Monte Carlo, of drawing and of the posteriors; that of the fitted surface is not in it
};

/// EVSI by moment matching (Heath, Manolopoulou & Baio 2018): the fitted means g given the parameters that the study is
/// on are pulled to their mean until their covariance is that of posterior means, Var(g) - E Var(g | summary).
/// Posterior variances are those of the draws weighted by the likelihood of the summaries of `posteriors` evenly spaced
/// draws, under the normal laws that the summary states. `parameters`: draws x those that the study is on. A check of
/// `sample_information`: it uses neither its regression on the summary nor the summary's values at other draws.
/// Verified by: sampling_information_test
MatchedMoments matched_moments(const Eigen::MatrixXd& net_benefits, const Eigen::MatrixXd& parameters,
                               const StudySummary& summary, Eigen::Index posteriors = 100);

/// The difference of two arms is N(mean, sd^2): EVPI = sd phi(m/sd) - |m| Phi(-|m|/sd) (mathematics.md 8.4; Raiffa &
/// Schlaifer 1961, unit normal loss). 0 where the sd is 0. Verified by: sampling_information_test
double information_of_normal(double mean, double sd);

/// EVSI of n observations of such a difference, each of variance v, with an error N(0, bias^2) that n does not shrink:
/// the same at sd^2/sqrt(sd^2 + v/n + bias^2). Verified by: sampling_information_test (m = -.2, sd = 1, v = 4, n = 10:
/// .2466)
struct NormalStudy {
  double mean = 0;
  double sd = 1;
  double variance = 1;  // of one observation
  double people = 1;
  double bias = 0;
};
double sample_information_of_normal(const NormalStudy& study);

/// Whom a decision is for, and when a study answers.
struct DecisionTime {
  double people_a_year = 0;
  double answer_after = 0;  // years from now
  double lasts = 0;         // years from now in which the decision matters; later people are nobody's
};

/// People before and after the answer, each counted by the discount factor of the year they come in: sum over years y
/// of D_y people_a_year (share of the year). Throws std::invalid_argument for times that are negative or not finite,
/// and for years that the schedule does not reach. Verified by: sampling_information_test
struct DiscountedPeople {
  double before = 0;
  double after = 0;
};
DiscountedPeople discounted_people(const DecisionTime& time, const DiscountSchedule& schedule);

/// What doing a study costs, beside the money: people who get the arm that is worse as far as is known.
struct StudyCost {
  double fixed = 0;  // money
  double each = 0;   // money a person
  double people = 0;
  double people_on_worse = 0;         // of them in the arm that is worse in expectation
  double waiting_share_on_worse = 0;  // of those who come before the answer
  double loss_each = 0;               // what one of these loses: max_j E mu_j - E mu_worse, at least 0
};

/// The expected net benefit of sampling (Willan & Pinto 2005).
struct StudyWorth {
  double people = 0;            // in the study
  double people_after = 0;      // discounted, after its answer
  double population_value = 0;  // EVSI x people after
  double cost = 0;              // fixed + each x people
  double loss = 0;              // loss_each x (people_on_worse + waiting share x people before)
  double net = 0;               // population value - cost - loss
  double error = 0;             // Monte Carlo, of population value and net: costs are exact
};

/// EVSI and loss are for one person. Verified by: sampling_information_test
StudyWorth study_worth(const PartialInformation& information, const StudyCost& cost, const DecisionTime& time,
                       const DiscountSchedule& schedule);

/// The size worth most among those tried, and by how much others are behind, on common luck.
struct BestStudy {
  std::size_t index = 0;
  std::vector<PairedValues> behind;  // by size: net of the best less its net, with the error of that difference
};

/// One information and one worth a size, on the same draws. A size less than 2 errors behind is not told apart from the
/// best; where the best's own net is not above 0, no size is worth its cost. Verified by: sampling_information_test
BestStudy best_study(std::span<const PartialInformation> information, std::span<const StudyWorth> worths);

}  // namespace desist::statistics
