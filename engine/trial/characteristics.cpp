#include "engine/trial/characteristics.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist {
namespace {

Characteristic share(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return {missing, missing};
  const double n = static_cast<double>(of), p = static_cast<double>(count) / n;
  return {p, std::sqrt(p * (1 - p) / n)};
}

Characteristic mean(double sum, double squares, std::uint64_t of) {
  if (of == 0) return {missing, missing};
  const double n = static_cast<double>(of), m = sum / n;
  if (of == 1) return {m, missing};
  return {m, std::sqrt(std::max(0.0, squares - n * m * m) / (n - 1) / n)};
}

statistics::Interval wilson_limits(std::uint64_t count, std::uint64_t of) {
  if (of == 0) return {missing, missing};
  return statistics::wilson({static_cast<std::int64_t>(count), static_cast<std::int64_t>(of)});
}

}  // namespace

void TrialTally::add(const TrialEstimate& one, double truth, double alpha) {
  ++trials;
  if (!one.found) return;
  ++found;
  const double e = one.estimate - truth;
  double power = 1;
  for (double& sum : power_sums) {
    sum += power;
    power *= e;
  }
  covered += one.covers ? 1 : 0;
  if (one.p > alpha) return;
  ++shown;
  wrong_sign += one.estimate * truth < 0 ? 1 : 0;
  size_shown += std::abs(one.estimate);
  size_shown_squared += one.estimate * one.estimate;
}

void TrialTally::add_own(const TrialEstimate& one, double truth, double own_less_truth, const OwnLives& lives) {
  ++own;
  own_people += lives.people;
  own_control += lives.control;
  own_treated += lives.treated;
  own_sums[0] += 1;
  own_sums[1] += own_less_truth;
  own_sums[2] += own_less_truth * own_less_truth;
  if (!one.found) return;
  ++own_found;
  own_l += own_less_truth;
  own_e += one.estimate - truth;
  own_le += own_less_truth * (one.estimate - truth);
}

void TrialTally::add(const TrialTally& other) {
  own += other.own;
  own_found += other.own_found;
  own_people += other.own_people;
  own_control += other.own_control;
  own_treated += other.own_treated;
  for (std::size_t k = 0; k < own_sums.size(); ++k) own_sums[k] += other.own_sums[k];
  own_l += other.own_l;
  own_e += other.own_e;
  own_le += other.own_le;
  trials += other.trials;
  found += other.found;
  covered += other.covered;
  shown += other.shown;
  wrong_sign += other.wrong_sign;
  for (std::size_t k = 0; k < power_sums.size(); ++k) power_sums[k] += other.power_sums[k];
  size_shown += other.size_shown;
  size_shown_squared += other.size_shown_squared;
  compared += other.compared;
  gains += other.gains;
  losses += other.losses;
  stops.resize(std::max(stops.size(), other.stops.size()), 0);
  for (std::size_t k = 0; k < other.stops.size(); ++k) stops[k] += other.stops[k];
  people_sum += other.people_sum;
  people_squares += other.people_squares;
  stop_sum += other.stop_sum;
  stop_squares += other.stop_squares;
  stop_found += other.stop_found;
}

TrialSize size_of(const TrialTally& tally, std::size_t people, double truth, double truth_error) {
  TrialSize size;
  size.people = people;
  size.trials = tally.trials;
  size.without_number = tally.trials - tally.found;
  const auto& s = tally.power_sums;
  const double n = static_cast<double>(tally.found);
  const Characteristic error = mean(s[1], s[2], tally.found);
  size.mean = {truth + error.value, error.error};
  size.bias = {error.value, std::hypot(error.error, truth_error)};
  const double sd = error.error * std::sqrt(n);
  size.empirical_error = {sd, n > 1 ? sd / std::sqrt(2 * (n - 1)) : missing};
  size.squared_error = mean(s[2], s[4], tally.found);
  size.coverage = share(tally.covered, tally.found);
  size.power = share(tally.shown, tally.trials);
  size.power_limits = wilson_limits(tally.shown, tally.trials);
  size.shown = tally.shown;
  size.wrong_sign = size.exaggeration = {missing, missing};
  if (truth != 0) {
    size.wrong_sign = share(tally.wrong_sign, tally.shown);
    const Characteristic shown = mean(tally.size_shown, tally.size_shown_squared, tally.shown);
    // Delta method: the truth has an error of its own.
    const double ratio = shown.value / std::abs(truth);
    size.exaggeration = {ratio, std::hypot(shown.error / truth, ratio * truth_error / truth)};
  }
  if (tally.compared > 0) {  // a mean of 1, 0 and -1 (mathematics.md 6.5: discordant pairs)
    const double pairs = static_cast<double>(tally.compared);
    const double more = static_cast<double>(tally.gains) / pairs, fewer = static_cast<double>(tally.losses) / pairs;
    size.gain = Characteristic{more - fewer, std::sqrt((more + fewer - (more - fewer) * (more - fewer)) / pairs)};
  }
  size.power_with_looks = size.people_with_looks = size.bias_with_looks = {missing, missing};
  if (tally.stops.empty()) return size;
  std::uint64_t stopped = 0;
  for (const std::uint64_t count : tally.stops) {
    stopped += count;
    size.stops.push_back(static_cast<double>(count) / static_cast<double>(tally.trials));
  }
  size.power_with_looks = share(stopped, tally.trials);
  size.people_with_looks = mean(tally.people_sum, tally.people_squares, tally.trials);
  size.bias_with_looks = mean(tally.stop_sum, tally.stop_squares, tally.stop_found);
  size.bias_with_looks.error = std::hypot(size.bias_with_looks.error, truth_error);
  return size;
}

KnownTruth with_own_people(const KnownTruth& truth, const TrialTally& tally) {
  if (tally.own < 2) return truth;
  const Characteristic own = mean(tally.own_sums[1], tally.own_sums[2], tally.own);
  KnownTruth all = truth;
  all.people = truth.people + tally.own_people;
  all.weight = tally.own_people / all.people;
  all.value = truth.first + all.weight * own.value;
  const auto trials = static_cast<double>(tally.own);
  all.control = (1 - all.weight) * truth.control + all.weight * tally.own_control / trials;
  all.treated = (1 - all.weight) * truth.treated + all.weight * tally.own_treated / trials;
  all.error = std::hypot((1 - all.weight) * truth.error, all.weight * own.error);
  return all;
}

TrialSize size_of(const TrialTally& tally, std::size_t people, const KnownTruth& truth) {
  TrialSize size = size_of(tally, people, truth.value, truth.error);
  // The tally is of distances from where the truth was first taken to be.
  const double off = truth.value - truth.first;
  size.mean.value = truth.first + size.bias.value;
  size.bias.value -= off;
  size.bias_with_looks.value -= off;
  size.squared_error.value += off * off - 2 * off * (size.bias.value + off);
  if (tally.own_found < 2) return size;
  const double m = static_cast<double>(tally.own_found), found = static_cast<double>(tally.found);
  const double covariance = (tally.own_le - tally.own_l * tally.own_e / m) / (m - 1);
  const double shared = m / static_cast<double>(tally.own) / found;
  const double variance = size.bias.error * size.bias.error - 2 * truth.weight * covariance * shared;
  size.bias.error = std::sqrt(std::max(0.0, variance));
  return size;
}

void add_assurance(const TrialTally& over_draws, TrialSize& size) {
  size.assurance = share(over_draws.shown, over_draws.trials);
  size.assurance_limits = wilson_limits(over_draws.shown, over_draws.trials);
  size.against = share(over_draws.wrong_sign, over_draws.trials);
}

std::optional<std::size_t> people_for_power(std::span<const TriedPower> tried, double wanted, std::size_t most) {
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  std::size_t used = 0;
  for (const TriedPower& each : tried) {
    const double r = static_cast<double>(each.trials);
    const double p = std::clamp(each.power, 0.5 / r, 1 - 0.5 / r);
    const double z = statistics::normal_quantile(p);
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
    const double weight = r * density * density / (p * (1 - p));
    const double x = std::sqrt(each.people);
    w += weight;
    wx += weight * x;
    wy += weight * z;
    wxx += weight * x * x;
    wxy += weight * x * z;
    ++used;
  }
  const double determinant = w * wxx - wx * wx;
  if (used < 2 || !(determinant > 0)) return std::nullopt;
  const double slope = (w * wxy - wx * wy) / determinant, start = (wy - slope * wx) / w;
  if (!(slope > 0)) return std::nullopt;
  const double reach = statistics::two_sided_z(0.95), target = statistics::normal_quantile(wanted);
  const auto lower = [&](std::size_t people) {
    const double x = std::sqrt(static_cast<double>(people));
    const double variance = (wxx - 2 * x * wx + x * x * w) / determinant;
    return start + slope * x - reach * std::sqrt(std::max(0.0, variance));
  };
  if (!(lower(most) >= target)) return std::nullopt;
  // A line less the root of a square plus a constant: concave, so those who reach the target are one stretch, up to
  // most.
  std::size_t low = 1, high = most;
  while (low < high) {
    const std::size_t middle = (low + high) / 2;
    if (lower(middle) >= target)
      high = middle;
    else
      low = middle + 1;
  }
  return high;
}

}  // namespace desist
