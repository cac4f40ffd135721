// Lengths of stay from one day's look: how long those present have been there so far.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>

#include "engine/statistics/interval.hpp"

namespace desist::statistics {

/// The law of a stay, given its mean m and its coefficient of variation c ("spread").
/// Lognormal: log-variance log(1 + c^2). Gamma: shape 1/c^2.
enum class StayLaw { lognormal, gamma };

struct StayShape {
  StayLaw law = StayLaw::lognormal;
  double mean = 0;
  double spread = 1;
};

/// Share of those present on a day who have been there longer than `time`, in the long run: E[(S - time)+] / m.
///
/// The time so far has density (1 - F(t)) / m (Cox 1962, Renewal Theory, 5.4). With s^2 = log(1 + c^2) and
/// d = (log(m / t) + s^2 / 2) / s a lognormal gives Phi(d) - (t / m) Phi(d - s); a gamma of shape k and scale b gives
/// Q(k + 1, t / b) - (t / m) Q(k, t / b). Needs mean > 0, spread > 0. Verified by: stay_snapshot_test
double share_longer_so_far(const StayShape& shape, double time);

/// Some of those present: `count` of them have been there between `from` and `to`, which may be infinite.
struct SnapshotBin {
  double from = 0;
  double to = std::numeric_limits<double>::infinity();
  std::int64_t count = 0;
};

struct SnapshotFit {
  double mean = 0;    // of stays
  double spread = 0;  // where the likelihood is greatest
  Interval interval;  // of the mean, by profile likelihood; an end outside what is searched is that bound
  bool open_below = false, open_above = false;
  double mean_so_far = 0;  // of those present: m (1 + c^2) / 2
  double starts = 0;       // a unit of time, for as many to be present as were counted: count / mean (Little 1961)
  double deviance = 0;     // 2 (greatest log-likelihood of any shares - of this law): what the law can't explain
};

/// The mean stay that fits a snapshot best, with a spread between two bounds (the same twice: known).
///
/// Maximum likelihood for counts in bins of the time so far under stationarity: as many come as go, for longer than
/// stays last. Stays seen on one day are not stays: the longer one is, the surer it is seen (length bias), and none has
/// ended (censoring). If more came lately than before, the fit is too short. Short stays hardly show: for a law with
/// many of them the same snapshot fits a much smaller mean, so what is found hangs on the spread that is allowed.
/// Nothing where fewer than two bins have a count. Verified by: stay_snapshot_test
std::optional<SnapshotFit> fit_stays(std::span<const SnapshotBin> bins, StayLaw law, double least_spread,
                                     double most_spread, double confidence = usual_confidence);

}  // namespace desist::statistics
