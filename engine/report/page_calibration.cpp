// The page's section on targets: how near they are met, what they tell of each parameter, and what only together.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using Rows = std::vector<std::vector<html::TableCell>>;

/// Loadings smaller than this are not named: their squares are below a tenth of the whole.
constexpr double worth_naming = 0.316;
/// Beyond these a figure is not taken to be normal.
constexpr double much_skewness = 1, much_kurtosis = 3;

std::string percent(double part) { return fmt::format("{:.0f}%", 100 * part); }

std::string spread(const SpreadOf& of, const std::string& unit) {
  return std::isnan(of.low) ? "no value" : spread_words(of.low, of.high, unit, std::max(of.low_error, of.high_error));
}

std::string how(const ReportInput& input) {
  const CalibrationResult& result = *input.calibrated;
  const Calibration& asked = *input.calibration;
  std::string text;
  if (asked.method == Calibration::Method::abc) {
    text = fmt::format(
        "{} sets of parameters were drawn from their ranges, simulated, and those nearest to the targets kept and "
        "varied, {} times; {} sets were tried in all. Every target is met to within {} of the standard deviation of "
        "what the ranges alone predict. ",
        whole_number(static_cast<double>(asked.particles)), result.generations.size() - 1,
        whole_number(static_cast<double>(result.attempts)),
        std::isfinite(result.tolerance) ? rounded(result.tolerance, 0) : "no part");
    if (asked.adjust == Calibration::Adjust::regression)
      text +=
          "What was kept is moved from there to the printed figures by a linear regression of the parameters on what "
          "is missing, the nearest weighing most (Beaumont, Zhang & Balding 2002); simulated figures stay as they "
          "were. ";
  } else {
    text = fmt::format(
        "{} sets of parameters, {} runs of each, {} populations: a set weighs as much as its likelihood if the targets "
        "are normal given the parameters. ",
        whole_number(static_cast<double>(asked.particles)), whole_number(static_cast<double>(asked.replicates)),
        result.generations.size());
  }
  return text + stopped_words(input) +
         fmt::format(
             " What is kept is worth {} independent sets; no range has digits beyond the error that this leaves "
             "in its ends (parameters.csv has it).",
             whole_number(std::floor(result.worth)));
}

std::string targets_html(const ReportInput& input) {
  Rows rows;
  bool any_left = false;
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    const Target& target = input.calibration->targets[t];
    const TargetText& text = input.target_texts.at(t);
    const TargetFit& fit = input.calibrated->targets[t];
    any_left = any_left || fit.left_out.has_value();
    rows.push_back({words(target.label), number(text.printed), words(target.fitted ? "fitted" : "held out"),
                    number(spread(fit.before, text.unit)), number(spread(fit.after, text.unit)),
                    number(fit.left_out ? spread(*fit.left_out, text.unit) : "")});
  }
  std::string all = html::table(
      "Printed figures and what the model gives: before anything is learnt, in the sets that are kept, and (each "
      "fitted "
      "figure) from the other targets alone. Ranges hold 95 in 100.",
      {"Target", "Printed", "Use", "Ranges alone", "Kept", "From the others"}, rows);
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t) {
    const TargetFit& fit = input.calibrated->targets[t];
    if (std::abs(fit.skewness) <= much_skewness && std::abs(fit.excess_kurtosis) <= much_kurtosis) continue;
    all += html::element("p", fmt::format("{}: not normal given the parameters (skewness {}, excess kurtosis {}): its "
                                          "likelihood is doubtful. method = \"abc\" needs no such law.",
                                          input.calibration->targets[t].label, rounded(fit.skewness, 0.1),
                                          rounded(fit.excess_kurtosis, 0.1)));
  }
  return all;
}

std::string parameters_html(const ReportInput& input) {
  Rows rows;
  for (const ParameterFit& fit : input.calibrated->parameters) {
    const Parameter& parameter = input.parameters.at(fit.parameter);
    const auto met =
        std::count_if(fit.profile.begin(), fit.profile.end(), [&](double d) { return d <= fit.profile_limit; });
    rows.push_back({words(parameter_words(input, fit.parameter)), number(spread(fit.before, parameter.unit)),
                    number(spread(fit.after, parameter.unit)),
                    number(fit.contraction > 0 ? percent(fit.contraction) : "none"),
                    number(fmt::format("{} of {}", met, fit.profile.size())), words(fit_words(fit))});
  }
  return html::table(
      "What the targets tell of each parameter: 95 in 100 before and after, the part of its standard deviation that is "
      "gone, and in how many tenths of its range some set meets every target. Below 10% it is not informed; where "
      "no tenth misses them by twice what is allowed it is not identified.",
      {"Parameter", "Before", "After", "Learnt", "Tenths that meet them", "Verdict"}, rows);
}

std::string combinations_html(const ReportInput& input) {
  Rows rows;
  for (const Combination& each : input.calibrated->combinations)
    rows.push_back({words(combination_words(input, each)), number(spread_words(each.low, each.high, "")),
                    number("±" + percent(each.log_sd)), number("±" + percent(each.least_log_sd_alone))});
  return html::table(
      "Products and quotients that the targets fix better than their parts (relative standard deviations; the parts' "
      "is that of the best known). In the units of the parameters.",
      {"Together", "95 in 100", "Known to", "A part alone to"}, rows);
}

std::string given_html(const ReportInput& input, const ParameterGiven& given) {
  Rows rows;
  for (const ParameterGiven::Row& row : given.rows) {
    auto& cells = rows.emplace_back();
    for (std::size_t k = 0; k < given.by.size(); ++k) {
      const std::size_t p = input.calibrated->parameters.at(given.by[k]).parameter;
      cells.push_back(number(spread_words(row.at[k], row.at[k], input.parameters.at(p).unit)));
    }
    const double error = std::max((row.left.high - row.left.low) / 20, row.left.low_error);
    cells.push_back(number(std::isnan(row.left.low) ? "" : rounded(row.left.middle, error)));
    cells.push_back(number(left_words(input, given, row)));
  }
  std::vector<std::string> headers;
  for (const std::size_t other : given.by)
    headers.push_back(upper_first(parameter_words(input, input.calibrated->parameters.at(other).parameter)));
  headers.insert(headers.end(), {"Median", "95 in 100"});
  const std::string name = parameter_words(input, input.calibrated->parameters.at(given.fit).parameter);
  return html::table(upper_first(name) +
                         " where others are given: what the targets would leave of it if those were known. The sets "
                         "that are kept are moved there along a line fitted to them (Beaumont, Zhang & Balding 2002); "
                         "what leaves its range is left out.",
                     headers, rows);
}

std::string directions_html(const ReportInput& input) {
  Rows rows;
  for (const Direction& direction : input.calibrated->directions) {
    std::string parts;
    for (std::size_t p = 0; p < direction.loadings.size(); ++p) {
      if (std::abs(direction.loadings[p]) < worth_naming) continue;
      parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", direction.loadings[p] > 0 ? "more" : "less",
                           parameter_words(input, input.calibrated->parameters[p].parameter));
    }
    rows.push_back({words(parts), number(direction.contraction > 0 ? percent(direction.contraction) : "none"),
                    words(direction.contraction < 0.1 ? "not informed" : "")});
  }
  return html::table(
      "Principal directions of what was learnt (of logarithms where a parameter is positive), in standard deviations "
      "of "
      "the ranges: the best known first.",
      {"Direction", "Learnt", "Verdict"}, rows);
}

std::string taught_html(const ReportInput& input) {
  std::vector<std::string> headers{"Parameter"};
  std::vector<std::size_t> targets;
  for (std::size_t t = 0; t < input.calibration->targets.size(); ++t)
    if (!input.calibrated->targets[t].taught.empty()) {
      targets.push_back(t);
      headers.push_back(input.calibration->targets[t].label);
    }
  if (targets.empty()) return "";
  Rows rows;
  for (std::size_t p = 0; p < input.calibrated->parameters.size(); ++p) {
    auto& row = rows.emplace_back();
    row.push_back(words(parameter_words(input, input.calibrated->parameters[p].parameter)));
    for (const std::size_t t : targets)
      row.push_back(number(fmt::format("{:+.0f}%", 100 * input.calibrated->targets[t].taught[p])));
  }
  return html::table("What each target alone adds: the part of a parameter's spread that is back without it.", headers,
                     rows);
}

std::string generations_html(const ReportInput& input) {
  Rows rows;
  const bool abc = input.calibration->method == Calibration::Method::abc;
  for (std::size_t g = 0; g < input.calibrated->generations.size(); ++g) {
    const Generation& each = input.calibrated->generations[g];
    rows.push_back({number(std::to_string(g)),
                    number(std::isfinite(each.tolerance) ? rounded(each.tolerance, 0) : "any"),
                    number(whole_number(static_cast<double>(each.attempts))),
                    number(percent(static_cast<double>(each.accepted) / static_cast<double>(each.attempts))),
                    number(whole_number(std::floor(each.effective)))});
  }
  return "<details><summary>Population by population</summary>\n" +
         html::table(abc ? "The first is drawn from the ranges." : "The likelihood's power rises to 1.",
                     {"Population", abc ? "Within" : "Power", "Tried", "Kept", "Worth"}, rows) +
         "</details>\n";
}

}  // namespace

std::string calibration_section(const ReportInput& input) {
  if (!input.calibrated) return "";
  std::string all = html::element("p", how(input));
  const std::string known = known_answer(input).text;
  if (!known.empty()) all += html::element("p", known);
  for (const Answer& held : held_out_answers(input)) all += html::element("p", "Held out. " + held.text);
  all += targets_html(input) + parameters_html(input);
  if (!input.calibrated->combinations.empty()) all += combinations_html(input);
  for (const ParameterGiven& given : input.calibrated->given) all += given_html(input, given);
  if (input.calibrated->parameters.size() > 1) all += directions_html(input);
  all += taught_html(input) + generations_html(input);
  return all +
         html::element("p",
                       "Everything else on this page is run on what the targets leave of the parameters, drawn "
                       "whole (posterior.csv). Another experiment takes it by [[posterior]] experiment = \"...\".",
                       "small");
}

}  // namespace desist::page
