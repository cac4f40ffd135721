// Who is in which group, and who is matched to whom.
#include "engine/trial/assignment.hpp"

#include <algorithm>

#include <gmock/gmock.h>

#include "tests/trial/count_model.hpp"

namespace desist {
namespace {

using ::testing::ElementsAre;

std::size_t treated_of(const std::vector<TrialMember>& members, std::size_t first, std::size_t last) {
  return static_cast<std::size_t>(std::count_if(members.begin() + static_cast<std::ptrdiff_t>(first),
                                                members.begin() + static_cast<std::ptrdiff_t>(last),
                                                [](const TrialMember& m) { return m.treated; }));
}

TEST(Assignment, One_member_more_moves_nobody) {
  for (const Assignment how : {Assignment::individually, Assignment::in_blocks, Assignment::by_cluster,
                               Assignment::stepped_wedge, Assignment::before_and_after}) {
    TrialDesign design = test::design({40}, {});
    design.assignment = how;
    design.block = 6;
    design.cluster_size = 6;
    design.cluster_sd = 0.3;
    design.steps = 2;
    design.crossover = 0.2;
    const Streams streams(1, 0, 7);
    const auto few = assign(design, streams, 37), many = assign(design, streams, 60);
    for (std::size_t i = 0; i < few.size(); ++i) {
      EXPECT_EQ(few[i].treated, many[i].treated) << i;
      EXPECT_EQ(few[i].given, many[i].given) << i;
      EXPECT_EQ(few[i].rate_factor, many[i].rate_factor) << i;
    }
  }
}

TEST(Assignment, Blocks_hold_their_share) {
  TrialDesign design = test::design({60}, {});
  design.block = 6;
  design.share_treated = 1 / 3.0;
  for (std::uint64_t r = 0; r < 20; ++r) {
    const auto members = assign(design, Streams(1, 0, r), 60);
    for (std::size_t first = 0; first < 60; first += 6) EXPECT_EQ(treated_of(members, first, first + 6), 2U);
  }
}

TEST(Assignment, Clusters_go_in_pairs_and_whole) {
  TrialDesign design = test::design({80}, {});
  design.assignment = Assignment::by_cluster;
  design.cluster_size = 10;
  const auto members = assign(design, Streams(1, 0, 3), 80);
  for (std::size_t first = 0; first < 80; first += 10)
    EXPECT_THAT(treated_of(members, first, first + 10), ::testing::AnyOf(0U, 10U));
  for (std::size_t pair = 0; pair < 80; pair += 20) EXPECT_EQ(treated_of(members, pair, pair + 20), 10U);
}

TEST(Assignment, Clusters_of_a_wedge_begin_one_after_the_other) {
  TrialDesign design = test::design({72}, {});
  design.assignment = Assignment::stepped_wedge;
  design.cluster_size = 12;
  design.steps = 3;
  const auto members = assign(design, Streams(1, 0, 3), 36);
  std::vector<std::size_t> treated;
  for (std::size_t cluster = 0; cluster < 3; ++cluster) {
    treated.push_back(treated_of(members, cluster * 12, cluster * 12 + 12));
    for (std::size_t i = 1; i < 12; ++i) {  // nobody is treated before, nor untreated after
      const TrialMember &before = members[cluster * 12 + i - 1], &now = members[cluster * 12 + i];
      EXPECT_GE(now.treated, before.treated);
      EXPECT_EQ(now.period, static_cast<int>(i * 4 / 12));
    }
  }
  std::sort(treated.begin(), treated.end());
  EXPECT_THAT(treated, ElementsAre(3U, 6U, 9U));
}

/// How many of 100,000 members are lost.
std::size_t lost_of(const TrialDesign& design, bool treated, bool offends) {
  const Streams streams(3, 0, 1);
  std::size_t lost = 0;
  for (std::size_t i = 0; i < 100000; ++i) {
    TrialMember member;
    member.number = i;
    member.treated = treated;
    lost += lost_at(design, streams, member, offends) < 1 ? 1 : 0;
  }
  return lost;
}

// Binomial, 4.9 standard errors (one false alarm in a million): a share that is wrong by 0.005 is found.
TEST(Assignment, A_loss_may_hang_on_what_people_do) {
  TrialDesign design = test::design({10}, {});
  design.lost_control = 0.05;
  design.lost_treated = 0.1;
  design.lost_control_if_offended = 0.2;
  design.lost_treated_if_offended = 0.15;
  const auto agrees = [](std::size_t lost, double share) {
    return std::abs(static_cast<double>(lost) - 1e5 * share) <= 4.9 * std::sqrt(1e5 * share * (1 - share));
  };
  EXPECT_TRUE(agrees(lost_of(design, false, false), 0.05));
  EXPECT_TRUE(agrees(lost_of(design, false, true), 0.2));
  EXPECT_TRUE(agrees(lost_of(design, true, false), 0.1));
  EXPECT_TRUE(agrees(lost_of(design, true, true), 0.15));
  EXPECT_FALSE(agrees(lost_of(design, false, true), 0.205));
  // Of whom nothing else is said, the same are lost whatever they do; nobody, where nobody is.
  design.lost_control_if_offended.reset();
  EXPECT_EQ(lost_of(design, false, true), lost_of(design, false, false));
  design.lost_treated = 0;
  EXPECT_EQ(lost_of(design, true, false), 0U);
  EXPECT_TRUE(design.loses_anybody());
}

TEST(Assignment, nearest_one_to_one) {
  const std::vector<Matchable> pool{{0, 30}, {2, 40}, {2, 20}, {5, 25}, {2, 41}};
  EXPECT_THAT(nearest_one_to_one({{2, 42}, {2, 42}, {2, 42}, {4, 0}, {9, 9}}, pool, true, true),
              ElementsAre(4, 1, 2, 3, 0));
  // By age alone, each once; then the pool is used up.
  EXPECT_THAT(nearest_one_to_one({{9, 29}, {9, 29}, {9, 29}, {9, 29}, {9, 29}, {9, 29}}, pool, false, true),
              ElementsAre(0, 3, 2, 1, 4));
  // Of those equally near, the first by number of offences before is below; by place where nothing tells them apart.
  EXPECT_THAT(nearest_one_to_one({{1, 0}, {1, 0}}, {{0, 0}, {2, 0}}, true, false), ElementsAre(0, 1));
  EXPECT_THAT(nearest_one_to_one({{1, 0}}, {{1, 5}, {1, 5}}, true, true), ElementsAre(0));
}

// Naive: for each wanted the least (|before|, |age|, place) among those still free, lower before first of two as near.
TEST(Assignment, Nearest_is_nearest_of_all) {
  for (std::uint64_t r = 0; r < 200; ++r) {
    Stream stream = Streams(5, 0, r).open(Purpose("test"), 0);
    const auto some = [&](std::size_t n) {
      std::vector<Matchable> all;
      for (std::size_t i = 0; i < n; ++i) {
        const double before = std::floor(4 * uniform(stream())), age = std::floor(10 * uniform(stream()));
        all.push_back({before, age});
      }
      return all;
    };
    const auto wanted = some(12), pool = some(20);
    std::vector<bool> used(pool.size(), false);
    std::vector<std::size_t> naive;
    for (const Matchable& one : wanted) {
      const auto far = [&](std::size_t i) {
        return std::tuple(std::abs(pool[i].before - one.before), pool[i].before, std::abs(pool[i].age - one.age),
                          pool[i].age, i);
      };
      std::size_t best = pool.size();
      for (std::size_t i = 0; i < pool.size(); ++i)
        if (!used[i] && (best == pool.size() || far(i) < far(best))) best = i;
      used[best] = true;
      naive.push_back(best);
    }
    EXPECT_EQ(nearest_one_to_one(wanted, pool, true, true), naive) << r;
  }
}

}  // namespace
}  // namespace desist
