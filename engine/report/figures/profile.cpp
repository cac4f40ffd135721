// How near targets can be met along each parameter: a panel a parameter, flat where the targets can't tell.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr int panels_a_row = 3;
constexpr double panel_width = 160, panel_height = 110;
/// A panel shows no more than this many times what is met: what lies above it is far.
constexpr double most_times_the_limit = 12;

}  // namespace

std::optional<Figure> draw_profile(const ReportInput& input, const FigureRequest& request) {
  if (!input.calibrated) return std::nullopt;
  std::vector<const ParameterFit*> fits;
  for (const ParameterFit& fit : input.calibrated->parameters) {
    const std::string& name = input.parameters.at(fit.parameter).name;
    const auto& wanted = request.parameters;
    if (wanted.empty() || std::find(wanted.begin(), wanted.end(), name) != wanted.end()) fits.push_back(&fit);
  }
  if (fits.empty()) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "How near the targets can be met" : request.title;
  Table table({{"parameter", ""}, {"value", ""}, {"distance", ""}, {"shown", ""}, {"limit", ""}, {"meets", ""}});
  double top = 0, limit = 0;
  for (const ParameterFit* fit : fits) {
    limit = std::max(limit, fit->profile_limit);
    for (const double d : fit->profile)
      if (std::isfinite(d)) top = std::max(top, d);
  }
  if (!(limit < std::numeric_limits<double>::infinity())) return std::nullopt;  // nothing was met
  top = limit > 0 ? std::min(1.05 * top, most_times_the_limit * limit) : 1.05 * top;
  top = std::max(top, 1.5 * limit);
  Json panels = Json::array();
  for (const ParameterFit* fit : fits) {
    const Parameter& parameter = input.parameters.at(fit->parameter);
    const double scale = parameter.unit == "share" ? 100 : 1;
    const std::string name = parameter_words(input, fit->parameter);
    for (std::size_t i = 0; i < fit->profile.size(); ++i) {
      const bool met = fit->profile[i] <= fit->profile_limit;
      table.add({name, scale * fit->profile_at[i], finite(fit->profile[i]),
                 std::isfinite(fit->profile[i]) ? std::min(top, fit->profile[i]) : top, fit->profile_limit,
                 std::string(met ? "yes" : "no")});
    }
    figure.alt += fmt::format("{}{}: {}", figure.alt.empty() ? "" : ". ", upper_first(name), fit_words(*fit));
    const std::string label = label_of_parameter(input, fit->parameter);
    const bool told = label != upper_first(name);
    const std::string unit = axis_unit(parameter.unit, label, told);
    Json panel = fragment(R"({
      "layer": [
        {"mark": {"type": "rule", "color": "#777", "strokeDash": [5, 3]},
         "encoding": {"y": {"field": "limit", "aggregate": "max"}}},
        {"mark": {"type": "line", "color": "#0072B2", "strokeWidth": 1.8}, "encoding": {}},
        {"mark": {"type": "point", "filled": true, "size": 32, "opacity": 1}, "encoding": {}}
      ]
    })");
    panel["width"] = panel_width;
    panel["height"] = panel_height;
    panel["title"] = panel_title(upper_first(name) + ": " + fit_words(*fit), panel_width, 2);
    panel["transform"] = Json::array({{{"filter", {{"field", "parameter"}, {"equal", name}}}}});
    const Json x = {
        {"field", "value"},
        {"type", "quantitative"},
        {"scale", {{"zero", false}, {"nice", false}, {"padding", 6}}},
        {"axis",
         {{"title", told ? lines(with_axis_unit(label, unit), 30) : Json(unit)}, {"grid", false}, {"tickCount", 4}}}};
    const Json y = {
        {"type", "quantitative"},
        {"scale", {{"domain", {0, top}}, {"nice", false}}},
        {"axis",
         {{"title", (panels.size() % panels_a_row == 0) ? "Distance of the nearest set" : ""}, {"tickCount", 4}}}};
    for (std::size_t l = 0; l < panel["layer"].size(); ++l) {
      Json& encoding = panel["layer"][l]["encoding"];
      if (l == 0) {
        encoding["y"].update(y);
        continue;
      }
      encoding["x"] = x;
      encoding["y"] = y;
      encoding["y"]["field"] = "shown";
      if (l == 2)
        encoding["color"] = fragment(R"({"field": "meets", "type": "nominal", "legend": null,
          "scale": {"domain": ["yes", "no"], "range": ["#0072B2", "#D55E00"]}})");
    }
    panels.push_back(std::move(panel));
  }
  figure.alt += ".";
  figure.caption = fmt::format(
      "The nearest that any set came to all targets with the parameter in each tenth of its range, in standard "
      "deviations of what the ranges alone predict. At or below the dashed line (blue) the targets are met: a "
      "parameter "
      "whose curve stays there is not identified. {}",
      sources_in_words(input));
  figure.csv = table.csv();
  Json spec = frame(figure, "", {"value", "distance", "shown", "limit"});
  spec["columns"] = panels_a_row;
  spec["spacing"] = 18;
  spec["concat"] = panels;
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "shared"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
