// Exact coverage and size: every pair of counts, each with its probability.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "engine/statistics/interval.hpp"

namespace desist::coverage {

/// The probabilities of the counts `first`, `first` + 1, ...; what is left out has less than 1e-13 together.
struct CountLaw {
  std::int64_t first = 0;
  std::vector<double> probability;
  std::int64_t last() const { return first + static_cast<std::int64_t>(probability.size()) - 1; }
};

/// Laws by the ratios of neighbouring probabilities outwards from the mode, to 1e-18 of it, then divided by their sum.
/// Verified by: coverage_test laws
CountLaw binomial_law(std::int64_t n, double p);  // 0 < p < 1
CountLaw poisson_law(double mean);                // mean > 0

/// The law of a count that is always 0: of a group that is not there.
CountLaw nobody();

/// The interval of two counts; empty where the method gives none.
using IntervalOf = std::function<std::optional<statistics::Interval>(std::int64_t x1, std::int64_t x0)>;

/// What is true where group 1 has law i and group 0 law j.
using TruthOf = std::function<double(std::size_t i, std::size_t j)>;

/// Over all pairs of laws. A method that gives no interval has not erred: it counts as holding the truth.
struct Coverage {
  double mean = 0;
  double least = 1;
  double width = 0;      // mean of the expected width
  double not_given = 0;  // mean chance of no interval
};

/// Every pair of laws, every pair of counts. Verified by: coverage_test agrees_with_the_engine
Coverage coverage_of(std::span<const CountLaw> laws1, std::span<const CountLaw> laws0, const IntervalOf& interval,
                     const TruthOf& truth);

/// Whether a test rejects at two counts.
using Rejects = std::function<bool(std::int64_t x1, std::int64_t x0)>;

/// Chance of rejection where group 1 has law i and group 0 law i, for each i. Verified by: coverage_test
/// agrees_with_the_engine
std::vector<double> rejection_of(std::span<const CountLaw> laws1, std::span<const CountLaw> laws0,
                                 const Rejects& rejects);

}  // namespace desist::coverage
