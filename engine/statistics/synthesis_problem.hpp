// Why a synthesis of studies gives no number.
#pragma once

#include <optional>
#include <string_view>
#include <utility>

namespace desist::statistics {

enum class SynthesisProblem {
  none,
  no_study,
  one_study,
  too_few_studies,
  not_finite,
  variance_not_positive,
  collinear_moderators,
  no_scatter,
  no_error,
  impossible_counts,
  no_events,
  everybody_had_the_event,
  no_events_in_a_group,
  everybody_in_a_group_had_the_event,
  no_information,
  at_the_edge,
  not_settled
};

/// What a reader is told of a problem, without a capital or a full stop.
std::string_view problem_words(SynthesisProblem problem);

/// A result, or the problem that leaves none: never a number that only looks like one.
template <class Value>
class Synthesised {
 public:
  Synthesised(Value value) : value_(std::move(value)) {}
  Synthesised(SynthesisProblem problem) : problem_(problem) {}
  explicit operator bool() const { return value_.has_value(); }
  const Value& operator*() const { return value_.value(); }
  const Value* operator->() const { return &value_.value(); }
  SynthesisProblem problem() const { return problem_; }

 private:
  std::optional<Value> value_;
  SynthesisProblem problem_ = SynthesisProblem::none;
};

}  // namespace desist::statistics
