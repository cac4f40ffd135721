// The caseload against a naive service that keeps a list of people and looks at all of them for the next event.
//
// No virtual time, no heap, no lazy giving up: every client has weeks of support left, every one who waits a moment at
// which they go, and whatever comes first happens. Only the random words are the same.
#include <cmath>
#include <limits>
#include <tuple>

#include <gmock/gmock.h>

#include "models/parts/instants.hpp"
#include "tests/models/caseload_helpers.hpp"

namespace desist {
namespace {

using namespace test;

class NaiveService {
 public:
  NaiveService(const CaseloadPlan& plan, const CaseloadParameters& parameters, const Streams& streams)
      : plan_(plan), parameters_(parameters), streams_(streams) {}

  Diary run(int weeks) {
    Demand demand(plan_.demand, streams_);
    WaitingTally told;  // for the announced wait only
    told.begin(plan_.waiting);
    std::vector<double> at_work;
    plan_.staff.draw(streams_, at_work);
    for (std::uint64_t i = 0; i < static_cast<std::uint64_t>(plan_.starting_clients); ++i) {
      const auto left = plan_.support.remainder(streams_.words(Purpose("support at the start"), i),
                                                streams_.words(Purpose("drop-outs at the start"), i));
      clients_.push_back({std::uint64_t{1} << 63U | i, 0, left.weeks, left.drops_out});
    }
    for (std::uint64_t i = 0; i < plan_.waiting.starting.size(); ++i) {
      Stream words = streams_.open(Purpose("waiting at the start"), i);
      Referral person;
      person.time = plan_.waiting.starting[i];
      person.id = std::uint64_t{1} << 62U | i;
      person.risk = words();
      person.work = words();
      person.patience = words();
      come(person);
    }
    const auto open = [&](int week) {
      const double starts = parameters_.starts.at(week) * parameters_.support_mean * (1 - parameters_.drop_out / 2);
      const double at = at_work[static_cast<std::size_t>(week)];
      slots_ = std::floor(at * parameters_.clients_each + starts + 1e-9);
      well_ = at * parameters_.norm + starts;
      fill(told);
      std::vector<Referral> referrals;
      if (plan_.by_risk || week < plan_.waiting.backlog_weeks) demand.draw_week(referrals, told.announced(week));
      for (const Referral& person : referrals) coming_.push_back(person);
    };
    open(0);
    for (int week = 0; week < weeks; ++week) {
      while (next_event(week + 1, told)) {
      }
      pass_to(week + 1);
      CaseloadWeek ended{at_work[static_cast<std::size_t>(week)], slots_, 0, client_weeks_};
      if (week + 1 < plan_.waiting.last_week) open(week + 1);
      ended.clients = static_cast<int>(clients_.size());
      diary_.weeks.push_back(ended);
    }
    for (const Waiting& person : waiting_)
      diary_.waits.push_back({person.referral.time, static_cast<double>(weeks), Diary::Wait::End::still_waits});
    diary_.sort();
    return diary_;
  }

 private:
  struct Client {
    std::uint64_t id = 0;
    double start = 0;
    double left = 0;  // weeks of support at full speed
    bool drops_out = false;
    double met = 0;   // clients, integrated
    double well = 0;  // of whom well supported
  };
  struct Waiting {
    Referral referral;
    double leaves = never;
  };

  double speed() const {
    const auto n = static_cast<double>(clients_.size());
    return n > well_ ? std::pow(well_ / n, parameters_.slowing) : 1;
  }

  void come(const Referral& person) {
    double leaves = never;
    if (parameters_.patience > 0)
      leaves = std::max(0.0, person.time) - parameters_.patience * std::log(uniform(person.patience));
    waiting_.push_back({person, leaves});
  }

  void pass_to(double time) {
    const double weeks = time - now_;
    const double done = weeks * speed();
    const auto n = static_cast<double>(clients_.size());
    for (Client& client : clients_) {
      client.left -= done;
      client.met += n * weeks;
      client.well += well_ * weeks;
    }
    client_weeks_ += n * weeks;
    now_ = time;
  }

  void fill(WaitingTally& told) {
    while (static_cast<double>(clients_.size()) < slots_ && !waiting_.empty()) {
      const auto next = std::min_element(waiting_.begin(), waiting_.end(), [&](const Waiting& a, const Waiting& b) {
        if (plan_.by_risk) return a.referral.risk < b.referral.risk;
        return a.referral.time < b.referral.time ||
               (a.referral.time == b.referral.time && a.referral.id < b.referral.id);
      });
      const Referral person = next->referral;
      waiting_.erase(next);
      diary_.waits.push_back({person.time, now_, Diary::Wait::End::seen});
      told.seen(person.time, now_);
      Client client{person.id, now_, plan_.support(person.work)};
      const Words words = streams_.words(Purpose("dropping out"), person.id);
      if (uniform(words[0]) < parameters_.drop_out) {
        client.drops_out = true;
        client.left *= uniform(words[1]);
      }
      clients_.push_back(client);
    }
  }

  bool next_event(double until, WaitingTally& told) {
    auto ending = std::min_element(clients_.begin(), clients_.end(),
                                   [](const Client& a, const Client& b) { return a.left < b.left; });
    const double s = speed();
    const double end = ending == clients_.end() ? never : s > 0 ? now_ + std::max(0.0, ending->left) / s : never;
    const auto leaving = std::min_element(waiting_.begin(), waiting_.end(),
                                          [](const Waiting& a, const Waiting& b) { return a.leaves < b.leaves; });
    const double goes = leaving == waiting_.end() ? never : leaving->leaves;
    const auto coming = std::min_element(coming_.begin(), coming_.end(),
                                         [](const Referral& a, const Referral& b) { return a.time < b.time; });
    const double comes = coming == coming_.end() ? never : coming->time;
    const double first = std::min({end, goes, comes});
    if (first > until) return false;
    pass_to(first);
    if (first == goes) {
      diary_.waits.push_back({leaving->referral.time, first, Diary::Wait::End::gave_up});
      waiting_.erase(leaving);
    } else if (first == end) {
      leave(*ending);
      clients_.erase(ending);
      fill(told);
    } else {
      const Referral person = *coming;
      coming_.erase(coming);
      come(person);
      fill(told);
    }
    return true;
  }

  void leave(const Client& client) {
    double effect = 1;
    if (parameters_.dilution > 0 && client.met > client.well)
      effect = std::pow(client.well / client.met, parameters_.dilution);
    diary_.stays.push_back({client.start, now_, !client.drops_out, effect});
    const Words words = streams_.words(Purpose("coming back"), client.id);
    if (uniform(words[0]) >= parameters_.return_share) return;
    Referral again;
    again.time = now_ + std::max(1.0 / 7, -parameters_.return_delay * std::log(uniform(words[1])));
    again.id = split_mix(client.id, 0);
    Stream stream = streams_.open(Purpose("referred again"), again.id);
    again.risk = stream();
    again.work = stream();
    again.patience = stream();
    coming_.push_back(again);
  }

  const CaseloadPlan& plan_;
  const CaseloadParameters& parameters_;
  const Streams& streams_;
  Diary diary_;
  std::vector<Client> clients_;
  std::vector<Waiting> waiting_;
  std::vector<Referral> coming_;
  double now_ = 0;
  double slots_ = 0;
  double well_ = 0;
  double client_weeks_ = 0;
};

/// In order of moments that agree when rounded, so that equal moments with other last bits are put alike.
std::vector<Diary::Stay> ordered(std::vector<Diary::Stay> stays) {
  std::sort(stays.begin(), stays.end(), [](const Diary::Stay& a, const Diary::Stay& b) {
    const auto key = [](const Diary::Stay& stay) {
      return std::tuple(std::round(1e6 * stay.start), std::round(1e6 * stay.end), stay.completed, stay.effect);
    };
    return key(a) < key(b);
  });
  return stays;
}

TEST(CaseloadNaive, Agrees_in_every_event) {
  std::size_t waits = 0;
  std::size_t stays = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const CaseloadParameters parameters = any_parameters(seed);
    const CaseloadPlan plan(parameters, window_of(24));
    const Streams streams(3, 0, seed);
    const Diary quick = diary_of(plan, streams).diary;
    const Diary naive = NaiveService(plan, parameters, streams).run(static_cast<int>(quick.weeks.size()));
    ASSERT_EQ(quick.waits.size(), naive.waits.size());
    ASSERT_EQ(quick.stays.size(), naive.stays.size());
    for (std::size_t i = 0; i < naive.waits.size(); ++i) {
      EXPECT_EQ(quick.waits[i].end, naive.waits[i].end);
      EXPECT_NEAR(quick.waits[i].referred, naive.waits[i].referred, 1e-7);
      EXPECT_NEAR(quick.waits[i].until, naive.waits[i].until, 1e-7);
    }
    const auto quick_stays = ordered(quick.stays);
    const auto naive_stays = ordered(naive.stays);
    for (std::size_t i = 0; i < naive_stays.size(); ++i) {
      EXPECT_NEAR(quick_stays[i].start, naive_stays[i].start, 1e-7);
      EXPECT_NEAR(quick_stays[i].end, naive_stays[i].end, 1e-7);
      EXPECT_EQ(quick_stays[i].completed, naive_stays[i].completed);
      EXPECT_NEAR(quick_stays[i].effect, naive_stays[i].effect, 1e-6);
    }
    for (std::size_t week = 0; week < naive.weeks.size(); ++week) {
      EXPECT_EQ(quick.weeks[week].slots, naive.weeks[week].slots);
      EXPECT_EQ(quick.weeks[week].clients, naive.weeks[week].clients);
      EXPECT_NEAR(quick.weeks[week].client_weeks, naive.weeks[week].client_weeks, 1e-6);
    }
    waits += naive.waits.size();
    stays += naive.stays.size();
  }
  EXPECT_GT(waits, 10'000u);
  EXPECT_GT(stays, 5'000u);
}

}  // namespace
}  // namespace desist
