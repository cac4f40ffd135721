// The tidy tables of a study of people's rows: one row an effect, a test, a step of a curve, an arm's outcome.
#include <cmath>

#include "engine/report/people_words.hpp"
#include "engine/report/selection_words.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

const std::string parameters = "parameters";

}  // namespace

Table effects_table(const PersonResults& results) {
  Table table(named({"analysis", "method", "estimand",    "outcome",  "term",         "measure", "unit",
                     "estimate", "error",  "error_scale", "low",      "high",         "level",   "statistic",
                     "df",       "p",      "effect",      "headline", "causal_words", "spread",  "mc_error"}));
  for (const AnalysisResult& each : results.analyses) {
    for (const EffectRow& row : each.effects) {
      table.add({each.name,
                 each.method,
                 word(each.estimand),
                 word(each.outcome),
                 word(row.term),
                 row.measure,
                 word(row.unit),
                 number(row.estimate),
                 number(row.error),
                 std::isnan(row.error) ? Cell{} : Cell{std::string(row.log_scale ? "log" : "as is")},
                 number(row.interval.low),
                 number(row.interval.high),
                 row.level,
                 maybe(row.statistic),
                 maybe(row.degrees_of_freedom),
                 maybe(row.p),
                 yes(row.effect),
                 yes(row.headline),
                 yes(each.causal_words),
                 parameters,
                 number(row.mc_error)});
    }
  }
  return table;
}

Table tests_table(const PersonResults& results) {
  Table table(named({"analysis", "method", "outcome", "test", "statistic", "df", "second_df", "p", "mc_error"}));
  for (const AnalysisResult& each : results.analyses)
    for (const TestRow& row : each.tests)
      table.add({each.name, each.method, word(each.outcome), row.name, number(row.statistic),
                 maybe(row.degrees_of_freedom), maybe(row.second_degrees_of_freedom), number(row.p),
                 number(row.mc_error)});
  return table;
}

Table curves_table(const PersonStudy& study, const PersonResults& results) {
  Table table(named({"analysis", "outcome", "curve", "arm", "time", "unit", "at_risk", "events", "censored", "estimate",
                     "error", "low", "high", "level", "spread"}));
  for (const AnalysisResult& each : results.analyses) {
    const PersonOutcome* outcome = outcome_named(study, each.outcome);
    for (const CurvePoint& point : each.curves)
      table.add({each.name, word(each.outcome), point.curve, word(point.arm), number(point.time),
                 word(outcome == nullptr ? "" : outcome->unit), number(point.at_risk), number(point.events),
                 number(point.censored), number(point.estimate), number(point.error), number(point.interval.low),
                 number(point.interval.high), statistics::usual_confidence, parameters});
  }
  return table;
}

Table facts_table(const PersonResults& results) {
  Table table(named({"analysis", "outcome", "fact", "value"}));
  for (const AnalysisResult& each : results.analyses)
    for (const AnalysisFact& fact : each.facts)
      table.add({each.name, word(each.outcome), fact.name, number(fact.value)});
  return table;
}

Table mechanism_table(const PersonResults& results) {
  Table table(
      named({"analysis", "shape", "breach", "possible", "why_not", "by_rate", "drop_out", "rate", "unit", "group",
             "share_of_sent", "risk", "mean_time_to_first", "offences", "by_definition", "spread", "mc_error"}));
  for (const AnalysisResult& each : results.analyses) {
    if (!each.selection) continue;
    for (const SelectionPoint& point : each.selection->surface) {
      if (!point.mechanism) {
        std::vector<Cell> cells = {each.name, number(point.shape), number(point.breach), yes(false),
                                   no_mechanism_words(point.why)};
        cells.resize(table.columns().size());
        table.add(std::move(cells));
        continue;
      }
      const statistics::SelectionMechanism& m = *point.mechanism;
      const auto add = [&](const char* group, double share, const statistics::SelectedGroup& its, Cell definition) {
        table.add({each.name, number(point.shape), number(point.breach), yes(true), Cell{}, number(m.by_rate),
                   number(m.drop_out), number(m.rate), each.selection->unit, std::string(group), number(share),
                   number(its.risk), number(its.first_time), number(its.offences), std::move(definition), parameters,
                   0.0});
      };
      const double completed = point.yield.completed_share;
      add("everyone sent", 1, point.yield.referred, Cell{});
      add("completers", completed, point.yield.completers, Cell{});
      if (point.yield.breachers)
        add("breachers", 1 - completed, *point.yield.breachers, number(point.yield.by_definition));
    }
  }
  return table;
}

Table covariances_table(const PersonResults& results) {
  Table table(named({"analysis", "outcome", "term", "with", "scale", "estimate", "covariance"}));
  for (const AnalysisResult& each : results.analyses) {
    if (!each.posterior || each.withheld) continue;
    const Posterior& law = *each.posterior;
    const std::size_t n = law.means.size();  // of a regression every column is normal
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j)
        table.add({each.name, word(each.outcome), law.columns[i].name, law.columns[j].name,
                   std::string(std::get<Posterior::Normal>(law.columns[i].law).exponential ? "logarithm" : "as is"),
                   number(law.means[i]), number(law.covariance[i * n + j])});
  }
  return table;
}

Table notes_table(const PersonResults& results) {
  Table table(named({"analysis", "outcome", "kind", "text"}));
  for (const std::string& words : results.data_words) table.add({Cell{}, Cell{}, std::string("data"), words});
  for (const EventNote& note : results.event_notes) table.add({Cell{}, word(note.outcome), note.kind, note.text});
  for (const AnalysisResult& each : results.analyses) {
    if (!each.refused.empty()) table.add({each.name, word(each.outcome), std::string("refused"), each.refused});
    if (each.withheld)
      table.add({each.name, word(each.outcome), std::string("withheld"), std::string("small counts: no number shown")});
    for (const std::string& note : each.notes) table.add({each.name, word(each.outcome), std::string("note"), note});
  }
  return table;
}

Table summaries_table(const PersonStudy& study, const PersonResults& results) {
  Table table(named({"outcome", "label", "arm", "people", "missing", "with_outcome", "total", "person_time", "measure",
                     "unit", "estimate", "low", "high", "level", "spread", "mc_error", "withheld"}));
  for (const ArmSummary& each : results.summaries) {
    const PersonOutcome* outcome = outcome_named(study, each.outcome);
    const std::string unit = each.measure == "share" ? "share" : outcome == nullptr ? std::string{} : outcome->unit;
    std::vector<Cell> row = {each.outcome, outcome_label(study, each.outcome), word(each.arm)};
    if (each.withheld) {
      row.resize(row.size() + 5);
      row.insert(row.end(), {Cell{each.measure}, word(unit), Cell{}, Cell{}, Cell{}, Cell{}, Cell{}, Cell{}});
    } else {
      row.insert(row.end(),
                 {whole(each.people), each.missing_withheld ? Cell{} : whole(each.missing),
                  each.with_outcome ? whole(*each.with_outcome) : Cell{}, maybe(each.total), maybe(each.person_time),
                  Cell{each.measure}, word(unit), number(each.estimate), number(each.interval.low),
                  number(each.interval.high), Cell{statistics::usual_confidence}, Cell{parameters}, Cell{0.0}});
    }
    if (each.withheld) row.resize(16);
    row.push_back(yes(each.withheld));
    table.add(std::move(row));
  }
  return table;
}

Table table1_table(const PersonStudy& study, const PersonResults& results) {
  Table table(named({"column", "label", "level", "arm", "people", "mean_or_share", "sd", "missing",
                     "standardised_difference", "withheld"}));
  for (const BalanceRow& row : results.balance) {
    for (std::size_t a = 0; a < row.arms.size(); ++a) {
      const BalanceRow::Cell& cell = row.arms[a];
      const std::string arm = a < study.arms.size() ? study.arms[a] : "";
      std::vector<Cell> cells = {row.column, row.label, word(row.level), word(arm)};
      if (cell.withheld)
        cells.resize(8);
      else
        cells.insert(cells.end(), {whole(cell.people), number(cell.mean), row.level.empty() ? number(cell.sd) : Cell{},
                                   cell.missing_withheld ? Cell{} : whole(cell.missing)});
      cells.push_back(a > 0 && a <= row.standardised_differences.size() ? number(row.standardised_differences[a - 1])
                                                                        : Cell{});
      cells.push_back(yes(cell.withheld));
      table.add(std::move(cells));
    }
  }
  return table;
}

Table flow_table(const PersonResults& results) {
  Table table(named({"step", "arm", "people", "note", "withheld"}));
  for (const FlowBox& box : results.flow)
    table.add({box.step, word(box.arm), box.withheld ? Cell{} : whole(box.people), word(box.note), yes(box.withheld)});
  return table;
}

Table studies_table(const PersonStudy& study) {
  Table table(named({"study", "design", "group", "outcome", "treated_with", "treated", "control_with", "control",
                     "estimate", "error", "evidence"}));
  for (const StudyEffect& each : study.results) {
    std::string ids;
    for (const std::string& id : each.evidence) ids += (ids.empty() ? "" : " ") + id;
    std::vector<Cell> row = {each.label, study_label(each.design), word(each.group), word(each.outcome)};
    if (each.counts)
      row.insert(row.end(), {whole(each.x1), whole(each.n1), whole(each.x0), whole(each.n0), Cell{}, Cell{}});
    else
      row.insert(row.end(), {Cell{}, Cell{}, Cell{}, Cell{}, number(each.estimate), number(each.error)});
    row.push_back(word(ids));
    table.add(std::move(row));
  }
  return table;
}

}  // namespace desist
