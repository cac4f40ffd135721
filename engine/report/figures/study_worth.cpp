// What a study is worth before deciding, by its size: value to those who come after, less its cost and loss.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double study_width = 370, study_height = 250;

Json study_layers(const Json& x, const Json& y, const LineMarks& marks) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "area", "opacity": 0.18}, "encoding": {}},
    {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {}},
    {"mark": {"type": "point", "filled": true, "size": 28, "opacity": 1}, "encoding": {}},
    {"transform": [{"filter": "datum.is_best == 'yes'"}],
     "mark": {"type": "point", "filled": false, "size": 200, "strokeWidth": 2, "opacity": 1, "shape": "circle"},
     "encoding": {}},
    {"transform": [{"filter": "datum.is_best == 'yes'"}],
     "mark": {"type": "text", "baseline": "bottom", "dy": -11, "fontWeight": "bold"},
     "encoding": {"text": {"field": "best_words"}}}
  ]})");
  for (Json& layer : panel["layer"]) {
    Json& encoding = layer["encoding"];
    const std::string mark = layer["mark"]["type"];
    encoding["x"] = x;
    encoding["y"] = y;
    encoding["y"]["field"] = mark == "area" ? "low" : "net";
    if (mark == "area") encoding["y2"] = {{"field", "high"}};
    if (mark != "text") encoding["color"] = marks.by("study", marks.colours);
    if (mark == "line") encoding["strokeDash"] = marks.by("study", marks.dashes);
    if (mark == "point" && layer["mark"]["size"] == 28) encoding["shape"] = marks.by("study", marks.shapes);
  }
  Json nought =
      fragment(R"({"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.2},
    "encoding": {}})");
  nought["encoding"]["y"] = y;
  nought["encoding"]["y"]["field"] = "at";
  panel["layer"].push_back(nought);
  return panel;
}

}  // namespace

std::optional<Figure> draw_study_worth(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal || !input.appraised.information) return std::nullopt;
  const std::vector<StudyValue>& values = input.appraised.information->studies;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "What a study is worth before deciding, by its size" : request.title;
  const std::string unit = price_base(input);
  Table table({{"study", ""},
               {"label", ""},
               {"people", "person"},
               {"net", unit},
               {"low", unit},
               {"high", unit},
               {"mc_error", unit},
               {"is_best", ""},
               {"best_words", ""}});
  LineMarks marks;
  std::vector<LineName> names;
  double low = 0, high = 0, least = 1e300, most = 0;
  for (std::size_t s = 0; s < input.appraisal->studies.size(); ++s) {
    const NextStudy& study = input.appraisal->studies[s];
    if (!request.of.empty() && request.of != study.name && request.of != study.label) continue;
    const StudyValue* last = nullptr;
    const StudyValue* best = nullptr;
    for (const StudyValue& value : values) {
      if (value.study != s) continue;
      const double from = value.net - 1.96 * value.net_error, to = value.net + 1.96 * value.net_error;
      table.add({study.name, study.label, value.size, value.net, from, to, value.net_error,
                 std::string(value.is_best ? "yes" : "no"),
                 value.is_best ? Cell{whole_number(value.size) + " people"} : Cell{}});
      low = std::min(low, from);
      high = std::max(high, to);
      least = std::min(least, value.size);
      most = std::max(most, value.size);
      last = &value;
      if (value.is_best) best = &value;
    }
    if (last == nullptr) continue;
    marks.keys.push_back(study.name);
    marks.colours.push_back(look(names.size()).colour);
    marks.dashes.push_back(look(names.size()).dash);
    marks.shapes.push_back(look(names.size()).shape);
    LineName name;
    name.arm = study.name;
    name.words = study.label;
    name.end = last->net;
    names.push_back(name);
    figure.alt += fmt::format(
        "{}{}: {} at {} people{}.", figure.alt.empty() ? "" : " ", study.label, money(last->net, last->net_error),
        whole_number(last->size),
        best == nullptr ? ""
                        : fmt::format(", best {} at {}", money(best->net, best->net_error), whole_number(best->size)));
  }
  if (names.empty() || !(most > least)) return std::nullopt;
  figure.caption = fmt::format(
      "Expected net benefit of sampling: what the study is worth to all who come after its answer, less its cost and "
      "what those in it lose ({}, present value). Above nought it is worth doing; the ring marks the best size. "
      "Bands are the simulation's own error. {}; {} people. {}",
      unit, tabled_draws_in_words(input), rounded_range(least, most, 1), sources_in_words(input));
  figure.csv = table.csv();
  const Json y = money_axis("net", low, high, 6, "Worth, less cost and loss, " + unit);
  const double bottom = y["scale"]["domain"][0], top = y["scale"]["domain"][1];
  for (LineName& name : names) {
    name.words = broken(name.words, 26);
    name.half = 6.5 * static_cast<double>(line_count(name.words)) + 3;
    name.line_y = study_height * (top - name.end) / (top - bottom);
  }
  spread(names, study_height);
  std::vector<double> ticks;
  for (const double tick : round_steps(least, most, 6))
    if (tick >= least && tick <= most) ticks.push_back(tick);
  const Json x = {{"field", "people"},
                  {"type", "quantitative"},
                  {"scale", {{"domain", {least, most}}, {"nice", false}, {"zero", false}, {"padding", 10}}},
                  {"axis", {{"values", ticks}, {"title", "People in the study"}, {"grid", false}}}};
  Json panel = study_layers(x, y, marks);
  panel["width"] = study_width;
  panel["height"] = study_height;
  Json spec = frame(figure, "", {"people", "net", "low", "high", "mc_error"});
  spec["spacing"] = 2;
  spec["hconcat"] = Json::array(
      {panel, names_panel(names, study_height, marks.by("arm", marks.colours), marks.by("arm", marks.shapes))});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
