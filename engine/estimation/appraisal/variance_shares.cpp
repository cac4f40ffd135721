// Which figures decide how much the net present value varies.
#include <algorithm>
#include <cmath>

#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/figure_effect.hpp"
#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/dependent_groups.hpp"
#include "engine/estimation/sensitivity.hpp"

namespace desist {
namespace {

double variance_over(const DrawColumn& column, std::size_t draws) {
  const double error = error_of(column, DrawUnits(draws));
  return error * error * static_cast<double>(draws);
}

/// `larger`: by how much the sets that draws share may enlarge an error, at the most.
NpvShare share_of_npv(const std::vector<double>& npv, double variance, double larger,
                      const std::vector<std::vector<double>>& figures) {
  const VarianceShare explained = explained_variance(npv, figures);
  NpvShare made;
  made.share = explained.explained / variance;
  made.mc_error = explained.standard_error / variance * larger;
  return made;
}

/// The total index of figures that depend on nothing else (Homma & Saltelli 1996) by Jansen's estimator (1999): half
/// the mean square of what changes where they alone are drawn again, over the variance. Drawn again: as in the next
/// draw, so that no draw is added and the law is theirs. So draws that follow each other share a value, and the error
/// has their covariance; of the ratio by the delta method.
void set_total_share(const AppraisalDraws& on, const Twice& npv, double variance, std::size_t arm, NpvShare& row) {
  const std::size_t draws = on.count();
  const bool simulated = on.figures.has_inner_noise();
  if (simulated && std::any_of(row.slots.begin(), row.slots.end(),
                               [&](std::size_t slot) { return on.figures.moves_outcomes(arm, slot); }))
    return;
  std::vector<DrawColumn> next;
  for (const std::size_t slot : row.slots) {
    std::vector<double> values = on.figures.slot(slot).spread_over(draws);
    std::rotate(values.begin(), values.begin() + 1, values.end());
    next.emplace_back(std::move(values));
  }
  const DrawColumn again = HeldNpv(on, arm, row.slots, Means::fitted).column(next);
  const double mean = mean_of(npv.fitted, draws);
  std::vector<double> part(draws);
  double total = 0;
  for (std::size_t d = 0; d < draws; ++d) {
    const double moved = npv.fitted[d] - again[d];
    part[d] = moved * moved / (2 * variance);
    total += part[d] / static_cast<double>(draws);
  }
  for (std::size_t d = 0; d < draws; ++d) {
    const double off = npv.fitted[d] - mean;
    part[d] -= total * off * off / variance;
  }
  double squares = 0, neighbours = 0;
  for (std::size_t d = 0; d < draws; ++d) {
    squares += part[d] * part[d];
    neighbours += part[d] * part[(d + 1) % draws];
  }
  row.total = total;
  row.total_error = std::sqrt(std::max(squares, squares + 2 * neighbours)) / static_cast<double>(draws);
}

std::vector<NpvShare> shares_of_arm(const AppraisalDraws& on, const Twice& npv, std::size_t arm) {
  std::vector<NpvShare> rows;
  const double variance = variance_over(npv.fitted, on.count());
  if (!(variance > 0)) return rows;
  const std::vector<double> simulated = npv.simulated.spread_over(on.count());
  const double larger =
      on.units().share_sets() ? std::sqrt(static_cast<double>(on.count()) / on.units().fewest_worth()) : 1;
  for (const auto& group : dependent_groups(on.figures.uncertain(arm), on.parameters)) {
    std::vector<std::vector<double>> columns;
    std::string label;
    for (const std::size_t slot : group) {
      columns.push_back(on.figures.slot(slot).spread_over(on.count()));
      label += (label.empty() ? "" : ", ") + figure_words(on, slot).label;
    }
    NpvShare row = share_of_npv(simulated, variance, larger, columns);
    row.label = label;
    row.slots = group;
    set_total_share(on, npv, variance, arm, row);
    if (row.total_error) *row.total_error *= larger;
    rows.push_back(std::move(row));
  }
  const std::vector<std::size_t> forms = drawn_forms(on.appraisal, on.figures, on.parameters.seed());
  if (on.appraisal.fades.size() > 1 && !forms.empty()) {
    std::vector<std::vector<double>> taken(on.appraisal.fades.size() - 1, std::vector<double>(on.count()));
    for (std::size_t d = 0; d < forms.size(); ++d)
      if (forms[d] > 0) taken[forms[d] - 1][d] = 1;
    NpvShare row = share_of_npv(simulated, variance, larger, taken);
    row.label = "Which form the fading takes";
    rows.push_back(std::move(row));
  }
  std::stable_sort(rows.begin(), rows.end(), [](const NpvShare& a, const NpvShare& b) { return a.share > b.share; });
  for (NpvShare& row : rows) row.arm = arm;
  return rows;
}

}  // namespace

void share_out_variance(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result) {
  for (std::size_t arm = 1; arm < on.appraisal.arms; ++arm) {
    const std::vector<NpvShare> rows = shares_of_arm(on, values.npv[arm], arm);
    result.shares.insert(result.shares.end(), rows.begin(), rows.end());
  }
}

}  // namespace desist
