// `desist check`: in words what a run will do, and what can be told apart.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/estimation/event_outcomes.hpp"
#include "engine/program/paragraphs.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

std::string thousands(std::uint64_t number) { return whole_number(static_cast<double>(number)); }

void say_sources(Paragraphs& words, const ReportInput& text) {
  const auto of_kind = [&](FigureSource::Kind kind) {
    std::vector<const FigureSource*> all;
    for (const FigureSource& source : text.sources)
      if (source.kind == kind) all.push_back(&source);
    return all;
  };
  const auto printed = of_kind(FigureSource::Kind::evidence), studied = of_kind(FigureSource::Kind::study);
  const auto assumed = of_kind(FigureSource::Kind::assumption), chosen = of_kind(FigureSource::Kind::choice);
  words.say("Figures", fmt::format("{} with evidence, {}, {}{}", printed.size(), counted(assumed.size(), "assumption"),
                                   counted(chosen.size(), "choice"),
                                   studied.empty() ? "" : fmt::format(", {} from studies", studied.size())));
  for (const FigureSource* source : assumed)
    words.say("Assumed", fmt::format("{} = {}: {}", source->name, source->printed, source->reason));
  for (const FigureSource* source : chosen)
    words.say("Chosen", fmt::format("{} = {}: {}", source->name, source->printed, source->reason));
}

// What is counted in weeks of a figure that the file chooses moves with it, silently.
void say_what_moves(Paragraphs& words, const ReportInput& text) {
  for (const FigureSource& source : text.sources)
    if (const std::string chosen = counted_in_choice(text, source); !chosen.empty())
      words.say("Careful", fmt::format("{} is counted in {}, which is chosen here: another value moves both. An arm "
                                       "that sets {} from a later day on keeps it",
                                       source.name, chosen, chosen));
}

void say_sums(Paragraphs& words, const ReportInput& text) {
  for (const Sum& sum : text.sums) {
    words.say("Sums", fmt::format("{}: {}", sum.label, sum.text));
    for (const SumResult& result : sum.results)
      words.say("Sums", fmt::format("{} = {} = {}, said as {}", result.name, result.in_numbers, unrounded(result.value),
                                    result.shown));
  }
}

void say_pictures(Paragraphs& words, const ReportInput& text) {
  for (const FigureRequest& figure : text.figures) {
    std::string of;
    if (!figure.parameters.empty())
      of = fmt::format(" of {}", listed(figure.parameters));
    else if (figure.draw == "operating_characteristics")
      of = fmt::format(" of analysis '{}'", figure.of);
    else if (figure.draw == "levels")
      of = fmt::format(" of sweep '{}'", figure.of);
    else if (figure.draw == "decomposition")
      of = fmt::format(" of decomposition '{}'", figure.of);
    else if (figure.draw == "null_band")
      of = fmt::format(" of placebo '{}'", figure.of);
    else if (!figure.of.empty() && figure.arms.empty())  // of a forecast, or of an appraisal's effect or study
      of = fmt::format(" of {}", figure.of);
    else if (!figure.of.empty())
      of = fmt::format(" of {}{} in arm '{}'", figure.of, figure.item.empty() ? "" : " by " + figure.item,
                       figure.arms.at(0));
    if (figure.draw == "twin_traces")
      of = fmt::format(" of {} in arms {}", counted(figure.people, "person"), listed(figure.arms));
    if (!figure.series.empty()) of = fmt::format(" of {} by week", figure.series);
    if (!figure.outcomes.empty()) of = fmt::format(" of {}", listed(figure.outcomes));
    words.say("Pictures", fmt::format("{}: {}{}", figure.name, figure.draw, of));
  }
}

void say_study(Paragraphs& words, const ExperimentSpec& spec) {
  const Study& study = spec.studies.front();
  words.say("Study", study.source);
  const std::string design =
      study.design == Design::randomised  ? "randomised: intention to treat comes first"
      : study.design == Design::nested    ? "nested: the treated against the untreated remainder, no causal word"
      : study.design == Design::described ? "described: nothing is compared; the print is audited and shown"
                                          : "compared with people chosen otherwise: no causal word";
  words.say("Design", design);
  for (const Group& group : study.groups) {
    const PrintedCell* people = group.cell("people");
    words.say("Groups", fmt::format("{}: {} people, {}", group.name, people ? people->printed.text : "?",
                                    counted(group.cells.size() - (people ? 1 : 0), "cell")));
  }
  for (const Comparison& comparison : study.comparisons)
    words.say("Compares",
              fmt::format("{}: {} against {}", comparison.label, listed(comparison.treated), comparison.against));
  for (const StudyOutcome& outcome : study.outcomes)
    words.say("Outcomes", fmt::format("{}: {}{}", outcome.name, outcome.label,
                                      outcome.describe_only ? " (described only)"
                                      : outcome.headline    ? " (first screen)"
                                                            : ""));
  for (const Claim& claim : study.claims)
    words.say("Claims", fmt::format("\"{}\" ({}): tests {}", claim.text, claim.where, claim.test));
  words.say("Draws",
            fmt::format("none: intervals are computed, not simulated; seed {} is for posterior draws", spec.plan.seed));
}

std::string_view kind_words(const PersonOutcome& outcome) {
  switch (outcome.kind) {
    case PersonOutcome::Kind::yes_no:
      return "yes or no";
    case PersonOutcome::Kind::count:
      return outcome.exposure.empty() ? "how often" : "how often, over time at risk";
    case PersonOutcome::Kind::time:
      return outcome.cause.empty() ? "time until it happens" : "time until it happens, other causes competing";
    case PersonOutcome::Kind::amount:
      break;
  }
  return "an amount";
}

// Without those that are made from events.
std::size_t columns_read(const DataFile& people) {
  return static_cast<std::size_t>(std::count_if(people.columns.begin(), people.columns.end(),
                                                [](const DataColumn& column) { return !column.made; }));
}

void say_people(Paragraphs& words, const ExperimentSpec& spec) {
  const PersonStudy& study = *spec.people;
  if (!study.source.empty()) words.say("Study", study.source);
  if (study.people.rows > 0) {
    words.say("Data", fmt::format("{}: {}, {} used", study.people.shown_as, counted(study.people.rows, "row"),
                                  counted(columns_read(study.people), "column")));
    for (const std::string& line : in_words(study.people)) words.say("Data", line);
    for (const std::string& line : study.event_files) words.say("Data", line);
    words.say("Design", study.design == Design::randomised ? "randomised: intention to treat comes first"
                                                           : "people were put into groups otherwise: no causal word");
    if (!study.arms.empty())
      words.say("Arms",
                fmt::format("{} of '{}', the others against '{}'", listed(study.arms), study.arm, study.control));
    words.say("Small", study.smallest_shown > 0
                           ? fmt::format("numbers of people below {} are not shown, nor what would give them away",
                                         study.smallest_shown)
                           : "all numbers are shown: " + study.shown_why);
  }
  for (const PersonOutcome& outcome : study.outcomes)
    words.say("Outcomes",
              fmt::format("{}: {}, {}{}", outcome.name, outcome.label,
                          outcome.from_events ? in_words(*outcome.from_events) : std::string(kind_words(outcome)),
                          outcome.headline ? " (first screen)" : ""));
  for (const EventNote& note : study.event_notes)
    if (note.kind != "outcome" && note.kind != "left out") words.say("Events", note.text);
  for (const std::string& line : study.event_places) words.say("Left out", line);
  for (const StudyEffect& effect : study.results)
    words.say("Results", effect.counts ? fmt::format("{}: {} of {} against {} of {}", effect.label, effect.x1,
                                                     effect.n1, effect.x0, effect.n0)
                                       : fmt::format("{}: {} with error {}", effect.label, shortest(effect.estimate),
                                                     shortest(effect.error)));
  if (study.funnel)
    for (const FunnelStep& step : study.funnel->steps) {
      std::vector<std::string> counts;
      for (const std::int64_t count : step.counts) counts.push_back(thousands(static_cast<std::uint64_t>(count)));
      const std::string whole = !step.of.empty() ? " of " + step.of : !step.per.empty() ? " for " + step.per : "";
      words.say("Funnel", fmt::format("{}: {}{}", step.name, listed(counts), whole));
    }
  for (const Analysis& analysis : study.analyses)
    words.say("Analyses", fmt::format("{}: {}{} - {}", analysis.name, analysis.method,
                                      analysis.outcome.empty() ? "" : " of " + analysis.outcome,
                                      find_estimator(analysis.method)->help));
}

void say_draws(Paragraphs& words, const Plan& plan, const std::optional<BestText>& best) {
  const std::string each = fmt::format("{} a draw", counted(plan.replicates_per_draw, "replicate"));
  if (plan.to_a_rule) {
    std::vector<std::string> until;
    if (plan.precision)
      until.push_back(
          fmt::format("the Monte Carlo error of every chance is below {} in 100", shortest(*plan.precision * 100)));
    if (best)
      until.push_back(fmt::format("the arm with the {} {} is known, or leads within {}",
                                  best->rule.more_is_better ? "greatest" : "least", best->label, best->within));
    words.say("Draws", fmt::format("{} at first, doubled until {},", thousands(plan.first_look), listed(until)));
    words.say("Draws", fmt::format("at most {}; {}, in every arm on common luck; seed {}", thousands(plan.most_draws),
                                   each, plan.seed));
  } else {
    words.say("Draws",
              fmt::format("{} with {}, in every arm on common luck; seed {}", thousands(plan.draws), each, plan.seed));
  }
  words.say(
      "Split",
      plan.replicates_per_draw >= 2
          ? "the spread of every outcome can be split into parameters and luck"
          : "with one replicate a draw, parameters and luck can't be told apart; replicates_per_draw = 2 would do");
  words.say("Quantiles", plan.exact_quantiles()
                             ? "exact: every value is kept"
                             : "of single outcomes within half a bin of 1 in 4,096, of weekly bands 1 in 128");
  if (plan.keep_replicates) words.say("Kept", "a file with one row a replicate");
}

void say_forecasts(Paragraphs& words, const ReportInput& text) {
  for (const Forecast& forecast : text.forecasts)
    words.say(
        "Forecasts",
        fmt::format("{}: {} from {} on, from {}{}", forecast.name, counted(forecast.years, "year"),
                    forecast.next_year.in_words(), listed(forecast.printed),
                    forecast.sets.empty() ? "" : fmt::format("; sets '{}', the years drawn together", forecast.sets)));
}

/// What is left out, by name: the whole sentences would bury the rest of what a model of many parameters does.
void say_switched_off(Paragraphs& words, const ReportInput& text) {
  constexpr std::size_t widest = 110;
  std::string line;
  for (const std::string& each : text.defaults_used) {
    const std::string part = each.substr(0, each.find(": "));
    if (!line.empty() && line.size() + part.size() > widest) {
      words.say("Switched off", line + ";");
      line.clear();
    }
    line += (line.empty() ? "" : "; ") + part;
  }
  if (!line.empty()) words.say("Switched off", fmt::format("{}: `desist new {}` says what each is", line, text.model));
}

void say_targets(Paragraphs& words, const ExperimentSpec& spec) {
  if (!spec.calibration) return;
  const Calibration& calibration = *spec.calibration;
  for (std::size_t t = 0; t < calibration.targets.size(); ++t) {
    const TargetText& text = spec.text.target_texts[t];
    words.say("Targets", fmt::format("{}: {}{} in arm '{}' is to be {}{}", calibration.targets[t].name, text.outcome,
                                     text.item.empty() ? "" : " by " + text.item, text.arm, text.printed,
                                     calibration.targets[t].fitted ? "" : " (held out)"));
  }
  std::vector<std::string> names;
  for (const std::size_t slot : calibration.informed) names.push_back(spec.parameters[slot].name);
  words.say("Informs", fmt::format("{}: everything below is run on what the targets leave of them", listed(names)));
  if (calibration.adjust == Calibration::Adjust::regression)
    words.say("Adjusted", "sets that come near the targets are moved to them by a linear regression");
}

/// What a trial's analyses draw by themselves, which is what takes the time.
void say_draws_of_trials(Paragraphs& words, const TrialDesign& design) {
  for (const TrialAnalysis& analysis : design.analyses) {
    const double each = draws_of(analysis);
    if (each == 0) continue;
    words.say("Trials", fmt::format("{}, {}: {} draws in each trial at each size, of {:.1e} people in all", design.name,
                                    analysis.analysis.name, thousands(static_cast<std::uint64_t>(each)),
                                    each * people_analysed(design)));
  }
}

void say_placebos(Paragraphs& words, const ExperimentSpec& spec) {
  if (spec.placebos.empty()) return;
  const NullProgramme& null = spec.null_programme;
  for (std::size_t p = 0; p < spec.placebos.size(); ++p) {
    const PlaceboText& text = spec.text.placebo_texts[p];
    const std::string printed = !text.printed_fall.empty()    ? "a fall of " + text.printed_fall
                                : !text.printed_ratio.empty() ? text.printed_ratio + " of it left"
                                                              : text.printed_before + " and " + text.printed_after;
    words.say("Placebos", fmt::format("{}: {} and {}{}, printed as {}", spec.placebos[p].name, text.before, text.after,
                                      text.times.empty() ? "" : fmt::format(" in {}", text.times), printed));
  }
  std::vector<std::string> arms;
  for (const std::size_t arm : null.arms) arms.push_back(spec.arms[arm].name);
  words.say("Null", fmt::format("arms {}, in which nothing may have an effect (this is not checked); {} points, {} "
                                "futures at each{}",
                                listed(arms), thousands(count_points(null)), thousands(null.futures),
                                null.match ? fmt::format("; '{}' is set so that the number before is as printed",
                                                         spec.parameters[null.match->parameter].name)
                                           : ""));
  if (!spec.text.null_draws.empty())
    words.say("Drawn", "within each point, not held at levels: " + listed(spec.text.null_draws));
  for (const NullUnknown& unknown : null.unknowns) {
    std::vector<std::string> in;
    for (const std::size_t arm : unknown.arms) in.push_back(spec.arms[arm].name);
    words.say("Unknown", fmt::format("{}: {}{}{}", unknown.name, listed(unknown.level_words),
                                     unknown.arms == null.arms ? "" : "; in " + listed(in),
                                     unknown.is_share_counted ? "; the share at which nothing is left is worked out"
                                     : !unknown.field         ? "; every figure after is multiplied by it"
                                                              : ""));
  }
}

void say_projection(Paragraphs& words, const ExperimentSpec& spec) {
  const ReportInput& text = spec.text;
  words.say("Model", fmt::format("{}: {}", text.model, text.model_summary));
  words.say("Window", fmt::format("{} to {}, {} weeks", spec.window.start.in_words(), spec.window.end.in_words(),
                                  spec.window.whole_weeks()));
  say_arms(words, text);
  say_forecasts(words, text);
  say_parameters(words, spec);
  say_switched_off(words, text);
  say_targets(words, spec);
  say_draws(words, spec.plan, text.best);
  for (std::size_t i = 0; i < spec.needs.size(); ++i) {
    std::vector<std::string> arms;
    for (const std::size_t arm : spec.needs[i].arms) arms.push_back(spec.arms[arm].name);
    words.say("Needs", fmt::format("the {} {} so that {}; in {}",
                                   spec.needs[i].look_for == Need::Extreme::least ? "fewest" : "most",
                                   spec.needs[i].label, text.need_texts[i], listed(arms)));
  }
  for (std::size_t i = 0; i < spec.sweeps.size(); ++i) {
    const Sweep& sweep = spec.sweeps[i];
    std::vector<std::string> arms, levels;
    for (const std::size_t arm : sweep.arms) arms.push_back(spec.arms[arm].name);
    for (const double level : sweep.levels) levels.push_back(shortest(level));
    const std::string& item = text.sweep_texts[i].item;
    words.say("Levels", fmt::format("{}{} at {} {}; in {}; {} draws each", text.sweep_texts[i].outcome,
                                    item.empty() ? "" : " by " + item, listed(levels), sweep.vary, listed(arms),
                                    thousands(sweep.draws)));
  }
  for (const Decomposition& asked : spec.decompositions) {
    std::vector<std::string> mechanisms;
    for (const DecompositionSwitch& each : asked.switches) mechanisms.push_back(each.label);
    const auto name = [&](std::size_t slot) {
      const OutcomeSlot of = outcome_slots(*spec.model, spec.arms.front().layout)[slot];
      return spec.model->outcomes[of.field].name + (of.item.empty() ? "" : " by " + of.item);
    };
    words.say("Parts", fmt::format("{}: {} to {} in {}, among {}; {} subsets, {} draws each", asked.label,
                                   name(asked.from), name(asked.to), spec.arms[asked.arm].name, listed(mechanisms),
                                   std::size_t{1} << mechanisms.size(), thousands(asked.draws)));
  }
  for (const TrialDesign& design : spec.trials) {
    if (design.is_other_follow_up) {
      words.say("Trials", fmt::format("{}: the same followed for {} weeks", design.name, shortest(design.follow_up)));
      continue;
    }
    if (design.repeats) {
      words.say("Trials", fmt::format("{}: the same among people with other careers, {}", design.name, design.careers));
      continue;
    }
    std::vector<std::string> analyses;
    for (const TrialAnalysis& analysis : design.analyses) analyses.push_back(analysis.analysis.name);
    words.say("Trials",
              fmt::format("{}: {} against {}, {}; {} from {} to {} people, {} trials; analysed as {}", design.name,
                          spec.arms[design.treated].name, spec.arms[design.control].name, assignment_words(design),
                          counted(design.sizes.size(), "size"), design.sizes.front(), design.sizes.back(),
                          thousands(design.trials), listed(analyses)));
    say_draws_of_trials(words, design);
  }
  say_placebos(words, spec);
  say_appraisal(words, spec);
  for (const ProjectionClaim& claim : text.claims)
    words.say("Claims", fmt::format("\"{}\" ({}): the chance of {}{} in {}", claim.text, claim.where, claim.outcome,
                                    claim.item.empty() ? "" : " by " + claim.item, counted(claim.arms.size(), "arm")));
  for (const Benchmark& line : text.benchmarks)
    words.say("Lines", fmt::format("{}: {} (nobody can choose it)", line.label, line.printed));
}

void say_appraisal_alone(Paragraphs& words, const ExperimentSpec& spec) {
  say_arms(words, spec.text);
  if (!spec.parameters.empty()) say_parameters(words, spec);
  say_appraisal(words, spec);
  if (spec.appraisal->table)
    words.say("Draws",
              fmt::format("the {} rows of {}", thousands(spec.appraisal->table->draws), spec.appraisal->table->file));
  else
    words.say("Draws", fmt::format("{} of the figures, in every arm on common luck; seed {}",
                                   thousands(spec.plan.draws), spec.plan.seed));
}

}  // namespace

std::string check_words(const ExperimentSpec& spec) {
  Paragraphs words;
  words.heading(fmt::format("{}: nothing wrong. `desist run` will do this:", spec.text.file_shown_as));
  words.say("Question", spec.text.question);
  if (!spec.text.unprinted.empty())
    words.say("Unprinted", fmt::format("{}: the answer will be that it can't be answered with these figures, and what "
                                       "each number would mean",
                                       spec.text.unprinted));
  if (spec.people)
    say_people(words, spec);
  else if (spec.model)
    say_projection(words, spec);
  else if (spec.appraisal)
    say_appraisal_alone(words, spec);
  else if (spec.studies.empty())
    say_forecasts(words, spec.text);
  else
    say_study(words, spec);
  say_sources(words, spec.text);
  say_what_moves(words, spec.text);
  say_sums(words, spec.text);
  say_pictures(words, spec.text);
  words.say("Results", fmt::format("results/{}/", spec.text.name));
  return words.text();
}

}  // namespace desist
