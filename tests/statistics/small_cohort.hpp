// Small random follow-ups with many ties, for comparison with naive second implementations.
#pragma once

#include <cmath>
#include <random>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/survival_data.hpp"

namespace desist::statistics::test {

/// `n` rows; times are whole numbers up to 8, so that ties are everywhere.
struct SmallCohort {
  SmallCohort(std::uint64_t seed, std::size_t n, bool entries, Eigen::Index p = 2, int causes = 1) : x(n, p) {
    std::mt19937_64 bits(seed);
    const auto below = [&](std::uint64_t limit) { return static_cast<int>(bits() % limit); };
    for (std::size_t i = 0; i < n; ++i) {
      const int begin = entries ? below(3) : 0;
      if (entries) start.push_back(begin);
      stop.push_back(begin + 1 + below(6));
      event.push_back(below(3) == 0 ? 0 : 1 + below(static_cast<std::uint64_t>(causes)));
      group.push_back(below(2));
      stratum.push_back(below(2));
      cluster.push_back(below(n / 3 + 1));
      weight.push_back(0.5 + below(5) / 4.0);
      for (Eigen::Index j = 0; j < p; ++j) x(static_cast<Eigen::Index>(i), j) = j == 0 ? below(2) : below(1000) / 250.0;
    }
  }
  FollowUp follow_up() const { return {stop, event, start}; }
  double start_of(std::size_t i) const { return start.empty() ? -1 : start[i]; }
  bool at_risk(std::size_t i, double time) const { return start_of(i) < time && stop[i] >= time; }
  std::vector<double> start, stop, weight;
  std::vector<int> event, group, stratum, cluster;
  Eigen::MatrixXd x;
};

/// Central differences of a function of a vector.
template <class F>
Eigen::VectorXd slope(F f, const Eigen::VectorXd& at, double h = 1e-5) {
  Eigen::VectorXd result(at.size());
  for (Eigen::Index j = 0; j < at.size(); ++j) {
    Eigen::VectorXd low = at, high = at;
    low[j] -= h;
    high[j] += h;
    result[j] = (f(high) - f(low)) / (2 * h);
  }
  return result;
}

/// Second differences; right to about 1e-6 of the function's size.
template <class F>
Eigen::MatrixXd curvature(F f, const Eigen::VectorXd& at, double h = 1e-3) {
  const Eigen::Index p = at.size();
  Eigen::MatrixXd result(p, p);
  for (Eigen::Index j = 0; j < p; ++j) {
    for (Eigen::Index k = 0; k < p; ++k) {
      const auto moved = [&](double a, double b) {
        Eigen::VectorXd to = at;
        to[j] += a;
        to[k] += b;
        return f(to);
      };
      // Richardson: the error of h^2 is taken out.
      const auto plain = [&](double e) {
        return (moved(e, e) - moved(e, -e) - moved(-e, e) + moved(-e, -e)) / (4 * e * e);
      };
      result(j, k) = (4 * plain(h) - plain(2 * h)) / 3;
    }
  }
  return result;
}

}  // namespace desist::statistics::test
