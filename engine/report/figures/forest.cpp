// Differences with their intervals: a row a comparison, a panel an outcome.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/figures/study_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double forest_row_height = 56;
constexpr double label_width = 150;
constexpr double forest_gap = 12;

/// The limits are the outermost, as on the first screen.
std::string difference_in_words(const HonestyRow& row) {
  std::string value = fewer_or_more(row.difference.value);
  value.resize(value.size() - std::string_view(" in 100").size());
  return fmt::format("{} ({})", value, fewer_to_more(row.difference.envelope.low, row.difference.envelope.high));
}

/// The row's name in bold with, below it, what kind of comparison it is.
struct RowLabel {
  std::string name;      // lines
  std::string estimand;  // lines
};

Json labels_panel(const std::vector<RowLabel>& rows) {
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "text", "align": "left", "baseline": "middle", "fontWeight": "bold"},
       "encoding": {"text": {"field": "name"}, "y": {"field": "name_y"}}},
      {"mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10.5, "color": "#555"},
       "encoding": {"text": {"field": "estimand"}, "y": {"field": "estimand_y"}}}
    ]
  })");
  const double height = forest_row_height * static_cast<double>(rows.size());
  Json values = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    constexpr double line = 13;
    const auto name_lines = static_cast<double>(line_count(rows[i].name));
    const auto all_lines = name_lines + static_cast<double>(line_count(rows[i].estimand));
    const double top = (static_cast<double>(i) + 0.5) * forest_row_height - line * (all_lines - 1) / 2;
    values.push_back({{"name", rows[i].name},
                      {"name_y", top},
                      {"estimand", rows[i].estimand},
                      {"estimand_y", top + line * name_lines}});
  }
  panel["data"]["values"] = values;
  panel["width"] = label_width;
  panel["height"] = height;
  for (Json& layer : panel["layer"]) {
    layer["encoding"]["x"] = {{"value", 0}};
    layer["encoding"]["y"]["type"] = "quantitative";
    layer["encoding"]["y"]["axis"] = nullptr;
    layer["encoding"]["y"]["scale"] = {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}};
  }
  return panel;
}

/// The line of no difference beside each row's interval: not through the words above it.
Json nought_marks(std::size_t rows, const Json& x_scale, const Json& x_axis) {
  constexpr double below_words = 0.15, below_row = 0.5;  // of a row's height, from its middle
  Json marks = fragment(R"({"mark": {"type": "rule", "color": "#111", "strokeWidth": 1},
    "encoding": {"x": {"field": "zero", "type": "quantitative"}, "y": {"field": "from", "type": "quantitative"},
                 "y2": {"field": "to"}}})");
  Json values = Json::array();
  for (std::size_t row = 1; row <= rows; ++row)
    values.push_back(
        {{"zero", 0}, {"from", static_cast<double>(row) + below_words}, {"to", static_cast<double>(row) + below_row}});
  marks["data"]["values"] = values;
  marks["encoding"]["x"]["scale"] = x_scale;
  marks["encoding"]["x"]["axis"] = x_axis;
  marks["encoding"]["y"]["axis"] = nullptr;
  marks["encoding"]["y"]["scale"] = {
      {"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
  return marks;
}

Json outcome_panel(const StudyOutcome& outcome, double width, std::size_t rows, const std::vector<double>& ticks) {
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "rule", "color": "#333", "strokeWidth": 1, "yOffset": 16},
       "encoding": {"x": {"field": "envelope_low"}, "x2": {"field": "envelope_high"}}},
      {"mark": {"type": "rule", "strokeWidth": 2.6, "yOffset": 16},
       "encoding": {"x": {"field": "low"}, "x2": {"field": "high"},
         "color": {"condition": {"test": "datum.selected == 'yes'", "value": "#777"}, "value": "#0072B2"}}},
      {"mark": {"type": "point", "size": 72, "yOffset": 16, "opacity": 1, "strokeWidth": 1.6},
       "encoding": {"x": {"field": "difference"},
         "shape": {"condition": {"test": "datum.selected == 'yes'", "value": "circle"}, "value": "square"},
         "fill": {"condition": {"test": "datum.selected == 'yes'", "value": "white"}, "value": "#0072B2"},
         "stroke": {"condition": {"test": "datum.selected == 'yes'", "value": "#777"}, "value": "#0072B2"}}},
      {"mark": {"type": "text", "fontSize": 10.5, "align": "left", "baseline": "middle", "yOffset": -14, "color": "#333"},
       "encoding": {"x": {"value": 3}, "text": {"field": "people"}}},
      {"mark": {"type": "text", "align": "left", "baseline": "middle", "fontWeight": "bold", "yOffset": 0},
       "encoding": {"x": {"value": 3}, "text": {"field": "in_words"}}},
      {"data": {"values": [{"zero": 0}]}, "mark": {"type": "text", "align": "right", "dx": -7, "baseline": "top",
                "fontWeight": "bold", "text": "fewer ←"},
       "encoding": {"x": {"field": "zero", "type": "quantitative"}}},
      {"data": {"values": [{"zero": 0}]}, "mark": {"type": "text", "align": "left", "dx": 7, "baseline": "top",
                "fontWeight": "bold", "text": "→ more"},
       "encoding": {"x": {"field": "zero", "type": "quantitative"}}}
    ]
  })");
  const double height = forest_row_height * static_cast<double>(rows);
  panel["title"] = panel_title(outcome.label, width, 1);
  panel["width"] = width;
  panel["height"] = height;
  panel["transform"] = Json::array({{{"filter", {{"field", "outcome"}, {"equal", outcome.name}}}}});
  const Json x_scale = {{"domain", {ticks.front(), ticks.back()}}, {"nice", false}};
  const Json x_axis = {{"values", ticks},
                       {"title", "Difference in 100 people"},
                       {"labelOverlap", false},
                       {"labelExpr", "replace(datum.label, '-', '−')"}};
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    if (encoding["x"].contains("field")) {
      encoding["x"]["type"] = "quantitative";
      encoding["x"]["scale"] = x_scale;
      encoding["x"]["axis"] = x_axis;
    }
    if (!layer.contains("data")) {
      encoding["y"] = {
          {"field", "row"},
          {"type", "quantitative"},
          {"axis", nullptr},
          {"scale",
           {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
    } else if (layer["mark"]["type"] == "text") {
      encoding["y"] = {{"value", height + 38}};
    }
  }
  panel["layer"].insert(panel["layer"].begin(), nought_marks(rows, x_scale, x_axis));
  panel["layer"] = with_rims(panel["layer"]);
  return panel;
}

}  // namespace

std::optional<Figure> draw_forest(const ReportInput& input, const FigureRequest& request) {
  const StudyInFigures shown = study_of(input, request, OutcomesShown::headline);
  if (shown.outcomes.empty()) return std::nullopt;

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;
  Table table({{"row", ""},
               {"comparison", ""},
               {"estimand", ""},
               {"selected", ""},
               {"stratum", ""},
               {"outcome", ""},
               {"treated_count", "person"},
               {"treated_people", "person"},
               {"other_count", "person"},
               {"other_people", "person"},
               {"difference", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"envelope_low", "in 100"},
               {"envelope_high", "in 100"},
               {"people", ""},
               {"in_words", ""}});
  std::vector<RowLabel> labels;
  std::vector<std::string> keys;
  double low = 0;
  double high = 0;
  bool any_selected = false;
  bool any_envelope = false;
  for (const HonestyRow& row : shown.result->rows) {
    const bool wanted = std::any_of(shown.outcomes.begin(), shown.outcomes.end(),
                                    [&](const StudyOutcome* outcome) { return outcome->name == row.outcome; });
    if (!wanted) continue;
    const std::string key = row.stratum + "\n" + row.comparison;
    auto place = std::find(keys.begin(), keys.end(), key);
    if (place == keys.end()) {
      keys.push_back(key);
      place = keys.end() - 1;
      labels.push_back({broken(row_label(row), 23), broken(row.estimand, 27)});
    }
    const bool selected = row.estimand.find("selected") != std::string::npos;
    const bool unique = row.difference.envelope.low == row.difference.interval.low &&
                        row.difference.envelope.high == row.difference.interval.high;
    any_selected = any_selected || selected;
    any_envelope = any_envelope || !unique;
    low = std::min({low, 100 * row.difference.envelope.low, 100 * row.difference.interval.low});
    high = std::max({high, 100 * row.difference.envelope.high, 100 * row.difference.interval.high});
    const std::string people = fmt::format("{} of {} against {} of {}", row.x1, row.n1, row.x0, row.n0);
    const std::string words = difference_in_words(row);
    table.add({static_cast<double>(place - keys.begin() + 1), row.comparison, row.estimand,
               std::string(selected ? "yes" : "no"), row.stratum, row.outcome, static_cast<double>(row.x1),
               static_cast<double>(row.n1), static_cast<double>(row.x0), static_cast<double>(row.n0),
               100 * row.difference.value, 100 * row.difference.interval.low, 100 * row.difference.interval.high,
               100 * row.difference.envelope.low, 100 * row.difference.envelope.high, people, words});
    figure.alt += fmt::format("{}{}, {}: {}, {} in 100.", figure.alt.empty() ? "" : " ", row_label(row),
                              lower_first(shown.label(row.outcome)), people, words);
  }
  if (table.empty()) return std::nullopt;

  figure.caption =
      "Difference per 100 people with its 95% interval (Miettinen & Nurminen 1985); counts are people of all people in "
      "the group. Left of the line: fewer among those treated.";
  if (any_selected) {
    figure.caption += " Open circles: people selected by how the course went for them, not comparable with the others.";
  }
  if (any_envelope) figure.caption += " Thin lines, and the limits in words: over every table that the print allows.";
  figure.caption += " " + study_source(input, *shown.study);
  figure.csv = table.csv();

  const std::size_t columns = std::min<std::size_t>(shown.outcomes.size(), 2);
  const double width = columns == 1 ? 360 : (full_width - label_width - forest_gap * static_cast<double>(columns)) / 2;
  const std::vector<double> ticks = round_steps(low, high, 5);
  Json spec = frame(figure, "",
                    {"row", "treated_count", "treated_people", "other_count", "other_people", "difference", "low",
                     "high", "envelope_low", "envelope_high"});
  spec["spacing"] = 16;
  spec["vconcat"] = Json::array();
  for (std::size_t from = 0; from < shown.outcomes.size(); from += columns) {
    Json row = {{"spacing", forest_gap}, {"hconcat", Json::array({labels_panel(labels)})}};
    for (std::size_t i = from; i < std::min(from + columns, shown.outcomes.size()); ++i) {
      row["hconcat"].push_back(outcome_panel(*shown.outcomes[i], width, labels.size(), ticks));
    }
    spec["vconcat"].push_back(row);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
