// Cover: exact chances against enumeration, ends of ranges, and what an arm may not move.
#include <bit>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "engine/statistics/discrete_laws.hpp"
#include "tests/models/cover_helpers.hpp"

namespace desist {
namespace {

using namespace test;

TEST(Cover, Hypergeometric_table_is_the_law) {
  HypergeometricTable table;
  for (const Urn urn : {Urn{7954, 263, 120}, Urn{100, 60, 70}, Urn{5, 5, 3}, Urn{9, 0, 4}, Urn{9, 4, 0}, Urn{1, 1, 1},
                        Urn{3'000'000, 40'000, 9000}}) {
    table.set(urn);
    double cumulative = 0;
    std::int64_t x = table.first();
    for (const double probability : table.probabilities()) {
      const double exact =
          statistics::hypergeometric_probability(x, {urn.marked, urn.population - urn.marked, urn.sample});
      EXPECT_NEAR(probability, exact, 1e-10 * exact + 1e-16);
      if (probability > 1e-9) {
        EXPECT_EQ(table(cumulative + 0.5 * probability), x);
      }
      cumulative += probability;
      ++x;
    }
    EXPECT_NEAR(cumulative, 1, 1e-12);
    EXPECT_GE(table(0x1p-54), table.first());
    EXPECT_LE(table(1 - 0x1p-53), std::min(urn.marked, urn.sample));
  }
  for (const auto& impossible : {Urn{5, 6, 2}, Urn{5, 2, 6}})
    EXPECT_THAT([&] { table.set(impossible); },
                testing::ThrowsMessage<std::domain_error>(
                    std::string("a hypergeometric law needs no more marked ones and no larger sample than there are")));
}

/// Chance that a crew holds a carrier, by listing every set of officers on shift and every crew. Officers 0 .. k - 1
/// are the carriers.
double by_enumeration(Spread spread, double busy, unsigned n, unsigned k, unsigned m, unsigned crew) {
  double shifts = 0;
  double sum = 0;
  const unsigned carriers = (1U << k) - 1;
  for (unsigned on = 0; on < 1U << n; ++on) {
    if (static_cast<unsigned>(std::popcount(on)) != m) continue;
    ++shifts;
    const auto x = static_cast<double>(std::popcount(on & carriers));
    if (spread == Spread::together) {
      sum += x / m;  // crews are made of carriers alone, or of others alone
    } else if (spread == Spread::apart) {
      sum += std::min(1.0, x / (static_cast<double>(m) / crew));  // carriers over crews
    } else if (spread == Spread::sent_first) {
      double free = 0;  // every pattern of who is busy
      for (unsigned busy_ones = 0; busy_ones < 1U << k; ++busy_ones) {
        const auto b = static_cast<double>(std::popcount(busy_ones));
        if (on & carriers & ~busy_ones) free += std::pow(busy, b) * std::pow(1 - busy, k - b);
      }
      sum += free;
    } else {
      double crews = 0;
      double with = 0;
      for (unsigned team = 0; team < 1U << n; ++team) {
        if (static_cast<unsigned>(std::popcount(team)) != crew || (team & ~on)) continue;
        ++crews;
        if (team & carriers) ++with;
      }
      sum += with / crews;
    }
  }
  return sum / shifts;
}

TEST(Cover, Chance_is_that_of_every_shift_and_crew) {
  for (const Spread spread : every_spread)
    for (unsigned n = 1; n <= 8; ++n)
      for (unsigned k = 0; k <= n; ++k)
        for (unsigned m = 1; m <= n; ++m)
          for (unsigned crew = 1; crew <= std::min(3U, m); ++crew) {
            CoverParameters parameters = plain_cover(n, k, 1);
            parameters.on_shift.values = {static_cast<double>(m) / n};
            parameters.crew = static_cast<int>(crew);
            parameters.spread = spread;
            parameters.busy = 0.3;
            const CoverPlan plan(parameters, weeks_from_monday(1));
            EXPECT_NEAR(plan.chance(k), by_enumeration(spread, 0.3, n, k, m, crew), 1e-12)
                << n << ' ' << k << ' ' << m << ' ' << crew << ' ' << static_cast<int>(spread);
          }
}

TEST(Cover, A_pair_of_a_large_force) {
  // 263 of 7,954: 1 - (7691 x 7690)/(7954 x 7953).
  CoverParameters parameters = plain_cover(7954, 263, 1);
  EXPECT_NEAR(CoverPlan(parameters, weeks_from_monday(1)).chance(263), 1 - 7691.0 * 7690 / (7954.0 * 7953), 1e-12);
  parameters.spread = Spread::together;
  EXPECT_NEAR(CoverPlan(parameters, weeks_from_monday(1)).chance(263), 263.0 / 7954, 1e-12);
  parameters.spread = Spread::apart;  // never more carriers than crews: twice as many
  EXPECT_NEAR(CoverPlan(parameters, weeks_from_monday(1)).chance(263), 2 * 263.0 / 7954, 1e-9);
}

TEST(Cover, Spread_orders_the_chances) {
  for (double carriers = 0; carriers <= 400; carriers += 20) {
    std::vector<double> chances;
    for (const Spread spread : {Spread::together, Spread::at_random, Spread::apart, Spread::sent_first}) {
      CoverParameters parameters = plain_cover(400, carriers, 1);
      parameters.spread = spread;
      chances.push_back(CoverPlan(parameters, weeks_from_monday(1)).chance(static_cast<std::int64_t>(carriers)));
    }
    for (std::size_t i = 0; i + 1 < chances.size(); ++i) EXPECT_LE(chances[i], chances[i + 1] + 1e-12) << carriers;
  }
}

TEST(Cover, Ends_of_ranges) {
  for (const Spread spread : every_spread) {
    CoverParameters parameters = plain_cover(60, 60, 30);
    parameters.spread = spread;
    EXPECT_EQ(run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes.share_met, 1);
    parameters.carriers = Steps(1e6);  // no more than there are officers
    EXPECT_EQ(run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes.kits_ordered, 0);
    parameters.carriers = Steps(0);
    const auto none = run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes;
    EXPECT_EQ(none.share_met, 0);
    EXPECT_EQ(none.enough_met, 0);
    EXPECT_TRUE(std::isnan(none.share_in_date));
    parameters.carriers = Steps(60);
    parameters.on_shift.values = {0};
    EXPECT_EQ(run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes.share_met, 0);
    parameters.on_shift.values = {1};
    parameters.crew = 20;
    EXPECT_EQ(run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes.share_met, 1);
    parameters.meeting_calls = 0;
    EXPECT_EQ(run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes.share_met, 0);
    parameters.calls = Steps(0);
    const auto quiet = run(CoverPlan(parameters, weeks_from_monday(8)), 0).outcomes;
    EXPECT_TRUE(std::isnan(quiet.share_met));
    EXPECT_EQ(quiet.enough_met, 1);  // no call was missed
  }
}

TEST(Cover, Refuses_shares_that_do_not_fit) {
  const auto refusal = [](auto change) {
    CoverParameters parameters = full_cover(Spread::at_random);
    change(parameters);
    try {
      CoverPlan(parameters, weeks_from_monday(4));
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  EXPECT_EQ(refusal([](auto& p) { p.calls_by_shift = {0.5, 0.5}; }), "calls_by_shift has 2 shares for 3 shifts");
  EXPECT_EQ(refusal([](auto& p) { p.carriers_by_area = {0.5, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}; }),
            "carriers_by_area must add up to 1, not 1.1");
  EXPECT_EQ(refusal([](auto& p) { p.areas.clear(); }), "cover needs an area and a shift or more");
}

TEST(Cover, Books_balance) {
  for (std::uint64_t seed = 0; seed < 60; ++seed)
    for (const Spread spread : every_spread) {
      const CoverPlan plan(full_cover(spread), weeks_from_monday(60));
      const auto [outcomes, series] = run(plan, seed);
      const double years = 60 / weeks_per_year;
      const auto sum = [](const std::vector<double>& values) { return std::reduce(values.begin(), values.end()); };
      EXPECT_NEAR(outcomes.calls_a_year * years, sum(series.calls), 1e-9);
      EXPECT_NEAR(outcomes.met_a_year * years, sum(series.calls_met), 1e-9);
      EXPECT_NEAR(outcomes.met_a_year + outcomes.unmet_a_year, outcomes.calls_a_year, 1e-9);
      EXPECT_LE(outcomes.share_in_time, outcomes.share_met);
      EXPECT_LE(outcomes.kits_used, sum(series.calls_met));
      EXPECT_EQ(outcomes.kits_cost, 20 * outcomes.kits_ordered);
      // Carriers are shared out whole and none is lost.
      std::vector<Urn> urns;
      plan.spread_over_areas(263, urns);
      std::int64_t carriers = 0;
      for (std::size_t c = 0; c < urns.size(); c += 3) carriers += urns[c].marked;
      EXPECT_EQ(carriers, 263);
    }
}

TEST(Cover, Equal_arms_are_equal_and_a_longer_window_moves_nothing) {
  for (const Spread spread : every_spread) {
    const CoverPlan plan(full_cover(spread), weeks_from_monday(30));
    const CoverPlan longer(full_cover(spread), weeks_from_monday(60));
    for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
      const auto a = run(plan, replicate);
      const auto b = run(plan, replicate);
      const auto c = run(longer, replicate);
      EXPECT_EQ(a.series.calls_met, b.series.calls_met);
      EXPECT_EQ(a.outcomes.share_in_time, b.outcomes.share_in_time);
      for (std::size_t week = 0; week < 30; ++week) {
        ASSERT_EQ(a.series.calls_met[week], c.series.calls_met[week]);
        ASSERT_EQ(a.series.kits_in_date[week], c.series.kits_in_date[week]);
        ASSERT_EQ(a.series.chance_met[week], c.series.chance_met[week]);
      }
    }
  }
}

TEST(Cover, More_carriers_never_meet_fewer_calls) {
  for (const Spread spread : every_spread)
    for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
      double before = -1;
      for (double carriers = 0; carriers <= 1200; carriers += 100) {
        CoverParameters parameters = full_cover(spread);
        parameters.carriers = Steps(carriers);
        parameters.shelf_life = 0;
        parameters.used = 0;
        const double met = run(CoverPlan(parameters, weeks_from_monday(30)), replicate).outcomes.met_a_year;
        EXPECT_GE(met, before);
        before = met;
      }
    }
}

}  // namespace
}  // namespace desist
