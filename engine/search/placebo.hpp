// The placebo: what a printed fall would have been had the programme done nothing (mathematics.md 2.4).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/simulation/simulate.hpp"

namespace desist {

/// A number that no table informs, and the levels of it that the box holds.
struct NullUnknown {
  std::string name;   // "list_least", "consent in 100": as the file varies it
  std::string label;  // "Picked for at least"
  /// The model's parameter that is set. Nothing: every figure after is multiplied by the level, which is how much of
  /// what happens is seen after, over how much was before.
  std::optional<std::size_t> field = {};
  std::vector<std::size_t> items;        // for these of the field's list; empty: for each
  double from_week = 0;                  // minus infinity for what can't change in time
  double per_unit = 1;                   // level x per_unit is the value in the field's unit
  std::vector<double> levels;            // rising
  std::vector<std::string> level_words;  // "2 offences", "25 in 100"
  std::vector<std::size_t> arms;         // in which it is varied; the others keep their own number
  /// The level is the share of people whom the count after comes from: the share at which nothing is left of the fall
  /// is then worked out.
  bool is_share_counted = false;
};

/// A parameter that is set at every point so that the mean of the first placebo's `before` is what is printed.
struct NullMatch {
  std::size_t parameter = 0;  // its slot
  double low = 0, high = 0;   // where it is looked for: the ends of its range
  std::string name = {};
};

/// The programme that does nothing: arms without an effect, each a model of its own, and the box Psi.
struct NullProgramme {
  std::vector<std::size_t> arms;
  std::vector<NullUnknown> unknowns;
  std::optional<NullMatch> match;
  std::uint64_t futures = 400;  // at each point: draws, one replicate each
};

/// One of the counts that a printed fall is the sum of: a unit of the service. Where its people are printed it has a
/// null programme of its own: at every point the matched parameter is set so that each of them has its number before.
struct PlaceboPart {
  std::string name;
  double before = 0, after = 0;
  std::optional<double> people = {};
};

/// A printed fall: two outcomes of the model over their times, and what was printed of them.
struct Placebo {
  std::string name, label;
  std::size_t before = 0, after = 0;       // indices into the outcome slots
  double time_before = 1, time_after = 1;  // an outcome over its time is a rate
  std::optional<double> printed_before;    // in the outcome's unit
  double ratio_low = 1, ratio_high = 1;    // printed: rate after over rate before; a range of them, or one
  std::vector<PlaceboPart> parts;          // whose sums were printed
  double fall_least() const;               // log before - log after
  double fall_most() const;
  double fall() const;  // in the middle
  double ratio_of(const PlaceboPart& part) const;
};

/// A null programme of the box: an arm with a level of each unknown that is varied in it.
struct NullPoint {
  std::size_t arm = 0;
  std::vector<std::optional<std::size_t>> levels;  // by unknown; nothing where the arm keeps its own
  std::optional<double> matched;                   // the parameter's value, where one is matched
  /// No value of the matched parameter inside its range gives the printed number before: the point is none of the box.
  bool is_possible = true;
};

enum class FallIs { above, inside, below };  // the band of what the null programme shows
/// The words of mathematics.md 2.4.
enum class PlaceboVerdict { none_shows_it, less_than_expected, cannot_tell };

/// The law of the fall F = log before-rate - log after-rate at one point, of futures.
struct PlaceboPoint {
  std::size_t point = 0;
  std::uint64_t futures = 0;                      // with both outcomes
  std::uint64_t none_before = 0, none_after = 0;  // futures without any: F is minus infinity, infinity
  double mean = 0, mc_error = 0;                  // missing where F is infinite in a future
  double low = 0, high = 0;                       // order statistics ceil(.025 N), ceil(.975 N): infinite ones count
  double low_error = 0, high_error = 0;
  double mean_before = 0, mean_after = 0;            // of the outcomes, in their unit
  double ratio = 0, ratio_error = 0;                 // mean rate after over mean rate before
  std::optional<double> explained, explained_error;  // E F over the printed fall; nothing where there is no fall
  FallIs printed = FallIs::inside;
  bool is_near = false;  // the printed fall is within two errors of a limit: more futures might say otherwise
  std::optional<double> nothing_left;  // share counted at which the printed fall is the expected one
};

/// How a point hangs on the mean that is matched: slopes of logarithms, with the parameter moved a little.
struct MatchSlopes {
  double of_mean = 1;   // in the parameter
  double of_ratio = 0;  // of E after/E before in the mean
  double of_fall = 0;   // of E F (a logarithm itself) in the mean
};

/// What matching adds to a point's errors: the parameter is known only as well as the mean of its pilots, which are the
/// point's first futures. A mean that came out high by e, relatively, has left the parameter too low, and log ratio and
/// fall off by -slope x e; so each future adds its own part of e to its residual, and what the pilots share with the
/// rest is counted once (the delta method, mathematics.md 6.5).
struct MatchNoise {
  std::vector<double> of_future;  // by future; its part of e, times the futures: zero beyond the pilots. Empty: none
  double error = 0;               // of e
  MatchSlopes slopes = {};
};

/// Of one point: outcomes future by future.
struct PointFutures {
  std::span<const double> before, after;
  std::span<const double> matched;
};

/// From the first futures of a point, and the same of a copy whose parameter's logarithm is `step` higher.
MatchSlopes match_slopes(const Placebo& placebo, const PointFutures& at, const PointFutures& moved, double step);

/// Of the outcome that was matched, future by future, the first of them its pilots.
MatchNoise match_noise(std::span<const double> matched, std::size_t pilots, const MatchSlopes& slopes);

/// The envelope of some points: of all, of an arm, of a level of an unknown.
struct PlaceboEnvelope {
  std::string arm;                     // of one arm, or
  std::optional<std::size_t> unknown;  // of one level of an unknown
  double level = 0;
  std::size_t points = 0, near = 0;
  double low = 0, high = 0;              // least and greatest limit of a band
  double mean_low = 0, mean_high = 0;    // of E F
  double ratio_low = 0, ratio_high = 0;  // of the ratio expected
  std::optional<double> explained_low, explained_high;
  PlaceboVerdict verdict = PlaceboVerdict::cannot_tell;
};

/// The share of a part's people at which nothing is left of its own fall, over the box, with its simulation errors.
struct PartLeft {
  double least = 0, most = 0;
  double least_error = 0, most_error = 0;
  std::size_t points = 0;  // of the box that can give its number before; 0: none, and then there is no share
  bool is_own = false;     // held against what is expected of its own people, not of those of all parts
};

struct PlaceboResult {
  std::vector<PlaceboPoint> points;  // those of the box that are possible
  PlaceboEnvelope all;
  std::vector<PlaceboEnvelope> arms;     // structural spread: one an arm
  std::vector<PlaceboEnvelope> levels;   // the boundary: one a level of each unknown, the others free
  std::optional<PartLeft> nothing_left;  // of all parts together
  std::vector<PartLeft> parts;
};

struct NullResults {
  std::vector<NullPoint> points;
  std::vector<PlaceboResult> placebos;  // one each, or none: it was stopped
};

/// A replicate that failed at a point of the box: which stands in the message.
class PlaceboFailure : public ReplicateFailure {
 public:
  using ReplicateFailure::ReplicateFailure;
};

/// Points of the box: for each arm the levels of the unknowns that are varied in it, the last unknown first to move.
std::vector<NullPoint> null_points(const NullProgramme& programme);

/// How many points there are, without making them: of more than can be counted the greatest number.
std::size_t count_points(const NullProgramme& programme);

/// The law of every printed fall at every point, all on common draws and luck; known figures, never a draw. Parameters
/// that are no unknowns are drawn from their laws. Throws PlaceboFailure.
///
/// The matched parameter is found in its range by the rule of false position on the logarithms (Illinois: Dowell &
/// Jarratt 1971), all points side by side, on the first futures; to a quarter of the error of the mean before.
/// Every number depends on (model, arms, draws, programme, placebos) alone: not on threads.
/// Verified by: placebo_test, placebo_law_test, list_placebo_test.
NullResults run_placebos(const NullProgramme& programme, const std::vector<Placebo>& placebos, const ModelRecord& model,
                         const std::vector<Arm>& arms, const ParameterDraws& draws, const Window& window,
                         const Plan& plan, const RunControl& control);

/// The law at one point from its futures: outcomes before and after, future by future. Its errors hold that of what was
/// matched, where something was.
PlaceboPoint placebo_point(const Placebo& placebo, std::span<const double> before, std::span<const double> after,
                           const MatchNoise& match = {});

/// What points say together.
PlaceboEnvelope placebo_envelope(const std::vector<const PlaceboPoint*>& points);

}  // namespace desist
