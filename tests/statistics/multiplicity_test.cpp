// Adjusted p-values against closed testing, step rules at every level, and p-values worked by hand.
#include "engine/statistics/multiplicity.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace desist::statistics {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::Pointwise;

const std::vector<std::vector<double>> p_values = {
    {0.01, 0.04, 0.03, 0.005}, {0.5}, {0.02, 0.02, 0.02}, {0.9, 0.001, 0.2, 0.04, 0.011, 0.049, 1}, {0, 1, 0.3}};

TEST(multiplicity_test, worked_by_hand) {
  const std::vector<double>& p = p_values[0];
  EXPECT_THAT(*adjusted(p, Adjustment::bonferroni), Pointwise(DoubleNear(1e-15), {0.04, 0.16, 0.12, 0.02}));
  EXPECT_THAT(*adjusted(p, Adjustment::holm), Pointwise(DoubleNear(1e-15), {0.03, 0.06, 0.06, 0.02}));
  EXPECT_THAT(*adjusted(p, Adjustment::hochberg), Pointwise(DoubleNear(1e-15), {0.03, 0.04, 0.04, 0.02}));
  EXPECT_THAT(*adjusted(p, Adjustment::benjamini_hochberg), Pointwise(DoubleNear(1e-15), {0.02, 0.04, 0.04, 0.02}));
  EXPECT_THAT(*fixed_sequence(p), ElementsAre(0.01, 0.04, 0.04, 0.04));
}

/// Holm is the closure of Bonferroni's test: the largest over all sets with i of (size of the set) x (least p of it).
TEST(multiplicity_test, holm_is_closed_testing) {
  for (const auto& p : p_values) {
    const auto found = adjusted(p, Adjustment::holm);
    for (std::size_t i = 0; i < p.size(); ++i) {
      double largest = 0;
      for (std::size_t set = 0; set < std::size_t{1} << p.size(); ++set) {
        if (!(set >> i & 1)) continue;
        double size = 0, least = 1;
        for (std::size_t j = 0; j < p.size(); ++j)
          if (set >> j & 1) size += 1, least = std::min(least, p[j]);
        largest = std::max(largest, std::min(1.0, size * least));
      }
      EXPECT_DOUBLE_EQ((*found)[i], largest);
    }
  }
}

/// The step-up rules as they are stated: reject the i smallest for the last i with p_(i) <= critical(i).
TEST(multiplicity_test, step_up_rules_reject_what_they_say) {
  for (const auto& p : p_values) {
    const auto m = static_cast<double>(p.size());
    std::vector<double> sorted = p;
    std::sort(sorted.begin(), sorted.end());
    for (const bool hochberg : {true, false}) {
      const auto found = adjusted(p, hochberg ? Adjustment::hochberg : Adjustment::benjamini_hochberg);
      for (double level = 0.0005; level < 1; level += 0.001) {
        double last = -1;
        for (std::size_t i = 0; i < sorted.size(); ++i) {
          const auto rank = static_cast<double>(i + 1);
          if (sorted[i] <= (hochberg ? level / (m - rank + 1) : level * rank / m)) last = sorted[i];
        }
        for (std::size_t i = 0; i < p.size(); ++i) EXPECT_EQ((*found)[i] <= level, p[i] <= last) << level;
      }
    }
  }
}

TEST(multiplicity_test, a_gate_opens_only_when_all_before_are_rejected) {
  const std::vector<std::vector<double>> families = {{0.01, 0.02}, {0.001, 0.5}, {0.0001}};
  const auto found = gatekeeping(families);
  ASSERT_TRUE(found);
  EXPECT_THAT((*found)[0], ElementsAre(0.02, 0.02));
  EXPECT_THAT((*found)[1], ElementsAre(0.02, 0.5));
  EXPECT_THAT((*found)[2], ElementsAre(0.5));
  // Families of one are a fixed sequence; one family is Holm.
  const std::vector<std::vector<double>> singles = {{0.01}, {0.04}, {0.03}};
  EXPECT_THAT(*gatekeeping(singles), ElementsAre(ElementsAre(0.01), ElementsAre(0.04), ElementsAre(0.04)));
  EXPECT_EQ(gatekeeping(std::vector<std::vector<double>>{p_values[3]})->front(),
            *adjusted(p_values[3], Adjustment::holm));
}

TEST(multiplicity_test, what_is_no_p_value_is_refused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::vector<double>& bad : {std::vector<double>{}, {0.1, -0.1}, {1.1}, {nan, 0.2}}) {
    for (const auto by :
         {Adjustment::bonferroni, Adjustment::holm, Adjustment::hochberg, Adjustment::benjamini_hochberg})
      EXPECT_FALSE(adjusted(bad, by));
    EXPECT_FALSE(fixed_sequence(bad));
    EXPECT_FALSE(gatekeeping(std::vector<std::vector<double>>{{0.1}, bad}));
  }
  EXPECT_FALSE(gatekeeping({}));
}

}  // namespace
}  // namespace desist::statistics
