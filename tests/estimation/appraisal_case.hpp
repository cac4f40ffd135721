// An appraisal said in a few lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"

namespace desist::test {

inline Formula number(double value) {
  Formula formula;
  formula.steps = {{Formula::Operation::number, value, 0}};
  return formula;
}
inline Formula input(std::size_t index) {
  Formula formula;
  formula.steps = {{Formula::Operation::input, 0, index}};
  return formula;
}
inline Formula outcome(std::size_t index) {
  Formula formula;
  formula.steps = {{Formula::Operation::outcome, 0, index}};
  return formula;
}
inline Formula joined(Formula a, const Formula& b, Formula::Operation operation) {
  a.steps.insert(a.steps.end(), b.steps.begin(), b.steps.end());
  a.steps.push_back({operation, 0, 0});
  return a;
}
inline Formula operator*(const Formula& a, const Formula& b) { return joined(a, b, Formula::Operation::multiply); }
inline Formula operator+(const Formula& a, const Formula& b) { return joined(a, b, Formula::Operation::add); }
inline Formula operator-(const Formula& a, const Formula& b) { return joined(a, b, Formula::Operation::subtract); }
inline Formula operator/(const Formula& a, const Formula& b) { return joined(a, b, Formula::Operation::divide); }

/// D_y = 1.035^-y.
inline DiscountedBy three_and_a_half(int years) {
  DiscountedBy schedule{"standard", "3.5% a year", "", {}};
  double factor = 1;
  for (int year = 0; year < years; ++year, factor /= 1.035) schedule.factors.push_back(factor);
  return schedule;
}

struct AppraisalCase {
  Appraisal appraisal;
  std::vector<Parameter> parameters;
  std::vector<Posterior> posteriors;
  std::uint64_t seed = 7, draws = 2000;

  explicit AppraisalCase(int years = 1, std::size_t arms = 2) {
    appraisal.years = years;
    appraisal.evidence_years = 1;
    appraisal.prices = "2025/26";
    appraisal.discounting = {three_and_a_half(years)};
    appraisal.arms = arms;
    for (std::size_t arm = 0; arm < arms; ++arm) appraisal.arm_names.push_back("arm " + std::to_string(arm));
  }

  std::size_t slot(const std::string& name, const Law& law, const std::string& unit = "£") {
    parameters.push_back({name, name, unit, law});
    return parameters.size() - 1;
  }
  /// A normal figure, from a posterior of its own.
  Law normal(double mean, double sd) {
    Posterior posterior;
    posterior.name = "normal " + std::to_string(posteriors.size());
    posterior.columns = {{"x", Posterior::Normal{}, "£"}};
    posterior.means = {mean};
    posterior.covariance = {sd * sd};
    posteriors.push_back(posterior);
    return PosteriorLaw{posteriors.size() - 1, 0};
  }
  /// The same in all arms, or one law an arm.
  std::size_t figure(const std::string& name, const std::vector<Law>& laws, const std::string& unit = "£") {
    AppraisalInput made;
    made.name = made.label = name;
    made.unit = unit;
    for (std::size_t arm = 0; arm < laws.size(); ++arm)
      made.slots.push_back(slot(arm == 0 ? name : name + "." + std::to_string(arm), laws[arm], unit));
    while (made.slots.size() < appraisal.arms) made.slots.push_back(made.slots.back());
    appraisal.inputs.push_back(made);
    return appraisal.inputs.size() - 1;
  }
  Flow& flow(Flow::Role role, const Formula& quantity, const Formula& each) {
    Flow made;
    made.name = "flow " + std::to_string(appraisal.flows.size());
    made.bearer = "police";
    made.role = role;
    made.kind = role == Flow::Role::programme_cost ? Flow::Kind::fiscal : Flow::Kind::economic;
    made.quantity = quantity;
    made.each = each;
    appraisal.flows.push_back(made);
    return appraisal.flows.back();
  }
  /// In each year of the horizon.
  Flow& yearly(Flow::Role role, const Formula& quantity, const Formula& each) {
    Flow& made = flow(role, quantity, each);
    made.yearly = true;
    made.last = appraisal.years - 1;
    return made;
  }
  ParameterDraws drawn() const { return ParameterDraws(parameters, {}, posteriors, seed); }
  AppraisalResult run() const { return appraise(appraisal, drawn(), OutcomeTable(), draws); }
};

/// A programme of £50 a head whose benefit is £500 for each who does not reoffend: 30 of 70 without it, 15 of 49 with
/// it. The value of the second at which it breaks even, and whether the finished trial could have seen it.
inline AppraisalCase finished_trial(std::uint64_t draws) {
  AppraisalCase made;
  made.draws = draws;
  const auto people = made.figure("people", {FixedLaw{0}, FixedLaw{1000}});
  const auto without = made.figure("without", {CountLaw{30, 70}}, "share");
  const auto with = made.figure("with", {CountLaw{15, 49}}, "share");
  made.flow(Flow::Role::programme_cost, input(people), number(50));
  made.flow(Flow::Role::benefit, input(people) * (input(without) - input(with)), number(500));
  BreakEven asked;
  asked.input = with;
  asked.control_risk = without;
  asked.trial_control = 70;
  asked.trial_treated = 49;
  made.appraisal.break_evens = {asked};
  return made;
}

}  // namespace desist::test
