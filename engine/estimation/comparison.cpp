#include "engine/estimation/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "engine/core/limits.hpp"
#include "engine/estimation/audit.hpp"
#include "engine/statistics/completer_selection.hpp"
#include "engine/statistics/number_needed.hpp"
#include "engine/statistics/odds_ratio.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/proportion.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/risk_ratio.hpp"
#include "engine/statistics/sample_size.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/statistics/two_proportion_posterior.hpp"
#include "engine/statistics/unconditional_tests.hpp"

namespace desist::estimation {

namespace {

using statistics::TwoByTwo;

constexpr std::size_t counts_most = 100;  // of one side, gone through for the envelope
constexpr double significance = 0.05;

/// An estimate with its interval for one table; folding in more tables widens the envelope.
struct Enveloped {
  Estimate2& estimate;
  std::function<Interval(const TwoByTwo&)> limits;

  void widen(const TwoByTwo& table) const {
    const Interval one = limits(table);
    estimate.envelope.low = std::min(estimate.envelope.low, one.low);
    estimate.envelope.high = std::max(estimate.envelope.high, one.high);
  }
};

std::vector<Enveloped> enveloped(HonestyRow& row) {
  return {
      {row.risk1, [](const TwoByTwo& t) { return statistics::wilson(t.group1()); }},
      {row.risk0, [](const TwoByTwo& t) { return statistics::wilson(t.group0()); }},
      {row.difference_newcombe, [](const TwoByTwo& t) { return statistics::newcombe(t); }},
      {row.difference, [](const TwoByTwo& t) { return statistics::miettinen_nurminen_difference(t); }},
      {row.risk_ratio, [](const TwoByTwo& t) { return statistics::miettinen_nurminen_ratio(t); }},
      {row.odds_ratio_exact, [](const TwoByTwo& t) { return statistics::exact_odds_ratio(t); }},
      {row.odds_ratio_midp, [](const TwoByTwo& t) { return statistics::mid_p_odds_ratio(t); }},
  };
}

double chance_of_fewer(const TwoByTwo& t) {
  return statistics::probability_below(statistics::jeffreys_posterior(t.group1()),
                                       statistics::jeffreys_posterior(t.group0()));
}

/// People a group for the power wanted. The formula is for large groups: small ones are enumerated, and the first size
/// from the formula's on at which the test itself reaches the power is given.
std::optional<std::int64_t> group_size(double risk1, double risk0) {
  if (risk1 < 0 || risk1 > 1) return std::nullopt;
  const statistics::Precision wanted;
  const auto sizes = statistics::group_sizes_needed(risk1, risk0, wanted);
  if (!sizes || !(sizes->n1 < 1e12)) return std::nullopt;
  auto people = static_cast<std::int64_t>(std::ceil(sizes->n1));
  constexpr std::int64_t enumerated_most = 40;
  const statistics::RiskPair risks{risk1, risk0};
  const auto p_value = [](const TwoByTwo& t) {
    const auto test = statistics::chi_square_n_minus_1(t);
    return test ? test->p : 1.0;
  };
  while (people <= enumerated_most && statistics::rejection_probability(people, people, std::span(&risks, 1), p_value,
                                                                        wanted.alpha)[0] < wanted.power)
    ++people;
  return people;
}

/// Difference limits if what was recorded among the treated is `recording` times what controls would have had: the
/// treated's count divided by the range's ends and rounded outwards to whole people.
Interval recording_limits(const TwoByTwo& t, const std::pair<double, double>& recording) {
  const auto people = [&](double x) {
    return static_cast<std::int64_t>(std::clamp(x, 0.0, static_cast<double>(t.n1)));
  };
  const auto x1 = static_cast<double>(t.x1);
  TwoByTwo least = t;
  TwoByTwo most = t;
  least.x1 = people(std::floor(x1 / recording.second));
  most.x1 = people(std::ceil(x1 / recording.first));
  return {statistics::miettinen_nurminen_difference(least).low, statistics::miettinen_nurminen_difference(most).high};
}

std::string estimand_of(const Study& study, const Comparison& comparison, bool remainder) {
  if (remainder) return "treated against the untreated remainder";
  bool completed = false;
  bool breached = false;
  bool everyone = false;
  bool other = false;
  for (const std::string& name : comparison.treated) {
    for (const Group& group : study.groups) {
      if (group.name != name) continue;
      completed = completed || group.role == Role::completed;
      breached = breached || group.role == Role::breached;
      everyone = everyone || group.role == Role::all_sent;
      other = other || (group.role != Role::completed && group.role != Role::breached && group.role != Role::all_sent);
    }
  }
  if (other) return "treated against comparison";
  if (everyone || (completed && breached)) {
    return study.design == Design::randomised ? "intention to treat" : "all starters against comparison";
  }
  return completed ? "completers (selected)" : "breachers (selected)";
}

}  // namespace

Shown shown_by(std::int64_t x1, std::int64_t n1, std::int64_t x0, std::int64_t n0) {
  const TwoByTwo table{x1, n1, x0, n0};
  const auto test = statistics::chi_square_n_minus_1(table);
  if (!test || test->p >= significance) return Shown::neither;
  return table.risk1() < table.risk0() ? Shown::fewer : Shown::more;
}

HonestyRow row_of_table(std::int64_t x1, std::int64_t n1, std::int64_t x0, std::int64_t n0) {
  const TwoByTwo t{x1, n1, x0, n0};
  HonestyRow row;
  row.x1 = x1;
  row.n1 = n1;
  row.x0 = x0;
  row.n0 = n0;
  row.tables = {{x1, x0}};
  row.risk1.value = t.risk1();
  row.risk0.value = t.risk0();
  row.difference_newcombe.value = row.difference.value = statistics::risk_difference(t);
  row.risk_ratio.value = statistics::risk_ratio(t).value_or(missing);
  row.odds_ratio_exact.value = row.odds_ratio_midp.value = statistics::conditional_odds_ratio(t).value_or(missing);
  for (const Enveloped& one : enveloped(row)) one.estimate.interval = one.estimate.envelope = one.limits(t);
  const auto chi_square = statistics::chi_square_n_minus_1(t);
  row.p_coherent = chi_square ? chi_square->p : 1;
  row.p_fisher = statistics::fisher_p(t);
  const auto boschloo = [&](statistics::BoschlooTwoSided how) -> std::optional<double> {
    const auto result = statistics::boschloo(t, statistics::Alternative::two_sided, how);
    return result ? std::optional<double>(result->p) : std::nullopt;
  };
  row.p_boschloo = boschloo(statistics::BoschlooTwoSided::fisher_order);
  row.p_boschloo_doubled = boschloo(statistics::BoschlooTwoSided::doubled);
  const bool rejects = row.p_coherent < significance;
  for (const std::optional<double>& p : {std::optional<double>(row.p_fisher), row.p_boschloo, row.p_boschloo_doubled}) {
    row.tests_disagree = row.tests_disagree || (p && (*p < significance) != rejects);
  }
  for (const Estimate2& ratio : {row.odds_ratio_exact, row.odds_ratio_midp}) {
    const bool excludes = ratio.interval.low > 1 || ratio.interval.high < 1;
    row.tests_disagree = row.tests_disagree || excludes != rejects;
  }
  const bool newcombe_excludes = row.difference_newcombe.interval.low > 0 || row.difference_newcombe.interval.high < 0;
  row.tests_disagree = row.tests_disagree || newcombe_excludes != rejects;
  const statistics::NumberNeeded needed = statistics::number_needed(row.difference.interval);
  if (needed.benefit) row.nnt_benefit = *needed.benefit;
  if (needed.harm) row.nnt_harm = *needed.harm;
  row.chance_of_fewer_mean = chance_of_fewer(t);
  row.chance_of_fewer = {row.chance_of_fewer_mean, row.chance_of_fewer_mean};
  row.shown = shown_by(x1, n1, x0, n0);
  row.settle_seen = group_size(t.risk1(), t.risk0());
  return row;
}

namespace {

std::string cell_text(const ReadCell& cell) {
  return (cell.percentage != nullptr ? cell.percentage : cell.count)->printed.text;
}

/// Why a cell that is printed can't be used.
std::string why_unread(const PrintedTable& table, const ReadCell& cell) {
  const Study& study = table.study();
  const std::string group = name_of(study.groups[cell.group]);
  if (cell.impossible && cell.percentage != nullptr)
    return fmt::format("no whole number of the {} in {} gives {}", cell.people, group, cell_text(cell));
  if (cell.impossible) return fmt::format("{} of {} people in {} can't be", cell_text(cell), cell.people, group);
  for (const ReadCell& other : table.cells()) {
    if (other.group != cell.group || other.outcome == cell.outcome || !other.printed()) continue;
    const auto within = [&](const ReadCell& part, const ReadCell& whole) {
      const std::vector<std::string>& larger = study.outcomes[part.outcome].subset_of;
      return std::find(larger.begin(), larger.end(), study.outcomes[whole.outcome].name) != larger.end() &&
             part.fits(table.rule()).first > whole.fits(table.rule()).last;
    };
    const bool is_part = within(cell, other);
    if (!is_part && !within(other, cell)) continue;
    const ReadCell& part = is_part ? cell : other;
    const ReadCell& whole = is_part ? other : cell;
    const auto label = [&](const ReadCell& one) {
      const StudyOutcome& outcome = study.outcomes[one.outcome];
      return outcome.label.empty() ? outcome.name : outcome.label;
    };
    return fmt::format("in {}, {} {} is within {} {}", group, label(part), cell_text(part), label(whole),
                       cell_text(whole));
  }
  return fmt::format("{} in {} contradicts the rest of the table", cell_text(cell), group);
}

}  // namespace

std::vector<UnreadOutcome> unread_outcomes(const PrintedTable& table) {
  const Study& study = table.study();
  std::vector<UnreadOutcome> unread;
  std::vector<std::string> strata_seen;
  for (const Comparison& comparison : study.comparisons) {
    if (std::find(strata_seen.begin(), strata_seen.end(), comparison.stratum) != strata_seen.end()) continue;
    strata_seen.push_back(comparison.stratum);
    std::vector<std::string> groups = comparison.treated;
    groups.push_back(comparison.against);
    for (std::size_t j = 0; j < study.outcomes.size(); ++j) {
      if (study.outcomes[j].describe_only || !study.outcomes[j].headline) continue;
      for (const std::string& group : groups) {
        const ReadCell* cell = table.cell(table.group(group), j);
        if (cell == nullptr || !cell->printed() || !cell->freed || table.side({group}, j)) continue;
        unread.push_back({study.outcomes[j].name, comparison.stratum, why_unread(table, *cell)});
        break;
      }
    }
  }
  return unread;
}

std::vector<HonestyRow> compare(const PrintedTable& table) {
  const Study& study = table.study();
  std::vector<HonestyRow> rows;
  std::vector<std::string> strata_seen;
  for (const Comparison& comparison : study.comparisons) {
    const bool first = std::find(strata_seen.begin(), strata_seen.end(), comparison.stratum) == strata_seen.end();
    strata_seen.push_back(comparison.stratum);
    for (std::size_t j = 0; j < study.outcomes.size(); ++j) {
      const StudyOutcome& outcome = study.outcomes[j];
      if (outcome.describe_only) continue;
      const bool nested = study.design == Design::nested;
      const std::optional<Side> treated = table.side(comparison.treated, j);
      const std::optional<Side> against =
          nested ? table.remainder(comparison.against, comparison.treated, j) : table.side({comparison.against}, j);
      if (!treated || !against) continue;
      HonestyRow row = row_of_table(table.nearest(treated->unknown), treated->people, table.nearest(against->unknown),
                                    against->people);
      row.comparison = comparison.label;
      row.estimand = estimand_of(study, comparison, nested);
      row.causal_words = row.estimand == "intention to treat";
      row.outcome = outcome.name;
      row.headline = first && outcome.headline;
      row.stratum = comparison.stratum;
      const auto pairs = table.pairs(treated->unknown, against->unknown, counts_most);
      if (!pairs.empty()) row.tables = pairs;
      row.feasible_tables = row.tables.size();
      double sum = 0;
      const std::vector<Enveloped> parts = enveloped(row);
      for (const auto& [x1, x0] : row.tables) {
        const TwoByTwo one{x1, row.n1, x0, row.n0};
        for (const Enveloped& part : parts) part.widen(one);
        const double chance = chance_of_fewer(one);
        row.chance_of_fewer = {std::min(row.chance_of_fewer.low, chance), std::max(row.chance_of_fewer.high, chance)};
        sum += chance;
        if (row.shown != shown_by(x1, row.n1, x0, row.n0)) row.shown = Shown::differs;
      }
      row.chance_of_fewer_mean = sum / static_cast<double>(row.tables.size());
      const TwoByTwo used{row.x1, row.n1, row.x0, row.n0};
      if (study.design != Design::randomised) {
        row.odds_ratio_star = statistics::nullifying_odds_ratio(used);
        if (const auto ratio = statistics::risk_ratio(used)) row.e_value = statistics::e_value(*ratio);
      }
      if (study.worth_having) {
        const double step = outcome.better == StudyOutcome::Better::more ? *study.worth_having : -*study.worth_having;
        row.settle_worth = group_size(row.risk0.value + step, row.risk0.value);
      }
      if (study.recording && study.recording_outcome == outcome.name) {
        row.recording_bounds = recording_limits(used, *study.recording);
      }
      rows.push_back(std::move(row));
    }
  }
  return rows;
}

}  // namespace desist::estimation
