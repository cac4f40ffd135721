// Made-up report inputs in the shape of real ones, so that the report is tested without the stages before it.
#pragma once

#include "engine/report/report_input.hpp"

namespace desist::tests {

/// A study: 8 of 70 against 10 of 49, completers 1 of 54, those who breached 7 of 16; a second outcome that points the
/// other way. Counts as in the board paper of 2019; intervals by engine/statistics; every other number is invented.
ReportInput study_input();

/// A projection of five arms over 52 weeks: every number is invented.
ReportInput projection_input();

/// The same with a sweep of hearings in two arms and its figure: every number is invented.
ReportInput levels_input();

/// A trial of people's rows: two arms, a time, a yes/no outcome, a count, table 1 and flow; causes that compete. Every
/// number is invented, and those that belong together agree.
ReportInput people_input();

/// Four studies and what they give together: every number is invented.
ReportInput synthesis_input();

}  // namespace desist::tests
