// What is said of next studies where the file asks for them first, of the year of payback and of steps too large:
// whole texts.
#include <gmock/gmock.h>

#include "engine/report/appraisal_words.hpp"
#include "engine/report/write_results.hpp"
#include "tests/report/appraisal_inputs.hpp"

namespace desist {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::appraisal_input;

std::vector<std::string> studies_first(const ReportInput& input) {
  std::vector<std::string> lines;
  for (const ScreenLine& line : all_lines(input, "report.html"))
    if (line.label == "Answer" || line.label == "Studies" || line.label == "Today" || line.label == "Net" ||
        line.label == "Find out")
      lines.push_back(line.label + ": " + line.whole());
  return lines;
}

TEST(NextStudyAnswer, ComesFirstWhereTheFileAsksForIt) {
  ReportInput input = appraisal_input();
  input.appraisal->answers_next_study = true;
  EXPECT_THAT(
      studies_first(input),
      ElementsAre(
          "Answer: Buy it, and find out beside it. A larger trial, 400 people: worth £118,000 net, error £9,000.",
          "Studies: Waiting for it would lose £616,000; a matched study, with its bias £32,000 with 400.",
          "Today: Depends on share who reoffend after the course. 62 in 100 that it pays.",
          "Net: £308,000 (−£1 million to £1.7 million) over 3 years, prices of 2025/26.",
          "Find out: Knowing every figure is worth £214,000 here; share who reoffend after the course "
          "alone £170,000 to £180,000."));
  InformationValue& part = input.appraised.information->figures.front();  // by chance above the whole
  part.in_sample = part.cross_validated = 250000;
  EXPECT_THAT(studies_first(input).back(), testing::EndsWith("share who reoffend after the course alone as much."));
  part.in_sample = part.cross_validated = 212000;  // less than its error below: as much, too
  EXPECT_THAT(studies_first(input).back(), testing::EndsWith("share who reoffend after the course alone as much."));
  input.appraised.information->worth = 20000;  // of a table of draws: where it is valued
  EXPECT_THAT(studies_first(input).back(), testing::StartsWith("Find out: Knowing every figure is worth £214,000 at "
                                                               "£20,000 for one; "));
  EXPECT_EQ(main_answer(input).verdict, "Buy it, and find out beside it");
  EXPECT_THAT(first_screen_json(input, "report.html"), HasSubstr("\"verdict\": \"Buy it, and find out beside it\""));
  input.appraised.information->best_arm = 0;  // then nothing is lost by waiting
  input.appraised.information->studies[1].is_largest = true;
  EXPECT_EQ(studies_first(input)[0],
            "Answer: Find out first. A larger trial, 400 people, the most tried: worth £118,000 net, error £9,000.");
}

TEST(NextStudyAnswer, SaysNoAndNotShownBeyondTwoErrors) {
  ReportInput input = appraisal_input();
  input.appraisal->answers_next_study = true;
  for (StudyValue& value : input.appraised.information->studies) value.net = value.is_best ? -30000 : -60000;
  EXPECT_EQ(studies_first(input)[0],
            "Answer: No study is worth it. At best a larger trial, 400 people: −£30,000 net, error £9,000.");
  EXPECT_EQ(studies_first(input)[1], "Studies: Not worth it at any size tried: a matched study, with its bias.");
  for (StudyValue& value : input.appraised.information->studies) value.net += 20000;
  EXPECT_EQ(studies_first(input)[0],
            "Answer: Not shown either way. At best a larger trial, 400 people: −£10,000 net, error £9,000.");
  EXPECT_EQ(studies_first(input)[1], "Studies: Not shown either way: a matched study, with its bias.");
}

TEST(NextStudyAnswer, IsTheArmsWhereDrawsAreTooFew) {
  ReportInput input = appraisal_input();
  input.appraisal->answers_next_study = true;
  input.appraised.information.reset();
  EXPECT_EQ(studies_first(input).front(),
            "Answer: Depends on share who reoffend after the course. 62 in 100 that it pays.");
}

TEST(Payback, IsSaidWithTheYearsThatTheSimulationAllows) {
  ArmValue value;
  EXPECT_EQ(payback_words(value), "not within the horizon");
  value.payback_earliest = 4;
  EXPECT_EQ(payback_words(value), "not within the horizon (year 5 at the earliest, by the simulation's error)");
  value.payback_year = 4;
  EXPECT_EQ(payback_words(value), "by the end of year 5 (5 or not within the horizon, by the simulation's error)");
  value.payback_latest = 4;
  EXPECT_EQ(payback_words(value), "by the end of year 5");
  value.payback_earliest = 2;
  value.payback_latest = 6;
  EXPECT_EQ(payback_words(value), "by the end of year 5 (3 to 7, by the simulation's error)");
}

TEST(AppraisalWarnings, SayWhereAStepIsLargerThanWhatIsFreed) {
  // 90 hours in three years are 30 a year; a post is 1,600.
  const ReportInput input = appraisal_input();
  const std::vector<AppraisalWarning> warnings = appraisal_warnings(input);
  ASSERT_FALSE(warnings.empty());
  EXPECT_EQ(warnings.back().rule, "savings counted that can't be cashed");
  EXPECT_EQ(
      warnings.back().text,
      "Officers' hours: 30 hours a year are freed on average, and a step is 1 post: nothing can be cashed. The net "
      "value counts them in full.");
  const auto last_rule = [](double step, double quantity) {
    ReportInput other = appraisal_input();
    other.appraisal->flows[3].step = step;
    other.appraised.flows[3].quantity = quantity;
    return appraisal_warnings(other).back().rule;
  };
  EXPECT_EQ(last_rule(30, 810), "hours are not money");     // one step is freed
  EXPECT_EQ(last_rule(1600, 1000), "hours are not money");  // more are needed: no saving at all
  ReportInput some = appraisal_input();
  some.appraised.flows[3].steps = DrawnAmount{0.2, 0, 1, 0.01};
  EXPECT_EQ(
      appraisal_warnings(some).back().text,
      "Officers' hours: 30 hours a year are freed on average, and a step is 1 post: only some draws free one. The net "
      "value counts them in full.");
}

}  // namespace
}  // namespace desist
