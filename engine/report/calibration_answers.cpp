// What is said of targets: how near they are met, what they fix, and what they leave open.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// A parameter is called known where its targets took half of its spread or more away.
constexpr double known_contraction = 0.5;

std::string unit_words(const std::string& unit) {
  return unit.empty() || unit == "1" ? "" : Unit::parse(unit).in_words(2);
}

/// A number whose last digit is about a twentieth of a width, and not below its error.
std::string told(double value, double width, double error) {
  return rounded(value, std::max(width > 0 ? width / 20 : 0, error));
}

std::string with_unit(const std::string& number, const std::string& unit) {
  if (unit.starts_with("£")) return "£" + number;
  const std::string words = unit_words(unit);
  return words.empty() ? number : number + " " + words;
}

bool nothing_met(const ReportInput& input) {
  return input.calibrated && input.calibration->method == Calibration::Method::abc &&
         std::isinf(input.calibrated->tolerance);
}

const Parameter& parameter_of(const ReportInput& input, const ParameterFit& fit) {
  return input.parameters.at(fit.parameter);
}

/// Whether a limit of what is left is where the range itself ends, so that the range sets it and not the targets: no
/// further from its end than those limits would be that are even up to it, or than their own error.
bool ends_with_its_range(const ReportInput& input, const ParameterFit& fit) {
  if (!is_range(parameter_of(input, fit).law)) return false;
  const LawEnds ends = ends_of(parameter_of(input, fit).law);
  constexpr double beyond = 0.025 / 0.95;  // of the width between limits, on either side of an even law
  const double even = beyond * (fit.after.high - fit.after.low);
  return fit.after.low - ends.low <= std::max(even, 1.96 * fit.after.low_error) ||
         ends.high - fit.after.high <= std::max(even, 1.96 * fit.after.high_error);
}

}  // namespace

std::string parameter_words(const ReportInput& input, std::size_t parameter) {
  std::string words = input.parameters.at(parameter).name;
  std::replace(words.begin(), words.end(), '_', ' ');
  std::replace(words.begin(), words.end(), '.', ' ');
  return words;
}

std::string known_within(const Combination& combination) {
  return fmt::format("within −{:.0f}% and +{:.0f}%", 100 * (1 - combination.low / combination.middle),
                     100 * (combination.high / combination.middle - 1));
}

std::string combination_words(const ReportInput& input, const Combination& combination) {
  std::string words;
  for (std::size_t i = 0; i < combination.fits.size(); ++i) {
    if (i > 0) words += combination.powers[i] > 0 ? " × " : " ÷ ";
    words += parameter_words(input, input.calibrated->parameters.at(combination.fits[i]).parameter);
  }
  return words;
}

std::string spread_words(double low, double high, const std::string& unit, double error) {
  const bool share = unit == "share";
  const double scale = share ? 100 : 1;
  const double width = scale * (high - low);
  const std::string from = told(scale * low, width, scale * error), to = told(scale * high, width, scale * error);
  if (share) return from == to ? from + "%" : from + "% to " + to + "%";
  if (unit.starts_with("£")) return from == to ? "£" + from : "£" + from + " to £" + to;
  return with_unit(from == to ? from : from + " to " + to, unit);
}

std::string fit_words(const ParameterFit& fit) {
  if (!fit.is_informed()) return "not informed";
  return fit.is_identified() ? "informed" : "not identified";
}

std::string stopped_words(const ReportInput& input) {
  using Stopped = CalibrationResult::Stopped;
  const CalibrationResult& result = *input.calibrated;
  if (nothing_met(input)) return "No set of parameters gave every target a value that can be held against its figure.";
  const bool likelihood = input.calibration->method == Calibration::Method::synthetic;
  switch (result.stopped) {
    case Stopped::reached:
      return likelihood ? "It ended with the whole likelihood." : "It ended at the declared tolerance.";
    case Stopped::lattice:
      return likelihood ? "No set of parameters has a likelihood."
                        : "It ended where no set came nearer: figures that count are met in steps.";
    case Stopped::few:
      return fmt::format("It ended where fewer than {} in 100 sets would have come nearer.",
                         rounded(100 * input.calibration->least_acceptance, 0));
    case Stopped::attempts:
      return likelihood ? fmt::format("It ended with the most sets that it may try, at the power {} of the likelihood.",
                                      rounded(result.tolerance, 0))
                        : "It ended with the most sets that it may try.";
    case Stopped::interrupted:
      break;
  }
  return "";
}

Answer targets_answer(const ReportInput& input) {
  Answer answer;
  if (!input.calibrated) return answer;
  if (nothing_met(input)) {
    answer.text = "No set of parameters comes near the targets: nothing was learnt.";
    return answer;
  }
  const bool likelihood = input.calibration->method == Calibration::Method::synthetic;
  const bool moved = input.calibration->adjust == Calibration::Adjust::regression;
  answer.text = likelihood ? "Fitted: " : moved ? "Met, then adjusted to: " : "Met: ";
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    const Target& target = input.calibration->targets[t];
    if (!target.fitted) continue;
    const TargetText& text = input.target_texts.at(t);
    const double within = input.calibrated->tolerance * input.calibrated->targets[t].scale;
    const double scale = text.unit == "share" ? 100 : 1;
    answer.parts.push_back(
        likelihood || within < 1e-9 * std::max(1.0, std::abs(target.low))
            ? text.printed
            : fmt::format("{} (give or take {})", text.printed, rounded(scale * within, scale * within / 10)));
  }
  return answer;
}

Answer known_answer(const ReportInput& input) {
  Answer answer;
  if (!input.calibrated || nothing_met(input)) return answer;
  const CalibrationResult& result = *input.calibrated;
  std::vector<std::string> cut;
  for (const ParameterFit& fit : result.parameters)
    if (fit.contraction >= known_contraction && fit.is_identified()) {
      if (ends_with_its_range(input, fit)) {
        cut.push_back(parameter_words(input, fit.parameter));
        continue;
      }
      const double error = std::max(fit.after.low_error, fit.after.high_error);
      answer.parts.push_back(
          fmt::format("{} {}", parameter_words(input, fit.parameter),
                      spread_words(fit.after.low, fit.after.high, parameter_of(input, fit).unit, error)));
    }
  for (const Combination& each : result.combinations)
    answer.parts.push_back(fmt::format("{} {}, {} alone", combination_words(input, each), known_within(each),
                                       each.fits.size() == 2 ? "neither" : "none"));
  if (answer.parts.empty() && !cut.empty())
    answer.text = fmt::format("Nothing alone: what is left of {} ends where the range does.", listed(cut));
  else if (answer.parts.empty())
    answer.text = "Nothing: the targets leave every parameter about as uncertain as it was.";
  return answer;
}

std::string given_words(const ReportInput& input, const ParameterGiven& given, const ParameterGiven::Row& row) {
  std::string words;
  for (std::size_t k = 0; k < given.by.size(); ++k) {
    const std::size_t p = input.calibrated->parameters.at(given.by[k]).parameter;
    words += (k > 0 ? ", " : "") + parameter_words(input, p) + " " +
             spread_words(row.at[k], row.at[k], input.parameters.at(p).unit);
  }
  return words;
}

std::string left_words(const ReportInput& input, const ParameterGiven& given, const ParameterGiven::Row& row) {
  if (std::isnan(row.left.low)) return "none in its range";
  return spread_words(row.left.low, row.left.high, parameter_of(input, input.calibrated->parameters.at(given.fit)).unit,
                      std::max(row.left.low_error, row.left.high_error));
}

namespace {

/// "before 26, length 13 weeks", with its names or without: a unit that all have stands once.
std::string given_in_short(const ReportInput& input, const ParameterGiven& given, const ParameterGiven::Row& row,
                           bool named) {
  const auto unit_of = [&](std::size_t k) {
    return input.parameters.at(input.calibrated->parameters.at(given.by[k]).parameter).unit;
  };
  bool one_unit = true;
  for (std::size_t k = 1; k < given.by.size(); ++k) one_unit = one_unit && unit_of(k) == unit_of(0);
  std::string words;
  for (std::size_t k = 0; k < given.by.size(); ++k) {
    const bool with = one_unit ? named && k + 1 == given.by.size() : true;
    const double level = row.at[k];
    words += k > 0 ? ", " : "";
    if (named) words += parameter_words(input, input.calibrated->parameters.at(given.by[k]).parameter) + " ";
    words += spread_words(level, level, with || unit_of(k) == "share" ? unit_of(k) : "");
  }
  return words;
}

}  // namespace

Answer given_answer(const ReportInput& input) {
  Answer answer;
  if (!input.calibrated || nothing_met(input) || input.calibrated->given.empty()) return answer;
  const ParameterGiven& given = input.calibrated->given.front();  // the others are on the page
  std::vector<const ParameterGiven::Row*> told;
  for (const ParameterGiven::Row& row : given.rows)
    if (!std::isnan(row.left.middle)) told.push_back(&row);
  if (told.empty()) return answer;
  std::stable_sort(told.begin(), told.end(),
                   [](const auto* a, const auto* b) { return a->left.middle < b->left.middle; });
  answer.text = upper_first(parameter_words(input, input.calibrated->parameters.at(given.fit).parameter)) + " ";
  // One between names what is given; the least and the greatest then say how wide it is open.
  std::vector<std::size_t> chosen{told.size() / 2};
  for (const std::size_t end : {std::size_t{0}, told.size() - 1})
    if (std::find(chosen.begin(), chosen.end(), end) == chosen.end()) chosen.push_back(end);
  const std::string unit = parameter_of(input, input.calibrated->parameters.at(given.fit)).unit;
  for (const std::size_t i : chosen) {
    const SpreadOf& left = told[i]->left;
    const double error = std::max({left.low_error, left.high_error, (left.high - left.low) / 2});
    answer.parts.push_back(fmt::format("{} ({})", spread_words(left.low, left.high, unit, error),
                                       given_in_short(input, given, *told[i], answer.parts.empty())));
  }
  return answer;
}

Answer not_known_answer(const ReportInput& input) {
  Answer answer;
  if (!input.calibrated || nothing_met(input)) return answer;
  bool nearly = false;
  for (const ParameterFit& fit : input.calibrated->parameters) {
    if (fit.is_identified()) continue;
    answer.parts.push_back(parameter_words(input, fit.parameter));
    nearly = nearly || *std::max_element(fit.profile.begin(), fit.profile.end()) > fit.profile_limit;
  }
  if (!answer.parts.empty())
    answer.text =
        fmt::format("Any value in {} meets the targets{}: ", answer.parts.size() > 1 ? "their ranges" : "its range",
                    nearly ? ", or nearly" : "");
  return answer;
}

std::vector<Answer> held_out_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  if (!input.calibrated || nothing_met(input)) return answers;
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    const Target& target = input.calibration->targets[t];
    if (target.fitted) continue;
    const TargetFit& fit = input.calibrated->targets[t];
    const TargetText& text = input.target_texts.at(t);
    if (std::isnan(fit.after.low)) continue;
    const bool fits = target.high >= fit.after.low && target.low <= fit.after.high;
    Answer answer;
    answer.verdict = fits ? "Fits" : "Doesn't fit";
    answer.text = fmt::format("{}: {}. Printed {}, the targets predict {}.", answer.verdict, target.label, text.printed,
                              spread_words(fit.after.low, fit.after.high, text.unit));
    answers.push_back(std::move(answer));
  }
  // A first screen has room for a few: what doesn't fit tells most.
  std::stable_partition(answers.begin(), answers.end(), [](const Answer& held) { return held.verdict != "Fits"; });
  return answers;
}

}  // namespace desist
