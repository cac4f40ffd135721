// The clients of a service by the moment at which their support ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace desist {

/// A heap of (target, place), the smallest target first and of equal targets the smaller place.
///
/// Four children a node: half the levels of a binary heap, and the children lie together (LaMarca & Ladner 1996, "The
/// influence of caches on the performance of heaps").
/// Verified by: caseload_parts_test.
class ClientHeap {
 public:
  void clear() { nodes_.clear(); }
  bool empty() const { return nodes_.empty(); }
  std::size_t size() const { return nodes_.size(); }
  double first_target() const { return nodes_.front().target; }
  std::uint32_t first_place() const { return nodes_.front().place; }

  void push(double target, std::uint32_t place) {
    nodes_.push_back({target, place});
    std::size_t at = nodes_.size() - 1;
    const Node node = nodes_[at];
    while (at > 0) {
      const std::size_t parent = (at - 1) / children;
      if (!before(node, nodes_[parent])) break;
      nodes_[at] = nodes_[parent];
      at = parent;
    }
    nodes_[at] = node;
  }

  /// Gives the first another target.
  void replace_first(double target) { sink({target, nodes_.front().place}); }

  void pop() {
    const Node last = nodes_.back();
    nodes_.pop_back();
    if (!nodes_.empty()) sink(last);
  }

 private:
  static constexpr std::size_t children = 4;
  struct Node {
    double target;
    std::uint32_t place;
  };
  static bool before(const Node& a, const Node& b) {
    return a.target < b.target || (a.target == b.target && a.place < b.place);
  }

  /// Puts `node` in the place of the first, and down from there.
  void sink(const Node node) {
    const std::size_t size = nodes_.size();
    std::size_t at = 0;
    for (;;) {
      const std::size_t first = children * at + 1;
      if (first >= size) break;
      std::size_t least = first;
      const std::size_t end = first + children < size ? first + children : size;
      for (std::size_t child = first + 1; child < end; ++child)
        if (before(nodes_[child], nodes_[least])) least = child;
      if (!before(nodes_[least], node)) break;
      nodes_[at] = nodes_[least];
      at = least;
    }
    nodes_[at] = node;
  }

  std::vector<Node> nodes_;
};

}  // namespace desist
