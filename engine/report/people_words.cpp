#include "engine/report/people_words.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

/// A share, a percentage's distance from none: "31% lower", "2% higher", "no different"; "3 times as high" from 2 on.
std::string relative_words(double ratio) {
  if (!std::isfinite(ratio)) return "no limit";
  const double percent = std::round(100 * (ratio - 1));
  // What rounds to nothing still lies on a side, and which side may be the answer.
  if (percent == 0)
    return std::abs(ratio - 1) < 1e-9 ? "no different" : ratio < 1 ? "under 1% lower" : "under 1% higher";
  if (ratio >= 2) return (ratio < 10 ? fmt::format("{:.2g}", ratio) : whole_number(ratio)) + " times as high";
  return whole_number(std::abs(percent)) + (percent < 0 ? "% lower" : "% higher");
}

/// Whole numbers where they carry enough, else two digits without a decimal point where that can be.
std::string plain(double value) { return rounded(value, std::abs(value) >= 10 ? 1 : 0); }

std::string amount_unit(const std::string& unit, double value) {
  return unit.empty() ? "" : " " + Unit::parse(unit).in_words(value);
}

std::string more_or_less(double value, const std::string& unit) {
  if (!std::isfinite(value)) return "no limit";
  if (std::round(value * 1e9) == 0) return "no difference";
  const std::string money = unit == "£" ? "£" : "";
  return money + plain(std::abs(value)) + (money.empty() ? amount_unit(unit, std::abs(value)) : "") +
         (value < 0 ? " less" : " more");
}

}  // namespace

const PersonOutcome* outcome_named(const PersonStudy& study, const std::string& name) {
  const auto found = std::find_if(study.outcomes.begin(), study.outcomes.end(),
                                  [&](const PersonOutcome& each) { return each.name == name; });
  return found == study.outcomes.end() ? nullptr : &*found;
}

std::string outcome_label(const PersonStudy& study, const std::string& name) {
  const PersonOutcome* outcome = outcome_named(study, name);
  return outcome == nullptr || outcome->label.empty() ? name : outcome->label;
}

const ArmSummary* summary_of(const PersonResults& results, const std::string& outcome, const std::string& arm) {
  for (const ArmSummary& each : results.summaries)
    if (each.outcome == outcome && each.arm == arm) return &each;
  return nullptr;
}

const EffectRow* headline_effect(const AnalysisResult& result) {
  for (const EffectRow& row : result.effects)
    if (row.headline) return &row;
  return nullptr;
}

std::string arm_of_term(const PersonStudy& study, const std::string& term) {
  for (const std::string& arm : study.arms)
    if (term == arm || term.ends_with(": " + arm)) return arm;
  return study.arms.size() > 1 ? study.arms[1] : "";
}

std::string arm_label(const PersonStudy& study, const std::string& arm) {
  if (arm.empty()) return "Everyone";
  if (arm != "yes" && arm != "no") return upper_first(arm);
  const auto found = study.column_labels.find(study.arm);
  const std::string label = found == study.column_labels.end() ? study.arm : found->second;
  return arm == "yes" ? upper_first(label) : "No " + lower_first(label);
}

std::string arm_in_sentence(const PersonStudy& study, const std::string& arm) {
  return arm.empty() || arm == "yes" || arm == "no" ? lower_first(arm_label(study, arm)) : arm;
}

std::string term_label(const PersonStudy& study, const std::string& term) {
  if (std::find(study.arms.begin(), study.arms.end(), term) != study.arms.end()) return arm_label(study, term);
  if (const auto column = study.column_labels.find(term); column != study.column_labels.end())
    return upper_first(column->second);
  const std::size_t colon = term.find(": ");
  if (colon == std::string::npos) return upper_first(term);
  const std::string whole = term.substr(0, colon), part = term.substr(colon + 2);
  const bool level = study.column_labels.contains(whole);  // "sex: female": the level is the data's own word
  return term_label(study, whole) + ": " + (level ? part : lower_first(term_label(study, part)));
}

std::string study_label(Design design) {
  switch (design) {
    case Design::randomised:
      return "Randomised";
    case Design::compared:
      return "Not randomised";
    case Design::nested:
      return "Compared with a group that holds the treated";
    case Design::described:
      return "Not compared";
  }
  return "";
}

bool is_ratio(const EffectRow& row) {
  return row.log_scale || row.measure.ends_with("ratio") || row.measure.starts_with("ratio");
}

int direction(const EffectRow& row) {
  const double none = is_ratio(row) ? 1 : 0;
  if (row.level >= 1) return 0;  // bounds of an estimate: chance comes on top
  if (std::isnan(row.interval.low) || std::isnan(row.interval.high)) return 0;
  return row.interval.high < none ? -1 : row.interval.low > none ? 1 : 0;
}

std::string relative_range(double low, double high) {
  const std::string first = relative_words(low), second = relative_words(high);
  if (first == second) return first;
  for (const std::string_view side : {"% lower", "% higher"})  // "50% to 4% lower"
    if (first.ends_with(side) && second.ends_with(side))
      return first.substr(0, first.size() - side.size() + 1) + " to " + second;
  return first + " to " + second;
}

std::string effect_words(const EffectRow& row) {
  const bool limits = !std::isnan(row.interval.low) && !std::isnan(row.interval.high);
  std::string text, range;
  if (is_ratio(row)) {
    text = relative_words(row.estimate);
    if (limits) range = relative_range(row.interval.low, row.interval.high);
  } else if (row.effect && row.unit == "share") {
    text = fewer_or_more(row.estimate);
    if (limits) range = fewer_to_more(row.interval.low, row.interval.high);
  } else if (row.effect) {
    text = more_or_less(row.estimate, row.unit);
    if (limits) range = more_or_less(row.interval.low, row.unit) + " to " + more_or_less(row.interval.high, row.unit);
  } else if (row.unit == "share") {
    text = in_100(row.estimate, 0);
    if (limits) range = bare_in_100(row.interval.low, 0) + " to " + bare_in_100(row.interval.high, 0);
  } else {
    text = plain(row.estimate) + amount_unit(row.unit, row.estimate);
    if (limits) range = rounded_range(row.interval.low, row.interval.high, 0);
  }
  if (std::isnan(row.estimate) && limits) return range + (row.unit == "share" && !is_ratio(row) ? " in 100" : "");
  return limits ? text + " (" + range + ")" : text;
}

std::string table_number(double value) {
  if (std::isnan(value)) return "";
  if (std::isinf(value)) return value > 0 ? "no limit" : "-no limit";
  const double size = std::abs(value);
  if (size != 0 && size < 0.0005) return fmt::format("{:.1e}", value);
  if (size != 0 && size < 0.01) return fmt::format("{:.2g}", value);
  return size >= 100 ? whole_number(value) : size >= 10 ? fmt::format("{:.1f}", value) : fmt::format("{:.2f}", value);
}

std::string p_value_words(double p) { return p < 0.001 ? "under 0.001" : fmt::format("{:.3f}", p); }

std::string effect_digits(const EffectRow& row) {
  // A median that follow-up ended before: at most a lower limit of it is known.
  if (std::isinf(row.estimate))
    return std::isfinite(row.interval.low) ? "not reached (from " + table_number(row.interval.low) + ")"
                                           : "not reached";
  const double times = row.unit == "share" ? 100 : 1;
  const std::string sign = row.unit == "share" ? " in 100" : "";
  if (std::isnan(row.estimate) && !std::isnan(row.interval.low))
    return table_number(times * row.interval.low) + " to " + table_number(times * row.interval.high) + sign;
  std::string text = table_number(times * row.estimate) + sign;
  if (!std::isnan(row.interval.low))
    text += fmt::format(" ({} to {})", table_number(times * row.interval.low), table_number(times * row.interval.high));
  return text;
}

std::string summary_words(const PersonStudy& study, const ArmSummary& summary) {
  if (summary.withheld) return "";
  const PersonOutcome* outcome = outcome_named(study, summary.outcome);
  const std::string unit = outcome == nullptr ? "" : outcome->unit;
  const auto people = static_cast<double>(summary.people);
  if (summary.with_outcome)
    return whole_number(static_cast<double>(*summary.with_outcome)) + " of " + whole_number(people);
  if (has(summary.measure, "rate") && summary.total)
    return fmt::format("{} in {} people", whole_number(*summary.total), whole_number(people));
  const std::string money = unit == "£" ? "£" : "";
  return fmt::format("{} {}{}{} among {}", summary.measure, money, plain(summary.estimate),
                     money.empty() ? amount_unit(unit, summary.estimate) : "", whole_number(people));
}

}  // namespace desist
