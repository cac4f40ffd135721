// Offences by kind of victim, by year and by phase follow their laws, each check first shown to find a fault.
//
// Checks of a mean: |mean - expected| <= 4.9 standard errors, false alarms below 1e-6 each.
#include <cmath>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <gmock/gmock.h>

#include "engine/statistics/median_law.hpp"
#include "tests/models/cohort_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;
using Record = CareerParameters::Record;

// Offences of people whose rates are known are Poisson, so those of each kind are, and independent (Kingman 1993).
TEST(CountsLaw, Each_kind_of_victim_has_independent_Poisson_counts) {
  CohortParameters p = plain_cohort(50, 20);
  p.detected.values = {0.2};
  p.victims = {"offence: shops", "offence: people", "offence: nobody", "offence: homes"};
  p.victim_share.values = {3, 5, 0, 2};
  const double all = 50 * 20 * 104 / weeks_per_year;
  for (const Record record : {Record::totals, Record::every_offence}) {
    p.record = record;
    const CohortPlan plan(p, weeks_from_january(104));
    std::vector<double> shops, persons, homes, squares, products, recorded;
    for (std::uint64_t replicate = 0; replicate < 2000; ++replicate) {
      const Cohort::Outcomes o = run(plan, replicate).outcomes;
      shops.push_back(o.offences_by_victim[0]);
      persons.push_back(o.offences_by_victim[1]);
      homes.push_back(o.offences_by_victim[3]);
      recorded.push_back(o.recorded_by_victim[0]);
      EXPECT_EQ(o.offences_by_victim[2], 0);
      const double d = shops.back() - 0.3 * all;
      squares.push_back(d * d);
      products.push_back(d * (persons.back() - 0.5 * all));
    }
    EXPECT_TRUE(agrees(shops, 0.3 * all));
    EXPECT_FALSE(agrees(shops, 0.303 * all));  // 8 errors: what 2,000 replicates find of a count of 600
    EXPECT_TRUE(agrees(persons, 0.5 * all));
    EXPECT_TRUE(agrees(homes, 0.2 * all));
    EXPECT_TRUE(agrees(recorded, 0.3 * 0.2 * all));
    EXPECT_FALSE(agrees(recorded, 0.2 * 0.2 * all));
    EXPECT_TRUE(agrees(squares, 0.3 * all));
    EXPECT_FALSE(agrees(squares, 0.3 * 0.7 * all));  // shares of a fixed number
    EXPECT_TRUE(agrees(products, 0));
    EXPECT_FALSE(agrees(products, -0.3 * 0.5 * all));
  }
}

// Rates are known, so every cell is an independent Poisson count (Kingman 1993): 50 people, 20 offences a year, of
// which a fifth are seen; 104 weeks are a year and 52 weeks less a day.
TEST(CountsLaw, Cells_of_year_phase_and_kind_are_independent_Poisson_counts) {
  CohortParameters p = plain_cohort(50, 20);
  p.detected.values = {0.2};
  p.victims = {"offence: shops", "offence: people", "offence: homes"};
  p.victim_share.values = {3, 5, 2};
  p.years = {"first", "second"};
  p.before = 26;
  p.length = 26;
  p.phases = {"before", "during", "after"};
  const double first_year = 53 - 52;  // weeks of the first year after the two phases
  for (const Record record : {Record::totals, Record::every_offence}) {
    p.record = record;
    const CohortPlan plan(p, weeks_from_january(104));
    std::vector<double> before, after, second, squares, products;
    const double a_week = 50 * 20 / weeks_per_year;
    for (std::uint64_t replicate = 0; replicate < 2000; ++replicate) {
      const Cohort::Outcomes o = run(plan, replicate).outcomes;
      const auto shops = [&](std::size_t year, std::size_t phase) {
        return o.offences_by_year_phase_and_victim[(year * 3 + phase) * 3];
      };
      before.push_back(shops(0, 0));
      after.push_back(shops(0, 2));
      second.push_back(shops(1, 2));
      EXPECT_EQ(shops(1, 0), 0);
      const double d = before.back() - 0.3 * 26 * a_week;
      squares.push_back(d * d);
      products.push_back(d * (second.back() - 0.3 * 51 * a_week));
    }
    EXPECT_TRUE(agrees(before, 0.3 * 26 * a_week));
    EXPECT_FALSE(agrees(before, 0.32 * 26 * a_week));
    EXPECT_TRUE(agrees(after, 0.3 * first_year * a_week));
    EXPECT_TRUE(agrees(second, 0.3 * 51 * a_week));
    EXPECT_TRUE(agrees(squares, 0.3 * 26 * a_week));
    EXPECT_FALSE(agrees(squares, 0.3 * 0.7 * 26 * a_week));  // shares of a fixed number
    EXPECT_TRUE(agrees(products, 0));
    EXPECT_FALSE(agrees(products, -0.3 * 0.3 * 26 * a_week));
  }
}

// Harm and value by year: in bulk as one by one, with a severity that only the time in a programme has.
TEST(CountsLaw, Harm_and_value_of_each_year) {
  CohortParameters p = plain_cohort(40, 12);
  add_type(p, 1, 0.1);
  p.detected.values = {0.1, 0.3};
  p.harm.values = {1, 10};
  p.value_mean.values = {50, 0};
  p.years = {"first", "second"};
  p.before = 30;
  p.length = 40;
  p.severity_effect = 0.5;
  std::vector<std::vector<double>> bulk(4), single(4);
  for (const Record record : {Record::totals, Record::every_offence}) {
    p.record = record;
    const CohortPlan plan(p, weeks_from_january(104));
    std::vector<std::vector<double>>& found = record == Record::totals ? bulk : single;
    for (std::uint64_t replicate = 0; replicate < 3000; ++replicate) {
      const Cohort::Outcomes o = run(plan, replicate + (record == Record::totals ? 0 : 5000)).outcomes;
      for (std::size_t year = 0; year < 2; ++year) {
        found[year].push_back(o.harm_by_year[year]);
        found[2 + year].push_back(o.stolen_by_year[year]);
      }
      if (record == Record::every_offence) {
        EXPECT_NEAR(o.harm_by_year[0] + o.harm_by_year[1], o.harm, 1e-6 * o.harm);
      }
    }
  }
  // 53 weeks of the first year, of which 23 are in the programme at half of the severity; 51 of the second, 17 in it.
  const double a_week = 40 * 6 / weeks_per_year;
  for (const auto* found : {&bulk, &single}) {
    EXPECT_TRUE(agrees((*found)[0], 11 * a_week * (53 - 23 * 0.5)));
    EXPECT_TRUE(agrees((*found)[1], 11 * a_week * (51 - 17 * 0.5)));
    EXPECT_TRUE(agrees((*found)[2], 50 * a_week * (53 - 23 * 0.5)));
    EXPECT_TRUE(agrees((*found)[3], 50 * a_week * (51 - 17 * 0.5)));
    EXPECT_FALSE(agrees((*found)[0], 11 * a_week * (53 - 53 * 20 / 104.0)));  // one severity for both years
  }
}

/// Chance of a chi-square as large as that of these medians (element j counts those of j/2) under a law, or larger.
double chance_of_medians(const std::vector<double>& counts, double all, const std::vector<double>& law) {
  double chi_square = 0, cells = 0, found = 0, expected = 0;
  for (std::size_t j = 0; j < counts.size(); ++j) {
    found += counts[j];
    expected += j < law.size() ? all * law[j] : 0;
    if (expected < 10) continue;
    chi_square += (found - expected) * (found - expected) / expected;
    ++cells;
    found = expected = 0;
  }
  return boost::math::gamma_q((cells - 1) / 2, chi_square / 2);
}

// The median of recorded offences of 2m people whose counts are negative binomial, or of 2m + 1 (mathematics.md 2.6):
// false alarms one in a million.
TEST(CountsLaw, Medians_of_a_cohort_2_6) {
  for (const int people : {8, 7}) {
    CohortParameters p = plain_cohort(people, 6);
    p.rate_shape = 1.5;
    p.before = 52;
    p.length = 20;
    const double mean = 6 * 52 / weeks_per_year;
    const auto law_of = [&](double shape, std::size_t n) {
      std::vector<double> counts{std::pow(shape / (shape + mean), shape)};
      for (int x = 0; x < 150; ++x) counts.push_back(counts.back() * (x + shape) / (x + 1) * mean / (shape + mean));
      return statistics::median_law(n, counts);
    };
    const CohortPlan plan(p, weeks_from_january(53));
    std::vector<double> found(200, 0);
    constexpr std::uint64_t replicates = 10'000;
    for (std::uint64_t replicate = 0; replicate < replicates; ++replicate) {
      const Cohort::Outcomes outcomes = run(plan, replicate).outcomes;
      const PhaseOutcomes<CareerPhase::before>& before = outcomes;
      ++found.at(static_cast<std::size_t>(2 * before.median_recorded));
    }
    const auto n = static_cast<std::size_t>(people);
    EXPECT_GT(chance_of_medians(found, replicates, law_of(1.5, n)), 1e-6);
    EXPECT_LT(chance_of_medians(found, replicates, law_of(1.8, n)), 1e-6);
    EXPECT_LT(chance_of_medians(found, replicates, law_of(1.5, n + 2)), 1e-6);
  }
}

}  // namespace
}  // namespace desist
