// Whether ranks are uniform: limits of their cumulative counts that hold all together.
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <boost/math/distributions/binomial.hpp>

namespace desist::test {

/// Simultaneous limits for the counts of uniform ranks 0..L at or below each k, at 1e-6: the widest pointwise binomial
/// limits that all counts together keep with that chance, which a Markov chain over k gives exactly (Saeilynoja,
/// Buerkner & Vehtari 2022, section 2.2: given N_k, N_(k+1) - N_k is binomial of M - N_k and 1/(L + 1 - k)).
class RankBands {
 public:
  RankBands(int ranks, int tries) : tries_(tries) {
    double low = 1e-12, high = 1e-2;
    for (int step = 0; step < 20; ++step) {  // to 2 in 100,000 of itself
      const double middle = std::sqrt(low * high);
      set(ranks, middle);
      (chance_inside(ranks) >= 1 - 1e-6 ? low : high) = middle;
    }
    set(ranks, low);
  }
  bool hold(const std::vector<int>& ranks) const {
    std::vector<int> counts(low_.size() + 1, 0);
    for (const int rank : ranks) ++counts[static_cast<std::size_t>(rank)];
    int below = 0;
    for (std::size_t k = 0; k < low_.size(); ++k) {
      below += counts[k];
      if (below < low_[k] || below > high_[k]) return false;
    }
    return true;
  }

 private:
  void set(int ranks, double each_side) {
    low_.clear();
    high_.clear();
    for (int k = 1; k < ranks; ++k) {
      const boost::math::binomial law(tries_, static_cast<double>(k) / ranks);
      int low = 0, high = tries_;
      while (boost::math::cdf(law, low) < each_side) ++low;
      while (boost::math::cdf(boost::math::complement(law, high - 1)) < each_side) --high;
      low_.push_back(low);
      high_.push_back(high);
    }
  }
  double chance_inside(int ranks) const {
    std::vector<double> now(static_cast<std::size_t>(tries_) + 1, 0.0);
    now[0] = 1;
    for (int k = 1; k < ranks; ++k) {
      std::vector<double> next(now.size(), 0.0);
      const auto at = static_cast<std::size_t>(k - 1);
      for (int n = 0; n <= tries_; ++n) {
        if (now[static_cast<std::size_t>(n)] == 0) continue;
        const boost::math::binomial law(tries_ - n, 1.0 / (ranks - k + 1));
        for (int to = std::max(n, low_[at]); to <= high_[at]; ++to)
          next[static_cast<std::size_t>(to)] += now[static_cast<std::size_t>(n)] * boost::math::pdf(law, to - n);
      }
      now = std::move(next);
    }
    double sum = 0;
    for (const double p : now) sum += p;
    return sum;
  }

  int tries_;
  std::vector<int> low_, high_;
};

}  // namespace desist::test
