// The clients of a service by the moment at which their support ends.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

namespace desist {

/// A heap of (target, place), the smallest target first and of equal targets the smaller place. Targets are not
/// negative.
///
/// Four children a node: half the levels of a binary heap, and the children lie together (LaMarca & Ladner 1996, "The
/// influence of caches on the performance of heaps"). Nothing foresees which child is the smallest, so it is found
/// without a branch: targets are compared as the integers that their bits are, in the same order, and four nodes behind
/// the last are there to be compared and never chosen. A new node takes the place of the first by way of a leaf
/// (Wegener 1993, "Bottom-up heapsort"): it mostly belongs far down. Verified by: caseload_parts_test.
class ClientHeap {
 public:
  ClientHeap() { clear(); }
  void clear() {
    size_ = 0;
    nodes_.assign(children + 1, last);
  }
  bool empty() const { return size_ == 0; }
  std::size_t size() const { return size_; }
  double first_target() const { return std::bit_cast<double>(nodes_.front().target); }
  std::uint32_t first_place() const { return static_cast<std::uint32_t>(nodes_.front().place); }

  void push(double target, std::uint32_t place) {
    nodes_.push_back(last);
    rise(size_++, {std::bit_cast<std::uint64_t>(target), place});
  }

  /// Gives the first another target.
  void replace_first(double target) {
    const std::uint64_t place = nodes_.front().place;
    rise(leaf_from_first(), {std::bit_cast<std::uint64_t>(target), place});
  }

  void pop() {
    const Node moved = nodes_[--size_];
    nodes_[size_] = last;
    nodes_.pop_back();
    if (size_ > 0) rise(leaf_from_first(), moved);
  }

 private:
  static constexpr std::size_t children = 4;
  struct Node {
    std::uint64_t target;  // its bits
    std::uint64_t place;
  };
  static constexpr Node last{std::numeric_limits<std::uint64_t>::max(), std::numeric_limits<std::uint64_t>::max()};

  static bool before(const Node& a, const Node& b) {
    const bool earlier = a.target < b.target;
    const bool alike = a.target == b.target;
    return earlier | (alike & (a.place < b.place));
  }

  /// Moves the smallest child up, from the first down to a leaf, whose number is given back: it is free now.
  std::size_t leaf_from_first() {
    Node* const nodes = nodes_.data();
    std::size_t at = 0;
    for (std::size_t first = 1; first < size_; first = children * at + 1) {
      const std::size_t left = first + (before(nodes[first + 1], nodes[first]) ? 1U : 0U);
      const std::size_t right = first + 2 + (before(nodes[first + 3], nodes[first + 2]) ? 1U : 0U);
      const std::size_t least = before(nodes[right], nodes[left]) ? right : left;
      nodes[at] = nodes[least];
      at = least;
    }
    return at;
  }

  /// Puts `node` at a free number, or above it as far as it belongs.
  void rise(std::size_t at, const Node& node) {
    while (at > 0) {
      const std::size_t parent = (at - 1) / children;
      if (!before(node, nodes_[parent])) break;
      nodes_[at] = nodes_[parent];
      at = parent;
    }
    nodes_[at] = node;
  }

  std::size_t size_ = 0;
  std::vector<Node> nodes_;  // `size_` of them, then some that are `last`
};

}  // namespace desist
