#include "engine/program/pipeline.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <limits>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/core/build_info.hpp"
#include "engine/core/table.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/progress.hpp"
#include "engine/program/replicate_file.hpp"
#include "engine/program/tools.hpp"
#include "engine/report/results_lock.hpp"
#include "engine/report/withhold.hpp"
#include "engine/report/write_results.hpp"
#include "engine/simulation/checkpoint.hpp"

namespace desist {
namespace {

StopFlag stop_requested{false};

extern "C" void request_stop(int) { stop_requested = true; }

/// While it lives, Ctrl-C and a polite kill ask the run to stop after the chunks under way; a second one kills at once.
class StopOnSignal {
 public:
  StopOnSignal() {
    stop_requested = false;
    struct sigaction action = {};
    action.sa_handler = request_stop;
    action.sa_flags = static_cast<int>(SA_RESETHAND);
    sigaction(SIGINT, &action, &interrupt_);
    sigaction(SIGTERM, &action, &terminate_);
  }
  ~StopOnSignal() {
    sigaction(SIGINT, &interrupt_, nullptr);
    sigaction(SIGTERM, &terminate_, nullptr);
  }
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

 private:
  struct sigaction interrupt_ = {};
  struct sigaction terminate_ = {};
};

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// The draws of an experiment, and what its targets say of its parameters.
struct Drawn {
  ParameterDraws draws;
  std::optional<CalibrationResult> calibrated;
  bool interrupted = false;
};

std::vector<Arm> arms_of_targets(const ExperimentSpec& spec) {
  return {spec.arms.begin(), spec.arms.begin() + static_cast<std::ptrdiff_t>(spec.reported_arms)};
}

std::optional<Posterior> posterior_of_other(const ExperimentSpec& spec, const RunControl& control);

/// The posteriors in the order in which the parameters' laws index them; nothing where it was asked to stop.
std::optional<std::vector<Posterior>> named_posteriors(const ExperimentSpec& spec, const StudyResults& studies,
                                                       const RunControl& control) {
  std::vector<Posterior> named;
  std::vector<Posterior> all = studies.posteriors();
  all.insert(all.end(), spec.posteriors_read.begin(), spec.posteriors_read.end());
  for (const auto& other : spec.calibrated_elsewhere) {
    auto learnt = posterior_of_other(*other, control);
    if (!learnt) return std::nullopt;
    all.push_back(std::move(*learnt));
  }
  for (const std::string& name : spec.posterior_names) {
    for (const Posterior& posterior : all) {
      if (posterior.name == name) named.push_back(posterior);
    }
  }
  return named;
}

/// What another experiment's targets teach.
std::optional<Posterior> posterior_of_other(const ExperimentSpec& spec, const RunControl& control) {
  const auto posteriors = named_posteriors(spec, evaluate(spec.studies), control);
  if (!posteriors) return std::nullopt;
  const ParameterDraws draws(spec.parameters, spec.correlations, *posteriors, spec.plan.seed);
  return learn_posterior(*spec.calibration, *spec.model, arms_of_targets(spec), draws, spec.window, control,
                         calibration_name(spec));
}

Drawn drawn(const ExperimentSpec& spec, const StudyResults& studies, const RunControl& control) {
  Drawn made;
  const auto posteriors = named_posteriors(spec, studies, control);
  made.interrupted = !posteriors;
  if (made.interrupted) return made;
  made.draws = ParameterDraws(spec.parameters, spec.correlations, *posteriors, spec.plan.seed);
  if (!spec.calibration) return made;
  made.calibrated = calibrate(*spec.calibration, *spec.model, arms_of_targets(spec), made.draws, spec.window, control,
                              calibration_name(spec));
  made.interrupted = made.calibrated->stopped == CalibrationResult::Stopped::interrupted;
  if (!made.interrupted) made.draws = informed_draws(made.draws, *spec.calibration, made.calibrated->posterior);
  return made;
}

/// How one experiment and one build are told from others: a checkpoint of another is not resumed.
std::uint64_t build_digest(std::uint64_t spec_digest) {
  return fnv1a(fmt::format("{}|{}|{}|{}", spec_digest, stream_contract, project_version(), compiler()),
               fnv1a(maths_library()));
}

/// A path as a shell takes it: in quotes where it holds anything but plain characters.
std::string as_typed(const std::string& path) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("_./+-").find(c) != std::string_view::npos;
  };
  if (std::all_of(path.begin(), path.end(), plain)) return path;
  std::string quoted = "'";
  for (const char c : path) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

/// Every rule that the file asks for must be satisfied.
StoppingRule stopping_rule(const ExperimentSpec& spec) {
  std::vector<StoppingRule> rules;
  if (spec.plan.precision) rules.push_back(precision_rule(*spec.plan.precision));
  if (spec.text.best) rules.push_back(decision_rule(spec.text.best->rule, spec.plan.first_look));
  return [rules](const OutcomeTable& outcomes) {
    return std::all_of(rules.begin(), rules.end(), [&](const StoppingRule& rule) { return rule(outcomes); });
  };
}

/// Ends the run with what failed, and with the command that runs that replicate again alone.
[[noreturn]] void end_with(const ReplicateFailure& failure, const std::string& file, const std::string& level = {},
                           const std::string& level_options = {}) {
  const ReplicateId& id = failure.id();
  throw Failure(
      ExitCode::replicate_failed,
      fmt::format("desist: a replicate failed: {}{}\n  to run it again alone: desist replay {} --draw {} "
                  "--arm {} --replicate {}{}",
                  level, failure.what(), as_typed(file), id.draw, as_typed(id.arm), id.replicate, level_options));
}
/// An attempt of a calibration has no draw to replay: its message says what was drawn.
[[noreturn]] void end_with(const AttemptFailure& failure) {
  throw Failure(ExitCode::replicate_failed, fmt::format("desist: a replicate failed: {}", failure.what()));
}
/// A point of a box of null programmes is no arm to replay: the arm's name in the message says where it is.
[[noreturn]] void end_with(const PlaceboFailure& failure) {
  throw Failure(ExitCode::replicate_failed, fmt::format("desist: a replicate failed: {}", failure.what()));
}
[[noreturn]] void end_with(const LevelFailure& failure, const std::string& file, const std::vector<Need>& needs) {
  const std::string level = shortest(failure.level());
  end_with(failure, file, fmt::format("at {} {}, ", level, needs[failure.need()].label),
           fmt::format(" --need {} --level {}", failure.need() + 1, level));
}

Drawn drawn_or_end(const ExperimentSpec& spec, const StudyResults& studies, const RunControl& control) {
  try {
    return drawn(spec, studies, control);
  } catch (const AttemptFailure& failure) {
    end_with(failure);
  }
}

/// Virtual trials; a method that gives no number for them is a fault of the file.
std::vector<TrialResult> tried_or_end(const ExperimentSpec& spec, const ParameterDraws& draws,
                                      const RunControl& control, const std::string& file) {
  try {
    return run_trials(spec.trials, *spec.model, arms_of_trials(spec), draws, spec.window, spec.plan.seed, control);
  } catch (const std::invalid_argument& contradiction) {
    throw Failure(ExitCode::invalid_experiment,
                  fmt::format("{}: error: a virtual trial can't be run: {}", file, contradiction.what()));
  }
}

/// Whether it is worth the money; an outcome that has no value in some draw is a fault of the file.
AppraisalResult appraised_or_end(const ExperimentSpec& spec, const ParameterDraws& draws, const OutcomeTable& outcomes,
                                 const std::string& file) {
  Appraisal appraisal = *spec.appraisal;
  appraisal.arm_names.clear();
  for (std::size_t arm = 0; arm < spec.reported_arms; ++arm) appraisal.arm_names.push_back(spec.arms[arm].name);
  try {
    return appraise(appraisal, draws, outcomes, spec.plan.draws);
  } catch (const std::invalid_argument& contradiction) {
    throw Failure(ExitCode::invalid_experiment,
                  fmt::format("{}: error: the appraisal can't be made: {}", file, contradiction.what()));
  }
}

/// The lives that pictures of twin traces show.
std::vector<TracedFigure> traced_figures(const ExperimentSpec& spec, const ParameterDraws& draws) {
  std::vector<TracedFigure> traced;
  for (const FigureRequest& figure : spec.text.figures) {
    if (figure.draw != "twin_traces") continue;
    std::vector<const Arm*> two;
    for (const std::string& name : figure.arms)
      for (std::size_t arm = 0; arm < spec.reported_arms; ++arm)
        if (spec.arms[arm].name == name) two.push_back(&spec.arms[arm]);
    traced.push_back({figure.name, twin_traces(*spec.model, *two.at(0), *two.at(1), draws, spec.window, spec.plan.seed,
                                               figure.people)});
  }
  return traced;
}

/// The searched level that a replay asks for: one that a search may try.
double asked_level(const ReplayOptions& options, const ExperimentSpec& spec) {
  if (options.need < 1 || options.need > spec.needs.size())
    throw Failure(ExitCode::usage,
                  fmt::format("desist: no need {} in {}, which has {}", options.need, options.file, spec.needs.size()));
  const Need& need = spec.needs[options.need - 1];
  if (!(*options.level >= 0 && *options.level <= need.most))
    throw Failure(ExitCode::usage,
                  fmt::format("desist: no level {} of need {} in {}: it looks for {} from 0 to {}",
                              shortest(*options.level), options.need, options.file, need.label, shortest(need.most)));
  return *options.level;
}

/// Where the results go, so that names can be made from it for what stands beside them.
std::string results_directory(const RunOptions& options, const std::string& name) {
  std::string path = options.out.empty() ? "results/" + name : options.out;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const std::filesystem::path last = std::filesystem::path(path).filename();
  if (last == "." || last == "..") path = std::filesystem::weakly_canonical(std::filesystem::absolute(path)).string();
  while (path.size() > 1 && path.back() == '/') path.pop_back();  // of what is not there yet
  return path;
}

int run_spec(ExperimentSpec spec, const RunOptions& options) {
  check_arms(spec, options.file);
  const auto begun = std::chrono::steady_clock::now();
  RunFacts facts{std::string(project_version()),
                 std::string(commit()),
                 std::string(compiler()),
                 std::string(maths_library()),
                 utc_now(),
                 0,
                 1};
  const std::string directory = results_directory(options, spec.text.name);
  const ResultsLock lock(check_results_place(directory));  // before anything is simulated
  if (options.out.empty()) check_results_are_of(directory, options.file);

  const StopOnSignal signals;
  RunControl control;
  control.threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  control.stop = &stop_requested;
  control.digest = build_digest(spec.digest);
  Progress progress(options.quiet ? nullptr : stderr, spec.text.name);
  control.note = [&](const std::string& sentence) { fmt::print(stderr, "desist: {}\n", sentence); };
  control.progress = [&](std::uint64_t done, std::uint64_t planned) { progress.show(done, planned); };

  const StudyResults studies = evaluate(spec.studies);
  if (spec.calibration || !spec.calibrated_elsewhere.empty()) progress.stage("learning from targets");
  const Drawn learnt = drawn_or_end(spec, studies, control);
  progress.clear();
  if (learnt.interrupted) {
    fmt::print(stderr, "desist: stopped while learning from targets: the same command begins again.\n");
    return static_cast<int>(ExitCode::interrupted);
  }
  const ParameterDraws& draws = learnt.draws;
  if (learnt.calibrated) spec.parameters = draws.parameters();  // their laws are the posterior's columns now
  set_tornado_ends(spec, draws);  // a range's ends are known once its law is: a study's posterior may be one
  if (spec.model != nullptr && !spec.posterior_names.empty()) check_arms(spec, draws, options.file);
  OutcomeTable outcomes;
  SearchResults found;
  std::vector<SweepResult> swept;
  std::vector<DecompositionResult> decomposed;
  std::vector<TrialResult> tried;
  NullResults nulls;
  std::vector<TracedFigure> traced;
  std::unique_ptr<ReplicateFile> replicates;
  if (spec.model != nullptr) {
    control.checkpoint = directory + ".checkpoint";
    if (spec.plan.keep_replicates) {
      replicates = std::make_unique<ReplicateFile>(spec, directory);
      control.each_replicate = replicates->writer();
    }
    try {
      outcomes = simulate(*spec.model, spec.arms, draws, spec.window, spec.plan, stopping_rule(spec), control);
      control.each_replicate = nullptr;
      if (outcomes.complete()) {
        progress.stage("searching for what is needed");
        found = search(spec.needs, *spec.model, spec.arms, draws, spec.window, spec.plan, control);
        if (!spec.sweeps.empty()) progress.stage("trying levels");
        swept = sweep(spec.sweeps, *spec.model, spec.arms, draws, spec.window, spec.plan, control);
        if (!spec.decompositions.empty()) progress.stage("sharing out the fall");
        decomposed = decompose(spec.decompositions, *spec.model, spec.arms, draws, spec.window, spec.plan, control);
        if (!spec.trials.empty()) progress.stage("virtual trials");
        tried = tried_or_end(spec, draws, control, options.file);
        if (!spec.placebos.empty()) progress.stage("running null programmes");
        nulls = run_placebos(spec.null_programme, spec.placebos, *spec.model, spec.arms, draws, spec.window, spec.plan,
                             control);
        traced = traced_figures(spec, draws);
      }
    } catch (const LevelFailure& failure) {
      progress.clear();
      end_with(failure, options.file, spec.needs);
    } catch (const PlaceboFailure& failure) {
      progress.clear();
      end_with(failure);
    } catch (const ReplicateFailure& failure) {
      progress.clear();
      end_with(failure, options.file);
    }
    progress.clear();
    if (stop_requested) {
      fmt::print(stderr, "desist: stopped after {} draws. {}\n", outcomes.draws(),
                 replicates
                     ? "A file of replicates can't be gone on with: the same command begins again."
                     : fmt::format("What is done is kept in {}.\nRun the same command again to go on; the result "
                                   "will be the same as without the break.",
                                   control.checkpoint));
      return static_cast<int>(ExitCode::interrupted);
    }
  }
  const EstimateTable estimates = estimate(spec.estimands, draws, outcomes, spec.window);

  ReportInput report = spec.text;
  report.studies = spec.studies;
  if (spec.people) {
    report.people_results = evaluate_people(*spec.people, control.threads);
    withhold_small_counts(report.people_results, *spec.people);
  }
  report.study_results = studies;
  for (const Forecast& forecast : spec.text.forecasts) report.forecast_results.push_back(evaluate(forecast));
  report.estimates = estimates;
  report.found = found;
  report.swept = swept;
  report.decomposed = decomposed;
  report.tried = tried;
  report.null_results = nulls;
  report.traced = traced;
  if (spec.model != nullptr) report.trace_lanes = spec.model->trace_lanes;
  report.calibrated = learnt.calibrated;
  if (spec.appraisal) {
    progress.stage("appraising");
    report.appraisal = spec.appraisal;
    report.parameters = draws.parameters();
    report.appraised = appraised_or_end(spec, draws, outcomes, options.file);
    progress.clear();
  }
  if (spec.text.best) report.decided = decide(outcomes, spec.text.best->rule, spec.plan.first_look);
  report.draws = outcomes.empty() ? report.appraised.draws : outcomes.draws();
  report.complete = outcomes.empty() || outcomes.complete();
  facts.threads = control.threads;
  facts.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  report.run = facts;

  std::vector<MadeFile> made;
  if (replicates) made.push_back(replicates->finished());
  const Written written = write_results(report, directory, find_render_tools(), made);
  if (!control.checkpoint.empty()) {
    remove_checkpoint(control.checkpoint);  // whole results are there: nothing to go on from
  }
  const std::string page = directory + "/report.html";
  say(options.json ? first_screen_json(report, page) : first_screen(report, page));
  for (const std::string& line : written.not_made) fmt::print(stderr, "desist: not made: {}\n", line);
  return static_cast<int>(ExitCode::success);
}

}  // namespace

int run_experiment(const RunOptions& options, const Catalogue& catalogue) {
  return run_spec(read_experiment(options.file, catalogue, find_shipped_evidence()), options);
}

int evaluate_data(const EvaluateOptions& evaluate, const RunOptions& options, const Catalogue& catalogue) {
  const ProposedExperiment proposed = propose_experiment(evaluate);
  for (const std::string& reason : proposed.reasons) fmt::print(stderr, "desist: {}\n", reason);
  ExperimentSpec spec = read_experiment_text(proposed.text, catalogue);
  const int code = run_spec(std::move(spec), options);
  if (!options.json) say("\nThe experiment file that repeats this:\n\n" + proposed.text);
  return code;
}

namespace {

struct ReplayedArm {
  Arm arm;
  ParameterDraws draws;
  std::optional<std::size_t> level_of;  // the field that is held at a level: the last parameter
};

/// The arm that a replay names: one of the file or of a tornado, held at a level where a need is named; or one of a
/// sweep or a decomposition.
ReplayedArm arm_to_replay(const ExperimentSpec& spec, const ParameterDraws& draws, const ReplayOptions& options) {
  const auto named = [&](const Arm& each) { return each.name == options.arm; };
  if (const auto arm = std::find_if(spec.arms.begin(), spec.arms.end(), named); arm != spec.arms.end()) {
    if (!options.level) return {*arm, draws, std::nullopt};
    const double level = asked_level(options, spec);
    const Need& need = spec.needs[options.need - 1];
    LevelArm held = at_level(need, *arm, draws, level);
    return {std::move(held.arm), std::move(held.draws), need.field};
  }
  for (const Sweep& each : spec.sweeps) {
    SweepArms levels = sweep_arms(each, spec.arms, draws);
    const auto arm = std::find_if(levels.arms.begin(), levels.arms.end(), named);
    if (arm != levels.arms.end()) return {*arm, std::move(levels.draws), each.field};
  }
  for (const Decomposition& each : spec.decompositions) {
    DecompositionArms subsets = decomposition_arms(each, spec.arms, draws);
    const auto arm = std::find_if(subsets.arms.begin(), subsets.arms.end(), named);
    if (arm != subsets.arms.end()) return {*arm, std::move(subsets.draws), std::nullopt};
  }
  std::vector<std::string> names;
  for (const Arm& each : spec.arms) {
    if (!each.variant) names.push_back(each.name);
  }
  throw Failure(ExitCode::usage,
                fmt::format("desist: no arm '{}' in {}; its arms are {}", options.arm, options.file, listed(names)));
}

}  // namespace

int replay_replicate(const ReplayOptions& options, const Catalogue& catalogue) {
  ExperimentSpec spec = read_experiment(options.file, catalogue, find_shipped_evidence());
  if (spec.model == nullptr) {
    const char* kind = spec.appraisal                ? "an appraisal without a model"
                       : spec.text.forecasts.empty() ? "a study of a published table"
                                                     : "a forecast without a model";
    throw Failure(ExitCode::usage,
                  fmt::format("desist: {} is {}: it has no replicates to run again", options.file, kind));
  }
  const StudyResults studies = evaluate(spec.studies);
  RunControl control;
  control.threads = std::max(1U, std::thread::hardware_concurrency());
  const ParameterDraws draws = drawn_or_end(spec, studies, control).draws;
  if (spec.calibration) spec.parameters = draws.parameters();
  set_tornado_ends(spec, draws);  // a variant may be what failed
  const ReplayedArm run = arm_to_replay(spec, draws, options);
  std::vector<Parameter> parameters = spec.parameters;
  if (run.level_of) {
    parameters.push_back(run.draws.parameters().back());
    parameters.back().unit = spec.model->parameters[*run.level_of].unit.text();
  }
  const Replay again =
      replay(*spec.model, run.arm, run.draws, spec.window, spec.plan.seed, options.draw, options.replicate);

  Table table({{"kind", ""}, {"name", ""}, {"item", ""}, {"week", ""}, {"value", ""}, {"unit", ""}});
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    table.add({std::string("parameter"), parameters[p].name, Cell{}, Cell{}, again.row[p], parameters[p].unit});
  }
  const std::vector<OutcomeSlot> slots = outcome_slots(*spec.model, run.arm.layout);
  for (std::size_t o = 0; o < slots.size(); ++o) {
    const OutcomeField& field = spec.model->outcomes[slots[o].field];
    table.add({std::string("outcome"), field.name, slots[o].item, Cell{}, again.outcomes[o], field.unit.text()});
  }
  const std::size_t weeks = spec.model->series.empty() ? 0 : again.series.size() / spec.model->series.size();
  for (std::size_t s = 0; s < spec.model->series.size(); ++s) {
    for (std::size_t w = 0; w < weeks; ++w) {
      table.add({std::string("series"), spec.model->series[s].name, Cell{}, static_cast<double>(w + 1),
                 again.series[s * weeks + w], spec.model->series[s].unit.text()});
    }
  }
  say(table.csv());
  return static_cast<int>(ExitCode::success);
}

}  // namespace desist
