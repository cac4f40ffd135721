// What targets leave of two parameters, or quotients of parameters: a point a set that is kept, with the curve on which
// what they fix together is at its median.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double side = 380;
constexpr std::size_t most_points = 1000;  // of a larger posterior every second, third, ... row
constexpr int steps_of_the_curve = 120;

/// One part of an axis, and whether it stands above the line (1) or below it (-1).
struct AxisPart {
  std::size_t fit = 0;
  int power = 1;
  double scale = 1;  // of a share: in 100
};

/// A parameter, or a quotient of two.
struct RidgeAxis {
  std::vector<AxisPart> parts;
  double low = 0, high = 0;
  std::string name, title;
  bool is_quotient() const { return parts.size() > 1; }
  double scale() const {
    double all = 1;
    for (const AxisPart& part : parts) all *= std::pow(part.scale, part.power);
    return all;
  }
  double value(const double* row) const {
    double all = scale();
    for (const AxisPart& part : parts) all *= std::pow(row[part.fit], part.power);
    return all;
  }
};

std::optional<RidgeAxis> axis_of_one(const ReportInput& input, const std::string& parameter) {
  for (std::size_t f = 0; f < input.calibrated->parameters.size(); ++f) {
    const std::size_t p = input.calibrated->parameters[f].parameter;
    const Parameter& its = input.parameters.at(p);
    if (its.name != parameter) continue;
    RidgeAxis axis;
    const double scale = its.unit == "share" ? 100 : 1;
    axis.parts = {{f, 1, scale}};
    const SpreadOf& before = input.calibrated->parameters[f].before;
    axis.low = scale * before.low;
    axis.high = scale * before.high;
    if (is_range(its.law)) {
      axis.low = scale * ends_of(its.law).low;
      axis.high = scale * ends_of(its.law).high;
    }
    axis.name = parameter_words(input, p);
    const std::string label = label_of_parameter(input, p);
    const bool told = label != upper_first(axis.name);
    axis.title = with_axis_unit(told ? upper_first(axis.name) + ": " + lower_first(label) : label,
                                axis_unit(its.unit, label, told));
    return axis;
  }
  return std::nullopt;
}

/// Of a quotient the axis ends with what is kept: the corners of its box are far from any of it.
std::optional<RidgeAxis> axis_of(const ReportInput& input, const std::string& text) {
  const std::vector<std::string> names = parts_of_quotient(text);
  auto axis = axis_of_one(input, names.front());
  if (!axis || names.size() == 1) return axis;
  const auto below = axis_of_one(input, names[1]);
  if (!below) return std::nullopt;
  axis->parts.push_back({below->parts.front().fit, -1, below->parts.front().scale});
  axis->name += " ÷ " + below->name;
  axis->title = upper_first(axis->name);
  const Posterior& posterior = input.calibrated->posterior;
  axis->low = 0;
  axis->high = 0;
  for (std::size_t at = 0; at < posterior.rows.size(); at += posterior.columns.size())
    axis->high = std::max(axis->high, axis->value(posterior.rows.data() + at));
  axis->high *= 1.05;
  return axis;
}

/// What is fixed of two axes: x^x_power y^y_power, each power 1 or -1.
struct FixedByBoth {
  const Combination* combination = nullptr;
  int x_power = 1, y_power = 1;
};

/// The power that an axis has in a combination; 0 where the combination hasn't all its parts in the axis's own way.
int power_in(const Combination& combination, const RidgeAxis& axis) {
  int power = 0;
  for (const AxisPart& part : axis.parts) {
    const auto at = std::find(combination.fits.begin(), combination.fits.end(), part.fit);
    if (at == combination.fits.end()) return 0;
    const int here = combination.powers[static_cast<std::size_t>(at - combination.fits.begin())] * part.power;
    if (power != 0 && here != power) return 0;
    power = here;
  }
  return power;
}

FixedByBoth fixed_by(const ReportInput& input, const RidgeAxis& x, const RidgeAxis& y) {
  for (const Combination& each : input.calibrated->combinations) {
    const FixedByBoth fixed{&each, power_in(each, x), power_in(each, y)};
    if (each.fits.size() == x.parts.size() + y.parts.size() && fixed.x_power != 0 && fixed.y_power != 0) return fixed;
  }
  return {};
}

std::string contraction_words(const ReportInput& input, const RidgeAxis& axis) {
  if (axis.is_quotient()) return "";
  const ParameterFit& fit = input.calibrated->parameters[axis.parts.front().fit];
  return fmt::format("{}: {:.0f}% of its spread is gone. ", upper_first(axis.name), 100 * fit.contraction);
}

/// The points of the curve on which the combination is at its median.
Json curve_of(const FixedByBoth& fixed, const RidgeAxis& x, const RidgeAxis& y) {
  Json curve = Json::array();
  for (int i = 0; i <= steps_of_the_curve; ++i) {
    const double at = x.low + (x.high - x.low) * i / steps_of_the_curve;
    if (!(at > 0) && fixed.x_power == fixed.y_power) continue;
    const double rest = fixed.combination->middle / std::pow(at / x.scale(), fixed.x_power);
    const double height = y.scale() * std::pow(rest, fixed.y_power);
    if (!std::isfinite(height) || height < y.low || height > y.high) continue;
    curve.push_back({{"x", at}, {"y", height}});
  }
  return curve;
}

Json encoding(const RidgeAxis& axis, const char* field) {
  return {{"field", field},
          {"type", "quantitative"},
          {"scale", {{"domain", {axis.low, axis.high}}, {"nice", false}, {"zero", false}}},
          {"axis", {{"title", axis.title}, {"grid", false}, {"tickCount", 6}}}};
}

}  // namespace

std::optional<Figure> draw_ridge(const ReportInput& input, const FigureRequest& request) {
  if (!input.calibrated || request.parameters.size() != 2) return std::nullopt;
  const auto x = axis_of(input, request.parameters[0]), y = axis_of(input, request.parameters[1]);
  if (!x || !y) return std::nullopt;
  const Posterior& posterior = input.calibrated->posterior;
  const std::size_t width = posterior.columns.size(), rows = posterior.rows.size() / width;
  const std::size_t step = (rows + most_points - 1) / most_points;

  Figure figure;
  figure.name = request.name;
  const FixedByBoth fixed = fixed_by(input, *x, *y);
  const Combination* both = fixed.combination;
  const std::string both_words = both ? combination_words(input, *both) : "";
  figure.title = !request.title.empty() ? request.title
                 : both ? upper_first(both_words) + " is better known than its parts: " + known_within(*both)
                        : upper_first(x->name) + " and " + y->name + ": what the targets leave";
  Table table({{"x", x->title}, {"y", y->title}});
  for (std::size_t r = 0; r < rows; r += step) {
    const double* row = posterior.rows.data() + r * width;
    table.add({x->value(row), y->value(row)});
  }
  figure.csv = table.csv();
  figure.alt = trimmed(contraction_words(input, *x) + contraction_words(input, *y));
  if (both)
    figure.alt =
        trimmed(figure.alt + fmt::format(" {}: {}.", upper_first(both_words), spread_words(both->low, both->high, "")));
  const bool box = !x->is_quotient() && !y->is_quotient();
  figure.caption =
      fmt::format("Each point is a set of parameters that meets every target ({} of {} kept){}.{} {}",
                  whole_number(static_cast<double>(table.size())), whole_number(static_cast<double>(rows)),
                  box ? "; the box is the range that each had before" : "",
                  both ? fmt::format(" On the line {} is {}, its median.", both_words, rounded(both->middle, 0)) : "",
                  sources_in_words(input));

  Json points = fragment(R"({"mark": {"type": "point", "filled": true, "size": 14, "opacity": 0.45, "clip": true,
    "color": "#0072B2"}})");
  points["encoding"] = {{"x", encoding(*x, "x")}, {"y", encoding(*y, "y")}};
  Json spec = frame(figure, "", {"x", "y"});
  spec["width"] = side;
  spec["height"] = 0.75 * side;
  spec["view"] = {{"stroke", "#777"}};
  spec["layer"] = Json::array({points});
  if (both) {
    Json line = fragment(R"({"mark": {"type": "line", "color": "#111", "strokeWidth": 1.5}})");
    line["data"]["values"] = curve_of(fixed, *x, *y);
    line["encoding"] = {{"x", encoding(*x, "x")}, {"y", encoding(*y, "y")}};
    spec["layer"].push_back(line);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
