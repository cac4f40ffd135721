// Cases from elsewhere, for the tests of every service's port.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <tuple>
#include <vector>

#include "models/parts/given_cases.hpp"
#include "tests/models/run_model.hpp"

namespace desist::test {

/// Everybody whom the routes of a plan refer, as a service without deterrence would draw them.
inline std::vector<Referral> all_referred(const DemandPlan& plan, const Streams& streams) {
  std::vector<Referral> all;
  std::vector<Referral> week;
  for (Demand demand(plan, streams); demand.next_week() < plan.weeks();) {
    demand.draw_week(week);
    all.insert(all.end(), week.begin(), week.end());
  }
  return all;
}

/// People who come at random moments of so many weeks, a third of whom leave after a mean of `stay`.
inline std::vector<GivenCase> any_people(std::uint64_t seed, std::size_t number, double weeks, double stay) {
  Stream words = Streams(seed, 0, 0).open(Purpose("any people"), 0);
  std::vector<GivenCase> people;
  for (std::uint64_t id = 0; id < number; ++id) {
    GivenCase one;
    one.id = id;
    one.time = weeks * uniform(words());
    const bool leaves = uniform(words()) < 1.0 / 3;
    const double after = -stay * std::log(uniform(words()));
    if (leaves) one.leaves = one.time + after;
    people.push_back(one);
  }
  std::sort(people.begin(), people.end(),
            [](const GivenCase& a, const GivenCase& b) { return std::tie(a.time, a.id) < std::tie(b.time, b.id); });
  return people;
}

/// Every number that a replicate reports, as bits: missing ones are equal.
struct AllBits {
  std::vector<std::uint64_t> bits;
  void add(double value) { bits.push_back(std::bit_cast<std::uint64_t>(value)); }
  void add(const std::vector<double>& values) {
    for (const double value : values) add(value);
  }
};
template <class T>
struct BitsOf {
  const T& object;
  AllBits& all;
  void outcome(const char*, auto member, const OutcomeOptions& = {}) { all.add(object.*member); }
  void series(const char*, auto member, const SeriesOptions&) { all.add(object.*member); }
};
template <class M>
std::vector<std::uint64_t> bits_of(const Replicate<M>& result) {
  AllBits all;
  BitsOf<typename M::Outcomes> outcomes{result.outcomes, all};
  M::Outcomes::describe(outcomes);
  BitsOf<typename M::Series> series{result.series, all};
  M::Series::describe(series);
  return all.bits;
}

/// How cases ended, by id: nobody ends twice.
struct Ends {
  std::map<std::uint64_t, double> started;
  std::map<std::uint64_t, double> left;
  bool twice = false;
  void start(const Referral& referral, double time) {
    twice = twice || left.count(referral.id) > 0 || !started.emplace(referral.id, time).second;
  }
  void leave(const Referral& referral, double time) {
    twice = twice || started.count(referral.id) > 0 || !left.emplace(referral.id, time).second;
  }
};

}  // namespace desist::test
