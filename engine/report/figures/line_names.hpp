// The names of lines, each beside the end of its own: what a legend would say, where the eye is already.
#pragma once

#include <string>
#include <vector>

#include "engine/report/figures/figure_parts.hpp"

namespace desist::figure {

struct LineName {
  std::string arm, words;
  double end = 0;  // the value at which the line ends
  double line_y = 0, y = 0;
  double half = 0;  // half of the name's height
};

/// Moves names down, then up, so that none covers another and all stay in a picture of this height.
void spread(std::vector<LineName>& names, double height);

/// The panel to the right of the lines.
Json names_panel(const std::vector<LineName>& names, double height, const Json& colour, const Json& shape);

}  // namespace desist::figure
