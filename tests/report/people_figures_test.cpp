// Figures of a study of people's rows and of several studies.
#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/core/table.hpp"
#include "engine/report/figures.hpp"
#include "tests/report/example_inputs.hpp"
#include "tests/table_word.hpp"

namespace {

using desist::Figure;
using desist::Table;
using desist::tests::word;

const Figure& named(const std::vector<Figure>& figures, const std::string& name) {
  for (const Figure& figure : figures)
    if (figure.name == name) return figure;
  throw std::out_of_range(name);
}

TEST(PeopleFigures, AreMadeForEveryRequest) {
  for (const auto& input : {desist::tests::people_input(), desist::tests::synthesis_input()}) {
    const auto figures = desist::figures(input);
    ASSERT_EQ(figures.size(), input.figures.size());
    for (const Figure& figure : figures) {
      SCOPED_TRACE(figure.name);
      EXPECT_EQ(nlohmann::json::parse(figure.spec)["data"]["url"], figure.name + ".csv");
      EXPECT_FALSE(desist::read_csv(figure.csv).empty());
      EXPECT_FALSE(figure.alt.empty());
      EXPECT_THAT(figure.caption, testing::HasSubstr("Source: "));
    }
  }
}

TEST(PeopleFigures, ASurvivalCurveStartsWithEverybody) {
  const auto figures = desist::figures(desist::tests::people_input());
  const Table table = desist::read_csv(named(figures, "survival_picture").csv);
  EXPECT_EQ(word(table, 0, "time"), "0");
  EXPECT_EQ(word(table, 0, "estimate"), "100");
  EXPECT_EQ(word(table, 0, "at_risk"), "199");
  EXPECT_THAT(named(figures, "survival_picture").spec, testing::HasSubstr("Number at risk"));
}

TEST(PeopleFigures, JoinedStepsAreNotDrawnAsIfNothingHappenedWithinThem) {
  desist::ReportInput input = desist::tests::people_input();
  const auto analysis = std::find_if(input.people_results.analyses.begin(), input.people_results.analyses.end(),
                                     [](const desist::AnalysisResult& each) { return each.name == "curves"; });
  ASSERT_NE(analysis, input.people_results.analyses.end());
  std::vector<desist::CurvePoint> joined;  // two steps an arm: until 26 weeks, and after
  for (const desist::CurvePoint& point : analysis->curves) {
    if (joined.empty() || joined.back().arm != point.arm || (joined.back().time <= 26) != (point.time <= 26)) {
      joined.push_back(point);
      continue;
    }
    joined.back().time = point.time;
    joined.back().estimate = point.estimate;
    joined.back().events += point.events;
    joined.back().censored += point.censored;
  }
  ASSERT_EQ(joined.size(), 4U);
  analysis->curves = joined;
  analysis->notes.push_back("Steps of the curves are joined, so that each covers enough people to be shown.");
  const auto figures = desist::figures(input);
  const desist::Figure& figure = named(figures, "survival_picture");
  EXPECT_THAT(figure.spec, testing::Not(testing::HasSubstr("step-after")));
  // Not 199 at every tick up to 26 weeks, nor the same number from there to the end.
  std::vector<std::pair<double, std::string>> known;
  const auto spec = nlohmann::json::parse(figure.spec);
  for (const auto& row : spec["vconcat"][1]["hconcat"][0]["vconcat"][1]["data"]["values"])
    known.emplace_back(row["time"], row["people"]);
  const auto left = [&](std::size_t step) {
    return std::to_string(std::lround(joined[step].at_risk - joined[step].events - joined[step].censored));
  };
  EXPECT_THAT(known, testing::ElementsAre(std::pair(0.0, "199"), std::pair(joined[0].time, left(0)),
                                          std::pair(0.0, "201"), std::pair(joined[2].time, left(2))));
  EXPECT_THAT(figure.caption, testing::HasSubstr("between points the lines only join them."));
}

TEST(PeopleFigures, IncidenceHasAPanelACause) {
  const auto figures = desist::figures(desist::tests::people_input());
  const Table table = desist::read_csv(named(figures, "incidence_picture").csv);
  EXPECT_EQ(word(table, 0, "panel"), "1");
  EXPECT_EQ(word(table, table.size() - 1, "panel"), "2");
  EXPECT_EQ(word(table, 0, "estimate"), "0");
}

TEST(PeopleFigures, EffectsOnOneScaleShareAnAxis) {
  const auto figures = desist::figures(desist::tests::people_input());
  const Table table = desist::read_csv(named(figures, "effects_picture").csv);
  ASSERT_EQ(table.size(), 3U);                                  // the covariate's hazard ratio compares no arms
  EXPECT_EQ(word(table, 0, "panel"), word(table, 1, "panel"));  // two ratios
  EXPECT_EQ(word(table, 2, "unit"), "share");
  EXPECT_EQ(word(table, 2, "panel"), "2");
}

TEST(PeopleFigures, AForestOfStudiesSetsDesignsApartAndEndsWithWhatTheyGiveTogether) {
  const auto figures = desist::figures(desist::tests::synthesis_input());
  const Table table = desist::read_csv(named(figures, "effects_picture").csv);
  std::vector<std::string> kinds;
  for (std::size_t i = 0; i < table.size(); ++i) kinds.push_back(word(table, i, "kind"));
  EXPECT_THAT(kinds, testing::ElementsAre("heading", "assigned by chance", "assigned by chance", "heading", "other",
                                          "other", "pooled", "prediction"));
  EXPECT_EQ(word(table, 1, "people"), "31 of 154 against 45 of 139");
  EXPECT_THAT(named(figures, "effects_picture").caption, testing::HasSubstr("Diamond"));
  EXPECT_THAT(named(figures, "effects_picture").spec, testing::HasSubstr("\"type\": \"log\""));
}

TEST(PeopleFigures, AFunnelHasAPointAStudy) {
  const auto figures = desist::figures(desist::tests::synthesis_input());
  EXPECT_EQ(desist::read_csv(named(figures, "funnel_picture").csv).size(), 4U);
}

TEST(PeopleFigures, AHiddenBoxSaysSo) {
  desist::ReportInput input = desist::tests::people_input();
  input.people_results.flow[5].withheld = true;
  const auto figures = desist::figures(input);
  EXPECT_THAT(named(figures, "flow_picture").csv, testing::HasSubstr("number withheld"));
  EXPECT_THAT(named(figures, "flow_picture").csv, testing::Not(testing::HasSubstr("163")));
}

/// An analysis of three units as `units` leaves it.
desist::AnalysisResult units_analysis(const std::string& name, double b) {
  desist::AnalysisResult analysis;
  analysis.name = analysis.label = name;
  const auto add = [&](const char* term, const char* measure, double value, double low, double high) {
    desist::EffectRow row;
    row.term = term;
    row.measure = measure;
    row.estimate = value;
    row.interval = {low, high};
    analysis.effects.push_back(row);
  };
  add("a typical unit", "rate ratio", 0.2, 0.1, 0.3);
  for (const auto& [unit, ratio, rank] :
       {std::tuple("A", 0.3, 3.0), std::tuple("B", b, 1.0), std::tuple("C", 0.2, 2.0)}) {
    add(unit, "rate ratio, alone", 0.9 * ratio, 0, 2 * ratio);
    add(unit, "rate ratio, among others", ratio, 0.8 * ratio, 1.2 * ratio);
    add(unit, "rank from the lowest", rank, 1, rank);
  }
  return analysis;
}

TEST(PeopleFigures, UnitsStandInTheOrderOfTheFirstAnalysis) {
  desist::ReportInput input = desist::tests::synthesis_input();
  input.people_results.analyses = {units_analysis("one", 0.1), units_analysis("two", 0.9)};
  input.figures.resize(1);
  input.figures[0].draw = "units";
  input.figures[0].analysis = {};
  const auto figures = desist::figures(input);
  ASSERT_EQ(figures.size(), 1U);
  const Table table = desist::read_csv(figures.front().csv);
  ASSERT_EQ(table.size(), 6U);
  std::vector<std::string> order;
  for (std::size_t i = 0; i < table.size(); ++i) order.push_back(word(table, i, "panel") + word(table, i, "unit"));
  EXPECT_THAT(order, testing::ElementsAre("1B", "1C", "1A", "2B", "2C", "2A"));
  EXPECT_EQ(word(table, 0, "ranks"), "1");
  EXPECT_EQ(word(table, 2, "ranks"), "1 to 3");
  EXPECT_GT(std::stod(word(table, 0, "alone_low")), 0);  // no limit: the axis ends there, being logarithmic
  EXPECT_THAT(figures.front().alt, testing::HasSubstr("B 0.10, rank 1;"));
  input.people_results.analyses = {};
  EXPECT_TRUE(desist::figures(input).empty());
}

TEST(PeopleFigures, NameTheirAnalyses) {
  desist::ReportInput input = desist::tests::people_input();
  desist::FigureRequest request = input.figures[2];
  request.analysis = {"rates"};
  input.figures = {request};
  EXPECT_EQ(desist::read_csv(desist::figures(input).front().csv).size(), 1U);
  input.figures[0].analysis = {"zeros"};  // refused: nothing to show
  EXPECT_TRUE(desist::figures(input).empty());
}

}  // namespace
