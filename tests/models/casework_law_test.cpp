// Casework follows its laws: exact results for queues in steady state, each check first shown to find a fault.
//
// The desk is open day and night, so that a worker's 168 hours are a week. The sum of the waits of those who come in a
// stretch of T weeks has mean a T W where W is the mean wait: no ratio is taken. Checks of a mean: |mean - expected| <=
// 4.9 standard errors, false alarms below 1e-6 each; the bias found with probability .999 is 8 standard errors.
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "tests/models/casework_helpers.hpp"
#include "tests/models/mean_check.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist {
namespace {

using namespace test;
namespace reference = statistics::reference;
using statistics::reference::number;

/// By class, one value a replicate: mean wait, mean time from referral to the end, share waiting longer than `longer`.
struct Steady {
  std::vector<std::vector<double>> wait, sojourn, longer;
  std::vector<double> work_in_queue;  // sum of rho_i W_i
};
Steady steady(const CaseworkParameters& parameters, int warm, int weeks, int replicates, double longer = 1) {
  const CaseworkPlan plan(parameters, window_of(warm + weeks));
  const std::size_t classes = parameters.classes.size();
  Steady result;
  result.wait.resize(classes);
  result.sojourn.resize(classes);
  result.longer.resize(classes);
  for (int r = 0; r < replicates; ++r) {
    std::vector<double> wait(classes, 0.0);
    std::vector<double> sojourn(classes, 0.0);
    std::vector<double> is_longer(classes, 0.0);
    for (const CaseworkRecord& each : trace(plan, static_cast<std::uint64_t>(r), 21).log) {
      if (each.referred < warm || each.referred >= warm + weeks) continue;
      wait[each.kind] += each.started - each.referred;
      sojourn[each.kind] += each.finished - each.referred;
      is_longer[each.kind] += each.started - each.referred > longer ? 1 : 0;
    }
    double sum = 0;
    for (std::size_t i = 0; i < classes; ++i) {
      const double expected = parameters.referrals[i].at(0) * weeks;
      result.wait[i].push_back(wait[i] / expected);
      result.sojourn[i].push_back(sojourn[i] / expected);
      result.longer[i].push_back(is_longer[i] / expected);
      sum += wait[i] / weeks * parameters.hours[i].at(0) / hours_a_week;
    }
    result.work_in_queue.push_back(sum);
  }
  return result;
}

TEST(CaseworkLaw, Many_equal_workers_with_exponential_hours) {
  for (const auto& row : reference::read("11_queues/expected.json").at("mmc")) {
    const double lambda = row.at("lambda");
    const double mu = row.at("mu");
    if (lambda > 20) continue;  // two rows, of six servers and of one: the others say no more, and take long
    SCOPED_TRACE(lambda);
    CaseworkParameters parameters = plain({lambda}, {hours_a_week / mu});
    parameters.hours_cv.values = {1};
    parameters.workers = Steps(number(row.at("servers")));
    const auto& exceeds = row.at("p_wait_exceeds")[1];
    // One server: sd of a replicate .57, finds a bias of .3 in 4; six: .01, finds .004 in .14.
    const Steady found = steady(parameters, 300, 2000, lambda > 2 ? 100 : 300, number(exceeds.at("t")));
    EXPECT_TRUE(agrees(found.wait[0], number(row.at("Wq"))));
    EXPECT_TRUE(agrees(found.sojourn[0], number(row.at("W"))));
    EXPECT_TRUE(agrees(found.longer[0], number(exceeds.at("value"))));
    parameters.hours.values[0] = Steps(1.04 * hours_a_week / mu);
    EXPECT_FALSE(agrees(steady(parameters, 300, 2000, 100).wait[0], number(row.at("Wq"))));
  }
}

TEST(CaseworkLaw, One_worker_with_hours_of_any_law) {
  const auto queues = reference::read("11_queues/expected.json");
  const auto check = [](double lambda, double mean, double variance, double expected) {
    SCOPED_TRACE(lambda);
    // In units in which a case takes a third of a week, so that rows of different pace cost alike.
    const double unit = 1 / (3 * mean);
    CaseworkParameters parameters = plain({lambda / unit}, {mean * unit * hours_a_week});
    parameters.hours_cv.values = {std::sqrt(variance) / mean};
    // rho = .8: sd of a replicate a tenth of the mean, finds a bias of 6 in 100; rho = .7 and below: 3 in 100.
    EXPECT_TRUE(agrees(steady(parameters, 200, 1000, 200).wait[0], expected * unit));
    parameters.hours_cv.values = {1.2 * std::sqrt(variance) / mean + (variance == 0 ? 0.5 : 0)};
    EXPECT_FALSE(agrees(steady(parameters, 200, 1000, 200).wait[0], expected * unit));
  };
  for (const auto& row : queues.at("mg1")) check(row.at("lambda"), row.at("mean"), row.at("variance"), row.at("Wq"));
  for (const auto& row : queues.at("md1")) check(row.at("lambda"), row.at("service"), 0, row.at("Wq"));
}

/// W_i = W_0 / ((1 - s_(i-1)) (1 - s_i)), s_i = rho_1 + ... + rho_i (Cobham 1954).
std::vector<double> waits_by_rank(const std::vector<double>& rho, double at_first) {
  std::vector<double> waits;
  double before = 0;
  for (const double each : rho) {
    waits.push_back(at_first / ((1 - before) * (1 - before - each)));
    before += each;
  }
  return waits;
}

const std::vector<double> rates{0.9, 1.5, 0.8};
const std::vector<double> weeks_of_work{0.3, 0.15, 0.35};  // rho = .27, .225, .28: .775
const std::vector<double> cvs{1, 0.5, 1.5};

CaseworkParameters three_classes(const std::vector<double>& ranks) {
  std::vector<double> hours;
  for (const double each : weeks_of_work) hours.push_back(each * hours_a_week);
  CaseworkParameters parameters = plain(rates, hours);
  parameters.hours_cv.values = cvs;
  parameters.priority.values = ranks;
  return parameters;
}

TEST(CaseworkLaw, One_worker_with_classes_in_fixed_order) {
  std::vector<double> rho;
  double at_first = 0;  // W_0 = sum of a_j E[S_j^2] / 2
  for (std::size_t i = 0; i < 3; ++i) {
    rho.push_back(rates[i] * weeks_of_work[i]);
    at_first += rates[i] * weeks_of_work[i] * weeks_of_work[i] * (1 + cvs[i] * cvs[i]) / 2;
  }
  const auto expected = waits_by_rank(rho, at_first);
  // sd of a replicate a tenth of the mean, in the last class a fifth: finds a bias of 6 (12) in 100.
  const Steady found = steady(three_classes({1, 2, 3}), 200, 1000, 200);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(agrees(found.wait[i], expected[i])) << i;
  const Steady fault = steady(three_classes({1, 1, 1}), 200, 1000, 200);
  EXPECT_FALSE(agrees(fault.wait[0], expected[0]));
  EXPECT_FALSE(agrees(fault.wait[2], expected[2]));

  // The work that waits, sum of rho_i W_i, is rho W_0 / (1 - rho) whatever the order (Kleinrock 1965).
  const double all = std::accumulate(rho.begin(), rho.end(), 0.0);
  const double conserved = all * at_first / (1 - all);
  EXPECT_TRUE(agrees(found.work_in_queue, conserved));
  EXPECT_TRUE(agrees(fault.work_in_queue, conserved));
  EXPECT_TRUE(agrees(steady(three_classes({3, 2, 1}), 200, 1000, 200).work_in_queue, conserved));
  CaseworkParameters aged = three_classes({1, 2, 3});
  aged.ageing = 0.7;
  EXPECT_TRUE(agrees(steady(aged, 200, 1000, 200).work_in_queue, conserved));
  aged.hours.values[1] = Steps(0.18 * hours_a_week);
  EXPECT_FALSE(agrees(steady(aged, 200, 1000, 200).work_in_queue, conserved));
}

TEST(CaseworkLaw, Equal_exponential_workers_with_classes_in_fixed_order) {
  // Kella & Yechiali (1985): as above, with W_0 the chance that all c are busy (Erlang C) times the mean time until one
  // of them is free.
  const auto row = reference::read("11_queues/expected.json").at("mmc")[0];  // 9 a week, six workers, two a week each
  const double c = row.at("servers");
  const double mu = row.at("mu");
  const double at_first = number(row.at("p_wait")) / (c * mu);
  const std::vector<double> by_class{2, 4, 3};
  std::vector<double> rho;
  for (const double each : by_class) rho.push_back(each / (c * mu));
  const auto expected = waits_by_rank(rho, at_first);
  CaseworkParameters parameters = plain(by_class, {hours_a_week / mu, hours_a_week / mu, hours_a_week / mu});
  parameters.hours_cv.values = {1, 1, 1};
  parameters.priority.values = {1, 2, 3};
  parameters.workers = Steps(c);
  const Steady found = steady(parameters, 100, 1000, 200);  // sd a tenth of the mean: finds a bias of 6 in 100
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(agrees(found.wait[i], expected[i])) << i;
  parameters.priority.values = {1, 3, 2};
  const Steady fault = steady(parameters, 100, 1000, 200);
  EXPECT_FALSE(agrees(fault.wait[1], expected[1]));
  EXPECT_FALSE(agrees(fault.wait[2], expected[2]));
}

TEST(CaseworkLaw, What_comes_back_is_work_again) {
  // Each case comes back with chance .3: 1/.7 times the hours in the long run, and offered hours less used ones spare.
  CaseworkParameters parameters = plain({2}, {0.25 * hours_a_week});
  parameters.hours_cv.values = {0.7};
  parameters.returned.values = {0.3};
  parameters.return_after = 1;
  parameters.starting_backlog = 0;
  const auto used = [&](int replicates) {
    const CaseworkPlan plan(parameters, window_of(600));
    std::vector<double> hours;
    for (int r = 0; r < replicates; ++r) {
      const Result result = run(plan, static_cast<std::uint64_t>(r));
      hours.push_back(result.outcomes.hours_used_a_week);
      EXPECT_NEAR(result.outcomes.hours_used_a_week + result.outcomes.spare_hours_a_week, hours_a_week, 1e-9);
    }
    return hours;
  };
  // Of the last weeks' cases some have not come back or not been done by the end: about .5 x (1/.7 + 3) weeks of work
  // less in 600, within .5 hours of 120. sd of a replicate 4: 300 find a bias of 2.
  const Mean mean = mean_of(used(300));
  EXPECT_NEAR(mean.value, 2 * 0.25 * hours_a_week / 0.7, tolerance_in_errors * mean.standard_error + 0.5);
  parameters.returned.values = {0.32};
  const Mean fault = mean_of(used(300));
  EXPECT_GT(std::abs(fault.value - 120), tolerance_in_errors * fault.standard_error + 0.5);
}

TEST(CaseworkLaw, Overload_grows_by_what_is_referred_less_what_can_be_done) {
  CaseworkParameters parameters = plain({10}, {21});  // eight a week can be done
  parameters.starting_backlog = 200;
  const auto outstanding = [&](double referrals) {
    parameters.referrals.values[0] = Steps(referrals);
    const CaseworkPlan plan(parameters, window_of(100));
    std::vector<double> cases;
    for (std::uint64_t r = 0; r < 400; ++r) cases.push_back(run(plan, r).outcomes.outstanding_end);
    return cases;
  };
  // All hours are worked; 800 cases are finished in 100 weeks. sd 32: finds a bias of 13 in 400.
  EXPECT_TRUE(agrees(outstanding(10), 200 + 100 * (10 - 8)));
  EXPECT_FALSE(agrees(outstanding(10.2), 200 + 100 * (10 - 8)));
}

}  // namespace
}  // namespace desist
