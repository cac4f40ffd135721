#include "engine/report/tables.hpp"

#include <cmath>

#include "engine/core/text.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/trial_tables.hpp"

namespace desist {
namespace {

std::string_view spread_word(Spread spread) { return spread == Spread::parameters ? "parameters" : "futures"; }

}  // namespace

std::string_view verdict_word(NeedResult::Verdict verdict) {
  switch (verdict) {
    case NeedResult::Verdict::found:
      return "found";
    case NeedResult::Verdict::already_met:
      return "already met";
    case NeedResult::Verdict::nothing_does:
      return "nothing does";
    case NeedResult::Verdict::any_does:
      return "any does";
    case NeedResult::Verdict::not_settled:
      return "not settled";
  }
  return "";
}

std::string_view verdict_word(DecisionResult::Verdict verdict) {
  switch (verdict) {
    case DecisionResult::Verdict::settled:
      return "settled";
    case DecisionResult::Verdict::settled_within:
      return "settled within";
    case DecisionResult::Verdict::not_settled:
      return "not settled";
  }
  return "";
}

std::string_view kind_name(FigureSource::Kind kind) {
  switch (kind) {
    case FigureSource::Kind::evidence:
      return "evidence";
    case FigureSource::Kind::assumption:
      return "assumption";
    case FigureSource::Kind::choice:
      return "choice";
    case FigureSource::Kind::study:
      return "study";
  }
  return "";
}

Table estimates_table(const EstimateTable& estimates) {
  Table table({{"arm", ""},
               {"versus", ""},
               {"outcome", ""},
               {"item", ""},
               {"statistic", ""},
               {"unit", ""},
               {"estimate", ""},
               {"low", ""},
               {"high", ""},
               {"level", ""},
               {"spread", ""},
               {"mc_error", ""},
               {"draws", ""},
               {"replicates", ""}});
  for (const EstimateRow& row : estimates.rows) {
    table.add({row.arm, row.versus, row.outcome, row.item, row.statistic, row.unit, number(row.estimate),
               number(row.low), number(row.high), row.level, std::string(spread_word(row.spread)), number(row.mc_error),
               whole(row.draws), whole(row.replicates)});
  }
  return table;
}

Table series_table(const EstimateTable& estimates) {
  Table table({{"arm", ""},
               {"series", ""},
               {"unit", ""},
               {"week", ""},
               {"date", ""},
               {"mean", ""},
               {"mc_error", ""},
               {"q025", ""},
               {"q10", ""},
               {"q25", ""},
               {"q50", ""},
               {"q75", ""},
               {"q90", ""},
               {"q975", ""},
               {"bin_width", ""},
               {"share_present", ""},
               {"spread", ""}});
  for (const SeriesRow& row : estimates.series) {
    table.add({row.arm, row.series, row.unit, whole(row.week), row.date.iso(), number(row.mean), number(row.mc_error),
               number(row.q025), number(row.q10), number(row.q25), number(row.q50), number(row.q75), number(row.q90),
               number(row.q975), number(row.bin_width), number(row.share_present), std::string("futures")});
  }
  return table;
}

Table influence_table(const EstimateTable& estimates) {
  Table table({{"arm", ""},
               {"outcome", ""},
               {"item", ""},
               {"parameter", ""},
               {"label", ""},
               {"together_with", ""},
               {"share", ""},
               {"mc_error", ""},
               {"share_of_parameters", ""},
               {"share_of_parameters_error", ""},
               {"unit", ""},
               {"low_value", ""},
               {"at_low", ""},
               {"at_low_error", ""},
               {"high_value", ""},
               {"at_high", ""},
               {"at_high_error", ""},
               {"spread", ""}});
  for (const InfluenceRow& row : estimates.influence) {
    table.add({row.arm, row.outcome, row.item, row.parameter, row.label, whole(row.together_with), number(row.share),
               number(row.mc_error), number(row.share_of_parameters), number(row.share_of_parameters_error), row.unit,
               number(row.low_value), number(row.at_low), number(row.at_low_error), number(row.high_value),
               number(row.at_high), number(row.at_high_error), std::string("parameters")});
  }
  return table;
}

Table needs_table(const SearchResults& found, const std::vector<Need>& needs) {
  Table table({{"need", ""},
               {"arm", ""},
               {"verdict", ""},
               {"is_answer", ""},
               {"level", ""},
               {"chance", ""},
               {"low", ""},
               {"high", ""},
               {"target", ""},
               {"within", ""},
               {"draws", ""},
               {"look_for", ""},
               {"step", ""},
               {"holds_to", ""},
               {"monotone", ""},
               {"spread", ""}});
  for (const NeedResult& result : found.needs) {
    const Need& need = needs[result.need];
    for (const NeedLevel& tried : result.tried) {
      const bool answer = result.level && tried.level == *result.level;
      table.add({need.label, result.arm, std::string(verdict_word(result.verdict)), std::string(answer ? "yes" : ""),
                 tried.level, tried.chance, tried.low, tried.high, need.chance, need.within, whole(tried.draws),
                 std::string(need.look_for == Need::Extreme::least ? "least" : "greatest"), need.step,
                 result.holds_to ? Cell{*result.holds_to} : Cell{}, std::string(result.monotone() ? "yes" : "no"),
                 std::string("futures")});
    }
  }
  return table;
}

Table levels_table(const ReportInput& input) {
  Table table({{"sweep", ""},      {"arm", ""},         {"vary", ""},       {"level", ""},
               {"outcome", ""},    {"item", ""},        {"statistic", ""},  {"unit", ""},
               {"estimate", ""},   {"low", ""},         {"high", ""},       {"mc_error", ""},
               {"added", ""},      {"added_error", ""}, {"from_first", ""}, {"from_first_error", ""},
               {"turns_here", ""}, {"target", ""},      {"draws", ""},      {"spread", ""}});
  const auto maybe = [](const std::optional<double>& value) { return value ? number(*value) : Cell{}; };
  for (const SweepResult& result : input.swept) {
    const Sweep& sweep = input.sweeps.at(result.sweep);
    const SweepText& text = input.sweep_texts.at(result.sweep);
    const bool amount = text.kind == OutcomeField::Kind::amount;
    for (std::size_t l = 0; l < result.levels.size(); ++l) {
      const SweepLevel& level = result.levels[l];
      table.add({sweep.name,
                 result.arm,
                 sweep.vary,
                 level.level,
                 text.outcome,
                 text.item,
                 std::string(amount ? "mean" : "chance"),
                 amount ? text.unit : std::string("share"),
                 number(level.mean),
                 number(level.low),
                 number(level.high),
                 number(level.mc_error),
                 maybe(level.added),
                 maybe(level.added_error),
                 maybe(level.from_first),
                 maybe(level.from_first_error),
                 std::string(result.turns_at == l ? "yes" : ""),
                 maybe(sweep.target),
                 whole(sweep.draws),
                 std::string("futures")});
    }
  }
  return table;
}

Table best_table(const ReportInput& input) {
  Table table({{"outcome", ""},
               {"item", ""},
               {"better", ""},
               {"leader", ""},
               {"rival", ""},
               {"verdict", ""},
               {"unit", ""},
               {"lead", ""},
               {"mc_error", ""},
               {"at_least", ""},
               {"within", ""},
               {"alpha", ""},
               {"look", ""},
               {"draws", ""},
               {"spread", ""}});
  if (!input.best || !input.decided) return table;
  const BestText& best = *input.best;
  const DecisionResult& result = *input.decided;
  for (const Rival& rival : result.rivals) {
    table.add({best.outcome, best.item, std::string(best.rule.more_is_better ? "more" : "fewer"),
               input.arms.at(result.leader).name, input.arms.at(rival.arm).name,
               std::string(verdict_word(result.verdict)), best.unit, number(rival.lead), number(rival.mc_error),
               number(rival.at_least), best.rule.within, best.rule.alpha, whole(result.look), whole(result.draws),
               std::string("futures")});
  }
  return table;
}

Table sums_table(const std::vector<Sum>& sums) {
  Table table({{"label", ""},
               {"text", ""},
               {"result", ""},
               {"sum", ""},
               {"in_numbers", ""},
               {"value", ""},
               {"digits", ""},
               {"said_as", ""},
               {"evidence", ""},
               {"note", ""}});
  for (const Sum& sum : sums)
    for (const SumResult& result : sum.results)
      table.add({sum.label, sum.text, result.name, result.sum, result.in_numbers, result.value,
                 static_cast<double>(result.digits), result.shown, joined(result.evidence), sum.note});
  return table;
}

Table sources_table(const std::vector<FigureSource>& sources) {
  Table table({{"name", ""},
               {"label", ""},
               {"printed", ""},
               {"kind", ""},
               {"evidence", ""},
               {"reason", ""},
               {"note", ""},
               {"taken_as", ""},
               {"line", ""}});
  for (const FigureSource& source : sources) {
    table.add({source.name, source.label, source.printed, std::string(kind_name(source.kind)), joined(source.evidence),
               source.reason, source.note, source.spread, static_cast<double>(source.line)});
  }
  return table;
}

std::vector<NamedText> csv_files(const ReportInput& input) {
  const StudyResults& studies = input.study_results;
  const std::pair<const char*, Table> all[] = {
      {"allocation.csv", allocation_table(studies)},
      {"audit.csv", audit_table(input)},
      {"best.csv", best_table(input)},
      {"cells.csv", cells_table(studies)},
      {"claims.csv", claims_table(input)},
      {"comparisons.csv", honesty_table(studies)},
      {"compliers.csv", compliers_table(studies)},
      {"decomposition.csv", decomposition_table(input)},
      {"decomposition_draws.csv", decomposition_draws_table(input)},
      {"decomposition_subsets.csv", decomposition_subsets_table(input)},
      {"estimates.csv", estimates_table(input.estimates)},
      {"forecasts.csv", forecasts_table(input)},
      {"influence.csv", influence_table(input.estimates)},
      {"levels.csv", levels_table(input)},
      {"needs.csv", needs_table(input.found, input.needs)},
      {"selection.csv", selection_table(studies)},
      {"series.csv", series_table(input.estimates)},
      {"shares.csv", shares_table(studies)},
      {"sources.csv", sources_table(input.sources)},
      {"sums.csv", sums_table(input.sums)},
      {"trials.csv", trials_table(input)},
  };
  std::vector<NamedText> files;
  const auto add = [&](const char* name, const Table& table) {
    if (!table.empty()) files.push_back({name, table.csv()});
  };
  for (const auto& [name, table] : all) add(name, table);
  for (NamedText& file : appraisal_files(input)) files.push_back(std::move(file));
  for (NamedText& file : placebo_files(input)) files.push_back(std::move(file));
  for (NamedText& file : calibration_files(input)) files.push_back(std::move(file));
  if (input.people) {
    const PersonResults& results = input.people_results;
    add("covariances.csv", covariances_table(results));
    add("curves.csv", curves_table(*input.people, results));
    add("effects.csv", effects_table(results));
    add("facts.csv", facts_table(results));
    add("flow.csv", flow_table(results));
    add("funnel.csv", funnel_table(*input.people, results));
    add("funnel_changes.csv", funnel_changes_table(*input.people, results));
    add("mechanism.csv", mechanism_table(results));
    add("notes.csv", notes_table(results));
    add("studies.csv", studies_table(*input.people));
    add("summaries.csv", summaries_table(*input.people, results));
    add("table1.csv", table1_table(*input.people, results));
    add("tests.csv", tests_table(results));
  }
  return files;
}

}  // namespace desist
