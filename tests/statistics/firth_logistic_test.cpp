// Firth's estimates against closed forms of saturated models and against a search of the penalised likelihood.
#include "engine/statistics/firth_logistic.hpp"

#include <cmath>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "tests/statistics/csv_columns.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Sample {
  MatrixXd x;
  VectorXd y;
};

Sample of_table(const TwoByTwo& t) {
  const auto n = t.people();
  VectorXd arm(n), y(n);
  for (Eigen::Index i = 0; i < n; ++i) {
    arm[i] = i < t.n1 ? 1 : 0;
    y[i] = i < t.x1 || (i >= t.n1 && i < t.n1 + t.x0) ? 1 : 0;
  }
  return {with_constant({arm}), y};
}

/// The penalised log-likelihood of two coefficients, from its definition.
double penalised(const Sample& s, double a, double b) {
  double value = 0, i00 = 0, i01 = 0, i11 = 0;
  for (Eigen::Index i = 0; i < s.y.size(); ++i) {
    const double p = 1 / (1 + std::exp(-(a + b * s.x(i, 1))));
    value += s.y[i] == 1 ? std::log(p) : std::log(1 - p);
    i00 += p * (1 - p);
    i01 += p * (1 - p) * s.x(i, 1);
    i11 += p * (1 - p) * s.x(i, 1) * s.x(i, 1);
  }
  return value + 0.5 * std::log(i00 * i11 - i01 * i01);
}

/// The greatest value over the constant, by golden section.
double profile(const Sample& s, double b) {
  double low = -15 - 30 * std::abs(b), high = 15 + 30 * std::abs(b);
  for (int i = 0; i < 200; ++i) {
    const double l = low + 0.381966 * (high - low), h = low + 0.618034 * (high - low);
    (penalised(s, l, b) < penalised(s, h, b) ? low : high) = penalised(s, l, b) < penalised(s, h, b) ? l : h;
  }
  return penalised(s, low, b);
}

TEST(firth_logistic_test, a_saturated_model_adds_half_to_each_cell) {  // Firth 1993; Heinze & Schemper 2002
  for (const TwoByTwo& t : {TwoByTwo{1, 54, 10, 49}, TwoByTwo{0, 16, 7, 20}, TwoByTwo{5, 5, 0, 6}, TwoByTwo{3, 3, 4, 4},
                            TwoByTwo{1, 1, 24, 59}, TwoByTwo{0, 1, 3, 4}, TwoByTwo{150, 400, 130, 390}}) {
    const Sample s = of_table(t);
    const auto model = std::get<FirthLogistic>(firth_logistic(s.x, s.y, {}));
    EXPECT_NEAR(model.coefficients[1], std::log(haldane_anscombe_odds_ratio(t)), 1e-8);
    const double x0 = static_cast<double>(t.x0), n0 = static_cast<double>(t.n0);
    EXPECT_NEAR(model.coefficients[0], std::log((x0 + 0.5) / (n0 - x0 + 0.5)), 1e-8);
    EXPECT_NEAR(model.penalised_log_likelihood, penalised(s, model.coefficients[0], model.coefficients[1]), 1e-10);
  }
}

void profile_limits_drop_by_half_the_quantile(const Sample& s) {
  const auto model = std::get<FirthLogistic>(firth_logistic(s.x, s.y, {1}));
  const double greatest = model.penalised_log_likelihood;
  const Inference& slope = model.profiled.at(0);
  EXPECT_NEAR(profile(s, slope.estimate), greatest, 1e-9);
  const double step = 1e-3 * slope.error;
  EXPECT_LT(profile(s, slope.estimate + step), greatest);
  EXPECT_LT(profile(s, slope.estimate - step), greatest);
  const double z = two_sided_z(0.95);
  EXPECT_NEAR(2 * (greatest - profile(s, slope.interval.low)), z * z, 1e-6);
  EXPECT_NEAR(2 * (greatest - profile(s, slope.interval.high)), z * z, 1e-6);
  EXPECT_LT(slope.interval.low, slope.estimate);
  EXPECT_GT(slope.interval.high, slope.estimate);
  EXPECT_NEAR(slope.p, chi_square_tail(2 * (greatest - profile(s, 0))), 1e-8);
}

TEST(firth_logistic_test, limits_of_separated_tables) {
  profile_limits_drop_by_half_the_quantile(of_table({0, 16, 7, 20}));
  profile_limits_drop_by_half_the_quantile(of_table({5, 5, 0, 6}));
  profile_limits_drop_by_half_the_quantile(of_table({1, 54, 10, 49}));
  profile_limits_drop_by_half_the_quantile(of_table({1, 1, 24, 59}));  // a leverage of 1
}

TEST(firth_logistic_test, limits_of_a_completely_separated_covariate) {
  Sample s{with_constant({VectorXd::LinSpaced(12, 20, 42)}), VectorXd::Zero(12)};
  s.y.tail(5).setOnes();
  profile_limits_drop_by_half_the_quantile(s);
  s.y[2] = 1;  // and of an ordinary one
  profile_limits_drop_by_half_the_quantile(s);
}

TEST(firth_logistic_test, one_outcome_only_is_no_problem) {
  const MatrixXd x = MatrixXd::Ones(10, 1);
  const auto model = std::get<FirthLogistic>(firth_logistic(x, VectorXd::Zero(10), {0}));
  EXPECT_NEAR(model.coefficients[0], std::log(0.5 / 10.5), 1e-9);
  EXPECT_TRUE(std::isfinite(model.profiled.at(0).interval.low));
}

}  // namespace
}  // namespace desist::statistics
