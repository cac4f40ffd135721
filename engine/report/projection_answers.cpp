#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// From here a chance is called yes, and below one less this, no: nineteen times in twenty.
constexpr double sure = 0.95;

const OutcomeText* headline(const ReportInput& input) {
  const auto found = std::find_if(input.outcome_texts.begin(), input.outcome_texts.end(),
                                  [](const OutcomeText& text) { return text.line == OutcomeText::Line::answer; });
  return found == input.outcome_texts.end() ? nullptr : &*found;
}

/// The items of an outcome ("2024-01-31", "2024-03-31") in the order of the results.
std::vector<std::string> items_of(const ReportInput& input, const std::string& outcome) {
  std::vector<std::string> items;
  for (const EstimateRow& row : input.estimates.rows) {
    if (row.outcome == outcome && std::find(items.begin(), items.end(), row.item) == items.end())
      items.push_back(row.item);
  }
  return items;
}

std::string item_words(const std::string& item) {
  const std::optional<Date> date = Date::read(item);
  return date ? date->in_words() : item;
}

std::string by_item(const std::string& label, const std::string& item) {
  if (item.empty()) return label;
  return label + (Date::read(item) ? " by " : ", ") + item_words(item);
}

const EstimateRow* chance_of(const ReportInput& input, const std::string& arm, const std::string& outcome,
                             const std::string& item) {
  return input.estimates.find(arm, outcome, item, "chance");
}

const OutcomeField* field_of(const ReportInput& input, const std::string& outcome) {
  const auto found = std::find_if(input.outcome_fields.begin(), input.outcome_fields.end(),
                                  [&](const OutcomeField& field) { return field.name == outcome; });
  return found == input.outcome_fields.end() ? nullptr : &*found;
}

OutcomeField::Kind kind_of(const ReportInput& input, const std::string& outcome) {
  const OutcomeField* field = field_of(input, outcome);
  return field == nullptr ? OutcomeField::Kind::chance : field->kind;
}

/// What arms are ranked by: greater is better; nothing where an outcome has no better side.
std::optional<double> merit(const ReportInput& input, const std::string& arm, const std::string& outcome,
                            const std::string& item) {
  const OutcomeField* field = field_of(input, outcome);
  if (field == nullptr || field->kind == OutcomeField::Kind::chance) {
    const EstimateRow* row = chance_of(input, arm, outcome, item);
    return row == nullptr ? std::nullopt : std::optional(row->estimate);
  }
  if (field->better == Better::neither) return std::nullopt;
  const bool time = field->kind == OutcomeField::Kind::time_until;
  const EstimateRow* row = input.estimates.find(arm, outcome, item, time ? "quantile 0.5" : "mean");
  if (row == nullptr) return std::nullopt;
  return field->better == Better::higher ? row->estimate : -row->estimate;
}

/// The arm that is told beside the first: of the others that which does best by the headline, also where the first does
/// better than any; the first where it is alone.
std::string arm_beside(const ReportInput& input) {
  if (input.arms.empty()) return "";
  const OutcomeText* answer = headline(input);
  std::string best = input.arms.back().name;
  if (answer == nullptr) return best;
  const std::vector<std::string> items = items_of(input, answer->name);
  std::optional<double> most;
  for (const ArmText& arm : input.arms) {
    if (&arm == &input.arms.front()) continue;
    const auto here = merit(input, arm.name, answer->name, items.empty() ? "" : items.back());
    if (here && (!most || *here > *most)) {
      most = here;
      best = arm.name;
    }
  }
  return best;
}

/// "−10 to 4", with true minus signs.
std::string signed_range(double low, double high, double error) {
  const std::string range = rounded_range(low, high, error);
  const std::size_t to = range.find(" to ");
  if (to == std::string::npos) return with_minus_sign(range);
  return with_minus_sign(range.substr(0, to)) + " to " + with_minus_sign(range.substr(to + 4));
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

/// "1,900 to 2,150", "42% to 60%", "£1,200 to £1,400".
std::string range_of(const EstimateRow& row) {
  if (row.unit == "share") {
    const std::string range = rounded_range(100 * row.low, 100 * row.high, 100 * row.mc_error);
    return replaced(range, " to ", "% to ") + "%";
  }
  const std::string range = rounded_range(row.low, row.high, row.mc_error);
  return row.unit.starts_with("£") ? "£" + replaced(range, " to ", " to £") : range;
}

/// "1,900 to 2,150 as it was, none to 1,300 with criteria and weekly".
std::string ranges_by_arm(const ReportInput& input, const std::string& outcome, const std::string& item) {
  const std::string first = input.arms.front().name;
  const EstimateRow* base = input.estimates.find(first, outcome, item, "mean");
  if (base == nullptr) return "";
  std::string text = range_of(*base) + " " + lower_first(short_arm(input, first));
  const std::string beside = arm_beside(input);
  const EstimateRow* other = beside == first ? nullptr : input.estimates.find(beside, outcome, item, "mean");
  if (other != nullptr) text += ", " + range_of(*other) + " with " + short_arm(input, beside);
  return text;
}

/// "12 in 100 as it was, 48 with both".
std::string chances_by_arm(const ReportInput& input, const std::string& outcome, const std::string& item) {
  const std::string first = input.arms.front().name;
  const EstimateRow* base = chance_of(input, first, outcome, item);
  if (base == nullptr) return "";
  std::string text = in_100(base->estimate, base->mc_error);
  if (input.arms.size() < 2) return text;
  text += " " + lower_first(short_arm(input, first));
  const std::string beside = arm_beside(input);
  const EstimateRow* other = beside == first ? nullptr : chance_of(input, beside, outcome, item);
  if (other != nullptr)
    text += fmt::format(", {} with {}", bare_in_100(other->estimate, other->mc_error), short_arm(input, beside));
  return text;
}

/// "by week 23 in half the runs, not by the end in 10 in 100": when an outcome comes that is a time, in one arm.
/// `who`: " as it is", " with two more workers"; the first of several says of how many runs it speaks.
std::string when_it_comes(const ReportInput& input, const std::string& arm, const std::string& outcome,
                          const std::string& item, const std::string& who, bool first) {
  const EstimateRow* median = input.estimates.find(arm, outcome, item, "quantile 0.5");
  const EstimateRow* comes = chance_of(input, arm, outcome, item);
  if (median == nullptr || comes == nullptr) return "";
  if (comes->estimate <= 0) return "not by the end in any run" + who;
  if (!std::isfinite(median->estimate))
    return fmt::format("by the end in {}{}", in_100(comes->estimate, comes->mc_error), who);
  const OutcomeField* field = field_of(input, outcome);
  const bool weeks = field != nullptr && field->unit.text() == "week";
  const double whole = std::ceil(median->estimate - 1e-9);
  std::string text = whole <= 0 ? "from the start"
                     : weeks    ? "by week " + whole_number(whole)
                                : fmt::format("within {} {}", rounded(median->estimate, median->mc_error),
                                           field == nullptr ? "" : field->unit.in_words(median->estimate));
  text += (first ? " in half the runs" : "") + who;
  const double never = 1 - comes->estimate;
  if (never > 0) text += ", not by the end in " + in_100(never, comes->mc_error);
  return text;
}

/// The same for the first arm and the one beside it, a part each.
std::vector<std::string> times_by_arm(const ReportInput& input, const std::string& outcome, const std::string& item) {
  std::vector<std::string> parts;
  const std::string first = input.arms.front().name;
  const bool alone = input.arms.size() < 2;
  parts.push_back(
      when_it_comes(input, first, outcome, item, alone ? "" : " " + lower_first(short_arm(input, first)), true));
  const std::string beside = arm_beside(input);
  const bool said = parts.front().find("in half the runs") != std::string::npos;
  if (beside != first)
    parts.push_back(when_it_comes(input, beside, outcome, item, " with " + short_arm(input, beside), !said));
  std::erase(parts, "");
  return parts;
}

bool same_in_all_arms(const ReportInput& input, const std::string& outcome, const std::string& item) {
  return std::all_of(input.arms.begin() + 1, input.arms.end(), [&](const ArmText& arm) {
    const EstimateRow* row =
        input.estimates.find(arm.name, outcome, item, "difference of means", input.arms.front().name);
    return row == nullptr || (row->estimate == 0 && row->low == 0 && row->high == 0);
  });
}

/// "Yes", "No", or what it depends on.
std::string chance_verdict(const ReportInput& input, const EstimateRow& row) {
  if (row.low >= sure) return "Yes";
  if (row.high <= 1 - sure) return "No";
  const auto named = deciding_rows(input);
  return "Depends on " + (named.empty() ? "luck" : lower_first(named.front()->label));
}

/// The comparator first, as a verdict; then the chances of the others, the greatest first.
Answer chance_answer(const ReportInput& input, const std::string& label, const std::string& outcome,
                     const std::string& item) {
  const EstimateRow* base = chance_of(input, input.arms.front().name, outcome, item);
  if (base == nullptr) return {};
  Answer result;
  result.verdict = chance_verdict(input, *base);
  const bool settled = result.verdict == "Yes" || result.verdict == "No";
  if (input.arms.size() < 2) {
    result.text = fmt::format("{}. {}: {}.", settled ? result.verdict : "It depends", label,
                              in_100_beside(label, base->estimate, base->mc_error));
    return result;
  }
  const std::string comparator = upper_first(short_arm(input, input.arms.front().name));
  result.text =
      settled ? fmt::format("{}, {}. ", comparator, lower_first(result.verdict))
              : fmt::format("{}, it depends ({}). ", comparator, in_100_beside(label, base->estimate, base->mc_error));
  result.text += label + ": ";
  std::vector<const EstimateRow*> rows;
  for (const ArmText& arm : input.arms) {
    if (&arm == &input.arms.front()) continue;
    if (const EstimateRow* row = chance_of(input, arm.name, outcome, item)) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const EstimateRow* a, const EstimateRow* b) { return a->estimate > b->estimate; });
  for (const EstimateRow* row : rows) {
    const bool first = row == rows.front();
    result.parts.push_back(
        short_arm(input, row->arm) + " " +
        (first ? in_100_beside(label, row->estimate, row->mc_error) : bare_in_100(row->estimate, row->mc_error)));
  }
  return result;
}

/// "0 to 48 fewer", "3 fewer to 5 more": an arm less the first on the same draws and luck, which the arms' own ranges
/// hide; nothing where it is not known, or is of shares.
std::string difference_range(const ReportInput& input, const std::string& arm, const std::string& outcome,
                             const std::string& item) {
  const EstimateRow* row = input.estimates.find(arm, outcome, item, "difference of means", input.arms.front().name);
  if (row == nullptr || row->unit == "share" || !std::isfinite(row->low) || !std::isfinite(row->high)) return "";
  const bool pounds = row->unit.starts_with("£");
  const std::string fewer = pounds ? " less" : " fewer";
  const bool whole = std::max(std::abs(row->low), std::abs(row->high)) >= 2;  // a range needs no decimals
  const double error = std::max(row->mc_error, whole ? 1.0 : 0.0);
  const auto size = [&](double value) { return (pounds ? "£" : "") + rounded(std::abs(value), error); };
  if (row->low == 0 && row->high == 0) return "no" + fewer;
  if (row->low < 0 && row->high > 0) return size(row->low) + fewer + " to " + size(row->high) + " more";
  const bool less = row->high <= 0;
  const std::string near = size(less ? row->high : row->low), far = size(less ? row->low : row->high);
  return (near == far ? near : near + " to " + far) + (less ? fewer : " more");
}

/// "Beds empty: 3 to 7 as it is, 1 to 2 fewer with fewer contracts": 95 in 100 runs lie in the ranges.
Answer amount_answer(const ReportInput& input, const OutcomeText& text, const std::string& item) {
  Answer result;
  result.text = upper_first(text.label) +
                (item.empty()       ? ""
                 : Date::read(item) ? " on " + item_words(item)
                                    : ", " + item) +
                ": ";
  for (const ArmText& arm : input.arms) {
    const EstimateRow* mean = input.estimates.find(arm.name, text.name, item, "mean");
    if (mean == nullptr) continue;
    const bool first = &arm == &input.arms.front();
    const std::string who = input.arms.size() < 2 ? ""
                            : first               ? " " + lower_first(short_arm(input, arm.name))
                                                  : " with " + short_arm(input, arm.name);
    const std::string against = first ? "" : difference_range(input, arm.name, text.name, item);
    result.parts.push_back((against.empty() ? range_of(*mean) : against) + who);
  }
  if (result.parts.empty()) return {};
  result.verdict = result.text + result.parts.front();
  return result;
}

}  // namespace

std::string short_arm(const ReportInput& input, const std::string& arm) {
  const auto found =
      std::find_if(input.arms.begin(), input.arms.end(), [&](const ArmText& a) { return a.name == arm; });
  if (found == input.arms.end()) return arm;
  if (!found->short_label.empty()) return found->short_label;
  std::string words = found->name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string outcome_words(const ReportInput& input, const std::string& outcome, const std::string& item) {
  for (const OutcomeText& text : input.outcome_texts)
    if (text.name == outcome && !text.label.empty()) return by_item(text.label, item);
  for (const OutcomeField& field : input.outcome_fields)
    if (field.name == outcome) return by_item(without_stop(field.help), item);
  return by_item(outcome, item);
}

std::optional<double> headline_error(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  std::optional<double> largest;
  const auto add = [&](double error) { largest = std::max(largest.value_or(0), error); };
  for (const EstimateRow& row : input.estimates.rows)
    if (row.statistic == "chance" && (answer == nullptr || row.outcome == answer->name)) add(row.mc_error);
  for (const PlaceboResult& result : input.null_results.placebos)
    for (const PlaceboPoint& point : result.points)
      if (point.explained_error) add(*point.explained_error);  // of shares of a fall
  return largest;
}

std::optional<double> headline_mean_error(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  if (answer == nullptr || kind_of(input, answer->name) != OutcomeField::Kind::amount) return std::nullopt;
  const std::vector<std::string> items = items_of(input, answer->name);
  std::optional<double> largest;
  for (const ArmText& arm : input.arms) {
    const EstimateRow* mean = input.estimates.find(arm.name, answer->name, items.empty() ? "" : items.back(), "mean");
    if (mean != nullptr && mean->estimate != 0)
      largest = std::max(largest.value_or(0), mean->mc_error / std::abs(mean->estimate));
  }
  return largest;
}

Answer unprinted_answer(const ReportInput& input) {
  Answer answer;
  answer.verdict = "Can't be answered with these figures";
  constexpr std::size_t of_a_line = 97;
  const std::string nowhere = ": " + input.unprinted + " is printed nowhere.";
  const std::string whole = answer.verdict + nowhere;
  answer.parts = {letters_in(whole) <= of_a_line ? whole : "Can't be answered" + nowhere};
  if (input.people && !input.people->funnel)
    answer.parts.push_back("What could be shown:");
  else if (!input.people && (!input.needs.empty() || !input.sums.empty()))
    answer.parts.push_back("What each number would mean:");
  return answer;
}

Answer projection_answer(const ReportInput& input) {
  if (!input.unprinted.empty()) return unprinted_answer(input);
  return assumed_answer(input);
}

Answer assumed_answer(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  if (answer == nullptr || input.arms.empty()) return {};
  const std::vector<std::string> items = items_of(input, answer->name);
  const std::string item = items.empty() ? "" : items.back();
  const std::string label = by_item(answer->label, item);
  switch (kind_of(input, answer->name)) {
    case OutcomeField::Kind::amount:
      return amount_answer(input, *answer, item);
    case OutcomeField::Kind::time_until: {
      Answer result{"", upper_first(label) + " ", times_by_arm(input, answer->name, item)};
      if (result.parts.empty()) return {};
      result.verdict = result.text + result.parts.front();
      return result;
    }
    case OutcomeField::Kind::chance:
      break;
  }
  return chance_answer(input, label, answer->name, item);
}

Answer best_answer(const ReportInput& input) {
  Answer answer;
  if (!input.best || !input.decided) return answer;
  const DecisionResult& result = *input.decided;
  const std::string leader = short_arm(input, input.arms.at(result.leader).name);
  const std::string what = fmt::format("{} {}", input.best->rule.more_is_better ? "most" : "least", input.best->label);
  answer.verdict = verdict_word(result.verdict);
  switch (result.verdict) {
    case DecisionResult::Verdict::settled:
      answer.text = fmt::format("{} ({}): more draws would not change it.", upper_first(leader), what);
      break;
    case DecisionResult::Verdict::settled_within:
      answer.text = fmt::format("{} ({}), or as good as: another arm is better by less than {} if at all.",
                                upper_first(leader), what, input.best->within);
      break;
    case DecisionResult::Verdict::not_settled:
      answer.text = fmt::format("{} leads ({}), but {} draws do not settle it: raise most_draws or within.",
                                upper_first(leader), what, whole_number(static_cast<double>(result.draws)));
      break;
  }
  return answer;
}

Answer people_answer(const ReportInput& input) {
  Answer answer;
  if (input.arms.empty()) return answer;
  for (const OutcomeText& text : input.outcome_texts) {
    if (text.line != OutcomeText::Line::people) continue;
    const std::vector<std::string> items = items_of(input, text.name);
    if (items.empty()) continue;
    const std::string& item = items.back();
    const std::string when = item.empty() ? "" : (Date::read(item) ? "on " : "") + item_words(item);
    switch (kind_of(input, text.name)) {
      case OutcomeField::Kind::time_until: {
        const auto times = times_by_arm(input, text.name, item);
        for (std::size_t i = 0; i < times.size(); ++i)
          answer.parts.push_back(i == 0 ? by_item(text.label, item) + " " + times[i] : times[i]);
        continue;
      }
      case OutcomeField::Kind::chance: {
        const std::string chances = chances_by_arm(input, text.name, item);
        if (!chances.empty()) answer.parts.push_back(by_item(text.label, item) + " " + chances);
        continue;
      }
      case OutcomeField::Kind::amount:
        break;
    }
    if (same_in_all_arms(input, text.name, item)) {
      const EstimateRow* mean = input.estimates.find(input.arms.front().name, text.name, item, "mean");
      if (mean != nullptr)
        answer.parts.push_back(range_of(*mean) + " " + lower_first(text.label) + (when.empty() ? "" : " " + when));
      continue;
    }
    // The outcome that differs between arms names the line; its date stands in the sentence.
    if (!item.empty() && answer.verdict.empty()) answer.verdict = upper_first(text.label);
    answer.parts.push_back((when.empty() ? text.label : when) + " " + ranges_by_arm(input, text.name, item));
  }
  if (answer.verdict.empty()) answer.verdict = "People";
  return answer;
}

std::vector<Answer> reading_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  if (input.arms.empty()) return answers;
  std::vector<std::string> arms{input.arms.front().name};
  if (const std::string beside = arm_beside(input); beside != arms.front()) arms.push_back(beside);
  for (const std::string& arm : arms) {
    Answer answer;
    answer.text = input.arms.size() < 2 ? "" : upper_first(short_arm(input, arm)) + ": ";
    for (const OutcomeText& text : input.outcome_texts) {
      if (text.line != OutcomeText::Line::reading) continue;
      const EstimateRow* mean = input.estimates.find(arm, text.name, "", "mean");
      if (mean == nullptr || std::isnan(mean->estimate)) continue;
      const bool share = mean->unit == "share";
      const double scale = share ? 100 : 1, error = scale * mean->mc_error;
      const std::string value = with_minus_sign(rounded(scale * mean->estimate, share ? std::max(1.0, error) : error));
      answer.parts.push_back(fmt::format("{}{} {} ({})", value, share ? "%" : "", text.label,
                                         signed_range(scale * mean->low, scale * mean->high, error)));
    }
    if (!answer.parts.empty()) answers.push_back(std::move(answer));
  }
  return answers;
}

Answer price_answer(const ReportInput& input) {
  Answer answer;
  answer.verdict = "Price";
  for (const OutcomeText& text : input.outcome_texts) {
    if (text.line != OutcomeText::Line::price) continue;
    const std::vector<std::string> items = items_of(input, text.name);
    if (items.empty()) continue;
    // From the arm that costs least to the one that costs most, of those that cost anything.
    EstimateRow all;
    all.low = infinity;
    all.high = -all.low;
    std::vector<std::string> arms;
    for (const ArmText& arm : input.arms) {
      const EstimateRow* mean = input.estimates.find(arm.name, text.name, items.back(), "mean");
      if (mean == nullptr || (mean->estimate == 0 && mean->high == 0)) continue;
      all.unit = mean->unit;
      all.low = std::min(all.low, mean->low);
      all.high = std::max(all.high, mean->high);
      all.mc_error = std::max(all.mc_error, mean->mc_error);
      arms.push_back(short_arm(input, arm.name));
    }
    if (arms.empty()) continue;
    const bool first = answer.parts.empty();
    const std::string who = !first || arms.size() == input.arms.size() ? ""
                            : arms.size() == 1                         ? " (" + arms.front() + ")"
                                               : fmt::format(" in {} of the {} arms", arms.size(), input.arms.size());
    answer.parts.push_back(range_of(all) + " " + text.label + who);
  }
  return answer;
}

}  // namespace desist
