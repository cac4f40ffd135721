#include "engine/search/decomposition.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "engine/core/limits.hpp"
#include "engine/core/text.hpp"
#include "engine/statistics/draw_values.hpp"

namespace desist {
namespace {

/// Everything that is asked, from one mean each of the outcomes of each subset.
struct Shares {
  double total = 0, chance = 0;
  std::vector<double> subsets, mechanisms;
  double rest() const { return subsets.front(); }
};

/// The outcomes that a decomposition needs, of every subset in every replicate of every draw.
class Means {
 public:
  explicit Means(const Decomposition& asked)
      : players_(asked.switches.size()),
        slots_{asked.expected_from.value_or(asked.from), asked.expected_to.value_or(asked.to), asked.from, asked.to},
        replicates_(asked.replicates),
        width_(2 * (std::size_t{1} << players_) + 2),
        values_(asked.draws * asked.replicates * width_, missing) {}

  void take(std::uint64_t draw, std::uint64_t replicate, std::size_t arm, std::span<const double> outcomes) {
    double* row = values_.data() + (draw * replicates_ + replicate) * width_;
    row[2 * arm] = outcomes[slots_[0]];
    row[2 * arm + 1] = outcomes[slots_[1]];
    if (arm + 1 < std::size_t{1} << players_) return;
    row[width_ - 2] = outcomes[slots_[2]];
    row[width_ - 1] = outcomes[slots_[3]];
  }
  /// Once all are there: means over the replicates of each draw that have every value, and their sums.
  void close() {
    const std::size_t draws = values_.size() / width_ / replicates_;
    sums_.assign(width_, 0.0);
    for (std::size_t d = 0; d < draws; ++d) {
      std::vector<std::size_t> whole;
      for (std::size_t r = d * replicates_; r < (d + 1) * replicates_; ++r)
        if (std::none_of(row(r), row(r) + width_, [](double value) { return std::isnan(value); })) whole.push_back(r);
      if (whole.empty()) continue;
      std::vector<double> mean(width_, 0.0);
      for (std::size_t c = 0; c < width_; ++c) {
        for (const std::size_t r : whole) mean[c] += row(r)[c];
        mean[c] /= static_cast<double>(whole.size());
        sums_[c] += mean[c];
      }
      of_draw_.push_back(std::move(mean));
      whole_.push_back(std::move(whole));
    }
  }

  std::size_t used() const { return of_draw_.size(); }
  double mean_from() const { return sums_[width_ - 2] / static_cast<double>(used()); }
  double mean_to() const { return sums_[width_ - 1] / static_cast<double>(used()); }
  const std::vector<std::size_t>& replicates_of(std::size_t draw) const { return whole_[draw]; }

  /// Of all draws that count.
  Shares shares() const { return shares_of(sums_); }
  /// Of all but one.
  Shares shares_without(std::size_t draw) const {
    std::vector<double> sums = sums_;
    for (std::size_t c = 0; c < width_; ++c) sums[c] -= of_draw_[draw][c];
    return shares_of(sums);
  }
  /// Of one draw: from the mean over its replicates.
  Shares shares_in(std::size_t draw) const { return shares_of(of_draw_[draw]); }
  /// Of one draw without one of its replicates.
  Shares shares_in_without(std::size_t draw, std::size_t replicate) const {
    std::vector<double> sums = of_draw_[draw];
    for (std::size_t c = 0; c < width_; ++c)
      sums[c] = sums[c] * static_cast<double>(whole_[draw].size()) - row(replicate)[c];
    return shares_of(sums);
  }

 private:
  const double* row(std::size_t replicate) const { return values_.data() + replicate * width_; }
  Shares shares_of(const std::vector<double>& sums) const {
    Shares found;
    for (std::size_t s = 0; s < std::size_t{1} << players_; ++s)
      found.subsets.push_back(std::log(sums[2 * s]) - std::log(sums[2 * s + 1]));
    found.mechanisms = shapley_values(found.subsets, players_);
    found.total = std::log(sums[width_ - 2]) - std::log(sums[width_ - 1]);
    found.chance = found.total - found.subsets.back();
    return found;
  }

  std::size_t players_;
  std::size_t slots_[4];
  std::size_t replicates_;
  std::size_t width_;
  std::vector<double> values_;  // rows of replicates
  std::vector<double> sums_;
  std::vector<std::vector<double>> of_draw_;     // of draws that count
  std::vector<std::vector<std::size_t>> whole_;  // their replicates with every value
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

/// The terms in their order, then the fall.
std::vector<double> in_order(const Decomposition& asked, const Shares& shares) {
  std::vector<double> values;
  if (asked.expected_from) values.push_back(shares.chance);
  values.insert(values.end(), shares.mechanisms.begin(), shares.mechanisms.end());
  values.push_back(shares.rest());
  values.push_back(shares.total);
  return values;
}

/// Of one term: its values in every draw, and the mean of the squared errors that luck leaves in them. Nothing where a
/// draw's logarithm has no value (a mean of 0). Where luck alone spreads the draws as much, the parameters' part is
/// nought within the error of a variance of n draws, sqrt(2/n) of it.
std::optional<DecompositionSpread> spread_of(std::vector<double> values, double luck) {
  const auto has_value = [](double value) { return std::isfinite(value); };
  if (!has_value(luck) || !std::all_of(values.begin(), values.end(), has_value)) return std::nullopt;
  const double n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  const double between = squares / (n - 1);
  DecompositionSpread spread;
  spread.luck = between > 0 ? std::min(1.0, luck / between) : 0;
  const double drawn_in = std::sqrt(1 - spread.luck);
  for (double& value : values) value = mean + drawn_in * (value - mean);
  const std::vector<double> sorted = rising(values);
  spread.low = order_statistic(sorted, 0.025);
  spread.high = order_statistic(sorted, 0.975);
  spread.low_error = order_statistic_error(sorted, 0.025);
  spread.high_error = order_statistic_error(sorted, 0.975);
  constexpr double limit = 1.96;  // of the middle 95 in 100 of a normal law
  if (spread.luck >= 1) spread.low_error = spread.high_error = limit * std::sqrt(between * std::sqrt(2 / n));
  return spread;
}

/// The same shares in every draw, and where the middle 95 in 100 of each term lie.
void add_spreads(const Decomposition& asked, const Means& means, DecompositionResult& result) {
  const std::size_t terms = result.terms.size() + 1;
  std::vector<std::vector<double>> values(terms);
  std::vector<double> luck(terms, 0.0);
  for (std::size_t d = 0; d < means.used(); ++d) {
    if (means.replicates_of(d).size() < 2) continue;  // its luck is not known
    result.by_draw.push_back(in_order(asked, means.shares_in(d)));
    std::vector<Jackknife> errors(terms);
    for (const std::size_t replicate : means.replicates_of(d)) {
      const std::vector<double> others = in_order(asked, means.shares_in_without(d, replicate));
      for (std::size_t t = 0; t < terms; ++t) errors[t].add(others[t]);
    }
    for (std::size_t t = 0; t < terms; ++t) {
      values[t].push_back(result.by_draw.back()[t]);
      luck[t] += errors[t].error() * errors[t].error();
    }
  }
  const double n = static_cast<double>(result.by_draw.size());
  if (n < 2) return;
  for (std::size_t t = 0; t < terms; ++t)
    (t + 1 < terms ? result.terms[t] : result.total).spread = spread_of(std::move(values[t]), luck[t] / n);
}

DecompositionResult result_of(const Decomposition& asked, const Means& means) {
  DecompositionResult result;
  result.draws = asked.draws;
  result.replicates = asked.replicates;
  result.left_out = result.draws - means.used();
  result.from = means.mean_from();
  result.to = means.mean_to();
  const Shares shares = means.shares();
  result.subsets = shares.subsets;
  const std::vector<double> values = in_order(asked, shares);
  std::vector<Jackknife> errors(values.size());
  for (std::size_t d = 0; d < means.used(); ++d) {
    const std::vector<double> others = in_order(asked, means.shares_without(d));
    for (std::size_t t = 0; t < values.size(); ++t) errors[t].add(others[t]);
  }
  using Kind = DecompositionTerm::Kind;
  std::size_t t = 0;
  const auto add = [&](Kind kind, const std::string& label) {
    result.terms.push_back({kind, label, values[t], errors[t].error()});
    ++t;
  };
  if (asked.expected_from) add(Kind::chance, "");
  for (const DecompositionSwitch& each : asked.switches) add(Kind::mechanism, each.label);
  add(Kind::rest, "");
  result.total = {Kind::rest, asked.label, values[t], errors[t].error()};
  if (asked.replicates > 1) add_spreads(asked, means, result);
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
    alone.replicates_per_draw = asked[i].replicates;
    alone.keep_draw_means = 0;
    Means means(asked[i]);
    RunControl quiet = control;
    quiet.checkpoint.clear();
    quiet.each_replicate = [&](std::uint64_t draw, std::uint64_t replicate, std::size_t arm,
                               std::span<const double> row) { means.take(draw, replicate, arm, row); };
    const DecompositionArms made = decomposition_arms(asked[i], arms, draws);
    const OutcomeTable outcomes = simulate(model, made.arms, made.draws, window, alone, nullptr, quiet);
    if (!outcomes.complete()) return results;
    means.close();
    DecompositionResult result = result_of(asked[i], means);
    result.decomposition = i;
    result.arm = arms[asked[i].arm].name;
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace desist
