// The worth of a study against closed forms of two arms, a second estimator, its order below what could be known, and
// sums by hand.
#include "engine/statistics/sampling_information.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <boost/math/special_functions/beta.hpp>
#include <gtest/gtest.h>

#include "engine/statistics/real.hpp"
#include "tests/statistics/second_information.hpp"
#include "tests/statistics/uniforms.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

std::string refusal_of_study(const std::function<void()>& run) {
  try {
    run();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "not refused";
}

/// A difference N(-.2, 1) of two arms, with a part of the net benefits that no study of it tells of.
struct OneDifference {
  VectorXd mean;
  MatrixXd net;
  StudyLuck luck;
};

OneDifference one_difference(Index draws, std::uint64_t seed) {
  Uniforms u(seed);
  OneDifference made{VectorXd(draws), MatrixXd(draws, 2), {{}, VectorXd(draws), VectorXd(draws)}};
  for (Index d = 0; d < draws; ++d) {
    made.mean[d] = -0.2 + u.normal();
    made.net(d, 0) = 3 * u.normal();
    made.net(d, 1) = made.net(d, 0) + made.mean[d];
    made.luck.treated[d] = u();
    made.luck.bias[d] = u();
  }
  return made;
}

TEST(SampleInformationOfNormal, Is_the_closed_form) {
  EXPECT_NEAR(sample_information_of_normal({-0.2, 1, 4, 10, 0}), 0.2466, 5e-5);
  // By Simpson's rule over the posterior mean, N(-.2, s^4/(s^2 + v/n)).
  const double sd = 1 / std::sqrt(1.4);
  double sum = 0;
  constexpr int steps = 4000;
  for (int i = 0; i <= steps; ++i) {
    const double z = -10 + 20.0 * i / steps;
    sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * std::max(0.0, -0.2 + sd * z) * std::exp(-z * z / 2);
  }
  EXPECT_NEAR(sample_information_of_normal({-0.2, 1, 4, 10, 0}), sum * 20 / steps / 3 / std::sqrt(2 * std::acos(-1.0)),
              1e-6);
  double before = 0;
  for (const double n : {1.0, 10.0, 100.0, 1e4, 1e8}) {
    const double value = sample_information_of_normal({-0.2, 1, 4, n, 0});
    EXPECT_GT(value, before);
    EXPECT_LT(value, information_of_normal(-0.2, 1));
    before = value;
  }
  EXPECT_NEAR(before, information_of_normal(-0.2, 1), 1e-7);
  EXPECT_EQ(information_of_normal(-0.2, 1), information_of_normal(0.2, 1));
  EXPECT_EQ(information_of_normal(0.2, 0), 0);
  EXPECT_EQ(sample_information_of_normal({0.2, 0, 4, 10, 0}), 0);
  // No number of people takes a bias away: v/n + .5^2 is .5^2 at last.
  EXPECT_NEAR(sample_information_of_normal({-0.2, 1, 4, 1e12, 0.5}), information_of_normal(-0.2, 1 / std::sqrt(1.25)),
              1e-9);
}

/// 20,000 draws: errors of 0.005, so that a bias of a tenth of the value is seen; false alarm 1e-6 each.
TEST(SampleInformation, Both_estimators_are_the_closed_form) {
  const OneDifference difference = one_difference(20000, 5);
  for (const double people : {1.0, 10.0, 100.0}) {
    for (const double bias : {0.0, 0.7}) {
      const StudySummary summary = summary_of_mean(difference.mean, 2 / std::sqrt(people), bias, difference.luck);
      const double truth = sample_information_of_normal({-0.2, 1, 4, people, bias});
      const PartialInformation regression = sample_information(difference.net, summary);
      EXPECT_NEAR(regression.value, truth, 4.9 * regression.error) << people << " " << bias;
      EXPECT_LT(regression.error, 0.01);
      const MatchedMoments moments = matched_moments(difference.net, difference.mean, summary);
      EXPECT_NEAR(moments.value, truth, 4.9 * moments.error) << people << " " << bias;
      EXPECT_LT(moments.error, 0.02);
    }
  }
}

/// Two groups' risks, what a reoffence costs, and what the programme costs: a trial tells of the first two.
struct RiskDecision {
  MatrixXd parameters;  // control risk, treated risk, cost of a reoffence, cost of the programme
  MatrixXd net;
  StudyLuck luck;
};

RiskDecision risk_decision(Index draws, std::uint64_t seed) {
  Uniforms u(seed);
  RiskDecision made{MatrixXd(draws, 4), MatrixXd(draws, 2), {VectorXd(draws), VectorXd(draws), VectorXd(draws)}};
  for (Index d = 0; d < draws; ++d) {
    const double control = 0.3 + 0.04 * u.normal();
    made.parameters(d, 0) = control;
    made.parameters(d, 1) = control * std::exp(-0.15 + 0.2 * u.normal());
    made.parameters(d, 2) = 20000 * std::exp(0.4 * u.normal());
    made.parameters(d, 3) = 700 + 600 * u();
    made.net(d, 0) = -made.parameters(d, 2) * control;
    made.net(d, 1) = -made.parameters(d, 2) * made.parameters(d, 1) - made.parameters(d, 3);
    made.luck.control[d] = u();
    made.luck.treated[d] = u();
    made.luck.bias[d] = u();
  }
  return made;
}

TEST(SampleInformation, Lies_between_nothing_and_what_could_be_known) {
  for (const std::uint64_t seed : {11U, 12U, 13U}) {
    const RiskDecision decision = risk_decision(10000, seed);
    const PerfectInformation all = perfect_information(decision.net);
    const PartialInformation risks = partial_information(decision.net, decision.parameters.leftCols(2));
    const PartialInformation control = partial_information(decision.net, decision.parameters.leftCols(1));
    const auto at_most = [](double less, double more, const PairedValues& paired) {
      EXPECT_LE(less - more, 4 * paired.error + 1e-9);
    };
    at_most(risks.value, all.value, paired_difference(risks.gains, all.gains));
    at_most(control.value, risks.value, paired_difference(control.gains, risks.gains));
    EXPECT_GE(control.value, 0);
    PartialInformation smaller;
    smaller.gains = VectorXd::Zero(10000);
    for (const double people : {20.0, 200.0, 2000.0}) {
      const auto trial = [&](double bias) {
        return summary_of_risks(decision.parameters.col(0), decision.parameters.col(1), {people / 2, people / 2}, bias,
                                decision.luck);
      };
      const PartialInformation sample = sample_information(decision.net, trial(0));
      const PartialInformation biased = sample_information(decision.net, trial(0.1));
      EXPECT_GE(sample.value, 0);
      at_most(sample.value, risks.value, paired_difference(sample.gains, risks.gains));
      at_most(smaller.value, sample.value, paired_difference(smaller.gains, sample.gains));
      at_most(biased.value, sample.value, paired_difference(biased.gains, sample.gains));
      const MatchedMoments moments = matched_moments(decision.net, decision.parameters.leftCols(2), trial(0));
      EXPECT_NEAR(moments.value, sample.value, 4.9 * std::hypot(moments.error, sample.error)) << people;
      smaller = sample;
    }
    // With everybody asked, what is left to know of the risks is little.
    EXPECT_NEAR(smaller.value, risks.value, 0.15 * risks.value);
  }
}

/// Two groups' risks by Beta laws, and a worth of each reoffence averted that is not known: what a trial of m people in
/// each group is worth has a closed form, since what it shows has Beta laws again.
struct ConjugateTrial {
  static constexpr double a0 = 14.5, b0 = 56.5, a1 = 10.5, b1 = 67.5;
  static constexpr double worth = 1000, cost = 60;
  int people = 50;      // in each group
  double log_sd = 0.6;  // of the worth of one

  /// Beta-binomial probabilities of 0, 1, ... of `people`.
  std::vector<double> counts(double a, double b) const {
    std::vector<double> chances{1};
    for (int i = 0; i < people; ++i) chances[0] *= (b + i) / (a + b + i);
    for (int x = 0; x < people; ++x)
      chances.push_back(chances.back() * (people - x) / (x + 1) * (a + x) / (b + people - x - 1));
    return chances;
  }
  double exact() const {
    const std::vector<double> control = counts(a0, b0), treated = counts(a1, b1);
    double sum = 0;
    for (int x0 = 0; x0 <= people; ++x0)
      for (int x1 = 0; x1 <= people; ++x1) {
        const double averted = (a0 + x0) / (a0 + b0 + people) - (a1 + x1) / (a1 + b1 + people);
        sum += control[static_cast<std::size_t>(x0)] * treated[static_cast<std::size_t>(x1)] *
               std::max(0.0, worth * averted - cost);
      }
    return sum - std::max(0.0, worth * (a0 / (a0 + b0) - a1 / (a1 + b1)) - cost);
  }
  PartialInformation found(Index draws, std::uint64_t seed) const {
    Uniforms u(seed);
    VectorXd control(draws), treated(draws);
    MatrixXd net = MatrixXd::Zero(draws, 2);
    StudyLuck luck{VectorXd(draws), VectorXd(draws), VectorXd(draws)};
    for (Index d = 0; d < draws; ++d) {
      control[d] = boost::math::ibeta_inv(a0, b0, u());
      treated[d] = boost::math::ibeta_inv(a1, b1, u());
      net(d, 1) = worth * std::exp(log_sd * u.normal() - log_sd * log_sd / 2) * (control[d] - treated[d]) - cost;
      luck.control[d] = u();
      luck.treated[d] = u();
      luck.bias[d] = 0.5;
    }
    return sample_information(net, summary_of_risks(control, treated, {real(people), real(people)}, 0, luck));
  }
};

TEST(SampleInformation, Of_a_trial_of_two_risks_is_the_closed_form) {
  const ConjugateTrial trial;
  const double truth = trial.exact();
  const PartialInformation found = trial.found(20000, 70);
  EXPECT_NEAR(found.value, truth, 4.9 * found.error);  // false alarm 1e-6
  EXPECT_NEAR(found.policy_value, truth, 4.9 * found.policy_error);
  EXPECT_LT(4.9 * found.error, 0.2 * truth);  // a bias of a fifth is seen
}

/// What a regression learns by heart counts in sample and not out of fold: over 600 sets of 150 draws of a small trial
/// the closed form lies between the means of the two, each by more than 4.9 errors of these means; without a bias that
/// has chance 1e-6.
TEST(SampleInformation, In_sample_and_out_of_fold_bracket_the_truth) {
  const ConjugateTrial trial{10, 1};
  const double truth = trial.exact();
  constexpr int sets = 600;
  double in_sample = 0, in_squares = 0, policy = 0, policy_squares = 0;
  for (int set = 0; set < sets; ++set) {
    const PartialInformation found = trial.found(150, 7000 + static_cast<std::uint64_t>(set));
    in_sample += found.value / sets;
    in_squares += found.value * found.value / sets;
    policy += found.policy_value / sets;
    policy_squares += found.policy_value * found.policy_value / sets;
  }
  const double in_error = std::sqrt((in_squares - in_sample * in_sample) / sets),
               policy_error = std::sqrt((policy_squares - policy * policy) / sets);
  EXPECT_GT(in_sample, truth + 4.9 * in_error) << "truth " << truth;
  EXPECT_LT(policy, truth - 4.9 * policy_error) << "truth " << truth;
}

TEST(DiscountedYears, Are_those_after_the_answer) {
  const double v = 1 / 1.035;
  const std::vector<double> factors{1, v, v * v, v * v * v};
  EXPECT_NEAR(discounted_years_after({1.5, 3.25}, factors), 0.5 * v + v * v + 0.25 * v * v * v, 1e-15);
  EXPECT_EQ(discounted_years_after({5, 3}, factors), 0);  // too late
  EXPECT_EQ(discounted_years_after({0, 1}, factors), 1);
  EXPECT_EQ(refusal_of_study([&] {
              discounted_years_after({-1, 1}, factors);
            }),
            "times of a decision are 0 or more, and finite");
  EXPECT_EQ(refusal_of_study([&] {
              discounted_years_after({1, 4.5}, factors);
            }),
            "every year of a decision needs a discount factor");
}

/// A study whose gains, people, costs and losses all are of what is not known, and depend on each other.
PlannedStudy planned_study(Index draws, std::uint64_t seed) {
  Uniforms u(seed);
  PlannedStudy study{VectorXd(draws), VectorXd(draws), VectorXd(draws), VectorXd(draws), VectorXd(draws)};
  for (Index d = 0; d < draws; ++d) {
    const double common = u();
    study.gains[d] = std::max(0.0, 300 * (common + u.normal()));
    study.people_a_year[d] = 100 + 200 * common;
    study.appraised_people[d] = 500 + 400 * u() - 100 * common;
    study.cost[d] = 1000 + 3000 * common;
    study.loss[d] = 400000 * u();
  }
  return study;
}

TEST(StudyWorth, Is_what_it_is_worth_to_those_after_it_less_cost_and_loss) {
  PlannedStudy study{VectorXd::Constant(2, 12), VectorXd::Constant(2, 200), VectorXd::Ones(2),
                     VectorXd::Constant(2, 7000), VectorXd::Constant(2, 150)};
  study.gains << 10, 14;
  const StudyWorth worth = study_worth(study, 8);
  EXPECT_EQ(worth.population.value, 19200);
  EXPECT_EQ(worth.cost.value, 7000);
  EXPECT_EQ(worth.loss.value, 150);
  EXPECT_EQ(worth.net.value, 19200 - 7000 - 150);
  EXPECT_NEAR(worth.net.error, 2 * 1600, 1e-9);  // sd of 10 and 14 by sqrt(2) is 2
  EXPECT_EQ(worth.cost.error, 0);
  study.appraised_people.setZero();
  EXPECT_EQ(refusal_of_study([&] { study_worth(study, 8); }),
            "the worth of a study needs people for whom the decision is appraised");
  study.cost.resize(3);
  EXPECT_EQ(refusal_of_study([&] { study_worth(study, 8); }), "the worth of a study needs finite values of two draws");
}

/// 2,000 sets of 1,000 draws: a stated error over the scatter has error 1/sqrt(4000) = 1.6%, so that 10% is a false
/// alarm of 1e-6 with a bias of 2%. An error of the gains alone, as if people and costs were known, fails it.
TEST(StudyWorth, Errors_are_the_scatter_over_other_draws) {
  constexpr int sets = 2000;
  struct Scatter {
    double sum = 0, squares = 0, errors = 0;
    void add(const ValueWithError& found) {
      sum += found.value / sets;
      squares += found.value * found.value / sets;
      errors += found.error / sets;
    }
    double ratio() const { return errors / std::sqrt(squares - sum * sum); }
  };
  Scatter population, cost, loss, net, gains_alone;
  for (int set = 0; set < sets; ++set) {
    PlannedStudy study = planned_study(1000, 20000 + static_cast<std::uint64_t>(set));
    const StudyWorth worth = study_worth(study, 5);
    population.add(worth.population);
    cost.add(worth.cost);
    loss.add(worth.loss);
    net.add(worth.net);
    const double factor = 5 * study.people_a_year.mean() / study.appraised_people.mean();
    const VectorXd away = study.gains.array() - study.gains.mean();
    gains_alone.add({worth.net.value, factor * std::sqrt(away.squaredNorm() / 999 / 1000)});
  }
  EXPECT_NEAR(population.ratio(), 1, 0.1);
  EXPECT_NEAR(cost.ratio(), 1, 0.1);
  EXPECT_NEAR(loss.ratio(), 1, 0.1);
  EXPECT_NEAR(net.ratio(), 1, 0.1);
  EXPECT_GT(std::abs(gains_alone.ratio() - 1), 0.1);
}

/// The best of several sizes by the closed form (m = -.2, s = 1, v = 4; 2,000 people after it, 1 each): found to within
/// 4 paired errors, which are well below those of each size alone.
TEST(BestStudy, Is_the_closed_forms) {
  const OneDifference difference = one_difference(20000, 9);
  const VectorXd ones = VectorXd::Ones(20000);
  const std::vector<double> sizes{5, 20, 60, 150, 400};
  std::vector<StudyWorth> worths;
  std::vector<double> truths;
  for (const double people : sizes) {
    const StudySummary summary = summary_of_mean(difference.mean, 2 / std::sqrt(people), 0, difference.luck);
    const PartialInformation information = sample_information(difference.net, summary);
    worths.push_back(study_worth({information.policy_gains, 200 * ones, ones, people * ones, 0 * ones}, 10));
    truths.push_back(2000 * sample_information_of_normal({-0.2, 1, 4, people, 0}) - people);
  }
  const BestStudy best = best_study(worths);
  const double greatest = *std::max_element(truths.begin(), truths.end());
  EXPECT_EQ(best.behind[best.index].value, 0);
  EXPECT_EQ(best.behind[best.index].error, 0);
  EXPECT_FALSE(best.is_told_apart(best.index));
  EXPECT_TRUE(best.is_told_apart(4));  // 400 people cost more than their answer is worth
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_NEAR(worths[i].net.value, truths[i], 4.9 * worths[i].net.error) << sizes[i];
    if (i == best.index) continue;
    EXPECT_GE(best.behind[i].value, 0);
    EXPECT_NEAR(best.behind[i].value, truths[best.index] - truths[i], 4.9 * best.behind[i].error) << sizes[i];
    EXPECT_LT(best.behind[i].error, worths[i].net.error);
    EXPECT_EQ(best.is_told_apart(i), best.behind[i].value >= 2 * best.behind[i].error);
    if (truths[i] == greatest) {
      EXPECT_LT(best.behind[i].value, 4 * best.behind[i].error);
    }
  }
  EXPECT_EQ(refusal_of_study([] { best_study({}); }), "a best size needs a size");
}

}  // namespace
}  // namespace desist::statistics
