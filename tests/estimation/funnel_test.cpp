// A funnel's shares, changes and audit, from counts: the printed ones of Offending to Recovery and of CARS.
#include "engine/estimation/funnel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/statistics/proportion.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/risk_difference.hpp"

namespace desist {
namespace {

using Way = FunnelStep::Way;

FunnelStep step(const std::string& name, const std::string& of, std::vector<std::int64_t> counts, Way way = Way::on,
                bool adds_up = false) {
  FunnelStep made;
  made.name = made.label = name;
  made.of = of;
  made.counts = std::move(counts);
  made.way = way;
  made.adds_up = adds_up;
  return made;
}

/// The panel's paper of January 2024, paragraph 13.
Funnel pilot() {
  Funnel funnel;
  funnel.columns = {{}};
  funnel.steps = {step("tracked", "", {60}, Way::on, true), step("inactive", "tracked", {27}, Way::out),
                  step("active", "tracked", {33}),          step("rehab", "active", {27}, Way::on, true),
                  step("still", "rehab", {3}, Way::open),   step("early", "rehab", {20}, Way::out),
                  step("completed", "rehab", {4})};
  return funnel;
}

/// Figures 3 and 4: two years counted alike, and a quarter counted otherwise.
Funnel cars() {
  Funnel funnel;
  funnel.counted = "contacts";
  funnel.columns = {{"2021/22", "Figure 3", {}, ""},   {"2022/23", "Figure 3", {"Q1", "Q2", "Q3", "Q4"}, "2021/22"},
                    {"Q1", "Figure 3", {}, ""},        {"Q2", "Figure 3", {}, ""},
                    {"Q3", "Figure 3", {}, ""},        {"Q4", "Figure 3", {}, "Q1"},
                    {"2023/24 Q1", "Figure 4", {}, ""}};
  funnel.steps = {step("contacts", "", {13874, 16599, 4306, 4373, 3757, 4163, 4222}, Way::on, true),
                  step("no further", "contacts", {10605, 12077, 3182, 3264, 2643, 2988, 3022}, Way::out),
                  step("assessed", "contacts", {3269, 4521, 1124, 1109, 1114, 1174, 1010}),
                  step("referred", "", {1723, 1828, 555, 467, 465, 341, 501})};
  funnel.steps.back().per = "assessed";
  return funnel;
}

TEST(Funnel, A_share_is_of_those_whose_stay_had_ended) {
  const FunnelResult result = evaluate(pilot());
  const FunnelShare& completed = *result.share(6, 0);
  EXPECT_EQ(completed.count, 4);
  EXPECT_EQ(completed.of, 24);
  EXPECT_EQ(completed.open, 3);
  EXPECT_NEAR(completed.interval.low, 0.0589941, 1e-6);  // Beta(4.5, 20.5) by quadrature
  EXPECT_NEAR(completed.interval.high, 0.3490877, 1e-6);
  EXPECT_NEAR(completed.exact.low, 0.0473536, 1e-6);
  EXPECT_NEAR(completed.exact.high, 0.3738417, 1e-6);
  EXPECT_DOUBLE_EQ(completed.if_open.low, 4.0 / 27);
  EXPECT_DOUBLE_EQ(completed.if_open.high, 7.0 / 27);
  EXPECT_EQ(result.share(5, 0)->of, 24);
  EXPECT_DOUBLE_EQ(result.share(5, 0)->value + completed.value, 1);
  // The three themselves are a share of all.
  EXPECT_EQ(result.share(4, 0)->of, 27);
  EXPECT_EQ(result.share(4, 0)->open, 0);
  EXPECT_EQ(result.share(0, 0), nullptr);  // the widest is of nothing
  EXPECT_TRUE(result.changes.empty());
}

TEST(Funnel, Parts_are_added_up_where_they_should) {
  const FunnelResult result = evaluate(pilot());
  ASSERT_EQ(result.audit.size(), 2U);
  for (const AuditFinding& each : result.audit) EXPECT_EQ(each.verdict, AuditVerdict::reproduced);
  EXPECT_EQ(result.audit[0].arithmetic, "27 + 33 = 60");
  EXPECT_EQ(result.audit[1].arithmetic, "3 + 20 + 4 = 27");

  Funnel wrong = pilot();
  wrong.steps[2].counts = {36};
  const AuditFinding more = evaluate(wrong).audit.at(0);
  EXPECT_EQ(more.verdict, AuditVerdict::cannot_be_reproduced);
  EXPECT_EQ(more.note, "3 too many");
  // A part that is more than its whole is found without being asked for, and has no share.
  Funnel larger = pilot();
  larger.steps[3].counts = {40};
  const FunnelResult found = evaluate(larger);
  EXPECT_EQ(found.audit.at(1).subject, "rehab within active");
  EXPECT_EQ(found.audit.at(1).note, "7 too many");
  EXPECT_EQ(found.share(3, 0), nullptr);
}

TEST(Funnel, Columns_are_held_against_their_sums) {
  std::vector<std::string> wrong;
  const FunnelResult result = evaluate(cars());
  for (const AuditFinding& each : result.audit)
    if (each.verdict != AuditVerdict::reproduced)
      wrong.push_back(each.subject + ": " + each.arithmetic + ", printed " + each.printed + ", " + each.note);
  EXPECT_THAT(
      wrong,
      testing::ElementsAre(
          "contacts = no further + assessed, 2022/23: 12,077 + 4,521 = 16,598, printed 16,599, 1 in none of them",
          "contacts = no further + assessed, Q4: 2,988 + 1,174 = 4,162, printed 4,163, 1 in none of them",
          "contacts = no further + assessed, 2023/24 Q1: 3,022 + 1,010 = 4,032, printed 4,222, 190 in none of "
          "them"));
  EXPECT_EQ(result.audit.size(), 7U + 4U);  // a sum a column; four steps of a year against its quarters
  EXPECT_EQ(cars().whole_columns(), (std::vector<std::size_t>{0, 1, 6}));
}

TEST(Funnel, Columns_that_are_counted_alike_are_compared) {
  const FunnelResult result = evaluate(cars());
  const FunnelChange& assessed = *result.change(2, 1);
  const statistics::TwoByTwo table{4521, 16599, 3269, 13874};
  EXPECT_DOUBLE_EQ(assessed.value, statistics::risk_difference(table));
  EXPECT_DOUBLE_EQ(assessed.interval.low, statistics::miettinen_nurminen_difference(table).low);
  EXPECT_NEAR(assessed.growth, 4521.0 / 3269 - 1, 1e-15);
  // Counted for each: a ratio of ratios.
  const FunnelChange& referred = *result.change(3, 1);
  EXPECT_FALSE(referred.is_part);
  EXPECT_DOUBLE_EQ(referred.value, (1828.0 / 4521) / (1723.0 / 3269));
  const statistics::RatePair pair{{1828, 4521}, {1723, 3269}};
  EXPECT_DOUBLE_EQ(referred.interval.high, statistics::exact_rate_ratio(pair).high);
  EXPECT_EQ(result.change(2, 6), nullptr);  // compared with nothing
}

TEST(Funnel, What_is_counted_for_each_may_exceed_it) {
  Funnel funnel = cars();
  funnel.steps[3].counts[0] = 5000;
  const FunnelShare share = *evaluate(funnel).share(3, 0);
  EXPECT_FALSE(share.is_part);
  EXPECT_DOUBLE_EQ(share.value, 5000.0 / 3269);
  const Interval limits = statistics::exact_rate({5000, 3269});
  EXPECT_DOUBLE_EQ(share.interval.low, limits.low);
  EXPECT_DOUBLE_EQ(share.exact.high, limits.high);
}

TEST(Funnel, Of_nobody_there_is_no_share) {
  Funnel funnel = pilot();
  for (FunnelStep& each : funnel.steps) each.counts = {0};
  const FunnelResult result = evaluate(funnel);
  EXPECT_TRUE(result.shares.empty());
  EXPECT_EQ(result.audit.size(), 2U);
  // All still there: nothing has ended that a share could be of.
  Funnel open = pilot();
  open.steps[4].counts = {27};
  open.steps[5].counts = open.steps[6].counts = {0};
  const FunnelResult waiting = evaluate(open);
  EXPECT_EQ(waiting.share(6, 0), nullptr);
  EXPECT_DOUBLE_EQ(waiting.share(4, 0)->value, 1);
}

}  // namespace
}  // namespace desist
