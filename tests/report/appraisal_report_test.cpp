// What is said of an appraisal: the first screen, the tables, the page, the figures. Every number is invented.
#include <map>
#include <set>
#include <utility>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/core/table.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"
#include "engine/report/write_results.hpp"
#include "tests/report/appraisal_inputs.hpp"

namespace desist {
namespace {

using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::appraisal_input;
using tests::draws_table_input;
using tests::portfolio_input;

std::vector<std::string> lines_of(const ReportInput& input) {
  std::vector<std::string> lines;
  for (const ScreenLine& line : all_lines(input, "report.html"))
    if (line.label != "Report") lines.push_back(line.label + ": " + line.whole());
  return lines;
}

TEST(AppraisalScreen, SaysInHowManyDrawsAClaimIsTrue) {
  ReportInput input = appraisal_input();
  AppraisalClaim claim;
  claim.text = "It pays sixteen times over";
  claim.of = AppraisalClaim::Of::ratio;
  claim.value = 16;
  claim.arms = {1};
  input.appraisal->claims = {claim};
  input.appraised.claims = {{0, 1, 0.031, 0.002}};
  EXPECT_THAT(lines_of(input),
              testing::Contains("Claim: Doesn't fit: \"It pays sixteen times over\" 3 in 100 that it is true."));
  EXPECT_THAT(claims_table(input).csv(),
              HasSubstr("It pays sixteen times over,,,Doesn't fit,3 in 100 that it is true.,"));
  input.appraised.claims[0].chance = 0;
  EXPECT_THAT(lines_of(input), testing::Contains(HasSubstr("it never is true in the simulation.")));
}

TEST(AppraisalScreen, HasTheLinesInTheirOrder) {
  EXPECT_THAT(
      lines_of(appraisal_input()),
      ElementsAre(
          "Answer: Depends on share who reoffend after the course. 62 in 100 that it pays.",
          "Net: £308,000 (−£1 million to £1.7 million) over 3 years, prices of 2025/26.",
          "Costs: £241,000 (£200,000 to £290,000) from police; undiscounted, expected gains make up for it by the end "
          "of "
          "year 1.",
          "Ratio: All gains: £2.28 (−£2.6 to £8.4) back for each £1; as cash: nothing.",
          "Each: £3,560 of public money for a reoffence averted.",
          "Break-even: Share who reoffend after the course: 14.2%, 62 in 100 of its own law past it, the trial "
          "had "
          "13 in 100 to show it.",
          "Gain: Victims £452,000 (−£0.7 million to £1.7 million), health £124,000 (−£120,000 to £360,000).",
          "Weighted: Net £442,000 (−£1.1 million to £1.9 million), 66 in 100 that it pays.",
          "Against: The person −£26,100 (−£30,000 to −£22,000); 21 more domestic-abuse offences; 3 warnings: "
          "unverified "
          "unit "
          "costs, hours are not money and savings counted that can't be cashed.",
          "Decides: Share who reoffend after the course: pays below 14.2%; harm of an offence: above £1,900 per "
          "offence.",
          "Find out: A larger trial, 400 people: worth £118,000 net to all who come after; knowing every figure is "
          "worth "
          "£214,000 here; share who reoffend after the course alone £170,000 to £180,000.",
          "Can't: Say whether fewer were hurt: only offences that come to notice are counted.",
          "Ask for: Each person's group, and the date and kind of each later offence."));
}

// A range that is a question has no chance: its ends are said, and where it breaks even.
TEST(AppraisalScreen, SaysNoChanceOfAQuestion) {
  ReportInput input = appraisal_input();
  input.appraised.is_question = true;
  const std::size_t slot = deciding_figures(input, 1).front()->slot;
  for (AppraisalInput& each : input.appraisal->inputs)
    if (each.slots.at(1) == slot) each.is_asked = true;
  ASSERT_NE(asked_figure(input, 1), nullptr);
  input.appraised.arms.front().chance_pays = std::nan("");
  input.appraised.information.reset();
  input.appraised.effects.clear();
  const std::vector<std::string> lines = lines_of(input);
  EXPECT_EQ(lines.at(0),
            "Answer: Depends on share who reoffend after the course. Pays below 14.2%; in 9 of 10 draws below 9%.");
  EXPECT_THAT(lines.at(1),
              testing::MatchesRegex("Net: At .*%.*, at .*% .* over 3 years, prices of 2025/26, what is asked "
                                    "has no chance\\."));
  for (const std::string& line : lines) {
    EXPECT_THAT(line, Not(HasSubstr("in 100 that it pays"))) << line;
    EXPECT_THAT(line, Not(testing::StartsWith("Ratio"))) << line;
    EXPECT_THAT(line, Not(testing::StartsWith("Find out"))) << line;
  }
  const std::string page = page::appraisal_section(input);
  EXPECT_THAT(page, HasSubstr("What is asked"));
  EXPECT_THAT(page, Not(HasSubstr("The chance that it pays")));
  EXPECT_THAT(page, Not(HasSubstr("no number")));
}

TEST(AppraisalScreen, SaysWhatIsNotAvertedByItsName) {
  ReportInput input = appraisal_input();
  Effect& effect = input.appraisal->effects.front();
  effect.unit = "person";
  effect.label = "People who reoffend within 12 months.";
  EXPECT_THAT(
      lines_of(input),
      testing::Contains("Each: £3,560 of public money for one person fewer: people who reoffend within 12 months."));
  effect.unit = "hour";
  effect.label = "Police hours freed";
  effect.lower_is_better = false;
  EXPECT_THAT(lines_of(input),
              testing::Contains("Each: £3,560 of public money for one hour more: police hours freed."));
}

TEST(AppraisalScreen, HasTenLinesAndCutsNone) {
  for (const ReportInput& input : {appraisal_input(), draws_table_input(), portfolio_input()}) {
    const std::string screen = first_screen(input, "results/course-value/report.html");
    std::size_t lines = 0, from = 0;
    for (std::size_t end = screen.find('\n'); end != std::string::npos; end = screen.find('\n', from)) {
      EXPECT_LE(letters_in(screen.substr(from, end - from)), 110U) << screen;
      from = end + 1;
      ++lines;
    }
    EXPECT_LE(lines, 10U) << screen;
    EXPECT_THAT(screen, Not(HasSubstr("..."))) << screen;
  }
}

TEST(AppraisalScreen, PutsVerdictAndMoneyOnOneLineWhereTheyFit) {
  ReportInput input = appraisal_input();
  input.appraised.arms.front().chance_pays = 0.97;
  EXPECT_EQ(lines_of(input).front(),
            "Answer: Yes. 97 in 100 that it pays: £308,000 net over 3 years (−£1 million to £1.7 million).");
  EXPECT_THAT(lines_of(input), Not(testing::Contains(testing::StartsWith("Net:"))));
}

TEST(AppraisalScreen, SaysWhatATableOfDrawsShows) {
  const std::vector<std::string> lines = lines_of(draws_table_input());
  EXPECT_EQ(lines.front(),
            "Answer: Depends on what one reoffence averted is worth. At £0 as usual: 90 in 100 that it is best; "
            "at £10,000 full course: 66 in 100 that it is best; at £20,000 full course: 88 in 100 that it is best.");
}

TEST(AppraisalScreen, RanksNoProgrammes) {
  EXPECT_THAT(
      lines_of(portfolio_input()),
      ElementsAre("Answer: No ranking. Of 4 programmes 2 could earn it back; 1 could not, whatever they avert; of 1 it "
                  "can't be said.",
                  "Needed: Of 100 reoffences expected: cara 4 to 11, divert 20 to 52, mentors 61 to more than all,",
                  ": dogs more than all.",
                  "Shown: Randomised, too small: cara; before and after: divert; none printed: mentors and dogs.",
                  "Reached: Cara 71 in 100."));
}

TEST(AppraisalScreen, TakesTheAnswersPlaceInAProjection) {
  ReportInput input = appraisal_input();
  input.model = "cohort";
  EXPECT_THAT(lines_of(input).front(), testing::StartsWith("Answer: Depends on"));
  EXPECT_EQ(main_answer(input).verdict, "Depends on share who reoffend after the course");
}

TEST(AppraisalTables, AreTidyWithUnitsSpreadAndError) {
  std::set<std::string> names;
  for (const ReportInput& input : {appraisal_input(), draws_table_input(), portfolio_input()})
    for (const NamedText& file : appraisal_files(input)) {
      names.insert(file.name);
      const Table table = read_csv(file.text);
      std::vector<std::string> columns;
      for (const Column& column : table.columns()) columns.push_back(column.name);
      EXPECT_THAT(columns, testing::Contains("spread")) << file.name;
      // Points of the plane are draws, not estimates.
      if (file.name != "plane.csv") {
        EXPECT_THAT(columns, testing::Contains("mc_error")) << file.name;
      }
      EXPECT_GT(table.size(), 0U);
      // A range of years of payback is of the simulation's error, not of draws.
      const bool has_years = file.name == "appraisal.csv" && !input.appraised.arms.empty();
      for (std::size_t row = 0; row < table.size(); ++row) {
        const bool is_year = has_years && std::get<std::string>(table.at(row, "quantity")) == "year of payback";
        EXPECT_EQ(std::get<std::string>(table.at(row, "spread")), is_year ? "simulation" : "parameters");
      }
    }
  EXPECT_THAT(names, ElementsAre("acceptability.csv", "appraisal.csv", "averted.csv", "bearers.csv", "break_even.csv",
                                 "cash.csv", "cash_totals.csv", "flows.csv", "information.csv", "npv_shares.csv",
                                 "plane.csv", "portfolio.csv", "social_groups.csv", "switching.csv"));
}

/// Every number that is an estimate, with the column that has its error.
TEST(AppraisalTables, HaveTheErrorOfEveryEstimate) {
  const std::map<std::string, std::vector<std::pair<std::string, std::string>>> errors{
      {"acceptability.csv", {{"chance_best", "mc_error"}, {"evpi", "evpi_error"}}},
      {"averted.csv",
       {{"averted", "mc_error"},
        {"averted_discounted", "averted_discounted_error"},
        {"net_cost", "net_cost_error"},
        {"icer", "icer_error"}}},
      {"break_even.csv",
       {{"breaks_even_at", "mc_error"}, {"power_of_trial", "power_error"}, {"chance_as_good", "chance_error"}}},
      {"cash.csv",
       {{"estimate", "mc_error"}, {"quantity", "quantity_error"}, {"present_value", "present_value_error"}}},
      {"cash_totals.csv", {{"estimate", "mc_error"}}},
      {"flows.csv",
       {{"estimate", "mc_error"},
        {"quantity", "quantity_error"},
        {"quantity_comparator", "quantity_comparator_error"},
        {"steps", "steps_error"}}},
      {"bearers.csv", {{"estimate", "mc_error"}}},
      {"information.csv", {{"estimate", "mc_error"}}},
      {"npv_shares.csv", {{"share_of_variance", "mc_error"}}},
      {"portfolio.csv", {{"estimate", "mc_error"}}},
      {"social_groups.csv", {{"estimate", "mc_error"}}},
      {"switching.csv",
       {{"npv_at_low", "mc_error"}, {"npv_at_high", "mc_error"}, {"switches_at", "switches_at_error"}}}};
  std::set<std::string> seen;
  for (const ReportInput& input : {appraisal_input(), draws_table_input(), portfolio_input()})
    for (const NamedText& file : appraisal_files(input)) {
      const auto pairs = errors.find(file.name);
      if (pairs == errors.end()) continue;
      seen.insert(file.name);
      const Table table = read_csv(file.text);
      const auto cell = [&](std::size_t row, const std::string& column) {
        return std::get<std::string>(table.at(row, column));
      };
      for (const auto& [estimate, error] : pairs->second)
        for (std::size_t row = 0; row < table.size(); ++row)
          EXPECT_TRUE(cell(row, estimate).empty() || !cell(row, error).empty())
              << file.name << ", row " << row << ", " << estimate << " = " << cell(row, estimate);
    }
  EXPECT_EQ(seen.size(), errors.size());
  // A year of payback is counted: its error is the range of years that the draws don't tell apart from it.
  for (const NamedText& file : appraisal_files(appraisal_input())) {
    if (file.name != "appraisal.csv") continue;
    const Table table = read_csv(file.text);
    for (std::size_t row = 0; row < table.size(); ++row)
      EXPECT_EQ(std::get<std::string>(table.at(row, "mc_error")).empty(),
                std::get<std::string>(table.at(row, "quantity")) == "year of payback");
  }
}

/// No object of the JSON has a number without one of its error beside it, but for what is given and for ranges.
void expect_errors(const json& node, const std::string& where) {
  const std::set<std::string> given{"low", "high", "low_value", "high_value", "worth", "people", "years", "draws"};
  if (node.is_array())
    for (const json& each : node) expect_errors(each, where);
  if (!node.is_object()) return;
  for (const auto& [key, value] : node.items()) {
    if (!value.is_number()) {
      if (key != "chance_best") expect_errors(value, where + "." + key);
      continue;
    }
    const bool is_error = key.ends_with("_error") || key == "mc_error";
    const bool has_own = node.contains(key + "_error") || node.contains("mc_error");
    const bool is_a_year = where.ends_with("payback_by_end_of_year") && node.contains("low") && node.contains("high");
    EXPECT_TRUE(is_error || has_own || given.contains(key) || is_a_year) << where << "." << key;
  }
}

TEST(AppraisalPage, SaysWhetherLuckWasTakenOut) {
  ReportInput input = appraisal_input();
  const std::string taken_out = "it is corrected for that noise", left_in = "60 draws are too few to take the luck";
  input.appraised.has_inner_noise = true;
  input.appraised.is_noise_taken_out = true;
  EXPECT_THAT(page::appraisal_section(input), HasSubstr(taken_out));
  input.appraised.is_noise_taken_out = false;
  input.appraised.draws = 60;
  EXPECT_THAT(page::appraisal_section(input), AllOf(HasSubstr(left_in), Not(HasSubstr(taken_out))));
  input.appraised.has_inner_noise = false;
  EXPECT_THAT(page::appraisal_section(input), AllOf(Not(HasSubstr(left_in)), Not(HasSubstr(taken_out))));
}

TEST(AppraisalPage, SaysWhichSizesAreNotToldApart) {
  const std::string page = page::appraisal_section(appraisal_input());
  EXPECT_THAT(page, HasSubstr("not told apart from the best"));
  ReportInput input = appraisal_input();
  for (StudyValue& each : input.appraised.information->studies) {
    each.net = 15000 - each.behind;  // less than two errors of 9,000
    each.is_told_apart = !each.is_best;
  }
  EXPECT_THAT(page::appraisal_section(input),
              AllOf(HasSubstr("No study asked about is shown to be worth its cost at any size tried."),
                    Not(HasSubstr("not told apart from the best"))));
  EXPECT_THAT(lines_of(input), testing::Contains(HasSubstr("No study asked about is shown to be worth its cost;")));
}

TEST(AppraisalScreen, CountsNoProgrammeMoreFinelyThanTheDrawsAllow) {
  ReportInput input = portfolio_input();
  input.appraised.portfolio[0].chance_possible = 0.955;  // 1.96 errors of .004 reach below 95 in 100
  input.appraised.portfolio[0].chance_possible_error = 0.004;
  input.appraised.portfolio[3].chance_possible = 0.045;
  input.appraised.portfolio[3].chance_possible_error = 0.004;
  EXPECT_THAT(lines_of(input).front(),
              "Answer: No ranking. Of 4 programmes 1 could earn it back; of 3 it can't be said.");
}

// A chance for the outcome that went well never stands without that of the one that didn't.
TEST(AppraisalScreen, TellsAnOutcomeApartAndCountsItAsNoProgramme) {
  ReportInput input = portfolio_input();
  PortfolioProgramme apart;
  apart.name = "cara_abuse";
  apart.label = "Domestic abuse alone";
  apart.evidence_level = "Randomised, too small";
  apart.outcome_of = "cara";
  input.appraisal->portfolio->programmes.push_back(apart);
  PortfolioValue value = input.appraised.portfolio.front();
  value.programme = 4;
  value.chance_reached = 0.09;
  value.chance_error = 0.003;
  input.appraised.portfolio.push_back(value);
  std::vector<std::string> lines = lines_of(input);
  EXPECT_EQ(lines.back(), "Reached: Cara 71 in 100 (domestic abuse alone 9 in 100).");
  lines.back() = lines_of(portfolio_input()).back();
  EXPECT_EQ(lines, lines_of(portfolio_input()));
}

// The error beside the answer is that of the answer's chances: not of a curve at some worth that nobody asked about.
TEST(AppraisalScreen, HasTheErrorOfItsChances) {
  ReportInput input = appraisal_input();
  for (ArmValue& value : input.appraised.arms) value.chance_error = 0.017;
  for (Acceptability& curve : input.appraised.acceptability)
    for (double& error : curve.chance_error) error = 0.1;
  EXPECT_EQ(appraisal_error(input), 0.017);
  ReportInput table = draws_table_input();
  for (Acceptability& curve : table.appraised.acceptability)
    for (double& error : curve.chance_error) error = 0.1;
  EXPECT_EQ(appraisal_error(table), 0.1);  // there the chances along the curve are the answer
}

TEST(AppraisalTables, HaveEachBearersMoneyAsItAddsUp) {
  for (const NamedText& file : appraisal_files(appraisal_input())) {
    if (file.name != "cash_totals.csv") continue;
    const Table table = read_csv(file.text);
    std::vector<std::string> rows;
    for (std::size_t row = 0; row < table.size(); ++row)
      if (!std::get<std::string>(table.at(row, "bearer")).empty())
        rows.push_back(std::get<std::string>(table.at(row, "bearer")) + " " +
                       std::get<std::string>(table.at(row, "to_end_of_year")) + " " +
                       std::get<std::string>(table.at(row, "estimate")));
    EXPECT_THAT(rows, ElementsAre("police 1 -95000", "police 2 -190000", "police 3 -285000", "victims 1 190000",
                                  "victims 2 349600", "victims 3 463600", "health 1 52000", "health 2 95680",
                                  "health 3 126880"));
  }
}

TEST(AppraisalPage, ListsWarningsFirstAndUnverifiedUnitCostsBeforeOthers) {
  const std::string page = page::appraisal_section(appraisal_input());
  const std::size_t first = page.find("Unverified unit costs."), second = page.find("Hours are not money.");
  ASSERT_NE(first, std::string::npos);
  EXPECT_LT(first, second);
  EXPECT_LT(second, page.find("What it costs, and who bears it"));
  for (const char* part :
       {"Who gains what", "Who gains, group by group", "1.7 (1.1 to 2.4)", "Weighted, “The course” is worth", "When",
        "The chance that it pays", "What would change the answer", "Had the effect faded otherwise", "What is averted",
        "The least that would pay", "What is worth finding out"})
    EXPECT_THAT(page, HasSubstr(part));
  EXPECT_THAT(page, HasSubstr("no whole step of 1 post"));
  EXPECT_THAT(page, HasSubstr("none is averted"));
  EXPECT_THAT(page, HasSubstr("<b>the best size</b>"));
}

TEST(AppraisalJson, HasEveryNumberWithItsError) {
  const json whole = json::parse(first_screen_json(appraisal_input(), "report.html"));
  const json& worth = whole["appraisal"];
  EXPECT_EQ(whole["kind"], "appraisal");
  EXPECT_EQ(worth["arms"][0]["net_present_value"]["estimate"], 308400);
  EXPECT_EQ(worth["arms"][0]["net_present_value"]["mc_error"], 7100);
  EXPECT_EQ(worth["information"]["studies"].size(), 8U);
  EXPECT_EQ(worth["warnings"][0]["rule"], "unverified unit costs");
  EXPECT_TRUE(worth["switching"][3]["switches_at"].is_null());
  EXPECT_TRUE(worth["switching"][3]["switches_at_error"].is_null());
  EXPECT_EQ(worth["shares_of_variance"][0]["share"], 0.71);
  EXPECT_EQ(worth["shares_of_variance"][1]["mc_error"], 0.01);
  EXPECT_EQ(worth["information"]["studies"][1]["is_best"], true);
  EXPECT_EQ(worth["information"]["studies"][2]["behind_best"]["estimate"], 22000);
  EXPECT_EQ(worth["information"]["studies"][2]["is_told_apart_from_best"], true);
  expect_errors(worth, "appraisal");
  expect_errors(json::parse(first_screen_json(portfolio_input(), "report.html"))["appraisal"], "portfolio");
}

void fields_of(const json& node, bool own_data, std::vector<std::string>& fields) {
  if (node.is_array()) {
    for (const json& each : node) fields_of(each, own_data, fields);
  } else if (node.is_object()) {
    const bool own = own_data && !node.contains("data");
    if (own && node.contains("field")) fields.push_back(node["field"]);
    for (const auto& [key, value] : node.items()) fields_of(value, own, fields);
  }
}

TEST(AppraisalFigures, NameTheirDataAndSayUnitsNumbersAndSources) {
  std::vector<std::string> drawn;
  for (const ReportInput& input : {appraisal_input(), draws_table_input(), portfolio_input()})
    for (const Figure& figure : figures(input)) {
      SCOPED_TRACE(figure.name);
      drawn.push_back(figure.name);
      const json spec = json::parse(figure.spec);
      EXPECT_EQ(spec["data"]["url"], figure.name + ".csv");
      const Table table = read_csv(figure.csv);
      std::vector<std::string> columns;
      for (const Column& column : table.columns()) columns.push_back(column.name);
      for (const auto& [column, type] : spec["data"]["format"]["parse"].items())
        EXPECT_THAT(columns, testing::Contains(column));
      for (const std::string& column : columns) {
        bool numeric = true;
        for (std::size_t row = 0; row < table.size(); ++row) {
          const std::string& cell = std::get<std::string>(table.at(row, column));
          char* end = nullptr;
          std::strtod(cell.c_str(), &end);
          numeric = numeric && !cell.empty() && *end == '\0';
        }
        EXPECT_TRUE(!numeric || spec["data"]["format"]["parse"].contains(column)) << column;
      }
      std::vector<std::string> fields;
      for (const char* part : {"vconcat", "hconcat", "layer"})
        if (spec.contains(part)) fields_of(spec[part], true, fields);
      EXPECT_FALSE(fields.empty());
      for (const std::string& field : fields) EXPECT_THAT(columns, testing::Contains(field));
      EXPECT_THAT(figure.caption, HasSubstr("draws"));
      EXPECT_THAT(figure.caption, HasSubstr("Source"));
      EXPECT_THAT(figure.alt, Not(testing::IsEmpty()));
    }
  EXPECT_THAT(drawn, ElementsAre("value_by_bearer", "value_by_group", "plane", "acceptability", "cash", "npv_tornado",
                                 "study_worth", "forms", "acceptability", "needed_share"));
}

TEST(AppraisalFigures, WithNothingToShowAreLeftOut) {
  ReportInput input = appraisal_input();
  input.appraised = {};
  input.appraised.arm_names = {"without", "course"};
  EXPECT_TRUE(figures(input).empty());
  EXPECT_NO_THROW(page::appraisal_section(input));
  EXPECT_NO_THROW(first_screen(input, "report.html"));
  EXPECT_NO_THROW(first_screen_json(input, "report.html"));
}

}  // namespace
}  // namespace desist
