// The list of a conference in its three orders, beside a list that is sorted anew for every meeting.
#include "models/parts/conference_queues.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/stream.hpp"

namespace desist {
namespace {

using Heard = std::vector<std::vector<std::size_t>>;  // at each meeting, by number

/// What every meeting finds: how many cases are listed by then, and for how many there is room.
struct Meetings {
  std::vector<std::size_t> listed;
  std::vector<std::size_t> room;
  std::vector<double> priority;
};

/// 300 meetings to each of which 22 cases come on average, with room for 20: a backlog of hundreds, then of none. Every
/// fifth case has the risk of the one before.
Meetings meetings_of(std::uint64_t replicate) {
  Stream words = Streams(1, 0, replicate).open(Purpose("meetings"), 0);
  Meetings meetings;
  std::size_t cases = 0;
  for (int m = 0; m < 300; ++m) {
    meetings.listed.push_back(cases += words() % 45);
    meetings.room.push_back(m < 200 ? words() % 41 : 70);
  }
  for (std::size_t i = 0; i < cases; ++i)
    meetings.priority.push_back(i % 5 == 4 ? meetings.priority.back() : uniform(words()));
  return meetings;
}

template <class Queue>
Heard heard_by(Queue queue, const Meetings& meetings) {
  Heard heard;
  for (std::size_t m = 0; m < meetings.listed.size(); ++m) {
    queue.list(meetings.listed[m]);
    const std::size_t before = queue.waiting();
    std::vector<std::size_t> now;
    queue.hear(std::min(meetings.room[m], before), [&](std::size_t index) { now.push_back(index); });
    EXPECT_EQ(queue.waiting(), before - now.size());
    std::sort(now.begin(), now.end());
    heard.push_back(now);
  }
  return heard;
}

/// `rank` of a case: the lowest is heard first, first come where ranks agree.
Heard heard_by_sorting(const std::function<double(std::size_t)>& rank, const Meetings& meetings) {
  Heard heard;
  std::vector<std::pair<double, std::size_t>> waiting;
  std::size_t listed = 0;
  for (std::size_t m = 0; m < meetings.listed.size(); ++m) {
    for (; listed < meetings.listed[m]; ++listed) waiting.emplace_back(rank(listed), listed);
    std::sort(waiting.begin(), waiting.end());
    std::vector<std::size_t> now;
    for (std::size_t i = 0; i < std::min(meetings.room[m], waiting.size()); ++i) now.push_back(waiting[i].second);
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(now.size()));
    std::sort(now.begin(), now.end());
    heard.push_back(now);
  }
  return heard;
}

TEST(ConferenceQueues, Each_meeting_hears_what_a_sorted_list_would_give) {
  for (std::uint64_t replicate = 0; replicate < 20; ++replicate) {
    const Meetings meetings = meetings_of(replicate);
    const std::vector<double>& risk = meetings.priority;
    const auto by_risk = [&](std::size_t i) { return risk[i]; };
    EXPECT_EQ(heard_by(FirstComeQueue(), meetings), heard_by_sorting([](std::size_t) { return 0; }, meetings));
    EXPECT_EQ(heard_by(RiskQueue(risk), meetings), heard_by_sorting(by_risk, meetings));
    std::vector<double> shares{0.2, 0.7, 1};
    if (replicate % 2 == 1) shares = {0.1, 0.1, 0.3, 0.6, 1};  // more levels than before; one that nobody has
    const auto level = [&](std::size_t i) {
      return static_cast<double>(std::upper_bound(shares.begin(), shares.end() - 1, risk[i]) - shares.begin());
    };
    const Heard by_level = heard_by(LevelQueue(shares, risk), meetings);
    EXPECT_EQ(by_level, heard_by_sorting(level, meetings));
    EXPECT_NE(by_level, heard_by_sorting(by_risk, meetings));
  }
}

}  // namespace
}  // namespace desist
