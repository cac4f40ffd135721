// The law of a small Markov chain in continuous time, at a moment.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace desist::statistics {

/// A move of a Markov chain between two different states, and how often it is made from the first.
struct Transition {
  std::size_t from = 0;
  std::size_t to = 0;
  double rate = 0;
};

/// The law of a Markov chain at `time`, begun in the law `start` (one probability a state), by uniformisation.
///
/// With L at least the greatest total rate out of a state and P = I + Q/L: start exp(Q t) = sum over n >= 0 of
/// Poisson(n; L t) start P^n (Jensen 1953, "Markoff chains as an aid in the study of Markoff processes"). Every term is
/// positive, so nothing cancels. L t above 64 is cut into equal spans, and of each span the Poisson tail is left out
/// once it is below 1e-12 over the number of spans: the result's probabilities add up to at least 1 - 1e-12, and none
/// is short by more. Cost: about L t products with the sparse matrix. Throws std::invalid_argument for a rate or time
/// that is negative or not finite, or for a state beyond `start`. Verified by: uniformisation_test.
std::vector<double> law_at(std::span<const Transition> transitions, std::vector<double> start, double time);

}  // namespace desist::statistics
