// How a model's declarations become a ModelRecord: the visitors of `describe`, and the adapter that runs replicates.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist::contract {

/// Calls T::describe(visitor); a type with nothing in it has nothing to describe.
template <class T, class Visitor>
void describe(Visitor& visitor) {
  if constexpr (!std::is_empty_v<T>) T::describe(visitor);
}

template <class T>
struct NumberShape {  // a plain number: the same for all items and all times
  static constexpr bool in_time = false;
  static constexpr bool by_item = false;
};
template <>
struct NumberShape<Steps> {
  static constexpr bool in_time = true;
  static constexpr bool by_item = false;
};
template <class T>
struct NumberShape<ByItem<T>> {
  static constexpr bool in_time = NumberShape<T>::in_time;
  static constexpr bool by_item = true;
};

/// Collects what a Parameters declares.
class ParameterCollector {
 public:
  ParameterCollector(std::vector<ParameterField>& fields, std::string prefix)
      : fields_(fields), prefix_(std::move(prefix)) {}

  template <class P, class T>
  void number(std::string_view name, T P::*, const NumberOptions& options = {}) {
    add_number(name, NumberShape<T>::in_time, NumberShape<T>::by_item, options);
  }
  template <class P, class E>
  void one_of(std::string_view name, E P::*, std::initializer_list<std::string_view> words,
              const ChoiceOptions& options = {}) {
    add_choice(name, words, options);
  }
  template <class P>
  void items(std::string_view name, std::vector<std::string> P::*, const ListOptions& options = {}) {
    add_list(name, ParameterField::Kind::items, options);
  }
  template <class P>
  void dates(std::string_view name, std::vector<Date> P::*, const ListOptions& options = {}) {
    add_list(name, ParameterField::Kind::dates, options);
  }
  template <class P>
  void shares(std::string_view name, std::vector<double> P::*, const ListOptions& options = {}) {
    add_list(name, ParameterField::Kind::shares, options);
  }
  template <class P, class Q>
  void part(std::string_view name, Q P::*) {
    ParameterCollector inside(fields_, prefix_ + std::string(name) + ".");
    describe<Q>(inside);
  }

 private:
  void add_number(std::string_view name, bool in_time, bool by_item, const NumberOptions& options);
  void add_choice(std::string_view name, std::initializer_list<std::string_view> words, const ChoiceOptions& options);
  void add_list(std::string_view name, ParameterField::Kind kind, const ListOptions& options);
  void add(ParameterField field);  // throws std::logic_error for a name declared twice

  std::vector<ParameterField>& fields_;
  std::string prefix_;
};

/// Collects what an Outcomes or a Series declares.
class ResultCollector {
 public:
  ResultCollector(std::vector<OutcomeField>& outcomes, std::vector<SeriesField>& series, std::string prefix)
      : outcomes_(outcomes), series_(series), prefix_(std::move(prefix)) {}

  template <class O>
  void outcome(std::string_view name, double O::*, const OutcomeOptions& options = {}) {
    add_outcome(name, false, options);
  }
  template <class O>
  void outcome(std::string_view name, std::vector<double> O::*, const OutcomeOptions& options) {
    add_outcome(name, true, options);
  }
  template <class S>
  void series(std::string_view name, std::vector<double> S::*, const SeriesOptions& options = {}) {
    add_series(name, options);
  }
  template <class T, class U>
  void part(std::string_view name, U T::*) {
    ResultCollector inside(outcomes_, series_, prefix_ + std::string(name) + ".");
    describe<U>(inside);
  }

 private:
  void add_outcome(std::string_view name, bool by_item, const OutcomeOptions& options);
  void add_series(std::string_view name, const SeriesOptions& options);

  std::vector<OutcomeField>& outcomes_;
  std::vector<SeriesField>& series_;
  std::string prefix_;
};

/// The fields of a layout with a row's values put in, handed out one after the other.
class FieldValues {
 public:
  FieldValues(const std::vector<ParameterField>& fields, const ArmLayout& layout, std::span<const double> row);

  void take(double& value);
  void take(Steps& value);
  void take(ByItem<double>& values);
  void take(ByItem<Steps>& values);
  template <class Integer>
  requires std::is_integral_v<Integer>
  void take(Integer& value) {
    double number = 0;
    take(number);
    value = static_cast<Integer>(std::llround(number));
  }
  int take_choice();
  void take(std::vector<std::string>& items);
  void take(std::vector<Date>& dates);
  void take_shares(std::vector<double>& shares);

 private:
  const FieldLayout& next();
  double value_of(const Piece& piece) const;
  [[noreturn]] void refuse(const std::string& why) const;
  std::size_t items_of_list() const;  // length of the list that the present field varies by

  const std::vector<ParameterField>& fields_;
  const ArmLayout& layout_;
  std::span<const double> row_;
  std::size_t field_ = 0;  // one after the present
};

/// Fills a Parameters, field by field in declaration order.
template <class P>
class ParameterBinder {
 public:
  ParameterBinder(P& object, FieldValues& values) : object_(object), values_(values) {}

  template <class B, class T>
  void number(std::string_view, T B::*member, const NumberOptions& = {}) {
    values_.take(object_.*member);
  }
  template <class B, class E>
  void one_of(std::string_view, E B::*member, std::initializer_list<std::string_view>, const ChoiceOptions& = {}) {
    object_.*member = static_cast<E>(values_.take_choice());
  }
  template <class B>
  void items(std::string_view, std::vector<std::string> B::*member, const ListOptions& = {}) {
    values_.take(object_.*member);
  }
  template <class B>
  void dates(std::string_view, std::vector<Date> B::*member, const ListOptions& = {}) {
    values_.take(object_.*member);
  }
  template <class B>
  void shares(std::string_view, std::vector<double> B::*member, const ListOptions& = {}) {
    values_.take_shares(object_.*member);
  }
  template <class B, class Q>
  void part(std::string_view, Q B::*member) {
    ParameterBinder<Q> inside(object_.*member, values_);
    describe<Q>(inside);
  }

 private:
  P& object_;
  FieldValues& values_;
};

/// Calls an action with every member of an Outcomes or a Series, in declaration order.
template <class T, class Action>
class EachResult {
 public:
  EachResult(T& object, Action& action) : object_(object), action_(action) {}

  template <class B, class M>
  void outcome(std::string_view, M B::*member, const OutcomeOptions& = {}) {
    action_(object_.*member);
  }
  template <class B>
  void series(std::string_view, std::vector<double> B::*member, const SeriesOptions& = {}) {
    action_(object_.*member);
  }
  template <class B, class U>
  void part(std::string_view, U B::*member) {
    EachResult<U, Action> inside(object_.*member, action_);
    describe<U>(inside);
  }

 private:
  T& object_;
  Action& action_;
};

template <class T, class Action>
void for_each_result(T& object, Action&& action) {
  EachResult<T, std::remove_reference_t<Action>> visitor(object, action);
  describe<T>(visitor);
}

struct SetToZero {
  void operator()(double& value) const { value = 0; }
  void operator()(std::vector<double>& values) const { std::fill(values.begin(), values.end(), 0.0); }
};

/// Gives vectors their lengths, one after the other.
struct Resize {
  std::span<const std::size_t> lengths;  // of each member; of a plain number: 1
  std::size_t next = 0;
  void operator()(double&) { ++next; }
  void operator()(std::vector<double>& values) { values.resize(lengths[next++]); }
};

/// Writes all numbers to a row.
struct CopyOut {
  std::span<double> row;
  std::span<const std::size_t> lengths;
  std::size_t next = 0;
  void operator()(const double& value) {
    row[0] = value;
    row = row.subspan(1);
    ++next;
  }
  void operator()(const std::vector<double>& values) {
    if (values.size() != lengths[next++]) throw std::logic_error("the model changed the length of a result");
    std::copy(values.begin(), values.end(), row.begin());
    row = row.subspan(values.size());
  }
};

/// Length of each outcome of a model in declaration order, 1 for a plain number.
std::vector<std::size_t> outcome_lengths(const std::vector<ParameterField>& parameters,
                                         const std::vector<OutcomeField>& outcomes, const ArmLayout& layout);

/// The declarations of a model, made once.
template <class M>
const ModelRecord& declarations() {
  static const ModelRecord record = [] {
    ModelRecord made;
    made.info = M::info;
    ParameterCollector parameters(made.parameters, "");
    describe<typename M::Parameters>(parameters);
    ResultCollector results(made.outcomes, made.series, "");
    describe<typename M::Outcomes>(results);
    describe<typename M::Series>(results);
    if constexpr (Traced<M>) made.trace_lanes = M::trace_lanes();
    if constexpr (HasHistories<M>) made.history_types = M::history_types;
    return made;
  }();
  return record;
}

/// A model's Parameters filled from a row.
template <class M>
typename M::Parameters bound_parameters(const ArmLayout& layout, std::span<const double> row) {
  typename M::Parameters parameters{};
  FieldValues values(declarations<M>().parameters, layout, row);
  ParameterBinder<typename M::Parameters> binder(parameters, values);
  describe<typename M::Parameters>(binder);
  return parameters;
}

template <class M>
class Adapter final : public BoundModel {
 public:
  Adapter(const ArmLayout& layout, std::span<const double> row, const Window& window)
      : parameters_(bound_parameters<M>(layout, row)),
        bound_(parameters_, window),
        outcome_lengths_(outcome_lengths(declarations<M>().parameters, declarations<M>().outcomes, layout)),
        series_lengths_(declarations<M>().series.size(), window.whole_weeks()) {
    for (const std::size_t length : outcome_lengths_) outcomes_in_row_ += length;
    for (const std::size_t length : series_lengths_) series_in_row_ += length;
  }

  void replicate_block(std::uint64_t seed, std::uint64_t draw, std::uint64_t first, std::uint64_t last,
                       std::span<double> outcomes, std::span<double> series) const override {
    typename M::Outcomes measured{};
    typename M::Series measured_series{};
    for_each_result(measured, Resize{outcome_lengths_});
    for_each_result(measured_series, Resize{series_lengths_});
    for (std::uint64_t replicate = first; replicate < last; ++replicate) {
      for_each_result(measured, SetToZero{});
      for_each_result(measured_series, SetToZero{});
      try {
        const Streams streams(seed, draw, replicate);
        M::replicate(bound_, streams, measured, measured_series);
        for_each_result(measured, CopyOut{outcomes.first(outcomes_in_row_), outcome_lengths_});
        for_each_result(measured_series, CopyOut{series.first(series_in_row_), series_lengths_});
      } catch (const std::exception& thrown) {
        throw ReplicateFailure({draw, "", replicate}, thrown.what());
      }
      outcomes = outcomes.subspan(outcomes_in_row_);
      series = series.subspan(series_in_row_);
    }
  }

  std::vector<Trace> traces(std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate,
                            std::size_t people) const override {
    if constexpr (Traced<M>) {
      try {
        return M::traces(bound_, Streams(seed, draw, replicate), people);
      } catch (const std::exception& thrown) {
        throw ReplicateFailure({draw, "", replicate}, thrown.what());
      }
    } else {
      throw std::logic_error("the model writes no traces");
    }
  }

  void histories(const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                 PersonHistories& histories) const override {
    if constexpr (HasHistories<M>)
      M::histories(bound_, streams, people, weeks, histories);
    else
      BoundModel::histories(streams, people, weeks, histories);
  }

 private:
  typename M::Parameters parameters_;  // before bound_, which may refer to it
  typename M::Bound bound_;
  std::vector<std::size_t> outcome_lengths_;
  std::vector<std::size_t> series_lengths_;
  std::size_t outcomes_in_row_ = 0;
  std::size_t series_in_row_ = 0;
};

}  // namespace desist::contract

namespace desist {

template <Model M>
ModelRecord model_record() {
  ModelRecord record = contract::declarations<M>();
  record.bind = [](const ArmLayout& layout, std::span<const double> row,
                   const Window& window) -> std::unique_ptr<BoundModel> {
    return std::make_unique<contract::Adapter<M>>(layout, row, window);
  };
  if constexpr (KnowsIdle<M>)
    record.idle = [](const ArmLayout& layout, std::span<const double> row) {
      return M::idle(contract::bound_parameters<M>(layout, row));
    };
  return record;
}

}  // namespace desist
