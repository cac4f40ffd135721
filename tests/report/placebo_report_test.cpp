// What is said of a printed fall: from a made-up result, every sentence of it.
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/write_results.hpp"
#include "tests/report/example_inputs.hpp"

namespace desist {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

PlaceboPoint point_of(std::size_t point, double mean, double half_band, double printed) {
  PlaceboPoint law;
  law.point = point;
  law.futures = 400;
  law.mean = mean;
  law.mc_error = 0.01;
  law.low = mean - half_band;
  law.high = mean + half_band;
  law.ratio = std::exp(-mean);
  law.explained = mean / printed;
  law.explained_error = 0.01 / printed;
  law.printed = printed > law.high ? FallIs::above : printed < law.low ? FallIs::below : FallIs::inside;
  law.nothing_left = std::exp(-printed) / law.ratio;
  return law;
}

/// A fall to a fifth, held against two arms and three levels of one unknown. Invented.
ReportInput fallen(std::vector<double> means = {0.1, 0.9, 1.6, 0.1, 0.3, 1.6}) {
  ReportInput input = tests::projection_input();
  const double printed = -std::log(0.2);
  input.placebos.resize(1);
  Placebo& placebo = input.placebos.front();
  placebo.name = "offences";
  placebo.label = "Offences";
  placebo.ratio_low = placebo.ratio_high = 0.2;
  placebo.printed_before = 200;
  placebo.parts = {{"a", 100, 10}, {"b", 100, 30}};
  input.placebo_texts = {{"recorded_before", "recorded_after", "offence", "", "200 offences", "40 offences", "", ""}};
  NullProgramme& null = input.null_programme;
  null.arms = {0, 1};
  null.unknowns.resize(1);
  NullUnknown& unknown = null.unknowns.front();
  unknown.name = "list_least";
  unknown.label = "Picked for at least";
  unknown.levels = {1, 2, 3};
  unknown.level_words = {"1 offence", "2 offences", "3 offences"};
  unknown.arms = null.arms;
  for (std::size_t p = 0; p < 6; ++p) input.null_results.points.push_back({p / 3, {p % 3}, {}, true});
  PlaceboResult result;
  for (std::size_t p = 0; p < 6; ++p) result.points.push_back(point_of(p, means[p], 0.2, printed));
  const auto envelope_of = [&](const auto& holds) {
    std::vector<const PlaceboPoint*> some;
    for (const PlaceboPoint& law : result.points)
      if (holds(law.point)) some.push_back(&law);
    return placebo_envelope(some);
  };
  result.all = envelope_of([](std::size_t) { return true; });
  for (std::size_t a = 0; a < 2; ++a) {
    result.arms.push_back(envelope_of([&](std::size_t p) { return p / 3 == a; }));
    result.arms.back().arm = input.arms[a].name;
  }
  for (std::size_t l = 0; l < 3; ++l) {
    result.levels.push_back(envelope_of([&](std::size_t p) { return p % 3 == l; }));
    result.levels.back().unknown = 0;
    result.levels.back().level = unknown.levels[l];
  }
  result.nothing_left = PartLeft{0.22, 0.99, 0.002, 0.01, 6, false};
  result.parts = {{0.11, 0.5, 0.001, 0.005, 6, false}, {0.33, 1.4, 0.004, 0.02, 6, false}};
  input.null_results.placebos = {result};
  return input;
}

TEST(PlaceboReport, SaysWhetherAProgrammeThatDoesNothingShowsTheFall) {
  const auto text = [](const ReportInput& input) { return placebo_answers(input).at(0).text; };
  EXPECT_EQ(text(fallen()), "Cannot tell: 80% lower printed, 11% higher to 83% lower with no effect.");
  EXPECT_EQ(text(fallen({0.3, 0.3, 0.5, 0.4, 0.5, 0.6})),
            "Nothing tried without an effect shows this fall: 80% lower, against 10% to 55% lower.");
  EXPECT_EQ(text(fallen({2, 2, 2.1, 2.2, 2.2, 2.3})),
            "Less than expected anyway: 80% lower printed, 83% to 92% lower with no effect.");
  EXPECT_TRUE(placebo_answers(tests::projection_input()).empty());
  ReportInput none = fallen();
  none.null_programme.match = NullMatch{0, 1, 10, "rate"};
  none.null_results.placebos[0].all = {};
  EXPECT_EQ(text(none),
            "Can't be answered: no 'rate' in its range gives as much before as was printed; widen the range.");
  // The verdict of the page and of the JSON.
  EXPECT_EQ(first_placebo_verdict(none), "Can't be answered with these figures");
  EXPECT_EQ(main_answer(fallen()).verdict, "Cannot tell");
  EXPECT_EQ(verdict_or_answer(fallen({0.3, 0.3, 0.5, 0.4, 0.5, 0.6})),
            "Nothing tried without an effect shows this fall");
  EXPECT_EQ(first_placebo_verdict(tests::projection_input()), "");
}

TEST(PlaceboReport, SaysOnWhichLevelsItHangs) {
  EXPECT_THAT(boundary_answer(fallen()).parts,
              ElementsAre("Picked for at least 1 offence or 2 offences: nothing without an effect shows it"));
  EXPECT_THAT(boundary_answer(fallen({1.6, 1.6, 2.2, 1.6, 1.6, 2.2})).parts,
              ElementsAre("Picked for at least 3 offences: less than expected anyway"));
  EXPECT_THAT(boundary_answer(fallen({1.6, 1.6, 1.6, 0, 0, 0})).parts,
              ElementsAre("No single unknown: whatever one of them is, the others can make it either"));
  EXPECT_TRUE(boundary_answer(fallen({0, 0, 0, 0, 0, 0})).parts.empty());
}

TEST(PlaceboReport, PutsModelsOfCareersSideBySide) {
  const Answer anyway = anyway_answer(fallen());
  EXPECT_EQ(anyway.text, "Of 100 of the fall, expected: ");
  EXPECT_EQ(anyway.parts.size(), 2u);
  const Answer left = left_answer(fallen());
  EXPECT_EQ(left.text, "Nothing is left if at most ");
  EXPECT_THAT(left.parts,
              ElementsAre("22 in 100 people were counted after", "11 in a", "33 in b", "something above 99"));
  ReportInput whatever = fallen();
  std::vector<PartLeft>& parts = whatever.null_results.placebos[0].parts;
  parts[1].least = 1.1;
  EXPECT_THAT(left_answer(whatever).parts, Contains("any share in b"));
  parts[1] = {0, 0, 0, 0, 0, true};  // no list gives what it had before: it has no share
  EXPECT_THAT(left_answer(whatever).parts,
              ElementsAre("22 in 100 people were counted after", "11 in a", "something above 99"));
  whatever.null_results.placebos[0].nothing_left->most = 1.4;
  EXPECT_EQ(left_answer(whatever).parts.back(), "with more it depends");
  whatever.null_results.placebos[0].nothing_left = PartLeft{1.1, 1.4, 0.01, 0.02, 6, false};
  EXPECT_EQ(left_answer(whatever).text, "Nothing is left, whatever share of people was counted after");
  EXPECT_TRUE(left_answer(whatever).parts.empty());
}

TEST(PlaceboReport, FallsInWords) {
  EXPECT_EQ(fall_in_words(std::log(2.0)), "50% lower");
  EXPECT_EQ(fall_in_words(-std::log(1.5)), "50% higher");
  EXPECT_EQ(fall_in_words(0.001), "no change");
  EXPECT_EQ(fall_in_words(infinity), "100% lower");
  EXPECT_EQ(fall_in_words(-infinity), "higher than nothing");
  EXPECT_EQ(fall_in_words(std::nan("")), "no number");
  EXPECT_EQ(falls_in_words(0.5, 0.5), "39% lower");
  EXPECT_EQ(falls_in_words(0.5, 1.5), "39% to 78% lower");
  EXPECT_EQ(falls_in_words(0, 1.5), "no change to 78% lower");
  EXPECT_EQ(falls_in_words(-0.5, 0), "65% higher to no change");
  EXPECT_EQ(falls_in_words(-0.5, -0.1), "65% to 11% higher");
  EXPECT_EQ(falls_in_words(-infinity, infinity), "higher than nothing to 100% lower");
}

TEST(PlaceboReport, SaysThatTheResultsAreNotMatched) {
  ReportInput input = fallen();
  const std::string words = "These runs draw &#39;rate&#39; from its whole range.";
  EXPECT_THAT(page::results_section(input), Not(HasSubstr(words)));
  input.null_programme.match = NullMatch{0, 1, 10, "rate"};
  EXPECT_THAT(page::results_section(input), HasSubstr(words));
}

TEST(PlaceboReport, TheFirstScreenBeginsWithIt) {
  const ReportInput input = fallen();
  const std::string screen = first_screen(input, "out/report.html");
  EXPECT_THAT(screen, HasSubstr("\nAnswer   Cannot tell: 80% lower printed,"));
  EXPECT_THAT(screen, HasSubstr("\nHangs on Picked for at least 1 offence or 2 offences: nothing without an effect"));
  EXPECT_THAT(screen, HasSubstr("\nAnyway   Of 100 of the fall"));
  EXPECT_THAT(screen, HasSubstr("\nLeft     Nothing is left if at most"));
}

TEST(PlaceboReport, TablesAndPageHaveEveryPoint) {
  const ReportInput input = fallen();
  const auto files = placebo_files(input);
  ASSERT_EQ(files.size(), 3u);
  EXPECT_EQ(files[0].name, "placebo.csv");
  EXPECT_EQ(std::count(files[0].text.begin(), files[0].text.end(), '\n'), 7);
  EXPECT_EQ(std::count(files[1].text.begin(), files[1].text.end(), '\n'), 7);
  EXPECT_EQ(files[2].text,
            "placebo,part,people,before,after,ratio,nothing_left_low,nothing_left_high,low_error,high_error,points,"
            "held_against\n"
            "offences,a,,100,10,0.1,0.11,0.5,0.001,0.005,6,all people\n"
            "offences,b,,100,30,0.3,0.33,1.4,0.004,0.02,6,all people\n");
  const std::string page = page::placebo_section(input);
  EXPECT_THAT(page, HasSubstr("Offences: printed were 200 offences before and 40 offences after."));
  EXPECT_THAT(page, HasSubstr("Picked for at least 2 offences"));
  EXPECT_EQ(page::placebo_section(tests::projection_input()), "");
}

/// Two models of 15 levels: falls expected rise from level to level, in the second by less.
ReportInput of_thirty_points() {
  ReportInput input = fallen();
  NullUnknown& unknown = input.null_programme.unknowns.front();
  unknown.levels.clear();
  unknown.level_words.clear();
  PlaceboResult& result = input.null_results.placebos.front();
  result.levels.clear();
  result.points.clear();
  input.null_results.points.clear();
  for (std::size_t l = 0; l < 15; ++l) {
    unknown.levels.push_back(static_cast<double>(l + 1));
    unknown.level_words.push_back(std::to_string(l + 1) + " of it");
  }
  for (std::size_t p = 0; p < 30; ++p) {
    input.null_results.points.push_back({p / 15, {p % 15}, {}, true});
    const double mean = (p < 15 ? 0.2 : 0.1) * static_cast<double>(p % 15 + 1);
    result.points.push_back(point_of(p, mean, 0.2, std::log(5.0)));
  }
  return input;
}

// The printed fall is 1.609. In the first model, 0.2 a level and bands 0.2 to each side, limits come nearest at level 9
// (1.8 - 0.2) and at level 7 (1.4 + 0.2); in the second, 0.1 a level, at level 14 (1.4 + 0.2) and at 15 (1.5 + 0.2).
TEST(PlaceboReport, ALongListOfPointsIsShortOnThePage) {
  const ReportInput input = of_thirty_points();
  const std::string page = page::placebo_section(input);
  const std::string table = page.substr(page.find("point by point"));
  EXPECT_THAT(table, HasSubstr("point by point: 400 futures each, on common draws and luck. Of 30 points, 7: of each "
                               "model those with the least and the most fall expected, and the two at which the "
                               "printed fall is nearest to a limit of the band. All are in placebo.csv."));
  std::vector<std::string> shown;
  for (std::size_t at = table.find(" of it"); at != std::string::npos; at = table.find(" of it", at + 1))
    shown.push_back(table.substr(table.rfind('>', at) + 1, at - table.rfind('>', at) - 1));
  EXPECT_THAT(shown, ElementsAre("1", "7", "9", "15", "1", "14", "15"));
  const std::string csv = placebo_files(input)[0].text;
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 31);
  EXPECT_THAT(page::placebo_section(fallen()), Not(HasSubstr("placebo.csv")));
}

TEST(PlaceboReport, DrawsBandAndMap) {
  ReportInput input = fallen();
  FigureRequest band, map;
  band.name = "band";
  band.draw = "null_band";
  band.of = "offences";
  map.name = "map";
  map.draw = "verdict_map";
  map.of = "offences";
  map.parameters = {"list_least", "rate_shape"};
  input.null_programme.unknowns.push_back(input.null_programme.unknowns.front());
  input.null_programme.unknowns.back().name = "rate_shape";
  for (NullPoint& point : input.null_results.points) point.levels.push_back(0);
  input.figures = {band, map};
  const auto drawn = figures(input);
  ASSERT_EQ(drawn.size(), 2u);
  EXPECT_THAT(drawn[0].csv, HasSubstr("Offences"));
  EXPECT_EQ(std::count(drawn[1].csv.begin(), drawn[1].csv.end(), '\n'), 7);  // two panels, three levels and one
  EXPECT_THAT(drawn[1].csv, HasSubstr("Nothing tried without an effect shows this fall"));
  input.null_results.placebos.clear();
  EXPECT_TRUE(figures(input).empty());
}

}  // namespace
}  // namespace desist
