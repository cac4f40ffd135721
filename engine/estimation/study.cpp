#include "engine/estimation/study.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/estimation/audit.hpp"
#include "engine/estimation/claims.hpp"
#include "engine/estimation/comparison.hpp"
#include "engine/estimation/study_results.hpp"
#include "engine/estimation/verdicts.hpp"
#include "engine/statistics/allocation_check.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/complier_effect.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist {

namespace {

using estimation::PrintedTable;
using estimation::Side;
using statistics::Proportion;

/// Controls, completers and breachers of one outcome, where the table has just these.
struct ThreeArms {
  Proportion control, completed, breached;
};

std::vector<std::string> with_role(const Study& study, Role role, const std::string& stratum) {
  std::vector<std::string> names;
  for (const Group& group : study.groups) {
    if (group.role == role && group.stratum == stratum) names.push_back(group.name);
  }
  return names;
}

std::optional<Proportion> one_group(const PrintedTable& table, Role role, const std::string& stratum,
                                    std::size_t outcome) {
  const std::vector<std::string> names = with_role(table.study(), role, stratum);
  if (names.size() != 1) return std::nullopt;
  const std::optional<Side> side = table.side(names, outcome);
  if (!side || side->people == 0) return std::nullopt;
  return Proportion{table.nearest(side->unknown), side->people};
}

std::optional<ThreeArms> three_arms(const PrintedTable& table, const std::string& stratum, std::size_t outcome) {
  const auto control = one_group(table, Role::control, stratum, outcome);
  const auto completed = one_group(table, Role::completed, stratum, outcome);
  const auto breached = one_group(table, Role::breached, stratum, outcome);
  if (!control || !completed || !breached) return std::nullopt;
  return ThreeArms{*control, *completed, *breached};
}

std::optional<ComplierResult> complier_result(const StudyOutcome& outcome, const ThreeArms& arms) {
  const statistics::ComplianceTable table = statistics::one_sided_table(arms.control, arms.completed, arms.breached);
  if (statistics::as_assigned(table).degenerate()) return std::nullopt;  // everyone or nobody: nothing about chance
  const auto effect = statistics::complier_effect(table);
  if (!effect) return std::nullopt;
  ComplierResult result;
  result.outcome = outcome.name;
  result.effect = effect->effect;
  result.se = effect->delta_error;
  result.control_complier_mean = effect->control_mean;
  result.treated_complier_mean = effect->treated_mean;
  using Shape = statistics::ConfidenceSet::Shape;
  result.kind = effect->fieller.shape == Shape::interval   ? ComplierResult::SetKind::interval
                : effect->fieller.shape == Shape::two_rays ? ComplierResult::SetKind::two_rays
                                                           : ComplierResult::SetKind::whole_line;
  result.fieller = {effect->fieller.low, effect->fieller.high};
  const auto outside = [](double mean) { return mean < 0 || mean > 1; };
  result.outside_unit = outside(result.control_complier_mean) || outside(result.treated_complier_mean);
  return result;
}

SelectionResult selection_result(const StudyOutcome& outcome, const ThreeArms& arms) {
  SelectionResult result;
  result.outcome = outcome.name;
  result.control_risk = arms.control.estimate();
  result.breached_risk = arms.breached.estimate();
  result.completed_share = Proportion{arms.completed.n, arms.completed.n + arms.breached.n}.estimate();
  result.expected_completer_risk =
      statistics::completer_risk_without_effect(result.control_risk, result.breached_risk, result.completed_share);
  result.seen_completer_risk = arms.completed.estimate();
  result.possible = 0 <= result.expected_completer_risk && result.expected_completer_risk <= 1;
  result.completers_worse = result.expected_completer_risk > result.breached_risk;
  return result;
}

AllocationResult::Bound bound_of(const HonestyRow& row, bool treated, std::int64_t added) {
  AllocationResult::Bound bound;
  bound.group = treated ? "treated" : "control";
  bound.added = added;
  bound.outcome = row.outcome;
  const auto with = [&](std::int64_t events) {
    statistics::TwoByTwo table{row.x1, row.n1, row.x0, row.n0};
    (treated ? table.x1 : table.x0) += events;
    (treated ? table.n1 : table.n0) += added;
    return table;
  };
  bound.difference_none = statistics::risk_difference(with(0));
  bound.difference_all = statistics::risk_difference(with(added));
  bound.interval_none = statistics::miettinen_nurminen_difference(with(0));
  bound.interval_all = statistics::miettinen_nurminen_difference(with(added));
  const Shown without = estimation::shown_by(row.x1, row.n1, row.x0, row.n0);
  for (std::int64_t events = 0; events <= added && !bound.tipping; ++events) {
    const statistics::TwoByTwo table = with(events);
    if (estimation::shown_by(table.x1, table.n1, table.x0, table.n0) != without) bound.tipping = events;
  }
  return bound;
}

std::optional<AllocationResult> allocation_of(const Study& study, const PrintedTable& table,
                                              const std::vector<HonestyRow>& rows) {
  if (study.design != Design::randomised || study.comparisons.empty()) return std::nullopt;
  const Comparison& first = study.comparisons.front();
  AllocationResult result;
  for (const std::string& name : first.treated) result.treated += table.people(table.group(name)).value_or(0);
  result.control = table.people(table.group(first.against)).value_or(0);
  if (result.treated == 0 || result.control == 0) return std::nullopt;
  result.p_equal = statistics::allocation_p(result.treated, result.control);
  for (const MissingPeople& missing : study.missing) {
    if (missing.most <= 0) continue;
    const bool either = missing.group.empty();
    const bool in_treated = std::find(first.treated.begin(), first.treated.end(), missing.group) != first.treated.end();
    for (const HonestyRow& row : rows) {
      if (!row.headline || row.comparison != first.label) continue;
      if (either || missing.group == first.against) result.bounds.push_back(bound_of(row, false, missing.most));
      if (either || in_treated) result.bounds.push_back(bound_of(row, true, missing.most));
    }
  }
  return result;
}

Posterior::Beta beta(const Proportion& p) {
  return {static_cast<double>(p.count) + 0.5, static_cast<double>(p.n - p.count) + 0.5};
}

/// The saturated joint posterior of one outcome: independent Jeffreys Beta laws of what was seen.
///
/// Columns control, completed, breached, completion and all = completion x completed + (1 - completion) x breached
/// where the table has these groups; else the two sides of the stratum's first comparison as treated and control. `all`
/// differs slightly from a Beta law of the sum: it keeps the correlation with its parts, which a model that uses
/// several of them needs.
std::optional<Posterior> posterior_of(const Study& study, const PrintedTable& table,
                                      const std::vector<HonestyRow>& rows, const std::string& stratum,
                                      std::size_t outcome) {
  Posterior posterior;
  posterior.name = study.name + "/" + study.outcomes[outcome].name + (stratum.empty() ? "" : "/" + stratum);
  if (const std::optional<ThreeArms> arms = three_arms(table, stratum, outcome)) {
    const Proportion completion{arms->completed.n, arms->completed.n + arms->breached.n};
    posterior.columns = {{"control", beta(arms->control)},
                         {"completed", beta(arms->completed)},
                         {"breached", beta(arms->breached)},
                         {"completion", beta(completion)},
                         {"all", Posterior::Mixture{3, 1, 2}}};
    return posterior;
  }
  for (const HonestyRow& row : rows) {
    if (row.outcome != study.outcomes[outcome].name || row.stratum != stratum) continue;
    posterior.columns = {{"control", beta({row.x0, row.n0})}, {"treated", beta({row.x1, row.n1})}};
    return posterior;
  }
  return std::nullopt;
}

std::vector<GroupShare> shares_of(const PrintedTable& table) {
  constexpr std::size_t counts_most = 100;  // gone through for the envelope
  const Study& study = table.study();
  std::vector<GroupShare> shares;
  for (std::size_t j = 0; j < study.outcomes.size(); ++j) {
    for (std::size_t i = 0; i < study.groups.size(); ++i) {
      const estimation::ReadCell* cell = table.cell(i, j);
      if (study.outcomes[j].describe_only || cell == nullptr || !cell->printed() || cell->people == 0) continue;
      GroupShare one;
      one.group = study.groups[i].name;
      one.outcome = study.outcomes[j].name;
      one.printed = (cell->percentage != nullptr ? cell->percentage : cell->count)->printed.text;
      one.people = cell->people;
      if (!cell->impossible && !cell->freed) {
        const Proportion nearest{table.nearest(cell->unknown), cell->people};
        one.count = nearest.count;
        one.share = {nearest.estimate(), statistics::wilson(nearest), statistics::wilson(nearest)};
        for (const std::int64_t count : table.values(cell->unknown, counts_most)) {
          const Interval limits = statistics::wilson({count, cell->people});
          one.share.envelope.low = std::min(one.share.envelope.low, limits.low);
          one.share.envelope.high = std::max(one.share.envelope.high, limits.high);
        }
      }
      shares.push_back(std::move(one));
    }
  }
  return shares;
}

StudyResult evaluate_one(const Study& study) {
  const PrintedTable table(study);
  StudyResult result;
  result.study = study.name;
  result.cells = estimation::read_cells(table);
  result.audit = estimation::audit_table(table);
  result.feasible_tables = table.tables();
  for (estimation::CheckedClaim& one : estimation::check_claims(table)) {
    result.audit.push_back(std::move(one.finding));
    result.claims.push_back(std::move(one.result));
  }
  result.rows = estimation::compare(table);
  result.unread = estimation::unread_outcomes(table);
  if (study.design == Design::described) result.shares = shares_of(table);
  std::vector<std::string> strata;
  for (const Group& group : study.groups) {
    if (std::find(strata.begin(), strata.end(), group.stratum) == strata.end()) strata.push_back(group.stratum);
  }
  for (std::size_t j = 0; j < study.outcomes.size(); ++j) {
    if (study.outcomes[j].describe_only) continue;
    for (const std::string& stratum : strata) {
      if (auto posterior = posterior_of(study, table, result.rows, stratum, j))
        result.posteriors.push_back(std::move(*posterior));
      const std::optional<ThreeArms> arms = three_arms(table, stratum, j);
      if (!arms) continue;
      result.selection.push_back(selection_result(study.outcomes[j], *arms));
      if (study.design != Design::randomised) continue;
      if (auto complier = complier_result(study.outcomes[j], *arms)) result.compliers.push_back(std::move(*complier));
    }
  }
  result.allocation = allocation_of(study, table, result.rows);
  estimation::give_verdicts(study, result.rows);
  estimation::give_answer(study, result);
  return result;
}

}  // namespace

Design design_of(const std::string& word) {
  return word == "randomised"  ? Design::randomised
         : word == "nested"    ? Design::nested
         : word == "described" ? Design::described
                               : Design::compared;
}

const PrintedCell* Group::cell(const std::string& quantity) const {
  for (const PrintedCell& one : cells) {
    if (one.quantity == quantity) return &one;
  }
  return nullptr;
}

std::vector<Posterior> StudyResults::posteriors() const {
  std::vector<Posterior> all;
  for (const StudyResult& study : studies) all.insert(all.end(), study.posteriors.begin(), study.posteriors.end());
  return all;
}

StudyResults evaluate(const std::vector<Study>& studies) {
  StudyResults results;
  for (const Study& study : studies) results.studies.push_back(evaluate_one(study));
  return results;
}

}  // namespace desist
