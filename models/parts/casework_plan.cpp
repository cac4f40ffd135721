#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>
#include <string>

#include "engine/core/text.hpp"
#include "models/parts/casework.hpp"

namespace desist {
namespace {

/// Cumulative shares of weights; the last is 1. Weights of nothing give even shares.
std::vector<double> cumulative(const std::vector<double>& weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<double> shares;
  double before = 0;
  for (const double weight : weights)
    shares.push_back(before += sum > 0 ? weight / sum : 1 / static_cast<double>(weights.size()));
  shares.back() = 1;
  return shares;
}

/// Cases referred a week on the first day, by class, season aside.
std::vector<double> rates_at_start(const CaseworkParameters& parameters) {
  std::vector<double> rates(parameters.classes.size(), 0.0);
  for (std::size_t route = 0; route < parameters.routes.size(); ++route) {
    const double rate = parameters.referrals[route].at(0) * parameters.take_up[route].at(0);
    if (parameters.class_shares.empty())
      rates[std::min(route, rates.size() - 1)] += rate;
    else
      for (std::size_t kind = 0; kind < rates.size(); ++kind) rates[kind] += rate * parameters.class_shares[kind];
  }
  return rates;
}

void check_classes(const CaseworkParameters& parameters) {
  const std::size_t classes = parameters.classes.size();
  if (classes == 0) throw std::invalid_argument("casework needs one class of cases or more");
  if (parameters.class_shares.empty()) {
    if (classes > 1 && classes != parameters.routes.size())
      throw std::invalid_argument("without class_shares there is one class, or one for each route: classes has " +
                                  std::to_string(classes) + ", routes has " + std::to_string(parameters.routes.size()));
    return;
  }
  if (parameters.class_shares.size() != classes)
    throw std::invalid_argument("class_shares needs " + std::to_string(classes) + " shares, one for each class, not " +
                                std::to_string(parameters.class_shares.size()));
  const double sum = std::accumulate(parameters.class_shares.begin(), parameters.class_shares.end(), 0.0);
  if (std::abs(sum - 1) > 1e-6) throw std::invalid_argument("class_shares must add up to 1, not " + shortest(sum));
}

}  // namespace

CaseworkPlan::CaseworkPlan(const CaseworkParameters& parameters, const Window& window)
    : waiting(parameters, window),
      demand(parameters, window, waiting.last_week),
      staff(parameters, waiting.last_week),
      time(parameters, window),
      ageing(parameters.ageing),
      return_after(parameters.return_after),
      batch(static_cast<std::size_t>(std::max(1LL, std::llround(parameters.batch)))),
      team(std::max(1.0, std::round(parameters.team_size))),
      listens(parameters.deterrence > 0) {
  check_classes(parameters);
  for (std::size_t kind = 0; kind < parameters.classes.size(); ++kind) {
    Class each;
    each.hours = parameters.hours[kind];
    const double cv = parameters.hours_cv[kind];
    if (cv > 0) each.factor.emplace(1 / (cv * cv), cv * cv);
    each.due = parameters.due[kind];
    each.rank = parameters.priority[kind];
    each.returned = parameters.returned[kind];
    first_rank = kind == 0 ? each.rank : std::min(first_rank, each.rank);
    classes.push_back(std::move(each));
  }
  const std::vector<double> rates = rates_at_start(parameters);
  if (!parameters.class_shares.empty()) shares = cumulative(parameters.class_shares);
  starting_shares = shares.empty() ? cumulative(rates) : shares;
  if (parameters.capacity == CaseworkParameters::Capacity::hours) {
    if (!parameters.surplus.is_constant() || parameters.surplus.at(0) != 0)
      throw std::invalid_argument("surplus counts only with capacity = \"surplus\"");
    return;
  }
  // Hours that finish what is referred on the first day, with what comes back of it, and `surplus` cases more.
  double referred = 0;
  double a_case = 0;  // hours of an average case with its returns
  for (std::size_t kind = 0; kind < classes.size(); ++kind) {
    const double hours = classes[kind].hours.at(0) / (1 - classes[kind].returned);
    referred += rates[kind] * hours;
    a_case += (starting_shares[kind] - (kind == 0 ? 0 : starting_shares[kind - 1])) * hours;
  }
  time.add_hours(referred, a_case, parameters.surplus);
}

}  // namespace desist
