// The page's tables of a funnel: steps by column, changes.
#include <fmt/format.h>

#include "engine/report/funnel_words.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using Rows = std::vector<std::vector<html::TableCell>>;

std::string steps_table(const Funnel& funnel, const FunnelResult& result) {
  std::vector<std::string> headers = {"Step", "Of"};
  bool open = false, per = false;
  for (const FunnelColumn& column : funnel.columns) headers.push_back(column.name.empty() ? "Printed" : column.name);
  Rows rows;
  for (std::size_t s = 0; s < funnel.steps.size(); ++s) {
    const auto whole = funnel.whole_of(s);
    rows.push_back(
        {words(funnel.steps[s].label),
         words(whole ? (funnel.steps[s].of.empty() ? "for " : "") + lower_first(funnel.steps[*whole].label) : "")});
    for (std::size_t c = 0; c < funnel.columns.size(); ++c) {
      const std::string count = whole_number(static_cast<double>(funnel.steps[s].counts[c]));
      const FunnelShare* share = result.share(s, c);
      rows.back().push_back(number(share == nullptr ? count : count + ": " + bare_share_words(*share)));
      open = open || (share != nullptr && share->open > 0);
      per = per || (share != nullptr && !share->is_part);
    }
  }
  std::string caption = fmt::format(
      "Numbers of {}, as printed; in 100 of the step that they are of, with 95% intervals by Jeffreys' rule (Brown, "
      "Cai "
      "& DasGupta 2001).",
      funnel.counted);
  if (open)
    caption +=
        " Those that had not ended are left out of what their siblings are shares of: the table funnel.csv has the "
        "shares if none and if all of them go that way.";
  if (per)
    caption +=
        " \"For 100\": counted for each of a step that isn't said to contain it; limits of a Poisson count (Garwood "
        "1936).";
  return html::table(caption, headers, rows);
}

std::string changes_table(const Funnel& funnel, const FunnelResult& result) {
  Rows rows;
  for (const FunnelChange& each : result.changes)
    rows.push_back(
        {words(funnel.steps[each.step].label),
         words(fmt::format("{} against {}", funnel.columns[each.column].name, funnel.columns[each.against].name)),
         words(effect_words(effect_of(each))),
         number(fmt::format("{}{}%", each.growth > 0 ? "+" : "", whole_number(100 * each.growth)))});
  if (rows.empty()) return "";
  return html::table(
      "Changes between columns that are counted alike: of the share (Miettinen & Nurminen 1985; of what is counted "
      "for each, an exact ratio of Poisson counts), and of the count itself.",
      {"Step", "Columns", "Share", "Count"}, rows);
}

}  // namespace

std::string funnel_section(const ReportInput& input) {
  if (!input.people || !input.people->funnel || !input.people_results.funnel) return "";
  const Funnel& funnel = *input.people->funnel;
  const FunnelResult& result = *input.people_results.funnel;
  std::string text = steps_table(funnel, result) + changes_table(funnel, result);
  for (std::size_t c = 0; c < funnel.columns.size(); ++c) {
    const FunnelColumn& column = funnel.columns[c];
    if (!column.definition.empty())
      text += html::element("p", fmt::format("{}: {}.", column.name, without_stop(column.definition)), "small");
  }
  return text +
         html::element("p",
                       "The intervals are those of as many different people. Where one person may be counted "
                       "more than once they are too narrow. Columns of different definitions are never compared.",
                       "small");
}

}  // namespace desist::page
