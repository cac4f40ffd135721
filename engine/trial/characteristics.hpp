// Operating characteristics from many trials, each with its own Monte Carlo error (mathematics.md 10.1).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/trial/trial.hpp"
#include "engine/trial/trial_analysis.hpp"

namespace desist {

/// What a trial's own people show if all of them live in both arms: mean outcomes.
struct OwnLives {
  double people = 0;
  double control = 0, treated = 0;
};

/// Sums over trials of one analysis at one size. Adding tallies in the order of trials gives the same bytes whoever
/// made them.
struct TrialTally {
  std::uint64_t trials = 0;
  std::uint64_t found = 0;
  std::uint64_t covered = 0;
  std::uint64_t shown = 0;
  std::uint64_t wrong_sign = 0;                   // of those shown
  std::array<double, 5> power_sums{};             // [k]: of (estimate - truth)^k
  double size_shown = 0, size_shown_squared = 0;  // |estimate| of those shown
  std::uint64_t compared = 0;                     // trials that the first design has too
  std::uint64_t gains = 0, losses = 0;            // of these shown here and not there, and vice versa
  std::vector<std::uint64_t> stops;               // by look: shown there for the first time
  double people_sum = 0, people_squares = 0;      // by the stop
  double stop_sum = 0, stop_squares = 0;          // estimate at the stop less the truth
  std::uint64_t stop_found = 0;
  // Of trials whose people live in both arms: their own effect less the truth, L, and with the estimate, e.
  std::uint64_t own = 0, own_found = 0;
  double own_people = 0, own_control = 0, own_treated = 0;
  std::array<double, 3> own_sums{};         // [k]: of L^k
  double own_l = 0, own_e = 0, own_le = 0;  // of those with an estimate

  void add(const TrialEstimate& one, double truth, double alpha);
  void add_own(const TrialEstimate& one, double truth, double own_less_truth, const OwnLives& lives);
  void add(const TrialTally& other);
};

/// What is known of a truth: from people of its own, and once those of the trials are counted with them.
struct KnownTruth {
  double value = 0, error = 0;
  double control = 0, treated = 0;  // the outcome itself
  double people = 0;
  double first = 0;   // from people of its own alone
  double weight = 0;  // theirs, 0 to 1
};

/// The truth T0 with the own people of the trials behind a tally: (1 - w) T0 + w (T0 + mean L), w their share of all
/// the people. Nothing changes where they don't live in both arms. Verified by: trial_law_test
/// The_error_of_a_bias_is_how_far_it_strays.
KnownTruth with_own_people(const KnownTruth& truth, const TrialTally& tally);

/// The same with such a truth T, for a tally that was added around T0 = first. As the people of the trials are
/// behind both, Var(bias) = Var(e)/R + Var(T) - 2 w Cov(e, L)/R.
TrialSize size_of(const TrialTally& tally, std::size_t people, const KnownTruth& truth);

/// The numbers of a size from its tally. The error of a bias has that of the truth in it. Coverage is of trials with a
/// number; power counts the others as not shown. Errors: Morris, White & Crowther (2019), table 6; exaggeration and
/// wrong signs, given that an effect is shown: Gelman & Carlin (2014). Verified by: characteristics_test.
TrialSize size_of(const TrialTally& tally, std::size_t people, double truth, double truth_error);

/// Adds the assurance of a size from a tally of trials each with parameters of its own, held against the truth at the
/// middle. Verified by: trial_law_test Assurance_is_the_power_over_the_prior.
void add_assurance(const TrialTally& over_draws, TrialSize& size);

/// A tried size and the power there.
struct TriedPower {
  double people = 0;
  double power = 0;
  std::uint64_t trials = 0;
};
/// The smallest number of people at which the fitted power's lower 95% limit reaches `wanted`: probit of power linear
/// in sqrt(people), weighted least squares over all sizes tried (weights R f(z)^2 / (p (1 - p))). None where the fit
/// does not rise or gets there only beyond `most`. Verified by: characteristics_test.
std::optional<std::size_t> people_for_power(std::span<const TriedPower> tried, double wanted, std::size_t most);

}  // namespace desist
