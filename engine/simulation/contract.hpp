// The model contract: what a model's struct must have, and its erasure to a record of functions.
//
//   struct Coin {
//     static constexpr ModelInfo info{"coin", "People reoffend or not.", "docs/models.md"};
//     struct Parameters {
//       double risk; double people;
//       static void describe(auto& v) {
//         v.number("risk", &Parameters::risk, {.unit = "share", .range = {0, 1}, .help = "Chance of reoffending."});
//         ...
//       }
//     };
//     struct Outcomes { double reoffenders; static void describe(auto& v); };
//     struct Series { std::vector<double> waiting; static void describe(auto& v); };  // one value a week; may be empty
//     struct Bound { Bound(const Parameters&, const Window&); };  // tables built once for a draw and arm
//     static void replicate(const Bound&, const Streams&, Outcomes&, Series&);
//   };
//
// `describe` is a static member template called with several kinds of visitor: one that collects the declaration, one
// that fills a Parameters from bound values, one that goes through results. A model never sees a row or an index. An
// empty Outcomes or Series needs no `describe`. What a visitor offers:
//
//   v.number(name, &P::x, NumberOptions)           double, an integer type (rounded to nearest), Steps, ByItem<double>,
//                                                  ByItem<Steps>; ByItem with .over naming a list
//   v.one_of(name, &P::x, {words...}, ChoiceOptions)  an enum whose values 0, 1, ... are the words in order
//   v.items / v.dates / v.shares(name, &P::x, ListOptions)   vectors of std::string, Date, double
//   v.outcome(name, &O::x, OutcomeOptions)         double, or std::vector<double> with .over naming a list, or several
//                                                  ("years x types": the last varies first; an absent list: none)
//   v.series(name, &S::x, SeriesOptions)           std::vector<double>
//   v.part(name, &T::x)                            nests another declaration: its names become "name.x", also in .over
//
// A model of people may also write down what befalls the first of them, for illustrations: two static members,
// `trace_lanes()` and `traces(const Bound&, const Streams&, std::size_t people)` (trace.hpp). And it may give its
// people one by one to a virtual trial: `history_types`, the list of its parameters that events' types count, and
// `histories(const Bound&, const Streams&, std::span<const HistoryRequest>, double weeks, PersonHistories&)`
// (history.hpp). A model whose parameters may make one another idle says so by `idle(const Parameters&)`: a file that
// gives such a one for all arms is refused.
//
// Outcomes and Series objects are reused within a block of replicates: before each one every number in them is 0 and
// every vector has its length, so a model may add to them and must not resize them.
#pragma once

#include <concepts>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "engine/random/stream.hpp"
#include "engine/simulation/declaration.hpp"
#include "engine/simulation/history.hpp"
#include "engine/simulation/profile.hpp"
#include "engine/simulation/trace.hpp"

namespace desist {

/// A value of a field from a date on and for some items: the place of that value in a row of drawn values.
struct Piece {
  double from_week = 0;            // minus infinity for the first
  std::vector<std::size_t> items;  // empty: all
  std::size_t slot = 0;            // index into the row of a draw
};

/// How one arm fills one declared field; the same for all draws.
struct FieldLayout {
  std::vector<Piece> pieces;       // numbers, in order of application: later ones override
  int choice = 0;                  // one_of
  std::vector<std::string> items;  // items: their names
  std::vector<Date> dates;         // dates
  std::vector<double> shares;      // shares
};

/// Everything an arm says to a model, field by field in declaration order.
struct ArmLayout {
  std::vector<FieldLayout> fields;
};

/// Which replicate: enough to run it again alone.
struct ReplicateId {
  std::uint64_t draw = 0;
  std::string arm;
  std::uint64_t replicate = 0;
};
/// A replicate that threw, or that gave no usable number; `what()` names the replicate and the reason.
class ReplicateFailure : public std::runtime_error {
 public:
  ReplicateFailure(ReplicateId id, const std::string& message) : std::runtime_error(message), id_(std::move(id)) {}
  const ReplicateId& id() const { return id_; }

 private:
  ReplicateId id_;
};

/// A model with one draw's values bound for one arm.
class BoundModel {
 public:
  virtual ~BoundModel() = default;
  /// Replicates [first, last) of draw `draw`: row i of `outcomes` and of `series` is replicate first + i.
  /// Throws ReplicateFailure (its arm left empty) if a replicate throws.
  virtual void replicate_block(std::uint64_t seed, std::uint64_t draw, std::uint64_t first, std::uint64_t last,
                               std::span<double> outcomes, std::span<double> series) const = 0;
  /// The traces of the first `people` persons of a replicate (of all, if there are fewer). Throws ReplicateFailure (its
  /// arm left empty) if the model throws, std::logic_error if it has no traces.
  virtual std::vector<Trace> traces(std::uint64_t seed, std::uint64_t draw, std::uint64_t replicate,
                                    std::size_t people) const = 0;
  /// Adds the histories of these people of a replicate, each followed for `weeks` after entry or to the window's end.
  /// Throws what the model throws, std::logic_error if it has no histories.
  virtual void histories(const Streams& streams, std::span<const HistoryRequest> people, double weeks,
                         PersonHistories& histories) const;
};

/// A model as the runner and the reader of experiments see it.
struct ModelRecord {
  ModelInfo info;
  std::vector<ParameterField> parameters;
  std::vector<OutcomeField> outcomes;
  std::vector<SeriesField> series;
  std::vector<TraceLane> trace_lanes;  // empty: the model writes no traces
  std::string history_types;           // the parameter that lists them; "": the model has no histories
  std::unique_ptr<BoundModel> (*bind)(const ArmLayout&, std::span<const double> row, const Window&) = nullptr;
  /// Parameters that change nothing beside the others of an arm; null: the model doesn't say.
  std::vector<IdleParameter> (*idle)(const ArmLayout&, std::span<const double> row) = nullptr;
};

/// The lists of OutcomeField::by_item: "years x types" is of years and of types.
std::vector<std::string> lists_of(const std::string& by_item);

/// One outcome of a layout in which lists have their length: "clear[2024-01-31]" is outcome "clear", item "2024-01-31".
struct OutcomeSlot {
  std::size_t field = 0;  // index into ModelRecord::outcomes
  std::string item;       // "" if the outcome is not by item; a date in ISO form, a name, or "1", "2", ...; of
                          // several lists "2026/27, theft"
};
/// The outcomes that a replicate writes, flattened in declaration order; the same for every arm of an experiment.
std::vector<OutcomeSlot> outcome_slots(const ModelRecord& model, const ArmLayout& layout);

template <class M>
concept Model = requires(const typename M::Parameters& parameters, const Window& window, const typename M::Bound& bound,
                         const Streams& streams, typename M::Outcomes& outcomes, typename M::Series& series) {
  { M::info } -> std::convertible_to<ModelInfo>;
  typename M::Bound;
  requires std::constructible_from<typename M::Bound, const typename M::Parameters&, const Window&>;
  M::replicate(bound, streams, outcomes, series);
};

/// A model that can write down what befalls one of its people.
template <class M>
concept Traced = Model<M> && requires(const typename M::Bound& bound, const Streams& streams, std::size_t people) {
  { M::trace_lanes() } -> std::convertible_to<std::vector<TraceLane>>;
  { M::traces(bound, streams, people) } -> std::convertible_to<std::vector<Trace>>;
};

/// A model that can give its people one by one.
template <class M>
concept HasHistories = Model<M> &&
    requires(const typename M::Bound& bound, const Streams& streams, std::span<const HistoryRequest> people,
             double weeks, PersonHistories& histories) {
  { M::history_types } -> std::convertible_to<std::string_view>;
  M::histories(bound, streams, people, weeks, histories);
};

/// A model that knows which of its parameters change nothing beside the others.
template <class M>
concept KnowsIdle = Model<M> && requires(const typename M::Parameters& parameters) {
  { M::idle(parameters) } -> std::convertible_to<std::vector<IdleParameter>>;
};

/// The record of a model, made from its declarations.
template <Model M>
ModelRecord model_record();

}  // namespace desist

#include "engine/simulation/contract_impl.hpp"  // the visitors and the adapter
