// Many short texts in one piece of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/large_array.hpp"

namespace desist {

/// A list of texts that takes their own length and eight bytes each; two million names are no two million allocations.
class TextList {
 public:
  TextList() = default;
  TextList(std::initializer_list<std::string_view> texts) {
    for (const std::string_view text : texts) add(text);
  }
  std::size_t size() const { return ends_.size(); }
  bool empty() const { return ends_.empty(); }
  std::string_view operator[](std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
    return {bytes_.data() + begin, ends_[i] - begin};
  }
  void add(std::string_view text) {
    bytes_.insert(bytes_.end(), text.begin(), text.end());
    ends_.push_back(bytes_.size());
  }
  std::vector<std::string> copy() const {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < size(); ++i) all.emplace_back((*this)[i]);
    return all;
  }
  friend bool operator==(const TextList&, const TextList&) = default;

 private:
  LargeVector<char> bytes_;
  LargeVector<std::size_t> ends_;
};

}  // namespace desist
