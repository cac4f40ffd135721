// A funnel as it is printed: steps of which each is a part of another, in one column or in several (years, quarters).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/estimation/study_results.hpp"

namespace desist {

/// Numbers that were counted together: a year, a quarter, an area.
struct FunnelColumn {
  std::string name;                    // "2022/23"
  std::string definition;              // what was counted, and how: columns of different definitions are not compared
  std::vector<std::string> is_sum_of;  // columns that it must be the sum of
  std::string against;                 // the column that it is compared with; "" for none
};

struct FunnelStep {
  enum class Way {
    on,    // went on
    out,   // fell out
    open,  // had not ended when counted: neither, yet
  };
  std::string name, label;  // label: after a number, "27 left early"
  std::string of;           // the step that it is a part of; "" for none
  std::string per;          // or a step that it is counted for, which isn't said to contain it
  Way way = Way::on;
  bool adds_up = false;               // its parts are all of it
  bool headline = false;              // the share that answers
  std::vector<std::int64_t> counts;   // one a column
  std::vector<std::string> evidence;  // ids, one a column; "" where something else says where it comes from
};

struct Funnel {
  std::string counted = "people";
  std::vector<FunnelColumn> columns;  // one without a name where the file has none
  std::vector<FunnelStep> steps;      // a step after the one that it is of

  std::optional<std::size_t> step(const std::string& name) const;
  std::optional<std::size_t> column(const std::string& name) const;
  /// The step that a step is of, or per; nothing for those that are of none.
  std::optional<std::size_t> whole_of(std::size_t step) const;
  /// The columns that are in no other's sum.
  std::vector<std::size_t> whole_columns() const;
};

/// A step as a share of the step that it is of, less those that had not ended; or for each that it is counted for.
struct FunnelShare {
  std::size_t step = 0, column = 0, whole = 0;  // whole: a step
  bool is_part = true;                          // false: counted for each of the whole, may exceed it
  std::int64_t count = 0;
  std::int64_t of = 0;    // the whole, less those in it that had not ended
  std::int64_t open = 0;  // how many those are
  double value = 0;       // count/of
  Interval interval;      // a part: Jeffreys; else limits of a Poisson count over `of` (Garwood 1936)
  Interval exact;         // a part: Clopper & Pearson 1934; else the same as `interval`
  Interval if_open;       // a part: from none to all of the open going this way, of the whole
};

/// A share in one column against the same in another.
struct FunnelChange {
  std::size_t step = 0, column = 0, against = 0;
  bool is_part = true;
  double value = 0;   // a part: difference of shares; else ratio of what is counted for each
  Interval interval;  // Miettinen & Nurminen 1985; else exact, of a ratio of Poisson counts
  double growth = 0;  // of the count itself: 0.38 for 38% more
};

struct FunnelResult {
  std::vector<FunnelShare> shares;    // by step, then column
  std::vector<FunnelChange> changes;  // by column, then step
  std::vector<AuditFinding> audit;    // parts against wholes, columns against their sums

  const FunnelShare* share(std::size_t step, std::size_t column) const;
  const FunnelChange* change(std::size_t step, std::size_t column) const;
};

/// Shares, changes and the audit of a funnel. Shares of nothing are left out.
///
/// A share's limits are those of as many independent people; where one person may be counted several times they are too
/// narrow. Those that had not ended are left out of shares of their siblings, which is right only if they are like
/// those who have; `if_open` doesn't suppose it. Verified by: funnel_test
FunnelResult evaluate(const Funnel& funnel);

}  // namespace desist
