#include "engine/data/interner.hpp"

#include <cstring>

namespace desist {
namespace {

// Eight bytes at a time, each multiplied by the odd number next to 2^64 over the golden ratio (Knuth 1998, 6.4) and
// folded. Only the place of a text depends on it, never its number.
std::uint32_t hash_of(std::string_view text) {
  constexpr std::uint64_t golden = 0x9E3779B97F4A7C15ULL;
  std::uint64_t hash = text.size() * golden;
  while (text.size() >= 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, text.data(), 8);
    hash = (hash ^ eight) * golden;
    hash ^= hash >> 32;
    text.remove_prefix(8);
  }
  std::uint64_t rest = 0;
  for (const char each : text) rest = rest << 8 | static_cast<unsigned char>(each);
  hash = (hash ^ rest) * golden;
  return static_cast<std::uint32_t>(hash >> 32);
}

}  // namespace

std::size_t Interner::slot_of(std::string_view text, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  for (;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.number < 0) return at;
    if (slot.hash == hash && texts_[static_cast<std::size_t>(slot.number)] == text) return at;
  }
}

void Interner::grow() {
  Slots old(slots_.size() * 2);
  old.swap(slots_);
  const std::size_t mask = slots_.size() - 1;
  for (const Slot& slot : old) {
    if (slot.number < 0) continue;
    std::size_t at = slot.hash & mask;
    while (slots_[at].number >= 0) at = (at + 1) & mask;
    slots_[at] = slot;
  }
}

std::int32_t Interner::number(std::string_view text) {
  const std::uint32_t hash = hash_of(text);
  std::size_t at = slot_of(text, hash);
  if (slots_[at].number >= 0) return slots_[at].number;
  if ((texts_.size() + 1) * 2 > slots_.size()) {
    grow();
    at = slot_of(text, hash);
  }
  slots_[at] = {hash, static_cast<std::int32_t>(texts_.size())};
  texts_.add(text);
  return slots_[at].number;
}

std::int32_t Interner::find(std::string_view text) const { return slots_[slot_of(text, hash_of(text))].number; }

}  // namespace desist
