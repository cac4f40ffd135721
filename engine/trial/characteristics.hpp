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

/// Sums over trials of one analysis at one size, with the products of the sums of sets: trials that share their people
/// are alike, and only their sets are not. Adding tallies in the order of sets gives the same bytes whoever made them.
class TrialTally {
 public:
  /// What is added up over trials; `set` counts the sets themselves.
  enum Part : std::size_t {
    set,
    trials,
    found,
    error,    // of the estimate: less the truth
    squared,  // of that error
    covered,
    shown,
    wrong_sign,   // of those shown, as is
    size_shown,   // |estimate|
    compared,     // with a trial of another design that the other has too, of which
    gain,         // 1 if shown here alone, -1 if there alone
    stop_shown,   // with looks, as are
    people_then,  // by the stop
    stop_found,
    stop_error,  // of the estimate at the stop
    own,         // sets whose people live in both arms: their own effect
    own_effect,  // less the truth
    parts
  };

  using Weights = std::array<double, parts>;

  /// One trial of the present set.
  void add(const TrialEstimate& one, double truth, double alpha);
  void compare(bool shown_here, bool shown_there);
  /// With looks: the one at which it was shown, if at any; people by then, and what is reported.
  void stop(std::size_t looks, std::optional<std::size_t> at, double people_by_then, const TrialEstimate& reported,
            double truth);
  /// Of a set: what its people show.
  void add_own(double own_less_truth, const OwnLives& lives);
  /// The trials since the last one are a set.
  void end_set();
  void add(const TrialTally& other);

  double sum(Part part) const { return sums_[part]; }
  std::uint64_t count(Part part) const { return static_cast<std::uint64_t>(sums_[part]); }
  /// Whether a set is a trial.
  bool is_by_trial() const { return sums_[set] == sums_[trials]; }
  /// Sum over sets of the square of their weighted sum of parts.
  double squares_of(const Weights& weights) const;
  const std::vector<double>& stops() const { return stops_; }
  double stop_squares(std::size_t look) const { return stop_squares_[look]; }
  double own_people() const { return own_people_; }
  double own_control() const { return own_control_; }
  double own_treated() const { return own_treated_; }

 private:
  static std::size_t place(std::size_t a, std::size_t b) { return a < b ? b * (b + 1) / 2 + a : a * (a + 1) / 2 + b; }

  std::array<double, parts> now_{};  // of the present set
  std::array<double, parts> sums_{};
  std::array<double, parts*(parts + 1) / 2> products_{};
  std::vector<double> stops_now_, stops_, stop_squares_;  // by look: shown there for the first time
  double own_people_ = 0, own_control_ = 0, own_treated_ = 0;
};

/// What is known of a truth: from people of its own, and once those of the trials are counted with them.
struct KnownTruth {
  double value = 0, error = 0;
  double control = 0, treated = 0;  // the outcome itself
  double people = 0;
  double first = 0;   // from which a tally's distances are
  double weight = 0;  // of the trials' own people, 0 to 1
};

/// The truth T0 with the own people of the trials behind a tally: (1 - w) T0 + w (T0 + mean L), w their share of all
/// the people. Nothing changes where they don't live in both arms. Verified by: trial_law_test
/// The_error_of_a_bias_is_how_far_it_strays.
KnownTruth with_own_people(const KnownTruth& truth, const TrialTally& tally);

/// The same truth for trials of other people: their distances are from it.
KnownTruth for_other_people(const KnownTruth& truth);

/// The same with such a truth T, for a tally that was added around T0 = first. As the people of the trials are
/// behind both, Var(bias) = Var((1 - w) T0) + Var(mean e - w mean L), of sets that are independent.
TrialSize size_of(const TrialTally& tally, std::size_t people, const KnownTruth& truth);

/// The numbers of a size from its tally. The error of a bias has that of the truth in it. Coverage is of trials with a
/// number; power counts the others as not shown. Errors: Morris, White & Crowther (2019), table 6, and where sets have
/// several trials the linearised ratio of the sets' sums (Cochran 1977, 6.4); Wilson's limits then with as many trials
/// as have that error if they are single (Korn & Graubard 1998). Exaggeration and wrong signs, given that an effect is
/// shown: Gelman & Carlin (2014). Verified by: characteristics_test.
TrialSize size_of(const TrialTally& tally, std::size_t people, double truth, double truth_error);

/// Adds the assurance of a size from a tally of trials each with parameters of its own, held against the truth at the
/// middle. Verified by: trial_law_test Assurance_is_the_power_over_the_prior.
void add_assurance(const TrialTally& over_draws, TrialSize& size);

/// How the powers of an analysis at its sizes vary together: smaller trials are the beginnings of greater ones, on the
/// same luck.
class PowersTogether {
 public:
  explicit PowersTogether(std::size_t sizes = 0) : sums_(sizes, 0), products_(sizes * sizes, 0) {}
  /// By size: how many trials of a set show it.
  void add_set(const std::vector<double>& shown, double trials);
  void add(const PowersTogether& other);
  /// Of the powers at two sizes.
  double covariance(std::size_t a, std::size_t b) const;

 private:
  double sets_ = 0, trials_ = 0;
  std::vector<double> sums_, products_;
};

/// A tried size and the power there.
struct TriedPower {
  double people = 0;
  double power = 0;
  std::uint64_t trials = 0;
};
/// The smallest number of people at which the fitted power's lower 95% limit reaches `wanted`: probit of power linear
/// in sqrt(people), weighted least squares over all sizes tried (weights R f(z)^2 / (p (1 - p))), the fit's error with
/// the covariances of the powers. None where the fit does not rise or gets there only beyond `most`. Verified by:
/// characteristics_test.
std::optional<std::size_t> people_for_power(std::span<const TriedPower> tried, const PowersTogether& together,
                                            double wanted, std::size_t most);

}  // namespace desist
