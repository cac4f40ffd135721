#include "engine/statistics/inner_noise.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

void check_halves(const ReplicateHalves& means) {
  const auto alike = [&](const Eigen::MatrixXd& half) {
    return half.rows() == means.all.rows() && half.cols() == means.all.cols() && half.allFinite();
  };
  require(means.all.rows() >= 2 && means.all.cols() >= 1 && means.all.allFinite() && alike(means.first) &&
              alike(means.second),
          "the jackknife needs finite means of two draws, over all replicates and over each half of them");
}

/// A figure that is a mean over draws is combined draw by draw.
Jackknifed combined(const VectorXd& all, const VectorXd& first, const VectorXd& second) {
  const VectorXd values = 2 * all - (first + second) / 2;
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  return {all.mean(), mean, std::sqrt((values.array() - mean).square().sum() / (n - 1) / n)};
}

}  // namespace

Jackknifed jackknifed_chance(const ReplicateHalves& means, Index arm, Index comparator) {
  check_halves(means);
  require(arm >= 0 && comparator >= 0 && arm < means.all.cols() && comparator < means.all.cols(),
          "the jackknife needs arms that there are");
  const auto above = [&](const Eigen::MatrixXd& x) -> VectorXd {
    return (x.col(arm) - x.col(comparator)).unaryExpr([](double v) { return v > 0 ? 1.0 : 0.0; });
  };
  return combined(above(means.all), above(means.first), above(means.second));
}

Jackknifed jackknifed_information(const ReplicateHalves& means) {
  check_halves(means);
  Index best = 0;
  means.all.colwise().mean().maxCoeff(&best);
  const auto gain = [&](const Eigen::MatrixXd& x) -> VectorXd { return x.rowwise().maxCoeff() - x.col(best); };
  return combined(gain(means.all), gain(means.first), gain(means.second));
}

}  // namespace desist::statistics
