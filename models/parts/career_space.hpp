// Memory of careers, to be used for one person after the other.
#pragma once

#include <algorithm>
#include <functional>
#include <vector>

#include "models/parts/career_strips.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Sentences that are still to come.
class CareerSentences {
 public:
  struct Sentence {
    double from = 0;
    double stay = 0;
    friend bool operator>(const Sentence& a, const Sentence& b) { return a.from > b.from; }
  };

  void clear() { heap_.clear(); }
  void add(Sentence sentence) {
    heap_.push_back(sentence);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>{});
  }
  /// When the earliest comes; never where there is none.
  double next() const { return heap_.empty() ? never : heap_.front().from; }
  /// Takes the earliest away: its length.
  double take() {
    const double stay = heap_.front().stay;
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>{});
    heap_.pop_back();
    return stay;
  }

 private:
  std::vector<Sentence> heap_;  // the earliest on top
};

struct CareerSpace {
  CareerStrips seen;
  CareerStrips unseen;
  CareerSentences sentences;
};

}  // namespace desist
