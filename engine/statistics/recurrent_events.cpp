#include "engine/statistics/recurrent_events.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace desist::statistics {

namespace {

/// The first row that begins before an earlier row of the same person has ended, or is in another group than it.
std::optional<SurvivalProblem> fault_of_spells(const FollowUp& follow_up, std::span<const int> person,
                                               std::span<const int> group) {
  if (person.empty()) return std::nullopt;
  const auto start = [&](std::uint32_t i) { return follow_up.start.empty() ? 0 : follow_up.start[i]; };
  std::vector<std::uint32_t> order(follow_up.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
    if (person[a] != person[b]) return person[a] < person[b];
    return start(a) != start(b) ? start(a) < start(b) : a < b;
  });
  for (std::size_t k = 1; k < order.size(); ++k) {
    const std::uint32_t before = order[k - 1], after = order[k];
    if (person[before] != person[after]) continue;
    if (start(after) < follow_up.stop[before]) return SurvivalProblem{SurvivalFault::overlapping_rows, after};
    if (!group.empty() && group[before] != group[after]) return SurvivalProblem{SurvivalFault::unknown_group, after};
  }
  return std::nullopt;
}

/// People whose influence on the mean is a - A(t), A growing with time for all of them alike: the sum of its squares.
class Influences {
 public:
  void add(double a) { change(a, 1); }
  void remove(double a) { change(a, -1); }
  double squares(double common) const { return squares_ - 2 * common * sum_ + common * common * count_; }

 private:
  void change(double a, double by) {
    squares_ += by * a * a;
    sum_ += by * a;
    count_ += by;
  }
  double squares_ = 0, sum_ = 0, count_ = 0;
};

MeanCumulativeFunction curve_of(const FollowUp& follow_up, std::span<const int> person,
                                std::span<const std::uint32_t> rows) {
  const bool entries = !follow_up.start.empty();
  std::vector<double> all;
  for (const std::uint32_t i : rows) all.push_back(follow_up.stop[i]);
  if (entries) {
    for (const std::uint32_t i : rows) all.push_back(follow_up.start[i]);
  }
  const DistinctTimes distinct = distinct_times(all);
  const std::size_t n = rows.size(), times = distinct.time.size();
  std::vector<std::vector<std::uint32_t>> leaving(times), entering(entries ? times : 0);
  std::vector<int> people;
  for (std::size_t k = 0; k < n; ++k) {
    leaving[distinct.place[k]].push_back(rows[k]);
    if (entries) entering[distinct.place[n + k]].push_back(rows[k]);
    people.push_back(person.empty() ? static_cast<int>(rows[k]) : person[rows[k]]);
  }
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  const auto place = [&](std::uint32_t row) {
    const int who = person.empty() ? static_cast<int>(row) : person[row];
    return static_cast<std::size_t>(std::lower_bound(people.begin(), people.end(), who) - people.begin());
  };

  MeanCumulativeFunction curve;
  curve.people = static_cast<std::int64_t>(people.size());
  // A person under observation has influence own - common, one who is not has own.
  std::vector<double> own(people.size(), 0);
  Influences watched, away;
  double common = 0;  // sum of d/n^2
  std::int64_t at_risk = entries ? 0 : static_cast<std::int64_t>(n);
  for (std::size_t k = 0; k < people.size(); ++k) (entries ? away : watched).add(0);
  MeanCount step;
  for (std::size_t t = 0; t < times; ++t) {
    std::int64_t events = 0;
    for (const std::uint32_t row : leaving[t]) events += follow_up.event[row] != 0 ? 1 : 0;
    if (events > 0) {
      const auto people_here = static_cast<double>(at_risk);
      const auto d = static_cast<double>(events);
      common += d / (people_here * people_here);
      step.time = distinct.time[t];
      step.at_risk = at_risk;
      step.events = events;
      step.mean += d / people_here;
      curve.events += events;
    }
    for (const std::uint32_t row : leaving[t]) {
      double& a = own[place(row)];
      watched.remove(a);
      if (follow_up.event[row] != 0) a += 1 / static_cast<double>(at_risk);
      watched.add(a);
    }
    if (events > 0) {
      step.robust_error = std::sqrt(std::max(0.0, watched.squares(common) + away.squares(0)));
      step.poisson_error = std::sqrt(common);
      curve.steps.push_back(step);
    }
    for (const std::uint32_t row : leaving[t]) {
      double& a = own[place(row)];
      watched.remove(a);
      a -= common;
      away.add(a);
    }
    at_risk -= static_cast<std::int64_t>(leaving[t].size());
    if (!entries) continue;
    for (const std::uint32_t row : entering[t]) {
      double& a = own[place(row)];
      away.remove(a);
      a += common;
      watched.add(a);
    }
    at_risk += static_cast<std::int64_t>(entering[t].size());
  }
  return curve;
}

}  // namespace

Checked<std::vector<MeanCumulativeFunction>> mean_cumulative_function(const FollowUp& follow_up,
                                                                      std::span<const int> person,
                                                                      std::span<const int> group, int groups) {
  if (const auto fault = fault_of(follow_up)) return *fault;
  const std::size_t n = follow_up.size();
  if (groups < 1) return SurvivalProblem{SurvivalFault::bad_argument};
  if (const auto fault = fault_of_labels(group, n, groups)) return *fault;
  if (const auto fault = fault_of_labels(person, n)) return *fault;
  if (const auto fault = fault_of_spells(follow_up, person, group)) return *fault;
  const RowsByLabel sorted = rows_by_label(group, n);
  std::vector<MeanCumulativeFunction> curves(static_cast<std::size_t>(groups));
  for (std::size_t g = 0; g + 1 < sorted.begin.size(); ++g) {
    curves[g] = curve_of(follow_up, person,
                         std::span(sorted.rows).subspan(sorted.begin[g], sorted.begin[g + 1] - sorted.begin[g]));
  }
  return curves;
}

}  // namespace desist::statistics
