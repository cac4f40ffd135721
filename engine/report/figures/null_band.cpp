// Before and after as printed, with what the programme that does nothing shows: a band a model of careers.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double band_panel_height = 270;
constexpr double widest_phase = 190;
constexpr double first_band = 0.14;  // beside what was printed, in phases
constexpr double band_step = 0.17;   // between models

/// What is left of before, in 100, after a fall.
double left_in_100(double fall) { return 100 * std::exp(-fall); }

/// The point of an arm's box in the middle of every unknown's levels.
const PlaceboPoint* central_point(const ReportInput& input, const PlaceboResult& result, std::size_t arm) {
  for (const PlaceboPoint& law : result.points) {
    const NullPoint& point = input.null_results.points[law.point];
    if (point.arm != arm) continue;
    bool is_central = true;
    for (std::size_t u = 0; u < point.levels.size(); ++u)
      is_central =
          is_central && (!point.levels[u] || *point.levels[u] == input.null_programme.unknowns[u].levels.size() / 2);
    if (is_central) return &law;
  }
  return nullptr;
}

std::string printed_after_words(const PlaceboText& text) {
  if (!text.printed_after.empty()) return text.printed_after;
  return text.printed_fall.empty() ? text.printed_ratio : text.printed_fall + " fewer";
}

}  // namespace

std::optional<Figure> draw_null_band(const ReportInput& input, const FigureRequest& request) {
  std::vector<std::size_t> shown;  // placebos: that which is asked for, and others of the same before
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p)
    if (input.placebos[p].name == request.of) shown = {p};
  if (shown.empty()) return std::nullopt;
  const std::size_t before = input.placebos[shown.front()].before;
  shown.clear();
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p)
    if (input.placebos[p].before == before && input.null_results.placebos[p].all.points > 0) shown.push_back(p);
  if (shown.empty()) return std::nullopt;

  Figure figure;
  figure.name = request.name;
  figure.title =
      request.title.empty() ? "What was printed, and what a programme that does nothing shows" : request.title;
  const auto& arms = input.null_programme.arms;
  Table table({{"x", ""},
               {"phase", ""},
               {"model", ""},
               {"low", "in 100"},
               {"high", "in 100"},
               {"central_low", "in 100"},
               {"central_high", "in 100"},
               {"central", "in 100"}});
  Json printed = Json::array({{{"x", 0}, {"y", 100}, {"low", 100}, {"high", 100}, {"above", ""}, {"below", ""}}});
  double least = 100, most = 100, last = 100;
  const auto reach = [&](double value) {
    if (!std::isfinite(value) || value <= 0) return;
    least = std::min(least, value);
    most = std::max(most, value);
  };
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Placebo& placebo = input.placebos[shown[i]];
    const double x = static_cast<double>(i + 1);
    const double at = left_in_100(placebo.fall());
    const std::string words = printed_after_words(input.placebo_texts[shown[i]]);
    reach(left_in_100(placebo.fall_least()));
    reach(left_in_100(placebo.fall_most()));
    printed.push_back({{"x", x},
                       {"y", at},
                       {"low", left_in_100(placebo.fall_most())},
                       {"high", left_in_100(placebo.fall_least())},
                       {"above", at > last ? words : ""},
                       {"below", at > last ? "" : words}});
    last = at;
    for (const PlaceboEnvelope& arm : input.null_results.placebos[shown[i]].arms) {
      reach(left_in_100(arm.low));
      reach(left_in_100(arm.high));
    }
  }
  printed.front()["above"] = input.placebo_texts[shown.front()].printed_before;
  least /= 1.25;
  most *= 1.25;
  const auto inside = [&](double value) { return std::isnan(value) ? value : std::clamp(value, least, most); };
  Json names = Json::array(), colours = Json::array();
  for (std::size_t a = 0; a < arms.size(); ++a) {
    const auto& arm = input.arms.at(arms[a]);
    names.push_back(arm.label);
    colours.push_back(look(a + 1).colour);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      const PlaceboResult& result = input.null_results.placebos[shown[i]];
      const PlaceboEnvelope& all = result.arms[a];
      if (all.points == 0) continue;
      const PlaceboPoint* central = central_point(input, result, arms[a]);
      const double x = static_cast<double>(i + 1) + first_band + band_step * static_cast<double>(a);
      const auto cell = [&](double value) { return std::isnan(value) ? Cell{} : Cell{value}; };
      table.add({x, input.placebos[shown[i]].label, arm.label, inside(left_in_100(all.high)),
                 inside(left_in_100(all.low)), central ? cell(inside(left_in_100(central->high))) : Cell{},
                 central ? cell(inside(left_in_100(central->low))) : Cell{},
                 central ? cell(inside(left_in_100(central->mean))) : Cell{}});
      figure.alt += fmt::format("{}{}, {}: {} of what it was before, over the box.", figure.alt.empty() ? "" : " ",
                                input.placebos[shown[i]].label, arm.label,
                                rounded_range(left_in_100(all.high), left_in_100(all.low), 1) + " in 100");
    }
  }
  if (table.empty()) return std::nullopt;
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Rates by person and month over the rate before, in 100. Points: as printed. Wide bars: 95 in 100 futures of a "
      "programme that does nothing, at every point of the box of what nobody prints; narrow bars and ticks: at the "
      "point in its middle, with the mean; {} futures a point. {}",
      whole_number(static_cast<double>(input.null_programme.futures)), sources_in_words(input));

  const auto phases = static_cast<double>(shown.size());
  std::vector<double> ticks;
  for (const double tick : {0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0})
    if (tick >= least && tick <= most) ticks.push_back(tick);
  std::string label = "datum.value == 0 ? 'Before'";
  Json at_phases = Json::array({0});
  for (std::size_t i = 0; i < shown.size(); ++i) {
    label += fmt::format(" : datum.value == {} ? '{}'", i + 1, [&] {
      std::string safe = shown.size() == 1 ? "After" : input.placebos[shown[i]].label;
      std::erase_if(safe, [](char c) { return c == '\'' || c == '\\'; });
      return safe;
    }());
    at_phases.push_back(i + 1);
  }
  label += " : ''";
  const Json x = {{"field", "x"},
                  {"type", "quantitative"},
                  {"scale", {{"domain", {-0.75, phases + 0.75}}, {"nice", false}, {"zero", false}}},
                  {"axis",
                   {{"values", at_phases},
                    {"labelExpr", label},
                    {"title", nullptr},
                    {"grid", false},
                    {"ticks", false},
                    {"labelFontSize", 12}}}};
  const Json y_scale = {{"type", "log"}, {"domain", {least, most}}, {"nice", false}};
  const Json y_axis = {{"values", ticks}, {"title", "Rate over the rate before, in 100 (log scale)"}, {"format", "~g"}};
  const auto y = [&](const char* field) {
    return Json{{"field", field}, {"type", "quantitative"}, {"scale", y_scale}, {"axis", y_axis}};
  };
  Json colour = {{"field", "model"},
                 {"type", "nominal"},
                 {"scale", {{"domain", names}, {"range", colours}}},
                 {"legend", {{"title", nullptr}, {"orient", "bottom"}, {"symbolType", "square"}, {"labelLimit", 0}}}};
  if (arms.size() == 1) colour["legend"] = nullptr;
  Json panel = fragment(R"json({"layer": [
    {"mark": {"type": "rule", "strokeWidth": 22, "opacity": 0.25}, "encoding": {}},
    {"transform": [{"filter": "isValid(datum.central_low)"}],
     "mark": {"type": "rule", "strokeWidth": 7, "opacity": 0.8}, "encoding": {}},
    {"transform": [{"filter": "isValid(datum.central)"}],
     "mark": {"type": "tick", "orient": "horizontal", "thickness": 2, "size": 20, "opacity": 1}, "encoding": {}},
    {"mark": {"type": "line", "color": "#111", "strokeWidth": 1.4, "strokeDash": [4, 3]}, "encoding": {}},
    {"mark": {"type": "rule", "color": "#111", "strokeWidth": 2}, "encoding": {}},
    {"mark": {"type": "point", "filled": true, "size": 70, "color": "#111", "opacity": 1}, "encoding": {}},
    {"mark": {"type": "text", "align": "right", "baseline": "bottom", "dx": -6, "dy": -5, "fontSize": 11,
      "color": "#111"}, "encoding": {"text": {"field": "above"}}},
    {"mark": {"type": "text", "align": "right", "baseline": "top", "dx": -6, "dy": 5, "fontSize": 11,
      "color": "#111"}, "encoding": {"text": {"field": "below"}}}
  ]})json");
  const char* from[] = {"low", "central_low", "central"};
  const char* to[] = {"high", "central_high", ""};
  for (std::size_t i = 0; i < panel["layer"].size(); ++i) {
    if (i >= 3) panel["layer"][i]["data"]["values"] = printed;  // first: a new key moves those that are there
    Json& encoding = panel["layer"][i]["encoding"];
    encoding["x"] = x;
    if (i < 3) {
      encoding["y"] = y(from[i]);
      if (i < 2) encoding["y2"] = {{"field", to[i]}};
      encoding["color"] = colour;
      continue;
    }
    encoding["y"] = y(i == 4 ? "low" : "y");
    if (i == 4) encoding["y2"] = {{"field", "high"}};
  }
  panel["layer"] = with_rims(panel["layer"]);
  Json spec =
      frame(figure, "Bars: 95 in 100 futures with no effect; wide, over all that is left open; narrow, in its middle",
            {"x", "low", "high", "central_low", "central_high", "central"});
  spec["width"] = std::min(full_width - 70, widest_phase * (phases + 1));
  spec["height"] = band_panel_height;
  spec["layer"] = panel["layer"];
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
