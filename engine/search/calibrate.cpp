#include "engine/search/calibrate.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/search/adjust.hpp"
#include "engine/search/given.hpp"
#include "engine/search/identify.hpp"
#include "engine/search/predict.hpp"
#include "engine/search/sampling.hpp"

namespace desist {
namespace {

using Stopped = CalibrationResult::Stopped;

constexpr std::uint64_t fewest_particles = 100;
constexpr std::uint64_t afresh_number = 1ULL << 32;  // of luck: above the number of any target left out
constexpr double least_probability = 1e-12;  // a parameter's range ends there: quantiles are of an open interval

std::size_t fitted_of(const Calibration& calibration) {
  return static_cast<std::size_t>(std::count_if(calibration.targets.begin(), calibration.targets.end(),
                                                [](const Target& target) { return target.fitted; }));
}

void check(const Calibration& calibration, const ModelRecord& model, const std::vector<Arm>& arms) {
  const auto refuse = [](const std::string& why) { throw std::invalid_argument(why); };
  if (calibration.informed.empty()) refuse("a calibration needs an uncertain parameter");
  if (calibration.particles < fewest_particles) refuse("a calibration needs 100 particles or more");
  if (fitted_of(calibration) == 0) refuse("a calibration needs a target that is fitted");
  if (!(calibration.tolerance >= 0)) refuse("a tolerance is 0 or more");
  if (!(calibration.least_acceptance > 0 && calibration.least_acceptance <= 1))
    refuse("the least acceptance lies between 0 and 1");
  const auto slots = outcome_slots(model, arms.at(0).layout);
  for (const Target& target : calibration.targets) {
    if (target.arm >= arms.size() || target.outcome >= slots.size() || target.over.value_or(0) >= slots.size())
      refuse("a target has no arm or outcome");
    if (!(std::isfinite(target.low) && std::isfinite(target.high) && target.low <= target.high))
      refuse("the target '" + target.name + "' is no figure");
    if (calibration.method == Calibration::Method::synthetic && target.fitted && target.low < target.high)
      refuse("the target '" + target.name + "' is a range, which has no normal density");
  }
  if (calibration.method == Calibration::Method::synthetic && calibration.replicates < fitted_of(calibration) + 5)
    refuse("a synthetic likelihood needs more replicates than targets");
  if (calibration.method == Calibration::Method::synthetic && calibration.adjust != Calibration::Adjust::none)
    refuse("a synthetic likelihood has no distance to adjust for");
}

/// Of this calibration's luck: other than that of the runs on its posterior, and of each target left out.
std::uint64_t own_seed(std::uint64_t seed, std::uint64_t number) {
  return split_mix(split_mix(seed, fnv1a("calibration")), number);
}

Sampled sample(const Calibration& calibration, const Attempts& attempts, const RunControl& control) {
  return calibration.method == Calibration::Method::abc ? sample_abc(calibration, attempts, control)
                                                        : sample_synthetic(calibration, attempts, control);
}

/// What the posterior is made of.
Population posterior_of(const Calibration& calibration, const Sampled& sampled) {
  if (calibration.adjust == Calibration::Adjust::none) return sampled.kept;
  return adjusted_to_targets(calibration.targets, sampled.scales, sampled.tolerance, sampled.kept);
}

std::uint64_t replicates_of(const Calibration& calibration) {
  return calibration.method == Calibration::Method::abc ? 1 : calibration.replicates;
}

std::vector<double> figures_of(const Population& population, std::size_t t) {
  std::vector<double> values;
  for (const auto& outcomes : population.outcomes) values.push_back(outcomes[t]);
  return values;
}

SpreadOf predicted(const Population& population, std::size_t t) {
  return spread_of(figures_of(population, t), population.weights);
}

std::vector<TargetFit> target_fits(const Calibration& calibration, const Sampled& sampled, const Population& kept) {
  std::vector<TargetFit> fits(calibration.targets.size());
  for (std::size_t t = 0; t < fits.size(); ++t) {
    TargetFit& fit = fits[t];
    fit.scale = sampled.scales[t];
    fit.before = predicted(sampled.prior, t);
    fit.after = predicted(kept, t);
    place_printed(figures_of(kept, t), kept.weights, calibration.targets[t], fit.chance_below, fit.chance_above);
    if (sampled.skewness.empty()) continue;
    fit.on_log_scale = sampled.on_log_scale[t] != 0;
    fit.skewness = sampled.skewness[t];
    fit.excess_kurtosis = sampled.excess_kurtosis[t];
  }
  return fits;
}

/// Particles of equal weight: a row of the posterior each.
std::vector<std::size_t> rows_of(const Attempts& attempts, const Population& kept) {
  const double u = uniform(Streams(attempts.seed(), 0, 0).words(Purpose("calibration/resampling"), 0)[0]);
  return resampled(kept.weights, kept.size(), u);
}

Posterior posterior_rows(const Calibration& calibration, const Attempts& attempts, const ParameterDraws& draws,
                         const Population& kept, const std::string& name) {
  Posterior posterior;
  posterior.name = name;
  for (const std::size_t slot : calibration.informed) {
    const Parameter& parameter = draws.parameters()[slot];
    posterior.columns.push_back({parameter.name, std::monostate{}, parameter.unit});
  }
  std::vector<double> values(calibration.informed.size());
  for (const std::size_t particle : rows_of(attempts, kept)) {
    attempts.values(kept.scores[particle], values);
    posterior.rows.insert(posterior.rows.end(), values.begin(), values.end());
  }
  posterior.worth = effective_size(kept.weights) * kept.left_by_moving;
  return posterior;
}

}  // namespace

CalibrationResult calibrate(const Calibration& calibration, const ModelRecord& model, const std::vector<Arm>& arms,
                            const ParameterDraws& draws, const Window& window, const RunControl& control,
                            const std::string& posterior_name) {
  check(calibration, model, arms);
  const std::uint64_t seed = own_seed(draws.seed(), 0);
  const Attempts attempts(calibration, model, arms, draws, window, seed, replicates_of(calibration));
  CalibrationResult result;
  Sampled sampled = sample(calibration, attempts, control);
  const auto interrupted = [&] {
    result = {};
    result.stopped = Stopped::interrupted;
    return result;
  };
  if (sampled.stopped == Stopped::interrupted) return interrupted();
  result.stopped = sampled.stopped;
  result.tolerance = sampled.tolerance;
  result.generations = sampled.generations;
  const Population kept = posterior_of(calibration, sampled);
  result.worth = effective_size(kept.weights) * kept.left_by_moving;
  result.parameters = parameter_fits(calibration, attempts, draws, kept);
  const auto before = values_of(attempts, sampled.prior), after = values_of(attempts, kept);
  result.directions = principal_directions(before, after, kept.weights);
  result.combinations = combinations(before, after, kept.weights);
  for (const GivenAsked& asked : calibration.given) {
    const std::size_t slot = calibration.informed[asked.of];
    const ValueRange range{draws.quantile(slot, least_probability), draws.quantile(slot, 1 - least_probability)};
    result.given.push_back(parameter_given(asked, range, after, kept.weights, kept.left_by_moving));
  }
  if (!search_profiles(calibration, attempts, sampled, control, result.parameters)) return interrupted();
  result.attempts = sampled.attempts;

  result.targets = target_fits(calibration, sampled, kept);
  result.posterior = posterior_rows(calibration, attempts, draws, kept, posterior_name);
  const Attempts afresh(calibration, model, arms, draws, window, own_seed(draws.seed(), afresh_number), futures_of_row);
  std::vector<std::vector<double>> rows;
  for (const std::size_t particle : rows_of(attempts, kept)) rows.push_back(kept.scores[particle]);
  if (!predict_afresh(calibration.targets, afresh, rows, control, result.targets)) return interrupted();
  if (!calibration.leave_one_out || fitted_of(calibration) < 2) return result;
  for (std::size_t t = 0; t < calibration.targets.size(); ++t) {
    if (!calibration.targets[t].fitted) continue;
    Calibration others = calibration;
    others.targets[t].fitted = false;
    if (calibration.method == Calibration::Method::abc) others.tolerance = sampled.tolerance;
    const Attempts again(others, model, arms, draws, window, own_seed(draws.seed(), t + 1), replicates_of(others));
    const Sampled without = sample(others, again, control);
    if (without.stopped == Stopped::interrupted) return interrupted();
    result.attempts += without.attempts;
    const Population left = posterior_of(others, without);
    TargetFit& fit = result.targets[t];
    fit.left_out = predicted(left, t);
    place_printed(figures_of(left, t), left.weights, calibration.targets[t], fit.left_out_below, fit.left_out_above);
    const auto fits = parameter_fits(others, again, draws, left);
    for (std::size_t p = 0; p < fits.size(); ++p)
      fit.taught.push_back(result.parameters[p].contraction - fits[p].contraction);
  }
  return result;
}

std::optional<Posterior> learn_posterior(const Calibration& calibration, const ModelRecord& model,
                                         const std::vector<Arm>& arms, const ParameterDraws& draws,
                                         const Window& window, const RunControl& control, const std::string& name) {
  check(calibration, model, arms);
  Calibration fitted = calibration;  // what is held out teaches nothing, and its arms need no run
  std::erase_if(fitted.targets, [](const Target& target) { return !target.fitted; });
  const Attempts attempts(fitted, model, arms, draws, window, own_seed(draws.seed(), 0), replicates_of(fitted));
  const Sampled sampled = sample(fitted, attempts, control);
  if (sampled.stopped == Stopped::interrupted) return std::nullopt;
  return posterior_rows(fitted, attempts, draws, posterior_of(fitted, sampled), name);
}

ParameterDraws informed_draws(const ParameterDraws& draws, const Calibration& calibration, const Posterior& posterior) {
  std::vector<Parameter> parameters = draws.parameters();
  std::vector<Posterior> posteriors = draws.posteriors();
  for (std::size_t i = 0; i < calibration.informed.size(); ++i)
    parameters[calibration.informed[i]].law = PosteriorLaw{posteriors.size(), i};
  posteriors.push_back(posterior);
  std::vector<Correlation> correlations;  // those of informed parameters are in the posterior's rows
  for (const Correlation& group : draws.correlations())
    if (std::find(calibration.informed.begin(), calibration.informed.end(), group.parameters.front()) ==
        calibration.informed.end())
      correlations.push_back(group);
  return ParameterDraws(std::move(parameters), std::move(correlations), std::move(posteriors), draws.seed());
}

}  // namespace desist
