// A study of a published table, as its experiment file gives it: cells as printed, nothing interpreted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/quantity.hpp"

namespace desist {

/// How people came into their groups; it decides which words and which estimands are allowed (mathematics.md 7.5).
enum class Design {
  randomised,      // by chance: intention to treat, complier effects
  compared,        // someone else chose: "all starters against comparison", no causal word
  nested,          // the comparison group contains the treated: treated against the untreated remainder
};

/// What a group is to the programme.
enum class Role { control, completed, breached, all_sent, base, treated, other };

/// One cell of the table, printed, with the evidence row that holds it (or an assumption's reason).
struct PrintedCell {
  std::string quantity;   // "people", an outcome's name, or outcome + "_pct"
  PrintedNumber printed;
  std::string evidence;   // id of the evidence row; "" only where `assumption` says why
  std::string assumption;
};

struct Group {
  std::string name;
  std::string label;
  Role role = Role::other;
  std::string stratum;              // table B: "violence"; "" where there is one table
  std::vector<std::string> is_sum_of;  // "all" = completed + breached: names of groups it must equal
  std::vector<PrintedCell> cells;
  const PrintedCell* cell(const std::string& quantity) const;
};

struct Comparison {
  std::string label;
  std::vector<std::string> treated;  // groups, added up
  std::string against;
  std::string stratum;
};

struct StudyOutcome {
  std::string name;
  std::string label;
  bool headline = false;
  enum class Better { fewer, more, unclear } better = Better::fewer;
  bool describe_only = false;               // days to the next event among those who had one: no inference
  std::vector<std::string> subset_of;       // violent <= any
};

/// A sentence that was given to a board, and what would make it true.
struct Claim {
  std::string text;
  std::string where;
  std::string evidence;
  /// What is computed: "group sizes", "total", "relative reduction", "completion", "of those reoffended", or an outcome's chance.
  std::string test;
  std::string outcome;               // the outcome it is about
  std::vector<std::string> treated;  // groups added up
  std::string against;
  std::optional<PrintedNumber> printed;          // the number claimed: "46%"
  std::optional<PrintedNumber> printed_against;  // "2% ... compared with 20%": the second
  std::string reply;                 // the owner's reply, if any
};

/// People allocated who are in no row (absent controls): for the bounds.
struct MissingPeople {
  std::string group;
  std::int64_t most = 0;
  std::string assumption;
};

struct Study {
  std::string name;
  std::string source;
  std::string reading;
  Design design = Design::compared;
  std::string design_doubt;
  std::string followed_for;
  std::vector<Group> groups;
  std::vector<StudyOutcome> outcomes;
  std::vector<Comparison> comparisons;     // the first is the headline
  std::vector<Claim> claims;
  std::vector<MissingPeople> missing;
  std::optional<double> worth_having;      // smallest difference worth paying for, as a share (0.05)
  std::optional<std::pair<double, double>> recording;  // incidents recorded among treated per one among controls
  std::string recording_outcome;
};

}  // namespace desist
