// Where a picture comes from, in the picture itself: cut out of its page, it is lost on a slide.
#pragma once

#include <string>

#include "engine/report/report_input.hpp"

namespace desist::figure {

/// Version, experiment and the documents that its figures are from: "desist 0.1.0, cara. From: ...", in two lines where
/// they don't fit in the width of a narrow picture; documents that don't fit either are counted.
/// Verified by: source_line_test
std::string source_line(const ReportInput& input);

/// The spec of the same picture with a line of text below it, and below its legend; JSON.
std::string with_line_below(const std::string& spec, const std::string& line);

}  // namespace desist::figure
