#include <algorithm>
#include <array>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/program/reading.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr int most_weeks = 5200;  // a hundred years

[[noreturn]] void refuse(const Diagnostics& found) { throw Failure(ExitCode::invalid_experiment, found.rendered()); }

// One line of the first screen must hold it with its verdict.
void read_unprinted(Reading& reading, const Node& node, ReportInput& text) {
  constexpr std::size_t most_letters_unprinted = 60;
  text.unprinted = without_stop(Reading::text_at(node, "unprinted"));
  if (letters_in(text.unprinted) > most_letters_unprinted)
    reading.problem(node.at("unprinted")->where, fmt::format("'unprinted' has {} letters", letters_in(text.unprinted)),
                    "the first screen says it in one line: \"... is printed nowhere\"",
                    fmt::format("say it in {} letters or fewer, like \"how many women it can start a week\"",
                                most_letters_unprinted));
}

// A forecast or an appraisal without a model: what only a model gives a meaning to is refused.
struct Alone {
  std::string_view what;  // "a forecast alone is not simulated"
  std::vector<std::string_view> sections, unknown_keys, plan_keys;
};

const Alone& forecast_alone() {
  static const Alone alone{"a forecast alone is not simulated",
                           {"experiment", "forecast", "sum", "figures", "ask", "plan"},
                           {"starts", "ends", "unprinted"},
                           {"seed"}};
  return alone;
}

const Alone& appraisal_alone() {
  static const Alone alone{
      "an appraisal alone is not simulated",
      {"experiment", "appraisal", "inputs", "posterior",  "correlation", "arm",       "social_group",
       "flow",       "fade",      "effect", "next_study", "break_even",  "portfolio", "beside",
       "programme",  "strategy",  "claim",  "sum",        "figures",     "ask",       "plan"},
      {"ends"},
      {"seed", "draws"}};
  return alone;
}

void check_alone(Reading& reading, const Node& experiment, const Alone& alone) {
  const auto refuse_member = [&](const Member& member, std::string_view what) {
    reading.problem(member.where, fmt::format("{} '{}' has no meaning without a model", what, member.name),
                    std::string(alone.what), "take it out, or add model = \"...\" to [experiment]");
  };
  for (const Member& member : reading.root.members)
    if (std::find(alone.sections.begin(), alone.sections.end(), member.name) == alone.sections.end() &&
        std::any_of(sections().begin(), sections().end(), [&](const Section& s) { return s.name == member.name; }))
      refuse_member(member, "section");
  for (const std::string_view key : alone.unknown_keys)
    if (const Member* member = experiment.find(key)) refuse_member(*member, "key");
  if (const Node* plan = reading.root.at("plan"))
    for (const Member& member : plan->members)
      if (std::find(alone.plan_keys.begin(), alone.plan_keys.end(), member.name) == alone.plan_keys.end())
        refuse_member(member, "key");
}

// An appraisal on inputs alone: `starts` is its date, and a table of draws has none.
void read_appraisal_head(Reading& reading, const Node& experiment) {
  check_alone(reading, experiment, appraisal_alone());
  const Node* appraisal = reading.root.at("appraisal");
  if (appraisal->kind == Node::Kind::table && appraisal->find("table")) {
    if (const Member* starts = experiment.find("starts"))
      reading.problem(starts->where, "'starts' has no meaning beside a table of draws", "it has no years",
                      "take it out");
    return;
  }
  if (!experiment.find("starts"))
    return reading.problem(experiment.where, "missing key 'starts' in [experiment]",
                           "the years of an appraisal are counted from it", "add: starts = 2026-04-01");
  const auto starts = reading.date_at(experiment, "starts");
  if (!starts) return;
  reading.starts = reading.ends = *starts;
  if (reading.text.subtitle.empty()) reading.text.subtitle = fmt::format("from {}", starts->in_words());
}

// [experiment]: what both kinds have, then the window of a projection.
void read_head(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue) {
  const Member* member = reading.root.find("experiment");
  if (!member)
    return reading.problem({1, 1, 1}, "missing section [experiment]", "a file says first what it asks",
                           "begin with [experiment], name and question");
  const Node& node = member->value;
  if (node.kind != Node::Kind::table)
    return reading.problem(member->where, "'experiment' is not a table", "", "begin with a line [experiment]");
  reading.check(node, section("experiment"), "[experiment]");
  ReportInput& text = spec.text;
  text.name = Reading::text_at(node, "name");
  text.question = Reading::text_at(node, "question");
  text.title = Reading::text_at(node, "title");
  if (text.title.empty()) text.title = text.question;
  text.subtitle = Reading::text_at(node, "subtitle");
  text.decision = Reading::text_at(node, "decision");
  text.cannot = Reading::texts_at(node, "cannot");
  read_unprinted(reading, node, text);
  const Member* model = node.find("model");
  const Member* study = reading.root.find("study");
  // Several studies, or a design: each has its sources with its numbers.
  const bool no_groups = reading.kind == For::people && (!reading.root.find("data") || reading.root.find("funnel"));
  if (!model && !study && no_groups) return;
  if (!model && !study && reading.root.find("appraisal")) return read_appraisal_head(reading, node);
  if (!model && !study && reading.root.find("forecast")) return check_alone(reading, node, forecast_alone());
  if (!model && !study)
    return reading.problem(member->where, "nothing to run", "neither a model nor a study",
                           "add model = \"...\", a section [study] or a section [appraisal]");
  if (!model || model->value.kind != Node::Kind::text) return;
  std::vector<std::string> names;
  for (const ModelRecord& record : catalogue.models) names.emplace_back(record.info.name);
  reading.model = catalogue.find(model->value.text);
  if (!reading.model)
    return reading.problem(model->value.where, fmt::format("unknown model '{}'", model->value.text), "",
                           spelling_cure(model->value.text, names, "the models are"));
  for (const std::string_view key : {"starts", "ends"})
    if (!node.find(key))
      reading.problem(node.where, fmt::format("missing key '{}' in [experiment]", key), "a projection has a window",
                      fmt::format("add: {} = 2023-09-30", key));
  const auto starts = reading.date_at(node, "starts"), ends = reading.date_at(node, "ends");
  if (!starts || !ends) return;
  const int days = ends->days - starts->days;
  if (days < 7 || days > 7 * most_weeks)
    return reading.problem(node.at("ends")->where,
                           days < 0 ? fmt::format("the window ends {} before it starts", counted(-days, "day"))
                                    : fmt::format("the window has {} days", days),
                           "between a week and a hundred years are possible", "mend starts or ends");
  reading.starts = *starts;
  reading.ends = *ends;
  if (text.subtitle.empty()) text.subtitle = fmt::format("from {}", starts->in_words());
}

// A study beside a model or an appraisal would be another kind of file, and most of what stands in it mean nothing.
void refuse_two_kinds(const Reading& reading) {
  const Node* head = reading.root.at("experiment");
  const Member* other = head && head->kind == Node::Kind::table ? head->find("model") : nullptr;
  const bool is_projection = other != nullptr;
  if (!is_projection) other = reading.root.find("appraisal");
  if (!other) return;
  for (const Member& member : reading.root.members) {
    static constexpr std::array sections_of_studies{"study", "data", "analysis", "funnel", "step"};
    if (std::find(sections_of_studies.begin(), sections_of_studies.end(), member.name) == sections_of_studies.end())
      continue;
    reading.problem(
        other->where, fmt::format("a study and {} in one file", is_projection ? "a projection" : "an appraisal"),
        "each has outcomes and claims of its own",
        "put the study in a file beside this one and name it in [[posterior]]", {{member.where, "the study is here"}});
    refuse(reading.found);
  }
}

void read_requests(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("ask");
  const auto tables = reading.tables_of(keys);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    reading.check(*tables[i], keys, shown_item(keys, *tables[i], i));
    spec.text.requests.push_back({Reading::text_at(*tables[i], "figures"), Reading::text_at(*tables[i], "because")});
  }
}

// Sections that nobody knows, and those of the other kind.
void check_sections(Reading& reading) {
  std::vector<std::string> names;
  for (const Section& each : sections()) names.emplace_back(each.name);
  for (const Member& member : reading.root.members) {
    const bool is_known =
        std::any_of(sections().begin(), sections().end(), [&](const Section& s) { return s.name == member.name; });
    if (!is_known) {
      if (!member.value.under_header || member.value.kind == Node::Kind::list) {
        reading.unknown_key(member, reading.root, "the file", names);
      } else {
        reading.problem(member.where, fmt::format("unknown section [{}]", member.name), "it would change nothing",
                        spelling_cure(member.name, names, "sections are"));
      }
    } else if (const For only = section(member.name, reading.kind).only; !knows(reading.kind, only)) {
      reading.problem(member.where, fmt::format("section '{}' has no meaning in this file", member.name),
                      std::string(whose(only)), "take it out");
    } else if (member.name == "beside" && reading.kind == For::projection && !reading.root.find("appraisal")) {
      reading.problem(member.where, "section 'beside' has no meaning in this file", "it is for a study or an appraisal",
                      "take it out");
    }
  }
}

void note_model(const Reading& reading, ExperimentSpec& spec) {
  spec.model = reading.model;
  spec.window = {reading.starts, reading.ends};
  spec.text.model = reading.model->info.name;
  spec.text.model_summary = reading.model->info.summary;
  spec.text.window = spec.window;
  spec.text.outcome_fields = reading.model->outcomes;
  spec.text.series_fields = reading.model->series;
}

bool is_table_of_draws(const Node& root) {
  const Node* appraisal = root.at("appraisal");
  return appraisal && appraisal->kind == Node::Kind::table && appraisal->find("table");
}

EvidenceLibrary evidence_beside(const std::string& path, const std::string& evidence_directory) {
  Diagnostics found;
  EvidenceLibrary evidence;
  evidence.add_directory((std::filesystem::path(path).parent_path() / "evidence").string(), found);
  evidence.add_directory(evidence_directory, found);
  if (!found.empty()) refuse(found);
  return evidence;
}

}  // namespace

ExperimentSpec read_source(const std::shared_ptr<const SourceFile>& file, const EvidenceLibrary& evidence,
                           const Catalogue& catalogue, const std::string& evidence_directory, Wanted wanted) {
  const std::string& path = file->shown_as;
  Diagnostics found;
  const auto root = parse_document(file, found);
  if (!root) refuse(found);

  ExperimentSpec spec;
  spec.digest = fnv1a(file->text);
  spec.text.file_shown_as = path;
  spec.text.file_text = file->text;
  Reading reading{file, found, evidence, *root, For::both, nullptr, spec.text, {}, {}, {}, {}};
  reading.kind = root->find("data") || root->find("analysis") || root->find("funnel") || root->find("step")
                     ? For::people
                 : root->find("study") ? For::study
                                       : For::projection;
  refuse_two_kinds(reading);
  read_head(reading, spec, catalogue);
  if (wanted == Wanted::study && reading.kind == For::projection)
    reading.problem({1, 1, 1}, "this file holds no study", "", "name a file with a section [study]");
  if (wanted == Wanted::calibrated && !root->find("target"))
    reading.problem({1, 1, 1}, "this file has no targets", "nothing was learnt of its parameters",
                    "name a file with a table [[target]]");
  const Node* head = root->at("experiment");
  const bool is_alone = !reading.model && !(head && head->kind == Node::Kind::table && head->find("model"));
  check_sections(reading);
  read_plan(reading, spec);
  read_requests(reading, spec);
  read_sums(reading);
  if (reading.kind == For::people) {
    read_people(reading, spec, catalogue, evidence_directory);
  } else if (root->find("study")) {
    if (auto study = read_study(reading, spec.text.name)) {
      if (spec.text.subtitle.empty()) spec.text.subtitle = study->source;
      spec.studies.push_back(std::move(*study));
    }
  } else if (is_alone && root->find("forecast") && !root->find("appraisal")) {
    read_forecasts(reading, spec);
  } else if (reading.model || (is_alone && root->find("appraisal"))) {
    if (reading.model) note_model(reading, spec);
    read_appraisal(reading, spec, [&] {
      read_posteriors(reading, spec, catalogue, evidence_directory, wanted);
      if (reading.model) read_forecasts(reading, spec);
      if (!is_table_of_draws(*root)) read_projection(reading, spec);
      read_correlations(reading, spec);
      if (reading.model) read_questions(reading, spec);
    });
    if (root->find("appraisal")) read_beside(reading);
  }
  read_pictures(reading, spec);
  if (!found.empty()) refuse(found);

  spec.text.studies = spec.studies;
  if (spec.people) {
    spec.text.people = *spec.people;
    spec.text.people->people = {};  // a report has no rows of people to give away
    spec.text.people->event_notes.clear();
    spec.text.people->event_places.clear();
  }
  spec.text.needs = spec.needs;
  spec.text.sweeps = spec.sweeps;
  spec.text.decompositions = spec.decompositions;
  spec.text.trials = spec.trials;
  spec.text.null_programme = spec.null_programme;
  spec.text.placebos = spec.placebos;
  spec.text.calibration = spec.calibration;
  spec.text.appraisal = spec.appraisal;
  if (spec.calibration || spec.appraisal) spec.text.parameters = spec.parameters;
  for (const EvidenceRow& row : spec.text.evidence) {
    for (const std::string* part : {&row.id, &row.printed, &row.unit, &row.source, &row.place})
      spec.add_to_digest(*part);
    if (const EvidenceRecord* record = evidence.find(row.id))
      for (const std::string& value : record->values) spec.add_to_digest(value);
  }
  spec.text.spec_digest = fmt::format("{:016x}", spec.digest);
  return spec;
}

const ModelRecord* Catalogue::find(const std::string& name) const {
  for (const ModelRecord& model : models)
    if (model.info.name == name) return &model;
  return nullptr;
}

ExperimentSpec read_study_file(const std::string& path, const Catalogue& catalogue,
                               const std::string& evidence_directory) {
  return read_source(load_text(path), evidence_beside(path, evidence_directory), catalogue, evidence_directory,
                     Wanted::study);
}

ExperimentSpec read_calibrated_file(const std::string& path, const Catalogue& catalogue,
                                    const std::string& evidence_directory) {
  return read_source(load_text(path), evidence_beside(path, evidence_directory), catalogue, evidence_directory,
                     Wanted::calibrated);
}

ExperimentSpec read_experiment_text(const std::string& text, const Catalogue& catalogue) {
  const auto file = std::make_shared<const SourceFile>(SourceFile{"proposed.toml", text});
  return read_source(file, EvidenceLibrary{}, catalogue, "", Wanted::experiment);
}

ExperimentSpec read_experiment(const std::string& path, const Catalogue& catalogue,
                               const std::string& evidence_directory) {
  return read_source(load_text(path), evidence_beside(path, evidence_directory), catalogue, evidence_directory,
                     Wanted::experiment);
}

}  // namespace desist
