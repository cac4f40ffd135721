// The chance of each kind of first event by a time, where one kind prevents the others (custody, death).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <Eigen/Core>

#include "engine/statistics/interval.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist::statistics {

/// Chance of one cause by one time, with two errors.
struct IncidenceStep {
  double time = 0;
  std::int64_t at_risk = 0;
  std::int64_t events = 0;  // of this cause
  double incidence = 0;
  double jackknife_error = 0;  // infinitesimal jackknife, as survival::survfit
  double delta_error = 0;      // as cmprsk::cuminc: as it was at the last event of this cause
};

/// The chances of one group, `causes[c - 1]` for cause c; a step for each distinct time.
struct Incidences {
  std::vector<std::vector<IncidenceStep>> causes;
  std::int64_t people = 0;
};

/// F_c(t) = sum of S(s-) d_c/n over event times s up to t, S the Kaplan-Meier curve of any event (Aalen & Johansen
/// 1978), of each group. Event codes are 0 (censored) to `causes`. Variances: infinitesimal jackknife, the sum over
/// people of squared influence; and the delta method of Gray's cuminc with its correction for ties (Marubini &
/// Valsecchi 1995, 10.2; Gray 1988). They agree in large samples; use one throughout. One row a person; no starts.
/// Verified by: competing_reference; competing_risks_test against derivatives by weight
Checked<std::vector<Incidences>> cumulative_incidence(const FollowUp& follow_up, int causes,
                                                      std::span<const int> group = {}, int groups = 1);

/// The last step up to `time`; all 0 before the first.
IncidenceStep incidence_at(const std::vector<IncidenceStep>& steps, double time);

/// Limits on the log(-log) scale, F^exp(-/+ z se/(F log F)) (Kalbfleisch & Prentice 1980); [0, 0] before the first
/// event and empty where F is 1. Verified by: competing_risks_test
std::optional<Interval> incidence_limits(double incidence, double error, double confidence = usual_confidence);

/// Gray's test of equal chances of one cause.
struct GrayTest {
  Eigen::VectorXd score;  // observed less expected of each group but the last
  Eigen::MatrixXd variance;
  double statistic = 0;
  int df = 0;
  double p = 1;
};

/// k-sample test of the subdistribution of `cause` (Gray 1988) with weight (1 - F)^rho, within strata: risk sets
/// n_g (1 - F_g(t-))/S_g(t-), variance by Gray's appendix with his corrections for ties, as cmprsk::cuminc.
/// Verified by: competing_reference gray_test
Checked<GrayTest> gray_test(const FollowUp& follow_up, int causes, int cause, std::span<const int> group, int groups,
                            std::span<const int> stratum = {}, double rho = 0);

}  // namespace desist::statistics
