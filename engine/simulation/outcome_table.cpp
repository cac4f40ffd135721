#include "engine/simulation/outcome_table.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"
#include "engine/simulation/folding.hpp"

namespace desist {
namespace {

Moments moments_of(const DrawMoments& folded, std::size_t column) {
  Moments moments;
  const double draws = folded.means.count.at(column);
  if (draws == 0) {
    moments.mean = missing;
    return moments;
  }
  moments.draws = static_cast<std::uint64_t>(draws);
  moments.values = static_cast<std::uint64_t>(folded.values[column]);
  moments.mean = folded.means.mean[column];
  moments.between = draws > 1 ? folded.means.m2[column] / (draws - 1) : 0;
  if (const double split = folded.split[column]; split > 0) {
    moments.within = folded.within[column] / split;
    const double squares = folded.within_squares[column] / split;
    moments.within_error =
        split > 1 ? std::sqrt(std::max(0.0, squares - moments.within * moments.within) / (split - 1)) : missing;
  }
  moments.replicates = draws / folded.inverses[column];
  return moments;
}

// The places of the order statistics that give a quantile and its error (mathematics.md 6.5), counted from 1.
struct Orders {
  std::uint64_t value, lower, upper;
  Orders(std::uint64_t values, double q, double effective) {
    const double n = static_cast<double>(values);
    const auto place = [&](double share) {
      return static_cast<std::uint64_t>(std::clamp(std::ceil(n * share), 1.0, n));
    };
    const double error = std::sqrt(q * (1 - q) / effective);
    value = place(q);
    lower = place(q - error);
    upper = place(q + error);
  }
};

double half_distance(double lower, double upper) { return lower == upper ? 0 : (upper - lower) / 2; }

// Independent values that leave the same error: N_eff, and what draws share on top of the variance of a mean share.
double with_shared(double effective, double q, double shared_variance) {
  return 1 / (1 / effective + shared_variance / (q * (1 - q)));
}

QuantileEstimate histogram_quantile(const Histogram& histogram, const DrawMoments& folded, std::size_t column,
                                    std::uint64_t replicates, double q, double shared_variance = 0) {
  const std::uint64_t values = histogram.total();
  if (values == 0) return {missing, missing, 0};
  const double draws = folded.means.count[column];
  const double effective = replicates == 1 || draws < 2 ? static_cast<double>(values) : draws;
  const Orders orders(values, q, with_shared(effective, q, shared_variance));
  const int bits = histogram.fraction_bits();
  const BucketCode code = histogram.at_order(orders.value);
  return {bucket_value(code, bits),
          half_distance(bucket_value(histogram.at_order(orders.lower), bits),
                        bucket_value(histogram.at_order(orders.upper), bits)),
          bucket_width(code, bits)};
}

// The share of each draw's values up to a limit; draws without a value are left out.
std::vector<double> shares_of_draws(const std::vector<double>& values, std::uint64_t replicates, double limit) {
  std::vector<double> shares;
  for (std::size_t first = 0; first < values.size(); first += replicates) {
    double have = 0;
    double below = 0;
    for (std::size_t i = first; i < std::min<std::size_t>(values.size(), first + replicates); ++i) {
      have += std::isnan(values[i]) ? 0 : 1;
      below += values[i] <= limit ? 1 : 0;
    }
    if (have > 0) shares.push_back(below / have);
  }
  return shares;
}

// N_eff = p (1 - p) / Var(mean of p_d) with p_d the share of draw d at or below the value; between 1 and N.
double effective_number(const std::vector<double>& values, std::uint64_t replicates, double limit,
                        std::uint64_t number) {
  ColumnMoments spread;
  spread.reset(1);
  ColumnMoments one;
  one.reset(1);
  for (const double share : shares_of_draws(values, replicates, limit)) {
    one.count[0] = 1;
    one.mean[0] = share;
    spread.merge(one);
  }
  const double n = static_cast<double>(number);
  const double draws = spread.count[0];
  if (draws < 2 || spread.m2[0] == 0) return n;
  const double p = spread.mean[0];
  const double variance_of_mean = spread.m2[0] / (draws - 1) / draws;
  return std::clamp(p * (1 - p) / variance_of_mean, 1.0, n);
}

QuantileEstimate exact_quantile(const std::vector<double>& values, std::uint64_t replicates, double q,
                                double shared_variance = 0) {
  std::vector<double> sorted;
  sorted.reserve(values.size());
  for (const double value : values)
    if (!std::isnan(value)) sorted.push_back(value);
  if (sorted.empty()) return {missing, missing, 0};
  std::sort(sorted.begin(), sorted.end());
  const std::uint64_t n = sorted.size();
  const double value = sorted[Orders(n, q, 1).value - 1];
  const double effective = effective_number(values, replicates, value, n);
  const Orders orders(n, q, with_shared(effective, q, shared_variance));
  return {value, half_distance(sorted[orders.lower - 1], sorted[orders.upper - 1]), 0};
}

void check_quantile(const Arm& arm, double q) {
  if (!(q > 0 && q < 1)) throw std::invalid_argument("a quantile lies between 0 and 1");
  if (arm.variant) throw std::invalid_argument("the variant '" + arm.name + "' keeps no quantiles");
}

}  // namespace

double Moments::standard_error() const {
  if (draws > 1) return std::sqrt(between / static_cast<double>(draws));
  return values > 1 ? std::sqrt(within / static_cast<double>(values)) : missing;
}
double Moments::parameter_variance() const { return std::max(0.0, between - within / replicates); }
double Moments::total_variance() const { return parameter_variance() + within; }

std::uint64_t OutcomeTable::draws() const { return data_->draws; }
std::uint64_t OutcomeTable::replicates_per_draw() const { return data_->plan.replicates_per_draw; }
bool OutcomeTable::complete() const { return data_->complete; }
const std::vector<Arm>& OutcomeTable::arms() const { return data_->arms; }
const std::vector<OutcomeField>& OutcomeTable::outcome_fields() const { return data_->outcome_fields; }
const std::vector<OutcomeSlot>& OutcomeTable::outcomes() const { return data_->slots; }
const std::vector<SeriesField>& OutcomeTable::series() const { return data_->series; }
std::size_t OutcomeTable::weeks() const { return data_->weeks; }

Moments OutcomeTable::moments(std::size_t arm, std::size_t outcome) const {
  return moments_of(data_->folds.at(arm).moments[of_outcomes], outcome);
}

Moments OutcomeTable::difference(std::size_t arm, std::size_t outcome) const {
  return moments_of(data_->folds.at(arm).moments[of_differences], outcome);
}

Moments OutcomeTable::series_moments(std::size_t arm, std::size_t series, std::size_t week) const {
  if (series >= data_->series.size() || week < 1 || week > data_->weeks)
    throw std::out_of_range("no such week of a series");
  return moments_of(data_->folds.at(arm).moments[of_series], series * data_->weeks + week - 1);
}

QuantileEstimate OutcomeTable::quantile(std::size_t arm, std::size_t outcome, double q, double shared_variance) const {
  check_quantile(data_->arms.at(arm), q);
  const ArmFold& fold = data_->folds[arm];
  if (!fold.values.empty()) return exact_quantile(fold.values.at(outcome), replicates_per_draw(), q, shared_variance);
  return histogram_quantile(fold.histograms[of_outcomes].at(outcome), fold.moments[of_outcomes], outcome,
                            replicates_per_draw(), q, shared_variance);
}

std::vector<double> OutcomeTable::shares_up_to(std::size_t arm, std::size_t outcome, double limit) const {
  const ArmFold& fold = data_->folds.at(arm);
  if (fold.values.empty()) return {};
  std::vector<double> shares = shares_of_draws(fold.values.at(outcome), replicates_per_draw(), limit);
  return shares.size() == draws() ? shares : std::vector<double>();
}

QuantileEstimate OutcomeTable::difference_quantile(std::size_t arm, std::size_t outcome, double q) const {
  check_quantile(data_->arms.at(arm), q);
  const ArmFold& fold = data_->folds[arm];
  if (!fold.values.empty()) {
    std::vector<double> differences = fold.values.at(outcome);
    const std::vector<double>& comparator = data_->folds.front().values[outcome];
    for (std::size_t i = 0; i < differences.size(); ++i)
      differences[i] = difference_of_sums(differences[i], comparator[i]);
    return exact_quantile(differences, replicates_per_draw(), q);
  }
  if (arm == 0) throw std::invalid_argument("the comparator does not differ from itself");
  return histogram_quantile(fold.histograms[of_differences].at(outcome), fold.moments[of_differences], outcome,
                            replicates_per_draw(), q);
}

QuantileEstimate OutcomeTable::series_quantile(std::size_t arm, std::size_t series, std::size_t week, double q) const {
  check_quantile(data_->arms.at(arm), q);
  if (series >= data_->series.size() || week < 1 || week > data_->weeks)
    throw std::out_of_range("no such week of a series");
  const ArmFold& fold = data_->folds[arm];
  const std::size_t column = series * data_->weeks + week - 1;
  return histogram_quantile(fold.histograms[of_series][column], fold.moments[of_series], column, replicates_per_draw(),
                            q);
}

std::span<const double> OutcomeTable::draw_means(std::size_t arm, std::size_t outcome) const {
  const auto& means = data_->folds.at(arm).draw_means;
  return means.empty() ? std::span<const double>() : std::span<const double>(means.at(outcome));
}

std::string OutcomeTable::bytes() const {
  ByteWriter out;
  data_->write(out);
  return out.bytes();
}

}  // namespace desist
