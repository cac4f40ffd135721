// Who was referred, assigned and analysed: boxes from top to bottom, an arm a column (CONSORT 2025).
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double flow_line_height = 14;
constexpr double box_padding = 9;
constexpr double between = 24;  // rows of boxes: room for an arrow

struct Placed {
  const FlowBox* box = nullptr;
  std::string title, rest;  // lines
  double left = 0, right = 0, top = 0, bottom = 0;
};

}  // namespace

std::optional<Figure> draw_flow(const ReportInput& input, const FigureRequest& request) {
  if (!input.people || input.people_results.flow.empty()) return std::nullopt;
  const PersonStudy& study = *input.people;
  const std::size_t arms = std::max<std::size_t>(study.arms.size(), 1);
  const double wide = std::min(300.0, (full_width - 16 * static_cast<double>(arms - 1)) / static_cast<double>(arms));
  const double all = wide * static_cast<double>(arms) + 16 * static_cast<double>(arms - 1);

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "From referral to analysis" : request.title;
  std::vector<Placed> placed;
  std::vector<double> arrows_from, arrows_to, arrows_x;  // vertical
  double split_y = -1;
  double y = 0;
  std::vector<double> ends(arms, -1);
  double trunk = -1;  // bottom of the last box above the split
  const std::vector<FlowBox>& flow = input.people_results.flow;
  for (std::size_t i = 0; i < flow.size();) {
    std::size_t end = i + 1;  // boxes of one step stand side by side
    while (end < flow.size() && !flow[i].arm.empty() && flow[end].step == flow[i].step && !flow[end].arm.empty()) ++end;
    double tallest = 0;
    std::vector<Placed> row;
    for (std::size_t b = i; b < end; ++b) {
      Placed one;
      one.box = &flow[b];
      const std::size_t place = flow[b].arm.empty() ? 0 : place_of(study, flow[b].arm);
      const double width = flow[b].arm.empty() ? std::min(wide * 1.2, full_width) : wide;
      one.left = flow[b].arm.empty() ? (all - width) / 2 : static_cast<double>(place) * (wide + 16);
      one.right = one.left + width;
      const auto letters = static_cast<std::size_t>((width - 2 * box_padding) / 6.2);
      const std::string people =
          flow[b].withheld ? "number withheld" : "n = " + whole_number(static_cast<double>(flow[b].people));
      const std::string name =
          flow[b].arm.empty() ? flow[b].step : arm_label(study, flow[b].arm) + ": " + lower_first(flow[b].step);
      one.title = broken(name, letters);
      one.rest = people + (flow[b].note.empty() ? "" : "\n" + broken(flow[b].note, letters));
      const auto lines = static_cast<double>(line_count(one.title) + line_count(one.rest));
      tallest = std::max(tallest, lines * flow_line_height + 2 * box_padding);
      row.push_back(one);
      figure.alt += fmt::format("{}{}: {}.", figure.alt.empty() ? "" : " ", name, people);
    }
    const bool splits = !flow[i].arm.empty() && trunk >= 0 && split_y < 0 && row.size() > 1;
    if (splits) y += 12;
    for (Placed& one : row) {
      one.top = y;
      one.bottom = y + tallest;
      const double middle = (one.left + one.right) / 2;
      if (one.box->arm.empty()) {
        if (trunk >= 0) {
          arrows_x.push_back(middle);
          arrows_from.push_back(trunk);
          arrows_to.push_back(one.top);
        }
      } else {
        const std::size_t place = place_of(study, one.box->arm);
        if (splits) split_y = (trunk + y) / 2;
        const double from = ends[place] >= 0 ? ends[place] : split_y >= 0 ? split_y : trunk;
        if (from >= 0) {
          arrows_x.push_back(middle);
          arrows_from.push_back(from);
          arrows_to.push_back(one.top);
        }
        ends[place] = one.bottom;
      }
      placed.push_back(one);
    }
    if (flow[i].arm.empty()) trunk = y + tallest;
    y += tallest + between;
    i = end;
  }

  Table table({{"step", ""},
               {"arm", ""},
               {"people", "person"},
               {"note", ""},
               {"title", ""},
               {"rest", ""},
               {"left", ""},
               {"right", ""},
               {"top", ""},
               {"bottom", ""},
               {"middle", ""},
               {"rest_y", ""},
               {"title_y", ""}});
  for (const Placed& one : placed) {
    const double text = static_cast<double>(line_count(one.title)) * flow_line_height;
    table.add({one.box->step, one.box->arm, one.box->withheld ? Cell{} : Cell{static_cast<double>(one.box->people)},
               one.box->note, one.title, one.rest, one.left, one.right, one.top, one.bottom, (one.left + one.right) / 2,
               one.top + box_padding + text, one.top + box_padding});
  }
  figure.csv = table.csv();
  figure.caption =
      "Numbers are people. Boxes follow CONSORT 2025; what happened before the data begin is as the "
      "experiment file prints it. " +
      people_source(input);

  Json spec = frame(figure, "", {"people", "left", "right", "top", "bottom", "middle", "rest_y", "title_y"});
  const double tall = y - between;
  spec["width"] = all;
  spec["height"] = tall;
  Json arrows = Json::array();
  for (std::size_t i = 0; i < arrows_x.size(); ++i)
    arrows.push_back(
        {{"x", arrows_x[i]}, {"from", arrows_from[i]}, {"to", arrows_to[i] - 1}, {"head", arrows_to[i] - 5}});
  Json bars = Json::array();
  if (split_y >= 0) {
    double left = all, right = 0;
    for (const Placed& one : placed) {
      if (one.box->arm.empty()) continue;
      left = std::min(left, (one.left + one.right) / 2);
      right = std::max(right, (one.left + one.right) / 2);
    }
    bars.push_back({{"x", left}, {"x2", right}, {"y", split_y}, {"y2", split_y}});
    bars.push_back({{"x", all / 2}, {"x2", all / 2}, {"y", trunk}, {"y2", split_y}});
  }
  spec["layer"] = fragment(R"([
    {"mark": {"type": "rule", "color": "#444"}, "encoding": {"x": {"field": "x"}, "x2": {"field": "x2"}, "y": {"field": "y"}, "y2": {"field": "y2"}}},
    {"mark": {"type": "rule", "color": "#444"}, "encoding": {"x": {"field": "x"}, "y": {"field": "from"}, "y2": {"field": "to"}}},
    {"mark": {"type": "point", "shape": "triangle-down", "filled": true, "size": 50, "color": "#444", "opacity": 1}, "encoding": {"x": {"field": "x"}, "y": {"field": "head"}}},
    {"mark": {"type": "rect", "fill": "white", "stroke": "#222", "strokeWidth": 1}, "encoding": {"x": {"field": "left"}, "x2": {"field": "right"}, "y": {"field": "top"}, "y2": {"field": "bottom"}}},
    {"mark": {"type": "text", "fontWeight": "bold", "baseline": "top", "lineHeight": 14}, "encoding": {"x": {"field": "middle"}, "y": {"field": "title_y"}, "text": {"field": "title"}}},
    {"mark": {"type": "text", "baseline": "top", "lineHeight": 14}, "encoding": {"x": {"field": "middle"}, "y": {"field": "rest_y"}, "text": {"field": "rest"}}}
  ])");
  spec["layer"][0]["data"]["values"] = bars;
  spec["layer"][1]["data"]["values"] = arrows;
  spec["layer"][2]["data"]["values"] = arrows;
  for (Json& layer : spec["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"].update({{"type", "quantitative"},
                          {"axis", nullptr},
                          {"scale", {{"domain", {0, all}}, {"nice", false}, {"zero", false}}}});
    encoding["y"].update({{"type", "quantitative"},
                          {"axis", nullptr},
                          {"scale", {{"domain", {tall, 0}}, {"nice", false}, {"zero", false}}}});
  }
  if (bars.empty()) spec["layer"].erase(0);
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
