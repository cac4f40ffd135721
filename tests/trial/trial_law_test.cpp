// What virtual trials find where theory says what they must: size, coverage, power, bias, boundaries.
//
// Each comparison fails by chance in one run of a million (4.9 standard errors); the biases that each would find are
// said beside it, and each is made to fail on a wrong trial below.
#include <cmath>
#include <fstream>

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "engine/statistics/alpha_spending.hpp"
#include "engine/statistics/normal.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/power_rates.hpp"
#include "engine/statistics/risk_difference.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "engine/trial/trial.hpp"
#include "tests/trial/count_model.hpp"

namespace desist {
namespace {

using test::analysis;
using test::CountTrial;
using test::design;

constexpr double errors = 4.9;

/// Whether a share of `of` trials agrees with a probability.
bool agrees(double share, double probability, std::uint64_t of) {
  const double error = std::sqrt(probability * (1 - probability) / static_cast<double>(of));
  return std::abs(share - probability) <= errors * error;
}

/// The Poisson mean at which a share of people has any event.
double mean_of_risk(double risk) { return -std::log1p(-risk); }

double exact_power(std::int64_t n, double p1, double p0) {
  const statistics::RiskPair pair{p1, p0};
  return statistics::rejection_probability(n, n, std::span(&pair, 1), [](const statistics::TwoByTwo& table) {
    const auto test = statistics::chi_square_n_minus_1(table);
    return test ? test->p : 1.0;
  })[0];
}

nlohmann::json reference_power() {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/08_power/expected.json");
  return nlohmann::json::parse(file);
}

// 20,000 trials: a power wrong by 0.025 is found.
TEST(TrialLaw, Power_is_that_of_exact_enumeration_and_of_the_reference) {
  constexpr std::uint64_t trials = 20000;
  const nlohmann::json reference = reference_power()["two_proportions"][0];
  const double p1 = reference["p2"], p0 = reference["p1"];
  const std::int64_t n = reference["n"];
  const CountTrial people({mean_of_risk(p0), mean_of_risk(p1)});
  TrialDesign one = design({static_cast<std::size_t>(2 * n)}, {analysis("risk", "risks")}, trials);
  const auto results = people.run({one}, 2);
  const TrialSize& size = results[0].sizes[0];
  const double exact = exact_power(n, p1, p0);
  EXPECT_TRUE(agrees(size.power.value, exact, trials)) << size.power.value << " against " << exact;
  EXPECT_NEAR(size.power.value, reference["power_at_n"], 0.025);  // a normal approximation
  EXPECT_NEAR(results[0].truth, p1 - p0, errors * results[0].truth_error);
  EXPECT_NEAR(size.bias.value, 0, errors * size.bias.error);
  // A trial that is too small would be noticed.
  EXPECT_FALSE(agrees(size.power.value, exact_power(n - 10, p1, p0), trials));
}

TEST(TrialLaw, Power_of_counts_is_near_that_of_theory) {
  const nlohmann::json reference = reference_power()["two_rates"][0];
  const double rate0 = reference["rate0"], rate1 = reference["rate1"], dispersion = reference["dispersion"];
  const double needed = reference["n_per_arm_negbin_log_ratio_alternative_variance"];
  const CountTrial people({rate0, rate1}, 1 / dispersion);
  const auto n = static_cast<std::size_t>(std::ceil(needed));
  TrialDesign one = design({2 * n}, {analysis("rate", "negative_binomial")}, 10000);
  const auto results = people.run({one}, 2);
  EXPECT_NEAR(results[0].sizes[0].power.value, reference["power"], 0.02);
  EXPECT_NEAR(results[0].truth, std::log(rate1 / rate0), errors * results[0].truth_error);
  EXPECT_EQ(results[0].sizes[0].without_number, 0U);
}

TEST(TrialLaw, Size_and_coverage_are_nominal_where_theory_gives_them) {
  constexpr std::uint64_t trials = 20000;
  const CountTrial people({1.2, 0.9, 1.2}, 1.5);
  TrialDesign one = design({300}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, trials);
  one.without_effect = 2;
  one.truth_people = 400000;
  const auto results = people.run({one}, 2);
  // Exact for the two-by-two test of 150 against 150.
  const double risk = 1 - std::pow(1.5 / (1.5 + 1.2), 1.5);
  EXPECT_TRUE(agrees(results[0].sizes[0].false_positives->value, exact_power(150, risk, risk), trials));
  // Wald's test of counts and the intervals hold their level nearly: within a percentage point.
  EXPECT_NEAR(results[1].sizes[0].false_positives->value, 0.05, 0.01);
  for (const TrialResult& result : results) EXPECT_NEAR(result.sizes[0].coverage.value, 0.95, 0.01);
}

/// Of those followed the share with the outcome, where l1 of those who have it are lost and l0 of the others.
double share_followed(double p, double l1, double l0) { return p * (1 - l1) / (p * (1 - l1) + (1 - p) * (1 - l0)); }

// 4,000 trials of 1,000 people: a bias of a difference of risks that is wrong by 0.0025 is found.
TEST(TrialLaw, Losses_of_those_who_offend_bias_by_the_closed_form) {
  const double p0 = 0.35, p1 = 0.25;
  const CountTrial people({mean_of_risk(p0), mean_of_risk(p1)});
  TrialDesign planted = design({1000}, {analysis("risk", "risks")}, 4000);
  planted.lost_control = 0.05;
  planted.lost_treated = 0.1;
  TrialDesign equal = planted;
  equal.name = "equal";
  planted.lost_control_if_offended = 0.2;
  planted.lost_treated_if_offended = 0.4;
  const auto results = people.run({planted, equal}, 2);
  const TrialSize &biased = results[0].sizes[0], &fair = results[1].sizes[0];
  const double expected = share_followed(p1, 0.4, 0.1) - share_followed(p0, 0.2, 0.05) - (p1 - p0);
  EXPECT_NEAR(expected, -0.03016, 0.00001);
  EXPECT_NEAR(biased.bias.value, expected, errors * biased.bias.error);
  EXPECT_NEAR(results[0].truth, p1 - p0, errors * results[0].truth_error);
  // Losses that hang on nothing do no harm, and a bias that is not there would be noticed, as would one by the wrong
  // share.
  EXPECT_NEAR(fair.bias.value, 0, errors * fair.bias.error);
  EXPECT_GT(std::abs(biased.bias.value), errors * biased.bias.error);
  const double other = share_followed(p1, 0.38, 0.1) - share_followed(p0, 0.2, 0.05) - (p1 - p0);
  EXPECT_GT(std::abs(biased.bias.value - other), errors * biased.bias.error);
}

// Equal shares are the single one, to the last bit.
TEST(TrialLaw, Equal_losses_are_those_of_everyone) {
  const CountTrial people({1.2, 0.8}, 1.5);
  TrialDesign plain = design({200}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 200);
  plain.lost_control = 0.1;
  plain.lost_treated = 0.2;
  TrialDesign said = plain;
  said.lost_control_if_offended = 0.1;
  said.lost_treated_if_offended = 0.2;
  const auto one = people.run({plain}), other = people.run({said});
  for (std::size_t a = 0; a < 2; ++a) {
    EXPECT_EQ(one[a].sizes[0].mean.value, other[a].sizes[0].mean.value);
    EXPECT_EQ(one[a].sizes[0].bias.value, other[a].sizes[0].bias.value);
    EXPECT_EQ(one[a].sizes[0].power.value, other[a].sizes[0].power.value);
  }
}

// A hidden rate decides who completes: completers are better off with no effect at all. The right way finds nothing.
TEST(TrialLaw, Completers_only_finds_an_effect_where_there_is_none) {
  const CountTrial people({1.2, 1.2}, 0, 0.6, 1);
  TrialDesign one =
      design({400}, {analysis("everyone", "risks"), analysis("completers", "risks", Analysed::completers)}, 2000);
  const auto results = people.run({one}, 2);
  EXPECT_EQ(results[0].truth, 0);
  EXPECT_EQ(results[1].truth, 0);
  EXPECT_NEAR(results[0].sizes[0].bias.value, 0, errors * results[0].sizes[0].bias.error);
  // E exp(-1.2 z) by integration over z in (0.5, 1.5) and (0.5, 1.1).
  const auto none = [](double from, double until) {
    return (std::exp(-1.2 * from) - std::exp(-1.2 * until)) / 1.2 / (until - from);
  };
  const double planted = none(0.5, 1.5) - none(0.5, 1.1);  // of having any: one less this
  EXPECT_LT(planted, -0.05);
  EXPECT_NEAR(results[1].sizes[0].bias.value, planted, errors * results[1].sizes[0].bias.error);
}

// People join by a rate that nobody sees: the matched comparison's bias is the one that was planted, and it is reported
// as a bias, not as an effect.
TEST(TrialLaw, A_planted_selection_is_not_mistaken_for_an_effect) {
  const CountTrial people({1.2, 1.2}, 0, 1, 1);
  TrialDesign one = design({200}, {analysis("risk", "risks")}, 3000);
  one.assignment = Assignment::matched;
  one.share_treated = 0.2;
  one.joins_by_rate = -1;
  one.match_on = {"before"};
  const auto results = people.run({one}, 2);
  EXPECT_EQ(results[0].truth, 0);
  // Chance of none given the hidden rate z, weighted by 0.2 / z for those who join and 1 - 0.2 / z for the others.
  double joined = 0, of_joined = 0, other = 0, of_other = 0;
  constexpr int steps = 100000;
  for (int i = 0; i < steps; ++i) {
    const double z = 0.5 + (i + 0.5) / steps, none = std::exp(-1.2 * z), joins = std::min(1.0, 0.2 / z);
    joined += joins;
    of_joined += joins * none;
    other += 1 - joins;
    of_other += (1 - joins) * none;
  }
  const double planted = of_other / other - of_joined / joined;
  EXPECT_LT(planted, -0.02);
  const TrialSize& size = results[0].sizes[0];
  EXPECT_NEAR(size.bias.value, planted, errors * size.bias.error);
  EXPECT_GT(std::abs(size.bias.value), errors * size.bias.error);  // it would be noticed if it were absent
}

// Two thirds for the programme by blocks, against a coin of one half: a wrong assignment is found by the standard
// error.
TEST(TrialLaw, A_wrong_assignment_is_found) {
  const CountTrial people({1.2, 0.6}, 1.5);
  TrialDesign right = design({60}, {analysis("risk", "risks")}, 20000);
  TrialDesign wrong = right;
  right.block = 4;
  right.share_treated = 0.25;
  wrong.share_treated = 0.5;
  const auto expected_error = [](double share) {
    const auto risk = [](double mean) { return 1 - std::pow(1.5 / (1.5 + mean), 1.5); };
    const double p1 = risk(0.6), p0 = risk(1.2);
    return std::sqrt(p1 * (1 - p1) / (60 * share) + p0 * (1 - p0) / (60 * (1 - share)));
  };
  const auto of_right = people.run({right}, 2), of_wrong = people.run({wrong}, 2);
  const Characteristic &a = of_right[0].sizes[0].empirical_error, &b = of_wrong[0].sizes[0].empirical_error;
  EXPECT_NEAR(a.value, expected_error(0.25), errors * a.error);
  EXPECT_GT(std::abs(b.value - expected_error(0.25)), errors * b.error);
}

// Looks at half and at all: the chances of stopping are those of the boundaries, with and without an effect.
TEST(TrialLaw, Looks_stop_as_often_as_their_boundaries_say) {
  constexpr std::uint64_t trials = 20000;
  const std::vector<double> shares{0.5, 1};
  for (const double mean : {1.2, 0.9}) {
    const CountTrial people({1.2, mean, 1.2});
    TrialDesign one = design({1000}, {analysis("rate", "poisson")}, trials);
    one.looks = shares;
    if (mean < 1.2) one.without_effect = 2;
    const auto results = people.run({one}, 2);
    const TrialSize& size = results[0].sizes[0];
    // The log ratio of two Poisson means of 500 people each.
    const double drift = std::log(mean / 1.2) / std::sqrt(1 / (500 * 1.2) + 1 / (500 * mean));
    const auto crossed = statistics::crossing_chances(shares, look_boundaries(one), drift);
    ASSERT_EQ(size.stops.size(), 2U);
    EXPECT_NEAR(size.stops[0].value, crossed[0], 0.012) << mean;
    EXPECT_NEAR(size.power_with_looks.value, crossed[1], 0.012) << mean;
    EXPECT_NEAR(size.people_with_looks.value, 1000 - 500 * size.stops[0].value, 1e-6);
    if (mean < 1.2) {
      const double alpha = statistics::crossing_chances(shares, look_boundaries(one), 0)[1];
      EXPECT_NEAR(size.false_positives_with_looks.value().value, alpha, 0.012);
      EXPECT_GT(std::abs(size.power_with_looks.value - alpha), 0.012);
      // It stops on highs.
      EXPECT_LT(size.bias_with_looks.value, -errors * size.bias_with_looks.error);
    }
  }
}

// Clusters whose rates differ: errors that ignore it find too much, those of CR2 do not.
TEST(TrialLaw, Clusters_need_errors_of_clusters) {
  const CountTrial people({1.2, 1.2, 1.2});
  TrialDesign one = design({320}, {analysis("ignored", "poisson"), analysis("clusters", "poisson")}, 1000);
  one.assignment = Assignment::by_cluster;
  one.cluster_size = 20;
  one.cluster_sd = 0.5;
  one.without_effect = 2;
  one.truth_people = 4000;
  one.analyses[1].analysis.words = {{"errors", {"CR2"}}, {"cluster", {"cluster"}}};
  const auto results = people.run({one}, 2);
  EXPECT_GT(results[0].sizes[0].false_positives->value, 0.2);
  EXPECT_LT(results[1].sizes[0].false_positives->value, 0.05 + errors * std::sqrt(0.05 * 0.95 / 1000));
  EXPECT_GT(results[1].sizes[0].false_positives->value, 0.015);
}

// A wedge whose rates fall from period to period: who ignores the periods takes the fall for an effect.
TEST(TrialLaw, A_wedge_needs_its_periods) {
  const CountTrial people({2, 2});
  TrialDesign one = design({640}, {analysis("ignored", "poisson"), analysis("periods", "poisson")}, 300);
  one.assignment = Assignment::stepped_wedge;
  one.cluster_size = 40;
  one.steps = 4;
  one.drift = -0.2;
  one.truth_people = 40000;
  one.analyses[1].analysis.words = {{"adjust", {"period"}}};
  const auto results = people.run({one}, 2);
  EXPECT_LT(results[0].sizes[0].bias.value, -0.2);
  EXPECT_NEAR(results[1].sizes[0].bias.value, 0, errors * results[1].sizes[0].bias.error);
}

/// Assurance of a two-sided normal test with a normal prior N(m, s^2) on what is estimated with variance v (O'Hagan,
/// Stevens & Campbell 2005, eq. 2, both tails): the estimate is N(m, v + s^2).
double closed_assurance(double m, double s, double v) {
  const double z = statistics::two_sided_z(0.95) * std::sqrt(v), sd = std::sqrt(v + s * s);
  return statistics::normal_cdf((-z - m) / sd) + statistics::normal_cdf((m - z) / sd);
}

// 4,000 trials of 500 people an arm: an assurance wrong by 0.04 is found. v is that at the middle, and the mean of
// the power over the prior with v as it is at each effect differs from the closed form by what is allowed besides.
TEST(TrialLaw, Assurance_is_the_power_over_the_prior) {
  constexpr std::uint64_t trials = 4000;
  constexpr double mu = 1.2, spread = 0.15, per_arm = 500;
  const double middle = std::log(0.9);
  const auto variance = [&](double effect) { return (1 + std::exp(-effect)) / (per_arm * mu); };
  double of_each = 0, weight = 0;
  for (int i = -600; i <= 600; ++i) {
    const double z = i / 100.0, w = std::exp(-z * z / 2), effect = middle + spread * z;
    of_each += w * closed_assurance(effect, 0, variance(effect));
    weight += w;
  }
  const double closed = closed_assurance(middle, spread, variance(middle));
  const double allowed = std::abs(closed - of_each / weight);
  ASSERT_LT(allowed, 0.005);
  const CountTrial people({mu, 0.9 * mu}, 0, 1, 0, spread);
  TrialDesign one = design({1000}, {analysis("rate", "poisson")}, trials);
  one.assurance = true;
  const TrialSize size = people.run({one}, 2)[0].sizes[0];
  ASSERT_TRUE(size.assurance.has_value());
  const double error = std::sqrt(closed * (1 - closed) / trials);
  EXPECT_NEAR(size.assurance->value, closed, errors * error + allowed);
  EXPECT_NEAR(size.assurance->error, error, 1e-4);
  // Of the other sign than the middle: the upper tail alone.
  const double sd = std::sqrt(variance(middle) + spread * spread);
  const double other =
      statistics::normal_cdf((middle - statistics::two_sided_z(0.95) * std::sqrt(variance(middle))) / sd);
  EXPECT_NEAR(size.against->value, other, errors * std::sqrt(other * (1 - other) / trials) + allowed);
  // At the middle the power is another: a pass that forgot to draw would be found.
  const double at_middle = closed_assurance(middle, 0, variance(middle));
  EXPECT_TRUE(agrees(size.power.value, at_middle, trials));
  EXPECT_GT(std::abs(closed - at_middle), errors * error + allowed);
}

// The size for a power of 80 in 100 that virtual trials find, and confirm, is that of the reference.
TEST(TrialLaw, The_size_for_a_power_is_found_and_confirmed) {
  const nlohmann::json reference = reference_power()["two_proportions"][0];
  const double p1 = reference["p2"], p0 = reference["p1"];
  const CountTrial people({mean_of_risk(p0), mean_of_risk(p1)});
  TrialDesign one = design({100, 140, 180, 220, 260, 300}, {analysis("risk", "risks")}, 4000);
  one.power = 0.8;
  const auto results = people.run({one}, 2);
  ASSERT_TRUE(results[0].need.has_value());
  ASSERT_EQ(results[0].need->verdict, TrialNeed::Verdict::found);
  EXPECT_NEAR(static_cast<double>(results[0].need->people), 2 * reference["n_per_arm_power_prop_test"].get<double>(),
              14);
  EXPECT_NEAR(results[0].need->confirmed.power.value, 0.8, 0.035);
  EXPECT_EQ(results[0].need->confirmed.people, results[0].need->people);
}

// The bias of a risk difference is nothing, so that over many runs with seeds of their own (bias / error)^2 is 1 on
// average; its sum over 1000 runs has a chi-square law near enough: 1000 -+ 4.9 sqrt(2000) (one false alarm in a
// million). Hardly anybody is behind the truth but the trials' own people. An error that takes them for others is found
// wrong.
TEST(TrialLaw, The_error_of_a_bias_is_how_far_it_strays) {
  const CountTrial people({1.5, 0.3});
  TrialDesign one = design({40}, {analysis("risk", "risks")}, 100);
  one.truth_people = 1000;
  constexpr int runs = 1000;
  const double reach = 4.9 * std::sqrt(2.0 * runs);
  double sum = 0, as_if_others = 0, beside_known = 0;
  for (int run = 0; run < runs; ++run) {
    const TrialResult result = people.run({one}, 1, 100 + static_cast<std::uint64_t>(run)).front();
    const TrialSize& size = result.sizes.front();
    const double alone = size.empirical_error.value / 10;
    sum += std::pow(size.bias.value / size.bias.error, 2);
    as_if_others += std::pow(size.bias.value / std::hypot(alone, result.truth_error), 2);
    beside_known += std::pow(size.bias.error / alone, 2) / runs;
    EXPECT_EQ(result.truth_people, 3000U);
  }
  EXPECT_NEAR(sum, runs, reach);
  EXPECT_GT(std::abs(as_if_others - runs), reach);
  // With two thirds of the truth from every second trial: V0 of a person's difference q (1 - q), Ve = 4 p (1 - p).
  const double p1 = 1 - std::exp(-0.3), p0 = 1 - std::exp(-1.5), q = p0 - p1;
  const double of_one = q * (1 - q), of_trial = 2 * (p0 * (1 - p0) + p1 * (1 - p1)) * 40 / 40;
  const double truth = of_one / 3000, shared = 2 * (2.0 / 3) * of_one / 4000;
  EXPECT_NEAR(beside_known, 1 + (truth - shared) * 4000 / of_trial, 0.05);
}

// Five trials of the same people: power, bias and the size that reaches a power have the errors that are printed, over
// 400 runs with seeds of their own: (estimate - truth)^2 / error^2 sums to 400 -+ 4.9 sqrt(2 x 400). Here everybody has
// the same chance and an effect as great as can be, so that people who live twice make trials most alike; errors that
// took trials for single ones would be found wrong.
TEST(TrialLaw, Errors_of_trials_of_the_same_people_are_how_far_they_stray) {
  const CountTrial people({1.5, 0.3});
  TrialDesign one = design({24}, {analysis("risk", "risks")}, 500);
  one.same_people = 5;
  one.truth_people = 1000;
  constexpr int runs = 400;
  const double reach = 4.9 * std::sqrt(2.0 * runs);
  TrialDesign single = one;
  single.same_people = 1;
  single.trials = 200000;
  const double power = people.run({single}, 2).front().sizes.front().power.value;  // error 0.001, a twentieth of theirs
  double of_power = 0, of_bias = 0, as_if_single = 0, alike = 0;
  for (int run = 0; run < runs; ++run) {
    const TrialSize size = people.run({one}, 1, 300 + static_cast<std::uint64_t>(run)).front().sizes.front();
    of_power += std::pow((size.power.value - power) / size.power.error, 2);
    of_bias += std::pow(size.bias.value / size.bias.error, 2);
    const double single_error = size.power.value * (1 - size.power.value) / 500;
    as_if_single += std::pow(size.power.value - power, 2) / single_error;
    alike += size.power.error * size.power.error / single_error / runs;
  }
  EXPECT_NEAR(of_power, runs, reach);
  EXPECT_NEAR(of_bias, runs, reach);
  EXPECT_GT(std::abs(as_if_single - runs), reach);
  EXPECT_GT(alike, 1.2);
  EXPECT_LT(alike, 5);
}

// The law of one trial is the same whether or not others have its people.
TEST(TrialLaw, Trials_of_the_same_people_have_the_law_of_any) {
  const CountTrial people({1.2, 0.8, 1.2}, 1.5);
  TrialDesign one = design({60, 120, 200}, {analysis("risk", "risks"), analysis("rate", "negative_binomial")}, 10000);
  one.without_effect = 2;
  one.power = 0.8;
  TrialDesign again = one;
  again.same_people = 5;
  const auto single = people.run({one}, 2), sets = people.run({again}, 2, 12);
  for (std::size_t a = 0; a < 2; ++a)
    for (std::size_t s = 0; s < 3; ++s) {
      const TrialSize &x = single[a].sizes[s], &y = sets[a].sizes[s];
      const auto same = [&](const Characteristic& p, const Characteristic& q) {
        EXPECT_NEAR(p.value, q.value, errors * std::hypot(p.error, q.error));
        EXPECT_LT(q.error, 2.3 * p.error);  // five times the people would make it sqrt(5)
      };
      same(x.power, y.power);
      same(x.coverage, y.coverage);
      same(x.empirical_error, y.empirical_error);
      same(*x.false_positives, *y.false_positives);
      same(x.exaggeration, y.exaggeration);
    }
}

}  // namespace
}  // namespace desist
