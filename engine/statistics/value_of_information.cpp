#include "engine/statistics/value_of_information.hpp"

#include <cmath>

#include "engine/statistics/mean_surface.hpp"
#include "engine/statistics/ranges.hpp"

namespace desist::statistics {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

double error_of_mean(const VectorXd& values) {
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  return std::sqrt((values.array() - mean).square().sum() / (n - 1) / n);
}

/// The arm of greatest value in a row, the first of equals.
template <class Row>
Index greatest_in(const Row& row) {
  Index at = 0;
  for (Index j = 1; j < row.size(); ++j)
    if (row[j] > row[at]) at = j;
  return at;
}

void check_net_benefits(const MatrixXd& net_benefits) {
  require(net_benefits.rows() >= 2 && net_benefits.cols() >= 1, "the value of information needs two draws and an arm");
  require(net_benefits.allFinite(), "net benefits are finite");
}

/// By draw, the net benefit of the arm that `means` say, less that of `best`.
VectorXd gains_of_rule(const MatrixXd& net_benefits, const MatrixXd& means, Index best) {
  VectorXd gains(net_benefits.rows());
  for (Index d = 0; d < gains.size(); ++d)
    gains[d] = net_benefits(d, greatest_in(means.row(d))) - net_benefits(d, best);
  return gains;
}

/// Means of all arms from a surface of differences from the first.
MatrixXd with_first_arm(const MatrixXd& surface) {
  MatrixXd means = MatrixXd::Zero(surface.rows(), surface.cols() + 1);
  means.rightCols(surface.cols()) = surface;
  return means;
}

}  // namespace

PerfectInformation perfect_information(const MatrixXd& net_benefits) {
  return perfect_information(net_benefits, net_benefits);
}

PerfectInformation perfect_information(const MatrixXd& means, const MatrixXd& simulated) {
  check_net_benefits(means);
  check_net_benefits(simulated);
  require(means.rows() == simulated.rows() && means.cols() == simulated.cols(),
          "means and what was simulated have one row a draw and one column an arm");
  PerfectInformation found;
  const Index best = greatest_in(means.colwise().mean().eval());
  found.best = static_cast<std::size_t>(best);
  found.gains = means.rowwise().maxCoeff() - means.col(best);
  found.value = found.gains.mean();
  found.error = error_of_mean(gains_of_rule(simulated, means, best));
  return found;
}

PartialInformation partial_information(const MatrixXd& net_benefits, const MatrixXd& parameters) {
  check_net_benefits(net_benefits);
  PartialInformation found;
  const Index best = greatest_in(net_benefits.colwise().mean().eval());
  found.best = static_cast<std::size_t>(best);
  found.gains = found.policy_gains = VectorXd::Zero(net_benefits.rows());
  if (net_benefits.cols() == 1) return found;
  const MatrixXd differences = net_benefits.rightCols(net_benefits.cols() - 1).colwise() - net_benefits.col(0);
  const MeanSurface surface = mean_surface(differences, parameters);
  found.value = surface.in_sample.rowwise().maxCoeff().cwiseMax(0.0).mean() -
                std::max(0.0, surface.in_sample.colwise().mean().maxCoeff());
  found.gains = gains_of_rule(net_benefits, with_first_arm(surface.in_sample), best);
  found.error = error_of_mean(found.gains);
  const MatrixXd rules = with_first_arm(surface.out_of_fold);
  found.policy_value = gains_of_rule(with_first_arm(surface.own_fold), rules, best).mean();
  found.policy_gains = gains_of_rule(net_benefits, rules, best);
  found.policy_gains.array() += found.policy_value - found.policy_gains.mean();
  found.policy_error = error_of_mean(found.policy_gains);
  return found;
}

PairedValues paired_difference(const VectorXd& first_gains, const VectorXd& second_gains) {
  require(first_gains.size() == second_gains.size() && first_gains.size() >= 2,
          "values are compared on the same draws, at least two");
  const VectorXd difference = first_gains - second_gains;
  return {difference.mean(), error_of_mean(difference)};
}

}  // namespace desist::statistics
