// Net present values, ratios and chances by arm; flows by year and over the horizon.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "engine/core/limits.hpp"
#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/flow_difference.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/social_groups.hpp"
#include "engine/statistics/cost_effectiveness.hpp"
#include "engine/statistics/discounting.hpp"
#include "engine/statistics/normal.hpp"

namespace desist {
namespace {

/// One form and one schedule, with what an arm's flows add up to under them.
struct ArmTotals {
  std::size_t fade = 0, discounting = 0;
  std::vector<DrawColumn> simulated_weights, fitted_weights;
  Twice benefits, costs, cashable, public_gain;

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
    totals.fitted_weights = fade_weights(on.evaluator(Means::fitted), fade, arm, seed);
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
};

FlowTwice flow_twice(const AppraisalDraws& on, const Flow& flow, std::size_t arm) {
  FlowDifference simulated = flow_difference(on.evaluator(Means::simulated), flow, arm);
  FlowDifference fitted =
      on.figures.has_inner_noise() ? flow_difference(on.evaluator(Means::fitted), flow, arm) : simulated;
  return {std::move(simulated), std::move(fitted)};
}

Twice present_value(const FlowTwice& flow_columns, const Flow& flow, const ArmTotals& under,
                    std::span<const double> factors) {
  return {sum_over_years(flow_columns.simulated.gain, under.weights(flow, Means::simulated), factors),
          sum_over_years(flow_columns.fitted.gain, under.weights(flow, Means::fitted), factors)};
}

void add_flow(const AppraisalDraws& on, const Flow& flow, const FlowTwice& columns, ArmTotals& totals) {
  const std::span<const double> factors = on.appraisal.discounting[totals.discounting].factors;
  const Twice gain = present_value(columns, flow, totals, factors);
  if (flow.role == Flow::Role::programme_cost) {
    totals.costs -= gain;
    totals.public_gain += gain;
    return;
  }
  totals.benefits += gain;
  if (flow.kind == Flow::Kind::fiscal) totals.public_gain += gain;
  if (flow.kind != Flow::Kind::cashable) return;
  Twice cashed = gain;
  if (flow.step) {
    const std::vector<double> steps =
        whole_steps(flow, columns.simulated, totals.weights(flow, Means::simulated), on.count());
    cashed = {sum_over_years(cashable_gain(flow, columns.simulated, steps), {}, factors),
              sum_over_years(cashable_gain(flow, columns.fitted, steps), {}, factors)};
  }
  totals.cashable += cashed;
  totals.public_gain += cashed;
}

DrawColumn weighted(const DrawColumn& column, std::span<const DrawColumn> weights, int year) {
  return weights.empty() ? column : column * weights[static_cast<std::size_t>(year)];
}

/// An arm's money by year, undiscounted; main form.
struct ArmCash {
  std::vector<Twice> all, budget;  // one a year
};

/// What of a flow's year the budget feels: programme costs, and what can be cashed of the rest.
void add_to_budget(const AppraisalDraws& on, const Flow& flow, const FlowTwice& columns, const ArmTotals& main,
                   ArmCash& cash) {
  const bool cost = flow.role == Flow::Role::programme_cost;
  if (!cost && flow.kind != Flow::Kind::cashable) return;
  auto simulated = main.weights(flow, Means::simulated), fitted = main.weights(flow, Means::fitted);
  YearColumns as_simulated = columns.simulated.gain, as_fitted = columns.fitted.gain;
  if (!cost && flow.step) {
    const std::vector<double> steps = whole_steps(flow, columns.simulated, simulated, on.count());
    as_simulated = cashable_gain(flow, columns.simulated, steps);
    as_fitted = cashable_gain(flow, columns.fitted, steps);
    simulated = fitted = {};
  }
  for (int year = as_simulated.first(); year <= as_simulated.last(); ++year)
    cash.budget[static_cast<std::size_t>(year)] +=
        {weighted(as_simulated.in(year), simulated, year), weighted(as_fitted.in(year), fitted, year)};
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
    row.quantity =
        mean_of(weighted(as_simulated.arm.in(year)-as_simulated.comparator.in(year), simulated, year), on.count());
    const Twice amount{weighted(as_simulated.gain.in(year), simulated, year),
                       weighted(columns.fitted.gain.in(year), fitted, year)};
    cash.all[static_cast<std::size_t>(year)] += amount;
    row.amount = drawn_amount(amount, on.count());
    row.present_value = row.amount.mean * on.appraisal.discounting[0].factors[static_cast<std::size_t>(year)];
    result.cash.push_back(row);
  }
  add_to_budget(on, flow, columns, main, cash);
}

/// Sums up to the end of each year.
void add_cash_totals(const ArmCash& cash, std::size_t arm, std::size_t draws, AppraisalResult& result) {
  Twice all, budget;
  for (std::size_t year = 0; year < cash.all.size(); ++year) {
    all += cash.all[year];
    budget += cash.budget[year];
    result.cash_totals.push_back({arm, static_cast<int>(year), drawn_amount(all, draws), drawn_amount(budget, draws)});
  }
}

FlowValue flow_value(const AppraisalDraws& on, const FlowTwice& columns, const ArmTotals& main, const Twice& worth,
                     std::size_t arm, std::size_t index) {
  const Flow& flow = on.appraisal.flows[index];
  const auto weights = main.weights(flow, Means::simulated);
  FlowValue value;
  value.arm = arm;
  value.flow = index;
  for (int year = columns.simulated.gain.first(); year <= columns.simulated.gain.last(); ++year) {
    const DrawColumn& before = columns.simulated.comparator.in(year);
    value.quantity_comparator += mean_of(before, on.count());
    value.quantity += mean_of(before + weighted(columns.simulated.arm.in(year)-before, weights, year), on.count());
  }
  value.present_value = drawn_amount(worth, on.count());
  if (flow.step) {
    const std::vector<double> steps = whole_steps(flow, columns.simulated, weights, on.count());
    value.steps = *std::min_element(steps.begin(), steps.end());
  }
  return value;
}

/// E[benefits]/E[costs] with its delta-method error; limits by draw where every draw costs something.
std::optional<DrawnAmount> benefit_cost_ratio(const Twice& benefits, const Twice& costs, std::size_t draws) {
  const auto ratio =
      statistics::ratio_of_means(benefits.simulated.spread_over(draws), costs.simulated.spread_over(draws));
  if (!ratio.ratio) return std::nullopt;
  DrawnAmount found{*ratio.ratio, missing, missing, *ratio.error};
  const std::vector<double> cost = costs.fitted.spread_over(draws);
  if (std::all_of(cost.begin(), cost.end(), [](double each) { return each > 0; })) {
    const DrawColumn by_draw = benefits.fitted / costs.fitted;
    found.low = quantile_of(by_draw, draws, 0.025);
    found.high = quantile_of(by_draw, draws, 0.975);
  }
  return found;
}

std::optional<int> payback_year(const AppraisalResult& result, std::size_t arm, int years) {
  std::vector<double> by_year(static_cast<std::size_t>(years));
  for (const CashFlow& row : result.cash)
    if (row.arm == arm) by_year[static_cast<std::size_t>(row.year)] += row.amount.mean;
  if (std::all_of(by_year.begin(), by_year.end(), [](double amount) { return amount == 0; })) return std::nullopt;
  return statistics::payback(by_year).lasting;
}

/// Monte Carlo error of the chance: of drawing, and of the fitted surface where there is one. A surface of p columns is
/// off by s sqrt(p/D) where it passes nought, s being what it leaves open, and all along that line to the same side at
/// worst; draws lie there as densely as within a quarter of an sd of it.
double error_of_chance(const AppraisalDraws& on, const Twice& npv, double chance) {
  const std::size_t draws = on.count();
  const auto n = static_cast<double>(draws);
  const double drawing = std::sqrt(chance * (1 - chance) / n);
  if (!on.figures.has_inner_noise()) return drawing;
  const double open = error_of(npv.simulated - npv.fitted, draws);  // s/sqrt(D)
  if (!npv.fitted.varies()) return open > 0 ? statistics::normal_cdf(-std::abs(npv.fitted[0]) / open) : 0;
  const double reach = 0.25 * error_of(npv.fitted, draws) * std::sqrt(n);
  if (!(reach > 0)) return drawing;
  double near = 0;
  for (std::size_t d = 0; d < draws; ++d) near += std::abs(npv.fitted[d]) < reach ? 1 : 0;
  const double columns = 1 + static_cast<double>(on.figures.figures_of_model());
  return std::hypot(drawing, near / n / (2 * reach) * open * std::sqrt(columns));
}

ArmValue arm_value(const AppraisalDraws& on, std::size_t arm, const ArmTotals& totals) {
  const std::size_t draws = on.count();
  Twice npv = totals.benefits;
  npv -= totals.costs;
  Twice fiscal = totals.cashable;
  fiscal -= totals.costs;
  ArmValue value;
  value.arm = arm;
  value.fade = totals.fade;
  value.discounting = totals.discounting;
  value.npv = drawn_amount(npv, draws);
  value.benefits = drawn_amount(totals.benefits, draws);
  value.costs = drawn_amount(totals.costs, draws);
  value.cashable = drawn_amount(totals.cashable, draws);
  value.fiscal_npv = drawn_amount(fiscal, draws);
  value.bcr = benefit_cost_ratio(totals.benefits, totals.costs, draws);
  value.fiscal_bcr = benefit_cost_ratio(totals.cashable, totals.costs, draws);
  value.return_on_investment = value.costs.mean > 0 ? value.npv.mean / value.costs.mean : missing;
  const Chance pays = chance_that_it_pays(on, npv);
  value.chance_pays = pays.value;
  value.chance_error = pays.mc_error;
  value.chance_plug_in = statistics::chance_of_paying(npv.simulated.spread_over(draws)).value;
  return value;
}

/// In the order in which flows name them.
using BearerTotals = std::vector<std::pair<std::string, Twice>>;

Twice& total_of(BearerTotals& totals, const std::string& bearer) {
  const auto found = std::find_if(totals.begin(), totals.end(), [&](const auto& each) { return each.first == bearer; });
  return found != totals.end() ? found->second : totals.emplace_back(bearer, Twice()).second;
}

/// What a claim is about, draw by draw; a draw that costs nothing has no ratio, and fulfils none.
DrawColumn claimed_amount(const AppraisalClaim& claim, const ArmTotals& main, BearerTotals& gains) {
  switch (claim.of) {
    case AppraisalClaim::Of::ratio: {
      const Twice& benefits = claim.bearer.empty() ? main.benefits : total_of(gains, claim.bearer);
      return benefits.fitted / main.costs.fitted;
    }
    case AppraisalClaim::Of::cashable_ratio:
      return main.cashable.fitted / main.costs.fitted;
    case AppraisalClaim::Of::net_value:
      return main.benefits.fitted - main.costs.fitted;
    case AppraisalClaim::Of::costs:
      return main.costs.fitted;
    case AppraisalClaim::Of::cashable:
      break;
  }
  return main.cashable.fitted;
}

/// `gains`: above the line, by bearer.
void test_claims(const AppraisalDraws& on, const ArmTotals& main, BearerTotals& gains, std::size_t arm,
                 AppraisalResult& result) {
  const auto draws = static_cast<double>(on.count());
  for (std::size_t index = 0; index < on.appraisal.claims.size(); ++index) {
    const AppraisalClaim& claim = on.appraisal.claims[index];
    if (std::find(claim.arms.begin(), claim.arms.end(), arm) == claim.arms.end()) continue;
    const bool is_ratio = claim.of == AppraisalClaim::Of::ratio || claim.of == AppraisalClaim::Of::cashable_ratio;
    const DrawColumn amount = claimed_amount(claim, main, gains);
    std::size_t holds = 0;
    for (std::size_t d = 0; d < on.count(); ++d) {
      if (is_ratio && !(main.costs.fitted[d] > 0)) continue;
      holds += (claim.at_least ? amount[d] >= claim.value : amount[d] <= claim.value) ? 1U : 0U;
    }
    const double chance = static_cast<double>(holds) / draws;
    result.claims.push_back({index, arm, chance, std::sqrt(chance * (1 - chance) / draws)});
  }
}

}  // namespace

Chance chance_that_it_pays(const AppraisalDraws& on, const Twice& net) {
  const double value = statistics::chance_of_paying(net.fitted.spread_over(on.count())).value;
  return {value, error_of_chance(on, net, value)};
}

MainValues value_flows(const AppraisalDraws& on, AppraisalResult& result) {
  MainValues values;
  values.npv.resize(1);
  values.public_cost.resize(1);
  const auto years = static_cast<std::size_t>(on.appraisal.years);
  for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm) {
    std::vector<ArmTotals> all = combinations(on, arm);
    const ArmTotals& main = all.front();
    ArmCash cash{std::vector<Twice>(years), std::vector<Twice>(years)};
    BearerTotals bearers, gains;
    SocialGroupTotals groups(on, arm);
    for (std::size_t index = 0; index < on.appraisal.flows.size(); ++index) {
      const Flow& flow = on.appraisal.flows[index];
      const FlowTwice columns = flow_twice(on, flow, arm);
      for (ArmTotals& totals : all) add_flow(on, flow, columns, totals);
      add_cash(on, columns, main, arm, index, cash, result);
      const Twice worth = present_value(columns, flow, main, on.appraisal.discounting[0].factors);
      result.flows.push_back(flow_value(on, columns, main, worth, arm, index));
      total_of(bearers, flow.bearer) += worth;
      groups.add(flow, worth);
      if (flow.role != Flow::Role::programme_cost) total_of(gains, flow.bearer) += worth;
    }
    add_cash_totals(cash, arm, on.count(), result);
    for (const auto& [bearer, worth] : bearers)
      result.bearers.push_back({arm, bearer, drawn_amount(worth, on.count())});
    groups.finish(result);
    for (const ArmTotals& totals : all) result.arms.push_back(arm_value(on, arm, totals));
    test_claims(on, main, gains, arm, result);
    values.npv.push_back(main.benefits);
    values.npv.back() -= main.costs;
    values.public_cost.emplace_back();
    values.public_cost.back() -= main.public_gain;
  }
  for (ArmValue& value : result.arms) value.payback_year = payback_year(result, value.arm, on.appraisal.years);
  return values;
}

}  // namespace desist
