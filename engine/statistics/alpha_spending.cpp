#include "engine/statistics/alpha_spending.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include "engine/statistics/normal.hpp"

namespace desist::statistics {
namespace {

constexpr double farthest = 8.0;      // a boundary beyond it is as good as none: 1.2e-15
constexpr int steps_each_side = 400;  // of Simpson's rule; the density is smooth between the boundaries

double normal_density(double x) { return std::exp(-x * x / 2) / std::sqrt(2 * std::acos(-1.0)); }

/// The density of the running sum S(t) = sqrt(t) Z of those who have not crossed, on a grid between the boundaries.
struct SumLaw {
  std::vector<double> place;
  std::vector<double> mass;  // density times the weight of Simpson's rule
};

/// Chance that the sum leaves (-reach, reach) at the next look, each side.
struct CrossingTails {
  double above = 0;
  double below = 0;
};

class MonitoredSum {
 public:
  explicit MonitoredSum(double drift) : drift_(drift) {}

  /// The chances of being beyond -/+ `reach` at information `share`, of those not stopped.
  CrossingTails beyond(double reach, double share) const {
    CrossingTails tails;
    if (law_.place.empty()) {
      const double sd = std::sqrt(share), mean = drift_ * share;
      return {normal_cdf(-(reach - mean) / sd), normal_cdf((-reach - mean) / sd)};
    }
    const double sd = std::sqrt(share - share_), mean = drift_ * (share - share_);
    for (std::size_t i = 0; i < law_.place.size(); ++i) {
      tails.above += law_.mass[i] * normal_cdf(-(reach - law_.place[i] - mean) / sd);
      tails.below += law_.mass[i] * normal_cdf((-reach - law_.place[i] - mean) / sd);
    }
    return tails;
  }

  /// Those within `reach` go on to `share`.
  void go_on(double reach, double share) {
    SumLaw next;
    const int points = 2 * steps_each_side;
    // Nobody to speak of is farther out than this, so the grid need not be.
    const double wide = std::abs(drift_) * share + farthest * std::sqrt(share);
    const double from = std::max(-reach, -wide), to = std::min(reach, wide), step = (to - from) / points;
    const double sd = std::sqrt(share - share_);
    const double ahead = drift_ * (share - share_);
    for (int i = 0; i <= points; ++i) {
      const double x = from + step * i;
      const double weight = step / 3 * (i == 0 || i == points ? 1 : i % 2 == 1 ? 4 : 2);
      double density = 0;
      if (law_.place.empty()) {
        density = normal_density((x - ahead) / sd) / sd;
      } else {
        for (std::size_t j = 0; j < law_.place.size(); ++j) {
          const double far = (x - law_.place[j] - ahead) / sd;
          if (std::abs(far) < farthest) density += law_.mass[j] * normal_density(far) / sd;
        }
      }
      next.place.push_back(x);
      next.mass.push_back(weight * density);
    }
    law_ = std::move(next);
    share_ = share;
  }

 private:
  double drift_;
  double share_ = 0;
  SumLaw law_;
};

void check_shares(std::span<const double> shares) {
  double before = 0;
  for (const double share : shares) {
    if (!(share > before) || share > 1 + 1e-12)
      throw std::invalid_argument("shares of the information rise, to 1 at most");
    before = share;
  }
}

}  // namespace

double obrien_fleming_spent(double share, double alpha) {
  if (share <= 0) return 0;
  const double z = normal_quantile(1 - alpha / 4);
  return std::min(alpha, 4 * normal_cdf(-z / std::sqrt(std::min(1.0, share))));
}

std::vector<double> spending_boundaries(std::span<const double> shares, double alpha) {
  check_shares(shares);
  std::vector<double> boundaries;
  MonitoredSum sum(0);
  double spent = 0;
  for (const double share : shares) {
    const double allowed = obrien_fleming_spent(share, alpha) - spent;
    double low = 0, high = farthest;
    for (int step = 0; step < 80; ++step) {
      const double middle = (low + high) / 2;
      const CrossingTails tails = sum.beyond(middle * std::sqrt(share), share);
      (tails.above + tails.below > allowed ? low : high) = middle;
    }
    boundaries.push_back(high);
    const CrossingTails tails = sum.beyond(high * std::sqrt(share), share);
    spent += tails.above + tails.below;
    if (&share != &shares.back()) sum.go_on(high * std::sqrt(share), share);
  }
  return boundaries;
}

std::vector<double> crossing_chances(std::span<const double> shares, std::span<const double> boundaries, double drift) {
  check_shares(shares);
  std::vector<double> chances;
  MonitoredSum sum(drift);
  double crossed = 0;
  for (std::size_t look = 0; look < shares.size(); ++look) {
    const double reach = boundaries[look] * std::sqrt(shares[look]);
    const CrossingTails tails = sum.beyond(reach, shares[look]);
    crossed += tails.above + tails.below;
    chances.push_back(crossed);
    if (look + 1 < shares.size()) sum.go_on(reach, shares[look]);
  }
  return chances;
}

}  // namespace desist::statistics
