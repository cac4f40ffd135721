#include "engine/statistics/complier_effect.hpp"

#include <cmath>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/real.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist::statistics {

namespace {

struct Matrix2 {
  double a = 0, b = 0, d = 0;  // symmetric: (a b; b d)
  Matrix2 inverse() const {
    const double determinant = a * d - b * b;
    return {d / determinant, -b / determinant, a / determinant};
  }
  /// M S M for symmetric M (this) and S, the diagonal only.
  std::array<double, 2> sandwich_diagonal(const Matrix2& s) const {
    const auto form = [&s](double x, double y) { return x * x * s.a + 2 * x * y * s.b + y * y * s.d; };
    return {form(a, b), form(b, d)};
  }
};

}  // namespace

std::int64_t ComplianceTable::assigned(int arm) const {
  const auto& a = count[static_cast<std::size_t>(arm)];
  return a[0][0] + a[0][1] + a[1][0] + a[1][1];
}

ComplianceTable one_sided_table(const Proportion& control, const Proportion& completed, const Proportion& breached) {
  ComplianceTable table;
  table.count[0][0] = {control.n - control.count, control.count};
  table.count[1][0] = {breached.n - breached.count, breached.count};
  table.count[1][1] = {completed.n - completed.count, completed.count};
  return table;
}

TwoByTwo as_assigned(const ComplianceTable& table) {
  const auto& k = table.count;
  return {k[1][0][1] + k[1][1][1], table.assigned(1), k[0][0][1] + k[0][1][1], table.assigned(0)};
}

TwoByTwo per_protocol(const ComplianceTable& table) {
  const auto& k = table.count;
  return {k[1][1][1], k[1][1][0] + k[1][1][1], k[0][0][1], k[0][0][0] + k[0][0][1]};
}

TwoByTwo as_treated(const ComplianceTable& table) {
  const auto& k = table.count;
  return {k[0][1][1] + k[1][1][1], k[0][1][0] + k[0][1][1] + k[1][1][0] + k[1][1][1], k[0][0][1] + k[1][0][1],
          k[0][0][0] + k[0][0][1] + k[1][0][0] + k[1][0][1]};
}

TwoByTwo compliance(const ComplianceTable& table) {
  const auto& k = table.count;
  return {k[1][1][0] + k[1][1][1], table.assigned(1), k[0][1][0] + k[0][1][1], table.assigned(0)};
}

SlopeErrors slope_errors(const TwoByTwo& table) {
  const double n1 = real(table.n1), n0 = real(table.n0);
  const double v1 = table.risk1() * (1 - table.risk1()), v0 = table.risk0() * (1 - table.risk0());
  SlopeErrors errors;
  errors.hc0 = std::sqrt(v1 / n1 + v0 / n0);
  if (n1 + n0 > 2) {
    errors.hc1 = errors.hc0 * std::sqrt((n1 + n0) / (n1 + n0 - 2));
    errors.classical = std::sqrt((n1 * v1 + n0 * v0) / (n1 + n0 - 2) * (1 / n1 + 1 / n0));
  }
  if (table.n1 > 1 && table.n0 > 1) {
    errors.hc2 = std::sqrt(v1 / (n1 - 1) + v0 / (n0 - 1));
    errors.hc3 = std::sqrt(v1 * n1 / ((n1 - 1) * (n1 - 1)) + v0 * n0 / ((n0 - 1) * (n0 - 1)));
  }
  return errors;
}

std::optional<TwoStageLeastSquares> two_stage_least_squares(const ComplianceTable& table) {
  const double n[2] = {real(table.assigned(0)), real(table.assigned(1))};
  if (n[0] == 0 || n[1] == 0 || n[0] + n[1] < 3) return std::nullopt;
  const TwoByTwo outcome = as_assigned(table);
  const TwoByTwo receipt = compliance(table);
  const double fitted[2] = {receipt.risk0(), receipt.risk1()};  // receipt as the first stage predicts it
  if (fitted[0] == fitted[1]) return std::nullopt;
  const double people = n[0] + n[1];
  const double slope = risk_difference(outcome) / risk_difference(receipt);
  const double intercept = outcome.risk0() - slope * receipt.risk0();

  const Matrix2 bread =
      Matrix2{people, n[0] * fitted[0] + n[1] * fitted[1], n[0] * fitted[0] * fitted[0] + n[1] * fitted[1] * fitted[1]}
          .inverse();
  Matrix2 meat, leveraged_meat;
  double squares = 0;
  for (std::size_t z = 0; z < 2; ++z) {
    for (std::size_t w = 0; w < 2; ++w) {
      for (std::size_t y = 0; y < 2; ++y) {
        const double residual = static_cast<double>(y) - intercept - slope * static_cast<double>(w);
        const double square = real(table.count[z][w][y]) * residual * residual;
        squares += square;
        const auto add = [&](Matrix2& m, double weight) {
          m.a += weight;
          m.b += weight * fitted[z];
          m.d += weight * fitted[z] * fitted[z];
        };
        add(meat, square);
        if (n[z] > 1) add(leveraged_meat, square / (1 - 1 / n[z]));
      }
    }
  }
  TwoStageLeastSquares fit;
  fit.residual_df = table.assigned(0) + table.assigned(1) - 2;
  fit.sigma = std::sqrt(squares / real(fit.residual_df));
  const auto hc0 = bread.sandwich_diagonal(meat);
  const auto hc2 = bread.sandwich_diagonal(leveraged_meat);
  const auto coefficient = [&](double estimate, double unscaled, double v0, double v2) {
    TwoStageLeastSquares::Coefficient c{estimate, fit.sigma * std::sqrt(unscaled), std::sqrt(v0),
                                        std::sqrt(v0 * people / real(fit.residual_df)), std::nullopt};
    if (n[0] > 1 && n[1] > 1) c.hc2 = std::sqrt(v2);
    return c;
  };
  fit.intercept = coefficient(intercept, bread.a, hc0[0], hc2[0]);
  fit.received = coefficient(slope, bread.d, hc0[1], hc2[1]);
  return fit;
}

std::optional<ComplierEffect> complier_effect(const ComplianceTable& table, double confidence) {
  if (table.assigned(0) == 0 || table.assigned(1) == 0) return std::nullopt;
  const TwoByTwo outcome = as_assigned(table);
  const TwoByTwo receipt = compliance(table);
  const double delta_y = risk_difference(outcome);
  const double delta_d = risk_difference(receipt);
  if (delta_d == 0) return std::nullopt;

  const double n1 = real(outcome.n1), n0 = real(outcome.n0);
  const double both1 = real(table.count[1][1][1]) / n1;  // received and had the outcome
  const double both0 = real(table.count[0][1][1]) / n0;
  const double v_y = std::pow(risk_difference_error(outcome), 2);
  const double v_d = std::pow(risk_difference_error(receipt), 2);
  const double covariance =
      (both1 - outcome.risk1() * receipt.risk1()) / n1 + (both0 - outcome.risk0() * receipt.risk0()) / n0;
  const double z = two_sided_z(confidence);

  ComplierEffect result;
  result.effect = delta_y / delta_d;
  result.simple_error = std::sqrt(v_y) / std::abs(delta_d);
  const double numerator = v_y - 2 * result.effect * covariance + result.effect * result.effect * v_d;
  result.delta_error = std::sqrt(numerator > 0 ? numerator : 0.0) / std::abs(delta_d);
  result.delta_interval = {result.effect - z * result.delta_error, result.effect + z * result.delta_error};
  result.fieller = fieller_set({delta_y, delta_d, v_y, covariance, v_d}, z);
  // Whole numbers over whole numbers: shares of 0 and 1 come out as they are.
  const auto& k = table.count;
  const double compliers = real(receipt.x1) * n0 - real(receipt.x0) * n1;
  result.control_mean = (real(k[0][0][1]) * n1 - real(k[1][0][1]) * n0) / compliers;
  result.treated_mean = (real(k[1][1][1]) * n0 - real(k[0][1][1]) * n1) / compliers;
  const SlopeErrors first_stage = slope_errors(receipt);
  if (first_stage.classical && *first_stage.classical > 0) {
    result.first_stage_f = std::pow(delta_d / *first_stage.classical, 2);
  }
  return result;
}

}  // namespace desist::statistics
