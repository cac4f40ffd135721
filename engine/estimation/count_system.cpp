#include "engine/estimation/count_system.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"

namespace desist::estimation {

namespace {

// A component of a printed table has at most some dozens of unknowns whose bounds are a few counts apart: real tables
// take less than a hundred steps.
constexpr int steps_most = 20'000;

/// All whole numbers of the bounds, or about `most` of them evenly spread with both ends.
std::vector<std::int64_t> spread(CountSystem::Bounds bounds, std::size_t most) {
  std::vector<std::int64_t> values;
  if (bounds.low > bounds.high) return values;
  const auto width = static_cast<std::uint64_t>(bounds.high - bounds.low);
  const std::uint64_t steps = std::min<std::uint64_t>(width, most > 1 ? most - 1 : 1);
  if (steps == 0) return {bounds.low};
  for (std::uint64_t i = 0; i <= steps; ++i) {
    values.push_back(bounds.low + static_cast<std::int64_t>(width / steps * i + width % steps * i / steps));
  }
  return values;
}

}  // namespace

std::size_t CountSystem::add(Bounds bounds) {
  bounds_.push_back(bounds);
  return bounds_.size() - 1;
}

void CountSystem::add_sum(std::size_t total, std::vector<std::size_t> parts) {
  sums_.push_back({total, std::move(parts)});
}

void CountSystem::add_order(std::size_t lesser, std::size_t greater) { orders_.push_back({lesser, greater}); }

bool CountSystem::propagate(State& state) const {
  bool moved = true;
  const auto raise = [&](std::size_t unknown, std::int64_t low) {
    if (low > state[unknown].low) state[unknown].low = low, moved = true;
  };
  const auto lower = [&](std::size_t unknown, std::int64_t high) {
    if (high < state[unknown].high) state[unknown].high = high, moved = true;
  };
  const auto possible = [&](std::size_t unknown) { return state[unknown].low <= state[unknown].high; };
  while (moved) {
    moved = false;
    for (const Order& order : orders_) {
      lower(order.lesser, state[order.greater].high);
      raise(order.greater, state[order.lesser].low);
      if (!possible(order.lesser) || !possible(order.greater)) return false;
    }
    for (const Sum& sum : sums_) {
      std::int64_t low = 0;
      std::int64_t high = 0;
      for (const std::size_t part : sum.parts) {
        low += state[part].low;
        high += state[part].high;
      }
      raise(sum.total, low);
      lower(sum.total, high);
      if (!possible(sum.total)) return false;
      for (const std::size_t part : sum.parts) {
        const Bounds before = state[part];
        lower(part, state[sum.total].high - (low - before.low));
        raise(part, state[sum.total].low - (high - before.high));
        if (!possible(part)) return false;
        low += state[part].low - before.low;
        high += state[part].high - before.high;
      }
    }
  }
  return true;
}

std::vector<std::size_t> CountSystem::component(std::size_t unknown) const {
  std::vector<bool> in(size(), false);
  in[unknown] = true;
  for (bool grown = true; grown;) {
    grown = false;
    const auto join = [&](const std::vector<std::size_t>& all) {
      if (std::none_of(all.begin(), all.end(), [&](std::size_t one) { return in[one]; })) return;
      for (const std::size_t one : all) {
        if (!in[one]) in[one] = true, grown = true;
      }
    };
    for (const Order& order : orders_) join({order.lesser, order.greater});
    for (const Sum& sum : sums_) {
      std::vector<std::size_t> all = sum.parts;
      all.push_back(sum.total);
      join(all);
    }
  }
  std::vector<std::size_t> members;
  for (std::size_t i = 0; i < size(); ++i) {
    if (in[i]) members.push_back(i);
  }
  return members;
}

bool CountSystem::connected(std::size_t one, std::size_t other) const {
  const std::vector<std::size_t> members = component(one);
  return std::find(members.begin(), members.end(), other) != members.end();
}

void CountSystem::search(State state, int& steps, std::size_t& found, std::size_t most) const {
  if (found >= most || !propagate(state)) return;
  if (++steps > steps_most) {
    found = most;
    return;
  }
  std::size_t widest = 0;
  std::int64_t width = 0;
  for (std::size_t i = 0; i < size(); ++i) {
    if (state[i].high - state[i].low > width) {
      width = state[i].high - state[i].low;
      widest = i;
    }
  }
  if (width == 0) {
    ++found;
    return;
  }
  const std::int64_t middle = state[widest].low + width / 2;
  State lower_half = state;
  lower_half[widest].high = middle;
  search(std::move(lower_half), steps, found, most);
  state[widest].low = middle + 1;
  search(std::move(state), steps, found, most);
}

CountSystem CountSystem::component_of(std::size_t unknown) const {
  const std::vector<std::size_t> members = component(unknown);
  CountSystem own;
  std::vector<std::size_t> place(size(), 0);
  for (const std::size_t member : members) place[member] = own.add(bounds_[member]);
  const auto is_member = [&](std::size_t one) { return std::binary_search(members.begin(), members.end(), one); };
  for (const Order& order : orders_) {
    if (is_member(order.lesser)) own.add_order(place[order.lesser], place[order.greater]);
  }
  for (const Sum& sum : sums_) {
    if (!is_member(sum.total)) continue;
    std::vector<std::size_t> parts;
    for (const std::size_t part : sum.parts) parts.push_back(place[part]);
    own.add_sum(place[sum.total], std::move(parts));
  }
  return own;
}

std::size_t CountSystem::solutions(std::size_t unknown, std::size_t most) const {
  const CountSystem own = component_of(unknown);
  for (const Bounds& bounds : own.bounds_) {
    if (bounds.low > bounds.high) return 0;
  }
  int steps = 0;
  std::size_t found = 0;
  own.search(own.bounds_, steps, found, most);
  return found;
}

bool CountSystem::solvable(std::size_t unknown) const { return solutions(unknown, 1) == 1; }

bool CountSystem::solvable() const {
  std::vector<bool> seen(size(), false);
  for (std::size_t i = 0; i < size(); ++i) {
    if (seen[i]) continue;
    for (const std::size_t member : component(i)) seen[member] = true;
    if (!solvable(i)) return false;
  }
  return true;
}

std::vector<std::int64_t> CountSystem::values(std::size_t unknown, std::size_t most) const {
  std::vector<std::int64_t> found;
  CountSystem fixed = *this;
  // The solvable values of such a system have no gap in practice; each is tried all the same, from both ends inwards,
  // so that spreading happens between values that are possible.
  Bounds range = bounds_[unknown];
  State state = bounds_;
  if (propagate(state)) range = state[unknown];
  const auto possible = [&](std::int64_t value) {
    fixed.set(unknown, {value, value});
    return fixed.solvable(unknown);
  };
  while (range.low <= range.high && !possible(range.low)) ++range.low;
  while (range.high > range.low && !possible(range.high)) --range.high;
  for (const std::int64_t value : spread(range, most)) {
    if (value == range.low || value == range.high || possible(value)) found.push_back(value);
  }
  return found;
}

std::vector<std::pair<std::int64_t, std::int64_t>> CountSystem::pairs(std::size_t one, std::size_t other,
                                                                      std::size_t most) const {
  std::vector<std::pair<std::int64_t, std::int64_t>> found;
  const bool together = connected(one, other);
  std::vector<std::int64_t> others = together ? std::vector<std::int64_t>{} : values(other, most);
  CountSystem fixed = *this;
  for (const std::int64_t value : values(one, most)) {
    if (together) {
      fixed.set(one, {value, value});
      others = fixed.values(other, most);
    }
    for (const std::int64_t second : others) found.emplace_back(value, second);
  }
  return found;
}

std::optional<std::vector<std::int64_t>> CountSystem::nearest(const std::vector<Target>& targets) const {
  std::optional<std::vector<std::int64_t>> best;
  double best_cost = infinity;
  int steps = 0;
  const auto cost_of = [&](const Target& target, std::int64_t value) {
    const double off = (static_cast<double>(value) - target.value) / target.unit;
    return off * off;
  };
  // Depth first over the targets, nearest values first; the rest of the unknowns take any values that fit.
  const auto descend = [&](auto& self, State state, std::size_t depth, double cost) -> void {
    if (steps++ > steps_most || !propagate(state)) return;
    double floor = cost;
    for (std::size_t i = depth; i < targets.size(); ++i) {
      const Bounds range = state[targets[i].unknown];
      const double goal =
          std::clamp(std::round(targets[i].value), static_cast<double>(range.low), static_cast<double>(range.high));
      floor += cost_of(targets[i], static_cast<std::int64_t>(goal));
    }
    if (floor >= best_cost) return;
    std::size_t unknown = 0;
    std::int64_t first = 0;
    if (depth < targets.size()) {
      unknown = targets[depth].unknown;
      first = static_cast<std::int64_t>(std::round(std::clamp(
          targets[depth].value, static_cast<double>(state[unknown].low), static_cast<double>(state[unknown].high))));
    } else {
      while (unknown < size() && state[unknown].low == state[unknown].high) ++unknown;
      if (unknown == size()) {
        best_cost = cost;
        best.emplace();
        for (const Bounds& bounds : state) best->push_back(bounds.low);
        return;
      }
      first = state[unknown].low;
    }
    const Bounds range = state[unknown];
    const std::int64_t reach = std::max(first - range.low, range.high - first);
    for (std::int64_t away = 0; away <= reach && steps <= steps_most; ++away) {
      std::vector<std::int64_t> tries;
      if (first + away <= range.high) tries.push_back(first + away);
      if (away > 0 && first - away >= range.low) tries.push_back(first - away);
      for (const std::int64_t value : tries) {
        State next = state;
        next[unknown] = {value, value};
        const bool aimed = depth < targets.size();
        self(self, std::move(next), aimed ? depth + 1 : depth, cost + (aimed ? cost_of(targets[depth], value) : 0));
      }
    }
  };
  descend(descend, bounds_, 0, 0);
  return best;
}

}  // namespace desist::estimation
