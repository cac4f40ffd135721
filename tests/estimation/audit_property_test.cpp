// The audit on tables nobody has seen: printed by rounding or cutting off without a slip it accuses nothing; with a
// slip it finds every one that plain enumeration shows to be impossible.
#include <algorithm>
#include <array>
#include <random>
#include <set>

#include <gtest/gtest.h>

#include "engine/estimation/audit.hpp"
#include "engine/estimation/claims.hpp"
#include "tests/estimation/published_tables.hpp"

namespace desist::estimation {
namespace {

/// control, completed, breached and all; outcomes any and violent.
struct Made {
  std::array<std::int64_t, 4> people{};
  std::array<std::array<std::int64_t, 2>, 4> counts{};
  std::array<std::array<std::string, 2>, 4> printed{};
  std::string all_people;
  std::string total_claim, reduction_claim;
  bool cut = false;
  int decimals = 0;
};

/// over/under as a percentage, rounded half up or cut off, in whole numbers.
std::string percentage(std::int64_t over, std::int64_t under, int decimals, bool cut) {
  std::int64_t scale = 100;
  for (int i = 0; i < decimals; ++i) scale *= 10;
  const std::int64_t digits = cut ? scale * over / under : (2 * scale * over + under) / (2 * under);
  std::string text = std::to_string(digits);
  if (decimals > 0) {
    while (static_cast<int>(text.size()) <= decimals) text.insert(text.begin(), '0');
    text.insert(text.end() - decimals, '.');
  }
  return text + "%";
}

Made random_table(std::mt19937& random) {
  const auto between = [&](std::int64_t low, std::int64_t high) {
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
  };
  Made made;
  made.cut = between(0, 1) == 1;
  made.decimals = static_cast<int>(between(0, 2));
  for (std::size_t i = 0; i < 3; ++i) {
    made.people[i] = between(5, 350);
    made.counts[i][0] = between(i == 0 ? 1 : 0, made.people[i]);
    made.counts[i][1] = between(0, made.counts[i][0]);
  }
  made.people[3] = made.people[1] + made.people[2];
  for (std::size_t j = 0; j < 2; ++j) made.counts[3][j] = made.counts[1][j] + made.counts[2][j];
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) {
      made.printed[i][j] = percentage(made.counts[i][j], made.people[i], made.decimals, made.cut);
    }
  }
  made.all_people = std::to_string(made.people[3]);
  made.total_claim = std::to_string(made.people[0] + made.people[3]);
  // 1 - (x1/n1)/(x0/n0), claimed only where it is a fall.
  const std::int64_t under = made.people[3] * made.counts[0][0];
  const std::int64_t over = under - made.counts[3][0] * made.people[0];
  if (over >= 0) made.reduction_claim = percentage(over, under, static_cast<int>(between(0, 1)), between(0, 1) == 1);
  return made;
}

Study study_of(const Made& made) {
  Study study;
  study.name = "made";
  study.outcomes = {test::outcome("any"), test::outcome("violent", true, {"any"})};
  const char* const names[] = {"control", "completed", "breached", "all"};
  const Role roles[] = {Role::control, Role::completed, Role::breached, Role::all_sent};
  for (std::size_t i = 0; i < 4; ++i) {
    study.groups.push_back(
        test::group(names[i], roles[i],
                    {test::cell("people", i == 3 ? made.all_people : std::to_string(made.people[i])),
                     test::cell("any", made.printed[i][0]), test::cell("violent", made.printed[i][1])}));
  }
  study.groups[3].is_sum_of = {"completed", "breached"};
  study.comparisons = {{"Everyone sent", {"completed", "breached"}, "control", ""}};
  study.claims = {test::claim("in all", "total", "", {"control", "completed", "breached"}, "", made.total_claim)};
  if (!made.reduction_claim.empty()) {
    study.claims.push_back(test::claim("fell by", "relative reduction", "any", {"completed", "breached"}, "control",
                                       made.reduction_claim));
  }
  return study;
}

struct Said {
  bool cannot = false;   // some finding cannot be reproduced
  bool pointed = false;  // some finding asks for a look
  std::string text;
};

Said audit(const Made& made) {
  const Study study = study_of(made);
  const PrintedTable table(study);
  std::vector<AuditFinding> findings = audit_table(table);
  for (CheckedClaim& one : check_claims(table)) findings.push_back(one.finding);
  Said said;
  for (const AuditFinding& finding : findings) {
    said.cannot = said.cannot || finding.verdict == AuditVerdict::cannot_be_reproduced;
    said.pointed = said.pointed || !finding.plain;
    if (!finding.plain) {
      said.text += finding.subject + " | " + finding.printed + " | " + finding.arithmetic + " | " + finding.note + "\n";
    }
  }
  for (std::size_t i = 0; i < 4; ++i) said.text += made.printed[i][0] + " " + made.printed[i][1] + ", ";
  return said;
}

/// Counts that a percentage can come from under one rule, by printing each of them; a last zero left off where none
/// fits.
std::vector<std::int64_t> candidates(const std::string& printed, std::int64_t people, bool cut) {
  const PrintedNumber number = test::print(printed);
  std::vector<std::int64_t> found;
  for (int decimals = number.decimals; found.empty() && decimals >= 0; --decimals) {
    std::int64_t digits = number.digits;
    if (decimals < number.decimals) {
      if (digits % 10 != 0 || decimals < number.decimals - 1) break;
      digits /= 10;
    }
    std::int64_t scale = 100;
    for (int i = 0; i < decimals; ++i) scale *= 10;
    for (std::int64_t x = 0; x <= people; ++x) {
      const std::int64_t twice = 2 * scale * x - 2 * digits * people;
      const bool fits = cut ? 0 <= twice && twice < 2 * people : -people <= twice && twice <= people;
      if (fits) found.push_back(x);
    }
  }
  return found;
}

/// Whether some table of counts gives the whole print under one rule: by enumeration.
bool explained(const Made& made, bool cut) {
  std::array<std::array<std::vector<std::int64_t>, 2>, 4> fits;
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 2; ++j) fits[i][j] = candidates(made.printed[i][j], made.people[i], cut);
  }
  const auto has = [](const std::vector<std::int64_t>& all, std::int64_t x) {
    return std::find(all.begin(), all.end(), x) != all.end();
  };
  bool control = false;
  for (const std::int64_t any : fits[0][0]) {
    for (const std::int64_t violent : fits[0][1]) control = control || violent <= any;
  }
  if (!control) return false;
  for (const std::int64_t any1 : fits[1][0]) {
    for (const std::int64_t any2 : fits[2][0]) {
      if (!has(fits[3][0], any1 + any2)) continue;
      for (const std::int64_t violent1 : fits[1][1]) {
        for (const std::int64_t violent2 : fits[2][1]) {
          if (violent1 <= any1 && violent2 <= any2 && has(fits[3][1], violent1 + violent2)) return true;
        }
      }
    }
  }
  return false;
}

TEST(audit_property_test, accuses_nothing_where_there_is_no_slip) {
  std::mt19937 random(61'2024);
  for (int round = 0; round < 1500; ++round) {
    const Made made = random_table(random);
    const Said said = audit(made);
    ASSERT_FALSE(said.cannot) << "round " << round << "\n" << said.text;
    ASSERT_TRUE(explained(made, made.cut)) << "round " << round;  // the enumeration agrees
  }
}

TEST(audit_property_test, finds_every_slip_that_no_counts_explain) {
  std::mt19937 random(62'2024);
  int impossible = 0;
  int accused = 0;
  int planted = 0;
  for (int round = 0; round < 2000; ++round) {
    Made made = random_table(random);
    made.reduction_claim.clear();  // the claim on people stays; that on a fall has a test of its own below
    const auto pick = [&](std::size_t size) { return std::uniform_int_distribution<std::size_t>(0, size - 1)(random); };
    const Made before = made;
    switch (round % 4) {
      case 0: {  // a digit
        std::string& text = made.printed[pick(4)][pick(2)];
        std::size_t at = pick(text.size() - 1);
        if (text[at] == '.') at = 0;
        text[at] = static_cast<char>('0' + pick(10));
        break;
      }
      case 1: {  // two cells change places
        const std::size_t i = pick(4);
        if (pick(2) == 0) {
          std::swap(made.printed[i][0], made.printed[i][1]);
        } else {
          std::swap(made.printed[i][0], made.printed[(i + 1 + pick(3)) % 4][0]);
        }
        break;
      }
      case 2:
        made.printed[3][1] = made.printed[3][0];
        break;  // a row copied down
      case 3:   // a total
        if (pick(2) == 0) {
          made.total_claim = std::to_string(std::stoll(made.total_claim) + 1 + static_cast<int>(pick(9)));
        } else {
          made.people[3] += 1 + static_cast<int>(pick(3));
          made.all_people = std::to_string(made.people[3]);
        }
        break;
    }
    if (made.printed == before.printed && made.all_people == before.all_people &&
        made.total_claim == before.total_claim)
      continue;
    ++planted;
    const bool counts_possible = explained(made, false) || explained(made, true);
    const bool totals_right =
        made.people[3] == made.people[1] + made.people[2] && made.total_claim == before.total_claim;
    const Said said = audit(made);
    if (counts_possible && totals_right) {
      ASSERT_FALSE(said.cannot) << "round " << round << "\n" << said.text;
      continue;
    }
    ++impossible;
    accused += said.cannot ? 1 : 0;
    ASSERT_TRUE(said.pointed) << "round " << round << "\n" << said.text;
    ASSERT_TRUE(said.cannot || totals_right) << "round " << round << "\n" << said.text;
  }
  // How sharp the eye is, for the record: most slips leave no counts, and most of those are called not reproducible.
  RecordProperty("planted", planted);
  RecordProperty("impossible", impossible);
  RecordProperty("accused", accused);
  EXPECT_GT(2 * impossible, planted);
  EXPECT_GT(10 * accused, 9 * impossible);
}

TEST(audit_property_test, a_wrong_reduction_is_found_exactly_where_no_table_gives_it) {
  std::mt19937 random(63'2024);
  int found = 0;
  for (int round = 0; round < 600; ++round) {
    Made made = random_table(random);
    if (made.reduction_claim.empty()) continue;
    made.reduction_claim = std::to_string(std::uniform_int_distribution<int>(0, 99)(random)) + "%";
    // Every feasible fall by enumeration, under the rules that explain the table.
    bool possible = false;
    const std::int64_t claimed = std::stoll(made.reduction_claim);
    const auto gives = [&](std::int64_t over, std::int64_t under) {
      const std::int64_t twice = 200 * over - 2 * claimed * under;
      const bool rounds = -under <= twice && twice <= under;
      return rounds || (over >= 0 && 0 <= twice && twice < 2 * under);
    };
    for (const bool cut : {false, true}) {
      if (!explained(made, cut)) continue;
      const std::vector<std::int64_t> all = candidates(made.printed[3][0], made.people[3], cut);
      const std::vector<std::int64_t> first = candidates(made.printed[1][0], made.people[1], cut);
      const std::vector<std::int64_t> second = candidates(made.printed[2][0], made.people[2], cut);
      std::set<std::int64_t> sums;
      for (const std::int64_t x : first) {
        for (const std::int64_t y : second) {
          if (std::find(all.begin(), all.end(), x + y) != all.end()) sums.insert(x + y);
        }
      }
      for (const std::int64_t x1 : sums) {
        for (const std::int64_t x0 : candidates(made.printed[0][0], made.people[0], cut)) {
          const std::int64_t under = made.people[3] * x0;
          if (under > 0 && gives(under - x1 * made.people[0], under)) possible = true;
        }
      }
    }
    const PrintedNumber first = test::print(made.printed[3][0]);
    const PrintedNumber second = test::print(made.printed[0][0]);
    const bool from_cells = second.digits > 0 && gives(second.digits - first.digits, second.digits);
    if (possible) continue;  // the violent cells may rule a table out that this enumeration keeps
    const Study study = study_of(made);
    const PrintedTable table(study);
    const AuditVerdict verdict = check_claims(table).back().finding.verdict;
    if (second.digits == 0) continue;
    ASSERT_EQ(verdict, from_cells ? AuditVerdict::reproduced : AuditVerdict::cannot_be_reproduced) << "round " << round;
    found += verdict == AuditVerdict::cannot_be_reproduced ? 1 : 0;
  }
  EXPECT_GT(found, 200);
}

}  // namespace
}  // namespace desist::estimation
