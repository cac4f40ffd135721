// Risk sets of a proportional-hazards model, laid out so that one evaluation of the partial likelihood is a few passes
// over flat columns. For the .cpp files of the methods built on it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/cox.hpp"

namespace desist::statistics {

/// Sums at one event time t over l = 0, ..., d - 1, with f = l/d (Efron) or 0 (Breslow), den = S0 - f D0 and w the mean
/// weight of the deaths; S and D are sums over the risk set and over the deaths.
struct EventTimeSums {
  double hazard = 0;             // sum of w/den: the increment of the baseline hazard
  double hazard_tied = 0;        // sum of w (1 - f)/den: what a person who dies at t has of it
  double square[3] = {0, 0, 0};  // sums of w f^k/den^2, k = 0, 1, 2
};

/// The partial likelihood at one vector of coefficients, in scaled covariates.
struct PartialLikelihood {
  double log_likelihood = 0;
  Eigen::VectorXd score;
  Eigen::MatrixXd information;
  Eigen::VectorXd scale_of_information;  // its diagonal before the means are taken off: what rounding is relative to
};

/// Rows are kept only if they are at risk at an event time, sorted by stratum and by the last event time at which they
/// are at risk, deaths first; covariates are centred and divided by their standard deviation.
class CoxRiskSets {
 public:
  /// Checks everything about the data but collinearity.
  static std::optional<SurvivalProblem> fault(const FollowUp& follow_up, const Eigen::MatrixXd& covariates,
                                              const CoxPlan& plan);
  CoxRiskSets(const FollowUp& follow_up, const Eigen::MatrixXd& covariates, const CoxPlan& plan);

  /// Everything at coefficients `b` of the scaled covariates; leaves the sums of the event times behind.
  PartialLikelihood evaluate(const Eigen::VectorXd& b);

  /// Whether the likelihood is flat or rising along direction `d` of the scaled covariates and not flat everywhere:
  /// each death has the greatest x'd of its risk set (up to 1e-7 of the range). Then a coefficient is infinite
  /// (Jacobsen 1989; Bryson & Johnson 1981).
  bool rises_without_bound(const Eigen::VectorXd& d) const;

  std::size_t rows = 0;  // kept
  std::size_t covariates = 0;
  std::size_t event_times = 0;  // over all strata
  std::int64_t events = 0;
  std::vector<std::uint32_t> source;       // row of the data
  std::vector<std::uint32_t> first, last;  // at risk at event times first, ..., last - 1; first is empty without starts
  std::vector<double> weight;              // empty: all 1
  std::vector<double> x;                   // column-major
  std::vector<double> centre, scale;       // of each covariate
  std::vector<std::size_t> stratum_begin;  // event times of stratum s: stratum_begin[s] to stratum_begin[s + 1] - 1
  std::vector<double> time;                // of each event time
  std::vector<std::size_t> block;          // rows whose last event time is t: block[t] to block[t + 1] - 1
  std::vector<std::uint32_t> deaths;       // of each event time: the first rows of its block
  std::vector<double> death_weight;        // sum of their weights
  Ties ties = Ties::efron;

  /// Rows that are at risk from event time `t` on but not before; none without starts.
  std::span<const std::uint32_t> beginning_at(std::size_t t) const;
  const double* column(std::size_t j) const { return x.data() + j * rows; }
  bool dies(std::size_t row) const { return row - block[last[row] - 1] < deaths[last[row] - 1]; }
  double weight_of(std::size_t row) const { return weight.empty() ? 1 : weight[row]; }

  // Left behind by evaluate().
  std::vector<double> risk;         // weight times exp(x'b)
  std::vector<double> expected;     // martingale compensator of each row, times its weight
  std::vector<EventTimeSums> sums;  // of each event time
  std::vector<double> s0, d0;       // risk set, deaths
  std::vector<double> s1, d1;       // the same times x, column-major over event times
  std::vector<double> shift;        // taken off the linear predictor in each stratum, so that exp does not overflow

 private:
  void sum_risk_sets(const double* values, std::vector<double>& risk_sets, std::vector<double>& death_sets,
                     std::size_t offset);
  std::vector<std::uint32_t> by_first_;  // rows in order of `first`
  std::vector<std::size_t> first_begin_;
  std::vector<double> linear_, product_;
};

}  // namespace desist::statistics
