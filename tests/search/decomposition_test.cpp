// Decompositions against Shapley values by all orders, and a model whose parts are known.
#include "engine/search/decomposition.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/core/limits.hpp"
#include "tests/simulation/layouts.hpp"

namespace desist {
namespace {

// A rate before of exp(u); after it falls by a, b and c on the scale of logarithms, and by a x c together; counted is
// 1.5 times as much before.
struct Fall {
  static constexpr ModelInfo info{"fall", "A rate that falls for known reasons.", "tests/search"};
  enum class Works { yes, no };
  struct Parameters {
    double a = 0, b = 0, c = 0, together = 0, lost = 0, none = 0;
    Works second = Works::yes;
    static void describe(auto& v) {
      const auto number = [&](const char* name, double Parameters::*member) {
        v.number(name, member, {.unit = "1", .range = {-5, 5}, .off = 0, .help = "A fall."});
      };
      number("a", &Parameters::a);
      number("b", &Parameters::b);
      number("c", &Parameters::c);
      number("together", &Parameters::together);
      number("lost", &Parameters::lost);
      v.one_of("second", &Parameters::second, {"yes", "no"}, {.off = 0, .help = "Whether b is at work."});
      number("none", &Parameters::none);
    }
  };
  struct Outcomes {
    double before = 0, after = 0, expected_before = 0, expected_after = 0;
    static void describe(auto& v) {
      v.outcome("before", &Outcomes::before, {.unit = "offence", .better = Better::lower, .may_be_missing = true});
      v.outcome("after", &Outcomes::after, {.unit = "offence", .better = Better::lower, .may_be_missing = true});
      v.outcome("expected_before", &Outcomes::expected_before, {.unit = "offence", .may_be_missing = true});
      v.outcome("expected_after", &Outcomes::expected_after, {.unit = "offence", .may_be_missing = true});
    }
  };
  struct Series {
    static void describe(auto&) {}
  };
  struct Bound {
    Bound(const Parameters& p, const Window&) : given(p) {}
    Parameters given;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series&) {
    static constexpr Purpose purpose{"fall"};
    const Words words = streams.words(purpose, 0);
    const Parameters& p = bound.given;
    const double fall = p.a + (p.second == Works::yes ? p.b : 0) + p.c + p.together * p.a * p.c;
    outcomes.expected_before = 1 + uniform(words[0]);
    outcomes.expected_after = outcomes.expected_before * std::exp(-fall);
    outcomes.before = 1.5 * outcomes.expected_before * (0.5 + uniform(words[1]));
    outcomes.after = outcomes.expected_after;
    if (uniform(words[1]) < p.lost) outcomes.before = missing;
    if (uniform(words[0]) < p.none) outcomes.after = 0;
  }
};

struct FallRun {
  ModelRecord model = model_record<Fall>();
  std::vector<Arm> arms;
  std::vector<Parameter> parameters;
  Window window{Date{0}, Date{70}};
  Plan plan;
  Decomposition asked;
  RunControl control;

  FallRun() {
    const char* names[] = {"a", "b", "c", "together", "lost"};
    const double values[] = {0.3, -0.1, 0.3, 0.5, 0};
    Arm arm;
    arm.name = "as_it_is";
    for (std::size_t i = 0; i < 5; ++i) {
      parameters.push_back({names[i], names[i], "1", FixedLaw{values[i]}});
      arm.layout.fields.push_back(test::from_slot(i));
    }
    arm.layout.fields.push_back({});  // second: yes
    arm.layout.fields.push_back({});  // none: 0
    arms = {arm};
    plan.seed = 5;
    asked.label = "Fall";
    asked.from = 0;
    asked.to = 1;
    asked.expected_from = 2;
    asked.expected_to = 3;
    asked.draws = 400;
    asked.switches = {{"A", {}, {{0, 0.0}}}, {"B", {{5, 1}}, {}}, {"C", {}, {{2, 0.0}}}, {"Idle", {}, {{4, 0.0}}}};
  }
  DecompositionResult run() const {
    const ParameterDraws draws(parameters, {}, {}, plan.seed);
    return decompose({asked}, model, arms, draws, window, plan, control).at(0);
  }
};

double sum_of(const DecompositionResult& result) {
  double sum = 0;
  for (const DecompositionTerm& term : result.terms) sum += term.value;
  return sum;
}

TEST(Shapley, IsTheMeanOverAllOrders) {
  const std::vector<double> worth{0, 0.3, -0.2, 0.5, 1.1, 0.4, 0.9, 2.0, 0.7, -1.0, 0.25, 0.1, 3.0, 0.05, 0.6, 1.7};
  std::vector<std::size_t> order{0, 1, 2, 3};
  std::vector<double> sums(4, 0.0);
  int orders = 0;
  do {
    ++orders;
    std::size_t in = 0;
    for (const std::size_t m : order) {
      const std::size_t with = in | std::size_t{1} << m;
      sums[m] += worth[with] - worth[in];
      in = with;
    }
  } while (std::next_permutation(order.begin(), order.end()));
  const std::vector<double> ours = shapley_values(worth, 4);
  for (std::size_t m = 0; m < 4; ++m) EXPECT_NEAR(ours[m], sums[m] / orders, 1e-14);
  EXPECT_NEAR(std::accumulate(ours.begin(), ours.end(), 0.0), worth.back() - worth.front(), 1e-14);
  EXPECT_TRUE(shapley_values({0.0}, 0).empty());
}

TEST(Decomposition, PartsAreWhatTheModelSays) {
  const DecompositionResult result = FallRun().run();
  ASSERT_EQ(result.terms.size(), 6U);
  EXPECT_NEAR(sum_of(result), result.total.value, 1e-12);
  EXPECT_NEAR(result.total.value, std::log(result.from / result.to), 1e-12);
  // the interaction .5 x .3 x .3 is shared by A and C alone
  EXPECT_NEAR(result.terms[1].value, 0.3 + 0.0225, 1e-12);
  EXPECT_NEAR(result.terms[2].value, -0.1, 1e-12);
  EXPECT_NEAR(result.terms[3].value, result.terms[1].value, 1e-12);  // alike: equal
  EXPECT_EQ(result.terms[4].value, 0);                               // does nothing
  EXPECT_EQ(result.terms[4].mc_error, 0);
  EXPECT_EQ(result.terms[5].value, 0);  // nothing is left with all switched off
  EXPECT_EQ(result.terms[0].kind, DecompositionTerm::Kind::chance);
  EXPECT_EQ(result.terms[5].kind, DecompositionTerm::Kind::rest);
  EXPECT_EQ(result.subsets.size(), 16U);
  EXPECT_EQ(result.left_out, 0U);
}

TEST(Decomposition, ChanceIsWhatTheExpectedLeave) {
  FallRun fall;
  const DecompositionResult result = fall.run();
  // E before = 1.5 E(1 + u) E(.5 + u') = 1.5 E expected; its error is that of a ratio of means.
  EXPECT_NEAR(result.terms[0].value, std::log(1.5), 4.9 * result.terms[0].mc_error);
  EXPECT_GT(std::abs(result.terms[0].value), 4.9 * result.terms[0].mc_error);  // it can fail
  fall.asked.expected_from.reset();
  fall.asked.expected_to.reset();
  const DecompositionResult without = fall.run();
  ASSERT_EQ(without.terms.size(), 5U);
  EXPECT_NEAR(without.terms[0].value, 0.3225, 1e-12);
  EXPECT_NEAR(without.terms[4].value, result.terms[0].value, 1e-12);  // then chance is in the rest
  EXPECT_NEAR(sum_of(without), without.total.value, 1e-12);
}

// The jackknife's error of chance against the spread of 400 runs: a standard deviation is known to 1/sqrt(800) = 3.5%
// of itself and the jackknife's own spread at 400 draws is smaller, so 4.9 x 5% holds but once in a million.
TEST(Decomposition, ErrorsAreThoseOfRepeatedRuns) {
  FallRun fall;
  fall.asked.switches.resize(1);
  double mean = 0, squares = 0, claimed = 0;
  constexpr int runs = 400;
  for (int i = 1; i <= runs; ++i) {
    fall.plan.seed = static_cast<std::uint64_t>(1000 + i);
    const DecompositionResult result = fall.run();
    const double step = result.terms[0].value - mean;
    mean += step / i;
    squares += step * (result.terms[0].value - mean);
    claimed += result.terms[0].mc_error / runs;
  }
  const double spread = std::sqrt(squares / (runs - 1));
  EXPECT_NEAR(claimed / spread, 1, 0.25);
  EXPECT_GT(std::abs(1.5 * claimed / spread - 1), 0.25);  // it can fail
}

TEST(Decomposition, DrawsWithoutAValueAreLeftOut) {
  FallRun fall;
  fall.parameters[4].law = FixedLaw{0.1};
  fall.asked.switches.pop_back();
  const DecompositionResult result = fall.run();
  EXPECT_NEAR(static_cast<double>(result.left_out), 40, 4.9 * 6);
  EXPECT_NEAR(result.terms[2].value, -0.1, 1e-12);
  EXPECT_NEAR(sum_of(result), result.total.value, 1e-12);
}

TEST(Decomposition, IsTheSameForAnyNumberOfThreads) {
  std::vector<double> first;
  for (const unsigned threads : {1U, 2U, 3U}) {
    FallRun fall;
    fall.control.threads = threads;
    const DecompositionResult result = fall.run();
    std::vector<double> numbers = result.subsets;
    for (const DecompositionTerm& term : result.terms) numbers.insert(numbers.end(), {term.value, term.mc_error});
    if (first.empty()) first = numbers;
    EXPECT_EQ(numbers, first);
  }
}

/// a, the part of a mechanism, is uniform on .1 to .5 over draws; what is counted before has luck.
FallRun uncertain_fall(std::uint64_t replicates) {
  FallRun fall;
  fall.parameters[0].law = UniformLaw{0.1, 0.5};
  fall.parameters[3].law = FixedLaw{0.0};  // no interaction: a's part is a
  fall.asked.switches.pop_back();
  fall.asked.replicates = replicates;
  return fall;
}

TEST(Decomposition, PartsAddUpInEveryDraw) {
  const DecompositionResult result = uncertain_fall(4).run();
  ASSERT_EQ(result.by_draw.size(), 400U);
  for (const std::vector<double>& draw : result.by_draw)
    EXPECT_NEAR(std::accumulate(draw.begin(), draw.end() - 1, 0.0), draw.back(), 1e-12);
  EXPECT_NEAR(sum_of(result), result.total.value, 1e-12);
  EXPECT_FALSE(uncertain_fall(1).run().total.spread);
}

// Of 400 draws a limit is the 10th: known to sqrt(.025 x .975/400) = .0078 of the range; a variance to sqrt(2/400) = 7%
// of itself.
TEST(Decomposition, SpreadIsThatOfTheParameters) {
  const FallRun fall = uncertain_fall(4);
  const DecompositionResult result = fall.run();
  const DecompositionTerm &chance = result.terms[0], &a = result.terms[1], &b = result.terms[2];
  ASSERT_TRUE(a.spread);
  EXPECT_NEAR(a.spread->luck, 0, 1e-9);  // expected rates have none
  EXPECT_NEAR(a.spread->low, 0.1 + 0.025 * 0.4, 0.4 * 4.9 * 0.0078);
  EXPECT_NEAR(a.spread->high, 0.1 + 0.975 * 0.4, 0.4 * 4.9 * 0.0078);
  EXPECT_NEAR(b.spread->high - b.spread->low, 0, 1e-9);  // it is known
  // All of chance is luck, and none of it the parameters'.
  EXPECT_GT(chance.spread->luck, 1 - 4.9 * std::sqrt(2.0 / 400));
  std::vector<double> raw;
  for (const auto& draw : result.by_draw) raw.push_back(draw[0]);
  std::sort(raw.begin(), raw.end());
  EXPECT_GT(raw[389] - raw[9], 0.4);  // four replicates leave it far more than what is said
  EXPECT_LT(chance.spread->high - chance.spread->low, 0.6 * (raw[389] - raw[9]));
  // So the fall's is a's: from that of a uniform law to that of a normal one of the same variance.
  const double sd = 0.4 / std::sqrt(12.0), width = result.total.spread->high - result.total.spread->low;
  EXPECT_GT(width, 0.95 * 0.4 * 0.8);
  EXPECT_LT(width, 3.92 * sd * 1.2);
  raw.clear();
  for (const auto& draw : result.by_draw) raw.push_back(draw.back());
  std::sort(raw.begin(), raw.end());
  EXPECT_GT(raw[389] - raw[9], 3.92 * sd * 1.2);  // with luck in it, it fails
}

// A fifth of the runs count nothing after: the logarithm of some draw, or of what its other replicates leave, has no
// value. That must not pass for a narrow interval.
TEST(Decomposition, SpreadIsNotToldWhereADrawHasNoLogarithm) {
  FallRun fall = uncertain_fall(4);
  fall.parameters.push_back({"none", "none", "1", FixedLaw{0.2}});
  fall.arms[0].layout.fields.back() = test::from_slot(5);
  const DecompositionResult result = fall.run();
  EXPECT_TRUE(std::isfinite(result.total.value));
  EXPECT_FALSE(result.total.spread);
  EXPECT_FALSE(result.terms[0].spread);  // chance
  EXPECT_TRUE(result.terms[1].spread);   // a's is of expected rates
}

TEST(Decomposition, ReplicatesAreTheSameForAnyNumberOfThreads) {
  std::vector<std::vector<double>> first;
  for (const unsigned threads : {1U, 3U}) {
    FallRun fall = uncertain_fall(3);
    fall.control.threads = threads;
    const DecompositionResult result = fall.run();
    if (first.empty()) first = result.by_draw;
    EXPECT_EQ(result.by_draw, first);
  }
}

TEST(Decomposition, NamesItsSubsets) {
  const FallRun fall;
  const ParameterDraws draws(fall.parameters, {}, {}, 5);
  const DecompositionArms made = decomposition_arms(fall.asked, fall.arms, draws);
  ASSERT_EQ(made.arms.size(), 16U);
  EXPECT_EQ(made.arms.front().name, "as_it_is (without A, B, C and Idle)");
  EXPECT_EQ(made.arms[5].name, "as_it_is (without B and Idle)");
  EXPECT_EQ(made.arms.back().name, "as_it_is (all at work)");
  EXPECT_FALSE(made.arms.front().variant);
  EXPECT_TRUE(made.arms.back().variant);
}

}  // namespace
}  // namespace desist
