// The verdict on a printed fall over two unknowns, a tile a pair of levels, and a panel a level of a third or a model.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double tile_height = 34;
constexpr double widest_tile = 96;
constexpr double map_gap = 14;
constexpr double map_names = 110;
constexpr std::size_t map_panels_in_row = 3;
constexpr double axis_letter_width = 6;  // of an axis title

/// What the panels differ by: a level of an unknown, or an arm. One of the two unknowns may be none of an arm's.
struct MapPanel {
  std::string title;
  std::optional<std::size_t> level, arm;
  bool varies_across = true, varies_up = true;
};

const std::string map_not_varied = "not varied";

const NullUnknown* unknown_named(const ReportInput& input, const std::string& name) {
  for (const NullUnknown& each : input.null_programme.unknowns)
    if (each.name == name) return &each;
  return nullptr;
}

/// A label that its levels end, "Active spells that end," and "4 a year", as a title of its own.
std::string axis_words(const std::string& label) {
  return label.ends_with(',') ? label.substr(0, label.size() - 1) : label;
}

/// The answer to the question of the title.
std::string map_answer(PlaceboVerdict verdict) {
  switch (verdict) {
    case PlaceboVerdict::none_shows_it:
      return "No, at no point tried";
    case PlaceboVerdict::less_than_expected:
      return "Yes: a greater fall is expected at every point tried";
    case PlaceboVerdict::cannot_tell:
      break;
  }
  return "Cannot tell";
}

std::string tile_words(const PlaceboEnvelope& all) {
  if (!all.explained_low) return all.points > 0 ? "-" : "";
  const auto in_100 = [](double share) {
    const std::string text = rounded(100 * share, 1);
    return text == "-0" ? "0" : with_minus_sign(text);
  };
  const std::string low = in_100(*all.explained_low), high = in_100(*all.explained_high);
  return low == high ? low : low + (*all.explained_low < 0 ? " to " : "–") + high;
}

/// The unit that all levels have, "people" of "108 people", and nothing where they differ.
std::string common_unit(const std::vector<std::string>& words) {
  std::string unit;
  for (const std::string& each : words) {
    const std::size_t blank = each.find(' ');
    const std::string here = blank == std::string::npos ? "" : each.substr(blank + 1);
    if (here.empty() || (!unit.empty() && here != unit)) return "";
    unit = here;
  }
  return unit;
}

}  // namespace

std::optional<Figure> draw_verdict_map(const ReportInput& input, const FigureRequest& request) {
  const PlaceboResult* result = nullptr;
  std::string label;
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p)
    if (input.placebos[p].name == request.of) {
      result = &input.null_results.placebos[p];
      label = input.placebos[p].label;
    }
  if (result == nullptr || request.parameters.size() < 2) return std::nullopt;
  const auto& unknowns = input.null_programme.unknowns;
  std::vector<std::size_t> by;
  for (const std::string& name : request.parameters) {
    const NullUnknown* unknown = unknown_named(input, name);
    if (unknown == nullptr) return std::nullopt;
    by.push_back(static_cast<std::size_t>(unknown - unknowns.data()));
  }
  const NullUnknown &across = unknowns[by[0]], &up = unknowns[by[1]];
  std::vector<MapPanel> panels;
  if (by.size() > 2) {
    for (std::size_t l = 0; l < unknowns[by[2]].levels.size(); ++l)
      panels.push_back({unknowns[by[2]].label + " " + unknowns[by[2]].level_words[l], l, {}});
  } else if (input.null_programme.arms.size() > 1) {
    for (const std::size_t arm : input.null_programme.arms) panels.push_back({input.arms.at(arm).label, {}, arm});
  } else {
    panels.push_back({"", {}, {}});
  }

  Figure figure;
  figure.name = request.name;
  figure.title =
      request.title.empty() ? label + ": does a programme that does nothing show such a fall?" : request.title;
  for (MapPanel& panel : panels) {
    const auto varies = [&](std::size_t unknown) {
      return !panel.arm || std::any_of(result->points.begin(), result->points.end(), [&](const PlaceboPoint& law) {
        const NullPoint& point = input.null_results.points[law.point];
        return point.arm == *panel.arm && point.levels[unknown];
      });
    };
    panel.varies_across = varies(by[0]);
    panel.varies_up = varies(by[1]);
  }
  Table table({{"panel", ""},
               {"across", ""},
               {"up", ""},
               {"verdict", ""},
               {"answer", ""},
               {"words", ""},
               {"share_low", "in 100"},
               {"share_high", "in 100"},
               {"points", ""}});
  const auto names_of = [&](bool varies, const NullUnknown& unknown) {
    return varies ? unknown.level_words : std::vector<std::string>{map_not_varied};
  };
  for (std::size_t n = 0; n < panels.size(); ++n) {
    const std::vector<std::string> columns = names_of(panels[n].varies_across, across),
                                   tile_rows = names_of(panels[n].varies_up, up);
    for (std::size_t i = 0; i < columns.size(); ++i)
      for (std::size_t j = 0; j < tile_rows.size(); ++j) {
        std::vector<const PlaceboPoint*> some;
        for (const PlaceboPoint& law : result->points) {
          const NullPoint& point = input.null_results.points[law.point];
          const bool here = (!panels[n].varies_across || point.levels[by[0]] == i) &&
                            (!panels[n].varies_up || point.levels[by[1]] == j) &&
                            (!panels[n].level || point.levels[by[2]] == *panels[n].level) &&
                            (!panels[n].arm || point.arm == *panels[n].arm);
          if (here) some.push_back(&law);
        }
        if (some.empty()) continue;
        const PlaceboEnvelope all = placebo_envelope(some);
        const auto share = [](const std::optional<double>& value) { return value ? Cell{100 * *value} : Cell{}; };
        table.add({std::to_string(n + 1), columns[i], tile_rows[j], placebo_verdict_words(all.verdict),
                   map_answer(all.verdict), tile_words(all), share(all.explained_low), share(all.explained_high),
                   static_cast<double>(all.points)});
      }
  }
  if (table.empty()) return std::nullopt;
  figure.csv = table.csv();
  figure.alt = fmt::format("{} over {} and {}. ", label, lower_first(across.label), lower_first(up.label));
  for (std::size_t row = 0; row < table.size(); ++row)
    figure.alt +=
        fmt::format("{}{}, {}: {} ({} in 100 of the fall).", row == 0 ? "" : " ",
                    std::get<std::string>(table.at(row, "across")), std::get<std::string>(table.at(row, "up")),
                    std::get<std::string>(table.at(row, "verdict")), std::get<std::string>(table.at(row, "words")));
  figure.caption = fmt::format(
      "In each tile: how much of the fall is expected on average with no effect, in 100 (of its logarithm), over all "
      "that is left open there. Dark: the fall is above the band of 95 in 100 futures at every point; orange: below it "
      "at "
      "every point. {} futures a point. {}",
      whole_number(static_cast<double>(input.null_programme.futures)), sources_in_words(input));

  const std::size_t in_row = columns_of(panels.size(), map_panels_in_row);
  const double room = (full_width - map_names - map_gap * static_cast<double>(in_row)) / static_cast<double>(in_row);
  const double width = std::min(room, widest_tile * static_cast<double>(across.levels.size()));
  const double height = tile_height * static_cast<double>(up.levels.size());
  const std::string none = map_answer(PlaceboVerdict::none_shows_it), cannot = map_answer(PlaceboVerdict::cannot_tell),
                    less = map_answer(PlaceboVerdict::less_than_expected);
  const auto letters_up = static_cast<std::size_t>(height / axis_letter_width);
  std::size_t title_lines = 0;
  for (const MapPanel& panel : panels)
    title_lines = std::max(title_lines, panel_title(panel.title, width)["text"].size());
  const double tile = width / static_cast<double>(across.levels.size());
  const bool narrow = tile < 62;
  // Names of levels that would run into each other leave their unit to the axis.
  std::size_t letters = 0;
  for (const std::string& each : across.level_words) letters = std::max(letters, each.size());
  const std::string unit =
      axis_letter_width * static_cast<double>(letters + 1) > tile ? common_unit(across.level_words) : "";
  std::string across_title = axis_words(across.label);
  if (!unit.empty()) across_title += " (" + unit + ")";
  Json rows = Json::array();
  for (std::size_t n = 0; n < panels.size(); ++n) {
    const bool first_in_row = n % in_row == 0;
    Json panel = fragment(R"({"layer": [
      {"mark": {"type": "rect", "stroke": "white", "strokeWidth": 2}, "encoding": {}},
      {"mark": {"type": "text", "fontSize": 11.5, "baseline": "middle"}, "encoding": {}}
    ]})");
    const std::vector<std::string> columns = names_of(panels[n].varies_across, across),
                                   tile_rows = names_of(panels[n].varies_up, up);
    const std::vector<std::string> falling(tile_rows.rbegin(), tile_rows.rend());
    panel["width"] = panels[n].varies_across ? width : std::min(width, widest_tile);
    panel["height"] = height;
    if (!panels[n].title.empty()) panel["title"] = panel_title(panels[n].title, width, title_lines);
    if (narrow) panel["layer"][1]["mark"]["fontSize"] = 10.5;
    panel["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", std::to_string(n + 1)}}}}});
    Json y_axis = {{"title", first_in_row ? lines(axis_words(up.label), letters_up) : Json(nullptr)},
                   {"ticks", false},
                   {"domain", false},
                   {"labelPadding", 6}};
    y_axis["labels"] = first_in_row || !panels[n].varies_up;
    for (Json& layer : panel["layer"]) {
      Json& encoding = layer["encoding"];
      encoding["x"] = {{"field", "across"},
                       {"type", "ordinal"},
                       {"sort", columns},
                       {"scale", {{"domain", columns}, {"paddingInner", 0}, {"paddingOuter", 0}}},
                       {"axis",
                        {{"title", lines(across_title, 34)},
                         {"labelAngle", 0},
                         {"ticks", false},
                         {"domain", false},
                         {"labelOverlap", false}}}};
      if (!unit.empty() && panels[n].varies_across) encoding["x"]["axis"]["labelExpr"] = "split(datum.value, ' ')[0]";
      encoding["y"] = {{"field", "up"},
                       {"type", "ordinal"},
                       {"sort", falling},
                       {"scale", {{"domain", falling}, {"paddingInner", 0}, {"paddingOuter", 0}}},
                       {"axis", y_axis}};
    }
    panel["layer"][0]["encoding"]["color"] = {
        {"field", "answer"},
        {"type", "nominal"},
        {"scale", {{"domain", {none, cannot, less}}, {"range", {"#0B4F80", "#E7E2D3", "#E69F00"}}}},
        {"legend",
         {{"title", nullptr},
          {"orient", "bottom"},
          {"direction", "vertical"},
          {"symbolType", "square"},
          {"labelLimit", 0}}}};
    panel["layer"][1]["encoding"]["text"] = {{"field", "words"}};
    panel["layer"][1]["encoding"]["color"] = {
        {"condition", {{"test", {{"field", "answer"}, {"equal", none}}}, {"value", "white"}}}, {"value", "#111"}};
    if (first_in_row) rows.push_back({{"spacing", map_gap}, {"hconcat", Json::array()}});
    rows.back()["hconcat"].push_back(std::move(panel));
  }
  Json spec = frame(figure, "In each tile: of the fall, how much is expected with no effect, in 100",
                    {"share_low", "share_high", "points"});
  spec["spacing"] = map_gap;
  spec["vconcat"] = std::move(rows);
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
