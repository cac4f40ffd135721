// What a study of a published table says: audit, honesty table, verdicts, posteriors. Plain data; no words are made
// here beyond the verdict's enumerations.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/estimation/study.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/statistics/interval.hpp"

namespace desist {

using statistics::Interval;

// ---- audit
// -----------------------------------------------------------------------------------------------------------

/// How one printed cell reads as a count (mathematics.md 7.1).
struct CellReading {
  std::string group;
  std::string quantity;
  std::string printed;
  std::int64_t people = 0;
  std::vector<std::int64_t> by_rounding;    // counts that round to it
  std::vector<std::int64_t> by_truncation;  // counts that truncate to it, where none rounds
  std::vector<std::int64_t> shorter;        // candidates with a trailing zero dropped, where none fits otherwise
  std::optional<std::int64_t> used;         // the count carried on
  bool freed = false;                       // no count fits: the cell is left out of the estimates, and flagged
};

enum class AuditVerdict { reproduced, cannot_be_reproduced, cannot_be_checked };

/// One check of arithmetic: what is printed, what the printed inputs give, in numbers and as a line of arithmetic.
struct AuditFinding {
  std::string kind;     // "cell", "parts", "subset", "table", "claim", "allocation"
  std::string subject;  // "alcohol, all suitable"
  AuditVerdict verdict = AuditVerdict::reproduced;
  std::string printed;     // "21.9%"
  std::string arithmetic;  // "3/164 + 9/87 = 12/251 = 4.8%"
  std::string note;        // "by truncation, not by rounding"
  bool plain =
      true;  // false: a reader should look, also where it is reproduced (cut off, zero added, from printed cells)
  std::string where;
  std::vector<std::string> evidence;
};

// ---- honesty table
// -----------------------------------------------------------------------------------------------------

/// A number with its interval and its envelope over feasible integer tables.
struct Estimate2 {
  double value = 0;
  Interval interval;
  Interval envelope;  // outermost limits over feasible tables; equals `interval` where the table is unique
};

/// docs/methods/study.md says when each is given.
enum class Verdict { yes, no, not_shown, depends, cannot_be_answered };

/// What an answer hangs on, where the verdict is `depends`.
enum class DependsOn {
  comparison_group,  // how the comparison group was chosen: OR*
  who_completed,     // the treated were selected by finishing, or by breaching
  printed_digits,    // the feasible tables give different answers
  absent_people,     // allocated people who are in no row
  recording,         // contact brings reports
  which_outcome,     // headline outcomes point apart
  which_stratum,     // the table's parts do
};

/// What the coherent pair shows for one row, the same in all feasible tables: fewer with the outcome, more, neither; or
/// not the same.
enum class Shown { fewer, more, neither, differs };

/// One comparison of one outcome. Differences are treated minus comparison, ratios treated over comparison.
struct HonestyRow {
  std::string comparison;  // label
  /// "intention to treat" | "all starters against comparison" | "completers (selected)" | "breachers (selected)" |
  /// "treated against the untreated remainder" | "treated against comparison"
  std::string estimand;
  bool causal_words = false;
  std::string outcome;    // name
  bool headline = false;  // a headline outcome in the first comparison (of its stratum)
  std::string stratum;
  std::int64_t x1 = 0, n1 = 0, x0 = 0, n0 = 0;  // the table nearest the print
  std::size_t feasible_tables = 1;              // two-by-two tables that the print allows
  std::vector<std::pair<std::int64_t, std::int64_t>>
      tables;                                 // (x1, x0) of those gone through: all, or 100 by 100 of them
  Estimate2 risk1, risk0;                     // Wilson
  Estimate2 difference_newcombe, difference;  // difference: Miettinen-Nurminen, the coherent pair with p_coherent
  Estimate2 risk_ratio;                       // score (Miettinen-Nurminen)
  Estimate2 odds_ratio_exact, odds_ratio_midp;
  double p_coherent = 1, p_fisher = 1;  // chi-square x (N-1)/N; Fisher
  std::optional<double> p_boschloo, p_boschloo_doubled;
  bool tests_disagree = false;
  std::optional<Interval> nnt_benefit, nnt_harm;  // as mathematics.md 7.4; both set: through infinity
  Interval chance_of_fewer;                       // posterior P(p1 < p0): range over feasible tables
  double chance_of_fewer_mean = 0;                // under equal weights
  std::optional<double> odds_ratio_star;          // 2.7: the OR* at which nothing is left; not randomised only
  std::optional<double> e_value;
  Shown shown = Shown::neither;
  Verdict verdict = Verdict::not_shown;
  std::vector<DependsOn> depends_on;
  std::optional<std::int64_t>
      settle_seen;  // people a group for a difference like the one seen (80% power, two-sided 5%)
  std::optional<std::int64_t> settle_worth;  // for the smallest difference worth having
  std::optional<Interval> recording_bounds;  // difference limits after the recording factor's range
};

/// A headline outcome of a stratum's first comparison without a row: a cell that it needs is no count of its people, or
/// contradicts another cell, and nothing says which of the two is wrong.
struct UnreadOutcome {
  std::string outcome, stratum;
  std::string because;  // "no whole number of the 143 in completed gives 17.9%"
};

/// A group's share with an outcome, where nothing is compared.
struct GroupShare {
  std::string group, outcome;  // names
  std::string printed;
  std::int64_t people = 0;
  std::optional<std::int64_t> count;  // nearest to the print; none where no count of the people gives it
  Estimate2 share;                    // Wilson; of a count
};

/// Complier effect of a randomised study (mathematics.md 7.6).
struct ComplierResult {
  std::string outcome;
  double effect = 0, se = 0;
  double control_complier_mean = 0, treated_complier_mean = 0;
  enum class SetKind { interval, two_rays, whole_line } kind = SetKind::interval;
  Interval fieller;           // two rays: outside of (low, high)
  bool outside_unit = false;  // a complier mean outside [0, 1]: evidence against the assumptions
};

/// What if nothing worked: completers' risk expected from selection alone (2.7).
struct SelectionResult {
  std::string outcome;
  double control_risk = 0, breached_risk = 0, completed_share = 0;
  double expected_completer_risk = 0;
  double seen_completer_risk = 0;
  bool possible = true;           // false where the identity leaves [0, 1]
  bool completers_worse = false;  // it needs completers of a higher risk than breachers
};

struct AllocationResult {
  std::int64_t treated = 0, control = 0;
  double p_equal = 1;   // two-sided binomial for 1:1
  struct Bound {        // absent people put into one side, none or all with the outcome
    std::string group;  // "treated" or "control"
    std::int64_t added = 0;
    std::string outcome;
    double difference_none = 0, difference_all = 0;
    Interval interval_none, interval_all;
    std::optional<std::int64_t> tipping;  // fewest of the added with the outcome at which what is shown changes
  };
  std::vector<Bound> bounds;
};

struct ClaimResult {
  std::size_t claim = 0;
  enum class Verdict { fits, does_not_fit, cannot_be_checked } verdict = Verdict::cannot_be_checked;
  std::string because;  // arithmetic, in one line
};

struct StudyResult {
  std::string study;
  std::vector<CellReading> cells;
  std::vector<AuditFinding> audit;
  std::size_t feasible_tables = 1;
  std::vector<HonestyRow> rows;  // comparison-major, outcomes in file order
  std::vector<UnreadOutcome> unread;
  std::vector<GroupShare> shares;         // of a described table, in the file's order
  std::vector<ComplierResult> compliers;  // randomised only
  std::vector<SelectionResult> selection;
  std::optional<AllocationResult> allocation;
  std::vector<ClaimResult> claims;
  Verdict verdict = Verdict::not_shown;  // over the headline outcomes of the first comparison
  std::vector<DependsOn> depends_on;
  bool outcomes_point_apart = false;  // headline outcomes of one part of the table
  bool strata_point_apart = false;    // its parts
  std::vector<Posterior> posteriors;  // one an outcome: "cara/reoffended"
};

struct StudyResults {
  std::vector<StudyResult> studies;
  std::vector<Posterior> posteriors() const;
};

/// Audits and evaluates every study. Verified by: audit_test, verdicts_test, study_reference (R).
StudyResults evaluate(const std::vector<Study>& studies);

}  // namespace desist
