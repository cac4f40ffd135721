// Kinds of victims: nothing else moves, they add up to their types, and each follows its law.
#include <cmath>

#include <gmock/gmock.h>

#include "engine/core/text.hpp"
#include "tests/models/cohort_caseload_helpers.hpp"
#include "tests/models/mean_check.hpp"
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

// Offences of people whose rates are known are Poisson, so those of each kind are, and independent (Kingman 1993).
TEST(Victims, Of_each_kind_are_independent_Poisson_counts) {
  CohortParameters p = plain_cohort(50, 20);
  p.detected.values = {0.2};
  p.victims = {"offence: shops", "offence: people", "offence: nobody", "offence: homes"};
  p.victim_share.values = {3, 5, 0, 2};
  const double all = 50 * 20 * 104 / weeks_per_year;
  for (const Record record : {Record::totals, Record::every_offence}) {
    p.record = record;
    std::vector<double> shops, people, homes, squares, products, recorded;
    for (std::uint64_t replicate = 0; replicate < 2000; ++replicate) {
      const Cohort::Outcomes o = counted(p, replicate, 104).outcomes;
      shops.push_back(o.offences_by_victim[0]);
      people.push_back(o.offences_by_victim[1]);
      homes.push_back(o.offences_by_victim[3]);
      recorded.push_back(o.recorded_by_victim[0]);
      EXPECT_EQ(o.offences_by_victim[2], 0);
      const double d = shops.back() - 0.3 * all;
      squares.push_back(d * d);
      products.push_back(d * (people.back() - 0.5 * all));
    }
    EXPECT_TRUE(agrees(shops, 0.3 * all));
    EXPECT_FALSE(agrees(shops, 0.303 * all));  // 8 errors: what 2,000 replicates find of a count of 600
    EXPECT_TRUE(agrees(people, 0.5 * all));
    EXPECT_TRUE(agrees(homes, 0.2 * all));
    EXPECT_TRUE(agrees(recorded, 0.3 * 0.2 * all));
    EXPECT_FALSE(agrees(recorded, 0.2 * 0.2 * all));
    EXPECT_TRUE(agrees(squares, 0.3 * all));
    EXPECT_FALSE(agrees(squares, 0.3 * 0.7 * all));  // shares of a fixed number
    EXPECT_TRUE(agrees(products, 0));
    EXPECT_FALSE(agrees(products, -0.3 * 0.5 * all));
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
