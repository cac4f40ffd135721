// What targets leave of two parameters: a point a set that is kept, in the box of their ranges, with the curve on which
// their product or quotient is fixed.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double side = 380;
constexpr std::size_t most_points = 1000;  // of a larger posterior every second, third, ... row
constexpr int steps_of_the_curve = 120;

struct RidgeAxis {
  std::size_t fit = 0;
  double low = 0, high = 0, scale = 1;
  std::string name, title;
};

std::optional<RidgeAxis> axis_of(const ReportInput& input, const std::string& parameter) {
  for (std::size_t f = 0; f < input.calibrated->parameters.size(); ++f) {
    const std::size_t p = input.calibrated->parameters[f].parameter;
    const Parameter& its = input.parameters.at(p);
    if (its.name != parameter) continue;
    RidgeAxis axis;
    axis.fit = f;
    axis.scale = its.unit == "share" ? 100 : 1;
    const SpreadOf& before = input.calibrated->parameters[f].before;
    axis.low = axis.scale * before.low;
    axis.high = axis.scale * before.high;
    if (const auto* range = std::get_if<UniformLaw>(&its.law)) {
      axis.low = axis.scale * range->low;
      axis.high = axis.scale * range->high;
    } else if (const auto* peaked = std::get_if<TriangularLaw>(&its.law)) {
      axis.low = axis.scale * peaked->low;
      axis.high = axis.scale * peaked->high;
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

/// The combination of these two alone, and on which side of it each stands.
const Combination* fixed_by(const ReportInput& input, const RidgeAxis& x, const RidgeAxis& y) {
  for (const Combination& each : input.calibrated->combinations)
    if (each.fits.size() == 2 && std::min(each.fits[0], each.fits[1]) == std::min(x.fit, y.fit) &&
        std::max(each.fits[0], each.fits[1]) == std::max(x.fit, y.fit))
      return &each;
  return nullptr;
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
  const Combination* fixed = fixed_by(input, *x, *y);
  figure.title = !request.title.empty() ? request.title
                 : fixed                ? upper_first(combination_words(input, *fixed)) +
                               fmt::format(" is known to ±{:.0f}%, neither part is", 100 * fixed->log_sd)
                         : upper_first(x->name) + " and " + y->name + ": what the targets leave";
  Table table({{"x", x->title}, {"y", y->title}});
  for (std::size_t r = 0; r < rows; r += step)
    table.add({x->scale * posterior.rows[r * width + x->fit], y->scale * posterior.rows[r * width + y->fit]});
  figure.csv = table.csv();
  const ParameterFit &fx = input.calibrated->parameters[x->fit], &fy = input.calibrated->parameters[y->fit];
  figure.alt = fmt::format("{}: {} of its spread is gone. {}: {} of its spread is gone.", upper_first(x->name),
                           fmt::format("{:.0f}%", 100 * fx.contraction), upper_first(y->name),
                           fmt::format("{:.0f}%", 100 * fy.contraction));
  if (fixed)
    figure.alt += fmt::format(" {}: {}.", upper_first(combination_words(input, *fixed)),
                              spread_words(fixed->low, fixed->high, ""));
  figure.caption = fmt::format(
      "Each point is a set of parameters that meets every target ({} of {} kept); the box is the range that each had "
      "before.{} {}",
      whole_number(static_cast<double>(table.size())), whole_number(static_cast<double>(rows)),
      fixed ? fmt::format(" On the line {} is {}, its median.", combination_words(input, *fixed),
                          rounded(fixed->middle, 0))
            : "",
      sources_in_words(input));

  Json points = fragment(R"({"mark": {"type": "point", "filled": true, "size": 14, "opacity": 0.45, "clip": true,
    "color": "#0072B2"}})");
  points["encoding"] = {{"x", encoding(*x, "x")}, {"y", encoding(*y, "y")}};
  Json spec = frame(figure, "", {"x", "y"});
  spec["width"] = side;
  spec["height"] = 0.75 * side;
  spec["view"] = {{"stroke", "#777"}};
  spec["layer"] = Json::array({points});
  if (fixed) {
    // a^p b^q = m: of a product b = m / a, of a quotient b = a / m or m' a.
    Json curve = Json::array();
    const bool product = fixed->powers[0] == fixed->powers[1];
    const bool x_first = fixed->fits[0] == x->fit;
    for (int i = 0; i <= steps_of_the_curve; ++i) {
      const double at = x->low + (x->high - x->low) * i / steps_of_the_curve;
      const double plain = at / x->scale;
      if (product && !(plain > 0)) continue;
      const double other = product ? fixed->middle / plain : x_first ? plain / fixed->middle : plain * fixed->middle;
      const double height = y->scale * other;
      if (height < y->low || height > y->high) continue;
      curve.push_back({{"x", at}, {"y", height}});
    }
    Json line = fragment(R"({"mark": {"type": "line", "color": "#111", "strokeWidth": 1.5}})");
    line["data"]["values"] = curve;
    line["encoding"] = {{"x", encoding(*x, "x")}, {"y", encoding(*y, "y")}};
    spec["layer"].push_back(line);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
