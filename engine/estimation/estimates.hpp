// Estimates from outcome tables: one row each, with interval, spread and Monte Carlo error.
#pragma once

#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"
#include "engine/simulation/simulate.hpp"

namespace desist {

/// Whose law an interval describes (mathematics.md 0.1): of the mean given the parameters, or of one future.
enum class Spread { parameters, futures };

struct EstimateRow {
  std::string arm;
  std::string versus;  // comparator's name for a difference, else ""
  std::string outcome;
  std::string item;       // "2024-03-31"; or the week's date in a series
  std::string statistic;  // "mean", "median", "chance", "quantile 0.9", "difference of means", "difference of chances"
  std::string unit;
  double estimate = 0;
  double low = 0, high = 0;  // 95% interval: quantiles .025 and .975 of futures; Monte Carlo limits for a chance
  double level = 0.95;
  Spread spread = Spread::futures;
  double mc_error = 0;  // standard error of `estimate` by simulation alone
  std::uint64_t draws = 0;
  std::uint64_t replicates = 0;  // that have a value
  std::uint64_t left_out = 0;    // others, which have none: of a fall, nothing before
};

/// One point of a band: arm, series, week, with the quantiles that the fan draws.
struct SeriesRow {
  std::string arm, series, unit;
  std::size_t week = 0;
  Date date;
  double mean = 0, mc_error = 0;
  double q025 = 0, q10 = 0, q25 = 0, q50 = 0, q75 = 0, q90 = 0, q975 = 0;
  double bin_width = 0;
  double share_present = 1;  // share of replicates that had a value that week
};

/// The part of an outcome's variance that a parameter decides (mathematics.md 6.2, 6.7), or luck.
struct InfluenceRow {
  std::string arm, outcome, item;
  std::string parameter;  // name, or "(luck)"
  std::string label;
  std::size_t together_with = 0;   // other members of its correlation or posterior: the shares are the group's
  double share = 0, mc_error = 0;  // of the variance of one future
  double share_of_parameters = 0, share_of_parameters_error = 0;  // S_j: of the variance between draws
  double at_low = 0, at_low_error = 0;  // tornado: the outcome's mean with the parameter at its low end
  double at_high = 0, at_high_error = 0;
  double low_value = 0, high_value = 0;
  std::string unit;
};

struct EstimateTable {
  std::vector<EstimateRow> rows;
  std::vector<SeriesRow> series;
  std::vector<InfluenceRow> influence;
  const EstimateRow* find(const std::string& arm, const std::string& outcome, const std::string& item,
                          const std::string& statistic, const std::string& versus = "") const;
};

/// What is to be explained: shares of variance and tornado of one outcome in one arm.
struct Influence {
  std::size_t arm = 0;
  std::size_t outcome = 0;              // index into OutcomeTable::outcomes
  std::vector<std::size_t> parameters;  // slots that are uncertain in that arm
  struct Ends {
    std::size_t low_arm = 0, high_arm = 0;  // variants
    double low = 0, high = 0;
  };
  std::vector<Ends> ends;  // one a parameter
};

struct Estimands {
  std::vector<Influence> influences;
};

EstimateTable estimate(const Estimands& estimands, const ParameterDraws& draws, const OutcomeTable& outcomes,
                       const Window& window);

}  // namespace desist
