// Chances and values of information from means of a few replicates a draw, less the bias that their luck makes.
#pragma once

#include <Eigen/Core>

namespace desist::statistics {

/// Mean net benefits, draws x arms: over all replicates of a draw, and over each half of them.
struct ReplicateHalves {
  Eigen::MatrixXd all;
  Eigen::MatrixXd first;
  Eigen::MatrixXd second;
};

/// A figure as it comes out of noisy means, and with the part of its bias that falls as 1/R taken out.
struct Jackknifed {
  double plug_in = 0;
  double value = 0;  // 2 T_R - (T_first + T_second)/2; may lie outside a figure's range, which says that R is too small
  double error = 0;  // Monte Carlo, of `value`, over draws
  double correction() const { return value - plug_in; }
};

/// P(mu > 0) over parameters for an arm's difference from another (mathematics.md 6.3; the jackknife of Gordy & Juneja
/// 2010, section 3.2). Shapes are equal, with at least two draws; throws std::invalid_argument otherwise.
/// Verified by: inner_noise_test
Jackknifed jackknifed_chance(const ReplicateHalves& means, Eigen::Index arm, Eigen::Index comparator);

/// E max_j mu_j - max_j E mu_j, the arm taken without information being that of all replicates.
/// Verified by: inner_noise_test
Jackknifed jackknifed_information(const ReplicateHalves& means);

}  // namespace desist::statistics
