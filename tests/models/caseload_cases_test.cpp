// The port of the caseload: cases that come at given moments, and leave the line at given ones.
#include <algorithm>
#include <map>

#include <gmock/gmock.h>

#include "models/parts/given_cases.hpp"
#include "tests/models/caseload_helpers.hpp"
#include "tests/models/given_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::Pair;
using End = Diary::Wait::End;

/// Hands on the cases of another source with the moment at which their patience ends, which the service then needs not
/// know.
class WithKnownEnds {
 public:
  WithKnownEnds(CasesReferred& cases, double patience) : cases_(cases), patience_(patience) {}
  void draw_week(std::vector<Referral>& referrals, double announced) {
    cases_.draw_week(referrals, announced);
    for (Referral& one : referrals) one.leaves = one.time - patience_ * std::log(uniform(one.patience));
  }
  CaseloadSupport start(const Referral& referral, double now) const { return cases_.start(referral, now); }
  void leave(const Referral&, double) const {}

 private:
  CasesReferred& cases_;
  double patience_;
};

TEST(CaseloadCases, Who_leaves_at_a_known_moment_is_as_one_who_gives_up_then) {
  std::size_t gone = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CaseloadParameters parameters = any_parameters(seed);
    parameters.starting_backlog = parameters.return_share = 0;  // these have the service's own patience
    parameters.patience = 3;
    const Streams streams(5, 0, seed);
    const Diary expected = diary_of(CaseloadPlan(parameters, window_of(24)), streams).diary;
    parameters.patience = 0;
    const CaseloadPlan plan(parameters, window_of(24));
    CasesReferred referred(plan.demand, plan.support, streams);
    WithKnownEnds cases(referred, 3);
    DiaryTally tally;
    tally.begin(plan);
    CaseloadSpace space;
    CaseloadRun(plan, streams, cases, space, tally).run();
    tally.diary.sort();
    EXPECT_EQ(tally.diary.waits, expected.waits);
    EXPECT_EQ(tally.diary.stays, expected.stays);
    for (const auto& wait : expected.waits) gone += wait.end == End::gave_up ? 1 : 0;
  }
  EXPECT_GT(gone, 1000u);
}

TEST(CaseloadCases, Given_the_cases_that_routes_draw_it_is_the_same_service) {
  std::size_t started = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    CaseloadParameters parameters = any_parameters(seed);
    parameters.deterrence = 0;  // the moments would depend on what is announced
    const CaseloadPlan plan(parameters, window_of(24));
    const Streams streams(5, 0, seed);
    const Diary expected = diary_of(plan, streams).diary;
    const std::vector<Referral> given = all_referred(plan.demand, streams);
    Ends ends;
    CasesGiven cases(
        given, streams,
        [&](const Referral& referral, double start) {
          ends.start(referral, start);
          return support_by_law(plan.support, streams, referral);
        },
        [&](const Referral& referral, double time) { ends.leave(referral, time); });
    DiaryTally tally;
    tally.begin(plan);
    CaseloadSpace space;
    CaseloadRun(plan, streams, cases, space, tally).run();
    tally.diary.sort();
    EXPECT_EQ(tally.diary.waits, expected.waits);
    EXPECT_EQ(tally.diary.stays, expected.stays);
    EXPECT_FALSE(ends.twice);
    const auto still = std::count_if(expected.waits.begin(), expected.waits.end(),
                                     [](const Diary::Wait& wait) { return wait.end == End::still_waits; });
    EXPECT_EQ(ends.started.size() + ends.left.size() + static_cast<std::size_t>(still), expected.waits.size());
    started += ends.started.size();
  }
  EXPECT_GT(started, 5000u);
}

/// A service of given cases, who started when, and who left.
struct GivenRun {
  DiaryTally tally;
  std::map<std::uint64_t, double> starts;
  std::map<std::uint64_t, double> left;
};

GivenRun run_given(const CaseloadServicePlan& plan, const std::vector<GivenCase>& given, double weeks) {
  GivenRun run;
  const Streams streams(1, 0, 0);
  CasesGiven cases(
      given, streams,
      [&](const Referral& referral, double start) {
        EXPECT_TRUE(run.starts.emplace(referral.id, start).second);
        return CaseloadSupport{weeks, false};
      },
      [&](const Referral& referral, double time) { EXPECT_TRUE(run.left.emplace(referral.id, time).second); });
  run.tally.begin(plan);
  CaseloadSpace space;
  CaseloadRun(plan, streams, cases, space, run.tally).run();
  return run;
}

TEST(CaseloadCases, Given_cases_start_when_a_slot_falls_free_unless_they_have_gone) {
  // One slot, supports of 4 weeks. The third is in custody from week 6, the fourth is there until week 9.
  const CaseloadPlan plan(plain(0, 1, 4), window_of(20));
  const GivenRun run = run_given(plan, {{0.5, 1, 7}, {1, 100, 2}, {2, 6, 9}, {2, 9, 11}, {30, 31, 4}}, 4);
  EXPECT_THAT(run.starts, ElementsAre(Pair(2, 4.5), Pair(4, 30), Pair(7, 0.5), Pair(11, 8.5)));
  EXPECT_THAT(run.left, ElementsAre(Pair(9, 6)));
  ASSERT_EQ(run.tally.diary.waits.size(), 5u);
  EXPECT_EQ(run.tally.diary.waits[2], (Diary::Wait{2, 6, End::gave_up}));
}

TEST(CaseloadCases, Who_starts_says_how_long_a_support_takes) {
  // Two slots; support ends with custody in week 3 for who starts before it.
  const CaseloadPlan plan(plain(0, 2, 50), window_of(20));
  std::vector<GivenCase> given;
  for (std::uint64_t i = 0; i < 5; ++i) given.push_back({0.25 * static_cast<double>(i), 1000, i});
  const Streams streams(1, 0, 0);
  CasesGiven cases(given, streams, [](const Referral&, double start) {
    return start < 3 ? CaseloadSupport{3 - start, true} : CaseloadSupport{5, false};
  });
  DiaryTally tally;
  tally.begin(plan);
  CaseloadSpace space;
  CaseloadRun(plan, streams, cases, space, tally).run();
  EXPECT_EQ(tally.dropped_out, 2);
  EXPECT_EQ(tally.completed, 3);
  EXPECT_EQ(tally.client_weeks, 3 + 2.75 + 5 + 5 + 5);
}

TEST(CaseloadCases, The_starting_backlog_comes_first_and_is_asked_too) {
  CaseloadParameters parameters = plain(0, 1, 1);
  parameters.starting_backlog = 2;
  const GivenRun run = run_given(CaseloadPlan(parameters, window_of(20)), {{0, 100, 0}}, 3);
  EXPECT_THAT(run.starts,
              ElementsAre(Pair(0, 6), Pair(std::uint64_t{1} << 62U, 0), Pair(std::uint64_t{1} << 62U | 1, 3)));
}

TEST(CaseloadCases, Refuses_cases_that_cannot_be) {
  const auto problem = [](const std::vector<GivenCase>& given) -> std::string {
    try {
      run_given(CaseloadPlan(plain(0, 1, 4), window_of(4)), given, 1);
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  const std::string out_of_order = "given cases are out of order";
  const std::string cannot_be = "a given case comes before the start or leaves before it comes";
  EXPECT_EQ(problem({{1, 1, 0}, {1, 2, 1}}), "");
  EXPECT_EQ(problem({{1, 2, 1}, {1, 2, 0}}), out_of_order);
  EXPECT_EQ(problem({{1, 2, 1}, {1, 2, 1}}), out_of_order);
  EXPECT_EQ(problem({{2, 3, 0}, {1, 2, 1}}), out_of_order);
  EXPECT_EQ(problem({{-1, 3, 0}}), cannot_be);
  EXPECT_EQ(problem({{1, 0.5, 0}}), cannot_be);
  EXPECT_EQ(problem({{std::nan(""), 3, 0}}), cannot_be);
  EXPECT_EQ(problem({{1, 3, std::uint64_t{1} << 62U}}), cannot_be);
}

}  // namespace
}  // namespace desist
