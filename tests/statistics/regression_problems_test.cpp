// Bad data by method: each has a named diagnosis, and none has an estimate.
#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/statistics/firth_logistic.hpp"
#include "engine/statistics/instrumental.hpp"
#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/separation.hpp"
#include "engine/statistics/standardisation.hpp"
#include "engine/statistics/zero_inflated.hpp"
#include "tests/statistics/regression_sample.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using enum RegressionProblem;
using Numbers = std::vector<std::size_t>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

struct Rows {
  MatrixXd x;
  VectorXd yes;
  VectorXd counts;
  RowTerms terms;
};

Rows good() {
  const RegressionSample s = regression_sample(60);
  return {s.x, s.yes, s.counts, {}};
}

template <class Fit>
std::optional<Diagnosis> diagnosis(const Fitted<Fit>& fit) {
  const auto* problem = std::get_if<Diagnosis>(&fit);
  return problem ? std::optional<Diagnosis>(*problem) : std::nullopt;
}

enum Method { linear, logistic, poisson, negative, inflated, firth };

std::optional<Diagnosis> run(Method method, const Rows& r) {
  switch (method) {
    case linear:
      return diagnosis(linear_model(r.x, r.yes));
    case logistic:
      return diagnosis(generalised_linear_model(Family::logistic, r.x, r.yes, r.terms));
    case poisson:
      return diagnosis(generalised_linear_model(Family::poisson, r.x, r.counts, r.terms));
    case negative:
      return diagnosis(negative_binomial(r.x, r.counts, r.terms.offset));
    case inflated:
      return diagnosis(
          zero_inflated(CountFamily::poisson, {r.x, MatrixXd::Ones(r.x.rows(), 1), r.counts, r.terms.offset}));
    case firth:
      return diagnosis(firth_logistic(r.x, r.yes, {}));
  }
  return std::nullopt;
}

const std::vector<Method> all = {linear, logistic, poisson, negative, inflated, firth};
const std::vector<Method> likelihoods = {logistic, poisson, negative, inflated};
const std::vector<Method> counts = {poisson, negative, inflated};

struct Case {
  std::string name;
  void (*spoil)(Rows&);
  std::vector<Method> methods;
  RegressionProblem problem;
  Numbers columns;
  Numbers rows;
};

const std::vector<Case> cases = {
    {"no rows",
     [](Rows& r) {
       r = {MatrixXd(0, 4), VectorXd(0), VectorXd(0), {}};
     },
     all,
     empty,
     {},
     {}},
    {"no columns", [](Rows& r) { r.x.resize(60, 0); }, all, empty, {}, {}},
    {"one row",
     [](Rows& r) {
       r = {r.x.topRows(1), r.yes.head(1), r.counts.head(1), {}};
     },
     all,
     too_few_rows,
     {},
     {}},
    {"as many rows as columns",
     [](Rows& r) {
       r = {r.x.topRows(4), r.yes.head(4), r.counts.head(4), {}};
     },
     all,
     too_few_rows,
     {},
     {}},
    {"covariate not a number", [](Rows& r) { r.x(5, 2) = nan; }, all, not_finite, {2}, {5}},
    {"covariates infinite", [](Rows& r) { r.x(5, 2) = r.x(7, 3) = -infinity; }, all, not_finite, {2, 3}, {5, 7}},
    {"outcome not a number", [](Rows& r) { r.yes[3] = r.counts[3] = nan; }, all, not_finite, {}, {3}},
    {"no time at risk",
     [](Rows& r) { r.terms.offset = VectorXd::Zero(60), r.terms.offset[9] = -infinity; },
     likelihoods,
     not_finite,
     {},
     {9}},
    {"constant covariates",
     [](Rows& r) { r.x.col(2).setConstant(7), r.x.col(3).setConstant(0.1); },
     all,
     constant_covariate,
     {2, 3},
     {}},
    {"nobody treated", [](Rows& r) { r.x.col(1).setZero(); }, all, constant_covariate, {1}, {}},
    {"a covariate twice", [](Rows& r) { r.x.col(3) = r.x.col(2); }, all, collinear, {2, 3}, {}},
    {"months beside years", [](Rows& r) { r.x.col(3) = 12 * r.x.col(2).array() + 5; }, all, collinear, {0, 2, 3}, {}},
    {"all the dummies", [](Rows& r) { r.x.col(3) = 1 - r.x.col(1).array(); }, all, collinear, {0, 1, 3}, {}},
    {"equal but for rounding",
     [](Rows& r) {
       r.x.col(3) = r.x.col(2) / 3;
       r.x(0, 3) += 1e-12;
     },
     all,
     collinear,
     {2, 3},
     {}},
    {"outcome 2", [](Rows& r) { r.yes[4] = 2; }, {logistic, firth}, outcome_out_of_range, {}, {4}},
    {"counts below 0", [](Rows& r) { r.counts[4] = r.counts[8] = -1; }, counts, outcome_out_of_range, {}, {4, 8}},
    {"half a count", [](Rows& r) { r.counts[4] = 1.5; }, {negative, inflated}, outcome_out_of_range, {}, {4}},
    {"weight 0",
     [](Rows& r) { r.terms.weight = VectorXd::Ones(60), r.terms.weight[2] = 0; },
     {logistic, poisson},
     outcome_out_of_range,
     {},
     {2}},
    {"all events", [](Rows& r) { r.yes.setOnes(); }, {logistic}, constant_outcome, {}, {}},
    {"no events", [](Rows& r) { r.yes.setZero(), r.counts.setZero(); }, likelihoods, constant_outcome, {}, {}},
    {"no zeros", [](Rows& r) { r.counts.array() += 1; }, {inflated}, no_excess_zeros, {}, {}},
    {"always two", [](Rows& r) { r.counts.setConstant(2); }, {negative}, no_overdispersion, {}, {}},
};

TEST(regression_problems_test, every_bad_input_by_every_method) {
  for (const Method method : all) EXPECT_FALSE(run(method, good())) << method;
  for (const Case& c : cases) {
    Rows spoilt = good();
    c.spoil(spoilt);
    for (const Method method : c.methods) {
      const auto found = run(method, spoilt);
      ASSERT_TRUE(found) << c.name << ", method " << method;
      EXPECT_EQ(found->problem, c.problem) << c.name << ", method " << method;
      EXPECT_EQ(found->columns, c.columns) << c.name << ", method " << method;
      EXPECT_EQ(found->rows, c.rows) << c.name << ", method " << method;
    }
  }
}

TEST(regression_problems_test, one_arm_all_events_or_none) {
  Rows all_events = good(), no_events = good();
  Numbers treated;
  for (Eigen::Index i = 0; i < 60; ++i) {
    if (all_events.x(i, 1) == 0) continue;
    all_events.yes[i] = 1;
    no_events.yes[i] = no_events.counts[i] = 0;
    treated.push_back(static_cast<std::size_t>(i));
  }
  const auto expect = [&](const std::optional<Diagnosis>& found) {
    ASSERT_TRUE(found);
    EXPECT_EQ(found->problem, quasi_complete_separation);
    EXPECT_EQ(found->columns, (Numbers{1}));
    EXPECT_EQ(found->rows, treated);
  };
  expect(run(logistic, all_events));
  expect(run(logistic, no_events));
  for (const Method method : counts) expect(run(method, no_events));
  EXPECT_FALSE(run(firth, all_events));
  EXPECT_FALSE(run(linear, all_events));
}

TEST(regression_problems_test, a_threshold_of_age) {
  Rows r = good();
  for (Eigen::Index i = 0; i < 60; ++i) r.yes[i] = r.x(i, 2) > 40.5 ? 1 : 0;
  const auto complete = run(logistic, {r.x.leftCols(3), r.yes, r.counts, {}});
  ASSERT_TRUE(complete);
  EXPECT_EQ(complete->problem, complete_separation);
  EXPECT_EQ(complete->rows.size(), 60u);
  EXPECT_EQ(complete->columns.front(), 0u);
  EXPECT_EQ(complete->columns.back(), 2u);
}

/// Small tables of 0/1 covariates: a fit is given exactly where the rows overlap, and then it is a maximum.
TEST(regression_problems_test, small_designs_have_an_estimate_where_it_exists) {
  std::mt19937_64 bits(3);
  int fits = 0, refusals = 0;
  for (int trial = 0; trial < 4000; ++trial) {
    const auto n = static_cast<Eigen::Index>(5 + bits() % 14);
    MatrixXd x(n, 3);
    VectorXd y(n);
    for (Eigen::Index i = 0; i < n; ++i) {
      x.row(i) << 1, static_cast<double>(bits() % 2), static_cast<double>(bits() % 3);
      y[i] = static_cast<double>(bits() % 2);
    }
    const auto design = orthonormal_design(x);
    if (std::holds_alternative<Diagnosis>(design) || y.sum() == 0 || y.sum() == static_cast<double>(n)) continue;
    std::vector<RowSide> sides, count_sides;
    for (Eigen::Index i = 0; i < n; ++i) {
      sides.push_back(y[i] == 1 ? RowSide::rises : RowSide::falls);
      count_sides.push_back(y[i] == 1 ? RowSide::fixed : RowSide::falls);
    }
    for (const Family family : {Family::logistic, Family::poisson}) {
      const bool separated =
          separation(std::get<OrthonormalDesign>(design), family == Family::logistic ? sides : count_sides).has_value();
      const auto fit = generalised_linear_model(family, x, y);
      ASSERT_EQ(std::holds_alternative<Diagnosis>(fit), separated) << trial;
      ++(separated ? refusals : fits);
      if (separated) continue;
      const auto& model = std::get<GeneralisedLinearModel>(fit);
      EXPECT_LT((x.transpose() * (y - model.fitted)).cwiseAbs().maxCoeff(), 1e-9);
      EXPECT_LT(model.covariance.diagonal().maxCoeff(), 100);
    }
  }
  EXPECT_GT(fits, 1000);
  EXPECT_GT(refusals, 500);
}

/// Covariates of very different scales and skewness whose combination tells the outcome, and then all but one outcome.
TEST(regression_problems_test, separation_at_every_scale) {
  std::mt19937_64 bits(8);
  const auto uniform = [&bits] { return static_cast<double>(bits() >> 11) * 0x1p-53; };
  int overlaps = 0;
  for (int trial = 0; trial < 300; ++trial) {
    const Eigen::Index n = 20 + trial;
    MatrixXd x = MatrixXd::Ones(n, 4);
    for (Eigen::Index j = 1; j < 4; ++j) {
      const double scale = std::pow(10.0, 12 * uniform() - 6), shape = 6 * uniform();
      for (Eigen::Index i = 0; i < n; ++i) x(i, j) = scale * std::exp(shape * uniform());
    }
    VectorXd eta = VectorXd::Zero(n), yes(n);
    for (Eigen::Index j = 1; j < 4; ++j) eta += (uniform() - 0.5) * x.col(j) / x.col(j).cwiseAbs().maxCoeff();
    VectorXd sorted = eta;
    std::sort(sorted.begin(), sorted.end());
    const Eigen::Index cut = 3 + static_cast<Eigen::Index>(uniform() * static_cast<double>(n - 6));
    Eigen::Index middle = 0;
    for (Eigen::Index i = 0; i < n; ++i) {
      yes[i] = eta[i] > sorted[cut] ? 1 : 0;
      if (eta[i] == sorted[cut / 2]) middle = i;
    }
    const auto found = diagnosis(generalised_linear_model(Family::logistic, x, yes));
    ASSERT_TRUE(found) << trial;
    EXPECT_EQ(found->problem, complete_separation) << trial;
    EXPECT_EQ(found->rows.size(), static_cast<std::size_t>(n)) << trial;
    yes[middle] = 1;
    std::vector<RowSide> sides;
    for (Eigen::Index i = 0; i < n; ++i) sides.push_back(yes[i] == 1 ? RowSide::rises : RowSide::falls);
    const bool overlap = !separation(std::get<OrthonormalDesign>(orthonormal_design(x)), sides);
    EXPECT_EQ(!diagnosis(generalised_linear_model(Family::logistic, x, yes)), overlap) << trial;
    overlaps += overlap ? 1 : 0;
  }
  EXPECT_GT(overlaps, 100);
}

TEST(regression_problems_test, covariances_that_can_not_be_had) {
  const Rows r = good();
  MatrixXd own = r.x;
  own.col(3).setZero();
  own(11, 3) = 1;  // a dummy of one row
  const auto model = std::get<LinearModel>(linear_model(own, r.yes));
  for (const RobustKind kind : {RobustKind::hc2, RobustKind::hc3, RobustKind::hc4}) {
    const auto found = diagnosis(robust_covariance(model.working, kind));
    ASSERT_TRUE(found);
    EXPECT_EQ(found->problem, full_leverage);
    EXPECT_EQ(found->rows, (Numbers{11}));
  }
  EXPECT_FALSE(diagnosis(robust_covariance(model.working, RobustKind::hc1)));
  const Numbers one(60, 4);
  for (const ClusterKind kind : {ClusterKind::cr0, ClusterKind::cr1, ClusterKind::cr2}) {
    EXPECT_EQ(diagnosis(cluster_covariance(model.working, one, kind))->problem, one_cluster);
  }
}

}  // namespace
}  // namespace desist::statistics
