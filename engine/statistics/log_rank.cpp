#include "engine/statistics/log_rank.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist::statistics {

namespace {

/// d' V^- d and the rank of V, a covariance with rows that sum to 0.
void quadratic_form(LogRank& test) {
  const SymmetricEigen parts = eigen_of_symmetric(test.variance);
  const Eigen::VectorXd distance = parts.vectors.transpose() * (test.observed - test.expected);
  const double greatest = parts.values.cwiseAbs().maxCoeff();
  test.statistic = 0;
  test.df = 0;
  for (Eigen::Index j = 0; j < distance.size(); ++j) {
    if (!(parts.values[j] > 1e-10 * greatest)) continue;
    test.statistic += distance[j] * distance[j] / parts.values[j];
    ++test.df;
  }
}

/// People of one stratum by time: who leaves, who has the event, who enters afterwards; one column a group.
struct Movements {
  std::vector<double> leaving, events, entering;
  std::size_t times = 0;
};

Movements movements(const FollowUp& follow_up, std::span<const int> group, std::span<const std::uint32_t> rows,
                    std::size_t width) {
  const bool entries = !follow_up.start.empty();
  std::vector<double> all;
  all.reserve(rows.size() * (entries ? 2 : 1));
  for (const std::uint32_t i : rows) all.push_back(follow_up.stop[i]);
  if (entries) {
    for (const std::uint32_t i : rows) all.push_back(follow_up.start[i]);
  }
  const DistinctTimes distinct = distinct_times(all);
  Movements m;
  m.times = distinct.time.size();
  m.leaving.assign(m.times * width, 0);
  m.events.assign(m.times * width, 0);
  m.entering.assign(entries ? m.times * width : 0, 0);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const auto g = static_cast<std::size_t>(group[rows[k]]);
    const std::size_t cell = distinct.place[k] * width + g;
    m.leaving[cell] += 1;
    if (follow_up.event[rows[k]] != 0) m.events[cell] += 1;
    if (entries) m.entering[distinct.place[rows.size() + k] * width + g] += 1;
  }
  return m;
}

/// Adds a stratum to the sums; whether two groups were ever at risk at an event.
bool add_stratum(LogRank& test, const Movements& m, std::size_t width, double rho) {
  std::vector<double> at_risk(width, 0);
  for (std::size_t cell = 0; cell < m.leaving.size(); ++cell) at_risk[cell % width] += m.leaving[cell];
  for (std::size_t cell = 0; cell < m.entering.size(); ++cell) at_risk[cell % width] -= m.entering[cell];
  double survival = 1;
  bool compared = false;
  for (std::size_t t = 0; t < m.times; ++t) {
    const std::size_t cell = t * width;
    double n = 0, d = 0;
    for (std::size_t g = 0; g < width; ++g) {
      n += at_risk[g];
      d += m.events[cell + g];
    }
    if (d > 0) {
      compared =
          compared || std::count_if(at_risk.begin(), at_risk.end(), [](double people) { return people > 0; }) > 1;
      const double weight = rho == 0 ? 1 : std::pow(survival, rho);
      const double spread = n > 1 ? weight * weight * d * (n - d) / (n * n * (n - 1)) : 0;
      for (std::size_t g = 0; g < width; ++g) {
        const auto row = static_cast<Eigen::Index>(g);
        test.observed[row] += weight * m.events[cell + g];
        test.expected[row] += weight * d * at_risk[g] / n;
        test.variance(row, row) += spread * at_risk[g] * n;
        for (std::size_t h = 0; h < width; ++h)
          test.variance(row, static_cast<Eigen::Index>(h)) -= spread * at_risk[g] * at_risk[h];
      }
      survival *= (n - d) / n;
    }
    for (std::size_t g = 0; g < width; ++g) {
      at_risk[g] -= m.leaving[cell + g];
      if (!m.entering.empty()) at_risk[g] += m.entering[cell + g];
    }
  }
  return compared;
}

}  // namespace

Checked<LogRank> log_rank(const FollowUp& follow_up, std::span<const int> group, const LogRankPlan& plan) {
  if (const auto fault = fault_of(follow_up)) return *fault;
  const std::size_t n = follow_up.size();
  if (plan.groups < 2 || group.empty()) return SurvivalProblem{SurvivalFault::one_group};
  if (const auto fault = fault_of_labels(group, n, plan.groups)) return *fault;
  if (const auto fault = fault_of_labels(plan.stratum, n)) return *fault;
  if (!(plan.rho >= 0)) return SurvivalProblem{SurvivalFault::bad_argument};
  if (std::none_of(follow_up.event.begin(), follow_up.event.end(), [](int e) { return e != 0; }))
    return SurvivalProblem{SurvivalFault::no_events};
  const auto width = static_cast<std::size_t>(plan.groups);
  LogRank test;
  test.observed = Eigen::VectorXd::Zero(plan.groups);
  test.expected = test.observed;
  test.variance = Eigen::MatrixXd::Zero(plan.groups, plan.groups);
  const RowsByLabel strata = rows_by_label(plan.stratum, n);
  bool compared = false;
  for (std::size_t s = 0; s + 1 < strata.begin.size(); ++s) {
    const std::span<const std::uint32_t> rows(strata.rows.data() + strata.begin[s],
                                              strata.begin[s + 1] - strata.begin[s]);
    if (!rows.empty())
      compared = add_stratum(test, movements(follow_up, group, rows, width), width, plan.rho) || compared;
  }
  if (test.variance.isZero(0)) return SurvivalProblem{compared ? SurvivalFault::no_spread : SurvivalFault::one_group};
  quadratic_form(test);
  test.p = chi_square_tail(test.statistic, test.df);
  return test;
}

}  // namespace desist::statistics
