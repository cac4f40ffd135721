#include "engine/estimation/stopping.hpp"

#include <cmath>
#include <numbers>

#include <boost/math/distributions/students_t.hpp>

#include "engine/core/boost_policy.hpp"
#include "engine/core/limits.hpp"

namespace desist {
namespace {

Rival against(std::span<const double> leader, std::span<const double> rival, double sign, double alpha) {
  std::uint64_t pairs = 0;
  double mean = 0, squares = 0;  // Welford 1962
  for (std::size_t d = 0; d < leader.size(); ++d) {
    const double difference = sign * (leader[d] - rival[d]);
    if (std::isnan(difference)) continue;
    const double step = difference - mean;
    mean += step / static_cast<double>(++pairs);
    squares += step * (difference - mean);
  }
  Rival result;
  if (pairs < 2) {
    result.lead = mean;
    result.mc_error = infinity;
    result.at_least = -result.mc_error;
    return result;
  }
  const auto n = static_cast<double>(pairs);
  result.lead = mean;
  result.mc_error = std::sqrt(squares / (n - 1) / n);
  const boost::math::students_t_distribution<double, BoostPolicy> law(n - 1);
  result.at_least = mean - boost::math::quantile(boost::math::complement(law, alpha)) * result.mc_error;
  return result;
}

double mean_of(std::span<const double> values) {
  double sum = 0;
  std::uint64_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value;
    ++count;
  }
  return count == 0 ? missing : sum / static_cast<double>(count);
}

}  // namespace

StoppingRule precision_rule(double target) {
  return [target](const OutcomeTable& outcomes) {
    for (std::size_t arm = 0; arm < outcomes.arms().size(); ++arm) {
      if (outcomes.arms()[arm].variant) continue;
      for (std::size_t outcome = 0; outcome < outcomes.outcomes().size(); ++outcome) {
        const OutcomeField& field = outcomes.outcome_fields()[outcomes.outcomes()[outcome].field];
        if (field.kind != OutcomeField::Kind::chance) continue;
        const Moments moments = outcomes.moments(arm, outcome);
        const bool all_or_none = moments.mean <= 0 || moments.mean >= 1;
        const double error = all_or_none ? 1 / static_cast<double>(moments.draws) : moments.standard_error();
        if (!(error < target)) return false;
      }
    }
    return true;
  };
}

DecisionResult judge_look(const std::vector<std::span<const double>>& arms, const Decision& decision,
                          std::uint64_t look) {
  const double sign = decision.more_is_better ? 1 : -1;
  DecisionResult result;
  result.look = look;
  result.draws = arms.empty() ? 0 : arms.front().size();
  double best = -infinity;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    const double mean = sign * mean_of(arms[arm]);
    if (mean > best) {
      best = mean;
      result.leader = arm;
    }
  }
  if (arms.size() < 2) return result;
  const auto k = static_cast<double>(look + 1);
  const double alpha =
      6 * decision.alpha / (std::numbers::pi * std::numbers::pi * k * k) / static_cast<double>(arms.size() - 1);
  double lowest = infinity;
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    if (arm == result.leader) continue;
    Rival rival = against(arms[result.leader], arms[arm], sign, alpha);
    rival.arm = arm;
    lowest = std::min(lowest, rival.at_least);
    result.rivals.push_back(rival);
  }
  using enum DecisionResult::Verdict;
  result.verdict = lowest > 0 ? settled : lowest > -decision.within ? settled_within : not_settled;
  return result;
}

DecisionResult decide(const OutcomeTable& outcomes, const Decision& decision, std::uint64_t first_look) {
  std::vector<std::span<const double>> means;
  std::vector<std::size_t> arms;
  for (std::size_t arm = 0; arm < outcomes.arms().size(); ++arm) {
    if (outcomes.arms()[arm].variant) continue;
    means.push_back(outcomes.draw_means(arm, decision.outcome));
    arms.push_back(arm);
  }
  std::uint64_t look = 0;
  while (first_look << look < outcomes.draws()) ++look;
  DecisionResult result = judge_look(means, decision, look);
  result.draws = outcomes.draws();
  result.leader = arms.at(result.leader);
  for (Rival& rival : result.rivals) rival.arm = arms.at(rival.arm);
  return result;
}

StoppingRule decision_rule(const Decision& decision, std::uint64_t first_look) {
  return [decision, first_look](const OutcomeTable& outcomes) {
    return decide(outcomes, decision, first_look).verdict != DecisionResult::Verdict::not_settled;
  };
}

}  // namespace desist
