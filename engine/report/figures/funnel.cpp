// Studies by their effect and error, with the region in which 95 of 100 would lie if chance alone set them apart.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"
#include "engine/statistics/normal.hpp"

namespace desist::figure {

std::optional<Figure> draw_funnel(const ReportInput& input, const FigureRequest& request) {
  if (!input.people) return std::nullopt;
  const PersonStudy& study = *input.people;
  const AnalysisResult* analysis = nullptr;
  const EffectRow* pooled = nullptr;
  std::vector<const EffectRow*> rows;
  const auto study_of_term = [&](const std::string& term) {
    return std::find_if(study.results.begin(), study.results.end(),
                        [&](const StudyEffect& each) { return each.label == term; });
  };
  for (const AnalysisResult* each : analyses_of(input, request)) {
    rows.clear();
    pooled = nullptr;
    for (const EffectRow& row : each->effects) {
      if (study_of_term(row.term) != study.results.end() && std::isfinite(row.error) && row.error > 0)
        rows.push_back(&row);
      if (row.term.starts_with("pooled") && (pooled == nullptr || row.headline)) pooled = &row;
    }
    if (rows.size() > 1 && pooled != nullptr) {
      analysis = each;
      break;
    }
  }
  if (analysis == nullptr) return std::nullopt;
  const bool ratio = is_ratio(*rows.front());
  const double times = rows.front()->unit == "share" ? 100 : 1;

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? (analysis->label.empty() ? input.title : analysis->label) : request.title;
  Table table({{"study", ""}, {"design", ""}, {"by_chance", ""}, {"estimate", ""}, {"error", ""}, {"measure", ""}});
  double most = 0;
  for (const EffectRow* row : rows) {
    const StudyEffect& its = *study_of_term(row->term);
    table.add({row->term, study_label(its.design), std::string(its.design == Design::randomised ? "yes" : "no"),
               times * row->estimate, times * row->error, row->measure});
    most = std::max(most, times * row->error);
    figure.alt += fmt::format("{}{}: {}, error {}.", figure.alt.empty() ? "" : " ", row->term, effect_digits(*row),
                              table_number(times * row->error));
  }
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "{} studies; upright line: what they give together ({}). 95 in 100 studies would lie between the dashed lines if "
      "all had that effect and only chance set them apart. Filled squares: people assigned by chance; open circles: "
      "not. A gap in a lower corner may be studies that nobody printed, or small studies that differ. {}",
      rows.size(), effect_digits(*pooled), people_source(input));

  const std::vector<double> y_ticks = round_steps(0, most, 5);
  const double deepest = y_ticks.back();
  const double reach = statistics::normal_quantile(0.975) * deepest;
  const double middle = times * pooled->estimate;
  const double left = ratio ? middle * std::exp(-reach) : middle - reach;
  const double right = ratio ? middle * std::exp(reach) : middle + reach;
  double low = left, high = right;
  for (const EffectRow* row : rows) {
    low = std::min(low, times * row->estimate);
    high = std::max(high, times * row->estimate);
  }
  std::vector<double> x_ticks = ratio ? ratio_ticks(low, high) : round_steps(low, high, 6);
  if (!ratio) {
    low = x_ticks.front();
    high = x_ticks.back();
  }
  Json spec = frame(figure, "", {"estimate", "error"});
  spec["width"] = 480;
  spec["height"] = 270;
  spec["layer"] = fragment(R"([
    {"mark": {"type": "line", "color": "#555", "strokeDash": [4, 3], "strokeWidth": 1.2},
     "encoding": {"x": {"field": "x"}, "y": {"field": "y"}, "order": {"field": "order", "type": "quantitative"}}},
    {"mark": {"type": "line", "color": "#111", "strokeWidth": 1},
     "encoding": {"x": {"field": "x"}, "y": {"field": "y"}}},
    {"mark": {"type": "point", "size": 72, "opacity": 1, "strokeWidth": 1.6},
     "encoding": {"x": {"field": "estimate"}, "y": {"field": "error"},
       "shape": {"condition": {"test": "datum.by_chance == 'yes'", "value": "square"}, "value": "circle"},
       "fill": {"condition": {"test": "datum.by_chance == 'yes'", "value": "#0072B2"}, "value": "white"},
       "stroke": {"condition": {"test": "datum.by_chance == 'yes'", "value": "#0072B2"}, "value": "#555"}}}
  ])");
  spec["layer"][0]["data"]["values"] = {{{"x", left}, {"y", deepest}, {"order", 1}},
                                        {{"x", middle}, {"y", 0}, {"order", 2}},
                                        {{"x", right}, {"y", deepest}, {"order", 3}}};
  spec["layer"][1]["data"]["values"] = {{{"x", middle}, {"y", 0}}, {{"x", middle}, {"y", deepest}}};
  std::string title = upper_first(rows.front()->measure);
  if (times == 100) title += ", in 100 people";
  if (ratio) title += " (log scale)";
  for (Json& layer : spec["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"type", ratio ? "log" : "linear"}, {"domain", {low, high}}, {"nice", false}};
    if (!ratio) x["scale"]["zero"] = false;
    x["axis"] = {{"values", x_ticks},
                 {"title", title},
                 {"labelOverlap", false},
                 {"format", ",~f"},
                 {"labelExpr", "replace(datum.label, '-', '−')"},
                 {"grid", false}};
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["scale"] = {{"domain", {deepest, 0}}, {"nice", false}};
    y["axis"] = {{"values", y_ticks},
                 {"title", ratio ? "Standard error of the logarithm" : "Standard error"},
                 {"labelOverlap", false}};
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
