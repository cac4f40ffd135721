// Whole-number unknowns between bounds, with sums and orders among them: the counts that a printed table leaves open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace desist::estimation {

/// Which whole numbers a set of unknowns can take together.
///
/// Constraints are bounds, `total = sum of parts` and `lesser <= greater`. Answers come from bounds propagation with
/// bisection of the widest unknown, in the connected component that is asked about only. A search that passes its step
/// limit counts as solvable: then no accusation is made that a full search might take back.
/// Verified by: count_system_test (against plain enumeration)
class CountSystem {
 public:
  struct Bounds {
    std::int64_t low = 0;
    std::int64_t high = 0;
  };

  std::size_t add(Bounds bounds);
  void add_sum(std::size_t total, std::vector<std::size_t> parts);
  void add_order(std::size_t lesser, std::size_t greater);
  void set(std::size_t unknown, Bounds bounds) { bounds_[unknown] = bounds; }
  Bounds bounds(std::size_t unknown) const { return bounds_[unknown]; }
  std::size_t size() const { return bounds_.size(); }

  /// Whether every unknown, or every one connected with `unknown`, can have a value.
  bool solvable() const;
  bool solvable(std::size_t unknown) const;
  /// The unknowns that constraints join to this one, ascending, with itself.
  std::vector<std::size_t> component(std::size_t unknown) const;
  bool connected(std::size_t one, std::size_t other) const;

  /// The values that an unknown can take, ascending: all of them up to `most`, else about `most` of them evenly spread,
  /// with both ends.
  std::vector<std::int64_t> values(std::size_t unknown, std::size_t most) const;
  /// The pairs of values that two unknowns can take together, by the same rule for each.
  std::vector<std::pair<std::int64_t, std::int64_t>> pairs(std::size_t one, std::size_t other, std::size_t most) const;

  /// Number of solutions of what is connected with `unknown`; `most` if there are that many or more.
  std::size_t solutions(std::size_t unknown, std::size_t most) const;

  /// What an unknown should be near, in units of its print's last digit.
  struct Target {
    std::size_t unknown = 0;
    double value = 0;
    double unit = 1;
  };
  /// The solution with the least sum of ((value - target)/unit)^2; the best one found within the step limit. Empty if
  /// there is none.
  std::optional<std::vector<std::int64_t>> nearest(const std::vector<Target>& targets) const;

 private:
  struct Sum {
    std::size_t total;
    std::vector<std::size_t> parts;
  };
  struct Order {
    std::size_t lesser, greater;
  };
  using State = std::vector<Bounds>;

  bool propagate(State& state) const;
  void search(State state, int& steps, std::size_t& found, std::size_t most) const;
  CountSystem component_of(std::size_t unknown) const;

  State bounds_;
  std::vector<Sum> sums_;
  std::vector<Order> orders_;
};

}  // namespace desist::estimation
