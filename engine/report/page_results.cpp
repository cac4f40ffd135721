// The page's tables: what a study or a projection gave, what it would take, what decides, claims and audit.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using Rows = std::vector<std::vector<html::TableCell>>;

std::string two_digits(double value) {
  if (!std::isfinite(value)) return value > 0 ? "no limit" : "none";
  return fmt::format("{:.2f}", value);
}

std::string ratio_words(const Estimate2& ratio) {
  return fmt::format("{} ({} to {})", two_digits(ratio.value), two_digits(ratio.interval.low),
                     two_digits(ratio.interval.high));
}

std::string p_words(double p) { return p < 0.001 ? "under 0.001" : fmt::format("{:.3f}", p); }

std::string outcome_label(const Study& study, const std::string& name) {
  for (const StudyOutcome& outcome : study.outcomes) {
    if (outcome.name == name) return outcome.label;
  }
  return name;
}

/// A described table: a row a group and outcome.
std::string shares_html(const Study& study, const StudyResult& result) {
  Rows rows;
  for (const GroupShare& each : result.shares) {
    std::string group = each.group;
    for (const Group& one : study.groups)
      if (one.name == each.group) group = one.label;
    rows.push_back({words(group), words(outcome_label(study, each.outcome)), number(each.printed),
                    number(whole_number(static_cast<double>(each.people))),
                    number(each.count ? whole_number(static_cast<double>(*each.count)) : "none fits"),
                    number(each.count ? in_100(each.share.value, 0) : ""),
                    number(each.count ? fmt::format("{} to {}", bare_in_100(each.share.envelope.low, 0),
                                                    bare_in_100(each.share.envelope.high, 0))
                                      : "")});
  }
  return html::table(
      "Every share as printed, with the whole number of people nearest to it and its 95% interval (Wilson 1927), the "
      "outermost over all numbers that give the print.",
      {"Group", "Outcome", "Printed", "People", "Of them", "Share", "Interval"}, rows);
}

std::string study_tables(const Study& study, const StudyResult& result) {
  Rows people;
  Rows tests;
  for (const HonestyRow& row : result.rows) {
    const std::string label = row.stratum.empty() ? row.comparison : upper_first(row.stratum) + ": " + row.comparison;
    const std::string outcome = outcome_label(study, row.outcome);
    people.push_back(
        {words(label), words(row.estimand), words(outcome), number(fmt::format("{} of {}", row.x1, row.n1)),
         number(fmt::format("{} of {}", row.x0, row.n0)), words(fewer_or_more(row.difference.value)),
         words(fewer_to_more(row.difference.interval.low, row.difference.interval.high)),
         words(row.feasible_tables > 1 ? fewer_to_more(row.difference.envelope.low, row.difference.envelope.high)
                                       : "the same: one table")});
    tests.push_back({words(label), words(outcome), number(ratio_words(row.risk_ratio)),
                     number(ratio_words(row.odds_ratio_midp)), number(p_words(row.p_coherent)),
                     number(p_words(row.p_fisher)), number(row.p_boschloo ? p_words(*row.p_boschloo) : ""),
                     number(in_100(row.chance_of_fewer_mean, 0)),
                     number(row.odds_ratio_star ? two_digits(*row.odds_ratio_star) : "")});
  }
  std::string text;
  if (!study.reading.empty()) text += html::element("p", "How the table was read: " + study.reading);
  if (!study.design_doubt.empty()) text += html::element("p", "A doubt about the groups: " + study.design_doubt);
  if (study.design == Design::described) return text + shares_html(study, result);
  text += html::table(
      "Every comparison, in 100 people. The interval is 95% (Miettinen & Nurminen 1985); the last column has the "
      "outermost limits over all tables that the print allows.",
      {"Comparison", "What kind", "Outcome", "Treated", "Compared with", "Difference", "Interval", "Over all tables"},
      people);
  text += "<details><summary>Ratios, tests and posterior chances</summary>\n";
  text += html::table(
      "Ratios with 95% intervals; p-values for statisticians, never for a verdict alone. A posterior chance of fewer "
      "is "
      "of that row alone (Jeffreys priors): read all rows together. OR*: how different the odds would have to be "
      "untreated for nothing to be left.",
      {"Comparison", "Outcome", "Risk ratio", "Odds ratio (mid-p)", "p, chi-square (N-1)", "p, Fisher", "p, Boschloo",
       "Chance of fewer", "OR*"},
      tests);
  text += "<p class=\"small\">Every number with all its digits: <code>comparisons.csv</code>.</p></details>\n";

  if (result.allocation) {
    const AllocationResult& groups = *result.allocation;
    text += "<h3>Sizes of the groups</h3>\n";
    text += html::element(
        "p",
        fmt::format("{} against {}. If a coin had sent each person, sizes at least so unequal would come up {} times.",
                    groups.treated, groups.control, in_100(groups.p_equal, 0)));
    Rows bounds;
    for (const AllocationResult::Bound& bound : groups.bounds) {
      bounds.push_back({words(fmt::format("{} more in \"{}\"", bound.added, bound.group)),
                        words(outcome_label(study, bound.outcome)), words(fewer_or_more(bound.difference_none)),
                        words(fewer_or_more(bound.difference_all)),
                        words(bound.tipping ? fmt::format("{} of them", *bound.tipping) : "none does")});
    }
    text += html::table(
        "If people were allocated but are in no row.",
        {"Absent people", "Outcome", "If none of them had it", "If all had it", "What changes the answer"}, bounds);
  }
  Rows compliers;
  for (const ComplierResult& row : result.compliers) {
    const std::string limits = row.kind == ComplierResult::SetKind::interval
                                   ? fewer_to_more(row.fieller.low, row.fieller.high)
                               : row.kind == ComplierResult::SetKind::two_rays
                                   ? "anything but " + fewer_to_more(row.fieller.low, row.fieller.high)
                                   : "no limit on either side";
    compliers.push_back({words(outcome_label(study, row.outcome)), words(fewer_or_more(row.effect)), words(limits),
                         words(row.outside_unit ? "the assumptions don't hold: a mean is outside 0 to 100" : "")});
  }
  text += html::table(
      "Effect in those who would complete if sent, if being sent works only through completing (Angrist, Imbens & "
      "Rubin "
      "1996; limits by Fieller 1954).",
      {"Outcome", "Difference", "Limits", "Note"}, compliers);
  Rows selection;
  for (const SelectionResult& row : result.selection) {
    if (row.expected_completer_risk == row.seen_completer_risk && (row.control_risk == 0 || row.control_risk == 1))
      continue;  // everyone or nobody had it: nothing looks better or worse
    selection.push_back({words(outcome_label(study, row.outcome)), number(in_100(row.expected_completer_risk, 0)),
                         number(in_100(row.seen_completer_risk, 0)),
                         words(!row.possible          ? "impossible: something else differs"
                               : row.completers_worse ? "needs completers of a higher risk than those who breached"
                                                      : "")});
  }
  text += html::table("If the programme did nothing, completers would still look better, because others had left.",
                      {"Outcome", "Completers then", "Completers as printed", "Note"}, selection);
  return text;
}

/// A number of the table of estimates as people read it.
std::string estimate_words(const EstimateRow& row, double value) {
  if (row.statistic == "chance") return bare_in_100(value, row.mc_error);
  if (row.statistic == "difference of chances") return rounded(100 * value, 100 * row.mc_error);
  if (row.unit == "share") return rounded(100 * value, 100 * row.mc_error) + "%";
  return rounded(value, row.mc_error);
}

std::string range_words(const EstimateRow& row) {
  const std::string low = estimate_words(row, row.low);
  const std::string high = estimate_words(row, row.high);
  return low == high ? low : low + " to " + high;
}

std::string arm_label(const ReportInput& input, const std::string& name) {
  for (const ArmText& arm : input.arms) {
    if (arm.name == name) return arm.label;
  }
  return name;
}

std::string outcome_text(const ReportInput& input, const std::string& name) {
  for (const OutcomeText& text : input.outcome_texts) {
    if (text.name == name && !text.label.empty()) return upper_first(text.label);
  }
  for (const OutcomeField& field : input.outcome_fields) {
    if (field.name == name) return field.help.ends_with('.') ? field.help.substr(0, field.help.size() - 1) : field.help;
  }
  return name;
}

std::string item_words(const std::string& item) {
  const std::optional<Date> date = Date::read(item);
  return date ? " by " + date->in_words() : item.empty() ? "" : ", " + item;
}

/// One table of the page: an outcome at one item (a date), or at all items of its list (years, types).
struct OutcomeTableOf {
  std::string outcome, item;
  bool by_items = false;
};

std::vector<OutcomeTableOf> tables_of(const ReportInput& input) {
  std::vector<OutcomeTableOf> tables;
  for (const OutcomeText& text : input.outcome_texts) {
    std::vector<std::string> items;
    for (const EstimateRow& row : input.estimates.rows)
      if (row.outcome == text.name && std::find(items.begin(), items.end(), row.item) == items.end())
        items.push_back(row.item);
    if (items.size() > 1 && !Date::read(items.front()))
      tables.push_back({text.name, "", true});
    else
      for (const std::string& item : items) tables.push_back({text.name, item, false});
  }
  return tables;
}

/// One table an outcome: an arm a row (and item), the outcome's statistics in columns.
std::string projection_tables(const ReportInput& input) {
  std::string html_text;
  for (const auto& [outcome, only_item, by_items] : tables_of(input)) {
    Rows rows;
    std::string unit;
    std::uint64_t most_left_out = 0, all_runs = 0;
    for (const EstimateRow& row : input.estimates.rows) {
      if (row.outcome != outcome || (!by_items && row.item != only_item) || !row.versus.empty()) continue;
      const bool chance = row.statistic == "chance";
      const EstimateRow* difference = nullptr;
      for (const EstimateRow& other : input.estimates.rows) {
        if (other.arm == row.arm && other.outcome == outcome && other.item == row.item && !other.versus.empty() &&
            (other.statistic == "difference of chances") == chance && other.statistic.starts_with("difference")) {
          difference = &other;
        }
      }
      if (!chance && row.statistic != "mean" && row.statistic != "median") continue;
      most_left_out = std::max(most_left_out, row.left_out);
      all_runs = row.replicates + row.left_out;
      unit = chance                ? "in 100 runs"
             : row.unit == "share" ? "%"
                                   : Unit::parse(row.unit.empty() ? "1" : row.unit).in_words(2);
      rows.push_back(
          {words(arm_label(input, row.arm)), words(by_items ? row.item : row.statistic),
           number(estimate_words(row, row.estimate)), number(range_words(row)),
           number(difference != nullptr && row.statistic != "median" ? estimate_words(*difference, difference->estimate)
                                                                     : ""),
           number(chance || row.unit == "share" ? rounded(100 * row.mc_error, 0) : rounded(row.mc_error, 0))});
    }
    const bool chance = !rows.empty() && unit == "in 100 runs";
    if (most_left_out > 0)
      html_text +=
          html::element("p", fmt::format("{} Up to {} of {} runs of an arm have no value, as where nothing was "
                                         "recorded before: they are left out.",
                                         outcome_text(input, outcome) + item_words(only_item) + ".",
                                         whole_number(static_cast<double>(most_left_out)),
                                         whole_number(static_cast<double>(all_runs))));
    html_text += html::table(
        fmt::format("{}{}{}. {}", outcome_text(input, outcome), item_words(only_item), unit.empty() ? "" : ", " + unit,
                    chance ? "The range is the simulation's own error." : "In 95 of 100 runs it lies in the range."),
        {"Arm", by_items ? "Item" : "Statistic", "Estimate", "Range", "Against the first arm", "Monte Carlo error"},
        rows);
  }
  if (!html_text.empty() && input.null_programme.match)
    html_text = html::element("p", fmt::format("These runs draw '{}' from its whole range. The programme that does "
                                               "nothing has it set so that the number before is as printed.",
                                               input.null_programme.match->name)) +
                html_text;
  if (!html_text.empty()) {
    html_text +=
        "<p class=\"small\">Every estimate: <code>estimates.csv</code>; week by week: <code>series.csv</code>.</p>\n";
  }
  return html_text;
}

/// "kept low by 17 August 2024, with a chance of 90%": what a need is for, the outcome by its label.
std::string target_words(const ReportInput& input, const std::string& written) {
  const std::size_t end = std::min(written.find_first_of(" ,"), written.size());
  std::string name = written.substr(0, end);
  const std::string rest = written.substr(end);
  for (const OutcomeText& text : input.outcome_texts)
    if (text.name == name && !text.label.empty()) return lower_first(text.label) + rest;
  std::replace(name.begin(), name.end(), '_', ' ');
  return name + rest;
}

std::string reply_box(const std::string& reply) {
  return "<div class=\"reply\">The owner's reply: " +
         (reply.empty() ? "none received yet. It will be printed here in full." : html::escaped(reply)) + "</div>\n";
}

/// Checks to read, then those that are reproduced without more.
std::string findings_html(const std::vector<AuditFinding>& findings, const std::string& more) {
  if (findings.empty()) return "";
  Rows look;
  Rows plain;
  for (const AuditFinding& finding : findings) {
    const bool to_read = finding.verdict != AuditVerdict::reproduced || !finding.plain;
    std::string where = finding.where;
    for (const std::string& id : finding.evidence) where += (where.empty() ? "" : "; ") + id;
    (to_read ? look : plain)
        .push_back({words(finding.subject), words(finding.printed), words(finding.arithmetic),
                    words(verdict_name(finding.verdict) + (finding.note.empty() ? "" : ": " + finding.note)),
                    words(where)});
  }
  const std::vector<std::string> headers = {"What", "Printed", "Arithmetic", "Verdict", "Where"};
  std::string text =
      html::element("p", fmt::format("{} {}: {} to read, {} reproduced without more.{}", findings.size(),
                                     findings.size() == 1 ? "check" : "checks", look.size(), plain.size(), more));
  text += html::table("To read: what cannot be reproduced or checked, or is reproduced with a remark.", headers, look);
  if (!look.empty()) text += reply_box("");
  if (!plain.empty())
    text += "<details><summary>Reproduced without more</summary>\n" + html::table("", headers, plain) + "</details>\n";
  return text;
}

}  // namespace

std::string results_section(const ReportInput& input) {
  std::string text;
  for (std::size_t s = 0; s < input.studies.size() && s < input.study_results.studies.size(); ++s) {
    if (input.studies.size() > 1) text += html::element("h3", input.studies[s].source);
    text += study_tables(input.studies[s], input.study_results.studies[s]);
  }
  return text + people_section(input) + projection_tables(input);
}

std::string best_section(const ReportInput& input) {
  if (!input.best || !input.decided) return "";
  const DecisionResult& result = *input.decided;
  Rows rows;
  for (const Rival& rival : result.rivals) {
    rows.push_back({words(arm_label(input, input.arms.at(rival.arm).name)), number(rounded(rival.lead, rival.mc_error)),
                    number(rounded(rival.mc_error, rival.mc_error)), number(rounded(rival.at_least, rival.mc_error))});
  }
  return html::element("p", best_answer(input).text) +
         html::table(fmt::format("{} against each other arm: by how much better, {} ({} draws).",
                                 arm_label(input, input.arms.at(result.leader).name), input.best->label,
                                 whole_number(static_cast<double>(result.draws))),
                     {"Other arm", fmt::format("Better by ({})", input.best->unit), "Monte Carlo error", "At least"},
                     rows) +
         html::element("p",
                       fmt::format("Over all looks and arms, simulation noise makes this wrong at most {} (Bonferroni "
                                   "over looks and arms). It says nothing of whether the figures are right: see what "
                                   "decides the answer.",
                                   in_100(input.best->rule.alpha, 0)));
}

/// A chance beside its target: never rounded across it.
std::string against_target(double chance, double target) {
  const bool reaches = chance >= target;
  const double hundreds = std::round(100 * chance), wanted = 100 * target;
  if (reaches == (hundreds >= wanted - 1e-9)) return in_100(chance, 0);
  return (reaches ? "just over " : "just under ") + in_100(target, 0);
}

std::string needs_section(const ReportInput& input) {
  std::string text;
  for (std::size_t n = 0; n < input.needs.size(); ++n) {
    const Need& need = input.needs[n];
    const auto level_words = [&](double value) { return level_in_words(value, need.step); };
    const std::string extreme = need.look_for == Need::Extreme::least ? "least" : "greatest";
    Rows rows;
    std::vector<std::string> turns;
    for (const NeedResult& result : input.found.needs) {
      if (result.need != n) continue;
      const std::string arm = arm_label(input, result.arm);
      for (const NeedLevel& level : result.tried) {
        const bool answer = result.level && level.level == *result.level;
        rows.push_back({words(arm),
                        number(level_words(level.level)),
                        number(against_target(level.chance, need.chance)),
                        number(bare_in_100(level.low, 0) + " to " + bare_in_100(level.high, 0)),
                        number(whole_number(static_cast<double>(level.draws))),
                        {answer ? "<b>the " + extreme + " that reaches it</b>" : "", false}});
      }
      if (result.verdict == NeedResult::Verdict::nothing_does || result.verdict == NeedResult::Verdict::any_does) {
        const bool nothing = result.verdict == NeedResult::Verdict::nothing_does;
        rows.push_back({words(arm), number("any"), number(""), number(""), number(""),
                        words(nothing ? "nothing reaches it" : "all that were tried reach it")});
      }
      if (result.level && result.holds_to)
        turns.push_back(fmt::format("{}: the target holds from {} to {}, and not beyond.", arm,
                                    level_words(std::min(*result.level, *result.holds_to)),
                                    level_words(std::max(*result.level, *result.holds_to))));
      if (result.best)
        turns.push_back(
            fmt::format("{}: the chance rises and then falls; of the levels tried it is greatest at {} ({}).", arm,
                        level_words(result.best->level), in_100(result.best->chance, 0)));
    }
    const NeedWords said = need_words(n < input.need_texts.size() ? input.need_texts[n] : "");
    const std::string target = said.target.empty() ? need.label : target_words(input, said.target);
    std::string today = need.present_is_known ? fmt::format(" Today: {}.", level_words(need.present)) : "";
    if (!need.present_is_known && !said.chosen.empty()) today = " " + said.chosen + ".";
    if (!said.besides.empty()) today += fmt::format(" In force besides, at every level: {}.", said.besides);
    text += html::table(fmt::format("{}: {}.{}", upper_first(need.label), target, today),
                        {"Arm", upper_first(need.label), "Chance", "Limits", "Draws", ""}, rows);
    for (const std::string& turn : turns) text += html::element("p", turn);
  }
  return text;
}

std::string decides_section(const ReportInput& input) {
  std::string text;
  std::vector<std::string> seen;
  for (const InfluenceRow& first : input.estimates.influence) {
    const std::string key = first.arm + "|" + first.outcome + "|" + first.item;
    if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
    seen.push_back(key);
    Rows rows;
    for (const InfluenceRow& row : input.estimates.influence) {
      if (row.arm + "|" + row.outcome + "|" + row.item != key) continue;
      const std::string label = row.label.empty() ? row.parameter : row.label;
      const std::string with = row.together_with == 0 ? "" : fmt::format(" (with {} tied to it)", row.together_with);
      rows.push_back(
          {words(label + with), number(in_100(row.share, row.mc_error)), number(rounded(100 * row.mc_error, 0))});
    }
    text += html::table(
        fmt::format("{}{}, {}: share of the spread between runs that each figure decides by itself (Sobol' 1993). "
                    "What several decide only together is in no row.",
                    outcome_text(input, first.outcome), item_words(first.item),
                    lower_first(arm_label(input, first.arm))),
        {"Figure", "Share", "Error"}, rows);
  }
  return text;
}

std::string claims_section(const ReportInput& input) {
  const Table claims = claims_table(input);
  const auto cell = [&](std::size_t row, const char* column) {
    const std::string* word = std::get_if<std::string>(&claims.at(row, column));
    return word == nullptr ? std::string{} : *word;
  };
  std::string text;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    text += "<div class=\"claim\">\n" + html::element("blockquote", "\"" + cell(i, "claim") + "\"");
    const std::string evidence = cell(i, "evidence");
    text += html::element("p", cell(i, "where") + (evidence.empty() ? "" : " (" + evidence + ")"), "small");
    text += fmt::format("<p><b>{}.</b> {}</p>\n", html::escaped(cell(i, "verdict")),
                        html::escaped(upper_first(cell(i, "because"))));
    text += reply_box(cell(i, "reply")) + "</div>\n";
  }
  return text;
}

std::string audit_section(const ReportInput& input) {
  std::string text;
  for (const StudyResult& study : input.study_results.studies)
    text += findings_html(study.audit, fmt::format(" {} whole-number {} with what is printed.",
                                                   whole_number(static_cast<double>(study.feasible_tables)),
                                                   study.feasible_tables == 1 ? "table agrees" : "tables agree"));
  if (input.people_results.funnel) text += findings_html(input.people_results.funnel->audit, "");
  return text;
}

}  // namespace desist::page
