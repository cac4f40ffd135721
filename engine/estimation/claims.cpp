#include "engine/estimation/claims.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/estimation/arithmetic_text.hpp"
#include "engine/estimation/audit.hpp"
#include "engine/estimation/claim_question.hpp"
#include "engine/statistics/allocation_check.hpp"

namespace desist::estimation {

namespace {

constexpr std::size_t values_most = 300;  // counts of one side; beyond, the range between the ends decides

/// Numbers of one claim against one print.
struct Worked {
  Match match = Match::none;
  bool checked = false;
  std::string arithmetic;
  std::string from_cells;  // "from the printed 21.9% and 39.0%: 43.8%"
  std::optional<Match> match_from_cells;
};

std::string sides_text(const ClaimQuestion& one, const Fraction& treated, const Fraction& against) {
  const std::string first = fraction_text(treated.over, treated.under);
  const std::string second = fraction_text(against.over, against.under);
  return one.test == ClaimTest::relative_reduction ? "1 - (" + first + ")/(" + second + ")" : second + " - " + first;
}

/// The fraction that a contrast of two shares makes; nothing where it divides by zero or gets too large to be exact.
std::optional<Fraction> contrast(ClaimTest test, const Fraction& treated, const Fraction& against) {
  constexpr double exact_most = 4e15;
  const auto product = [](std::int64_t a, std::int64_t b) { return static_cast<double>(a) * static_cast<double>(b); };
  if (product(treated.under, against.under) > exact_most || product(treated.under, against.over) > exact_most ||
      product(treated.over, against.under) > exact_most) {
    return std::nullopt;
  }
  if (test == ClaimTest::relative_reduction) {
    if (against.over == 0) return std::nullopt;
    return Fraction{treated.under * against.over - treated.over * against.under, treated.under * against.over};
  }
  return Fraction{against.over * treated.under - treated.over * against.under, treated.under * against.under};
}

Fraction cell_fraction(const PrintedNumber& printed) {
  Fraction fraction{printed.digits, 100};
  for (int i = 0; i < printed.decimals; ++i) fraction.under *= 10;
  return fraction;
}

/// A percentage-point print compares like a percentage.
std::string value_text(const Fraction& fraction, const PrintedNumber& printed) {
  return percent_text(fraction.value(), shown_decimals(printed.decimals));
}

/// Folds the values of all feasible tables into one match; where they were only sampled, lying between their ends
/// counts.
struct Values {
  const PrintedNumber& printed;
  Match match = Match::none;
  Fraction least{}, most{};
  std::size_t number = 0;

  void add(const Fraction& one) {
    match = std::max(match, matches(one, printed));
    if (number == 0 || one.value() < least.value()) least = one;
    if (number == 0 || one.value() > most.value()) most = one;
    ++number;
  }
  void sampled() {
    const double claimed = cell_fraction(printed).value() * (printed.negative ? -1 : 1);
    if (match == Match::none && least.value() <= claimed && claimed <= most.value()) match = Match::rounding;
  }
  std::string range_text() const {
    const std::string low = value_text(least, printed);
    const std::string high = value_text(most, printed);
    return low == high ? "" : fmt::format(" ({} to {} over {} feasible tables)", low, high, number);
  }
};

Worked work_contrast(const PrintedTable& table, const ClaimQuestion& one) {
  Worked worked;
  const std::size_t outcome = table.outcome(one.outcome);
  const std::optional<Side> treated = table.side(one.treated, outcome);
  const std::optional<Side> against = table.side({one.against}, outcome);
  if (!treated || !against) return worked;
  const auto fraction_of = [&](const std::pair<std::int64_t, std::int64_t>& counts) {
    return contrast(one.test, {counts.first, treated->people}, {counts.second, against->people});
  };
  const std::pair<std::int64_t, std::int64_t> used{table.nearest(treated->unknown), table.nearest(against->unknown)};
  const std::optional<Fraction> value = fraction_of(used);
  if (!value) return worked;
  worked.checked = true;
  Values values{*one.printed};
  values.add(*value);
  values.number = 0;
  const auto pairs = table.pairs(treated->unknown, against->unknown, values_most);
  for (const auto& pair : pairs) {
    if (const std::optional<Fraction> each = fraction_of(pair)) values.add(*each);
  }
  if (pairs.size() >= values_most) values.sampled();
  worked.match = values.match;
  worked.arithmetic = sides_text(one, {used.first, treated->people}, {used.second, against->people}) + " = " +
                      value_text(*value, *one.printed) + values.range_text();
  if (treated->as_printed == nullptr || treated->as_printed->percentage == nullptr || against->as_printed == nullptr ||
      against->as_printed->percentage == nullptr) {
    return worked;
  }
  const PrintedNumber& first = treated->as_printed->percentage->printed;
  const PrintedNumber& second = against->as_printed->percentage->printed;
  const std::optional<Fraction> cells = contrast(one.test, cell_fraction(first), cell_fraction(second));
  if (!cells) return worked;
  worked.match_from_cells = matches(*cells, *one.printed);
  worked.from_cells = fmt::format("from the printed {} and {}: {}", as_printed_percent(first),
                                  as_printed_percent(second), value_text(*cells, *one.printed));
  return worked;
}

/// A share or a number of people with the outcome in one side.
Worked work_share(const PrintedTable& table, const ClaimQuestion& one, const std::vector<std::string>& groups,
                  const PrintedNumber& printed) {
  Worked worked;
  const std::size_t outcome = table.outcome(one.outcome);
  const std::optional<Side> side = table.side(groups, outcome);
  if (!side) return worked;
  const std::int64_t x = table.nearest(side->unknown);
  if (!printed.percent && printed.decimals == 0) {  // "10 have been involved"
    worked.checked = true;
    const std::vector<std::int64_t> values = table.values(side->unknown, values_most);
    const bool fits =
        std::find(values.begin(), values.end(), printed.digits) != values.end() ||
        (values.size() >= values_most && values.front() <= printed.digits && printed.digits <= values.back());
    worked.match = fits ? Match::rounding : Match::none;
    worked.arithmetic = fmt::format("{} of {}", x, side->people);
    if (values.front() != values.back())
      worked.arithmetic += fmt::format(" (the print allows {} to {})", values.front(), values.back());
    return worked;
  }
  Values values{printed};
  std::int64_t under = side->people;
  if (!one.of.empty()) {
    const std::optional<Side> whole = table.side(groups, table.outcome(one.of));
    if (!whole || table.nearest(whole->unknown) == 0) return worked;
    under = table.nearest(whole->unknown);
    const auto pairs = table.pairs(side->unknown, whole->unknown, values_most);
    for (const auto& [count, of] : pairs) {
      if (of > 0) values.add({count, of});
    }
    if (pairs.size() >= values_most) values.sampled();
  } else {
    const std::vector<std::int64_t> counts = table.values(side->unknown, values_most);
    for (const std::int64_t count : counts) values.add({count, under});
    if (counts.size() >= values_most) values.sampled();
    if (side->as_printed != nullptr && side->as_printed->percentage != nullptr) {
      worked.match_from_cells = matches(cell_fraction(side->as_printed->percentage->printed), printed);
      worked.from_cells = "printed " + as_printed_percent(side->as_printed->percentage->printed);
    }
  }
  worked.checked = true;
  worked.match = values.match;
  worked.arithmetic = fraction_text(x, under) + " = " + value_text({x, under}, printed) + values.range_text();
  return worked;
}

/// Where else in the table the claimed number comes from: the same groups' other outcomes, other groups' same outcome.
std::string elsewhere(const PrintedTable& table, const ClaimQuestion& one) {
  const Study& study = table.study();
  const auto try_one = [&](const ClaimQuestion& other) {
    const Worked worked = other.test == ClaimTest::share ? work_share(table, other, other.treated, *one.printed)
                                                         : work_contrast(table, other);
    return worked.checked && worked.match != Match::none ? worked.arithmetic : std::string{};
  };
  const std::string& number = one.printed->text;
  for (const Group& group : study.groups) {
    if (one.treated == std::vector<std::string>{group.name} || group.name == one.against) continue;
    ClaimQuestion other = one;
    other.treated = {group.name};
    if (const std::string line = try_one(other); !line.empty()) {
      return fmt::format("{} is {} alone: {}", number, name_of(group), line);
    }
  }
  for (const StudyOutcome& outcome : study.outcomes) {
    if (outcome.name == one.outcome || outcome.describe_only) continue;
    ClaimQuestion other = one;
    other.outcome = outcome.name;
    if (const std::string line = try_one(other); !line.empty()) {
      return fmt::format("{} is the figure of another outcome, {}: {}", number,
                         outcome.label.empty() ? outcome.name : outcome.label, line);
    }
  }
  return {};
}

/// "by truncation, not by rounding", "from the printed percentages, not from the counts behind them", or nothing.
std::string how_matched(const Worked& worked) {
  const bool cells_round = worked.match_from_cells == Match::rounding;
  if (worked.match == Match::rounding) return {};
  if (worked.match == Match::truncation) {
    return cells_round ? "from the printed percentages, or by truncation; not by rounding the counts"
                       : "by truncation, not by rounding";
  }
  if (cells_round) return "from the printed percentages, not from the counts behind them";
  if (worked.match_from_cells == Match::truncation)
    return "from the printed percentages by truncation, not from the counts";
  return {};
}

bool reproduced(const Worked& worked) {
  return worked.match != Match::none || (worked.match_from_cells && *worked.match_from_cells != Match::none);
}

void settle(AuditFinding& finding, const Worked& worked) {
  if (!worked.checked) {
    finding.verdict = AuditVerdict::cannot_be_checked;
    finding.arithmetic = "the counts that it needs are not printed";
    return;
  }
  finding.verdict = reproduced(worked) ? AuditVerdict::reproduced : AuditVerdict::cannot_be_reproduced;
  finding.arithmetic = worked.arithmetic;
  finding.note = how_matched(worked);
  finding.plain = reproduced(worked) && finding.note.empty();
}

void check_contrast(const PrintedTable& table, const ClaimQuestion& one, AuditFinding& finding) {
  const Worked worked = work_contrast(table, one);
  settle(finding, worked);
  if (!worked.from_cells.empty()) finding.arithmetic += "; " + worked.from_cells;
  if (finding.verdict == AuditVerdict::cannot_be_reproduced) finding.note = elsewhere(table, one);
}

void check_share(const PrintedTable& table, const ClaimQuestion& one, AuditFinding& finding) {
  const Worked worked = work_share(table, one, one.treated, *one.printed);
  settle(finding, worked);
  if (!worked.checked) return;
  if (finding.verdict == AuditVerdict::cannot_be_reproduced) {
    finding.arithmetic += ", not " + one.printed->text;
    finding.note = elsewhere(table, one);
  }
  if (!one.printed_against) return;
  const Worked second = work_share(table, one, {one.against}, *one.printed_against);
  if (!second.checked) return;
  finding.printed += " and " + one.printed_against->text;
  finding.arithmetic += "; " + second.arithmetic;
  if (!reproduced(second)) {
    finding.verdict = AuditVerdict::cannot_be_reproduced;
    finding.arithmetic += ", not " + one.printed_against->text;
  }
  if (const std::string how = how_matched(second); !how.empty()) {
    finding.note += (finding.note.empty() ? "" : "; ") + one.printed_against->text + " " + how;
  }
  finding.plain = finding.verdict == AuditVerdict::reproduced && finding.note.empty();
}

/// Numbers of people added up, or of those with the outcome.
void check_total(const PrintedTable& table, const ClaimQuestion& one, AuditFinding& finding) {
  std::int64_t low = 0;
  std::int64_t high = 0;
  std::int64_t sum = 0;
  finding.verdict = AuditVerdict::cannot_be_checked;
  finding.arithmetic.clear();
  std::string line;
  for (const std::string& name : one.treated) {
    std::int64_t shown = 0;
    if (one.outcome.empty()) {
      const std::optional<std::int64_t> people = table.people(table.group(name));
      if (!people) return;
      shown = *people;
      low += shown;
      high += shown;
    } else {
      const std::optional<Side> side = table.side({name}, table.outcome(one.outcome));
      if (!side) return;
      const std::vector<std::int64_t> values = table.values(side->unknown, 2);
      shown = table.nearest(side->unknown);
      low += values.front();
      high += values.back();
    }
    sum += shown;
    line += (line.empty() ? "" : " + ") + std::to_string(shown);
  }
  finding.arithmetic = line + " = " + std::to_string(sum);
  if (low != high) finding.arithmetic += fmt::format(" (the print allows {} to {})", low, high);
  const bool fits = one.printed->decimals == 0 && low <= one.printed->digits && one.printed->digits <= high;
  finding.verdict = fits ? AuditVerdict::reproduced : AuditVerdict::cannot_be_reproduced;
  finding.plain = fits;
  if (!fits && low == high && one.printed->decimals == 0) {
    const std::int64_t off = one.printed->digits - low;
    finding.note = fmt::format("{} {} than the parts", std::abs(off), off > 0 ? "more" : "fewer");
  }
}

void check_completion(const PrintedTable& table, const ClaimQuestion& one, AuditFinding& finding) {
  std::int64_t completed = 0;
  std::int64_t breached = 0;
  for (std::size_t i = 0; i < table.study().groups.size(); ++i) {
    const Group& group = table.study().groups[i];
    if (!one.treated.empty() && std::find(one.treated.begin(), one.treated.end(), group.name) == one.treated.end())
      continue;
    if (group.role == Role::completed) completed += table.people(i).value_or(0);
    if (group.role == Role::breached) breached += table.people(i).value_or(0);
  }
  if (completed + breached == 0) {
    settle(finding, {});
    return;
  }
  Worked worked;
  worked.checked = true;
  const Fraction share{completed, completed + breached};
  worked.match = matches(share, *one.printed);
  worked.arithmetic = fmt::format("{}/({} + {}) = {}", completed, completed, breached, value_text(share, *one.printed));
  settle(finding, worked);
}

void check_group_sizes(const PrintedTable& table, const ClaimQuestion& one, AuditFinding& finding) {
  finding.kind = "allocation";
  finding.verdict = AuditVerdict::cannot_be_checked;
  finding.plain = false;
  std::int64_t treated = 0;
  std::string sum;
  for (const std::string& name : one.treated) {
    treated += table.people(table.group(name)).value_or(0);
    sum += (sum.empty() ? "" : " + ") + std::to_string(table.people(table.group(name)).value_or(0));
  }
  const std::int64_t control = table.people(table.group(one.against)).value_or(0);
  if (treated == 0 || control == 0) return;
  if (one.treated.size() > 1) sum += fmt::format(" = {}", treated);
  finding.arithmetic = fmt::format("{} against {}", sum, control);
  if (table.study().design == Design::randomised) {
    finding.arithmetic +=
        fmt::format(": p = {:.3f} under 1:1 (two-sided binomial)", statistics::allocation_p(treated, control));
  } else {
    finding.note = "equal numbers say nothing where chance did not make the groups";
  }
}

}  // namespace

std::vector<CheckedClaim> check_claims(const PrintedTable& table) {
  const Study& study = table.study();
  std::vector<CheckedClaim> checked;
  for (std::size_t i = 0; i < study.claims.size(); ++i) {
    const Claim& claim = study.claims[i];
    CheckedClaim one;
    AuditFinding& finding = one.finding;
    finding.kind = "claim";
    finding.subject = claim.text;
    finding.where = claim.where;
    if (!claim.evidence.empty()) finding.evidence.push_back(claim.evidence);
    finding.verdict = AuditVerdict::cannot_be_checked;
    if (const std::optional<std::string> problem = claim_problem(study, claim)) {
      finding.arithmetic = *problem;
    } else {
      const ClaimQuestion question = *question_of(study, claim);
      if (question.printed) finding.printed = question.printed->text;
      switch (question.test) {
        case ClaimTest::relative_reduction:
        case ClaimTest::difference:
          check_contrast(table, question, finding);
          break;
        case ClaimTest::share:
          check_share(table, question, finding);
          break;
        case ClaimTest::total:
          check_total(table, question, finding);
          break;
        case ClaimTest::completion:
          check_completion(table, question, finding);
          break;
        case ClaimTest::group_sizes:
          check_group_sizes(table, question, finding);
          break;
      }
    }
    if (finding.verdict != AuditVerdict::reproduced) finding.plain = false;
    one.result.claim = i;
    one.result.because = finding.arithmetic + (finding.note.empty() ? "" : "; " + finding.note);
    one.result.verdict = finding.verdict == AuditVerdict::reproduced ? ClaimResult::Verdict::fits
                         : finding.verdict == AuditVerdict::cannot_be_reproduced
                             ? ClaimResult::Verdict::does_not_fit
                             : ClaimResult::Verdict::cannot_be_checked;
    checked.push_back(std::move(one));
  }
  return checked;
}

}  // namespace desist::estimation
