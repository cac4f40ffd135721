// Columns: one value a draw, or one for all draws where nothing in it varies.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"
#include "engine/statistics/cost_effectiveness.hpp"

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

/// Sets of parameters that are stored as rows of a posterior, and which of them each draw took. Draws of one set are no
/// independent units: what the kept sets happen to be, more draws don't average out (mathematics.md 6.1).
class StoredSets {
 public:
  /// `of_draw`: the row that each draw took. `worth`: how many independent rows they are worth, above 0.
  StoredSets(std::vector<std::uint32_t> of_draw, double worth);
  /// The part of a column's variance that is between sets, V(E[x | set]): the mean product of two draws of one set,
  /// each less the mean of all (the analysis of variance's estimate, unbalanced: Searle, Casella & McCulloch 1992,
  /// section 3.6). Where no two draws share a set it may be all of the variance. Divided by `worth`, its error by
  /// drawing pairs is no more than 1/sqrt(2 rows) of the column's variance over `worth`.
  double between(const DrawColumn& column) const;
  double worth() const { return worth_; }

 private:
  std::vector<std::uint32_t> of_draw_;
  std::size_t sets_ = 0;
  double pairs_ = 0;  // ordered, of draws that share a set
  double worth_ = 0;
};

/// Draws as units of error: independent, but for stored sets that they share.
class DrawUnits {
 public:
  explicit DrawUnits(std::size_t count, std::vector<StoredSets> shared = {})
      : count_(count), shared_(std::move(shared)) {}

  std::size_t count() const { return count_; }
  bool share_sets() const { return !shared_.empty(); }
  /// The error of a mean over independent draws, with what the sets add: the variance of `influence`, what each draw
  /// adds to the mean, between sets over what they are worth. Verified by: shared_sets_test
  double with_sets(double error, const DrawColumn& influence) const;
  /// As many independent draws as leave the same error where all of the variance is between sets.
  double fewest_worth() const;

 private:
  std::size_t count_;
  std::vector<StoredSets> shared_;
};

/// The mean over draws, in order of draws. Exact where all values are equal: what is summed is the distance from the
/// first.
double mean_of(const DrawColumn& column, std::size_t draws);
/// Its Monte Carlo error: sd/sqrt(draws), draws being the units (mathematics.md 6.1), and what shared sets add.
double error_of(const DrawColumn& column, const DrawUnits& units);
/// The order statistic ceil(q draws) (mathematics.md 6.4).
double quantile_of(const DrawColumn& column, std::size_t draws, double q);

/// Mean and error of what was simulated, limits of the law given the figures: the same column where no replicate's luck
/// is in it.
DrawnAmount drawn_amount(const DrawColumn& simulated, const DrawColumn& fitted, const DrawUnits& units);

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
DrawnAmount drawn_amount(const Twice& twice, const DrawUnits& units);

/// E[A]/E[B] with its delta-method error (mathematics.md 6.5), so that it is where the mean net value is nought; limits
/// by draw where every denominator is above nought. Nothing where the mean denominator isn't.
std::optional<DrawnAmount> drawn_ratio(const Twice& numerator, const Twice& denominator, const DrawUnits& units);

/// The ratio of two means with its delta-method error, of which shared sets have their part.
statistics::RatioOfMeans ratio_over_draws(const DrawColumn& numerator, const DrawColumn& denominator,
                                          const DrawUnits& units);

}  // namespace desist
