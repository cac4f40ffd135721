// Trials in which not everybody got what they were assigned: contrasts, and the effect on those who comply.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "engine/statistics/confidence_set.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist::statistics {

/// How many people there are by assignment, receipt and outcome: `count[assigned][received][outcome]`, each 0 or 1.
struct ComplianceTable {
  std::array<std::array<std::array<std::int64_t, 2>, 2>, 2> count{};
  std::int64_t assigned(int arm) const;
};

/// The table of a trial in which nobody in the control arm could get the course: controls, those who completed it and
/// those who were sent but breached.
ComplianceTable one_sided_table(const Proportion& control, const Proportion& completed, const Proportion& breached);

/// Everybody as assigned.
TwoByTwo as_assigned(const ComplianceTable& table);
/// Only those who received what they were assigned.
TwoByTwo per_protocol(const ComplianceTable& table);
/// Everybody as received.
TwoByTwo as_treated(const ComplianceTable& table);
/// Receipt as the outcome, by assignment.
TwoByTwo compliance(const ComplianceTable& table);

/// Standard errors of the slope of a least-squares line through a 0/1 outcome and a 0/1 group.
struct SlopeErrors {
  double hc0 = 0;                   // equals the Wald error
  std::optional<double> classical;  // these four are empty where a divisor is 0: n = 1 in a group, N = 2
  std::optional<double> hc1;
  std::optional<double> hc2;
  std::optional<double> hc3;
};

/// HC0 sum p q/n; HC1 times N/(N-2); HC2 sum p q/(n-1); HC3 sum p q n/(n-1)^2; classical s^2 (1/n1 + 1/n0) with
/// s^2 = (n1 p1 q1 + n0 p0 q0)/(N-2) (MacKinnon & White 1985, in the closed form of two groups).
/// Verified by: complier_effect_reference
SlopeErrors slope_errors(const TwoByTwo& table);

/// Two-stage least squares of outcome on receipt with assignment as instrument.
struct TwoStageLeastSquares {
  struct Coefficient {
    double estimate = 0;
    double classical = 0;  // standard errors
    double hc0 = 0;
    double hc1 = 0;
    std::optional<double> hc2;  // empty where an arm has one person
  };
  Coefficient intercept;
  Coefficient received;
  double sigma = 0;
  std::int64_t residual_df = 0;
};

/// Empty where receipt does not differ between the arms, or with fewer than three people. HC2 uses the leverage of the
/// projected regressors, 1/n of the arm (Blair et al., estimatr).
/// Verified by: complier_effect_reference
std::optional<TwoStageLeastSquares> two_stage_least_squares(const ComplianceTable& table);

/// The effect of receipt on those who receive it if assigned and not otherwise.
struct ComplierEffect {
  double effect = 0;  // difference of outcome over difference of receipt (Bloom 1984; Angrist, Imbens & Rubin 1996)
  double simple_error = 0;  // error of the numerator over the denominator: ignores that compliance is estimated
  double delta_error = 0;   // delta method with the covariance, variances within arms with divisor n
  Interval delta_interval;
  ConfidenceSet fieller;  // the set to report
  double control_mean =
      0;  // risk of compliers without the course; outside [0, 1] it is evidence against the assumptions
  double treated_mean = 0;              // risk of compliers with the course
  std::optional<double> first_stage_f;  // classical; empty where receipt is exactly what was assigned
};

/// Complier effect of a randomised trial. Needs randomisation, no effect of assignment except through receipt, and
/// nobody who does the opposite of what is assigned. With one-sided non-compliance control_mean = (p_0 - (1 - pi)
/// p_B)/pi (Imbens & Rubin 1997). Fieller's set is {b : (D_Y - b D_D)^2 <= z^2 (V_Y - 2 b C + b^2 V_D)} (Fieller 1954;
/// Anderson & Rubin 1949): an interval if D_D^2 > z^2 V_D, else two rays or the whole line. Empty where receipt does
/// not differ by arm. Verified by: complier_effect_reference; complier_effect_test fieller_inverts_its_test
std::optional<ComplierEffect> complier_effect(const ComplianceTable& table, double confidence = usual_confidence);

}  // namespace desist::statistics
