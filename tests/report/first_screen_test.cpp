// The first screen of both kinds: whole texts, and the rules that all screens keep.
#include <algorithm>
#include <regex>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/core/text.hpp"
#include "engine/report/write_results.hpp"
#include "tests/report/example_inputs.hpp"

namespace {

using desist::ReportInput;

std::string screen(const ReportInput& input) {
  return desist::first_screen(input, "results/" + input.name + "/report.html");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = desist::split(text, '\n');
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  return lines;
}

std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(
      std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Rules of every first screen (order aside): what breaks them, or nothing.
std::vector<std::string> broken_rules(const std::string& text) {
  std::vector<std::string> broken;
  const std::vector<std::string> lines = lines_of(text);
  if (lines.size() > 10) broken.push_back("more than ten lines");
  for (const std::string& line : lines) {
    if (columns(line) > 110 && !line.starts_with("Report")) broken.push_back("too wide: " + line);
    if (line.ends_with(' ')) broken.push_back("ends with a space: " + line);
    if (std::regex_search(line, std::regex("\\.\\.$|\\. \\.")) && !line.ends_with("..."))
      broken.push_back("stops: " + line);
    if (std::regex_search(line, std::regex("[0-9]\\.[0-9]"))) broken.push_back("a decimal: " + line);
    if (std::regex_search(line, std::regex("\\bp ?[=<]|significan", std::regex::icase)))
      broken.push_back("a p: " + line);
    if (line.size() > 9 && desist::trimmed(line.substr(9)).empty()) broken.push_back("empty: " + line);
  }
  return broken;
}

std::vector<std::string> labels_of(const std::string& text) {
  std::vector<std::string> labels;
  const std::vector<std::string> lines = lines_of(text);
  for (std::size_t i = 1; i < lines.size(); ++i) labels.push_back(desist::trimmed(lines[i].substr(0, 8)));
  return labels;
}

TEST(FirstScreen, OfAStudy) {
  EXPECT_EQ(
      screen(desist::tests::study_input()),
      "CARA: people sent on the course against controls, 12 months                          2019 board paper, Table F\n"
      "Answer   Not shown either way. The table is too small, and its two outcomes point in opposite directions.\n"
      "Any      Any recorded offence, 8 of 70 against 10 of 49: 9 fewer in 100 (24 fewer to 4 more).\n"
      "Abuse    A recordable domestic-abuse offence, 5 of 70 against 1 of 49: 5 more in 100 (6 fewer to 16 more).\n"
      "Claim    Doesn't fit: 2% counts only the 54 who finished; of all 70 sent on the course, 8 reoffended (11%).\n"
      "Groups   Called randomised, 70 against 49. With 21 more in \"control\", none reoffending: 10 of 70 there.\n"
      "Beside   Southampton trial: 35% fewer reoffended against a partner. Not added in.\n"
      "Settle   About 270 people in each group for a difference like the one seen; 900 for one of 5 in 100.\n"
      "Can't    Say it took longer to reoffend: 257 days is an average over those who did, not over everyone.\n"
      "Report   results/cara/report.html   3 printed figures, 1 assumption; claims: 1 can't be checked, 1 doesn't "
      "fit\n");
}

TEST(FirstScreen, OfAProjection) {
  EXPECT_EQ(
      screen(desist::tests::projection_input()),
      "MARAC backlog: does it clear, and what would it take?                                   from 30 September 2023\n"
      "Answer   As it was, no. Clear by 31 March 2024: both 48 in 100, weekly meetings 31, revised criteria 5.\n"
      "Needed   For a chance of 90 in 100: 330 hearings a week, 290 with revised criteria. Now 176.\n"
      "Claim    Can't be checked: \"That backlog would be...\" comes true in fewer than 1 to 10 in 100, by arm.\n"
      "People   Cases waiting at the end 1,610 to 2,610 as it was, 0 to 574 with both.\n"
      "Price    126 to 176 cases turned away a month in 3 of the 5 arms.\n"
      "Decides  Hearings that weekly meetings added (60% of the spread). Not "
      "printed.\n"
      "Can't    Say which of the eight areas is worst, or whether anyone was harmed while waiting.\n"
      "Ask for  Cases referred, heard and waiting, by conference and month; a dip sample of 100 filtered cases.\n"
      "Report   results/marac-backlog/report.html   1 printed figure, 5 assumptions; Monte Carlo error under 1 in "
      "100\n");
}

TEST(FirstScreen, NamesASecondFigureThatDecidesOverHalfAsMuch) {
  ReportInput input = desist::tests::projection_input();
  input.estimates.influence[1].share = 0.4;
  input.estimates.influence[1].label = "Cases accepted";
  const char* line =
      "Decides  Hearings that weekly meetings added (60% of the spread), cases accepted (40%). Not printed.\n";
  EXPECT_THAT(screen(input), testing::HasSubstr(line));
  std::swap(input.estimates.influence[0], input.estimates.influence[1]);  // the largest first, whatever their order
  EXPECT_THAT(screen(input), testing::HasSubstr(line));
}

TEST(FirstScreen, RulesCanBeBroken) {
  EXPECT_THAT(broken_rules("Title\nAnswer   Yes (p = 0.04). .\n"), testing::SizeIs(3));
  EXPECT_THAT(broken_rules("Title\nAnswer   It fell significantly.\n"), testing::SizeIs(1));
}

TEST(FirstScreen, KeepsTheRules) {
  EXPECT_THAT(broken_rules(screen(desist::tests::study_input())), testing::IsEmpty());
  EXPECT_THAT(broken_rules(screen(desist::tests::projection_input())), testing::IsEmpty());
}

TEST(FirstScreen, LeavesOutWhatHasNothingToSay) {
  ReportInput input = desist::tests::projection_input();
  input.needs.clear();
  input.found.needs.clear();
  input.claims.clear();
  input.cannot.clear();
  input.requests.clear();
  input.estimates.influence.clear();
  EXPECT_THAT(labels_of(screen(input)), testing::ElementsAre("Answer", "People", "Price", "Report"));
  EXPECT_THAT(broken_rules(screen(input)), testing::IsEmpty());
}

TEST(FirstScreen, KeepsEveryHeadlineOutcomeWhereLinesAreShort) {
  ReportInput input = desist::tests::study_input();
  desist::Study& study = input.studies.front();
  desist::StudyResult& result = input.study_results.studies.front();
  for (const char* name : {"third", "fourth"}) {
    study.outcomes.push_back(study.outcomes.front());
    study.outcomes.back().name = name;
    study.outcomes.back().short_label = name;
    result.rows.push_back(result.rows.front());
    result.rows.back().outcome = name;
  }
  const auto labels = labels_of(screen(input));
  for (const char* label : {"Any", "Abuse", "third", "fourth", "Claim"}) EXPECT_THAT(labels, testing::Contains(label));
  EXPECT_THAT(broken_rules(screen(input)), testing::IsEmpty());
}

TEST(FirstScreen, NeverPrintsAPValueOfAClaim) {
  ReportInput input = desist::tests::study_input();
  auto& claims = input.study_results.studies.front().claims;
  claims.pop_back();
  claims.front().because = "54 + 16 = 70 against 49: p = 0.066 under 1:1 (two-sided binomial)";
  EXPECT_THAT(broken_rules(screen(input)), testing::IsEmpty());
}

TEST(FirstScreenJson, HasEveryNumberWithItsLimits) {
  for (const ReportInput& input : {desist::tests::study_input(), desist::tests::projection_input()}) {
    const auto json = nlohmann::json::parse(desist::first_screen_json(input, "report.html"));
    EXPECT_EQ(json["schema"], 1);
    EXPECT_EQ(json["estimates"].size(), input.estimates.rows.size());
    for (const char* list : {"comparisons", "estimates", "needs", "decides"}) {
      for (const auto& row : json[list]) {
        EXPECT_TRUE(row.contains("low") && row.contains("high") && row.contains("mc_error")) << row;
      }
    }
    EXPECT_FALSE(json["verdict"].get<std::string>().empty());
  }
}

}  // namespace
