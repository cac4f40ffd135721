// What an arm is worth as one figure moves.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/estimation/appraisal/parts.hpp"
#include "engine/estimation/appraisal/zero_crossings.hpp"

namespace desist {

/// A figure as a table has it: an input's words where a formula names it, else the parameter's.
struct FigureWords {
  std::string name, label, unit;
};
FigureWords figure_words(const AppraisalDraws& on, std::size_t slot);

/// E[NPV] of an arm at the ends of a figure's range (or of the middle 95% of its law), and where it passes nought.
struct FigureEffect {
  double low_value = 0, high_value = 0, npv_low = 0, npv_high = 0, npv_error = 0;
  std::vector<double> crossings;
  double searched_low = 0, searched_high = 0;
  bool is_exact = false;
  bool moves = true;  // the NPV at all
};
FigureEffect figure_effect(const AppraisalDraws& on, const Twice& npv, std::size_t arm, std::size_t slot);

}  // namespace desist
