#include "engine/simulation/moments.hpp"

#include <algorithm>

#include "engine/core/limits.hpp"

namespace desist {

void ColumnMoments::reset(std::size_t columns) {
  count.assign(columns, 0.0);
  mean.assign(columns, 0.0);
  m2.assign(columns, 0.0);
}

void ColumnMoments::merge(const ColumnMoments& other) {
  for (std::size_t c = 0; c < count.size(); ++c) {
    const double added = other.count[c];
    if (added == 0) continue;
    const double total = count[c] + added;
    const double apart = other.mean[c] - mean[c];
    mean[c] += apart * (added / total);
    m2[c] += other.m2[c] + apart * apart * (count[c] * (added / total));
    count[c] = total;
  }
}

void DrawMoments::reset(std::size_t columns) {
  means.reset(columns);
  for (auto* sums : {&within, &within_squares, &split, &inverses, &values}) sums->assign(columns, 0.0);
}

void DrawMoments::merge(const DrawMoments& other) {
  means.merge(other.means);
  for (std::size_t c = 0; c < within.size(); ++c) {
    within[c] += other.within[c];
    within_squares[c] += other.within_squares[c];
    split[c] += other.split[c];
    inverses[c] += other.inverses[c];
    values[c] += other.values[c];
  }
}

void DrawMoments::add_draw(const ColumnMoments& replicates) {
  DrawMoments one;
  const std::size_t columns = replicates.count.size();
  one.reset(columns);
  one.means.mean = replicates.mean;
  for (std::size_t c = 0; c < columns; ++c) {
    const double n = replicates.count[c];
    if (n == 0) continue;
    one.means.count[c] = 1;
    one.values[c] = n;
    one.inverses[c] = 1 / n;
    if (n < 2) continue;
    one.split[c] = 1;
    one.within[c] = replicates.m2[c] / (n - 1);
    one.within_squares[c] = one.within[c] * one.within[c];
  }
  merge(one);
}

void DrawMoments::write(ByteWriter& out) const {
  for (const auto* part : {&means.count, &means.mean, &means.m2, &within, &within_squares, &split, &inverses, &values})
    out.put(*part);
}

void DrawMoments::read(ByteReader& in) {
  for (auto* part : {&means.count, &means.mean, &means.m2, &within, &within_squares, &split, &inverses, &values})
    in.get(*part);
}

void RowFolder::start(const double* rows, std::size_t row_count, std::size_t columns) {
  rows_ = rows;
  row_count_ = row_count;
  columns_ = columns;
  pivot_.assign(columns, 0.0);
  for (std::size_t c = 0; c < columns; ++c) {
    for (std::size_t r = 0; r < row_count; ++r) {
      const double value = rows[r * columns + c];
      if (value == value) {
        pivot_[c] = value;
        break;
      }
    }
  }
  for (auto* sums : {&count_, &sum_, &squares_, &draws_, &draws_sum_, &draws_squares_, &within_, &within_squares_,
                     &split_, &inverses_, &values_})
    sums->assign(columns, 0.0);
}

void RowFolder::add_rows(std::size_t count) {
  const double* __restrict pivot = pivot_.data();
  double* __restrict counts = count_.data();
  double* __restrict sums = sum_.data();
  double* __restrict squares = squares_.data();
  const double* __restrict row = rows_;
  for (std::size_t r = 0; r < count; ++r, row += columns_) {
    for (std::size_t c = 0; c < columns_; ++c) {
      const double value = row[c];
      const double from_pivot = value == value ? value - pivot[c] : 0.0;
      counts[c] += value == value ? 1.0 : 0.0;
      sums[c] += from_pivot;
      squares[c] += from_pivot * from_pivot;
    }
  }
  rows_ = row;
}

void RowFolder::fold_draw(std::size_t replicates, double* draw_means) {
  add_rows(replicates);
  for (std::size_t c = 0; c < columns_; ++c) {
    const double n = count_[c];
    const bool any = n > 0;
    const bool several = n > 1;
    const double inverse = any ? 1 / n : 0.0;
    const double mean = sum_[c] * inverse;  // about the pivot
    if (draw_means != nullptr) draw_means[c] = any ? pivot_[c] + mean : missing;
    const double m2 = squares_[c] - sum_[c] * mean;
    const double s2 = several && m2 > 0 ? m2 / (n - 1) : 0.0;
    within_[c] += s2;
    within_squares_[c] += s2 * s2;
    split_[c] += several ? 1.0 : 0.0;
    draws_[c] += any ? 1.0 : 0.0;
    inverses_[c] += inverse;
    values_[c] += n;
    draws_sum_[c] += mean;
    draws_squares_[c] += mean * mean;
    count_[c] = 0;
    sum_[c] = 0;
    squares_[c] = 0;
  }
}

void RowFolder::finish(DrawMoments& result) const {
  result.reset(columns_);
  for (std::size_t c = 0; c < columns_; ++c) {
    const double n = draws_[c];
    if (n == 0) continue;
    const double mean = draws_sum_[c] / n;
    result.means.count[c] = n;
    result.means.mean[c] = pivot_[c] + mean;
    result.means.m2[c] = std::max(0.0, draws_squares_[c] - draws_sum_[c] * mean);
  }
  result.within = within_;
  result.within_squares = within_squares_;
  result.split = split_;
  result.inverses = inverses_;
  result.values = values_;
}

void RowFolder::finish_slice(ColumnMoments& result) {
  add_rows(row_count_);
  result.reset(columns_);
  for (std::size_t c = 0; c < columns_; ++c) {
    const double n = count_[c];
    if (n == 0) continue;
    const double mean = sum_[c] / n;
    result.count[c] = n;
    result.mean[c] = pivot_[c] + mean;
    result.m2[c] = std::max(0.0, squares_[c] - sum_[c] * mean);
  }
}

}  // namespace desist
