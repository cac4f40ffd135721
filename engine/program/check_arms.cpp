// What binding the arms tells before anything is simulated: figures that contradict one another, levels that an arm
// can't have, and windows that don't hold the follow-up of a virtual trial.
#include <algorithm>
#include <span>
#include <stdexcept>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/pipeline.hpp"
#include "engine/search/null_box.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/trial/trial_run.hpp"

namespace desist {
namespace {

bool names(std::string_view text, std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_letter(text[at - 1])) && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

// "quorum (line 14)"; of an arm's own figure its line, of what the file leaves out that it has its default.
std::string where_given(const ExperimentSpec& spec, const Arm& arm, const std::string& parameter) {
  const auto& sources = spec.text.sources;
  for (const std::string& name : {arm.name + "." + parameter, parameter}) {
    const auto found =
        std::find_if(sources.begin(), sources.end(), [&](const auto& each) { return each.name == name; });
    if (found != sources.end()) return fmt::format("{} (line {})", parameter, found->line);
  }
  return parameter + " (not in the file: its default)";
}

// What of the file to change: the figures that the contradiction names.
std::string cure_of(const ExperimentSpec& spec, const Arm& arm, std::string_view contradiction) {
  std::vector<std::string> figures;
  for (const auto& each : spec.model->parameters)
    if (names(contradiction, each.name)) figures.push_back(where_given(spec, arm, each.name));
  if (figures.empty()) return "change the figures of this arm, or `ends` in [experiment]";
  return "change " + listed(figures, "or") + (names(contradiction, "window") ? ", or `ends` in [experiment]" : "");
}

// `of`: " of sweep 'Levels'".
auto bound(const ExperimentSpec& spec, const Arm& arm, const std::vector<double>& row, const std::string& of,
           const std::string& file) {
  try {
    return spec.model->bind(arm.layout, row_for(arm, row), spec.window);
  } catch (const std::invalid_argument& contradiction) {
    throw Failure(ExitCode::invalid_experiment,
                  fmt::format("{}: error: arm '{}'{} can't be run: {}\n  {}", file, arm.name, of, contradiction.what(),
                              cure_of(spec, arm, contradiction.what())));
  }
}

// Parameters that change nothing in any of the arms that were seen.
class IdleEverywhere {
 public:
  void see(const ExperimentSpec& spec, const Arm& arm, const std::vector<double>& row) {
    if (spec.model->idle == nullptr) return;
    const std::vector<IdleParameter> here = spec.model->idle(arm.layout, row_for(arm, row));
    if (!std::exchange(is_begun_, true)) idle_ = here;
    std::erase_if(idle_, [&](const IdleParameter& each) {
      return std::none_of(here.begin(), here.end(),
                          [&](const IdleParameter& other) { return other.name == each.name; });
    });
  }

  // Refuses those that [parameters] gives. What an arm sets for itself may be to say that it has none of it.
  void refuse(const ExperimentSpec& spec, const std::string& file) const {
    std::string problems;
    for (const FigureSource& source : spec.text.sources)
      for (const IdleParameter& each : idle_)
        if (source.name == each.name)
          problems += fmt::format(
              "{}{}:{}: error: '{}' would do nothing in any arm: {}\n  {}change what makes it idle in "
              "an arm",
              problems.empty() ? "" : "\n", file, source.line, each.name, each.why,
              may_be_left_out(spec, each.name) ? "take it out, or " : "");
    if (!problems.empty()) throw Failure(ExitCode::invalid_experiment, problems);
  }

 private:
  static bool may_be_left_out(const ExperimentSpec& spec, std::string_view name) {
    return std::any_of(spec.model->parameters.begin(), spec.model->parameters.end(),
                       [&](const ParameterField& field) { return field.name == name && field.off; });
  }

  bool is_begun_ = false;
  std::vector<IdleParameter> idle_;
};

// Binds some arms to the first draw.
void bind_all(const ExperimentSpec& spec, const std::vector<Arm>& arms, std::size_t count, const ParameterDraws& draws,
              const std::string& of, const std::string& file, IdleEverywhere& idle) {
  const std::vector<double> row = draws.row(0);
  for (std::size_t a = 0; a < count; ++a) {
    bound(spec, arms[a], row, of, file);
    idle.see(spec, arms[a], row);
  }
}

// The first person of each arm: an entry rule that nobody fits is found before anything is run.
void find_somebody(const ExperimentSpec& spec, const ParameterDraws& draws, const std::string& file) {
  if (spec.model->history_types.empty()) return;
  const std::vector<double> row = draws.row(0);
  for (std::size_t a = 0; a < spec.reported_arms; ++a) {
    const auto model = bound(spec, spec.arms[a], row, "", file);
    const HistoryRequest first;
    PersonHistories one;
    try {
      model->histories(Streams(spec.plan.seed, 0, 0), std::span(&first, 1), 1, one);
    } catch (const std::runtime_error& nobody) {
      throw Failure(ExitCode::invalid_experiment,
                    fmt::format("{}: error: arm '{}' can't be run: {}", file, spec.arms[a].name, nobody.what()));
    }
  }
}

// Arms of null programmes at each level of each unknown.
void bind_levels_of_unknowns(const ExperimentSpec& spec, const ParameterDraws& draws, const std::string& file,
                             IdleEverywhere& idle) {
  const NullProgramme& null = spec.null_programme;
  for (std::size_t u = 0; u < null.unknowns.size() && !spec.placebos.empty(); ++u) {
    std::vector<NullPoint> points;
    for (const std::size_t arm : null.unknowns[u].arms)
      for (std::size_t level = 0; level < null.unknowns[u].levels.size(); ++level) {
        NullPoint point;
        point.arm = arm;
        point.levels.resize(null.unknowns.size());
        point.levels[u] = level;
        points.push_back(std::move(point));
      }
    std::vector<const NullPoint*> all;
    for (const NullPoint& point : points) all.push_back(&point);
    const NullArms made = null_arms(null, all, spec.arms, draws);
    bind_all(spec, made.arms, made.arms.size(), made.draws, " of the null programme", file, idle);
  }
}

// One trial of each design, of its smallest size, on the middle of every law: the window holds it or not.
void try_trials(const ExperimentSpec& spec, const ParameterDraws& draws, const std::string& file) {
  if (spec.trials.empty()) return;
  std::vector<double> row;
  for (std::size_t p = 0; p < draws.parameters().size(); ++p) row.push_back(draws.quantile(p, 0.5));
  BoundArms arms;
  for (const Arm& arm : arms_of_trials(spec)) arms.push_back(bound(spec, arm, row, " of a virtual trial", file));
  for (std::size_t d = 0; d < spec.trials.size(); ++d) {
    try {
      TrialRunner(arms, {run_design(spec.trials[d], d, {spec.trials[d].sizes.front()})})
          .begin({spec.plan.seed, 0, 0, 0});
    } catch (const std::invalid_argument& contradiction) {
      throw Failure(ExitCode::invalid_experiment,
                    fmt::format("{}: error: a virtual trial can't be run: {}\n  change `ends` in [experiment], or "
                                "follow_up in [[trial]]",
                                file, contradiction.what()));
    }
  }
}

}  // namespace

std::vector<Arm> arms_of_trials(const ExperimentSpec& spec) {
  std::vector<Arm> arms(spec.arms.begin(), spec.arms.begin() + static_cast<std::ptrdiff_t>(spec.reported_arms));
  arms.insert(arms.end(), spec.trial_arms.begin(), spec.trial_arms.end());
  return arms;
}

void check_arms(const ExperimentSpec& spec, const ParameterDraws& draws, const std::string& file) {
  IdleEverywhere idle;
  bind_all(spec, spec.arms, spec.reported_arms, draws, "", file, idle);
  find_somebody(spec, draws, file);
  for (const Sweep& sweep : spec.sweeps) {
    const SweepArms levels = sweep_arms(sweep, spec.arms, draws);
    bind_all(spec, levels.arms, levels.arms.size(), levels.draws, fmt::format(" of sweep '{}'", sweep.label), file,
             idle);
  }
  for (const Decomposition& asked : spec.decompositions) {
    const DecompositionArms subsets = decomposition_arms(asked, spec.arms, draws);
    bind_all(spec, subsets.arms, subsets.arms.size(), subsets.draws, fmt::format(" of decomposition '{}'", asked.label),
             file, idle);
  }
  bind_levels_of_unknowns(spec, draws, file, idle);
  bind_all(spec, spec.trial_arms, spec.trial_arms.size(), draws, " of a virtual trial", file, idle);
  idle.refuse(spec, file);
  try_trials(spec, draws, file);
}

void check_arms(const ExperimentSpec& spec, const std::string& file) {
  if (spec.model == nullptr || !spec.posterior_names.empty()) return;
  check_arms(spec, ParameterDraws(spec.parameters, spec.correlations, {}, spec.plan.seed), file);
}

}  // namespace desist
