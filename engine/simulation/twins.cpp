#include "engine/simulation/twins.hpp"

#include <algorithm>
#include <cmath>

#include "engine/simulation/chunk.hpp"

namespace desist {
namespace {

std::vector<Trace> traces_in_arm(const ModelRecord& model, const Arm& arm, const std::vector<double>& row,
                                 const Window& window, std::uint64_t seed, std::size_t people) {
  try {
    return model.bind(arm.layout, row_for(arm, row), window)->traces(seed, 0, 0, people);
  } catch (const ReplicateFailure& failure) {
    throw ReplicateFailure({0, arm.name, 0}, failure.what());
  }
}

/// What makes a life: states, amounts, and moments that come in numbers. A single moment, such as a referral that comes
/// to nothing, changes none.
std::vector<TraceRow> life_in(const Trace& trace, const std::vector<TraceLane>& lanes) {
  std::vector<TraceRow> life;
  for (const TraceRow& row : trace.rows)
    if (row.kind != TraceRow::Kind::moment || lanes.at(row.lane).crowded) life.push_back(row);
  return life;
}

/// Amounts are sums over other stretches of time in each life: their rounding is no difference, and neither is what a
/// picture doesn't show.
constexpr double unseen_difference = 0.05;  // amounts are printed with a decimal at most

bool is_same(const TraceRow& a, const TraceRow& b) {
  if (std::abs(a.value - b.value) >= unseen_difference) return false;
  TraceRow with_value_of_a = b;
  with_value_of_a.value = a.value;
  return a == with_value_of_a;
}

bool lives_differ(const Trace& one, const Trace& other, const std::vector<TraceLane>& lanes) {
  const std::vector<TraceRow> a = life_in(one, lanes), b = life_in(other, lanes);
  return !std::equal(a.begin(), a.end(), b.begin(), b.end(), is_same);
}

}  // namespace

TwinTraces twin_traces(const ModelRecord& model, const Arm& first, const Arm& second, const ParameterDraws& draws,
                       const Window& window, std::uint64_t seed, std::size_t people) {
  const std::vector<double> row = draws.row(0);
  const std::size_t wanted = std::max(people, most_twins_looked_at);
  const std::vector<Trace> in_first = traces_in_arm(model, first, row, window, seed, wanted);
  const std::vector<Trace> in_second = traces_in_arm(model, second, row, window, seed, wanted);
  std::vector<Twins> all;
  std::vector<bool> differs;
  for (const Trace& one : in_first) {
    // An entry rule that an arm changes may let in other people: they have no twin.
    const auto other = std::find_if(in_second.begin(), in_second.end(),
                                    [&](const Trace& trace) { return trace.person == one.person; });
    if (other == in_second.end()) continue;
    all.push_back({all.size() + 1, one, *other});
    differs.push_back(lives_differ(one, *other, model.trace_lanes));
  }
  TwinTraces twins;
  twins.looked_at = all.size();
  twins.differ = static_cast<std::size_t>(std::count(differs.begin(), differs.end(), true));
  for (const bool differ : {true, false})
    for (std::size_t i = 0; i < all.size() && twins.shown.size() < people; ++i)
      if (differs[i] == differ) twins.shown.push_back(all[i]);
  std::sort(twins.shown.begin(), twins.shown.end(), [](const Twins& a, const Twins& b) { return a.number < b.number; });
  return twins;
}

}  // namespace desist
