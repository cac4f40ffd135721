// The chance of an outcome by date: a line an arm, each named where it ends, with its Monte Carlo limits.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double chance_width = 405;
constexpr double chance_height = 240;
}  // namespace

std::optional<Figure> draw_chance(const ReportInput& input, const FigureRequest& request) {
  Figure figure;
  figure.name = request.name;
  const std::string label = label_of(input, request.series);
  figure.title = request.title.empty() ? label + ": the chance, by date" : request.title;

  Table table({{"arm", ""},
               {"label", ""},
               {"series", ""},
               {"week", ""},
               {"date", ""},
               {"chance", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"mc_error", "in 100"},
               {"point", ""}});
  std::vector<LineName> labels;
  Json names = Json::array();
  Json colours = Json::array();
  Json dashes = Json::array();
  Json shapes = Json::array();
  double most = 0;
  Window drawn = input.window;
  drawn.end = drawn.start;
  for (const ArmText* arm : arms_of(input, request)) {
    const SeriesRow* last = nullptr;
    const auto place = static_cast<std::size_t>(arm - input.arms.data());
    // Points tell the lines apart in grey; each arm has them in other weeks, so that they don't hide one another.
    const std::size_t step = std::max<std::size_t>(6, input.window.whole_weeks() / 6);
    for (const SeriesRow& row : input.estimates.series) {
      if (row.arm != arm->name || row.series != request.series || std::isnan(row.mean)) continue;
      last = &row;
      drawn.end = std::max(drawn.end, row.date);
      most = std::max(most, 100 * row.q975);
      table.add({arm->name, arm->label, row.series, static_cast<double>(row.week), row.date.iso(), 100 * row.mean,
                 100 * row.q025, 100 * row.q975, 100 * row.mc_error,
                 std::string((row.week + place) % step == step / 2 ? "yes" : "no")});
    }
    if (last == nullptr) continue;
    const Look& its = look(place);
    names.push_back(arm->name);
    colours.push_back(its.colour);
    dashes.push_back(its.dash);
    shapes.push_back(its.shape);
    LineName end;
    end.arm = arm->name;
    end.end = 100 * last->mean;
    end.words = broken(bare_in_100(last->mean, last->mc_error) + ": " + arm->label, 27);
    end.half = 6.5 * static_cast<double>(line_count(end.words)) + 3;
    labels.push_back(end);
    figure.alt += fmt::format("{}{}: {} by {}.", figure.alt.empty() ? "" : " ", arm->label,
                              in_100(last->mean, last->mc_error), last->date.in_words());
  }
  if (table.empty()) return std::nullopt;

  std::vector<double> ticks = round_steps(0, std::clamp(most * 1.08, 5.0, 100.0), 6);
  while (ticks.back() > 100) ticks.pop_back();
  // Above the lines there is room for the dates.
  const double dates = std::min(mark_line * static_cast<double>(request.mark.size()), chance_height / 2);
  const double head_room = 1 / (1 - dates / chance_height);
  const double top = head_room * std::max(ticks.back(), std::min(100.0, most));
  for (LineName& end : labels) end.line_y = chance_height * (1 - end.end / top);
  spread(labels, chance_height);

  figure.caption = fmt::format(
      "{}. Chance in 100 of {}; bands are the 95% limits of the simulation alone. Numbers at the ends are chances in "
      "100 "
      "on the last day.",
      help_of_series(input, request.series), runs_in_words(input));
  if (!request.mark.empty()) figure.caption += " Dotted: dates that were promised or asked about.";
  figure.caption += " " + sources_in_words(input);
  figure.csv = table.csv();

  const Json x = date_axis(drawn, 6);
  const Json colour = {
      {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}, {"range", colours}}}, {"legend", nullptr}};
  const Json dash = {
      {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}, {"range", dashes}}}, {"legend", nullptr}};
  const Json shape = {
      {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}, {"range", shapes}}}, {"legend", nullptr}};
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "area", "opacity": 0.18, "clip": true},
       "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}}},
      {"mark": {"type": "line", "strokeWidth": 2, "clip": true}, "encoding": {"y": {"field": "chance"}}},
      {"transform": [{"filter": "datum.point == 'yes'"}],
       "mark": {"type": "point", "filled": true, "size": 38, "opacity": 1}, "encoding": {"y": {"field": "chance"}}}
    ]
  })");
  panel["width"] = chance_width;
  panel["height"] = chance_height;
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"] = x;
    encoding["y"]["type"] = "quantitative";
    encoding["y"]["scale"] = {{"domain", {0, top}}, {"nice", false}};
    encoding["y"]["axis"] = {{"values", ticks}, {"title", "Chance on that day, in 100 runs"}, {"labelOverlap", false}};
    encoding["color"] = colour;
    if (layer["mark"]["type"] == "line") encoding["strokeDash"] = dash;
    if (layer["mark"]["type"] == "point") encoding["shape"] = shape;
  }
  panel["layer"].push_back(marked_dates(request.mark, drawn, x, true));

  Json spec = frame(figure, "", {"date", "week", "chance", "low", "high", "mc_error"});
  spec["spacing"] = 2;
  spec["hconcat"] = Json::array({panel, names_panel(labels, chance_height, colour, shape)});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
