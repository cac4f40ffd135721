// A course follows its law: X -> X - min(X, b) 1{X >= a} at sessions, Poisson referrals between them (Neuts 1967),
// against the matrix of that chain, from empty and in the long run; each check first shown to find a fault.
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "models/course.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/models/run_model.hpp"

namespace desist {
namespace {

using namespace test;

struct Bulk {
  double rate = 0;      // referrals a week
  double interval = 1;  // between sessions
  int least = 1, most = 1;
};

constexpr int states = 401;

/// Law of the number waiting just before session n = 1, 2, ... from empty.
struct Chain {
  explicit Chain(const Bulk& bulk) : bulk_(bulk), arrivals_(poisson_weights(bulk.rate * bulk.interval, states)) {
    std::vector<double> empty(states, 0.0);
    empty[0] = 1;
    before = arrived(empty);
  }
  void next() { before = arrived(after()); }
  std::vector<double> after() const {
    std::vector<double> left(states, 0.0);
    for (int x = 0; x < states; ++x)
      left[static_cast<std::size_t>(x < bulk_.least ? x : std::max(0, x - bulk_.most))] +=
          before[static_cast<std::size_t>(x)];
    return left;
  }
  double cancelled() const {
    double chance = 0;
    for (int x = 0; x < bulk_.least; ++x) chance += before[static_cast<std::size_t>(x)];
    return chance;
  }
  std::vector<double> before;

 private:
  std::vector<double> arrived(const std::vector<double>& left) const {
    std::vector<double> law(states, 0.0);
    for (std::size_t x = 0; x < states; ++x)
      for (std::size_t k = 0; x + k < states; ++k) law[x + k] += left[x] * arrivals_[k];
    return law;
  }
  Bulk bulk_;
  std::vector<double> arrivals_;
};

double mean_number(const std::vector<double>& law) {
  double sum = 0;
  for (std::size_t x = 0; x < law.size(); ++x) sum += static_cast<double>(x) * law[x];
  return sum;
}

CourseParameters course_of(const Bulk& bulk) {
  CourseParameters parameters;
  parameters.routes = {"all"};
  parameters.referrals.values = {Steps(bulk.rate)};
  parameters.take_up.values = {Steps(1)};
  parameters.growth.values = {0};
  parameters.courses = Steps(1);
  parameters.session_interval = bulk.interval;
  parameters.smallest_group = bulk.least;
  parameters.largest_group = bulk.most;
  parameters.completion = 0.6;
  parameters.yardstick = 4;
  parameters.wanted_share = 0.95;
  return parameters;
}

/// Over many replicates: left after the last session of the window, half an interval after the last but one, share of
/// sessions cancelled.
struct Found {
  std::vector<double> left, between, cancelled, full;
};
Found run(const Bulk& bulk, int sessions, int replicates) {
  const int weeks = static_cast<int>(bulk.interval) * sessions;
  const CoursePlan plan(course_of(bulk), weeks_from_autumn(weeks));
  Found found;
  for (int r = 0; r < replicates; ++r) {
    const auto result = run_model<Course>(plan, static_cast<std::uint64_t>(r));
    found.left.push_back(result.series.backlog.back());
    found.between.push_back(result.series.backlog[static_cast<std::size_t>(weeks - bulk.interval / 2) - 1]);
    found.cancelled.push_back(result.outcomes.cancelled);
  }
  return found;
}

TEST(CourseLaw, Steady_state_of_bulk_service_by_roots) {
  std::ifstream file(DESIST_TEST_DATA "/reference/11_queues/expected.json");
  const auto rows = nlohmann::json::parse(file).at("bulk_fixed_epochs");
  ASSERT_EQ(rows.size(), 3u);
  for (const auto& row : rows) {
    const Bulk bulk{row.at("lambda"), row.at("T"), 1, row.at("b")};
    SCOPED_TRACE(bulk.rate);
    Chain chain(bulk);
    const int sessions = bulk.most == 1 ? 2000 : 200;  // load .9 forgets in (1 - sqrt(.9))^-2 = 380 sessions
    for (int n = 1; n < sessions; ++n) chain.next();
    EXPECT_NEAR(mean_number(chain.before), row.at("mean_before_epoch").get<double>(), bulk.most == 1 ? 1e-3 : 1e-8);
    EXPECT_NEAR(mean_number(chain.after()), row.at("mean_after_epoch").get<double>(), bulk.most == 1 ? 1e-3 : 1e-8);
    if (bulk.most == 1) continue;  // 2,000 sessions a replicate are too many to simulate; the other two forget sooner
    EXPECT_NEAR(chain.after()[0], row.at("p_all_served").get<double>(), 1e-8);
    // sd of what is left below 4, of the number between below 4.5: 20,000 replicates find 0.25.
    const Found found = run(bulk, 60, 20000);  // the mean differs from the steady state's by less than 1e-6
    EXPECT_TRUE(agrees(found.left, row.at("mean_after_epoch").get<double>())) << mean_of(found.left).value;
    EXPECT_TRUE(agrees(found.between, row.at("mean_time_average").get<double>())) << mean_of(found.between).value;
    Bulk wrong = bulk;
    wrong.rate *= 1.06;
    EXPECT_FALSE(agrees(run(wrong, 60, 20000).left, row.at("mean_after_epoch").get<double>()));
  }
}

TEST(CourseLaw, Smallest_group_cancels_as_the_matrix_says) {
  for (const Bulk& bulk : {Bulk{2, 2, 3, 6}, Bulk{0.5, 4, 4, 8}, Bulk{5, 2, 9, 10}}) {
    SCOPED_TRACE(bulk.rate);
    constexpr int sessions = 12;
    Chain chain(bulk);
    double cancelled = chain.cancelled();
    for (int n = 1; n < sessions; ++n) {
      chain.next();
      cancelled += chain.cancelled();
    }
    const Found found = run(bulk, sessions, 20000);  // sd of the share below 0.15: finds 0.009
    EXPECT_TRUE(agrees(found.cancelled, cancelled / sessions)) << mean_of(found.cancelled).value;
    EXPECT_TRUE(agrees(found.left, mean_number(chain.after()))) << mean_of(found.left).value;
    Bulk wrong = bulk;
    wrong.least += 1;
    EXPECT_FALSE(agrees(run(wrong, sessions, 20000).cancelled, cancelled / sessions));
  }
}

TEST(CourseLaw, No_shows_and_completion) {
  // Everybody is booked on the next session: a group is Poisson, thinned by those who don't come.
  CourseParameters parameters = course_of({10, 1, 1, 1000});
  parameters.no_show = 0.3;
  const CoursePlan plan(parameters, weeks_from_autumn(50));
  std::vector<double> group;
  std::vector<double> gave_up;
  std::vector<double> completed;
  for (std::uint64_t r = 0; r < 4000; ++r) {
    const auto outcomes = run_model<Course>(plan, r).outcomes;
    group.push_back(outcomes.group_size);
    gave_up.push_back(outcomes.gave_up);
    completed.push_back(outcomes.completions_a_year / weeks_per_year);
  }
  EXPECT_TRUE(agrees(group, 7)) << mean_of(group).value;  // sd 0.37: finds 0.05
  EXPECT_TRUE(agrees(gave_up, 0.3)) << mean_of(gave_up).value;
  EXPECT_TRUE(agrees(completed, 4.2)) << mean_of(completed).value;
  EXPECT_FALSE(agrees(completed, 4.26));
  // Booked again until they come, everybody comes: after a geometric number of sessions.
  parameters.rebooked = 1;
  const CoursePlan again(parameters, weeks_from_autumn(50));
  std::vector<double> wait;
  for (std::uint64_t r = 0; r < 4000; ++r) wait.push_back(run_model<Course>(again, r).series.wait_by_referral[10]);
  EXPECT_TRUE(agrees(wait, 0.5 + 0.3 / 0.7)) << mean_of(wait).value;  // sd 0.25: finds 0.03
}

TEST(CourseLaw, Who_cannot_be_placed_in_time_lapses) {
  // A session every four weeks with room for all, and three weeks to come to it: the first quarter of referrals lapse.
  CourseParameters parameters = course_of({20, 4, 1, 1000});
  parameters.eligible_for = 3;
  const CoursePlan plan(parameters, weeks_from_autumn(40));
  std::vector<double> lapsed;
  for (std::uint64_t r = 0; r < 2000; ++r) lapsed.push_back(run_model<Course>(plan, r).outcomes.lapsed);
  EXPECT_TRUE(agrees(lapsed, 0.25)) << mean_of(lapsed).value;  // sd 0.015: finds 0.003
  EXPECT_FALSE(agrees(lapsed, 0.255));
  // With a week's notice those of the last week must wait for the next session, and lapse as well.
  parameters.notice = 1;
  const CoursePlan late(parameters, weeks_from_autumn(40));
  lapsed.clear();
  for (std::uint64_t r = 0; r < 2000; ++r) lapsed.push_back(run_model<Course>(late, r).outcomes.lapsed);
  EXPECT_TRUE(agrees(lapsed, 0.5)) << mean_of(lapsed).value;
}

}  // namespace
}  // namespace desist
