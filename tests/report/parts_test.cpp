// What is said and drawn of a fall's parts, and of those who finished beside what they would have shown.
#include <cmath>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/core/table.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/selection_words.hpp"
#include "engine/report/tables.hpp"
#include "tests/report/example_inputs.hpp"

namespace {

using desist::Answer;
using desist::DecompositionTerm;
using desist::ReportInput;
using desist::SelectionFinding;
using testing::ElementsAre;
using testing::HasSubstr;

/// A fall from 2 to 1: log 2 = chance .4, drugs .5, the programme -.2069, custody 0, and nothing left.
ReportInput fallen() {
  ReportInput input = desist::tests::projection_input();
  desist::Decomposition asked;
  asked.name = "fall";
  asked.label = "Fall";
  asked.switches = {{"Drugs and spells", {}, {}}, {"Custody", {}, {}}, {"The programme", {}, {}}};
  asked.draws = 100;
  input.decompositions = {asked};
  input.decomposition_texts = {{"Recorded offences", "offence/month", "offences a month"}};
  desist::DecompositionResult result;
  result.arm = input.arms.front().name;
  result.from = 2;
  result.to = 1;
  using Kind = DecompositionTerm::Kind;
  const double total = std::log(2.0);
  result.total = {Kind::rest, "Fall", total, 0.02};
  result.terms = {{Kind::chance, "", 0.4, 0.012},
                  {Kind::mechanism, "Drugs and spells", 0.5, 0.01},
                  {Kind::mechanism, "Custody", 0, 0},
                  {Kind::mechanism, "The programme", total - 0.9, 0.004},
                  {Kind::rest, "", 1e-15, 0}};
  result.subsets = {0, 0.5, 0, 0.5, total - 0.9, total - 0.4, total - 0.9, total - 0.4};
  result.draws = 100;
  input.decomposed = {result};
  desist::FigureRequest picture;
  picture.name = "parts";
  picture.draw = "decomposition";
  picture.of = "fall";
  input.figures = {picture};
  return input;
}

TEST(PartsOfAFall, AreSaidLargestFirst) {
  const std::vector<Answer> answers = desist::decomposition_answers(fallen());
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(answers[0].verdict, "Fall");
  EXPECT_EQ(answers[0].text, "50% lower. Of that ");
  EXPECT_THAT(answers[0].parts, ElementsAre("72% drugs and spells", "58% chance", "−30% the programme", "0% custody"));
}

TEST(PartsOfAFall, TellFirstWhatTheQuestionAsksFor) {
  ReportInput input = fallen();
  input.decompositions[0].first = "The programme";
  EXPECT_THAT(desist::decomposition_answers(input)[0].parts,
              ElementsAre("−30% the programme", "72% drugs and spells", "58% chance", "0% custody"));
}

TEST(PartsOfAFall, HaveTheRangesThatParametersGive) {
  ReportInput input = fallen();
  desist::DecompositionResult& result = input.decomposed.front();
  result.replicates = 8;
  result.total.spread = desist::DecompositionSpread{0.5, 0.9, 0.01, 0.01, 0.1};
  for (DecompositionTerm& term : result.terms)
    term.spread = desist::DecompositionSpread{term.value - 0.1, term.value + 0.2, 0.002, 0.002, 0.05};
  result.by_draw = {{0.4, 0.5, 0, -0.2, 0, 0.7}};
  const std::vector<Answer> answers = desist::decomposition_answers(input);
  EXPECT_EQ(answers[0].text, "50% lower (39 to 59). Of that ");
  EXPECT_THAT(answers[0].parts, ElementsAre("72% drugs and spells (58 to 101)", "58% chance (43 to 87)",
                                            "−30% the programme (−44 to −1)", "0% custody (−14 to 29)"));
  const desist::Table table = desist::read_csv(desist::decomposition_table(input).csv());
  EXPECT_EQ(std::get<std::string>(table.at(0, "spread")), "parameters");
  EXPECT_NEAR(std::stod(std::get<std::string>(table.at(0, "low"))), 0.3, 1e-12);
  EXPECT_EQ(desist::decomposition_draws_table(input).size(), 6U);
  EXPECT_EQ(desist::decomposition_draws_table(fallen()).size(), 0U);
  EXPECT_THAT(desist::page::decomposition_section(input), HasSubstr("Range of that"));
  EXPECT_THAT(desist::page::decomposition_section(fallen()), testing::Not(HasSubstr("Range of that")));
  EXPECT_THAT(desist::figures(input).front().csv, HasSubstr("(58 to 101)"));
}

// The ends of a range have errors of their own; where luck is all of the spread there is no range.
TEST(PartsOfAFall, HaveNoRangeThatIsLuck) {
  ReportInput input = fallen();
  desist::DecompositionResult& result = input.decomposed.front();
  result.total.spread = desist::DecompositionSpread{0.5, 0.9, 0.01, 0.01, 0.1};
  for (DecompositionTerm& term : result.terms)
    term.spread = desist::DecompositionSpread{term.value - 0.1, term.value + 0.2, 0.002, 0.1, 0.05};
  result.terms[1].spread = desist::DecompositionSpread{0.6, 0.6, 0.2, 0.2, 1};
  std::vector<std::string> parts = desist::decomposition_answers(input)[0].parts;
  EXPECT_EQ(parts[0], "72% drugs and spells (not told from luck)");
  EXPECT_EQ(parts[1], "58% chance (43 to 90)");  // 0.1 of ln 2 is 14 in 100
  EXPECT_THAT(desist::figures(input).front().csv, HasSubstr("(not told from luck)"));
  result.total.spread->luck = 1;
  EXPECT_EQ(desist::decomposition_answers(input)[0].text, "50% lower (range not told from luck). Of that ");
}

TEST(PartsOfAFall, AreNotSharedOutWhereNothingIsTold) {
  ReportInput input = fallen();
  input.decomposed.front().total.mc_error = 0.4;
  EXPECT_EQ(desist::decomposition_answers(input).front().text,
            "The fall is no larger than the simulation's own error: more draws would share it out.");
  EXPECT_TRUE(desist::figures(input).empty());
  EXPECT_EQ(desist::decomposition_table(input).at(0, "share_of_fall").index(), 0U);  // empty
}

TEST(PartsOfAFall, StandInATableThatAddsUp) {
  const ReportInput input = fallen();
  const desist::Table table = desist::read_csv(desist::decomposition_table(input).csv());
  ASSERT_EQ(table.size(), 6U);
  const auto number = [&](std::size_t row, const char* column) {
    return std::stod(std::get<std::string>(table.at(row, column)));
  };
  double sum = 0;
  for (std::size_t row = 0; row < 5; ++row) sum += number(row, "logarithm");
  EXPECT_NEAR(sum, number(5, "logarithm"), 1e-12);
  EXPECT_EQ(std::get<std::string>(table.at(5, "part")), "All");
  EXPECT_NEAR(number(5, "multiplies_by"), 0.5, 1e-12);
  const desist::Table subsets = desist::read_csv(desist::decomposition_subsets_table(input).csv());
  ASSERT_EQ(subsets.size(), 8U);
  EXPECT_EQ(std::get<std::string>(subsets.at(0, "at_work")), "none");
  EXPECT_EQ(std::get<std::string>(subsets.at(5, "at_work")), "Drugs and spells + The programme");
}

TEST(PartsOfAFall, AreBarsFromBeforeToAfter) {
  const auto figures = desist::figures(fallen());
  ASSERT_EQ(figures.size(), 1U);
  const desist::Table table = desist::read_csv(figures.front().csv);
  ASSERT_EQ(table.size(), 6U);  // before, four parts, after: the rest is only rounding
  const auto text = [&](std::size_t row, const char* column) { return std::get<std::string>(table.at(row, column)); };
  for (std::size_t row = 1; row + 1 < 6; ++row) EXPECT_EQ(text(row, "start"), text(row - 1, "end"));
  EXPECT_NEAR(std::stod(text(4, "end")), 1, 1e-12);
  EXPECT_EQ(text(4, "kind"), "rises");
  EXPECT_EQ(nlohmann::json::parse(figures.front().spec)["data"]["url"], "parts.csv");
  EXPECT_THAT(figures.front().alt, HasSubstr("Drugs and spells 72%."));
}

/// CARA's table, as its estimator leaves it.
SelectionFinding finding(double p) {
  SelectionFinding found;
  found.control = {10, 49};
  found.completed = {1, 54};
  found.breached = desist::statistics::Proportion{7, 16};
  found.completed_share = 54.0 / 70;
  found.expected = 0.135;
  found.seen_limits = {0.003, 0.1};
  found.limits = {0, 0.3};
  found.p = p;
  found.chance = desist::statistics::ChanceOfSoFew{0.08, 0.95};
  found.least = 0.02;
  return found;
}

TEST(Completers, AreSaidBesideWhatTheyWouldHaveShown) {
  const Answer could = desist::selection_answer("Any", finding(0.2));
  EXPECT_EQ(could.verdict, "Selection could be all of it");
  EXPECT_THAT(could.parts,
              ElementsAre("Any: 2 in 100 who finished, 14 if nothing worked (0 to 30).", "so few by luck: 8 in 100"));
  SelectionFinding shown = finding(0.001);
  shown.odds_ratio_star = 0.44;
  const Answer not_alone = desist::selection_answer("Any", shown);
  EXPECT_EQ(not_alone.verdict, "Not by selection alone");
  EXPECT_EQ(not_alone.parts.back(), "gone if those sent had 44% of others' odds anyway");
  shown.no_selection = true;
  EXPECT_EQ(desist::selection_answer("Any", shown).verdict, "Not by selection");
  shown.breached.reset();
  EXPECT_EQ(desist::selection_answer("Any", shown).text, "Any: 2 in 100 who finished, 2 or more if nothing worked.");
}

TEST(Completers, HaveChancesInWords) {
  EXPECT_EQ(desist::small_chance(0.08), "8 in 100");
  EXPECT_EQ(desist::small_chance(0.004), "4 in 1,000");
  EXPECT_EQ(desist::small_chance(0.0002), "under 1 in 1,000");
}

TEST(Completers, AreDrawnWhereBreachersAreKnown) {
  ReportInput input = desist::tests::synthesis_input();
  desist::AnalysisResult any, bound;
  any.name = "any";
  any.label = "Any offence";
  any.selection = finding(0.2);
  bound.name = "bound";
  bound.selection = finding(0.2);
  bound.selection->breached.reset();
  input.people_results.analyses = {any, bound};
  input.figures.resize(1);
  input.figures[0].draw = "completers";
  input.figures[0].analysis = {};
  const auto figures = desist::figures(input);
  ASSERT_EQ(figures.size(), 1U);
  const desist::Table table = desist::read_csv(figures.front().csv);
  ASSERT_EQ(table.size(), 1U);
  EXPECT_EQ(std::get<std::string>(table.at(0, "words")), "so few: 8 in 100");
  input.people_results.analyses = {bound};
  EXPECT_TRUE(desist::figures(input).empty());
}

}  // namespace
