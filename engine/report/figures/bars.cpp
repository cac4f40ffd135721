// The share of each group with each outcome: bars with Wilson intervals, a panel an outcome.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/figures/study_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double bar_line_height = 13;
/// Labels are wider where one panel leaves them the room; rows are as high as the longest label needs.
struct Layout {
  double label_width = 120;
  std::size_t letters = 20;
  double row_height = 34;
};
constexpr double bar_gap = 12;

struct Bar {
  std::string group;
  bool comparison = false;  // of the others: the paler bar
  std::int64_t count = 0, people = 0;
  Estimate2 share;
  std::string impossible;  // the print that no count of the people gives: no bar
};

const Comparison* comparison_of(const Study& study, const HonestyRow& row) {
  const auto found = std::find_if(study.comparisons.begin(), study.comparisons.end(), [&](const Comparison& each) {
    return each.label == row.comparison && each.stratum == row.stratum;
  });
  return found == study.comparisons.end() ? nullptr : &*found;
}

const Group* group_of(const Study& study, const std::string& name) {
  const auto found =
      std::find_if(study.groups.begin(), study.groups.end(), [&](const Group& group) { return group.name == name; });
  return found == study.groups.end() ? nullptr : &*found;
}

/// "Completed and breached"; with the stratum before it where there are several.
std::string group_words(const Study& study, const std::vector<std::string>& names, const std::string& stratum) {
  std::vector<std::string> labels;
  for (const std::string& name : names) {
    const Group* group = group_of(study, name);
    const std::string label = group == nullptr || group->label.empty() ? name : group->label;
    labels.push_back(labels.empty() ? upper_first(label) : lower_first(label));
  }
  std::string words = listed(labels);
  std::replace(words.begin(), words.end(), '_', ' ');
  const bool says_it = stratum.empty() || words.find(stratum) != std::string::npos ||
                       words.find(upper_first(stratum)) != std::string::npos;
  return says_it ? words : upper_first(stratum) + ": " + lower_first(words);
}

/// Several groups together by the comparison's own name: "Completed and breached" would read as people who did both.
std::string treated_words(const Study& study, const Comparison& comparison, const std::string& stratum) {
  if (comparison.treated.size() < 2 || comparison.label.empty()) return group_words(study, comparison.treated, stratum);
  const bool says_it = stratum.empty() || comparison.label.find(stratum) != std::string::npos;
  return says_it ? upper_first(comparison.label) : upper_first(stratum) + ": " + lower_first(comparison.label);
}

/// Both sides of every comparison of an outcome, each once, those compared with before those treated.
std::vector<Bar> bars_of(const StudyInFigures& shown, const std::string& outcome) {
  std::vector<Bar> bars;
  const auto add = [&](Bar bar) {
    const bool known = std::any_of(bars.begin(), bars.end(), [&](const Bar& each) { return each.group == bar.group; });
    if (!known) bars.push_back(std::move(bar));
  };
  for (const GroupShare& each : shown.result->shares) {
    if (each.outcome != outcome) continue;
    const std::string impossible = each.count ? "" : each.printed;
    add({group_words(*shown.study, {each.group}, ""), false, each.count.value_or(0), each.people, each.share,
         impossible});
  }
  for (const HonestyRow& row : shown.result->rows) {
    const Comparison* comparison = row.outcome == outcome ? comparison_of(*shown.study, row) : nullptr;
    if (comparison == nullptr) continue;
    const std::string against = group_words(*shown.study, {comparison->against}, row.stratum);
    add({shown.study->design == Design::nested ? against + ", the rest" : against, true, row.x0, row.n0, row.risk0,
         ""});
    add({treated_words(*shown.study, *comparison, row.stratum), false, row.x1, row.n1, row.risk1, ""});
  }
  return bars;
}

Json outcome_panel(const StudyOutcome& outcome, double width, double height, std::size_t rows, double most,
                   const std::vector<double>& ticks) {
  Json panel = fragment(R"({
    "layer": [
      {"mark": {"type": "bar", "height": 15},
       "encoding": {"x": {"field": "share"}, "x2": {"datum": 0},
         "color": {"condition": {"test": "datum.side == 'comparison'", "value": "#bdbdbd"}, "value": "#74b2dc"}}},
      {"mark": {"type": "rule", "color": "#111", "strokeWidth": 0.8},
       "encoding": {"x": {"field": "envelope_low"}, "x2": {"field": "envelope_high"}}},
      {"mark": {"type": "rule", "color": "#111", "strokeWidth": 1.8},
       "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}}},
      {"mark": {"type": "text", "align": "left", "dx": 5, "baseline": "middle", "fontSize": 10.5},
       "encoding": {"x": {"field": "envelope_high"}, "text": {"field": "in_words"}}}
    ]
  })");
  panel["title"] = panel_title(outcome.label, width, 1);
  panel["width"] = width;
  panel["height"] = height;
  panel["transform"] = Json::array({{{"filter", {{"field", "outcome"}, {"equal", outcome.name}}}}});
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"domain", {0, std::max(most, ticks.back())}}, {"nice", false}};
    x["axis"] = {{"values", ticks}, {"title", "In 100 people"}, {"labelOverlap", false}};
    layer["encoding"]["y"] = {
        {"field", "row"},
        {"type", "quantitative"},
        {"axis", nullptr},
        {"scale",
         {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  }
  return panel;
}

Json labels_panel(const std::vector<std::string>& groups, const Layout& layout) {
  Json panel = fragment(R"({
    "mark": {"type": "text", "align": "right", "baseline": "middle"},
    "encoding": {"text": {"field": "words"}}
  })");
  Json values = Json::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    // A text's first line stands on its place: half of the others' height up centres them all.
    const std::string words = broken(groups[i], layout.letters);
    const double up = bar_line_height / 2 * static_cast<double>(line_count(words) - 1);
    values.push_back({{"words", words}, {"y", (static_cast<double>(i) + 0.5) * layout.row_height - up}});
  }
  const double height = layout.row_height * static_cast<double>(groups.size());
  panel["width"] = layout.label_width;
  panel["height"] = height;
  panel["data"]["values"] = values;
  panel["encoding"]["x"] = {{"value", layout.label_width - 2}};
  panel["encoding"]["y"] = {{"field", "y"},
                            {"type", "quantitative"},
                            {"axis", nullptr},
                            {"scale", {{"domain", {height, 0}}, {"nice", false}, {"zero", false}, {"padding", 0}}}};
  return panel;
}

}  // namespace

std::optional<Figure> draw_bars(const ReportInput& input, const FigureRequest& request) {
  const StudyInFigures shown = study_of(input, request, OutcomesShown::all);
  if (shown.outcomes.empty()) return std::nullopt;

  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? "Of 100 people in each group, how many" : request.title;
  Table table({{"row", ""},
               {"group", ""},
               {"side", ""},
               {"outcome", ""},
               {"count", "person"},
               {"people", "person"},
               {"share", "in 100"},
               {"low", "in 100"},
               {"high", "in 100"},
               {"envelope_low", "in 100"},
               {"envelope_high", "in 100"},
               {"in_words", ""}});
  std::vector<std::string> groups;
  double most = 0;
  bool any_envelope = false;
  for (const StudyOutcome* outcome : shown.outcomes) {
    figure.alt += fmt::format("{}{}:", figure.alt.empty() ? "" : " ", outcome->label);
    const std::vector<Bar> bars = bars_of(shown, outcome->name);
    for (const Bar& bar : bars) {
      auto place = std::find(groups.begin(), groups.end(), bar.group);
      if (place == groups.end()) place = groups.insert(groups.end(), bar.group);
      const double low = std::min(bar.share.interval.low, bar.share.envelope.low);
      const double high = std::max(bar.share.interval.high, bar.share.envelope.high);
      const bool envelope = low < bar.share.interval.low || high > bar.share.interval.high;
      any_envelope = any_envelope || envelope;
      most = std::max(most, 100 * high);
      const bool possible = bar.impossible.empty();
      const std::string words = possible ? fmt::format("{}{} of {}", envelope ? "about " : "", bar.count, bar.people)
                                         : fmt::format("{} of {}: no whole number is", bar.impossible, bar.people);
      const auto cell = [&](double value) { return possible ? Cell{value} : Cell{}; };
      table.add({static_cast<double>(place - groups.begin() + 1), bar.group,
                 std::string(bar.comparison ? "comparison" : "treated"), outcome->name,
                 cell(static_cast<double>(bar.count)), static_cast<double>(bar.people), cell(100 * bar.share.value),
                 cell(100 * bar.share.interval.low), cell(100 * bar.share.interval.high), 100 * low, 100 * high,
                 words});
      figure.alt += fmt::format(" {} {}{}", lower_first(bar.group), words, &bar == &bars.back() ? "." : ",");
    }
  }
  if (table.empty()) return std::nullopt;
  figure.caption =
      "People with the outcome in every 100 of the group; lines are 95% intervals (Wilson 1927), labels the counts.";
  if (shown.result->shares.empty()) figure.caption += " Grey: the comparison.";
  if (any_envelope)
    figure.caption +=
        " \"About\" and thin lines: the print allows other counts; the lines are the outermost limits over all of "
        "them.";
  figure.caption += " " + study_source(input, *shown.study);
  figure.csv = table.csv();

  const std::size_t columns = std::min<std::size_t>(shown.outcomes.size(), 3);
  Layout layout;
  if (columns == 1) layout = {240, 40, 34};
  for (const std::string& group : groups) {
    const auto lines = static_cast<double>(line_count(broken(group, layout.letters)));
    layout.row_height = std::max(layout.row_height, bar_line_height * lines + 8);
  }
  const double width = std::min(
      300.0, (full_width - layout.label_width - bar_gap * static_cast<double>(columns)) / static_cast<double>(columns));
  const double room = most * 1.25;  // for the counts, which may stand beyond 100; no tick does
  std::vector<double> ticks = round_steps(0, room, columns == 3 ? 4 : 5);
  while (ticks.back() > 100) ticks.pop_back();
  const double height = layout.row_height * static_cast<double>(groups.size());
  Json spec = frame(figure, "", {"row", "count", "people", "share", "low", "high", "envelope_low", "envelope_high"});
  spec["spacing"] = 16;
  spec["vconcat"] = Json::array();
  for (std::size_t from = 0; from < shown.outcomes.size(); from += columns) {
    Json row = {{"spacing", bar_gap}, {"hconcat", Json::array({labels_panel(groups, layout)})}};
    for (std::size_t i = from; i < std::min(from + columns, shown.outcomes.size()); ++i) {
      row["hconcat"].push_back(outcome_panel(*shown.outcomes[i], width, height, groups.size(), room, ticks));
    }
    spec["vconcat"].push_back(row);
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
