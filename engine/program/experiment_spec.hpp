// An experiment file, read and found sound: what to evaluate, simulate, search and report.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/diagnostics.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/estimates.hpp"
#include "engine/estimation/person_study.hpp"
#include "engine/estimation/study.hpp"
#include "engine/report/report_input.hpp"
#include "engine/search/calibrate.hpp"
#include "engine/search/decomposition.hpp"
#include "engine/search/placebo.hpp"
#include "engine/search/search.hpp"
#include "engine/search/sweep.hpp"
#include "engine/simulation/contract.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/plan.hpp"
#include "engine/trial/trial.hpp"

namespace desist {

/// The models a program knows, handed to it: with another catalogue the engine serves another field.
struct Catalogue {
  std::vector<ModelRecord> models;  // alphabetical
  const ModelRecord* find(const std::string& name) const;
};

/// A study's posterior that feeds parameters: the study is in this file or in another experiment file beside it.
struct PosteriorUse {
  std::string posterior;           // "cara/reoffended"
  std::vector<std::size_t> slots;  // parameters that its columns fill
};

struct ExperimentSpec {
  ReportInput text;          // every word and source of the file, results still empty
  std::uint64_t digest = 0;  // of all that was read: the file, data files, rows of evidence and money used, other files
  /// Takes what was read into the digest, told apart from what comes next.
  void add_to_digest(std::string_view read) { digest = fnv1a("\x1f", fnv1a(read, digest)); }

  std::vector<Study> studies;  // those of this file and those named by posteriors

  std::optional<PersonStudy> people;  // of people's rows, of several studies, or of a design

  const ModelRecord* model = nullptr;  // in the catalogue, which outlives this; none: a study only
  Window window;
  Plan plan;
  std::vector<Parameter> parameters;
  std::vector<Correlation> correlations;
  std::vector<std::string>
      posterior_names;  // what PosteriorLaw::posterior indexes: found by name in the studies' results
  std::vector<Posterior> posteriors_read;  // or here: those of analyses, whose columns only their data tell
  std::optional<Calibration> calibration;  // what the file's targets say of its parameters
  /// Experiments that [[posterior]] names: they are calibrated first.
  std::vector<std::shared_ptr<const ExperimentSpec>> calibrated_elsewhere;
  std::vector<Arm> arms;  // reported arms first, then the variants of tornados
  std::size_t reported_arms = 0;
  ArmLayout base;  // what holds for all arms alike
  Estimands estimands;
  std::vector<Need> needs;
  std::vector<Sweep> sweeps;
  std::vector<Decomposition> decompositions;
  std::vector<TrialDesign> trials;     // their arms: reported ones, then trial_arms
  std::vector<Arm> trial_arms;         // arms among people with other careers
  NullProgramme null_programme;        // of placebos
  std::vector<Placebo> placebos;       // printed falls
  std::optional<Appraisal> appraisal;  // on the model's outcomes, or without a model
};

/// Reads, validates and binds an experiment file. Throws Failure (usage: the file can't be read; invalid_experiment:
/// all that is wrong with it, rendered).
///
/// Evidence ids are looked up in evidence/*.csv beside the file, then in `evidence_directory`.
/// Verified by: reader_test, reader_errors_test, reader_smoke.
ExperimentSpec read_experiment(const std::string& path, const Catalogue& catalogue,
                               const std::string& evidence_directory);

/// An experiment that no file holds: paths in it are seen from the working folder, and no evidence is known.
ExperimentSpec read_experiment_text(const std::string& text, const Catalogue& catalogue);

/// The study of an experiment file that another one names in [[posterior]].
ExperimentSpec read_study_file(const std::string& path, const Catalogue& catalogue,
                               const std::string& evidence_directory);

/// An experiment with targets that another one names in [[posterior]].
ExperimentSpec read_calibrated_file(const std::string& path, const Catalogue& catalogue,
                                    const std::string& evidence_directory);

/// What the posterior of an experiment's own targets is called: "o2r-phases/calibration".
std::string calibration_name(const ExperimentSpec& spec);

/// Sets every tornado's variants to the ends of their parameters' laws: the range's ends, or the middle 95% where a law
/// has no ends. Between draw_parameters and simulate: a study's posterior has no quantiles before it is evaluated.
void set_tornado_ends(ExperimentSpec& spec, const ParameterDraws& draws);

/// What will be run and what can be split or not, in words (`desist check`).
std::string check_words(const ExperimentSpec& spec);

}  // namespace desist
