// The worth of a study against closed forms of two arms, a second estimator, its order below what could be known, and
// sums by hand.
#include "engine/statistics/sampling_information.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/statistics/uniforms.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr std::array<DiscountBand, 1> three_and_a_half{{{1, 60, 0.035}}};

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

TEST(DiscountedPeople, Are_counted_by_the_year_they_come_in) {
  const DiscountSchedule schedule(three_and_a_half);
  const DiscountedPeople people = discounted_people({100, 1.5, 3.25}, schedule);
  const double v = 1 / 1.035;
  EXPECT_NEAR(people.before, 100 * (1 + 0.5 * v), 1e-12);
  EXPECT_NEAR(people.after, 100 * (0.5 * v + v * v + 0.25 * v * v * v), 1e-12);
  EXPECT_EQ(discounted_people({100, 5, 3}, schedule).after, 0);  // too late
  EXPECT_EQ(discounted_people({100, 0, 1}, schedule).before, 0);
  EXPECT_EQ(refusal_of_study([&] {
              discounted_people({100, -1, 1}, schedule);
            }),
            "people and times of a decision are 0 or more, and finite");
  EXPECT_EQ(refusal_of_study([&] {
              discounted_people({100, 1, 62}, schedule);
            }),
            "the discount schedule reaches year 60: it has no factor for year 61");
}

TEST(StudyWorth, Is_what_it_is_worth_to_those_after_it_less_cost_and_loss) {
  PartialInformation information;
  information.value = 12;
  information.error = 0.5;
  const std::array<DiscountBand, 1> none{{{1, 60, 0}}};
  StudyCost cost;
  cost.fixed = 5000;
  cost.each = 20;
  cost.people = 100;
  cost.people_on_worse = 50;
  cost.waiting_share_on_worse = 0.25;
  cost.loss_each = 3;
  const StudyWorth worth = study_worth(information, cost, {200, 2, 10}, DiscountSchedule(none));
  EXPECT_EQ(worth.people_after, 1600);
  EXPECT_EQ(worth.population_value, 19200);
  EXPECT_EQ(worth.cost, 7000);
  EXPECT_EQ(worth.loss, 3 * (50 + 0.25 * 400));
  EXPECT_EQ(worth.net, 19200 - 7000 - 450);
  EXPECT_EQ(worth.error, 800);
  cost.waiting_share_on_worse = 1.5;
  EXPECT_EQ(refusal_of_study([&] {
              study_worth(information, cost, {200, 2, 10}, DiscountSchedule(none));
            }),
            "costs, people and losses of a study are 0 or more, and finite");
}

/// The best of several sizes by the closed form (m = -.2, s = 1, v = 4; 2,000 people after it, 1 each): found to within
/// 4 paired errors, which are well below those of each size alone.
TEST(BestStudy, Is_the_closed_forms) {
  const OneDifference difference = one_difference(20000, 9);
  const std::array<DiscountBand, 1> none{{{1, 60, 0}}};
  const std::vector<double> sizes{5, 20, 60, 150, 400};
  std::vector<PartialInformation> information;
  std::vector<StudyWorth> worths;
  std::vector<double> truths;
  for (const double people : sizes) {
    const StudySummary summary = summary_of_mean(difference.mean, 2 / std::sqrt(people), 0, difference.luck);
    information.push_back(sample_information(difference.net, summary));
    StudyCost cost;
    cost.each = 1;
    cost.people = people;
    worths.push_back(study_worth(information.back(), cost, {200, 0, 10}, DiscountSchedule(none)));
    truths.push_back(2000 * sample_information_of_normal({-0.2, 1, 4, people, 0}) - people);
  }
  const BestStudy best = best_study(information, worths);
  const double greatest = *std::max_element(truths.begin(), truths.end());
  EXPECT_EQ(best.behind[best.index].difference, 0);
  EXPECT_EQ(best.behind[best.index].error, 0);
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    EXPECT_NEAR(worths[i].net, truths[i], 4.9 * worths[i].error) << sizes[i];
    if (i == best.index) continue;
    EXPECT_GE(best.behind[i].difference, 0);
    EXPECT_NEAR(best.behind[i].difference, truths[best.index] - truths[i], 4.9 * best.behind[i].error) << sizes[i];
    EXPECT_LT(best.behind[i].error, worths[i].error);
    if (truths[i] == greatest) {
      EXPECT_LT(best.behind[i].difference, 4 * best.behind[i].error);
    }
  }
  EXPECT_EQ(refusal_of_study([] { best_study({}, {}); }), "sizes of a study have an information and a worth each");
}

TEST(MatchedMoments, Refuse_what_they_can_not_match) {
  const OneDifference difference = one_difference(200, 3);
  const StudySummary summary = summary_of_mean(difference.mean, 1, 0, difference.luck);
  EXPECT_EQ(refusal_of_study([&] { matched_moments(difference.net.leftCols(1), difference.mean, summary); }),
            "moment matching needs two arms");
  EXPECT_EQ(refusal_of_study([&] { matched_moments(difference.net.topRows(150), difference.mean.head(150), summary); }),
            "a summary has one row a draw");
  EXPECT_EQ(refusal_of_study([&] { matched_moments(difference.net, difference.mean, summary, 10); }),
            "moment matching needs 20 posteriors, and no more than draws");
}

}  // namespace
}  // namespace desist::statistics
