// Effects with their intervals: a row an effect, analyses one below the other, or studies with what they give together.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/figures/people_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr double effect_line_height = 13.5;
constexpr double effect_names_width = 200;
constexpr double plot_width = 230;
constexpr double numbers_width = 170;

/// What a row of the forest is: drawn as a square, an open circle, a diamond, a thin line, or words alone.
enum class ShownAs { chance, other, pooled, prediction, heading };

struct ForestRow {
  ShownAs shown = ShownAs::other;
  std::string name, under;  // bold, and in grey below it
  const EffectRow* effect = nullptr;
  std::string people;  // "48 of 216 against 66 of 216"
  std::string name_lines() const { return broken(name, 28); }
  std::string under_lines() const { return broken(under, 35); }
};

/// Rows that share an axis.
struct Forest {
  bool ratio = false;
  std::string unit, measure;
  std::vector<ForestRow> rows;
  double row_height = 34;
};

const StudyEffect* study_named(const PersonStudy& study, const std::string& label) {
  for (const StudyEffect& each : study.results)
    if (each.label == label) return &each;
  return nullptr;
}

bool is_prediction(const EffectRow& row) {
  return row.term.starts_with("prediction") || row.measure.starts_with("prediction");
}

std::string counts_of(const StudyEffect& study) {
  return study.counts ? fmt::format("{} of {} against {} of {}", study.x1, study.n1, study.x0, study.n0) : "";
}

/// Studies by design, a heading each where there are several, then what they give together.
void add_studies(const PersonStudy& study, const AnalysisResult& analysis, std::vector<ForestRow>& rows) {
  std::vector<Design> designs;
  for (const Design design : {Design::randomised, Design::compared, Design::nested})
    for (const EffectRow& row : analysis.effects) {
      const StudyEffect* its = study_named(study, row.term);
      if (its != nullptr && its->design == design && (designs.empty() || designs.back() != design))
        designs.push_back(design);
    }
  for (const Design design : designs) {
    if (designs.size() > 1) rows.push_back({ShownAs::heading, study_label(design), "", nullptr, ""});
    for (const EffectRow& row : analysis.effects) {
      const StudyEffect* its = study_named(study, row.term);
      if (its == nullptr || its->design != design) continue;
      rows.push_back({design == Design::randomised ? ShownAs::chance : ShownAs::other, row.term, its->outcome, &row,
                      counts_of(*its)});
    }
  }
  for (const EffectRow& row : analysis.effects) {
    if (study_named(study, row.term) != nullptr || (!row.effect && !is_prediction(row))) continue;
    if (is_prediction(row))
      rows.push_back({ShownAs::prediction, "Where a new study would lie", "prediction interval", &row, ""});
    else
      rows.push_back({ShownAs::pooled, upper_first(row.term), row.measure, &row, ""});
  }
}

void add_effects(const ReportInput& input, const AnalysisResult& analysis, std::vector<ForestRow>& rows) {
  const PersonStudy& study = *input.people;
  for (const EffectRow& row : analysis.effects) {
    // "risk difference (Newcombe)", "odds ratio (mid-p)": other limits of one number stand in the tables alone.
    if (!row.effect || row.measure.ends_with(')')) continue;
    ForestRow made;
    made.shown = analysis.causal_words ? ShownAs::chance : ShownAs::other;
    made.name = analysis.label.empty() ? analysis.name : analysis.label;
    made.under = (analysis.outcome.empty() ? "" : outcome_label(study, analysis.outcome) + ", ") + row.measure;
    if (study.arms.size() > 2) made.under += ": " + arm_in_sentence(study, arm_of_term(study, row.term));
    made.effect = &row;
    const ArmSummary* treated = summary_of(input.people_results, analysis.outcome, arm_of_term(study, row.term));
    const ArmSummary* control =
        study.arms.empty() ? nullptr : summary_of(input.people_results, analysis.outcome, study.arms.front());
    if (treated != nullptr && control != nullptr && !treated->withheld && !control->withheld)
      made.people = summary_words(study, *treated) + " against " + summary_words(study, *control);
    rows.push_back(made);
  }
}

std::vector<Forest> forests_of(const ReportInput& input, const FigureRequest& request) {
  std::vector<Forest> forests;
  for (const AnalysisResult* each : analyses_of(input, request)) {
    std::vector<ForestRow> rows;
    const bool of_studies = std::any_of(each->effects.begin(), each->effects.end(), [&](const EffectRow& row) {
      return study_named(*input.people, row.term) != nullptr;
    });
    if (of_studies)
      add_studies(*input.people, *each, rows);
    else
      add_effects(input, *each, rows);
    // Ratios, differences in 100 and differences in weeks have axes of their own; so has every pooling.
    const std::size_t first = forests.size();
    for (const ForestRow& row : rows) {
      const bool ratio =
          row.effect == nullptr ? (forests.size() > first && forests.back().ratio) : is_ratio(*row.effect);
      // A ratio of mean times points the other way than one of hazards: an axis of its own.
      const bool of_times = ratio && row.effect != nullptr && row.effect->measure.starts_with("ratio of");
      const std::string unit = row.effect == nullptr ? ""
                               : of_times            ? row.effect->measure
                               : ratio               ? ""
                                                     : row.effect->unit;
      auto place = std::find_if(
          forests.begin() + static_cast<std::ptrdiff_t>(of_studies ? first : 0), forests.end(), [&](const Forest& f) {
            if (of_studies) return true;  // one panel a pooling
            return f.ratio == ratio && f.unit == unit && f.rows.front().shown != ShownAs::heading &&
                   f.rows.back().shown != ShownAs::pooled && f.rows.back().shown != ShownAs::prediction;
          });
      if (place == forests.end()) place = forests.insert(forests.end(), Forest{ratio, unit, "", {}, 34});
      if (row.effect != nullptr) {
        place->ratio = ratio;
        if (!of_studies) place->unit = unit;
        if (of_studies && !ratio) place->unit = row.effect->unit;
        if (place->measure.empty())
          place->measure = row.effect->measure;
        else if (place->measure != row.effect->measure && !is_prediction(*row.effect))
          place->measure = ratio ? "ratio" : "difference";
      }
      place->rows.push_back(row);
    }
  }
  for (Forest& forest : forests) {
    for (const ForestRow& row : forest.rows) {
      const auto lines = static_cast<double>(line_count(row.name_lines()) + line_count(row.under_lines()));
      forest.row_height = std::max(forest.row_height, effect_line_height * lines + 9);
    }
  }
  return forests;
}

const char* word_of(ShownAs shown) {
  switch (shown) {
    case ShownAs::chance:
      return "assigned by chance";
    case ShownAs::other:
      return "other";
    case ShownAs::pooled:
      return "pooled";
    case ShownAs::prediction:
      return "prediction";
    case ShownAs::heading:
      break;
  }
  return "heading";
}

/// The axis: every estimate, and limits as far as they leave the estimates readable; what lies beyond gets an arrow.
struct Axis {
  double low = 0, high = 0;
  std::vector<double> ticks;
};

Axis axis_of(const Forest& forest, double times) {
  Axis axis;
  const double none = forest.ratio ? 1 : 0;
  double low = none, high = none;
  double least = none, most = none;  // estimates
  for (const ForestRow& row : forest.rows) {
    if (row.effect == nullptr) continue;
    const auto widen = [&](double value, double& down, double& up) {
      if (!std::isfinite(value) || (forest.ratio && value <= 0)) return;
      down = std::min(down, times * value);
      up = std::max(up, times * value);
    };
    widen(row.effect->estimate, least, most);
    widen(row.effect->estimate, low, high);
    widen(row.effect->interval.low, low, high);
    widen(row.effect->interval.high, low, high);
  }
  if (forest.ratio) {
    axis.low = std::max(low, least / 8) / 1.1;
    axis.high = std::min(high, most * 8) * 1.1;
    axis.ticks = ratio_ticks(axis.low, axis.high);
    for (std::size_t keep = axis.ticks.size(); keep > 7; keep = axis.ticks.size())
      std::erase_if(axis.ticks, [n = 0](double tick) mutable { return n++ % 2 == 1 && tick != 1; });
  } else {
    axis.ticks = round_steps(low, high, 5);
    axis.low = axis.ticks.front();
    axis.high = axis.ticks.back();
  }
  return axis;
}

Json texts_panel(double width, double height, const char* first, const char* second, bool bold) {
  Json panel = fragment(R"({"layer": [
    {"mark": {"type": "text", "align": "left", "baseline": "middle"}, "encoding": {}},
    {"mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 10.5, "color": "#555"}, "encoding": {}}]})");
  panel["width"] = width;
  panel["height"] = height;
  panel["layer"][0]["encoding"]["text"] = {{"field", first}};
  panel["layer"][1]["encoding"]["text"] = {{"field", second}};
  if (bold) panel["layer"][0]["mark"]["fontWeight"] = "bold";
  panel["layer"][0]["encoding"]["y"]["field"] = bold ? "upper" : "numbers_y";
  panel["layer"][1]["encoding"]["y"]["field"] = bold ? "lower" : "people_y";
  for (Json& layer : panel["layer"]) layer["encoding"]["x"] = {{"value", 0}};
  return panel;
}

void place_rows(Json& panel, std::size_t rows, const std::string& number) {
  panel["transform"] = Json::array({{{"filter", {{"field", "panel"}, {"equal", number}}}}});
  for (Json& layer : panel["layer"]) {
    if (layer.contains("data") || layer["encoding"].contains("y2")) continue;
    Json& y = layer["encoding"]["y"];
    if (!y.contains("field")) y["field"] = "row";
  }
  for (Json& layer : panel["layer"]) {
    if (layer.contains("data")) continue;
    Json& y = layer["encoding"]["y"];
    y["type"] = "quantitative";
    y["axis"] = nullptr;
    y["scale"] = {{"domain", {static_cast<double>(rows) + 0.5, 0.5}}, {"nice", false}, {"zero", false}, {"padding", 0}};
  }
}

Json plot_panel(const Forest& forest, const Axis& axis, double height) {
  Json panel = fragment(R"json({
    "layer": [
      {"data": {"values": [{}]}, "mark": {"type": "rule", "color": "#111", "strokeWidth": 1}, "encoding": {"x": {"field": "none"}}},
      {"transform": [{"filter": "datum.kind != 'pooled' && isValid(datum.low_shown)"}],
       "mark": {"type": "rule", "clip": true},
       "encoding": {"x": {"field": "low_shown"}, "x2": {"field": "high_shown"},
         "strokeWidth": {"condition": {"test": "datum.kind == 'prediction'", "value": 1.2}, "value": 2.2},
         "strokeDash": {"condition": {"test": "datum.kind == 'prediction'", "value": [4, 2]}, "value": [1, 0]},
         "color": {"condition": {"test": "datum.kind == 'assigned by chance'", "value": "#0072B2"}, "value": "#555"}}},
      {"transform": [{"filter": "datum.beyond_low == 'yes'"}],
       "mark": {"type": "point", "shape": "triangle-left", "filled": true, "size": 44, "color": "#333", "opacity": 1},
       "encoding": {"x": {"field": "low_shown"}}},
      {"transform": [{"filter": "datum.beyond_high == 'yes'"}],
       "mark": {"type": "point", "shape": "triangle-right", "filled": true, "size": 44, "color": "#333", "opacity": 1},
       "encoding": {"x": {"field": "high_shown"}}},
      {"transform": [{"filter": "datum.kind == 'assigned by chance' || datum.kind == 'other'"}],
       "mark": {"type": "point", "size": 68, "opacity": 1, "strokeWidth": 1.6},
       "encoding": {"x": {"field": "estimate"},
         "shape": {"condition": {"test": "datum.kind == 'assigned by chance'", "value": "square"}, "value": "circle"},
         "fill": {"condition": {"test": "datum.kind == 'assigned by chance'", "value": "#0072B2"}, "value": "white"},
         "stroke": {"condition": {"test": "datum.kind == 'assigned by chance'", "value": "#0072B2"}, "value": "#555"}}}
    ]
  })json");
  panel["layer"][0]["data"]["values"][0]["none"] = forest.ratio ? 1 : 0;
  panel["width"] = plot_width;
  panel["height"] = height;
  // A diamond as wide as its interval: four corners, joined by the order in which they are given.
  Json corners = Json::array();
  for (std::size_t i = 0; i < forest.rows.size(); ++i) {
    const ForestRow& row = forest.rows[i];
    if (row.shown != ShownAs::pooled) continue;
    const double times = forest.unit == "share" ? 100 : 1;
    const auto inside = [&](double value) { return std::clamp(times * value, axis.low, axis.high); };
    const double at = static_cast<double>(i + 1);
    const double low = inside(row.effect->interval.low), high = inside(row.effect->interval.high);
    const double middle = inside(row.effect->estimate);
    for (const auto& [x, y, y2] :
         {std::tuple{low, at, at}, std::tuple{middle, at - 0.24, at + 0.24}, std::tuple{high, at, at}})
      corners.push_back({{"x", x}, {"y", y}, {"y2", y2}, {"of", at}});
  }
  if (!corners.empty()) {
    Json diamond = fragment(
        R"({"mark": {"type": "area", "color": "#222", "orient": "vertical", "interpolate": "linear"},
            "encoding": {"x": {"field": "x"}, "y": {"field": "y"}, "y2": {"field": "y2"}, "detail": {"field": "of"}}})");
    diamond["data"]["values"] = corners;
    diamond["encoding"]["y"].update(
        {{"type", "quantitative"},
         {"axis", nullptr},
         {"scale",
          {{"domain", {static_cast<double>(forest.rows.size()) + 0.5, 0.5}}, {"nice", false}, {"zero", false}}}});
    panel["layer"].push_back(diamond);
  }
  const std::string unit = forest.ratio             ? ""
                           : forest.unit == "share" ? "in 100 people"
                           : forest.unit.empty()    ? ""
                                                    : Unit::parse(forest.unit).in_words(2);
  std::string title = upper_first(forest.measure);
  if (!unit.empty()) title += ", " + unit;
  if (forest.ratio) title += " (log scale)";
  for (Json& layer : panel["layer"]) {
    Json& x = layer["encoding"]["x"];
    x["type"] = "quantitative";
    x["scale"] = {{"type", forest.ratio ? "log" : "linear"}, {"domain", {axis.low, axis.high}}, {"nice", false}};
    if (!forest.ratio) x["scale"]["zero"] = false;
    x["axis"] = {{"values", axis.ticks},
                 {"title", lines(title, 38)},
                 {"labelOverlap", false},
                 {"labelExpr", "replace(format(datum.value, ',~f'), '-', '−')"}};
  }
  return panel;
}

}  // namespace

std::optional<Figure> draw_effects(const ReportInput& input, const FigureRequest& request) {
  if (!input.people) return std::nullopt;
  const std::vector<Forest> forests = forests_of(input, request);
  if (forests.empty()) return std::nullopt;
  Figure figure;
  figure.name = request.name;
  figure.title = request.title.empty() ? input.title : request.title;
  Table table({{"panel", ""},     {"row", ""},        {"upper", ""},      {"lower", ""},       {"numbers_y", ""},
               {"people_y", ""},  {"kind", ""},       {"name", ""},       {"under", ""},       {"measure", ""},
               {"unit", ""},      {"estimate", ""},   {"low", ""},        {"high", ""},        {"level", ""},
               {"low_shown", ""}, {"high_shown", ""}, {"beyond_low", ""}, {"beyond_high", ""}, {"none", ""},
               {"numbers", ""},   {"people", ""}});
  const auto cell = [](double value) { return std::isfinite(value) ? Cell{value} : Cell{}; };
  std::vector<Axis> axes;
  bool by_chance = false, others = false, pooled = false, prediction = false, beyond = false;
  for (std::size_t f = 0; f < forests.size(); ++f) {
    const Forest& forest = forests[f];
    const double times = forest.unit == "share" ? 100 : 1;
    const Axis axis = axis_of(forest, times);
    axes.push_back(axis);
    for (std::size_t i = 0; i < forest.rows.size(); ++i) {
      const ForestRow& row = forest.rows[i];
      const auto at = static_cast<double>(i + 1);
      const std::string number = std::to_string(f + 1);
      const std::string name = row.name_lines(), under = row.under_lines();
      const double line = effect_line_height / forest.row_height;
      const auto name_count = static_cast<double>(line_count(name));
      const double all = under.empty() ? name_count : name_count + static_cast<double>(line_count(under));
      const double upper = at - line * (all - 1) / 2;
      if (row.effect == nullptr) {
        table.add({number,
                   at,
                   upper,
                   at,
                   at,
                   at,
                   std::string(word_of(row.shown)),
                   name,
                   std::string(),
                   std::string(),
                   std::string(),
                   Cell{},
                   Cell{},
                   Cell{},
                   Cell{},
                   Cell{},
                   Cell{},
                   std::string("no"),
                   std::string("no"),
                   forest.ratio ? 1.0 : 0.0,
                   std::string(),
                   std::string()});
        continue;
      }
      const EffectRow& effect = *row.effect;
      const double low = times * effect.interval.low, high = times * effect.interval.high;
      const bool limits = !std::isnan(low) && !std::isnan(high);
      const bool below = limits && low < axis.low * (forest.ratio ? 1 - 1e-9 : 1) - (forest.ratio ? 0 : 1e-9);
      const bool above = limits && high > axis.high + 1e-9;
      std::string numbers = effect_digits(effect);
      if (is_prediction(effect) && limits) numbers = fmt::format("{} to {}", table_number(low), table_number(high));
      table.add({number,
                 at,
                 upper,
                 upper + line * name_count,
                 row.people.empty() ? at : at - line / 2,
                 at + line / 2,
                 std::string(word_of(row.shown)),
                 name,
                 under,
                 effect.measure,
                 effect.unit,
                 cell(times * effect.estimate),
                 cell(low),
                 cell(high),
                 effect.level,
                 limits ? Cell{std::max(low, axis.low)} : Cell{},
                 limits ? Cell{std::min(high, axis.high)} : Cell{},
                 std::string(below ? "yes" : "no"),
                 std::string(above ? "yes" : "no"),
                 forest.ratio ? 1.0 : 0.0,
                 with_minus_signs(numbers),
                 row.people});
      by_chance = by_chance || row.shown == ShownAs::chance;
      others = others || row.shown == ShownAs::other;
      pooled = pooled || row.shown == ShownAs::pooled;
      prediction = prediction || row.shown == ShownAs::prediction;
      beyond = beyond || below || above;
      figure.alt += fmt::format("{}{}{}: {}.", figure.alt.empty() ? "" : " ", row.name,
                                row.under.empty() ? "" : " (" + row.under + ")", numbers);
    }
  }
  figure.caption = "Estimates with their 95% intervals; the upright line is no effect.";
  if (by_chance && others)
    figure.caption += " Filled squares: people assigned by chance. Open circles: not, so other differences may show.";
  if (pooled) figure.caption += " Diamond: what the studies give together, as wide as its interval.";
  if (prediction) figure.caption += " Dashed: where the effect in a new study of the kind would lie.";
  if (beyond) figure.caption += " Arrows: the interval goes on; its limits stand beside it.";
  figure.caption += " " + people_source(input);
  figure.csv = table.csv();

  Json spec = frame(figure, "",
                    {"row", "upper", "lower", "numbers_y", "people_y", "estimate", "low", "high", "level", "low_shown",
                     "high_shown", "none"});
  spec["data"]["format"]["parse"]["panel"] = "string";
  spec["spacing"] = 26;
  spec["vconcat"] = Json::array();
  for (std::size_t f = 0; f < forests.size(); ++f) {
    const std::size_t rows = forests[f].rows.size();
    const double height = forests[f].row_height * static_cast<double>(rows);
    const std::string number = std::to_string(f + 1);
    Json panels = {texts_panel(effect_names_width, height, "name", "under", true),
                   plot_panel(forests[f], axes[f], height),
                   texts_panel(numbers_width, height, "numbers", "people", false)};
    for (Json& panel : panels) place_rows(panel, rows, number);
    spec["vconcat"].push_back({{"spacing", 12}, {"bounds", "flush"}, {"hconcat", panels}});
  }
  figure.spec = spec.dump(1) + "\n";
  return figure;
}

}  // namespace desist::figure
