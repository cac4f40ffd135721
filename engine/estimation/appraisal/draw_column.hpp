// Columns: one value a draw, or one for all draws where nothing in it varies.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"

namespace desist {

class DrawColumn {
 public:
  explicit DrawColumn(double value = 0) : values_{value} {}
  /// One a draw. Where all are the same it doesn't vary: a single value is that of all draws.
  explicit DrawColumn(std::vector<double> values);

  bool varies() const { return values_.size() > 1; }
  double operator[](std::size_t draw) const { return values_[varies() ? draw : 0]; }
  /// One value for each of so many draws.
  std::vector<double> spread_over(std::size_t draws) const;
  /// `f` of each value.
  template <class F>
  DrawColumn mapped(F f) const {
    DrawColumn made(*this);
    for (double& value : made.values_) value = f(value);
    return made;
  }

  DrawColumn& operator+=(const DrawColumn& other);
  DrawColumn& operator-=(const DrawColumn& other);
  DrawColumn& operator*=(const DrawColumn& other);
  DrawColumn& operator/=(const DrawColumn& other);
  /// Adds (a factor) weight draw by draw, without a column in between; no weight is 1.
  void add_product(const DrawColumn& a, double factor, const DrawColumn* weight);

 private:
  template <class Operation>
  DrawColumn& combine(const DrawColumn& other, Operation operation);
  std::vector<double> values_;
};

DrawColumn operator+(DrawColumn a, const DrawColumn& b);
DrawColumn operator-(DrawColumn a, const DrawColumn& b);
DrawColumn operator*(DrawColumn a, const DrawColumn& b);
DrawColumn operator/(DrawColumn a, const DrawColumn& b);

/// The mean over draws, in order of draws. Exact where all values are equal: what is summed is the distance from the
/// first.
double mean_of(const DrawColumn& column, std::size_t draws);
/// Its Monte Carlo error: sd/sqrt(draws), draws being the units (mathematics.md 6.1).
double error_of(const DrawColumn& column, std::size_t draws);
/// The order statistic ceil(q draws) (mathematics.md 6.4).
double quantile_of(const DrawColumn& column, std::size_t draws, double q);

/// Mean and error of what was simulated, limits of the law given the figures: the same column where no replicate's luck
/// is in it.
DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, std::size_t draws);

/// A quantity twice: as the replicates' means have it, whose mean and Monte Carlo error are those of the estimate, and
/// with fitted outcomes, whose law over draws is that of the figures alone (mathematics.md 6.3). `fit_error` is what
/// the error of the fit adds to that of the mean, where the mean is of a step function of what was fitted; it adds up
/// as if all were off to the same side.
struct Twice {
  DrawColumn simulated, fitted;
  double fit_error = 0;
  Twice& operator+=(const Twice& other);
  Twice& operator-=(const Twice& other);
};
DrawnAmount drawn_amount(const Twice& twice, std::size_t draws);

/// E[A]/E[B] with its delta-method error (mathematics.md 6.5), so that it is where the mean net value is nought; limits
/// by draw where every denominator is above nought. Nothing where the mean denominator isn't.
std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, std::size_t draws);

}  // namespace desist
