// Curves over time in steps: survival and cumulative incidence, a line an arm, with those at risk below.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double steps_height = 230;
constexpr double panel_gap = 34;

/// The curves of one panel: one name, its arms in the study's order.
struct Panel {
  const AnalysisResult* analysis = nullptr;
  std::string curve;   // "survival", "cumulative incidence: death"
  std::string number;  // as text: the panel's key in the CSV
  double times = 100;
  std::string title, axis;
};

bool is_survival(const std::string& curve) { return curve.starts_with("survival"); }
bool is_incidence(const std::string& curve) { return curve.starts_with("cumulative incidence"); }

std::vector<Panel> panels_of(const ReportInput& input, const FigureRequest& request, bool survival) {
  std::vector<Panel> panels;
  std::vector<std::string> seen;
  for (const AnalysisResult* each : analyses_of(input, request)) {
    for (const CurvePoint& point : each->curves) {
      if (is_survival(point.curve) != survival) continue;
      const std::string key = each->outcome + "\n" + point.curve;
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      Panel panel;
      panel.analysis = each;
      panel.curve = point.curve;
      panel.number = std::to_string(panels.size() + 1);
      const bool share = survival || is_incidence(point.curve);
      panel.times = share ? 100 : 1;
      const std::size_t colon = point.curve.find(": ");
      const std::string cause = colon == std::string::npos ? "" : point.curve.substr(colon + 2);
      panel.axis = survival ? "In 100 people, still without it" : share ? "In 100 people, by then" : "Times a person";
      panel.title = outcome_label(*input.people, each->outcome);
      if (!survival) panel.title = cause.empty() ? upper_first(point.curve) : upper_first(cause);
      panels.push_back(panel);
    }
  }
  return panels;
}

std::vector<const CurvePoint*> line_of(const Panel& panel, const std::string& arm) {
  std::vector<const CurvePoint*> points;
  for (const CurvePoint& point : panel.analysis->curves)
    if (point.curve == panel.curve && point.arm == arm) points.push_back(&point);
  return points;
}

/// People at risk just before a time; none after the last who was followed.
double at_risk(const std::vector<const CurvePoint*>& line, double time) {
  for (const CurvePoint* point : line)
    if (point->time >= time) return point->at_risk;
  const CurvePoint& last = *line.back();
  return std::max(0.0, last.at_risk - last.events - last.censored);
}

Json quantitative(const char* field) { return {{"field", field}, {"type", "quantitative"}}; }

/// Whether steps of an analysis's curves are joined, so that none shows a small count.
bool is_joined(const AnalysisResult& analysis) {
  return std::any_of(analysis.notes.begin(), analysis.notes.end(),
                     [](const std::string& note) { return note.find("joined") != std::string::npos; });
}

/// The times at which a line's people at risk are known where steps are joined, and how many were left just after:
/// each far enough from the one before to be read.
std::vector<std::pair<double, double>> known_at_risk(const std::vector<const CurvePoint*>& line, double end) {
  constexpr double least_apart = 0.07;  // of the axis
  std::vector<std::pair<double, double>> known = {{0, line.front()->at_risk}};
  for (const CurvePoint* point : line) {
    const double left = point->at_risk - point->events - point->censored;
    if (left > 0.5 && point->time >= known.back().first + least_apart * end) known.emplace_back(point->time, left);
  }
  return known;
}

/// The numbers at risk at the axis's ticks, a row an arm; at the ends of steps where they are joined.
Json risk_table(const PersonStudy& study, const Panel& panel, const std::vector<std::string>& arms,
                const std::vector<double>& ticks, double end, double width, bool named) {
  Json values = Json::array();
  Json names = Json::array();
  Json colours = Json::array();
  for (const std::string& arm : arms) {
    const auto line = line_of(panel, arm);
    if (line.empty()) continue;
    const std::string name = arm_label(study, arm);
    names.push_back(name);
    colours.push_back(look(place_of(study, arm)).colour);
    if (is_joined(*panel.analysis)) {
      for (const auto& [time, people] : known_at_risk(line, end))
        values.push_back({{"name", name}, {"time", time}, {"people", whole_number(people)}});
      continue;
    }
    for (const double tick : ticks) {
      if (tick > line.back()->time) continue;  // nothing is known beyond the curve
      values.push_back({{"name", name}, {"time", tick}, {"people", whole_number(at_risk(line, tick))}});
    }
  }
  Json table = {
      {"width", width},
      {"height", 15.0 * static_cast<double>(names.size())},
      {"title",
       {{"text", "Number at risk"}, {"fontSize", 11}, {"fontWeight", "normal"}, {"offset", 3}, {"frame", "group"}}},
      {"data", {{"values", values}}},
      {"mark", {{"type", "text"}, {"fontSize", 11}}}};
  Json y = {{"field", "name"}, {"type", "nominal"}, {"sort", nullptr}, {"title", nullptr}};
  y["axis"] = {{"domain", false},    {"ticks", false},   {"labelLimit", 0}, {"labels", named},
               {"labelPadding", 18}, {"title", nullptr}, {"grid", false}};
  table["encoding"] = {{"x",
                        {{"field", "time"},
                         {"type", "quantitative"},
                         {"axis", nullptr},
                         {"scale", {{"domain", {0, end}}, {"nice", false}}}}},
                       {"y", y},
                       {"text", {{"field", "people"}}},
                       {"color",
                        {{"field", "name"},
                         {"type", "nominal"},
                         {"scale", {{"domain", names}, {"range", colours}}},
                         {"legend", nullptr}}}};
  return table;
}

Json curve_panel(const PersonStudy& study, const Panel& panel, const std::vector<std::string>& arms,
                 const std::vector<double>& x_ticks, double end, const std::vector<double>& y_ticks, double width,
                 const std::string& time_title, bool titled) {
  Json made = fragment(R"({
    "layer": [
      {"mark": {"type": "area", "interpolate": "step-after", "opacity": 0.16, "clip": true},
       "encoding": {"y": {"field": "low"}, "y2": {"field": "high"}}},
      {"mark": {"type": "line", "interpolate": "step-after", "strokeWidth": 1.8, "clip": true},
       "encoding": {"y": {"field": "estimate"}}}
    ]
  })");
  if (is_joined(*panel.analysis)) {  // a flat step would say that nothing happened where nothing is shown
    for (Json& layer : made["layer"]) layer["mark"]["interpolate"] = "linear";
    made["layer"].push_back(fragment(R"({"mark": {"type": "point", "filled": true, "size": 30, "opacity": 1},
      "encoding": {"y": {"field": "estimate"}}})"));
  }
  made["width"] = width;
  made["height"] = steps_height;
  if (titled) made["title"] = panel_title(panel.title, width);
  made["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", panel.number}}}}});
  for (Json& layer : made["layer"]) {
    Json& encoding = layer["encoding"];
    encoding["x"] = quantitative("time");
    encoding["x"]["scale"] = {{"domain", {0, end}}, {"nice", false}};
    encoding["x"]["axis"] = {{"values", x_ticks}, {"title", time_title}, {"grid", false}, {"labelOverlap", false}};
    encoding["y"]["type"] = "quantitative";
    encoding["y"]["scale"] = {{"domain", {y_ticks.front(), y_ticks.back()}}, {"nice", false}};
    encoding["y"]["axis"] = {{"values", y_ticks}, {"title", panel.axis}, {"labelOverlap", false}};
    encoding["color"] = arm_channel(study, arms, "colour");
    if (layer["mark"]["type"] == "line") encoding["strokeDash"] = arm_channel(study, arms, "dash");
    if (layer["mark"]["type"] == "area")
      layer["transform"] = Json::array({{{"filter", "isValid(datum.low) && isValid(datum.high)"}}});
  }
  return made;
}

std::optional<Figure> draw_curves(const ReportInput& input, const FigureRequest& request, bool survival) {
  if (!input.people) return std::nullopt;
  const PersonStudy& study = *input.people;
  const std::vector<Panel> panels = panels_of(input, request, survival);
  if (panels.empty()) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;

  Table table({{"panel", ""},
               {"outcome", ""},
               {"curve", ""},
               {"arm", ""},
               {"time", ""},
               {"unit", ""},
               {"estimate", ""},
               {"low", ""},
               {"high", ""},
               {"at_risk", "person"},
               {"events", ""}});
  const auto cell = [](double value) { return std::isnan(value) ? Cell{} : Cell{value}; };
  std::vector<std::string> arms;
  double last_time = 0;
  double most = 0;
  double people = 0;
  std::string unit;
  bool joined = false;
  for (const Panel& panel : panels) {
    const PersonOutcome* outcome = outcome_named(study, panel.analysis->outcome);
    if (outcome != nullptr) unit = outcome->unit;
    std::vector<std::string> names = study.arms;
    if (names.empty()) names = {""};
    for (const std::string& arm : names) {
      const auto line = line_of(panel, arm);
      if (line.empty()) continue;
      if (std::find(arms.begin(), arms.end(), arm) == arms.end()) {
        arms.push_back(arm);
        people += line.front()->at_risk;
      }
      const auto add = [&](double time, double estimate, double low, double high, double risk, double events) {
        table.add({panel.number, panel.analysis->outcome, panel.curve, arm, time, unit, panel.times * estimate,
                   cell(panel.times * low), cell(panel.times * high), risk, events});
      };
      const double start = survival ? 1 : 0;
      if (line.front()->time > 0) add(0, start, start, start, line.front()->at_risk, 0);
      for (const CurvePoint* point : line) {
        add(point->time, point->estimate, point->interval.low, point->interval.high, point->at_risk, point->events);
        last_time = std::max(last_time, point->time);
        most = std::max({most, panel.times * point->estimate,
                         std::isfinite(point->interval.high) ? panel.times * point->interval.high : 0});
      }
      const CurvePoint& last = *line.back();
      const std::string end = panel.times == 100 ? in_100(last.estimate, 0) : table_number(last.estimate) + " a person";
      figure.alt += fmt::format("{}{}, {}: {} at {} {}.", figure.alt.empty() ? "" : " ", arm_label(study, arm),
                                lower_first(panel.title), survival ? end + " still without it" : end,
                                table_number(last.time), unit);
    }
    joined = joined || is_joined(*panel.analysis);
  }
  const std::string band = "bands are 95% limits of each point";
  figure.caption = fmt::format("{} people. {}; {}. {}", whole_number(people),
                               survival ? "Kaplan-Meier estimate"
                                        : "Estimate allowing for those whom another event took "
                                          "or whose follow-up ended",
                               band,
                               joined ? "Below: people still followed and without the event at the start, and just "
                                        "after points that are shown. Steps are joined so that none shows a small "
                                        "count; between points the lines only join them."
                                      : "Below: people still followed and without the event just before that time.");
  figure.caption += " " + people_source(input);
  figure.csv = table.csv();

  const std::size_t columns = std::min<std::size_t>(panels.size(), 2);
  const double width = columns == 1 ? 500 : 218;
  std::vector<double> x_ticks = round_steps(0, last_time, columns == 1 ? 8 : 5);
  std::erase_if(x_ticks, [&](double tick) { return tick > last_time; });
  const bool shares = panels.front().times == 100;
  const std::vector<double> y_ticks =
      survival ? round_steps(0, 100, 5) : round_steps(0, shares ? std::min(100.0, most) : most, 5);
  const std::string time_title =
      unit.empty() ? "Time" : upper_first(Unit::parse(unit).in_words(2)) + " since the start";
  Json spec = frame(figure, "", {"time", "estimate", "low", "high", "at_risk", "events", "panel"});
  spec["data"]["format"]["parse"]["panel"] = "string";
  spec["spacing"] = 14;
  spec["vconcat"] = Json::array({key_of_arms(study, arms, full_width - 60)});
  for (std::size_t from = 0; from < panels.size(); from += columns) {
    Json above = {{"spacing", panel_gap}, {"bounds", "flush"}, {"hconcat", Json::array()}};
    for (std::size_t i = from; i < std::min(from + columns, panels.size()); ++i) {
      Json pair = {{"spacing", 62}, {"bounds", "flush"}, {"vconcat", Json::array()}};
      const bool titled = !survival || panels.size() > 1;
      pair["vconcat"].push_back(
          curve_panel(study, panels[i], arms, x_ticks, last_time, y_ticks, width, time_title, titled));
      pair["vconcat"].push_back(risk_table(study, panels[i], arms, x_ticks, last_time, width, i == from));
      above["hconcat"].push_back(pair);
    }
    spec["vconcat"].push_back(above);
  }
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent", "color": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace

std::optional<Figure> draw_survival(const ReportInput& input, const FigureRequest& request) {
  return draw_curves(input, request, true);
}

std::optional<Figure> draw_incidence(const ReportInput& input, const FigureRequest& request) {
  return draw_curves(input, request, false);
}

}  // namespace desist::figure
