// Demand: cases referred by routes whose rates are uncertain and change in time (mathematics.md 5.1, 5.4).
//
// What it computes and what it leaves out: docs/models/demand.md.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/limits.hpp"
#include "engine/random/counts.hpp"
#include "engine/random/stream.hpp"
#include "engine/simulation/profile.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Who is referred, and when. Simulated time is in weeks.
struct DemandParameters {
  std::vector<std::string> routes;
  ByItem<Steps> referrals;
  ByItem<Steps> take_up;
  ByItem<double> growth;
  std::vector<double> season;
  std::vector<double> weekdays;
  double overdispersion = 0;
  double deterrence = 0;

  static void describe(auto& v) {
    using P = DemandParameters;
    v.items("routes", &P::routes, {.unit = "route", .help = "Where cases are referred from."});
    v.number("referrals", &P::referrals,
             {.unit = "case/week", .range = {0, 1e5}, .over = "routes", .help = "Cases referred by each route."});
    v.number("take_up", &P::take_up,
             {.unit = "share",
              .range = {0, 1},
              .off = 1,
              .over = "routes",
              .help = "Of the cases referred by a route, the share that takes it up; the others never wait."});
    v.number("growth", &P::growth,
             {.unit = "share/year",
              .range = {-0.9, 9},
              .off = 0,
              .over = "routes",
              .help = "Change in referrals over a year, compounded from the start."});
    v.shares(
        "season", &P::season,
        {.may_be_absent = true,
         .help = "Shares of a year's referrals by calendar month, January first; without them every month is alike "
                 "for its length."});
    v.shares("weekdays", &P::weekdays,
             {.may_be_absent = true,
              .help = "Shares of a week's referrals by day, Monday first; without them every day is alike."});
    v.number(
        "overdispersion", &P::overdispersion,
        {.unit = "1",
         .range = {0, 10},
         .off = 0,
         .help = "Variance of the weekly gamma factor of mean 1 by which a route's referrals vary beyond chance."});
    v.number("deterrence", &P::deterrence,
             {.unit = "1/week",
              .range = {0, 5},
              .off = 0,
              .help = "For each week of the wait announced last week, referrals are multiplied by exp(-deterrence)."});
  }
};

/// One case that was referred (a person, a review, a dog): the moment, and random words of its own that no arm can
/// change.
///
/// `id` names the case in streams: route, week and index within the week (mathematics.md 0.4).
struct Referral {
  double time = 0;
  std::uint64_t id = 0;
  std::uint64_t risk = 0;      // who goes first where risk decides
  std::uint64_t work = 0;      // how much it needs
  std::uint64_t patience = 0;  // how long it waits before it gives up
  double leaves = infinity;    // when it is gone from a caseload's line in any case
  std::uint32_t route = 0;
};

/// The rates of one draw and arm, bound.
///
/// The rate is integrated over each week exactly: changes on a day of the week, months that end in it, weekdays,
/// growth.
class DemandPlan {
 public:
  /// `weeks`: how many weeks of demand may be asked for. Throws std::invalid_argument for a season that has not 12
  /// shares, weekdays that have not 7, shares that don't add up to 1, or more referrals than can be told apart.
  DemandPlan(const DemandParameters& parameters, const Window& window, int weeks);

  /// Expected number of cases that take a referral up in a week, all routes, at an announced wait in weeks.
  double mean(int week, double announced_wait = 0) const;
  int weeks() const { return weeks_; }

 private:
  friend class Demand;
  /// How the cases of a week spread over it: evenly between `ends`, with the cumulative shares `upto`.
  struct Spread {
    std::vector<double> ends;
    std::vector<double> upto;
    void make_whole();              // the shares of what they add up to
    double moment(double u) const;  // of the week, in (0, 1)
  };
  std::size_t cell(std::size_t route, int week) const {
    return route * static_cast<std::size_t>(weeks_) + static_cast<std::size_t>(week);
  }
  static Spread even_week(const DemandParameters& parameters, const Window& window);
  void add_week(const DemandParameters& parameters, const Window& window, std::size_t route, int week);
  void add_tables();

  std::size_t routes_ = 0;
  int weeks_ = 0;
  double size_ = 0;  // 1 / overdispersion; 0: Poisson
  double deterrence_ = 0;
  std::vector<double> means_;             // by route and week
  std::vector<std::uint32_t> spread_of_;  // by route and week
  std::vector<Spread> spreads_;           // the first: of a week in which nothing changes
  std::vector<std::uint32_t> tables_of_;  // by route and week, or no_table; empty with deterrence or overdispersion
  std::vector<PoissonTable> tables_;
};

/// The referrals of one replicate, drawn week by week.
///
/// The number of a route's week comes from one word by inversion, so arms with other rates stay coupled; the i-th
/// case of a route's week has words i of that week's stream: one more case moves no other.
/// Verified by: demand_test.
class Demand {
 public:
  Demand(const DemandPlan& plan, const Streams& streams);

  /// Replaces `week_referrals` by the cases of the next week, in order of (time, id).
  void draw_week(std::vector<Referral>& week_referrals, double announced_wait = 0);
  int next_week() const { return week_; }

 private:
  const DemandPlan& plan_;
  Streams streams_;
  std::vector<Stream> numbers_;  // by route
  int week_ = 0;
  struct Place {
    double time;
    std::uint32_t index;
  };
  std::vector<Referral> drawn_;  // of the week, as they were drawn
  std::vector<Place> places_;    // of these in order of time
  std::vector<std::uint32_t> first_of_bucket_;
  void sort_into(std::vector<Referral>& week_referrals, int week);
};

}  // namespace desist
