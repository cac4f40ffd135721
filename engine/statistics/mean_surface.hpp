// What draws are expected to come to, given some of their parameters: a smooth surface through noisy values.
#pragma once

#include <Eigen/Core>

namespace desist::statistics {

/// How many parts a surface is fitted without, in turn; draw d is in part d mod 10.
inline constexpr Eigen::Index surface_folds = 10;

/// Fewer draws are not regressed on parameters: ten in each fold.
inline constexpr Eigen::Index fewest_draws_of_surface = 100;

/// E[y | theta] as fitted at every draw, draws x responses.
struct MeanSurface {
  Eigen::MatrixXd in_sample;
  Eigen::MatrixXd out_of_fold;  // by the nine tenths of the draws that a draw is not in
  /// What that leaves of the draw's own tenth, fitted to this tenth alone and added: judges what was learnt elsewhere.
  Eigen::MatrixXd own_fold;
  Eigen::VectorXd degrees;  // by response: effective degrees of freedom of the surface
};

/// Penalised least squares in the basis of `smooth_basis`, how smooth being decided for each response by restricted
/// maximum likelihood (Wahba 1985; Ruppert, Wand & Carroll 2003, sections 4.5 and 5.2): with a smoothing parameter l,
/// the eigenvalues s_i of the penalty against the normal equations and z_i the response along them, the least of
///
///   (n - m) log(rss + sum z_i^2 l s_i/(1 + l s_i)) + sum log(1 + 1/(l s_i)),
///
/// m being the columns without a penalty. A straight line costs nothing, so noise around a line is fitted by one.
///
/// The law of a simulated mean over parameters is too wide by the luck in it (mathematics.md 6.3): fitted values take
/// its place where `spread` is parameters. `responses` and `parameters` have one row a draw, at least 100, all finite;
/// throws std::invalid_argument otherwise. Time grows with draws x columns^2: 20 ms for one parameter and 100,000
/// draws. Verified by: mean_surface_test
MeanSurface mean_surface(const Eigen::MatrixXd& responses, const Eigen::MatrixXd& parameters);

}  // namespace desist::statistics
