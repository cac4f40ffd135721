// One person's life in two arms, one above the other: an illustration, and says so.
#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double lane_height = 21;
constexpr double key_row = 16;
constexpr double letter_width = 5.6;  // of the key's letters, on average
constexpr double trace_width = 510;
constexpr const char* state_colours[] = {"#dbe7ef", "#56B4E9", "#5a5a5a"};
constexpr const char* moment_shapes[] = {"triangle-up", "diamond", "square", "cross", "circle"};
constexpr const char* crowd_colours[] = {"#111", "#D55E00"};
constexpr double crowd_lengths[] = {15, 8};

template <std::size_t n>
const char* up_to_last(const char* const (&list)[n], std::size_t i) {
  return list[std::min(i, n - 1)];
}

/// A state or a moment that occurs, with how it is drawn.
struct TraceLook {
  std::size_t lane = 0;
  std::string what;
  std::string colour, shape;  // a shape: of a moment of its own
  double length = 0;          // of a line: of a moment among many
};

/// The looks of all that the traces hold, lane by lane in the order that the model declares.
std::vector<TraceLook> looks_of(const std::vector<TraceLane>& lanes, const std::set<std::string>& used) {
  std::vector<TraceLook> looks;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    for (std::size_t k = 0; k < lanes[lane].states.size(); ++k)
      looks.push_back({lane, lanes[lane].states[k], up_to_last(state_colours, k), "", 0});
    for (std::size_t k = 0; k < lanes[lane].moments.size(); ++k) {
      if (lanes[lane].crowded)
        looks.push_back({lane, lanes[lane].moments[k], up_to_last(crowd_colours, k), "",
                         crowd_lengths[std::min<std::size_t>(k, std::size(crowd_lengths) - 1)]});
      else
        looks.push_back({lane, lanes[lane].moments[k], "#111", up_to_last(moment_shapes, k), 0});
    }
  }
  std::erase_if(looks, [&](const TraceLook& look) { return !used.contains(look.what); });
  return looks;
}

struct TracePlan {
  std::vector<std::string> lanes;  // names of those in use
  std::vector<TraceLook> looks;
  double years = 0;
  std::string axis_title;
};

Json rows_with(const std::string& column, const std::string& value) {
  return {{"filter", {{"field", column}, {"equal", value}}}};
}

Json trace_panel(const TracePlan& plan, const std::string& name, const std::string& title, bool with_title_of_axis) {
  Json panel;
  panel["title"] = panel_title(title, trace_width);
  panel["width"] = trace_width;
  panel["height"] = lane_height * static_cast<double>(plan.lanes.size());
  panel["transform"] = Json::array({rows_with("panel", name)});
  panel["layer"] = Json::array();
  Json colours = Json::array(), states = Json::array();
  for (const TraceLook& look : plan.looks) {
    if (!look.shape.empty() || look.length > 0) continue;
    states.push_back(look.what);
    colours.push_back(look.colour);
  }
  Json bars =
      fragment(R"({"mark": {"type": "bar", "height": {"band": 0.62}}, "encoding": {"x2": {"field": "until"}}})");
  bars["transform"] = Json::array({rows_with("kind", "state")});
  bars["encoding"]["color"] = {
      {"field", "what"}, {"type", "nominal"}, {"scale", {{"domain", states}, {"range", colours}}}, {"legend", nullptr}};
  panel["layer"].push_back(bars);
  Json amounts = fragment(
      R"json({"mark": {"type": "text", "baseline": "middle"}, "encoding": {"text": {"field": "words", "type": "nominal"}}})json");
  amounts["transform"] = Json::array({rows_with("kind", "amount")});
  amounts["encoding"]["x"]["field"] = "middle";
  panel["layer"].push_back(amounts);
  for (const TraceLook& look : plan.looks) {
    if (look.shape.empty() && look.length == 0) continue;
    Json layer;
    layer["transform"] = Json::array({rows_with("kind", "moment"), rows_with("what", look.what)});
    if (look.shape.empty())
      layer["mark"] = {
          {"type", "tick"}, {"orient", "vertical"}, {"thickness", 0.9}, {"size", look.length}, {"color", look.colour}};
    else
      layer["mark"] = {{"type", "point"},      {"shape", look.shape}, {"filled", true},     {"size", 46},
                       {"color", look.colour}, {"stroke", "white"},   {"strokeWidth", 0.6}, {"opacity", 1}};
    panel["layer"].push_back(layer);
  }
  const Json axis = {{"title", with_title_of_axis ? Json(plan.axis_title) : Json(nullptr)},
                     {"values", round_steps(0, plan.years, 10)},
                     {"labelOverlap", false},
                     {"format", ",~f"}};
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    if (!x.contains("field")) x["field"] = "from";
    x["type"] = "quantitative";
    x["scale"] = {{"domain", {0, plan.years}}, {"nice", false}};
    x["axis"] = axis;
    layer["encoding"]["y"] = {
        {"field", "lane"},
        {"type", "nominal"},
        {"scale", {{"domain", plan.lanes}}},
        {"axis", {{"title", nullptr}, {"domain", false}, {"ticks", false}, {"labelLimit", 120}, {"grid", false}}}};
  }
  return panel;
}

/// What colours and shapes mean, a row a lane.
Json trace_key(const TracePlan& plan, const std::vector<TraceLane>& lanes) {
  Json squares = Json::array(), points = Json::array(), bars = Json::array(), words = Json::array();
  Json names = Json::array();
  double y = key_row / 2;
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    double x = 0;
    for (const TraceLook& look : plan.looks) {
      if (look.lane != lane) continue;
      if (x == 0) names.push_back({{"x", -3}, {"y", y}, {"words", lanes[lane].name}});
      const double width = 20 + letter_width * static_cast<double>(look.what.size()) + 14;
      if (x + width > trace_width) {
        x = 0;
        y += key_row;
      }
      Json at = {{"x", x + 7}, {"y", y}, {"colour", look.colour}};
      if (!look.shape.empty()) {
        at["shape"] = look.shape;
        points.push_back(at);
      } else if (look.length > 0) {
        at["top"] = y - look.length / 2.5;
        at["bottom"] = y + look.length / 2.5;
        bars.push_back(at);
      } else {
        squares.push_back(at);
      }
      words.push_back({{"x", x + 18}, {"y", y}, {"words", look.what}});
      x += width;
    }
    if (x > 0) y += key_row;
  }
  const double height = y - key_row / 2;
  Json panel;
  panel["width"] = trace_width;
  panel["height"] = height;
  panel["layer"] = Json::array();
  const auto add = [&](Json values, const char* mark, const Json& encoding) {
    if (values.empty()) return;
    Json layer;
    layer["data"]["values"] = std::move(values);
    layer["mark"] = fragment(mark);
    layer["encoding"] = encoding;
    for (const auto& [name, high, low] : {std::tuple("x", trace_width, 0.0), std::tuple("y", 0.0, height)}) {
      Json& channel = layer["encoding"][name];
      if (!channel.contains("field")) channel["field"] = name;
      channel["type"] = "quantitative";
      channel["axis"] = nullptr;
      channel["scale"] = {{"domain", {low, high}}, {"nice", false}, {"zero", false}};
    }
    panel["layer"].push_back(layer);
  };
  const Json colour = {{"field", "colour"}, {"type", "nominal"}, {"scale", nullptr}};
  add(squares, R"({"type": "point", "shape": "square", "filled": true, "size": 110, "opacity": 1})",
      {{"color", colour}});
  add(points, R"({"type": "point", "filled": true, "size": 46, "opacity": 1})",
      {{"color", colour}, {"shape", {{"field", "shape"}, {"type", "nominal"}, {"scale", nullptr}}}});
  add(bars, R"({"type": "rule", "strokeWidth": 1})",
      {{"color", colour}, {"y", {{"field", "top"}}}, {"y2", {{"field", "bottom"}}}});
  const Json text = {{"text", {{"field", "words"}, {"type", "nominal"}}}};
  add(words, R"({"type": "text", "align": "left", "baseline": "middle"})", text);
  add(names, R"({"type": "text", "align": "right", "baseline": "middle"})", text);
  return panel;
}

double trace_years(double weeks) { return weeks / weeks_per_year; }

/// "12 offences that are seen, 3 arrests", as the picture shows them.
std::string trace_in_words(const std::vector<TraceLane>& lanes, const Trace& trace) {
  std::string words;
  const auto say = [&](const std::string& part) { words += (words.empty() ? "" : ", ") + part; };
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    for (std::size_t k = 1; k < lanes[lane].states.size(); ++k) {
      double weeks = 0;
      for (const TraceRow& row : trace.rows)
        if (row.kind == TraceRow::Kind::state && row.what == lanes[lane].states[k]) weeks += row.until - row.from;
      if (weeks > 0) say(fmt::format("{} for {:.1f} years", lanes[lane].states[k], trace_years(weeks)));
    }
    for (const std::string& moment : lanes[lane].moments) {
      const auto times = std::count_if(trace.rows.begin(), trace.rows.end(), [&](const TraceRow& row) {
        return row.kind == TraceRow::Kind::moment && row.what == moment;
      });
      if (times > 0) say(fmt::format("{} ({})", moment, times));
    }
  }
  return words.empty() ? "nothing" : words;
}

}  // namespace

std::optional<Figure> draw_twin_traces(const ReportInput& input, const FigureRequest& request) {
  const auto found = std::find_if(input.traced.begin(), input.traced.end(),
                                  [&](const TracedFigure& each) { return each.figure == request.name; });
  if (found == input.traced.end() || found->twins.shown.empty() || request.arms.size() != 2) return std::nullopt;
  const TwinTraces& twins = found->twins;
  std::vector<const ArmText*> arms;
  for (const std::string& name : request.arms)
    for (const ArmText& arm : input.arms)
      if (arm.name == name) arms.push_back(&arm);

  Figure figure;
  figure.name = request.name;
  const std::string whose = twins.shown.size() == 1 ? "One life" : "The same lives";
  figure.title = request.title.empty() ? whose + " in two arms" : request.title;
  Table table({{"panel", ""},
               {"person", ""},
               {"arm", ""},
               {"lane", ""},
               {"kind", ""},
               {"what", ""},
               {"from", "year"},
               {"until", "year"},
               {"middle", "year"},
               {"value", ""},
               {"words", ""}});
  std::set<std::string> used;
  std::set<std::size_t> lanes_used;
  for (const Twins& each : twins.shown) {
    for (std::size_t a = 0; a < 2; ++a) {
      const Trace& trace = a == 0 ? each.first : each.second;
      for (const TraceRow& row : trace.rows) {
        using Kind = TraceRow::Kind;
        used.insert(row.what);
        lanes_used.insert(row.lane);
        const bool is_amount = row.kind == Kind::amount;
        const char* kind = row.kind == Kind::state ? "state" : is_amount ? "amount" : "moment";
        table.add(
            {fmt::format("{} {}", each.number, arms[a]->name), static_cast<double>(each.number), arms[a]->name,
             input.trace_lanes[row.lane].name, std::string(kind), row.what, trace_years(row.from),
             trace_years(row.until), trace_years((row.from + row.until) / 2), is_amount ? Cell{row.value} : Cell{},
             is_amount ? Cell{row.value < 9.95 ? fmt::format("{:.1f}", row.value) : whole_number(row.value)} : Cell{}});
      }
      figure.alt += fmt::format("{}Person {}, {}: {}.", figure.alt.empty() ? "" : " ", each.number, arms[a]->label,
                                trace_in_words(input.trace_lanes, trace));
    }
  }
  figure.csv = table.csv();

  TracePlan plan;
  plan.looks = looks_of(input.trace_lanes, used);
  std::string amounts;
  for (const std::size_t lane : lanes_used) {
    plan.lanes.push_back(input.trace_lanes[lane].name);
    if (!input.trace_lanes[lane].amount.empty())
      amounts += fmt::format(" {}: {}.", input.trace_lanes[lane].name, input.trace_lanes[lane].amount);
  }
  plan.years = trace_years(static_cast<double>(input.window.whole_weeks()));
  plan.axis_title = "Years from " + input.window.start.in_words();
  const std::string shown =
      twins.differ == 0 ? "no one's life differs"
      : twins.differ < twins.shown.size()
          ? fmt::format("{} lead{} two different lives", twins.differ, twins.differ == 1 ? "s" : "")
          : fmt::format("{} lead{} two different lives; shown {}", twins.differ, twins.differ == 1 ? "s" : "",
                        twins.shown.size() == 1 ? "is the first of them" : "are the first of them");
  figure.caption = fmt::format(
      "An illustration, not an estimate: how one person's two lives hang together is decided by the simulation, which "
      "gives both arms the same luck, and by no data. The first future of the first draw; of the first {} people in it "
      "{}.{} {}",
      whole_number(static_cast<double>(twins.looked_at)), shown, amounts, sources_in_words(input));

  Json spec = frame(figure, "An illustration, not an estimate: the same people and the same luck in both arms",
                    {"person", "from", "until", "middle", "value"});
  spec["spacing"] = 10;
  spec["vconcat"] = Json::array({trace_key(plan, input.trace_lanes)});
  for (const Twins& each : twins.shown)
    for (std::size_t a = 0; a < 2; ++a)
      spec["vconcat"].push_back(trace_panel(plan, fmt::format("{} {}", each.number, arms[a]->name),
                                            fmt::format("Person {}: {}", each.number, arms[a]->label),
                                            a == 1 && each.number == twins.shown.back().number));
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
