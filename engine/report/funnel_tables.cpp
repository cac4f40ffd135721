// The tidy tables of a funnel: a row a step and column, and a row a change.
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

std::string way_word(FunnelStep::Way way) {
  switch (way) {
    case FunnelStep::Way::out:
      return "out";
    case FunnelStep::Way::open:
      return "open";
    case FunnelStep::Way::on:
      break;
  }
  return "on";
}

}  // namespace

Table funnel_table(const PersonStudy& study, const PersonResults& results) {
  Table table(named({"step", "label", "column", "definition", "way", "count", "of_step", "measure", "of", "not_ended",
                     "share", "low", "high", "exact_low", "exact_high", "if_none_open", "if_all_open", "evidence"}));
  if (!study.funnel || !results.funnel) return table;
  const Funnel& funnel = *study.funnel;
  for (std::size_t s = 0; s < funnel.steps.size(); ++s) {
    const FunnelStep& step = funnel.steps[s];
    for (std::size_t c = 0; c < funnel.columns.size(); ++c) {
      const FunnelColumn& column = funnel.columns[c];
      const FunnelShare* share = results.funnel->share(s, c);
      const std::string id = c < step.evidence.size() ? step.evidence[c] : "";
      std::vector<Cell> row = {step.name,
                               step.label,
                               word(column.name),
                               word(column.definition),
                               way_word(step.way),
                               whole(step.counts[c]),
                               word(step.of.empty() ? step.per : step.of)};
      if (share == nullptr)
        row.resize(17);
      else
        row.insert(row.end(), {std::string(share->is_part ? "share" : "for each"), whole(share->of), whole(share->open),
                               share->value, share->interval.low, share->interval.high, share->exact.low,
                               share->exact.high, share->if_open.low, share->if_open.high});
      row.push_back(word(id));
      table.add(std::move(row));
    }
  }
  return table;
}

Table funnel_changes_table(const PersonStudy& study, const PersonResults& results) {
  Table table(named({"step", "label", "column", "against", "measure", "estimate", "low", "high", "growth"}));
  if (!study.funnel || !results.funnel) return table;
  const Funnel& funnel = *study.funnel;
  for (const FunnelChange& each : results.funnel->changes)
    table.add({funnel.steps[each.step].name, funnel.steps[each.step].label, funnel.columns[each.column].name,
               funnel.columns[each.against].name,
               std::string(each.is_part ? "difference of shares" : "ratio of numbers for each"), each.value,
               each.interval.low, each.interval.high, each.growth});
  return table;
}

}  // namespace desist
