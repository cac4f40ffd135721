// Places keep their books: what must hold in every replicate, whatever the numbers.
#include "models/places.hpp"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "tests/models/places_helpers.hpp"
#include "tests/models/run_model.hpp"

namespace desist {
namespace {

using namespace test;
using WhenFull = PlacesParameters::WhenFull;

TEST(Places, Who_comes_in_goes_out_or_is_inside) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE(seed);
    const PlacesPlan plan(any_parameters(seed), weeks_from_autumn(40));
    PlacesTally tally;
    run_places(plan, Streams(3, 0, seed), tally);
    EXPECT_EQ(static_cast<double>(plan.starting_occupied) + tally.started, tally.left + tally.inside);
    EXPECT_NEAR(tally.place_weeks, tally.place_weeks_of_stays, 1e-8 * (1 + tally.place_weeks));
    std::size_t most = plan.starting_occupied;
    for (const PlacesPlan::Change& each : plan.changes) most = std::max(most, each.all);
    EXPECT_LE(tally.peak, static_cast<double>(most));
    EXPECT_LE(tally.turned_away, tally.referred);
    double cost = 0;
    for (const double week : tally.cost) cost += week;
    EXPECT_NEAR(cost, tally.fixed_cost + tally.bought_cost, 1e-6 * (1 + cost));

    const auto result = run_model<Places>(plan, seed, 3);
    const Places::Outcomes& outcomes = result.outcomes;
    EXPECT_NEAR(outcomes.seen_a_week * 40, tally.started, 1e-9);
    EXPECT_NEAR(outcomes.cost_a_year, cost * weeks_per_year / 40, 1e-6 * (1 + cost));
    if (tally.referred > 0) {
      EXPECT_GE(outcomes.gave_up, 0);
      EXPECT_LE(outcomes.gave_up + outcomes.turned_away, 1 + 1e-12);
    }
    if (plan.when_full == WhenFull::turned_away) {
      EXPECT_EQ(outcomes.backlog_end, 0);
    }
  }
}

/// The same service by another way: each case in turn takes the place that is free first (Kiefer & Wolfowitz 1955).
struct Naive {
  double seen = 0, waited = 0, gave_up = 0, referred = 0, place_weeks = 0;
};
Naive naive(const PlacesPlan& plan, const Streams& streams) {
  Naive sums;
  const double end = plan.waiting.end;
  std::vector<double> free_from(plan.changes.front().all, 0.0);
  for (std::size_t i = 0; i < plan.starting_occupied; ++i) {
    const Words delay = streams.words(Purpose("delayed at the start"), i);
    free_from[i] = plan.stays.left_at_start(streams.words(Purpose("stays at the start"), i), delay[0]).weeks;
    sums.place_weeks += std::min(end, free_from[i]);
  }
  Demand demand(plan.demand, streams);
  std::vector<Referral> week;
  for (int w = 0; w < plan.demand.weeks(); ++w) {
    demand.draw_week(week);
    for (const Referral& each : week) {
      const auto place = std::min_element(free_from.begin(), free_from.end());
      const double start = std::max(each.time, *place);
      const double gives_up = each.time - plan.patience * std::log(uniform(each.patience));
      const bool stays = plan.patience == 0 || start < gives_up;
      if (each.time < end) {
        sums.referred += 1;
        sums.gave_up += !stays;
        sums.seen += stays;
        sums.waited += stays ? start - each.time : 0;
      }
      if (!stays) continue;
      *place = start + plan.stays.stay(start, each.work, each.risk).weeks;
      sums.place_weeks += std::max(0.0, std::min(end, *place) - std::min(end, start));
    }
  }
  return sums;
}

TEST(Places, Agree_with_places_that_are_taken_one_by_one) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    PlacesParameters parameters = any_parameters(seed);
    parameters.when_full = WhenFull::wait;
    parameters.starting_backlog = 0;
    parameters.deterrence = 0;
    parameters.fixed_places = Steps(5 + static_cast<double>(seed % 20));
    parameters.bought_places = Steps(0);
    parameters.starting_occupied = 5;
    // Nobody waits longer than the run goes on.
    parameters.referrals.values = {Steps(std::min(6.0, parameters.referrals[0].at(0)))};
    parameters.stay_mean = std::min(4.0, parameters.stay_mean);
    parameters.delayed_stay = 10;
    const PlacesPlan plan(parameters, weeks_from_autumn(40));
    const auto result = run_model<Places>(plan, seed, 5);
    const Naive expected = naive(plan, Streams(5, 0, seed));
    if (expected.seen > 0) {
      EXPECT_NEAR(result.outcomes.mean_wait, expected.waited / expected.seen, 1e-9);
    }
    if (expected.referred > 0) {
      EXPECT_NEAR(result.outcomes.gave_up, expected.gave_up / expected.referred, 1e-12);
    }
    EXPECT_NEAR(result.outcomes.occupied * 40, expected.place_weeks, 1e-7);
  }
}

TEST(Places, Equal_arms_are_equal_to_the_bit_and_a_longer_window_moves_nothing) {
  const PlacesParameters parameters = any_parameters(11);
  const auto a = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(30)), 2);
  const auto b = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(30)), 2);
  const auto longer = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(60)), 2);
  EXPECT_EQ(a.series.occupied, b.series.occupied);
  EXPECT_EQ(a.outcomes.cost_a_year, b.outcomes.cost_a_year);
  EXPECT_TRUE(std::equal(a.series.occupied.begin(), a.series.occupied.end(), longer.series.occupied.begin()));
  EXPECT_TRUE(std::equal(a.series.cost.begin(), a.series.cost.end(), longer.series.cost.begin()));
}

TEST(Places, Another_route_moves_nobody_where_there_is_room) {
  PlacesParameters parameters = plain(3, 1000, 6);
  const auto one = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(30)), 2);
  parameters.routes = {"all", "none"};
  parameters.referrals.values = {Steps(3), Steps(0)};
  parameters.take_up.values = {Steps(1), Steps(1)};
  parameters.growth.values = {0, 0};
  const auto two = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(30)), 2);
  EXPECT_EQ(one.series.occupied, two.series.occupied);
}

TEST(Places, Empty_full_and_endless) {
  // Nobody comes.
  auto result = run_model<Places>(PlacesPlan(plain(0, 10), weeks_from_autumn(10)), 0);
  EXPECT_EQ(result.outcomes.occupied, 0);
  EXPECT_TRUE(std::isnan(result.outcomes.turned_away));
  EXPECT_TRUE(std::isnan(result.outcomes.mean_wait));
  EXPECT_TRUE(std::isnan(result.outcomes.delayed_share));
  EXPECT_EQ(result.outcomes.fixed_enough, 1);
  // No place: everybody waits for ever, or is turned away.
  result = run_model<Places>(PlacesPlan(plain(5, 0), weeks_from_autumn(10)), 0);
  EXPECT_EQ(result.outcomes.occupied_most, 0);
  EXPECT_EQ(result.outcomes.share_in_time, 0);
  EXPECT_GT(result.outcomes.mean_wait, weeks_of_following);
  EXPECT_TRUE(std::isinf(result.outcomes.weeks_until_in_time));
  PlacesParameters parameters = plain(5, 0);
  parameters.when_full = WhenFull::turned_away;
  result = run_model<Places>(PlacesPlan(parameters, weeks_from_autumn(10)), 0);
  EXPECT_EQ(result.outcomes.turned_away, 1);
  EXPECT_EQ(result.outcomes.gave_up, 0);
  EXPECT_EQ(result.outcomes.backlog_end, 0);
  // Stays without length never fill a place for any time.
  result = run_model<Places>(PlacesPlan(plain(5, 1, 0), weeks_from_autumn(10)), 0);
  EXPECT_EQ(result.outcomes.occupied, 0);
  EXPECT_EQ(result.outcomes.mean_wait, 0);
  // Places that close: those inside stay to the end of theirs, at the price of a bought place.
  parameters = plain(0, 0, 520);
  parameters.stay_spread = 0;
  parameters.starting_occupied = 12;
  parameters.fixed_places = Steps({{0, 12}, {5, 0}});
  parameters.fixed_price = Steps(100);
  parameters.bought_price = Steps(300);
  const PlacesPlan closing(parameters, weeks_from_autumn(10));
  result = run_model<Places>(closing, 0);
  EXPECT_GT(result.outcomes.bought_cost_a_year, 0);
  EXPECT_NEAR(result.outcomes.weeks_over_fixed, 5, 1e-9);
  EXPECT_EQ(result.series.cost.front(), 1200);
  EXPECT_EQ(result.outcomes.fixed_enough, 0);
}

TEST(Places, More_places_never_make_anybody_wait_longer) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    SCOPED_TRACE(seed);
    double before = HUGE_VAL;
    for (const double places : {4.0, 8.0, 12.0, 30.0}) {
      const auto result = run_model<Places>(PlacesPlan(plain(5, places, 2), weeks_from_autumn(20)), seed);
      EXPECT_LE(result.outcomes.mean_wait, before + 1e-12);
      before = result.outcomes.mean_wait;
    }
    EXPECT_EQ(before, 0);
  }
}

TEST(Places, Impossible_combinations_are_refused_in_words) {
  const auto refusal = [](const PlacesParameters& parameters) {
    try {
      const PlacesPlan plan(parameters, weeks_from_autumn(10));
      return std::string();
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
  };
  PlacesParameters parameters = plain(1, 1);
  parameters.when_full = WhenFull::turned_away;
  parameters.starting_backlog = 3;
  EXPECT_EQ(refusal(parameters), "starting_backlog is above 0, but with when_full = \"turned away\" nobody waits");
  parameters = plain(1, 1);
  parameters.delayed = 0.1;
  EXPECT_EQ(refusal(parameters), "delayed is above 0: delayed_stay must say how long those stays are");
}

}  // namespace
}  // namespace desist
