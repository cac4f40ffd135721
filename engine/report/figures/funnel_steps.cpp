// The steps of a funnel: of one column the counts as bars, each inside what it is a share of; of several columns the
// shares side by side, with their intervals.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/people_parts.hpp"
#include "engine/report/funnel_words.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double labels_width = 206;
constexpr double step_plot_width = 200;
constexpr double step_numbers_width = 200;
constexpr double step_line_height = 13.5;

struct Shown {
  const Funnel* funnel = nullptr;
  const FunnelResult* result = nullptr;
  std::vector<std::size_t> steps, columns;

  const FunnelStep& step(std::size_t index) const { return funnel->steps[index]; }
  std::size_t depth(std::size_t index) const {
    std::size_t depth = 0;
    for (auto whole = funnel->whole_of(index); whole; whole = funnel->whole_of(*whole)) ++depth;
    return depth;
  }
};

std::optional<Shown> shown_of(const ReportInput& input, const FigureRequest& request) {
  if (!input.people || !input.people->funnel || !input.people_results.funnel) return std::nullopt;
  Shown shown{&*input.people->funnel, &*input.people_results.funnel, {}, {}};
  for (std::size_t s = 0; s < shown.funnel->steps.size(); ++s)
    if (request.steps.empty() ||
        std::find(request.steps.begin(), request.steps.end(), shown.step(s).name) != request.steps.end())
      shown.steps.push_back(s);
  for (const std::string& name : request.columns)
    if (const auto column = shown.funnel->column(name)) shown.columns.push_back(*column);
  if (shown.columns.empty()) shown.columns = shown.funnel->whole_columns();
  if (shown.steps.empty()) return std::nullopt;
  return shown;
}

std::string way_words(FunnelStep::Way way) {
  return way == FunnelStep::Way::out ? "fell out" : way == FunnelStep::Way::open ? "had not ended" : "went on";
}

std::string counted_words(const FunnelShare& share) {
  return fmt::format("{} {} {}", whole_number(static_cast<double>(share.count)), share.is_part ? "of" : "for",
                     whole_number(static_cast<double>(share.of)));
}

/// Axes in pixels from the top; x as `scale` says.
void set_y(Json& layer, double height) {
  Json& y = layer["encoding"]["y"];
  y["type"] = "quantitative";
  y["axis"] = nullptr;
  y["scale"] = {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}};
  if (layer["encoding"].contains("y2")) layer["encoding"]["y2"].erase("type");
}

Json text_panel(const Json& values, double width, double height, double x, const char* align) {
  Json panel = fragment(R"({
    "mark": {"type": "text", "baseline": "middle", "lineHeight": 13.5},
    "encoding": {"x": {"field": "x", "type": "quantitative", "axis": null}, "y": {"field": "y"}, "text": {"field": "words"},
                 "color": {"condition": {"test": "datum.grey", "value": "#555"}, "value": "#111"}}
  })");
  panel["mark"]["align"] = align;
  panel["width"] = width;
  panel["height"] = height;
  Json placed = values;
  for (Json& each : placed)
    if (!each.contains("x")) each["x"] = x;
  panel["data"]["values"] = placed;
  panel["encoding"]["x"]["scale"] = {{"domain", {0, width}}, {"nice", false}, {"zero", false}};
  set_y(panel, height);
  return panel;
}

/// Text over some lines, its middle at y.
Json placed_text(const std::string& words, double y, std::size_t letters) {
  const std::string lines = broken(words, letters);
  return {
      {"words", lines}, {"y", y - step_line_height / 2 * static_cast<double>(line_count(lines) - 1)}, {"grey", false}};
}

Json count_axis(double most, const std::string& title) {
  return {{"values", round_steps(0, most, 4)}, {"title", title}, {"labelOverlap", false}, {"grid", true}};
}

// ---- one column: bars

/// Fill and outline by way: told apart without colour too (dark, pale, empty).
void set_way(Json& layer) {
  layer["encoding"]["fill"] = {{"condition", Json::array({{{"test", "datum.way == 'went on'"}, {"value", "#2b83ba"}},
                                                          {{"test", "datum.way == 'fell out'"}, {"value", "#f0b27a"}},
                                                          {{"test", "datum.way == 'whole'"}, {"value", "#ececec"}}})},
                               {"value", "white"}};
  layer["encoding"]["stroke"] = {
      {"condition", Json::array({{{"test", "datum.way == 'had not ended'"}, {"value", "#444"}},
                                 {{"test", "datum.way == 'whole'"}, {"value", "#ececec"}}})},
      {"value", "transparent"}};
}

Json key_of_ways(const Shown& shown, double width) {
  Json values = Json::array();
  double x = labels_width / 2;
  for (const auto way : {FunnelStep::Way::on, FunnelStep::Way::out, FunnelStep::Way::open}) {
    const bool any = std::any_of(shown.steps.begin(), shown.steps.end(),
                                 [&](std::size_t step) { return shown.step(step).way == way; });
    if (!any) continue;
    values.push_back({{"x", x}, {"x2", x + 20}, {"text", x + 26}, {"way", way_words(way)}, {"words", way_words(way)}});
    x += 60 + 5.6 * static_cast<double>(way_words(way).size());
  }
  values.push_back({{"x", x}, {"x2", x + 20}, {"text", x + 26}, {"way", "whole"}, {"words", "out of how many"}});
  Json panel = fragment(R"({"height": 14, "layer": [
    {"mark": {"type": "rect", "strokeWidth": 1}, "encoding": {
       "x": {"field": "x", "type": "quantitative", "axis": null}, "x2": {"field": "x2"}, "y": {"value": 2}, "y2": {"value": 12}}},
    {"mark": {"type": "text", "align": "left", "baseline": "middle"}, "encoding": {
       "x": {"field": "text", "type": "quantitative", "axis": null}, "y": {"value": 7.5}, "text": {"field": "words"}}}
  ]})");
  panel["width"] = width;
  panel["data"]["values"] = values;
  set_way(panel["layer"][0]);
  for (Json& layer : panel["layer"])
    layer["encoding"]["x"]["scale"] = {{"domain", {0, width}}, {"nice", false}, {"zero", false}};
  return panel;
}

Json bars_spec(const Shown& shown, Figure& figure) {
  constexpr double row_height = 31;
  const std::size_t column = shown.columns.front();
  Table table({{"step", ""},
               {"label", ""},
               {"way", ""},
               {"count", ""},
               {"whole", ""},
               {"of", ""},
               {"share", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"low_count", ""},
               {"high_count", ""},
               {"y", ""}});
  Json labels = Json::array(), numbers = Json::array();
  double most = 0, y = row_height / 2;
  for (const std::size_t s : shown.steps) {
    const FunnelStep& step = shown.step(s);
    const auto count = static_cast<double>(step.counts[column]);
    const FunnelShare* share = shown.result->share(s, column);
    const double whole = share == nullptr ? count : static_cast<double>(share->of);
    most = std::max({most, count, share != nullptr && share->is_part ? whole : 0});
    const double indent = 12 * static_cast<double>(shown.depth(s));
    Json label = placed_text(step.label, y, static_cast<std::size_t>((labels_width - indent - 8) / 5.9));
    label["x"] = indent;
    labels.push_back(label);
    const std::string words =
        share == nullptr ? whole_number(count) : counted_words(*share) + ": " + bare_share_words(*share);
    numbers.push_back(placed_text(words, y, 40));
    figure.alt += fmt::format("{}{}: {}.", figure.alt.empty() ? "" : " ", step.label,
                              share == nullptr ? whole_number(count) : share_words(*share));
    const bool part = share != nullptr && share->is_part;
    const auto in_100_cell = [&](double value) { return share == nullptr ? Cell{} : Cell{100 * value}; };
    table.add({step.name, step.label, way_words(step.way), count, part ? Cell{whole} : Cell{},
               share == nullptr ? Cell{} : Cell{static_cast<double>(share->of)}, in_100_cell(share ? share->value : 0),
               in_100_cell(share ? share->interval.low : 0), in_100_cell(share ? share->interval.high : 0),
               part ? Cell{share->interval.low * static_cast<double>(share->of)} : Cell{},
               part ? Cell{share->interval.high * static_cast<double>(share->of)} : Cell{}, y});
    y += row_height;
  }
  figure.csv = table.csv();
  const double height = y - row_height / 2;
  Json bars = fragment(R"({"layer": [
    {"mark": {"type": "bar", "height": 17, "fill": "#ececec"}, "encoding": {"x": {"field": "whole"}, "x2": {"datum": 0}, "y": {"field": "y"}}},
    {"mark": {"type": "bar", "height": 17, "strokeWidth": 1}, "encoding": {"x": {"field": "count"}, "x2": {"datum": 0}, "y": {"field": "y"}}},
    {"mark": {"type": "rule", "color": "#111", "strokeWidth": 1.5}, "encoding": {"x": {"field": "low_count"}, "x2": {"field": "high_count"}, "y": {"field": "y"}}}
  ]})");
  bars["width"] = step_plot_width;
  bars["height"] = height;
  set_way(bars["layer"][1]);
  const std::vector<double> ticks = round_steps(0, most, 4);
  for (Json& layer : bars["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"domain", {0, std::max(most, ticks.back())}}, {"nice", false}};
    x["axis"] = count_axis(most, upper_first(shown.funnel->counted));
    set_y(layer, height);
  }
  Json spec = frame(figure, "", {"count", "whole", "of", "share", "low", "high", "low_count", "high_count", "y"});
  spec["spacing"] = 8;
  Json row = {{"spacing", 8}};
  row["hconcat"] = Json::array({text_panel(labels, labels_width, height, 0, "left"), bars,
                                text_panel(numbers, step_numbers_width, height, 0, "left")});
  spec["vconcat"] = Json::array({key_of_ways(shown, full_width), row});
  return spec;
}

// ---- several columns: shares

/// Columns of one definition look alike.
std::size_t look_of(const Shown& shown, std::size_t column) {
  std::vector<std::string> definitions;
  for (const std::size_t each : shown.columns) {
    const std::string& definition = shown.funnel->columns[each].definition;
    if (std::find(definitions.begin(), definitions.end(), definition) == definitions.end())
      definitions.push_back(definition);
    if (each == column)
      return static_cast<std::size_t>(std::find(definitions.begin(), definitions.end(), definition) -
                                      definitions.begin());
  }
  return 0;
}

Json shares_spec(const Shown& shown, Figure& figure) {
  constexpr double row_height = 15.5;
  constexpr double gap = 13;
  constexpr double names_width = 78;  // of columns
  Table table({{"step", ""},
               {"label", ""},
               {"column", ""},
               {"definition", ""},
               {"count", ""},
               {"of", ""},
               {"share", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"look", ""},
               {"y", ""}});
  Json labels = Json::array(), names = Json::array(), numbers = Json::array(), lines = Json::array();
  double most = 0, y = 0;
  for (const std::size_t s : shown.steps) {
    const FunnelStep& step = shown.step(s);
    const auto whole = shown.funnel->whole_of(s);
    if (!whole) continue;
    const double top = y;
    if (top > 0) lines.push_back({{"y", top - gap / 2}});
    figure.alt += fmt::format("{}{}:", figure.alt.empty() ? "" : " ", step.label);
    for (const std::size_t column : shown.columns) {
      const FunnelShare* share = shown.result->share(s, column);
      const std::string& name = shown.funnel->columns[column].name;
      const double middle = y + row_height / 2;
      names.push_back({{"words", name}, {"y", middle}, {"grey", true}});
      if (share != nullptr) {
        most = std::max(most, 100 * share->interval.high);
        numbers.push_back(
            {{"words", counted_words(*share) + ": " + bare_share_words(*share)}, {"y", middle}, {"grey", false}});
        table.add({step.name, step.label, name, shown.funnel->columns[column].definition,
                   static_cast<double>(share->count), static_cast<double>(share->of), 100 * share->value,
                   100 * share->interval.low, 100 * share->interval.high, static_cast<double>(look_of(shown, column)),
                   middle});
        figure.alt +=
            fmt::format(" {} {}{}", name, bare_share_words(*share), column == shown.columns.back() ? "." : ",");
      }
      y += row_height;
    }
    Json label = placed_text(
        fmt::format("{}, {} 100 {}", step.label, step.of.empty() ? "for" : "of", lower_first(shown.step(*whole).label)),
        (top + y) / 2, 32);
    labels.push_back(label);
    y += gap;
  }
  if (table.empty()) return Json();
  figure.csv = table.csv();
  const double height = y - gap;
  Json plot = fragment(R"({"layer": [
    {"mark": {"type": "rule", "strokeWidth": 1.5}, "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": {"field": "y"}, "color": {}}},
    {"mark": {"type": "point", "size": 46, "opacity": 1, "strokeWidth": 1.5}, "encoding": {"x": {"field": "share"}, "y": {"field": "y"}, "stroke": {},
       "shape": {"condition": {"test": "datum.look > 0", "value": "square"}, "value": "circle"}, "fill": {}}}
  ]})");
  const Json colour = {{"condition", {{"test", "datum.look > 0"}, {"value", "#b35806"}}}, {"value", "#0072B2"}};
  plot["layer"][0]["encoding"]["color"] = colour;
  plot["layer"][1]["encoding"]["stroke"] = colour;
  plot["layer"][1]["encoding"]["fill"] = {{"condition", {{"test", "datum.look > 0"}, {"value", "white"}}},
                                          {"value", "#0072B2"}};
  plot["width"] = step_plot_width - 40;
  plot["height"] = height;
  const std::vector<double> ticks = round_steps(0, most, 4);
  for (Json& layer : plot["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"domain", {0, std::max(most, ticks.back())}}, {"nice", false}};
    x["axis"] = count_axis(most, "In 100");
    set_y(layer, height);
  }
  Json rules =
      fragment(R"({"mark": {"type": "rule", "color": "#ccc", "strokeWidth": 0.8}, "encoding": {"y": {"field": "y"}}})");
  rules["data"]["values"] = lines;
  set_y(rules, height);
  if (!lines.empty()) plot["layer"].insert(plot["layer"].begin(), rules);
  Json spec = frame(figure, "", {"count", "of", "share", "low", "high", "look", "y"});
  spec["spacing"] = 8;
  spec["hconcat"] = Json::array({text_panel(labels, labels_width - 26, height, 0, "left"),
                                 text_panel(names, names_width, height, names_width, "right"), plot,
                                 text_panel(numbers, step_numbers_width - 14, height, 0, "left")});
  return spec;
}

}  // namespace

std::optional<Figure> draw_funnel_steps(const ReportInput& input, const FigureRequest& request) {
  const auto shown = shown_of(input, request);
  if (!shown) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  const bool single = shown->columns.size() == 1;
  figure.title = request.title.empty() ? (single ? "Step by step" : "What share goes on, by column") : request.title;
  const Json spec = single ? bars_spec(*shown, figure) : shares_spec(*shown, figure);
  if (spec.is_null()) return std::nullopt;
  const bool open = std::any_of(shown->steps.begin(), shown->steps.end(), [&](std::size_t step) {
    const FunnelShare* share = shown->result->share(step, shown->columns.front());
    return share != nullptr && share->open > 0;
  });
  const bool for_each = std::any_of(shown->steps.begin(), shown->steps.end(), [&](std::size_t step) {
    const FunnelShare* share = shown->result->share(step, shown->columns.front());
    return share != nullptr && !share->is_part;
  });
  figure.caption = fmt::format("Numbers of {}, as printed; lines are 95% intervals of the shares (Jeffreys){}.",
                               shown->funnel->counted,
                               for_each ? "; of what is counted “for 100”, of a Poisson count (Garwood 1936)" : "");
  if (open) figure.caption += " Those that had not ended are left out of what the other parts are shares of.";
  const bool otherwise = std::any_of(shown->columns.begin(), shown->columns.end(),
                                     [&](std::size_t column) { return look_of(*shown, column) > 0; });
  if (otherwise) figure.caption += " Open squares: counted by another definition, not to be set against the others.";
  figure.caption += " " + people_source(input);
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
