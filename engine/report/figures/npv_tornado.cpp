// What would change the answer: net present value as one figure moves over its law, and where it passes nought.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double npv_row_height = 36, npv_label_width = 170, npv_width = 300, npv_switch_width = 126;
constexpr std::size_t npv_rows_most = 10;

std::vector<const SwitchingValue*> widest(const ReportInput& input, std::size_t arm) {
  std::vector<const SwitchingValue*> rows;
  for (const SwitchingValue& each : input.appraised.switching)
    if (each.arm == arm && std::isfinite(each.npv_low) && std::isfinite(each.npv_high) && each.npv_low != each.npv_high)
      rows.push_back(&each);
  std::stable_sort(rows.begin(), rows.end(), [](const SwitchingValue* a, const SwitchingValue* b) {
    return std::abs(a->npv_high - a->npv_low) > std::abs(b->npv_high - b->npv_low);
  });
  if (rows.size() > npv_rows_most) rows.resize(npv_rows_most);
  return rows;
}

/// The value without the words of its unit where the switching value beside it has them.
std::string end_words(const ReportInput& input, const SwitchingValue& row, double value) {
  const std::string all = value_of_figure(input, row, value, 0);
  const std::string words = letters_in(all) > 14 ? all.substr(0, all.find(" per ")) : all;
  constexpr std::string_view one = "1 ";
  return words.starts_with(one) ? std::string(one) + singular(words.substr(one.size())) : words;
}

std::string switch_column(const ReportInput& input, const SwitchingValue& row) {
  if (!switches_within_range(row)) return "";
  constexpr std::size_t two_lines = 36;
  const std::string all = switching_words(input, row);
  const std::string words = all.starts_with("pays ") ? all.substr(5) : all;
  if (letters_in(words) <= two_lines) return words;
  return words.substr(0, words.find(" per "));  // "below 1.76 offences", as at the ends of its bar
}

Json npv_bars(const Json& x, double rows, double base, const std::string& base_words) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "bar", "height": 15},
     "encoding": {"x2": {"field": "value"},
       "color": {"field": "end", "type": "nominal", "legend": null,
                 "scale": {"domain": ["lowest", "highest"], "range": ["#F0B545", "#0072B2"]}}}},
    {"transform": [{"filter": "datum.side == 'left'"}],
     "mark": {"type": "text", "align": "right", "dx": -4, "baseline": "middle", "fontSize": 10.5},
     "encoding": {"text": {"field": "set_to_words"}}},
    {"transform": [{"filter": "datum.side == 'right'"}],
     "mark": {"type": "text", "align": "left", "dx": 4, "baseline": "middle", "fontSize": 10.5},
     "encoding": {"text": {"field": "set_to_words"}}}
  ]})");
  const Json y = row_axis(rows);
  const char* fields[] = {"base", "label_at", "label_at"};
  for (std::size_t i = 0; i < panel["layer"].size(); ++i) {
    panel["layer"][i]["encoding"]["x"] = x;
    panel["layer"][i]["encoding"]["x"]["field"] = fields[i];
    panel["layer"][i]["encoding"]["y"] = y;
  }
  panel["layer"].insert(panel["layer"].begin(), nought_rule(x));
  panel["layer"] = with_rims(panel["layer"]);
  Json mean = fragment(R"({"layer": [
    {"mark": {"type": "rule", "color": "#555", "strokeWidth": 1, "strokeDash": [3, 2]}, "encoding": {}},
    {"mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontWeight": "bold"},
     "encoding": {"y": {"value": 0}, "text": {"field": "words"}}}]})");
  mean["data"]["values"] = Json::array({{{"base", base}, {"words", base_words}}});
  for (Json& layer : mean["layer"]) {
    layer["encoding"]["x"] = x;
    layer["encoding"]["x"]["field"] = "base";
  }
  panel["layer"].push_back(mean);
  return panel;
}

/// Where the words of a bar's end stand: at it, or past nought where its line would run through them.
double words_at(double end, bool left, const std::string& words, double pounds_a_pixel) {
  constexpr double letter_room = 6.2, gap = 4;
  const double room = pounds_a_pixel * (letter_room * static_cast<double>(letters_in(words)) + 2 * gap);
  const bool is_crossed = left ? end > 0 && end - room < 0 : end < 0 && end + room > 0;
  return is_crossed ? 0 : end;
}

Json switch_panel(const ReportInput& input, const std::vector<const SwitchingValue*>& rows) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10.5}, "encoding": {}}]})");
  Json values = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string words = broken(switch_column(input, *rows[i]), 22);
    values.push_back(
        {{"words", words},
         {"y", (static_cast<double>(i) + 0.5) * npv_row_height - 6.3 * static_cast<double>(line_count(words) - 1)}});
  }
  const double height = npv_row_height * static_cast<double>(rows.size());
  panel["width"] = npv_switch_width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["title"] = {{"text", "It pays ..."}, {"fontSize", 11}, {"offset", 4}, {"anchor", "start"}, {"frame", "group"}};
  Json& encoding = panel["layer"][0]["encoding"];
  encoding["x"] = {{"value", 2}};
  encoding["text"] = {{"field", "words"}};
  encoding["y"] = {{"field", "y"},
                   {"type", "quantitative"},
                   {"axis", nullptr},
                   {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

}  // namespace

std::optional<Figure> draw_npv_tornado(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  std::optional<std::size_t> arm = leading_arm(input);
  if (!request.arms.empty() && !appraised_arms(input, request).empty()) arm = appraised_arms(input, request).front();
  if (!arm || main_value(input, *arm) == nullptr) return std::nullopt;
  const std::vector<const SwitchingValue*> rows = widest(input, *arm);
  if (rows.empty()) return std::nullopt;
  DrawnAmount npv = main_value(input, *arm)->npv;
  const bool is_question = input.appraised.is_question && asked_figure(input, *arm) != nullptr;
  if (is_question) npv = {};  // what is asked at its break-even value

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "What would change the answer" : request.title;
  const std::string unit = price_base(input);
  Table table({{"row", ""},
               {"parameter", ""},
               {"label", ""},
               {"end", ""},
               {"set_to", ""},
               {"unit", ""},
               {"value", unit},
               {"mc_error", unit},
               {"base", unit},
               {"side", ""},
               {"label_at", unit},
               {"set_to_words", ""},
               {"switches_at", ""}});
  double low = std::min(0.0, npv.mean), high = std::max(0.0, npv.mean), error = 0;
  for (const SwitchingValue* row : rows) {
    low = std::min({low, row->npv_low, row->npv_high});
    high = std::max({high, row->npv_low, row->npv_high});
  }
  Json x = money_axis("value", low, high, 5, "Net present value, " + unit);
  const double room = 0.2 * (high - low > 0 ? high - low : 1);
  const double least = std::min(x["scale"]["domain"][0].get<double>(), low - room),
               most = std::max(x["scale"]["domain"][1].get<double>(), high + room);
  x["scale"]["domain"] = {least, most};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const SwitchingValue& row = *rows[i];
    const WordedUnit worded = worded_unit(input, row);
    const bool low_left = row.npv_low <= row.npv_high;
    const auto add = [&](const char* end, double set_to, double at, bool left) {
      const std::string words = end_words(input, row, set_to);
      const double bar_end = left ? std::min(npv.mean, at) : std::max(npv.mean, at);
      table.add({static_cast<double>(i + 1), row.name, row.label, std::string(end), set_to * worded.factor, worded.unit,
                 at, row.npv_error, npv.mean, std::string(left ? "left" : "right"),
                 words_at(bar_end, left, words, (most - least) / npv_width), words,
                 row.switches_at ? Cell{*row.switches_at * worded.factor} : Cell{}});
    };
    const auto lowest = [&] { add("lowest", row.low_value, row.npv_low, low_left); };
    const auto highest = [&] { add("highest", row.high_value, row.npv_high, !low_left); };
    const bool low_longer = std::abs(row.npv_low - npv.mean) >= std::abs(row.npv_high - npv.mean);
    if (low_longer) lowest();
    highest();
    if (!low_longer) lowest();
    error = std::max(error, row.npv_error);
    figure.alt += fmt::format("{}{}: {} at {}, {} at {}{}.", figure.alt.empty() ? "" : " ", row.label,
                              money(row.npv_low, row.npv_error), value_of_figure(input, row, row.low_value, 0),
                              money(row.npv_high, row.npv_error), value_of_figure(input, row, row.high_value, 0),
                              switches_within_range(row) ? "; " + switching_words(input, row) : "");
  }
  figure.caption = fmt::format(
      "Expected net present value ({}, {}) of “{}” with one figure held at its lowest (pale) or highest (dark) "
      "value, named at the bar's ends, the others drawn as ever{}; on the right, the value of that figure from which "
      "on "
      "it pays, where its range holds one. {}; Monte Carlo error of a bar at most {}. {}",
      unit, years_in_words(input.appraisal->years), appraised_arm(input, *arm),
      is_question ? " but what is asked, at its break-even value" : "", tabled_draws_in_words(input),
      money(error, std::pow(10.0, std::floor(std::log10(error > 0 ? error : 1)))), sources_in_words(input));
  figure.csv = table.csv();

  std::vector<std::string> labels;
  for (const SwitchingValue* row : rows) labels.push_back(row->label);
  const auto count = static_cast<double>(rows.size());
  Json bars =
      npv_bars(x, count, npv.mean, is_question ? "where it breaks even" : "as drawn: " + money(npv.mean, npv.mc_error));
  bars["width"] = npv_width;
  bars["height"] = npv_row_height * count;
  Json spec = frame(figure, appraised_arm(input, *arm),
                    {"row", "set_to", "value", "mc_error", "base", "label_at", "switches_at"});
  spec["spacing"] = 8;
  spec["hconcat"] = Json::array({row_labels(labels, npv_label_width, npv_row_height), bars, switch_panel(input, rows)});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
