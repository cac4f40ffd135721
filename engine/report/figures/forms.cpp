// Forms of fading and schedules side by side: net present value with intervals, and the chance that it pays.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double form_row_height = 32, form_label_width = 200, form_width = 250, form_words_width = 142;

struct FormRow {
  std::string label;
  const ArmValue* value = nullptr;
};

std::vector<FormRow> form_rows(const ReportInput& input, std::size_t arm) {
  std::vector<FormRow> rows;
  const bool has_forms = !input.appraisal->fades.empty();
  for (const ArmValue& value : input.appraised.arms) {
    if (value.arm != arm) continue;
    std::string label = has_forms ? form_label(input, value.fade) : schedule_label(input, value.discounting);
    if (has_forms && value.discounting > 0) label += ", " + lower_first(schedule_label(input, value.discounting));
    rows.push_back({label, &value});
  }
  return rows;
}

Json form_dots(const Json& x, double rows, const std::string& arm) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "rule", "color": "#0072B2", "strokeWidth": 2.4}, "encoding": {"x2": {"field": "high"}}},
    {"mark": {"type": "point", "filled": true, "size": 75, "color": "#0072B2", "opacity": 1},
     "encoding": {"shape": {"field": "main", "type": "nominal", "legend": null,
       "scale": {"domain": ["yes", "no"], "range": ["square", "circle"]}}}}
  ]})");
  panel["transform"] = Json::array({{{"filter", {{"field", "arm"}, {"equal", arm}}}}});
  const char* fields[] = {"low", "estimate"};
  for (std::size_t i = 0; i < 2; ++i) {
    panel["layer"][i]["encoding"]["x"] = x;
    panel["layer"][i]["encoding"]["x"]["field"] = fields[i];
    panel["layer"][i]["encoding"]["y"] = row_axis(rows);
  }
  panel["layer"].push_back(nought_rule(x));
  panel["width"] = form_width;
  panel["height"] = form_row_height * rows;
  return panel;
}

Json form_words(const std::vector<FormRow>& rows) {
  Json panel = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"},
    "encoding": {"x": {"value": 2}, "text": {"field": "words"}}})");
  Json values = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i)
    values.push_back({{"words", money(rows[i].value->npv.mean, rows[i].value->npv.mc_error) + "\n" +
                                    chance_that("pays", rows[i].value->chance_pays, rows[i].value->chance_error)},
                      {"y", (static_cast<double>(i) + 0.5) * form_row_height - 6.5}});
  const double height = form_row_height * static_cast<double>(rows.size());
  panel["width"] = form_words_width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["encoding"]["y"] = {{"field", "y"},
                            {"type", "quantitative"},
                            {"axis", nullptr},
                            {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

}  // namespace

std::optional<Figure> draw_forms(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal || input.appraised.is_question) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title =
      request.title.empty() ? "Had the effect faded otherwise, or later years counted otherwise" : request.title;
  const std::string unit = price_base(input);
  Table table({{"arm", ""},
               {"row", ""},
               {"form", ""},
               {"schedule", ""},
               {"label", ""},
               {"estimate", unit},
               {"low", unit},
               {"high", unit},
               {"mc_error", unit},
               {"chance_pays", "in 100"},
               {"main", ""}});
  double low = 0, high = 0;
  std::vector<std::size_t> arms;
  for (const std::size_t arm : appraised_arms(input, request)) {
    const std::vector<FormRow> rows = form_rows(input, arm);
    if (rows.size() < 2) continue;
    arms.push_back(arm);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const ArmValue& value = *rows[i].value;
      const double from = std::isnan(value.npv.low) ? value.npv.mean : value.npv.low;
      const double to = std::isnan(value.npv.high) ? value.npv.mean : value.npv.high;
      low = std::min(low, from);
      high = std::max(high, to);
      table.add({input.appraised.arm_names[arm], static_cast<double>(i + 1), form_label(input, value.fade),
                 schedule_label(input, value.discounting), rows[i].label, value.npv.mean, from, to, value.npv.mc_error,
                 100 * value.chance_pays, std::string(&value == main_value(input, arm) ? "yes" : "no")});
      figure.alt +=
          fmt::format("{}{}: {}, {}.", figure.alt.empty() ? "" : " ", rows[i].label, money_with_range(value.npv),
                      chance_that("pays", value.chance_pays, value.chance_error));
    }
  }
  if (table.empty()) return std::nullopt;
  figure.caption = fmt::format(
      "Net present value against “{}” ({}, {}). The square is what everything else uses; circles are what else "
      "may be. Lines hold 95 in 100 of {}. {}",
      appraised_arm(input, 0), unit, years_in_words(input.appraisal->years), draws_in_words(input),
      sources_in_words(input));
  figure.csv = table.csv();
  const Json x = money_axis("estimate", low, high, 4, "Net present value, " + unit);
  Json spec = frame(figure, arms.size() == 1 ? appraised_arm(input, arms.front()) : "",
                    {"row", "estimate", "low", "high", "mc_error", "chance_pays"});
  spec["spacing"] = 20;
  spec["vconcat"] = Json::array();
  for (const std::size_t arm : arms) {
    const std::vector<FormRow> rows = form_rows(input, arm);
    std::vector<std::string> labels;
    for (const FormRow& row : rows) labels.push_back(row.label);
    Json panels = {{"spacing", 8},
                   {"hconcat",
                    {row_labels(labels, form_label_width, form_row_height),
                     form_dots(x, static_cast<double>(rows.size()), input.appraised.arm_names[arm]), form_words(rows)}},
                   {"resolve", fragment(R"({"scale": {"x": "independent", "y": "independent"}})")}};
    if (arms.size() > 1) panels["title"] = {{"text", appraised_arm(input, arm)}, {"fontSize", 12}};
    spec["vconcat"].push_back(panels);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
