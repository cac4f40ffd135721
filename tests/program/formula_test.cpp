// Formulas of an appraisal: their value against a second reading of the same arithmetic, their dimensions, their
// errors.
#include "engine/program/formula.hpp"

#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/program/input_unit.hpp"

namespace desist {
namespace {

const std::vector<std::pair<std::string, std::string>> given{{"people", "310 people per year"},
                                                             {"risk", "35%"},
                                                             {"cost", "£1,200 per person"},
                                                             {"victim_cost", "£34,015 per victim"},
                                                             {"each", "2 offences per person"}};

std::variant<FormulaTerm, ExpressionProblem> known_names(std::string_view name, std::optional<std::string_view> item) {
  for (std::size_t i = 0; i < given.size(); ++i)
    if (given[i].first == name)
      return FormulaTerm{
          {Formula::Operation::input, 0, i}, std::get<InputUnit>(read_input_unit(given[i].second)).dimension, false};
  if (name == "service.started" && item && *item == "shop theft, after")
    return FormulaTerm{{Formula::Operation::outcome, 0, 0}, Dimension::noun("person"), true};
  return ExpressionProblem{0, 1, fmt::format("nothing is called '{}'", name), "", "there are others"};
}

ReadFormula formula(const std::string& text) {
  const auto read = read_formula(text, known_names);
  if (const auto* wrong = std::get_if<ExpressionProblem>(&read)) {
    ADD_FAILURE() << text << ": " << wrong->problem;
    return {};
  }
  return std::get<ReadFormula>(read);
}

/// What postfix steps come to, inputs having these values: a stack, and nothing else.
double worked_out(const Formula& formula, const std::vector<double>& inputs) {
  std::vector<double> stack;
  const auto pop = [&] {
    const double top = stack.back();
    stack.pop_back();
    return top;
  };
  for (const Formula::Step& step : formula.steps) {
    using enum Formula::Operation;
    if (step.operation == number) stack.push_back(step.number);
    if (step.operation == input) stack.push_back(inputs.at(step.index));
    if (step.operation == negate) stack.push_back(-pop());
    if (step.operation == add || step.operation == subtract || step.operation == multiply || step.operation == divide) {
      const double second = pop(), first = pop();
      stack.push_back(step.operation == add        ? first + second
                      : step.operation == subtract ? first - second
                      : step.operation == multiply ? first * second
                                                   : first / second);
    }
  }
  EXPECT_EQ(stack.size(), 1u);
  return stack.back();
}

std::string said(const std::string& text) {
  const auto read = read_formula(text, known_names);
  const auto* wrong = std::get_if<ExpressionProblem>(&read);
  return wrong ? fmt::format("{}+{}: {} ({}) {}", wrong->at, wrong->length, wrong->problem, wrong->why, wrong->cure)
               : "";
}

TEST(FormulaText, IsWorkedOutInTheUsualOrder) {
  const std::vector<double> values{7, 0.25, 3, 5, 2};  // people, risk, cost, victim_cost, each
  const struct {
    const char* text;
    double value;
  } cases[] = {{"1 + 2 * 3", 7},
               {"(1 + 2) * 3", 9},
               {"8 / 4 / 2", 1},
               {"8 - 4 - 2", 2},
               {"-risk + 1", 0.75},
               {"--2", 2},
               {"2 * -3", -6},
               {"10% * 50", 5},
               {"1,200 / 3", 400},
               {"people * risk", 1.75},
               {"people*(1-risk)", 5.25},
               {"risk - 2 * risk", -0.25},
               {"people * cost / 2", 10.5}};
  for (const auto& each : cases)
    EXPECT_DOUBLE_EQ(worked_out(formula(each.text).formula, values), each.value) << each.text;
}

// Random trees, written with all their parentheses and read again: the same arithmetic by another way.
TEST(FormulaText, RandomTreesComeToTheirValue) {
  std::mt19937_64 random(20261122);
  const auto pick = [&](std::size_t below) { return static_cast<std::size_t>(random() % below); };
  std::function<std::pair<std::string, double>(int)> tree = [&](int depth) -> std::pair<std::string, double> {
    if (depth == 0 || pick(4) == 0) {
      const double value = static_cast<double>(1 + pick(9));
      return {fmt::format("{}", value), value};
    }
    const auto first = tree(depth - 1), second = tree(depth - 1);
    switch (pick(4)) {
      case 0:
        return {fmt::format("({} + {})", first.first, second.first), first.second + second.second};
      case 1:
        return {fmt::format("({} - {})", first.first, second.first), first.second - second.second};
      case 2:
        return {fmt::format("({} * {})", first.first, second.first), first.second * second.second};
      default:
        return {fmt::format("-({} / 7)", first.first), -(first.second / 7)};
    }
  };
  for (int i = 0; i < 500; ++i) {
    const auto [text, value] = tree(5);
    if (text.size() > 500) continue;
    EXPECT_EQ(worked_out(formula(text).formula, {}), value) << text;
  }
}

TEST(FormulaText, KeepsDimensions) {
  EXPECT_EQ(formula("people * cost").dimension.in_words(), "£ per year");
  EXPECT_EQ(formula("people * risk * each").dimension.in_words(), "offences per year");
  EXPECT_EQ(formula("people * each * victim_cost").dimension.beside_money(), "offence per victim");
  EXPECT_EQ(formula("people / people").dimension.in_words(), "a plain number");
  EXPECT_EQ(formula("1 / people").dimension.in_words(), "years per person");
  const ReadFormula of_outcome = formula("service.started[shop theft, after] * 2");
  EXPECT_TRUE(of_outcome.by_year);
  EXPECT_EQ(of_outcome.outcomes, std::vector<std::size_t>{0});
  EXPECT_EQ(formula("people * people * risk").inputs, (std::vector<std::size_t>{0, 1}));
}

TEST(FormulaText, SaysWhatIsWrong) {
  EXPECT_EQ(said("people + risk"),
            "0+13: 'people' is people per year and 'risk' is a plain number (they can't be added up) multiply one of "
            "them by what turns it into the other");
  EXPECT_EQ(said("1 - people"),
            "0+10: '1' is a plain number and 'people' is people per year (one can't be taken from the other) multiply "
            "one of them by what turns it into the other");
  EXPECT_EQ(said("people * reoffended"), "9+10: nothing is called 'reoffended' () there are others");
  EXPECT_EQ(said(""), "0+1: a formula is empty (a number or a name is missing) write it like \"people * reoffended\"");
  EXPECT_EQ(said("people *"),
            "7+1: a formula ends too early (a number or a name is missing) write it like \"people * reoffended\"");
  EXPECT_EQ(said("(people"), "0+1: this ( is never closed () add ) where it ends");
  EXPECT_EQ(said("people)"), "6+1: ')' can't stand here (no ( is open) take it out, or add ( where it begins");
  EXPECT_EQ(said("people risk"),
            "7+1: 'r' can't stand here (a formula goes on with + - * or /) put one of these before it, or "
            "take it out");
  EXPECT_EQ(said("people / 0"), "9+1: a division by nothing ('0' is 0) divide by what is above 0");
  EXPECT_EQ(said("£5 * people"),
            "0+2: '£' can't stand here (a number or a name is missing) give the amount as an input, with its source: "
            "[inputs]");
  EXPECT_EQ(said("1.2.3"), "0+5: '1.2.3' is not a number () write it like 12 or 0.5");
  EXPECT_EQ(said("each[a"), "4+1: this [ is never closed () add ] after the item");
  EXPECT_EQ(said(std::string(501, '1')),
            "0+501: a formula of 501 letters (500 are the most) divide it: an input may stand for a part of it");
  EXPECT_EQ(said(std::string(60, '(') + "1" + std::string(60, ')')),
            "51+1: more than 50 parentheses in one another () divide it: an input may stand for a part of it");
  EXPECT_EQ(said(std::string(60, '-') + "1"),
            "51+1: more than 50 parentheses in one another () divide it: an input may stand for a part of it");
}

// Any bytes end in a formula or a message, never in a crash; those of a formula have one value on the stack.
TEST(FormulaText, SurvivesAnyBytes) {
  std::mt19937_64 random(7);
  const std::string letters = "people risk*+-/()[]0123456789.,%£ \xC2\xFF_";
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (std::size_t length = random() % 24; length > 0; --length) text += letters[random() % letters.size()];
    const auto read = read_formula(text, known_names);
    if (const auto* sound = std::get_if<ReadFormula>(&read)) {
      worked_out(sound->formula, {1, 2, 3, 4, 5});
    } else {
      const auto& wrong = std::get<ExpressionProblem>(read);
      EXPECT_LE(wrong.at, std::max<std::size_t>(1, text.size()));
      EXPECT_GE(wrong.length, 1u);
    }
    read_input_unit(text);
  }
}

}  // namespace
}  // namespace desist
