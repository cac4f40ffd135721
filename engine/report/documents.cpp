#include "engine/report/documents.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/random/stream.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/tables.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

using Json = nlohmann::ordered_json;

Json figure_json(const FigureSource& source) {
  Json json = {{"name", source.name}, {"label", source.label}, {"printed", source.printed}};
  if (!source.evidence.empty()) json["evidence"] = source.evidence;
  if (!source.reason.empty()) json["reason"] = source.reason;
  if (!source.note.empty()) json["note"] = source.note;
  if (!source.spread.empty()) json["taken_as"] = source.spread;
  json["line"] = source.line;
  return json;
}

Json evidence_json(const EvidenceRow& row) {
  return {{"id", row.id},           {"quantity", row.quantity},
          {"group", row.group},     {"period", row.period},
          {"printed", row.printed}, {"unit", row.unit},
          {"source", row.source},   {"place", row.place},
          {"note", row.note},       {"verification", row.verification}};
}

/// A sentence with its full stop.
std::string sentence(const std::string& text) {
  const bool ended = text.ends_with('.') || text.ends_with('?') || text.ends_with('!');
  return upper_first(text) + (ended ? "" : ".");
}

}  // namespace

std::string manifest_json(const ReportInput& input, const std::vector<std::string>& files,
                          const std::vector<std::string>& drawn, const std::vector<std::string>& not_made) {
  Json manifest;
  manifest["experiment"] = input.name;
  // The file's own name, without the folders of the machine it stood on.
  manifest["file"] = input.file_shown_as.substr(input.file_shown_as.find_last_of('/') + 1);
  manifest["question"] = input.question;
  if (!input.unprinted.empty()) manifest["unprinted"] = input.unprinted;
  manifest["spec_digest"] = input.spec_digest;
  manifest["seed"] = input.seed;
  manifest["stream_contract"] = stream_contract;
  manifest["version"] = input.run.version;
  if (!input.model.empty()) {
    manifest["model"] = input.model;
    manifest["window"] = {{"start", input.window.start.iso()}, {"end", input.window.end.iso()}};
    manifest["draws"] = input.draws;
    manifest["replicates_per_draw"] = input.plan.replicates_per_draw;
    if (input.plan.precision) manifest["precision"] = *input.plan.precision;
    manifest["complete"] = input.complete;
    manifest["arms"] = Json::array();
    for (const ArmText& arm : input.arms) {
      manifest["arms"].push_back(
          {{"name", arm.name}, {"label", arm.label}, {"combines", arm.combines}, {"in_words", arm.in_words}});
    }
  }
  if (input.appraisal) {
    const Appraisal& appraisal = *input.appraisal;
    Json& json = manifest["appraisal"];
    json = {
        {"from", appraisal.from.iso()}, {"years", appraisal.years},       {"evidence_years", appraisal.evidence_years},
        {"prices", appraisal.prices},   {"draws", input.appraised.draws}, {"discounting", Json::array()},
        {"forms", Json::array()},       {"warnings", Json::array()}};
    for (const DiscountedBy& each : appraisal.discounting)
      json["discounting"].push_back({{"name", each.name}, {"label", each.label}, {"source", each.source}});
    for (const Fade& each : appraisal.fades) json["forms"].push_back({{"name", each.name}, {"label", each.label}});
    for (const AppraisalWarning& each : appraisal_warnings(input))
      json["warnings"].push_back({{"rule", each.rule}, {"text", each.text}});
  }
  for (const auto kind : {FigureSource::Kind::evidence, FigureSource::Kind::assumption, FigureSource::Kind::choice,
                          FigureSource::Kind::study}) {
    Json& list = manifest["figures_from"][std::string(kind_name(kind))] = Json::array();
    for (const FigureSource& source : input.sources) {
      if (source.kind == kind) list.push_back(figure_json(source));
    }
  }
  manifest["evidence"] = Json::array();
  for (const EvidenceRow& row : input.evidence) manifest["evidence"].push_back(evidence_json(row));
  manifest["defaults_used"] = input.defaults_used;
  manifest["files"] = files;
  manifest["run"] = {{"note", "What may differ from run to run: no part of the promise of equal bytes."},
                     {"commit", input.run.commit},
                     {"compiler", input.run.compiler},
                     {"maths_library", input.run.maths_library},
                     {"started", input.run.started},
                     {"seconds", input.run.seconds},
                     {"threads", input.run.threads},
                     {"drawn", drawn},
                     {"not_made", not_made}};
  return manifest.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string request_markdown(const ReportInput& input) {
  if (input.requests.empty()) return "";
  std::string text = "# Request for figures: " + input.title + "\n\n";
  text += "The question: " + sentence(input.question) + "\n\n";
  if (!input.decision.empty()) text += "What hangs on it: " + sentence(lower_first(input.decision)) + "\n\n";
  const Answer answer = main_answer(input);
  if (!input.unprinted.empty())
    text += "With the figures printed so far it can't be answered: " + input.unprinted + " is printed nowhere.\n\n";
  else if (!answer.verdict.empty())
    text += "With the figures printed so far the answer is: " + lower_first(answer.verdict) + ".\n\n";
  text += "## What would settle it\n\n";
  int number = 0;
  for (const Request& request : input.requests) {
    text += fmt::format("{}. **{}**\n", ++number, sentence(request.figures));
    if (!request.because.empty()) text += "   Why: " + sentence(request.because) + "\n";
  }
  text +=
      "\n## In what form\n\n"
      "- Counts, not percentages: how many people, of how many, in each group and period.\n"
      "- With each figure: the dates it covers, who was counted and who was left out.\n"
      "- A spreadsheet or CSV file. Groups smaller than five may be printed as \"under 5\".\n"
      "- No names, dates of birth or case numbers: none is needed.\n";
  std::vector<std::string> assumed;
  for (const FigureSource& source : input.sources) {
    if (source.kind == FigureSource::Kind::assumption) {
      assumed.push_back(fmt::format("- {}: {}. {}\n", source.label.empty() ? source.name : source.label, source.printed,
                                    sentence(source.reason)));
    }
  }
  if (!assumed.empty()) {
    text += "\n## What is assumed until then\n\n";
    for (const std::string& line : assumed) text += line;
  }
  text += fmt::format("\nThe analysis: report.html beside this file, made by desist {} from {}.\n", input.run.version,
                      input.file_shown_as);
  return text;
}

}  // namespace desist
