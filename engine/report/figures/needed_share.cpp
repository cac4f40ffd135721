// What each programme would have to avert to earn its share of a budget, of what is expected anyway.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/figures/appraisal_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double share_row_height = 34, share_label_width = 190, share_width = 250, share_words_width = 162;
constexpr double share_most = 200;  // beyond it a bar is cut: it can't be done twice over

Json share_bars(const Json& x, double rows) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "rule", "strokeWidth": 9, "opacity": 0.75},
     "encoding": {"x2": {"field": "high"},
       "color": {"field": "can", "type": "nominal", "legend": null,
                 "scale": {"domain": ["yes", "unsure", "no"], "range": ["#0072B2", "#F0B545", "#999999"]}}}},
    {"transform": [{"filter": "datum.estimate < 200"}],
     "mark": {"type": "tick", "orient": "vertical", "color": "#111", "thickness": 2.4, "size": 17}, "encoding": {}},
    {"transform": [{"filter": "datum.cut == 'yes'"}],
     "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 1, "fontWeight": "bold", "text": "›"},
     "encoding": {}},
    {"data": {"values": [{"at": 100}]}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.4},
     "encoding": {}},
    {"data": {"values": [{"at": 100}]},
     "mark": {"type": "text", "baseline": "bottom", "dy": -4, "fontSize": 10.5, "text": "all of them"},
     "encoding": {"y": {"value": 0}}}
  ]})");
  const char* fields[] = {"low", "estimate", "high", "at", "at"};
  for (std::size_t i = 0; i < 5; ++i) {
    Json& encoding = panel["layer"][i]["encoding"];
    encoding["x"] = x;
    encoding["x"]["field"] = fields[i];
    if (i < 3) encoding["y"] = row_axis(rows);
  }
  panel["width"] = share_width;
  panel["height"] = share_row_height * rows;
  return panel;
}

std::string share_words(const PortfolioProgramme& programme, const PortfolioValue& value) {
  std::string text = needed_range(value.share_needed);
  if (!text.ends_with("all")) text += " in 100";
  if (!programme.evidence_level.empty()) text += "\nshown: " + lower_first(programme.evidence_level);
  return text;
}

}  // namespace

std::optional<Figure> draw_needed_share(const ReportInput& input, const FigureRequest& request) {
  if (!input.appraisal || !input.appraisal->portfolio || input.appraised.portfolio.empty()) return std::nullopt;
  const Portfolio& portfolio = *input.appraisal->portfolio;
  const std::string averted = plural(portfolio.averted);
  Figure figure;
  figure.name = request.name;
  figure.title =
      request.title.empty()
          ? fmt::format("Of the {} expected anyway, how many must be averted to earn the budget back", averted)
          : request.title;
  Table table({{"row", ""},
               {"programme", ""},
               {"label", ""},
               {"evidence_level", ""},
               {"estimate", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"cut", ""},
               {"chance_possible", "in 100"},
               {"can", ""}});
  std::vector<std::string> labels;
  Json words = Json::array();
  double most = 100;
  const auto inside = [](double share) { return std::clamp(100 * share, 0.0, share_most); };
  for (std::size_t i = 0; i < input.appraised.portfolio.size(); ++i) {
    const PortfolioValue& value = input.appraised.portfolio[i];
    const PortfolioProgramme& programme = portfolio.programmes.at(value.programme);
    const DrawnAmount& share = value.share_needed;
    most = std::max(most, inside(share.high));
    table.add({static_cast<double>(i + 1), programme.name, programme.label, programme.evidence_level,
               inside(share.mean), inside(share.low), inside(share.high),
               std::string(100 * share.high > share_most ? "yes" : "no"), 100 * value.chance_possible,
               std::string(share.high <= 1 ? "yes"
                           : share.low > 1 ? "no"
                                           : "unsure")});
    labels.push_back(programme.label);
    const std::string text = share_words(programme, value);
    const std::string shown =
        broken(text.substr(0, text.find('\n')), 28) +
        (text.find('\n') == std::string::npos ? "" : "\n" + broken(text.substr(text.find('\n') + 1), 28));
    words.push_back(
        {{"words", shown},
         {"y", (static_cast<double>(i) + 0.5) * share_row_height - 6.5 * static_cast<double>(line_count(shown) - 1)}});
    figure.alt +=
        fmt::format("{}{}: {}.", figure.alt.empty() ? "" : " ", programme.label, text.substr(0, text.find('\n')));
  }
  figure.caption = fmt::format(
      "Share of expected {} that a programme must avert to be worth what it is given, in 100; budget {}. Bars hold 95 "
      "in 100 of {}; a tick is mean cost over the mean worth of all that is expected, less than the mean of the draws' "
      "own shares where they are skewed. Grey is beyond what can be averted at all, pale may be. The order is the "
      "file's: it is no ranking. {}",
      averted, formula_as_given(input, portfolio.budget), draws_in_words(input), sources_in_words(input));
  figure.csv = table.csv();
  const double end = most > 100 ? std::min(share_most, std::ceil(most / 50) * 50) : 100;
  std::vector<double> ticks;
  for (double tick = 0; tick <= end; tick += end > 100 ? 50 : 25) ticks.push_back(tick);
  const Json x = {{"field", "estimate"},
                  {"type", "quantitative"},
                  {"scale", {{"domain", {0, end * 1.04}}, {"nice", false}, {"zero", false}, {"padding", 0}}},
                  {"axis", {{"values", ticks}, {"title", lines("Of what is expected anyway, in 100", 40)}}}};
  const auto rows = static_cast<double>(labels.size());
  Json column = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10.5},
    "encoding": {"x": {"value": 2}, "text": {"field": "words"}}})");
  const double height = share_row_height * rows;
  column["width"] = share_words_width;
  column["height"] = height;
  column["data"]["values"] = words;
  column["encoding"]["y"] = {{"field", "y"},
                             {"type", "quantitative"},
                             {"axis", nullptr},
                             {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  Json spec = frame(figure, "", {"row", "estimate", "low", "high", "chance_possible"});
  spec["spacing"] = 8;
  spec["hconcat"] = Json::array({row_labels(labels, share_label_width, share_row_height), share_bars(x, rows), column});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
