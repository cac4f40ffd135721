// The page's section of virtual trials: what is tried, the truth, and what each analysis finds by size.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;

std::string weeks_words(double weeks) { return rounded(weeks, 0.1) + " weeks"; }

std::string label_of_trial_arm(const ReportInput& input, std::size_t arm) { return input.arms.at(arm).label; }

/// "5% of controls", or of those who offend and of the others.
std::string lost_in_words(const char* who, double lost, const std::optional<double>& if_offended) {
  if (!if_offended) return fmt::format("{}% of {}", shortest(100 * lost), who);
  return fmt::format("{}% of {} who don't offend and {}% of those who do", shortest(100 * lost), who,
                     shortest(100 * *if_offended));
}

std::string losses_in_words(const TrialDesign& design) {
  if (!design.loses_anybody()) return "";
  return fmt::format(" Lost: {}, {}.", lost_in_words("controls", design.lost_control, design.lost_control_if_offended),
                     lost_in_words("treated", design.lost_treated, design.lost_treated_if_offended));
}

std::string about_design(const ReportInput& input, const TrialDesign& design) {
  std::string text =
      fmt::format("“{}” against “{}”: {}. Each person is followed for {}", label_of_trial_arm(input, design.treated),
                  label_of_trial_arm(input, design.control), assignment_words(design), weeks_words(design.follow_up));
  text += design.read_after ? fmt::format(", and records are read {} after that.", weeks_words(*design.read_after))
                            : ", and all that is recorded in the end counts.";
  text += losses_in_words(design);
  if (design.crossover > 0) text += fmt::format(" {}% of controls are given it.", shortest(100 * design.crossover));
  text += fmt::format(" {} trials at each size; smaller trials are the beginnings of greater ones.",
                      whole_number(static_cast<double>(design.trials)));
  if (design.same_people > 1)
    text += fmt::format(" Each {} in a row have the same people, assigned anew: the errors are those of {} such sets.",
                        design.same_people, whole_number(static_cast<double>(design.trials / design.same_people)));
  return text;
}

/// In 100 with the error that the trials leave.
std::string share_cell(const Characteristic& share) {
  return std::isnan(share.value) ? "" : rounded(100 * share.value, std::max(0.1, 100 * share.error));
}

std::string value_cell(const TrialResult& result, const Characteristic& value) {
  if (std::isnan(value.value)) return "";
  const double scale = !result.log_scale && result.unit == "share" ? 100 : 1;
  return rounded(scale * value.value, scale * value.error);
}

/// What an analysis takes as single that is alike; "" where it knows of it.
std::string taken_as_single(const TrialDesign& design, const TrialAnalysis& analysis) {
  if (analysis.analysis.word("cluster") == "cluster") return "";
  if (design.cluster_sd > 0)
    return " It takes people of a cluster as single, and they are alike: its errors are too small.";
  if (design.assignment == Assignment::matched)
    return " It takes people as single, and matches are alike: it shows an effect less often than a test of pairs, "
           "also where there is none, and its intervals are wider.";
  return "";
}

std::string truth_words(const ReportInput& input, const TrialResult& result) {
  const TrialAnalysis& analysis = analysis_of(input, result);
  const TrialDesign& design = design_of(input, result);
  const std::string name = fmt::format("{} (method {}{}). ", analysis.analysis.label, analysis.analysis.method,
                                       analysis.of == Analysed::everyone ? "" : ", " + of_whom_words(analysis));
  if (!result.has_effect)
    return name +
           "A test alone: it has no effect of its own, and so no truth, no bias and no interval. A wrong sign is one "
           "shown the other way." +
           taken_as_single(design, analysis);
  std::string text = name + "The truth: " + trial_effect(result, result.truth, result.truth_error);
  if (result.measure == "risk difference")
    text += fmt::format(" ({} without, {} with)", rounded(100 * result.truth_control, 0.1),
                        rounded(100 * result.truth_treated, 0.1));
  text +=
      fmt::format(", from {} people who live in both arms{}", whole_number(static_cast<double>(result.truth_people)),
                  result.own_people ? ", those of the trials among them" : "");
  const std::string own = value_cell(result, {result.truth_error, 0});
  if (!result.truth_is_fine)
    text += fmt::format("; its own error, {}, adds more than a tenth of that of some bias, and is part of it", own);
  else if (!result.fresh_is_fine)
    text += fmt::format("; its own error, {}, adds to that of the bias of the fresh trials alone", own);
  text += result.log_scale         ? ". Biases and errors are of the logarithm of the ratio."
          : result.unit == "share" ? ". Biases and errors are people in 100."
                                   : ".";
  if (!result.has_interval) text += " It has no interval of its own, so that nothing is covered.";
  return text + taken_as_single(design, analysis);
}

std::string table_of(const ReportInput& input, const TrialResult& result) {
  const TrialDesign& design = design_of(input, result);
  const bool has_null = design.without_effect.has_value();
  bool has_gain = false;
  for (const TrialSize& size : result.sizes) has_gain = has_gain || size.gain;
  std::vector<std::string> headers{"People",         "Shown, in 100",   "Range of that",   "Bias",
                                   "Error of that",  "Standard error",  "Covered, in 100", "Wrong sign, in 100 shown",
                                   "Exaggerated by", "Without a number"};
  if (has_gain) headers.emplace_back("Shown beyond the first trial");
  if (has_null) headers.emplace_back("Shown without an effect, in 100");
  if (design.assurance) {
    headers.emplace_back("Shown over draws, in 100");
    headers.emplace_back("Of these the wrong way");
  }
  if (!design.looks.empty()) {
    headers.emplace_back("Shown with looks, in 100");
    if (has_null) headers.emplace_back("Without an effect");
    headers.emplace_back("People by then");
    headers.emplace_back("Bias then");
  }
  std::vector<std::vector<html::TableCell>> rows;
  const auto add = [&](const TrialSize& size, const std::string& note) {
    std::vector<html::TableCell> row{
        words(whole_number(static_cast<double>(size.people)) + note),
        number(share_cell(size.power)),
        number(rounded(100 * size.power_limits.low, 0.1) + " to " + rounded(100 * size.power_limits.high, 0.1)),
        number(value_cell(result, size.bias)),
        number(value_cell(result, {size.bias.error, 0})),
        number(value_cell(result, size.empirical_error)),
        number(share_cell(size.coverage)),
        number(share_cell(size.wrong_sign)),
        number(std::isnan(size.exaggeration.value)
                   ? ""
                   : rounded(size.exaggeration.value, std::max(0.01, size.exaggeration.error))),
        number(size.without_number == 0 ? "" : whole_number(static_cast<double>(size.without_number)))};
    if (has_gain) row.push_back(number(size.gain ? share_cell(*size.gain) : ""));
    if (has_null) row.push_back(number(size.false_positives ? share_cell(*size.false_positives) : ""));
    if (design.assurance) {
      row.push_back(number(size.assurance ? share_cell(*size.assurance) : ""));
      row.push_back(number(size.against ? share_cell(*size.against) : ""));
    }
    if (!design.looks.empty()) {
      row.push_back(number(share_cell(size.power_with_looks)));
      if (has_null)
        row.push_back(number(size.false_positives_with_looks ? share_cell(*size.false_positives_with_looks) : ""));
      row.push_back(number(whole_number(size.people_with_looks.value)));
      row.push_back(number(value_cell(result, size.bias_with_looks)));
    }
    rows.push_back(std::move(row));
  };
  for (const TrialSize& size : result.sizes) add(size, "");
  if (result.need && result.need->verdict == TrialNeed::Verdict::found) add(result.need->confirmed, " (fresh trials)");
  return html::table(truth_words(input, result), headers, rows);
}

/// One analysis of a trial by how long its people are followed, side by side.
std::string follow_up_table(const ReportInput& input, std::size_t own, std::size_t analysis) {
  const TrialDesign& design = input.trials[own];
  std::vector<const TrialResult*> results;
  for (const TrialResult& result : input.tried) {
    const TrialDesign& its = design_of(input, result);
    const bool is_its = result.design == own || (its.is_other_follow_up && its.repeats == own);
    if (is_its && result.analysis == analysis) results.push_back(&result);
  }
  std::stable_sort(results.begin(), results.end(), [&](const TrialResult* a, const TrialResult* b) {
    return design_of(input, *a).follow_up < design_of(input, *b).follow_up;
  });
  std::vector<std::string> headers{"Followed for", "The truth"};
  if (design.power) headers.push_back("People to show it in " + bare_in_100(*design.power, 0) + " of 100");
  if (design.power && design.people_a_week > 0) headers.emplace_back("Until all are followed");
  for (const char* header : {"Shown, in 100", "Beyond that of the trial", "Bias", "Covered, in 100"})
    headers.emplace_back(header);
  std::vector<std::vector<html::TableCell>> rows;
  std::string people;
  for (const TrialResult* result : results) {
    const TrialDesign& its = design_of(input, *result);
    const TrialSize& size = telling_size(input, *result);
    people = whole_number(static_cast<double>(size.people));
    std::vector<html::TableCell> row{words(duration_words(its.follow_up)),
                                     number(trial_effect(*result, result->truth, result->truth_error))};
    if (design.power) {
      const bool found = result->need && result->need->verdict != TrialNeed::Verdict::beyond_sizes;
      const std::size_t least = found ? result->need->people : result->sizes.back().people;
      row.push_back(number((found ? "" : "over ") + whole_number(static_cast<double>(least))));
      const auto weeks = weeks_needed(its, least);
      if (weeks) row.push_back(number((found ? "" : "over ") + duration_words(*weeks)));
    }
    row.push_back(number(share_cell(size.power)));
    row.push_back(number(its.repeats && size.gain ? share_cell(*size.gain) : ""));
    row.push_back(number(value_cell(*result, size.bias)));
    row.push_back(number(share_cell(size.coverage)));
    rows.push_back(std::move(row));
  }
  return html::table(
      fmt::format("{}, by how long people are followed: {} people in all, the same people, each time with its own "
                  "truth.",
                  design.analyses[analysis].analysis.label, people),
      headers, rows);
}

/// One analysis of a trial among people with different careers, side by side.
std::string careers_table(const ReportInput& input, std::size_t own, std::size_t analysis) {
  const TrialDesign& design = input.trials[own];
  std::vector<std::string> headers{"Careers", "The truth"};
  for (const char* header : {"Shown, in 100", "Beyond the first", "Bias", "Covered, in 100"})
    headers.emplace_back(header);
  if (design.without_effect) headers.emplace_back("Shown without an effect, in 100");
  std::vector<std::vector<html::TableCell>> rows;
  std::string people;
  std::vector<const TrialResult*> rows_of;
  for (const TrialResult& result : input.tried) {
    const TrialDesign& its = design_of(input, result);
    if (its.repeats.value_or(result.design) != own || its.is_other_follow_up || result.analysis != analysis) continue;
    rows_of.push_back(&result);
  }
  const bool needed = design.power && rows_of.back()->need;
  if (needed) headers.insert(headers.begin() + 2, "People to show it in " + bare_in_100(*design.power, 0) + " of 100");
  for (const TrialResult* each : rows_of) {
    const TrialResult& result = *each;
    const TrialDesign& its = design_of(input, result);
    const TrialSize& size = size_with(result, telling_size(input, *rows_of.back()).people);
    people = whole_number(static_cast<double>(size.people));
    std::vector<html::TableCell> row{words(its.careers),
                                     number(trial_effect(result, result.truth, result.truth_error))};
    if (needed) {
      const bool found = result.need && result.need->verdict != TrialNeed::Verdict::beyond_sizes;
      const std::size_t least = found ? result.need->people : result.sizes.back().people;
      row.push_back(number((found ? "" : "over ") + whole_number(static_cast<double>(least))));
    }
    row.push_back(number(share_cell(size.power)));
    row.push_back(number(its.repeats && size.gain ? share_cell(*size.gain) : ""));
    row.push_back(number(value_cell(result, size.bias)));
    row.push_back(number(share_cell(size.coverage)));
    if (design.without_effect) row.push_back(number(size.false_positives ? share_cell(*size.false_positives) : ""));
    rows.push_back(std::move(row));
  }
  return html::table(fmt::format("{}, by how people offend: {} people in all, the same trial with the truth of each.",
                                 design.analyses[analysis].analysis.label, people),
                     headers, rows);
}

/// Of a design that isn't tried among people with other careers, where another is.
std::string own_careers_alone(const ReportInput& input) {
  const auto other = std::find_if(input.trials.begin(), input.trials.end(),
                                  [](const TrialDesign& each) { return !each.careers.empty() && !each.repeats; });
  if (other == input.trials.end()) return "";
  return html::element("p", fmt::format("Tried with {} alone: how much hangs on how people offend is shown for “{}”.",
                                        other->careers, other->label));
}

}  // namespace

std::string trials_section(const ReportInput& input) {
  if (input.tried.empty()) return "";
  std::string all = html::element(
      "p",
      "A virtual trial assigns simulated people, follows them and analyses what a study would have on record. An "
      "effect "
      "is shown where p is at most 0.05; a method that gives no number shows nothing. Every trial has the same people "
      "in every design, so that differences between designs are known better than either. Uncertain parameters are "
      "held at their middle.");
  for (std::size_t d = 0; d < input.trials.size(); ++d) {
    const TrialDesign& design = input.trials[d];
    if (design.repeats) continue;  // beside the trial that it repeats
    all += "<h3>" + html::escaped(design.label) + "</h3>\n" + html::element("p", about_design(input, design));
    if (design.assurance)
      all += html::element(
          "p",
          "Shown over draws: the same trials, each with a draw of its own of every uncertain figure. It is the chance "
          "that the trial shows an effect, whatever is true of what is not known (assurance: O'Hagan, Stevens and "
          "Campbell 2005), where the power beside it takes every figure to be at its middle.");
    if (!design.looks.empty()) {
      std::vector<std::string> looks;
      const std::vector<double> boundaries = look_boundaries(design);
      for (std::size_t k = 0; k < design.looks.size(); ++k)
        looks.push_back(fmt::format("{} at {}%", rounded(boundaries[k], 0.001), shortest(100 * design.looks[k])));
      all += html::element("p", fmt::format("Looks when so many have been followed up and read; it stops where |z| is "
                                            "beyond {} (Lan and DeMets 1983, O'Brien-Fleming type).",
                                            listed(looks)));
    }
    for (const TrialResult& result : input.tried)
      if (result.design == d) all += table_of(input, result);
    const bool followed = std::any_of(input.trials.begin(), input.trials.end(), [&](const TrialDesign& other) {
      return other.is_other_follow_up && other.repeats == d;
    });
    for (std::size_t a = 0; followed && a < design.analyses.size(); ++a) all += follow_up_table(input, d, a);
    if (design.careers.empty()) {
      all += own_careers_alone(input);
      continue;
    }
    for (std::size_t a = 0; a < design.analyses.size(); ++a) all += careers_table(input, d, a);
  }
  return all;
}

}  // namespace desist::page
