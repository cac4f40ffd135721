// The page's last part: limits, sources, methods in plain words, how to run it again.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/random/stream.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;
using Rows = std::vector<std::vector<html::TableCell>>;

std::string kind_words(FigureSource::Kind kind) {
  switch (kind) {
    case FigureSource::Kind::evidence:
      return "printed";
    case FigureSource::Kind::assumption:
      return "assumed";
    case FigureSource::Kind::choice:
      return "our choice";
    case FigureSource::Kind::study:
      return "from a study";
  }
  return "";
}

std::string list(const std::vector<std::string>& items, const char* tag = "ul") {
  if (items.empty()) return "";
  std::string text = fmt::format("<{}>\n", tag);
  for (const std::string& item : items) text += "<li>" + item + "</li>\n";
  return text + fmt::format("</{}>\n", tag);
}

}  // namespace

std::string limits_section(const ReportInput& input) {
  std::string text;
  std::vector<std::string> cannot;
  for (const std::string& each : input.cannot) cannot.push_back(html::escaped(upper_first(each)));
  if (!cannot.empty()) text += "<h3>Can't be said</h3>\n" + list(cannot);
  std::vector<std::string> asked;
  for (const Request& request : input.requests) {
    asked.push_back(fmt::format("<b>{}</b> {}", html::escaped(request.figures), html::escaped(request.because)));
  }
  if (!asked.empty()) {
    text += "<h3>To ask for</h3>\n" + list(asked, "ol");
    text += "<p class=\"small\">The same as a one-page letter: <code>request.md</code>.</p>\n";
  }
  Rows beside;
  for (const auto& [name, rows] : input.beside) {
    for (const EvidenceRow& row : rows) {
      beside.push_back({words(row.quantity + (row.group.empty() ? "" : ", " + row.group)), words(row.printed),
                        words(row.source + (row.place.empty() ? "" : ", " + row.place))});
    }
  }
  text += html::table("Beside it: shown, never added in.", {"Quantity", "Printed", "Source"}, beside);
  return text;
}

std::string sources_section(const ReportInput& input) {
  Rows figures;
  for (const FigureSource& source : input.sources) {
    std::string where;
    for (const std::string& id : source.evidence) where += (where.empty() ? "" : ", ") + id;
    std::string why = source.reason;
    for (const std::string& more : {source.note, source.spread}) {
      if (!more.empty()) why += (why.empty() ? "" : " ") + upper_first(more) + (more.ends_with('.') ? "" : ".");
    }
    if (const std::string chosen = counted_in_choice(input, source); !chosen.empty())
      why += fmt::format("{}Counted in {}, which is chosen here: another value of it moves both.",
                         why.empty() ? "" : " ", chosen);
    figures.push_back({words(source.label.empty() ? source.name : source.label), words(source.printed),
                       words(kind_words(source.kind)), words(where), words(why),
                       number(source.line > 0 ? std::to_string(source.line) : "")});
  }
  std::string text =
      html::table("Every figure of the experiment file, with its line there.",
                  {"Figure", "As given", "Kind", "Evidence", "Why, and how it was taken", "Line"}, figures);
  Rows evidence;
  for (const EvidenceRow& row : input.evidence) {
    std::string what = row.quantity;
    for (const std::string& more : {row.group, row.period}) {
      if (!more.empty()) what += (what.empty() ? "" : ", ") + more;
    }
    std::string note = row.note;
    if (!row.verification.empty()) note += (note.empty() ? "" : " ") + ("(" + row.verification + ")");
    evidence.push_back({words(row.id), words(what),
                        words("\"" + row.printed + "\"" + (row.unit.empty() ? "" : " " + row.unit)),
                        words(row.source + (row.place.empty() ? "" : ", " + row.place)), words(note)});
  }
  text += html::table("What the sources print, word for word.",
                      {"Evidence", "What", "Printed", "Source, place", "Note"}, evidence);
  std::vector<std::string> defaults;
  for (const std::string& each : input.defaults_used) defaults.push_back(html::escaped(each));
  if (!defaults.empty()) text += "<h3>Defaults used</h3>\n" + list(defaults);
  return text;
}

std::string methods_section(const ReportInput& input) {
  std::vector<std::string> notes;
  const bool compared = std::any_of(input.studies.begin(), input.studies.end(),
                                    [](const Study& study) { return study.design != Design::described; });
  if (!input.studies.empty() && !compared) {
    notes = {
        "Printed percentages are turned back into whole people; where several counts round to the same print, all are "
        "kept and the outermost limits are shown (the GRIM test of Brown &amp; Heathers 2017). Limits of a share are "
        "Wilson's (1927). Nothing is compared.",
    };
  } else if (!input.studies.empty()) {
    notes = {
        "Printed percentages are turned back into whole people; where several counts round to the same print, all are "
        "kept and the outermost limits are shown (the GRIM test of Brown &amp; Heathers 2017, extended to tables).",
        "The interval of a difference is that of Miettinen &amp; Nurminen (1985); with the matching test it decides "
        "the "
        "verdict. Newcombe's (1998) stands beside it, and Wilson's (1927) for a single share.",
        "Fisher's exact test and Boschloo's (1970), the more powerful one, are in the tables for statisticians.",
        "Posterior chances use Jeffreys' priors for each share; they describe one outcome at a time.",
        "People needed in each group: for 80 in 100 chance of showing the difference at the usual two-sided 5% level.",
        "Words of cause (\"reduced\") are used only where people were sent by chance, and for everyone who was sent.",
    };
  }
  for (std::string& note : people_methods(input)) notes.push_back(std::move(note));
  if (!input.forecasts.empty())
    notes.push_back(
        "A forecast takes the growth of each year, on the scale of logarithms, as normal around a mean that is not "
        "known, "
        "with a spread that is not known either; both are given priors and worked out exactly (a hierarchical normal "
        "model: "
        "Gelman et al. 2013, 5.4), then chance in the count is added.");
  if (!input.model.empty()) {
    notes.push_back(html::escaped(fmt::format("The model \"{}\". {}", input.model, input.model_summary)));
    notes.push_back(
        "Every figure that is not known exactly is drawn at random within its range or its sampling uncertainty; each "
        "draw is run several times, because luck alone makes futures differ. All arms share the same draws and the "
        "same "
        "luck, so that their differences are those of the arms.");
    notes.push_back(
        "A range of an outcome holds 95 of 100 simulated futures. The range of a chance is the simulation's own error, "
        "which more runs make smaller.");
    notes.push_back(
        "What decides: the share of the variance that goes away if a figure were known (Sobol' 1993), luck apart.");
    if (!input.placebos.empty())
      notes.push_back(
          "Had the programme done nothing: the same people, entry, windows and counts are run without an effect at "
          "every "
          "point of a declared box of what no table tells. The verdict is that of the whole box, not of weights on its "
          "points; a band holds 95 of 100 futures. Shares of a fall are of its logarithm.");
    if (!input.needs.empty()) {
      notes.push_back(
          "What it would take: the least level whose chance reaches the target (or the greatest, where that is asked), "
          "found by bisection on the same draws, with exact limits (Clopper &amp; Pearson 1934); each level is looked "
          "at "
          "again after twice as many draws until noise can't change the answer.");
    }
  }
  for (std::string& note : appraisal_methods(input)) notes.push_back(std::move(note));
  if (notes.empty()) return "";
  return list(notes);
}

std::string reproduce_section(const ReportInput& input) {
  std::string text = fmt::format("<pre>./desist run {}</pre>\n", html::escaped(input.file_shown_as));
  text += html::element(
      "p",
      fmt::format("Seed {}, stream contract {}, version {}, digest of the experiment {}. The same file gives the same "
                  "numbers, whatever the number of threads or the machine (manifest.json says on what it was made).",
                  input.seed, stream_contract, input.run.version, input.spec_digest));
  text += "<h3>The experiment file, word for word</h3>\n<pre>" + html::escaped(input.file_text) + "</pre>\n";
  return text;
}

}  // namespace desist::page
