// Every field of tests/data/reference/12_rtm (made with R): to 1e-9, what is fitted to before-counts to 1e-7.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/selected_counts.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using nlohmann::json;
using reference::Comparison;

TEST(selected_counts_reference, cases) {
  const json all = reference::read("12_rtm/expected.json").at("cases");
  ASSERT_EQ(all.size(), 3u);
  for (const json& expected : all) {
    const GammaFrailty everyone{expected.at("size"), expected.at("mean_rate")};
    const BeforeAfter times{expected.at("t_before"), expected.at("t_after")};
    const std::size_t threshold = expected.at("threshold");
    const SelectedCounts ours = selected_counts(everyone, times, threshold);
    Comparison c("threshold " + std::to_string(threshold));
    c.near(expected, "share_selected", ours.share, 1e-9);
    c.near(expected, "expected_before_per_period", ours.mean_before, 1e-9);
    c.near(expected, "expected_before_rate", ours.mean_before / times.before, 1e-9);
    c.near(expected, "expected_after", ours.mean_after, 1e-9);
    c.near(expected, "expected_after_rate", ours.mean_after / times.after, 1e-9);
    c.near(expected, "apparent_change_rate_percent", 100 * (ours.ratio - 1), 1e-9);
    c.near(expected, "shrinkage", weight_of_own_past(everyone, times.before), 1e-9);
    c.near(expected, "variance_after", ours.variance_after, 1e-9);
    c.near(expected, "p_after_zero", ours.none_after, 1e-9);
    c.near(expected, "effect_beyond_rtm_ratio", expected.at("observed_after").get<double>() / ours.mean_after, 1e-9);
    ASSERT_EQ(expected.at("by_exact_before").size(), 4u);
    for (const json& row : expected.at("by_exact_before")) {
      const AfterGivenBefore then = after_given_before(everyone, times, row.at("before").get<std::size_t>());
      c.near(row, "expected_after", then.mean, 1e-9);
      c.near(row, "p_after_at_least_one", then.with_event_share, 1e-9);
    }
  }
}

TEST(selected_counts_reference, fitted_to_before_counts) {
  const json expected = reference::read("12_rtm/expected.json").at("fitted");
  const CsvColumns file("reference/12_rtm/before_counts.csv");
  const Eigen::VectorXd before = file.number("before"), after = file.number("after");
  ASSERT_EQ(static_cast<int>(before.size()), expected.at("n").get<int>());
  const auto fitted = negative_binomial(Eigen::MatrixXd::Ones(before.size(), 1), before);
  ASSERT_TRUE(std::holds_alternative<NegativeBinomial>(fitted));
  const auto& law = std::get<NegativeBinomial>(fitted);
  const GammaFrailty everyone{law.theta, std::exp(law.coefficients[0])};
  Comparison c("fitted");
  c.near(expected, "mean", everyone.mean, 1e-9);
  c.near(expected, "size", everyone.shape, 1e-7);
  const double threshold = expected.at("threshold");
  double selected = 0, sum_before = 0, sum_after = 0, sum_expected = 0, squares = 0;
  for (Eigen::Index i = 0; i < before.size(); ++i) {
    squares += std::pow(before[i] - before.mean(), 2);
    if (before[i] < threshold) continue;
    selected += 1;
    sum_before += before[i];
    sum_after += after[i];
    sum_expected += after_given_before(everyone, {1, 1}, static_cast<std::size_t>(before[i])).mean;
  }
  c.near(expected, "selected", selected, 0);
  c.near(expected, "observed_mean_before_selected", sum_before / selected, 1e-9);
  c.near(expected, "observed_mean_after_selected", sum_after / selected, 1e-9);
  c.near(expected, "empirical_bayes_expected_after_selected", sum_expected / selected, 1e-7);
  c.near(expected, "model_expected_after_selected",
         selected_counts(everyone, {1, 1}, static_cast<std::size_t>(threshold)).mean_after, 1e-7);
  const double variance = squares / static_cast<double>(before.size() - 1);
  c.near(expected, "moment_size", before.mean() * before.mean() / (variance - before.mean()), 1e-9);
}

}  // namespace
}  // namespace desist::statistics
