// The plane of costs and effects: a point a draw, with the line along which one averted is worth what it costs.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double plane_width = 500, plane_height = 330;

std::optional<std::size_t> effect_asked(const ReportInput& input, const FigureRequest& request) {
  for (const PlanePoint& point : input.appraised.plane) {
    const Effect& effect = input.appraisal->effects.at(point.effect);
    if (request.of.empty() || request.of == effect.name || request.of == effect.label) return point.effect;
  }
  return std::nullopt;
}

/// What each quarter means, in its corner.
Json corners(const Effect& effect, const Json& x, const Json& y) {
  const std::string better = effect.lower_is_better ? "fewer" : "more",
                    worse = effect.lower_is_better ? "more" : "fewer";
  const std::string noun = plural(effect.unit);
  const double left = x["scale"]["domain"][0], right = x["scale"]["domain"][1];
  const double bottom = y["scale"]["domain"][0], top = y["scale"]["domain"][1];
  Json values = Json::array();
  constexpr double letter_room = 5.4, margins = 12;  // of italics of 10.5 px, on average
  const auto corner = [&](bool is_left, bool is_top) {
    const std::string words = fmt::format("{} {}, costs {}", is_left ? worse : better, noun, is_top ? "more" : "less");
    const double room = plane_width * (is_left ? -left : std::min(right, right - left)) / (right - left);
    if (letter_room * static_cast<double>(letters_in(words)) + margins > room) return;  // the next quarter is not it
    values.push_back({{"left", is_left}, {"top", is_top}, {"words", words}});
  };
  if (left < 0 && top > 0) corner(true, true);
  if (right > 0 && top > 0) corner(false, true);
  if (left < 0 && bottom < 0) corner(true, false);
  if (right > 0 && bottom < 0) corner(false, false);
  Json layer = {{"data", {{"values", values}}}, {"layer", Json::array()}};
  for (const bool is_left : {true, false})
    for (const bool is_top : {true, false})
      layer["layer"].push_back(
          {{"transform",
            Json::array({{{"filter", fmt::format("datum.left == {} && datum.top == {}", is_left, is_top)}}})},
           {"mark",
            {{"type", "text"},
             {"align", is_left ? "left" : "right"},
             {"baseline", is_top ? "top" : "bottom"},
             {"fontStyle", "italic"},
             {"fontSize", 10.5},
             {"color", "#555"}}},
           {"encoding",
            {{"text", {{"field", "words"}}},
             {"x", {{"value", is_left ? 5.0 : plane_width - 5}}},
             {"y", {{"value", is_top ? 5.0 : plane_height - 5}}}}}});
  return layer;
}

/// Whether a line of so much for one averted lies on the upright axis, as far as anyone can see.
bool is_upright(double worth, const Json& x, const Json& y) {
  constexpr double apart = 16;  // pixels at the picture's edge
  const double width = x["scale"]["domain"][1].get<double>() - x["scale"]["domain"][0].get<double>();
  const double most =
      std::max(std::abs(y["scale"]["domain"][0].get<double>()), std::abs(y["scale"]["domain"][1].get<double>()));
  return plane_width * (most / worth) / width < apart;
}

/// The line on which one averted costs `worth`, across the picture; its words stand below it, where it is worth it.
Json worth_line(double worth, const std::string& words, double along, const Json& x, const Json& y) {
  const double left = x["scale"]["domain"][0], right = x["scale"]["domain"][1];
  const double bottom = y["scale"]["domain"][0], top = y["scale"]["domain"][1];
  const double from = std::max(left, bottom / worth), to = std::min(right, top / worth);
  if (!(to > from)) return nullptr;
  const double at = to > 0 ? along * to : along * from + (1 - along) * to;
  const bool has_room = (right - at) / (right - left) > 0.3;  // right of the line; else left of it
  Json layer = fragment(R"({"layer": [
    {"mark": {"type": "line", "color": "#333", "strokeWidth": 1.3, "strokeDash": [6, 3]}, "encoding": {}},
    {"transform": [{"filter": "datum.words != ''"}],
     "mark": {"type": "text", "baseline": "middle", "fontSize": 10.5, "color": "#111"},
     "encoding": {"text": {"field": "words"}}}
  ]})");
  layer["data"]["values"] = Json::array({{{"x", from}, {"y", worth * from}, {"words", ""}},
                                         {{"x", at}, {"y", worth * at}, {"words", words}},
                                         {{"x", to}, {"y", worth * to}, {"words", ""}}});
  for (Json& part : layer["layer"]) {
    if (part["mark"]["type"] == "text") {
      part["mark"]["align"] = has_room ? "left" : "right";
      part["mark"]["dx"] = has_room ? 8 : -8;
    }
    part["encoding"]["x"] = x;
    part["encoding"]["x"]["field"] = "x";
    part["encoding"]["y"] = y;
    part["encoding"]["y"]["field"] = "y";
  }
  layer["layer"] = with_rims(layer["layer"]);
  return layer;
}

/// A ring at each arm's means; of several arms with its name, of the leftmost on its left, so that they stand apart.
Json mean_rings(const ReportInput& input, const std::vector<std::size_t>& arms, std::size_t effect, const Json& x,
                const Json& y) {
  std::vector<const EffectValue*> rings;
  for (const EffectValue& value : input.appraised.effects)
    if (value.effect == effect && std::find(arms.begin(), arms.end(), value.arm) != arms.end()) rings.push_back(&value);
  const auto leftmost = std::min_element(rings.begin(), rings.end(), [](const EffectValue* a, const EffectValue* b) {
    return a->discounted.mean < b->discounted.mean;
  });
  Json values = Json::array();
  for (const EffectValue* ring : rings)
    values.push_back({{"x", ring->discounted.mean},
                      {"y", ring->net_cost.mean},
                      {"side", rings.size() < 2    ? "none"
                               : ring == *leftmost ? "left"
                                                   : "right"},
                      {"words", upper_first(short_appraised_arm(input, ring->arm))}});
  Json layer = fragment(R"({"layer": [
    {"mark": {"type": "point", "filled": true, "shape": "circle", "size": 150, "color": "white", "opacity": 0.9},
     "encoding": {}},
    {"mark": {"type": "point", "filled": false, "shape": "circle", "size": 150, "color": "#111", "strokeWidth": 2.4,
              "opacity": 1}, "encoding": {}}
  ]})");
  layer["data"]["values"] = values;
  for (const bool is_left : {true, false}) {
    Json words = fragment(R"({"mark": {"type": "text", "baseline": "middle", "fontSize": 10.5, "fontWeight": "bold"},
                                "encoding": {"text": {"field": "words"}}})");
    words["transform"] = Json::array({{{"filter", fmt::format("datum.side == '{}'", is_left ? "left" : "right")}}});
    words["mark"].update({{"align", is_left ? "right" : "left"}, {"dx", is_left ? -11 : 11}});
    layer["layer"].push_back(words);
  }
  for (Json& part : layer["layer"]) {
    part["encoding"]["x"] = x;
    part["encoding"]["x"]["field"] = "x";
    part["encoding"]["y"] = y;
    part["encoding"]["y"]["field"] = "y";
  }
  layer["layer"] = with_rims(layer["layer"]);
  return layer;
}

/// What one costs on average, where one arm alone is drawn and averts something: there it breaks even.
std::optional<double> breaks_even_at(const ReportInput& input, const std::vector<std::size_t>& arms,
                                     std::size_t effect) {
  if (arms.size() != 1) return std::nullopt;
  for (const EffectValue& value : input.appraised.effects)
    if (value.effect == effect && value.arm == arms.front() && value.cost_each && *value.cost_each > 0)
      return value.cost_each;
  return std::nullopt;
}

double error_of_each(const ReportInput& input, std::size_t arm, std::size_t effect) {
  for (const EffectValue& value : input.appraised.effects)
    if (value.effect == effect && value.arm == arm) return value.cost_each_error.value_or(0);
  return 0;
}

/// "Offences averted", "Fewer people", "Referrals more": what lies on the axis.
std::string axis_words(const Effect& effect) {
  const std::string noun = plural(effect.unit);
  if (!effect.lower_is_better) return "More " + noun;
  return effect.unit == "person" ? "Fewer " + noun : upper_first(noun) + " averted";
}

struct Reach {
  double least_x = 0, most_x = 0, least_y = 0, most_y = 0;
  void add(double x, double y) {
    least_x = std::min(least_x, x);
    most_x = std::max(most_x, x);
    least_y = std::min(least_y, y);
    most_y = std::max(most_y, y);
  }
};

}  // namespace

std::optional<Figure> draw_plane(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  const std::optional<std::size_t> asked = effect_asked(input, request);
  if (!asked) return std::nullopt;
  const Effect& effect = input.appraisal->effects.at(*asked);
  const std::vector<std::size_t> arms = appraised_arms(input, request);
  const std::optional<double> even = breaks_even_at(input, arms, *asked);
  const double most = effect.worth.empty() ? 0 : effect.worth.back();

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? fmt::format("What it costs and what it averts: {}", lower_first(effect.label))
                                       : request.title;
  Table table({{"arm", ""}, {"label", ""}, {"draw", ""}, {"averted", effect.unit}, {"cost", price_base(input)}});
  Reach reach;
  std::size_t points = 0;
  Json names = Json::array(), colours = Json::array(), shapes = Json::array();
  for (const std::size_t arm : arms) {
    const std::string name = upper_first(short_appraised_arm(input, arm));
    names.push_back(name);
    colours.push_back(look(arm).colour);
    shapes.push_back(look(arm).shape);
    std::size_t both = 0, of = 0;
    for (const PlanePoint& point : input.appraised.plane) {
      if (point.arm != arm || point.effect != *asked) continue;
      table.add({input.appraised.arm_names[arm], name, static_cast<double>(point.draw), point.averted, point.cost});
      reach.add(point.averted, point.cost);
      both += point.averted > 0 && point.cost < 0 ? 1 : 0;
      ++of;
    }
    points = std::max(points, of);
    if (of > 0)
      figure.alt +=
          fmt::format("{}{}: in {} of {} draws shown it averts {} and saves money.", figure.alt.empty() ? "" : " ",
                      appraised_arm(input, arm), both, of, plural(effect.unit));
  }
  if (table.empty()) return std::nullopt;
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Each point is one of {} draws ({} in all): net cost to the public purse ({}, present value) against {}, "
      "discounted alike. {} Below a dashed line one costs less than the line says{}. {}",
      whole_number(static_cast<double>(points)), draws_in_words(input), price_base(input),
      lower_first(axis_words(effect)), arms.size() > 1 ? "Rings are the arms' means." : "The ring is the mean.",
      even ? "; where one is worth what it costs on average, it breaks even" : "", sources_in_words(input));

  const std::vector<double> ticks = round_steps(reach.least_x, reach.most_x, 7);
  const Json x = {
      {"field", "averted"},
      {"type", "quantitative"},
      {"scale", {{"domain", {ticks.front(), ticks.back()}}, {"nice", false}, {"zero", false}, {"padding", 0}}},
      {"axis", {{"values", ticks}, {"title", axis_words(effect)}, {"labelExpr", "replace(datum.label, '-', '−')"}}}};
  const Json y = money_axis("cost", reach.least_y, reach.most_y, 7, "Net cost to the public purse");
  Json colour = {{"field", "label"},
                 {"type", "nominal"},
                 {"scale", {{"domain", names}, {"range", colours}}},
                 {"legend", {{"title", nullptr}, {"orient", "bottom"}, {"labelLimit", 0}, {"symbolOpacity", 1}}}};
  Json shape = colour;
  shape["scale"]["range"] = shapes;
  if (arms.size() == 1) colour["legend"] = shape["legend"] = nullptr;
  Json spec = frame(figure, "", {"draw", "averted", "cost"});
  spec["width"] = plane_width;
  spec["height"] = plane_height;
  Json cloud = fragment(R"({"mark": {"type": "point", "filled": true, "size": 16, "opacity": 0.45}, "encoding": {}})");
  cloud["encoding"] = {{"x", x}, {"y", y}, {"color", colour}, {"shape", shape}};
  Json across =
      fragment(R"({"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.2},
    "encoding": {}})");
  across["encoding"]["y"] = y;
  across["encoding"]["y"]["field"] = "at";
  spec["layer"] = Json::array({cloud, across, nought_rule(x)});
  const auto add_line = [&](double worth, const std::string& words, double along) {
    if (is_upright(worth, x, y)) return false;
    if (Json line = worth_line(worth, words, along, x, y); !line.is_null()) spec["layer"].push_back(std::move(line));
    return true;
  };
  if (even)
    add_line(*even, "breaks even at " + money(*even, error_of_each(input, arms.front(), *asked)) + " each", 0.6);
  if (most > 0 && !add_line(most, "worth " + money(most, 0) + " each", 0.85))
    figure.caption += fmt::format(" The line of {} each would lie on the upright axis.", money(most, 0));
  spec["layer"].push_back(mean_rings(input, arms, *asked, x, y));
  spec["layer"].push_back(corners(effect, x, y));
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
