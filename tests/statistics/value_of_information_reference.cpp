// The field evppi of tests/data/reference/10_cost/expected.json (R): our surface within 5% or 5 units of mgcv's gam,
// the larger, and EVPI by draw to 1e-9. The cubic and the bins are met to 1e-8 by forms written here, which shows that
// data and decision are read alike; the product has no use for them.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/value_of_information.hpp"
#include "tests/statistics/appraisal_draws.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using nlohmann::json;
using reference::Comparison;

const json& information_file() {
  static const json all = reference::read("10_cost/expected.json");
  return all;
}

double cubic_information(const MatrixXd& benefit, const VectorXd& x) {
  const VectorXd z =
      (x.array() - x.mean()) / std::sqrt((x.array() - x.mean()).square().sum() / static_cast<double>(x.size() - 1));
  MatrixXd design(x.size(), 4);
  design << VectorXd::Ones(x.size()), z, z.cwiseAbs2(), z.array().cube();
  const MatrixXd differences = benefit.colwise() - benefit.col(0);
  const MatrixXd fitted = design * test::solution(design, differences);
  return fitted.rowwise().maxCoeff().mean() - fitted.colwise().mean().maxCoeff();
}

double bins_information(const MatrixXd& benefit, const VectorXd& x) {
  std::vector<Index> order(static_cast<std::size_t>(x.size()));
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) { return x[a] < x[b]; });
  const Index bins = 20, size = x.size() / bins;
  double sum = 0;
  for (Index bin = 0; bin < bins; ++bin) {
    VectorXd means = VectorXd::Zero(benefit.cols());
    for (Index i = bin * size; i < (bin + 1) * size; ++i)
      means += benefit.row(order[static_cast<std::size_t>(i)]).transpose();
    sum += (means / static_cast<double>(size)).maxCoeff();
  }
  return sum / static_cast<double>(bins) - benefit.colwise().mean().maxCoeff();
}

TEST(value_of_information_reference, perfect) {
  const AppraisalDraws draws;
  for (const json& q : information_file().at("by_threshold")) {
    Comparison c("evpi");
    c.near(q, "evpi", perfect_information(net_benefits(draws.costs, draws.effects, q.at("threshold"))).value, 1e-9);
  }
}

TEST(value_of_information_reference, partial) {
  const AppraisalDraws draws;
  int compared = 0;
  for (const auto& [parameter, values] : information_file().at("evppi").items()) {
    const VectorXd x = draws.file.number(parameter);
    for (const json& q : values) {
      const MatrixXd benefit = net_benefits(draws.costs, draws.effects, q.at("threshold"));
      const double gam = q.at("gam_thin_plate_reml");
      const PartialInformation ours = partial_information(benefit, x);
      EXPECT_NEAR(ours.value, gam, std::max(5.0, 0.05 * gam)) << parameter << " at " << q.at("threshold");
      RecordProperty(parameter + q.at("threshold").dump(), std::to_string(ours.value - gam));
      Comparison c(parameter);
      c.near(q, "cubic_polynomial_exact", cubic_information(benefit, x), 1e-8);
      c.near(q, "twenty_equal_bins_exact", bins_information(benefit, x), 1e-8);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 12);
}

}  // namespace
}  // namespace desist::statistics
