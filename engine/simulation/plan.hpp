// How much is simulated, when it stops, and what of it is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace desist {

/// The plan of an experiment. Draws are the units of error; two replicates a draw or more let the variance be split.
struct Plan {
  std::uint64_t seed = 0;
  std::uint64_t draws = 4000;  // exactly these, unless `to_a_rule`
  std::uint64_t replicates_per_draw = 2;
  bool to_a_rule = false;                 // looks at first_look 2^k draws until the stopping rule is satisfied
  std::uint64_t first_look = 1000;        // mathematics.md 6.6
  std::uint64_t most_draws = 64000;       // no look beyond these
  std::optional<double> precision;        // a rule: standard error wanted of every chance
  std::uint64_t keep_draw_means = 65536;  // draw means are kept for sensitivity up to this many draws
  bool keep_replicates = false;           // also write one row a replicate
  std::uint64_t rows_in_chunk = 0;  // at most so many replicates together, where each takes long; 0: by their width

  /// Quantiles of scalars are exact where every value may be kept (mathematics.md 6.4): decided here, by
  /// the plan, never by the data.
  std::uint64_t most_replicates() const { return (to_a_rule ? most_draws : draws) * replicates_per_draw; }
  bool exact_quantiles() const { return most_replicates() <= 65536; }
};

}  // namespace desist
