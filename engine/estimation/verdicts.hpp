// From the honesty table to an answer of the short list.
#pragma once

#include <vector>

#include "engine/estimation/study.hpp"
#include "engine/estimation/study_results.hpp"

namespace desist::estimation {

/// Gives every row its verdict.
///
/// "Shown" means that the coherent pair (difference of Miettinen & Nurminen, chi-square times (N - 1)/N) excludes no
/// difference at 5% in every feasible table.
///   - randomised, everyone sent: yes if the better direction is shown, no if the worse one is, or if the limits leave
///   no room
///     for a difference worth having; not shown otherwise. Yes and no become "depends on absent people" where putting
///     all absent people on one side, none or all with the outcome, takes what is shown away.
///   - completers or breachers only: depends on who completed, where something is shown.
///   - not randomised: depends on how the comparison group was chosen, where something is shown; never yes or no.
///   - an outcome that is neither better nor worse: depends on recording, where something is shown.
///   - nested: the comparison group is not in the table but made by subtraction, on the assumption that it contains the
///     treated. Can't be answered, unless the same is shown on that reading and on the other (the group as printed,
///     apart from the treated), in every feasible table; then depends on how the comparison group was chosen.
///   - feasible tables that disagree: depends on the printed digits.
/// Verified by: verdicts_test
void give_verdicts(const Study& study, std::vector<HonestyRow>& rows);

/// The answer over the headline rows: those of the first comparison (of each stratum) and of outcomes with a better
/// direction.
///   - no such row: can't be answered with these figures.
///   - all rows can't be answered: nor can the question.
///   - estimates on both sides of no difference: not shown if no row shows anything, else depends on which outcome
///   counts.
///   - otherwise: what the rows depend on, if any does; else yes if some row is yes, no if all rows are no, and not
///   shown
///     otherwise.
/// Verified by: verdicts_test
void give_answer(const Study& study, StudyResult& result);

}  // namespace desist::estimation
