// Who gains and who pays: net present value by bearer, or by social group, with intervals.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double gain_row_height = 30, gain_label_width = 150, gain_width = 270, gain_words_width = 172;

struct GainRow {
  std::string label;
  DrawnAmount amount;
  bool is_sum = false;
};

/// Rows of one arm under a title of their own; `key` names the panel in the figure's data.
struct GainPanel {
  std::string key, title;
  std::vector<GainRow> rows;
};

std::vector<GainRow> bearer_rows(const ReportInput& input, std::size_t arm) {
  std::vector<GainRow> rows;
  for (const BearerValue& each : input.appraised.bearers)
    if (each.arm == arm) rows.push_back({upper_first(each.bearer), each.present_value, false});
  std::stable_sort(rows.begin(), rows.end(),
                   [](const GainRow& a, const GainRow& b) { return a.amount.mean > b.amount.mean; });
  const ArmValue* all = main_value(input, arm);
  if (all != nullptr && rows.size() > 1) rows.push_back({"All together", all->npv, true});
  return rows;
}

/// "Poorest fifth × 1.9".
std::string weighted_label(const ReportInput& input, const GroupValue& value) {
  const std::string label = upper_first(social_group_label(input, value));
  return value.weight ? fmt::format("{} × {}", label, weight_in_words(value.weight->mean, value.weight->mc_error))
                      : label;
}

std::vector<GainRow> group_rows(const ReportInput& input, std::size_t arm, bool weighted) {
  std::vector<GainRow> rows;
  for (const GroupValue& each : input.appraised.groups) {
    const DrawnAmount& amount = weighted ? each.weighted : each.present_value;
    const bool is_nobody = !each.group && amount.mean == 0 && amount.mc_error == 0;
    if (each.arm != arm || is_nobody) continue;
    rows.push_back(
        {weighted ? weighted_label(input, each) : upper_first(social_group_label(input, each)), amount, false});
  }
  if (rows.size() < 2) return rows;
  if (!weighted && main_value(input, arm) != nullptr)
    rows.push_back({"All together", main_value(input, arm)->npv, true});
  for (const WeightedValue& each : input.appraised.weighted)
    if (weighted && each.arm == arm) rows.push_back({"All together", each.npv, true});
  return rows;
}

Json gain_bars(const Json& x, double rows, const std::string& key) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "bar", "height": 15},
     "encoding": {"x2": {"field": "nought"},
       "color": {"field": "side", "type": "nominal", "legend": null,
                 "scale": {"domain": ["gain", "loss", "sum"], "range": ["#7FB8D9", "#F0B545", "#999999"]}}}},
    {"mark": {"type": "rule", "color": "#111", "strokeWidth": 1.6}, "encoding": {"x2": {"field": "high"}}},
    {"mark": {"type": "tick", "orient": "vertical", "color": "#111", "thickness": 2, "size": 15}, "encoding": {}}
  ]})");
  panel["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", key}}}}});
  const char* fields[] = {"estimate", "low", "estimate"};
  for (std::size_t i = 0; i < 3; ++i) {
    Json& encoding = panel["layer"][i]["encoding"];
    encoding["x"] = x;
    encoding["x"]["field"] = fields[i];
    encoding["y"] = row_axis(rows);
  }
  panel["layer"].push_back(nought_rule(x));
  panel["width"] = gain_width;
  panel["height"] = gain_row_height * rows;
  return panel;
}

Json words_column(const std::vector<GainRow>& rows) {
  Json panel = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"},
    "encoding": {"x": {"value": 2}, "text": {"field": "words"}}})");
  Json values = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const DrawnAmount& amount = rows[i].amount;
    const std::string range = amount.low < amount.high
                                  ? "(" + money_range(amount.low, amount.high, amount.mc_error) + ")"
                                  : std::string("(known)");
    values.push_back({{"words", money(amount.mean, amount.mc_error) + "\n" + range},
                      {"y", (static_cast<double>(i) + 0.5) * gain_row_height - 6.5}});
  }
  const double height = gain_row_height * static_cast<double>(rows.size());
  panel["width"] = gain_words_width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["encoding"]["y"] = {{"field", "y"},
                            {"type", "quantitative"},
                            {"axis", nullptr},
                            {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

/// Panels below one another on one axis of money; nothing where no row is drawn.
std::optional<Figure> draw_gains(const ReportInput& input, const FigureRequest& request, const char* title,
                                 const std::vector<GainPanel>& panels, const std::string& more) {
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? title : request.title;
  const std::string unit = price_base(input);
  Table table({{"panel", ""},
               {"row", ""},
               {"bearer", ""},
               {"estimate", unit},
               {"low", unit},
               {"high", unit},
               {"mc_error", unit},
               {"nought", unit},
               {"side", ""}});
  double low = 0, high = 0;
  for (const GainPanel& panel : panels)
    for (std::size_t i = 0; i < panel.rows.size(); ++i) {
      const GainRow& row = panel.rows[i];
      const DrawnAmount& amount = row.amount;
      const double from = std::isnan(amount.low) ? amount.mean : amount.low;
      const double to = std::isnan(amount.high) ? amount.mean : amount.high;
      low = std::min({low, from, amount.mean});
      high = std::max({high, to, amount.mean});
      table.add({panel.key, static_cast<double>(i + 1), row.label, amount.mean, from, to, amount.mc_error, 0.0,
                 std::string(row.is_sum         ? "sum"
                             : amount.mean >= 0 ? "gain"
                                                : "loss")});
      figure.alt += fmt::format("{}{}: {}.", figure.alt.empty() ? "" : " ", row.label, money_with_range(amount));
    }
  if (table.empty()) return std::nullopt;
  figure.caption = fmt::format(
      "Present value over {}, less that of “{}” ({}): gains to the right, losses and what the programme costs to "
      "the left. Black lines hold 95 in 100 of {}.{} {}",
      years_in_words(input.appraisal->years), appraised_arm(input, 0), unit, draws_in_words(input), more,
      sources_in_words(input));
  figure.csv = table.csv();
  const Json x = money_axis("estimate", low, high, 4, "Gain, present value, " + unit);
  Json spec = frame(figure, panels.size() == 1 ? panels.front().title : "",
                    {"row", "estimate", "low", "high", "mc_error", "nought"});
  spec["spacing"] = 20;
  spec["vconcat"] = Json::array();
  for (const GainPanel& panel : panels) {
    std::vector<std::string> labels;
    for (const GainRow& row : panel.rows) labels.push_back(row.label);
    Json drawn = {{"spacing", 8},
                  {"hconcat",
                   {row_labels(labels, gain_label_width, gain_row_height),
                    gain_bars(x, static_cast<double>(panel.rows.size()), panel.key), words_column(panel.rows)}},
                  {"resolve", fragment(R"({"scale": {"x": "independent", "y": "independent"}})")}};
    if (panels.size() > 1) drawn["title"] = {{"text", panel.title}, {"fontSize", 12}};
    spec["vconcat"].push_back(drawn);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace

std::optional<Figure> draw_value_by_bearer(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  std::vector<GainPanel> panels;
  for (const std::size_t arm : appraised_arms(input, request))
    if (std::vector<GainRow> rows = bearer_rows(input, arm); !rows.empty())
      panels.push_back({input.appraised.arm_names[arm], appraised_arm(input, arm), std::move(rows)});
  return draw_gains(input, request, "Who gains, and who pays", panels, "");
}

std::optional<Figure> draw_value_by_group(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal) return std::nullopt;
  const bool weighs = has_weights(*input.appraisal);
  std::vector<GainPanel> panels;
  for (const std::size_t arm : appraised_arms(input, request))
    for (const bool weighted : {false, true}) {
      if (weighted && !weighs) continue;
      std::vector<GainRow> rows = group_rows(input, arm, weighted);
      if (rows.empty()) continue;
      const std::string name = appraised_arm(input, arm);
      panels.push_back({input.appraised.arm_names[arm] + (weighted ? " weighted" : ""),
                        !weighs    ? name
                        : weighted ? name + ": with each group’s weight"
                                   : name + ": plain sum",
                        std::move(rows)});
    }
  const bool by_income = input.appraisal->average_income.has_value();
  return draw_gains(input, request, "Who gains, group by group", panels,
                    by_income
                        ? " £1 weighs (average income / income) to the power of the elasticity (HM Treasury 2022, "
                          "Green Book A3.20)."
                        : "");
}

}  // namespace desist::figure
