#include "engine/estimation/claim_question.hpp"

#include <algorithm>
#include <cctype>
#include <utility>
#include <variant>

#include "engine/core/text.hpp"

namespace desist::estimation {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

std::optional<ClaimTest> plain_test(const std::string& name) {
  if (name == "relative reduction") return ClaimTest::relative_reduction;
  if (name == "difference") return ClaimTest::difference;
  if (name == "share") return ClaimTest::share;
  if (name == "total") return ClaimTest::total;
  if (name == "completion") return ClaimTest::completion;
  if (name == "group sizes") return ClaimTest::group_sizes;
  return std::nullopt;
}

/// "reoffended, everyone sent on the course": the outcome and the comparison it names.
std::pair<const StudyOutcome*, const Comparison*> named_comparison(const Study& study, const std::string& test) {
  const std::size_t comma = test.find(',');
  if (comma == std::string::npos) return {};
  const std::string outcome = trimmed(test.substr(0, comma));
  const std::string label = lower_case(trimmed(test.substr(comma + 1)));
  std::pair<const StudyOutcome*, const Comparison*> found;
  for (const StudyOutcome& one : study.outcomes) {
    if (one.name == outcome) found.first = &one;
  }
  for (const Comparison& one : study.comparisons) {
    if (found.second == nullptr && !label.empty() && lower_case(one.label).starts_with(label)) found.second = &one;
  }
  return found;
}

/// Percentages of a sentence, in their order.
std::vector<PrintedNumber> percentages_in(const std::string& text) {
  std::vector<PrintedNumber> found;
  const auto is_number = [](char letter) { return (letter >= '0' && letter <= '9') || letter == '.'; };
  for (std::size_t at = text.find('%'); at != std::string::npos; at = text.find('%', at + 1)) {
    std::size_t first = at;
    while (first > 0 && is_number(text[first - 1])) --first;
    while (first < at && text[first] == '.') ++first;
    if (first == at) continue;
    const std::variant<PrintedNumber, QuantityProblem> read = read_printed(text.substr(first, at + 1 - first));
    if (const auto* number = std::get_if<PrintedNumber>(&read)) found.push_back(*number);
  }
  return found;
}

}  // namespace

std::optional<ClaimQuestion> question_of(const Study& study, const Claim& claim) {
  ClaimQuestion one;
  one.outcome = claim.outcome;
  one.of = claim.of;
  one.treated = claim.treated;
  one.against = claim.against;
  const Comparison* comparison = study.comparisons.empty() ? nullptr : &study.comparisons.front();
  if (const std::optional<ClaimTest> test = plain_test(claim.test)) {
    one.test = *test;
  } else {
    const auto [outcome, named] = named_comparison(study, claim.test);
    if (outcome == nullptr || named == nullptr) return std::nullopt;
    comparison = named;
    one.outcome = outcome->name;
  }
  if (comparison != nullptr && one.test != ClaimTest::total) {
    if (one.treated.empty()) one.treated = comparison->treated;
    if (one.against.empty()) one.against = comparison->against;
  }
  const std::vector<PrintedNumber> numbers = percentages_in(claim.text);
  one.printed = claim.printed;
  one.printed_against = claim.printed_against;
  if (!one.printed && !numbers.empty()) {
    one.printed = numbers.front();
    const bool two = one.test == ClaimTest::share && !one.printed_against && numbers.size() > 1;
    if (two) one.printed_against = numbers[1];
  }
  return one;
}

}  // namespace desist::estimation

namespace desist {

std::optional<std::string> claim_problem(const Study& study, const Claim& claim) {
  const std::optional<estimation::ClaimQuestion> one = estimation::question_of(study, claim);
  if (!one) {
    return "unknown test '" + claim.test +
           "' (one of relative reduction, difference, share, total, completion, group sizes, or an outcome's name, a "
           "comma "
           "and a comparison's label)";
  }
  using estimation::ClaimTest;
  std::vector<std::string> groups = one->treated;
  if (!one->against.empty()) groups.push_back(one->against);
  for (const std::string& name : groups) {
    if (std::none_of(study.groups.begin(), study.groups.end(),
                     [&](const Group& group) { return group.name == name; })) {
      return "no group '" + name + "'";
    }
  }
  for (const std::string& name : {one->outcome, one->of}) {
    const auto is_it = [&](const StudyOutcome& outcome) { return outcome.name == name && !outcome.describe_only; };
    if (!name.empty() && std::none_of(study.outcomes.begin(), study.outcomes.end(), is_it)) {
      return "no outcome '" + name + "' that can be counted";
    }
  }
  const bool contrast = one->test == ClaimTest::relative_reduction || one->test == ClaimTest::difference;
  if (one->treated.empty() && one->test != ClaimTest::completion) return "no groups to take (treated)";
  if (one->outcome.empty() && (contrast || one->test == ClaimTest::share)) return "no outcome";
  if (one->against.empty() && (contrast || one->test == ClaimTest::group_sizes))
    return "no group to compare with (against)";
  if (!one->printed && one->test != ClaimTest::group_sizes) return "no number: give it as printed";
  return std::nullopt;
}

}  // namespace desist
