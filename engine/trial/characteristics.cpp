#include "engine/trial/characteristics.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/proportion.hpp"

namespace desist {
namespace {

using Part = TrialTally::Part;
using Weights = TrialTally::Weights;

/// Error of a sum over sets whose weighted sum of parts is 0: sets are independent and alike.
double error_of(const TrialTally& tally, const Weights& weights, double sets) {
  if (sets < 2) return missing;
  return std::sqrt(std::max(0.0, tally.squares_of(weights)) * sets / (sets - 1));
}

/// Of a mean of trials that count in `of`: the sets that have any.
double sets_of(const TrialTally& tally, Part of) {
  return tally.is_by_trial() ? tally.sum(of) : tally.sum(TrialTally::set);
}

Characteristic mean_of(const TrialTally& tally, Part part, Part of) {
  const double n = tally.sum(of);
  if (n == 0) return {missing, missing};
  const double value = tally.sum(part) / n;
  Weights weights{};
  weights[part] = 1 / n;
  weights[of] = -value / n;
  return {value, error_of(tally, weights, sets_of(tally, of))};
}

Characteristic share_of(const TrialTally& tally, Part part, Part of) {
  if (!tally.is_by_trial()) return mean_of(tally, part, of);
  const double n = tally.sum(of), p = tally.sum(part) / n;
  if (n == 0) return {missing, missing};
  return {p, std::sqrt(p * (1 - p) / n)};
}

/// Wilson's limits (1927) of a share of `n` single trials, where n is no whole number.
statistics::Interval wilson_of(double share, double n) {
  const double z = statistics::two_sided_z(0.95), z2 = z * z;
  const double middle = share + z2 / (2 * n), half = z * std::sqrt(share * (1 - share) / n + z2 / (4 * n * n));
  return {std::max(0.0, (middle - half) / (1 + z2 / n)), std::min(1.0, (middle + half) / (1 + z2 / n))};
}

statistics::Interval limits_of(const TrialTally& tally, const Characteristic& share, Part part, Part of) {
  const double n = tally.sum(of);
  if (n == 0) return {missing, missing};
  if (tally.is_by_trial())
    return statistics::wilson({static_cast<std::int64_t>(tally.sum(part)), static_cast<std::int64_t>(n)});
  // Single trials with the same error: no more than there are, no fewer than sets.
  const double single = share.value * (1 - share.value);
  const double worth = share.error > 0 ? single / (share.error * share.error) : 0;
  return wilson_of(share.value, std::clamp(worth, std::min(n, tally.sum(TrialTally::set)), n));
}

}  // namespace

void TrialTally::add(const TrialEstimate& one, double truth, double alpha) {
  now_[trials] += 1;
  if (!one.found) return;
  const double e = one.estimate - truth;
  now_[found] += 1;
  now_[error] += e;
  now_[squared] += e * e;
  now_[covered] += one.covers ? 1 : 0;
  if (one.p > alpha) return;
  now_[shown] += 1;
  now_[wrong_sign] += one.estimate * truth < 0 ? 1 : 0;
  now_[size_shown] += std::abs(one.estimate);
}

void TrialTally::compare(bool shown_here, bool shown_there) {
  now_[compared] += 1;
  now_[gain] += (shown_here ? 1 : 0) - (shown_there ? 1 : 0);
}

void TrialTally::stop(std::size_t looks, std::optional<std::size_t> at, double people_by_then,
                      const TrialEstimate& reported, double truth) {
  stops_now_.resize(looks, 0);
  if (at) {
    stops_now_[*at] += 1;
    now_[stop_shown] += 1;
  }
  now_[people_then] += people_by_then;
  if (!reported.found) return;
  now_[stop_found] += 1;
  now_[stop_error] += reported.estimate - truth;
}

void TrialTally::add_own(double own_less_truth, const OwnLives& lives) {
  now_[own] += 1;
  now_[own_effect] += own_less_truth;
  own_people_ += lives.people;
  own_control_ += lives.control;
  own_treated_ += lives.treated;
}

void TrialTally::end_set() {
  now_[set] = 1;
  for (std::size_t a = 0; a < parts; ++a) {
    sums_[a] += now_[a];
    if (now_[a] == 0) continue;
    for (std::size_t b = 0; b <= a; ++b) products_[place(a, b)] += now_[a] * now_[b];
  }
  now_.fill(0);
  stops_.resize(std::max(stops_.size(), stops_now_.size()), 0);
  stop_squares_.resize(stops_.size(), 0);
  for (std::size_t k = 0; k < stops_now_.size(); ++k) {
    stops_[k] += stops_now_[k];
    stop_squares_[k] += stops_now_[k] * stops_now_[k];
    stops_now_[k] = 0;
  }
}

void TrialTally::add(const TrialTally& other) {
  for (std::size_t a = 0; a < parts; ++a) sums_[a] += other.sums_[a];
  for (std::size_t k = 0; k < products_.size(); ++k) products_[k] += other.products_[k];
  stops_.resize(std::max(stops_.size(), other.stops_.size()), 0);
  stop_squares_.resize(stops_.size(), 0);
  for (std::size_t k = 0; k < other.stops_.size(); ++k) {
    stops_[k] += other.stops_[k];
    stop_squares_[k] += other.stop_squares_[k];
  }
  own_people_ += other.own_people_;
  own_control_ += other.own_control_;
  own_treated_ += other.own_treated_;
}

double TrialTally::squares_of(const Weights& weights) const {
  double sum = 0;
  for (std::size_t a = 0; a < parts; ++a) {
    if (weights[a] == 0) continue;
    for (std::size_t b = 0; b < a; ++b) sum += 2 * weights[a] * weights[b] * products_[place(a, b)];
    sum += weights[a] * weights[a] * products_[place(a, a)];
  }
  return sum;
}

namespace {

/// Standard deviation of the estimates and its error.
Characteristic empirical_error_of(const TrialTally& tally) {
  using enum TrialTally::Part;
  const double n = tally.sum(found);
  if (n < 2) return {missing, missing};
  const double middle = tally.sum(error) / n;
  const double about = std::max(0.0, tally.sum(squared) - n * middle * middle);
  const double sd = std::sqrt(about / (n - 1));
  if (tally.is_by_trial()) return {sd, sd / std::sqrt(2 * (n - 1))};
  // Delta method: of the mean square about the mean.
  Weights weights{};
  weights[squared] = 1 / n;
  weights[error] = -2 * middle / n;
  weights[found] = (middle * middle - about / n) / n;
  return {sd, sd > 0 ? error_of(tally, weights, tally.sum(set)) / (2 * sd) : missing};
}

/// |estimate| of those shown over |truth|, which has an error of its own: delta method.
Characteristic exaggeration_of(const TrialTally& tally, double truth, double truth_error) {
  const Characteristic shown = mean_of(tally, TrialTally::size_shown, TrialTally::shown);
  const double ratio = shown.value / std::abs(truth);
  return {ratio, std::hypot(shown.error / truth, ratio * truth_error / truth)};
}

void add_looks_of(const TrialTally& tally, double truth_error, TrialSize& size) {
  using enum TrialTally::Part;
  const double n = tally.sum(trials), sets = tally.sum(set);
  for (std::size_t k = 0; k < tally.stops().size(); ++k) {
    const double p = tally.stops()[k] / n, a_set = tally.stops()[k] / sets;
    const double spread = tally.stop_squares(k) / sets - a_set * a_set;
    size.stops.push_back({p, std::sqrt(std::max(0.0, spread) / sets) * sets / n});
  }
  size.power_with_looks = share_of(tally, stop_shown, trials);
  size.people_with_looks = mean_of(tally, people_then, trials);
  size.bias_with_looks = mean_of(tally, stop_error, stop_found);
  size.bias_with_looks.error = std::hypot(size.bias_with_looks.error, truth_error);
}

}  // namespace

TrialSize size_of(const TrialTally& tally, std::size_t people, double truth, double truth_error) {
  using enum TrialTally::Part;
  TrialSize size;
  size.people = people;
  size.trials = tally.count(trials);
  size.without_number = size.trials - tally.count(found);
  const Characteristic off = mean_of(tally, error, found);
  size.mean = {truth + off.value, off.error};
  size.bias = {off.value, std::hypot(off.error, truth_error)};
  size.empirical_error = empirical_error_of(tally);
  size.squared_error = mean_of(tally, squared, found);
  size.coverage = share_of(tally, covered, found);
  size.power = share_of(tally, shown, trials);
  size.power_limits = limits_of(tally, size.power, shown, trials);
  size.shown = tally.count(shown);
  size.wrong_sign = size.exaggeration = {missing, missing};
  if (truth != 0) {
    size.wrong_sign = share_of(tally, wrong_sign, shown);
    size.exaggeration = exaggeration_of(tally, truth, truth_error);
  }
  if (tally.sum(compared) > 0) {  // a mean of 1, 0 and -1 (mathematics.md 6.5: discordant pairs)
    const double pairs = tally.sum(compared);
    Characteristic over = mean_of(tally, gain, compared);
    if (tally.is_by_trial()) over.error *= std::sqrt((pairs - 1) / pairs);
    size.gain = over;
  }
  size.power_with_looks = size.people_with_looks = size.bias_with_looks = {missing, missing};
  if (!tally.stops().empty()) add_looks_of(tally, truth_error, size);
  return size;
}

KnownTruth with_own_people(const KnownTruth& truth, const TrialTally& tally) {
  using enum TrialTally::Part;
  const double sets = tally.sum(own);
  if (sets < 2) return truth;
  Weights weights{};
  weights[own_effect] = 1 / sets;
  const double effect = tally.sum(own_effect) / sets;
  weights[own] = -effect / sets;
  KnownTruth all = truth;
  all.people = truth.people + tally.own_people();
  all.weight = tally.own_people() / all.people;
  all.value = truth.first + all.weight * effect;
  all.control = (1 - all.weight) * truth.control + all.weight * tally.own_control() / sets;
  all.treated = (1 - all.weight) * truth.treated + all.weight * tally.own_treated() / sets;
  all.error = std::hypot((1 - all.weight) * truth.error, all.weight * error_of(tally, weights, sets));
  return all;
}

KnownTruth for_other_people(const KnownTruth& truth) {
  KnownTruth same = truth;
  same.first = truth.value;
  same.weight = 0;
  return same;
}

TrialSize size_of(const TrialTally& tally, std::size_t people, const KnownTruth& truth) {
  using enum TrialTally::Part;
  TrialSize size = size_of(tally, people, truth.value, truth.error);
  // The tally is of distances from where the truth was first taken to be.
  const double off = truth.value - truth.first;
  size.mean.value = truth.first + size.bias.value;
  size.bias.value -= off;
  size.bias_with_looks.value -= off;
  size.squared_error.value += off * off - 2 * off * (size.bias.value + off);
  const double n = tally.sum(found), sets = tally.sum(own);
  if (sets < 2 || n < 2 || truth.weight == 0) return size;
  Weights weights{};
  weights[error] = 1 / n;
  weights[found] = -tally.sum(error) / n / n;
  weights[own_effect] = -truth.weight / sets;
  weights[own] = truth.weight * tally.sum(own_effect) / sets / sets;
  // What the truth has besides: (1 - w) T0.
  Weights of_own{};
  of_own[own_effect] = 1 / sets;
  of_own[own] = -tally.sum(own_effect) / sets / sets;
  const double by_own = truth.weight * error_of(tally, of_own, sets);
  const double besides = std::max(0.0, truth.error * truth.error - by_own * by_own);
  const double with = error_of(tally, weights, sets_of(tally, found));
  size.bias.error = std::sqrt(with * with + besides);
  return size;
}

void add_assurance(const TrialTally& over_draws, TrialSize& size) {
  using enum TrialTally::Part;
  size.assurance = share_of(over_draws, shown, trials);
  size.assurance_limits = limits_of(over_draws, *size.assurance, shown, trials);
  size.against = share_of(over_draws, wrong_sign, trials);
}

void PowersTogether::add_set(const std::vector<double>& shown, double trials) {
  sets_ += 1;
  trials_ += trials;
  const std::size_t n = sums_.size();
  for (std::size_t a = 0; a < n; ++a) {
    sums_[a] += shown[a];
    for (std::size_t b = 0; b < n; ++b) products_[a * n + b] += shown[a] * shown[b];
  }
}

void PowersTogether::add(const PowersTogether& other) {
  sets_ += other.sets_;
  trials_ += other.trials_;
  for (std::size_t a = 0; a < sums_.size(); ++a) sums_[a] += other.sums_[a];
  for (std::size_t k = 0; k < products_.size(); ++k) products_[k] += other.products_[k];
}

double PowersTogether::covariance(std::size_t a, std::size_t b) const {
  const double about = products_[a * sums_.size() + b] / sets_ - sums_[a] / sets_ * (sums_[b] / sets_);
  return about * sets_ / (trials_ * trials_);
}

std::optional<std::size_t> people_for_power(std::span<const TriedPower> tried, const PowersTogether& together,
                                            double wanted, std::size_t most) {
  std::vector<double> roots, probits, weights, slopes;  // slopes: of the probit in the power
  double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
  for (const TriedPower& each : tried) {
    const double r = static_cast<double>(each.trials);
    const double p = std::clamp(each.power, 0.5 / r, 1 - 0.5 / r);
    const double z = statistics::normal_quantile(p);
    const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::acos(-1.0));
    const double weight = r * density * density / (p * (1 - p));
    const double x = std::sqrt(each.people);
    roots.push_back(x);
    probits.push_back(z);
    weights.push_back(weight);
    slopes.push_back(1 / density);
    w += weight;
    wx += weight * x;
    wy += weight * z;
    wxx += weight * x * x;
    wxy += weight * x * z;
  }
  const double determinant = w * wxx - wx * wx;
  if (tried.size() < 2 || !(determinant > 0)) return std::nullopt;
  const double slope = (w * wxy - wx * wy) / determinant, start = (wy - slope * wx) / w;
  if (!(slope > 0)) return std::nullopt;
  // Start and slope are sums of c z: of their covariances from those of the powers.
  double of_start = 0, of_both = 0, of_slope = 0;
  for (std::size_t a = 0; a < tried.size(); ++a)
    for (std::size_t b = 0; b < tried.size(); ++b) {
      const double covariance = together.covariance(a, b) * slopes[a] * slopes[b];
      const auto in_start = [&](std::size_t k) { return weights[k] * (wxx - wx * roots[k]) / determinant; };
      const auto in_slope = [&](std::size_t k) { return weights[k] * (w * roots[k] - wx) / determinant; };
      of_start += in_start(a) * in_start(b) * covariance;
      of_both += in_start(a) * in_slope(b) * covariance;
      of_slope += in_slope(a) * in_slope(b) * covariance;
    }
  const double reach = statistics::two_sided_z(0.95), target = statistics::normal_quantile(wanted);
  const auto lower = [&](std::size_t people) {
    const double x = std::sqrt(static_cast<double>(people));
    return start + slope * x - reach * std::sqrt(std::max(0.0, of_start + 2 * x * of_both + x * x * of_slope));
  };
  if (!(lower(most) >= target)) return std::nullopt;
  // A line less the root of a form that is nowhere below 0: concave, so those who reach the target are one stretch, up
  // to most.
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
