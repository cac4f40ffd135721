#include "engine/estimation/appraisal/evaluator.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

namespace desist {

DrawColumn Evaluator::input(std::size_t input, std::size_t arm) const {
  const AppraisalInput& of = appraisal_->inputs.at(input);
  const std::size_t slot = of.slots.at(arm);
  const auto held = std::find_if(held_.begin(), held_.end(), [&](const HeldFigure& each) { return each.slot == slot; });
  DrawColumn value = held != held_.end() ? held->value : figures_->slot(slot);
  if (of.factor != 1) value *= DrawColumn(of.factor);
  return value;
}

DrawColumn Evaluator::column(const Formula& formula, std::size_t arm, int year) const {
  std::vector<DrawColumn> stack;
  const auto combine = [&](DrawColumn& (DrawColumn::*operation)(const DrawColumn&)) {
    if (stack.size() < 2) throw std::logic_error("a formula lacks an operand: " + formula.written);
    const DrawColumn second = std::move(stack.back());
    stack.pop_back();
    (stack.back().*operation)(second);
  };
  for (const Formula::Step& step : formula.steps) {
    switch (step.operation) {
      case Formula::Operation::number:
        stack.emplace_back(step.number);
        break;
      case Formula::Operation::input:
        stack.push_back(input(step.index, arm));
        break;
      case Formula::Operation::outcome: {
        const AppraisalOutcome& outcome = appraisal_->outcomes.at(step.index);
        DrawColumn value =
            figures_->outcome(arm, outcome.slots.at(outcome.by_year ? static_cast<std::size_t>(year) : 0), means_);
        if (outcome.factor != 1) value *= DrawColumn(outcome.factor);
        stack.push_back(std::move(value));
        break;
      }
      case Formula::Operation::add:
        combine(&DrawColumn::operator+=);
        break;
      case Formula::Operation::subtract:
        combine(&DrawColumn::operator-=);
        break;
      case Formula::Operation::multiply:
        combine(&DrawColumn::operator*=);
        break;
      case Formula::Operation::divide:
        combine(&DrawColumn::operator/=);
        break;
      case Formula::Operation::negate:
        stack.back() *= DrawColumn(-1.0);
        break;
    }
  }
  if (stack.size() != 1) throw std::logic_error("a formula doesn't come to one value: " + formula.written);
  return std::move(stack.back());
}

bool is_by_year(const Formula& formula, const Appraisal& appraisal) {
  return std::any_of(formula.steps.begin(), formula.steps.end(), [&](const Formula::Step& step) {
    return step.operation == Formula::Operation::outcome && appraisal.outcomes.at(step.index).by_year;
  });
}

bool names_slot(const Formula& formula, const Appraisal& appraisal, std::size_t arm, std::size_t slot) {
  return std::any_of(formula.steps.begin(), formula.steps.end(), [&](const Formula::Step& step) {
    return step.operation == Formula::Operation::input && appraisal.inputs.at(step.index).slots.at(arm) == slot;
  });
}

}  // namespace desist
