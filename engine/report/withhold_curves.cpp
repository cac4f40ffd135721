#include "engine/report/withhold_curves.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <set>

#include "engine/core/limits.hpp"

namespace desist {
namespace {

/// What happened at one time in one arm, over its curves.
struct Moment {
  std::map<std::string, double> events;  // by curve
  double at_risk = 0, censored = 0;
  double all_events() const {
    double sum = 0;
    for (const auto& [curve, count] : events) sum += count;
    return sum;
  }
};

/// What lies between two ends of steps.
struct Span {
  std::map<std::string, double> events;
  double censored = 0;
  void add(const Moment& moment) {
    for (const auto& [curve, count] : moment.events) events[curve] += count;
    censored += moment.censored;
  }
  bool fine(double least) const {
    const auto enough = [&](double count) { return count < 1e-9 || count > least - 1e-9; };
    return enough(censored) &&
           std::all_of(events.begin(), events.end(), [&](const auto& each) { return enough(each.second); });
  }
  bool any_events() const {
    return std::any_of(events.begin(), events.end(), [](const auto& each) { return each.second > 1e-9; });
  }
};

using CurveMoments = std::map<double, Moment>;

Span span(const CurveMoments& moments, double after, double until) {
  Span all;
  for (auto it = moments.upper_bound(after); it != moments.end() && it->first <= until; ++it) all.add(it->second);
  return all;
}

/// The times at which steps may end.
std::vector<double> ends_of_steps(const CurveMoments& moments, double least) {
  std::vector<double> ends;
  double last = -infinity;
  for (const auto& [time, moment] : moments) {
    const Span since = span(moments, last, time);
    const double left = moment.at_risk - moment.all_events() - moment.censored;
    const bool nobody_or_enough = left < 1e-9 || left > least - 1e-9;
    if (!since.any_events() || !since.fine(least) || moment.at_risk < least - 1e-9 || !nobody_or_enough) continue;
    ends.push_back(time);
    last = time;
  }
  // What comes after the last end: joined to one step more where that can be shown, else hidden, which takes enough
  // events too.
  for (;;) {
    const Span tail = span(moments, ends.empty() ? -infinity : ends.back(), infinity);
    if (!tail.any_events() && tail.fine(least)) break;
    const auto& [time, moment] = *moments.rbegin();
    if (tail.fine(least) && moment.at_risk > least - 1e-9 &&
        moment.at_risk - moment.all_events() - moment.censored < 1e-9) {
      ends.push_back(time);
      break;
    }
    if (tail.fine(least) || ends.empty()) break;
    ends.pop_back();
  }
  return ends;
}

}  // namespace

std::vector<CurvePoint> joined_steps(const std::vector<CurvePoint>& curves, std::int64_t least,
                                     const std::map<std::string, double>& people) {
  std::vector<std::string> arms;
  for (const CurvePoint& point : curves)
    if (std::find(arms.begin(), arms.end(), point.arm) == arms.end()) arms.push_back(point.arm);
  const auto enough = static_cast<double>(least);
  std::map<std::string, CurveMoments> moments;
  for (const CurvePoint& point : curves) {
    Moment& moment = moments[point.arm][point.time];
    moment.events[point.curve] += point.events;
    moment.at_risk = point.at_risk;
    moment.censored = point.censored;
  }
  std::map<std::string, std::set<double>> ends;
  for (const std::string& arm : arms) {
    const auto known = people.find(arm);
    const double first = moments[arm].begin()->second.at_risk;
    const double apart = known == people.end() ? 0 : std::abs(first - known->second);
    if (apart > 0.5 && apart < enough - 0.5) continue;
    const auto times = ends_of_steps(moments[arm], enough);
    ends[arm].insert(times.begin(), times.end());
  }
  // Points stand in order of time within a curve and arm: each shown one takes up those since the last.
  std::vector<CurvePoint> shown;
  std::map<std::pair<std::string, std::string>, CurvePoint> since;
  for (const CurvePoint& point : curves) {
    if (!ends[point.arm].contains(point.time)) {
      const auto [open, is_new] = since.emplace(std::pair{point.curve, point.arm}, point);
      if (!is_new) {
        open->second.events += point.events;
        open->second.censored += point.censored;
      }
      continue;
    }
    CurvePoint joined = point;
    if (const auto open = since.find({point.curve, point.arm}); open != since.end()) {
      joined.at_risk = open->second.at_risk;
      joined.events += open->second.events;
      joined.censored += open->second.censored;
      since.erase(open);
    }
    shown.push_back(joined);
  }
  return shown;
}

}  // namespace desist
