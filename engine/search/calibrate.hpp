// Calibration: what printed figures say of a model's uncertain parameters, and what they can't say.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/simulation/simulate.hpp"

namespace desist {

/// A printed figure and the outcome of the model that it is held against, for the printed table's own number of people.
struct Target {
  std::string name, label;
  std::size_t outcome = 0;               // index into the outcome slots; an amount or a time
  std::optional<std::size_t> over = {};  // the figure is outcome / over, of the same future
  std::size_t arm = 0;                   // of the arms handed in
  double low = 0, high = 0;              // in the outcome's unit; of a printed range every value inside is as good
  bool fitted = true;                    // no: held out, and predicted
  /// The figure's value where `value_of(slot)` gives that of an outcome; NaN where the outcome below the line is not
  /// positive.
  template <class ValueOf>
  double figure(const ValueOf& value_of) const {
    if (!over) return value_of(outcome);
    const double below = value_of(*over);
    return below > 0 ? value_of(outcome) / below : missing;
  }
};

/// A parameter that is asked for where others are given.
struct GivenAsked {
  std::size_t of = 0;                       // index into `informed`, as are the following
  std::vector<std::size_t> by;              // the others
  std::vector<std::vector<double>> levels;  // of each of them
};

struct Calibration {
  enum class Method {
    abc,        // sequential Monte Carlo, approximate Bayesian computation (mathematics.md 9.1)
    synthetic,  // synthetic likelihood (mathematics.md 9.2)
  };
  Method method = Method::abc;
  enum class Adjust {
    none,
    regression,  // of what abc keeps, to the printed figures (adjust.hpp)
  };
  Adjust adjust = Adjust::none;
  std::vector<Target> targets;
  /// Parameters that the targets inform: uncertain ones with a law of their own, which is their prior. The others are
  /// drawn from their laws afresh at every attempt, and keep them.
  std::vector<std::size_t> informed;
  std::uint64_t particles = 1000;
  double tolerance = 0.1;                // in standard deviations of the prior predictive
  double least_acceptance = 0.01;        // a generation that falls below is given up
  std::uint64_t most_attempts = 200000;  // of all generations together
  std::uint64_t replicates = 50;         // an attempt, of a synthetic likelihood
  bool leave_one_out = true;
  std::vector<GivenAsked> given;
};

/// Quantiles and moments of one number before and after, weights considered. The errors are what so few particles
/// leave in the ends: half the distance of the quantiles q -+ sqrt(q (1 - q)/worth), worth as Kong (1992) has it.
struct SpreadOf {
  double mean = 0, sd = 0, low = 0, middle = 0, high = 0;  // low and high: 2.5 and 97.5 in 100
  double low_error = 0, high_error = 0;
  double inner_low = 0, inner_high = 0;  // 10 and 90 in 100
};

/// One population: proposed, simulated, accepted.
struct Generation {
  double tolerance = infinity;               // of a synthetic likelihood its power, up to 1
  std::uint64_t attempts = 0, accepted = 0;  // of these; others were kept of the populations before
  double effective = 0;                      // particles of equal weight that are worth as much (Kong 1992)
};

struct ParameterFit {
  std::size_t parameter = 0;
  SpreadOf before, after;
  double contraction = 0;          // 1 - sd after / sd before
  std::vector<double> profile;     // best distance in each tenth of the prior, in order of the parameter
  std::vector<double> profile_at;  // the value in the middle of each
  double profile_limit = 0;        // a tenth at or below it meets the targets as well as what is kept
  /// Below a tenth nothing was learnt (mathematics.md 9.3).
  bool is_informed() const { return contraction >= 0.1; }
  double profile_missed = 0;  // a tenth above it can't: one between may not have been searched long enough
  /// Some tenth of its range can't meet the targets, whatever the others are.
  bool is_identified() const;
};

struct TargetFit {
  double scale = 0;                           // sd of the prior predictive: what distances are counted in
  SpreadOf before;                            // prior predictive
  SpreadOf after;                             // predicted together with what was met; of a fitted target what was met
  double chance_below = 0, chance_above = 0;  // of a simulated value below the printed one(s), and above
  /// Of as many new people on what was learnt: of a fitted target the check of the model, which `after` can't be.
  SpreadOf afresh;
  double afresh_below = 0, afresh_above = 0;
  double chance_sd = 0;                      // of the figure by chance alone: new people, the same parameters
  bool on_log_scale = false;                 // of a synthetic likelihood
  double skewness = 0, excess_kurtosis = 0;  // of a synthetic likelihood: of what was taken to be normal
  /// Predicted from the other targets alone.
  std::optional<SpreadOf> left_out;
  double left_out_below = 0, left_out_above = 0;
  std::vector<double> taught;  // contraction of each informed parameter, less that without this target
};

/// A principal direction of what was learnt, in standard deviations of the prior: an eigenvector of the posterior's
/// covariance of log parameters (of the parameters themselves where they can be 0 or less) over the prior's.
struct Direction {
  double contraction = 0;
  std::vector<double> loadings;  // by informed parameter; squares add up to 1
};

/// A product or quotient of parameters that is known better than each of them.
struct Combination {
  std::vector<std::size_t> fits;         // indices of ParameterFit
  std::vector<int> powers;               // 1 or -1
  double contraction = 0;                // of its logarithm
  double log_sd = 0;                     // after
  double least_log_sd_alone = 0;         // of the best known of its members
  double low = 0, middle = 0, high = 0;  // after
};

/// What is left of a parameter where others are given (given.hpp).
struct ParameterGiven {
  std::size_t fit = 0;          // index of ParameterFit
  std::vector<std::size_t> by;  // the same, of those given
  struct Row {
    std::vector<double> at;  // the levels given
    SpreadOf left;           // of the parameter; NaN where no value of its range meets the targets
  };
  std::vector<Row> rows;  // every level with every other, the last given varies first
};

struct CalibrationResult {
  enum class Stopped {
    reached,      // the declared tolerance
    lattice,      // no smaller distance was met: the figures are counts
    few,          // fewer than the least acceptance would come near
    attempts,     // the most attempts were made
    interrupted,  // asked to stop: nothing here may be used
  } stopped = Stopped::reached;
  double tolerance = 0;  // of the population that is kept
  double worth = 0;      // particles of equal weight that are worth as much as the posterior's (Kong 1992)
  std::uint64_t attempts = 0;
  std::vector<Generation> generations;  // that were completed, the prior's first
  std::vector<ParameterFit> parameters;
  std::vector<TargetFit> targets;
  std::vector<Direction> directions;      // best known first
  std::vector<Combination> combinations;  // of parameters that are positive; best known first
  std::vector<ParameterGiven> given;      // in the order in which they were asked for
  Posterior posterior;                    // as rows of equal weight, a column a parameter
};

/// A replicate that failed in an attempt: what was drawn stands in the message, so that it can be set and run again.
class AttemptFailure : public ReplicateFailure {
 public:
  using ReplicateFailure::ReplicateFailure;
};

/// Learns from the targets that are fitted. Throws std::invalid_argument for what can't be calibrated and
/// AttemptFailure.
///
/// Coordinates are normal scores: z_i, whose normal probability is the parameter's probability before correlation. So
/// the prior is N(0, I) whatever the laws, and no proposal leaves it. Population 0 is the prior; each next one is what
/// is near enough of the one before, filled up to N by attempts theta ~ sum_j w_j N(theta_j, h^2 C), C the weighted
/// covariance (population.hpp), each simulated once under a key of its own, the first by index within the tolerance
/// (Toni, Welch, Strelkowa, Ipsen & Stumpf 2009; Beaumont, Cornuet, Marin & Robert 2009), with weights prior over the
/// density of all attempts so far (sampling.hpp). Distance: greatest over targets of
/// |simulated - printed| / sd of the prior predictive, 0 inside a printed range; so "within eps" says of each target
/// how near it is met, and the kernel is a uniform error (Wilkinson 2013). The tolerance falls to the median of the
/// kept distances, or where that does not fall, to the next smaller one.
///
/// Every number depends on (model, arms, draws, calibration) alone: not on threads.
/// Verified by: calibrate_test, calibrate_law_test.
CalibrationResult calibrate(const Calibration& calibration, const ModelRecord& model, const std::vector<Arm>& arms,
                            const ParameterDraws& draws, const Window& window, const RunControl& control,
                            const std::string& posterior_name);

/// The posterior alone, the same as `calibrate` gives to the bit, in the fewest runs: without profiles, what is held
/// out, and what is predicted. For experiments that name it. Nothing where it was asked to stop.
/// Verified by: calibrate_test ThePosteriorAloneIsTheSame.
std::optional<Posterior> learn_posterior(const Calibration& calibration, const ModelRecord& model,
                                         const std::vector<Arm>& arms, const ParameterDraws& draws,
                                         const Window& window, const RunControl& control, const std::string& name);

/// The draws with the posterior in the place of the informed parameters' laws.
ParameterDraws informed_draws(const ParameterDraws& draws, const Calibration& calibration, const Posterior& posterior);

}  // namespace desist
