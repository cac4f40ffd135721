// The laws against closed forms at small degrees of freedom, printed tables and each other.
#include "engine/statistics/continuous_laws.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

constexpr double pi = 3.14159265358979323846;

TEST(continuous_laws_test, student_has_the_closed_forms_of_one_and_two_degrees) {
  for (const double t : {-30.0, -1.5, -1e-3, 0.0, 0.4, 2.0, 50.0, 1e6}) {
    const double one = t > 0 ? std::atan(1 / t) / pi : t < 0 ? 1 + std::atan(1 / t) / pi : 0.5;
    EXPECT_NEAR(student_tail(t, 1) / one, 1, 1e-13) << t;
    const double two =
        t > 0 ? 1 / (std::sqrt(2 + t * t) * (std::sqrt(2 + t * t) + t)) : 0.5 - t / (2 * std::sqrt(2 + t * t));
    EXPECT_NEAR(student_tail(t, 2) / two, 1, 1e-13) << t;
    EXPECT_NEAR(student_two_sided(t, 2), 2 * student_tail(std::abs(t), 2), 1e-15);
  }
}

TEST(continuous_laws_test, quantiles_invert_the_tails) {
  for (const double df : {0.7, 1.0, 3.0, 12.0, 250.5, 1e6}) {
    for (const double p : {1e-9, 0.025, 0.3, 0.5, 0.8, 0.975, 1 - 1e-9}) {
      EXPECT_NEAR(student_tail(student_quantile(p, df), df), 1 - p, 2e-15 + 1e-12 * (1 - p)) << df << " " << p;
      EXPECT_NEAR(chi_square_tail(chi_square_quantile(p, df), df), 1 - p, 2e-15 + 1e-12 * (1 - p)) << df << " " << p;
    }
  }
}

TEST(continuous_laws_test, laws_agree_where_they_meet) {
  for (const double x : {1e-8, 0.3, 2.0, 7.9, 90.0}) {
    EXPECT_NEAR(chi_square_tail(x, 1) / chi_square_tail(x), 1, 1e-12);
    EXPECT_NEAR(chi_square_tail(x, 2) / std::exp(-x / 2), 1, 1e-13);
    EXPECT_NEAR(f_tail(x * x, 1, 9) / student_two_sided(x, 9), 1, 1e-12);
    EXPECT_NEAR(f_tail(x, 2, 6) / std::pow(1 + x / 3, -3), 1, 1e-12);
    EXPECT_NEAR(noncentral_student_tail(x, 9, 0) / student_tail(x, 9), 1, 1e-10);
  }
  EXPECT_NEAR(student_quantile(0.975, 1e9), normal_quantile(0.975), 1e-8);
}

// R 4.2: qgamma(p, shape), which is half a chi-square quantile at twice the shape.
TEST(continuous_laws_test, quantiles_of_large_shapes) {
  EXPECT_NEAR(chi_square_quantile(0.025, 2e8) / 2, 99980401.307324737, 1e-6);
  EXPECT_NEAR(chi_square_quantile(0.975, 2e8) / 2, 100019600.586981148, 1e-6);
  EXPECT_NEAR(chi_square_quantile(0.025, 5e11) / 2, 249999020018.95490, 1e-4);
  EXPECT_NEAR(chi_square_quantile(0.975, 5e11) / 2, 250000979982.93942, 1e-4);
  EXPECT_NEAR(chi_square_quantile(0.001, 6e9) / 2, 2999830743.8556395, 1e-5);
  // On either side of where the expansion takes over: it is off by some 1e-13 of the value.
  const double below = chi_square_quantile(0.975, 1.9999999e8), above = chi_square_quantile(0.975, 2.0000001e8);
  EXPECT_NEAR(above - below, 20 + 1.959964 * 20 / std::sqrt(2 * 2e8), 1e-3);
}

}  // namespace
}  // namespace desist::statistics
