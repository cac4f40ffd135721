#include "models/parts/conference_queues.hpp"

namespace desist {

std::vector<LevelQueue::Level>& LevelQueue::levels_of_thread() {
  thread_local std::vector<Level> levels;
  return levels;
}

LevelQueue::LevelQueue(const std::vector<double>& cumulative, const std::vector<double>& priority)
    : levels_(levels_of_thread()), cumulative_(cumulative), priority_(priority) {
  if (levels_.size() < cumulative.size()) levels_.resize(cumulative.size());
  for (Level& level : levels_) level.listed = level.next = 0;
}

void LevelQueue::list(std::size_t last) {
  if (levels_.back().cases.size() < last)  // none has less room than the one that was added last
    for (Level& level : levels_) level.cases.resize(2 * last);
  waiting_ += last - listed_;
  const double* const priority = priority_.data();
  const double* const cumulative = cumulative_.data();
  const std::size_t lowest = cumulative_.size() - 1;
  Level* const levels = levels_.data();
  for (std::size_t i = listed_; i < last; ++i) {
    std::size_t number = 0;  // without a branch: nothing foresees the next case's risk
    for (std::size_t k = 0; k < lowest; ++k) number += priority[i] >= cumulative[k];
    Level& level = levels[number];
    level.cases[level.listed++] = static_cast<std::uint32_t>(i);
  }
  listed_ = last;
}

RiskQueue::Space& RiskQueue::space_of_thread() {
  thread_local Space space;
  return space;
}

RiskQueue::RiskQueue(const std::vector<double>& priority) : space_(space_of_thread()), priority_(priority) {
  space_.buckets.fill({});
  space_.filled.fill(0);
}

void RiskQueue::list(std::size_t last) {
  if (space_.next.size() < last) space_.next.resize(2 * last);
  waiting_ += last - listed_;
  for (; listed_ < last; ++listed_) {
    const std::size_t index = rank(listed_) >> (32 - bits);
    Bucket& bucket = space_.buckets[index];
    space_.next[listed_] = bucket.first;
    bucket.first = static_cast<std::uint32_t>(listed_);
    ++bucket.size;
    space_.filled[index / 64] |= std::uint64_t{1} << (index % 64);
  }
}

void RiskQueue::put_first(Bucket& bucket, std::size_t count) {
  std::vector<std::uint64_t>& keys = space_.keys;
  keys.clear();
  for (std::uint32_t i = 0, index = bucket.first; i < bucket.size; ++i, index = space_.next[index])
    keys.push_back(std::uint64_t{rank(index)} << 32 | index);
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(count), keys.end());
  std::uint32_t* link = &bucket.first;
  for (const std::uint64_t key : keys) {
    *link = static_cast<std::uint32_t>(key);
    link = &space_.next[*link];
  }
}

}  // namespace desist
