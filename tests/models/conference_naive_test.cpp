// The conference against a second, naive implementation: one event after the other, its own random numbers.
#include <map>
#include <random>
#include <set>

#include <gmock/gmock.h>

#include "tests/models/conference_helpers.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using namespace test;

/// A slip planted in the naive implementation, to see that the comparison finds it.
enum class Fault {
  none,
  list_never_closes,
  returns_a_month_late,
  returns_all_at_once,
  filter_too_weak,
  quorum_one_too_low,
  overruns_ignored,
  settles_the_urgent,
  settles_newcomers_only,
  settled_never_return,
  trend_doubled,
  starting_cases_new
};

using Outcomes = std::map<std::string, double>;

class Naive {
 public:
  Naive(const ConferenceParameters& parameters, int weeks, Fault fault, std::uint64_t seed)
      : p_(parameters), weeks_(weeks), fault_(fault), engine_(seed) {}

  /// The stated referrals of each week: its mean, by the midpoint rule.
  static std::vector<double> stated_referrals(const ConferenceParameters& p, int weeks, Fault fault) {
    const double trend = (fault == Fault::trend_doubled ? 2 : 1) * std::log(1 + p.growth) / weeks_per_year;
    std::vector<double> means;
    for (int w = 0; w < weeks + 156; ++w) {
      double stated = 0;
      for (int i = 0; i < 100; ++i)
        stated += p.referrals.at(w + (i + 0.5) / 100) * std::exp(trend * (w + (i + 0.5) / 100));
      means.push_back(stated / 100);
    }
    return means;
  }

  Outcomes run(const std::vector<double>& stated) {
    stated_ = &stated;
    Outcomes sums;
    sums["settled_a_month"] = 0;
    std::vector<double> waits;
    const int n = static_cast<int>(p_.conferences.size());
    for (int a = 0; a < n; ++a) run_conference(a, n, sums, waits);
    std::sort(waits.begin(), waits.end());
    double wait = 0;
    double waited_long = 0;
    for (const double w : waits) {
      wait += w;
      waited_long += w > p_.long_wait;
    }
    const auto number = static_cast<double>(waits.size());
    sums["mean_wait"] = wait / number;
    sums["share_waiting_long"] = waited_long / number;
    sums["wait_95"] = waits[static_cast<std::size_t>(std::ceil(0.95 * number)) - 1];
    sums["wait_by_hearing 20"] = sums["hearing wait"] / sums["hearing cases"];
    sums["wait_by_referral 20"] = sums["referral wait"] / sums["referral cases"];
    sums["wait_by_referral 44"] = sums["late wait"] / sums["late cases"];
    sums["wait_by_hearing 0"] = sums["early wait"] / sums["early cases"];
    for (const char* helper : {"early wait", "early cases", "late wait", "late cases", "hearing wait", "hearing cases",
                               "referral wait", "referral cases"})
      sums.erase(helper);
    return sums;
  }

 private:
  struct Case {
    double referred;
    double risk;
    double settled;
  };
  struct InTime {
    bool operator()(const Case& x, const Case& y) const { return x.referred < y.referred; }
  };
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(engine_); }
  bool filtered(int conference, int week) {
    const double now = p_.filtered_out[static_cast<std::size_t>(conference)].at(week + 0.5);
    return uniform() < (fault_ == Fault::filter_too_weak ? 0.7 : 1) * now;
  }
  /// Chance that a heard case is ever referred again: the stated share is of a year.
  double comes_back() const { return p_.repeat_share / (1 - std::exp(-weeks_per_year / p_.return_delay)); }
  /// When a case heard now is referred again: an exponential number of whole intervals, and at any moment of the next.
  double return_after(double now) {
    if (fault_ == Fault::returns_all_at_once) return now + p_.return_delay;
    const double interval = p_.meeting_interval;
    const double delay = std::exponential_distribution<double>(1 / p_.return_delay)(engine_);
    return now + interval * (std::floor(delay / interval) + uniform()) +
           (fault_ == Fault::returns_a_month_late ? 4.3 : 0);
  }
  /// A case of conference a, and when it is settled outside the meetings if it is not heard before.
  Case referred_at(double time, int a) {
    Case c{time, uniform(), 1e9};
    const Steps& share = p_.settled_outside[static_cast<std::size_t>(a)];
    std::vector<double> moments{std::max(0.0, time + p_.settled_after)};
    for (const auto& step : share.steps())
      if (step.from > moments[0] && fault_ != Fault::settles_newcomers_only) moments.push_back(step.from);
    for (const double moment : moments)
      if (fault_ == Fault::settles_the_urgent ? c.risk < share.at(moment) : c.risk >= 1 - share.at(moment))
        c.settled = std::min(c.settled, moment);
    return c;
  }
  /// The cases that are settled by `now` leave the list.
  int settle(auto& list, auto case_of, double now, Outcomes& sums, std::vector<double>& waits) const {
    int number = 0;
    for (auto it = list.begin(); it != list.end();) {
      const Case& c = case_of(*it);
      if (c.referred > now) break;  // those who are coming are in order of referral
      if (c.settled > now) {
        ++it;
        continue;
      }
      if (c.referred < weeks_) sums["person_weeks"] += std::min<double>(c.settled, weeks_) - std::max(0.0, c.referred);
      if (c.settled <= weeks_) sums["settled_a_month"] += 1 / (weeks_ / (weeks_per_year / 12));
      count_wait(c, c.settled - c.referred, sums, waits);
      it = list.erase(it);
      ++number;
    }
    return number;
  }
  double level(double risk) const {
    if (p_.order == Order::first_come) return 0;
    if (p_.risk_levels.empty()) return risk;
    double sum = 0;
    for (std::size_t i = 0; i < p_.risk_levels.size(); ++i)
      if (risk < (sum += p_.risk_levels[i])) return static_cast<double>(i);
    return 99;
  }

  void run_conference(int a, int n, Outcomes& sums, std::vector<double>& waits) {
    const double base = p_.hearings.at(0);
    const double interval = p_.meeting_interval;
    std::multiset<Case, InTime> coming;
    const int starting = static_cast<int>(std::floor(p_.starting_backlog * base * (a + 1) / n + 0.5)) -
                         static_cast<int>(std::floor(p_.starting_backlog * base * a / n + 0.5));
    for (int r = 1; r <= starting; ++r)
      coming.insert(referred_at(
          fault_ == Fault::starting_cases_new ? -1e-6 : p_.starting_backlog * (r / (starting + 1.0) - 1), a));
    const auto refer = [&](double time) {
      const int week = static_cast<int>(time);
      if (time < weeks_) sums["referred_a_week"] += 1.0 / weeks_;
      if (filtered(a, week)) {
        if (time < weeks_) sums["turned_away_a_month"] += 1 / (weeks_ / (weeks_per_year / 12));
        return;
      }
      coming.insert(referred_at(time, a));
    };
    const int last_week = weeks_ + 156;
    for (int w = 0; w < last_week; ++w) {
      const double mean = std::max(0.0, (*stated_)[static_cast<std::size_t>(w)] - comes_back() * base) / n;
      const int count = mean > 0 ? std::poisson_distribution<int>(mean)(engine_) : 0;
      for (int i = 0; i < count; ++i) refer(w + uniform());
    }
    double hearings_before = 0.5;
    for (int k = 0; k * interval < 40 * p_.return_delay; ++k) {
      const double earlier = std::floor(hearings_before);
      hearings_before += base * interval / n;
      for (double i = earlier; i < std::floor(hearings_before); ++i) {
        const double time = return_after(-k * interval);
        if (uniform() < comes_back() && time > 0) refer(time);
      }
    }
    std::multimap<double, Case> waiting;  // by rank; equal ranks in order of referral
    double hearings = (a + 0.5) / n;
    const double closed_share = static_cast<double>(p_.no_meetings.size()) / std::max<double>(weeks_per_year, weeks_);
    std::map<double, int> left;
    for (int m = 1; m * interval <= last_week; ++m) {
      const double now = m * interval;
      bool held = true;
      for (const Date date : p_.no_meetings) {
        const double closed = window_of(weeks_).week_of(date);
        for (const double from :
             {closed, closed + weeks_per_year, closed + 2 * weeks_per_year, closed + 3 * weeks_per_year})
          held = held && !(now >= from && now < from + 1);
      }
      double capacity = 0;
      if (held) {
        const double earlier = std::floor(hearings);
        hearings += p_.hearings.at(now) * (1 + p_.extra_hearings.at(now)) * interval / n / (1 - closed_share);
        capacity = std::floor(hearings) - earlier;
      }
      if (p_.overrun > 0 && capacity > 0 && uniform() < p_.overrun && fault_ != Fault::overruns_ignored)
        capacity += p_.overrun_hearings;
      int came = fault_ == Fault::quorum_one_too_low ? 1 : 0;
      for (int i = 0; i < p_.agencies; ++i) came += uniform() < p_.attendance.at(now);
      if (uniform() < p_.cancelled_meetings || came < p_.quorum) capacity = 0;
      int settled = settle(
          waiting, [](const auto& entry) { return entry.second; }, now, sums, waits);
      settled += settle(
          coming, [](const Case& c) { return c; }, now, sums, waits);
      for (; settled > 0 && fault_ != Fault::settled_never_return; --settled)
        if (uniform() < comes_back()) refer(return_after(now));
      const double closes = fault_ == Fault::list_never_closes ? now : now - p_.papers_released;
      for (; !coming.empty() && coming.begin()->referred <= closes; coming.erase(coming.begin()))
        waiting.emplace(level(coming.begin()->risk), *coming.begin());
      for (; capacity > 0 && !waiting.empty(); --capacity) {
        hear(waiting.begin()->second, now, sums, waits);
        waiting.erase(waiting.begin());
        if (uniform() < comes_back()) refer(return_after(now));
      }
      const auto here = std::distance(coming.begin(), coming.upper_bound({now, 0, 0}));
      left[now] = static_cast<int>(waiting.size()) + static_cast<int>(here);
    }
    for (const double week : {5.0, 16.0, 30.0, 52.0})
      sums["backlog " + std::to_string(static_cast<int>(week))] += std::prev(left.upper_bound(week))->second;
    for (const auto& [rank, c] : waiting) {  // has waited at least until the last meeting
      if (c.referred < weeks_) sums["person_weeks"] += weeks_ - std::max(0.0, c.referred);
      count_wait(c, left.rbegin()->first - c.referred, sums, waits);
    }
  }

  void hear(const Case& c, double now, Outcomes& sums, std::vector<double>& waits) {
    const double wait = now - c.referred;
    if (c.referred < weeks_) sums["person_weeks"] += std::min<double>(now, weeks_) - std::max(0.0, c.referred);
    if (now <= weeks_) sums["heard_a_week"] += 1.0 / weeks_;
    if (now > 20 && now <= 22) {
      sums["hearing wait"] += wait;
      sums["hearing cases"] += 1;
    }
    if (now <= 6) {
      sums["early wait"] += wait;
      sums["early cases"] += 1;
    }
    count_wait(c, wait, sums, waits);
  }
  void count_wait(const Case& c, double wait, Outcomes& sums, std::vector<double>& waits) const {
    if (c.referred >= 20 && c.referred < 22) {
      sums["referral wait"] += wait;
      sums["referral cases"] += 1;
    }
    if (c.referred >= 44 && c.referred < 48) {
      sums["late wait"] += wait;
      sums["late cases"] += 1;
    }
    if (c.referred >= 0 && c.referred < weeks_) waits.push_back(wait);
  }

  const ConferenceParameters& p_;
  int weeks_;
  Fault fault_;
  std::mt19937_64 engine_;
  const std::vector<double>* stated_ = nullptr;  // referrals, by week
};

Outcomes ours(const ConferencePlan& plan, std::uint64_t replicate) {
  const Result result = run(plan, replicate, 21);
  const ConferenceTally sums = tally(plan, Streams(21, 0, replicate));
  const auto mean_wait = [](const std::vector<WaitSum>& weeks, std::size_t from, std::size_t to) {
    WaitSum sum;
    for (std::size_t week = from; week < to; ++week) {
      sum.cases += weeks[week].cases;
      sum.weeks += weeks[week].weeks;
    }
    return sum.mean();
  };
  return {{"backlog 5", sums.left[5]},
          {"backlog 16", sums.left[16]},
          {"backlog 30", sums.left[30]},
          {"backlog 52", sums.left[52]},
          {"heard_a_week", result.outcomes.heard_a_week},
          {"mean_wait", result.outcomes.mean_wait},
          {"person_weeks", result.outcomes.person_weeks},
          {"referred_a_week", result.outcomes.referred_a_week},
          {"settled_a_month", result.outcomes.settled_a_month},
          {"share_waiting_long", result.outcomes.share_waiting_long},
          {"turned_away_a_month", result.outcomes.turned_away_a_month},
          {"wait_95", result.outcomes.wait_95},
          {"wait_by_hearing 0", mean_wait(sums.by_hearing, 0, 6)},
          {"wait_by_hearing 20", mean_wait(sums.by_hearing, 20, 22)},
          {"wait_by_referral 20", mean_wait(sums.by_referral, 20, 22)},
          {"wait_by_referral 44", mean_wait(sums.by_referral, 44, 48)}};
}

using Columns = std::map<std::string, std::vector<double>>;
template <class Replicate>
Columns columns(int replicates, Replicate&& replicate) {
  Columns all;
  for (int r = 0; r < replicates; ++r)
    for (const auto& [name, value] : replicate(static_cast<std::uint64_t>(r)))
      if (!std::isnan(value)) all[name].push_back(value);
  return all;
}
Columns naive(const ConferenceParameters& parameters, Fault fault, int replicates) {
  const std::vector<double> stated = Naive::stated_referrals(parameters, 52, fault);
  return columns(replicates, [&](std::uint64_t r) { return Naive(parameters, 52, fault, 1000 + r).run(stated); });
}
Columns engine(const ConferenceParameters& parameters, int replicates) {
  const ConferencePlan plan(parameters, window_of(52));
  return columns(replicates, [&](std::uint64_t r) { return ours(plan, r); });
}

/// Names of the outcomes whose means differ.
std::vector<std::string> differences(const Columns& a, const Columns& b) {
  std::vector<std::string> names;
  for (const auto& [name, values] : a)
    if (b.count(name) != 0 && !agrees(values, b.at(name))) names.push_back(name);
  return names;
}

/// As `everything`, with a filter that does not change within a week, as the naive one can't average it, and with
/// so many hearings that the backlog clears: a full list hides when it closes.
ConferenceParameters marac_like(ConferenceParameters parameters = everything()) {
  parameters.filtered_out.values = {Steps(0), Steps({{0, 0}, {15, 0.21}}), Steps(0.1)};
  parameters.extra_hearings = Steps({{0, 0}, {11.3, 1}});
  return parameters;
}

constexpr int replicates = 200;  // finds biases of .6 of an outcome's sd; Both_forms_agree_closely finds .13

TEST(ConferenceNaive, First_come_agrees_case_by_case_and_by_counts) {
  ConferenceParameters parameters = marac_like();
  const Columns expected = naive(parameters, Fault::none, replicates);
  ASSERT_EQ(expected.size(), 16u);
  EXPECT_THAT(differences(engine(parameters, 4 * replicates), expected), testing::IsEmpty());
  parameters.record = Record::counts;
  EXPECT_THAT(differences(engine(parameters, 4 * replicates), expected), testing::IsEmpty());
}

TEST(ConferenceNaive, Both_forms_agree_closely) {
  ConferenceParameters parameters = marac_like();
  const Columns cases = engine(parameters, 20 * replicates);
  parameters.record = Record::counts;
  const Columns counts = engine(parameters, 20 * replicates);
  ASSERT_EQ(counts.size(), 14u);  // without the share waiting long and the 95 in 100
  EXPECT_THAT(differences(counts, cases), testing::IsEmpty());
}

TEST(ConferenceNaive, By_own_risk_agrees) {
  ConferenceParameters parameters = marac_like();
  parameters.order = Order::by_risk;
  EXPECT_THAT(differences(engine(parameters, replicates), naive(parameters, Fault::none, replicates)),
              testing::IsEmpty());
}

TEST(ConferenceNaive, By_risk_level_agrees) {
  ConferenceParameters parameters = marac_like();
  parameters.order = Order::by_risk;
  parameters.risk_levels = {0.2, 0.5, 0.3};
  EXPECT_THAT(differences(engine(parameters, replicates), naive(parameters, Fault::none, replicates)),
              testing::IsEmpty());
}

TEST(ConferenceNaive, Meetings_by_chance_agree_case_by_case_and_by_counts) {
  ConferenceParameters parameters = marac_like(meetings_by_chance());
  const Columns expected = naive(parameters, Fault::none, replicates);
  const Columns cases = engine(parameters, 4 * replicates);
  EXPECT_THAT(differences(cases, expected), testing::IsEmpty());
  for (const Fault fault : {Fault::quorum_one_too_low, Fault::overruns_ignored})
    EXPECT_THAT(differences(cases, naive(parameters, fault, replicates / 4)), testing::Not(testing::IsEmpty()));
  parameters.record = Record::counts;
  EXPECT_THAT(differences(engine(parameters, 4 * replicates), expected), testing::IsEmpty());
}

/// A conference that settles cases outside its meetings, more and more of them.
ConferenceParameters settling(Order order) {
  ConferenceParameters parameters = marac_like(meetings_by_chance());
  parameters.order = order;
  parameters.settled_outside.values = {Steps({{0, 0}, {14.2, 0.35}, {30, 0.5}}), Steps(0.2), Steps(0)};
  parameters.settled_after = 3.1;
  return parameters;
}

TEST(ConferenceNaive, Settled_outside_agrees) {
  for (const Order order : {Order::first_come, Order::by_risk}) {
    ConferenceParameters parameters = settling(order);
    parameters.risk_levels = {0.2, 0.5, 0.3};
    EXPECT_THAT(differences(engine(parameters, 2 * replicates), naive(parameters, Fault::none, replicates)),
                testing::IsEmpty());
  }
}

TEST(ConferenceNaive, The_comparison_finds_faults_of_settling) {
  const ConferenceParameters parameters = settling(Order::by_risk);
  const Columns found = engine(parameters, 4 * replicates);
  for (const Fault fault : {Fault::settles_the_urgent, Fault::settles_newcomers_only, Fault::settled_never_return})
    EXPECT_THAT(differences(found, naive(parameters, fault, replicates / 4)), testing::Not(testing::IsEmpty()))
        << static_cast<int>(fault);
}

TEST(ConferenceNaive, The_comparison_finds_planted_faults) {
  const ConferenceParameters parameters = marac_like();
  const Columns found = engine(parameters, 4 * replicates);
  for (const Fault fault : {Fault::list_never_closes, Fault::returns_a_month_late, Fault::returns_all_at_once,
                            Fault::filter_too_weak, Fault::trend_doubled, Fault::starting_cases_new})
    EXPECT_THAT(differences(found, naive(parameters, fault, replicates / 4)), testing::Not(testing::IsEmpty()))
        << static_cast<int>(fault);
}

}  // namespace
}  // namespace desist
