// When money comes: what has added up by the end of each year, a line a bearer, with the sum and its band.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/figures/line_names.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double cash_width = 370, cash_height = 260;
const char* const all_bearers = "(all)";

struct CashLine {
  std::string key, label;
  std::vector<double> at, low, high;  // from the start on: nought first
  double error = 0;                   // of the last
};

/// What each bearer has by the end of each year; nothing of one who neither pays nor gains.
std::vector<CashLine> bearer_lines(const ReportInput& input, std::size_t arm) {
  std::vector<CashLine> lines;
  for (const BearerCash& total : input.appraised.bearer_cash) {
    if (total.arm != arm) continue;
    if (lines.empty() || lines.back().key != total.bearer)
      lines.push_back({total.bearer, upper_first(total.bearer), {0}, {}, {}, 0});
    lines.back().at.push_back(total.all.mean);
    lines.back().error = total.all.mc_error;
  }
  std::erase_if(lines, [](const CashLine& line) {
    return std::all_of(line.at.begin(), line.at.end(), [](double value) { return value == 0; });
  });
  return lines;
}

std::optional<CashLine> sum_line(const ReportInput& input, std::size_t arm) {
  CashLine line{all_bearers, "All together", {0}, {0}, {0}, 0};
  for (const CashTotal& total : input.appraised.cash_totals) {
    if (total.arm != arm) continue;
    line.at.push_back(total.all.mean);
    line.low.push_back(total.all.low);
    line.high.push_back(total.all.high);
    line.error = total.all.mc_error;
  }
  if (line.at.size() < 2) return std::nullopt;
  return line;
}

Json cash_layers(const Json& x, const Json& y, const Json& colour, const Json& dash) {
  Json panel = fragment(R"({"layer": [
    {"transform": [{"filter": "datum.bearer == '(all)'"}],
     "mark": {"type": "area", "opacity": 0.18, "color": "#000"}, "encoding": {}},
    {"mark": {"type": "line", "strokeWidth": 2}, "encoding": {}},
    {"transform": [{"filter": "datum.bearer == '(all)'"}],
     "mark": {"type": "line", "strokeWidth": 3.2, "color": "#000"}, "encoding": {}}
  ]})");
  for (Json& layer : panel["layer"]) {
    const bool area = layer["mark"]["type"] == "area";
    layer["encoding"]["x"] = x;
    layer["encoding"]["y"] = y;
    layer["encoding"]["y"]["field"] = area ? "low" : "estimate";
    if (area) layer["encoding"]["y2"] = {{"field", "high"}};
    if (layer["mark"]["strokeWidth"] == 2) {
      layer["encoding"]["color"] = colour;
      layer["encoding"]["strokeDash"] = dash;
    }
  }
  Json nought =
      fragment(R"({"data": {"values": [{"at": 0}]}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1},
    "encoding": {}})");
  nought["encoding"]["y"] = y;
  nought["encoding"]["y"]["field"] = "at";
  panel["layer"].push_back(nought);
  return panel;
}

}  // namespace

std::optional<Figure> draw_cash(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  std::optional<std::size_t> arm = leading_arm(input);
  if (!request.arms.empty() && !appraised_arms(input, request).empty()) arm = appraised_arms(input, request).front();
  if (!arm) return std::nullopt;
  std::vector<CashLine> drawn = bearer_lines(input, *arm);
  if (drawn.size() == 1) drawn.clear();  // it is the sum
  if (std::optional<CashLine> sum = sum_line(input, *arm)) drawn.insert(drawn.begin(), std::move(*sum));
  if (drawn.empty() || drawn.front().key != all_bearers) return std::nullopt;

  Figure figure;
  figure.name = request.name;
  const char* title = drawn.size() > 1 ? "When the money comes, and whose it is" : "When the money comes";
  figure.title = request.title.empty() ? title : request.title;
  const std::string unit = price_base(input);
  Table table({{"bearer", ""}, {"label", ""}, {"year", "year"}, {"estimate", unit}, {"low", unit}, {"high", unit}});
  double low = 0, high = 0;
  LineMarks marks;
  for (std::size_t l = 0; l < drawn.size(); ++l) {
    const CashLine& line = drawn[l];
    marks.keys.push_back(line.key);
    marks.colours.push_back(look(l).colour);
    marks.dashes.push_back(look(l).dash);
    marks.shapes.push_back(look(l).shape);
    for (std::size_t y = 0; y < line.at.size(); ++y) {
      const double from = line.low.empty() ? line.at[y] : line.low[y],
                   to = line.high.empty() ? line.at[y] : line.high[y];
      table.add({line.key, line.label, static_cast<double>(y), line.at[y], from, to});
      low = std::min({low, line.at[y], from});
      high = std::max({high, line.at[y], to});
    }
    figure.alt += fmt::format("{}{}: {} by the end of year {}.", figure.alt.empty() ? "" : " ", line.label,
                              money(line.at.back(), line.error), line.at.size() - 1);
  }
  const Json y = money_axis("estimate", low, high, 6, nullptr);
  const double bottom = y["scale"]["domain"][0], top = y["scale"]["domain"][1];
  std::vector<LineName> names;
  for (const CashLine& line : drawn) {
    LineName name;
    name.arm = line.key;
    name.words = broken(line.label + ": " + money(line.at.back(), line.error), 26);
    name.end = line.at.back();
    name.half = 6.5 * static_cast<double>(line_count(name.words)) + 3;
    name.line_y = cash_height * (top - line.at.back()) / (top - bottom);
    names.push_back(name);
  }
  spread(names, cash_height);
  const ArmValue* value = main_value(input, *arm);
  const bool is_back = value != nullptr && value->payback_year;
  const std::string back =
      fmt::format(" Expected gains make up for it {}.", is_back ? payback_words(*value) : "not within the horizon");
  figure.caption = fmt::format(
      "Expected gains less costs of “{}” against “{}”, added up from the start, undiscounted ({}); the band holds 95 "
      "in "
      "100 of {} for all bearers together.{} {}",
      appraised_arm(input, *arm), appraised_arm(input, 0), unit, draws_in_words(input), back, sources_in_words(input));
  figure.csv = table.csv();

  Json ticks = Json::array();
  const int years = input.appraisal->years;
  const int step = years <= 12 ? 1 : years <= 25 ? 5 : 10;
  for (int year = 0; year <= years; year += step) ticks.push_back(year);
  const Json x = {{"field", "year"},
                  {"type", "quantitative"},
                  {"scale", {{"domain", {0, years}}, {"nice", false}, {"zero", false}}},
                  {"axis",
                   {{"values", ticks},
                    {"title", "End of year"},
                    {"grid", false},
                    {"labelExpr", "datum.value == 0 ? 'start' : datum.label"}}}};
  Json panel = cash_layers(x, y, marks.by("bearer", marks.colours), marks.by("bearer", marks.dashes));
  panel["width"] = cash_width;
  panel["height"] = cash_height;
  Json spec = frame(figure, appraised_arm(input, *arm), {"year", "estimate", "low", "high"});
  spec["spacing"] = 2;
  spec["hconcat"] = Json::array(
      {panel, names_panel(names, cash_height, marks.by("arm", marks.colours), marks.by("arm", marks.shapes))});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
