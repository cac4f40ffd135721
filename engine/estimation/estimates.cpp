#include "engine/estimation/estimates.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include <boost/math/distributions/beta.hpp>

#include "engine/core/limits.hpp"
#include "engine/core/rounding.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"
#include "engine/estimation/dependent_groups.hpp"
#include "engine/estimation/sensitivity.hpp"

namespace desist {
namespace {

constexpr double z95 = 1.959963984540054;  // quantile .975 of the standard normal law

/// What draws of a posterior that is stored as sets add to an error: the sets are fewer than the draws.
struct SharedDraws {
  const DrawUnits* units = nullptr;
  std::vector<double> means = {};  // by draw, less the comparator's for a difference; empty where they were not kept

  /// Where means were not kept, as if all that parameters do to the outcome were between sets: an upper limit.
  double error(const Moments& moments) const {
    const double independent = moments.standard_error();
    if (!units->share_sets()) return independent;
    return units->with_sets(independent, means.empty() ? units->most_squared_error(moments.parameter_variance())
                                                       : units->squared_error(DrawColumn(means)));
  }
  double fewest(double draws) const { return units->share_sets() ? units->fewest_worth() : draws; }
  /// Of the share of futures up to a quantile, the variance of its mean that is between sets. Where values were not
  /// kept, an upper limit: the indicator's variance times the part of the outcome's that is between sets. Two futures
  /// of one set are no more alike in the indicator than in the outcome (Sheppard 1899, for normal laws).
  double variance_up_to(const OutcomeTable& outcomes, std::size_t arm, std::size_t outcome, double q) const {
    if (!units->share_sets()) return 0;
    const double limit = outcomes.quantile(arm, outcome, q).value;
    std::vector<double> shares = outcomes.shares_up_to(arm, outcome, limit);
    if (!shares.empty()) return units->squared_error(DrawColumn(std::move(shares)));
    const Moments moments = outcomes.moments(arm, outcome);
    const double all = units->most_squared_error(q * (1 - q)), total = moments.total_variance();
    const OutcomeField& field = outcomes.outcome_fields()[outcomes.outcomes()[outcome].field];
    if (!(total > 0) || field.kind == OutcomeField::Kind::time_until) return all;  // no moments of a time
    return means.empty() ? all * moments.parameter_variance() / total
                         : units->squared_error(DrawColumn(means)) / total * q * (1 - q);
  }
};

SharedDraws shared_draws(const DrawUnits& units, const OutcomeTable& outcomes, std::size_t arm, std::size_t outcome,
                         bool is_difference = false) {
  SharedDraws shared{&units};
  if (!units.share_sets()) return shared;
  const std::span<const double> means = outcomes.draw_means(arm, outcome);
  const std::span<const double> before =
      is_difference ? outcomes.draw_means(0, outcome) : std::span<const double>(means.data(), means.size());
  for (std::size_t d = 0; d < means.size(); ++d) {
    const double value = is_difference ? difference_of_sums(means[d], before[d]) : means[d];
    if (!std::isfinite(value)) return {&units};  // a draw without a value stands for no set
    shared.means.push_back(value);
  }
  return shared;
}

/// 95% limits of a simulated chance: normal on the between-draw error; Clopper-Pearson on draws where all or none had
/// it.
void set_chance_limits(EstimateRow& row, const Moments& moments, const SharedDraws& shared) {
  if (moments.mean <= 0 || moments.mean >= 1) {
    const double draws = shared.fewest(static_cast<double>(moments.draws));
    const double open = std::pow(0.025, 1.0 / draws);  // Clopper & Pearson 1934 at x = n: (alpha/2)^(1/n)
    row.low = moments.mean <= 0 ? 0.0 : open;
    row.high = moments.mean <= 0 ? 1.0 - open : 1.0;
    row.mc_error = 1.0 / draws;  // what one draw more could move: the standard error of an all-or-none count is 0
    return;
  }
  row.mc_error = shared.error(moments);
  row.low = std::max(0.0, moments.mean - z95 * row.mc_error);
  row.high = std::min(1.0, moments.mean + z95 * row.mc_error);
}

void count_values(EstimateRow& row, const Moments& moments, const OutcomeTable& outcomes) {
  row.replicates = moments.values;
  row.left_out = outcomes.draws() * outcomes.replicates_per_draw() - moments.values;
}

EstimateRow row_for(const OutcomeTable& outcomes, std::size_t arm, std::size_t outcome, std::string statistic) {
  const OutcomeSlot& slot = outcomes.outcomes()[outcome];
  const OutcomeField& field = outcomes.outcome_fields()[slot.field];
  EstimateRow row;
  row.arm = outcomes.arms()[arm].name;
  row.outcome = field.name;
  row.item = slot.item;
  row.statistic = std::move(statistic);
  row.unit = field.kind == OutcomeField::Kind::chance ? "share" : field.unit.text();
  row.draws = outcomes.draws();
  count_values(row, outcomes.moments(arm, outcome), outcomes);
  return row;
}

void add_quantiles(std::vector<EstimateRow>& rows, const SharedDraws& shared, const OutcomeTable& outcomes,
                   std::size_t arm, std::size_t outcome) {
  constexpr std::array<double, 7> probabilities{0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975};
  for (const double q : probabilities) {
    EstimateRow row = row_for(outcomes, arm, outcome, "quantile " + shortest(q));
    const QuantileEstimate quantile =
        outcomes.quantile(arm, outcome, q, shared.variance_up_to(outcomes, arm, outcome, q));
    row.estimate = quantile.value;
    row.mc_error = error_beyond_rounding(std::max(quantile.standard_error, quantile.bin_width / 2), quantile.value);
    row.low = quantile.value - z95 * row.mc_error;
    row.high = quantile.value + z95 * row.mc_error;
    if (!std::isfinite(quantile.value)) row.low = row.high = quantile.value;
    rows.push_back(std::move(row));
  }
}

void add_outcome(std::vector<EstimateRow>& rows, const DrawUnits& units, const OutcomeTable& outcomes, std::size_t arm,
                 std::size_t outcome) {
  const SharedDraws shared = shared_draws(units, outcomes, arm, outcome);
  const OutcomeField& field = outcomes.outcome_fields()[outcomes.outcomes()[outcome].field];
  const Moments& moments = outcomes.moments(arm, outcome);
  switch (field.kind) {
    case OutcomeField::Kind::chance: {
      EstimateRow row = row_for(outcomes, arm, outcome, "chance");
      row.estimate = moments.mean;
      set_chance_limits(row, moments, shared);
      rows.push_back(std::move(row));
      break;
    }
    case OutcomeField::Kind::amount: {
      EstimateRow row = row_for(outcomes, arm, outcome, "mean");
      row.estimate = moments.mean;
      row.mc_error = error_beyond_rounding(shared.error(moments), moments.mean);
      row.low = outcomes.quantile(arm, outcome, 0.025).value;
      row.high = outcomes.quantile(arm, outcome, 0.975).value;
      rows.push_back(std::move(row));
      add_quantiles(rows, shared, outcomes, arm, outcome);
      break;
    }
    case OutcomeField::Kind::time_until: {  // infinite where it does not happen in time: no mean
      EstimateRow row = row_for(outcomes, arm, outcome, "chance");  // that it does
      row.unit = "share";
      row.estimate = moments.mean;
      set_chance_limits(row, moments, shared);
      rows.push_back(std::move(row));
      add_quantiles(rows, shared, outcomes, arm, outcome);
      break;
    }
  }
  if (arm == 0 || field.kind == OutcomeField::Kind::time_until) return;

  const Moments& difference = outcomes.difference(arm, outcome);
  const bool chance = field.kind == OutcomeField::Kind::chance;
  EstimateRow row = row_for(outcomes, arm, outcome, chance ? "difference of chances" : "difference of means");
  row.versus = outcomes.arms()[0].name;
  count_values(row, difference, outcomes);
  row.estimate = difference.mean;
  row.mc_error = shared_draws(units, outcomes, arm, outcome, true).error(difference);
  if (chance) {  // discordant pairs: the error of the paired difference
    row.low = std::max(-1.0, difference.mean - z95 * row.mc_error);
    row.high = std::min(1.0, difference.mean + z95 * row.mc_error);
  } else {
    row.low = outcomes.difference_quantile(arm, outcome, 0.025).value;
    row.high = outcomes.difference_quantile(arm, outcome, 0.975).value;
  }
  rows.push_back(std::move(row));
}

/// Means of weeks are not kept draw by draw, so what sets add is its upper limit.
void add_series(std::vector<SeriesRow>& rows, const DrawUnits& units, const OutcomeTable& outcomes, std::size_t arm,
                const Window& window) {
  const SharedDraws shared{&units};
  for (std::size_t series = 0; series < outcomes.series().size(); ++series) {
    const SeriesField& field = outcomes.series()[series];
    const bool chance = field.kind == OutcomeField::Kind::chance;
    for (std::size_t week = 1; week <= outcomes.weeks(); ++week) {
      SeriesRow row;
      row.arm = outcomes.arms()[arm].name;
      row.series = field.name;
      row.unit = chance ? "share" : field.unit.text();
      row.week = week;
      row.date = Date{window.start.days + 7 * static_cast<int>(week)};
      const Moments& moments = outcomes.series_moments(arm, series, week);
      const auto all = static_cast<double>(outcomes.draws() * outcomes.replicates_per_draw());
      row.share_present = all > 0 ? static_cast<double>(moments.values) / all : 0.0;
      row.mean = moments.mean;
      row.mc_error = shared.error(moments);
      if (moments.values == 0) {
        row.mean = row.mc_error = missing;
        row.q025 = row.q10 = row.q25 = row.q50 = row.q75 = row.q90 = row.q975 = row.mean;
      } else if (chance) {
        EstimateRow limits;
        set_chance_limits(limits, moments, shared);
        row.mc_error = limits.mc_error;
        row.q025 = limits.low;
        row.q975 = limits.high;
        row.q10 = row.q25 = row.q50 = row.q75 = row.q90 = moments.mean;
      } else {
        const auto quantile = [&](double q) { return outcomes.series_quantile(arm, series, week, q); };
        row.q025 = quantile(0.025).value;
        row.q10 = quantile(0.1).value;
        row.q25 = quantile(0.25).value;
        row.q75 = quantile(0.75).value;
        row.q90 = quantile(0.9).value;
        row.q975 = quantile(0.975).value;
        const QuantileEstimate median = quantile(0.5);
        row.q50 = median.value;
        row.bin_width = median.bin_width;
      }
      rows.push_back(row);
    }
  }
}

void add_influence(std::vector<InfluenceRow>& rows, const DrawUnits& units, const Influence& influence,
                   const ParameterDraws& draws, const OutcomeTable& outcomes) {
  const Moments& moments = outcomes.moments(influence.arm, influence.outcome);
  const OutcomeSlot& slot = outcomes.outcomes()[influence.outcome];
  const double total = moments.total_variance();
  const double of_parameters = moments.parameter_variance();

  // Draws whose outcome has a value in no replicate say nothing of what decides it.
  std::vector<double> means;
  std::vector<std::vector<double>> values(influence.parameters.size());
  const std::span<const double> all_means = outcomes.draw_means(influence.arm, influence.outcome);
  for (std::size_t d = 0; d < all_means.size(); ++d) {
    if (std::isnan(all_means[d])) continue;
    means.push_back(all_means[d]);
    const std::vector<double> row = draws.row(d);
    for (std::size_t p = 0; p < values.size(); ++p) values[p].push_back(row[influence.parameters[p]]);
  }
  const auto start = [&] {
    InfluenceRow row;
    row.arm = outcomes.arms()[influence.arm].name;
    row.outcome = outcomes.outcome_fields()[slot.field].name;
    row.item = slot.item;
    return row;
  };

  for (const auto& group : dependent_groups(influence.parameters, draws)) {
    std::vector<std::vector<double>> of_group;
    for (const std::size_t member : group) {
      const auto p = static_cast<std::size_t>(
          std::find(influence.parameters.begin(), influence.parameters.end(), member) - influence.parameters.begin());
      of_group.push_back(values[p]);
    }
    const VarianceShare share = explained_variance(means, of_group);
    for (const std::size_t member : group) {
      const auto p = static_cast<std::size_t>(
          std::find(influence.parameters.begin(), influence.parameters.end(), member) - influence.parameters.begin());
      const Parameter& parameter = draws.parameters()[member];
      InfluenceRow row = start();
      row.parameter = parameter.name;
      row.label = parameter.label;
      row.unit = parameter.unit;
      row.together_with = group.size() - 1;
      if (total > 0) {
        row.share = share.explained / total;
        row.mc_error = share.standard_error / total;
      }
      if (of_parameters > 0) {
        row.share_of_parameters = share.explained / of_parameters;
        row.share_of_parameters_error = share.standard_error / of_parameters;
      }
      if (p < influence.ends.size()) {
        const Influence::Ends& ends = influence.ends[p];
        const Moments& low = outcomes.moments(ends.low_arm, influence.outcome);
        const Moments& high = outcomes.moments(ends.high_arm, influence.outcome);
        row.low_value = ends.low;
        row.high_value = ends.high;
        row.at_low = low.mean;
        row.at_low_error = shared_draws(units, outcomes, ends.low_arm, influence.outcome).error(low);
        row.at_high = high.mean;
        row.at_high_error = shared_draws(units, outcomes, ends.high_arm, influence.outcome).error(high);
      }
      rows.push_back(std::move(row));
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const InfluenceRow& a, const InfluenceRow& b) { return a.share > b.share; });

  InfluenceRow luck = start();
  luck.parameter = "(luck)";
  luck.label = "Luck: what differs between two futures of the same figures";
  luck.share = total > 0 ? moments.within / total : 0.0;
  luck.mc_error = total > 0 ? moments.within_error / total : 0.0;  // the total's own error is small beside it
  luck.at_low = luck.at_high = missing;
  luck.at_low_error = luck.at_high_error = luck.low_value = luck.high_value = luck.at_low;
  rows.push_back(std::move(luck));
}

}  // namespace

const EstimateRow* EstimateTable::find(const std::string& arm, const std::string& outcome, const std::string& item,
                                       const std::string& statistic, const std::string& versus) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const EstimateRow& row) {
    return row.arm == arm && row.outcome == outcome && row.item == item && row.statistic == statistic &&
           row.versus == versus;
  });
  return found == rows.end() ? nullptr : &*found;
}

EstimateTable estimate(const Estimands& estimands, const ParameterDraws& draws, const OutcomeTable& outcomes,
                       const Window& window) {
  EstimateTable table;
  if (outcomes.empty()) return table;
  std::set<std::size_t> posteriors;
  for (std::size_t index = 0; index < draws.posteriors().size(); ++index) posteriors.insert(index);
  const DrawUnits units = units_sharing(draws, posteriors, static_cast<std::size_t>(outcomes.draws()));
  for (std::size_t arm = 0; arm < outcomes.arms().size(); ++arm) {
    if (outcomes.arms()[arm].variant) continue;
    for (std::size_t outcome = 0; outcome < outcomes.outcomes().size(); ++outcome) {
      add_outcome(table.rows, units, outcomes, arm, outcome);
    }
    add_series(table.series, units, outcomes, arm, window);
  }
  for (const Influence& influence : estimands.influences) {
    std::vector<InfluenceRow> rows;
    add_influence(rows, units, influence, draws, outcomes);
    table.influence.insert(table.influence.end(), rows.begin(), rows.end());
  }
  return table;
}

}  // namespace desist
