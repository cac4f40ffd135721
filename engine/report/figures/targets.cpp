// Printed figures beside what the calibrated model gives for as many people: does it give what was printed?
#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double target_row_height = 40;
constexpr double target_names_width = 176;
constexpr double target_plot_width = 234;
constexpr double target_words_width = 86;
constexpr double target_gap = 8;
constexpr double line_of_words = 13;
constexpr std::size_t letters_of_target = 31;
constexpr std::size_t letters_of_words = 15;
constexpr double widest_point = 0.015;  // of the axis: a printed range that is narrower is drawn as a point
constexpr std::size_t most_named_misfits = 3;
/// Figures of one unit stand on one axis unless one is more than so many times another.
constexpr double most_times_on_one_axis = 14;
constexpr double within_95 = 1.959964;  // standard normal quantile of 0.975

/// One printed figure and its model's, in the unit that is drawn (of a share: in 100).
struct TargetRow {
  std::size_t target = 0;
  double printed_low = 0, printed_high = 0, chance_low = 0, chance_high = 0;
  SpreadOf model;
  bool fits = true;
  double size() const { return std::max(std::abs(printed_high), std::isfinite(model.middle) ? model.middle : 0); }
};

/// Rows that share an axis.
struct TargetPanel {
  std::string unit;
  std::vector<TargetRow> rows;
};

TargetRow target_row(const ReportInput& input, std::size_t t) {
  const Target& target = input.calibration->targets[t];
  const TargetFit& fit = input.calibrated->targets[t];
  TargetRow row;
  row.target = t;
  row.model = target.fitted ? fit.afresh : fit.after;
  row.fits = target.high >= row.model.low && target.low <= row.model.high;
  const bool share = input.target_texts.at(t).unit == "share";
  const double scale = share ? 100 : 1;
  const double chance = std::isfinite(fit.chance_sd) ? scale * within_95 * fit.chance_sd : 0;
  row.printed_low = scale * target.low;
  row.printed_high = scale * target.high;
  row.chance_low = row.printed_low - chance;
  row.chance_high = row.printed_high + chance;
  // No count, share or rate is below 0, and no share above 1, where neither the model nor the print has it so.
  if (target.low >= 0 && row.model.low >= 0) row.chance_low = std::max(0.0, row.chance_low);
  if (share && !target.over && target.high <= 1) row.chance_high = std::min(100.0, row.chance_high);
  for (double* each : {&row.model.low, &row.model.inner_low, &row.model.middle, &row.model.inner_high, &row.model.high})
    *each *= scale;
  return row;
}

/// Figures of a unit together, the units in the file's order; of one unit the smallest first where they don't go on one
/// axis.
std::vector<TargetPanel> target_panels(const ReportInput& input) {
  std::vector<TargetPanel> by_unit;
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    if (std::isnan(input.calibrated->targets[t].after.low)) continue;  // never had a value
    const std::string& unit = input.target_texts.at(t).unit;
    auto at = std::find_if(by_unit.begin(), by_unit.end(), [&](const TargetPanel& each) { return each.unit == unit; });
    if (at == by_unit.end()) at = by_unit.insert(by_unit.end(), {unit, {}});
    at->rows.push_back(target_row(input, t));
  }
  std::vector<TargetPanel> panels;
  for (const TargetPanel& all : by_unit) {
    std::vector<TargetRow> rows = all.rows;
    std::stable_sort(rows.begin(), rows.end(),
                     [](const TargetRow& a, const TargetRow& b) { return a.size() < b.size(); });
    double least = 0;
    std::vector<TargetPanel> of_unit;
    for (const TargetRow& row : rows) {
      if (of_unit.empty() || row.size() > most_times_on_one_axis * least) {
        of_unit.push_back({all.unit, {}});
        least = row.size();
      }
      of_unit.back().rows.push_back(row);
    }
    for (TargetPanel& panel : of_unit) {
      std::sort(panel.rows.begin(), panel.rows.end(),
                [](const TargetRow& a, const TargetRow& b) { return a.target < b.target; });
      panels.push_back(std::move(panel));
    }
  }
  return panels;
}

/// "Misfit: any crime in a year lies outside what the model gives in 95 of 100 tables".
std::string target_verdict(const ReportInput& input, const std::vector<TargetPanel>& panels) {
  std::vector<std::size_t> missed;
  std::size_t all = 0;
  for (const TargetPanel& panel : panels)
    for (const TargetRow& row : panel.rows) {
      ++all;
      if (!row.fits) missed.push_back(row.target);
    }
  if (missed.empty())
    return all == 1 ? "What was printed lies in the model's 95% band"
                    : "All that was printed lies in the model's 95% bands";
  std::sort(missed.begin(), missed.end());
  std::string names;
  const std::size_t named = missed.size() <= most_named_misfits ? missed.size() : most_named_misfits - 1;
  for (std::size_t i = 0; i < named; ++i) {
    names += i == 0 ? "" : i + 1 == missed.size() ? " and " : ", ";
    names += "“" + input.calibration->targets[missed[i]].label + "”";
  }
  if (named < missed.size()) names += fmt::format(" and {} more", missed.size() - named);
  const std::string rest = missed.size() == all ? "" : fmt::format("; the other {} inside", all - missed.size());
  return fmt::format("Misfit: {} {} outside the model's 95% band{}", names, missed.size() == 1 ? "lies" : "lie", rest);
}

Json target_scale(std::size_t rows) {
  return {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
}

Json target_filter(std::size_t panel) {
  return Json::array({{{"filter", {{"field", "panel"}, {"equal", std::to_string(panel)}}}}});
}

Json target_words(const std::string& column, const std::string& title, double width, std::size_t rows,
                  std::size_t number) {
  Json panel = fragment(
      R"({"mark": {"type": "text", "align": "left", "baseline": "middle", "lineBreak": "\n"}, "encoding": {}})");
  if (number == 1) panel["title"] = panel_title(title.empty() ? " " : title, width, 1);
  panel["width"] = width;
  panel["height"] = target_row_height * static_cast<double>(rows);
  panel["transform"] = target_filter(number);  // several lines stand about the middle of their row
  panel["transform"].push_back({{"calculate", fmt::format("datum.row - {:.3f} * (length(split(datum.{}, '\\n')) - 1)",
                                                          line_of_words / 2 / target_row_height, column)},
                                {"as", "first_line"}});
  panel["encoding"]["text"] = {{"field", column}};
  panel["encoding"]["x"] = {{"value", 0}};
  panel["encoding"]["y"] = {
      {"field", "first_line"}, {"type", "quantitative"}, {"axis", nullptr}, {"scale", target_scale(rows)}};
  return panel;
}

Json target_plot(const TargetPanel& from, std::size_t number) {
  Json panel = fragment(R"json({
    "layer": [
      {"transform": [{"calculate": "datum.row + 0.2", "as": "down"}],
       "mark": {"type": "rule", "strokeWidth": 11, "opacity": 0.3},
       "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row + 0.2", "as": "down"}],
       "mark": {"type": "rule", "strokeWidth": 11, "opacity": 0.75},
       "encoding": {"x": {"field": "inner_low"}, "x2": {"field": "inner_high"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row + 0.2", "as": "down"}],
       "mark": {"type": "tick", "orient": "vertical", "thickness": 2.5, "size": 15, "opacity": 1},
       "encoding": {"x": {"field": "median"}, "y": {"field": "down"}}},
      {"transform": [{"calculate": "datum.row - 0.2", "as": "up"}],
       "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.2},
       "encoding": {"x": {"field": "chance_low"}, "x2": {"field": "chance_high"}, "y": {"field": "up"}}},
      {"transform": [{"calculate": "datum.row - 0.2", "as": "up"}, {"filter": "!datum.narrow"}],
       "mark": {"type": "rule", "color": "#111", "strokeWidth": 6},
       "encoding": {"x": {"field": "printed_low"}, "x2": {"field": "printed_high"}, "y": {"field": "up"}}},
      {"transform": [{"calculate": "datum.row - 0.2", "as": "up"}, {"filter": "datum.narrow"}],
       "mark": {"type": "point", "shape": "circle", "filled": true, "size": 52, "color": "#111", "opacity": 1},
       "encoding": {"x": {"field": "middle"}, "y": {"field": "up"}}}
    ]
  })json");
  if (number == 1) panel["title"] = panel_title(" ", target_plot_width, 1);
  panel["width"] = target_plot_width;
  panel["height"] = target_row_height * static_cast<double>(from.rows.size());
  panel["transform"] = target_filter(number);
  double low = 0, high = 0;
  for (const TargetRow& row : from.rows)
    for (const double each : {row.chance_low, row.chance_high, row.model.low, row.model.high}) {
      if (!std::isfinite(each)) continue;
      low = std::min(low, each);
      high = std::max(high, each);
    }
  panel["transform"].push_back({{"calculate", "(datum.printed_low + datum.printed_high) / 2"}, {"as", "middle"}});
  panel["transform"].push_back({{"calculate", fmt::format("datum.printed_high - datum.printed_low <= {}",
                                                          shortest(widest_point * (high - low)))},
                                {"as", "narrow"}});
  const std::string unit = from.unit == "share" ? "in 100" : axis_unit(from.unit, "", false);
  const Json x = {{"type", "quantitative"},
                  {"scale", {{"domain", {low, high > low ? 1.03 * high : low + 1}}, {"nice", false}}},
                  {"axis",
                   {{"values", round_steps(low, high, 5)},
                    {"title", unit.empty() ? Json(nullptr) : Json(upper_first(unit))},
                    {"labelOverlap", false}}}};
  for (std::size_t i = 0; i < panel["layer"].size(); ++i) {
    Json& encoding = panel["layer"][i]["encoding"];
    encoding["x"].update(x);
    encoding["y"].update(Json{{"type", "quantitative"}, {"axis", nullptr}, {"scale", target_scale(from.rows.size())}});
    if (i < 3)
      encoding["color"] = fragment(R"({"field": "fits", "type": "nominal", "legend": null,
        "scale": {"domain": ["yes", "no"], "range": ["#0072B2", "#D55E00"]}})");
  }
  return panel;
}

/// What each mark stands for, below the plots.
Json target_key() {
  Json key = fragment(R"json({
    "height": 34,
    "layer": [
      {"data": {"values": [{"at": 0, "end": 30, "row": 1}]},
       "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.2}, "encoding": {"x2": {"field": "end"}}},
      {"data": {"values": [{"at": 15, "row": 1}]},
       "mark": {"type": "point", "shape": "circle", "filled": true, "size": 52, "color": "#111", "opacity": 1},
       "encoding": {}},
      {"data": {"values": [{"at": 0, "end": 30, "row": 2}]},
       "mark": {"type": "rule", "color": "#0072B2", "strokeWidth": 11, "opacity": 0.3},
       "encoding": {"x2": {"field": "end"}}},
      {"data": {"values": [{"at": 7, "end": 23, "row": 2}]},
       "mark": {"type": "rule", "color": "#0072B2", "strokeWidth": 11, "opacity": 0.75},
       "encoding": {"x2": {"field": "end"}}},
      {"data": {"values": [{"at": 15, "row": 2}]},
       "mark": {"type": "tick", "orient": "vertical", "thickness": 2.5, "size": 15, "color": "#0072B2", "opacity": 1},
       "encoding": {}},
      {"data": {"values": [
         {"at": 38, "row": 1, "words": "Printed (a bar: a printed range), and how far chance alone moves such a figure, 95 in 100"},
         {"at": 38, "row": 2, "words": "The model, for as many people: median, 80 and 95 in 100 (orange where it misses what was printed)"}]},
       "mark": {"type": "text", "align": "left", "baseline": "middle"}, "encoding": {"text": {"field": "words"}}}
    ]
  })json");
  const double width = target_names_width + target_plot_width + 2 * target_words_width + 3 * target_gap;
  key["width"] = width;
  for (Json& layer : key["layer"]) {
    layer["encoding"]["x"] = {{"field", "at"},
                              {"type", "quantitative"},
                              {"axis", nullptr},
                              {"scale", {{"domain", {0, width}}, {"nice", false}}}};
    layer["encoding"]["y"] = {{"field", "row"},
                              {"type", "quantitative"},
                              {"axis", nullptr},
                              {"scale", {{"domain", {2.5, 0.5}}, {"nice", false}, {"zero", false}}}};
  }
  return key;
}

void add_target(const ReportInput& input, const TargetRow& row, std::size_t panel, std::size_t place, Table& table,
                std::string& alt) {
  const Target& target = input.calibration->targets[row.target];
  const TargetText& text = input.target_texts.at(row.target);
  const double scale = text.unit == "share" ? 100 : 1;
  const double error = std::max(row.model.low_error, row.model.high_error);
  const auto model_words = [&](const std::string& unit) {
    return spread_words(row.model.low / scale, row.model.high / scale, unit, error / scale);
  };
  const bool in_words = text.unit == "share" || text.unit.starts_with("£");  // of others the axis has the unit
  const std::string label = broken(target.label, letters_of_target) + (target.fitted ? "" : "\n(held out)");
  table.add({std::to_string(panel), static_cast<double>(place), target.name, label,
             std::string(target.fitted ? "yes" : "no"), std::string(row.fits ? "yes" : "no"),
             text.unit == "share" ? std::string("in 100") : text.unit, row.printed_low, row.printed_high,
             row.chance_low, row.chance_high, finite(row.model.low), finite(row.model.inner_low),
             finite(row.model.middle), finite(row.model.inner_high), finite(row.model.high),
             broken(text.printed, letters_of_words), broken(model_words(in_words ? text.unit : ""), letters_of_words)});
  alt += fmt::format("{}{}: printed {}, the model gives {}{}.", alt.empty() ? "" : " ", target.label, text.printed,
                     model_words(text.unit), row.fits ? "" : ", which misses it");
}

}  // namespace

std::optional<Figure> draw_targets(const ReportInput& input, const FigureRequest& request) {
  if (!input.calibrated || std::isinf(input.calibrated->tolerance)) return std::nullopt;  // nothing was met
  const std::vector<TargetPanel> panels = target_panels(input);
  if (panels.empty()) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "What was printed, and what the model gives" : request.title;
  Table table({{"panel", ""},
               {"row", ""},
               {"target", ""},
               {"label", ""},
               {"fitted", ""},
               {"fits", ""},
               {"unit", ""},
               {"printed_low", ""},
               {"printed_high", ""},
               {"chance_low", ""},
               {"chance_high", ""},
               {"low", ""},
               {"inner_low", ""},
               {"median", ""},
               {"inner_high", ""},
               {"high", ""},
               {"printed", ""},
               {"model", ""}});
  bool any_held_out = false;
  for (std::size_t p = 0; p < panels.size(); ++p)
    for (std::size_t i = 0; i < panels[p].rows.size(); ++i) {
      add_target(input, panels[p].rows[i], p + 1, i + 1, table, figure.alt);
      any_held_out = any_held_out || !input.calibration->targets[panels[p].rows[i].target].fitted;
    }
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Bars: what the model gives with the parameters that were learnt, for as many people as the table had; tick: "
      "median. Fitted figures are of new people. {}Lines: printed figures ± 1.96 standard deviations of what chance "
      "alone does to them. {}",
      any_held_out ? "Those held out taught nothing, and are of the same people as met the fitted ones. " : "",
      sources_in_words(input));

  const Json independent = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  Json spec = frame(figure, target_verdict(input, panels),
                    {"row", "printed_low", "printed_high", "chance_low", "chance_high", "low", "inner_low", "median",
                     "inner_high", "high"});
  spec["spacing"] = 12;
  spec["vconcat"] = Json::array();
  for (std::size_t p = 0; p < panels.size(); ++p) {
    const std::size_t rows = panels[p].rows.size();
    spec["vconcat"].push_back(
        {{"spacing", target_gap},
         {"hconcat",
          Json::array({target_words("label", "", target_names_width, rows, p + 1), target_plot(panels[p], p + 1),
                       target_words("printed", "Printed", target_words_width, rows, p + 1),
                       target_words("model", "Model, 95%", target_words_width, rows, p + 1)})},
         {"resolve", independent}});
  }
  spec["vconcat"].push_back(target_key());
  spec["resolve"] = independent;
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
