// A flow of money in an arm beside the comparator's, year by year.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "engine/estimation/appraisal/evaluator.hpp"

namespace desist {

/// Columns by year, from the flow's first year to its last; a single one where all years are alike.
class YearColumns {
 public:
  YearColumns(int first, int last) : first_(first), last_(last) {}
  int first() const { return first_; }
  int last() const { return last_; }
  bool alike() const { return columns_.size() == 1; }
  const DrawColumn& in(int year) const { return columns_[alike() ? 0 : static_cast<std::size_t>(year - first_)]; }
  void push_back(DrawColumn column) { columns_.push_back(std::move(column)); }

 private:
  int first_, last_;
  std::vector<DrawColumn> columns_;
};

/// The sum over years of a column times the weight and the factor of its year; factors may be empty (all 1), and
/// weights too. Both begin with the first year of the horizon.
DrawColumn sum_over_years(const YearColumns& by_year, std::span<const DrawColumn> weights,
                          std::span<const double> factors);

/// Before any fading.
struct FlowDifference {
  YearColumns comparator, arm;  // quantities
  YearColumns gain;             // £, optimism bias in it; a gain is positive, so a cost that rises is below nought
  YearColumns given_up;         // £ of one that is given up whole: the comparator's of a cost, the arm's of a benefit
};
FlowDifference flow_difference(const Evaluator& evaluator, const Flow& flow, std::size_t arm);

/// Whether the fade's weight falls on a flow: programme costs stay whole.
bool is_faded(const Flow& flow);

/// What of a flow's quantity an arm frees by year (of a benefit: brings), faded.
YearColumns freed_quantity(const Flow& flow, const FlowDifference& difference, std::span<const DrawColumn> weights);

/// Whole steps of a quantity: floor(E[quantity | draw]/step) in each draw (mathematics.md 8.2), so of the fitted one,
/// with 1e-9 of a step for rounding. A quantity that rises costs whole steps too: they are below nought.
DrawColumn whole_steps(const DrawColumn& fitted_quantity, double step);

/// What can be cashed by year of a flow in whole steps: they, times what one of them is worth.
YearColumns cashable_gain(const Flow& flow, const FlowDifference& difference, const YearColumns& steps);

}  // namespace desist
