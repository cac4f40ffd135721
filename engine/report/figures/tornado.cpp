// What decides: the outcome with each uncertain figure at its lowest and at its highest, the others drawn as ever.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double tornado_row_height = 40;
constexpr double tornado_label_width = 190;
constexpr double tornado_width = 440;

struct TornadoPanel {
  const ArmText* arm = nullptr;
  double base = 0;
  std::string base_words;
  std::vector<const InfluenceRow*> rows;  // the widest first
};

double reach(const InfluenceRow& row) { return std::abs(row.at_high - row.at_low); }

std::optional<TornadoPanel> panel_of(const ReportInput& input, const FigureRequest& request, const ArmText& arm) {
  TornadoPanel panel;
  panel.arm = &arm;
  const EstimateRow* base = input.estimates.find(arm.name, request.of, request.item, "chance");
  if (base == nullptr) base = input.estimates.find(arm.name, request.of, request.item, "mean");
  if (base == nullptr) return std::nullopt;
  const bool chance = base->statistic == "chance";
  const double scale = chance || base->unit == "share" ? 100 : 1;
  panel.base = base->estimate * scale;
  panel.base_words = "None held: " + (chance ? bare_in_100(base->estimate, base->mc_error)
                                             : with_minus_sign(rounded(panel.base, scale * base->mc_error)));
  for (const InfluenceRow& row : input.estimates.influence) {
    if (row.arm == arm.name && row.outcome == request.of && row.item == request.item && row.parameter != "(luck)" &&
        !std::isnan(row.at_low) && !std::isnan(row.at_high)) {
      panel.rows.push_back(&row);
    }
  }
  if (panel.rows.empty()) return std::nullopt;
  std::stable_sort(panel.rows.begin(), panel.rows.end(),
                   [](const InfluenceRow* a, const InfluenceRow* b) { return reach(*a) > reach(*b); });
  return panel;
}

/// What a figure is held at, as the file has it ("128 cases a month"). Where a label of the file's own says what is
/// counted, the model's word for it is left out: "Group sessions: 3", not 3 courses.
std::string end_in_words(const ReportInput& input, const InfluenceRow& row, double value) {
  const auto source = std::find_if(input.sources.begin(), input.sources.end(),
                                   [&](const FigureSource& each) { return each.name == row.parameter; });
  if (source == input.sources.end()) return value_in_words(value, row.unit);
  return value_as_printed(value, unit_beside(source->label, Unit::parse(row.unit)).text(), source->printed);
}

Json labels_panel(const TornadoPanel& panel) {
  Json labels = fragment(R"({
    "mark": {"type": "text", "align": "right", "baseline": "middle"},
    "encoding": {"text": {"field": "words"}}
  })");
  Json values = Json::array();
  for (std::size_t i = 0; i < panel.rows.size(); ++i) {
    const std::string words = broken(panel.rows[i]->label, 32);
    const double up = 6.5 * static_cast<double>(line_count(words) - 1);
    values.push_back({{"words", words}, {"y", (static_cast<double>(i) + 0.5) * tornado_row_height - up}});
  }
  const double height = tornado_row_height * static_cast<double>(panel.rows.size());
  labels["width"] = tornado_label_width;
  labels["height"] = height;
  labels["data"]["values"] = values;
  labels["encoding"]["x"] = {{"value", tornado_label_width - 2}};
  labels["encoding"]["y"] = {{"field", "y"},
                             {"type", "quantitative"},
                             {"axis", nullptr},
                             {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return labels;
}

Json bars_panel(const TornadoPanel& panel, const std::vector<double>& ticks, const Json& domain, const Json& title) {
  Json bars = fragment(R"({
    "layer": [
      {"mark": {"type": "bar", "height": 17},
       "encoding": {"x": {"field": "base"}, "x2": {"field": "value"},
         "color": {"field": "end", "type": "nominal", "legend": null,
                   "scale": {"domain": ["lowest", "highest"], "range": ["#F0B545", "#0072B2"]}}}},
      {"transform": [{"filter": "datum.side == 'left'"}],
       "mark": {"type": "text", "align": "right", "dx": -5, "baseline": "middle", "fontSize": 10.5},
       "encoding": {"x": {"field": "label_at"}, "text": {"field": "set_to_words"}}},
      {"transform": [{"filter": "datum.side == 'right'"}],
       "mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle", "fontSize": 10.5},
       "encoding": {"x": {"field": "label_at"}, "text": {"field": "set_to_words"}}},
      {"data": {}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.2},
       "encoding": {"x": {"field": "base"}}},
      {"data": {}, "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold"},
       "encoding": {"x": {"field": "base"}, "y": {"value": 0}, "text": {"field": "words"}}}
    ]
  })");
  const auto rows = static_cast<double>(panel.rows.size());
  bars["width"] = tornado_width;
  bars["height"] = tornado_row_height * rows;
  bars["transform"] = Json::array({{{"filter", {{"field", "arm"}, {"equal", panel.arm->name}}}}});
  for (Json& layer : bars["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"]["type"] = "quantitative";
    encoding["x"]["scale"] = {{"domain", domain}, {"nice", false}, {"zero", false}, {"padding", 0}};
    encoding["x"]["axis"] = {
        {"values", ticks}, {"title", title}, {"labelOverlap", false}, {"labelExpr", "replace(datum.label, '-', '−')"}};
    if (layer.contains("data")) {
      layer["data"]["values"] = Json::array({{{"base", panel.base}, {"words", panel.base_words}}});
    } else {
      encoding["y"] = {{"field", "row"},
                       {"type", "quantitative"},
                       {"axis", nullptr},
                       {"scale", {{"domain", {rows + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
    }
  }
  return bars;
}

}  // namespace

std::optional<Figure> draw_tornado(const ReportInput& input, const FigureRequest& request) {
  Figure figure;
  figure.name = request.name;
  const std::string label = with_item(label_of(input, request.of), request.item);
  figure.title = request.title.empty() ? "What decides: " + lower_first(label) : request.title;

  std::vector<TornadoPanel> panels;
  for (const ArmText* arm : arms_of(input, request)) {
    if (std::optional<TornadoPanel> panel = panel_of(input, request, *arm)) panels.push_back(std::move(*panel));
  }
  if (panels.empty()) return std::nullopt;
  const TornadoPanel& first = panels.front();
  const bool chance = input.estimates.find(first.arm->name, request.of, request.item, "chance") != nullptr;
  const EstimateRow* base = input.estimates.find(first.arm->name, request.of, request.item, chance ? "chance" : "mean");
  const double scale = chance || base->unit == "share" ? 100 : 1;
  const std::string unit = scale > 1 ? "in 100" : base->unit;

  Table table({{"arm", ""},
               {"row", ""},
               {"parameter", ""},
               {"label", ""},
               {"end", ""},
               {"set_to", ""},
               {"unit", ""},
               {"value", unit},
               {"mc_error", unit},
               {"base", unit},
               {"side", ""},
               {"label_at", unit},
               {"set_to_words", ""}});
  double low = first.base;
  double high = first.base;
  double error = 0;
  for (const TornadoPanel& panel : panels) {
    low = std::min(low, panel.base);
    high = std::max(high, panel.base);
    for (std::size_t i = 0; i < panel.rows.size(); ++i) {
      const InfluenceRow& row = *panel.rows[i];
      // The lesser of the two ends is named on the left, also where both are on one side of the base: then beyond the
      // base's line, not on it. The longer bar is drawn first, so that the shorter one is seen on it.
      const bool low_left = row.at_low <= row.at_high;
      const auto add = [&](const char* end, double set_to, double at, double its_error, bool left) {
        low = std::min(low, scale * at);
        high = std::max(high, scale * at);
        error = std::max(error, scale * its_error);
        table.add({panel.arm->name, static_cast<double>(i + 1), row.parameter, row.label, std::string(end), set_to,
                   row.unit, scale * at, scale * its_error, panel.base, std::string(left ? "left" : "right"),
                   left ? std::min(panel.base, scale * at) : std::max(panel.base, scale * at),
                   end_in_words(input, row, set_to)});
      };
      const auto lowest = [&] { add("lowest", row.low_value, row.at_low, row.at_low_error, low_left); };
      const auto highest = [&] { add("highest", row.high_value, row.at_high, row.at_high_error, !low_left); };
      const bool low_longer = std::abs(scale * row.at_low - panel.base) >= std::abs(scale * row.at_high - panel.base);
      if (low_longer) lowest();
      highest();
      if (!low_longer) lowest();
      figure.alt += fmt::format("{}{}: {} at {}, {} at {}.", figure.alt.empty() ? "" : " ", row.label,
                                with_minus_sign(rounded(scale * row.at_low, scale * row.at_low_error)),
                                end_in_words(input, row, row.low_value),
                                with_minus_sign(rounded(scale * row.at_high, scale * row.at_high_error)),
                                end_in_words(input, row, row.high_value));
    }
  }
  figure.caption = fmt::format(
      "{}{}, with one figure held at its lowest (pale) or highest (dark) value, named at the bar's ends, and all "
      "others "
      "drawn as ever. {}; Monte Carlo error of a bar at most {}. {}",
      upper_first(label),
      chance      ? ", in 100 runs"
      : scale > 1 ? ", mean in 100"
                  : ", mean",
      upper_first(runs_in_words(input)), rounded(error, std::pow(10.0, std::floor(std::log10(error > 0 ? error : 1)))),
      sources_in_words(input));
  figure.csv = table.csv();

  const std::vector<double> steps = round_steps(low, high, 6);
  const double from = chance ? std::max(0.0, steps.front()) : steps.front();
  const double to = chance ? std::min(100.0, steps.back()) : steps.back();
  std::vector<double> ticks;
  for (const double tick : steps) {
    if (tick >= from && tick <= to) ticks.push_back(tick);
  }
  const double room = 0.24 * (high - low > 0 ? high - low : 1);  // for the words at both ends
  const Json domain = {std::min(from, low - room), std::max(to, high + room)};
  const Json title =
      lines(upper_first(chance ? label + ", in 100 runs"
                               : with_axis_unit(label, axis_unit(base->unit, label, is_labelled(input, request.of)))),
            84);

  Json spec = frame(figure, panels.size() == 1 ? first.arm->label : "",
                    {"row", "set_to", "value", "mc_error", "base", "label_at"});
  spec["spacing"] = 22;
  spec["vconcat"] = Json::array();
  for (const TornadoPanel& panel : panels) {
    Json row = {{"spacing", 10}, {"hconcat", {labels_panel(panel), bars_panel(panel, ticks, domain, title)}}};
    if (panels.size() > 1) row["title"] = {{"text", panel.arm->label}, {"fontSize", 12}};
    spec["vconcat"].push_back(row);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
