// The port of places: cases that come at given moments, and leave the queue at given ones.
#include <algorithm>

#include <gmock/gmock.h>

#include "models/parts/places_run.hpp"
#include "models/places.hpp"
#include "tests/models/given_helpers.hpp"
#include "tests/models/places_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;
using WhenFull = PlacesParameters::WhenFull;

/// Places of given cases, and how each ended.
struct GivenPlaces {
  PlacesTally tally;
  Ends ends;
  Replicate<Places> result;
};

template <class Case>
GivenPlaces run_given_places(const PlacesPlan& plan, const Streams& streams, const std::vector<Case>& given,
                             double weeks = -1) {
  GivenPlaces run;
  CasesGiven cases(
      given, streams,
      [&](const Referral& referral, double now) {
        run.ends.start(referral, now);
        return weeks >= 0 ? Stay{weeks, false} : plan.stays.stay(now, referral.work, referral.risk);
      },
      [&](const Referral& referral, double time) { run.ends.leave(referral, time); });
  PlacesSpace space;
  PlacesRun(plan, streams, cases, space, run.tally).run();
  run.result = empty_replicate<Places>(plan);
  Places::report(plan, run.tally, run.result.outcomes, run.result.series);
  EXPECT_FALSE(run.ends.twice);
  EXPECT_EQ(static_cast<double>(plan.starting_occupied) + run.tally.started, run.tally.left + run.tally.inside);
  EXPECT_NEAR(run.tally.place_weeks, run.tally.place_weeks_of_stays, 1e-8 * (1 + run.tally.place_weeks));
  return run;
}

TEST(PlacesCases, Given_the_cases_that_routes_draw_they_are_the_same_places) {
  std::size_t started = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    PlacesParameters parameters = any_parameters(seed);
    parameters.deterrence = 0;  // the moments would depend on what is announced
    const PlacesPlan plan(parameters, weeks_from_autumn(40));
    const Streams streams(3, 0, seed);
    const GivenPlaces run = run_given_places(plan, streams, all_referred(plan.demand, streams));
    EXPECT_EQ(bits_of(run.result), bits_of(run_model<Places>(plan, seed, 3)));
    started += run.ends.started.size();
  }
  EXPECT_GT(started, 10000u);
}

TEST(PlacesCases, Who_leaves_at_a_known_moment_is_as_one_who_gives_up_then) {
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    PlacesParameters parameters = any_parameters(seed);
    parameters.deterrence = parameters.starting_backlog = 0;
    parameters.patience = 3;
    const Streams streams(3, 0, seed);
    const PlacesPlan plan(parameters, weeks_from_autumn(40));
    std::vector<Referral> given = all_referred(plan.demand, streams);
    const GivenPlaces expected = run_given_places(plan, streams, given);
    for (Referral& one : given) one.leaves = one.time - 3 * std::log(uniform(one.patience));
    parameters.patience = 0;
    const GivenPlaces run = run_given_places(PlacesPlan(parameters, weeks_from_autumn(40)), streams, given);
    EXPECT_EQ(run.ends.started, expected.ends.started);
    EXPECT_EQ(run.ends.left, expected.ends.left);
    EXPECT_EQ(bits_of(run.result), bits_of(expected.result));
    gone += run.ends.left.size();
  }
  EXPECT_GT(gone, 5000u);
}

TEST(PlacesCases, Agree_with_places_that_given_people_take_one_by_one) {
  // Each in turn takes the place that is free first (Kiefer & Wolfowitz 1955), if they are still there then.
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    PlacesParameters parameters = plain(0, 1 + static_cast<double>(seed % 5), 2);
    parameters.when_full = seed % 4 == 0 ? WhenFull::turned_away : WhenFull::wait;
    const PlacesPlan plan(parameters, weeks_from_autumn(30));
    const Streams streams(7, 0, seed);
    const std::vector<GivenCase> given = any_people(seed, 60, 30, 2);
    Ends expected;
    std::vector<double> free_from(plan.changes.front().all, 0.0);
    for (const GivenCase& each : given) {
      const Referral referral = referral_of(each, streams);
      const auto place = std::min_element(free_from.begin(), free_from.end());
      const double start = std::max(each.time, *place);
      if (plan.when_full == WhenFull::turned_away && start > each.time) {
        expected.leave(referral, each.time);
      } else if (each.leaves < start) {
        expected.leave(referral, each.leaves);
      } else {
        expected.start(referral, start);
        *place = start + plan.stays.stay(start, referral.work, referral.risk).weeks;
      }
    }
    const GivenPlaces run = run_given_places(plan, streams, given);
    EXPECT_EQ(run.ends.started, expected.started);
    EXPECT_EQ(run.ends.left, expected.left);
    EXPECT_EQ(run.ends.started.size() + run.ends.left.size(), given.size());
    gone += run.ends.left.size();
  }
  EXPECT_GT(gone, 1000u);
}

TEST(PlacesCases, Who_leaves_before_a_place_is_free_never_takes_one) {
  // One place, stays of 4 weeks. Who is gone at the very moment at which the place falls free still takes it.
  const std::vector<GivenCase> given{{0.5, 1, 7}, {1, 100, 2}, {2, 4.25, 9}, {2, 8.5, 11}, {30, 31, 4}};
  const PlacesPlan plan(plain(0, 1), weeks_from_autumn(40));
  const GivenPlaces run = run_given_places(plan, Streams(1, 0, 0), given, 4);
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(2, 4.5), Pair(4, 30), Pair(7, 0.5), Pair(11, 8.5)));
  EXPECT_THAT(run.ends.left, ElementsAre(Pair(9, 4.25)));
  EXPECT_EQ(run.result.outcomes.occupied * 40, 16);
  EXPECT_EQ(run.result.outcomes.gave_up, 1.0 / 5);
}

TEST(PlacesCases, The_starting_backlog_comes_first_and_is_asked_too) {
  PlacesParameters parameters = plain(0, 1);
  parameters.starting_backlog = 2;
  const GivenPlaces run =
      run_given_places(PlacesPlan(parameters, weeks_from_autumn(20)), Streams(1, 0, 0), std::vector<GivenCase>{{0}}, 3);
  EXPECT_THAT(run.ends.started, ElementsAre(Pair(0, 6), Pair(own_ids, 0), Pair(own_ids + 1, 3)));
}

}  // namespace
}  // namespace desist
