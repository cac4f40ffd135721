// The small parts of a caseload: its heap, its line, its lengths of support.
#include <cmath>
#include <set>

#include <gmock/gmock.h>

#include "models/parts/client_heap.hpp"
#include "models/parts/support_law.hpp"
#include "models/parts/waiting_line.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using Form = SupportLaw::Form;

TEST(ClientHeap, Gives_the_smallest_whatever_was_done_before) {
  Stream words = Streams(1, 0, 0).open(Purpose("heap"), 0);
  ClientHeap heap;
  std::set<std::pair<double, std::uint32_t>> expected;
  std::uint32_t place = 0;
  for (int step = 0; step < 20'000; ++step) {
    const double target = std::floor(100 * uniform(words()));  // many ties
    const std::uint64_t choice = words() % 5;
    if (expected.empty() || choice < 2) {
      heap.push(target, place);
      expected.emplace(target, place++);
    } else if (choice == 2) {
      const std::uint32_t first = expected.begin()->second;
      expected.erase(expected.begin());
      expected.emplace(target, first);
      heap.replace_first(target);
    } else {
      heap.pop();
      expected.erase(expected.begin());
    }
    ASSERT_EQ(heap.size(), expected.size());
    if (expected.empty()) continue;
    ASSERT_EQ(heap.first_target(), expected.begin()->first);
    ASSERT_EQ(heap.first_place(), expected.begin()->second);
  }
}

Referral person(double time, std::uint64_t risk) {
  Referral made;
  made.time = time;
  made.risk = risk;
  return made;
}

TEST(WaitingLine, Is_first_come_or_by_risk) {
  WaitingLine line;
  for (const bool by_risk : {false, true}) {
    line.begin(by_risk);
    for (int i = 0; i < 1000; ++i) {
      line.join(person(i, static_cast<std::uint64_t>(i * 7919 % 1000)));
      if (i % 3 == 0) line.take();
    }
    EXPECT_EQ(line.size(), 666u);
    line.drop([&](const Referral& who) { return by_risk ? who.risk % 2 == 1 : who.time < 500; });
    double last = -1;
    for (std::size_t left = line.size(); left > 0; --left) {
      const Referral next = line.take();
      const double key = by_risk ? static_cast<double>(next.risk) : next.time;
      EXPECT_GT(key, last);
      EXPECT_TRUE(by_risk ? next.risk % 2 == 0 : next.time >= 500);
      last = key;
    }
    EXPECT_TRUE(line.empty());
  }
}

TEST(WaitingLine, Keeps_no_more_than_wait) {
  WaitingLine line;
  line.begin(false);
  for (int i = 0; i < 1'000'000; ++i) {
    line.join(person(i, 0));
    if (i < 10) continue;
    ASSERT_EQ(line.take().time, i - 10);
  }
  EXPECT_EQ(line.size(), 10u);
}

struct Law {
  Form form;
  double mean;
  double cv;
  double drop_out;
};

/// Mean of what is left to those met in a running service: E T^2 / (2 E T), T the time in a slot (Cox 1962, 5.2).
double mean_remainder(const Law& law) {
  const double cv = law.form == Form::exponential ? 1 : law.form == Form::fixed ? 0 : law.cv;
  const double second = law.mean * law.mean * (1 + cv * cv) * (1 - law.drop_out + law.drop_out / 3);
  return second / (2 * law.mean * (1 - law.drop_out / 2));
}

TEST(SupportLaw, Has_its_mean_its_spread_and_its_remainder) {
  const std::size_t n = 400'000;
  for (const Law& law :
       {Law{Form::lognormal, 16, 0.8, 0}, Law{Form::lognormal, 2, 0.3, 0.4}, Law{Form::exponential, 5, 0, 0},
        Law{Form::exponential, 5, 0, 0.6}, Law{Form::fixed, 3, 0, 1}, Law{Form::lognormal, 7, 0, 0.2}}) {
    SCOPED_TRACE(law.mean);
    const SupportLaw sample(law.form, law.mean, law.cv, law.drop_out);
    std::vector<double> lengths(n), in_slot(n), squares(n), left(n), drops(n);
    for (std::size_t i = 0; i < n; ++i) {
      const Streams streams(3, 0, i);
      const Words words = streams.words(Purpose("a"), 0);
      const Words drop = streams.words(Purpose("b"), 0);
      lengths[i] = sample(words[0]);
      squares[i] = lengths[i] * lengths[i];
      in_slot[i] = sample.drops_out(drop[0]) ? lengths[i] * uniform(drop[1]) : lengths[i];
      const SupportLaw::Remainder met =
          sample.remainder(streams.words(Purpose("c"), 0), streams.words(Purpose("d"), 0));
      left[i] = met.weeks;
      drops[i] = met.drops_out ? 1 : 0;
    }
    const double cv = law.form == Form::exponential ? 1 : law.form == Form::fixed ? 0 : law.cv;
    EXPECT_TRUE(test::agrees(lengths, law.mean));
    EXPECT_TRUE(test::agrees(squares, law.mean * law.mean * (1 + cv * cv)));
    EXPECT_TRUE(test::agrees(in_slot, sample.mean_in_slot()));
    EXPECT_TRUE(test::agrees(left, mean_remainder(law)));
    EXPECT_TRUE(test::agrees(drops, law.drop_out / (2 - law.drop_out)));
    if (cv == 0) continue;
    EXPECT_FALSE(test::agrees(lengths, 1.02 * law.mean));  // 4.9 errors are 0.8 in 100 for the widest of these laws
    EXPECT_FALSE(test::agrees(left, 1.03 * mean_remainder(law)));
  }
}

}  // namespace
}  // namespace desist
