// One comparison of one outcome: every number of the honesty table.
#pragma once

#include <vector>

#include "engine/estimation/printed_table.hpp"

namespace desist::estimation {

/// Rows of all comparisons, comparison-major, outcomes in file order; a comparison whose counts are not determined by
/// the print has no row. Verdicts are left to verdicts.hpp.
///
/// Numbers come from the table nearest the print; an envelope is the outermost pair of limits over the feasible
/// two-by-two tables (all of them up to 100 counts a side, else 100 evenly spread with both ends). Verified by:
/// study_reference (14 tables of R); verdicts_test
std::vector<HonestyRow> compare(const PrintedTable& table);

/// The headline outcomes that have no row since a printed cell is no count, or contradicts another cell.
/// Verified by: verdicts_test
std::vector<UnreadOutcome> unread_outcomes(const PrintedTable& table);

/// What the coherent pair says of one table: the limits of Miettinen & Nurminen (1985) without 0 exactly where
/// chi-square times (N - 1)/N has p < .05.
Shown shown_by(std::int64_t x1, std::int64_t n1, std::int64_t x0, std::int64_t n0);

/// Everything about one known two-by-two table.
HonestyRow row_of_table(std::int64_t x1, std::int64_t n1, std::int64_t x0, std::int64_t n0);

}  // namespace desist::estimation
