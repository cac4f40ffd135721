#include "engine/report/decomposition_words.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr double least_logarithm = 1e-9;  // of a logarithm: what rounding leaves

/// Whole hundredths, no finer than their error: "26", "−15".
std::string hundredths(double value, double error) {
  const std::string text = rounded(value, std::max(error, 1.0));
  return text == "-0" ? "0" : with_minus_sign(text);
}

}  // namespace

std::string term_words(const DecompositionTerm& term) {
  switch (term.kind) {
    case DecompositionTerm::Kind::chance:
      return "Chance";
    case DecompositionTerm::Kind::rest:
      return "Windows and calendar";
    case DecompositionTerm::Kind::mechanism:
      break;
  }
  return term.label;
}

std::string share_of_fall(const DecompositionTerm& term, const DecompositionTerm& total) {
  const double share = 100 * term.value / total.value, error = std::abs(100 * term.mc_error / total.value);
  return hundredths(share, error);
}

bool is_told_from_luck(const DecompositionSpread& spread) { return spread.luck < 1; }

std::string range_of_fall(const DecompositionTerm& term, const DecompositionTerm& total) {
  if (!term.spread) return "";
  const DecompositionSpread& spread = *term.spread;
  if (!is_told_from_luck(spread)) return "not told from luck";
  const double scale = 100 / total.value;
  std::string from = hundredths(scale * spread.low, std::abs(scale) * spread.low_error);
  std::string to = hundredths(scale * spread.high, std::abs(scale) * spread.high_error);
  if (scale < 0) std::swap(from, to);
  return from == to ? from : from + " to " + to;
}

namespace {

/// Of the whole fall, or rise, in hundredths of what was before.
std::string range_of_all(const DecompositionSpread& spread, bool falls) {
  if (!is_told_from_luck(spread)) return "range not told from luck";
  const auto end = [&](double logarithm, double error) {
    const double ratio = std::exp(-logarithm);
    return hundredths((falls ? 1 : -1) * 100 * (1 - ratio), 100 * ratio * error);
  };
  std::string from = end(spread.low, spread.low_error), to = end(spread.high, spread.high_error);
  if (!falls) std::swap(from, to);
  return from == to ? from : from + " to " + to;
}

}  // namespace

bool is_worth_a_word(const DecompositionTerm& rest) {
  return std::abs(rest.value) > std::max(least_logarithm, 2 * rest.mc_error);
}

bool is_told(const DecompositionResult& result) {
  return std::isfinite(result.total.value) && std::abs(result.total.value) > 2 * result.total.mc_error;
}

std::vector<Answer> decomposition_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    Answer answer;
    answer.verdict = asked.label;
    if (!is_told(result)) {
      answer.text = "The fall is no larger than the simulation's own error: more draws would share it out.";
      answers.push_back(answer);
      continue;
    }
    const double ratio = std::exp(-result.total.value);
    const double error = 100 * ratio * result.total.mc_error;
    answer.text = fmt::format("{}% {}", rounded(100 * std::abs(1 - ratio), error), ratio < 1 ? "lower" : "higher");
    if (result.total.spread) answer.text += fmt::format(" ({})", range_of_all(*result.total.spread, ratio < 1));
    if (asked.arm != 0) answer.text += " with " + short_arm(input, result.arm);
    answer.text += ". Of that ";
    std::vector<const DecompositionTerm*> terms;
    for (const DecompositionTerm& term : result.terms)
      if (term.kind != DecompositionTerm::Kind::rest || is_worth_a_word(term)) terms.push_back(&term);
    const auto is_first = [&](const DecompositionTerm* term) {
      return term->kind == DecompositionTerm::Kind::mechanism && term->label == asked.first;
    };
    std::stable_sort(terms.begin(), terms.end(), [&](const DecompositionTerm* a, const DecompositionTerm* b) {
      if (is_first(a) != is_first(b)) return is_first(a);
      return std::abs(a->value) > std::abs(b->value);
    });
    for (const DecompositionTerm* term : terms) {
      const std::string range = range_of_fall(*term, result.total);
      answer.parts.push_back(fmt::format("{}% {}{}", share_of_fall(*term, result.total), lower_first(term_words(*term)),
                                         range.empty() ? "" : " (" + range + ")"));
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace desist
