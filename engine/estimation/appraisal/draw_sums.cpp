#include "engine/estimation/appraisal/draw_sums.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

double column_mean(const DrawColumn& column, std::size_t draws) {
  const double first = column[0];
  if (!column.varies()) return first;
  double sum = 0;
  for (std::size_t d = 0; d < draws; ++d) sum += column[d] - first;
  return first + sum / static_cast<double>(draws);
}

double squares_about(double mean, const DrawColumn& column, std::size_t draws) {
  if (!column.varies()) return 0;
  double squares = 0;
  for (std::size_t d = 0; d < draws; ++d) squares += (column[d] - mean) * (column[d] - mean);
  return squares;
}

double plain_mean(const DrawColumn& column, std::size_t draws) {
  double sum = 0;
  for (std::size_t d = 0; d < draws; ++d) sum += column[d];
  return sum / static_cast<double>(draws);
}

}  // namespace

bool is_above_nought(const DrawColumn& column, std::size_t draws) {
  for (std::size_t d = 0; d < (column.varies() ? draws : 1); ++d)
    if (!(column[d] > 0)) return false;
  return true;
}

void MeanSums::add(const DrawColumn& column, std::size_t draws) {
  same_.add(column);
  const auto more = static_cast<double>(draws);
  const double mean = column_mean(column, draws), step = mean - mean_;
  squares_ += squares_about(mean, column, draws) + step * step * draws_ * more / (draws_ + more);
  mean_ = draws_ > 0 ? mean_ + step * more / (draws_ + more) : mean;
  draws_ += more;
}

double MeanSums::error() const { return same_.varies() ? std::sqrt(squares_ / (draws_ - 1) / draws_) : 0; }

void LimitSums::add(const DrawColumn& column, std::size_t draws) {
  same_.add(column);
  if (draws_ == 0) {
    const double mean = column_mean(column, draws);
    const double sd = std::sqrt(squares_about(mean, column, draws) / static_cast<double>(draws));
    if (std::isfinite(mean)) middle_ = mean;
    if (std::isfinite(sd) && sd > 0) unit_ = sd;
  }
  for (std::size_t d = 0; d < draws; ++d) counts_.add(bucket_code<scalar_fraction_bits>((column[d] - middle_) / unit_));
  draws_ += draws;
}

double LimitSums::limit(double q) const {
  const BucketCode code = counts_.at_order(order_place(q, counts_.total()) + 1);
  return middle_ + unit_ * bucket_value(code, scalar_fraction_bits);
}

std::pair<double, double> LimitSums::limits() const {
  if (!same_.varies()) return {middle_, middle_};
  return {limit(0.025), limit(0.975)};
}

void RatioSums::add(const DrawColumn& numerator, const DrawColumn& denominator, std::size_t draws) {
  numerator_same_.add(numerator);
  denominator_same_.add(denominator);
  by_draw_ = by_draw_ && is_above_nought(denominator, draws);
  const auto more = static_cast<double>(draws);
  const double above = plain_mean(numerator, draws), below = plain_mean(denominator, draws);
  if (draws_ == 0 && below > 0) first_ratio_ = above / below;
  double squares = 0, products = 0, below_squares = 0;  // about the part's own means
  for (std::size_t d = 0; d < draws; ++d) {
    const double off = denominator[d] - below;
    const double rest = (numerator[d] - above) - first_ratio_ * off;
    squares += rest * rest;
    products += rest * off;
    below_squares += off * off;
  }
  const double step = below - denominator_, step_of_rest = (above - numerator_) - first_ratio_ * step;
  const double both = draws_ * more / (draws_ + more);
  rest_squares_ += squares + both * step_of_rest * step_of_rest;
  rest_products_ += products + both * step_of_rest * step;
  denominator_squares_ += below_squares + both * step * step;
  numerator_ = draws_ > 0 ? numerator_ + (above - numerator_) * more / (draws_ + more) : above;
  denominator_ = draws_ > 0 ? denominator_ + step * more / (draws_ + more) : below;
  draws_ += more;
}

statistics::RatioOfMeans RatioSums::result() const {
  statistics::RatioOfMeans found;
  found.numerator = numerator_;
  found.denominator = denominator_;
  found.by_draw = by_draw_;
  if (!(denominator_ > 0)) return found;
  found.ratio = numerator_ / denominator_;
  const double moved = *found.ratio - first_ratio_;  // a - R b = (a - R_1 b) - (R - R_1) b
  const double squares = rest_squares_ - 2 * moved * rest_products_ + moved * moved * denominator_squares_;
  found.error = std::sqrt(std::max(0.0, squares) / (draws_ - 1) / draws_) / denominator_;
  return found;
}

}  // namespace desist
