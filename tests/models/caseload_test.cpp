// The caseload keeps its books: what must hold in every replicate, whatever the numbers.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "tests/models/caseload_helpers.hpp"

namespace desist {
namespace {

using namespace test;
using testing::ElementsAre;
using testing::HasSubstr;
using End = Diary::Wait::End;

double sum(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

TEST(Caseload, Who_comes_in_goes_out_or_is_inside) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const CaseloadPlan plan(any_parameters(seed), window_of(30));
    const DiaryTally tally = diary_of(plan, Streams(7, 0, seed));
    const auto& diary = tally.diary;
    double started = 0;
    double in_window = 0;
    for (const auto& wait : diary.waits) {
      EXPECT_LE(wait.referred, wait.until);
      EXPECT_GE(wait.until, 0);
      started += wait.end == End::seen ? 1 : 0;
      in_window += wait.end == End::seen && wait.until <= plan.waiting.end ? 1 : 0;
    }
    EXPECT_EQ(plan.starting_clients + started, static_cast<double>(diary.stays.size()) + diary.weeks.back().clients);
    if (plan.support.mean_in_slot() > 0) {  // else many may start and leave at the window's last instant
      EXPECT_EQ(sum(tally.started), in_window);
    }
    EXPECT_EQ(plan.starting_clients + sum(tally.started), tally.completed + tally.dropped_out + tally.clients.back());
    EXPECT_LE(tally.effective, tally.completed);
    // Little (1961) for a finite path: the integral of those in support is the sum of their times in it.
    double weeks = 0;
    std::vector<double> starts;  // of those still in support when the run ends
    for (const auto& stay : diary.stays) weeks += stay.end - stay.start;
    for (const auto& wait : diary.waits)
      if (wait.end == End::seen) starts.push_back(wait.until);
    starts.resize(starts.size() + static_cast<std::size_t>(plan.starting_clients), 0.0);
    std::sort(starts.begin(), starts.end());
    for (const auto& stay : diary.stays) {
      const auto found = std::lower_bound(starts.begin(), starts.end(), stay.start);
      ASSERT_TRUE(found != starts.end() && *found == stay.start);
      starts.erase(found);
    }
    for (const double start : starts) weeks += static_cast<double>(diary.weeks.size()) - start;
    EXPECT_NEAR(diary.weeks.back().client_weeks, weeks, 1e-8 * (1 + weeks));
  }
}

/// Integral of the number waiting over [0, end], by sweeping its steps.
double integral_of_waiting(const Diary& diary, double end) {
  std::vector<std::pair<double, int>> steps;
  for (const auto& wait : diary.waits) {
    if (wait.referred < end) steps.emplace_back(std::max(0.0, wait.referred), 1);
    if (wait.end != End::still_waits && wait.until < end) steps.emplace_back(wait.until, -1);
  }
  std::sort(steps.begin(), steps.end());
  double integral = 0;
  double before = 0;
  int waiting = 0;
  for (const auto& [time, step] : steps) {
    integral += waiting * (time - before);
    before = time;
    waiting += step;
  }
  return integral + waiting * (end - before);
}

TEST(Caseload, Weeks_waited_are_the_integral_of_the_number_waiting) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const CaseloadPlan plan(any_parameters(seed), window_of(30));
    const double integral = integral_of_waiting(diary_of(plan, Streams(1, 0, seed)).diary, 30);
    EXPECT_NEAR(run(plan, seed).outcomes.person_weeks, integral, 1e-8 * (1 + integral));
  }
}

TEST(Caseload, Nobody_is_started_while_a_slot_is_missing_or_somebody_is_before_them) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    const CaseloadPlan plan(any_parameters(seed), window_of(30));
    const Diary diary = diary_of(plan, Streams(9, 0, seed)).diary;
    int clients = plan.starting_clients;
    for (std::size_t i = 0; i + 1 < diary.weeks.size(); ++i) {  // nobody is put out, nobody is squeezed in
      const int now = diary.weeks[i].clients;
      EXPECT_LE(now, std::max({static_cast<double>(clients), diary.weeks[i].slots, diary.weeks[i + 1].slots}));
      clients = now;
    }
    if (plan.by_risk) continue;
    double last = -1;
    for (const auto& wait : diary.waits) {  // in order of referral
      if (wait.end != End::seen) continue;
      EXPECT_GE(wait.until, last);
      last = wait.until;
    }
  }
}

TEST(Caseload, A_fixed_support_is_a_clockwork) {
  // Two slots, four weeks each, seven waiting: two start every four weeks.
  CaseloadParameters parameters = plain(0, 2, 4);
  parameters.starting_backlog = 7;
  parameters.starting_wait = 7;
  parameters.cost_per_worker = 36'500;
  parameters.cost_per_start = 100;
  const CaseloadResult result = run(CaseloadPlan(parameters, window_of(14)), 0);
  EXPECT_THAT(result.series.backlog, ElementsAre(5, 5, 5, 3, 3, 3, 3, 1, 1, 1, 1, 0, 0, 0));
  EXPECT_THAT(result.series.started, ElementsAre(2, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0));
  EXPECT_THAT(result.series.clients, ElementsAre(2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1));
  EXPECT_EQ(result.outcomes.weeks_until_clear, 12);  // the last is started then
  EXPECT_DOUBLE_EQ(result.outcomes.utilisation, 26.0 / 28);
  EXPECT_DOUBLE_EQ(result.outcomes.load, 26.0 / 14);
  EXPECT_DOUBLE_EQ(result.outcomes.completions_a_year, 6 / 14.0 * weeks_per_year);
  EXPECT_DOUBLE_EQ(result.outcomes.cost_a_year, 36'500 + 700 / 14.0 * weeks_per_year);
  EXPECT_NEAR(result.outcomes.mean_wait_of_seen, (7 + 6 + 4 * 2 + 5 + 4 + 8 * 2 + 3 + 2 + 12 + 1) / 7.0, 1e-6);
  EXPECT_TRUE(std::isnan(result.outcomes.mean_wait));  // nobody is referred
}

TEST(Caseload, Above_the_norm_time_is_shared_and_effect_falls) {
  // Four clients who need a week each, of whom two can be supported well: twice as long, half the effect.
  CaseloadParameters parameters = plain(0, 4, 1);
  parameters.starting_backlog = 4;
  parameters.norm = 2;
  parameters.slowing = 1;
  parameters.dilution = 1;
  const DiaryTally tally = diary_of(CaseloadPlan(parameters, window_of(4)), Streams(1, 0, 0));
  ASSERT_EQ(tally.diary.stays.size(), 4u);
  for (const auto& stay : tally.diary.stays) {
    EXPECT_DOUBLE_EQ(stay.end, 2);
    EXPECT_DOUBLE_EQ(stay.effect, 0.5);
  }
  // A worker is away in the second half: from week 1 on nobody can be supported, and nobody ends.
  parameters.workers = Steps({{0, 1}, {1, 0}});
  EXPECT_TRUE(diary_of(CaseloadPlan(parameters, window_of(4)), Streams(1, 0, 0)).diary.stays.empty());
  parameters.workers = Steps({{0, 1}, {1, 0}, {3, 1}});
  const DiaryTally interrupted = diary_of(CaseloadPlan(parameters, window_of(4)), Streams(1, 0, 0));
  for (const auto& stay : interrupted.diary.stays) {
    EXPECT_DOUBLE_EQ(stay.end, 4);
    EXPECT_DOUBLE_EQ(stay.effect, 0.25);  // on average one of the four could be supported well
  }
}

TEST(Caseload, More_referrals_can_undo_a_service) {
  // Slots for all, a norm of 20: with a clients the effect is about (20 / a)^1.5, so a x effect rises to a = 20 and
  // falls.
  const auto effective = [](double clients) {
    CaseloadParameters parameters = plain(clients / 5, 1000, 5, 0.5);
    parameters.starting_clients = clients;
    parameters.norm = 20;
    parameters.dilution = 1.5;
    double sum_of_replicates = 0;
    for (std::uint64_t replicate = 0; replicate < 40; ++replicate)
      sum_of_replicates +=
          run(CaseloadPlan(parameters, window_of(104)), replicate).outcomes.effective_completions_a_year;
    return sum_of_replicates / 40;
  };
  const double few = effective(10);
  const double most = effective(20);
  const double many = effective(60);
  EXPECT_NEAR(few, 10 / 5.0 * weeks_per_year, 4);
  EXPECT_GT(most, 1.5 * few);
  EXPECT_NEAR(many, 60 / 5.0 * weeks_per_year * std::pow(20.0 / 60, 1.5), 5);  // s.e. 0.5; the mean of a power is above
  EXPECT_LT(many, 0.75 * most);
}

TEST(Caseload, Starts_a_week_are_what_a_full_service_makes) {
  CaseloadParameters parameters = plain(0, 0, 8, 0.7);
  parameters.workers = Steps(0);
  parameters.starts = Steps(12.5);
  parameters.starting_use = 1;
  parameters.starting_backlog = 3000;
  parameters.drop_out = 0.3;
  double started = 0;
  for (std::uint64_t replicate = 0; replicate < 100; ++replicate) {
    const auto outcomes = run(CaseloadPlan(parameters, window_of(52)), replicate).outcomes;
    EXPECT_NEAR(outcomes.utilisation, 1, 1e-12);
    started += outcomes.seen_a_week / 100;
  }
  EXPECT_NEAR(started, 12.5, 0.15);  // a full service of 85 slots makes exactly 12.5 in the mean; s.e. 0.02
}

TEST(Caseload, Holds_at_the_ends) {
  const CaseloadParameters busy = plain(5, 10, 4, 1);
  {
    CaseloadParameters parameters = busy;  // no workers
    parameters.workers = Steps(0);
    parameters.patience = 10;
    const auto outcomes = run(CaseloadPlan(parameters, window_of(20)), 0).outcomes;
    EXPECT_EQ(outcomes.seen_a_week, 0);
    EXPECT_EQ(outcomes.in_time, 0);
    EXPECT_GT(outcomes.gave_up, 0.9);
    EXPECT_TRUE(std::isnan(outcomes.utilisation));
    EXPECT_TRUE(std::isnan(outcomes.load));
    EXPECT_TRUE(std::isnan(outcomes.cost_per_completion));
    parameters.patience = 0;
    EXPECT_EQ(run(CaseloadPlan(parameters, window_of(20)), 0).outcomes.gave_up, 0);
  }
  {
    CaseloadParameters parameters = busy;  // no referrals
    parameters.referrals.values = {Steps(0)};
    const auto outcomes = run(CaseloadPlan(parameters, window_of(20)), 0).outcomes;
    EXPECT_EQ(outcomes.seen_a_week, 0);
    EXPECT_EQ(outcomes.in_time, 1);
    EXPECT_EQ(outcomes.weeks_until_clear, 0);
  }
  {
    CaseloadParameters parameters = busy;  // support takes no time
    parameters.support_mean = 0;
    parameters.dilution = 1;
    parameters.norm = 1;
    parameters.return_share = 1;
    const auto outcomes = run(CaseloadPlan(parameters, window_of(20)), 0).outcomes;
    EXPECT_EQ(outcomes.share_in_time, 1);
    EXPECT_EQ(outcomes.utilisation, 0);
    EXPECT_EQ(outcomes.effective_completions_a_year, outcomes.completions_a_year);
    EXPECT_GT(outcomes.referred_a_week, 40);  // everybody comes back every day
  }
  {
    CaseloadParameters parameters = plain(20, 2, 50);  // overloaded for ever
    const auto outcomes = run(CaseloadPlan(parameters, window_of(100)), 0).outcomes;
    EXPECT_LT(outcomes.share_in_time, 0.01);
    EXPECT_TRUE(std::isinf(outcomes.weeks_until_clear));
    EXPECT_TRUE(std::isinf(outcomes.weeks_until_in_time));
    EXPECT_GT(outcomes.mean_wait, 150);
  }
  {
    CaseloadParameters parameters = busy;
    parameters.drop_out = 1;
    const auto outcomes = run(CaseloadPlan(parameters, window_of(1)), 0).outcomes;  // a week
    EXPECT_EQ(outcomes.completions_a_year, 0);
    EXPECT_TRUE(std::isnan(outcomes.cost_per_completion));
  }
}

TEST(Caseload, Without_a_norm_it_is_what_a_worker_takes_on) {
  CaseloadParameters parameters = plain(5, 4, 4);
  parameters.workers = Steps(3);
  parameters.absence = 0.3;
  parameters.slowing = 1;
  parameters.dilution = 1;
  const CaseloadResult left_out = run(CaseloadPlan(parameters, window_of(40)), 3);
  parameters.norm = parameters.clients_each;
  const CaseloadResult given = run(CaseloadPlan(parameters, window_of(40)), 3);
  EXPECT_EQ(left_out.outcomes.completions_a_year, given.outcomes.completions_a_year);
  EXPECT_EQ(left_out.outcomes.effective_completions_a_year, given.outcomes.effective_completions_a_year);
  parameters.norm = 1000;
  EXPECT_NE(run(CaseloadPlan(parameters, window_of(40)), 3).outcomes.completions_a_year,
            given.outcomes.completions_a_year);
}

TEST(Caseload, Refuses_contradictions) {
  const auto problem = [](auto change) -> std::string {
    CaseloadParameters parameters = plain(5, 10, 4);
    change(parameters);
    try {
      const CaseloadPlan plan(parameters, window_of(4));
    } catch (const std::invalid_argument& refused) {
      return refused.what();
    }
    return "";
  };
  EXPECT_EQ(problem([](CaseloadParameters&) {}), "");
  EXPECT_EQ(problem([](CaseloadParameters& p) { p.slowing = 1; }), "");
  EXPECT_EQ(problem([](CaseloadParameters& p) {
              p.slowing = 1;
              p.clients_each = 0;
              p.starts = 2;
            }),
            "slowing and dilution set in above the norm: give norm or clients_each, or leave them out");
  EXPECT_EQ(problem([](CaseloadParameters& p) {
              p.starting_use = 1;
              p.starting_clients = 4;
            }),
            "starting_clients and starting_use say the same twice: give one of them");
  EXPECT_EQ(problem([](CaseloadParameters& p) {
              p.support_law = CaseloadParameters::SupportLaw::exponential;
              p.support_cv = 0.5;
            }),
            "support_cv is 1 where support_law is \"exponential\": leave it out");
}

TEST(Caseload, Another_route_a_longer_window_or_a_law_nobody_uses_moves_nobody) {
  const CaseloadParameters parameters = [] {
    CaseloadParameters p = plain(4, 300, 3, 0.8);  // slots for everybody
    p.return_share = 0.3;
    p.return_delay = 3;
    return p;
  }();
  const auto starts_of = [](const CaseloadParameters& p, int weeks) {
    std::vector<std::pair<double, double>> stays;
    for (const auto& stay : diary_of(CaseloadPlan(p, window_of(weeks)), Streams(4, 2, 8)).diary.stays)
      if (stay.end < 12) stays.emplace_back(stay.start, stay.end);
    return stays;
  };
  const auto before = starts_of(parameters, 12);
  EXPECT_EQ(starts_of(parameters, 30), before);
  CaseloadParameters patient = parameters;
  patient.patience = 1;
  patient.absence = 0;
  EXPECT_EQ(starts_of(patient, 12), before);
  CaseloadParameters more = parameters;
  more.routes = {"all", "other"};
  more.referrals.values = {Steps(4), Steps(2)};
  more.take_up.values = {Steps(1), Steps(1)};
  more.growth.values = {0, 0};
  const auto after = starts_of(more, 12);
  EXPECT_GT(after.size(), before.size());
  EXPECT_TRUE(std::includes(after.begin(), after.end(), before.begin(), before.end()));
}

TEST(Caseload, Another_slot_makes_nobody_wait_longer) {
  // First come, nobody slowed, gives up or comes back: every start is no later (Kiefer & Wolfowitz 1955).
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    std::vector<double> before;
    for (const double slots : {8.0, 9.0, 12.0}) {
      std::vector<double> starts;
      const CaseloadPlan plan(plain(3, slots, 3, 1.2), window_of(40));
      for (const auto& wait : diary_of(plan, Streams(5, 0, seed)).diary.waits)
        if (wait.referred < 40) starts.push_back(wait.until);
      if (!before.empty()) {
        ASSERT_EQ(starts.size(), before.size());
        for (std::size_t i = 0; i < starts.size(); ++i) EXPECT_LE(starts[i], before[i] + 1e-9);
      }
      before = starts;
    }
  }
}

TEST(Caseload, Equal_arms_are_equal) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const CaseloadPlan one(any_parameters(seed), window_of(20));
    const CaseloadPlan other(any_parameters(seed), window_of(20));
    run(CaseloadPlan(any_parameters(seed + 1), window_of(25)), 3);  // the work space is another's now
    EXPECT_EQ(diary_of(one, Streams(1, 0, 0)).diary.waits, diary_of(other, Streams(1, 0, 0)).diary.waits);
    EXPECT_EQ(run(one, 0).series.backlog, run(other, 0).series.backlog);
  }
}

}  // namespace
}  // namespace desist
