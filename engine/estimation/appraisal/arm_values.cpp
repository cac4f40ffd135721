// Net present values, ratios and chances by arm; flows by year and over the horizon.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/flow_difference.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/social_groups.hpp"
#include "engine/statistics/discounting.hpp"

namespace desist {
namespace {

/// One form and one schedule, with what an arm's flows add up to under them.
struct ArmTotals {
  std::size_t fade = 0, discounting = 0;
  std::vector<DrawColumn> simulated_weights, fitted_weights;
  Twice benefits, costs, cashable, public_gain;
  std::vector<DrawColumn> by_year;  // gains less costs, undiscounted

  std::span<const DrawColumn> weights(const Flow& flow, Means means) const {
    if (!is_faded(flow)) return {};
    return means == Means::simulated ? simulated_weights : fitted_weights;
  }
};

/// Every form under the main schedule and the main form under every schedule; the main form and schedule first.
std::vector<ArmTotals> combinations(const AppraisalDraws& on, std::size_t arm) {
  const std::size_t main = main_fade(on.appraisal);
  std::vector<ArmTotals> all;
  const auto add = [&](std::size_t fade, std::size_t discounting) {
    ArmTotals& totals = all.emplace_back();
    totals.fade = fade;
    totals.discounting = discounting;
    const std::uint64_t seed = on.parameters.seed();
    totals.simulated_weights = fade_weights(on.evaluator(), fade, arm, seed);
    totals.fitted_weights = on.figures.has_inner_noise() ? fade_weights(on.evaluator(Means::fitted), fade, arm, seed)
                                                         : totals.simulated_weights;
    totals.by_year.resize(static_cast<std::size_t>(on.appraisal.years));
  };
  add(main, 0);
  for (std::size_t fade = 0; fade < on.appraisal.fades.size(); ++fade)
    if (fade != main) add(fade, 0);
  for (std::size_t discounting = 1; discounting < on.appraisal.discounting.size(); ++discounting)
    add(main, discounting);
  return all;
}

struct FlowTwice {
  FlowDifference simulated, fitted;
  bool has_luck = false;  // else both are the same
};

FlowTwice flow_twice(const AppraisalDraws& on, const Flow& flow, std::size_t arm) {
  FlowDifference simulated = flow_difference(on.evaluator(Means::simulated), flow, arm);
  const bool has_luck = on.figures.has_inner_noise();
  FlowDifference fitted = has_luck ? flow_difference(on.evaluator(Means::fitted), flow, arm) : simulated;
  return {std::move(simulated), std::move(fitted), has_luck};
}

Twice present_value(const FlowTwice& columns, const Flow& flow, const ArmTotals& under,
                    std::span<const double> factors) {
  Twice made;
  made.simulated = sum_over_years(columns.simulated.gain, under.weights(flow, Means::simulated), factors);
  made.fitted = columns.has_luck ? sum_over_years(columns.fitted.gain, under.weights(flow, Means::fitted), factors)
                                 : made.simulated;
  return made;
}

DrawColumn weighted(const DrawColumn& column, std::span<const DrawColumn> weights, int year) {
  return weights.empty() ? column : column * weights[static_cast<std::size_t>(year)];
}

/// What of a flow can be cashed under a form, where that is whole steps.
struct CashedSteps {
  YearColumns steps, simulated, fitted;  // by year; the last two in £
  std::vector<double> fit_error;         // of the mean of £ by year, from the flow's first year on
  std::vector<double> steps_fit_error;   // of the mean of steps
};

CashedSteps cashed_steps(const AppraisalDraws& on, const Flow& flow, const FlowTwice& columns, const ArmTotals& under) {
  const YearColumns simulated = freed_quantity(flow, columns.simulated, under.weights(flow, Means::simulated));
  const YearColumns fitted = freed_quantity(flow, columns.fitted, under.weights(flow, Means::fitted));
  const YearColumns none(fitted.first(), fitted.last());
  CashedSteps made{none, none, none, {}, {}};
  for (int year = none.first(); year <= (fitted.alike() ? none.first() : none.last()); ++year)
    made.steps.push_back(whole_steps(fitted.in(year), *flow.step));
  made.simulated = cashable_gain(flow, columns.simulated, made.steps);
  made.fitted = cashable_gain(flow, columns.fitted, made.steps);
  for (int year = none.first(); year <= none.last(); ++year) {
    const Twice freed{simulated.in(year), fitted.in(year)};
    const auto steps_if_moved = [&](double by) { return whole_steps(freed.fitted + DrawColumn(by), *flow.step); };
    made.fit_error.push_back(error_of_fit(freed, on.figures, [&](double by) {
      return *flow.step * mean_of(steps_if_moved(by) * columns.fitted.given_up.in(year), on.count());
    }));
    made.steps_fit_error.push_back(
        error_of_fit(freed, on.figures, [&](double by) { return mean_of(steps_if_moved(by), on.count()); }));
  }
  return made;
}

Twice present_value(const CashedSteps& cashed, std::span<const double> factors) {
  Twice made{sum_over_years(cashed.simulated, {}, factors), sum_over_years(cashed.fitted, {}, factors)};
  for (std::size_t i = 0; i < cashed.fit_error.size(); ++i)
    made.fit_error += cashed.fit_error[i] * factors[i + static_cast<std::size_t>(cashed.steps.first())];
  return made;
}

/// Adds a flow to what an arm comes to under a form; its steps, if it is cashed in such.
std::optional<CashedSteps> add_flow(const AppraisalDraws& on, const Flow& flow, const FlowTwice& columns,
                                    ArmTotals& totals) {
  const std::span<const double> factors = on.appraisal.discounting[totals.discounting].factors;
  const Twice gain = present_value(columns, flow, totals, factors);
  const auto weights = totals.weights(flow, Means::simulated);
  const YearColumns& by_year = columns.simulated.gain;
  for (int year = by_year.first(); year <= by_year.last(); ++year)
    totals.by_year[static_cast<std::size_t>(year)] += weighted(by_year.in(year), weights, year);
  if (flow.role == Flow::Role::programme_cost) {
    totals.costs -= gain;
    totals.public_gain += gain;
    return std::nullopt;
  }
  totals.benefits += gain;
  if (flow.kind == Flow::Kind::fiscal) totals.public_gain += gain;
  if (flow.kind != Flow::Kind::cashable) return std::nullopt;
  std::optional<CashedSteps> steps;
  if (flow.step) steps = cashed_steps(on, flow, columns, totals);
  const Twice cashed = steps ? present_value(*steps, factors) : gain;
  totals.cashable += cashed;
  totals.public_gain += cashed;
  return steps;
}

/// An arm's money by year, undiscounted; main form.
struct ArmCash {
  std::vector<Twice> all, budget;                                   // one a year
  std::vector<std::pair<std::string, std::vector<Twice>>> bearers;  // in the order of the flows

  Twice& of(const std::string& bearer, std::size_t year) {
    const auto found =
        std::find_if(bearers.begin(), bearers.end(), [&](const auto& each) { return each.first == bearer; });
    auto& years =
        found != bearers.end() ? found->second : bearers.emplace_back(bearer, std::vector<Twice>(all.size())).second;
    return years[year];
  }
};

/// What of a flow's year the budget feels: programme costs, and what can be cashed of the rest.
void add_to_budget(const Flow& flow, const FlowTwice& columns, const ArmTotals& main,
                   const std::optional<CashedSteps>& steps, ArmCash& cash) {
  const bool cost = flow.role == Flow::Role::programme_cost;
  if (!cost && flow.kind != Flow::Kind::cashable) return;
  const YearColumns& years = columns.simulated.gain;
  for (int year = years.first(); year <= years.last(); ++year) {
    Twice& budget = cash.budget[static_cast<std::size_t>(year)];
    if (steps) {
      const double fit_error = steps->fit_error[static_cast<std::size_t>(year - years.first())];
      budget += {steps->simulated.in(year), steps->fitted.in(year), fit_error};
    } else {
      budget += {weighted(years.in(year), main.weights(flow, Means::simulated), year),
                 weighted(columns.fitted.gain.in(year), main.weights(flow, Means::fitted), year)};
    }
  }
}

/// Rows by year of one flow, undiscounted.
void add_cash(const AppraisalDraws& on, const FlowTwice& columns, const ArmTotals& main, std::size_t arm,
              std::size_t index, ArmCash& cash, AppraisalResult& result) {
  const Flow& flow = on.appraisal.flows[index];
  const auto simulated = main.weights(flow, Means::simulated);
  const auto fitted = main.weights(flow, Means::fitted);
  const FlowDifference& as_simulated = columns.simulated;
  for (int year = as_simulated.gain.first(); year <= as_simulated.gain.last(); ++year) {
    CashFlow row;
    row.arm = arm;
    row.flow = index;
    row.year = year;
    const DrawColumn quantity = weighted(as_simulated.arm.in(year)-as_simulated.comparator.in(year), simulated, year);
    row.quantity = mean_of(quantity, on.units());
    row.quantity_error = error_of(quantity, on.units());
    const Twice amount{weighted(as_simulated.gain.in(year), simulated, year),
                       weighted(columns.fitted.gain.in(year), fitted, year)};
    cash.all[static_cast<std::size_t>(year)] += amount;
    cash.of(flow.bearer, static_cast<std::size_t>(year)) += amount;
    row.amount = drawn_amount(amount, on.units());
    const double factor = on.appraisal.discounting[0].factors[static_cast<std::size_t>(year)];
    row.present_value = row.amount.mean * factor;
    row.present_value_error = row.amount.mc_error * factor;
    result.cash.push_back(row);
  }
}

/// Sums up to the end of each year.
void add_cash_totals(const ArmCash& cash, std::size_t arm, const DrawUnits& units, AppraisalResult& result) {
  Twice all, budget;
  for (std::size_t year = 0; year < cash.all.size(); ++year) {
    all += cash.all[year];
    budget += cash.budget[year];
    result.cash_totals.push_back({arm, static_cast<int>(year), drawn_amount(all, units), drawn_amount(budget, units)});
  }
  for (const auto& [bearer, years] : cash.bearers) {
    Twice sum;
    for (std::size_t year = 0; year < years.size(); ++year) {
      sum += years[year];
      result.bearer_cash.push_back({arm, bearer, static_cast<int>(year), drawn_amount(sum, units)});
    }
  }
}

/// Of the year in which they are fewest on average.
DrawnAmount fewest_steps(const CashedSteps& cashed, const DrawUnits& units) {
  DrawnAmount fewest;
  for (int year = cashed.steps.first(); year <= cashed.steps.last(); ++year) {
    const DrawColumn& steps = cashed.steps.in(year);
    const double fit_error = cashed.steps_fit_error[static_cast<std::size_t>(year - cashed.steps.first())];
    const DrawnAmount amount = drawn_amount({steps, steps, fit_error}, units);
    if (year == cashed.steps.first() || amount.mean < fewest.mean) fewest = amount;
  }
  return fewest;
}

FlowValue flow_value(const AppraisalDraws& on, const FlowTwice& columns, const ArmTotals& main, const Twice& worth,
                     std::size_t arm, std::size_t index) {
  const auto weights = main.weights(on.appraisal.flows[index], Means::simulated);
  FlowValue value;
  value.arm = arm;
  value.flow = index;
  DrawColumn comparator, quantity;
  for (int year = columns.simulated.gain.first(); year <= columns.simulated.gain.last(); ++year) {
    const DrawColumn& before = columns.simulated.comparator.in(year);
    comparator += before;
    quantity += before + weighted(columns.simulated.arm.in(year)-before, weights, year);
  }
  value.quantity_comparator = mean_of(comparator, on.units());
  value.quantity_comparator_error = error_of(comparator, on.units());
  value.quantity = mean_of(quantity, on.units());
  value.quantity_error = error_of(quantity, on.units());
  value.present_value = drawn_amount(worth, on.units());
  return value;
}

/// Sums up to the end of each year so many errors up or down, and the year in which they are back.
void set_payback(const AppraisalDraws& on, const std::vector<DrawColumn>& by_year, ArmValue& value) {
  std::vector<double> sums, errors;
  DrawColumn sum;
  bool is_nothing = true;
  for (const DrawColumn& year : by_year) {
    sum += year;
    sums.push_back(mean_of(sum, on.units()));
    errors.push_back(error_of(sum, on.units()));
    is_nothing = is_nothing && sums.back() == 0 && errors.back() == 0;
  }
  if (is_nothing) return;
  const auto moved = [&](double by) {
    std::vector<double> at = sums;
    for (std::size_t year = 0; year < at.size(); ++year) at[year] += by * errors[year];
    return statistics::payback_of_sums(at);
  };
  constexpr double wide = 1.96;
  value.payback_year = moved(0);
  value.payback_earliest = moved(wide);
  value.payback_latest = moved(-wide);
}

ArmValue arm_value(const AppraisalDraws& on, std::size_t arm, const ArmTotals& totals) {
  const DrawUnits& units = on.units();
  Twice npv = totals.benefits;
  npv -= totals.costs;
  Twice fiscal = totals.cashable;
  fiscal -= totals.costs;
  ArmValue value;
  value.arm = arm;
  value.fade = totals.fade;
  value.discounting = totals.discounting;
  value.npv = drawn_amount(npv, units);
  value.benefits = drawn_amount(totals.benefits, units);
  value.costs = drawn_amount(totals.costs, units);
  value.cashable = drawn_amount(totals.cashable, units);
  value.fiscal_npv = drawn_amount(fiscal, units);
  value.bcr = drawn_ratio(totals.benefits, totals.costs, units);
  value.fiscal_bcr = drawn_ratio(totals.cashable, totals.costs, units);
  const bool costs = value.costs.mean > 0;
  value.return_on_investment = costs ? value.npv.mean / value.costs.mean : missing;
  value.roi_error = value.bcr ? value.bcr->mc_error : missing;  // (B - C)/C = B/C - 1
  const Chance pays = chance_that_it_pays(on, npv);
  value.chance_pays = pays.value;
  value.chance_error = pays.mc_error;
  const Chance plug_in = share_above_nought(npv.simulated, units);
  value.chance_plug_in = plug_in.value;
  value.chance_plug_in_error = plug_in.mc_error;
  set_payback(on, totals.by_year, value);
  return value;
}

/// In the order in which flows name them.
using BearerTotals = std::vector<std::pair<std::string, Twice>>;

Twice& total_of(BearerTotals& totals, const std::string& bearer) {
  const auto found = std::find_if(totals.begin(), totals.end(), [&](const auto& each) { return each.first == bearer; });
  return found != totals.end() ? found->second : totals.emplace_back(bearer, Twice()).second;
}

Twice scaled(Twice quantity, double by) {
  quantity.simulated *= DrawColumn(by);
  quantity.fitted *= DrawColumn(by);
  quantity.fit_error *= std::abs(by);
  return quantity;
}

/// By how much a claim of "at least" is more than true, draw by draw: of a ratio, benefits less so many times the
/// costs.
Twice claim_margin(const AppraisalClaim& claim, const ArmTotals& main, BearerTotals& gains) {
  const Twice value{DrawColumn(claim.value), DrawColumn(claim.value)};
  Twice margin;
  switch (claim.of) {
    case AppraisalClaim::Of::ratio:
      margin = claim.bearer.empty() ? main.benefits : total_of(gains, claim.bearer);
      return margin -= scaled(main.costs, claim.value);
    case AppraisalClaim::Of::cashable_ratio:
      margin = main.cashable;
      return margin -= scaled(main.costs, claim.value);
    case AppraisalClaim::Of::net_value:
      margin = main.benefits;
      margin -= main.costs;
      return margin -= value;
    case AppraisalClaim::Of::costs:
      margin = main.costs;
      return margin -= value;
    case AppraisalClaim::Of::cashable:
      break;
  }
  margin = main.cashable;
  return margin -= value;
}

/// Draws that cost nothing have no ratio, and fulfil none.
void leave_out_free_draws(const Twice& costs, std::size_t draws, Twice& margin) {
  constexpr double never = -1e300;
  if (is_above_nought(costs.fitted, draws)) return;
  const std::vector<double> cost = costs.fitted.spread_over(draws);
  std::vector<double> simulated = margin.simulated.spread_over(draws), fitted = margin.fitted.spread_over(draws);
  for (std::size_t d = 0; d < draws; ++d)
    if (!(cost[d] > 0)) simulated[d] = fitted[d] = never;
  margin.simulated = DrawColumn(std::move(simulated));
  margin.fitted = DrawColumn(std::move(fitted));
}

/// `gains`: above the line, by bearer.
void test_claims(const AppraisalDraws& on, const ArmTotals& main, BearerTotals& gains, std::size_t arm,
                 AppraisalResult& result) {
  for (std::size_t index = 0; index < on.appraisal.claims.size(); ++index) {
    const AppraisalClaim& claim = on.appraisal.claims[index];
    if (std::find(claim.arms.begin(), claim.arms.end(), arm) == claim.arms.end()) continue;
    Twice margin = scaled(claim_margin(claim, main, gains), claim.at_least ? 1 : -1);
    const bool is_ratio = claim.of == AppraisalClaim::Of::ratio || claim.of == AppraisalClaim::Of::cashable_ratio;
    if (is_ratio) leave_out_free_draws(main.costs, on.count(), margin);
    const Chance chance = chance_above_nought(margin, on.figures, on.units(), AtNought::counts);
    result.claims.push_back({index, arm, chance.value, chance.mc_error});
  }
}

}  // namespace

MainValues value_flows(const AppraisalDraws& all_arms, const HeldQuestions& asked, AppraisalResult& result) {
  MainValues values;
  values.npv.resize(1);
  values.public_cost.resize(1);
  const auto years = static_cast<std::size_t>(all_arms.appraisal.years);
  for (std::size_t arm = 1; arm < all_arms.appraisal.arms; ++arm) {
    AppraisalDraws on(all_arms);
    on.held = asked.by_arm.at(arm);
    std::vector<ArmTotals> all = combinations(on, arm);
    const ArmTotals& main = all.front();
    ArmCash cash{std::vector<Twice>(years), std::vector<Twice>(years), {}};
    BearerTotals bearers, gains;
    SocialGroupTotals groups(on, arm);
    for (std::size_t index = 0; index < on.appraisal.flows.size(); ++index) {
      const Flow& flow = on.appraisal.flows[index];
      const FlowTwice columns = flow_twice(on, flow, arm);
      std::optional<CashedSteps> steps;  // of the main form
      for (ArmTotals& totals : all) {
        std::optional<CashedSteps> cashed = add_flow(on, flow, columns, totals);
        if (&totals == &main) steps = std::move(cashed);
      }
      add_cash(on, columns, main, arm, index, cash, result);
      add_to_budget(flow, columns, main, steps, cash);
      const Twice worth = present_value(columns, flow, main, on.appraisal.discounting[0].factors);
      result.flows.push_back(flow_value(on, columns, main, worth, arm, index));
      if (steps) result.flows.back().steps = fewest_steps(*steps, on.units());
      total_of(bearers, flow.bearer) += worth;
      groups.add(flow, worth);
      if (flow.role != Flow::Role::programme_cost) total_of(gains, flow.bearer) += worth;
    }
    add_cash_totals(cash, arm, on.units(), result);
    for (const auto& [bearer, worth] : bearers)
      result.bearers.push_back({arm, bearer, drawn_amount(worth, on.units())});
    groups.finish(result);
    for (const ArmTotals& totals : all) result.arms.push_back(arm_value(on, arm, totals));
    test_claims(on, main, gains, arm, result);
    values.npv.push_back(main.benefits);
    values.npv.back() -= main.costs;
    values.public_cost.emplace_back();
    values.public_cost.back() -= main.public_gain;
  }
  return values;
}

}  // namespace desist
