// Decompositions: the fall of one outcome to another, shared out among mechanisms that can be switched off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// A mechanism, and what the model is told to switch it off.
struct DecompositionSwitch {
  std::string label;
  std::vector<std::pair<std::size_t, int>> words;       // fields that are one of several words, and which
  std::vector<std::pair<std::size_t, double>> numbers;  // fields that are numbers, and their value in the field's unit
};

/// What is asked: log E[from] - log E[to] of one arm. Where the expected ones are named they are the same two outcomes
/// without chance, and chance is a term of its own.
struct Decomposition {
  std::string name, label;
  std::size_t from = 0, to = 0;                           // indices into the outcome slots
  std::optional<std::size_t> expected_from, expected_to;  // both or neither
  std::size_t arm = 0;
  std::vector<DecompositionSwitch> switches;
  std::string first;  // of them, the one that the question asks for; may be empty
  std::uint64_t draws = 200;
  std::uint64_t replicates = 1;  // of each draw: from two on the spread over parameters is told
};

/// Where a part lies for 95 in 100 draws of the parameters, the luck of a draw's few replicates taken out; order
/// statistics have an error of their own.
struct DecompositionSpread {
  double low = 0, high = 0, low_error = 0, high_error = 0;
  double luck = 0;  // of the variance between draws: what luck made of it
};

/// A part of the fall, on the scale of logarithms.
struct DecompositionTerm {
  enum class Kind { chance, mechanism, rest } kind = Kind::mechanism;
  std::string label;
  double value = 0, mc_error = 0;
  std::optional<DecompositionSpread> spread = {};
};

struct DecompositionResult {
  std::size_t decomposition = 0;
  std::string arm;
  double from = 0, to = 0;  // means over draws
  DecompositionTerm total;
  std::vector<DecompositionTerm> terms;  // chance, the switches, the rest: they add up to the total
  /// v(S) = log E[from | S] - log E[to | S], of the expected ones where they are named, by the bits of S: bit m is set
  /// where mechanism m is at work. The last is with all at work.
  std::vector<double> subsets;
  std::uint64_t draws = 0, left_out = 0;  // left out: no value in some subset
  std::uint64_t replicates = 1;
  /// Of each draw that counts, where there are several replicates: its terms from their means, then its fall, which is
  /// their sum.
  std::vector<std::vector<double>> by_draw;
};

/// The arms of a decomposition, by the bits of S, the first with all switched off, and the draws that they share.
struct DecompositionArms {
  std::vector<Arm> arms;
  ParameterDraws draws;
};
DecompositionArms decomposition_arms(const Decomposition& asked, const std::vector<Arm>& arms,
                                     const ParameterDraws& draws);

constexpr std::size_t most_switches = 8;  // 256 subsets

/// Runs every decomposition: all subsets of its switches as variants on common luck.
///
/// The term of a switch is its Shapley value (Shapley 1953): the mean of v(S with it) - v(S) over the orders in which
/// the switches can be turned on, weight |S|! (k - |S| - 1)!/k!. So no order is privileged, a switch that changes
/// nothing has the term 0, two that act alike have equal terms, and the terms add up to v(all) - v(none). The rest is
/// v(none), what remains with all switched off; chance is what the expected outcomes leave of the fall. Errors are
/// those of the jackknife over draws (Efron & Stein 1981), whose subsets share their luck.
///
/// With several replicates a draw the same is done in every draw, from the means over its replicates. The variance of a
/// part between draws is that over parameters and a mean s^2 of luck, which the jackknife over a draw's replicates
/// tells; values are drawn in to their mean by sqrt(1 - s^2/variance), which leaves the first, and order statistics of
/// these are the interval. It takes luck as normal beside what parameters do. Fewer results than asked
/// for: it was stopped. Throws ReplicateFailure for a replicate that fails; its arm is one of decomposition_arms.
/// Verified by: decomposition_test.
std::vector<DecompositionResult> decompose(const std::vector<Decomposition>& asked, const ModelRecord& model,
                                           const std::vector<Arm>& arms, const ParameterDraws& draws,
                                           const Window& window, const Plan& plan, const RunControl& control);

/// Shapley values of k players from the worth of every coalition, by the bits of the coalition.
/// Verified by: decomposition_test.
std::vector<double> shapley_values(const std::vector<double>& worth, std::size_t players);

}  // namespace desist
