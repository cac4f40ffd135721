// What happens week by week: a small panel an arm, on one scale, with bands and the comparator's median in each.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr std::size_t columns_most = 3;
constexpr double fan_gap = 18;

std::vector<const SeriesRow*> rows_of(const ReportInput& input, const std::string& arm, const std::string& series) {
  std::vector<const SeriesRow*> rows;
  for (const SeriesRow& row : input.estimates.series) {
    if (row.arm == arm && row.series == series) rows.push_back(&row);
  }
  return rows;
}

/// One row above the panels that says what the colours and lines are.
Json key(const std::string& comparator, bool comparator_shown) {
  Json panel = fragment(R"({
    "height": 14, "data": {"values": [{}]},
    "layer": [
      {"mark": {"type": "rect", "color": "#4b97cc"}, "encoding": {"x": {"value": 0}, "x2": {"value": 18}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "align": "left", "text": "half of the runs"}, "encoding": {"x": {"value": 23}}},
      {"mark": {"type": "rect", "color": "#94c3e4"}, "encoding": {"x": {"value": 122}, "x2": {"value": 140}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "align": "left", "text": "80 in 100"}, "encoding": {"x": {"value": 145}}},
      {"mark": {"type": "rect", "color": "#cfe3f2"}, "encoding": {"x": {"value": 210}, "x2": {"value": 228}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "align": "left", "text": "95 in 100"}, "encoding": {"x": {"value": 233}}},
      {"mark": {"type": "rule", "color": "#00304f", "strokeWidth": 2}, "encoding": {"x": {"value": 300}, "x2": {"value": 322}, "y": {"value": 7}}},
      {"mark": {"type": "text", "align": "left", "text": "median"}, "encoding": {"x": {"value": 327}}}
    ]
  })");
  panel["width"] = 600;
  if (comparator_shown) {
    panel["layer"].push_back(fragment(
        R"({"mark": {"type": "rule", "color": "#222", "strokeWidth": 1.2, "strokeDash": [4, 3]}, "encoding": {"x": {"value": 385}, "x2": {"value": 409}, "y": {"value": 7}}})"));
    panel["layer"].push_back(
        fragment(R"({"mark": {"type": "text", "align": "left"}, "encoding": {"x": {"value": 414}}})"));
    panel["layer"].back()["mark"]["text"] = "median, " + lower_first(comparator);
  }
  for (Json& layer : panel["layer"]) {
    if (layer["mark"]["type"] != "text") continue;
    layer["mark"]["baseline"] = "middle";
    layer["encoding"]["y"] = {{"value", 7}};
  }
  return panel;
}

struct PanelPlan {
  double width = 176, height = 132;
  std::vector<double> ticks;
  double top = 1;     // of the scale: above the highest band there is room for the dates
  std::string unit;   // of the series: "case"
  double scale = 1;   // of its values
  std::string title;  // of the axis: "Cases"
  std::size_t title_lines = 1;
  bool comparator_shown = true;
};

Json band(const char* low, const char* high, const char* colour) {
  Json layer = fragment(R"({"mark": {"type": "area", "clip": true}, "encoding": {}})");
  layer["mark"]["color"] = colour;
  layer["encoding"]["y"] = {{"field", low}, {"type", "quantitative"}};
  layer["encoding"]["y2"] = {{"field", high}};
  return layer;
}

Json arm_panel(const ReportInput& input, const FigureRequest& request, const ArmText& arm, bool first_of_row,
               const PanelPlan& plan) {
  const Json x = date_axis(input.window, plan.width > 300 ? 8 : 4);
  Json y_axis = {{"values", plan.ticks}, {"format", ",d"}, {"labelOverlap", false}, {"title", nullptr}};
  if (plan.ticks.back() < 10) y_axis["format"] = "~g";
  if (first_of_row) y_axis["title"] = plan.title;
  if (!first_of_row) y_axis["labels"] = false;
  const Json y_scale = {{"domain", {std::min(0.0, plan.ticks.front()), plan.top}}, {"nice", false}};

  Json panel;
  panel["title"] = panel_title(arm.label, plan.width, plan.title_lines);
  panel["width"] = plan.width;
  panel["height"] = plan.height;
  panel["layer"] =
      Json::array({band("q025", "q975", "#cfe3f2"), band("q10", "q90", "#94c3e4"), band("q25", "q75", "#4b97cc")});
  const Json median = {{"field", "q50"}, {"type", "quantitative"}};
  const auto line = [&](const std::string& of, const char* mark) {
    Json layer;
    layer["transform"] = Json::array({{{"filter", {{"field", "arm"}, {"equal", of}}}}});
    layer["mark"] = fragment(mark);
    layer["encoding"]["y"] = median;
    return layer;
  };
  for (Json& layer : panel["layer"]) {
    layer["transform"] = Json::array({{{"filter", {{"field", "arm"}, {"equal", arm.name}}}}});
  }
  const std::string& comparator = input.arms.front().name;
  if (arm.name != comparator && plan.comparator_shown) {
    panel["layer"].push_back(line(
        comparator, R"({"type": "line", "color": "#222", "strokeWidth": 1.2, "strokeDash": [4, 3], "clip": true})"));
  }
  panel["layer"].push_back(line(arm.name, R"({"type": "line", "color": "#00304f", "strokeWidth": 2, "clip": true})"));
  for (Json& layer : panel["layer"]) {
    layer["encoding"]["x"] = x;
    layer["encoding"]["y"]["scale"] = y_scale;
    layer["encoding"]["y"]["axis"] = y_axis;
  }
  for (const Benchmark& benchmark : input.benchmarks) {
    if (benchmark.unit != plan.unit || plan.scale * benchmark.value > plan.top) continue;
    Json layer = fragment(R"({"layer": [
      {"mark": {"type": "rule", "color": "#555", "strokeWidth": 1, "strokeDash": [6, 2, 1, 2]}, "encoding": {}},
      {"mark": {"type": "text", "color": "#444", "fontSize": 10, "align": "left", "baseline": "bottom", "dy": -2},
       "encoding": {"x": {"value": 3}, "text": {"field": "label"}}}]})");
    layer["data"]["values"] = Json::array({{{"value", plan.scale * benchmark.value}, {"label", benchmark.label}}});
    for (Json& part : layer["layer"]) {
      part["encoding"]["y"] = {{"field", "value"}, {"type", "quantitative"}, {"scale", y_scale}, {"axis", y_axis}};
    }
    panel["layer"].push_back(layer);
  }
  panel["layer"].push_back(marked_dates(request.mark, input.window, x, plan.width > 300));
  return panel;
}

}  // namespace

std::optional<Figure> draw_fan(const ReportInput& input, const FigureRequest& request) {
  Figure figure;
  figure.name = request.name;
  const std::string help = help_of_series(input, request.series);
  figure.title = request.title.empty() ? help + ", week by week" : request.title;

  Table table({{"arm", ""},
               {"label", ""},
               {"series", ""},
               {"unit", ""},
               {"week", ""},
               {"date", ""},
               {"q025", ""},
               {"q10", ""},
               {"q25", ""},
               {"q50", ""},
               {"q75", ""},
               {"q90", ""},
               {"q975", ""}});
  std::vector<const ArmText*> arms;
  double low = 0;
  double high = 0;
  std::string unit;
  double scale = 1;  // shares are drawn in 100
  for (const ArmText* arm : arms_of(input, request)) {
    const std::vector<const SeriesRow*> rows = rows_of(input, arm->name, request.series);
    if (rows.empty()) continue;
    arms.push_back(arm);
    for (const SeriesRow* row : rows) {
      if (std::isnan(row->q50)) continue;  // nothing to measure in that week, in any replicate
      unit = row->unit;
      scale = unit == "share" ? 100 : 1;
      const auto cell = [scale](double value) { return std::isnan(value) ? Cell{} : Cell{scale * value}; };
      low = std::min(low, scale * row->q025);
      high = std::max(high, scale * row->q975);
      table.add({arm->name, arm->label, row->series, scale > 1 ? "in 100" : row->unit, static_cast<double>(row->week),
                 row->date.iso(), cell(row->q025), cell(row->q10), cell(row->q25), cell(row->q50), cell(row->q75),
                 cell(row->q90), cell(row->q975)});
    }
    const SeriesRow& last = *rows.back();
    figure.alt += fmt::format("{}{}: on {} the median is {}, and 95 in 100 runs give {}.",
                              figure.alt.empty() ? "" : " ", arm->label, last.date.in_words(),
                              rounded(scale * last.q50, 0), rounded_range(scale * last.q025, scale * last.q975, 0));
  }
  if (table.empty()) return std::nullopt;

  figure.caption =
      fmt::format("At the end of each week; bands hold half, 80 and 95 in 100 of {} in every arm, lines are medians.",
                  runs_in_words(input));
  if (!request.mark.empty()) figure.caption += " Dotted: dates that were promised or asked about.";
  std::vector<std::string> elsewhere;
  for (const Benchmark& benchmark : input.benchmarks) {
    if (benchmark.unit != unit) elsewhere.push_back(fmt::format("{} ({})", benchmark.label, benchmark.printed));
  }
  if (!elsewhere.empty()) figure.caption += fmt::format(" Not drawn, being in another unit: {}.", listed(elsewhere));
  figure.caption += " " + sources_in_words(input);
  figure.csv = table.csv();

  PanelPlan plan;
  plan.unit = unit;
  plan.title = request.axis.empty() ? upper_first(axis_unit(unit, "", false)) : request.axis;
  plan.scale = scale;
  plan.comparator_shown = arms.size() > 1 && arms.front() == &input.arms.front();
  const std::size_t columns = columns_of(arms.size(), columns_most);
  if (columns < columns_most) {
    plan.width = columns == 1 ? 560 : 280;
    plan.height = columns == 1 ? 230 : 170;
  }
  const double head_room = request.mark.empty() ? 1.02 : 1.04 + 0.1 * static_cast<double>(request.mark.size());
  plan.top = high > 0 ? high * head_room : 1;
  for (const int most : {4, 6}) {  // one tick above nought says too little
    plan.ticks = round_steps(low, high, most);
    while (plan.ticks.back() > plan.top) plan.ticks.pop_back();
    if (plan.ticks.size() > 2) break;
  }
  for (const ArmText* arm : arms) {
    plan.title_lines = std::max(plan.title_lines, panel_title(arm->label, plan.width)["text"].size());
  }

  Json spec = frame(figure, "", {"date", "week", "q025", "q10", "q25", "q50", "q75", "q90", "q975"});
  spec["spacing"] = 12;
  spec["vconcat"] = Json::array({key(input.arms.front().label, plan.comparator_shown)});
  for (std::size_t from = 0; from < arms.size(); from += columns) {
    Json row = {{"spacing", fan_gap}, {"hconcat", Json::array()}};
    for (std::size_t i = from; i < std::min(from + columns, arms.size()); ++i) {
      row["hconcat"].push_back(arm_panel(input, request, *arms[i], i == from, plan));
    }
    spec["vconcat"].push_back(row);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
