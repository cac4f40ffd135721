#include "engine/report/appraisal_words.hpp"

#include <algorithm>
#include <cmath>
#include <exception>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

struct MoneyScale {
  double by = 1;
  std::string word;  // " million"
};

/// The scale in which an amount is told once it is rounded to `unit`: 999,600 to the thousand is "1 million".
MoneyScale scale_of(double size, double unit) {
  const double told = std::round(size / unit) * unit;
  if (told >= 1e9) return {1e9, " billion"};
  if (told >= 1e6) return {1e6, " million"};
  return {};
}

double power_of_ten(double size) { return size > 0 ? std::pow(10.0, std::floor(std::log10(size) + 1e-12)) : 0.0; }

/// Whole pounds from ten pounds on, whole pence below: no money is finer.
double least_unit(double size) { return size >= 10 ? 1 : 0.01; }

double error_unit(double mc_error) { return std::isfinite(mc_error) ? power_of_ten(mc_error) : 0.0; }

std::string in_scale(double value, double unit, const MoneyScale& scale) {
  const double snapped = std::round(value / unit) * unit;
  const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(unit / scale.by) - 1e-9)), 0, 4);
  std::string text = decimals == 0 ? whole_number(std::abs(snapped) / scale.by)
                                   : fmt::format("{:.{}f}", std::abs(snapped) / scale.by, decimals);
  if (decimals > 0) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  const bool is_nothing = text == "0";
  return (snapped < 0 && !is_nothing ? "−£" : "£") + text + (is_nothing ? "" : scale.word);
}

/// The words after a number whose unit is a declared one ("case/week") or words already ("people per year").
std::string unit_after(double value, const std::string& unit) {
  const bool is_one_time = hours_in(unit).has_value() && !unit.ends_with('s');  // "week", as a model declares it
  if (is_one_time) return std::abs(value) == 1 ? unit : plural(unit);
  if (unit.empty() || unit.find(' ') != std::string::npos) return unit;
  if (unit.find('/') == std::string::npos)  // "course", as a model declares it, or "posts", as a file has it
    return std::abs(value) == 1 ? singular(unit) : singular(unit) == unit ? plural(unit) : unit;
  try {
    return Unit::parse(unit).in_words(value);
  } catch (const std::exception&) {
    return unit;
  }
}

/// Savings of which less than one whole step is freed in a mean year: in no draw or in some only can one be cashed
/// (known after a run).
std::vector<AppraisalWarning> steps_too_large(const ReportInput& input) {
  std::vector<AppraisalWarning> warnings;
  for (const FlowValue& value : input.appraised.flows) {
    const Flow& flow = input.appraisal->flows.at(value.flow);
    if (!flow.step || value.arm == 0) continue;
    const double freed = flow.role == Flow::Role::benefit ? value.quantity - value.quantity_comparator
                                                          : value.quantity_comparator - value.quantity;
    const ArmValue* worth = main_value(input, value.arm);
    const bool cashes_something = worth != nullptr && worth->cashable.mean > 0;  // before it has faded
    const double a_year = freed / (flow.yearly ? flow.last - flow.first + 1 : 1);
    if (!(a_year > 0) || a_year >= *flow.step) continue;
    const std::string_view per_year = " per year";
    std::string unit = flow.quantity_unit;
    if (unit.ends_with(per_year)) unit.resize(unit.size() - per_year.size());
    const std::string number = rounded(a_year, 0);
    const std::string arm = input.appraised.arm_names.size() > 2 ? appraised_arm(input, value.arm) + ", " : "";
    warnings.push_back(
        {"savings counted that can't be cashed",
         fmt::format("{}{}: {} {} {} freed on average, and a step is {}: {}. The net value counts them in full.", arm,
                     flow.label, number, number == "1" ? singular(unit) : unit, flow.yearly ? "a year are" : "are",
                     flow.step_in_words,
                     value.steps && value.steps->mean > 0 ? "only some draws free one"
                     : flow.fades && cashes_something     ? "once it has faded nothing can be cashed"
                                                          : "nothing can be cashed")});
  }
  return warnings;
}

}  // namespace

std::string money(double value, double mc_error) {
  if (!std::isfinite(value)) return whole_number(value);
  const double size = std::abs(value);
  if (size == 0) return "£0";
  const double unit = std::max({power_of_ten(size) / 100, error_unit(mc_error), least_unit(size)});
  return in_scale(value, unit, scale_of(size, unit));
}

std::string money_range(double low, double high, double mc_error) {
  if (!std::isfinite(low) || !std::isfinite(high)) return money(low, mc_error) + " to " + money(high, mc_error);
  const double size = std::max(std::abs(low), std::abs(high));
  if (size == 0) return "£0";
  const double unit = std::max({power_of_ten(size) / 10, error_unit(mc_error), least_unit(size)});
  const MoneyScale scale = scale_of(size, unit);
  const std::string first = in_scale(low, unit, scale), second = in_scale(high, unit, scale);
  return first == second ? first : first + " to " + second;
}

std::string money_with_range(const DrawnAmount& amount) {
  const std::string mean = money(amount.mean, amount.mc_error);
  if (std::isnan(amount.low) || std::isnan(amount.high) || amount.low == amount.high) return mean;
  return mean + " (" + money_range(amount.low, amount.high, amount.mc_error) + ")";
}

std::string figure_value(double value, const std::string& unit, double error) {
  if (unit.starts_with("£")) {
    std::string rest = unit.substr(std::string("£").size());
    if (rest.starts_with('/')) rest = " a " + rest.substr(1);
    return money(value, error) + (rest.empty() || rest.starts_with(' ') ? rest : " " + rest);
  }
  const bool is_share = unit == "share" || unit.starts_with("share/") || unit == "%";
  if (is_share) {
    const double scale = unit == "%" ? 1 : 100;
    const std::string per = unit.starts_with("share/") ? " a " + unit.substr(6) : "";
    return with_minus_sign(rounded(scale * value, scale * error)) + "%" + per;
  }
  const std::string number = with_minus_sign(rounded(value, error));
  const std::string after = unit == "1" ? "" : unit_after(value, unit);
  return after.empty() ? number : number + " " + after;
}

std::string figure_unit(const ReportInput& input, std::size_t slot, const std::string& unit) {
  const bool is_bare = unit.empty() || unit == "1";
  if (is_bare && slot < input.parameters.size() && input.parameters[slot].unit == "share") return "share";
  return unit;
}

namespace {

/// Where a figure is a parameter of the model alone: what the file says of it.
const FigureSource* source_of_model(const ReportInput& input, const SwitchingValue& row) {
  for (const AppraisalInput& each : input.appraisal->inputs)
    if (std::find(each.slots.begin(), each.slots.end(), row.slot) != each.slots.end()) return nullptr;
  const auto source = std::find_if(input.sources.begin(), input.sources.end(),
                                   [&](const FigureSource& each) { return each.name == row.name; });
  return source == input.sources.end() ? nullptr : &*source;
}

}  // namespace

WordedUnit worded_unit(const ReportInput& input, const SwitchingValue& row) {
  const FigureSource* source = source_of_model(input, row);
  if (source == nullptr) return {figure_unit(input, row.slot, row.unit)};
  const PrintedUnit printed = printed_unit(Unit::parse(row.unit), source->printed);
  return {printed.unit.text(), printed.factor};
}

std::string value_of_figure(const ReportInput& input, const SwitchingValue& row, double value, double error) {
  const auto [unit, factor] = worded_unit(input, row);
  const FigureSource* source = source_of_model(input, row);
  const std::string beside = source == nullptr ? unit : unit_beside(source->label, Unit::parse(unit)).text();
  return figure_value(value * factor, beside, error * factor);
}

std::string appraised_arm(const ReportInput& input, std::size_t arm) {
  const std::vector<std::string>& names = input.appraised.arm_names;
  const std::string name = arm < names.size() ? names[arm] : arm < input.arms.size() ? input.arms[arm].name : "";
  for (const ArmText& text : input.arms)
    if (text.name == name && !text.label.empty()) return text.label;
  if (input.appraisal && input.appraisal->table) {
    const DrawsTable& table = *input.appraisal->table;
    for (std::size_t s = 0; s < table.strategies.size() && s < table.strategy_labels.size(); ++s)
      if (table.strategies[s] == name && !table.strategy_labels[s].empty()) return table.strategy_labels[s];
  }
  std::string words = name;
  std::replace(words.begin(), words.end(), '_', ' ');
  return upper_first(words);
}

std::string short_appraised_arm(const ReportInput& input, std::size_t arm) {
  const std::vector<std::string>& names = input.appraised.arm_names;
  if (arm < names.size())
    for (const ArmText& text : input.arms)
      if (text.name == names[arm] && !text.short_label.empty()) return text.short_label;
  return appraised_arm(input, arm);
}

std::size_t main_form(const ReportInput& input) {
  const std::vector<Fade>& fades = input.appraisal->fades;
  const bool weighted =
      std::any_of(fades.begin(), fades.end(), [](const Fade& fade) { return fade.weight.has_value(); });
  return weighted || fades.empty() ? fades.size() : 0;
}

const ArmValue* main_value(const ReportInput& input, std::size_t arm) {
  for (const ArmValue& value : input.appraised.arms)
    if (value.arm == arm && value.fade == main_form(input) && value.discounting == 0) return &value;
  return nullptr;
}

std::optional<std::size_t> leading_arm(const ReportInput& input) {
  std::optional<std::size_t> best;
  double most = 0;
  for (const ArmValue& value : input.appraised.arms) {
    if (value.fade != main_form(input) || value.discounting != 0 || value.arm == 0 || std::isnan(value.npv.mean))
      continue;
    const SwitchingValue* asked = input.appraised.is_question_held ? asked_figure(input, value.arm) : nullptr;
    const double worth = asked == nullptr ? value.npv.mean : (asked->npv_low + asked->npv_high) / 2;
    if (best && worth <= most) continue;
    best = value.arm;
    most = worth;
  }
  return best;
}

std::vector<const SwitchingValue*> deciding_figures(const ReportInput& input, std::size_t arm) {
  std::vector<const SwitchingValue*> found;
  for (const SwitchingValue& figure : input.appraised.switching)
    if (figure.arm == arm && switches_within_range(figure)) found.push_back(&figure);
  std::stable_sort(found.begin(), found.end(), [](const SwitchingValue* a, const SwitchingValue* b) {
    return std::abs(a->npv_high - a->npv_low) > std::abs(b->npv_high - b->npv_low);
  });
  return found;
}

const SwitchingValue* asked_figure(const ReportInput& input, std::size_t arm) {
  for (const SwitchingValue& figure : input.appraised.switching)
    for (const AppraisalInput& each : input.appraisal->inputs)
      if (each.is_asked && figure.arm == arm && each.slots.at(arm) == figure.slot) return &figure;
  return nullptr;
}

AppraisalVerdict appraisal_verdict(const ReportInput& input, std::size_t arm) {
  constexpr double sure_to_pay = 0.9;  // the plan's rule: nine draws in ten
  constexpr double wide = 1.96;
  const ArmValue* value = main_value(input, arm);
  if (value == nullptr) return {};
  if (input.appraised.is_question) {
    const SwitchingValue* asked = asked_figure(input, arm);
    if (asked == nullptr) return {WorthIt::not_shown, nullptr};
    const double least = std::min(asked->npv_low, asked->npv_high), most = std::max(asked->npv_low, asked->npv_high);
    if (least - wide * asked->npv_error > 0) return {WorthIt::yes, nullptr};
    if (most + wide * asked->npv_error < 0) return {WorthIt::no, nullptr};
    return {WorthIt::depends, asked};
  }
  if (value->chance_pays - wide * value->chance_error >= sure_to_pay) return {WorthIt::yes, nullptr};
  if (value->chance_pays + wide * value->chance_error <= 1 - sure_to_pay) return {WorthIt::no, nullptr};
  const auto deciding = deciding_figures(input, arm);
  if (deciding.empty()) return {WorthIt::not_shown, nullptr};
  return {WorthIt::depends, deciding.front()};
}

std::string verdict_words(const AppraisalVerdict& verdict) {
  switch (verdict.worth_it) {
    case WorthIt::yes:
      return "Yes";
    case WorthIt::no:
      return "No";
    case WorthIt::depends:
      return "Depends on " + without_stop(lower_first(verdict.on->label));
    case WorthIt::not_shown:
      break;
  }
  return "Not shown either way";
}

bool switches_within_range(const SwitchingValue& figure) {
  return figure.switches_at && *figure.switches_at >= figure.low_value && *figure.switches_at <= figure.high_value;
}

std::string switching_words(const ReportInput& input, const SwitchingValue& figure) {
  if (figure.switches > 1) return "turns more than once";
  if (!figure.switches_at) return "does not change the answer";
  const bool rises = figure.npv_high > figure.npv_low;
  return fmt::format("pays {} {}", rises ? "above" : "below",
                     value_of_figure(input, figure, *figure.switches_at, figure.switch_error));
}

std::string kind_in_words(Flow::Kind kind) {
  switch (kind) {
    case Flow::Kind::cashable:
      return "can be cashed";
    case Flow::Kind::fiscal:
      return "public, not cash";
    case Flow::Kind::economic:
      return "economic";
    case Flow::Kind::social:
      break;
  }
  return "social";
}

std::string kind_word(Flow::Kind kind) {
  switch (kind) {
    case Flow::Kind::cashable:
      return "cashable";
    case Flow::Kind::fiscal:
      return "fiscal";
    case Flow::Kind::economic:
      return "economic";
    case Flow::Kind::social:
      break;
  }
  return "social";
}

std::string role_word(Flow::Role role) {
  switch (role) {
    case Flow::Role::programme_cost:
      return "programme cost";
    case Flow::Role::cost:
      return "cost";
    case Flow::Role::benefit:
      break;
  }
  return "benefit";
}

std::string with_article(const std::string& noun) {
  const bool vowel = !noun.empty() && std::string_view("aeiouAEIOU").find(noun.front()) != std::string_view::npos;
  return (vowel || noun.starts_with("hour") ? "an " : "a ") + noun;
}

std::string formula_as_given(const ReportInput& input, const Formula& formula) {
  for (const FigureSource& source : input.sources)
    if (source.name == formula.written) return source.printed;
  return formula.written;
}

std::string social_group_label(const ReportInput& input, const GroupValue& value) {
  return value.group ? input.appraisal->groups.at(*value.group).label : "Everybody else";
}

std::string weight_in_words(double weight, double mc_error) {
  constexpr double error_of_one_decimal = 0.1;
  return rounded(weight, std::max(mc_error, error_of_one_decimal));
}

std::string weight_with_range(const DrawnAmount& weight) {
  const std::string mean = weight_in_words(weight.mean, weight.mc_error);
  if (!(weight.low < weight.high)) return mean;
  return fmt::format("{} ({} to {})", mean, weight_in_words(weight.low, weight.mc_error),
                     weight_in_words(weight.high, weight.mc_error));
}

std::string form_label(const ReportInput& input, std::size_t fade) {
  if (input.appraisal->fades.empty()) return "nothing fades";
  if (fade >= input.appraisal->fades.size()) return "Forms by their weights";
  const Fade& form = input.appraisal->fades[fade];
  return form.label.empty() ? form.name : form.label;
}

std::string schedule_label(const ReportInput& input, std::size_t schedule) {
  const auto& all = input.appraisal->discounting;
  if (schedule >= all.size()) return "";
  return all[schedule].label.empty() ? all[schedule].name : all[schedule].label;
}

std::string payback_words(const ArmValue& value) {
  if (!value.payback_earliest) return "not within the horizon";
  const auto year = [](int at) { return std::to_string(at + 1); };
  const std::string first = year(*value.payback_earliest),
                    last = value.payback_latest ? year(*value.payback_latest) : "not within the horizon";
  if (!value.payback_year)
    return fmt::format("not within the horizon ({} at the earliest, by the simulation's error)", "year " + first);
  const std::string by = "by the end of year " + year(*value.payback_year);
  if (first == last) return by;
  return fmt::format("{} ({} {} {}, by the simulation's error)", by, first, value.payback_latest ? "to" : "or", last);
}

std::string years_in_words(double years) { return counted(years, "year"); }

const StudyValue* best_study(const ReportInput& input) {
  if (!input.appraised.information) return nullptr;
  const StudyValue* best = nullptr;
  for (const StudyValue& study : input.appraised.information->studies)
    if (study.is_best && study.net > 2 * study.net_error && (best == nullptr || study.net > best->net)) best = &study;
  return best;
}

std::string needed_range(const DrawnAmount& share) {
  // Of what is expected no more than all can be averted.
  if (share.low > 1) return "more than all";
  if (share.high > 1) {
    const std::string least = rounded(100 * share.low, std::max(1.0, 100 * share.mc_error));
    return (share.low > 0 && least == "0" ? "under 1" : least) + " to more than all";
  }
  const std::string range = rounded_range(100 * share.low, 100 * share.high, 100 * share.mc_error);
  const bool hides_some = share.low > 0 && range.starts_with("0 to ");
  return hides_some ? "under 1" + range.substr(1) : range;
}

double appraisal_error(const ReportInput& input) {
  double largest = 0;
  for (std::size_t arm = 1; arm < input.appraised.arm_names.size(); ++arm)
    if (const ArmValue* value = main_value(input, arm); value != nullptr && std::isfinite(value->chance_error))
      largest = std::max(largest, value->chance_error);
  if (input.appraised.is_question)  // of the value that is the answer
    for (const BreakEvenValue& each : input.appraised.break_evens)
      if (each.value && std::isfinite(each.value_error)) largest = std::max(largest, each.value_error);
  if (leading_arm(input)) return largest;
  for (const Acceptability& curve : input.appraised.acceptability)
    for (const double error : curve.chance_error) largest = std::max(largest, error);
  for (const PortfolioValue& value : input.appraised.portfolio)
    largest = std::max({largest, value.chance_possible_error, value.chance_error.value_or(0)});
  return largest;
}

std::vector<AppraisalWarning> appraisal_warnings(const ReportInput& input) {
  std::vector<AppraisalWarning> warnings;
  if (!input.appraisal) return warnings;
  std::vector<std::string> unverified;
  for (const AppraisalInput& each : input.appraisal->inputs)
    if (each.is_unverified) unverified.push_back(lower_first(each.label.empty() ? each.name : each.label));
  if (!unverified.empty())
    warnings.push_back({"unverified unit costs",
                        fmt::format("Nobody here has seen the printed source of {} {}: the assumption beside {} "
                                    "decides, as wide as it is.",
                                    unverified.size() == 1 ? "this unit cost:" : "these unit costs:",
                                    listed(unverified), unverified.size() == 1 ? "it" : "each")});
  for (const auto& further : {input.appraisal->warnings, steps_too_large(input)})
    warnings.insert(warnings.end(), further.begin(), further.end());
  return warnings;
}

}  // namespace desist
