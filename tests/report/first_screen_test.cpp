// The first screen of both kinds: whole texts, and the rules that all screens keep.
#include <algorithm>
#include <limits>
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

TEST(FirstScreen, NamesAFigureThatCannotBeRight) {
  ReportInput input = desist::tests::study_input();
  desist::StudyResult& result = input.study_results.studies.front();
  std::erase_if(result.rows, [](const auto& row) { return row.outcome == "reoffended"; });
  result.unread = {{"reoffended", "", "no whole number of the 54 in completed gives 17.9%"}};
  EXPECT_THAT(
      lines_of(screen(input)),
      testing::Contains("Any      Any recorded offence can't be answered: no whole number of the 54 in completed "
                        "gives 17.9%."));
  for (auto& row : result.rows) row.verdict = desist::Verdict::yes;
  result.verdict = desist::Verdict::yes;
  EXPECT_EQ(lines_of(screen(input))[1], "Answer   Yes. Fewer, on Abuse alone, beyond what chance explains.");
}

TEST(FirstScreen, OfATableInPartsSaysWhichPartIsMeant) {
  ReportInput input = desist::tests::study_input();
  desist::StudyResult& result = input.study_results.studies.front();
  std::erase_if(result.rows, [](const auto& row) { return row.outcome != "reoffended"; });
  result.rows.resize(1, result.rows.front());
  result.rows.push_back(result.rows.front());
  result.rows[0].stratum = "young";
  result.rows[1].stratum = "old";
  result.rows[1].settle_seen = 410;
  result.verdict = desist::Verdict::depends;
  result.depends_on = {desist::DependsOn::which_stratum};
  const auto lines = lines_of(screen(input));
  EXPECT_THAT(lines[1], testing::StartsWith("Answer   Depends on which part of the table is meant"));
  EXPECT_THAT(lines,
              testing::Contains(testing::StartsWith(
                  "Settle   About 270 (young), 410 (old) in each group for differences like those seen; 900 for")));
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

// A posterior gives three figures by one row: their share is one, and is told once.
TEST(FirstScreen, TellsTheShareOfFiguresThatAreDrawnTogetherOnce) {
  ReportInput input = desist::tests::projection_input();
  desist::InfluenceRow& one = input.estimates.influence[0];
  input.estimates.influence.resize(1);
  one.together_with = 2;
  for (const char* name : {"second", "third"}) {
    input.estimates.influence.push_back(input.estimates.influence[0]);
    input.estimates.influence.back().parameter = input.estimates.influence.back().label = name;
  }
  EXPECT_THAT(screen(input),
              testing::HasSubstr("Decides  Hearings that weekly meetings added, with 2 figures known together with it "
                                 "(60% of the spread)."));
  EXPECT_THAT(screen(input), testing::Not(testing::HasSubstr("second")));
}

ReportInput unprinted_input() {
  ReportInput input = desist::tests::projection_input();
  input.unprinted = "how many cases are referred a week";
  desist::Sum sum;
  sum.label = "Offer";
  sum.text = "Offered again in all 2,714 cases: 136 a year if 5 in 100 say yes, 679 if 25 do.";
  sum.results = {{"low", "nc.elig.nfa * 5%", "2,714 × 5%", 135.7, 4, "136", {"nc.elig.nfa"}},
                 {"high", "nc.elig.nfa * 25%", "2,714 × 25%", 678.5, 4, "679", {"nc.elig.nfa"}}};
  input.sums = {sum};
  return input;
}

TEST(FirstScreen, SaysWhatIsPrintedNowhereAndWhatEachNumberWouldMean) {
  const std::string text = screen(unprinted_input());
  EXPECT_THAT(text, testing::HasSubstr("\nAnswer   Can't be answered with these figures: how many cases are referred a "
                                       "week is printed nowhere.\nNeeded   For a chance of 90 in 100: 330"));
  EXPECT_THAT(text, testing::HasSubstr("\nOffer    Offered again in all 2,714 cases: 136 a year if 5 in 100 say yes, "
                                       "679 if 25 do.\n"));
  EXPECT_THAT(broken_rules(text), testing::IsEmpty());
  EXPECT_THAT(labels_of(text), testing::ElementsAre("Answer", "Needed", "Offer", "Claim", "People", "Price", "Decides",
                                                    "Ask for", "Report"));
  ReportInput shorter = unprinted_input();
  shorter.unprinted = "how many start";
  EXPECT_THAT(screen(shorter), testing::HasSubstr("how many start is printed nowhere. What each number would "
                                                  "mean:\n"));
  const auto as_json = nlohmann::json::parse(desist::first_screen_json(unprinted_input(), "report.html"));
  EXPECT_EQ(as_json["verdict"], "Can't be answered with these figures");
  EXPECT_EQ(as_json["unprinted"], "how many cases are referred a week");
  EXPECT_EQ(as_json["sums"][0]["results"][1]["said_as"], "679");
}

TEST(FirstScreen, SaysWhatEachLevelBuys) {
  const std::string text = screen(desist::tests::levels_input());
  EXPECT_THAT(text,
              testing::HasSubstr("\nHearings Clear by 31 March 2024: none in 100 at 150 hearings a week, 65 at 300, "
                                 "94 at 350 (best), 90 at 400.\n"));
  EXPECT_THAT(broken_rules(text), testing::IsEmpty());
}

ReportInput with_need(desist::Need::Extreme extreme, desist::NeedResult::Verdict verdict) {
  ReportInput input = desist::tests::projection_input();
  input.needs.front().look_for = extreme;
  input.found.needs.resize(1);
  input.found.needs.front().verdict = verdict;
  return input;
}

std::string needed(const ReportInput& input) {
  const std::string text = screen(input);
  const std::size_t at = text.find("\nNeeded   ") + 10;
  return text.substr(at, text.find('\n', at) - at);
}

TEST(FirstScreen, SaysWhatLevelsAddWhereTheirOwnErrorHidesIt) {
  ReportInput input = desist::tests::levels_input();
  input.sweep_texts = {{"turned_away_a_month", "", desist::OutcomeField::Kind::amount, "case/month"}};
  const double means[] = {708, 694, 689, 688.7, 688, 688};
  const double errors[] = {0, 0.6, 0.2, 0.2, 0.2, 0.2};
  desist::SweepResult& result = input.swept.front();
  result.turns_at.reset();
  for (std::size_t l = 0; l < 6; ++l) {
    result.levels[l].mean = means[l];
    result.levels[l].mc_error = 12;  // rounded to tens: 710, 690, 690
    if (l > 0) result.levels[l].added = means[l] - means[l - 1];
    if (l > 0) result.levels[l].added_error = errors[l];
    if (l > 0) result.levels[l].from_first = means[l] - means[0], result.levels[l].from_first_error = 0.7;
  }
  EXPECT_THAT(screen(input), testing::HasSubstr(": 710 at 150 hearings a week; 14 fewer at 200, 20 fewer at 400.\n"));
  for (std::size_t l = 1; l < 6; ++l) result.levels[l].added_error = 12;  // not known better than the levels
  EXPECT_THAT(screen(input), testing::HasSubstr(": 710 at 150 hearings a week, 690 at 250, 690 at 300, 690 at 400.\n"));
  result.levels[0].level = 1;
  result.levels[5].level = 2000;
  EXPECT_THAT(screen(input), testing::HasSubstr(": 710 at 1 hearing a week, 690 at 250, 690 at 300, 690 at 2,000.\n"));
}

// 375,000 and 364,000, each give or take 14,000, would read as 20,000 apart.
TEST(FirstScreen, SaysWhatALevelAddsWhereRoundedOnesTellAnother) {
  ReportInput input = desist::tests::levels_input();
  input.sweep_texts = {{"turned_away_a_month", "", desist::OutcomeField::Kind::amount, "case/month"}};
  for (desist::SweepResult& result : input.swept) {
    result.turns_at.reset();
    result.levels.resize(2);
    const double added = &result == &input.swept.front() ? -10815 : -11418;
    const double means[] = {375341, 375341 + added};
    for (std::size_t l = 0; l < 2; ++l) {
      result.levels[l].mean = means[l];
      result.levels[l].mc_error = 14000;
    }
    result.levels[1].added = result.levels[1].from_first = added;
    result.levels[1].added_error = result.levels[1].from_first_error = 580;
  }
  input.arms[2].short_label = "triage";
  EXPECT_THAT(screen(input), testing::HasSubstr(": 380,000 at 150 hearings a week; 10,800 fewer at 200, "
                                                "11,400 with triage.\n"));
  input.swept.front().levels[1].mean = 350000;  // 30,000 apart, and so they read
  input.swept.front().levels[1].added = input.swept.front().levels[1].from_first = -30000;
  input.swept.front().levels[0].mean = 380000;
  EXPECT_THAT(screen(input), testing::HasSubstr(": 380,000 at 150 hearings a week, 350,000 at 200.\n"));
}

TEST(FirstScreen, SaysEveryWayInWhichANeedCanEnd) {
  using Extreme = desist::Need::Extreme;
  using Verdict = desist::NeedResult::Verdict;
  ReportInput input = with_need(Extreme::least, Verdict::found);
  input.found.needs.front().holds_to = 500;
  EXPECT_EQ(needed(input), "For a chance of 90 in 100: 330 hearings a week (more than 500 makes it worse). Now 176.");
  input.need_texts = {"clear by 31 March 2024, with a chance of 90%; with extra hearings 88%"};
  EXPECT_THAT(needed(input),
              testing::StartsWith("For a chance of 90 in 100 with extra hearings 88% (now 176 and that): "));
  input.needs.front().present_is_known = false;  // what the file chooses is nobody's present
  input.need_texts = {"clear by 31 March 2024, with a chance of 90%; In the file 250"};
  EXPECT_THAT(needed(input), testing::EndsWith(". In the file 250."));
  input.need_texts.clear();
  // The middle of a range is nobody's present either.
  input.needs.front().step = 0.5;
  input.found.needs.front().level = 330.5;
  input.found.needs.front().holds_to.reset();
  EXPECT_EQ(needed(input), "For a chance of 90 in 100: 330.5 hearings a week.");
  input = with_need(Extreme::greatest, Verdict::already_met);
  input.found.needs.push_back(input.found.needs.front());
  input.found.needs.back().arm = "revised_criteria";
  input.found.needs.back().level = 400;
  EXPECT_EQ(needed(input),
            "For a chance of 90 in 100: at most 330 hearings a week, 400 with revised criteria. Now 176.");
  EXPECT_EQ(needed(with_need(Extreme::greatest, Verdict::any_does)),
            "For a chance of 90 in 100: as many hearings a week as were tried, up to 330. Now 176.");
  input = with_need(Extreme::least, Verdict::nothing_does);
  EXPECT_EQ(needed(input), "For a chance of 90 in 100: no number of hearings a week does it. Now 176.");
  input.found.needs.front().best = desist::NeedLevel{250, 0.62, 0.6, 0.64, 4000};
  EXPECT_EQ(needed(input),
            "For a chance of 90 in 100: no number of hearings a week does it (62 in 100 at best, at 250). Now 176.");
  EXPECT_EQ(needed(with_need(Extreme::least, Verdict::not_settled)),
            "For a chance of 90 in 100: not settled as it was. Now 176.");
}

/// The headline is of another kind, with these rows in the first arm and in the last.
ReportInput with_headline(desist::OutcomeField::Kind kind, desist::Better better, const std::string& unit) {
  ReportInput input = desist::tests::projection_input();
  desist::OutcomeField field;
  field.name = "other";
  field.kind = kind;
  field.better = better;
  field.unit = desist::Unit::parse(unit);
  input.outcome_fields.push_back(field);
  input.outcome_texts.front() = {"other", "Seen in time", desist::OutcomeText::Line::answer, ""};
  return input;
}

void add_row(ReportInput& input, const std::string& arm, const std::string& statistic, const std::string& unit,
             double estimate, double low, double high) {
  input.estimates.rows.push_back(
      {arm, "", "other", "", statistic, unit, estimate, low, high, 0.95, desist::Spread::futures, 0.005, 4000, 8000});
}

std::string answer_of(const ReportInput& input) {
  const std::string text = screen(input);
  EXPECT_THAT(broken_rules(text), testing::IsEmpty());
  EXPECT_FALSE(nlohmann::json::parse(desist::first_screen_json(input, "r"))["verdict"].get<std::string>().empty());
  const std::size_t at = text.find("\nAnswer   ") + 10;
  return text.substr(at, text.find('\n', at) - at);
}

TEST(FirstScreen, AnswersByAChanceWithoutDates) {
  using desist::OutcomeField;
  ReportInput input = with_headline(OutcomeField::Kind::chance, desist::Better::higher, "share");
  add_row(input, "as_it_was", "chance", "share", 0.02, 0.01, 0.03);
  add_row(input, "criteria_and_weekly", "chance", "share", 0.48, 0.46, 0.5);
  EXPECT_EQ(answer_of(input), "As it was, no. Seen in time: both 48 in 100.");
  input.arms.resize(1);  // one arm alone is no comparison
  EXPECT_EQ(answer_of(input), "No. Seen in time: 2 in 100.");
  input.estimates.rows.pop_back();
  input.estimates.rows.back() = {
      "as_it_was", "",   "other", "", "chance", "share", 0.4, 0.38, 0.42, 0.95, desist::Spread::futures,
      0.005,       4000, 8000};
  EXPECT_EQ(answer_of(input), "It depends. Seen in time: 40 in 100.");
}

TEST(FirstScreen, AnswersByAnAmount) {
  using desist::OutcomeField;
  ReportInput input = with_headline(OutcomeField::Kind::amount, desist::Better::higher, "share");
  add_row(input, "as_it_was", "mean", "share", 0.3, 0.2, 0.4);
  add_row(input, "criteria_and_weekly", "mean", "share", 0.6, 0.5, 0.7);
  EXPECT_EQ(answer_of(input), "Seen in time: 20% to 40% as it was, 50% to 70% with both.");
  input = with_headline(OutcomeField::Kind::amount, desist::Better::lower, "£/year");
  input.outcome_texts.front().label = "cost of contracts, in pounds a year";
  add_row(input, "as_it_was", "mean", "£/year", 120000, 110000, 130000);
  EXPECT_EQ(answer_of(input), "Cost of contracts, in pounds a year: £110,000 to £130,000 as it was.");
}

TEST(FirstScreen, SaysTheErrorOfAMeanAsAShareOfIt) {
  ReportInput input = with_headline(desist::OutcomeField::Kind::amount, desist::Better::lower, "offence");
  add_row(input, "as_it_was", "mean", "offence", 1000, 900, 1100);
  input.estimates.rows.back().mc_error = 41;
  add_row(input, "criteria_and_weekly", "mean", "offence", 500, 400, 600);
  input.estimates.rows.back().mc_error = 4;
  EXPECT_THAT(screen(input), testing::HasSubstr("; Monte Carlo error 5% of the mean\n"));
  for (desist::EstimateRow& row : input.estimates.rows) row.mc_error = 4;
  EXPECT_THAT(screen(input), testing::HasSubstr("; Monte Carlo error under 1% of the mean\n"));
  input.estimates.rows.clear();  // nothing is estimated: nothing is said
  EXPECT_THAT(screen(input), testing::Not(testing::HasSubstr("Monte Carlo error")));
}

TEST(FirstScreen, ReadingsOfTheSameThingStandSideBySideALineAnArm) {
  ReportInput input = with_headline(desist::OutcomeField::Kind::amount, desist::Better::neither, "share");
  input.outcome_texts = {{"other", "Fall", desist::OutcomeText::Line::answer, ""},
                         {"a_month", "a month", desist::OutcomeText::Line::reading, ""},
                         {"missing", "a year", desist::OutcomeText::Line::reading, ""},
                         {"a_free_month", "a free month", desist::OutcomeText::Line::reading, ""}};
  const auto add = [&](const char* arm, const char* outcome, double estimate, double low, double high) {
    input.estimates.rows.push_back(
        {arm, "", outcome, "", "mean", "share", estimate, low, high, 0.95, desist::Spread::futures, 0.005, 4000, 8000});
  };
  const std::string last = input.arms.back().name;
  add("as_it_was", "a_month", 0.456, 0.274, 0.664);
  add("as_it_was", "a_free_month", -0.032, -0.104, 0.043);
  add(last.c_str(), "a_month", 0.5, 0.4, 0.6);
  add(last.c_str(), "missing", std::numeric_limits<double>::quiet_NaN(), 0, 0);
  EXPECT_THAT(screen(input), testing::HasSubstr("Read as  As it was: 46% a month (27 to 66), \u22123% a free month "
                                                "(\u221210 to 4).\nRead as  "));
  EXPECT_THAT(screen(input), testing::HasSubstr(": 50% a month (40 to 60).\n"));
  input.arms.resize(1);
  EXPECT_THAT(screen(input), testing::HasSubstr("Read as  46% a month (27 to 66), "));
}

// Ranges of two arms hide what one has less than the other, of which most of their spread is no part.
TEST(FirstScreen, AnAmountOfAnotherArmIsSaidAgainstTheFirst) {
  const auto said = [](const std::string& unit, double low, double high) {
    ReportInput input = with_headline(desist::OutcomeField::Kind::amount, desist::Better::lower, unit);
    add_row(input, "as_it_was", "mean", unit, 700, 460, 930);
    add_row(input, "criteria_and_weekly", "mean", unit, 680, 440, 910);
    add_row(input, "criteria_and_weekly", "difference of means", unit, -20, low, high);
    input.estimates.rows.back().versus = "as_it_was";
    return answer_of(input);
  };
  EXPECT_EQ(said("offence", -63.2, 0), "Seen in time: 460 to 930 as it was, 0 to 63 fewer with both.");
  EXPECT_EQ(said("offence", -63, -12), "Seen in time: 460 to 930 as it was, 12 to 63 fewer with both.");
  EXPECT_EQ(said("offence", -3, 5), "Seen in time: 460 to 930 as it was, 3 fewer to 5 more with both.");
  EXPECT_EQ(said("offence", 4, 9), "Seen in time: 460 to 930 as it was, 4 to 9 more with both.");
  EXPECT_EQ(said("offence", 0, 0), "Seen in time: 460 to 930 as it was, no fewer with both.");
  EXPECT_EQ(said("£", -63, -12), "Seen in time: £460 to £930 as it was, £12 to £63 less with both.");
}

// A comparator that does better than every other arm does not leave them out.
TEST(FirstScreen, AnotherArmIsToldAlsoWhereTheFirstDoesBest) {
  ReportInput input = with_headline(desist::OutcomeField::Kind::amount, desist::Better::lower, "offence");
  add_row(input, "as_it_was", "mean", "offence", 10, 8, 12);
  add_row(input, "weekly_meetings", "mean", "offence", 20, 18, 22);
  add_row(input, "criteria_and_weekly", "mean", "offence", 30, 28, 32);
  EXPECT_THAT(screen(input), testing::HasSubstr("People   Cases waiting at the end 1,610 to 2,610 as it was, 530 to "
                                                "1,530 with weekly meetings."));
}

TEST(FirstScreen, SaysWhenATimeComes) {
  using desist::OutcomeField;
  const double never = std::numeric_limits<double>::infinity();
  ReportInput input = with_headline(OutcomeField::Kind::time_until, desist::Better::lower, "week");
  input.outcome_texts.front().label = "Back in time";
  add_row(input, "as_it_was", "chance", "share", 0.9, 0.89, 0.91);
  add_row(input, "as_it_was", "quantile 0.5", "week", 22.4, 22, 23);
  add_row(input, "criteria_and_weekly", "chance", "share", 1, 0.999, 1);
  add_row(input, "criteria_and_weekly", "quantile 0.5", "week", 9, 9, 9);
  EXPECT_EQ(answer_of(input),
            "Back in time by week 23 in half the runs as it was, not by the end in 10 in 100; by week 9 with both.");
  input.outcome_texts.front().line = desist::OutcomeText::Line::people;
  EXPECT_THAT(screen(input), testing::HasSubstr("Back in time by week 23 in half the runs as it was, not by the end "
                                                "in 10 in 100; by week 9 with both"));
  input.arms.resize(1);
  EXPECT_THAT(screen(input), testing::HasSubstr("by week 23 in half the runs, not by the end in 10 in 100."));
  input.estimates.rows.end()[-3].estimate = never;  // the median of the first arm
  input.estimates.rows.end()[-4].estimate = 0.38;
  EXPECT_THAT(screen(input), testing::HasSubstr("Back in time by the end in 38 in 100;"));
  input.estimates.rows.end()[-4].estimate = 0;
  EXPECT_THAT(screen(input), testing::HasSubstr("Back in time not by the end in any run;"));
}

TEST(FirstScreen, OfAStudyHasItsSums) {
  ReportInput input = desist::tests::study_input();
  input.sums = unprinted_input().sums;
  EXPECT_THAT(screen(input), testing::HasSubstr("\nOffer    Offered again"));
  EXPECT_THAT(broken_rules(screen(input)), testing::IsEmpty());
}

TEST(FirstScreen, OfPeoplesStudiesSaysWhatIsPrintedNowhereToo) {
  ReportInput input = desist::tests::people_input();
  const std::string usual = screen(input);
  input.unprinted = "how many had left";
  input.sums = unprinted_input().sums;
  const std::string text = screen(input);
  EXPECT_THAT(text, testing::HasSubstr("\nAnswer   Can't be answered with these figures: how many had left is printed "
                                       "nowhere. What could be shown:\nOffer    Offered again in all 2,714"));
  EXPECT_THAT(broken_rules(text), testing::IsEmpty());
  // The outcome that was the answer keeps a line of its own.
  const auto as_json = nlohmann::json::parse(desist::first_screen_json(input, "report.html"));
  EXPECT_EQ(as_json["verdict"], "Can't be answered with these figures");
  const auto before = nlohmann::json::parse(desist::first_screen_json(desist::tests::people_input(), "report.html"));
  EXPECT_EQ(as_json["lines"].size(), before["lines"].size() + 2);  // the sum, and that line
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
    const auto as_json = nlohmann::json::parse(desist::first_screen_json(input, "report.html"));
    EXPECT_EQ(as_json["schema"], 1);
    EXPECT_EQ(as_json["estimates"].size(), input.estimates.rows.size());
    for (const char* list : {"comparisons", "estimates", "needs", "decides"}) {
      for (const auto& row : as_json[list]) {
        EXPECT_TRUE(row.contains("low") && row.contains("high") && row.contains("mc_error")) << row;
      }
    }
    EXPECT_FALSE(as_json["verdict"].get<std::string>().empty());
  }
}

}  // namespace
