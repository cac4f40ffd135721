#include "engine/report/figures/line_names.hpp"

#include <algorithm>

namespace desist::figure {
namespace {

constexpr double names_width = 190;

}  // namespace

void spread(std::vector<LineName>& labels, double height) {
  std::stable_sort(labels.begin(), labels.end(),
                   [](const LineName& a, const LineName& b) { return a.line_y < b.line_y; });
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double least = i == 0 ? labels[i].half : labels[i - 1].y + labels[i - 1].half + labels[i].half;
    labels[i].y = std::max(labels[i].line_y, least);
  }
  double floor = height + 10;
  for (std::size_t i = labels.size(); i-- > 0;) {
    labels[i].y = std::min(labels[i].y, floor - labels[i].half);
    floor = labels[i].y - labels[i].half;
  }
}

Json names_panel(const std::vector<LineName>& labels, double height, const Json& colour, const Json& shape) {
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "rule", "strokeWidth": 1},
       "encoding": {"x": {"value": 0}, "x2": {"value": 14}, "y": {"field": "line_y"}, "y2": {"field": "y"}}},
      {"mark": {"type": "point", "filled": true, "size": 46, "opacity": 1},
       "encoding": {"x": {"value": 19}, "y": {"field": "y"}}},
      {"mark": {"type": "text", "align": "left", "baseline": "middle"},
       "encoding": {"x": {"value": 29}, "y": {"field": "words_y"}, "text": {"field": "words"}}}
    ]
  })");
  Json values = Json::array();
  for (const LineName& label : labels) {
    values.push_back({{"arm", label.arm},
                      {"words", label.words},
                      {"line_y", label.line_y},
                      {"y", label.y},
                      {"words_y", label.y - 6.5 * static_cast<double>(line_count(label.words) - 1)}});
  }
  panel["data"]["values"] = values;
  panel["width"] = names_width;
  panel["height"] = height;
  for (Json& layer : panel["layer"]) {
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["axis"] = nullptr;
    y["scale"] = {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}};
    if (layer["mark"]["type"] != "text") layer["encoding"]["color"] = colour;
    if (layer["mark"]["type"] == "point") layer["encoding"]["shape"] = shape;
  }
  return panel;
}

}  // namespace desist::figure
