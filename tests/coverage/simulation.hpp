// Coverage and size by simulation on keyed streams, of what can't be enumerated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/statistics/interval.hpp"
#include "tests/coverage/exact_tables.hpp"
#include "tests/coverage/result_table.hpp"

namespace desist::coverage {

/// What methods did over replicates, in the order in which they first appeared.
class Tallies {
 public:
  /// Whether an interval held the truth; no interval counts as no error.
  void interval(const std::string& method, const std::optional<statistics::Interval>& found, double truth);
  /// Whether a test rejected at 5%; no p-value counts as not rejected.
  void test(const std::string& method, const std::optional<double>& p);
  struct Method {
    std::string name;
    std::int64_t yes = 0;
    std::int64_t none = 0;
  };
  const std::vector<Method>& methods() const { return methods_; }

 private:
  Method& method(const std::string& name);
  std::vector<Method> methods_;
};

/// One table: its columns are designs, and a replicate makes the data of a design and tallies every method on them.
struct Simulation {
  std::string name;
  std::string words;
  std::string first;
  std::vector<std::string> columns;
  std::int64_t replicates = 20000;
  std::function<void(std::size_t column, const Streams& streams, Tallies& tallies)> replicate;
};

/// The streams of replicate r of column c have seed 1, draw c, replicate r. Cells: percent -/+ its Monte Carlo error
/// sqrt(p (1 - p)/replicates), with the share without an answer where there is one.
ResultTable run(const Simulation& simulation);

std::vector<Simulation> simulations_of_times(const Sizes& sizes);
std::vector<Simulation> simulations_of_counts(const Sizes& sizes);
std::vector<Simulation> simulations_of_groups(const Sizes& sizes);

/// All of them.
std::vector<Simulation> simulations(const Sizes& sizes);

}  // namespace desist::coverage
