// Those who finished a programme: their share with an outcome as seen, beside what it would have been with no effect.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/people_parts.hpp"
#include "engine/report/selection_words.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double completers_row_height = 46;
constexpr double completers_names_width = 150;
constexpr double completers_plot_width = 300;
constexpr double completers_words_width = 140;
constexpr std::size_t letters_of_names = 26;

Json completers_rows(std::size_t rows) {
  return {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
}

Json completers_words(const std::string& column, const std::string& title, double width, std::size_t rows) {
  Json panel = fragment(
      R"({"mark": {"type": "text", "align": "left", "baseline": "middle", "lineBreak": "\n"}, "encoding": {}})");
  panel["title"] = panel_title(title, width, 1);
  panel["width"] = width;
  panel["height"] = completers_row_height * static_cast<double>(rows);
  panel["encoding"]["text"] = {{"field", column}};
  panel["encoding"]["x"] = {{"value", 0}};
  panel["encoding"]["y"] = {
      {"field", "row"}, {"type", "quantitative"}, {"axis", nullptr}, {"scale", completers_rows(rows)}};
  return panel;
}

Json completers_plot(std::size_t rows, double low, double high) {
  Json panel = fragment(R"json({
    "layer": [
      {"transform": [{"calculate": "datum.row + 0.18", "as": "down"}],
       "mark": {"type": "rule", "color": "#D55E00", "strokeWidth": 2.4},
       "encoding": {"x": {"field": "expected_low"}, "x2": {"field": "expected_high"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row + 0.18", "as": "down"}],
       "mark": {"type": "point", "shape": "square", "size": 52, "fill": "white", "stroke": "#D55E00",
         "strokeWidth": 1.8, "opacity": 1},
       "encoding": {"x": {"field": "expected"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row - 0.18", "as": "up"}],
       "mark": {"type": "rule", "color": "#0072B2", "strokeWidth": 2.4},
       "encoding": {"x": {"field": "seen_low"}, "x2": {"field": "seen_high"}, "y": {"field": "up"}}},
      {"transform": [{"calculate": "datum.row - 0.18", "as": "up"}],
       "mark": {"type": "point", "shape": "circle", "filled": true, "size": 52, "color": "#0072B2", "opacity": 1},
       "encoding": {"x": {"field": "seen"}, "y": {"field": "up"}}},
      {"mark": {"type": "point", "shape": "stroke", "angle": 90, "size": 240, "stroke": "#111", "strokeWidth": 1.8,
         "opacity": 1},
       "encoding": {"x": {"field": "controls"}, "y": {"field": "row"}}},
      {"mark": {"type": "point", "shape": "cross", "angle": 45, "filled": true, "size": 60, "color": "#777",
         "opacity": 1},
       "encoding": {"x": {"field": "breachers"}, "y": {"field": "row"}}}
    ]
  })json");
  panel["title"] = panel_title("With the outcome, of 100", completers_plot_width, 1);
  panel["width"] = completers_plot_width;
  panel["height"] = completers_row_height * static_cast<double>(rows);
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"domain", {low, high}}, {"nice", false}};
    x["axis"] = {{"values", round_steps(0, high, 6)}, {"title", nullptr}, {"labelOverlap", false}};
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["axis"] = nullptr;
    y["scale"] = completers_rows(rows);
  }
  return panel;
}

/// What each mark stands for, below the plot: two rows, each sign before its words.
Json completers_key() {
  Json key = fragment(R"json({
    "height": 34,
    "layer": [
      {"data": {"values": [{"at": 0, "end": 18, "row": 1, "colour": "#0072B2"},
                           {"at": 0, "end": 18, "row": 2, "colour": "#D55E00"}]},
       "mark": {"type": "rule", "strokeWidth": 2.4},
       "encoding": {"x": {"field": "at"}, "x2": {"field": "end"},
                    "color": {"field": "colour", "type": "nominal", "scale": null}}},
      {"data": {"values": [{"at": 9, "row": 1}]},
       "mark": {"type": "point", "shape": "circle", "filled": true, "size": 52, "color": "#0072B2", "opacity": 1},
       "encoding": {"x": {"field": "at"}}},
      {"data": {"values": [{"at": 9, "row": 2}]},
       "mark": {"type": "point", "shape": "square", "size": 52, "fill": "white", "stroke": "#D55E00",
         "strokeWidth": 1.8, "opacity": 1},
       "encoding": {"x": {"field": "at"}}},
      {"data": {"values": [{"at": 409, "row": 1}]},
       "mark": {"type": "point", "shape": "stroke", "angle": 90, "size": 160, "stroke": "#111", "strokeWidth": 1.8,
         "opacity": 1},
       "encoding": {"x": {"field": "at"}}},
      {"data": {"values": [{"at": 409, "row": 2}]},
       "mark": {"type": "point", "shape": "cross", "angle": 45, "filled": true, "size": 60, "color": "#777",
         "opacity": 1},
       "encoding": {"x": {"field": "at"}}},
      {"data": {"values": [{"at": 26, "row": 1, "words": "Who finished, as seen (line: 95% limits)"},
                           {"at": 26, "row": 2, "words": "Who finished, if nothing worked (line: 95% limits)"},
                           {"at": 420, "row": 1, "words": "Controls"},
                           {"at": 420, "row": 2, "words": "Who did not finish"}]},
       "mark": {"type": "text", "align": "left", "baseline": "middle"},
       "encoding": {"x": {"field": "at"}, "text": {"field": "words"}}}
    ]
  })json");
  const double width = completers_names_width + completers_plot_width + completers_words_width;
  key["width"] = width;
  for (Json& layer : key["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["axis"] = nullptr;
    x["scale"] = {{"domain", {0, width}}, {"nice", false}};
    layer["encoding"]["y"] = {{"field", "row"},
                              {"type", "quantitative"},
                              {"axis", nullptr},
                              {"scale", {{"domain", {2.5, 0.5}}, {"nice", false}, {"zero", false}}}};
  }
  return key;
}

}  // namespace

std::optional<Figure> draw_completers(const ReportInput& input, const FigureRequest& request) {
  if (!input.people) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;
  Table table({{"row", ""},
               {"analysis", ""},
               {"label", ""},
               {"controls", "in 100"},
               {"breachers", "in 100"},
               {"seen", "in 100"},
               {"seen_low", "in 100"},
               {"seen_high", "in 100"},
               {"expected", "in 100"},
               {"expected_low", "in 100"},
               {"expected_high", "in 100"},
               {"chance_of_so_few", "share"},
               {"words", ""}});
  std::size_t rows = 0;
  double high = 40;
  for (const AnalysisResult* each : analyses_of(input, request)) {
    if (!each->selection || !each->selection->breached) continue;
    const SelectionFinding& found = *each->selection;
    const std::string label = each->label.empty() ? each->name : each->label;
    const std::string words = found.no_selection ? std::string("no selection gives this")
                              : found.chance     ? "so few: " + small_chance(found.chance->so_few)
                                                 : std::string();
    const double expected = std::clamp(found.expected, 0.0, 1.0);  // as its limits are
    table.add({static_cast<double>(++rows), each->name, broken(label, letters_of_names), 100 * found.control.estimate(),
               100 * found.breached->estimate(), 100 * found.completed.estimate(), 100 * found.seen_limits.low,
               100 * found.seen_limits.high, 100 * expected, 100 * found.limits.low, 100 * found.limits.high,
               found.chance ? Cell{found.chance->so_few} : Cell{}, words});
    high = std::max({high, 100 * expected, 100 * found.limits.high, 100 * found.breached->estimate(),
                     100 * found.seen_limits.high});
    figure.alt +=
        fmt::format("{}{}: seen {} in 100, expected {}, controls {}, breachers {}.", rows == 1 ? "" : " ", label,
                    table_number(100 * found.completed.estimate()), table_number(100 * expected),
                    table_number(100 * found.control.estimate()), table_number(100 * found.breached->estimate()));
  }
  if (rows == 0) return std::nullopt;
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Filled circles: those who finished, as seen. Open squares: what they would have shown had the programme "
      "changed nothing and those sent been like the controls, an identity of the printed counts. Lines: 95% limits. "
      "Upright strokes: controls. Crosses: those who did not finish. {}",
      people_source(input));
  Json spec = frame(
      figure, "",
      {"row", "controls", "breachers", "seen", "seen_low", "seen_high", "expected", "expected_low", "expected_high"});
  const Json independent = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  const Json plot = {
      {"spacing", 10},
      {"hconcat", Json::array({completers_words("label", "", completers_names_width, rows),
                               completers_plot(rows, -2, std::min(104.0, high + 4)),
                               completers_words("words", "By luck, if nothing worked", completers_words_width, rows)})},
      {"resolve", independent}};
  spec["spacing"] = 14;
  spec["vconcat"] = Json::array({plot, completers_key()});
  spec["resolve"] = independent;
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
