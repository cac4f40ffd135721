// A cohort joined to a caseload: what holds in every replicate, and what it is when the service changes nothing.
#include <algorithm>
#include <limits>
#include <numeric>
#include <string>

#include <gmock/gmock.h>

#include "tests/models/cohort_caseload_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using Wait = CareerCase::Wait;

// The service counts as referred who are in its line; the cohort, only who came by referral.
bool is_of_referrals(const std::string& name) {
  return name == "referred" || name == "people_referred" || name == "share_again";
}

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

/// The same, but for those numbers that `is_other` names, to the bit or to a relative error. Missing is the same as
/// missing.
template <class T>
void expect_same(const T& a, const T& b, auto is_other, double tolerance = 0) {
  const auto x = numbers_of(a);
  const auto y = numbers_of(b);
  ASSERT_EQ(x.size(), y.size());
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (is_other(x[i].first) || (std::isnan(x[i].second) && std::isnan(y[i].second))) continue;
    if (x[i].second == y[i].second) continue;  // never is the same as never
    // A fall is one less a ratio: rounding is of that.
    const double size = x[i].first.starts_with("fall_") ? 1 + std::abs(y[i].second) : std::abs(y[i].second);
    EXPECT_LE(std::abs(x[i].second - y[i].second), tolerance * size) << x[i].first;
  }
}

TEST(CohortCaseload, Who_is_referred_starts_leaves_or_waits) {
  double of_each[kinds_of_wait] = {};
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const CohortCaseloadPlan plan(any_joined(seed), weeks_from_january(80));
    const auto [outcomes, series] = run(plan, seed);
    const std::vector<CareerCase> people = people_of(plan, seed);
    double started = 0;
    double weeks_waiting = 0;
    for (const CareerCase& person : people) {
      of_each[static_cast<std::size_t>(person.wait)] += 1;
      if (person.wait == Wait::started) started += 1;
      if (person.wait == Wait::not_referred) continue;
      weeks_waiting += person.wait_ends - person.referred;
      EXPECT_LE(person.wait_ends, std::min(person.start, 80.0));
      EXPECT_GE(person.wait_ends, person.referred);
    }
    // People one by one, and the service's own books, which know nothing of reasons.
    EXPECT_EQ(outcomes.referred, started + outcomes.gave_up_waiting + outcomes.custody_waiting +
                                     outcomes.desisted_waiting + outcomes.died_waiting + outcomes.waiting_end);
    EXPECT_EQ(outcomes.waiting_end, outcomes.backlog_end);
    EXPECT_EQ(sum(series.CohortCaseload::Series::started), started);
    EXPECT_NEAR(outcomes.referred_a_week * 80, outcomes.referred, 1e-9);
    EXPECT_NEAR(outcomes.person_weeks, weeks_waiting, 1e-6);
    EXPECT_NEAR(outcomes.years_waiting * weeks_per_year, weeks_waiting, 1e-6);
    EXPECT_LE(outcomes.Cohort::Outcomes::started, started);  // some wait in custody for the start that they were given
  }
  EXPECT_THAT(of_each, testing::Each(testing::Gt(30)));
}

TEST(CohortCaseload, Without_an_effect_the_service_changes_no_offence) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    CohortCaseloadParameters parameters = any_joined(seed);
    parameters.rate_effect.values = {1, 1};
    parameters.arrive_over = 0;
    const CohortPlan without(parameters, weeks_from_january(80));
    const CohortResult expected = run(without, seed);
    for (const double slots : {0.0, 1.0, 5.0, 1000.0}) {
      parameters.clients_each = slots;
      const auto [outcomes, series] = run(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
      // Not those of programmes and phases, and exposures only but for the rounding of sums.
      for (auto member : {&Cohort::Outcomes::offences, &Cohort::Outcomes::recorded, &Cohort::Outcomes::arrests,
                          &Cohort::Outcomes::charges, &Cohort::Outcomes::convictions, &Cohort::Outcomes::sentences,
                          &Cohort::Outcomes::desisted, &Cohort::Outcomes::died, &Cohort::Outcomes::custody_end})
        EXPECT_EQ(outcomes.*member, expected.outcomes.*member);
      EXPECT_NEAR(outcomes.free_years, expected.outcomes.free_years, 1e-9);
      EXPECT_EQ(outcomes.offences_by_type, expected.outcomes.offences_by_type);
      for (auto member : {&Cohort::Series::offences, &Cohort::Series::recorded, &Cohort::Series::offending,
                          &Cohort::Series::in_custody, &Cohort::Series::desisted})
        EXPECT_EQ(series.*member, expected.series.*member);
    }
  }
}

TEST(CohortCaseload, With_room_for_all_it_is_the_cohort_without_a_wait) {
  double started = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CohortCaseloadParameters parameters = any_joined(seed);
    parameters.arrive_over = parameters.absence = 0;
    parameters.workers = Steps(1);
    parameters.clients_each = 1000;
    if (seed % 2 == 0) parameters.record = CareerParameters::Record::totals;
    const CohortResult expected = run(CohortPlan(parameters, weeks_from_january(80)), seed);
    const auto [outcomes, series] = run(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    // Only referral by a hazard is called one in a cohort without a service, whether the person takes part or not; and
    // time before the hazard begins is a piece of its own there, so that sums of times are rounded otherwise.
    expect_same<Cohort::Outcomes>(outcomes, expected.outcomes, is_of_referrals,
                                  parameters.entry == Entry::referral ? 1e-13 : 0);
    expect_same<Cohort::Series>(series, expected.series, [](const std::string&) { return false; });
    EXPECT_EQ(outcomes.years_waiting, 0);
    started += outcomes.Cohort::Outcomes::started;
  }
  EXPECT_GT(started, 1000);
}

TEST(CohortCaseload, With_no_room_nobody_starts) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    CohortCaseloadParameters parameters = any_joined(seed);
    parameters.clients_each = parameters.arrive_over = 0;
    CohortPlan never(parameters, weeks_from_january(80));
    never.programme.wait = std::numeric_limits<double>::infinity();
    const auto [outcomes, series] = run(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    EXPECT_EQ(outcomes.Cohort::Outcomes::started, 0);
    EXPECT_EQ(sum(series.clients), 0);
    expect_same<Cohort::Outcomes>(outcomes, run(never, seed).outcomes, is_of_referrals);
  }
}

TEST(CohortCaseload, Another_person_moves_nobodys_referral_and_nobodys_end) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    CohortCaseloadParameters parameters = any_joined(seed);
    const std::vector<CareerCase> few = people_of(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    ++parameters.people;
    const std::vector<CareerCase> more = people_of(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    ASSERT_EQ(more.size(), few.size() + 1);
    for (std::size_t i = 0; i < few.size(); ++i, ++compared) {
      EXPECT_EQ(few[i].member.person.id, more[i].member.person.id);
      EXPECT_EQ(few[i].referred, more[i].referred);
      EXPECT_EQ(few[i].leaves, more[i].leaves);
    }
  }
  EXPECT_EQ(compared, 4000u);
}

// Where supports are as long as planned and nobody leaves the line, a slot more brings nobody's start later: first
// come, by induction over starts. Otherwise it may: who starts thanks to it may stay on when another would have left.
TEST(CohortCaseload, Another_slot_never_makes_anybody_start_later) {
  std::size_t earlier = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    SCOPED_TRACE(seed);
    CohortCaseloadParameters parameters = plain_joined(60, 4, static_cast<double>(seed % 10), 7);
    parameters.arrive_over = 40;
    const std::vector<CareerCase> few = people_of(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    parameters.clients_each += 1;
    const std::vector<CareerCase> more = people_of(CohortCaseloadPlan(parameters, weeks_from_january(80)), seed);
    for (std::size_t i = 0; i < few.size(); ++i) {
      EXPECT_LE(more[i].start, few[i].start);
      earlier += more[i].start < few[i].start ? 1 : 0;
    }
  }
  EXPECT_GT(earlier, 1000u);
}

TEST(CohortCaseload, Equal_arms_are_equal) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const CohortCaseloadPlan plan(any_joined(seed), weeks_from_january(80));
    const JoinedResult a = run(plan, seed);
    const JoinedResult b = run(CohortCaseloadPlan(any_joined(seed), weeks_from_january(80)), seed);
    expect_same<CohortCaseload::Outcomes>(a.outcomes, b.outcomes, [](const std::string&) { return false; });
    expect_same<CohortCaseload::Series>(a.series, b.series, [](const std::string&) { return false; });
  }
}

// One slot, supports of 4 weeks, five people who come at the start: starts in weeks 0, 4, 8, 12, 16, in the order of
// their numbers; with a patience that ends, gone at a moment of their own.
TEST(CohortCaseload, Those_who_wait_start_in_turn) {
  const CohortCaseloadPlan plan(plain_joined(5, 1, 1, 4), weeks_from_january(30));
  const std::vector<CareerCase> people = people_of(plan, 0);
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(people[i].referred, 0);
    EXPECT_EQ(people[i].start, 4.0 * static_cast<double>(i));
  }
  const auto [outcomes, series] = run(plan, 0);
  EXPECT_EQ(outcomes.years_waiting, (4 + 8 + 12 + 16) / weeks_per_year);
  EXPECT_EQ(outcomes.completed, 5);
  EXPECT_EQ(outcomes.offences_waiting, outcomes.recorded_waiting);
}

TEST(CohortCaseload, Refuses_what_contradicts_a_service) {
  const auto problem = [](auto change) -> std::string {
    CohortCaseloadParameters parameters = plain_joined(5, 1, 1, 4);
    change(parameters);
    try {
      CohortCaseloadPlan(parameters, weeks_from_january(20));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  using P = CohortCaseloadParameters;
  EXPECT_EQ(problem([](P&) {}), "");
  EXPECT_EQ(problem([](P& p) { p.wait = 1; }), "how long people wait is what the service decides: leave `wait` out");
  EXPECT_EQ(problem([](P& p) {
              p.entry = Entry::referral;
              p.referral = 1;
              p.again = ProgrammeParameters::Again::everyone;
            }),
            "people come to this service once: leave `again` out");
  EXPECT_EQ(problem([](P& p) { p.stands_for = 2; }), "a service has room for people, one by one: leave stands_for out");
  EXPECT_EQ(problem([](P& p) { p.arrive_over = 21; }), "arrive_over has to end before the window does");
  EXPECT_EQ(problem([](P& p) {
              p.arrive_over = 10;
              p.season.assign(12, 1.0 / 12);
            }),
            "people who come at moments of their own have no season: leave `season` or arrive_over out");
}

}  // namespace
}  // namespace desist
