// The years that were counted, the years ahead with their bands, and what the first years alone would have said.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double forecast_width = 560;
constexpr double forecast_height = 260;
constexpr int most_labels = 4;  // years whose numbers stand side by side

Json key(bool has_back_test) {
  Json panel = fragment(R"({
    "height": 30, "data": {"values": [{}]},
    "layer": [
      {"mark": {"type": "point", "filled": true, "color": "#1a1a1a", "size": 50}, "encoding": {"x": {"value": 9}, "y": {"value": 7}}},
      {"mark": {"type": "text", "text": "counted"}, "encoding": {"x": {"value": 23}, "y": {"value": 7}}},
      {"mark": {"type": "rect", "color": "#4b97cc"}, "encoding": {"x": {"value": 90}, "x2": {"value": 108}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "text": "half of the futures"}, "encoding": {"x": {"value": 113}, "y": {"value": 7}}},
      {"mark": {"type": "rect", "color": "#94c3e4"}, "encoding": {"x": {"value": 228}, "x2": {"value": 246}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "text": "80 in 100"}, "encoding": {"x": {"value": 251}, "y": {"value": 7}}},
      {"mark": {"type": "rect", "color": "#cfe3f2"}, "encoding": {"x": {"value": 316}, "x2": {"value": 334}, "y": {"value": 2}, "y2": {"value": 12}}},
      {"mark": {"type": "text", "text": "95 in 100"}, "encoding": {"x": {"value": 339}, "y": {"value": 7}}},
      {"mark": {"type": "rule", "color": "#00304f", "strokeWidth": 2}, "encoding": {"x": {"value": 404}, "x2": {"value": 426}, "y": {"value": 7}}},
      {"mark": {"type": "text", "text": "median"}, "encoding": {"x": {"value": 431}, "y": {"value": 7}}},
      {"mark": {"type": "rule", "color": "#b35900", "strokeWidth": 1.5, "strokeDash": [5, 3]}, "encoding": {"x": {"value": 0}, "x2": {"value": 22}, "y": {"value": 24}}},
      {"mark": {"type": "text", "text": "mean growth so far, gone on with"}, "encoding": {"x": {"value": 27}, "y": {"value": 24}}}
    ]
  })");
  panel["width"] = forecast_width;
  if (has_back_test) {
    for (
        const char* layer :
        {R"({"mark": {"type": "rule", "color": "#8a8a8a", "strokeWidth": 2}, "encoding": {"x": {"value": 236}, "x2": {"value": 268}, "y": {"value": 24}}})",
         R"({"mark": {"type": "rule", "color": "#8a8a8a", "strokeWidth": 7}, "encoding": {"x": {"value": 244}, "x2": {"value": 260}, "y": {"value": 24}}})",
         R"({"mark": {"type": "text", "text": "what the years before alone say: half, 95 in 100"}, "encoding": {"x": {"value": 273}, "y": {"value": 24}}})"})
      panel["layer"].push_back(fragment(layer));
  }
  for (Json& layer : panel["layer"]) {
    if (layer["mark"]["type"] != "text") continue;
    layer["mark"]["align"] = "left";
    layer["mark"]["baseline"] = "middle";
  }
  return panel;
}

/// A layer of the rows of one kind.
Json layer(const char* kind, const char* text) {
  Json made = fragment(text);
  made["transform"] = Json::array({{{"filter", {{"field", "kind"}, {"equal", kind}}}}});
  return made;
}

}  // namespace

std::optional<Figure> draw_forecast(const ReportInput& input, const FigureRequest& request) {
  // The one that `of` names, else the first.
  std::size_t f = 0;
  while (f < input.forecasts.size() && !request.of.empty() && input.forecasts[f].name != request.of) ++f;
  if (f >= input.forecasts.size() || f >= input.forecast_results.size()) return std::nullopt;
  const Forecast& forecast = input.forecasts[f];
  const ForecastResult& result = input.forecast_results[f];

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? forecast.label + ", counted and forecast" : request.title;
  Table table({{"year", ""},
               {"kind", ""},
               {"counted", ""},
               {"q025", ""},
               {"q10", ""},
               {"q25", ""},
               {"q50", ""},
               {"q75", ""},
               {"q90", ""},
               {"q975", ""},
               {"plain_line", ""},
               {"label", ""},
               {"range", ""}});
  const auto counts = static_cast<int>(forecast.counts.size());
  Json years = Json::array();
  double top = 0;
  for (int year = -counts; year < forecast.years; ++year) years.push_back(forecast.year_name(year));
  for (int year = -counts; year < 0; ++year) {
    const double counted = forecast.counts[static_cast<std::size_t>(counts + year)];
    top = std::max(top, counted);
    table.add({forecast.year_name(year), std::string("counted"), counted, Cell{}, Cell{}, Cell{}, Cell{}, Cell{},
               Cell{}, Cell{}, Cell{}, whole_number(counted), std::string()});
  }
  const double last = forecast.counts.back();  // the bands begin where counting ends
  table.add({forecast.year_name(-1), std::string("forecast"), Cell{}, last, last, last, last, last, last, last, last,
             std::string(), std::string()});
  bool has_back_test = false;
  for (const ForecastRow& row : result.rows) {
    if (row.kind == ForecastRow::Kind::other_prior) continue;
    const bool is_test = row.kind == ForecastRow::Kind::back_test;
    has_back_test = has_back_test || is_test;
    top = std::max(top, row.q975);
    const bool labelled = is_test || forecast.years <= most_labels || row.year == forecast.years - 1;
    table.add({forecast.year_name(row.year), std::string(is_test ? "back-test" : "forecast"),
               row.counted ? Cell{*row.counted} : Cell{}, row.q025, row.q10, row.q25, row.q50, row.q75, row.q90,
               row.q975, row.plain_line, labelled ? rounded(row.q50, 0) : std::string(),
               labelled && !is_test ? rounded_range(row.q025, row.q975, 0) : std::string()});
    figure.alt += fmt::format("{}{}: {} {} (95 in 100: {}).", figure.alt.empty() ? "" : " ",
                              forecast.year_name(row.year), is_test ? "the years before alone say" : "the median is",
                              rounded(row.q50, 0), rounded_range(row.q025, row.q975, 0));
    if (is_test) figure.alt += fmt::format(" {} were counted.", whole_number(*row.counted));
  }
  figure.caption = fmt::format(
      "{} counts, and what follows if the mean growth is not known and each year's growth varies around it (scale of "
      "that: "
      "{:.2g}, an assumption; forecasts.csv has others).",
      forecast.counts.size(), forecast.priors.change);
  if (has_back_test) figure.caption += std::string(" ") + what_one_miss_shows;
  figure.caption += " " + sources_in_words(input);
  figure.csv = table.csv();

  Json spec = frame(figure, "", {"counted", "q025", "q10", "q25", "q50", "q75", "q90", "q975", "plain_line"});
  const Json x = {{"field", "year"},
                  {"type", "ordinal"},
                  {"scale", {{"domain", years}, {"type", "point"}, {"padding", 0.5}}},
                  {"axis", {{"title", nullptr}, {"labelAngle", 0}}}};
  const std::vector<double> ticks = round_steps(0, top, 5);
  const Json y_shared = {
      {"scale", {{"domain", {0, std::max(top * 1.13, ticks.back())}}, {"nice", false}}},
      {"axis", {{"values", ticks}, {"format", ",d"}, {"title", upper_first(forecast.thing) + " a year"}}}};
  Json panel;
  panel["width"] = forecast_width;
  panel["height"] = forecast_height;
  panel["layer"] = Json::array();
  const auto add = [&](const char* kind, const char* mark, const char* field, const char* second = nullptr,
                       const char* text = "label") {
    Json made = layer(kind, R"({"mark": {}, "encoding": {}})");
    made["mark"] = fragment(mark);
    made["encoding"]["x"] = x;
    made["encoding"]["y"] = y_shared;
    made["encoding"]["y"]["field"] = field;
    made["encoding"]["y"]["type"] = "quantitative";
    if (second != nullptr) made["encoding"]["y2"] = {{"field", second}};
    if (made["mark"]["type"] == "text") made["encoding"]["text"] = {{"field", text}};
    panel["layer"].push_back(std::move(made));
  };
  add("forecast", R"({"type": "area", "color": "#cfe3f2"})", "q025", "q975");
  add("forecast", R"({"type": "area", "color": "#94c3e4"})", "q10", "q90");
  add("forecast", R"({"type": "area", "color": "#4b97cc"})", "q25", "q75");
  add("forecast", R"({"type": "line", "color": "#b35900", "strokeWidth": 1.5, "strokeDash": [5, 3]})", "plain_line");
  add("forecast", R"({"type": "line", "color": "#00304f", "strokeWidth": 2})", "q50");
  add("back-test", R"({"type": "rule", "color": "#8a8a8a", "strokeWidth": 2, "xOffset": -14})", "q025", "q975");
  add("back-test", R"({"type": "rule", "color": "#8a8a8a", "strokeWidth": 7, "xOffset": -14})", "q25", "q75");
  add("back-test",
      R"({"type": "tick", "color": "#ffffff", "thickness": 2, "size": 9, "orient": "horizontal", "xOffset": -14})",
      "q50");
  add("back-test", R"({"type": "text", "color": "#555", "align": "right", "dx": -22, "baseline": "middle"})", "q50");
  add("counted", R"({"type": "line", "color": "#1a1a1a", "strokeWidth": 1})", "counted");
  add("counted", R"({"type": "point", "filled": true, "color": "#1a1a1a", "size": 50, "opacity": 1})", "counted");
  add("counted", R"({"type": "text", "align": "left", "dx": 8, "dy": 9, "fontWeight": "bold"})", "counted");
  add("forecast", R"({"type": "text", "color": "#00304f", "dy": -20, "fontWeight": "bold"})", "q975");
  add("forecast", R"({"type": "text", "color": "#00304f", "dy": -8})", "q975", nullptr, "range");
  spec["spacing"] = 12;
  spec["vconcat"] = Json::array({key(has_back_test), panel});
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
