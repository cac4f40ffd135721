#include "engine/statistics/unconditional_tests.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <boost/math/tools/minima.hpp>

#include "engine/statistics/discrete_laws.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist::statistics {

namespace {

constexpr double same_p = 1e-10;
constexpr int nuisance_points = 2000;

/// Probabilities of all tables with one total: `of[i]` belongs to x1 = margins.least() + i.
struct ConditionalLaw {
  Margins margins;
  std::vector<double> of;

  void set(const Margins& wanted) {
    margins = wanted;
    const std::int64_t low = margins.least();
    const std::size_t size = static_cast<std::size_t>(margins.most() - low + 1);
    of.assign(size, 0.0);
    const double mean = static_cast<double>(margins.total) * static_cast<double>(margins.n1) /
                        static_cast<double>(margins.n1 + margins.n0);
    const std::size_t start =
        std::min(size - 1, static_cast<std::size_t>(std::max<std::int64_t>(0, static_cast<std::int64_t>(mean) - low)));
    of[start] = hypergeometric_probability(low + static_cast<std::int64_t>(start), margins);
    for (std::size_t i = start; i + 1 < size && of[i] > 0; ++i) of[i + 1] = of[i] * rise(i);
    for (std::size_t i = start; i > 0 && of[i] > 0; --i) of[i - 1] = of[i] / rise(i - 1);
  }
  double rise(std::size_t i) const {
    const double s = static_cast<double>(margins.least() + static_cast<std::int64_t>(i));
    const double n1 = static_cast<double>(margins.n1), n0 = static_cast<double>(margins.n0);
    const double m = static_cast<double>(margins.total);
    return (n1 - s) * (m - s) / ((s + 1) * (n0 - m + s + 1));
  }
};

/// The largest lower tail that is at most `limit`.
double tail_within(const std::vector<double>& law, double limit, bool from_below) {
  double sum = 0;
  for (std::size_t i = 0; i < law.size(); ++i) {
    const double next = sum + (from_below ? law[i] : law[law.size() - 1 - i]);
    if (next > limit) return sum;
    sum = next;
  }
  return 1;
}

/// The probability of the tables whose two-sided Fisher p is at most `limit`. Tables are taken from both ends in order
/// of their probability; the p of each is the sum of all that are no more probable, with Fisher's slack.
double two_sided_within(const std::vector<double>& law, double limit) {
  std::size_t taken_low = 0, taken_high = law.size();    // taken: [0, taken_low) and [taken_high, size)
  std::size_t summed_low = 0, summed_high = law.size();  // summed into p, at least those taken
  double p = 0;
  double taken = 0;
  while (taken_low < taken_high) {
    const bool low_end = law[taken_low] <= law[taken_high - 1];
    const double next = low_end ? law[taken_low] : law[taken_high - 1];
    const double threshold = next * (1 + 1e-7);
    while (summed_low < summed_high && law[summed_low] <= threshold) p += law[summed_low++];
    while (summed_low < summed_high && law[summed_high - 1] <= threshold) p += law[--summed_high];
    if (p > limit) return taken;
    taken += next;
    if (low_end) {
      ++taken_low;
    } else {
      --taken_high;
    }
  }
  return 1;
}

/// sum_k h_k binom(k; N, p), where h_k is the probability of an extreme table given the total k.
class ExtremeProbability {
 public:
  explicit ExtremeProbability(std::vector<double> share) : share_(std::move(share)) {}
  double operator()(double p) const {
    const std::int64_t people = static_cast<std::int64_t>(share_.size()) - 1;
    const double n = static_cast<double>(people);
    const double odds = p / (1 - p);
    const auto mode = std::min(people, static_cast<std::int64_t>((n + 1) * p));
    const double most = binomial_probability(mode, people, p);
    double sum = most * share_[static_cast<std::size_t>(mode)];
    double weight = most;
    for (std::int64_t k = mode; k < people && weight > negligible; ++k) {
      weight *= (n - static_cast<double>(k)) / static_cast<double>(k + 1) * odds;
      sum += weight * share_[static_cast<std::size_t>(k + 1)];
    }
    weight = most;
    for (std::int64_t k = mode; k > 0 && weight > negligible; --k) {
      weight *= static_cast<double>(k) / ((n - static_cast<double>(k) + 1) * odds);
      sum += weight * share_[static_cast<std::size_t>(k - 1)];
    }
    return sum;
  }
  double at_zero() const { return share_.front(); }
  double at_one() const { return share_.back(); }
  bool everything() const {
    return std::all_of(share_.begin(), share_.end(), [](double h) { return h == 1; });
  }

 private:
  static constexpr double negligible = 1e-100;
  std::vector<double> share_;
};

UnconditionalResult supremum(const ExtremeProbability& extreme) {
  if (extreme.everything()) return {1, std::nullopt};
  struct Point {
    double value;
    int index;
  };
  std::vector<Point> points;
  for (int i = 1; i < nuisance_points; ++i) points.push_back({extreme(static_cast<double>(i) / nuisance_points), i});
  const auto better = [](const Point& a, const Point& b) {
    return a.value != b.value ? a.value > b.value : a.index < b.index;
  };
  std::partial_sort(points.begin(), points.begin() + 8, points.end(), better);
  UnconditionalResult best{0, std::nullopt};
  const auto consider = [&best](double value, double at) {
    // Of equal maxima (p and 1 - p under a symmetric ordering) the least risk: rounding must not choose.
    const bool equal = best.at && std::abs(value - best.p) <= 1e-12 * best.p;
    if (equal ? at < *best.at - 1e-6 : value > best.p) best.at = at;
    best.p = std::max(best.p, value);
  };
  for (std::size_t i = 0; i < 8; ++i) {
    const double at = static_cast<double>(points[i].index) / nuisance_points;
    const auto [p, value] = boost::math::tools::brent_find_minima([&](double risk) { return -extreme(risk); },
                                                                  std::max(1e-9, at - 1.0 / nuisance_points),
                                                                  std::min(1 - 1e-9, at + 1.0 / nuisance_points), 30);
    consider(-value, p);
    consider(points[i].value, at);
  }
  consider(extreme.at_zero(), 0);
  consider(extreme.at_one(), 1);
  best.p = std::min(1.0, best.p);
  return best;
}

bool within_reach(const TwoByTwo& t) {
  return t.n1 < unconditional_tables_most && t.n0 < unconditional_tables_most &&
         (t.n1 + 1) * (t.n0 + 1) <= unconditional_tables_most;
}

/// h_k for every total, `share(law)` giving it from the law of the tables with that total.
template <class Share>
ExtremeProbability collapse(const TwoByTwo& table, Share share) {
  std::vector<double> shares;
  shares.reserve(static_cast<std::size_t>(table.people() + 1));
  ConditionalLaw law;
  for (std::int64_t total = 0; total <= table.people(); ++total) {
    law.set({table.n1, table.n0, total});
    shares.push_back(share(law));
  }
  return ExtremeProbability(std::move(shares));
}

double z_statistic(double x1, double n1, double x0, double n0, BarnardVariance variance) {
  const double p1 = x1 / n1, p0 = x0 / n0;
  const double p = (x1 + x0) / (n1 + n0);
  const double v =
      variance == BarnardVariance::pooled ? p * (1 - p) * (1 / n1 + 1 / n0) : p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0;
  if (v > 0) return (p1 - p0) / std::sqrt(v);
  if (p1 == p0 || variance == BarnardVariance::pooled) return 0;
  return p1 > p0 ? 1e9 : -1e9;
}

}  // namespace

std::optional<UnconditionalResult> boschloo(const TwoByTwo& table, Alternative alternative,
                                            BoschlooTwoSided two_sided) {
  if (!within_reach(table)) return std::nullopt;
  if (alternative == Alternative::two_sided && two_sided == BoschlooTwoSided::doubled) {
    UnconditionalResult less = *boschloo(table, Alternative::less);
    const UnconditionalResult greater = *boschloo(table, Alternative::greater);
    UnconditionalResult smaller = less.p <= greater.p ? less : greater;
    smaller.p = std::min(1.0, 2 * smaller.p);
    return smaller;
  }
  const double limit = fisher_p(table, alternative) * (1 + same_p);
  return supremum(collapse(table, [&](const ConditionalLaw& law) {
    if (alternative == Alternative::two_sided) return two_sided_within(law.of, limit);
    return tail_within(law.of, limit, alternative == Alternative::less);
  }));
}

std::optional<UnconditionalResult> barnard(const TwoByTwo& table, Alternative alternative, BarnardVariance variance) {
  if (!within_reach(table)) return std::nullopt;
  const double n1 = static_cast<double>(table.n1), n0 = static_cast<double>(table.n0);
  const auto extremeness = [&](double x1, double x0) {
    const double z = z_statistic(x1, n1, x0, n0, variance);
    return alternative == Alternative::two_sided ? std::abs(z) : alternative == Alternative::less ? -z : z;
  };
  const double observed = extremeness(static_cast<double>(table.x1), static_cast<double>(table.x0));
  const double limit = observed - same_p * std::max(1.0, std::abs(observed));
  return supremum(collapse(table, [&](const ConditionalLaw& law) {
    double extreme = 0;
    bool all = true;
    const std::int64_t low = law.margins.least();
    for (std::size_t i = 0; i < law.of.size(); ++i) {
      const std::int64_t x1 = low + static_cast<std::int64_t>(i);
      const bool counts = extremeness(static_cast<double>(x1), static_cast<double>(law.margins.total - x1)) >= limit;
      if (counts) extreme += law.of[i];
      all = all && counts;
    }
    return all ? 1.0 : extreme;
  }));
}

}  // namespace desist::statistics
