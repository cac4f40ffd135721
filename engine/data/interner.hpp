// Texts told apart once: each gets a number in order of first appearance.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/data/text_list.hpp"

namespace desist {

/// A set of texts that numbers them from 0: open addressing, so that two million names cost about their own length.
class Interner {
 public:
  /// The number of a text, a new one where it was not met before.
  std::int32_t number(std::string_view text);
  /// The number of a text that was met, or -1.
  std::int32_t find(std::string_view text) const;
  const TextList& texts() const { return texts_; }
  TextList take_texts() { return std::move(texts_); }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::int32_t number = -1;
  };
  using Slots = LargeVector<Slot>;
  std::size_t slot_of(std::string_view text, std::uint32_t hash) const;
  void grow();

  TextList texts_;
  Slots slots_ = Slots(64);  // a power of two, at most half full
};

}  // namespace desist
