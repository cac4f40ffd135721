#include "engine/estimation/audit.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/arithmetic_text.hpp"

namespace desist::estimation {

namespace {

constexpr auto cannot = AuditVerdict::cannot_be_reproduced;

std::vector<std::int64_t> listed(CountRange range) {
  constexpr std::int64_t listed_most = 200;  // of a cell of many thousand people the ends tell enough
  std::vector<std::int64_t> counts;
  const std::int64_t step = std::max<std::int64_t>(1, (range.last - range.first) / listed_most);
  for (std::int64_t x = range.first; x <= range.last; x += step) counts.push_back(x);
  if (!counts.empty() && counts.back() != range.last) counts.push_back(range.last);
  return counts;
}

std::string decimals_off(const PrintedNumber& printed) {  // "1.80%" -> "1.8%", "26.0%" -> "26%"
  std::string text = printed.text.substr(0, printed.text.find_last_of('0'));
  if (!text.empty() && text.back() == '.') text.pop_back();
  return text + "%";
}

double share_printed(const PrintedNumber& printed) {
  return static_cast<double>(printed.digits) / std::pow(10, printed.decimals) / 100;
}

/// The count of a cell's own print that is nearest to it, whatever the rest of the table says.
std::int64_t own_count(const ReadCell& cell, PrintRule rule) {
  const CountRange range = cell.fits(rule);
  if (cell.percentage == nullptr) return range.first;
  const double goal = std::round(share_printed(cell.percentage->printed) * static_cast<double>(cell.people));
  return std::clamp(static_cast<std::int64_t>(goal), range.first, range.last);
}

struct Auditor {
  const PrintedTable& table;
  std::vector<AuditFinding> findings;
  std::vector<const ReadCell*> accused;  // cells that some finding says cannot be reproduced

  const Study& study() const { return table.study(); }

  AuditFinding start(const std::string& kind, std::initializer_list<const ReadCell*> cells) const {
    AuditFinding finding;
    finding.kind = kind;
    finding.where = study().source;
    for (const ReadCell* cell : cells) {
      for (const PrintedCell* printed : {cell->percentage, cell->count}) {
        if (printed != nullptr && !printed->evidence.empty()) finding.evidence.push_back(printed->evidence);
      }
    }
    const ReadCell& first = **cells.begin();
    finding.subject = subject_of(study(), first.group, first.outcome);
    const PrintedCell* printed = first.percentage != nullptr ? first.percentage : first.count;
    finding.printed = first.percentage != nullptr ? as_printed_percent(printed->printed) : printed->printed.text;
    return finding;
  }

  void accuse(AuditFinding finding, std::initializer_list<const ReadCell*> cells) {
    finding.verdict = cannot;
    finding.plain = false;
    findings.push_back(std::move(finding));
    accused.insert(accused.end(), cells);
  }

  void percentage_cell(const ReadCell& cell);
  void count_cell(const ReadCell& cell);
  void total(std::size_t group, std::size_t outcome);
  void total_people(std::size_t group);
  void subset(std::size_t group, std::size_t outcome, std::size_t larger);
  void nested(const Comparison& comparison, std::size_t outcome);
  void whole();
};

void Auditor::percentage_cell(const ReadCell& cell) {
  const PrintedNumber& printed = cell.percentage->printed;
  AuditFinding finding = start("cell", {&cell});
  if (cell.people == 0) {
    finding.verdict = AuditVerdict::cannot_be_checked;
    finding.arithmetic = "no number of people is printed";
    findings.push_back(std::move(finding));
    return;
  }
  if (!cell.rounded.empty()) {
    if (printed.percent) return;
    finding.arithmetic = fraction_text(cell.rounded.first, cell.people) + " = " +
                         percent_text(static_cast<double>(cell.rounded.first) / static_cast<double>(cell.people),
                                      shown_decimals(printed.decimals));
    finding.note = "read as a percentage: printed without %";
    finding.plain = false;
    findings.push_back(std::move(finding));
    return;
  }
  const auto line = [&](std::int64_t x, int decimals) {
    return fraction_text(x, cell.people) + " = " +
           percent_text(static_cast<double>(x) / static_cast<double>(cell.people), decimals);
  };
  const auto nearest_rounded = [&](std::int64_t x) {
    return percent_text(static_cast<double>(x) / static_cast<double>(cell.people), printed.decimals);
  };
  const CountRange shorter = cell.rounded_shorter.empty() ? cell.truncated_shorter : cell.rounded_shorter;
  if (!cell.truncated.empty() || !shorter.empty()) {
    const std::int64_t x = cell.truncated.empty() ? shorter.first : cell.truncated.first;
    finding.arithmetic = line(x, printed.decimals + 1) + ", which rounds to " + nearest_rounded(x);
    std::string how = cell.truncated.empty() ? "" : "by truncation";
    if (!shorter.empty()) {
      how += (how.empty() ? "" : ", or ") + std::string("as ") + decimals_off(printed) + " with a zero added";
    }
    finding.note = how + "; not by rounding";
    finding.plain = false;
    findings.push_back(std::move(finding));
    return;
  }
  const double people = static_cast<double>(cell.people);
  const double goal = share_printed(printed) * people;
  const auto below = static_cast<std::int64_t>(std::clamp(std::floor(goal), 0.0, people));
  const auto above = static_cast<std::int64_t>(std::clamp(std::floor(goal) + 1, 0.0, people));
  finding.arithmetic = line(below, shown_decimals(printed.decimals));
  if (above != below) finding.arithmetic += ", " + line(above, shown_decimals(printed.decimals));
  finding.note = fmt::format("no whole number of {} gives {}", cell.people, finding.printed);
  accuse(std::move(finding), {&cell});
}

void Auditor::count_cell(const ReadCell& cell) {
  const std::int64_t x = cell.count->printed.digits;
  AuditFinding finding = start("cell", {&cell});
  if (cell.people > 0 && (x > cell.people || cell.count->printed.negative)) {
    finding.printed = cell.count->printed.text;
    finding.arithmetic = fmt::format("{} of {} people", cell.count->printed.text, cell.people);
    finding.note = "not a number of them";
    accuse(std::move(finding), {&cell});
    return;
  }
  if (cell.percentage == nullptr || cell.people == 0) return;
  const PrintedNumber& printed = cell.percentage->printed;
  const Match match = matches({x, cell.people}, printed);
  finding.arithmetic = fraction_text(x, cell.people) + " = " +
                       percent_text(static_cast<double>(x) / static_cast<double>(cell.people),
                                    match == Match::rounding ? shown_decimals(printed.decimals) : printed.decimals + 1);
  if (match == Match::none && !cell.rounded_shorter.contains(x) && !cell.truncated_shorter.contains(x)) {
    finding.note = "the count and the percentage of one cell";
    accuse(std::move(finding), {&cell});
    return;
  }
  if (match == Match::truncation) finding.note = "by truncation, not by rounding";
  if (match == Match::none) finding.note = "as " + decimals_off(printed) + " with a zero added";
  finding.plain = match == Match::rounding;
  findings.push_back(std::move(finding));
}

void Auditor::total_people(std::size_t group) {
  const Group& whole = study().groups[group];
  const PrintedCell* printed = whole.cell("people");
  if (printed == nullptr || !table.people(group)) return;
  AuditFinding finding;
  finding.kind = "parts";
  finding.where = study().source;
  finding.subject = "people, " + name_of(whole);
  finding.printed = printed->printed.text;
  finding.evidence.push_back(printed->evidence);
  std::int64_t sum = 0;
  for (const std::string& part : whole.is_sum_of) {
    const std::size_t place = table.group(part);
    if (!table.people(place)) return;
    sum += *table.people(place);
    finding.arithmetic += (finding.arithmetic.empty() ? "" : " + ") + std::to_string(*table.people(place));
    if (const PrintedCell* own = study().groups[place].cell("people")) finding.evidence.push_back(own->evidence);
  }
  std::erase(finding.evidence, "");
  finding.arithmetic += " = " + std::to_string(sum);
  if (sum != *table.people(group)) {
    finding.verdict = cannot;
    finding.plain = false;
    finding.note = fmt::format("{} {} than its parts", std::abs(sum - *table.people(group)),
                               sum < *table.people(group) ? "more" : "fewer");
  }
  findings.push_back(std::move(finding));
}

void Auditor::total(std::size_t group, std::size_t outcome) {
  const ReadCell* whole = table.cell(group, outcome);
  if (whole == nullptr || !whole->printed() || whole->impossible || whole->people == 0) return;
  const CountRange own = whole->fits(table.rule());
  AuditFinding finding = start("parts", {whole});
  CountRange sum{0, 0};
  std::int64_t shown = 0;
  std::int64_t people = 0;
  double least = 1;
  double most = 0;
  std::vector<std::string> shares;
  std::vector<const ReadCell*> parts;
  for (const std::string& name : study().groups[group].is_sum_of) {
    const ReadCell* part = table.cell(table.group(name), outcome);
    if (part == nullptr || !part->printed() || part->impossible || part->people == 0) return;
    const CountRange range = part->fits(table.rule());
    const bool settled = !part->freed && !whole->freed && table.conflicts().empty();
    const std::int64_t x = settled ? table.nearest(part->unknown) : own_count(*part, table.rule());
    sum = {sum.first + range.first, sum.last + range.last};
    shown += x;
    people += part->people;
    const double share = static_cast<double>(x) / static_cast<double>(part->people);
    least = std::min(least, share);
    most = std::max(most, share);
    shares.push_back(percent_text(share, 1));
    finding.arithmetic += (finding.arithmetic.empty() ? "" : " + ") + fraction_text(x, part->people);
    for (const PrintedCell* printed : {part->percentage, part->count}) {
      if (printed != nullptr && !printed->evidence.empty()) finding.evidence.push_back(printed->evidence);
    }
    parts.push_back(part);
  }
  const int decimals = whole->percentage != nullptr ? shown_decimals(whole->percentage->printed.decimals) : 1;
  finding.arithmetic += " = " + fraction_text(shown, people) + " = " +
                        percent_text(static_cast<double>(shown) / static_cast<double>(people), decimals);
  if (own.first <= sum.last && sum.first <= own.last) {
    if (whole->freed) return;  // the conflict is told where it shows
    findings.push_back(std::move(finding));
    return;
  }
  if (sum.first != sum.last) finding.arithmetic += fmt::format(" (the print allows {} to {})", sum.first, sum.last);
  const double printed = whole->percentage != nullptr
                             ? share_printed(whole->percentage->printed)
                             : static_cast<double>(own.first) / static_cast<double>(whole->people);
  const std::string names = shares.size() == 2 ? "either part" : "every part";
  std::string these;
  for (std::size_t i = 0; i < shares.size(); ++i)
    these += (i == 0 ? "" : i + 1 < shares.size() ? ", " : " and ") + shares[i];
  if (printed > most) finding.note = fmt::format("more than {} ({})", names, these);
  if (printed < least) finding.note = fmt::format("less than {} ({})", names, these);
  findings.push_back(finding);
  findings.back().verdict = cannot;
  findings.back().plain = false;
  accused.push_back(whole);
  accused.insert(accused.end(), parts.begin(), parts.end());
}

void Auditor::subset(std::size_t group, std::size_t outcome, std::size_t larger) {
  const ReadCell* part = table.cell(group, outcome);
  const ReadCell* whole = table.cell(group, larger);
  if (part == nullptr || whole == nullptr || !part->printed() || !whole->printed()) return;
  if (part->impossible || whole->impossible || part->people == 0) return;
  if (part->fits(table.rule()).first <= whole->fits(table.rule()).last) return;
  AuditFinding finding = start("subset", {part, whole});
  finding.arithmetic = fmt::format("{} against {}", fraction_text(own_count(*part, table.rule()), part->people),
                                   fraction_text(own_count(*whole, table.rule()), whole->people));
  const StudyOutcome& container = study().outcomes[larger];
  finding.note = "more people than have the outcome that contains it: " +
                 (container.label.empty() ? container.name : container.label);
  accuse(std::move(finding), {part, whole});
}

void Auditor::nested(const Comparison& comparison, std::size_t outcome) {
  const ReadCell* whole = table.cell(table.group(comparison.against), outcome);
  for (const std::string& name : comparison.treated) {
    const ReadCell* part = table.cell(table.group(name), outcome);
    if (part == nullptr || whole == nullptr || !part->printed() || !whole->printed()) continue;
    if (part->impossible || whole->impossible || part->people == 0 || whole->people == 0) continue;
    const std::int64_t least = part->fits(table.rule()).first;
    const std::int64_t most = whole->fits(table.rule()).last;
    const std::int64_t others = whole->fits(table.rule()).first - part->fits(table.rule()).last;
    if (part->people <= whole->people && least <= most && others <= whole->people - part->people) continue;
    AuditFinding finding = start("parts", {part, whole});
    finding.arithmetic = fmt::format("{} within {}", fraction_text(own_count(*part, table.rule()), part->people),
                                     fraction_text(own_count(*whole, table.rule()), whole->people));
    finding.note = "the treated can't be part of the group that they are compared with";
    accuse(std::move(finding), {part, whole});
  }
}

void Auditor::whole() {
  for (const PrintedTable::Conflict& conflict : table.conflicts()) {
    const ReadCell& freed = *conflict.freed.front();
    if (std::any_of(accused.begin(), accused.end(), [&](const ReadCell* cell) { return table.joined(*cell, freed); })) {
      continue;
    }
    AuditFinding finding = start("table", {&freed});
    const CountRange range = freed.fits(table.rule());
    const std::vector<std::int64_t> left = table.values(freed.unknown, 2);
    finding.arithmetic = range.first == range.last
                             ? fmt::format("{} by its own print", fraction_text(range.first, freed.people))
                             : fmt::format("{} to {} of {} by its own print", range.first, range.last, freed.people);
    if (!left.empty()) {
      finding.arithmetic += left.front() == left.back()
                                ? fmt::format(", {} by the rest of the table", left.front())
                                : fmt::format(", {} to {} by the rest of the table", left.front(), left.back());
    }
    finding.note = "no counts fit all cells together";
    accuse(std::move(finding), {&freed});
  }
}

}  // namespace

std::string name_of(const Group& group) {
  const std::string name = group.label.empty() ? group.name : group.label;
  return name;
}

std::string subject_of(const Study& study, std::size_t group, std::size_t outcome) {
  const StudyOutcome& one = study.outcomes[outcome];
  return (one.label.empty() ? one.name : one.label) + ", " + name_of(study.groups[group]);
}

std::vector<CellReading> read_cells(const PrintedTable& table) {
  std::vector<CellReading> readings;
  for (const ReadCell& cell : table.cells()) {
    for (const PrintedCell* printed : {cell.percentage, cell.count}) {
      if (printed == nullptr) continue;
      CellReading reading;
      reading.group = table.study().groups[cell.group].name;
      reading.quantity = printed->quantity;
      reading.printed = printed->printed.text;
      reading.people = cell.people;
      if (printed == cell.percentage) {
        reading.by_rounding = listed(cell.rounded);
        if (cell.rounded.empty()) reading.by_truncation = listed(cell.truncated);
        if (cell.rounded.empty() && cell.truncated.empty()) {
          reading.shorter = listed(cell.rounded_shorter.empty() ? cell.truncated_shorter : cell.rounded_shorter);
        }
      } else {
        reading.by_rounding = {printed->printed.digits};
      }
      reading.freed = cell.freed;
      if (cell.people > 0) {
        const std::vector<std::int64_t> values = table.values(cell.unknown, 2);
        if (!cell.freed || (!values.empty() && values.front() == values.back()))
          reading.used = table.nearest(cell.unknown);
      }
      readings.push_back(std::move(reading));
    }
  }
  return readings;
}

std::vector<AuditFinding> audit_table(const PrintedTable& table) {
  Auditor auditor{table, {}, {}};
  const Study& study = table.study();
  for (const ReadCell& cell : table.cells()) {
    if (cell.count != nullptr) {
      auditor.count_cell(cell);
    } else if (cell.percentage != nullptr) {
      auditor.percentage_cell(cell);
    }
  }
  for (std::size_t group = 0; group < study.groups.size(); ++group) {
    if (!study.groups[group].is_sum_of.empty()) auditor.total_people(group);
    for (std::size_t outcome = 0; outcome < study.outcomes.size(); ++outcome) {
      if (!study.groups[group].is_sum_of.empty()) auditor.total(group, outcome);
      for (const std::string& larger : study.outcomes[outcome].subset_of) {
        auditor.subset(group, outcome, table.outcome(larger));
      }
    }
  }
  if (study.design == Design::nested) {
    for (const Comparison& comparison : study.comparisons) {
      for (std::size_t outcome = 0; outcome < study.outcomes.size(); ++outcome) auditor.nested(comparison, outcome);
    }
  }
  auditor.whole();
  return std::move(auditor.findings);
}

}  // namespace desist::estimation
