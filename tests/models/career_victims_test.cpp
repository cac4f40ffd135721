// Kinds of victims: nothing else moves, and they add up to their types (career_counts_law_test.cpp: their law).
#include <cmath>

#include <gmock/gmock.h>

#include "engine/core/text.hpp"
#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/rich_cohort.hpp"

namespace desist {
namespace {

using namespace test;
using Record = CareerParameters::Record;

CohortParameters with_victims(CohortParameters p) {
  p.victims = {p.types[0] + ": shops", p.types[1] + ": people at home", p.types[0] + ": people"};
  p.victim_share.values = {2, 1, 1};
  return p;
}

CohortResult counted(const CohortParameters& parameters, std::uint64_t replicate, int weeks = 110) {
  const CohortPlan plan(parameters, weeks_from_january(weeks));
  CohortResult result;
  give_lengths(plan, result.outcomes, result.series);
  Cohort::replicate(plan, Streams(1, 0, replicate), result.outcomes, result.series);
  return result;
}

/// Every number, those that are missing as a word.
template <class T>
std::vector<std::string> words_of(const T& object) {
  std::vector<std::string> words;
  for (const auto& [name, value] : numbers_of(object))
    words.push_back(name + (std::isnan(value) ? " missing" : " " + shortest(value)));
  return words;
}

TEST(Victims, Change_nothing_but_what_is_counted_of_them) {
  for (const Record record : {Record::totals, Record::every_offence}) {
    CohortParameters p = rich_cohort(50);
    p.record = record;
    set_effects(p, 0.7);
    for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
      CohortResult found = counted(with_victims(p), replicate);
      const CohortResult without = counted(p, replicate);
      EXPECT_GT(found.outcomes.offences_by_victim[0], 0);
      found.outcomes.offences_by_victim.clear();
      found.outcomes.recorded_by_victim.clear();
      found.outcomes.offences_by_year_and_victim.clear();
      EXPECT_EQ(words_of(found.outcomes), words_of(without.outcomes));
      EXPECT_EQ(words_of(found.series), words_of(without.series));
    }
  }
}

TEST(Victims, Add_up_to_their_types_and_the_third_type_has_none) {
  for (const Record record : {Record::totals, Record::every_offence}) {
    CohortParameters p = with_victims(rich_cohort(50));
    p.record = record;
    p.stands_for = 3;
    for (std::uint64_t replicate = 0; replicate < 5; ++replicate) {
      const Cohort::Outcomes o = counted(p, replicate).outcomes;
      EXPECT_EQ(o.offences_by_victim[0] + o.offences_by_victim[2], o.offences_by_type[0]);
      EXPECT_EQ(o.offences_by_victim[1], o.offences_by_type[1]);
      EXPECT_EQ(o.recorded_by_victim[0] + o.recorded_by_victim[2], o.recorded_by_type[0]);
      EXPECT_EQ(o.recorded_by_victim[1], o.recorded_by_type[1]);
    }
  }
}

TEST(Victims, That_are_of_no_type_are_refused) {
  const auto refusal = [](std::vector<std::string> victims, std::vector<double> shares) -> std::string {
    CohortParameters p = plain_cohort(10, 5);
    p.victims = std::move(victims);
    p.victim_share.values = std::move(shares);
    try {
      const CohortPlan plan(p, weeks_from_january(10));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  const std::string cure = "', which doesn't begin with a type: write \"type: kind of victim\"";
  EXPECT_EQ(refusal({"offence: shops"}, {1}), "");
  EXPECT_EQ(refusal({"shops"}, {1}), "victims has 'shops" + cure);
  EXPECT_EQ(refusal({"offence"}, {1}), "victims has 'offence" + cure);
  EXPECT_EQ(refusal({"theft: shops"}, {1}), "victims has 'theft: shops" + cure);
  EXPECT_EQ(refusal({"offence: shops"}, {0}),
            "victim_share has to be above 0 for some kind of victim of type 'offence'");
}

}  // namespace
}  // namespace desist
