// Offences by year, phase and type or kind of victim at once: they add up to every total, move none, and follow their
// law.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "engine/core/text.hpp"
#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;
using Record = CareerParameters::Record;

const std::vector<std::string> every_phase{"outside", "before", "during", "after"};

CohortParameters with_everything_apart(CohortParameters p) {
  p.victims.clear();
  for (const std::string& type : p.types)
    for (const char* kind : {": shops", ": people"}) p.victims.push_back(type + kind);
  p.victim_share.values.assign(p.victims.size(), 1);
  p.victim_share.values[0] = 3;
  p.years = {"1", "2", "3"};  // the last is not over with the window
  p.phases = every_phase;
  return p;
}

CohortResult all_of(const CohortParameters& parameters, std::uint64_t replicate, int weeks = 130) {
  return run(CohortPlan(parameters, weeks_from_january(weeks)), replicate);
}

double sum_of(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// Every number, those that are missing as a word.
template <class T>
std::vector<std::string> all_words_of(const T& object) {
  std::vector<std::string> words;
  for (const auto& [name, value] : numbers_of(object))
    words.push_back(name + (std::isnan(value) ? " missing" : " " + shortest(value)));
  return words;
}

TEST(JointCounts, Add_up_to_every_total) {
  for (const Record record : {Record::totals, Record::every_offence}) {
    CohortParameters p = with_everything_apart(rich_cohort(50));
    p.record = record;
    p.stands_for = 3;
    set_effects(p, 0.7);
    for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
      const Cohort::Outcomes o = all_of(p, replicate).outcomes;
      const std::size_t types = p.types.size(), kinds = p.victims.size();
      EXPECT_EQ(sum_of(o.offences_by_year), o.offences);
      for (std::size_t year = 0; year < 3; ++year) {
        double by_kind = 0, by_type = 0, by_phase_and_kind = 0;
        for (std::size_t k = 0; k < kinds; ++k) by_kind += o.offences_by_year_and_victim[year * kinds + k];
        for (std::size_t c = 0; c < 4 * types; ++c) by_type += o.offences_by_year_phase_and_type[year * 4 * types + c];
        for (std::size_t c = 0; c < 4 * kinds; ++c)
          by_phase_and_kind += o.offences_by_year_phase_and_victim[year * 4 * kinds + c];
        EXPECT_EQ(by_kind, o.offences_by_year[year]);
        EXPECT_EQ(by_type, o.offences_by_year[year]);
        EXPECT_EQ(by_phase_and_kind, o.offences_by_year[year]);
      }
      std::vector<double> of_kind(kinds), of_type(types), of_phase(4);
      for (std::size_t i = 0; i < o.offences_by_year_phase_and_victim.size(); ++i)
        of_kind[i % kinds] += o.offences_by_year_phase_and_victim[i];
      for (std::size_t i = 0; i < o.offences_by_year_phase_and_type.size(); ++i) {
        of_type[i % types] += o.offences_by_year_phase_and_type[i];
        of_phase[i / types % 4] += o.offences_by_year_phase_and_type[i];
      }
      EXPECT_EQ(of_kind, o.offences_by_victim);
      EXPECT_EQ(of_type, o.offences_by_type);
      EXPECT_EQ(of_phase[1], o.PhaseOutcomes<CareerPhase::before>::offences);
      EXPECT_EQ(of_phase[2], o.PhaseOutcomes<CareerPhase::during>::offences);
      EXPECT_EQ(of_phase[3], o.PhaseOutcomes<CareerPhase::after>::offences);
      // Kinds within a cell are those of its type.
      for (std::size_t cell = 0; cell < 12; ++cell)
        for (std::size_t j = 0; j < types; ++j)
          EXPECT_EQ(o.offences_by_year_phase_and_victim[cell * kinds + 2 * j] +
                        o.offences_by_year_phase_and_victim[cell * kinds + 2 * j + 1],
                    o.offences_by_year_phase_and_type[cell * types + j]);
    }
  }
}

TEST(JointCounts, Move_nothing_else) {
  for (const Record record : {Record::totals, Record::every_offence}) {
    CohortParameters p = with_everything_apart(rich_cohort(50));
    p.record = record;
    CohortParameters plain = p;
    plain.phases.clear();
    CohortParameters few = p;
    few.phases = {"after"};
    for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
      CohortResult all = all_of(p, replicate), none = all_of(plain, replicate), after = all_of(few, replicate);
      EXPECT_EQ(all.outcomes.offences_by_year_and_victim, none.outcomes.offences_by_year_and_victim);
      EXPECT_TRUE(none.outcomes.offences_by_year_phase_and_type.empty());
      const std::size_t types = p.types.size();
      for (std::size_t year = 0; year < 3; ++year)
        for (std::size_t j = 0; j < types; ++j)
          EXPECT_EQ(all.outcomes.offences_by_year_phase_and_type[(year * 4 + 3) * types + j],
                    after.outcomes.offences_by_year_phase_and_type[year * types + j]);
      for (CohortResult* result : {&all, &none}) {
        result->outcomes.offences_by_year_phase_and_type.clear();
        result->outcomes.offences_by_year_phase_and_victim.clear();
      }
      EXPECT_EQ(all_words_of(all.outcomes), all_words_of(none.outcomes));
      EXPECT_EQ(all_words_of(all.series), all_words_of(none.series));
      plain.years = few.years = p.years;
      CohortParameters without = plain;
      without.years.clear();
      CohortResult total = all_of(without, replicate);
      EXPECT_EQ(total.outcomes.harm, none.outcomes.harm);
      EXPECT_EQ(total.outcomes.stolen, none.outcomes.stolen);
      EXPECT_EQ(total.outcomes.offences_by_victim, none.outcomes.offences_by_victim);
    }
  }
}

// Rates are known, so every cell is an independent Poisson count (Kingman 1993): 50 people, 20 offences a year, of
// which a fifth are seen; 104 weeks are a year and 52 weeks less a day.
TEST(JointCounts, Are_independent_Poisson_counts) {
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
    std::vector<double> before, after, second, squares, products, of_phase;
    const double a_week = 50 * 20 / weeks_per_year;
    for (std::uint64_t replicate = 0; replicate < 2000; ++replicate) {
      const Cohort::Outcomes o = all_of(p, replicate, 104).outcomes;
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
TEST(JointCounts, Harm_and_value_of_each_year) {
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
    std::vector<std::vector<double>>& found = record == Record::totals ? bulk : single;
    for (std::uint64_t replicate = 0; replicate < 3000; ++replicate) {
      const Cohort::Outcomes o = all_of(p, replicate + (record == Record::totals ? 0 : 5000), 104).outcomes;
      for (std::size_t year = 0; year < 2; ++year) {
        found[year].push_back(o.harm_by_year[year]);
        found[2 + year].push_back(o.stolen_by_year[year]);
      }
      if (record == Record::every_offence) {
        EXPECT_NEAR(sum_of(o.harm_by_year), o.harm, 1e-6 * o.harm);
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

TEST(JointCounts, Of_what_is_no_phase_are_refused) {
  const auto refusal = [](std::vector<std::string> phases, std::vector<std::string> years) -> std::string {
    CohortParameters p = plain_cohort(10, 5);
    p.phases = std::move(phases);
    p.years = std::move(years);
    try {
      const CohortPlan plan(p, weeks_from_january(60));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_EQ(refusal({"after"}, {"1"}), "");
  EXPECT_EQ(refusal({"later"}, {"1"}), "phases has 'later': they are before, during, after and outside");
  EXPECT_EQ(refusal({"after"}, {}), "`phases` needs `years`: offences are counted by both at once");
}

}  // namespace
}  // namespace desist
