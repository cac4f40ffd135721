// Figures: valid specs beside tidy tables, nothing left to Vega's silent defaults.
#include "engine/report/figures.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/core/table.hpp"
#include "engine/report/figures/figure_parts.hpp"
#include "tests/report/example_inputs.hpp"
#include "tests/table_word.hpp"

namespace {

using desist::Figure;
using desist::tests::word;
using nlohmann::json;

/// One person in two arms: a sentence that the second arm averts.
desist::ReportInput twins_input() {
  using desist::TraceRow;
  desist::ReportInput input = desist::tests::projection_input();
  input.trace_lanes = {{"Place", {"at liberty", "in residence", "in custody"}, {"dies"}, "", false},
                       {"Offending", {"may offend"}, {"offence that is seen", "offence that nobody sees"}, "", true},
                       {"Not seen", {}, {}, "offences that nobody sees, expected", false},
                       {"Programme", {"waits for it", "in the programme"}, {"referred", "completes"}, "", false}};
  desist::Trace life;
  life.person = 41;
  life.rows = {{TraceRow::Kind::state, 0, "at liberty", 0, 30, 0},
               {TraceRow::Kind::state, 0, "in custody", 30, 52, 0},
               {TraceRow::Kind::state, 1, "may offend", 0, 52, 0},
               {TraceRow::Kind::moment, 1, "offence that is seen", 8, 8, 0},
               {TraceRow::Kind::moment, 1, "offence that is seen", 9.5, 9.5, 0},
               {TraceRow::Kind::amount, 2, "offences that nobody sees, expected", 0, 52, 12.345}};
  desist::Trace other = life;
  other.rows[0].until = 52;
  other.rows.erase(other.rows.begin() + 1);
  other.rows.back().value = 7.25;
  other.rows.push_back({TraceRow::Kind::moment, 3, "referred", 2, 2, 0});
  desist::FigureRequest request;
  request.name = "traces";
  request.draw = "twin_traces";
  request.arms = {input.arms[0].name, input.arms[1].name};
  input.figures = {request};
  input.traced = {{"traces", {100, 31, {{7, life, other}}}}};
  return input;
}

std::vector<Figure> all_figures() {
  std::vector<Figure> all = desist::figures(desist::tests::study_input());
  for (Figure& figure : desist::figures(desist::tests::levels_input())) all.push_back(std::move(figure));
  for (Figure& figure : desist::figures(twins_input())) all.push_back(std::move(figure));
  return all;
}

/// Every field that the spec names anywhere in the views that use the figure's own data.
void collect_fields(const json& node, bool own_data, std::vector<std::string>& fields) {
  if (node.is_array()) {
    for (const json& each : node) collect_fields(each, own_data, fields);
  } else if (node.is_object()) {
    const bool own = own_data && !node.contains("data");
    if (own && node.contains("field")) fields.push_back(node["field"]);
    for (const auto& [key, value] : node.items()) collect_fields(value, own, fields);
  }
}

TEST(Figures, AreMadeForEveryRequest) {
  std::vector<std::string> names;
  for (const Figure& figure : all_figures()) names.push_back(figure.name);
  EXPECT_THAT(names, testing::ElementsAre("comparisons", "groups", "backlog_by_week", "chance_of_clear", "what_decides",
                                          "what_hearings_buy", "traces"));
}

TEST(Figures, NameTheirDataAndParseEveryNumber) {
  for (const Figure& figure : all_figures()) {
    SCOPED_TRACE(figure.name);
    const json spec = json::parse(figure.spec);
    EXPECT_EQ(spec["$schema"], "https://vega.github.io/schema/vega-lite/v6.json");
    EXPECT_EQ(spec["data"]["url"], figure.name + ".csv");
    EXPECT_FALSE(spec["description"].get<std::string>().empty());
    const desist::Table table = desist::read_csv(figure.csv);
    std::vector<std::string> columns;
    for (const desist::Column& column : table.columns()) columns.push_back(column.name);
    json parse = spec["data"]["format"]["parse"];
    for (const auto& [column, type] : parse.items()) EXPECT_THAT(columns, testing::Contains(column));
    // A column of numbers that is not parsed stays text and sorts 1, 10, 2.
    for (const std::string& column : columns) {
      bool numeric = true;
      for (std::size_t row = 0; row < table.size(); ++row) {
        const std::string& said = word(table, row, column);
        char* end = nullptr;
        std::strtod(said.c_str(), &end);
        numeric = numeric && !said.empty() && *end == '\0';
      }
      EXPECT_TRUE(!numeric || parse.contains(column)) << column;
    }
    std::vector<std::string> fields;
    for (const char* part : {"vconcat", "hconcat", "layer"}) {
      if (spec.contains(part)) collect_fields(spec[part], true, fields);
    }
    EXPECT_FALSE(fields.empty());
    for (const std::string& field : fields) EXPECT_THAT(columns, testing::Contains(field));
  }
}

TEST(Figures, SayUnitsNumbersAndSources) {
  for (const Figure& figure : all_figures()) {
    SCOPED_TRACE(figure.name);
    EXPECT_THAT(figure.caption, testing::HasSubstr("100"));
    EXPECT_THAT(figure.caption, testing::HasSubstr("Source"));
    EXPECT_THAT(figure.alt, testing::Not(testing::IsEmpty()));
    EXPECT_THAT(figure.alt + figure.caption, testing::Not(testing::HasSubstr("significant")));
  }
}

TEST(Figures, AForestShowsEveryComparisonOfEachOutcome) {
  const Figure forest = desist::figures(desist::tests::study_input()).front();
  const desist::Table table = desist::read_csv(forest.csv);
  EXPECT_EQ(table.size(), 6U);
  EXPECT_EQ(word(table, 0, "people"), "8 of 70 against 10 of 49");
  EXPECT_EQ(word(table, 0, "in_words"), "9 fewer (24 fewer to 4 more)");
  EXPECT_EQ(word(table, 1, "in_words"), "5 more (6 fewer to 16 more)");  // two tables
  EXPECT_THAT(forest.caption, testing::HasSubstr("Thin lines"));
}

Figure figure_named(const desist::ReportInput& input, const std::string& name) {
  for (Figure& figure : desist::figures(input)) {
    if (figure.name == name) return figure;
  }
  return {};
}

TEST(Figures, AFanSaysWhichBenchmarkItCannotDraw) {
  desist::ReportInput input = desist::tests::projection_input();
  input.benchmarks = {{"yardstick", "A yardstick", "4400 cases per year", 84.4, "case/week", {}}};
  EXPECT_THAT(figure_named(input, "backlog_by_week").caption,
              testing::HasSubstr("Not drawn, being in another unit: A yardstick (4400 cases per year)."));
  input.benchmarks.front().unit = "case";
  const Figure drawn = figure_named(input, "backlog_by_week");
  EXPECT_THAT(drawn.caption, testing::Not(testing::HasSubstr("Not drawn")));
  EXPECT_THAT(drawn.spec, testing::HasSubstr("A yardstick"));
}

TEST(Figures, ATornadosLabelsNeverStandOnTheBase) {
  desist::ReportInput input = desist::tests::projection_input();
  desist::InfluenceRow& row = input.estimates.influence.front();
  row.at_low = 0.6;  // both ends to one side of the base, the nearer one first and last
  for (const double high : {0.9, 0.5}) {
    row.at_high = high;
    const desist::Table table = desist::read_csv(figure_named(input, "what_decides").csv);
    const auto number = [&](std::size_t i, const char* column) { return std::stod(word(table, i, column)); };
    for (std::size_t i = 0; i < table.size(); ++i) {
      const bool left = word(table, i, "side") == "left";
      const double value = number(i, "value");
      const double base = number(i, "base");
      EXPECT_EQ(number(i, "label_at"), left ? std::min(value, base) : std::max(value, base));
    }
    // Of two bars on one side the shorter is drawn last, over the longer.
    for (std::size_t i = 0; i + 1 < table.size(); i += 2)
      EXPECT_GE(std::abs(number(i, "value") - number(i, "base")), std::abs(number(i + 1, "value") - number(i, "base")));
  }
}

TEST(Figures, BarsHaveNoTickBeyondAHundred) {
  desist::ReportInput input = desist::tests::study_input();
  for (desist::HonestyRow& row : input.study_results.studies.front().rows) row.risk1.interval.high = 0.99;
  const json spec = json::parse(figure_named(input, "groups").spec);
  const json& x = spec["vconcat"][0]["hconcat"][1]["layer"][0]["encoding"]["x"];
  EXPECT_EQ(x["axis"]["values"].back().get<double>(), 100);
  EXPECT_GT(x["scale"]["domain"][1].get<double>(), 100);  // room for the counts beside the bars
}

TEST(Figures, LevelsAreDrawnWithWhatIsWantedAndToday) {
  const desist::ReportInput input = desist::tests::levels_input();
  const Figure levels = figure_named(input, "what_hearings_buy");
  const desist::Table table = desist::read_csv(levels.csv);
  ASSERT_EQ(table.size(), 12U);
  EXPECT_EQ(word(table, 3, "value"), "65");
  EXPECT_EQ(word(table, 0, "from_first"), "");
  EXPECT_EQ(word(table, 3, "from_first"), "65");
  EXPECT_THAT(levels.spec, testing::AllOf(testing::HasSubstr("wanted: 90"), testing::HasSubstr("today: 176")));
  EXPECT_EQ(levels.title, "Clear by 31 March 2024, by hearings a week");
  EXPECT_THAT(levels.alt, testing::HasSubstr("none at 150, 2 at 200, 20 at 250"));
  desist::ReportInput only = input;
  only.figures.back().arms = {"revised_criteria"};
  only.sweeps.front().present = 20;  // outside the levels
  only.sweeps.front().target.reset();
  const Figure one = figure_named(only, "what_hearings_buy");
  EXPECT_EQ(desist::read_csv(one.csv).size(), 6U);
  EXPECT_THAT(one.spec, testing::Not(testing::AnyOf(testing::HasSubstr("wanted"), testing::HasSubstr("today"))));
}

TEST(Figures, LevelsSayWhatEachAddsWhereTheirSpreadHidesIt) {
  desist::ReportInput input = desist::tests::levels_input();
  input.sweep_texts = {{"backlog_end", "", desist::OutcomeField::Kind::amount, "case"}};
  input.sweeps.front().target.reset();
  for (desist::SweepResult& result : input.swept)
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
      desist::SweepLevel& level = result.levels[l];
      level.mean = 700 - 3 * static_cast<double>(l);
      level.low = 400;
      level.high = 900;
      level.mc_error = 20;
      if (l > 0) level.added = -3, level.added_error = 0.5;
      if (l > 0) level.from_first = level.mean - 700, level.from_first_error = 0.5;
    }
  const Figure hidden = figure_named(input, "what_hearings_buy");
  const json spec = json::parse(hidden.spec);
  ASSERT_EQ(spec["vconcat"].size(), 2U);
  EXPECT_EQ(spec["vconcat"][1]["layer"][2]["encoding"]["y"]["field"], "from_first");
  EXPECT_LE(spec["vconcat"][1]["layer"][2]["encoding"]["y"]["scale"]["domain"][0].get<double>(), -15.98);
  EXPECT_THAT(hidden.caption, testing::HasSubstr("Below: what each level adds to the first"));
  for (desist::SweepResult& result : input.swept)
    for (desist::SweepLevel& level : result.levels) level.mc_error = 0.1;  // they are told apart as they are
  EXPECT_TRUE(json::parse(figure_named(input, "what_hearings_buy").spec).contains("hconcat"));
}

TEST(Figures, ItemsHaveAPanelAnOutcomeAndOneForEachItemOfASecondList) {
  desist::ReportInput input = desist::tests::projection_input();
  desist::OutcomeField by_year;
  by_year.name = "offences_by_year";
  by_year.unit = desist::Unit::parse("offence");
  by_year.by_item = "years";
  by_year.help = "Offences in each year.";
  desist::OutcomeField by_both = by_year;
  by_both.name = "victims";
  by_both.by_item = "years x victims";
  by_both.help = "Victims.";
  input.outcome_fields = {by_year, by_both};
  input.outcome_texts = {{"offences_by_year", "Thefts", {}, ""}, {"victims", "Stolen from", {}, ""}};
  input.estimates.rows.clear();
  const auto add = [&](const char* outcome, const char* item, double mean) {
    for (const char* arm : {"as_it_was", "weekly_meetings"}) {
      desist::EstimateRow row;
      row.arm = arm;
      row.outcome = outcome;
      row.item = item;
      row.unit = "offence";
      for (const auto& [statistic, times] :
           {std::pair("mean", 1.0), std::pair("quantile 0.025", 0.5), std::pair("quantile 0.25", 0.8),
            std::pair("quantile 0.75", 1.2), std::pair("quantile 0.975", 2.0)}) {
        row.statistic = statistic;
        row.estimate = times * mean;
        input.estimates.rows.push_back(row);
      }
    }
  };
  for (const char* year : {"2026/27", "2027/28"}) {
    add("offences_by_year", year, 2e6);
    add("victims", (std::string(year) + ", theft: people").c_str(), 50);
    add("victims", (std::string(year) + ", theft: shops").c_str(), 100);
  }
  desist::FigureRequest request;
  request.name = "by_year";
  request.draw = "items";
  request.outcomes = {"offences_by_year", "victims"};
  input.figures = {request};
  const Figure figure = figure_named(input, "by_year");
  const desist::Table table = desist::read_csv(figure.csv);
  ASSERT_EQ(table.size(), 12U);
  EXPECT_EQ(word(table, 0, "q975"), "4000000");
  EXPECT_EQ(word(table, 0, "spread"), "futures");
  EXPECT_EQ(word(table, 4, "panel"), "victims, theft: people");
  EXPECT_EQ(word(table, 4, "item"), "2026/27");
  EXPECT_EQ(word(table, 4, "of"), "theft: people");
  const json spec = json::parse(figure.spec);
  ASSERT_EQ(spec["vconcat"].size(), 3U);  // the key, two panels, the third
  EXPECT_EQ(spec["vconcat"][1]["hconcat"][1]["title"]["text"][0], "Stolen from: theft: people");
  const auto label = [&](std::size_t panel) {
    return spec["vconcat"][1]["hconcat"][panel]["layer"][0]["encoding"]["y"]["axis"].contains("labelExpr");
  };
  EXPECT_TRUE(label(0));  // millions
  EXPECT_FALSE(label(1));
  EXPECT_THAT(figure.alt, testing::HasSubstr("Stolen from: theft: shops, 2027/28, "));
  request.outcomes = {"nothing"};
  input.figures = {request};
  EXPECT_TRUE(desist::figures(input).empty());
}

TEST(Figures, PhasesHaveAPanelAClockAndBeforeIs100) {
  desist::ReportInput input = desist::tests::projection_input();
  input.outcome_texts = {{"counted_before", "As counted, before", {}, ""}};
  input.estimates.rows.clear();
  const auto add = [&](const char* arm, const char* outcome, double mean) {
    desist::EstimateRow row;
    row.arm = arm;
    row.outcome = outcome;
    row.unit = "share";
    for (const auto& [statistic, more] :
         {std::pair("mean", 0.0), std::pair("quantile 0.025", -0.2), std::pair("quantile 0.25", -0.1),
          std::pair("quantile 0.75", 0.1), std::pair("quantile 0.975", 0.2)}) {
      row.statistic = statistic;
      row.estimate = mean + more;
      input.estimates.rows.push_back(row);
    }
  };
  for (const char* arm : {"as_it_was", "weekly_meetings"}) {
    add(arm, "fall_counted_during", 0.25);
    add(arm, "fall_counted_after", 0.75);
    add(arm, "fall_a_month_after", 0.5);
  }
  desist::FigureRequest request;
  request.name = "clocks";
  request.draw = "phases";
  request.outcomes = {"counted", "a_month", "nothing"};
  request.arms = {"as_it_was", "weekly_meetings"};
  input.figures = {request};
  const Figure figure = figure_named(input, "clocks");
  const desist::Table table = desist::read_csv(figure.csv);
  ASSERT_EQ(table.size(), 10U);  // three phases and two, in two arms
  EXPECT_EQ(word(table, 0, "mean"), "100");
  EXPECT_EQ(word(table, 4, "phase"), "after");
  EXPECT_EQ(word(table, 4, "mean"), "25");
  EXPECT_NEAR(std::stod(word(table, 4, "q025")), 5, 1e-9);
  EXPECT_NEAR(std::stod(word(table, 4, "q975")), 45, 1e-9);
  const json spec = json::parse(figure.spec);
  ASSERT_EQ(spec["vconcat"][1]["hconcat"].size(), 2U);
  EXPECT_EQ(spec["vconcat"][1]["hconcat"][0]["title"]["text"][0], "As counted");
  EXPECT_THAT(figure.alt, testing::HasSubstr("As counted, after, "));
  EXPECT_THAT(figure.alt, testing::HasSubstr(": 25 of 100 before (5 to 45)."));
  request.outcomes = {"nothing"};
  input.figures = {request};
  EXPECT_TRUE(desist::figures(input).empty());
}

TEST(Figures, LevelsAreCalledWhatTheFileCallsThemAndKeepTheirHalves) {
  desist::ReportInput input = desist::tests::levels_input();
  const auto axis = [&](const char* channel) {
    const json spec = json::parse(figure_named(input, "what_hearings_buy").spec);
    return spec["hconcat"][0]["layer"][1]["encoding"][channel]["axis"];
  };
  EXPECT_EQ(axis("x")["title"], "Hearings a week");
  EXPECT_FALSE(axis("x").contains("labelExpr"));
  input.sweeps.front().label = "Cases heard";
  input.sweeps.front().vary = "fixed_places";
  input.sweeps.front().levels.front() = 13.5;
  EXPECT_EQ(axis("x")["title"], "Cases heard");
  EXPECT_EQ(axis("x")["labelExpr"], "format(datum.value, ',~f')");  // "13.5"; a format of the axis would say "14"
  EXPECT_EQ(figure_named(input, "what_hearings_buy").title, "Clear by 31 March 2024, by cases heard");
}

TEST(Figures, ACountThatTheFileNamesIsNotNamedAgainByTheModel) {
  using desist::figure::axis_unit;
  EXPECT_EQ(axis_unit("offence", "New arrests", true), "");
  EXPECT_EQ(axis_unit("offence", "Recorded after the start", false), "offences");
  EXPECT_EQ(axis_unit("arrest/year", "Arrests for breach", true), "a year");
  EXPECT_EQ(axis_unit("case/year", "Victims a year helped well", true), "");
  EXPECT_EQ(axis_unit("week", "Mean wait", true), "weeks");
  EXPECT_EQ(axis_unit("week", "Weeks watched before", true), "");
  EXPECT_EQ(axis_unit("share", "Met in time", true), "in 100");
  EXPECT_EQ(axis_unit("£/year", "A year for all kennels", true), "£ a year");
  EXPECT_EQ(axis_unit("£/week", "", false), "£ a week");
  EXPECT_EQ(axis_unit("1", "Shape", true), "");
}

TEST(Figures, AFigureIsToldInTheUnitOfTimeThatWasPrinted) {
  using desist::figure::value_as_printed;
  EXPECT_EQ(value_as_printed(2.0 / 7, "week", "2 to 7 days before the session"), "2 days");
  EXPECT_EQ(value_as_printed(128 * 12 / (365.0 / 7), "case/week", "128 to 136 cases per month"), "128 cases a month");
  EXPECT_EQ(value_as_printed(8, "week", "a range"), "8 weeks");
  EXPECT_EQ(value_as_printed(0.2, "share", "20% to 80% within 2 days"), "20%");
}

TEST(Figures, LongAxisTitlesAreBroken) {
  const std::string label = "At least the wanted share of the cases referred in the week is seen in time";
  desist::ReportInput input = desist::tests::projection_input();
  for (desist::OutcomeText& text : input.outcome_texts)
    if (text.name == "clear") text.label = label;
  const auto y_title = [&](const std::string& figure) {
    return json::parse(figure_named(input, figure).spec)["hconcat"][0]["layer"][0]["encoding"]["y"]["axis"]["title"];
  };
  // What the chance is of stands above the picture and below it.
  EXPECT_EQ(y_title("chance_of_clear"), "Chance on that day, in 100 runs");
  input = desist::tests::levels_input();
  input.sweep_texts = {{"backlog_end", "", desist::OutcomeField::Kind::amount, "case"}};
  for (desist::OutcomeText& text : input.outcome_texts)
    if (text.name == "backlog_end") text.label = label;
  const json title = y_title("what_hearings_buy");
  ASSERT_GT(title.size(), 1U);  // as long as the picture is high, 42 letters fit
  for (const json& line : title) EXPECT_LE(line.get<std::string>().size(), 42U);
}

TEST(Figures, AFanSaysWhomItCountsInTheFilesWords) {
  desist::ReportInput input = desist::tests::projection_input();
  const auto title = [&] {
    return json::parse(figure_named(input, "backlog_by_week")
                           .spec)["vconcat"][1]["hconcat"][0]["layer"][0]["encoding"]["y"]["axis"]["title"];
  };
  EXPECT_EQ(title(), "Cases");
  for (desist::FigureRequest& figure : input.figures)
    if (figure.name == "backlog_by_week") figure.axis = "Women";
  EXPECT_EQ(title(), "Women");
}

TEST(Figures, SmallPanelsLeaveNoneAlone) {
  using desist::figure::columns_of;
  const std::size_t columns[] = {1, 2, 3, 2, 3, 3, 3, 3, 3, 3};
  for (std::size_t panels = 1; panels <= 10; ++panels) EXPECT_EQ(columns_of(panels, 3), columns[panels - 1]) << panels;
}

TEST(Figures, DatesStandAboveTheLinesOfChances) {
  const desist::ReportInput input = desist::tests::projection_input();
  const auto asked = std::find_if(input.figures.begin(), input.figures.end(),
                                  [](const desist::FigureRequest& figure) { return figure.draw == "chance"; });
  ASSERT_NE(asked, input.figures.end());
  ASSERT_FALSE(asked->mark.empty());
  const json panel = json::parse(figure_named(input, asked->name).spec)["hconcat"][0];
  const json& y = panel["layer"][0]["encoding"]["y"];
  const double top = y["scale"]["domain"][1], tick = y["axis"]["values"].back(), height = panel["height"];
  for (const json& layer : panel["layer"].back()["layer"])
    for (const json& value : panel["layer"].back()["data"]["values"]) {
      if (layer["mark"]["type"] != "text") continue;
      EXPECT_LE(value["y"].get<double>() + 6, height * (1 - tick / top));  // half of the text's height is 6 pixels
    }
}

TEST(Figures, SharesAreDrawnInAHundred) {
  desist::ReportInput input = desist::tests::projection_input();
  for (desist::SeriesRow& row : input.estimates.series) {
    if (row.series != "backlog") continue;
    row.unit = "share";
    for (double* value : {&row.q025, &row.q10, &row.q25, &row.q50, &row.q75, &row.q90, &row.q975}) *value = 0.25;
  }
  const Figure fan = figure_named(input, "backlog_by_week");
  const desist::Table table = desist::read_csv(fan.csv);
  EXPECT_EQ(word(table, 0, "q50"), "25");
  EXPECT_EQ(word(table, 0, "unit"), "in 100");
  EXPECT_EQ(json::parse(fan.spec)["vconcat"][1]["hconcat"][0]["layer"][0]["encoding"]["y"]["axis"]["title"], "In 100");
  EXPECT_THAT(fan.alt, testing::HasSubstr("the median is 25,"));
}

TEST(Figures, AWindowOfAFewWeeksHasWeeksAsTicks) {
  const desist::Window window{desist::Date::from_ymd(2026, 3, 16), desist::Date::from_ymd(2026, 4, 13)};
  const json axis = json::parse(desist::figure::date_axis(window, 2).dump());
  ASSERT_EQ(axis["axis"]["values"].size(), 3U);  // every second week
  EXPECT_EQ(axis["axis"]["values"][1], json({{"year", 2026}, {"month", 3}, {"date", 30}, {"utc", true}}));
}

TEST(Figures, WithNothingToShowAreLeftOut) {
  desist::ReportInput input = desist::tests::projection_input();
  input.estimates.series.clear();
  std::vector<std::string> names;
  for (const Figure& figure : desist::figures(input)) names.push_back(figure.name);
  EXPECT_THAT(names, testing::ElementsAre("what_decides"));
}

TEST(Figures, AreTheSameEveryTime) {
  const auto first = all_figures();
  const auto second = all_figures();
  for (std::size_t i = 0; i < first.size(); ++i)
    EXPECT_EQ(first[i].spec + first[i].csv, second[i].spec + second[i].csv);
}

TEST(Figures, TwinTracesSayWhatTheyAre) {
  desist::ReportInput input = twins_input();
  const Figure figure = desist::figures(input).front();
  EXPECT_THAT(
      figure.caption,
      testing::StartsWith("An illustration, not an estimate: how one person's two lives hang together is decided "
                          "by the simulation, which gives both arms the same luck, and by no data. The first "
                          "future of the first draw; of the first 100 people in it 31 lead two different lives; "
                          "shown is the first of them. Not seen: offences that nobody sees, expected. "));
  EXPECT_THAT(figure.alt, testing::HasSubstr("in custody for 0.4 years, offence that is seen (2)."));
  EXPECT_THAT(figure.spec, testing::HasSubstr("An illustration, not an estimate"));
  const desist::Table table = desist::read_csv(figure.csv);
  EXPECT_EQ(table.size(), 12U);
  EXPECT_EQ(word(table, 5, "words"), "12");
  EXPECT_EQ(word(table, 10, "words"), "7.2");
  EXPECT_THAT(figure.spec, testing::Not(testing::HasSubstr("completes")));  // the key has what occurs
  const auto says = [&](std::size_t differ) {
    input.traced.front().twins.differ = differ;
    return desist::figures(input).front().caption;
  };
  EXPECT_THAT(says(1), testing::HasSubstr("1 leads two different lives; shown is the first of them."));
  EXPECT_THAT(says(0), testing::HasSubstr("no one's life differs."));
  input.traced.clear();  // stopped before they were made
  EXPECT_TRUE(desist::figures(input).empty());
}

TEST(FigureKinds, AreAlphabetical) {
  std::vector<std::string> names;
  for (const desist::FigureKind& kind : desist::figure_kinds()) names.push_back(kind.name);
  EXPECT_THAT(names, testing::ElementsAre("acceptability", "bars", "cash", "chance", "completers", "decomposition",
                                          "effects", "fan", "flow", "forecast", "forest", "forms", "funnel",
                                          "funnel_steps", "incidence", "items", "levels", "needed_share", "npv_tornado",
                                          "null_band", "operating_characteristics", "phases", "plane", "profile",
                                          "ridge", "study_worth", "survival", "targets", "tornado", "twin_traces",
                                          "units", "value_by_bearer", "value_by_group", "verdict_map"));
}

}  // namespace
