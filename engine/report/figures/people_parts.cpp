#include "engine/report/figures/people_parts.hpp"

#include <algorithm>
#include <cmath>

#include "engine/report/words.hpp"

namespace desist::figure {

std::vector<const AnalysisResult*> analyses_of(const ReportInput& input, const FigureRequest& request) {
  std::vector<const AnalysisResult*> all;
  for (const AnalysisResult& each : input.people_results.analyses) {
    const bool wanted = request.analysis.empty() || std::find(request.analysis.begin(), request.analysis.end(),
                                                              each.name) != request.analysis.end();
    if (wanted && !each.withheld && each.refused.empty()) all.push_back(&each);
  }
  return all;
}

std::string people_source(const ReportInput& input) {
  const std::string source = input.people ? input.people->source : "";
  if (!source.empty()) return "Source: " + source + (source.ends_with('.') ? "" : ".");
  const std::string documents = sources_in_words(input);
  return documents.empty() ? "Source: the data named in the experiment file." : documents;
}

std::size_t place_of(const PersonStudy& study, const std::string& arm) {
  return static_cast<std::size_t>(std::find(study.arms.begin(), study.arms.end(), arm) - study.arms.begin()) %
         std::max<std::size_t>(study.arms.size(), 1);
}

Json key_of_arms(const PersonStudy& study, const std::vector<std::string>& arms, double width) {
  Json panel = {{"width", width}, {"height", 14}, {"layer", Json::array()}};
  double x = 0;
  for (const std::string& arm : arms) {
    const Look& its = look(place_of(study, arm));
    const std::string words = arm_label(study, arm);
    Json rule = {{"mark", {{"type", "rule"}, {"color", its.colour}, {"strokeWidth", 2}, {"strokeDash", its.dash}}},
                 {"encoding", {{"x", {{"value", x}}}, {"x2", {{"value", x + 30}}}, {"y", {{"value", 7}}}}}};
    Json text = {{"mark", {{"type", "text"}, {"align", "left"}, {"baseline", "middle"}, {"text", words}}},
                 {"encoding", {{"x", {{"value", x + 36}}}, {"y", {{"value", 7}}}}}};
    panel["layer"].push_back(rule);
    panel["layer"].push_back(text);
    x += 60 + 6.3 * static_cast<double>(words.size());
  }
  panel["data"]["values"] = Json::array({Json::object()});
  return panel;
}

Json arm_channel(const PersonStudy& study, const std::vector<std::string>& arms, const char* property) {
  Json range = Json::array();
  for (const std::string& arm : arms) {
    const Look& its = look(place_of(study, arm));
    if (std::string_view(property) == "dash")
      range.push_back(its.dash);
    else
      range.push_back(its.colour);
  }
  return {{"field", "arm"}, {"type", "nominal"}, {"scale", {{"domain", arms}, {"range", range}}}, {"legend", nullptr}};
}

std::vector<double> ratio_ticks(double low, double high) {
  const auto within = [&](std::initializer_list<double> factors) {
    std::vector<double> ticks;
    for (int power = -4; power <= 4; ++power)
      for (const double factor : factors) {
        // 0.5 and 0.2 are written as such: 5 times 10 to the -1 is not.
        const double tick = power < 0 ? factor / std::round(std::pow(10.0, -power)) : factor * std::pow(10.0, power);
        if (tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9)) ticks.push_back(tick);
      }
    return ticks;
  };
  const std::vector<double> coarse = within({1, 2, 5});
  if (coarse.size() > 3) return coarse;
  const std::vector<double> finer = within({1, 1.5, 2, 3, 4, 5, 7});
  return finer.size() > 3 ? finer : within({1, 1.2, 1.5, 2, 3, 4, 5, 6, 7, 8, 9});
}

std::string with_minus_signs(std::string text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '-' && text[i + 1] >= '0' && text[i + 1] <= '9' &&
        (i == 0 || text[i - 1] == ' ' || text[i - 1] == '('))
      text.replace(i, 1, "−");
  return text;
}

}  // namespace desist::figure
