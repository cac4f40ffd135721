// What the figures share: the theme, axes of dates, marked dates, words for values. Only figures include it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/core/date.hpp"
#include "engine/core/table.hpp"
#include "engine/report/figures.hpp"

namespace desist::figure {

using Json = nlohmann::ordered_json;  // keys stay in the order in which a reader of the spec wants them

/// A spec's fixed part, written as the JSON that Vega's documentation shows.
Json fragment(std::string_view text);

constexpr double full_width = 616;  // pixels of 1/96 inch: 174 mm with axes and margins, two columns of a journal

/// The frame of a figure: schema, title, description, data (NAME.csv), theme. Numbers of a CSV stay text unless
/// `numbers` names their columns.
Json frame(const Figure& figure, const std::string& subtitle, const std::vector<std::string>& numbers);

/// A text as lines of at most so many letters.
Json lines(const std::string& text, std::size_t letters);
std::string broken(const std::string& text, std::size_t letters);  // the same as one text with "\n"
std::size_t line_count(const std::string& text);

/// A panel's title, as wide as the panel; of at least so many lines, so that panels side by side stand level.
Json panel_title(const std::string& text, double width, std::size_t least_lines = 1);

/// Round steps that cover [low, high] with at most `most` intervals: 1, 2 or 5 times a power of ten.
std::vector<double> round_steps(double low, double high, int most);

/// An axis of dates from the window's start to its end, with first days of months as ticks.
Json date_axis(const Window& window, std::size_t most_ticks);

/// Layers with a white rim under every text, which keeps it readable over lines and points.
Json with_rims(const Json& layers);

/// Columns for so many small panels: as few as fill no more rows than `most` would.
std::size_t columns_of(std::size_t panels, std::size_t most);

constexpr double mark_line = 13;  // height of a marked date, pixels

/// Vertical rules at the marked dates that fall into the window, each with its date, one below the other.
Json marked_dates(const std::vector<Date>& marks, const Window& window, const Json& axis, bool with_year);

struct Look {
  std::string colour;
  std::vector<int> dash;
  std::string shape;
};
/// Colour, dash and shape of the n-th arm (Okabe & Ito 2008; black first).
const Look& look(std::size_t n);

/// "15% a year", "203 cases a week", "8 weeks".
std::string value_in_words(double value, const std::string& unit);

/// The same in the unit of time in which a figure was printed: "2 days" of "2 to 7 days", where the model counts weeks.
std::string value_as_printed(double value, const std::string& unit, const std::string& printed);

/// What stands after an axis's label: "in 100", "£ a year", "weeks". A label of the file's own says what is counted: of
/// such a count only "a year" is left, and nothing where the label says that too.
std::string axis_unit(const std::string& unit, const std::string& label, bool label_of_file);

/// A label with its unit in brackets, where there is one.
std::string with_axis_unit(const std::string& label, const std::string& unit);

/// "Chance that ... by 31 March 2024": a label with its item.
std::string with_item(const std::string& label, const std::string& item);

/// The label of an outcome or series: the file's, else the model's help without its full stop.
std::string label_of(const ReportInput& input, const std::string& name);
bool is_labelled(const ReportInput& input, const std::string& name);  // by the file
std::string help_of_series(const ReportInput& input, const std::string& name);

/// The label of a parameter: the file's, else the model's help without its full stop, else its name as words.
std::string label_of_parameter(const ReportInput& input, std::size_t parameter);

/// The reported arms that a request names (all, where it names none), in the file's order.
std::vector<const ArmText*> arms_of(const ReportInput& input, const FigureRequest& request);

/// "8,000 runs (4,000 draws of the parameters, 2 each)".
std::string runs_in_words(const ReportInput& input);
/// "Sources: ...": the documents behind the figures.
std::string sources_in_words(const ReportInput& input);

// One a kind: nothing where there is nothing to show. Declared here, listed in figures.cpp.
std::optional<Figure> draw_acceptability(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_bars(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_cash(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_chance(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_completers(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_decomposition(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_effects(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_fan(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_flow(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_forecast(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_forest(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_forms(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_funnel(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_funnel_steps(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_incidence(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_items(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_levels(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_needed_share(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_npv_tornado(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_operating_characteristics(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_null_band(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_phases(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_plane(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_profile(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_ridge(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_study_worth(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_survival(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_targets(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_tornado(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_twin_traces(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_units(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_value_by_bearer(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_value_by_group(const ReportInput& input, const FigureRequest& request);
std::optional<Figure> draw_verdict_map(const ReportInput& input, const FigureRequest& request);

}  // namespace desist::figure
