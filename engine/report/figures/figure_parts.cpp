#include "engine/report/figures/figure_parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

/// The look of every figure. `labelFlush`: else the end labels shift; `lineBreak`: labels of several lines.
constexpr std::string_view theme = R"({
  "font": "Liberation Sans, Arial, Helvetica, sans-serif", "background": "white", "padding": 4, "aria": false,
  "lineBreak": "\n",
  "title": {"anchor": "start", "fontSize": 13, "fontWeight": "bold", "color": "#111", "offset": 12,
            "subtitleFontSize": 11, "subtitleColor": "#444", "subtitlePadding": 4},
  "axis": {"labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal", "labelColor": "#222",
           "titleColor": "#222", "domainColor": "#444", "tickColor": "#444", "gridColor": "#e4e4e4", "gridWidth": 0.7,
           "labelFlush": false, "tickSize": 4, "titlePadding": 6},
  "view": {"stroke": null}, "text": {"fontSize": 11, "color": "#222"}
})";

Json day(Date date) { return {{"year", date.year()}, {"month", date.month()}, {"date", date.day()}, {"utc", true}}; }

}  // namespace

Json fragment(std::string_view text) { return Json::parse(text); }

Json frame(const Figure& figure, const std::string& subtitle, const std::vector<std::string>& numbers) {
  Json spec;
  spec["$schema"] = "https://vega.github.io/schema/vega-lite/v6.json";
  spec["description"] = figure.alt + " " + figure.caption;
  spec["title"] = {{"text", lines(figure.title, 92)}, {"frame", "bounds"}};
  if (!subtitle.empty()) spec["title"]["subtitle"] = lines(subtitle, 112);
  spec["data"]["url"] = figure.name + ".csv";
  Json parse = Json::object();
  for (const std::string& column : numbers) parse[column] = column == "date" ? "utc:'%Y-%m-%d'" : "number";
  spec["data"]["format"] = {{"type", "csv"}, {"parse", parse}};
  spec["config"] = fragment(theme);
  return spec;
}

Json lines(const std::string& text, std::size_t letters) { return wrapped(text, letters); }

std::string broken(const std::string& text, std::size_t letters) {
  std::string all;
  for (const std::string& line : wrapped(text, letters)) all += (all.empty() ? "" : "\n") + line;
  return all;
}

Json panel_title(const std::string& text, double width, std::size_t least_lines) {
  std::vector<std::string> all = wrapped(text, static_cast<std::size_t>(width / 6.2));
  while (all.size() < least_lines) all.emplace_back(" ");
  return {{"text", all}, {"fontSize", 11.5}, {"offset", 6}, {"frame", "group"}};
}

std::size_t line_count(const std::string& text) {
  return 1 + static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::vector<double> round_steps(double low, double high, int most) {
  const double span = high > low ? high - low : 1;
  const double raw = span / most;
  const double power = std::pow(10.0, std::floor(std::log10(raw)));
  double step = 10 * power;
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (raw <= factor * power * (1 + 1e-9)) {
      step = factor * power;
      break;
    }
  }
  const double first = std::floor(low / step + 1e-9);
  const double last = std::ceil(high / step - 1e-9);
  std::vector<double> values;
  for (double k = first; k <= last; k += 1) values.push_back(k == 0 ? 0 : k * step);
  return values;
}

Json date_axis(const Window& window, std::size_t most_ticks) {
  std::vector<Date> ticks;
  for (const int months : {1, 3, 6, 12, 24, 60, 120}) {
    ticks.clear();
    for (int month = window.start.year() * 12; month <= window.end.year() * 12 + 11; ++month) {
      if (month % months != 0) continue;
      const Date first = Date::from_ymd(month / 12, month % 12 + 1, 1);
      if (first >= window.start && first <= window.end) ticks.push_back(first);
    }
    if (ticks.size() <= most_ticks) break;
  }
  const bool short_window = ticks.size() < 2;  // then weeks, named by their first day
  if (short_window) {
    const int weeks = std::max(0, window.end.days - window.start.days) / 7;
    const int step = std::max(1, weeks / static_cast<int>(most_ticks) + (weeks % static_cast<int>(most_ticks) != 0));
    ticks.clear();
    for (int week = 0; week <= weeks; week += step) ticks.push_back(Date{window.start.days + 7 * week});
  }
  Json axis = fragment(R"json({
    "field": "date", "type": "temporal", "scale": {"type": "utc", "nice": false},
    "axis": {"grid": false, "title": null, "labelOverlap": false, "labelExpr":
      "datum.index == 0 || utcmonth(datum.value) == 0 ? [utcFormat(datum.value, '%b'), utcFormat(datum.value, '%Y')] : utcFormat(datum.value, '%b')"}
  })json");
  if (short_window)
    axis["axis"]["labelExpr"] =
        "datum.index == 0 ? [utcFormat(datum.value, '%-d %b'), utcFormat(datum.value, '%Y')] : utcFormat(datum.value, "
        "'%-d %b')";
  axis["scale"]["domain"] = {day(window.start), day(window.end)};
  for (const Date tick : ticks) axis["axis"]["values"].push_back(day(tick));
  return axis;
}

Json with_rims(const Json& layers) {
  Json all = Json::array();
  for (const Json& layer : layers) {
    if (layer["mark"]["type"] == "text") {
      Json rim = layer;
      rim["mark"]["stroke"] = "white";
      rim["mark"]["strokeWidth"] = 3;
      rim["mark"]["strokeJoin"] = "round";
      all.push_back(std::move(rim));
    }
    all.push_back(layer);
  }
  return all;
}

std::size_t columns_of(std::size_t panels, std::size_t most) {
  const std::size_t rows = (panels + most - 1) / most;
  return rows == 0 ? 1 : (panels + rows - 1) / rows;
}

Json marked_dates(const std::vector<Date>& marks, const Window& window, const Json& axis, bool with_year) {
  Json values = Json::array();
  for (const Date mark : marks) {
    if (mark < window.start || mark > window.end) continue;
    std::string words = mark.in_words();
    if (!with_year) {
      const std::vector<std::string> parts = split(words, ' ');
      words = parts[0] + " " + parts[1].substr(0, 3);
    }
    // Where the label would leave the picture, it stands to the left of its rule.
    const bool late = mark.days - window.start.days > (window.end.days - window.start.days) * 3 / 4;
    values.push_back({{"date", 86400000.0 * mark.days},
                      {"words", words},
                      {"y", 6 + mark_line * static_cast<double>(values.size())},
                      {"late", late}});
  }
  Json layer = fragment(R"({
    "layer": [
      {"mark": {"type": "rule", "color": "#333", "strokeWidth": 1.2, "strokeDash": [2, 2]}, "encoding": {}},
      {"transform": [{"filter": "!datum.late"}],
       "mark": {"type": "text", "color": "#222", "align": "left", "baseline": "middle", "dx": 4, "fontSize": 10.5},
       "encoding": {"y": {"field": "y", "type": "quantitative", "scale": null}, "text": {"field": "words"}}},
      {"transform": [{"filter": "datum.late"}],
       "mark": {"type": "text", "color": "#222", "align": "right", "baseline": "middle", "dx": -4, "fontSize": 10.5},
       "encoding": {"y": {"field": "y", "type": "quantitative", "scale": null}, "text": {"field": "words"}}}
    ]
  })");
  // Milliseconds, not texts: equal inline data of several panels lose their parsing.
  layer["data"]["values"] = values;
  layer["layer"] = with_rims(layer["layer"]);
  for (Json& part : layer["layer"]) part["encoding"]["x"] = axis;
  return layer;
}

const Look& look(std::size_t n) {
  static const std::vector<Look> looks = {
      {"#000000", {1, 0}, "circle"},        {"#0072B2", {8, 3}, "square"},
      {"#D55E00", {2, 2}, "triangle-up"},   {"#009E73", {8, 3, 2, 3}, "diamond"},
      {"#CC79A7", {4, 2}, "cross"},         {"#E69F00", {12, 3}, "triangle-down"},
      {"#56B4E9", {1, 3}, "triangle-left"}, {"#666666", {5, 5}, "triangle-right"},
  };
  return looks[n % looks.size()];
}

std::string value_in_words(double value, const std::string& unit) {
  if (unit.empty()) return with_minus_sign(rounded(value, 0));
  const Unit parsed = Unit::parse(unit);
  if (parsed.thing == "share") {
    const std::string per = parsed.time_power == 0 ? "" : " a " + parsed.time;
    return with_minus_sign(rounded(100 * value, 0)) + "%" + per;
  }
  const std::string money = parsed.thing == "£" ? "£" : "";
  const std::string words = parsed.in_words(value);
  return with_minus_sign(money + rounded(value, 0)) + (words.empty() ? "" : " " + words);
}

std::string value_as_printed(double value, const std::string& unit, const std::string& printed) {
  const PrintedUnit as_printed = printed_unit(Unit::parse(unit), printed);
  return value_in_words(value * as_printed.factor, as_printed.unit.text());
}

std::string axis_unit(const std::string& unit, const std::string& label, bool label_of_file) {
  if (unit.empty() || unit == "1") return "";
  const Unit parsed = Unit::parse(unit);
  std::string words = parsed.in_words(2);
  if (parsed.thing == "share") words = trimmed("in 100 " + words);
  if (parsed.thing == "£") return trimmed("£ " + words);
  const bool counts = parsed.thing != "share" && parsed.time_power <= 0;
  if (counts && label_of_file) words = parsed.time_power < 0 ? "a " + parsed.time : "";
  return (" " + lower_first(label) + " ").find(" " + words + " ") == std::string::npos ? words : "";
}

std::string with_axis_unit(const std::string& label, const std::string& unit) {
  return unit.empty() ? label : label + " (" + unit + ")";
}

std::string with_item(const std::string& label, const std::string& item) {
  if (item.empty()) return label;
  const std::optional<Date> date = Date::read(item);
  return date ? label + " by " + date->in_words() : label + ", " + item;
}

std::string help_of_series(const ReportInput& input, const std::string& name) {
  for (const SeriesField& field : input.series_fields) {
    if (field.name != name) continue;
    std::string help = field.help;
    if (help.ends_with('.')) help.pop_back();
    return help;
  }
  return name;
}

bool is_labelled(const ReportInput& input, const std::string& name) {
  return std::any_of(input.outcome_texts.begin(), input.outcome_texts.end(),
                     [&](const OutcomeText& text) { return text.name == name && !text.label.empty(); });
}

std::string label_of_parameter(const ReportInput& input, std::size_t parameter) {
  for (const FigureSource& source : input.sources) {
    if (source.name != input.parameters.at(parameter).name || source.label.empty()) continue;
    return source.label.ends_with('.') ? source.label.substr(0, source.label.size() - 1) : source.label;
  }
  return upper_first(parameter_words(input, parameter));
}

std::string label_of(const ReportInput& input, const std::string& name) {
  for (const OutcomeText& text : input.outcome_texts) {
    if (text.name == name && !text.label.empty()) return text.label;
  }
  for (const OutcomeField& field : input.outcome_fields) {
    if (field.name != name) continue;
    std::string help = field.help;
    if (help.ends_with('.')) help.pop_back();
    return help;
  }
  return help_of_series(input, name);
}

std::vector<const ArmText*> arms_of(const ReportInput& input, const FigureRequest& request) {
  std::vector<const ArmText*> arms;
  for (const ArmText& arm : input.arms) {
    if (request.arms.empty() || std::find(request.arms.begin(), request.arms.end(), arm.name) != request.arms.end()) {
      arms.push_back(&arm);
    }
  }
  return arms;
}

std::string runs_in_words(const ReportInput& input) {
  const auto draws = static_cast<double>(input.draws);
  const auto each = static_cast<double>(input.plan.replicates_per_draw);
  return fmt::format("{} runs ({} draws of the uncertain figures, {} each)", whole_number(draws * each),
                     whole_number(draws), whole_number(each));
}

std::string sources_in_words(const ReportInput& input) {
  std::vector<std::string> titles;
  for (const EvidenceRow& row : input.evidence) {
    if (!row.source.empty() && std::find(titles.begin(), titles.end(), row.source) == titles.end()) {
      titles.push_back(row.source);
    }
  }
  std::size_t assumptions = 0;
  for (const FigureSource& source : input.sources) {
    assumptions += source.kind == FigureSource::Kind::assumption ? 1 : 0;
  }
  constexpr std::size_t most_named = 4;
  std::string text;
  if (!titles.empty()) {
    const std::size_t more = titles.size() > most_named ? titles.size() - most_named : 0;
    titles.resize(titles.size() - more);
    text = (titles.size() + more == 1 ? "Source: " : "Sources: ") + fmt::format("{}", fmt::join(titles, "; "));
    if (more > 0) text += fmt::format("; and {} more in sources.csv", more);
    text += ".";
  }
  if (assumptions > 0) {
    text += fmt::format("{}{} {} assumed, not printed.", text.empty() ? "" : " ", assumptions,
                        assumptions == 1 ? "figure is" : "figures are");
  }
  return text;
}

}  // namespace desist::figure
