// A study of a published table, as its experiment file gives it: cells as printed, nothing interpreted.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/quantity.hpp"

namespace desist {

/// How people came into their groups; it decides which words and which estimands are allowed (mathematics.md 7.5).
enum class Design {
  randomised,  // by chance: intention to treat, complier effects
  compared,    // someone else chose: "all starters against comparison", no causal word
  nested,      // the comparison group contains the treated: treated against the untreated remainder
  described,   // nothing is compared: groups are audited and shown
};

/// The design of an experiment file's word; compared where there is none.
Design design_of(const std::string& word);

/// What a group is to the programme.
enum class Role { control, completed, breached, all_sent, base, treated, other };

/// One cell of the table, printed, with the evidence row that holds it (or an assumption's reason).
///
/// A cell of an outcome is a percentage of the group's people if it was printed with %, with decimals, or under the
/// outcome's name + "_pct"; else it is a count of people.
struct PrintedCell {
  std::string quantity;  // "people", an outcome's name, or outcome + "_pct"
  PrintedNumber printed;
  std::string evidence;  // id of the evidence row; "" only where `assumption` says why
  std::string assumption;
};

struct Group {
  std::string name;
  std::string label;
  Role role = Role::other;
  std::string stratum;                 // table B: "violence"; "" where there is one table
  std::vector<std::string> is_sum_of;  // "all" = completed + breached: names of groups it must equal
  std::vector<PrintedCell> cells;
  const PrintedCell* cell(const std::string& quantity) const;
};

struct Comparison {
  std::string label;
  std::vector<std::string> treated;  // groups, added up
  std::string against;               // where the design is nested: the group that contains the treated
  std::string stratum;
};

struct StudyOutcome {
  std::string name;
  std::string label;
  std::string short_label;  // one word for the first screen: "Any", "Abuse"; made from the label where not given
  bool headline = false;
  enum class Better { fewer, more, unclear } better = Better::fewer;
  bool describe_only = false;          // days to the next event among those who had one: no inference
  std::vector<std::string> subset_of;  // violent <= any
};

/// A sentence that was given to a board, and what would make it true.
///
/// `test` says what is computed:
///   "relative reduction"  1 - (risk of `treated`)/(risk of `against`) for `outcome`
///   "difference"          (risk of `against`) - (risk of `treated`), in points
///   "share"               share of `treated` with `outcome`, of their people or of those with the outcome `of`; and
///   the
///                         same for `against` where the sentence has a second number
///   "total"               people of `treated` added up, or those with `outcome`
///   "completion"          people who completed, of those who completed or breached
///   "group sizes"         whether the groups of the first comparison are as equal as 1:1 makes them
///   "<outcome>, <comparison>"  "share" for that outcome's name and that comparison's label or its first words
struct Claim {
  std::string text;
  std::string where;
  std::string evidence;
  std::string test;
  std::string outcome;
  std::string of;
  std::vector<std::string> treated;  // groups added up; where empty, those of the first comparison
  std::string against;               // where empty, that of the first comparison
  // The numbers claimed: "46%"; "2% ... compared with 20%". Where absent, the percentages in `text`, in their order.
  std::optional<PrintedNumber> printed;
  std::optional<PrintedNumber> printed_against;
  std::string reply;  // the owner's reply, if any
};

/// People allocated who are in no row (absent controls): for the bounds.
struct MissingPeople {
  std::string group;  // "" for either side of the first comparison
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
  std::vector<Comparison> comparisons;  // the first is the headline
  std::vector<Claim> claims;
  std::vector<MissingPeople> missing;
  std::optional<double> worth_having;                  // smallest difference worth paying for, as a share (0.05)
  std::optional<std::pair<double, double>> recording;  // incidents recorded among treated per one among controls
  std::string recording_outcome;
};

/// What stops a claim from being tested ("no group 'x'", "unknown test 'y'"), or nothing: for the reader's message.
/// Verified by: claims_test
std::optional<std::string> claim_problem(const Study& study, const Claim& claim);

}  // namespace desist
