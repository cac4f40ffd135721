#include "engine/core/executor.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numeric>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "engine/core/give_up.hpp"

namespace desist {
namespace {

using namespace std::chrono_literals;

const auto nothing = [](std::size_t, std::size_t) {};

void wait_until(const std::atomic<bool>& flag) {
  while (!flag.load()) std::this_thread::sleep_for(100us);
}

TEST(ExecutorTest, FoldsInOrderWhateverTheThreadsAndDurations) {
  for (const unsigned seed : {1u, 2u, 3u})
    for (const unsigned threads : {1u, 2u, 3u, 8u})
      for (const std::size_t slots : {std::size_t{1}, std::size_t{2}, threads + std::size_t{2}}) {
        std::mt19937 random(seed);
        std::vector<int> microseconds(60);
        for (int& duration : microseconds) duration = static_cast<int>(random() % 300);
        std::vector<std::size_t> slot_holds(slots);
        std::vector<std::size_t> order;
        const StopFlag stop{false};
        const std::size_t end = run_in_order(
            10, 70, threads, slots,
            [&](std::size_t task, std::size_t slot) {
              std::this_thread::sleep_for(std::chrono::microseconds(microseconds[task - 10]));
              slot_holds.at(slot) = task;
            },
            [&](std::size_t task, std::size_t slot) {
              EXPECT_EQ(slot_holds.at(slot), task);  // its own result, not one written over it
              order.push_back(task);
            },
            stop);
        std::vector<std::size_t> expected(60);
        std::iota(expected.begin(), expected.end(), 10);
        EXPECT_EQ(order, expected) << threads << " threads, " << slots << " slots, seed " << seed;
        EXPECT_EQ(end, 70u);
      }
}

TEST(ExecutorTest, SumsAreTheSameBitsForAnyNumberOfThreads) {
  const auto sum_with = [](unsigned threads) {
    std::vector<double> slot_holds(threads + 2);
    double sum = 0;
    run_in_order(
        0, 5000, threads, slot_holds.size(),
        [&](std::size_t task, std::size_t slot) { slot_holds[slot] = std::pow(-1.7, static_cast<double>(task % 90)); },
        [&](std::size_t, std::size_t slot) { sum += slot_holds[slot]; }, StopFlag{false});
    return sum;
  };
  const double alone = sum_with(1);
  double backwards = 0;  // the order matters: otherwise this test could not fail
  for (int task = 4999; task >= 0; --task) backwards += std::pow(-1.7, task % 90);
  EXPECT_NE(alone, backwards);
  for (const unsigned threads : {2u, 3u, 8u}) EXPECT_EQ(sum_with(threads), alone) << threads;
}

TEST(ExecutorTest, OneThreadRunsInline) {
  const auto caller = std::this_thread::get_id();
  std::vector<std::string> steps;
  const auto step = [&](const char* name) {
    return [&, name](std::size_t task, std::size_t slot) {
      EXPECT_EQ(std::this_thread::get_id(), caller);
      EXPECT_EQ(slot, 0u);
      steps.push_back(name + std::to_string(task));
    };
  };
  EXPECT_EQ(run_in_order(3, 5, 1, 4, step("task"), step("fold"), StopFlag{false}), 5u);
  EXPECT_EQ(steps, (std::vector<std::string>{"task3", "fold3", "task4", "fold4"}));
}

TEST(ExecutorTest, TwoThreadsWorkAtOnce) {
  std::atomic<bool> begun[2] = {false, false};
  std::atomic<bool> met{true};
  run_in_order(
      0, 2, 2, 2,
      [&](std::size_t task, std::size_t) {
        begun[task] = true;
        const auto give_up = std::chrono::steady_clock::now() + 20s;
        while (!begun[1 - task]) {
          if (std::chrono::steady_clock::now() > give_up) {
            met = false;
            return;
          }
          std::this_thread::sleep_for(100us);
        }
      },
      nothing, StopFlag{false});
  EXPECT_TRUE(met);
}

TEST(ExecutorTest, NoMoreThanTheSlotsAreUnfolded) {
  for (const std::size_t slots : {1U, 2U, 5U}) {
    std::atomic<int> unfolded{0};
    std::atomic<int> most{0};
    run_in_order(
        0, 200, 8, slots,
        [&](std::size_t task, std::size_t) {
          const int now = ++unfolded;
          int before = most.load();
          while (before < now && !most.compare_exchange_weak(before, now)) {
          }
          if (task % 7 == 0) std::this_thread::sleep_for(500us);  // the others run ahead as far as they may
        },
        [&](std::size_t, std::size_t) { --unfolded; }, StopFlag{false});
    EXPECT_EQ(unfolded, 0);
    EXPECT_LE(most, static_cast<int>(slots));
    if (slots == 5) {
      EXPECT_GT(most, 1);
    }
  }
}

TEST(ExecutorTest, TheLowestNumberedExceptionIsRethrownAfterTheEarlierFolds) {
  for (const unsigned threads : {1u, 2u, 4u})
    for (int repeat = 0; repeat < 20; ++repeat) {
      std::atomic<bool> nine_failed{false};
      std::vector<std::size_t> folded;
      try {
        run_in_order(
            0, 1000, threads, 16,
            [&](std::size_t task, std::size_t) {
              if (task == 5 && threads > 1) wait_until(nine_failed);
              if (task == 5) throw std::runtime_error("task 5");
              if (task == 9) {
                nine_failed = true;
                throw std::runtime_error("task 9");
              }
            },
            [&](std::size_t task, std::size_t) { folded.push_back(task); }, StopFlag{false});
        FAIL() << "nothing was thrown";
      } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "task 5");
      }
      EXPECT_EQ(folded, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
    }
}

TEST(ExecutorTest, AnExceptionOfAFoldEndsTheRun) {
  for (const unsigned threads : {1u, 3u}) {
    std::vector<std::size_t> folded;
    try {
      run_in_order(
          0, 1000, threads, 5, nothing,
          [&](std::size_t task, std::size_t) {
            if (task == 4) throw std::runtime_error("fold 4");
            folded.push_back(task);
          },
          StopFlag{false});
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "fold 4");
    }
    EXPECT_EQ(folded, (std::vector<std::size_t>{0, 1, 2, 3}));
  }
}

TEST(ExecutorTest, StoppingFoldsWhatWasBegunAndNoMore) {
  for (const unsigned threads : {1u, 2u, 4u}) {
    StopFlag stop{false};
    std::atomic<std::size_t> begun{0};
    std::vector<std::size_t> folded;
    const std::size_t end = run_in_order(
        100, 100000, threads, threads + 3,
        [&](std::size_t task, std::size_t) {
          ++begun;
          if (task == 120) stop = true;
          std::this_thread::sleep_for(50us);
        },
        [&](std::size_t task, std::size_t) { folded.push_back(task); }, stop);
    EXPECT_EQ(folded.size(), begun.load());
    EXPECT_EQ(end, 100 + folded.size());
    EXPECT_GT(end, 120u);
    EXPECT_LE(end, 121u + threads + 3);
    for (std::size_t i = 0; i < folded.size(); ++i) ASSERT_EQ(folded[i], 100 + i);
  }
}

// Task 6 gives up as soon as it is asked, in its midst; whatever others do, the run ends with 0 to 5.
TEST(ExecutorTest, WhoGivesUpEndsTheRunWithWhatCameBefore) {
  for (const unsigned threads : {1u, 2u, 4u}) {
    StopFlag stop{false};
    std::vector<std::size_t> folded;
    const std::size_t end = run_in_order(
        0, 100, threads, threads + 2,
        [&](std::size_t task, std::size_t) {
          const GivesUpOn asked(&stop);
          if (task < 6) return;
          stop = true;
          while (task == 6) give_up_if_asked();
        },
        [&](std::size_t task, std::size_t) { folded.push_back(task); }, stop);
    EXPECT_EQ(end, 6u) << threads;
    EXPECT_EQ(folded, (std::vector<std::size_t>{0, 1, 2, 3, 4, 5})) << threads;
  }
}

TEST(ExecutorTest, NobodyGivesUpWhoseFlagIsNotSetOrWatchedNoMore) {
  StopFlag stop{true};
  give_up_if_asked();
  {
    const GivesUpOn asked(&stop);
    EXPECT_THROW(give_up_if_asked(), GivenUp);
    {
      const GivesUpOn none(nullptr);
      give_up_if_asked();
    }
    EXPECT_THROW(give_up_if_asked(), GivenUp);
    stop = false;
    give_up_if_asked();
    stop = true;
  }
  give_up_if_asked();
}

TEST(ExecutorTest, StoppedBeforehandNothingBegins) {
  for (const unsigned threads : {1u, 3u})
    EXPECT_EQ(run_in_order(
                  7, 9, threads, 3, [](std::size_t, std::size_t) { FAIL(); }, nothing, StopFlag{true}),
              7u);
}

TEST(ExecutorTest, AnEmptyRangeIsDone) {
  for (const unsigned threads : {1u, 3u})
    EXPECT_EQ(run_in_order(7, 7, threads, 3, nothing, nothing, StopFlag{false}), 7u);
}

TEST(ExecutorTest, NoThreadOrNoSlotIsRefused) {
  for (const auto& [threads, slots] : {std::pair{0u, 1}, std::pair{1u, 0}}) {
    try {
      run_in_order(0, 1, threads, static_cast<std::size_t>(slots), nothing, nothing, StopFlag{false});
      FAIL();
    } catch (const std::invalid_argument& error) {
      EXPECT_STREQ(error.what(), "run_in_order needs at least one thread and one slot");
    }
  }
}

}  // namespace
}  // namespace desist
