// The page's tables of a study of people's rows: flow, table 1, outcomes by arm, every analysis, methods.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using Rows = std::vector<std::vector<html::TableCell>>;

const std::string hidden = "withheld";

std::string whole(std::int64_t value) { return whole_number(static_cast<double>(value)); }

/// Whole numbers without decimals: degrees of freedom, people.
std::string plain_number(double value) {
  return value == std::round(value) ? whole_number(value) : table_number(value);
}

/// A note that begins with an arm, by the arm's label: "yes" says nothing.
std::string note_words(const PersonStudy& study, const std::string& note) {
  for (const std::string& arm : study.arms)
    if (note.starts_with(arm + ": ")) return arm_label(study, arm) + note.substr(arm.size());
  return upper_first(note);
}

/// A table without the columns that have nothing to say in any row.
std::string filled_table(const std::string& caption, std::vector<std::string> headers, Rows rows) {
  for (std::size_t column = headers.size(); column-- > 1;) {
    const bool empty = std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return row[column].html.empty(); });
    if (!empty) continue;
    const auto at = static_cast<std::ptrdiff_t>(column);
    headers.erase(headers.begin() + at);
    for (auto& row : rows) row.erase(row.begin() + at);
  }
  return html::table(caption, headers, rows);
}

std::string flow_section(const PersonStudy& study, const PersonResults& results) {
  Rows rows;
  for (const FlowBox& box : results.flow)
    rows.push_back({words(box.step), words(box.arm.empty() ? "" : arm_label(study, box.arm)),
                    number(box.withheld ? hidden : whole(box.people)), words(box.note)});
  return filled_table("From referral to analysis (CONSORT 2025).", {"Step", "Arm", "People", "Note"}, rows);
}

std::string table1_section(const PersonStudy& study, const PersonResults& results) {
  std::vector<std::string> headers = {"Described by"};
  for (std::size_t a = 0; a < std::max<std::size_t>(study.arms.size(), 1); ++a)
    headers.push_back(study.arms.empty() ? "Everyone" : arm_label(study, study.arms[a]));
  for (std::size_t a = 1; a < study.arms.size(); ++a)
    headers.push_back(study.arms.size() == 2 ? "Standardised difference"
                                             : "Difference, " + lower_first(arm_label(study, study.arms[a])));
  headers.push_back("Without a value");
  Rows rows;
  for (const BalanceRow& row : results.balance) {
    std::vector<html::TableCell> cells = {words(row.label + (row.level.empty() ? "" : ": " + row.level))};
    std::int64_t missing = 0;
    bool missing_hidden = false;
    for (const BalanceRow::Cell& cell : row.arms) {
      missing += cell.missing;
      missing_hidden = missing_hidden || cell.missing_withheld;
      if (cell.withheld)
        cells.push_back(number(hidden));
      else if (row.level.empty())
        cells.push_back(number(fmt::format("{} ({})", table_number(cell.mean), table_number(cell.sd))));
      else
        cells.push_back(number(fmt::format("{} ({}%)", whole(cell.people), whole_number(100 * cell.mean))));
    }
    for (const double difference : row.standardised_differences)
      cells.push_back(number(std::isnan(difference) ? hidden : fmt::format("{:.2f}", difference)));
    cells.push_back(number(missing_hidden ? hidden : whole(missing)));
    rows.push_back(std::move(cells));
  }
  return html::table(
      "Who they were (table 1): mean (standard deviation), or people (share of those with a value). The standardised "
      "difference is the difference of means over the pooled standard deviation (Austin 2009): it doesn't depend on "
      "the number of people, and no test is made of it.",
      headers, rows);
}

std::string summary_number(const PersonStudy& study, const ArmSummary& each) {
  const PersonOutcome* outcome = outcome_named(study, each.outcome);
  const std::string unit = outcome == nullptr ? "" : outcome->unit;
  const double times = each.measure == "share" ? 100 : 1;
  if (std::isnan(each.estimate)) return "";
  if (std::isinf(each.estimate))
    return each.measure + " not reached" +
           (std::isfinite(each.interval.low) ? ", from " + table_number(each.interval.low) + " " + unit : "");
  std::string text =
      fmt::format("{} {}", each.measure == "share" ? "" : each.measure, table_number(times * each.estimate));
  if (each.measure == "share") text += " in 100";
  if (!std::isnan(each.interval.low) || !std::isnan(each.interval.high))
    text +=
        fmt::format(" ({} to {})", table_number(times * each.interval.low), table_number(times * each.interval.high));
  return trimmed(text) + (each.measure == "share" || unit.empty() ? ""
                          : each.measure == "rate"                ? " a " + unit
                                                                  : ", " + unit);
}

std::string summaries_section(const PersonStudy& study, const PersonResults& results) {
  Rows rows;
  for (const ArmSummary& each : results.summaries)
    rows.push_back({words(outcome_label(study, each.outcome)), words(arm_label(study, each.arm)),
                    number(each.withheld ? hidden : summary_words(study, each)),
                    number(each.withheld ? hidden : summary_number(study, each)),
                    number(each.missing_withheld ? hidden : whole(each.missing))});
  return html::table(
      "Each outcome in each arm, without any model; 95% intervals (a share's by Wilson 1927, a rate's by Garwood "
      "1936).",
      {"Outcome", "Arm", "People", "Estimate", "Not known"}, rows);
}

std::string effects_html(const PersonStudy& study, const AnalysisResult& each) {
  Rows rows;
  for (const EffectRow& row : each.effects) {
    std::string test;
    if (row.statistic) test = table_number(*row.statistic);
    if (row.degrees_of_freedom) test += fmt::format(" (df {})", plain_number(*row.degrees_of_freedom));
    const std::string unit = row.unit.empty() || row.unit == "share" ? "" : ", " + row.unit;  // "in 100" says it
    rows.push_back({words(term_label(study, row.term)), words(row.measure + unit), number(effect_digits(row)),
                    words(row.effect ? effect_words(row) : ""), number(table_number(row.error)), number(test),
                    number(row.p ? p_value_words(*row.p) : ""),
                    number(row.mc_error > 0 ? table_number(row.mc_error) : "")});
  }
  const bool log =
      std::any_of(each.effects.begin(), each.effects.end(), [](const EffectRow& row) { return row.log_scale; });
  const double level = each.effects.empty() ? statistics::usual_confidence : each.effects.front().level;
  const bool limits = std::any_of(each.effects.begin(), each.effects.end(),
                                  [](const EffectRow& row) { return !std::isnan(row.interval.low); });
  return filled_table((limits ? fmt::format("Estimates with {:g}% intervals.", 100 * level) : std::string("Numbers.")) +
                          (log ? " The error of a ratio is that of its logarithm." : ""),
                      {"Term", "Measure", "Estimate", "In words", "Error", "Statistic", "p", "Monte Carlo error"},
                      rows);
}

std::string analysis_html(const PersonStudy& study, const AnalysisResult& each) {
  std::string text = html::element("h3", each.label.empty() ? each.name : each.label);
  std::string about = each.outcome.empty() ? "" : outcome_label(study, each.outcome);
  if (!each.estimand.empty()) about += (about.empty() ? "" : "; ") + each.estimand;
  text += html::element("p", upper_first(about) + (about.empty() ? "" : "."), "small");
  if (each.withheld)
    return text + html::element("p", fmt::format("Withheld: fewer than {} people in an arm had this outcome, or did "
                                                 "not. show_all = \"why\" in [data] shows it.",
                                                 study.smallest_shown));
  if (!each.refused.empty()) text += html::element("p", "No number: " + each.refused, "mark");
  text += effects_html(study, each);
  Rows tests;
  for (const TestRow& row : each.tests) {
    std::string df = row.degrees_of_freedom ? plain_number(*row.degrees_of_freedom) : "";
    if (row.second_degrees_of_freedom) df += ", " + plain_number(*row.second_degrees_of_freedom);
    tests.push_back({words(term_label(study, row.name)), number(table_number(row.statistic)), number(df),
                     number(p_value_words(row.p)), number(row.mc_error > 0 ? table_number(row.mc_error) : "")});
  }
  text += filled_table("Tests of a whole.", {"Test", "Statistic", "df", "p", "Monte Carlo error"}, tests);
  Rows facts;
  for (const AnalysisFact& fact : each.facts)
    facts.push_back({words(term_label(study, fact.name)), number(plain_number(fact.value))});
  text += html::table("", {"About the analysis", "Value"}, facts);
  std::string notes;
  for (const std::string& note : each.notes) notes += "<li>" + html::escaped(note_words(study, note)) + "</li>\n";
  text += selection_html(each);
  return text + (notes.empty() ? "" : "<ul>\n" + notes + "</ul>\n");
}

std::string studies_html(const PersonStudy& study) {
  Rows rows;
  for (const StudyEffect& each : study.results) {
    const std::string treated = each.counts ? fmt::format("{} of {}", each.x1, each.n1) : "";
    const std::string control = each.counts ? fmt::format("{} of {}", each.x0, each.n0) : "";
    const std::string effect =
        each.counts ? "" : fmt::format("{} (error {})", table_number(each.estimate), table_number(each.error));
    rows.push_back({words(each.label), words(study_label(each.design)), words(each.group), words(each.outcome),
                    number(treated), number(control), number(effect)});
  }
  return filled_table("The studies, side by side.",
                      {"Study", "Design", "Group", "Outcome", "Treated", "Compared with", "Effect"}, rows);
}

std::string events_html(const PersonResults& results) {
  if (results.event_notes.empty()) return "";
  std::string items;
  for (const EventNote& note : results.event_notes) items += "<li>" + html::escaped(note.text) + "</li>\n";
  return html::element("h3", "How the outcomes were made from events") + "<ul>\n" + items + "</ul>\n";
}

}  // namespace

std::string people_section(const ReportInput& input) {
  if (!input.people) return "";
  const PersonStudy& study = *input.people;
  const PersonResults& results = input.people_results;
  std::string text;
  if (!study.design_doubt.empty()) text += html::element("p", "A doubt about the groups: " + study.design_doubt);
  text += funnel_section(input);
  text += flow_section(study, results) + table1_section(study, results) + summaries_section(study, results);
  text += events_html(results);
  text += studies_html(study);
  for (const AnalysisResult& each : results.analyses) text += analysis_html(study, each);
  if (results.analyses.empty()) return text;
  return text +
         "<p class=\"small\">Every number with all its digits: <code>effects.csv</code>, "
         "<code>curves.csv</code>, <code>tests.csv</code>.</p>\n";
}

std::vector<std::string> people_methods(const ReportInput& input) {
  std::vector<std::string> notes;
  if (!input.people) return notes;
  const PersonStudy& study = *input.people;
  std::set<std::string> told;
  for (const AnalysisResult& each : input.people_results.analyses) {
    if (!told.insert(each.method).second) continue;
    const Estimator* estimator = find_estimator(each.method);
    notes.push_back(html::escaped(estimator == nullptr
                                      ? fmt::format("{}: {}.", each.method, each.label)
                                      : fmt::format("{}: {}.", upper_first(each.method), estimator->help)));
  }
  if (study.funnel)
    notes.push_back(
        "Shares of printed steps: limits by Jeffreys' rule (Brown, Cai &amp; DasGupta 2001), exact ones (Clopper &amp; "
        "Pearson 1934) in the table; those that had not ended are left out of what their siblings are shares of. "
        "Columns are compared only where they are counted alike.");
  if (!input.people_results.summaries.empty())
    notes.push_back(
        "Each analysis is of the people with a value in every column that it uses; how many were left out stands with "
        "it. Nobody's missing value is made up.");
  notes.push_back(
      "Words of cause (\"reduced\") are used only where people were assigned by chance and all of them are analysed.");
  if (study.smallest_shown > 0)
    notes.push_back(fmt::format(
        "Small counts: numbers of people from 1 to {} are not shown, nor cells that would let them be worked out "
        "(secondary suppression by linear programmes: Kelly, Golden &amp; Assad 1992). Steps of curves are joined "
        "until each covers at least {} events.",
        study.smallest_shown - 1, study.smallest_shown));
  else if (!study.shown_why.empty())
    notes.push_back("Small counts are shown, since " + html::escaped(lower_first(study.shown_why)) +
                    (study.shown_why.ends_with('.') ? "" : "."));
  for (const std::string& each : input.people_results.data_words)
    notes.push_back("How the file was read: " + html::escaped(each) + (each.ends_with('.') ? "" : "."));
  return notes;
}

}  // namespace desist::page
