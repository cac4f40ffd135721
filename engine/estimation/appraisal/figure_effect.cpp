#include "engine/estimation/appraisal/figure_effect.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/statistics/mean_surface.hpp"

namespace desist {
namespace {

constexpr std::size_t parts_of_draws = 10, fewest_of_surface = statistics::fewest_draws_of_surface;
constexpr double step_of_slope = 1e-4;              // of what is searched, by formula
constexpr double step_of_conditional_slope = 0.02;  // of the range: of a curve that is known at draws alone

/// E[NPV | figure] at the draws, in order of the figure.
struct ConditionalMeans {
  std::vector<double> values, means;
};

ConditionalMeans conditional_means(const DrawColumn& npv, const DrawColumn& figure,
                                   std::span<const std::size_t> draws) {
  const auto n = static_cast<Eigen::Index>(draws.size());
  Eigen::MatrixXd y(n, 1), x(n, 1);
  for (Eigen::Index i = 0; i < n; ++i) {
    y(i, 0) = npv[draws[static_cast<std::size_t>(i)]];
    x(i, 0) = figure[draws[static_cast<std::size_t>(i)]];
  }
  const Eigen::MatrixXd fitted = statistics::mean_surface(y, x).in_sample;
  std::vector<std::size_t> order(draws.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x(static_cast<Eigen::Index>(a), 0) < x(static_cast<Eigen::Index>(b), 0);
  });
  ConditionalMeans made;
  for (const std::size_t i : order) {
    made.values.push_back(x(static_cast<Eigen::Index>(i), 0));
    made.means.push_back(fitted(static_cast<Eigen::Index>(i), 0));
  }
  return made;
}

/// Between the draws on either side of a value, by a line.
double mean_at(const ConditionalMeans& curve, double value) {
  const auto above = std::lower_bound(curve.values.begin(), curve.values.end(), value);
  if (above == curve.values.begin()) return curve.means.front();
  if (above == curve.values.end()) return curve.means.back();
  const auto i = static_cast<std::size_t>(above - curve.values.begin());
  const double share = (value - curve.values[i - 1]) / (curve.values[i] - curve.values[i - 1]);
  return curve.means[i - 1] + share * (curve.means[i] - curve.means[i - 1]);
}

/// Standard errors of the means at some values: from the scatter of curves fitted to tenths of the draws.
std::vector<double> errors_at(const DrawColumn& npv, const DrawColumn& figure, const DrawUnits& units,
                              const std::vector<double>& values) {
  const std::size_t draws = units.count();
  const std::size_t parts = std::min(parts_of_draws, draws / fewest_of_surface);
  if (parts < 2) return std::vector<double>(values.size(), infinity);
  std::vector<std::vector<double>> means(values.size());
  for (std::size_t part = 0; part < parts; ++part) {
    std::vector<std::size_t> some;
    for (std::size_t d = part; d < draws; d += parts) some.push_back(d);
    const ConditionalMeans curve = conditional_means(npv, figure, some);
    for (std::size_t i = 0; i < values.size(); ++i) means[i].push_back(mean_at(curve, values[i]));
  }
  std::vector<double> errors;
  for (std::vector<double>& each : means) errors.push_back(error_of(DrawColumn(std::move(each)), DrawUnits(parts)));
  // The tenths share the sets: as much larger as the error of the NPV's mean is by them.
  const double independent = error_of(npv, DrawUnits(draws));
  const double larger = independent > 0 ? units.with_sets(independent, npv) / independent : 1;
  for (double& error : errors) error *= larger;
  return errors;
}

double slope_at(const ConditionalMeans& curve, const FigureEffect& effect, double value) {
  const double step = step_of_conditional_slope * (effect.high_value - effect.low_value);
  const double low = std::max(effect.low_value, value - step), high = std::min(effect.high_value, value + step);
  return (mean_at(curve, high) - mean_at(curve, low)) / (high - low);
}

/// Where the curve passes nought within the range.
std::vector<double> crossings_of(const ConditionalMeans& curve, const FigureEffect& effect) {
  std::vector<double> found;
  for (std::size_t i = 1; i < curve.values.size(); ++i) {
    const double a = curve.means[i - 1], b = curve.means[i];
    if ((a < 0) == (b < 0)) continue;
    const double at = curve.values[i - 1] + (curve.values[i] - curve.values[i - 1]) * a / (a - b);
    if (at >= effect.searched_low && at <= effect.searched_high) found.push_back(at);
  }
  return found;
}

void set_conditional(const AppraisalDraws& on, const DrawColumn& npv, std::size_t slot, FigureEffect& effect) {
  effect.searched_low = effect.low_value;
  effect.searched_high = effect.high_value;
  const DrawColumn& figure = on.figures.slot(slot);
  if (on.count() < fewest_of_surface || !npv.varies() || !figure.varies()) {
    effect.npv_low = effect.npv_high = mean_of(npv, on.count());
    effect.npv_error = npv.varies() ? infinity : 0;
    return;
  }
  std::vector<std::size_t> all(on.count());
  std::iota(all.begin(), all.end(), 0U);
  const ConditionalMeans curve = conditional_means(npv, figure, all);
  effect.npv_low = mean_at(curve, effect.low_value);
  effect.npv_high = mean_at(curve, effect.high_value);
  std::vector<double> places = crossings_of(curve, effect);
  const std::size_t crossings = places.size();
  places.insert(places.end(), {effect.low_value, effect.high_value});
  const std::vector<double> errors = errors_at(npv, figure, on.units(), places);
  effect.npv_error = std::max(errors[crossings], errors[crossings + 1]);
  for (std::size_t i = 0; i < crossings; ++i)
    effect.crossings.push_back({places[i], errors[i] / std::abs(slope_at(curve, effect, places[i])), DrawColumn(0.0)});
}

Crossing crossing_at(const HeldNpv& held, const FigureEffect& effect, double value, const DrawUnits& units) {
  const double step = step_of_slope * (effect.searched_high - effect.searched_low);
  const double low = std::max(effect.searched_low, value - step), high = std::min(effect.searched_high, value + step);
  const double slope = (held.mean(high) - held.mean(low)) / (high - low);
  const DrawColumn net = held.column(value);
  Crossing crossing{value, 0, (net - DrawColumn(mean_of(net, units.count()))) / DrawColumn(-slope)};
  crossing.error = error_of(crossing.influence, units);
  return crossing;
}

}  // namespace

FigureWords figure_words(const AppraisalDraws& on, std::size_t slot) {
  for (const AppraisalInput& input : on.appraisal.inputs)
    if (std::find(input.slots.begin(), input.slots.end(), slot) != input.slots.end()) {
      const std::string& name = on.parameters.parameters()[slot].name;
      return {name, input.label.empty() ? name : input.label, input.unit};
    }
  const Parameter& parameter = on.parameters.parameters()[slot];
  return {parameter.name, parameter.label, parameter.unit};
}

FigureEffect figure_effect(const AppraisalDraws& on, const Twice& npv, std::size_t arm, std::size_t slot,
                           const std::vector<HeldFigure>& beside) {
  const Parameter& parameter = on.parameters.parameters().at(slot);
  const bool uncertain = is_uncertain(parameter.law);
  const double tail = !uncertain || is_range(parameter.law) ? 0 : 0.025;
  FigureEffect effect;
  effect.low_value = uncertain ? on.parameters.quantile(slot, tail) : on.figures.slot(slot)[0];
  effect.high_value = uncertain ? on.parameters.quantile(slot, 1 - tail) : effect.low_value;
  effect.is_exact = !(on.figures.has_inner_noise() && on.figures.moves_outcomes(arm, slot));
  if (!effect.is_exact) {
    const HeldNpv apart(on, arm, {}, Means::simulated, beside);
    set_conditional(on, beside.empty() ? npv.simulated : apart.column(std::vector<DrawColumn>{}), slot, effect);
    return effect;
  }
  const HeldNpv held(on, arm, {slot}, Means::simulated, beside);
  effect.moves = held.moves();
  if (!effect.moves) return effect;
  const DrawColumn at_low = held.column(effect.low_value), at_high = held.column(effect.high_value);
  effect.npv_low = mean_of(at_low, on.count());
  effect.npv_high = mean_of(at_high, on.count());
  effect.npv_error = std::max(error_of(at_low, on.units()), error_of(at_high, on.units()));
  const std::string unit = figure_words(on, slot).unit;
  const SearchEnds ends =
      search_ends(effect.low_value, effect.high_value, unit == "share" || unit == "%" || parameter.unit == "share");
  effect.searched_low = ends.searched_low;
  effect.searched_high = ends.searched_high;
  for (const double value : zero_crossings([&](double at) { return held.mean(at); }, ends))
    effect.crossings.push_back(crossing_at(held, effect, value, on.units()));
  return effect;
}

}  // namespace desist
