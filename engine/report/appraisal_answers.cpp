// What an appraisal comes to, in sentences: whether it pays, what it costs and who gains, and what would change that.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

std::string horizon(const ReportInput& input) { return years_in_words(input.appraisal->years); }

/// "Course: " where there is more than one arm beside the comparator.
std::string arm_before(const ReportInput& input, std::size_t arm) {
  return input.appraised.arm_names.size() > 2 ? upper_first(short_appraised_arm(input, arm)) + ": " : "";
}

/// "pays above 15.8%; in 9 of 10 draws above 35%", the draws being of what else isn't known: a question has no chance.
std::string question_words(const ReportInput& input, const ArmValue& value) {
  const SwitchingValue* asked = asked_figure(input, value.arm);
  if (asked == nullptr) return "what is asked changes nothing";
  std::string words = switching_words(input, *asked);
  for (const BreakEvenValue& each : input.appraised.break_evens) {
    const BreakEven& of = input.appraisal->break_evens.at(each.break_even);
    if (of.arm != value.arm || !each.sure_value || input.appraisal->inputs.at(of.input).slots.at(of.arm) != asked->slot)
      continue;
    words += fmt::format("; in 9 of 10 draws {} {}", asked->npv_high > asked->npv_low ? "above" : "below",
                         figure_value(*each.sure_value, break_even_unit(input, of), each.sure_error));
  }
  return words;
}

/// "at 0% −£15 million, at 30% £13 million".
std::string ends_of_question(const ReportInput& input, const SwitchingValue& asked) {
  const auto at = [&](double value, double npv) {
    return fmt::format("at {} {}", value_of_figure(input, asked, value, 0), money(npv, asked.npv_error));
  };
  return at(asked.low_value, asked.npv_low) + ", " + at(asked.high_value, asked.npv_high);
}

std::string pays_words(const ReportInput& input, const ArmValue& value) {
  if (input.appraised.is_question) return upper_first(arm_before(input, value.arm) + question_words(input, value));
  const std::string chance = chance_that("pays", value.chance_pays, value.chance_error);
  const std::string arm = arm_before(input, value.arm);
  return arm + (arm.empty() ? upper_first(chance) : chance);
}

const Flow& flow_of(const ReportInput& input, const FlowValue& value) { return input.appraisal->flows.at(value.flow); }

/// Bearers whose only money in an arm is what the programme costs them.
bool only_pays(const ReportInput& input, std::size_t arm, const std::string& bearer) {
  bool pays = false;
  for (const FlowValue& value : input.appraised.flows) {
    if (value.arm != arm || flow_of(input, value).bearer != bearer) continue;
    if (flow_of(input, value).role == Flow::Role::programme_cost)
      pays = true;
    else if (value.present_value.mean != 0)
      return false;
  }
  return pays;
}

std::vector<const BearerValue*> bearers_of(const ReportInput& input, std::size_t arm) {
  std::vector<const BearerValue*> found;
  for (const BearerValue& each : input.appraised.bearers)
    if (each.arm == arm) found.push_back(&each);
  std::stable_sort(found.begin(), found.end(), [](const BearerValue* a, const BearerValue* b) {
    return a->present_value.mean > b->present_value.mean;
  });
  return found;
}

/// "21 more domestic-abuse offences": of what points the other way.
std::string effect_words(const ReportInput& input, const EffectValue& value) {
  const Effect& effect = input.appraisal->effects.at(value.effect);
  const double size = std::abs(value.averted.mean);
  const double error = size >= 10 ? std::max(1.0, value.averted.mc_error) : value.averted.mc_error;
  return fmt::format("{} {} {}", rounded(size, error), effect.lower_is_better ? "more" : "fewer", plural(effect.unit));
}

/// Which strategy is best at what one averted may be worth, for a table of draws.
Answer table_answer(const ReportInput& input) {
  Answer answer;
  if (input.appraised.acceptability.empty()) return answer;
  const Acceptability& curve = input.appraised.acceptability.front();
  if (curve.worth.empty()) return answer;
  const Effect& effect = input.appraisal->effects.at(curve.effect);
  const std::size_t first = curve.best.front(), last = curve.best.back();
  answer.verdict = first == last ? upper_first(appraised_arm(input, first))
                                 : fmt::format("Depends on what one {} averted is worth", effect.unit);
  const auto part = [&](std::size_t k) {
    const std::size_t arm = curve.best[k];
    return fmt::format("at {} {}: {}", money(curve.worth[k], 0), lower_first(short_appraised_arm(input, arm)),
                       chance_that("is best", curve.chance_best[arm][k], curve.chance_error[k]));
  };
  for (std::size_t k = 0; k < curve.worth.size(); ++k)
    if (k == 0 || k + 1 == curve.worth.size() || curve.best[k] != curve.best[k - 1]) answer.parts.push_back(part(k));
  answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

/// A programme's label where several fit side by side, else its name as words.
std::string programme_words(const PortfolioProgramme& programme) {
  constexpr std::size_t short_enough = 12;
  if (!programme.label.empty() && letters_in(programme.label) <= short_enough) return programme.label;
  std::string words = programme.name;
  std::replace(words.begin(), words.end(), '_', ' ');
  std::replace(words.begin(), words.end(), '-', ' ');
  return words;
}

/// Programmes under a budget: how many could earn their share at all, in 95 draws of 100 beyond the error.
Answer portfolio_answer(const ReportInput& input) {
  constexpr double surely = 0.95, hardly = 0.05, wide = 1.96;
  std::size_t can = 0, cannot = 0;
  std::size_t all = 0;
  for (const PortfolioValue& value : input.appraised.portfolio) {
    if (!input.appraisal->portfolio->programmes.at(value.programme).outcome_of.empty()) continue;
    ++all;
    const double error = wide * value.chance_possible_error;
    can += value.chance_possible - error >= surely ? 1 : 0;
    cannot += value.chance_possible + error <= hardly ? 1 : 0;
  }
  Answer answer;
  answer.verdict = "No ranking";
  answer.parts.push_back(fmt::format("Of {} {} could earn it back", counted(all, "programme"), can));
  if (cannot > 0) answer.parts.push_back(fmt::format("{} could not, whatever they avert", cannot));
  if (can + cannot < all) answer.parts.push_back(fmt::format("of {} it can't be said", all - can - cannot));
  return answer;
}

}  // namespace

std::string break_even_unit(const ReportInput& input, const BreakEven& asked) {
  const std::vector<AppraisalInput>& inputs = input.appraisal->inputs;
  if (asked.input >= inputs.size()) return "";
  const AppraisalInput& figure = inputs[asked.input];
  const std::size_t arm = std::min(asked.arm, figure.slots.size() - 1);
  return figure.slots.empty() ? figure.unit : figure_unit(input, figure.slots[arm], figure.unit);
}

Answer appraisal_answer(const ReportInput& input) {
  if (!input.appraisal) return {};
  if (input.appraisal->table) return table_answer(input);
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return input.appraised.portfolio.empty() ? Answer{} : portfolio_answer(input);
  const ArmValue& value = *main_value(input, *arm);
  Answer answer;
  answer.verdict = verdict_words(appraisal_verdict(input, *arm));
  if (input.appraised.is_question) {
    answer.parts.push_back(pays_words(input, value));
    return answer;
  }
  answer.parts.push_back(pays_words(input, value) +
                         fmt::format(": {} net over {}", money(value.npv.mean, value.npv.mc_error), horizon(input)));
  if (value.npv.low < value.npv.high)
    answer.parts.back() += " (" + money_range(value.npv.low, value.npv.high, value.npv.mc_error) + ")";
  return answer;
}

Answer short_appraisal_answer(const ReportInput& input) {
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return {};
  return {verdict_words(appraisal_verdict(input, *arm)), "", {pays_words(input, *main_value(input, *arm))}};
}

Answer net_answer(const ReportInput& input) {
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return {};
  Answer answer;
  if (input.appraised.is_question) {
    if (const SwitchingValue* asked = asked_figure(input, *arm)) {
      answer.parts.push_back(upper_first(ends_of_question(input, *asked)) + " over " + horizon(input));
      answer.parts.push_back("prices of " + input.appraisal->prices);
      answer.parts.push_back("what is asked has no chance");
    }
    return answer;
  }
  answer.parts.push_back(money_with_range(main_value(input, *arm)->npv) + " over " + horizon(input));
  answer.parts.push_back("prices of " + input.appraisal->prices);
  return answer;
}

Answer other_arms_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> leading = leading_arm(input);
  for (std::size_t arm = 1; leading && arm < input.appraised.arm_names.size(); ++arm) {
    const ArmValue* value = arm == *leading ? nullptr : main_value(input, arm);
    if (value == nullptr) continue;
    if (input.appraised.is_question) {
      answer.parts.push_back(short_appraised_arm(input, arm) + ": " + question_words(input, *value));
      continue;
    }
    answer.parts.push_back(fmt::format("{}: {}, {}", short_appraised_arm(input, arm),
                                       chance_that("pays", value->chance_pays, value->chance_error),
                                       money_with_range(value->npv)));
  }
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer costs_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return answer;
  const ArmValue& value = *main_value(input, *arm);
  if (value.costs.mean == 0) return answer;
  std::vector<std::string> payers;
  for (const FlowValue& each : input.appraised.flows) {
    const Flow& flow = flow_of(input, each);
    if (each.arm == *arm && flow.role == Flow::Role::programme_cost && each.present_value.mean != 0 &&
        std::find(payers.begin(), payers.end(), flow.bearer) == payers.end())
      payers.push_back(flow.bearer);
  }
  answer.parts.push_back(money_with_range(value.costs) + (payers.empty() ? "" : " from " + listed(payers)));
  if (value.payback_year) {
    answer.parts.push_back("undiscounted, expected gains make up for it " + payback_words(value));
  } else if (value.cashable.mean <= 0) {
    answer.parts.push_back("nothing of it comes back as cash");
  }
  return answer;
}

Answer ratio_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return answer;
  const ArmValue& value = *main_value(input, *arm);
  if (!value.bcr || input.appraised.is_question) return answer;
  answer.parts.push_back("All gains: " + money_with_range(*value.bcr) + " back for each £1");
  if (value.fiscal_bcr)
    answer.parts.push_back(value.fiscal_bcr->mean == 0 ? "as cash: nothing"
                                                       : "as cash: " + money_with_range(*value.fiscal_bcr));
  return answer;
}

Answer gainers_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm || input.appraised.is_question) return answer;
  for (const BearerValue* each : bearers_of(input, *arm))
    if (each->present_value.mean > 0)
      answer.parts.push_back(each->bearer + " " + money_with_range(each->present_value));
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

Answer weighted_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm || input.appraised.is_question) return answer;
  for (const WeightedValue& each : input.appraised.weighted)
    if (each.arm == *arm) {
      answer.parts.push_back("Net " + money_with_range(each.npv));
      answer.parts.push_back(chance_that("pays", each.chance_pays, each.chance_error));
    }
  return answer;
}

Answer against_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (arm && !input.appraised.is_question) {
    std::vector<const BearerValue*> bearers = bearers_of(input, *arm);
    std::reverse(bearers.begin(), bearers.end());
    for (const BearerValue* each : bearers)
      if (each->present_value.mean < 0 && !only_pays(input, *arm, each->bearer))
        answer.parts.push_back(each->bearer + " " + money_with_range(each->present_value));
    for (const EffectValue& each : input.appraised.effects)
      if (each.arm == *arm && each.averted.mean < -2 * each.averted.mc_error)
        answer.parts.push_back(effect_words(input, each));
  }
  const std::vector<AppraisalWarning> warnings = appraisal_warnings(input);
  std::vector<std::string> rules;
  for (const AppraisalWarning& each : warnings)
    if (std::find(rules.begin(), rules.end(), each.rule) == rules.end()) rules.push_back(each.rule);
  if (!rules.empty())
    answer.parts.push_back(
        fmt::format("{} {}: {}", warnings.size(), warnings.size() == 1 ? "warning" : "warnings", listed(rules)));
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

namespace {

/// What moves the break-even value most: net worth at it, with that figure at the ends of its range.
Answer beside_question(const ReportInput& input, std::size_t arm) {
  Answer answer;
  const SwitchingValue* asked = asked_figure(input, arm);
  const SwitchingValue* most = nullptr;
  const auto swing = [](const SwitchingValue& each) { return std::abs(each.npv_high - each.npv_low); };
  for (const SwitchingValue& figure : input.appraised.switching)
    if (figure.arm == arm && &figure != asked && (most == nullptr || swing(figure) > swing(*most))) most = &figure;
  if (most == nullptr || asked == nullptr || !asked->switches_at) return answer;
  answer.parts.push_back(fmt::format(
      "Beside it most hangs on {}: {}", lower_first(without_stop(most->label)),
      money_range(std::min(most->npv_low, most->npv_high), std::max(most->npv_low, most->npv_high), most->npv_error)));
  return answer;
}

}  // namespace

Answer switching_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return answer;
  if (input.appraised.is_question) return beside_question(input, *arm);
  for (const SwitchingValue* figure : deciding_figures(input, *arm)) {
    const std::string words = switching_words(input, *figure);
    answer.parts.push_back(fmt::format("{}: {}", lower_first(without_stop(figure->label)),
                                       answer.parts.empty() ? words : words.substr(std::string("pays ").size())));
  }
  if (!answer.parts.empty()) {
    answer.parts.front() = upper_first(answer.parts.front());
    return answer;
  }
  const SwitchingValue* most = nullptr;
  for (const SwitchingValue& figure : input.appraised.switching)
    if (figure.arm == *arm &&
        (most == nullptr || std::abs(figure.npv_high - figure.npv_low) > std::abs(most->npv_high - most->npv_low)))
      most = &figure;
  if (most == nullptr) return answer;
  answer.parts.push_back("No figure changes the answer alone");
  answer.parts.push_back(fmt::format(
      "most hangs on {}: {}", lower_first(without_stop(most->label)),
      money_range(std::min(most->npv_low, most->npv_high), std::max(most->npv_low, most->npv_high), most->npv_error)));
  return answer;
}

namespace {

/// "an offence averted"; people are not averted, and what is gained has a name: "one person fewer: people who
/// reoffend".
std::string one_averted(const Effect& effect) {
  if (effect.lower_is_better && effect.unit != "person") return with_article(effect.unit) + " averted";
  return fmt::format("one {} {}: {}", effect.unit, effect.lower_is_better ? "fewer" : "more",
                     lower_first(without_stop(effect.label)));
}

}  // namespace

Answer each_averted_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  for (const EffectValue& each : input.appraised.effects) {
    if ((arm && each.arm != *arm) || input.appraised.is_question) continue;
    if (!each.cost_each || (!arm && each.status != EffectValue::Status::frontier) ||
        each.status == EffectValue::Status::comparator)
      continue;
    const Effect& effect = input.appraisal->effects.at(each.effect);
    if (*each.cost_each <= 0) continue;
    answer.parts.push_back(fmt::format("{}{} of public money for {}",
                                       arm ? "" : short_appraised_arm(input, each.arm) + " ",
                                       money(*each.cost_each, each.cost_each_error.value_or(0)), one_averted(effect)));
  }
  return answer;
}

std::vector<Answer> break_even_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  if (input.appraised.is_question) return answers;  // it is the answer
  for (const BreakEvenValue& each : input.appraised.break_evens) {
    const BreakEven& asked = input.appraisal->break_evens.at(each.break_even);
    Answer answer;
    if (!each.value) {
      answer.parts.push_back(upper_first(without_stop(asked.label)) + ": no value of it breaks even");
    } else {
      answer.parts.push_back(fmt::format("{}: {}", upper_first(without_stop(asked.label)),
                                         figure_value(*each.value, break_even_unit(input, asked), each.value_error)));
      if (each.chance_reached)
        answer.parts.push_back(in_100(*each.chance_reached, each.chance_error) + " of its own law past it");
      if (each.power)
        answer.parts.push_back(fmt::format("the trial had {} to show it", in_100(*each.power, each.power_error)));
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

namespace {

/// What stands on a line beside its label.
constexpr std::size_t letters_on_a_line = 101;

/// Parts over as many lines as they take, with what begins the first.
std::vector<Answer> over_lines(const std::string& start, const std::vector<std::string>& parts) {
  std::vector<Answer> lines;
  std::size_t used = 0;
  for (const std::string& part : parts) {
    const std::size_t more = letters_in(part) + 2;  // with what is between them
    if (lines.empty() || used + more > letters_on_a_line) {
      used = lines.empty() ? letters_in(start) : 0;
      lines.emplace_back();
    }
    lines.back().parts.push_back(part);
    used += more;
  }
  if (!lines.empty()) lines.front().text = start;
  return lines;
}

}  // namespace

std::vector<Answer> needed_answers(const ReportInput& input) {
  if (input.appraised.portfolio.empty()) return {};
  const Portfolio& portfolio = *input.appraisal->portfolio;
  std::vector<std::string> parts;  // in the file's order: by need it would be a ranking
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const PortfolioProgramme& programme = portfolio.programmes.at(value.programme);
    if (programme.outcome_of.empty())
      parts.push_back(programme_words(programme) + " " + needed_range(value.share_needed));
  }
  return over_lines(fmt::format("Of 100 {} expected: ", plural(portfolio.averted)), parts);
}

std::vector<Answer> shown_answers(const ReportInput& input) {
  std::vector<std::pair<std::string, std::vector<std::string>>> levels;  // in the file's order
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const PortfolioProgramme& programme = input.appraisal->portfolio->programmes.at(value.programme);
    if (programme.evidence_level.empty() || !programme.outcome_of.empty()) continue;
    auto level = std::find_if(levels.begin(), levels.end(),
                              [&](const auto& each) { return each.first == programme.evidence_level; });
    if (level == levels.end()) level = levels.insert(levels.end(), {programme.evidence_level, {}});
    level->second.push_back(programme_words(programme));
  }
  std::vector<std::string> parts;
  for (const auto& [level, names] : levels)
    parts.push_back((parts.empty() ? upper_first(level) : lower_first(level)) + ": " + listed(names));
  return over_lines("", parts);
}

Answer reached_answer(const ReportInput& input) {
  Answer answer;
  const std::vector<PortfolioValue>& values = input.appraised.portfolio;
  const auto programme_of = [&](const PortfolioValue& value) -> const PortfolioProgramme& {
    return input.appraisal->portfolio->programmes.at(value.programme);
  };
  const auto reached = [](const PortfolioValue& value) {
    return in_100(*value.chance_reached, value.chance_error.value_or(0));
  };
  for (const PortfolioValue& value : values) {
    const PortfolioProgramme& programme = programme_of(value);
    if (!value.chance_reached || !programme.outcome_of.empty()) continue;
    std::string part = programme_words(programme) + " " + reached(value);
    for (const PortfolioValue& apart : values) {
      if (!apart.chance_reached || programme_of(apart).outcome_of != programme.name) continue;
      const std::string& label = programme_of(apart).label;
      const std::string whose = programme.label + ", ";
      part += fmt::format(" ({} {})", lower_first(label.starts_with(whose) ? label.substr(whose.size()) : label),
                          reached(apart));
    }
    answer.parts.push_back(std::move(part));
  }
  if (!answer.parts.empty()) answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

}  // namespace desist
