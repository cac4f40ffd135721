#include "engine/statistics/count_law.hpp"

#include <cmath>

namespace desist::statistics {

CountLaw::CountLaw(std::size_t greatest, std::optional<double> theta) : theta_(theta) {
  log_factor_.assign(greatest + 1, 0.0);
  if (theta_) {
    reciprocals_.assign(greatest + 1, 0.0);
    squares_.assign(greatest + 1, 0.0);
  }
  for (std::size_t y = 1; y <= greatest; ++y) {
    const double k = static_cast<double>(y - 1);
    log_factor_[y] = log_factor_[y - 1] - std::log(k + 1);
    if (!theta_) continue;
    const double r = 1 / (*theta_ + k);
    log_factor_[y] += std::log1p(k / *theta_);
    reciprocals_[y] = reciprocals_[y - 1] + r;
    squares_[y] = squares_[y - 1] + r * r;
  }
}

CountTerm CountLaw::at(std::size_t count, double eta) const {
  const double y = static_cast<double>(count);
  const double mean = std::exp(eta);
  if (!theta_) return {log_factor_[count] + y * eta - mean, y - mean, -mean, 0, 0, 0};
  const double theta = *theta_;
  const double log_ratio = std::log1p(mean / theta);  // log((theta + mean)/theta)
  const double sum = theta + mean;
  const double share = mean / sum;
  CountTerm term;
  term.log_probability = log_factor_[count] + y * eta - (y + theta) * log_ratio;
  term.eta = theta * (y - mean) / sum;
  term.eta_eta = -(y + theta) * (theta / sum) * share;
  term.eta_tau = theta * (y - mean) / sum * share;
  const double first = reciprocals_[count] - log_ratio + (mean - y) / sum;
  const double second = -squares_[count] + 1 / theta - 2 / sum + (y + theta) / (sum * sum);
  term.tau = theta * first;
  term.tau_tau = theta * theta * second + theta * first;
  return term;
}

}  // namespace desist::statistics
