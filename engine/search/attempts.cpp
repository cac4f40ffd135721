#include "engine/search/attempts.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <Eigen/Core>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/random/distributions.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/simulation/chunk.hpp"
#include "engine/statistics/factorisations.hpp"

namespace desist {
namespace {

constexpr std::uint64_t attempts_in_task = 8;

bool has(const std::vector<std::size_t>& list, std::size_t value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<double> cholesky_of(const Correlation& correlation) {
  const auto n = static_cast<Eigen::Index>(correlation.parameters.size());
  Eigen::MatrixXd matrix(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) matrix(i, j) = correlation.matrix[static_cast<std::size_t>(i * n + j)];
  const statistics::Cholesky factor(matrix);  // ParameterDraws has checked it
  std::vector<double> lower;
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) lower.push_back(factor.lower()(i, j));
  return lower;
}

/// The draws with the informed parameters fixed at 0 and their correlations gone.
ParameterDraws without_informed(const Calibration& calibration, const ParameterDraws& draws, std::uint64_t seed) {
  std::vector<Parameter> parameters = draws.parameters();
  for (const std::size_t slot : calibration.informed) {
    if (slot >= parameters.size()) throw std::invalid_argument("a calibration informs a parameter that is not there");
    const Law& law = parameters[slot].law;
    if (!is_uncertain(law) || std::holds_alternative<PosteriorLaw>(law))
      throw std::invalid_argument("'" + parameters[slot].name + "' has no range of its own for targets to inform");
    parameters[slot].law = FixedLaw{0};
  }
  std::vector<Correlation> correlations;
  for (const Correlation& group : draws.correlations()) {
    const auto informed = std::count_if(group.parameters.begin(), group.parameters.end(),
                                        [&](std::size_t p) { return has(calibration.informed, p); });
    if (informed == 0)
      correlations.push_back(group);
    else if (static_cast<std::size_t>(informed) < group.parameters.size())
      throw std::invalid_argument("correlated parameters are informed together or not at all");
  }
  return ParameterDraws(std::move(parameters), std::move(correlations), draws.posteriors(), seed);
}

}  // namespace

Attempts::Attempts(const Calibration& calibration, const ModelRecord& model, const std::vector<Arm>& arms,
                   const ParameterDraws& draws, const Window& window, std::uint64_t seed, std::uint64_t replicates)
    : calibration_(calibration),
      model_(model),
      arms_(arms),
      laws_(draws),
      others_(without_informed(calibration, draws, seed)),
      window_(window),
      seed_(seed),
      replicates_(replicates) {
  for (const Correlation& correlation : draws.correlations()) {
    Group group;
    for (const std::size_t p : correlation.parameters) {
      const auto at = std::find(calibration.informed.begin(), calibration.informed.end(), p);
      if (at != calibration.informed.end())
        group.members.push_back(static_cast<std::size_t>(at - calibration.informed.begin()));
    }
    if (group.members.empty()) continue;
    group.factor = cholesky_of(correlation);
    groups_.push_back(std::move(group));
  }
  for (const Target& target : calibration.targets)
    if (target.fitted && !has(fitted_arms_, target.arm)) fitted_arms_.push_back(target.arm);
  for (const Target& target : calibration.targets)
    if (!has(fitted_arms_, target.arm) && !has(held_out_arms_, target.arm)) held_out_arms_.push_back(target.arm);
  slots_ = outcome_slots(model, arms.at(0).layout).size();
  series_ = model.series.size() * window.whole_weeks();
}

void Attempts::probabilities(std::span<const double> scores, std::span<double> u) const {
  const auto inside = [](double p) { return std::clamp(p, 0x1p-53, 1 - 0x1p-53); };
  for (std::size_t i = 0; i < scores.size(); ++i) u[i] = inside(standard_normal_cdf(scores[i]));
  for (const Group& group : groups_) {
    const std::size_t n = group.members.size();
    for (std::size_t i = 1; i < n; ++i) {
      double x = 0;
      for (std::size_t k = 0; k <= i; ++k) x += group.factor[i * n + k] * scores[group.members[k]];
      u[group.members[i]] = inside(standard_normal_cdf(x));
    }
  }
}

void Attempts::values(std::span<const double> scores, std::span<double> values) const {
  probabilities(scores, values);
  for (std::size_t i = 0; i < scores.size(); ++i) values[i] = laws_.quantile(calibration_.informed[i], values[i]);
}

void Attempts::simulate(std::uint64_t index, Attempt& attempt, const Worth& worth) const {
  std::vector<double> row = others_.row(index);
  std::vector<double> informed(dimension());
  values(attempt.scores, informed);
  for (std::size_t i = 0; i < informed.size(); ++i) row[calibration_.informed[i]] = informed[i];
  attempt.outcomes.assign(replicates_ * width(), missing);
  for (const std::size_t arm : fitted_arms_) simulate_arm(arm, index, row, attempt);
  if (held_out_arms_.empty() || !worth(attempt)) return;
  for (const std::size_t arm : held_out_arms_) simulate_arm(arm, index, row, attempt);
}

void Attempts::simulate_arm(std::size_t arm, std::uint64_t index, const std::vector<double>& row,
                            Attempt& attempt) const {
  std::vector<double> outcomes(replicates_ * slots_), series(replicates_ * series_);
  try {
    model_.bind(arms_[arm].layout, row_for(arms_[arm], row), window_)
        ->replicate_block(seed_, index, 0, replicates_, outcomes, series);
  } catch (const ReplicateFailure& failure) {
    fail(failure, arms_[arm], index, row);
  }
  for (std::size_t t = 0; t < width(); ++t)
    if (calibration_.targets[t].arm == arm)
      for (std::size_t r = 0; r < replicates_; ++r)
        attempt.outcomes[r * width() + t] =
            calibration_.targets[t].figure([&](std::size_t slot) { return outcomes[r * slots_ + slot]; });
}

void Attempts::fail(const ReplicateFailure& failure, const Arm& arm, std::uint64_t index,
                    const std::vector<double>& row) const {
  std::string drawn;
  for (std::size_t p = 0; p < row.size(); ++p)
    if (is_uncertain(laws_.parameters()[p].law))
      drawn += (drawn.empty() ? "" : ", ") + laws_.parameters()[p].name + " = " + shortest(row[p]);
  throw AttemptFailure({index, arm.name, failure.id().replicate}, "attempt " + std::to_string(index) +
                                                                      " of the calibration in arm '" + arm.name +
                                                                      "': " + failure.what() + "\n  it had " + drawn);
}

bool Attempts::run(std::uint64_t first, std::uint64_t last, const Propose& propose, const Worth& worth,
                   const Take& take, const RunControl& control) const {
  const std::size_t slots = control.threads <= 1 ? 1 : 2 * std::size_t{control.threads};
  std::vector<std::vector<Attempt>> made(slots);
  StopFlag enough{false};
  bool interrupted = false;
  const auto task = [&](std::size_t number, std::size_t slot) {
    std::vector<Attempt>& block = made[slot];
    const std::uint64_t from = first + number * attempts_in_task, to = std::min(last, from + attempts_in_task);
    block.resize(to - from);
    for (std::uint64_t index = from; index < to; ++index) {
      Attempt& attempt = block[index - from];
      attempt.scores.resize(dimension());
      Stream luck = Streams(seed_, index, 0).open(Purpose("calibration/proposal"), 0);
      propose(index, luck, attempt.scores);
      simulate(index, attempt, worth);
    }
  };
  const auto fold = [&](std::size_t number, std::size_t slot) {
    if (control.stop != nullptr && *control.stop) interrupted = true;
    for (std::size_t i = 0; i < made[slot].size() && !enough; ++i)
      if (!take(first + number * attempts_in_task + i, made[slot][i])) enough = true;
    if (interrupted) enough = true;
  };
  const std::uint64_t tasks = (last - first + attempts_in_task - 1) / attempts_in_task;
  run_in_order(0, tasks, std::max(1U, control.threads), slots, task, fold, enough);
  return !interrupted;
}

double distance_of(const std::vector<Target>& targets, std::span<const double> scales,
                   std::span<const double> outcomes) {
  double farthest = 0;
  for (std::size_t t = 0; t < targets.size(); ++t) {
    if (!targets[t].fitted) continue;
    const double value = outcomes[t];
    if (!std::isfinite(value)) return infinity;
    const double gap = std::max({0.0, targets[t].low - value, value - targets[t].high});
    if (gap > 0) farthest = std::max(farthest, gap / scales[t]);  // a scale of 0: infinite
  }
  return farthest;
}

}  // namespace desist
