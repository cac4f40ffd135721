// A printed table read as whole counts: what every cell can be, and which tables of counts the print allows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/estimation/count_system.hpp"
#include "engine/estimation/study.hpp"
#include "engine/estimation/study_results.hpp"
#include "engine/statistics/grim.hpp"

namespace desist::estimation {

using statistics::CountRange;

/// How the percentages of a table were cut to their decimals.
enum class PrintRule {
  rounding,
  truncation,
  mixed  // neither explains every cell: a cell is read by rounding where it can be, else by truncation
};

/// One group's outcome, with its print and the counts that fit.
struct ReadCell {
  std::size_t group = 0;  // indices into the study
  std::size_t outcome = 0;
  std::int64_t people = 0;  // 0 where no number of people is known
  const PrintedCell* percentage = nullptr;
  const PrintedCell* count = nullptr;
  CountRange rounded, truncated;                  // at the printed decimals
  CountRange rounded_shorter, truncated_shorter;  // without a trailing zero; empty where there is none
  std::size_t unknown = 0;                        // of the count system
  bool impossible = false;                        // no count fits its own print
  bool freed = false;                             // its print is not used

  bool printed() const { return percentage != nullptr || count != nullptr; }
  /// The counts that fit under a rule; empty if none does, everybody if nothing is printed.
  CountRange fits(PrintRule rule) const;
};

/// The share that a percentage cell prints, its digits and its decimals.
statistics::PrintedPercentage as_percentage(const PrintedNumber& printed);
bool is_percentage(const PrintedCell& cell, const StudyOutcome& outcome);

/// Several groups taken together for one outcome, or the untreated remainder: who a claim or a comparison speaks of.
struct Side {
  std::int64_t people = 0;
  std::size_t unknown = 0;               // count of those with the outcome
  std::string people_sum;                // "54 + 16 = 70", or "49"
  const ReadCell* as_printed = nullptr;  // the one cell that prints this side's percentage, if any
};

/// The count tables that a study's print allows.
///
/// Constraints: counts fit their percentages, a printed count is itself, a sum group is the sum of its parts, a subset
/// outcome is at most the outcome that contains it, and under a nested design the group compared with contains the
/// treated. All cells by rounding, or all by truncation: whichever explains the whole table, both if both do (the
/// feasible tables of either); if neither does, cell by cell, and where that has no solution either, the fewest cells
/// are freed that leave one: of equally few a total before its parts, since parts are what comparisons add up. Where an
/// outcome is above the one that contains it, and either cell alone would do, both are freed.
/// Verified by: audit_test; audit_property_test; verdicts_test
class PrintedTable {
 public:
  explicit PrintedTable(const Study& study);

  const Study& study() const { return study_; }
  PrintRule rule() const { return rule_; }
  const std::vector<ReadCell>& cells() const { return cells_; }
  const ReadCell* cell(std::size_t group, std::size_t outcome) const;
  std::optional<std::int64_t> people(std::size_t group) const { return people_[group]; }
  std::size_t group(const std::string& name) const;    // throws std::invalid_argument
  std::size_t outcome(const std::string& name) const;  // throws std::invalid_argument

  /// What had to be freed beyond cells that fit nothing, and which other single cells would have served.
  struct Conflict {
    std::vector<const ReadCell*> freed;
    std::vector<const ReadCell*> or_else;
  };
  const std::vector<Conflict>& conflicts() const { return conflicts_; }
  /// Whether constraints join two cells.
  bool joined(const ReadCell& one, const ReadCell& other) const;

  /// Groups added up; nothing where a number of people is missing or a count is not determined by the print.
  std::optional<Side> side(const std::vector<std::string>& groups, std::size_t outcome) const;
  /// The people of `whole` who are not in `part` (nested designs).
  std::optional<Side> remainder(const std::string& whole, const std::vector<std::string>& part,
                                std::size_t outcome) const;

  std::int64_t nearest(std::size_t unknown) const { return nearest_[unknown]; }
  std::vector<std::int64_t> values(std::size_t unknown, std::size_t most) const;
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs(std::size_t one, std::size_t other, std::size_t most) const;
  /// Number of count tables of all cells, 2^53 at most; a product over parts of the table that share no constraint.
  std::size_t tables() const;

 private:
  CountSystem system(PrintRule rule) const;
  void read_people();
  void read_cells();
  void add_sides();
  void free_conflicts();
  bool determined(const ReadCell& cell) const;

  const Study& study_;
  std::vector<std::optional<std::int64_t>> people_;
  std::vector<ReadCell> cells_;
  std::vector<std::optional<std::size_t>> at_;  // group-major index into cells_
  struct SumOfGroups {
    std::vector<std::size_t> groups;
    std::size_t outcome;
    std::size_t unknown;
  };
  struct Remainder {
    std::size_t whole;               // cell
    std::vector<std::size_t> parts;  // cells
    std::int64_t people;
    std::size_t unknown;
  };
  std::vector<SumOfGroups> sides_;
  std::vector<Remainder> remainders_;
  PrintRule rule_ = PrintRule::rounding;
  std::vector<CountSystem> systems_;  // one, or two where rounding and truncation both explain the table
  std::vector<std::int64_t> nearest_;
  std::vector<Conflict> conflicts_;
};

}  // namespace desist::estimation
