// The page's table of the mechanism of selection, along the surface on which a table's shares are the same.
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/selection_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {

std::string selection_html(const AnalysisResult& analysis) {
  if (!analysis.selection || analysis.selection->surface.empty()) return "";
  const SelectionFinding& found = *analysis.selection;
  std::vector<std::vector<html::TableCell>> rows;
  for (const SelectionPoint& point : found.surface) {
    std::vector<html::TableCell> row = {html::number(table_number(point.shape)),
                                        html::number(whole_number(std::round(100 * point.breach)))};
    if (!point.mechanism) {
      row.push_back(html::words(no_mechanism_words(point.why)));
      row.resize(10, html::words(""));
    } else {
      const statistics::SelectionYield& yield = point.yield;
      const auto time = [](double value) { return html::number(fmt::format("{:.1f}", value)); };
      row.insert(
          row.end(),
          {html::number(table_number(point.mechanism->by_rate)), time(yield.referred.first_time),
           time(yield.completers.first_time), yield.breachers ? time(yield.breachers->first_time) : html::words(""),
           html::number(table_number(yield.referred.offences)), html::number(table_number(yield.completers.offences)),
           html::number(yield.breachers ? table_number(yield.breachers->offences) : ""),
           html::number(whole_number(std::round(100 * yield.by_definition)))});
    }
    rows.push_back(std::move(row));
  }
  const std::string units = Unit::parse(found.unit).in_words(2);
  return html::table(
      fmt::format("What would make completers so, had nothing worked: every line gives the table's shares. A course "
                  "of {} {}, followed for {} from referral.",
                  table_number(found.course), Unit::parse(found.unit).in_words(found.course),
                  table_number(found.followed)),
      {"Shape of rates", "Offences that breach, in 100", "Drop-out goes with rate to the power",
       "First offence after, " + units + ": everyone", "Completers", "Breachers", "Offences a person: everyone",
       "Completers", "Breachers", "Breachers' reoffending that is their breach, in 100"},
      rows);
}

}  // namespace desist::page
