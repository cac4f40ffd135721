// Small counts hidden from everything that is written.
#pragma once

#include "engine/estimation/person_results.hpp"
#include "engine/estimation/person_study.hpp"

namespace desist {

/// Takes out of the results every count of people from 1 to one below `smallest_shown`, and what would give it away.
///
/// It stands in report, at the door: every table, figure, page and screen is written from what it leaves, while the
/// stages before it, which may use a result further, have it whole. Results are only ever taken out or added up, never
/// estimated anew. What it does:
/// - an outcome that 1 to s - 1 people of an arm have, or don't have: none of its numbers is left (summaries,
/// analyses);
/// - table 1 and flow: small cells, and those needed to keep them from being worked out (suppress_small_counts); a
///   column of 0 and 1 is read as the count that its mean is; a standardised difference goes with either of its cells;
/// - numbers of people without a value: where one is small, all of them, with the steps of the flow that would give
///   them by subtraction, and notes that hold numbers;
/// - curves: steps are joined until each covers s events of each kind that it has, no censored people or s, and leaves
///   nobody or s behind; `at_risk` is that at the beginning of a joined step;
/// - an analysis whose people or events differ by less than s from the summary's: the numbers that say so.
/// What the experiment file itself prints (steps of its flow, published results) stays. Nothing is done where
/// `smallest_shown` is 0. Doing it twice changes nothing more. Verified by: withhold_test
void withhold_small_counts(PersonResults& results, const PersonStudy& study);

/// Whether anything was withheld.
bool anything_withheld(const PersonResults& results);

}  // namespace desist
