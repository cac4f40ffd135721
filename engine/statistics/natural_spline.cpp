#include "engine/statistics/natural_spline.hpp"

namespace desist::statistics {
namespace {

constexpr std::array<double, 5> shares_of_knots{0.05, 0.275, 0.5, 0.725, 0.95};

double cube_above(double x) { return x > 0 ? x * x * x : 0.0; }

}  // namespace

NaturalSpline::NaturalSpline(const std::vector<double>& sorted)
    : low_(sorted.front()), width_(sorted.back() - sorted.front()) {
  for (std::size_t k = 0; k < knots_.size(); ++k) {
    knots_[k] = (at_share(sorted, shares_of_knots[k]) - low_) / width_;
    if (k > 0 && !(knots_[k] > knots_[k - 1])) columns_ = 1;  // too few distinct values to bend
  }
}

void NaturalSpline::fill(double value, Row& row) const {
  const double x = (value - low_) / width_;
  row[0] = 1;
  row[1] = x;
  if (columns_ == 1) return;
  const auto hinge = [&](std::size_t k) {
    return (cube_above(x - knots_[k]) - cube_above(x - knots_[4])) / (knots_[4] - knots_[k]);
  };
  for (std::size_t k = 0; k < 3; ++k) row[k + 2] = hinge(k) - hinge(3);
}

}  // namespace desist::statistics
