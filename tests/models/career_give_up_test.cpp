// A run that is asked to stop gives up in the midst of one huge replicate, and nothing of it is left behind.
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "engine/core/give_up.hpp"
#include "tests/models/cohort_caseload_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// How long it goes on after it was asked, which is in its midst.
template <class Replicate>
Clock::duration goes_on_for(const Replicate& replicate) {
  StopFlag stop{false};
  const GivesUpOn asked(&stop);
  Clock::time_point when;
  std::jthread asks([&] {
    std::this_thread::sleep_for(50ms);
    when = Clock::now();
    stop = true;
  });
  EXPECT_THROW(replicate(), GivenUp);
  const auto ended = Clock::now();
  asks.join();
  return ended - when;
}

// Ten million people take half a minute, a thousand some milliseconds: within five seconds however busy the machine.
TEST(CareerGiveUp, AmidOneReplicateOfACohort) {
  CohortParameters p = plain_cohort(200, 4);
  p.rate_shape = 1;
  const CohortPlan few(p, weeks_from_january(104));
  p.people = 10'000'000;
  const CohortPlan many(p, weeks_from_january(104));
  const double before = run(few, 0).outcomes.offences;
  EXPECT_LT(goes_on_for([&] { run(many, 0); }), 5s);
  EXPECT_EQ(run(few, 0).outcomes.offences, before);
}

TEST(CareerGiveUp, WhileAListIsChosen) {
  CohortParameters p = plain_cohort(100, 4);
  p.entry = Entry::list;
  p.before = 52;
  p.list_of = 10'000'000;
  const CohortPlan plan(p, weeks_from_january(104));
  EXPECT_LT(goes_on_for([&] { run(plan, 0); }), 5s);
}

TEST(CareerGiveUp, AmidACohortAtAService) {
  const CohortCaseloadPlan plan(plain_joined(5'000'000, 4, 100, 10), weeks_from_january(104));
  EXPECT_LT(goes_on_for([&] { run(plan, 0); }), 5s);
}

}  // namespace
}  // namespace desist
