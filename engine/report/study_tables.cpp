// The tidy tables of a study: cells as read, audit, every comparison with every number, bounds, claims.
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

std::string counts(const std::vector<std::int64_t>& values) { return fmt::format("{}", fmt::join(values, " ")); }
std::string words(const std::vector<std::string>& values) { return fmt::format("{}", fmt::join(values, " ")); }

std::string shown_word(Shown shown) {
  switch (shown) {
    case Shown::fewer:
      return "fewer";
    case Shown::more:
      return "more";
    case Shown::neither:
      return "neither";
    case Shown::differs:
      return "differs between tables";
  }
  return "";
}

/// Columns "x", "x_low", "x_high", "x_envelope_low", "x_envelope_high".
void add_columns(std::vector<Column>& columns, const std::string& name) {
  for (const char* end : {"", "_low", "_high", "_envelope_low", "_envelope_high"}) columns.push_back({name + end, ""});
}
void add_cells(std::vector<Cell>& cells, const Estimate2& estimate) {
  for (const double value :
       {estimate.value, estimate.interval.low, estimate.interval.high, estimate.envelope.low, estimate.envelope.high}) {
    cells.push_back(number(value));
  }
}
void add_interval(std::vector<Cell>& cells, const std::optional<Interval>& interval) {
  cells.push_back(interval ? number(interval->low) : Cell{});
  cells.push_back(interval ? number(interval->high) : Cell{});
}

std::vector<Column> plain_columns(const std::vector<std::string>& names) {
  std::vector<Column> columns;
  for (const std::string& name : names) columns.push_back({name, ""});
  return columns;
}

}  // namespace

std::string verdict_name(AuditVerdict verdict) {
  switch (verdict) {
    case AuditVerdict::reproduced:
      return "reproduced";
    case AuditVerdict::cannot_be_reproduced:
      return "cannot be reproduced";
    case AuditVerdict::cannot_be_checked:
      return "cannot be checked";
  }
  return "";
}

Table cells_table(const StudyResults& results) {
  Table table(plain_columns({"study", "group", "quantity", "printed", "people", "by_rounding", "by_truncation",
                             "shorter", "used", "left_out"}));
  for (const StudyResult& study : results.studies) {
    for (const CellReading& cell : study.cells) {
      table.add({study.study, cell.group, cell.quantity, cell.printed, whole(cell.people),
                 word(counts(cell.by_rounding)), word(counts(cell.by_truncation)), word(counts(cell.shorter)),
                 maybe(cell.used), yes(cell.freed)});
    }
  }
  return table;
}

Table audit_table(const ReportInput& input) {
  Table table(plain_columns(
      {"study", "kind", "subject", "verdict", "printed", "arithmetic", "note", "plain", "where", "evidence"}));
  const auto add = [&](const std::string& study, const std::vector<AuditFinding>& findings) {
    for (const AuditFinding& finding : findings)
      table.add({study, finding.kind, finding.subject, verdict_name(finding.verdict), finding.printed,
                 finding.arithmetic, word(finding.note), yes(finding.plain), word(finding.where),
                 word(words(finding.evidence))});
  };
  for (const StudyResult& study : input.study_results.studies) add(study.study, study.audit);
  if (input.people_results.funnel) add(input.name, input.people_results.funnel->audit);
  return table;
}

Table honesty_table(const StudyResults& results) {
  std::vector<Column> columns = plain_columns({"study", "comparison", "estimand", "causal_words", "outcome", "headline",
                                               "stratum", "x1", "n1", "x0", "n0", "feasible_tables", "tables"});
  for (const char* name :
       {"risk1", "risk0", "difference_newcombe", "difference", "risk_ratio", "odds_ratio_exact", "odds_ratio_midp"}) {
    add_columns(columns, name);
  }
  for (const char* name : {"p_coherent",
                           "p_fisher",
                           "p_boschloo",
                           "p_boschloo_doubled",
                           "tests_disagree",
                           "nnt_benefit_low",
                           "nnt_benefit_high",
                           "nnt_harm_low",
                           "nnt_harm_high",
                           "chance_of_fewer",
                           "chance_of_fewer_low",
                           "chance_of_fewer_high",
                           "odds_ratio_star",
                           "e_value",
                           "shown",
                           "verdict",
                           "depends_on",
                           "settle_seen",
                           "settle_worth",
                           "recording_low",
                           "recording_high"}) {
    columns.push_back({name, ""});
  }
  Table table(columns);
  for (const StudyResult& study : results.studies) {
    for (const HonestyRow& row : study.rows) {
      std::string tables;
      for (const auto& [x1, x0] : row.tables) tables += fmt::format("{}{}:{}", tables.empty() ? "" : " ", x1, x0);
      std::vector<Cell> cells = {study.study,   row.comparison,    row.estimand,  yes(row.causal_words),
                                 row.outcome,   yes(row.headline), row.stratum,   whole(row.x1),
                                 whole(row.n1), whole(row.x0),     whole(row.n0), whole(row.feasible_tables),
                                 word(tables)};
      for (const Estimate2* estimate : {&row.risk1, &row.risk0, &row.difference_newcombe, &row.difference,
                                        &row.risk_ratio, &row.odds_ratio_exact, &row.odds_ratio_midp}) {
        add_cells(cells, *estimate);
      }
      cells.insert(cells.end(), {number(row.p_coherent), number(row.p_fisher), maybe(row.p_boschloo),
                                 maybe(row.p_boschloo_doubled), yes(row.tests_disagree)});
      add_interval(cells, row.nnt_benefit);
      add_interval(cells, row.nnt_harm);
      cells.insert(cells.end(),
                   {number(row.chance_of_fewer_mean), number(row.chance_of_fewer.low), number(row.chance_of_fewer.high),
                    maybe(row.odds_ratio_star), maybe(row.e_value), shown_word(row.shown), verdict_words(row.verdict)});
      std::vector<std::string> reasons;
      for (const DependsOn reason : row.depends_on) reasons.push_back(depends_words(reason));
      cells.push_back(word(fmt::format("{}", fmt::join(reasons, "; "))));
      cells.push_back(maybe(row.settle_seen));
      cells.push_back(maybe(row.settle_worth));
      add_interval(cells, row.recording_bounds);
      table.add(std::move(cells));
    }
  }
  return table;
}

Table shares_table(const StudyResults& results) {
  std::vector<Column> columns = plain_columns({"study", "group", "outcome", "printed", "count", "people"});
  add_columns(columns, "share");
  Table table(columns);
  for (const StudyResult& study : results.studies) {
    for (const GroupShare& each : study.shares) {
      std::vector<Cell> cells = {study.study,  each.group,        each.outcome,
                                 each.printed, maybe(each.count), whole(each.people)};
      if (each.count)
        add_cells(cells, each.share);
      else
        cells.resize(columns.size());
      table.add(std::move(cells));
    }
  }
  return table;
}

Table compliers_table(const StudyResults& results) {
  Table table(plain_columns({"study", "outcome", "effect", "se", "control_complier_mean", "treated_complier_mean",
                             "set", "fieller_low", "fieller_high", "outside_0_to_1"}));
  for (const StudyResult& study : results.studies) {
    for (const ComplierResult& row : study.compliers) {
      const std::string kind = row.kind == ComplierResult::SetKind::interval   ? "interval"
                               : row.kind == ComplierResult::SetKind::two_rays ? "outside of the two limits"
                                                                               : "whole line";
      table.add({study.study, row.outcome, number(row.effect), number(row.se), number(row.control_complier_mean),
                 number(row.treated_complier_mean), kind, number(row.fieller.low), number(row.fieller.high),
                 yes(row.outside_unit)});
    }
  }
  return table;
}

Table selection_table(const StudyResults& results) {
  Table table(plain_columns({"study", "outcome", "control_risk", "breached_risk", "completed_share",
                             "expected_completer_risk", "seen_completer_risk", "possible", "completers_worse"}));
  for (const StudyResult& study : results.studies) {
    for (const SelectionResult& row : study.selection) {
      table.add({study.study, row.outcome, number(row.control_risk), number(row.breached_risk),
                 number(row.completed_share), number(row.expected_completer_risk), number(row.seen_completer_risk),
                 yes(row.possible), yes(row.completers_worse)});
    }
  }
  return table;
}

Table allocation_table(const StudyResults& results) {
  Table table(plain_columns({"study", "treated", "control", "p_equal", "group", "added", "outcome", "difference_none",
                             "none_low", "none_high", "difference_all", "all_low", "all_high", "tipping"}));
  for (const StudyResult& study : results.studies) {
    if (!study.allocation) continue;
    const AllocationResult& allocation = *study.allocation;
    const std::vector<Cell> groups = {study.study, whole(allocation.treated), whole(allocation.control),
                                      number(allocation.p_equal)};
    if (allocation.bounds.empty()) {
      std::vector<Cell> cells = groups;
      cells.resize(table.columns().size());
      table.add(std::move(cells));
    }
    for (const AllocationResult::Bound& bound : allocation.bounds) {
      std::vector<Cell> cells = groups;
      cells.insert(cells.end(),
                   {bound.group, whole(bound.added), bound.outcome, number(bound.difference_none),
                    number(bound.interval_none.low), number(bound.interval_none.high), number(bound.difference_all),
                    number(bound.interval_all.low), number(bound.interval_all.high), maybe(bound.tipping)});
      table.add(std::move(cells));
    }
  }
  return table;
}

Table claims_table(const ReportInput& input) {
  Table table(plain_columns({"claim", "where", "evidence", "verdict", "because", "reply"}));
  const std::vector<Answer> answers = claim_answers(input);
  std::size_t next = 0;
  if (input.appraisal)
    for (const AppraisalClaimValue& value : input.appraised.claims) {
      const AppraisalClaim& claim = input.appraisal->claims.at(value.claim);
      table.add({claim.text, claim.where, word(claim.evidence), answers[next].verdict, answers[next].text,
                 word(claim.reply)});
      ++next;
    }
  for (std::size_t s = 0; s < input.study_results.studies.size() && s < input.studies.size(); ++s) {
    for (const ClaimResult& result : input.study_results.studies[s].claims) {
      const Claim& claim = input.studies[s].claims[result.claim];
      table.add(
          {claim.text, claim.where, word(claim.evidence), answers[next].verdict, result.because, word(claim.reply)});
      ++next;
    }
  }
  for (const ProjectionClaim& claim : input.claims) {
    if (next == answers.size()) break;
    table.add(
        {claim.text, claim.where, word(claim.evidence), answers[next].verdict, answers[next].text, word(claim.reply)});
    ++next;
  }
  return table;
}

}  // namespace desist
