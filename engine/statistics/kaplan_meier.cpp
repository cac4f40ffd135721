#include "engine/statistics/kaplan_meier.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {

std::optional<double> SurvivalStep::error() const {
  if (!(survival > 0)) return std::nullopt;
  return survival * std::sqrt(greenwood);
}

namespace {

/// What happens at one time in one group.
struct Tally {
  std::int64_t entering = 0;
  std::int64_t events = 0;
  std::int64_t censored = 0;
};

SurvivalCurve curve_of(std::span<const double> times, const Tally* tallies, std::size_t stride) {
  SurvivalCurve curve;
  std::int64_t entered = 0;
  for (std::size_t t = 0; t < times.size(); ++t) {
    const Tally& here = tallies[t * stride];
    curve.people += here.events + here.censored;
    curve.events += here.events;
    entered += here.entering;
  }
  std::int64_t at_risk = curve.people - entered;  // without starts nobody enters: all are there at first
  SurvivalStep step;
  for (std::size_t t = 0; t < times.size(); ++t) {
    const Tally& here = tallies[t * stride];
    if (here.events + here.censored > 0) {
      const auto n = static_cast<double>(at_risk);
      const auto d = static_cast<double>(here.events);
      step.time = times[t];
      step.at_risk = at_risk;
      step.events = here.events;
      step.censored = here.censored;
      if (here.events > 0) {
        step.survival *= (n - d) / n;
        step.greenwood += d / (n * (n - d));
        step.hazard += d / n;
        step.hazard_variance += d / (n * n);
      }
      curve.steps.push_back(step);
      at_risk -= here.events + here.censored;
    }
    at_risk += here.entering;  // at risk only after its start
  }
  return curve;
}

}  // namespace

Checked<std::vector<SurvivalCurve>> kaplan_meier(const FollowUp& follow_up, std::span<const int> group, int groups) {
  if (const auto fault = fault_of(follow_up)) return *fault;
  if (groups < 1) return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of_labels(group, follow_up.size(), groups)) return *fault;
  const std::size_t n = follow_up.size();
  const auto width = static_cast<std::size_t>(groups);
  const bool entries = !follow_up.start.empty();
  std::vector<double> all(follow_up.stop.begin(), follow_up.stop.end());
  all.insert(all.end(), follow_up.start.begin(), follow_up.start.end());
  const DistinctTimes times = distinct_times(all);
  std::vector<Tally> tallies(times.time.size() * width);
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t g = group.empty() ? 0 : static_cast<std::size_t>(group[i]);
    Tally& stop = tallies[times.place[i] * width + g];
    ++(follow_up.event[i] != 0 ? stop.events : stop.censored);
    if (entries) ++tallies[times.place[n + i] * width + g].entering;
  }
  std::vector<SurvivalCurve> curves;
  for (std::size_t g = 0; g < width; ++g) curves.push_back(curve_of(times.time, tallies.data() + g, width));
  return curves;
}

std::optional<Interval> survival_limits(const SurvivalStep& step, BandScale scale, double confidence) {
  if (!(step.survival > 0)) return std::nullopt;
  if (step.greenwood == 0) return Interval{1, 1};
  const double half = two_sided_z(confidence) * std::sqrt(step.greenwood);  // on the scale of log S
  const double s = step.survival;
  if (scale == BandScale::plain) return Interval{std::max(0.0, s - s * half), std::min(1.0, s + s * half)};
  if (scale == BandScale::log) return Interval{s * std::exp(-half), std::min(1.0, s * std::exp(half))};
  const double log_s = std::log(s);
  const double ratio = std::exp(half / -log_s);
  return Interval{std::exp(log_s * ratio), std::exp(log_s / ratio)};
}

std::vector<SurvivalAt> survival_at(const SurvivalCurve& curve, std::span<const double> times) {
  std::vector<SurvivalAt> rows;
  for (const double time : times) {
    SurvivalAt row;
    row.time = time;
    const auto before = [](const SurvivalStep& step, double t) { return step.time < t; };
    const auto next = std::lower_bound(curve.steps.begin(), curve.steps.end(), time, before);
    if (next != curve.steps.end()) row.at_risk = next->at_risk;
    const bool exactly = next != curve.steps.end() && next->time == time;
    if (exactly) {
      row.step = *next;
    } else if (next != curve.steps.begin()) {
      row.step = *(next - 1);
    }
    rows.push_back(row);
  }
  return rows;
}

namespace {

/// The rule of R's survfit on a curve that falls: `height` gives its value at a step, NaN where it has none.
template <class Height>
std::optional<double> crossing(const SurvivalCurve& curve, double level, Height height) {
  const double slack = std::sqrt(std::numeric_limits<double>::epsilon());  // R's all.equal
  for (std::size_t i = 0; i < curve.steps.size(); ++i) {
    const double first = height(curve.steps[i]);
    if (!(first < level + slack)) continue;
    if (std::abs(first - level) < slack) {
      for (std::size_t j = i + 1; j < curve.steps.size(); ++j) {
        if (height(curve.steps[j]) < first) return (curve.steps[i].time + curve.steps[j].time) / 2;
      }
    }
    return curve.steps[i].time;
  }
  return std::nullopt;
}

}  // namespace

SurvivalQuantile survival_quantile(const SurvivalCurve& curve, double p, BandScale scale, double confidence) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto limits = [&](const SurvivalStep& step) {
    return survival_limits(step, scale, confidence).value_or(Interval{none, none});
  };
  const double level = 1 - p;
  return {crossing(curve, level, [](const SurvivalStep& step) { return step.survival; }),
          crossing(curve, level, [&](const SurvivalStep& step) { return limits(step).low; }),
          crossing(curve, level, [&](const SurvivalStep& step) { return limits(step).high; })};
}

}  // namespace desist::statistics
