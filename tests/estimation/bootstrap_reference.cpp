// Every field of tests/data/reference/09_bootstrap (boot 1.3-28.1) through the shipped indices to 1e-10, and with own
// draws within what chance allows.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/estimation/resampling.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::estimation {
namespace {

using nlohmann::json;
using statistics::BootstrapReplicates;
using statistics::BootstrapSummary;
using statistics::Interval;
using statistics::ObservedTies;
using statistics::QuantileRule;
using statistics::reference::Comparison;
constexpr double tolerance = 1e-10;

std::vector<std::vector<double>> numbers(const std::string& name, bool header) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/09_bootstrap/" + name);
  EXPECT_TRUE(file) << name;
  std::vector<std::vector<double>> rows;
  std::string line;
  if (header) std::getline(file, line);
  while (std::getline(file, line)) {
    std::replace(line.begin(), line.end(), ',', ' ');
    std::istringstream cells(line);
    rows.emplace_back();
    for (double value = 0; cells >> value;) rows.back().push_back(value);
  }
  return rows;
}

struct Case {
  SummedRows rows;
  StatisticOfSums statistic;
  std::vector<std::uint32_t> stratum;
};

Case case_of(const std::string& name, const std::vector<std::vector<double>>& data) {
  Case c;
  const auto sum = [&](std::initializer_list<double> row) {
    c.rows.columns = row.size();
    c.rows.values.insert(c.rows.values.end(), row);
  };
  for (const auto& d : data) {
    if (name == "cd4_correlation") {
      const double x = d[0] - 3.3, y = d[1] - 4.1;  // near the means: sums of squares then do not cancel
      sum({1, x, y, x * x, y * y, x * y});
    } else if (name == "city_ratio") {
      sum({d[0], d[1]});
    } else if (name == "risk_difference") {
      sum({d[0] * d[1], d[0], (1 - d[0]) * d[1], 1 - d[0]});
      c.stratum.push_back(static_cast<std::uint32_t>(d[0]));
    } else {
      sum({1, d[0]});
    }
  }
  if (name == "cd4_correlation") {
    c.statistic = [](std::span<const double> s) {
      return (s[5] - s[1] * s[2] / s[0]) / std::sqrt((s[3] - s[1] * s[1] / s[0]) * (s[4] - s[2] * s[2] / s[0]));
    };
  } else if (name == "city_ratio") {
    c.statistic = [](std::span<const double> s) { return s[1] / s[0]; };
  } else if (name == "risk_difference") {
    c.statistic = [](std::span<const double> s) { return s[0] / s[1] - s[2] / s[3]; };
  } else {
    c.statistic = [](std::span<const double> s) { return s[1] / s[0]; };
  }
  return c;
}

BootstrapReplicates through_indices(const Case& c, const std::string& indices) {
  BootstrapReplicates found = bootstrap_of_sums(c.rows, c.statistic, {0, 0, c.stratum, 1});
  for (const auto& row : numbers(indices, false)) {
    std::vector<std::size_t> index;
    for (const double i : row) index.push_back(static_cast<std::size_t>(i) - 1);
    found.replicates.push_back(c.statistic(resampled_sums(c.rows, index)));
  }
  return found;
}

void list_near(Comparison& c, const json& e, const char* field, std::span<const double> ours) {
  ASSERT_GE(e.at(field).size(), 1u);
  ASSERT_LE(e.at(field).size(), ours.size());
  for (std::size_t i = 0; i < e.at(field).size(); ++i) {
    const json one{{field, e.at(field)[i]}};
    c.near(one, field, ours[i], tolerance);
  }
}

/// Values that differ only by rounding count as equal, as they do where the statistic is computed from the rows.
void snap(BootstrapReplicates& found) {
  for (double& t : found.replicates)
    if (std::abs(t - found.observed) <= 1e-14 * std::abs(found.observed)) t = found.observed;
}

TEST(bootstrap_reference, every_field_through_the_shipped_indices) {
  const json file = statistics::reference::read("09_bootstrap/expected.json");
  ASSERT_EQ(file.size(), 4u);
  for (const auto& [name, e] : file.items()) {
    const Case of = case_of(name, numbers(e.at("data"), true));
    BootstrapReplicates found = through_indices(of, e.at("indices_file"));
    snap(found);
    const auto by = [&](QuantileRule rule, ObservedTies ties = ObservedTies::not_below) {
      return statistics::intervals(found, {statistics::usual_confidence, rule, ties});
    };
    const BootstrapSummary boot = by(QuantileRule::normal_scale);
    const BootstrapSummary six = by(QuantileRule::type6);
    const BootstrapSummary seven = by(QuantileRule::type7);
    const BootstrapSummary half = by(QuantileRule::type7, ObservedTies::half_below);
    Comparison c(name);
    EXPECT_EQ(e.at("index_base"), 1);
    EXPECT_EQ(boot.replicates, e.at("R"));
    EXPECT_EQ(of.rows.rows(), e.at("n"));
    EXPECT_EQ(of.stratum.empty(), e.at("strata").is_null());
    c.near(e, "t0", found.observed, tolerance);
    c.near(e, "replicate_mean", boot.mean, tolerance);
    c.near(e, "bias", boot.bias, tolerance);
    c.near(e, "se", boot.error, tolerance);
    list_near(c, e, "first_five_replicates", found.replicates);
    EXPECT_EQ(boot.below, e.at("replicates_below_t0")) << name;
    EXPECT_EQ(boot.equal, e.at("replicates_equal_t0")) << name;
    ASSERT_EQ(e.at("jackknife").at("values").size(), found.left_out.size());
    list_near(c, e.at("jackknife"), "values", found.left_out);
    c.near(e.at("jackknife"), "se", boot.jackknife_error, tolerance);
    c.near(e.at("jackknife"), "bias", boot.jackknife_bias, tolerance);
    EXPECT_EQ(e.at("jackknife").size(), 3u);
    c.near(e, "acceleration", boot.acceleration, tolerance);
    c.near(e, "bias_correction_z0", boot.bias_correction, tolerance);
    c.near(e, "bias_correction_z0_half_ties", half.bias_correction, tolerance);
    c.near(e, "normal_ci", boot.normal.limits, tolerance);
    c.near(e, "percentile_ci_quantile_type7", seven.percentile.limits, tolerance);
    c.near(e, "percentile_ci_quantile_type6", six.percentile.limits, tolerance);
    c.near(e, "percentile_ci_boot_ci", boot.percentile.limits, tolerance);
    c.near(e, "basic_ci_boot_ci", boot.basic.limits, tolerance);
    list_near(c, e, "bca_adjusted_levels", boot.bca.levels);
    c.near(e, "bca_ci_boot_ci_interpolation", boot.bca.limits, tolerance);
    c.near(e, "bca_ci_quantile_type7", seven.bca.limits, tolerance);
    c.near(e, "bca_ci_quantile_type6", six.bca.limits, tolerance);
    list_near(c, e.at("bca_half_ties"), "levels", half.bca.levels);
    c.near(e.at("bca_half_ties"), "ci_quantile_type7", half.bca.limits, tolerance);
    EXPECT_EQ(e.size(), 28u) << name;
  }
}

/// Ours are 40 times as many, so nearly the law itself. An end of theirs, the quantile at a level l of R values, lies
/// between our quantiles at l -/+ 4.9 sqrt(l (1 - l)/R 41/40) but for a chance of 1e-6: true of statistics on a lattice
/// too, whose ends jump. (At 3 errors one of the 16 would be outside: the upper percentile end of cd4, 0.8517 in the
/// shipped sample, is 0.8613 by 80,000 resamples of R's own.)
TEST(bootstrap_reference, own_draws_are_within_monte_carlo_error) {
  const json file = statistics::reference::read("09_bootstrap/expected.json");
  for (const auto& [name, e] : file.items()) {
    const Case of = case_of(name, numbers(e.at("data"), true));
    const BootstrapReplicates theirs = through_indices(of, e.at("indices_file"));
    const BootstrapReplicates ours =
        bootstrap_of_sums(of.rows, of.statistic, {40 * theirs.replicates.size(), 17, of.stratum, 2});
    const BootstrapSummary a = statistics::intervals(theirs);
    const BootstrapSummary b = statistics::intervals(ours);
    const double resamples = static_cast<double>(theirs.replicates.size()) * 40 / 41;
    constexpr double errors = 4.9;
    EXPECT_NEAR(*b.mean, *a.mean, errors * *b.error / std::sqrt(resamples)) << name;
    EXPECT_NEAR(a.normal.limits.low, b.normal.limits.low, errors * a.normal.monte_carlo_error[0]) << name;
    EXPECT_NEAR(a.normal.limits.high, b.normal.limits.high, errors * a.normal.monte_carlo_error[1]) << name;
    std::vector<double> sorted = ours.replicates;
    std::sort(sorted.begin(), sorted.end());
    const auto contains = [&, name = name](const statistics::BootstrapInterval& x,
                                           const statistics::BootstrapInterval& y) {
      ASSERT_TRUE(x.given() && y.given()) << name;
      for (std::size_t i = 0; i < 2; ++i) {
        const double level = y.levels[i];
        // Of BCa the level is an estimate as well.
        const double reach = errors * std::sqrt(level * (1 - level) / resamples) + std::abs(x.levels[i] - level);
        const double end = i == 0 ? x.limits.low : x.limits.high;
        const auto at = [&](double l) {
          return statistics::quantile_of_sorted(sorted, std::clamp(l, 1e-9, 1 - 1e-9), QuantileRule::type7);
        };
        EXPECT_GE(end, at(level - reach) - 1e-12) << name;
        EXPECT_LE(end, at(level + reach) + 1e-12) << name;
      }
    };
    contains(a.percentile, b.percentile);
    contains(a.bca, b.bca);
    EXPECT_NEAR(a.basic.limits.low, 2 * theirs.observed - a.percentile.limits.high, 1e-12) << name;
  }
}

}  // namespace
}  // namespace desist::estimation
