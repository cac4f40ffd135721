// Summaries of planned studies against their laws; every check of a law is first failed by a wrong sampler.
#include "engine/statistics/study_summary.hpp"

#include <cmath>
#include <functional>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "engine/statistics/discrete_laws.hpp"
#include "tests/statistics/uniforms.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

StudyLuck some_luck(Index draws, std::uint64_t seed) {
  Uniforms u(seed);
  StudyLuck luck{VectorXd(draws), VectorXd(draws), VectorXd(draws)};
  for (Index d = 0; d < draws; ++d) {
    luck.control[d] = u();
    luck.treated[d] = u();
    luck.bias[d] = u();
  }
  return luck;
}

/// Whether standardised values have mean 0, variance 1 and no correlation between columns: each within 4.9 of its own
/// error for normal values (1e-6), so that with 100,000 draws a shift of 0.02 sd or a variance 2.5% off is seen.
bool follows_its_law(const StudySummary& summary) {
  const Eigen::MatrixXd z = (summary.values - summary.means).cwiseQuotient(summary.sds);
  const double allowed = 4.9 / std::sqrt(static_cast<double>(z.rows()));
  for (Index k = 0; k < z.cols(); ++k)
    if (std::abs(z.col(k).mean()) > allowed ||
        std::abs(z.col(k).squaredNorm() / static_cast<double>(z.rows()) - 1) > allowed * 1.5)
      return false;
  return z.cols() < 2 || std::abs(z.col(0).dot(z.col(1))) / static_cast<double>(z.rows()) < allowed;
}

TEST(BinomialQuantile, Is_the_least_count_that_reaches_the_level) {
  for (const std::int64_t n : {1, 7, 40, 399}) {
    for (const double p : {0.0, 0.003, 0.2, 0.5, 0.71, 0.999, 1.0}) {
      for (int i = 0; i < 60; ++i) {
        const double u = (i + 0.37) / 60;
        const std::int64_t x = binomial_quantile(u, n, p);
        EXPECT_GE(binomial_tails(x, n, p).at_most(), u - 1e-13) << n << " " << p << " " << u;
        if (x > 0) {
          EXPECT_LT(binomial_tails(x, n, p).below, u + 1e-13) << n << " " << p << " " << u;
        }
      }
    }
  }
}

TEST(BinomialQuantile, Of_many_people_is_one_off_at_most) {
  int off = 0, tried = 0;
  for (const std::int64_t n : {500, 2000, 100000}) {
    for (const double p : {0.3, 0.5, 0.77}) {
      for (const double u : {1e-6, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999, 1 - 1e-6}) {
        std::int64_t x = binomial_quantile(u, n, p);
        ++tried;
        const bool low = binomial_tails(x, n, p).at_most()<u, high = x> 0 && binomial_tails(x - 1, n, p).at_most() >= u;
        off += low || high ? 1 : 0;
        if (low) {
          EXPECT_GE(binomial_tails(x + 1, n, p).at_most(), u) << n << " " << p << " " << u;
        }
        if (high && x > 1) {
          EXPECT_LT(binomial_tails(x - 2, n, p).at_most(), u) << n << " " << p << " " << u;
        }
      }
    }
  }
  EXPECT_LT(off, tried / 4);
}

TEST(StudySummary, Risks_follow_binomial_laws_with_the_bias_on_top) {
  const Index draws = 100000;
  const VectorXd control = VectorXd::LinSpaced(draws, 0.2, 0.5), treated = VectorXd::Constant(draws, 0.3);
  const StudyLuck luck = some_luck(draws, 1);
  for (const double bias : {0.0, 0.05}) {
    StudySummary summary = summary_of_risks(control, treated, {400, 300}, bias, luck);
    EXPECT_TRUE(follows_its_law(summary));
    EXPECT_NEAR(summary.sds(7, 1), std::hypot(std::sqrt(0.21 / 400), bias), 3e-4);  // 1/2 is added to each count
    summary.sds *= 1.03;
    EXPECT_FALSE(follows_its_law(summary));
  }
  // The sampler that gives both groups the same luck is caught.
  EXPECT_FALSE(follows_its_law(summary_of_risks(control, treated, {400, 300}, 0, {luck.treated, luck.treated, {}})));
  // Every share is one of whole people, and a study ten times as large has the same luck.
  const StudySummary small = summary_of_risks(control, treated, {100, 100}, 0, luck);
  const StudySummary large = summary_of_risks(control, treated, {1000, 1000}, 0, luck);
  double together = 0;
  for (Index d = 0; d < 1000; ++d) {
    EXPECT_NEAR(small.values(d, 0) * 100, std::round(small.values(d, 0) * 100), 1e-9);
    together += (small.values(d, 0) - control[d]) * (large.values(d, 0) - control[d]) > 0 ? 1 : 0;
  }
  EXPECT_GT(together, 900);
  const StudySummary never = summary_of_risks(VectorXd::Zero(draws), VectorXd::Ones(draws), {50, 50}, 0, luck);
  EXPECT_EQ(never.values(3, 0), 0);
  EXPECT_EQ(never.values(3, 1), 1);
  EXPECT_GT(never.sds(3, 0), 0);
}

TEST(StudySummary, A_bias_of_which_the_size_is_drawn_is_wider_where_it_is_larger) {
  const Index draws = 100000;
  const VectorXd risk = VectorXd::Constant(draws, 0.3), sds = VectorXd::LinSpaced(draws, 0.01, 0.05);
  const StudyLuck luck = some_luck(draws, 5);
  StudySummary summary = summary_of_risks(risk, risk, {400, 300}, 0, luck);
  StudySummary at_mean = summary;
  add_bias(summary, sds, luck.bias);
  EXPECT_TRUE(follows_its_law(summary));
  EXPECT_NEAR(summary.sds(0, 1), std::hypot(std::sqrt(0.21 / 400), 0.01), 3e-4);
  EXPECT_NEAR(summary.sds(draws - 1, 1), std::hypot(std::sqrt(0.21 / 400), 0.05), 3e-4);
  // The mean of the sds for all is too narrow: E sd^2 is (0.01^2 + 0.01 0.05 + 0.05^2)/3, not 0.03^2.
  add_bias(at_mean, VectorXd::Constant(draws, 0.03), luck.bias);
  at_mean.sds = summary.sds;
  EXPECT_FALSE(follows_its_law(at_mean));
}

TEST(StudySummary, Rates_and_means_follow_normal_laws) {
  const Index draws = 100000;
  const VectorXd control = VectorXd::LinSpaced(draws, 0.5, 3), treated = VectorXd::Constant(draws, 1.5);
  const StudyLuck luck = some_luck(draws, 2);
  const CountFollowUp follow_up{{250, 200}, 2, 0.8};
  const StudySummary rates = summary_of_rates(control, treated, follow_up, 0.1, luck);
  EXPECT_TRUE(follows_its_law(rates));
  EXPECT_NEAR(rates.sds(0, 0), std::sqrt((1 / (0.5 * 2) + 0.8) / 200), 1e-12);
  EXPECT_NEAR(rates.sds(0, 1), std::hypot(std::sqrt((1 / (1.5 * 2) + 0.8) / 250), 0.1), 1e-12);
  EXPECT_FALSE(follows_its_law(summary_of_rates(control, treated, follow_up, 0, {luck.treated, luck.treated, {}})));
  StudySummary mean = summary_of_mean(control, 0.4, 0.3, luck);
  EXPECT_TRUE(follows_its_law(mean));
  EXPECT_NEAR(mean.sds(0, 0), 0.5, 1e-12);
  mean.values.array() += 0.02 * 0.5;
  EXPECT_FALSE(follows_its_law(mean));
}

TEST(StudySummary, Refuses_what_no_study_has) {
  const VectorXd some = VectorXd::Constant(3, 0.5);
  const StudyLuck luck = some_luck(3, 3);
  const auto refusal = [](const std::function<void()>& run) -> std::string {
    try {
      run();
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "not refused";
  };
  EXPECT_EQ(refusal([&] {
              summary_of_risks(some, VectorXd::Zero(2), {5, 5}, 0, luck);
            }),
            "the groups of a study have one figure a draw");
  EXPECT_EQ(refusal([&] { summary_of_risks(some, some, {0, 5}, 0, luck); }), "the groups of a study have people");
  EXPECT_EQ(refusal([&] {
              summary_of_risks(some, 3 * some, {5, 5}, 0, luck);
            }),
            "the risks of a study lie from 0 to 1");
  EXPECT_EQ(refusal([&] { summary_of_risks(some, some, {5, 5}, -1, luck); }), "the bias of a study is 0 or more");
  EXPECT_EQ(refusal([&] {
              summary_of_risks(some, some, {5, 5}, 0, some_luck(2, 1));
            }),
            "the luck of a study has one number a draw");
  EXPECT_EQ(refusal([&] {
              summary_of_risks(some, some, {5, 5}, 0, {VectorXd::Ones(3), some, some});
            }),
            "the luck of a study lies between 0 and 1");
  EXPECT_EQ(refusal([&] {
              summary_of_rates(some, VectorXd::Zero(3), {{5, 5}, 1, 0}, 0, luck);
            }),
            "the rates of a study are above 0");
  EXPECT_EQ(refusal([&] {
              summary_of_rates(some, some, {{5, 5}, 0, 0}, 0, luck);
            }),
            "the groups of a study have people, followed for some time");
  EXPECT_EQ(refusal([&] { summary_of_mean(some, 0, 0, luck); }),
            "a mean is finite, its standard error above 0, its bias 0 or more");
  EXPECT_EQ(refusal([] { binomial_quantile(1, 5, 0.5); }), "a binomial quantile needs a chance, a number and a level");
}

}  // namespace
}  // namespace desist::statistics
