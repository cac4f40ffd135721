// What is measured by the items of a list (years, types, kinds of victims): a panel an outcome, arms side by side.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr std::size_t item_panels_in_row = 2;
constexpr double items_panel_width = 262;
constexpr double items_panel_height = 140;
constexpr double items_axis_room = 58;  // beside every panel, so that they stand in line
constexpr double item_letter_width = 6.2;
constexpr double million = 1e6;

/// One panel: an outcome by the items of a list, at one item of its second list if it has two.
struct ItemsPanel {
  std::string name;   // of its rows in the CSV
  std::string title;  // what is measured
  double scale = 1;   // shares are drawn in 100
  double low = 0, high = 0;
  std::vector<std::string> items;
};

const OutcomeField* drawn_field(const ReportInput& input, const std::string& name) {
  for (const OutcomeField& field : input.outcome_fields)
    if (field.name == name) return &field;
  return nullptr;
}

/// "2026/27, theft: people" of two lists is of 2026/27 and of "theft: people".
std::pair<std::string, std::string> parts_of_item(const std::string& item, std::size_t lists) {
  const std::size_t at = lists > 1 ? item.find(", ") : std::string::npos;
  if (at == std::string::npos) return {item, ""};
  return {item.substr(0, at), item.substr(at + 2)};
}

/// Colours and shapes of arms with their names, and what lines mean.
Json arms_key(const std::vector<const ArmText*>& arms, const ReportInput& input) {
  Json key = fragment(R"({"height": 30, "data": {"values": [{}]}, "layer": []})");
  key["width"] = 2 * items_panel_width + 60;
  double x = 0, y = 7;
  for (const ArmText* arm : arms) {
    const Look& its = look(static_cast<std::size_t>(arm - input.arms.data()));
    const double width = 16 + item_letter_width * static_cast<double>(letters_in(arm->label)) + 18;
    if (x > 0 && x + width > key["width"].get<double>()) {
      x = 0;
      y += 16;
      key["height"] = key["height"].get<double>() + 16;
    }
    Json point = fragment(R"({"mark": {"type": "point", "filled": true, "size": 42, "opacity": 1}})");
    point["mark"]["color"] = its.colour;
    point["mark"]["shape"] = its.shape;
    point["encoding"] = {{"x", {{"value", x + 6}}}, {"y", {{"value", y}}}};
    Json text = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"}})");
    text["mark"]["text"] = arm->label;
    text["encoding"] = {{"x", {{"value", x + 16}}}, {"y", {{"value", y}}}};
    key["layer"].push_back(point);
    key["layer"].push_back(text);
    x += width;
  }
  Json words = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle", "color": "#444",
    "text": "points: means; thick lines: half of the runs; thin lines: 95 in 100"}})");
  words["encoding"] = {{"x", {{"value", 0}}}, {"y", {{"value", y + 16}}}};
  key["layer"].push_back(words);
  return key;
}

Json by_arms(const std::vector<const ArmText*>& arms, const Json& range) {
  Json names = Json::array();
  for (const ArmText* arm : arms) names.push_back(arm->name);
  return {{"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}, {"range", range}}}, {"legend", nullptr}};
}

Json draw_panel(const ItemsPanel& panel, const std::vector<const ArmText*>& arms, const ReportInput& input,
                std::size_t title_lines) {
  Json colours = Json::array(), shapes = Json::array(), names = Json::array();
  for (const ArmText* arm : arms) {
    const Look& its = look(static_cast<std::size_t>(arm - input.arms.data()));
    colours.push_back(its.colour);
    shapes.push_back(its.shape);
    names.push_back(arm->name);
  }
  Json drawn = fragment(R"({
    "layer": [
      {"mark": {"type": "rule", "strokeWidth": 1.2}, "encoding": {"y": {"field": "q025"}, "y2": {"field": "q975"}}},
      {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.55}, "encoding": {"y": {"field": "q25"}, "y2": {"field": "q75"}}},
      {"mark": {"type": "point", "filled": true, "size": 34, "opacity": 1}, "encoding": {"y": {"field": "mean"}}}
    ]
  })");
  drawn["title"] = panel_title(panel.title, items_panel_width, title_lines);
  drawn["width"] = items_panel_width;
  drawn["height"] = items_panel_height;
  drawn["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", panel.name}}}}});
  std::vector<double> ticks = round_steps(panel.low, panel.high, 4);
  const double top = std::max(panel.high, ticks.back());
  for (Json& layer : drawn["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"] = {{"field", "item"},
                     {"type", "nominal"},
                     {"sort", nullptr},
                     {"scale", {{"paddingInner", 0.3}, {"paddingOuter", 0.1}}},
                     {"axis", {{"title", nullptr}, {"labelAngle", 0}, {"labelLimit", 120}, {"ticks", false}}}};
    encoding["xOffset"] = {{"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}}}};
    encoding["y"].update(
        {{"type", "quantitative"},
         {"scale", {{"domain", {ticks.front(), top}}, {"nice", false}}},
         {"axis", {{"values", ticks}, {"title", nullptr}, {"labelOverlap", false}, {"minExtent", items_axis_room}}}});
    if (top >= million)
      encoding["y"]["axis"]["labelExpr"] = "datum.value == 0 ? '0' : format(datum.value / 1e6, ',~r') + ' million'";
    encoding["color"] = by_arms(arms, colours);
    if (layer["mark"]["type"] == "point") encoding["shape"] = by_arms(arms, shapes);
  }
  return drawn;
}

}  // namespace

std::optional<Figure> draw_items(const ReportInput& input, const FigureRequest& request) {
  Figure figure;
  figure.name = request.name;
  figure.title = request.title;
  Table table({{"panel", ""},
               {"outcome", ""},
               {"item", ""},
               {"of", ""},
               {"arm", ""},
               {"label", ""},
               {"unit", ""},
               {"mean", ""},
               {"mc_error", ""},
               {"q025", ""},
               {"q25", ""},
               {"q75", ""},
               {"q975", ""},
               {"spread", ""}});
  const std::vector<const ArmText*> arms = arms_of(input, request);
  std::vector<ItemsPanel> panels;
  for (const std::string& outcome : request.outcomes) {
    const OutcomeField* field = drawn_field(input, outcome);
    if (field == nullptr) continue;
    const std::size_t lists = lists_of(field->by_item).size();
    for (const EstimateRow& row : input.estimates.rows) {
      if (row.outcome != outcome || !row.versus.empty() || row.statistic != "mean" || std::isnan(row.estimate))
        continue;
      const auto arm = std::find_if(arms.begin(), arms.end(), [&](const ArmText* a) { return a->name == row.arm; });
      if (arm == arms.end()) continue;
      const auto [item, of] = parts_of_item(row.item, lists);
      const std::string name = of.empty() ? outcome : outcome + ", " + of;
      auto panel = std::find_if(panels.begin(), panels.end(), [&](const ItemsPanel& p) { return p.name == name; });
      if (panel == panels.end()) {
        ItemsPanel fresh;
        fresh.name = name;
        const std::string label = label_of(input, outcome);
        const std::string unit = axis_unit(row.unit, label, is_labelled(input, outcome));
        fresh.title = with_axis_unit(of.empty() ? label : label + ": " + of, unit);
        fresh.scale = row.unit == "share" ? 100 : 1;
        panels.push_back(fresh);
        panel = panels.end() - 1;
      }
      const auto quantile = [&](const char* which) {
        const EstimateRow* found = input.estimates.find(row.arm, outcome, row.item, which);
        return found == nullptr ? row.estimate : found->estimate;
      };
      const double scale = panel->scale;
      const double q025 = scale * quantile("quantile 0.025"), q975 = scale * quantile("quantile 0.975");
      panel->low = std::min(panel->low, q025);
      panel->high = std::max({panel->high, q975, scale * row.estimate});
      table.add({name, outcome, item, of, row.arm, (*arm)->label, scale > 1 ? "in 100" : row.unit, scale * row.estimate,
                 scale * row.mc_error, q025, scale * quantile("quantile 0.25"), scale * quantile("quantile 0.75"), q975,
                 std::string(row.spread == Spread::futures ? "futures" : "parameters")});
      figure.alt += fmt::format("{}{}, {}, {}: {} ({}).", figure.alt.empty() ? "" : " ", panel->title, item,
                                (*arm)->label, rounded(scale * row.estimate, scale * row.mc_error),
                                rounded_range(q025, q975, scale * row.mc_error));
    }
  }
  if (table.empty()) return std::nullopt;
  if (figure.title.empty()) figure.title = panels.front().title;
  figure.caption = fmt::format(
      "Means, with half and 95 in 100 of {} in every arm: unknown figures and luck together (spread: futures). {}",
      runs_in_words(input), sources_in_words(input));
  figure.csv = table.csv();

  Json spec = frame(figure, "", {"mean", "mc_error", "q025", "q25", "q75", "q975"});
  spec["spacing"] = 12;
  spec["vconcat"] = Json::array({arms_key(arms, input)});
  for (std::size_t from = 0; from < panels.size(); from += item_panels_in_row) {
    const std::size_t to = std::min(from + item_panels_in_row, panels.size());
    std::size_t title_lines = 1;
    for (std::size_t i = from; i < to; ++i)
      title_lines = std::max(title_lines, panel_title(panels[i].title, items_panel_width)["text"].size());
    Json row = {{"spacing", 18}, {"hconcat", Json::array()}};
    for (std::size_t i = from; i < to; ++i) row["hconcat"].push_back(draw_panel(panels[i], arms, input, title_lines));
    row["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent", "xOffset": "independent"}})");
    spec["vconcat"].push_back(row);
  }
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
