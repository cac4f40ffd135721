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
  const double error = error_of(column, draws);
  return error * error * static_cast<double>(draws);
}

NpvShare share_of_npv(const std::vector<double>& npv, double variance,
                      const std::vector<std::vector<double>>& figures) {
  const VarianceShare explained = explained_variance(npv, figures);
  NpvShare made;
  made.share = explained.explained / variance;
  made.mc_error = explained.standard_error / variance;
  return made;
}

std::vector<NpvShare> shares_of_arm(const AppraisalDraws& on, const Twice& npv, std::size_t arm) {
  std::vector<NpvShare> rows;
  const double variance = variance_over(npv.fitted, on.count());
  if (!(variance > 0)) return rows;
  const std::vector<double> simulated = npv.simulated.spread_over(on.count());
  for (const auto& group : dependent_groups(on.figures.uncertain(arm), on.parameters)) {
    std::vector<std::vector<double>> columns;
    std::string label;
    for (const std::size_t slot : group) {
      columns.push_back(on.figures.slot(slot).spread_over(on.count()));
      label += (label.empty() ? "" : ", ") + figure_words(on, slot).label;
    }
    NpvShare row = share_of_npv(simulated, variance, columns);
    row.label = label;
    row.slots = group;
    rows.push_back(std::move(row));
  }
  const std::vector<std::size_t> forms = drawn_forms(on.appraisal, on.count(), on.parameters.seed());
  if (on.appraisal.fades.size() > 1 && !forms.empty()) {
    std::vector<std::vector<double>> taken(on.appraisal.fades.size() - 1, std::vector<double>(on.count()));
    for (std::size_t d = 0; d < forms.size(); ++d)
      if (forms[d] > 0) taken[forms[d] - 1][d] = 1;
    NpvShare row = share_of_npv(simulated, variance, taken);
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
