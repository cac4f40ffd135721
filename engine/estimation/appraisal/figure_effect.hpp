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

/// Where E[NPV] passes nought as a figure moves, with the Monte Carlo error of that place.
///
/// By formula it is the root of a mean over draws, so its error is the mean's there over the slope (the delta method
/// for roots of estimating equations: van der Vaart 1998, theorem 5.21); `influence` has it draw by draw. Read from the
/// conditional mean, whose value at a place is no mean over draws, it is the scatter of curves fitted to tenths of the
/// draws over the slope (sectioning: Asmussen & Glynn 2007, section III.5), and there is no influence.
/// Verified by: appraise_errors_test
struct Crossing {
  double at = 0, error = 0;
  DrawColumn influence;  // of mean 0
};

/// E[NPV] of an arm at the ends of a figure's range (or of the middle 95% of its law), and where it passes nought.
struct FigureEffect {
  double low_value = 0, high_value = 0, npv_low = 0, npv_high = 0, npv_error = 0;
  std::vector<Crossing> crossings;
  double searched_low = 0, searched_high = 0;
  bool is_exact = false;
  bool moves = true;  // the NPV at all
};
/// `beside`: figures that are held at other values than drawn.
FigureEffect figure_effect(const AppraisalDraws& on, const Twice& npv, std::size_t arm, std::size_t slot,
                           const std::vector<HeldFigure>& beside = {});

}  // namespace desist
