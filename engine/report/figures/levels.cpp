// An outcome at several levels of one quantity: a line an arm with its band, what is wanted and where it is today.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/words.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::figure {
namespace {

constexpr double level_width = 405;
constexpr double level_height = 240;
constexpr double added_height = 110;
constexpr double axis_room = 58;  // beside both panels, so that they stand in line
constexpr std::size_t ticks_at_levels = 16;
const double limit_in_errors = statistics::normal_quantile(0.975);

/// A dashed line across the picture with its words: today's level upright, what is wanted lying.
Json marked_line(double at, const std::string& words, bool upright, const Json& x, const Json& y) {
  Json layer = fragment(R"({"layer": [
    {"mark": {"type": "rule", "color": "#555", "strokeWidth": 1, "strokeDash": [6, 2, 1, 2]}, "encoding": {}},
    {"mark": {"type": "text", "color": "#444", "fontSize": 10.5, "align": "left"}, "encoding": {"text": {"field": "words"}}}
  ]})");
  layer["data"]["values"] = Json::array({{{"at", at}, {"words", words}}});
  Json axis = upright ? x : y;
  axis["field"] = "at";
  for (Json& part : layer["layer"]) part["encoding"][upright ? "x" : "y"] = axis;
  Json& text = layer["layer"][1];
  text["encoding"][upright ? "y" : "x"] = {{"value", upright ? 0.4 * level_height : 4}};
  text["mark"]["dx"] = upright ? 4 : 0;
  text["mark"]["dy"] = upright ? 0 : -3;
  text["mark"]["baseline"] = upright ? "middle" : "bottom";
  layer["layer"] = with_rims(layer["layer"]);
  return layer;
}

/// What each level adds to the first, with 95% limits.
struct AddedPanel {
  bool shown = false;
  double low = 0, high = 0;  // of the limits, and 0

  void include(const SweepLevel& level, double scale) {
    if (!level.from_first || std::isnan(*level.from_first)) return;
    const double limit = limit_in_errors * level.from_first_error.value_or(0);
    low = std::min(low, scale * (*level.from_first - limit));
    high = std::max(high, scale * (*level.from_first + limit));
  }
  /// Arms stand beside one another at a level: what they add is often alike.
  Json draw(Json x, const Json& colours, const Json& shapes, const std::vector<std::string>& arms) const {
    constexpr double apart = 0.012;  // of the width
    const double step = apart * (x["scale"]["domain"][1].get<double>() - x["scale"]["domain"][0].get<double>());
    x["field"] = "at";
    Json panel = fragment(R"({
      "transform": [{"filter": {"field": "from_first", "valid": true}}],
      "layer": [
        {"mark": {"type": "rule", "color": "#555", "strokeWidth": 1}, "data": {"values": [{"none": 0}]},
         "encoding": {"y": {"field": "none"}}},
        {"mark": {"type": "rule", "strokeWidth": 1.5}, "encoding": {"y": {"field": "least"}, "y2": {"field": "most"}}},
        {"mark": {"type": "point", "filled": true, "size": 38, "opacity": 1}, "encoding": {"y": {"field": "from_first"}}}
      ]
    })");
    for (const auto& [name, sign] : {std::pair("least", "-"), std::pair("most", "+")})
      panel["transform"].push_back({{"calculate", fmt::format("datum.from_first {} {} * datum.from_first_error", sign,
                                                              shortest(limit_in_errors))},
                                    {"as", name}});
    panel["transform"].push_back(
        {{"calculate", fmt::format("datum.level + {} * (indexof({}, datum.arm) - {})", shortest(step),
                                   Json(arms).dump(), shortest((static_cast<double>(arms.size()) - 1) / 2))},
         {"as", "at"}});
    panel["width"] = level_width;
    panel["height"] = added_height;
    const std::vector<double> ticks = round_steps(low, high, 4);
    const Json axis = {{"values", ticks},
                       {"title", {"Against the", "first level"}},
                       {"labelOverlap", false},
                       {"minExtent", axis_room},
                       {"labelExpr", "replace(datum.label, '-', '−')"}};
    for (Json& layer : panel["layer"]) {
      Json& encoding = layer["encoding"];
      encoding["y"].update({{"type", "quantitative"},
                            {"scale", {{"domain", {ticks.front(), ticks.back()}}, {"nice", false}}},
                            {"axis", axis}});
      if (layer.contains("data")) continue;
      encoding["x"] = x;
      encoding["color"] = colours;
      if (layer["mark"]["type"] == "point") encoding["shape"] = shapes;
    }
    return panel;
  }
};

}  // namespace

std::optional<Figure> draw_levels(const ReportInput& input, const FigureRequest& request) {
  std::size_t s = 0;
  while (s < input.sweeps.size() && input.sweeps[s].name != request.of) ++s;
  if (s == input.sweeps.size()) return std::nullopt;
  const Sweep& sweep = input.sweeps[s];
  const SweepText& text = input.sweep_texts.at(s);
  const bool chance = text.kind != OutcomeField::Kind::amount;
  const double scale = chance || text.unit == "share" ? 100 : 1;
  const std::string label = upper_first(outcome_words(input, text.outcome, text.item));
  const std::string unit = scale > 1 ? "in 100" : text.unit;

  const std::string levels_are = levels_in_words(sweep);

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? label + ", by " + levels_are : request.title;
  Table table({{"arm", ""},
               {"label", ""},
               {"level", sweep.vary},
               {"value", unit},
               {"low", unit},
               {"high", unit},
               {"mc_error", unit},
               {"from_first", unit},
               {"from_first_error", unit}});
  AddedPanel added;
  std::vector<LineName> names;
  Json arms = Json::array(), colours = Json::array(), dashes = Json::array(), shapes = Json::array();
  double least = 0, most = 0;
  for (const ArmText* arm : arms_of(input, request)) {
    const auto result = std::find_if(input.swept.begin(), input.swept.end(),
                                     [&](const SweepResult& each) { return each.sweep == s && each.arm == arm->name; });
    if (result == input.swept.end()) continue;
    added.shown = added.shown || hides_what_is_added(text, *result);
    const auto cell = [scale](const std::optional<double>& value) {
      return value && !std::isnan(*value) ? Cell{scale * *value} : Cell{};
    };
    for (const SweepLevel& level : result->levels) {
      if (std::isnan(level.mean)) continue;  // nothing to measure there, in any run
      least = std::min(least, scale * level.low);
      most = std::max(most, scale * level.high);
      table.add({arm->name, arm->label, level.level, scale * level.mean, scale * level.low, scale * level.high,
                 cell(level.mc_error), cell(level.from_first), cell(level.from_first_error)});
      figure.alt += fmt::format("{}{}{} at {}",
                                figure.alt.empty()                       ? ""
                                : level.level == result->levels[0].level ? ". "
                                                                         : ", ",
                                level.level == result->levels[0].level ? arm->label + ": " : "",
                                swept_value(text, level.mean, level.mc_error), unrounded(level.level));
      added.include(level, scale);
    }
    const SweepLevel& last = result->levels.back();
    if (std::isnan(last.mean)) continue;
    const Look& its = look(static_cast<std::size_t>(arm - input.arms.data()));
    arms.push_back(arm->name);
    colours.push_back(its.colour);
    dashes.push_back(its.dash);
    shapes.push_back(its.shape);
    LineName name;
    name.arm = arm->name;
    name.end = scale * last.mean;
    name.words = broken(swept_value(text, last.mean, last.mc_error) + ": " + arm->label, 27);
    name.half = 6.5 * static_cast<double>(line_count(name.words)) + 3;
    names.push_back(name);
  }
  if (table.empty()) return std::nullopt;
  figure.alt += ".";
  figure.caption = fmt::format(
      "{}{} at each level of {}, everything else as in its arm; {} runs a level on common luck. {}", label,
      chance ? ", in 100 runs," : ", mean,", levels_are, whole_number(static_cast<double>(sweep.draws)),
      chance ? "Bands are the 95% limits of the simulation alone." : "Lines are means, bands hold 95 in 100 runs.");
  if (added.shown)
    figure.caption +=
        " Below: what each level adds to the first on the same runs, with 95% limits of the simulation; it is known "
        "better than the levels, which share their luck.";
  figure.caption += " " + sources_in_words(input);
  figure.csv = table.csv();

  if (sweep.target) most = std::max(most, scale * *sweep.target);
  if (chance) most = std::min(100.0, most * 1.05);
  std::vector<double> ticks = round_steps(least, most, 6);
  while (ticks.size() > 2 && ticks.back() > most * 1.1) ticks.pop_back();
  const double top = std::max(ticks.back(), most);
  const double bottom = std::min(0.0, ticks.front());
  for (LineName& name : names) name.line_y = level_height * (1 - (name.end - bottom) / (top - bottom));
  spread(names, level_height);

  const double first = sweep.levels.front(), last = sweep.levels.back();
  Json x = {{"field", "level"},
            {"type", "quantitative"},
            {"scale", {{"domain", {first, last}}, {"nice", false}, {"zero", false}}},
            {"axis", {{"title", upper_first(levels_are)}, {"grid", false}, {"labelOverlap", "greedy"}}}};
  if (sweep.levels.size() <= ticks_at_levels) x["axis"]["values"] = sweep.levels;
  if (std::any_of(sweep.levels.begin(), sweep.levels.end(), [](double level) { return level != std::round(level); }))
    x["axis"]["labelExpr"] = "format(datum.value, ',~f')";  // else 13.5 would be called 14
  const Json y = {
      {"type", "quantitative"},
      {"scale", {{"domain", {bottom, top}}, {"nice", false}}},
      {"axis",
       {{"values", ticks},
        {"title", lines(chance ? std::string("Chance, in 100 runs")
                               : with_axis_unit(label, axis_unit(text.unit, label, is_labelled(input, text.outcome))),
                        42)},
        {"labelOverlap", false}}}};
  const auto by_arm = [&](const Json& range) {
    return Json{
        {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", arms}, {"range", range}}}, {"legend", nullptr}};
  };
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "area", "opacity": 0.18, "clip": true},
       "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}}},
      {"mark": {"type": "line", "strokeWidth": 2, "clip": true}, "encoding": {"y": {"field": "value"}}},
      {"mark": {"type": "point", "filled": true, "size": 38, "opacity": 1}, "encoding": {"y": {"field": "value"}}}
    ]
  })");
  panel["width"] = level_width;
  panel["height"] = level_height;
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"] = x;
    encoding["y"].update(y);
    encoding["color"] = by_arm(colours);
    if (layer["mark"]["type"] == "line") encoding["strokeDash"] = by_arm(dashes);
    if (layer["mark"]["type"] == "point") encoding["shape"] = by_arm(shapes);
  }
  if (sweep.target)
    panel["layer"].push_back(
        marked_line(scale * *sweep.target, "wanted: " + swept_value(text, *sweep.target, 0), false, x, y));
  if (sweep.present && *sweep.present >= first && *sweep.present <= last)
    panel["layer"].push_back(marked_line(*sweep.present, "today: " + rounded(*sweep.present, 0), true, x, y));

  Json spec = frame(figure, "", {"level", "value", "low", "high", "mc_error", "from_first", "from_first_error"});
  spec["spacing"] = 2;
  const auto with_names = [&](const Json& lines_and_bands) {
    return Json::array({lines_and_bands, names_panel(names, level_height, by_arm(colours), by_arm(shapes))});
  };
  const Json apart = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  if (added.shown) {
    for (Json& layer : panel["layer"])
      if (layer.contains("encoding")) layer["encoding"]["y"]["axis"]["minExtent"] = axis_room;
    const Json above = {{"spacing", 2}, {"hconcat", with_names(panel)}, {"resolve", apart}};
    spec["spacing"] = 14;
    spec["vconcat"] = Json::array({above, added.draw(x, by_arm(colours), by_arm(shapes), arms)});
  } else {
    spec["hconcat"] = with_names(panel);
  }
  spec["resolve"] = apart;
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
