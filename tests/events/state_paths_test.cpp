// Paths through states against closed forms, the renewal equations, and the printed figures of task T8.
#include "engine/events/state_paths.hpp"

#include <array>
#include <functional>
#include <stdexcept>

#include <gmock/gmock.h>

#include "tests/bench/ctstm_model.hpp"
#include "tests/models/mean_check.hpp"

namespace desist {
namespace {

using test::agrees;
using Ways = std::vector<std::vector<StateTransition>>;
using testing::ElementsAreArray;

/// States of task T8 for a person with x = 0.
const Ways task_ways{{{1, 0.9, 2}, {2, 1.3, 6}}, {{0, 1.5, 0.8}, {2, 1, 8}}, {}};

struct Stay {
  std::size_t state;
  double from;
  double until;
  friend bool operator==(const Stay&, const Stay&) = default;
};

struct Path {
  std::vector<Stay> stays;
  std::size_t last = 0;
  double in(std::size_t state) const {
    double sum = 0;
    for (const Stay& stay : stays)
      if (stay.state == state) sum += stay.until - stay.from;
    return sum;
  }
};

Path path(const StatePaths& paths, std::uint64_t person, double until, const std::vector<double>& log_stretch = {},
          std::size_t start = 0) {
  const std::vector<double> none(paths.ways(), 0.0);
  Path path;
  path.last =
      paths.walk(start, until, log_stretch.empty() ? none : log_stretch, Streams(7, 0, 0).open(Purpose("path"), person),
                 [&](std::size_t state, double from, double to) {
                   path.stays.push_back({state, from, to});
                 });
  return path;
}

/// One number of each of n paths.
std::vector<double> each(const StatePaths& paths, std::uint64_t n, double until,
                         const std::function<double(const Path&)>& what) {
  std::vector<double> values;
  for (std::uint64_t person = 0; person < n; ++person) values.push_back(what(path(paths, person, until)));
  return values;
}

/// Means over a time of a process of two states that are left for one another or for good: y_s(t) = a_s(t) + integral
/// of y_other(t - u) dQ_s(u), Q_s(t) the chance of having gone from s straight to the other within t. By the trapezoid
/// in Q_s on a grid; Richardson takes out the error in step^2.
class Renewal {
 public:
  explicit Renewal(const Ways& ways) : ways_(ways) {}

  double years_in(std::size_t state, double time) const {
    return extrapolated(time, [&](std::size_t s, std::size_t k, double) { return s == state ? area_[s][k] : 0; });
  }
  double left_for_good(double time) const {
    return extrapolated(time, [&](std::size_t s, std::size_t k, double) { return gone_[s][k]; });
  }
  double stays(double time) const {
    return extrapolated(time, [](std::size_t, std::size_t, double) { return 1.0; });
  }

 private:
  using Term = std::function<double(std::size_t state, std::size_t k, double t)>;

  static double survival(const StateTransition& way, double t) { return std::exp(-std::pow(t / way.scale, way.shape)); }

  double extrapolated(double time, const Term& term) const {
    const double coarse = solved(time, 500, term);
    const double fine = solved(time, 1000, term);
    return fine + (fine - coarse) / 3;
  }
  double solved(double time, std::size_t steps, const Term& term) const {
    std::array<std::vector<double>, 2> change;  // of Q_s in each step
    for (std::size_t s = 0; s < 2; ++s) {
      const StateTransition& on = ways_[s][0];
      const StateTransition& out = ways_[s][1];
      constexpr std::size_t parts = 50;  // of a step, for what each state does by itself
      area_[s] = gone_[s] = {0};
      change[s] = {0};
      for (std::size_t k = 1; k <= steps; ++k) {
        double area = 0, gone = 0, went = 0;
        for (std::size_t i = 0; i < parts; ++i) {
          const double h = time / static_cast<double>(steps * parts);
          const double a = (static_cast<double>((k - 1) * parts + i)) * h;
          const double on_a = survival(on, a), on_b = survival(on, a + h);
          const double out_a = survival(out, a), out_b = survival(out, a + h);
          area += h * (on_a * out_a + on_b * out_b) / 2;
          went += (on_a - on_b) * (out_a + out_b) / 2;
          gone += (out_a - out_b) * (on_a + on_b) / 2;
        }
        area_[s].push_back(area_[s].back() + area);
        gone_[s].push_back(gone_[s].back() + gone);
        change[s].push_back(went);
      }
    }
    std::array<std::vector<double>, 2> y{{{term(0, 0, 0)}, {term(1, 0, 0)}}};
    for (std::size_t n = 1; n <= steps; ++n) {
      std::array<double, 2> known{};
      for (std::size_t s = 0; s < 2; ++s) {
        const std::vector<double>& other = y[1 - s];
        known[s] =
            term(s, n, time * static_cast<double>(n) / static_cast<double>(steps)) + change[s][1] * other[n - 1] / 2;
        for (std::size_t k = 2; k <= n; ++k) known[s] += change[s][k] * (other[n - k] + other[n - k + 1]) / 2;
      }
      const double a = change[0][1] / 2, b = change[1][1] / 2;  // y_0 = known_0 + a y_1, y_1 = known_1 + b y_0
      const double first = (known[0] + a * known[1]) / (1 - a * b);
      y[0].push_back(first);
      y[1].push_back(known[1] + b * first);
    }
    return y[0].back();
  }

  Ways ways_;
  mutable std::array<std::vector<double>, 2> area_;  // integral of the chance of staying
  mutable std::array<std::vector<double>, 2> gone_;  // chance of having left for good, straight
};

TEST(LogExponential, Logarithms_of_exponentials) {
  const LogExponential fast;
  Stream words = Streams(1, 0, 0).open(Purpose("words"), 0);
  std::vector<std::uint64_t> tried{0, ~std::uint64_t{0}};
  for (std::uint64_t part = 0; part < 256; ++part) {
    tried.push_back(part << 56U);
    tried.push_back((part << 56U) + (std::uint64_t{1} << 56U) - 1);
    for (int i = 0; i < 100; ++i) tried.push_back((part << 56U) + (words() >> 8U));
  }
  for (const std::uint64_t word : tried) ASSERT_NEAR(fast(word), std::log(-std::log(uniform(word))), 1e-12) << word;
}

TEST(StatePaths, A_stay_lasts_a_Weibull_time) {
  const Ways ways{{{1, 1.7, 3}}, {}};
  const StatePaths paths(ways);
  const auto stays = each(paths, 200'000, 1000, [](const Path& one) { return one.in(0); });
  EXPECT_TRUE(agrees(stays, 3 * std::tgamma(1 + 1 / 1.7)));
  const auto beyond = each(paths, 200'000, 1000, [](const Path& one) { return one.in(0) > 4 ? 1 : 0; });
  EXPECT_TRUE(agrees(beyond, std::exp(-std::pow(4 / 3.0, 1.7))));
  EXPECT_FALSE(agrees(beyond, std::exp(-std::pow(4 / 3.0, 1.6))));  // tells another law apart
}

TEST(StatePaths, The_earliest_of_the_ways_is_taken) {
  // Of one shape k: way i with chance s_i^-k / sum s^-k, whenever it comes.
  const Ways ways{{{1, 1.4, 2}, {2, 1.4, 3}, {3, 1.4, 5}}, {}, {}, {}};
  const StatePaths paths(ways);
  const std::array<double, 3> weights{std::pow(2, -1.4), std::pow(3, -1.4), std::pow(5, -1.4)};
  const double sum = weights[0] + weights[1] + weights[2];
  for (std::size_t i = 0; i < 3; ++i) {
    const auto taken = each(paths, 200'000, 1000, [i](const Path& one) { return one.last == i + 1 ? 1 : 0; });
    EXPECT_TRUE(agrees(taken, weights[i] / sum)) << i;
  }
  const auto times = each(paths, 200'000, 1000, [](const Path& one) { return one.in(0); });
  EXPECT_TRUE(agrees(times, std::pow(sum, -1 / 1.4) * std::tgamma(1 + 1 / 1.4)));
}

TEST(Renewal, Of_exponential_times_is_the_known_chain) {
  // Rates: 0 to 1 at 1, out at 0.5; 1 to 0 at 2, out at 0.25. Years ever in 0 are 1 / (1.5 - 1 x 2 / 2.25), in 1 as
  // many times 1 / 2.25.
  const Renewal renewal({{{1, 1, 1}, {2, 1, 2}}, {{0, 1, 0.5}, {2, 1, 4}}, {}});
  const double in_0 = 1 / (1.5 - 2 / 2.25);
  EXPECT_NEAR(renewal.years_in(0, 60), in_0, 1e-4);
  EXPECT_NEAR(renewal.years_in(1, 60), in_0 / 2.25, 1e-4);
  EXPECT_NEAR(renewal.left_for_good(60), 1, 1e-4);
}

TEST(StatePaths, Solve_the_renewal_equations) {
  const StatePaths paths(task_ways);
  const Renewal renewal(task_ways);
  constexpr std::uint64_t n = 400'000;
  const auto offending = each(paths, n, 10, [](const Path& one) { return one.in(0); });
  EXPECT_TRUE(agrees(offending, renewal.years_in(0, 10)));
  EXPECT_TRUE(agrees(each(paths, n, 10, [](const Path& one) { return one.in(1); }), renewal.years_in(1, 10)));
  const auto desisted = each(paths, n, 10, [](const Path& one) { return one.last == 2 ? 1 : 0; });
  EXPECT_TRUE(agrees(desisted, renewal.left_for_good(10)));
  EXPECT_TRUE(
      agrees(each(paths, n, 10,
                  [](const Path& one) { return static_cast<double>(one.stays.size()) - (one.last == 2 ? 1 : 0); }),
             renewal.stays(10)));
  const Renewal other({{{1, 0.9, 2}, {2, 1.3, 6.15}}, task_ways[1], {}});
  EXPECT_FALSE(agrees(offending, other.years_in(0, 10)));
  EXPECT_FALSE(agrees(desisted, other.left_for_good(10)));
}

TEST(StatePaths, A_stretch_multiplies_a_scale) {
  const StatePaths stretched(task_ways);
  const StatePaths scaled(Ways{{{1, 0.9, 2 * std::exp(0.3)}, {2, 1.3, 6}}, task_ways[1], {}});
  for (std::uint64_t person = 0; person < 100; ++person)
    EXPECT_NEAR(path(stretched, person, 10, {0.3, 0, 0, 0}).in(0), path(scaled, person, 10).in(0), 1e-12);
}

TEST(StatePaths, A_longer_horizon_moves_nothing_before) {
  const StatePaths paths(task_ways);
  for (std::uint64_t person = 0; person < 100; ++person) {
    const Path shorter = path(paths, person, 4);
    Path longer = path(paths, person, 10);
    ASSERT_GE(longer.stays.size(), shorter.stays.size());
    longer.stays.resize(shorter.stays.size());
    longer.stays.back().until = std::min(4.0, longer.stays.back().until);
    EXPECT_THAT(longer.stays, ElementsAreArray(shorter.stays));
  }
}

TEST(StatePaths, A_state_without_ways_is_never_left) {
  const Path found = path(StatePaths(task_ways), 0, 10, {}, 2);
  EXPECT_EQ(found.last, 2u);
  EXPECT_THAT(found.stays, testing::ElementsAre(Stay{2, 0, 10}));
}

TEST(StatePaths, Refuse_what_is_no_law) {
  const auto message = [](const Ways& ways) {
    try {
      const StatePaths paths(ways);
    } catch (const std::invalid_argument& error) {
      return std::string(error.what());
    }
    return std::string("accepted");
  };
  EXPECT_EQ(message({{{1, 1, 1}}}), "the way from state 0 to state 1: there is no such state");
  EXPECT_EQ(message({{{0, 0, 1}}}), "the way from state 0 to state 0: shape and scale have to be above 0 and finite");
  EXPECT_EQ(message({{{0, 1, HUGE_VAL}}}),
            "the way from state 0 to state 0: shape and scale have to be above 0 and finite");
}

TEST(StateTask, Has_the_printed_figures_of_task_T8) {
  // 40 runs of NumPy's version: 4.2894 (standard error .0015) years offending, 1.4258 (.0017) in custody, 0.73087
  // (.0002) desisted, 5.061 (.004) stays. Here people are few in a draw, so that draws are many; their means are
  // independent but for the people's own x, whose share of the variance is put in by taking people anew.
  constexpr std::uint64_t runs = 1'000;
  constexpr std::uint64_t draws = 20;
  constexpr std::uint64_t people = 50;
  std::array<std::vector<double>, 4> means;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const bench::StateTask task(seed, people);
    std::array<double, 4> sums{};
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
      const bench::StateTask::Result result = task.run(draw);
      const std::array<double, 4> found{result.years_in[0], result.years_in[1], result.desisted, result.stays};
      for (std::size_t i = 0; i < 4; ++i) sums[i] += found[i] / draws;
      EXPECT_NEAR(result.years_in[0] + result.years_in[1] + result.years_in[2], bench::StateTask::years, 1e-9);
    }
    for (std::size_t i = 0; i < 4; ++i) means[i].push_back(sums[i]);
  }
  const std::array<double, 4> printed{4.2894, 1.4258, 0.73087, 5.061};
  const std::array<double, 4> errors{0.0015, 0.0017, 0.0002, 0.004};
  for (std::size_t i = 0; i < 4; ++i) {
    const test::Mean mean = test::mean_of(means[i]);
    const double error = std::hypot(mean.standard_error, errors[i]);
    EXPECT_NEAR(mean.value, printed[i], test::tolerance_in_errors * error) << i;
    EXPECT_LT(error, 0.002 * printed[i]) << i;  // one in a hundred would be seen
  }
}

}  // namespace
}  // namespace desist
