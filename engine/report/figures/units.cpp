// Units of one service side by side: each alone, and drawn together with the others, with the ranks it may have.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double unit_row_height = 24;
constexpr double unit_names_width = 76;
constexpr double ranks_width = 62;
constexpr double unit_gap = 10;

/// One unit in one analysis.
struct UnitRow {
  std::string name;
  const EffectRow* alone = nullptr;
  const EffectRow* among = nullptr;
  const EffectRow* rank = nullptr;
};

struct UnitPanel {
  const AnalysisResult* analysis = nullptr;
  const EffectRow* typical = nullptr;
  std::vector<UnitRow> rows;
  double low = 0, high = 0;
  std::vector<double> ticks;
};

UnitPanel panel_of(const AnalysisResult& analysis) {
  UnitPanel panel;
  panel.analysis = &analysis;
  for (const EffectRow& row : analysis.effects) {
    if (row.term == "a typical unit") panel.typical = &row;
    if (row.measure.ends_with(", alone")) panel.rows.push_back({row.term, &row, nullptr, nullptr});
    if (panel.rows.empty() || panel.rows.back().name != row.term) continue;
    if (row.measure.ends_with(", among others")) panel.rows.back().among = &row;
    if (row.measure == "rank from the lowest") panel.rows.back().rank = &row;
  }
  std::erase_if(panel.rows, [](const UnitRow& row) { return row.among == nullptr || row.rank == nullptr; });
  return panel;
}

/// The axis holds what is drawn together; a unit's own limits as far as twice beyond it.
void set_axis(UnitPanel& panel) {
  double low = INFINITY, high = 0;
  for (const UnitRow& row : panel.rows) {
    low = std::min(low, row.among->interval.low);
    high = std::max(high, row.among->interval.high);
  }
  double widest_low = low, widest_high = high;
  for (const UnitRow& row : panel.rows) {
    if (row.alone->interval.low > 0) widest_low = std::min(widest_low, row.alone->interval.low);
    if (std::isfinite(row.alone->interval.high)) widest_high = std::max(widest_high, row.alone->interval.high);
  }
  panel.low = std::max(widest_low, low / 2) / 1.08;
  panel.high = std::min(widest_high, high * 2) * 1.08;
  panel.ticks = ratio_ticks(panel.low, panel.high);
  while (panel.ticks.size() > 6) std::erase_if(panel.ticks, [n = 0](double) mutable { return n++ % 2 == 1; });
}

std::string ranks_of(const EffectRow& rank) {
  const std::string low = whole_number(rank.interval.low), high = whole_number(rank.interval.high);
  return low == high ? low : low + " to " + high;
}

Json rows_scale(std::size_t rows) {
  return {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
}

/// Words at the left or right of the rows, from a column of the data.
Json words_panel(const std::string& column, const std::string& title, double width, std::size_t rows,
                 const std::string& number) {
  Json panel = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"}, "encoding": {}})");
  if (!title.empty()) panel["title"] = panel_title(title, width, 2);
  panel["width"] = width;
  panel["height"] = unit_row_height * static_cast<double>(rows);
  panel["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", number}}}}});
  panel["encoding"]["text"] = {{"field", column}};
  panel["encoding"]["x"] = {{"value", 0}};
  panel["encoding"]["y"] = {{"field", "row"}, {"type", "quantitative"}, {"axis", nullptr}, {"scale", rows_scale(rows)}};
  return panel;
}

Json plot_panel(const UnitPanel& from, const std::string& number, double width) {
  Json panel = fragment(R"json({
    "layer": [
      {"mark": {"type": "rule", "color": "#111", "strokeDash": [4, 3]}, "encoding": {"x": {"field": "typical"}}},
      {"transform": [{"calculate": "datum.row - 0.17", "as": "up"}],
       "mark": {"type": "rule", "color": "#999", "strokeWidth": 1.2, "clip": true},
       "encoding": {"x": {"field": "alone_low"}, "x2": {"field": "alone_high"}, "y": {"field": "up"}}},
      {"transform": [{"calculate": "datum.row - 0.17", "as": "up"}],
       "mark": {"type": "point", "shape": "circle", "size": 34, "fill": "white", "stroke": "#777", "strokeWidth": 1.3,
         "opacity": 1, "clip": true},
       "encoding": {"x": {"field": "alone"}, "y": {"field": "up"}}},
      {"transform": [{"calculate": "datum.row + 0.17", "as": "down"}],
       "mark": {"type": "rule", "color": "#0072B2", "strokeWidth": 2.4, "clip": true},
       "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row + 0.17", "as": "down"}],
       "mark": {"type": "point", "shape": "square", "filled": true, "size": 44, "color": "#0072B2", "opacity": 1},
       "encoding": {"x": {"field": "value"}, "y": {"field": "down"}}}
    ]
  })json");
  panel["title"] = panel_title(from.analysis->label.empty() ? from.analysis->name : from.analysis->label, width, 2);
  panel["width"] = width;
  panel["height"] = unit_row_height * static_cast<double>(from.rows.size());
  panel["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", number}}}}});
  const EffectRow& typical = *from.typical;
  panel["layer"][0]["data"]["values"] = Json::array({{{"typical", typical.estimate}, {"panel", number}}});
  const std::string unit = typical.unit.empty() ? "" : ", " + typical.unit;
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"type", "log"}, {"domain", {from.low, from.high}}, {"nice", false}};
    x["axis"] = {{"values", from.ticks},
                 {"title", lines(upper_first(typical.measure) + unit + " (log scale)", 34)},
                 {"labelOverlap", false},
                 {"format", ",~f"}};
    if (!layer["encoding"].contains("y")) continue;
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["axis"] = nullptr;
    y["scale"] = rows_scale(from.rows.size());
  }
  return panel;
}

}  // namespace

std::optional<Figure> draw_units(const ReportInput& input, const FigureRequest& request) {
  if (!input.people) return std::nullopt;
  std::vector<UnitPanel> panels;
  for (const AnalysisResult* each : analyses_of(input, request)) {
    UnitPanel panel = panel_of(*each);
    if (panel.rows.empty() || panel.typical == nullptr) continue;
    if (!panels.empty() && panel.rows.size() != panels.front().rows.size()) continue;
    if (panels.size() < 2) panels.push_back(std::move(panel));
  }
  if (panels.empty()) return std::nullopt;
  // One order for all: that of the first analysis, the lowest on top.
  std::vector<std::string> order;
  std::sort(panels.front().rows.begin(), panels.front().rows.end(),
            [](const UnitRow& a, const UnitRow& b) { return a.among->estimate < b.among->estimate; });
  for (const UnitRow& row : panels.front().rows) order.push_back(row.name);
  for (UnitPanel& panel : panels) {
    std::sort(panel.rows.begin(), panel.rows.end(), [&](const UnitRow& a, const UnitRow& b) {
      return std::find(order.begin(), order.end(), a.name) < std::find(order.begin(), order.end(), b.name);
    });
    set_axis(panel);
  }

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;
  Table table({{"panel", ""},
               {"analysis", ""},
               {"row", ""},
               {"unit", ""},
               {"alone", ""},
               {"alone_low", ""},
               {"alone_high", ""},
               {"value", ""},
               {"low", ""},
               {"high", ""},
               {"ranks", ""}});
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const UnitPanel& panel = panels[p];
    figure.alt += fmt::format("{}{}:", p == 0 ? "" : " ",
                              panel.analysis->label.empty() ? panel.analysis->name : panel.analysis->label);
    for (std::size_t i = 0; i < panel.rows.size(); ++i) {
      const UnitRow& row = panel.rows[i];
      const auto inside = [&](double value) { return std::clamp(value, panel.low, panel.high); };
      table.add({std::to_string(p + 1), panel.analysis->name, static_cast<double>(i + 1), row.name,
                 row.alone->estimate > 0 ? Cell{row.alone->estimate} : Cell{}, inside(row.alone->interval.low),
                 inside(row.alone->interval.high), row.among->estimate, row.among->interval.low,
                 row.among->interval.high, ranks_of(*row.rank)});
      figure.alt += fmt::format(" {} {}, rank {}{}", row.name, table_number(row.among->estimate), ranks_of(*row.rank),
                                i + 1 == panel.rows.size() ? "." : ";");
    }
  }
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Open circles and thin lines: each unit alone, with its 95% limits. Squares and thick lines: drawn together as "
      "far "
      "as units are alike, with 95 in 100 of what the data leave possible; dashed: a typical unit. Ranks count from "
      "the "
      "lowest; those given hold with a chance of 95 in 100. {}",
      people_source(input));

  const auto count = static_cast<double>(panels.size());
  const double width = std::min(340.0, (full_width - unit_names_width - count * (ranks_width + 2 * unit_gap)) / count);
  Json spec = frame(figure, "", {"row", "alone", "alone_low", "alone_high", "value", "low", "high"});
  spec["spacing"] = unit_gap;
  spec["hconcat"] = Json::array({words_panel("unit", "", unit_names_width, order.size(), "1")});
  for (std::size_t p = 0; p < panels.size(); ++p) {
    spec["hconcat"].push_back(plot_panel(panels[p], std::to_string(p + 1), width));
    spec["hconcat"].push_back(
        words_panel("ranks", "Rank, from the lowest", ranks_width, order.size(), std::to_string(p + 1)));
  }
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
