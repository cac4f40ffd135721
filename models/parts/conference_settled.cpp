#include "models/parts/conference_settled.hpp"

#include <algorithm>

namespace desist {

SettledOutside::SettledOutside(const ConferencePlan& plan, int conference, ConferenceCases& cases)
    : SettledOutside(plan, conference, {}, cases) {}

SettledOutside::SettledOutside(const ConferencePlan& plan, int conference, std::span<const Referral> given,
                               ConferenceCases& cases)
    : plan_(plan), share_(plan.settled_outside(conference)), cases_(cases), given_(given) {
  const auto steps = share_.steps();
  while (step_ < steps.size() && steps[step_].from <= 0) ++step_;
}

SettledOutside::Numbers SettledOutside::settle(double now, std::size_t present) {
  Numbers numbers;
  cases_.settled.resize(cases_.referred.size());
  const auto steps = share_.steps();
  for (; step_ < steps.size() && steps[step_].from <= now; ++step_) {
    settle_due(steps[step_].from, present, numbers);
    if (steps[step_].value > steps[step_ - 1].value) settle_waiting(steps[step_].from, steps[step_].value, numbers);
  }
  settle_due(now, present, numbers);
  return numbers;
}

void SettledOutside::settle_due(double now, std::size_t present, Numbers& numbers) {
  for (; due_ < present; ++due_) {
    const double time = std::max(0.0, cases_.referred[due_] + plan_.settled_after);
    if (time > now) return;
    if (cases_.priority[due_] >= 1 - share_.at(time)) settle_one(due_, time, numbers);
  }
}

void SettledOutside::settle_waiting(double time, double share, Numbers& numbers) {
  for (std::size_t i = 0; i < due_; ++i)
    if (cases_.priority[i] >= 1 - share) settle_one(i, time, numbers);
}

void SettledOutside::settle_one(std::size_t index, double time, Numbers& numbers) {
  if (cases_.meeting[index] != ConferenceCases::not_heard) return;
  if (!given_.empty() && cases_.leaves(index, given_) < time) return;
  cases_.meeting[index] = ConferenceCases::settled_outside;
  cases_.settled[index] = time;
  ++numbers.all;
  numbers.of_window += cases_.referred[index] < plan_.end;
}

}  // namespace desist
