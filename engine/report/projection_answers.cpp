#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// From here a chance is called yes, and below one less this, no: nineteen times in twenty.
constexpr double sure = 0.95;
/// Shares of the spread smaller than this are not named on the first screen.
constexpr double worth_naming = 0.05;
/// A second figure is named where its share is more than this much of the first one's.
constexpr double worth_naming_second = 0.5;

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

/// The reported arm with the greatest chance of the headline.
std::string likeliest_arm(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  if (answer == nullptr) return input.arms.empty() ? "" : input.arms.back().name;
  const std::vector<std::string> items = items_of(input, answer->name);
  std::string best;
  double most = -1;
  for (const ArmText& arm : input.arms) {
    const EstimateRow* row = chance_of(input, arm.name, answer->name, items.empty() ? "" : items.back());
    if (row != nullptr && row->estimate > most) {
      most = row->estimate;
      best = arm.name;
    }
  }
  return best;
}

std::vector<const InfluenceRow*> deciding(const ReportInput& input) {
  std::vector<const InfluenceRow*> rows;
  for (const InfluenceRow& row : input.estimates.influence) {
    // Only what stands clear of its own error is named.
    if (row.parameter != "(luck)" && row.share >= worth_naming && row.share > 2 * row.mc_error) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const InfluenceRow* a, const InfluenceRow* b) { return a->share > b->share; });
  return rows;
}

/// The forecast whose year a parameter is: its years are drawn together and share what they decide.
const Forecast* forecast_of(const ReportInput& input, const std::string& parameter) {
  for (const Forecast& forecast : input.forecasts)
    for (int year = 0; year < forecast.years; ++year)
      if (parameter == forecast.name + "." + forecast.year_name(year)) return &forecast;
  return nullptr;
}

const FigureSource* source_of(const ReportInput& input, const std::string& name) {
  const auto found = std::find_if(input.sources.begin(), input.sources.end(),
                                  [&](const FigureSource& source) { return source.name == name; });
  return found == input.sources.end() ? nullptr : &*found;
}

/// "1,900 to 2,150 as it was, none to 1,300 with criteria and weekly".
std::string ranges_by_arm(const ReportInput& input, const std::string& outcome, const std::string& item) {
  const std::string first = input.arms.front().name;
  const EstimateRow* base = input.estimates.find(first, outcome, item, "mean");
  if (base == nullptr) return "";
  std::string text = rounded_range(base->low, base->high, base->mc_error) + " " + lower_first(short_arm(input, first));
  const std::string best = likeliest_arm(input);
  const EstimateRow* other = best == first ? nullptr : input.estimates.find(best, outcome, item, "mean");
  if (other != nullptr) {
    text += ", " + rounded_range(other->low, other->high, other->mc_error) + " with " + short_arm(input, best);
  }
  return text;
}

bool same_in_all_arms(const ReportInput& input, const std::string& outcome, const std::string& item) {
  return std::all_of(input.arms.begin() + 1, input.arms.end(), [&](const ArmText& arm) {
    const EstimateRow* row =
        input.estimates.find(arm.name, outcome, item, "difference of means", input.arms.front().name);
    return row == nullptr || (row->estimate == 0 && row->low == 0 && row->high == 0);
  });
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

double headline_error(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  double largest = 0;
  for (const EstimateRow& row : input.estimates.rows) {
    if (row.statistic == "chance" && (answer == nullptr || row.outcome == answer->name)) {
      largest = std::max(largest, row.mc_error);
    }
  }
  return largest;
}

Answer projection_answer(const ReportInput& input) {
  const OutcomeText* answer = headline(input);
  if (answer == nullptr || input.arms.empty()) return {};
  const std::vector<std::string> items = items_of(input, answer->name);
  const std::string item = items.empty() ? "" : items.back();
  const EstimateRow* base = chance_of(input, input.arms.front().name, answer->name, item);
  if (base == nullptr) return {};

  Answer result;
  const std::string comparator = upper_first(short_arm(input, input.arms.front().name));
  if (base->low >= sure) {
    result.verdict = "Yes";
    result.text = comparator + ", yes. ";
  } else if (base->high <= 1 - sure) {
    result.verdict = "No";
    result.text = comparator + ", no. ";
  } else {
    const auto named = deciding(input);
    result.verdict = "Depends on " + (named.empty() ? "luck" : lower_first(named.front()->label));
    result.text = fmt::format("{}, it depends ({}). ", comparator, in_100(base->estimate, base->mc_error));
  }
  if (input.arms.size() < 2) {
    result.text = trimmed(result.text);
    return result;
  }

  result.text += by_item(answer->label, item) + ": ";
  std::vector<const EstimateRow*> rows;
  for (const ArmText& arm : input.arms) {
    if (&arm == &input.arms.front()) continue;
    if (const EstimateRow* row = chance_of(input, arm.name, answer->name, item)) rows.push_back(row);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const EstimateRow* a, const EstimateRow* b) { return a->estimate > b->estimate; });
  for (const EstimateRow* row : rows) {
    const bool first = row == rows.front();
    result.parts.push_back(short_arm(input, row->arm) + " " +
                           (first ? in_100(row->estimate, row->mc_error) : bare_in_100(row->estimate, row->mc_error)));
  }
  return result;
}

std::vector<Answer> need_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (std::size_t n = 0; n < input.needs.size(); ++n) {
    const Need& need = input.needs[n];
    Answer answer;
    answer.verdict = need.label;
    answer.text = fmt::format("For a chance of {}: ", in_100(need.chance, 0));
    for (const NeedResult& result : input.found.needs) {
      if (result.need != n) continue;
      const bool comparator = result.arm == input.arms.front().name;
      const std::string with = comparator ? "" : " with " + lower_first(short_arm(input, result.arm));
      switch (result.verdict) {
        case NeedResult::Verdict::found:
        case NeedResult::Verdict::already_met:
          answer.parts.push_back(whole_number(*result.level) + (answer.parts.empty() ? " " + need.label : "") + with);
          break;
        case NeedResult::Verdict::nothing_does:
          answer.parts.push_back(fmt::format("no number of {} does it{}", need.label, with));
          break;
        case NeedResult::Verdict::not_settled:
          answer.parts.push_back(fmt::format("not settled{}", comparator ? " as it was" : with));
          break;
      }
    }
    if (answer.parts.empty()) continue;
    answer.parts.back() += fmt::format(". Now {}", whole_number(need.present));
    answers.push_back(std::move(answer));
  }
  return answers;
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
    if (same_in_all_arms(input, text.name, item)) {
      const EstimateRow* mean = input.estimates.find(input.arms.front().name, text.name, item, "mean");
      if (mean != nullptr)
        answer.parts.push_back(rounded_range(mean->low, mean->high, mean->mc_error) + " " + text.label);
      continue;
    }
    // The outcome that differs between arms names the line; its date stands in the sentence.
    const std::string when = item.empty() ? text.label + " " : (Date::read(item) ? "on " : "") + item_words(item) + " ";
    if (!item.empty() && answer.verdict.empty()) answer.verdict = upper_first(text.label);
    answer.parts.push_back(when + ranges_by_arm(input, text.name, item));
  }
  if (answer.verdict.empty()) answer.verdict = "People";
  return answer;
}

Answer price_answer(const ReportInput& input) {
  Answer answer;
  answer.verdict = "Price";
  for (const OutcomeText& text : input.outcome_texts) {
    if (text.line != OutcomeText::Line::price) continue;
    const std::vector<std::string> items = items_of(input, text.name);
    if (items.empty()) continue;
    // From the arm that costs least to the one that costs most, of those that cost anything.
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    double error = 0;
    std::vector<std::string> arms;
    for (const ArmText& arm : input.arms) {
      const EstimateRow* mean = input.estimates.find(arm.name, text.name, items.back(), "mean");
      if (mean == nullptr || (mean->estimate == 0 && mean->high == 0)) continue;
      low = std::min(low, mean->low);
      high = std::max(high, mean->high);
      error = std::max(error, mean->mc_error);
      arms.push_back(short_arm(input, arm.name));
    }
    if (arms.empty()) continue;
    const bool first = answer.parts.empty();
    const std::string who = !first || arms.size() == input.arms.size() ? ""
                            : arms.size() == 1                         ? " (" + arms.front() + ")"
                                               : fmt::format(" in {} of the {} arms", arms.size(), input.arms.size());
    answer.parts.push_back(rounded_range(low, high, error) + " " + text.label + who);
  }
  return answer;
}

Answer decides_answer(const ReportInput& input) {
  Answer answer;
  const auto rows = deciding(input);
  bool assumed = !rows.empty();
  std::set<std::string> named;
  for (const InfluenceRow* row : rows) {
    const bool enough = !named.empty() && row->share <= worth_naming_second * rows.front()->share;
    const Forecast* forecast = forecast_of(input, row->parameter);
    const std::string label = forecast != nullptr ? forecast->label + " to come" : row->label;
    if (named.size() == 2 || enough || !named.insert(forecast != nullptr ? forecast->name : row->parameter).second)
      continue;
    const std::string share = rounded(100 * row->share, std::max(1.0, 100 * row->mc_error));  // no decimals here
    answer.parts.push_back(named.size() == 1 ? fmt::format("{} ({}% of the spread)", label, share)
                                             : fmt::format("{} ({}%)", lower_first(label), share));
    const FigureSource* source = source_of(input, row->parameter);
    assumed = assumed && source != nullptr && source->kind == FigureSource::Kind::assumption;
  }
  if (assumed && !answer.parts.empty()) answer.verdict = "Not printed.";
  return answer;
}

}  // namespace desist
