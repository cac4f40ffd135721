#include "engine/statistics/concordance.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace desist::statistics {

std::optional<double> Concordance::value() const {
  const std::int64_t pairs = concordant + discordant + tied;
  if (pairs == 0) return std::nullopt;
  return (static_cast<double>(concordant) + static_cast<double>(tied) / 2) / static_cast<double>(pairs);
}

namespace {

/// Counts of ranks, with sums over the lowest of them in log time (Fenwick 1994).
class RankCounts {
 public:
  explicit RankCounts(std::size_t ranks) : tree_(ranks + 1, 0) {}
  void add(std::size_t rank, std::int64_t count) {
    for (std::size_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i] += count;
  }
  std::int64_t below(std::size_t rank) const {
    std::int64_t sum = 0;
    for (std::size_t i = rank; i > 0; i -= i & (~i + 1)) sum += tree_[i];
    return sum;
  }

 private:
  std::vector<std::int64_t> tree_;
};

void add_stratum(Concordance& result, const FollowUp& follow_up, std::span<const double> score,
                 std::span<const std::uint32_t> rows) {
  std::vector<double> levels;
  for (const std::uint32_t i : rows) levels.push_back(score[i]);
  std::sort(levels.begin(), levels.end());
  levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
  const auto rank = [&](std::uint32_t i) {
    return static_cast<std::size_t>(std::lower_bound(levels.begin(), levels.end(), score[i]) - levels.begin());
  };
  std::vector<std::uint32_t> by_stop(rows.begin(), rows.end()), by_start(by_stop);
  std::stable_sort(by_stop.begin(), by_stop.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return follow_up.stop[a] > follow_up.stop[b]; });
  const bool entries = !follow_up.start.empty();
  if (entries) {
    std::stable_sort(by_start.begin(), by_start.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return follow_up.start[a] > follow_up.start[b]; });
  }
  RankCounts at_risk(levels.size());
  std::size_t entered = 0;
  for (std::size_t k = 0; k < by_stop.size();) {
    const double now = follow_up.stop[by_stop[k]];
    while (entries && entered < by_start.size() && follow_up.start[by_start[entered]] >= now)
      at_risk.add(rank(by_start[entered++]), -1);
    std::size_t end = k;
    for (; end < by_stop.size() && follow_up.stop[by_stop[end]] == now; ++end) {
      if (follow_up.event[by_stop[end]] == 0) at_risk.add(rank(by_stop[end]), 1);
    }
    for (std::size_t i = k; i < end; ++i) {
      if (follow_up.event[by_stop[i]] == 0) continue;
      const std::size_t own = rank(by_stop[i]);
      const std::int64_t lower = at_risk.below(own), up_to = at_risk.below(own + 1);
      result.concordant += lower;
      result.tied += up_to - lower;
      result.discordant += at_risk.below(levels.size()) - up_to;
    }
    for (std::size_t i = k; i < end; ++i) {
      if (follow_up.event[by_stop[i]] != 0) at_risk.add(rank(by_stop[i]), 1);
    }
    k = end;
  }
}

}  // namespace

Checked<Concordance> concordance(const FollowUp& follow_up, std::span<const double> score,
                                 std::span<const int> stratum) {
  if (const auto fault = fault_of(follow_up)) return *fault;
  const std::size_t n = follow_up.size();
  if (score.size() != n) return SurvivalProblem{SurvivalFault::lengths_differ, score.size()};
  for (std::size_t i = 0; i < n; ++i) {
    if (!std::isfinite(score[i])) return SurvivalProblem{SurvivalFault::not_a_number, i};
  }
  if (const auto fault = fault_of_labels(stratum, n)) return *fault;
  Concordance result;
  const RowsByLabel strata = rows_by_label(stratum, n);
  for (std::size_t s = 0; s + 1 < strata.begin.size(); ++s) {
    add_stratum(result, follow_up, score,
                std::span(strata.rows).subspan(strata.begin[s], strata.begin[s + 1] - strata.begin[s]));
  }
  return result;
}

}  // namespace desist::statistics
