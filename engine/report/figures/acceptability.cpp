// The chance that each arm is best by what one effect averted is worth, with the arm that is best on average.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double curve_width = 380, curve_height = 250;

const Acceptability* curve_asked(const ReportInput& input, const FigureRequest& request) {
  for (const Acceptability& curve : input.appraised.acceptability) {
    const Effect& effect = input.appraisal->effects.at(curve.effect);
    if (curve.worth.size() > 1 && (request.of.empty() || request.of == effect.name || request.of == effect.label))
      return &curve;
  }
  return nullptr;
}

Json curve_layers(const Json& x, const Json& y, const Json& colour, const Json& dash) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "area", "opacity": 0.16}, "encoding": {}},
    {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {}},
    {"transform": [{"filter": "datum.best == 'yes'"}],
     "mark": {"type": "line", "strokeWidth": 6, "opacity": 0.45, "strokeCap": "round"}, "encoding": {}}
  ]})");
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    const bool area = layer["mark"]["type"] == "area";
    encoding["x"] = x;
    encoding["y"] = y;
    encoding["y"]["field"] = area ? "low" : "chance";
    if (area) encoding["y2"] = {{"field", "high"}};
    encoding["color"] = colour;
    if (!area && !layer.contains("transform")) encoding["strokeDash"] = dash;
    if (layer.contains("transform")) encoding["detail"] = {{"field", "arm"}, {"type", "nominal"}};
  }
  return panel;
}

}  // namespace

std::optional<Figure> draw_acceptability(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  const Acceptability* curve = curve_asked(input, request);
  if (curve == nullptr) return std::nullopt;
  const Effect& effect = input.appraisal->effects.at(curve->effect);

  Figure figure;
  figure.name = request.name;
  // Not "one person averted": what is averted may be counted in people.
  const std::string one_less = effect.lower_is_better ? "averting one" : "gaining one";
  figure.title = request.title.empty()
                     ? fmt::format("Which is best, by what {} is worth: {}", one_less, lower_first(effect.label))
                     : request.title;
  Table table({{"worth", price_base(input)},
               {"arm", ""},
               {"label", ""},
               {"chance", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"best", ""}});
  Json arms = Json::array(), colours = Json::array(), dashes = Json::array(), shapes = Json::array();
  std::vector<LineName> names;
  const std::size_t points = curve->worth.size();
  for (std::size_t arm = 0; arm < curve->chance_best.size(); ++arm) {
    const std::string name = input.appraised.arm_names.at(arm), label = appraised_arm(input, arm);
    arms.push_back(name);
    colours.push_back(look(arm).colour);
    dashes.push_back(look(arm).dash);
    shapes.push_back(look(arm).shape);
    for (std::size_t k = 0; k < points; ++k) {
      const double chance = 100 * curve->chance_best[arm][k], off = 196 * curve->chance_error[k];
      table.add({curve->worth[k], name, label, chance, std::max(0.0, chance - off), std::min(100.0, chance + off),
                 std::string(curve->best[k] == arm ? "yes" : "no")});
    }
    const double end = 100 * curve->chance_best[arm].back();
    LineName line;
    line.arm = name;
    line.words = broken(label, 26);
    line.end = end;
    line.line_y = line.y = curve_height * (1 - end / 100);
    line.half = 7 * static_cast<double>(line_count(line.words));
    names.push_back(line);
    figure.alt += fmt::format(
        "{}{}: best in {} at {}, {} at {}.", figure.alt.empty() ? "" : " ", label,
        in_100(curve->chance_best[arm].front(), curve->chance_error.front()), money(curve->worth.front(), 0),
        bare_in_100(curve->chance_best[arm].back(), curve->chance_error.back()), money(curve->worth.back(), 0));
  }
  spread(names, curve_height);
  const double error = *std::max_element(curve->chance_error.begin(), curve->chance_error.end());
  figure.caption = fmt::format(
      "Draws in 100 in which each arm has the greatest net benefit, by what {} is worth ({}). The thick "
      "line marks the arm with the greatest mean. {}; Monte Carlo error at most {} in 100. {}",
      one_less, price_base(input), draws_in_words(input), rounded(100 * error, 0.1), sources_in_words(input));
  figure.csv = table.csv();

  Json x = money_axis("worth", curve->worth.front(), curve->worth.back(), 6, "What " + one_less + " is worth");
  x["scale"]["domain"] = {curve->worth.front(), curve->worth.back()};
  x["axis"]["grid"] = false;
  std::vector<double> inside;
  for (const Json& tick : x["axis"]["values"])
    if (tick.get<double>() >= curve->worth.front() && tick.get<double>() <= curve->worth.back())
      inside.push_back(tick.get<double>());
  x["axis"]["values"] = inside;
  const Json y = {{"type", "quantitative"},
                  {"scale", {{"domain", {0, 100}}, {"nice", false}, {"zero", false}}},
                  {"axis", {{"values", {0, 20, 40, 60, 80, 100}}, {"title", "Draws in 100 in which it is best"}}}};
  const auto by = [&](const Json& range) {
    return Json{
        {"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", arms}, {"range", range}}}, {"legend", nullptr}};
  };
  Json panel = curve_layers(x, y, by(colours), by(dashes));
  panel["width"] = curve_width;
  panel["height"] = curve_height;
  Json spec = frame(figure, "", {"worth", "chance", "low", "high"});
  spec["spacing"] = 2;
  spec["hconcat"] = Json::array({panel, names_panel(names, curve_height, by(colours), by(shapes))});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
