// Columns: one value a draw, or one for all draws where nothing in it varies.
#pragma once

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"

namespace desist {

class Column {
 public:
  explicit Column(double value = 0) : values_{value} {}
  /// One a draw; a single value is that of all draws.
  explicit Column(std::vector<double> values) : values_(std::move(values)) {}

  bool varies() const { return values_.size() > 1; }
  double operator[](std::size_t draw) const { return values_[varies() ? draw : 0]; }
  /// One value for each of so many draws.
  std::vector<double> spread_over(std::size_t draws) const;

  Column& operator+=(const Column& other);
  Column& operator-=(const Column& other);
  Column& operator*=(const Column& other);
  Column& operator/=(const Column& other);

 private:
  template <class Operation>
  Column& combine(const Column& other, Operation operation);
  std::vector<double> values_;
};

Column operator+(Column a, const Column& b);
Column operator-(Column a, const Column& b);
Column operator*(Column a, const Column& b);
Column operator/(Column a, const Column& b);

/// The mean over draws, in order of draws. Exact where all values are equal: what is summed is the distance from the
/// first.
double mean_of(const Column& column, std::size_t draws);
/// Its Monte Carlo error: sd/sqrt(draws), draws being the units (mathematics.md 6.1).
double error_of(const Column& column, std::size_t draws);
/// The order statistic ceil(q draws) (mathematics.md 6.4).
double quantile_of(const Column& column, std::size_t draws, double q);

/// Mean and error of what was simulated, limits of the law given the figures: the same column where no replicate's luck
/// is in it.
DrawnAmount drawn_amount(const Column& simulated, const Column& fitted, std::size_t draws);

/// A quantity twice: as the replicates' means have it, whose mean and Monte Carlo error are those of the estimate, and
/// with fitted outcomes, whose law over draws is that of the figures alone (mathematics.md 6.3).
struct Twice {
  Column simulated, fitted;
  Twice& operator+=(const Twice& other);
  Twice& operator-=(const Twice& other);
};
DrawnAmount drawn_amount(const Twice& twice, std::size_t draws);

}  // namespace desist
