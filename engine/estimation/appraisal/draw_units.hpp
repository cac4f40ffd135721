// Draws as units of error: the stored sets that they share, and the draws before them where they are too many to keep.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/draw_sums.hpp"

namespace desist {

/// So many draws are at hand at a time. More are folded part by part, and what needs a table of draws stands on the
/// first so many (mathematics.md 6.4: up to here all values are kept).
inline constexpr std::size_t draws_at_hand = 65536;

/// Sets of parameters that are stored as rows of a posterior, and which of them each draw took. Draws of one set are no
/// independent units: what the kept sets happen to be, more draws don't average out (mathematics.md 6.1).
class StoredSets {
 public:
  /// `of_draw`: the row that each draw took. `worth`: how many independent rows they are worth, above 0.
  StoredSets(std::vector<std::uint32_t> of_draw, double worth);
  /// The part of a column's variance that is between sets, V(E[x | set]): the mean product of two draws of one set,
  /// each less the mean of all (the analysis of variance's estimate, unbalanced: Searle, Casella & McCulloch 1992,
  /// section 3.6). Where no two draws share a set it may be all of the variance. Divided by `worth`, its error by
  /// drawing pairs is no more than 1/sqrt(2 rows) of the column's variance over `worth`.
  double between(const DrawColumn& column) const;
  double worth() const { return worth_; }

 private:
  std::vector<std::uint32_t> of_draw_;
  std::size_t sets_ = 0;
  double pairs_ = 0;  // ordered, of draws that share a set
  double worth_ = 0;
};

/// Sums of every question that is asked of all draws, in the order in which it is asked: the same of every part.
class DrawFold {
 public:
  explicit DrawFold(std::size_t draws) : draws_(draws) {}
  std::size_t draws() const { return draws_; }  // in all
  bool is_first() const { return is_first_; }
  void start_next_part() {
    is_first_ = false;
    next_ = 0;
  }
  /// Those of the next question. Throws std::logic_error where another was asked of the first part.
  template <class Sums>
  Sums& next() {
    if (is_first_) return std::get<Sums>(sums_.emplace_back(std::in_place_type<Sums>));
    Sums* const found = next_ < sums_.size() ? std::get_if<Sums>(&sums_[next_++]) : nullptr;
    if (found == nullptr) throw std::logic_error("parts of the draws are asked different questions");
    return *found;
  }

 private:
  std::size_t draws_;
  bool is_first_ = true;
  std::size_t next_ = 0;
  std::deque<std::variant<MeanSums, AmountSums, RatioSums, RatioLimitSums, CountSums, AcceptabilitySums>> sums_;
};

/// Draws as units of error: independent, but for stored sets that they share.
class DrawUnits {
 public:
  explicit DrawUnits(std::size_t count, std::vector<StoredSets> shared = {})
      : count_(count), shared_(std::make_shared<const std::vector<StoredSets>>(std::move(shared))) {}
  /// These being the first part of more draws: so many of any part, whose sums are in `fold`.
  DrawUnits in_part(std::size_t count, DrawFold& fold) const {
    DrawUnits part(*this);
    part.count_ = count;
    part.fold_ = &fold;
    return part;
  }

  /// At hand.
  std::size_t count() const { return count_; }
  bool is_whole() const { return fold_ == nullptr; }
  bool share_sets() const { return !shared_->empty(); }
  /// Sums of the next question: of the parts before, or new ones of draws that are all at hand.
  template <class Sums>
  Sums& sums(Sums& fresh) const {
    return is_whole() ? fresh : fold_->next<Sums>();
  }
  /// The error of a mean over independent draws, with what the sets add: the variance of `influence`, what each draw
  /// adds to the mean, between sets over what they are worth. Verified by: shared_sets_test
  double with_sets(double error, const DrawColumn& influence) const {
    return with_sets(error, squared_error(influence));
  }
  double with_sets(double error, double of_sets) const;
  /// What the sets add to the squared error of a mean. It is worked out on the first part, as it hardly hangs on the
  /// number of draws: that of another is 0.
  double squared_error(const DrawColumn& influence) const;
  /// The most that the sets could add to the squared error of a mean: all of this variance being between sets.
  double most_squared_error(double variance) const;
  /// As many independent draws as leave the same error where all of the variance is between sets.
  double fewest_worth() const;

 private:
  std::size_t count_;
  std::shared_ptr<const std::vector<StoredSets>> shared_;
  DrawFold* fold_ = nullptr;
};

}  // namespace desist
