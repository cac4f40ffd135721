#include "engine/report/figures/appraisal_parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {

Json money_axis(const std::string& field, double low, double high, int most_ticks, const Json& title) {
  const std::vector<double> ticks = round_steps(low, high, most_ticks);
  const double size = std::max(std::abs(ticks.front()), std::abs(ticks.back()));
  // Six digits a tick would run into each other.
  const std::string number = size >= 1e6   ? "format(abs(datum.value) / 1e6, ',~f') + 'm'"
                             : size >= 1e5 ? "format(abs(datum.value) / 1e3, ',~f') + 'k'"
                                           : "format(abs(datum.value), ',~f')";
  return {{"field", field},
          {"type", "quantitative"},
          {"scale", {{"domain", {ticks.front(), ticks.back()}}, {"nice", false}, {"zero", false}, {"padding", 0}}},
          {"axis",
           {{"values", ticks},
            {"title", title},
            {"labelOverlap", false},
            {"labelExpr", "datum.value == 0 ? '£0' : (datum.value < 0 ? '−£' : '£') + " + number}}}};
}

Json row_axis(double rows) {
  return {{"field", "row"},
          {"type", "quantitative"},
          {"axis", nullptr},
          {"scale", {{"domain", {rows + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
}

std::vector<std::size_t> appraised_arms(const ReportInput& input, const FigureRequest& request) {
  std::vector<std::size_t> arms;
  for (std::size_t arm = 1; arm < input.appraised.arm_names.size(); ++arm)
    if (request.arms.empty() ||
        std::find(request.arms.begin(), request.arms.end(), input.appraised.arm_names[arm]) != request.arms.end())
      arms.push_back(arm);
  return arms;
}

std::string price_base(const ReportInput& input) {
  return input.appraisal->prices.empty() ? "£" : "£ of " + input.appraisal->prices;
}

namespace {

std::string all_draws_in_words(const ReportInput& input) {
  return whole_number(static_cast<double>(input.appraised.draws)) + " draws of the uncertain figures";
}

}  // namespace

std::string draws_in_words(const ReportInput& input) {
  return all_draws_in_words(input) +
         (input.appraised.is_question_held ? ", what is asked held where it breaks even" : "");
}

std::string tabled_draws_in_words(const ReportInput& input) {
  if (!input.appraised.tabled_draws) return all_draws_in_words(input);
  return "The first " + whole_number(static_cast<double>(*input.appraised.tabled_draws)) + " of " +
         all_draws_in_words(input);
}

Json row_labels(const std::vector<std::string>& labels, double width, double row_height) {
  Json panel = fragment(R"({
    "mark": {"type": "text", "align": "right", "baseline": "middle"},
    "encoding": {"text": {"field": "words"}}
  })");
  Json values = Json::array();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::string words = broken(labels[i], static_cast<std::size_t>(width / 5.9));
    const double up = 6.5 * static_cast<double>(line_count(words) - 1);
    values.push_back({{"words", words}, {"y", (static_cast<double>(i) + 0.5) * row_height - up}});
  }
  const double height = row_height * static_cast<double>(labels.size());
  panel["width"] = width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["encoding"]["x"] = {{"value", width - 2}};
  panel["encoding"]["y"] = {{"field", "y"},
                            {"type", "quantitative"},
                            {"axis", nullptr},
                            {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

Json nought_rule(const Json& x) {
  Json rule = fragment(R"({"data": {"values": [{"at": 0}]},
    "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.4}, "encoding": {}})");
  rule["encoding"]["x"] = x;
  rule["encoding"]["x"]["field"] = "at";
  return rule;
}

Json LineMarks::by(const char* field, const Json& range) const {
  return {{"field", field}, {"type", "nominal"}, {"scale", {{"domain", keys}, {"range", range}}}, {"legend", nullptr}};
}

}  // namespace desist::figure
