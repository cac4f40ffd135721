#include "engine/report/decomposition_words.hpp"

#include <algorithm>
#include <cmath>

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

std::string range_of_fall(const DecompositionTerm& term, const DecompositionTerm& total) {
  if (!term.spread) return "";
  const DecompositionSpread& spread = *term.spread;
  const double scale = 100 / total.value;
  const double error = std::abs(scale) * std::max(spread.low_error, spread.high_error);
  const double low = std::min(scale * spread.low, scale * spread.high);
  const double high = std::max(scale * spread.low, scale * spread.high);
  const std::string from = hundredths(low, error), to = hundredths(high, error);
  return from == to ? from : from + " to " + to;
}

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
    if (result.total.spread) {
      const auto gone = [](double fall) { return 100 * (1 - std::exp(-fall)); };
      const double low = gone(result.total.spread->low), high = gone(result.total.spread->high);
      const double off = 100 * ratio * std::max(result.total.spread->low_error, result.total.spread->high_error);
      answer.text += ratio < 1 ? fmt::format(" ({})", rounded_range(low, high, off))
                               : fmt::format(" ({})", rounded_range(-high, -low, off));
    }
    if (asked.arm != 0) answer.text += " with " + short_arm(input, result.arm);
    answer.text += ". Of that ";
    std::vector<const DecompositionTerm*> terms;
    for (const DecompositionTerm& term : result.terms)
      if (term.kind != DecompositionTerm::Kind::rest || is_worth_a_word(term)) terms.push_back(&term);
    std::stable_sort(terms.begin(), terms.end(), [](const DecompositionTerm* a, const DecompositionTerm* b) {
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
