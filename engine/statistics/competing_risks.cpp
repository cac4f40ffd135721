#include "engine/statistics/competing_risks.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

namespace {

/// The parts of the delta variance of one cause that are carried from time to time (Gray's cuminc).
struct DeltaParts {
  double v1 = 0, v2 = 0, v3 = 0;
  double shown = 0;

  /// Events at a time with `n` at risk: `own` of this cause, `other` of the others; survival before and after;
  /// `incidence` after.
  void add(double n, double own, double other, double before, double after, double incidence) {
    const auto ties = [&](double d) { return (d > 1 ? 1 - (d - 1) / (n - 1) : 1) * before * before * d / (n * n); };
    const double inverse = after > 0 ? 1 / after : 0;
    if (other > 0 && after > 0) change(incidence * inverse, inverse, ties(other));
    if (own > 0) {
      change(1 + incidence * inverse, inverse, ties(own));
      shown = v1 + incidence * incidence * v3 - 2 * incidence * v2;
    }
  }

 private:
  void change(double a, double b, double variance) {
    v1 += a * a * variance;
    v2 += a * b * variance;
    v3 += b * b * variance;
  }
};

/// Squared influences of one cause. Whoever is still at risk has influence `common`; whoever left at time s with
/// influence a and slope b has a + b F(t), so that sums of a^2, a b and b^2 are enough.
struct JackknifeParts {
  double common = 0;
  double aa = 0, ab = 0, bb = 0;

  void leave(double influence, double slope, double incidence, double people) {
    const double a = influence - slope * incidence;
    aa += people * a * a;
    ab += people * a * slope;
    bb += people * slope * slope;
  }
  double squares(double incidence, double at_risk) const {
    return aa + 2 * incidence * ab + incidence * incidence * bb + at_risk * common * common;
  }
};

Incidences incidences_of(const FollowUp& follow_up, std::span<const std::uint32_t> rows, std::size_t causes) {
  std::vector<double> all;
  for (const std::uint32_t i : rows) all.push_back(follow_up.stop[i]);
  const DistinctTimes distinct = distinct_times(all);
  std::vector<std::int64_t> counts(distinct.time.size() * (causes + 1), 0);
  for (std::size_t k = 0; k < rows.size(); ++k)
    ++counts[distinct.place[k] * (causes + 1) + static_cast<std::size_t>(follow_up.event[rows[k]])];
  Incidences result;
  result.people = static_cast<std::int64_t>(rows.size());
  result.causes.resize(causes);
  std::vector<DeltaParts> delta(causes);
  std::vector<JackknifeParts> jackknife(causes);
  std::vector<double> incidence(causes, 0);
  double survival = 1;
  double slope = 0;  // sum of h/(n (1 - h)): of survival's relative influence while at risk
  std::int64_t at_risk = result.people;
  for (std::size_t t = 0; t < distinct.time.size(); ++t) {
    const std::int64_t* here = counts.data() + t * (causes + 1);
    std::int64_t events = 0;
    for (std::size_t c = 1; c <= causes; ++c) events += here[c];
    const auto n = static_cast<double>(at_risk);
    const auto d = static_cast<double>(events);
    const double left = (n - d) / n;
    const double after = survival * left;
    const double slope_before = slope;
    // Where everybody at risk has an event, survival is 0 afterwards whatever the weights.
    slope = left > 0 ? slope + d / (n * n * left) : 0;
    const double slope_of_event = left > 0 ? slope - 1 / (n * left) : 0;
    const auto remaining = static_cast<double>(at_risk - events - here[0]);
    for (std::size_t c = 0; c < causes; ++c) {
      const auto own = static_cast<double>(here[c + 1]);
      incidence[c] += survival * own / n;
      delta[c].add(n, own, d - own, survival, after, incidence[c]);
      JackknifeParts& parts = jackknife[c];
      parts.common += survival * (slope_before - 1 / n) * own / n;
      for (std::size_t e = 0; e <= causes; ++e) {
        const double influence = parts.common + (e == c + 1 ? survival / n : 0);
        parts.leave(influence, e == 0 ? slope : slope_of_event, incidence[c], static_cast<double>(here[e]));
      }
      IncidenceStep step;
      step.time = distinct.time[t];
      step.at_risk = at_risk;
      step.events = here[c + 1];
      step.incidence = incidence[c];
      step.jackknife_error = std::sqrt(std::max(0.0, parts.squares(incidence[c], remaining)));
      step.delta_error = std::sqrt(std::max(0.0, delta[c].shown));
      result.causes[c].push_back(step);
    }
    survival = after;
    at_risk -= events + here[0];
  }
  return result;
}

}  // namespace

Checked<std::vector<Incidences>> cumulative_incidence(const FollowUp& follow_up, int causes, std::span<const int> group,
                                                      int groups) {
  if (causes < 1 || groups < 1 || !follow_up.start.empty()) return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of(follow_up, causes)) return *fault;
  if (const auto fault = fault_of_labels(group, follow_up.size(), groups)) return *fault;
  const RowsByLabel sorted = rows_by_label(group, follow_up.size());
  std::vector<Incidences> all(static_cast<std::size_t>(groups));
  for (std::size_t g = 0; g < all.size(); ++g) {
    std::span<const std::uint32_t> rows;
    if (g + 1 < sorted.begin.size())
      rows = std::span(sorted.rows).subspan(sorted.begin[g], sorted.begin[g + 1] - sorted.begin[g]);
    all[g] = incidences_of(follow_up, rows, static_cast<std::size_t>(causes));
  }
  return all;
}

IncidenceStep incidence_at(const std::vector<IncidenceStep>& steps, double time) {
  const auto after = std::upper_bound(steps.begin(), steps.end(), time,
                                      [](double t, const IncidenceStep& step) { return t < step.time; });
  return after == steps.begin() ? IncidenceStep{} : *(after - 1);
}

std::optional<Interval> incidence_limits(double incidence, double error, double confidence) {
  if (incidence <= 0) return Interval{0, 0};
  if (!(incidence < 1)) return std::nullopt;
  const double log_f = std::log(incidence);
  const double ratio = std::exp(two_sided_z(confidence) * error / (incidence * -log_f));
  return Interval{std::exp(log_f * ratio), std::exp(log_f / ratio)};
}

}  // namespace desist::statistics
