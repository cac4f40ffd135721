// Figures: a Vega-Lite v6 spec beside a tidy CSV, one definition for the page, for print and for restyling elsewhere.
#pragma once

#include <string>
#include <vector>

#include "engine/report/report_input.hpp"

namespace desist {

/// One figure, ready to be written and drawn.
struct Figure {
  std::string name;     // file name: NAME.vl.json, NAME.csv
  std::string title;    // as it stands in the picture
  std::string alt;      // what the picture says, for those who can't see it
  std::string caption;  // units, n, what the lines mean, sources
  std::string spec;     // JSON; its data is {"url": "NAME.csv"}
  std::string csv;
};

/// A way of drawing that an experiment may ask for ("draw").
struct FigureKind {
  std::string name;
  std::string help;                     // one line
  ReportInput::Kind shows;              // the kind of experiment that has something to show
  std::vector<std::string> takes = {};  // keys of its table beside draw and title
};

/// Every kind, alphabetical: for the reader's check and for `desist list`. Verified by: report_test
const std::vector<FigureKind>& figure_kinds();

/// The figures that an experiment asks for, in its order. One that has nothing to show is left out.
///
/// All are 174 mm wide (two columns of a journal), in Liberation Sans, in the colours of Okabe & Ito (2008), and told
/// apart by dash and shape too, so that they read in grey. Verified by: report_test
std::vector<Figure> figures(const ReportInput& input);

}  // namespace desist
