// What is kept of draws whose columns are gone: sums that answers over all draws are made of.
//
// Of draws that are all at hand each is what it says, exactly. Of more, one part after another is added, always the
// same parts in the same order (architecture.md 6), and what is kept does not grow.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/simulation/histogram.hpp"
#include "engine/statistics/cost_effectiveness.hpp"

namespace desist {

/// Whether a quantity is above nought in all of so many draws.
bool is_above_nought(const DrawColumn& column, std::size_t draws);

/// Whether a quantity has been the same in every draw so far.
class Sameness {
 public:
  void add(const DrawColumn& column) {
    if (!first_) first_ = column[0];
    varies_ = varies_ || column.varies() || column[0] != *first_;
  }
  bool varies() const { return varies_; }

 private:
  std::optional<double> first_;
  bool varies_ = false;
};

/// Number, mean and scatter, parts merged by Chan, Golub & LeVeque (1983), equations 1.5. Within a part what is summed
/// is the distance from its first value: exact where all are equal.
class MeanSums {
 public:
  void add(const DrawColumn& column, std::size_t draws);
  double mean() const { return mean_; }
  /// sd/sqrt(draws), the draws being independent; 0 of what is the same in every draw.
  double error() const;
  double sets = 0;  // what stored sets that draws share add to the squared error

 private:
  Sameness same_;
  double draws_ = 0, mean_ = 0, squares_ = 0;
};

/// The middle 95% of values: order statistics ceil(q draws), within half a bucket (mathematics.md 6.4; histogram.hpp).
///
/// Buckets are of the distance from the first part's mean in its standard deviations: 1/2000 of one wide about the
/// limits of a normal law.
class LimitSums {
 public:
  void add(const DrawColumn& column, std::size_t draws);
  std::pair<double, double> limits() const;

 private:
  double limit(double q) const;
  Sameness same_;
  std::uint64_t draws_ = 0;
  double middle_ = 0, unit_ = 1;
  Histogram counts_{scalar_fraction_bits};
};

/// Mean, error and middle 95%.
struct AmountSums {
  MeanSums mean;
  LimitSums limits;
};

/// E[A]/E[B] with its delta-method error. Kept are sums of B and of A - R B, R being the first part's ratio, so that
/// nothing is lost where A is nearly R B.
class RatioSums {
 public:
  void add(const DrawColumn& numerator, const DrawColumn& denominator, std::size_t draws);
  bool varies() const { return numerator_same_.varies() || denominator_same_.varies(); }
  statistics::RatioOfMeans result() const;
  double sets = 0;  // as of a mean

 private:
  Sameness numerator_same_, denominator_same_;
  bool by_draw_ = true;
  double draws_ = 0, numerator_ = 0, denominator_ = 0, first_ratio_ = 0;
  double rest_squares_ = 0, rest_products_ = 0, denominator_squares_ = 0;
};

/// Limits of a ratio by draw, where every denominator is above nought.
struct RatioLimitSums {
  bool all_above = true;
  LimitSums limits;
};

/// In how many draws something holds.
struct CountSums {
  std::int64_t count = 0, draws = 0;
  Sameness same;    // of the quantity that is held against nought
  double sets = 0;  // as of a mean
};

/// Which arm is best at what one averted may be worth.
struct AcceptabilitySums {
  std::optional<statistics::ThresholdTally> tally;
  std::vector<double> sets;  // as of a mean, by worth
};

}  // namespace desist
