// What [[posterior]] says: studies and experiments in files beside this one, and the columns that parameters may take.
#include <algorithm>
#include <filesystem>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/figure.hpp"
#include "engine/statistics/rate_multiplier.hpp"

namespace desist {
namespace {

// A posterior with a multiplier is stored in so many rows, from a seed of its own: each draw of a run takes one of
// them.
constexpr std::uint64_t rows_of_multipliers = 4096, seed_of_rows = 1;
constexpr double most_multiplier = 100;  // the range of rate_effect

// The study of a file that a [[posterior]] names, read with the same reader.
struct StudyFile {
  std::string name;  // as the posterior writes it
  std::optional<Study> table;
  std::optional<PersonStudy> people;
  bool usable() const { return table || people; }
};

class PosteriorReader {
 public:
  PosteriorReader(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                  const std::string& evidence_directory, Wanted wanted)
      : r_(reading), spec_(spec), catalogue_(catalogue), evidence_directory_(evidence_directory), wanted_(wanted) {}

  void read() {
    const Section& keys = section("posterior");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) continue;
      if (!names_one(table)) continue;
      if (const Node* experiment = table.at("experiment")) {
        of_experiment(table, *experiment);
        continue;
      }
      const std::string name = Reading::text_at(table, "study");
      const auto known = std::find_if(files_.begin(), files_.end(), [&](const StudyFile& f) { return f.name == name; });
      const StudyFile& file =
          known != files_.end() ? *known : files_.emplace_back(opened(name, table.at("study")->where));
      if (!file.usable()) continue;
      const std::string_view wanted = file.people ? "analysis" : "outcome";
      const std::string_view other = file.people ? "outcome" : "analysis";
      if (const Node* wrong = table.at(std::string(other))) {
        r_.problem(
            wrong->where, fmt::format("'{}' has no meaning for '{}'", other, name),
            file.people ? "it is a study of people's rows or of several studies" : "it is a study of a published table",
            fmt::format("name its {}", wanted));
        continue;
      }
      const Node* which = table.at(std::string(wanted));
      if (!which) {
        r_.problem(table.where, fmt::format("no {} is named", wanted), fmt::format("'{}' may have several", name),
                   fmt::format("add {} = \"...\"", wanted));
        continue;
      }
      const std::string word = Reading::text_at(table, std::string(wanted));
      if (r_.posterior_of.contains({name, word})) {
        r_.problem(table.where, fmt::format("the posterior '{}/{}' is named twice", study_name(file), word),
                   "drawn twice, its correlation would be lost", "put all that it sets into one [[posterior]]");
        continue;
      }
      auto columns = file.people ? of_people(*file.people, word, which->where)
                                 : of_table(*file.table, word, which->where, table.where);
      if (!columns) continue;
      std::string full = study_name(file) + "/" + word;
      if (table.at("frailty_shape") != nullptr && !add_multiplier(table, file, full, *columns)) continue;
      r_.columns_of.push_back(*columns);
      r_.posterior_of[{name, word}] = spec_.posterior_names.size();
      spec_.posterior_names.push_back(std::move(full));
    }
  }

 private:
  static const std::string& study_name(const StudyFile& file) {
    return file.people ? file.people->name : file.table->name;
  }

  bool names_one(const Node& table) const {
    const bool study = table.find("study") != nullptr, experiment = table.find("experiment") != nullptr;
    if (study != experiment) return true;
    r_.problem(table.where,
               study ? "a study and an experiment in one [[posterior]]" : "no study or experiment is named",
               "a posterior is of one file", study ? "keep one" : "add study = \"cara.toml\" or experiment = \"...\"");
    return false;
  }

  bool is_beside(const std::string& name, SourceSpan where, std::string_view whose, std::string_view example) const {
    const std::filesystem::path path(name);
    if (!path.has_parent_path() && path.extension() == ".toml") return true;
    r_.problem(where, fmt::format("'{}' is not a file beside this one", name), "",
               fmt::format("name the {}'s file, such as \"{}\"", whose, example));
    return false;
  }
  // What both kinds of file leave in this one: its meaning, and the evidence that it names.
  void note_file(ExperimentSpec& other) {
    spec_.add_to_digest(other.text.spec_digest);
    for (EvidenceRow& row : other.text.evidence) {
      auto& rows = spec_.text.evidence;
      if (std::none_of(rows.begin(), rows.end(), [&](const EvidenceRow& r) { return r.id == row.id; }))
        rows.push_back(row);
    }
  }

  static std::string label_in(const ExperimentSpec& other, const std::string& parameter) {
    for (const FigureSource& source : other.text.sources)
      if (source.name == parameter) return source.label;
    return "";
  }

  // An experiment with targets: its columns are the parameters that they inform.
  void of_experiment(const Node& table, const Node& named) {
    const std::string name = Reading::text_at(table, "experiment");
    for (const std::string_view key : {"outcome", "analysis"})
      if (const Node* wrong = table.at(std::string(key)))
        return r_.problem(wrong->where, fmt::format("'{}' has no meaning for '{}'", key, name),
                          "it is an experiment with targets", "take the line out");
    if (wanted_ == Wanted::calibrated)
      return r_.problem(named.where, "a posterior of a posterior", "this file is itself named in a [[posterior]]",
                        "put the targets of both into one experiment");
    if (!is_beside(name, named.where, "experiment", "o2r-phases.toml")) return;
    if (r_.posterior_of.contains({name, ""}))
      return r_.problem(table.where, fmt::format("the posterior '{}' is named twice", name),
                        "drawn twice, its correlation would be lost", "put all that it sets into one [[posterior]]");
    try {
      auto other = std::make_shared<ExperimentSpec>(
          read_calibrated_file(path_beside(r_, name), catalogue_, evidence_directory_));
      note_file(*other);
      std::vector<PosteriorColumn> columns;
      for (const std::size_t slot : other->calibration->informed) {
        const Parameter& parameter = other->parameters[slot];
        columns.push_back({parameter.name, parameter.unit, label_in(*other, parameter.name)});
      }
      r_.columns_of.push_back(std::move(columns));
      r_.posterior_of[{name, ""}] = spec_.posterior_names.size();
      spec_.posterior_names.push_back(calibration_name(*other));
      spec_.calibrated_elsewhere.push_back(std::move(other));
    } catch (const Failure& failure) {
      refuse_other_file(r_, failure, "experiment", name, named.where);
    }
  }

  StudyFile opened(const std::string& name, SourceSpan where) {
    StudyFile file{name, {}, {}};
    if (!is_beside(name, where, "study", "cara.toml")) return file;
    try {
      ExperimentSpec other = read_study_file(path_beside(r_, name), catalogue_, evidence_directory_);
      note_file(other);
      file.people = std::move(other.people);
      if (!other.studies.empty()) {
        file.table = other.studies.front();
        spec_.studies.push_back(*file.table);
      }
    } catch (const Failure& failure) {
      refuse_other_file(r_, failure, "study", name, where);
    }
    return file;
  }

  std::optional<std::vector<PosteriorColumn>> of_table(const Study& study, const std::string& outcome, SourceSpan where,
                                                       SourceSpan whole) {
    std::vector<std::string> outcomes;
    for (const StudyOutcome& each : study.outcomes)
      if (!each.describe_only) outcomes.push_back(each.name);
    if (std::find(outcomes.begin(), outcomes.end(), outcome) == outcomes.end()) {
      r_.problem(where, fmt::format("study '{}' has no outcome '{}'", study.name, outcome), "",
                 spelling_cure(outcome, outcomes, "it has"));
      return std::nullopt;
    }
    if (study.comparisons.empty()) {
      r_.problem(whole, fmt::format("study '{}' compares nothing", study.name), "it has no posterior",
                 "name a table with a comparison");
      return std::nullopt;
    }
    if (std::any_of(study.comparisons.begin(), study.comparisons.end(),
                    [](const Comparison& c) { return !c.stratum.empty(); })) {
      r_.problem(whole, fmt::format("study '{}' has several tables side by side", study.name),
                 "it has a posterior for each", "put the one that is meant into a file of its own");
      return std::nullopt;
    }
    std::vector<PosteriorColumn> columns;
    for (const std::string& name : posterior_columns(study)) columns.push_back({name, "share"});
    return columns;
  }

  /// Adds the column `multiplier`: of everybody's rate, draw by draw, so that the prevalence of the controls becomes
  /// that of all who were treated or referred (mathematics.md 3.3). The posterior is then stored, row by row.
  bool add_multiplier(const Node& table, const StudyFile& file, std::string& full,
                      std::vector<PosteriorColumn>& columns) {
    const Node& shape = *table.at("frailty_shape");
    if (!file.table) {
      r_.problem(shape.where, "'frailty_shape' has no meaning for a study of people's rows",
                 "a multiplier is made from two printed shares", "take the line out, or name a study of a table");
      return false;
    }
    if (!r_.is_within(shape, "frailty_shape", 0, 1e4)) return false;
    const StudyResults studies = evaluate({*file.table});
    const auto known = studies.posteriors();
    const auto of = std::find_if(known.begin(), known.end(), [&](const Posterior& each) { return each.name == full; });
    if (of == known.end()) return true;  // complained of when it is drawn
    std::vector<Parameter> parts;
    for (std::size_t c = 0; c < of->columns.size(); ++c)
      parts.push_back({of->columns[c].name, "", of->columns[c].unit, PosteriorLaw{0, c}});
    const ParameterDraws draws(parts, {}, {*of}, seed_of_rows);
    const auto column = [&](std::string_view name) {
      const auto at = std::find_if(parts.begin(), parts.end(), [&](const Parameter& p) { return p.name == name; });
      return static_cast<std::size_t>(at - parts.begin());
    };
    const std::size_t control = column("control"),
                      treated = std::min(column("all"), column("treated"));  // parts.size() where there is none
    const double k = shape.number > 0 ? shape.number : std::numeric_limits<double>::infinity();
    Posterior stored;
    stored.name = full += "/multiplier";
    for (const Parameter& part : parts) stored.columns.push_back({part.name, {}, part.unit});
    stored.columns.push_back({"multiplier", {}, ""});
    std::size_t at_bound = 0;
    for (std::uint64_t row = 0; row < rows_of_multipliers; ++row) {
      const std::vector<double> drawn = draws.row(row);
      const auto found = statistics::rate_multiplier(drawn[treated], drawn[control], k);
      const bool inside = found && *found <= most_multiplier;
      at_bound += inside ? 0 : 1;
      stored.rows.insert(stored.rows.end(), drawn.begin(), drawn.end());
      stored.rows.push_back(inside ? *found : most_multiplier);
    }
    if (at_bound * 100 > rows_of_multipliers) {
      r_.problem(shape.where,
                 fmt::format("the multiplier is above {} in {} of {} draws", shortest(most_multiplier), at_bound,
                             rows_of_multipliers),
                 "too few of the controls have the outcome", "name an outcome that more of them have");
      return false;
    }
    columns.push_back({"multiplier", ""});
    spec_.posteriors_read.push_back(std::move(stored));
    return true;
  }

  // What terms an analysis has is known from its data alone: it is made here, once.
  std::optional<std::vector<PosteriorColumn>> of_people(const PersonStudy& study, const std::string& analysis,
                                                        SourceSpan where) {
    std::vector<std::string> analyses;
    for (const Analysis& each : study.analyses) analyses.push_back(each.name);
    const auto found = std::find(analyses.begin(), analyses.end(), analysis);
    if (found == analyses.end()) {
      r_.problem(where, fmt::format("study '{}' has no analysis '{}'", study.name, analysis), "",
                 spelling_cure(analysis, analyses, "it has"));
      return std::nullopt;
    }
    const AnalysisResult result =
        run_analysis(study, study.analyses[static_cast<std::size_t>(found - analyses.begin())], 1);
    if (!result.posterior) {
      r_.problem(where, fmt::format("analysis '{}' has no distribution to draw from", analysis),
                 result.refused.empty() ? "it is a curve, a test or a plan" : result.refused,
                 "name one with an effect, such as method = \"risks\" or \"cox\"");
      return std::nullopt;
    }
    std::vector<PosteriorColumn> columns;
    for (const auto& column : result.posterior->columns) columns.push_back({column.name, column.unit});
    spec_.posteriors_read.push_back(*result.posterior);
    return columns;
  }

  Reading& r_;
  ExperimentSpec& spec_;
  const Catalogue& catalogue_;
  const std::string& evidence_directory_;
  const Wanted wanted_;
  std::vector<StudyFile> files_;
};

}  // namespace

std::optional<std::size_t> posterior_column(const Reading& reading, const ExperimentSpec& spec, std::size_t posterior,
                                            const Member& member, const std::string& unit) {
  const std::vector<PosteriorColumn>& all = reading.columns_of[posterior];
  std::vector<std::string> columns;
  for (const PosteriorColumn& each : all) columns.push_back(each.name);
  const std::string word = member.value.kind == Node::Kind::text ? member.value.text : "";
  const auto column = std::find(columns.begin(), columns.end(), word);
  if (column == columns.end()) {
    reading.problem(
        member.value.where,
        fmt::format("the posterior '{}' has no column '{}'", spec.posterior_names[posterior], as_written(member.value)),
        "", spelling_cure(word, columns, "its columns are"));
    return std::nullopt;
  }
  const auto index = static_cast<std::size_t>(column - columns.begin());
  if (all[index].unit == unit) return index;
  const auto in_words = [](const std::string& of) {
    return of.empty() ? "a ratio or a coefficient" : of == "share" ? "a share" : fmt::format("in the unit '{}'", of);
  };
  reading.problem(member.value.where,
                  fmt::format("'{}' of '{}' is {}", word, spec.posterior_names[posterior], in_words(all[index].unit)),
                  fmt::format("'{}' is {}", member.name, in_words(unit)),
                  "a risk ratio is no rate ratio (mathematics.md 3.3): name a column of the same kind");
  return std::nullopt;
}

std::vector<std::string> posterior_columns(const Study& study) {
  const auto has = [&](Role role) {
    return std::any_of(study.groups.begin(), study.groups.end(), [&](const Group& g) { return g.role == role; });
  };
  if (has(Role::control) && has(Role::completed) && has(Role::breached))
    return {"control", "completed", "breached", "completion", "all"};
  return {"control", "treated"};
}

void read_posteriors(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                     const std::string& evidence_directory, Wanted wanted) {
  PosteriorReader(reading, spec, catalogue, evidence_directory, wanted).read();
}

}  // namespace desist
