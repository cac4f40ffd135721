// Everything the report needs, as plain text, tables and results. Program fills it; report never recomputes a
// statistic.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/estimates.hpp"
#include "engine/estimation/forecast.hpp"
#include "engine/estimation/person_results.hpp"
#include "engine/estimation/person_study.hpp"
#include "engine/estimation/stopping.hpp"
#include "engine/estimation/study.hpp"
#include "engine/estimation/study_results.hpp"
#include "engine/search/calibrate.hpp"
#include "engine/search/decomposition.hpp"
#include "engine/search/placebo.hpp"
#include "engine/search/search.hpp"
#include "engine/search/sweep.hpp"
#include "engine/simulation/twins.hpp"
#include "engine/trial/trial.hpp"

namespace desist {

/// Where one figure of the experiment comes from.
struct FigureSource {
  enum class Kind { evidence, assumption, choice, study };
  std::string name;  // "hearings", "weekly_meetings.extra_hearings", "control.reoffended"
  std::string label;
  std::string printed;  // as given: "9153 cases per year"
  Kind kind = Kind::evidence;
  std::vector<std::string> evidence;  // ids
  std::string reason;                 // of an assumption or a choice
  std::string note;
  std::string spread;  // "taken as printed", "every value in the range equally likely", "49 of 253: Beta(49.5, 204.5)"
  int line = 0;        // of the experiment file
};

/// One row of experiments/evidence that the experiment names.
struct EvidenceRow {
  std::string id;
  std::string quantity, group, period;
  std::string printed;  // verbatim
  std::string unit;
  std::string source;  // title or the document's file name
  std::string place;   // paragraph or table
  std::string note;
  std::string verification;  // of the literature: "verified", "verified-secondary", ...
};

/// How an experiment shows one outcome of its model.
struct OutcomeText {
  enum class Line {
    none,     // on the page and in the tables only
    answer,   // "Clear by 31 March 2024: ..."; the first of them is the headline
    people,   // what it means for people: cases waiting, weeks of waiting
    price,    // what cuts the other way: cases turned away
    reading,  // one of several ways to read the same thing, told side by side
  };
  std::string name;   // of the model's outcome
  std::string label;  // "Clear", "cases at the start"
  Line line = Line::none;
  std::string note;
};

struct ArmText {
  std::string name, label;
  std::string short_label;  // for lines where the label is too long: "both"; the name as words where not given
  std::vector<std::string> combines;
  std::string in_words;  // "extra_hearings 0% to 100% from 18 December 2023"
};

struct Benchmark {
  std::string name, label, printed;
  double value = 0;  // in `unit`
  std::string unit;
  std::vector<std::string> evidence;
};

/// A claim on a projection: a sentence, a chance of which each arm has one.
struct ProjectionClaim {
  std::string text, where, evidence, reply;
  std::string outcome, item;  // "clear", "2024-01-31"
  std::vector<std::string> arms;
};

/// What to ask the owner of the figures for, and why.
struct Request {
  std::string figures, because;
};

/// One result of an arithmetic sentence, with every step.
struct SumResult {
  std::string name;        // "low"
  std::string sum;         // as written: "nc.elig.nfa * 5%"
  std::string in_numbers;  // "2,714 × 5%"
  double value = 0;
  int digits = 0;                     // significant digits of the value that the printed figures know; 0: all
  std::string shown;                  // as the sentence has it: "136"
  std::vector<std::string> evidence;  // ids
};

/// An arithmetic sentence: sums over printed figures.
struct Sum {
  std::string label, text, note;  // text: with its results
  std::vector<SumResult> results;
  bool keeps_its_line = false;  // on the first screen, where room is short
};

struct FigureRequest {
  std::string name;  // file name: "backlog_by_week"
  std::string draw;  // "fan", "forest", "survival": figure_kinds() has all
  std::string title;
  std::vector<std::string> arms;            // empty: all reported arms
  std::vector<std::string> outcomes;        // outcomes or panels
  std::vector<std::string> analysis;        // names of analyses; empty: all that fit
  std::vector<std::string> columns, steps;  // of a funnel; empty: whole columns, all steps
  std::string series;                       // fan, chance
  std::string of, item;                     // tornado: outcome and item; levels: the sweep's name
  std::vector<std::string> parameters;      // ridge: two, or quotients "a / b"; profile: empty for all
  std::size_t people = 1;                   // twin traces
  std::vector<Date> mark;
  std::string axis;  // words of a fan's values; empty: their unit
};

/// The outcome of a sweep: "clear", "2024-03-31".
struct SweepText {
  std::string outcome, item;
  OutcomeField::Kind kind = OutcomeField::Kind::chance;  // a time: the chance that it comes in the window
  std::string unit;
};

/// What falls in a decomposition: its label and unit.
struct DecompositionText {
  std::string label, unit, unit_words;  // "Recorded offences", "offence/month", "offences a month"
};

/// How the file says a printed fall: figures as printed or their sums, one way or the other.
struct PlaceboText {
  std::string before, after, unit;            // outcomes
  std::string times;                          // "6 months and 3 months"; empty: they are rates already
  std::string printed_before, printed_after;  // or
  std::string printed_ratio, printed_fall;    // one of these
};

/// How the file says a target: "54 offences", and of which outcome and arm it was printed.
struct TargetText {
  std::string printed, outcome, item, unit, arm;
  std::vector<std::string> evidence;
};

/// Which arm is best: the rule, and how the file says it.
struct BestText {
  Decision rule;
  std::string outcome, item;  // "clear", "2024-03-31"
  std::string label;          // "clear by 31 March 2024"
  std::string within;         // "2 in 100"
  std::string unit;           // "share", "case"
};

/// What a picture of twin traces shows: an illustration, in no table of results.
struct TracedFigure {
  std::string figure;  // its name
  TwinTraces twins;
};

struct RunFacts {  // the manifest's `run` block: outside the byte promise
  std::string version, commit, compiler, maths_library, started;
  double seconds = 0;
  unsigned threads = 1;
};

struct ReportInput {
  std::string name, title, question, decision,
      subtitle;                          // subtitle: "from 30 September 2023", "2019 board paper, Table F"
  std::string unprinted;                 // "how many women it can start a week": no answer, but what each would mean
  std::string file_shown_as, file_text;  // the experiment, verbatim
  std::string spec_digest;               // hexadecimal
  std::uint64_t seed = 0;
  std::vector<FigureSource> sources;
  std::vector<EvidenceRow> evidence;
  std::vector<std::string> defaults_used;  // "cancelled_meetings = 0%: switched off"
  std::vector<std::string> cannot;         // what can't be said
  std::vector<Request> requests;
  std::vector<FigureRequest> figures;
  std::vector<Benchmark> benchmarks;
  std::vector<Sum> sums;
  std::vector<std::pair<std::string, std::vector<EvidenceRow>>> beside;  // shown next to the result, never pooled

  // a study of published tables
  std::vector<Study> studies;
  StudyResults study_results;

  // a study of people's rows, of several studies, or of a design; its data are not in `people` any more
  std::optional<PersonStudy> people;
  PersonResults people_results;

  // a projection
  std::string model, model_summary;
  Window window;
  Plan plan;
  bool complete = true;
  std::uint64_t draws = 0;
  std::vector<ArmText> arms;  // the first is the comparator
  std::vector<OutcomeField> outcome_fields;
  std::vector<SeriesField> series_fields;
  std::vector<OutcomeText> outcome_texts;  // outcomes that the file names, in its order
  std::vector<Forecast> forecasts;
  std::vector<ForecastResult> forecast_results;  // one each, once they are made
  std::vector<ProjectionClaim> claims;
  std::vector<Need> needs;
  std::vector<std::string> need_texts;  // "clear by 31 March 2024, with a chance of 90%"
  std::vector<Sweep> sweeps;
  std::vector<SweepText> sweep_texts;  // one a sweep
  std::vector<Decomposition> decompositions;
  std::vector<DecompositionText> decomposition_texts;  // one a decomposition
  std::vector<TrialDesign> trials;
  NullProgramme null_programme;
  std::vector<std::string> null_draws;  // labels of what its futures draw from ranges: the box has no levels of it
  std::vector<Placebo> placebos;
  std::vector<PlaceboText> placebo_texts;  // one a placebo
  std::optional<Calibration> calibration;
  std::vector<TargetText> target_texts;  // one a target
  std::vector<Parameter> parameters;     // of a calibrated projection and an appraisal: what results name by index
  std::optional<CalibrationResult> calibrated;

  std::optional<BestText> best;
  EstimateTable estimates;
  SearchResults found;
  std::vector<SweepResult> swept;
  std::vector<DecompositionResult> decomposed;
  std::vector<TrialResult> tried;  // one an analysis of a trial
  NullResults null_results;
  std::optional<DecisionResult> decided;  // of `best`
  std::vector<TraceLane> trace_lanes;
  std::vector<TracedFigure> traced;

  // whether it is worth the money: alone, or on the draws of a projection; its slots are of `parameters`
  std::optional<Appraisal> appraisal;
  AppraisalResult appraised;
  RunFacts run;

  /// What was asked decides what is written, not what came of it: a projection stopped early has no estimates yet.
  enum class Kind {
    study,
    people,
    projection,  // it may have an appraisal too
    appraisal,   // without a model
  };
  Kind kind() const {
    if (people) return Kind::people;
    if (!model.empty() || !forecasts.empty()) return Kind::projection;
    return appraisal ? Kind::appraisal : Kind::study;
  }
};

}  // namespace desist
