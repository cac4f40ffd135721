// Moments of many columns at once, folded row by row: within each draw, and over draws (mathematics.md 6.1, 6.4).
//
// Rows are folded, not columns: the row of a replicate is in the cache when it has just been written, and one loop over
// its columns is a loop that compilers vectorise. NaN is nothing to measure and is left out, column by column.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/simulation/bytes.hpp"

namespace desist {

/// Count, mean and sum of squared deviations of each column.
struct ColumnMoments {
  std::vector<double> count;
  std::vector<double> mean;
  std::vector<double> m2;

  void reset(std::size_t columns);
  /// Chan, Golub & LeVeque (1983), equations 1.5: the result depends on the order of merging, which is that of chunks.
  void merge(const ColumnMoments& other);
};

/// What draws leave of each column: the spread of their means x_d, and sums of what they are made of.
struct DrawMoments {
  ColumnMoments means;                 // of x_d, over draws with a value
  std::vector<double> within;          // sum of the within-draw variances s2_d, over draws with two values or more
  std::vector<double> within_squares;  // sum of s2_d squared
  std::vector<double> split;           // number of those draws
  std::vector<double> inverses;        // sum of 1 / (values of the draw)
  std::vector<double> values;          // sum of the values of the draws

  void reset(std::size_t columns);
  void merge(const DrawMoments& other);
  /// Adds one draw, whose replicates' spread is given.
  void add_draw(const ColumnMoments& replicates);

  void write(ByteWriter& out) const;
  void read(ByteReader& in);
};

/// Folds the rows of one chunk. Sums are taken about the first number of each column in the chunk, so that subtracting
/// them loses no digits that matter: the pivot is a value of the very law whose variance is wanted.
/// Verified by: simulate_test equals_a_second_computation_from_the_raw_stream.
class RowFolder {
 public:
  /// Starts a chunk; `rows` is row-major with `columns` numbers a row.
  void start(const double* rows, std::size_t row_count, std::size_t columns);
  /// Folds the next `replicates` rows as one draw; its means go to `draw_means` (one a column) unless that is null.
  void fold_draw(std::size_t replicates, double* draw_means);
  /// The draws folded since `start`.
  void finish(DrawMoments& result) const;
  /// Folds all rows as replicates of one draw.
  void finish_slice(ColumnMoments& result);

 private:
  void add_rows(std::size_t count);

  const double* rows_ = nullptr;
  std::size_t row_count_ = 0;
  std::size_t columns_ = 0;
  std::vector<double> pivot_;
  std::vector<double> count_, sum_, squares_;              // of the present draw, about the pivot
  std::vector<double> draws_, draws_sum_, draws_squares_;  // of the draw means, about the pivot
  std::vector<double> within_, within_squares_, split_, inverses_, values_;
};

}  // namespace desist
