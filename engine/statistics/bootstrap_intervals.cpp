#include "engine/statistics/bootstrap_intervals.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/normal.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {

namespace {

double density(double z) { return 0.39894228040143267794 * std::exp(-z * z / 2); }

/// Between neighbours; equal ones may be infinite.
double between(double low, double high, double share) {
  return low == high || share <= 0 ? low : low + share * (high - low);
}

struct Sample {
  std::vector<double> sorted;
  double observed;
  double below;  // share, by the rule for ties

  double at(double p, QuantileRule rule) const { return quantile_of_sorted(sorted, p, rule); }
  /// Half the distance between the quantiles one error of the level away.
  double error_at(double level, double variance) const {
    const double reach = std::sqrt(std::max(0.0, variance) / real(sorted.size()));
    const double edge = 0.5 / real(sorted.size());
    const double low = at(std::max(edge, level - reach), QuantileRule::type7);
    const double high = at(std::min(1 - edge, level + reach), QuantileRule::type7);
    return low == high ? 0 : (high - low) / 2;
  }
};

/// Whether both levels lie between the outermost order statistics, which stand for 1/(R + 1) and R/(R + 1).
bool reached(const std::array<double, 2>& levels, std::size_t replicates) {
  const double least = 1 / (real(replicates) + 1);
  return levels[0] >= least * (1 - 1e-9) && levels[1] <= 1 - least * (1 - 1e-9);
}

BootstrapInterval refused(BootstrapProblem problem) {
  BootstrapInterval none;
  none.problem = problem;
  return none;
}

BootstrapInterval by_levels(const Sample& sample, const std::array<double, 2>& levels, QuantileRule rule) {
  if (!reached(levels, sample.sorted.size())) return refused(BootstrapProblem::too_few_replicates);
  BootstrapInterval found;
  found.levels = levels;
  found.limits = {sample.at(levels[0], rule), sample.at(levels[1], rule)};
  for (std::size_t i = 0; i < 2; ++i)
    found.monte_carlo_error[i] = sample.error_at(levels[i], levels[i] * (1 - levels[i]));
  return found;
}

BootstrapInterval accelerated(const Sample& sample, const BootstrapSummary& summary, const BootstrapMethod& method) {
  if (!summary.bias_correction) return refused(BootstrapProblem::all_on_one_side);
  if (!summary.acceleration) return refused(BootstrapProblem::no_acceleration);
  const double z0 = *summary.bias_correction;
  const double a = *summary.acceleration;
  const double reach = two_sided_z(method.confidence);
  std::array<double, 2> levels{};
  std::array<double, 2> variances{};
  for (std::size_t i = 0; i < 2; ++i) {
    const double z = z0 + (i == 0 ? -reach : reach);
    const double stretch = 1 - a * z;
    if (!(stretch > 0)) return refused(BootstrapProblem::acceleration_too_large);
    const double adjusted_z = z0 + z / stretch;
    const double level = normal_cdf(adjusted_z);
    const double gain = density(adjusted_z) * (1 + 1 / (stretch * stretch)) / density(z0);
    const double p = sample.below;
    levels[i] = level;
    variances[i] = gain * gain * p * (1 - p) + level * (1 - level) - 2 * gain * (std::min(p, level) - p * level);
  }
  BootstrapInterval found = by_levels(sample, levels, method.quantiles);
  if (found.given())
    for (std::size_t i = 0; i < 2; ++i) found.monte_carlo_error[i] = sample.error_at(levels[i], variances[i]);
  return found;
}

void add_jackknife(BootstrapSummary& summary, const BootstrapReplicates& found) {
  const std::vector<double>& values = found.left_out;
  if (values.size() < 2 || !std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); }))
    return;
  double mean = 0;
  for (const double v : values) mean += v;
  mean /= real(values.size());
  double squares = 0, cubes = 0;
  for (const double v : values) {
    const double d = mean - v;
    squares += d * d;
    cubes += d * d * d;
  }
  const double n = real(values.size());
  summary.jackknife_error = std::sqrt((n - 1) / n * squares);
  summary.jackknife_bias = (n - 1) * (mean - found.observed);
  if (squares > 0) summary.acceleration = cubes / (6 * std::pow(squares, 1.5));
}

}  // namespace

std::string_view bootstrap_problem_words(BootstrapProblem problem) {
  switch (problem) {
    case BootstrapProblem::none:
      return "nothing is wrong";
    case BootstrapProblem::too_few_replicates:
      return "too few resamples reach beyond the limit";
    case BootstrapProblem::undefined_statistic:
      return "the statistic is undefined in the data or in a resample";
    case BootstrapProblem::unbounded_replicates:
      return "the statistic is infinite in a resample";
    case BootstrapProblem::no_scatter:
      return "the statistic is the same in every resample";
    case BootstrapProblem::all_on_one_side:
      return "every resample is on one side of what was observed";
    case BootstrapProblem::no_acceleration:
      return "the statistic without one row is undefined or always the same";
    case BootstrapProblem::acceleration_too_large:
      return "the statistic is too skewed for the correction";
  }
  return "";
}

double quantile_of_sorted(std::span<const double> sorted, double p, QuantileRule rule) {
  const std::size_t count = sorted.size();
  const double position = rule == QuantileRule::type7 ? 1 + (real(count) - 1) * p : (real(count) + 1) * p;
  // R's quantile gives a position within 4 epsilon of a whole number to that number; boot.ci within 1e-12.
  const double slack = rule == QuantileRule::normal_scale ? 1e-12 : 4 * std::numeric_limits<double>::epsilon();
  const double whole = std::floor(position + slack);
  if (whole < 1) return sorted.front();
  if (whole >= real(count)) return sorted.back();
  const auto k = static_cast<std::size_t>(whole);
  const double share = position - whole;
  if (std::abs(share) < slack) return sorted[k - 1];
  if (rule != QuantileRule::normal_scale) return between(sorted[k - 1], sorted[k], share);
  const double low = normal_quantile(whole / (real(count) + 1));
  const double high = normal_quantile((whole + 1) / (real(count) + 1));
  return between(sorted[k - 1], sorted[k], (normal_quantile(p) - low) / (high - low));
}

BootstrapSummary intervals(const BootstrapReplicates& found, const BootstrapMethod& method) {
  BootstrapSummary s;
  s.replicates = found.replicates.size();
  double sum = 0;
  for (const double t : found.replicates) {
    if (std::isnan(t)) {
      ++s.undefined;
      continue;
    }
    if (std::isinf(t)) ++s.unbounded;
    if (t < found.observed) ++s.below;
    if (t == found.observed) ++s.equal;
    sum += t;
  }
  const auto refuse_all = [&s](BootstrapProblem problem) {
    s.normal = s.percentile = s.basic = s.bca = refused(problem);
    return s;
  };
  if (s.undefined > 0 || std::isnan(found.observed)) return refuse_all(BootstrapProblem::undefined_statistic);
  if (s.replicates < 2) return refuse_all(BootstrapProblem::too_few_replicates);
  if (std::isfinite(found.observed)) add_jackknife(s, found);
  const double count = real(s.replicates);
  if (s.unbounded == 0) {
    s.mean = sum / count;
    s.bias = *s.mean - found.observed;
    double squares = 0;
    for (const double t : found.replicates) squares += (t - *s.mean) * (t - *s.mean);
    s.error = std::sqrt(squares / (count - 1));
    s.error_mc_error = *s.error / std::sqrt(2 * (count - 1));
  }
  Sample sample{found.replicates, found.observed, 0};
  std::sort(sample.sorted.begin(), sample.sorted.end());
  if (sample.sorted.front() == sample.sorted.back()) return refuse_all(BootstrapProblem::no_scatter);
  sample.below = (real(s.below) + (method.ties == ObservedTies::half_below ? real(s.equal) / 2 : 0)) / count;
  if (sample.below > 0 && sample.below < 1) s.bias_correction = normal_quantile(sample.below);

  const double beyond = (1 - method.confidence) / 2;
  s.percentile = by_levels(sample, {beyond, 1 - beyond}, method.quantiles);
  s.basic = s.percentile;
  if (s.basic.given()) {
    s.basic.limits = {2 * found.observed - s.percentile.limits.high, 2 * found.observed - s.percentile.limits.low};
    s.basic.levels = {s.percentile.levels[1], s.percentile.levels[0]};
    std::swap(s.basic.monte_carlo_error[0], s.basic.monte_carlo_error[1]);
  }
  if (!s.error || !std::isfinite(found.observed)) {
    s.normal = refused(BootstrapProblem::unbounded_replicates);
  } else {
    const double z = two_sided_z(method.confidence);
    const double centre = found.observed - *s.bias;
    s.normal.limits = {centre - z * *s.error, centre + z * *s.error};
    s.normal.levels = {beyond, 1 - beyond};
    const double end = std::hypot(*s.error / std::sqrt(count), z * *s.error_mc_error);
    s.normal.monte_carlo_error = {end, end};
  }
  s.bca = accelerated(sample, s, method);
  return s;
}

}  // namespace desist::statistics
