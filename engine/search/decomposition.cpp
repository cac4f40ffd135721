#include "engine/search/decomposition.hpp"

#include <cmath>
#include <span>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

/// Everything that is asked, from one mean each of the outcomes of each subset.
struct Shares {
  double total = 0, chance = 0;
  std::vector<double> subsets, mechanisms;
  double rest() const { return subsets.front(); }
};

/// The four outcomes of every subset in every draw, and their sums over the draws that count.
class Means {
 public:
  Means(const Decomposition& asked, const OutcomeTable& outcomes) : players_(asked.switches.size()) {
    const std::size_t subsets = std::size_t{1} << players_;
    const std::size_t slots[] = {asked.expected_from.value_or(asked.from), asked.expected_to.value_or(asked.to)};
    for (std::size_t s = 0; s < subsets; ++s)
      for (const std::size_t slot : slots) columns_.push_back(outcomes.draw_means(s, slot));
    for (const std::size_t slot : {asked.from, asked.to}) columns_.push_back(outcomes.draw_means(subsets - 1, slot));
    sums_.assign(columns_.size(), 0.0);
    for (std::size_t d = 0; d < columns_.front().size(); ++d) {
      bool whole = true;
      for (const auto& column : columns_) whole = whole && !std::isnan(column[d]);
      if (!whole) continue;
      used_.push_back(d);
      for (std::size_t c = 0; c < columns_.size(); ++c) sums_[c] += columns_[c][d];
    }
  }

  const std::vector<std::size_t>& used() const { return used_; }
  std::size_t draws() const { return columns_.front().size(); }
  double mean_from() const { return sums_[sums_.size() - 2] / static_cast<double>(used_.size()); }
  double mean_to() const { return sums_.back() / static_cast<double>(used_.size()); }

  /// Of all draws that count but one; of all where none is named.
  Shares shares(std::optional<std::size_t> without = {}) const {
    const auto log_sum = [&](std::size_t c) { return std::log(sums_[c] - (without ? columns_[c][*without] : 0)); };
    Shares found;
    for (std::size_t s = 0; s < std::size_t{1} << players_; ++s)
      found.subsets.push_back(log_sum(2 * s) - log_sum(2 * s + 1));
    found.mechanisms = shapley_values(found.subsets, players_);
    found.total = log_sum(columns_.size() - 2) - log_sum(columns_.size() - 1);
    found.chance = found.total - found.subsets.back();
    return found;
  }

 private:
  std::size_t players_;
  std::vector<std::span<const double>> columns_;
  std::vector<double> sums_;
  std::vector<std::size_t> used_;
};

/// Spread of leave-one-out values as a standard error (Efron & Stein 1981): sqrt((n - 1)/n sum (x_i - mean)^2).
struct Jackknife {
  double n = 0, mean = 0, squares = 0;
  void add(double value) {
    const double step = value - mean;
    mean += step / ++n;
    squares += step * (value - mean);
  }
  double error() const { return n < 2 ? missing : std::sqrt((n - 1) / n * squares); }
};

DecompositionResult result_of(const Decomposition& asked, const Means& means) {
  DecompositionResult result;
  result.draws = means.draws();
  result.left_out = result.draws - means.used().size();
  result.from = means.mean_from();
  result.to = means.mean_to();
  const Shares shares = means.shares();
  result.subsets = shares.subsets;
  const std::size_t k = asked.switches.size();
  Jackknife total, chance, rest;
  std::vector<Jackknife> mechanisms(k);
  for (const std::size_t d : means.used()) {
    const Shares others = means.shares(d);
    total.add(others.total);
    chance.add(others.chance);
    rest.add(others.rest());
    for (std::size_t m = 0; m < k; ++m) mechanisms[m].add(others.mechanisms[m]);
  }
  using Kind = DecompositionTerm::Kind;
  result.total = {Kind::rest, asked.label, shares.total, total.error()};
  if (asked.expected_from) result.terms.push_back({Kind::chance, "", shares.chance, chance.error()});
  for (std::size_t m = 0; m < k; ++m)
    result.terms.push_back({Kind::mechanism, asked.switches[m].label, shares.mechanisms[m], mechanisms[m].error()});
  result.terms.push_back({Kind::rest, "", shares.rest(), rest.error()});
  return result;
}

}  // namespace

std::vector<double> shapley_values(const std::vector<double>& worth, std::size_t players) {
  std::vector<double> values(players, 0.0);
  if (players == 0) return values;
  // Weight of a coalition of s others: s! (k - s - 1)!/k! = 1/(k binom(k - 1, s)).
  std::vector<double> weight(players);
  double choose = 1;
  for (std::size_t s = 0; s < players; ++s) {
    weight[s] = 1 / (static_cast<double>(players) * choose);
    choose = choose * static_cast<double>(players - 1 - s) / static_cast<double>(s + 1);
  }
  for (std::size_t m = 0; m < players; ++m)
    for (std::size_t coalition = 0; coalition < worth.size(); ++coalition) {
      if (coalition >> m & 1U) continue;
      std::size_t others = 0;
      for (std::size_t bits = coalition; bits != 0; bits &= bits - 1) ++others;
      values[m] += weight[others] * (worth[coalition | std::size_t{1} << m] - worth[coalition]);
    }
  return values;
}

DecompositionArms decomposition_arms(const Decomposition& asked, const std::vector<Arm>& arms,
                                     const ParameterDraws& draws) {
  DecompositionArms made;
  std::vector<Parameter> parameters = draws.parameters();
  std::vector<std::vector<std::size_t>> slots(asked.switches.size());  // of the numbers of each switch
  for (std::size_t m = 0; m < asked.switches.size(); ++m)
    for (const auto& [field, value] : asked.switches[m].numbers) {
      slots[m].push_back(parameters.size());
      parameters.push_back(
          {"(switch " + std::to_string(parameters.size()) + ")", asked.switches[m].label, "", FixedLaw{value}});
    }
  for (std::size_t s = 0; s < std::size_t{1} << asked.switches.size(); ++s) {
    Arm variant = arms[asked.arm];
    variant.variant = !made.arms.empty();  // a run's first arm can't be one
    std::vector<std::string> off;
    for (std::size_t m = 0; m < asked.switches.size(); ++m) {
      if (s >> m & 1U) continue;
      const DecompositionSwitch& each = asked.switches[m];
      off.push_back(each.label);
      for (const auto& [field, choice] : each.words) variant.layout.fields[field].choice = choice;
      for (std::size_t i = 0; i < each.numbers.size(); ++i)
        variant.layout.fields[each.numbers[i].first].pieces.push_back({-infinity, {}, slots[m][i]});
    }
    variant.name += off.empty() ? " (all at work)" : " (without " + listed(off) + ")";
    made.arms.push_back(std::move(variant));
  }
  made.draws = ParameterDraws(std::move(parameters), draws.correlations(), draws.posteriors(), draws.seed());
  return made;
}

std::vector<DecompositionResult> decompose(const std::vector<Decomposition>& asked, const ModelRecord& model,
                                           const std::vector<Arm>& arms, const ParameterDraws& draws,
                                           const Window& window, const Plan& plan, const RunControl& control) {
  std::vector<DecompositionResult> results;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    Plan alone = plan;
    alone.to_a_rule = false;
    alone.draws = asked[i].draws;
    alone.replicates_per_draw = 1;  // a draw's mean is then one future
    alone.keep_draw_means = asked[i].draws;
    RunControl quiet = control;
    quiet.checkpoint.clear();
    const DecompositionArms made = decomposition_arms(asked[i], arms, draws);
    const OutcomeTable outcomes = simulate(model, made.arms, made.draws, window, alone, nullptr, quiet);
    if (!outcomes.complete()) return results;
    DecompositionResult result = result_of(asked[i], Means(asked[i], outcomes));
    result.decomposition = i;
    result.arm = arms[asked[i].arm].name;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace desist
