// Who gains and who pays: net present value by bearer, with intervals.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double bearer_row_height = 30, bearer_label_width = 150, bearer_width = 270, bearer_words_width = 172;

struct BearerRow {
  std::string label;
  DrawnAmount amount;
  bool is_sum = false;
};

std::vector<BearerRow> bearer_rows(const ReportInput& input, std::size_t arm) {
  std::vector<BearerRow> rows;
  for (const BearerValue& each : input.appraised.bearers)
    if (each.arm == arm) rows.push_back({upper_first(each.bearer), each.present_value, false});
  std::stable_sort(rows.begin(), rows.end(),
                   [](const BearerRow& a, const BearerRow& b) { return a.amount.mean > b.amount.mean; });
  const ArmValue* all = main_value(input, arm);
  if (all != nullptr && rows.size() > 1) rows.push_back({"All together", all->npv, true});
  return rows;
}

Json bearer_bars(const Json& x, double rows, const std::string& arm) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "bar", "height": 15},
     "encoding": {"x2": {"field": "nought"},
       "color": {"field": "side", "type": "nominal", "legend": null,
                 "scale": {"domain": ["gain", "loss", "sum"], "range": ["#7FB8D9", "#F0B545", "#999999"]}}}},
    {"mark": {"type": "rule", "color": "#111", "strokeWidth": 1.6}, "encoding": {"x2": {"field": "high"}}},
    {"mark": {"type": "tick", "orient": "vertical", "color": "#111", "thickness": 2, "size": 15}, "encoding": {}}
  ]})");
  panel["transform"] = Json::array({{{"filter", {{"field", "arm"}, {"equal", arm}}}}});
  const char* fields[] = {"estimate", "low", "estimate"};
  for (std::size_t i = 0; i < 3; ++i) {
    Json& encoding = panel["layer"][i]["encoding"];
    encoding["x"] = x;
    encoding["x"]["field"] = fields[i];
    encoding["y"] = row_axis(rows);
  }
  panel["layer"].push_back(nought_rule(x));
  panel["width"] = bearer_width;
  panel["height"] = bearer_row_height * rows;
  return panel;
}

Json words_column(const std::vector<BearerRow>& rows) {
  Json panel = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"},
    "encoding": {"x": {"value": 2}, "text": {"field": "words"},
      "fontWeight": {"condition": {"test": "datum.bold", "value": "bold"}, "value": "normal"}}})");
  panel["encoding"].erase("fontWeight");
  Json values = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const DrawnAmount& amount = rows[i].amount;
    const std::string range = amount.low < amount.high
                                  ? "(" + money_range(amount.low, amount.high, amount.mc_error) + ")"
                                  : std::string("(known)");
    values.push_back({{"words", money(amount.mean, amount.mc_error) + "\n" + range},
                      {"y", (static_cast<double>(i) + 0.5) * bearer_row_height - 6.5}});
  }
  const double height = bearer_row_height * static_cast<double>(rows.size());
  panel["width"] = bearer_words_width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["encoding"]["y"] = {{"field", "y"},
                            {"type", "quantitative"},
                            {"axis", nullptr},
                            {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

}  // namespace

std::optional<Figure> draw_value_by_bearer(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "Who gains, and who pays" : request.title;
  const std::string unit = price_base(input);
  Table table({{"arm", ""},
               {"row", ""},
               {"bearer", ""},
               {"estimate", unit},
               {"low", unit},
               {"high", unit},
               {"mc_error", unit},
               {"nought", unit},
               {"side", ""}});
  double low = 0, high = 0;
  std::vector<std::size_t> arms;
  for (const std::size_t arm : appraised_arms(input, request)) {
    const std::vector<BearerRow> rows = bearer_rows(input, arm);
    if (rows.empty()) continue;
    arms.push_back(arm);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const DrawnAmount& amount = rows[i].amount;
      const double from = std::isnan(amount.low) ? amount.mean : amount.low;
      const double to = std::isnan(amount.high) ? amount.mean : amount.high;
      low = std::min({low, from, amount.mean});
      high = std::max({high, to, amount.mean});
      table.add({input.appraised.arm_names[arm], static_cast<double>(i + 1), rows[i].label, amount.mean, from, to,
                 amount.mc_error, 0.0,
                 std::string(rows[i].is_sum     ? "sum"
                             : amount.mean >= 0 ? "gain"
                                                : "loss")});
      figure.alt += fmt::format("{}{}: {}.", figure.alt.empty() ? "" : " ", rows[i].label, money_with_range(amount));
    }
  }
  if (table.empty()) return std::nullopt;
  figure.caption = fmt::format(
      "Present value over {} years, less that of “{}” ({}): gains to the right, losses and what the programme costs to "
      "the left. Black lines hold 95 in 100 of {}. {}",
      input.appraisal->years, appraised_arm(input, 0), unit, draws_in_words(input), sources_in_words(input));
  figure.csv = table.csv();
  const Json x = money_axis("estimate", low, high, 4, "Gain, present value, " + unit);
  Json spec = frame(figure, arms.size() == 1 ? appraised_arm(input, arms.front()) : "",
                    {"row", "estimate", "low", "high", "mc_error", "nought"});
  spec["spacing"] = 20;
  spec["vconcat"] = Json::array();
  for (const std::size_t arm : arms) {
    const std::vector<BearerRow> rows = bearer_rows(input, arm);
    std::vector<std::string> labels;
    for (const BearerRow& row : rows) labels.push_back(row.label);
    Json panels = {
        {"spacing", 8},
        {"hconcat",
         {row_labels(labels, bearer_label_width, bearer_row_height),
          bearer_bars(x, static_cast<double>(rows.size()), input.appraised.arm_names[arm]), words_column(rows)}},
        {"resolve", fragment(R"({"scale": {"x": "independent", "y": "independent"}})")}};
    if (arms.size() > 1) panels["title"] = {{"text", appraised_arm(input, arm)}, {"fontSize", 12}};
    spec["vconcat"].push_back(panels);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
