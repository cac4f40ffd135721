// A second implementation of the pathway, stage by stage instead of event by event.
//
// Where nobody comes back, the first stage's queue depends on nothing behind it: so each stage can be worked out whole,
// for all cases in order of coming, from the moments at which its servers are free (Kiefer & Wolfowitz 1955).
#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <tuple>

#include <gmock/gmock.h>

#include "engine/random/distributions.hpp"
#include "models/parts/instants.hpp"
#include "tests/models/pathway_helpers.hpp"

namespace desist {
namespace {

using namespace test;

struct NaiveCase {
  std::uint64_t id = 0;
  double referred = 0;
  std::size_t last_stage = 0;
  double came = 0;      // to the present stage
  double left = never;  // its queue: seen, or gave up
  double done = never;  // with it
  bool gave_up = false;
};

struct NaiveStage {
  std::vector<NaiveCase> cases;
};

double uniform_of(const Streams& streams, const char* purpose, const NaiveCase& subject, std::size_t stage, int word) {
  return uniform(streams.words(Purpose(std::string_view(purpose)), subject.id, stage)[static_cast<std::size_t>(word)]);
}

/// Every case that comes to each stage before `until`, with what becomes of it there.
std::vector<NaiveStage> naive(const PathwayParameters& parameters, const PathwayPlan& plan, std::uint64_t replicate,
                              double until) {
  const Streams streams(1, 0, replicate);
  const std::size_t stages = parameters.stages.size();
  std::vector<NaiveCase> coming;
  Demand demand(plan.demand, streams);
  std::vector<Referral> week;
  for (int w = 0; w < until; ++w) {
    demand.draw_week(week);
    for (const Referral& referral : week) {
      NaiveCase subject;
      subject.id = referral.id;
      subject.referred = subject.came = referral.time;
      while (subject.last_stage + 1 < stages && uniform_of(streams, "goes on", subject, subject.last_stage, 0) <
                                                    parameters.continues[subject.last_stage].at(0))
        ++subject.last_stage;
      coming.push_back(subject);
    }
  }
  std::vector<NaiveStage> result(stages);
  for (std::size_t s = 0; s < stages; ++s) {
    std::sort(coming.begin(), coming.end(),
              [](const auto& a, const auto& b) { return std::tie(a.came, a.id) < std::tie(b.came, b.id); });
    std::multiset<double> free;  // from when each server is
    for (int i = 0; i < static_cast<int>(parameters.servers[s].at(0)); ++i) free.insert(0);
    std::vector<NaiveCase> next;
    for (NaiveCase& subject : coming) {
      const double mean = parameters.time[s].at(0);
      const double cv = parameters.time_cv[s];
      const double variance = std::log(1 + cv * cv);
      const double u = uniform_of(streams, "time and patience at a stage", subject, s, 0);
      const double length = parameters.time_law == TimeLaw::exponential
                                ? -mean * std::log(u)
                                : mean * std::exp(std::sqrt(variance) * standard_normal_quantile(u) - variance / 2);
      const double patience =
          parameters.patience[s] == 0
              ? never
              : -parameters.patience[s] * std::log(uniform_of(streams, "time and patience at a stage", subject, s, 1));
      const double begins = free.empty() ? never : std::max(subject.came, *free.begin());
      if (subject.came + patience < begins) {
        subject.gave_up = true;
        subject.left = subject.came + patience;
      } else {
        subject.left = begins;
        if (begins < never) {
          subject.done = begins + length;
          free.erase(free.begin());
          free.insert(subject.done);
        }
      }
      result[s].cases.push_back(subject);
      if (!subject.gave_up && subject.done < until && subject.last_stage > s) {
        NaiveCase onward = subject;
        onward.came = subject.done;
        onward.left = onward.done = never;
        next.push_back(onward);
      }
    }
    coming = std::move(next);
  }
  return result;
}

/// Integral of the number waiting over [0, end], from the path of that number.
double integral_of_path(const NaiveStage& stage, double end) {
  std::vector<std::pair<double, int>> changes;
  for (const NaiveCase& subject : stage.cases) {
    changes.emplace_back(subject.came, 1);
    changes.emplace_back(subject.left, -1);
  }
  std::sort(changes.begin(), changes.end());
  double integral = 0;
  double last = 0;
  int number = 0;
  for (const auto& [time, change] : changes) {
    const double now = std::min(time, end);
    integral += number * (now - last);
    last = now;
    number += change;
  }
  return integral;
}

PathwayParameters feed_forward(std::uint64_t seed) {
  Stream words = Streams(seed, 0, 0).open(Purpose("feed forward"), 0);
  const auto between = [&](double low, double high) { return low + (high - low) * uniform(words()); };
  const auto stages = static_cast<std::size_t>(between(1, 4));
  PathwayParameters parameters = pathway_of(stages, between(1, 12));
  parameters.time_law = uniform(words()) < 0.3 ? TimeLaw::exponential : TimeLaw::lognormal;
  for (std::size_t s = 0; s < stages; ++s) {
    parameters.servers.values[s] = Steps(std::floor(between(0.5, 12)));
    parameters.time.values[s] = Steps(between(0, 2));
    if (parameters.time_law == TimeLaw::lognormal && uniform(words()) < 0.5)
      parameters.time_cv.values[s] = between(0, 2);
    parameters.continues.values[s] = Steps(uniform(words()) < 0.5 ? 1 : between(0, 1));
    if (uniform(words()) < 0.5) parameters.patience.values[s] = between(0.1, 8);
  }
  return parameters;
}

TEST(PathwayNaive, Stage_by_stage_gives_the_same_waits) {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    const PathwayParameters parameters = feed_forward(seed);
    const PathwayPlan plan(parameters, weeks_from(26));
    const PathwayFlows flows = follow(plan, seed).flows;
    const double until = flows.run_ends;
    const auto stages = naive(parameters, plan, seed, until);
    for (std::size_t s = 0; s < stages.size(); ++s) {
      SCOPED_TRACE(s);
      StageFlow expected;
      for (const NaiveCase& subject : stages[s].cases) {
        ++expected.all_came;
        const bool left = subject.left < until;
        expected.all_gave_up += subject.gave_up && left;
        expected.all_begun += !subject.gave_up && left;
        expected.all_done += subject.done < until;
        expected.seen += !subject.gave_up && subject.left < 26;
        expected.busy_weeks += subject.left < 26 && !subject.gave_up ? std::min(subject.done, 26.0) - subject.left : 0;
        expected.waiting_at_end += subject.came <= 26 && subject.left > 26;
        if (subject.referred >= 26) continue;
        ++expected.came;
        if (subject.gave_up && left) {
          ++expected.gave_up;
        } else {
          ++expected.stayed;
          expected.waited += std::min(subject.left, until) - subject.came;
        }
      }
      const StageFlow& found = flows.stages[s];
      ASSERT_EQ(found.all_came, expected.all_came);
      ASSERT_EQ(found.all_begun, expected.all_begun);
      ASSERT_EQ(found.all_gave_up, expected.all_gave_up);
      ASSERT_EQ(found.all_done, expected.all_done);
      ASSERT_EQ(found.seen, expected.seen);
      ASSERT_EQ(found.came, expected.came);
      ASSERT_EQ(found.gave_up, expected.gave_up);
      ASSERT_EQ(found.waiting_at_end, expected.waiting_at_end);
      ASSERT_NEAR(found.waited, expected.waited, 1e-7);
      ASSERT_NEAR(found.busy_weeks, expected.busy_weeks, 1e-7);
      // Little (1961): the waits add up to the integral of the number waiting.
      ASSERT_NEAR(found.waiting_weeks, integral_of_path(stages[s], 26), 1e-7);
    }
    // From referral until the last stage, of those who go so far.
    double waited = 0;
    double number = 0;
    double in_time = 0;
    for (const NaiveCase& subject : stages.back().cases) {
      if (subject.referred >= 26 || (subject.gave_up && subject.left < until)) continue;
      waited += std::min(subject.left, until) - subject.referred;
      number += 1;
      in_time += !subject.gave_up && subject.left < until && subject.left - subject.referred <= parameters.yardstick;
    }
    const auto o = run(plan, seed).outcomes;
    if (until < plan.waiting.last_week && number > 0) {  // all settled, so nobody is still on the way
      ASSERT_NEAR(o.mean_wait, waited / number, 1e-9);
      ASSERT_NEAR(o.stage_wait_from_referral.back(), waited / number, 1e-9);
      ASSERT_NEAR(o.share_in_time * o.referred_a_week * 26, in_time, 1e-6);
    }
  }
}

}  // namespace
}  // namespace desist
