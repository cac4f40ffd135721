#include "models/parts/caseload_plan.hpp"

#include <stdexcept>

namespace desist {
namespace {

SupportLaw support_law(const CaseloadServiceParameters& parameters) {
  using enum CaseloadServiceParameters::SupportLaw;
  if (parameters.support_law == exponential && parameters.support_cv != 0)
    throw std::invalid_argument("support_cv is 1 where support_law is \"exponential\": leave it out");
  const auto form = parameters.support_law == exponential ? desist::SupportLaw::Form::exponential
                                                          : desist::SupportLaw::Form::lognormal;
  return {form, parameters.support_mean, parameters.support_cv, parameters.drop_out};
}

}  // namespace

CaseloadServicePlan::CaseloadServicePlan(const CaseloadServiceParameters& parameters, const Window& window)
    : waiting(parameters, window),
      staff(parameters, waiting.last_week),
      support(support_law(parameters)),
      by_risk(parameters.order == CaseloadParameters::Order::by_risk),
      patience(parameters.patience),
      clients_each(parameters.clients_each),
      norm(parameters.norm > 0 ? parameters.norm : parameters.clients_each),
      slowing(parameters.slowing),
      dilution(parameters.dilution),
      return_share(parameters.return_share),
      return_delay(parameters.return_delay),
      cost_per_worker(parameters.cost_per_worker),
      cost_per_start(parameters.cost_per_start) {
  if (norm == 0 && (slowing > 0 || dilution > 0))
    throw std::invalid_argument(
        "slowing and dilution set in above the norm: give norm or clients_each, or leave them out");
  if (parameters.starting_clients > 0 && parameters.starting_use > 0)
    throw std::invalid_argument("starting_clients and starting_use say the same twice: give one of them");
  for (int week = 0; week < waiting.last_week; ++week) {
    slots_of_starts.push_back(parameters.starts.at(week) * support.mean_in_slot());
    if (week < waiting.weeks) posts += parameters.workers.at(week) / waiting.weeks;
  }
  if (staff.is_certain()) staff.draw(Streams(0, 0, 0), certain_at_work);
  const double starting =
      parameters.starting_use > 0 ? parameters.starting_use * slots(staff.mean(0), 0) : parameters.starting_clients;
  starting_clients = static_cast<int>(std::lround(starting));
}

}  // namespace desist
