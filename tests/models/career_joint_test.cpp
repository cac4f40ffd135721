// Offences by year, phase and type or kind of victim at once: they add up to every total and move none
// (career_counts_law_test.cpp: their law).
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "engine/core/text.hpp"
#include "tests/models/cohort_caseload_helpers.hpp"
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
