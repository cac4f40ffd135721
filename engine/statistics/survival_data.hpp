// Follow-up of people as columns of numbers, and what can be wrong with it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace desist::statistics {

/// Follow-up of each row, over (start, stop].
struct FollowUp {
  std::span<const double> stop;
  std::span<const int> event;     // 0: censored at `stop`; 1: the event; competing risks also 2, 3, ...
  std::span<const double> start;  // empty: every row is under observation from the beginning
  std::size_t size() const { return stop.size(); }
};

/// Why a method gives no estimate.
enum class SurvivalFault {
  no_rows,
  lengths_differ,        // `row` is the length that was found
  not_a_number,          // a time, weight or covariate is NaN or infinite, at `row`
  negative_time,         // at `row`
  zero_time,             // where a law of positive times is fitted, at `row`
  stop_not_after_start,  // at `row`
  unknown_event_code,    // at `row`
  negative_weight,       // at `row`
  unknown_group,         // a group, stratum, cluster or person below 0, or above what was declared, at `row`
  overlapping_rows,      // a person is under observation twice at once, at `row`
  one_group,             // a comparison needs two groups with people
  no_events,
  constant_covariate,    // does not vary among people compared: `covariate`
  collinear_covariate,   // follows from the covariates before it: `covariate`
  infinite_coefficient,  // the likelihood keeps growing as the coefficient of `covariate` grows without bound
  no_spread,             // the times of the events leave nothing to estimate an error or a scale from
  share_at_boundary,     // the likelihood grows as the susceptible share goes to 0 or 1
  beyond_follow_up,      // the horizon lies after the last time at which anything is known
  bad_argument,          // a confidence, horizon or cut point outside its range
  no_convergence,
};

/// A fault with the place where it was found.
struct SurvivalProblem {
  SurvivalFault fault = SurvivalFault::no_rows;
  std::size_t row = 0;        // the first, from 0, where the fault is a row's
  std::size_t covariate = 0;  // from 0, where the fault is a covariate's
  int sign = 0;               // of an infinite coefficient
};

/// A result, or the reason why there is none.
template <class T>
class Checked {
 public:
  Checked(T value) : value_(std::move(value)) {}
  Checked(SurvivalProblem problem) : problem_(problem) {}
  explicit operator bool() const { return value_.has_value(); }
  const T& operator*() const { return value_.value(); }
  const T* operator->() const { return &value_.value(); }
  const SurvivalProblem& problem() const { return problem_; }

 private:
  std::optional<T> value_;
  SurvivalProblem problem_;
};

/// The first fault of a follow-up whose event codes are 0 to `last_code`; empty if there is none.
/// Verified by: survival_faults_test
std::optional<SurvivalProblem> fault_of(const FollowUp& follow_up, int last_code = 1);

/// The first fault of labels that must lie in 0, ..., `count` - 1 (any from 0 if `count` is 0); empty labels pass.
/// Verified by: survival_faults_test
std::optional<SurvivalProblem> fault_of_labels(std::span<const int> labels, std::size_t rows, int count = 0);

/// One more than the greatest label; 1 for no labels.
int label_count(std::span<const int> labels);

/// Row numbers by label, rows in their order: `rows[begin[s]]` to `rows[begin[s + 1] - 1]` have label s.
struct RowsByLabel {
  std::vector<std::uint32_t> rows;
  std::vector<std::size_t> begin;
};
RowsByLabel rows_by_label(std::span<const int> labels, std::size_t rows);

/// Row numbers in ascending order of non-negative `times`, equal times in order of row: a radix sort on the bits of the
/// numbers, or on their whole values if all are whole (days: two passes).
/// Verified by: survival_data_test
std::vector<std::uint32_t> order_by_time(std::span<const double> times);

/// Distinct times in ascending order, with the place of each row's time among them.
struct DistinctTimes {
  std::vector<double> time;
  std::vector<std::uint32_t> place;  // of each row
};

/// Verified by: survival_data_test
DistinctTimes distinct_times(std::span<const double> times);

}  // namespace desist::statistics
