#include "engine/statistics/audit_sampling.hpp"

#include <algorithm>
#include <cmath>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/real.hpp"

namespace desist::statistics {

namespace {

bool possible(const Review& r) {
  return r.reviewed >= 1 && r.reviewed <= r.cases && r.found >= 0 && r.found <= r.reviewed;
}

Tails tails(const Review& r, std::int64_t number) {
  return hypergeometric_tails(r.found, {r.reviewed, r.cases - r.reviewed, number});
}

/// The first number from `low` to `high` where `holds`, which stays true once it is; `high` if it never is.
template <class Holds>
std::int64_t first_where(std::int64_t low, std::int64_t high, Holds holds) {
  while (low < high) {
    const std::int64_t middle = low + (high - low) / 2;
    if (holds(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

std::optional<ReviewLimits> review_limits(const Review& review, double confidence) {
  if (!possible(review)) return std::nullopt;
  const double beyond = (1 - confidence) / 2;
  // Both tails change one way with the number, from `found` to all cases but those seen without.
  const std::int64_t least = review.found;
  const std::int64_t most = review.cases - (review.reviewed - review.found);
  const std::int64_t low =
      first_where(least, most, [&](std::int64_t d) { return tails(review, d).at_least() > beyond; });
  const std::int64_t past =
      first_where(low, most + 1, [&](std::int64_t d) { return tails(review, d).at_most() <= beyond; });
  const CountRange number{low, past - 1};
  return ReviewLimits{number,
                      {real(number.first) / real(review.cases), real(number.last) / real(review.cases)},
                      real(review.found) / real(review.reviewed)};
}

std::optional<double> chance_of_none(std::int64_t reviewed, std::int64_t bad, std::int64_t cases) {
  if (reviewed < 0 || reviewed > cases || bad < 0 || bad > cases || cases < 1) return std::nullopt;
  if (reviewed == 0 || bad == 0) return 1;
  return hypergeometric_probability(0, {reviewed, cases - reviewed, bad});
}

std::optional<std::int64_t> most_if_none_found(std::int64_t reviewed, std::int64_t cases, double confidence) {
  if (!possible({reviewed, 0, cases})) return std::nullopt;
  return first_where(
             0, cases + 1,
             [&](std::int64_t d) { return *chance_of_none(reviewed, std::min(d, cases), cases) <= 1 - confidence; }) -
         1;
}

std::optional<std::int64_t> review_needed(std::int64_t bad, std::int64_t cases, double chance) {
  if (bad < 1 || bad > cases || !(chance > 0) || chance > 1) return std::nullopt;
  return first_where(1, cases, [&](std::int64_t n) { return 1 - *chance_of_none(n, bad, cases) >= chance; });
}

std::optional<std::int64_t> review_needed_for_margin(double share, double margin, std::int64_t cases,
                                                     double confidence) {
  if (!(share >= 0) || share > 1 || !(margin > 0) || cases < 1) return std::nullopt;
  const auto within = [&](std::int64_t n) {
    const auto limits = *review_limits({n, std::llround(share * real(n)), cases}, confidence);
    return limits.share.high - limits.estimate <= margin && limits.estimate - limits.share.low <= margin;
  };
  // Rounding to whole cases makes the limits a saw, so no bisection; a review of everything is within any margin.
  std::int64_t n = 1;
  while (!within(n)) ++n;
  return n;
}

}  // namespace desist::statistics
