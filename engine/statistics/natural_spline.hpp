// A natural cubic spline of one parameter with five knots: the columns in which its curve is a line of numbers.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

namespace desist::statistics {

/// The constant, a line, and three bends that are straight beyond the outer knots (Hastie, Tibshirani & Friedman 2009,
/// eq. 5.4), the parameter going from 0 to 1. Knots stand at the order statistics 5, 27.5, 50, 72.5 and 95 in 100 of
/// the way (Harrell 2001, section 2.4.5); where two of them coincide there is the line alone.
/// Verified by: mean_surface_test, sensitivity_test.
class NaturalSpline {
 public:
  using Row = std::array<double, 5>;

  /// `sorted` has two values that differ at least.
  explicit NaturalSpline(const std::vector<double>& sorted);
  /// How many columns there are beside the constant: 4 or 1.
  std::size_t columns() const { return columns_; }
  /// 1, the place, the bends; what lies beyond columns() is left as it was.
  void fill(double value, Row& row) const;

 private:
  double low_, width_;
  std::array<double, 5> knots_{};
  std::size_t columns_ = 4;
};

/// The order statistic at this share of the way from the first to the last.
inline double at_share(const std::vector<double>& sorted, double share) {
  return sorted[static_cast<std::size_t>(share * static_cast<double>(sorted.size() - 1))];
}

}  // namespace desist::statistics
