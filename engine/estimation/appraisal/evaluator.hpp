// What a formula comes to in an arm, a year and every draw.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"

namespace desist {

/// A figure that is set to other values, while all others are as drawn: common luck.
struct HeldFigure {
  std::size_t slot = 0;
  DrawColumn value;  // in the figure's own unit
};

class Evaluator {
 public:
  Evaluator(const Appraisal& appraisal, const DrawnFigures& figures, Means means, std::vector<HeldFigure> held = {})
      : appraisal_(&appraisal), figures_(&figures), means_(means), held_(std::move(held)) {}

  const Appraisal& appraisal() const { return *appraisal_; }
  std::size_t draws() const { return figures_->draws(); }
  const DrawnFigures& figures() const { return *figures_; }
  DrawColumn input(std::size_t input, std::size_t arm) const;
  DrawColumn column(const Formula& formula, std::size_t arm, int year) const;

 private:
  const Appraisal* appraisal_;
  const DrawnFigures* figures_;
  Means means_;
  std::vector<HeldFigure> held_;
};

/// Whether a formula has another value in each year: it names an outcome by year.
bool is_by_year(const Formula& formula, const Appraisal& appraisal);

/// Whether a formula names an input whose place in a draw's row is `slot`, in that arm.
bool names_slot(const Formula& formula, const Appraisal& appraisal, std::size_t arm, std::size_t slot);

}  // namespace desist
