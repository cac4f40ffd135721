#include "engine/estimation/appraisal/flow_difference.hpp"

#include <cmath>
#include <utility>

namespace desist {
namespace {

DrawColumn priced(const Evaluator& evaluator, const Flow& flow, std::size_t arm, int year, const DrawColumn& quantity,
                  const DrawColumn& each) {
  DrawColumn amount = quantity * each;
  if (flow.role == Flow::Role::programme_cost && flow.optimism_bias)
    amount *= DrawColumn(1.0) + evaluator.column(*flow.optimism_bias, arm, year);
  return amount;
}

}  // namespace

DrawColumn sum_over_years(const YearColumns& by_year, std::span<const DrawColumn> weights,
                          std::span<const double> factors) {
  const auto factor = [&](int year) { return factors.empty() ? 1.0 : factors[static_cast<std::size_t>(year)]; };
  DrawColumn sum(0.0);
  if (by_year.alike()) {
    const DrawColumn one(1.0);
    for (int year = by_year.first(); year <= by_year.last(); ++year)
      sum.add_product(weights.empty() ? one : weights[static_cast<std::size_t>(year)], factor(year), nullptr);
    return by_year.in(by_year.first()) * sum;
  }
  for (int year = by_year.first(); year <= by_year.last(); ++year)
    sum.add_product(by_year.in(year), factor(year),
                    weights.empty() ? nullptr : &weights[static_cast<std::size_t>(year)]);
  return sum;
}

FlowDifference flow_difference(const Evaluator& evaluator, const Flow& flow, std::size_t arm) {
  const int last = flow.yearly ? flow.last : flow.first;
  const YearColumns none(flow.first, last);
  FlowDifference difference{none, none, none, none};
  const Appraisal& appraisal = evaluator.appraisal();
  const bool by_year = is_by_year(flow.quantity, appraisal) || is_by_year(flow.each, appraisal) ||
                       (flow.optimism_bias && is_by_year(*flow.optimism_bias, appraisal));
  for (int year = flow.first; year <= (by_year ? last : flow.first); ++year) {
    DrawColumn before = evaluator.column(flow.quantity, 0, year);
    DrawColumn after = evaluator.column(flow.quantity, arm, year);
    DrawColumn each_before = evaluator.column(flow.each, 0, year);
    DrawColumn each_after = evaluator.column(flow.each, arm, year);
    const DrawColumn worth_before = priced(evaluator, flow, 0, year, before, each_before);
    const DrawColumn worth_after = priced(evaluator, flow, arm, year, after, each_after);
    const bool benefit = flow.role == Flow::Role::benefit;
    difference.gain.push_back(benefit ? worth_after - worth_before : worth_before - worth_after);
    difference.given_up.push_back(benefit ? std::move(each_after) : std::move(each_before));
    difference.comparator.push_back(std::move(before));
    difference.arm.push_back(std::move(after));
  }
  return difference;
}

bool is_faded(const Flow& flow) { return flow.fades && flow.role != Flow::Role::programme_cost; }

YearColumns freed_quantity(const Flow& flow, const FlowDifference& difference, std::span<const DrawColumn> weights) {
  YearColumns freed(difference.gain.first(), difference.gain.last());
  const bool alike = difference.gain.alike() && weights.empty();
  for (int year = freed.first(); year <= (alike ? freed.first() : freed.last()); ++year) {
    const DrawColumn &before = difference.comparator.in(year), &after = difference.arm.in(year);
    DrawColumn quantity = flow.role == Flow::Role::benefit ? after - before : before - after;
    if (!weights.empty()) quantity *= weights[static_cast<std::size_t>(year)];
    freed.push_back(std::move(quantity));
  }
  return freed;
}

DrawColumn whole_steps(const DrawColumn& fitted_quantity, double step) {
  return fitted_quantity.mapped([&](double quantity) { return std::floor(quantity / step + 1e-9); });
}

YearColumns cashable_gain(const Flow& flow, const FlowDifference& difference, const YearColumns& steps) {
  YearColumns cashed(difference.gain.first(), difference.gain.last());
  const bool alike = difference.given_up.alike() && steps.alike();
  for (int year = cashed.first(); year <= (alike ? cashed.first() : cashed.last()); ++year)
    cashed.push_back(difference.given_up.in(year)*steps.in(year)*DrawColumn(*flow.step));
  return cashed;
}

}  // namespace desist
