// What the report says and draws of a forecast.
#include <algorithm>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/report/answers.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/write_results.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReportInput resolutions() {
  ReportInput input;
  input.name = "oocr-growth";
  input.title = "Out-of-court resolutions: how many next year?";
  input.question = "How many?";
  Forecast forecast;
  forecast.name = "resolutions";
  forecast.label = "Out-of-court resolutions";
  forecast.thing = "resolutions";
  forecast.counts = {8721, 12176, 14740};
  forecast.printed = {"8,721", "12,176", "14,740"};
  forecast.same_definition = "One answer prints all three.";
  forecast.next_year = Date::from_ymd(2026, 4, 1);
  forecast.years = 2;
  input.forecasts = {forecast};
  input.forecast_results = {evaluate(forecast)};
  FigureRequest request;
  request.name = "growth";
  request.draw = "forecast";
  input.figures = {request};
  return input;
}

TEST(ForecastReport, Says_the_years_what_decides_them_and_what_the_first_years_would_have_said) {
  const ReportInput input = resolutions();
  EXPECT_THAT(forecast_answers(input).at(0).parts,
              ElementsAre("18,800 (12,400 to 26,700) in 2026/27", "24,000 (12,100 to 41,600) in 2027/28"));
  EXPECT_THAT(prior_answers(input).at(0).parts,
              ElementsAre("15,600 to 23,000 with a third of it", "9,620 to 31,000 with twice of it"));
  EXPECT_EQ(back_test_answers(input).at(0).text,
            "The first 2 years alone give 16,700 (9,940 to 23,100) for 2025/26; 14,740 came, 12% lower.");
  const std::string screen = first_screen(input, "results/oocr-growth/report.html");
  EXPECT_THAT(screen, HasSubstr("Answer   Out-of-court resolutions: 18,800 (12,400 to 26,700) in 2026/27"));
  EXPECT_THAT(screen, HasSubstr("Tried    The first 2 years alone give"));
  EXPECT_THAT(screen, testing::Not(HasSubstr("Monte Carlo")));
  const auto json = nlohmann::json::parse(first_screen_json(input, "report.html"));
  EXPECT_EQ(json["kind"], "projection");
  ASSERT_EQ(json["forecasts"].size(), 2u + 4u + 1u);
  EXPECT_EQ(json["forecasts"].back()["counted"], 14740);
}

TEST(ForecastReport, Prints_what_one_miss_can_and_cannot_show) {
  const std::string page = report_page(resolutions(), {});
  EXPECT_THAT(page,
              HasSubstr("One miss can show a gross error; it can&#39;t show how often such intervals are right."));
  EXPECT_THAT(page, HasSubstr("One answer prints all three."));
}

TEST(ForecastReport, Has_a_row_for_all_that_was_counted_forecast_and_tried) {
  const std::string csv = forecasts_table(resolutions()).csv();
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 1 + 3 + 2 + 4 + 1);
  EXPECT_THAT(csv, HasSubstr("resolutions,counted,2023/24,2023-04-01,,,8721,"));
  EXPECT_THAT(csv, HasSubstr("resolutions,back-test,2025/26,2025-04-01,2,0.15,14740,"));
}

TEST(ForecastReport, Draws_the_counts_the_bands_and_the_refit) {
  ReportInput input = resolutions();
  const std::vector<Figure> drawn = figures(input);
  ASSERT_EQ(drawn.size(), 1u);
  EXPECT_THAT(drawn[0].alt, HasSubstr("2026/27: the median is 18,800 (95 in 100: 12,400 to 26,700)."));
  EXPECT_THAT(drawn[0].caption, HasSubstr("One miss can show a gross error"));
  EXPECT_TRUE(nlohmann::json::accept(drawn[0].spec));
  input.figures[0].of = "another";
  EXPECT_TRUE(figures(input).empty());
}

}  // namespace
}  // namespace desist
