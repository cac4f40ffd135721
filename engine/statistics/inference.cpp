#include "engine/statistics/inference.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::statistics {

Inference inference(double estimate, double error, std::optional<double> degrees_of_freedom, double confidence) {
  const double quantile =
      degrees_of_freedom ? student_quantile((1 + confidence) / 2, *degrees_of_freedom) : two_sided_z(confidence);
  Inference result{estimate, error, {estimate - quantile * error, estimate + quantile * error}, 1, degrees_of_freedom};
  if (estimate == 0) return result;
  const double statistic = estimate / error;
  result.p =
      degrees_of_freedom ? student_two_sided(statistic, *degrees_of_freedom) : 2 * normal_cdf(-std::abs(statistic));
  return result;
}

namespace {
template <class DegreesOfFreedom>
std::vector<Inference> each(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance,
                            DegreesOfFreedom degrees_of_freedom, double confidence) {
  std::vector<Inference> result;
  for (Eigen::Index j = 0; j < coefficients.size(); ++j) {
    const double error = std::sqrt(std::max(0.0, covariance(j, j)));
    result.push_back(inference(coefficients[j], error, degrees_of_freedom(j), confidence));
  }
  return result;
}
}  // namespace

std::vector<Inference> inferences(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance,
                                  std::optional<double> degrees_of_freedom, double confidence) {
  const auto same = [&](Eigen::Index) { return degrees_of_freedom; };
  return each(coefficients, covariance, same, confidence);
}

std::vector<Inference> inferences(const Eigen::VectorXd& coefficients, const Eigen::MatrixXd& covariance,
                                  const std::vector<double>& degrees_of_freedom, double confidence) {
  const auto own = [&](Eigen::Index j) {
    return std::optional<double>(degrees_of_freedom[static_cast<std::size_t>(j)]);
  };
  return each(coefficients, covariance, own, confidence);
}

}  // namespace desist::statistics
