// What an appraisal comes to, in sentences: whether it pays, what it costs and who gains, and what would change that.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

/// "62 of 100 draws", "no draw", "every draw".
std::string of_draws(double chance, double error) {
  const std::string number = bare_in_100(chance, error);
  if (number == "none") return "no draw";
  if (number == "all") return "every draw";
  return number + " of 100 draws";
}

std::string horizon(const ReportInput& input) { return years_in_words(input.appraisal->years); }

/// "Course: " where there is more than one arm beside the comparator.
std::string arm_before(const ReportInput& input, std::size_t arm) {
  return input.appraised.arm_names.size() > 2 ? upper_first(short_appraised_arm(input, arm)) + ": " : "";
}

std::string pays_words(const ReportInput& input, const ArmValue& value) {
  return arm_before(input, value.arm) + (input.appraised.arm_names.size() > 2 ? "pays in " : "Pays in ") +
         of_draws(value.chance_pays, value.chance_error);
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

/// "£0.42 million": without a sign, for "lose".
std::string size_in_money(const DrawnAmount& amount) { return money(std::abs(amount.mean), amount.mc_error); }

std::string effect_words(const ReportInput& input, const EffectValue& value) {
  const Effect& effect = input.appraisal->effects.at(value.effect);
  return fmt::format("{} more {}", with_minus_sign(rounded(std::abs(value.averted.mean), value.averted.mc_error)),
                     plural_of(effect.unit));
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
    return fmt::format("at {} {} is best in {}", money(curve.worth[k], 0), short_appraised_arm(input, arm),
                       of_draws(curve.chance_best[arm][k], curve.chance_error[k]));
  };
  answer.parts.push_back(part(curve.worth.size() - 1));
  answer.parts.push_back(part(0));
  std::size_t said = curve.best.back();
  for (std::size_t k = curve.worth.size(); k-- > 0;) {
    if (curve.best[k] == said) continue;
    said = curve.best[k];
    if (k > 0) answer.parts.push_back(part(k));
  }
  answer.parts.front() = upper_first(answer.parts.front());
  return answer;
}

/// Programmes under a budget: how many could earn their share at all.
Answer portfolio_answer(const ReportInput& input) {
  constexpr double surely = 0.95, hardly = 0.05;
  std::size_t can = 0, cannot = 0;
  for (const PortfolioValue& value : input.appraised.portfolio) {
    can += value.chance_possible >= surely ? 1 : 0;
    cannot += value.chance_possible <= hardly ? 1 : 0;
  }
  const std::size_t all = input.appraised.portfolio.size();
  Answer answer;
  answer.verdict = "No ranking";
  answer.text = "What each would have to achieve stands side by side; what it has shown is not of one kind. ";
  answer.parts.push_back(fmt::format("Of {} programmes {} could earn it back", all, can));
  if (cannot > 0) answer.parts.push_back(fmt::format("{} could not, whatever they avert", cannot));
  if (can + cannot < all) answer.parts.push_back(fmt::format("of {} it can't be said", all - can - cannot));
  return answer;
}

}  // namespace

Answer appraisal_answer(const ReportInput& input) {
  if (!input.appraisal) return {};
  if (input.appraisal->table) return table_answer(input);
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return input.appraised.portfolio.empty() ? Answer{} : portfolio_answer(input);
  const ArmValue& value = *main_value(input, *arm);
  Answer answer;
  answer.verdict = verdict_words(appraisal_verdict(input, *arm));
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
    answer.parts.push_back(fmt::format("{} pays in {}: {}", short_appraised_arm(input, arm),
                                       of_draws(value->chance_pays, value->chance_error),
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
    answer.parts.push_back(fmt::format("undiscounted it is back by the end of year {}", *value.payback_year + 1));
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
  const auto with_range = [](const DrawnAmount& ratio) {
    const std::string mean = money(ratio.mean, ratio.mc_error);
    if (std::isnan(ratio.low) || std::isnan(ratio.high) || ratio.low == ratio.high) return mean;
    return mean + " (" + money_range(ratio.low, ratio.high, ratio.mc_error) + ")";
  };
  if (!value.bcr) return answer;
  answer.parts.push_back("All gains: " + with_range(*value.bcr) + " back for each £1");
  if (value.fiscal_bcr)
    answer.parts.push_back(value.fiscal_bcr->mean == 0 ? "as cash: nothing"
                                                       : "as cash: " + with_range(*value.fiscal_bcr));
  return answer;
}

Answer gainers_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return answer;
  for (const BearerValue* each : bearers_of(input, *arm))
    if (each->present_value.mean > 0)
      answer.parts.push_back(each->bearer + " " + money_with_range(each->present_value));
  if (!answer.parts.empty()) answer.parts.front() = "Gain: " + answer.parts.front();
  return answer;
}

Answer cuts_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (arm) {
    std::vector<const BearerValue*> bearers = bearers_of(input, *arm);
    std::reverse(bearers.begin(), bearers.end());
    for (const BearerValue* each : bearers)
      if (each->present_value.mean < 0 && !only_pays(input, *arm, each->bearer))
        answer.parts.push_back(fmt::format("{} lose {}", each->bearer, size_in_money(each->present_value)));
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

Answer switching_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  if (!arm) return answer;
  for (const SwitchingValue* figure : deciding_figures(input, *arm))
    answer.parts.push_back(fmt::format("{}: {}", lower_first(without_stop(figure->label)), switching_words(*figure)));
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

Answer find_out_answer(const ReportInput& input) {
  Answer answer;
  if (!input.appraised.information) return answer;
  const Information& information = *input.appraised.information;
  const DrawnAmount& evpi = information.evpi_amount;
  const bool is_nothing = evpi.mean <= 2 * evpi.mc_error;
  answer.parts.push_back(is_nothing ? "No figure is worth finding out: the choice stays the same"
                                    : "To know every figure is worth at most " + money(evpi.mean, evpi.mc_error));
  if (const StudyValue* best = best_study(input)) {
    const NextStudy& study = input.appraisal->studies.at(best->study);
    answer.parts.push_back(fmt::format("{} of {} people: {} more than it costs", lower_first(study.label),
                                       whole_number(best->size), money(best->net, best->net_error)));
  } else if (!information.studies.empty()) {
    answer.parts.emplace_back("no study asked about is worth its cost");
  }
  if (!is_nothing)
    for (const InformationValue& figure : information.figures) {
      if (figure.cross_validated <= 2 * figure.mc_error) continue;
      answer.parts.push_back(
          fmt::format("{} alone {}", lower_first(without_stop(figure.label)),
                      money_range(std::min(figure.cross_validated, figure.in_sample),
                                  std::max(figure.cross_validated, figure.in_sample), figure.mc_error)));
      break;
    }
  return answer;
}

Answer each_averted_answer(const ReportInput& input) {
  Answer answer;
  const std::optional<std::size_t> arm = leading_arm(input);
  for (const EffectValue& each : input.appraised.effects) {
    if (arm && each.arm != *arm) continue;
    if (!each.cost_each || each.status == EffectValue::Status::comparator) continue;
    const Effect& effect = input.appraisal->effects.at(each.effect);
    if (*each.cost_each <= 0) continue;
    answer.parts.push_back(fmt::format("{}{} for {} averted", arm ? "" : short_appraised_arm(input, each.arm) + " ",
                                       money(*each.cost_each, each.cost_each_error.value_or(0)),
                                       with_article(effect.unit)));
  }
  return answer;
}

Answer break_even_answer(const ReportInput& input) {
  Answer answer;
  for (const BreakEvenValue& each : input.appraised.break_evens) {
    if (!input.appraisal || each.break_even >= input.appraisal->break_evens.size()) continue;
    const BreakEven& asked = input.appraisal->break_evens[each.break_even];
    const std::string unit =
        asked.input < input.appraisal->inputs.size() ? input.appraisal->inputs[asked.input].unit : "";
    std::string text = asked.label + " ";
    if (!each.value) {
      answer.parts.push_back(asked.label + ": no value of it breaks even");
      continue;
    }
    text = fmt::format("{}: breaks even at {}", asked.label, figure_value(*each.value, unit, 0));
    if (each.chance_reached) text += fmt::format(", as good or better in {}", of_draws(*each.chance_reached, 0));
    if (each.power) text += fmt::format("; the trial done had {} to show it", in_100(*each.power, 0));
    answer.parts.push_back(std::move(text));
  }
  return answer;
}

std::vector<Answer> portfolio_answers(const ReportInput& input) {
  std::vector<Answer> answers;
  for (const PortfolioValue& value : input.appraised.portfolio) {
    const PortfolioProgramme& programme = input.appraisal->portfolio->programmes.at(value.programme);
    Answer answer;
    answer.verdict = programme.label;
    const std::string share =
        rounded_range(100 * value.share_needed.low, 100 * value.share_needed.high, 100 * value.share_needed.mc_error);
    answer.text = fmt::format("{} in 100 of what is expected must be averted", share);
    if (!programme.evidence_level.empty()) answer.text += "; evidence: " + lower_first(programme.evidence_level);
    answers.push_back(std::move(answer));
  }
  return answers;
}

}  // namespace desist
