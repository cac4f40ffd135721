// Costs and effects of arms beside each other, wherever they come from: flows or a table of draws.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/draw_units.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"

namespace desist {

/// By arm, less the comparator's; effects better when greater.
struct Strategies {
  DrawUnits units{0};
  const DrawnFigures* figures = nullptr;  // none of a table of draws, in which nothing was fitted
  std::vector<std::string> names;
  std::vector<Twice> costs, effects, plain_effects;  // plain: not discounted
};

DrawColumn column_of(const Eigen::VectorXd& values);

/// Draws in rows, arms in columns.
Eigen::MatrixXd draws_by_arm(const std::vector<Twice>& by_arm, std::size_t draws, bool fitted);

/// Adds an effect's rows, its acceptability and its points of the plane: the first 500 draws.
void compare_strategies(const Strategies& strategies, std::size_t effect, std::span<const double> worth,
                        AppraisalResult& result);

}  // namespace desist
