// The same thing before, during and after a programme, on several clocks: a panel a clock, before being 100.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double phases_panel_height = 190;
constexpr double phases_spacing = 12;
constexpr double phases_axis_room = 44;
constexpr double phases_letter_width = 6.2;
constexpr double phases_key_height = 26;

/// Of 100 before: a mean and how far 95 in 100 futures lie, thick lines for half of them.
struct PhaseValue {
  double mean = 100, q025 = 100, q25 = 100, q75 = 100, q975 = 100;
  double mc_error = 0;
};

/// "Offences in a month, before" is of "Offences in a month".
std::string title_of_phases(const ReportInput& input, const std::string& outcome) {
  std::string title = label_of(input, outcome + "_before");
  for (const std::string_view end : {", before", " before the programme", " before"}) {
    if (!title.ends_with(end)) continue;
    title.resize(title.size() - end.size());
    break;
  }
  return upper_first(title);
}

/// What is left in a phase, from the fall to it.
std::optional<PhaseValue> left_in(const ReportInput& input, const std::string& arm, const std::string& outcome,
                                  const std::string& phase) {
  if (phase == "before") return PhaseValue{};
  const auto fall = [&](const char* statistic) {
    return input.estimates.find(arm, "fall_" + outcome + "_" + phase, "", statistic);
  };
  const EstimateRow* mean = fall("mean");
  if (mean == nullptr || std::isnan(mean->estimate)) return std::nullopt;
  const auto left = [&](const char* statistic) {
    const EstimateRow* row = fall(statistic);
    return 100 * (1 - (row == nullptr ? mean : row)->estimate);
  };
  return PhaseValue{left("mean"),          left("quantile 0.975"), left("quantile 0.75"),
                    left("quantile 0.25"), left("quantile 0.025"), 100 * mean->mc_error};
}

Json phases_key(const std::vector<const ArmText*>& arms, const ReportInput& input) {
  Json key = fragment(R"({"data": {"values": [{}]}, "layer": []})");
  key["width"] = full_width - phases_axis_room;
  key["height"] = phases_key_height;
  double x = 0;
  for (const ArmText* arm : arms) {
    const Look& its = look(static_cast<std::size_t>(arm - input.arms.data()));
    Json point = fragment(R"({"mark": {"type": "point", "filled": true, "size": 42, "opacity": 1}})");
    point["mark"]["color"] = its.colour;
    point["mark"]["shape"] = its.shape;
    point["encoding"] = {{"x", {{"value", x + 6}}}, {"y", {{"value", 5}}}};
    Json text = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"}})");
    text["mark"]["text"] = arm->label;
    text["encoding"] = {{"x", {{"value", x + 16}}}, {"y", {{"value", 5}}}};
    key["layer"].push_back(point);
    key["layer"].push_back(text);
    x += 34 + phases_letter_width * static_cast<double>(letters_in(arm->label));
  }
  Json words = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle", "color": "#444",
    "text": "points: means; thick lines: half of the runs; thin lines: 95 in 100"}})");
  words["encoding"] = {{"x", {{"value", 0}}}, {"y", {{"value", 21}}}};
  key["layer"].push_back(words);
  return key;
}

struct PhasesFrame {
  std::vector<const ArmText*> arms;
  std::vector<std::string> outcomes;
  std::vector<double> ticks;
  double width = 0;
  std::size_t title_lines = 1;
};

Json phases_panel(const std::string& outcome, const PhasesFrame& shown, const ReportInput& input) {
  Json colours = Json::array(), shapes = Json::array(), names = Json::array();
  for (const ArmText* arm : shown.arms) {
    const Look& its = look(static_cast<std::size_t>(arm - input.arms.data()));
    colours.push_back(its.colour);
    shapes.push_back(its.shape);
    names.push_back(arm->name);
  }
  const auto by_arm = [&](const Json& range) -> Json {
    return {
        {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}, {"range", range}}}, {"legend", nullptr}};
  };
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "rule", "color": "#999", "strokeWidth": 1}, "encoding": {"y": {"datum": 100}}},
      {"mark": {"type": "rule", "strokeWidth": 1.2}, "encoding": {"y": {"field": "q025"}, "y2": {"field": "q975"}}},
      {"mark": {"type": "rule", "strokeWidth": 4, "opacity": 0.55}, "encoding": {"y": {"field": "q25"}, "y2": {"field": "q75"}}},
      {"mark": {"type": "point", "filled": true, "size": 42, "opacity": 1}, "encoding": {"y": {"field": "mean"}}},
      {"mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 11, "fontWeight": "bold"},
       "transform": [{"filter": "datum.phase == 'after'"}],
       "encoding": {"y": {"field": "q975"}, "text": {"field": "words"}}}
    ]
  })");
  panel["title"] = panel_title(title_of_phases(input, outcome), shown.width, shown.title_lines);
  panel["width"] = shown.width;
  panel["height"] = phases_panel_height;
  panel["transform"] = Json::array({{{"filter", {{"field", "outcome"}, {"equal", outcome}}}}});
  const bool first = outcome == shown.outcomes.front();
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    Json axis = {{"values", shown.ticks}, {"title", nullptr}, {"labelOverlap", false}};
    if (first) {
      axis["title"] = "Of 100 before";
    } else {
      axis["labels"] = false;
    }
    encoding["y"].update({{"type", "quantitative"},
                          {"scale", {{"domain", {shown.ticks.front(), shown.ticks.back()}}, {"nice", false}}},
                          {"axis", axis}});
    if (encoding["y"].contains("datum")) continue;
    encoding["x"] = {{"field", "phase"},
                     {"type", "nominal"},
                     {"sort", {"before", "during", "after"}},
                     {"scale", {{"paddingInner", 0.25}, {"paddingOuter", 0.1}}},
                     {"axis", {{"title", nullptr}, {"labelAngle", 0}, {"ticks", false}, {"grid", false}}}};
    encoding["xOffset"] = {{"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", names}}}};
    encoding["color"] = by_arm(colours);
    if (layer["mark"]["type"] == "point") encoding["shape"] = by_arm(shapes);
  }
  return panel;
}

}  // namespace

std::optional<Figure> draw_phases(const ReportInput& input, const FigureRequest& request) {
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "Before, during and after, on several clocks" : request.title;
  Table table({{"outcome", ""},
               {"title", ""},
               {"phase", ""},
               {"arm", ""},
               {"label", ""},
               {"mean", "of 100 before"},
               {"mc_error", "of 100 before"},
               {"q025", "of 100 before"},
               {"q25", "of 100 before"},
               {"q75", "of 100 before"},
               {"q975", "of 100 before"},
               {"words", ""}});
  PhasesFrame shown;
  shown.arms = arms_of(input, request);
  double most = 100, least = 0;
  for (const std::string& outcome : request.outcomes) {
    const bool any = std::any_of(shown.arms.begin(), shown.arms.end(), [&](const ArmText* arm) {
      return left_in(input, arm->name, outcome, "during") || left_in(input, arm->name, outcome, "after");
    });
    if (!any) continue;
    const std::string title = title_of_phases(input, outcome);
    shown.outcomes.push_back(outcome);
    for (const std::string phase : {"before", "during", "after"}) {
      for (const ArmText* arm : shown.arms) {
        const std::optional<PhaseValue> value = left_in(input, arm->name, outcome, phase);
        if (!value) continue;
        const std::string words = rounded(value->mean, std::max(1.0, value->mc_error));
        table.add({outcome, title, phase, arm->name, arm->label, value->mean, value->mc_error, value->q025, value->q25,
                   value->q75, value->q975, words});
        most = std::max(most, value->q975);
        least = std::min(least, value->q025);
        if (phase != "before")
          figure.alt += fmt::format("{}{}, {}, {}: {} of 100 before ({}).", figure.alt.empty() ? "" : " ", title, phase,
                                    arm->label, words, rounded_range(value->q025, value->q975, value->mc_error));
      }
    }
  }
  if (figure.alt.empty()) return std::nullopt;
  figure.caption = fmt::format(
      "What is left of 100 before, by clock: means, with half and 95 in 100 of {}, unknown figures and luck together "
      "(spread: futures). Numbers: means after. {}",
      runs_in_words(input), sources_in_words(input));
  figure.csv = table.csv();

  const auto panels = static_cast<double>(shown.outcomes.size());
  shown.width = (full_width - phases_axis_room - phases_spacing * (panels - 1)) / panels;
  shown.ticks = round_steps(least, most * 1.06, 8);  // room for the numbers
  for (const std::string& outcome : shown.outcomes)
    shown.title_lines =
        std::max(shown.title_lines, panel_title(title_of_phases(input, outcome), shown.width)["text"].size());
  Json spec = frame(figure, "", {"mean", "mc_error", "q025", "q25", "q75", "q975"});
  Json row = {{"spacing", phases_spacing}, {"hconcat", Json::array()}};
  for (const std::string& outcome : shown.outcomes) row["hconcat"].push_back(phases_panel(outcome, shown, input));
  row["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent", "xOffset": "independent"}})");
  spec["spacing"] = 10;
  spec["vconcat"] = Json::array({phases_key(shown.arms, input), row});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
