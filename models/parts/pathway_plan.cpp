#include "models/parts/pathway_plan.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>

#include "engine/random/inverse_normal.hpp"

namespace desist {
namespace {

std::int64_t whole(double servers) { return std::llround(servers); }

/// Integral of the whole number of servers over [0, end].
double server_weeks(const Steps& servers, double end) {
  const auto steps = servers.steps();
  double sum = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const double from = i == 0 ? 0 : std::max(0.0, steps[i].from);
    const double to = i + 1 == steps.size() ? end : std::min(end, steps[i + 1].from);
    if (from < to) sum += static_cast<double>(whole(steps[i].value)) * (to - from);
  }
  return sum;
}

bool always_zero(const Steps& steps) {
  return std::all_of(steps.steps().begin(), steps.steps().end(), [](const auto& step) { return step.value == 0; });
}

/// The stage that `wait_until` names.
std::size_t stage_named(const PathwayParameters& parameters) {
  const auto& stages = parameters.stages;
  if (parameters.wait_until.empty()) return stages.size() - 1;
  if (parameters.wait_until.size() > 1) throw std::invalid_argument("wait_until names more than one stage");
  const auto at = std::find(stages.begin(), stages.end(), parameters.wait_until.front());
  if (at == stages.end())
    throw std::invalid_argument("wait_until names '" + parameters.wait_until.front() +
                                "', which is none of the stages");
  return static_cast<std::size_t>(at - stages.begin());
}

}  // namespace

PathwayPlan::PathwayPlan(const PathwayParameters& parameters, const Window& window)
    : waiting(parameters, window),
      demand(parameters, window, waiting.last_week),
      exponential(parameters.time_law == PathwayParameters::TimeLaw::exponential),
      deterred(parameters.deterrence > 0),
      return_share(parameters.return_share),
      return_delay(parameters.return_delay) {
  if (parameters.stages.empty()) throw std::invalid_argument("a pathway needs one stage or more in stages");
  waits_until = stage_named(parameters);
  bool takes_time = false;
  for (std::size_t s = 0; s < parameters.stages.size(); ++s) {
    const double cv = parameters.time_cv[s];
    if (exponential && cv != 0)
      throw std::invalid_argument("time_law = \"exponential\" has a time_cv of 1: leave time_cv out");
    PathwayStage stage;
    stage.servers = whole(parameters.servers[s].at(0));
    stage.time = parameters.time[s];
    stage.spread = std::sqrt(std::log1p(cv * cv));
    stage.continues = parameters.continues[s];
    stage.patience = parameters.patience[s];
    stage.cost = parameters.cost[s];
    stage.waiting = static_cast<int>(std::lround(parameters.starting_backlog[s]));
    stage.longest_wait = parameters.starting_wait[s];
    stage.served = static_cast<int>(std::lround(parameters.starting_served[s]));
    stage.server_weeks = server_weeks(parameters.servers[s], waiting.end);
    takes_time = takes_time || !always_zero(stage.time);
    stages.push_back(stage);
    for (const Steps::Step& step : parameters.servers[s].steps())
      if (step.from > 0) changes.push_back({step.from, static_cast<std::uint32_t>(s), whole(step.value)});
  }
  if (return_share == 1 && return_delay == 0 && !takes_time)
    throw std::invalid_argument(
        "with a return_share of 100%, a return_delay of 0 and a time of 0 a case never stops coming back");
  const PathwayStage& wait_ends = stages[waits_until];
  for (int i = 0; i < wait_ends.waiting; ++i) waiting.starting.push_back(wait_ends.came_before_start(i));
  std::sort(changes.begin(), changes.end(), [](const ServersChange& a, const ServersChange& b) {
    return a.time < b.time || (a.time == b.time && a.stage < b.stage);
  });
}

double PathwayPlan::time_of(const PathwayStage& stage, std::uint64_t word, double now) const {
  const double mean = stage.time.at(now);
  if (exponential) return -mean * std::log(uniform(word));
  if (stage.spread == 0) return mean;
  return mean * std::exp(stage.spread * (inverse_normal(uniform(word)) - stage.spread / 2));
}

double PathwayPlan::time_left(const PathwayStage& stage, Words words) const {
  const double mean = stage.time.at(0);
  if (exponential) return -mean * std::log(uniform(words[0]));
  double met = mean;
  if (stage.spread != 0) met = mean * std::exp(stage.spread * (inverse_normal(uniform(words[0])) + stage.spread / 2));
  return uniform(words[1]) * met;
}

}  // namespace desist
