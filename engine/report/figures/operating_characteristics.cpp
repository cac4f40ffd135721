// What virtual trials find by their size: the chance of showing an effect, coverage and bias, a line a trial.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double power_width = 405, power_height = 230;
constexpr double small_width = 236, small_height = 120;

/// A line across a panel with its words.
Json level_line(double at, const std::string& words, const Json& y) {
  Json layer = fragment(R"({"layer": [
    {"mark": {"type": "rule", "color": "#555", "strokeWidth": 1, "strokeDash": [6, 2, 1, 2]}, "encoding": {}},
    {"mark": {"type": "text", "color": "#444", "fontSize": 10.5, "align": "left", "baseline": "bottom", "dx": 4, "dy": -2},
     "encoding": {"text": {"field": "words"}, "x": {"value": 0}}}
  ]})");
  layer["data"]["values"] = Json::array({{{"at", at}, {"words", words}}});
  Json axis = y;
  axis["field"] = "at";
  for (Json& part : layer["layer"]) part["encoding"]["y"] = axis;
  return layer;
}

struct Shades {
  Json trials = Json::array(), colours = Json::array(), dashes = Json::array(), shapes = Json::array();
  Json by(const std::string& field, const Json& range) const {
    return {
        {"field", field}, {"type", "nominal"}, {"scale", {{"domain", trials}, {"range", range}}}, {"legend", nullptr}};
  }
};

Json panel_of(const std::string& value, const std::string& low, const std::string& high, const Json& x, const Json& y,
              const Shades& shades, double width, double height) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "area", "opacity": 0.18, "clip": true}, "encoding": {}},
    {"mark": {"type": "line", "strokeWidth": 2, "clip": true}, "encoding": {}},
    {"mark": {"type": "point", "filled": true, "size": 26, "opacity": 1, "clip": true}, "encoding": {}}
  ]})");
  panel["width"] = width;
  panel["height"] = height;
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"] = x;
    encoding["y"] = y;
    encoding["y"]["field"] = layer["mark"]["type"] == "area" ? low : value;
    if (layer["mark"]["type"] == "area") encoding["y2"] = {{"field", high}};
    encoding["color"] = shades.by("trial", shades.colours);
    if (layer["mark"]["type"] == "line") encoding["strokeDash"] = shades.by("trial", shades.dashes);
    if (layer["mark"]["type"] == "point") encoding["shape"] = shades.by("trial", shades.shapes);
  }
  return panel;
}

/// What trials find where nothing was done, beside their power: drawn of those that find more than their level allows.
struct WithoutEffect {
  Json trials = Json::array();

  std::string subtitle() const {
    return trials.empty() ? ""
                          : "Open points on thin dashes, of the same colour: the trials that show something where "
                            "nothing was done. Drawn where that is more than chance allows (5 in 100).";
  }
  /// "; where nothing was done 88 at 64 people, all at 524".
  static std::string words(const TrialResult& result) {
    const TrialSize &least = result.sizes.front(), &most = result.sizes.back();
    const auto at = [](const TrialSize& size) {
      return fmt::format("{} at {}", bare_in_100(size.false_positives->value, size.false_positives->error),
                         whole_number(static_cast<double>(size.people)));
    };
    return fmt::format("; where nothing was done {}, {}", at(least), at(most));
  }
  Json layer(const Json& x, const Json& y, const Shades& shades) const {
    Json all = fragment(R"({"layer": [
      {"mark": {"type": "line", "strokeWidth": 1.2, "strokeDash": [4, 3], "clip": true}, "encoding": {}},
      {"mark": {"type": "point", "filled": false, "fill": "white", "size": 30, "strokeWidth": 1.4, "opacity": 1},
       "encoding": {"shape": {}}}
    ]})");
    all["transform"] = Json::array({{{"filter", {{"field", "trial"}, {"oneOf", trials}}}}});
    for (Json& part : all["layer"]) {
      Json& encoding = part["encoding"];
      if (encoding.contains("shape")) encoding["shape"] = shades.by("trial", shades.shapes);
      encoding["x"] = x;
      encoding["y"] = y;
      encoding["y"]["field"] = "without_effect";
      encoding["color"] = shades.by("trial", shades.colours);
    }
    return all;
  }
};

/// A test alone covers nothing and has no bias.
Cell or_nothing(double value) { return std::isnan(value) ? Cell{} : Cell{value}; }

/// Which of the small panels there is anything to draw in, and what a caption says of them.
struct SmallPanels {
  bool coverage = false, bias = false;

  explicit SmallPanels(const std::vector<const TrialResult*>& shown) {
    for (const TrialResult* each : shown) {
      coverage = coverage || each->has_interval;
      bias = bias || each->has_effect;
    }
  }
  std::string words(const std::string& scale) const {
    const std::string off = "the mean estimate less the truth" + scale;
    if (coverage && bias) return "; below left, those of 100 whose 95% interval holds the truth; below right, " + off;
    return bias ? "; below, " + off : "";
  }
};

Json axis_of(const std::string& title, const std::vector<double>& ticks, std::size_t letters) {
  return {{"type", "quantitative"},
          {"scale", {{"domain", {ticks.front(), ticks.back()}}, {"nice", false}, {"zero", false}}},
          {"axis", {{"values", ticks}, {"title", lines(title, letters)}, {"labelOverlap", false}}}};
}

}  // namespace

std::optional<Figure> draw_operating_characteristics(const ReportInput& input, const FigureRequest& request) {
  std::vector<const TrialResult*> shown;
  for (const TrialResult& result : input.tried)
    if (analysis_of(input, result).analysis.name == request.of && result.sizes.size() > 1) shown.push_back(&result);
  const auto is_other = [&](const TrialResult* result) { return design_of(input, *result).is_other_follow_up; };
  if (shown.empty()) return std::nullopt;
  const TrialResult& first = *shown.front();
  const std::string label = analysis_of(input, first).analysis.label;
  const bool share = !first.log_scale && first.unit == "share";
  const double scale = share ? 100 : 1;
  const SmallPanels panels(shown);

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? label + ": what a trial would find, by its size" : request.title;
  const std::string effect_unit = share ? "in 100" : first.log_scale ? "log ratio" : first.unit;
  Table table({{"trial", ""},
               {"careers", ""},
               {"label", ""},
               {"people", "person"},
               {"shown", "in 100"},
               {"shown_low", "in 100"},
               {"shown_high", "in 100"},
               {"coverage", "in 100"},
               {"coverage_low", "in 100"},
               {"coverage_high", "in 100"},
               {"bias", effect_unit},
               {"bias_low", effect_unit},
               {"bias_high", effect_unit},
               {"without_effect", "in 100"},
               {"without_effect_low", "in 100"},
               {"without_effect_high", "in 100"}});
  WithoutEffect without;
  Shades shades;
  std::vector<LineName> names;
  const bool by_follow_up = std::any_of(shown.begin(), shown.end(), is_other);
  const bool by_careers = std::any_of(shown.begin(), shown.end(), [&](const TrialResult* r) {
    return design_of(input, *r).repeats.has_value() && !is_other(r);
  });
  double people_least = 1e9, people_most = 0, covered_least = 93, bias_least = 0, bias_most = 0;
  constexpr double wide = 1.96;
  std::size_t own = 0, among = 0;  // looks: of the trial, and of its people's careers
  for (const TrialResult* result : shown) {
    const TrialDesign& design = design_of(input, *result);
    const std::string followed = duration_words(design.follow_up);
    const bool says_followed = by_follow_up && (is_other(result) || result == shown.front());
    const std::string key = is_other(result) ? design.name + ", " + followed
                            : design.repeats ? design.name + ", " + design.careers
                                             : design.name;
    const std::string label_of_line = design.label + (says_followed ? ", " + followed : "") +
                                      (design.careers.empty() || !by_careers ? "" : ", " + design.careers);
    among = design.repeats ? among + 1 : 0;
    if (!design.repeats && !names.empty()) ++own;
    for (const TrialSize& size : result->sizes) {
      if (result->has_effect && std::isnan(size.bias.value)) continue;
      const auto people = static_cast<double>(size.people);
      const double coverage = 100 * size.coverage.value, covered = 100 * wide * size.coverage.error;
      const double bias = scale * size.bias.value, off = scale * wide * size.bias.error;
      table.add({key, design.careers, design.label, people, 100 * size.power.value, 100 * size.power_limits.low,
                 100 * size.power_limits.high, or_nothing(coverage), or_nothing(coverage - covered),
                 or_nothing(std::min(coverage + covered, 100.0)), or_nothing(bias), or_nothing(bias - off),
                 or_nothing(bias + off), size.false_positives ? Cell{100 * size.false_positives->value} : Cell{},
                 size.false_positives ? Cell{100 * size.false_positive_limits.low} : Cell{},
                 size.false_positives ? Cell{100 * size.false_positive_limits.high} : Cell{}});
      people_least = std::min(people_least, people);
      people_most = std::max(people_most, people);
      covered_least = std::min(covered_least, coverage - covered);
      bias_least = std::min(bias_least, bias - off);
      bias_most = std::max(bias_most, bias + off);
    }
    const TrialSize& last = result->sizes.back();
    figure.alt +=
        fmt::format("{}{}: {} at {} people, {} at {}", figure.alt.empty() ? "" : ". ", label_of_line,
                    in_100(result->sizes.front().power.value, result->sizes.front().power.error),
                    whole_number(static_cast<double>(result->sizes.front().people)),
                    bare_in_100(last.power.value, last.power.error), whole_number(static_cast<double>(last.people)));
    const Look& its = look(names.size());
    shades.trials.push_back(key);
    if (shows_without_effect(analysis_of(input, *result), *result)) {
      without.trials.push_back(key);
      figure.alt += WithoutEffect::words(*result);
    }
    shades.colours.push_back(look(own).colour);
    shades.dashes.push_back(by_careers || by_follow_up ? look(among).dash : its.dash);
    shades.shapes.push_back(its.shape);
    LineName name;
    name.arm = key;
    name.end = 100 * last.power.value;
    name.words = broken(bare_in_100(last.power.value, last.power.error) + ": " + label_of_line, 27);
    name.half = 6.5 * static_cast<double>(line_count(name.words)) + 3;
    name.line_y = power_height * (1 - name.end / 100);
    names.push_back(name);
  }
  if (table.empty()) return std::nullopt;
  spread(names, power_height);
  figure.alt += ".";
  figure.caption = fmt::format(
      "{}: {}virtual trials of 100 in which an effect is shown (p at most 0.05){}. Bands are the 95% limits of the "
      "simulation alone: {} trials at each size, the smaller ones the beginnings of the greater.",
      label, panels.bias ? "above, " : "",
      panels.words(share             ? ", people in 100"
                   : first.log_scale ? ", on the scale of the log ratio"
                                     : ""),
      whole_number(static_cast<double>(design_of(input, first).trials)));
  if (by_follow_up) figure.caption += " Lines of one colour are one trial, its people followed for other times.";
  if (by_careers) figure.caption += " Lines of one colour are one trial, tried among people with other careers.";
  figure.caption += " " + sources_in_words(input);
  figure.csv = table.csv();

  const std::vector<double> people_ticks = round_steps(people_least, people_most, 6);
  std::vector<double> inner;
  for (const double tick : people_ticks)
    if (tick >= people_least && tick <= people_most) inner.push_back(tick);
  const auto x_axis = [&](const std::string& title, std::size_t least) {
    std::vector<double> ticks = inner;
    while (ticks.size() > least) {  // fewer where there is little room
      std::vector<double> fewer;
      for (std::size_t i = 0; i < ticks.size(); i += 2) fewer.push_back(ticks[i]);
      ticks = fewer;
    }
    return Json{{"field", "people"},
                {"type", "quantitative"},
                {"scale", {{"domain", {people_least, people_most}}, {"nice", false}, {"zero", false}}},
                {"axis", {{"values", ticks}, {"title", title}, {"grid", false}}}};
  };
  const Json power_y = axis_of("Trials in 100 that show an effect", {0, 20, 40, 60, 80, 100}, 42);
  Json power = panel_of("shown", "shown_low", "shown_high", x_axis("People in the trial", 8), power_y, shades,
                        power_width, power_height);
  if (!without.trials.empty())
    power["layer"].push_back(without.layer(x_axis("People in the trial", 8), power_y, shades));
  if (const auto& wanted = design_of(input, first).power)
    power["layer"].push_back(level_line(100 * *wanted, "wanted: " + bare_in_100(*wanted, 0), power_y));
  const double least_covered = std::max(0.0, std::floor(covered_least / 5) * 5);
  const Json coverage_y = axis_of("Intervals in 100 that hold the truth", round_steps(least_covered, 100, 4), 24);
  Json coverage = panel_of("coverage", "coverage_low", "coverage_high", x_axis("People", 4), coverage_y, shades,
                           small_width, small_height);
  coverage["layer"].push_back(level_line(95, "", coverage_y));
  const Json bias_y =
      axis_of(share ? "Bias, people in 100" : "Bias, " + effect_unit, round_steps(bias_least, bias_most, 4), 24);
  Json bias = panel_of("bias", "bias_low", "bias_high", x_axis("People", 4), bias_y, shades, small_width, small_height);
  bias["layer"].push_back(level_line(0, "", bias_y));

  Json spec = frame(figure, without.subtitle(),
                    {"people", "shown", "shown_low", "shown_high", "coverage", "coverage_low", "coverage_high", "bias",
                     "bias_low", "bias_high", "without_effect", "without_effect_low", "without_effect_high"});
  const Json independent = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  Json above = {{"spacing", 2},
                {"hconcat", Json::array({power, names_panel(names, power_height, shades.by("arm", shades.colours),
                                                            shades.by("arm", shades.shapes))})},
                {"resolve", independent}};
  Json below = {{"spacing", 24}, {"hconcat", Json::array()}, {"resolve", independent}};
  if (panels.coverage) below["hconcat"].push_back(coverage);
  if (panels.bias) below["hconcat"].push_back(bias);
  spec["spacing"] = 18;
  spec["vconcat"] = Json::array({above});
  if (!below["hconcat"].empty()) spec["vconcat"].push_back(below);
  spec["resolve"] = independent;
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
