// A fall shared out: bars that lead from the rate before to the rate after, on a logarithmic axis.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/decomposition_words.hpp"
#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double part_row_height = 27;
constexpr double parts_names_width = 178;
constexpr double parts_plot_width = 330;
constexpr double parts_words_width = 104;

Json parts_rows(std::size_t rows) {
  return {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
}

Json parts_words(const std::string& column, const std::string& title, double width, std::size_t rows) {
  Json panel = fragment(R"({"mark": {"type": "text", "align": "left", "baseline": "middle"}, "encoding": {}})");
  panel["title"] = panel_title(title, width, 1);
  panel["width"] = width;
  panel["height"] = part_row_height * static_cast<double>(rows);
  panel["encoding"]["text"] = {{"field", column}};
  panel["encoding"]["x"] = {{"value", 0}};
  panel["encoding"]["y"] = {{"field", "row"}, {"type", "quantitative"}, {"axis", nullptr}, {"scale", parts_rows(rows)}};
  return panel;
}

Json parts_plot(std::size_t rows, double low, double high, const std::string& title) {
  Json panel = fragment(R"json({
    "layer": [
      {"transform": [{"calculate": "datum.row + 1", "as": "next"}, {"filter": "datum.row < datum.rows"}],
       "mark": {"type": "rule", "color": "#aaa", "strokeWidth": 1, "strokeDash": [2, 2]},
       "encoding": {"x": {"field": "end"}, "y": {"field": "row"}, "y2": {"field": "next"}}},
      {"transform": [{"filter": "datum.kind == 'falls'"}],
       "mark": {"type": "bar", "color": "#0072B2", "height": 13},
       "encoding": {"x": {"field": "start"}, "x2": {"field": "end"}, "y": {"field": "row"}}},
      {"transform": [{"filter": "datum.kind == 'rises'"}],
       "mark": {"type": "bar", "color": "#D55E00", "height": 13},
       "encoding": {"x": {"field": "start"}, "x2": {"field": "end"}, "y": {"field": "row"}}},
      {"transform": [{"filter": "isValid(datum.spread_low)"}],
       "mark": {"type": "rule", "color": "#888", "strokeWidth": 5, "opacity": 0.75},
       "encoding": {"x": {"field": "spread_low"}, "x2": {"field": "spread_high"}, "y": {"field": "row"}}},
      {"transform": [{"filter": "datum.kind != 'level'"}],
       "mark": {"type": "rule", "color": "#111", "strokeWidth": 1.3},
       "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}, "y": {"field": "row"}}},
      {"transform": [{"filter": "datum.kind == 'level'"}],
       "mark": {"type": "point", "shape": "diamond", "filled": true, "size": 80, "color": "#111", "opacity": 1},
       "encoding": {"x": {"field": "end"}, "y": {"field": "row"}}}
    ]
  })json");
  panel["width"] = parts_plot_width;
  panel["height"] = part_row_height * static_cast<double>(rows);
  std::vector<double> ticks = ratio_ticks(low, high);
  if (ticks.size() < 4) {
    ticks = round_steps(low, high, 5);
    std::erase_if(ticks, [&](double tick) { return tick < low || tick > high; });
  }
  while (ticks.size() > 7) std::erase_if(ticks, [n = 0](double) mutable { return n++ % 2 == 1; });
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"type", "log"}, {"domain", {low, high}}, {"nice", false}};
    x["axis"] = {
        {"values", ticks}, {"title", lines(title + " (log scale)", 52)}, {"labelOverlap", false}, {"format", ",~f"}};
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["axis"] = nullptr;
    y["scale"] = parts_rows(rows);
  }
  return panel;
}

}  // namespace

std::optional<Figure> draw_decomposition(const ReportInput& input, const FigureRequest& request) {
  const auto result = std::find_if(
      input.decomposed.begin(), input.decomposed.end(),
      [&](const DecompositionResult& each) { return input.decompositions.at(each.decomposition).name == request.of; });
  if (result == input.decomposed.end() || !is_told(*result)) return std::nullopt;
  const DecompositionText& text = input.decomposition_texts.at(result->decomposition);
  std::vector<const DecompositionTerm*> terms;
  for (const DecompositionTerm& term : result->terms)
    if (term.kind != DecompositionTerm::Kind::rest || is_worth_a_word(term)) terms.push_back(&term);
  const std::size_t rows = terms.size() + 2;

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;
  Table table({{"row", ""},
               {"rows", ""},
               {"kind", ""},
               {"label", ""},
               {"start", text.unit},
               {"end", text.unit},
               {"low", text.unit},
               {"high", text.unit},
               {"spread_low", text.unit},
               {"spread_high", text.unit},
               {"logarithm", ""},
               {"mc_error", ""},
               {"words", ""}});
  double at = result->from, low = at, high = at;
  const auto spread_at = [&](double start, const DecompositionTerm* term, bool is_low) -> Cell {
    if (term == nullptr || !term->spread || !is_told_from_luck(*term->spread)) return {};
    const double end = start * std::exp(-(is_low ? term->spread->high : term->spread->low));
    low = std::min(low, end);
    high = std::max(high, end);
    return end;
  };
  const auto add = [&](std::size_t row, const char* kind, const std::string& label, double start, double end,
                       const DecompositionTerm* term, const std::string& words) {
    const double error = term == nullptr ? 0 : term->mc_error, reach = std::exp(1.96 * error);
    table.add({static_cast<double>(row), static_cast<double>(rows), std::string(kind), label, start, end, end / reach,
               end * reach, spread_at(start, term, true), spread_at(start, term, false),
               start == end ? Cell{} : Cell{std::log(start / end)}, error, words});
  };
  add(1, "level", "Before", at, at, nullptr, table_number(at));
  figure.alt = fmt::format("Before {}.", table_number(at));
  for (std::size_t i = 0; i < terms.size(); ++i) {
    const double end = at * std::exp(-terms[i]->value);
    const std::string range = range_of_fall(*terms[i], result->total);
    const std::string share = share_of_fall(*terms[i], result->total) + "%" + (range.empty() ? "" : " (" + range + ")");
    add(i + 2, end <= at ? "falls" : "rises", term_words(*terms[i]), at, end, terms[i], share);
    figure.alt += fmt::format(" {} {}.", term_words(*terms[i]), share);
    at = end;
    const double reach = std::exp(1.96 * terms[i]->mc_error);
    low = std::min(low, end / reach);
    high = std::max(high, end * reach);
  }
  add(rows, "level", "After", result->to, result->to, nullptr, table_number(result->to));
  figure.alt += fmt::format(" After {}.", table_number(result->to));
  figure.csv = table.csv();
  figure.caption = fmt::format(
      "Each bar is what one part does to the rate: those of mechanisms are means over all orders of switching them on "
      "(Shapley 1953), so the order of bars means nothing. At the right, the part of the fall of the logarithm. "
      "Black lines: 95% limits of the simulation's own error ({} draws of {} subsets on common luck).{} {}",
      whole_number(static_cast<double>(result->draws)), whole_number(static_cast<double>(result->subsets.size())),
      result->total.spread ? " Grey lines, and the numbers in brackets: where a part lies for 95 in 100 draws of what "
                             "isn't known, of the mean fall."
                           : "",
      sources_in_words(input));
  const std::string below =
      result->total.spread ? "Black lines: the simulation's own error; grey: over 95 in 100 draws of what isn't known"
                           : "";
  Json spec =
      frame(figure, below,
            {"row", "rows", "start", "end", "low", "high", "spread_low", "spread_high", "logarithm", "mc_error"});
  spec["spacing"] = 10;
  spec["hconcat"] = Json::array({parts_words("label", "", parts_names_width, rows),
                                 parts_plot(rows, low / 1.1, high * 1.1, upper_first(text.unit_words)),
                                 parts_words("words", "", parts_words_width, rows)});
  spec["resolve"] = fragment(R"({"scale": {"x": "independent", "y": "independent"}})");
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
