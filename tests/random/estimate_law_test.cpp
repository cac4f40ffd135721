// Laws of printed estimates against R 4.2.2's qlnorm, qgamma, qbeta, plogis(qnorm), qnorm and what they give of cut
// laws.
#include "engine/random/estimate_law.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include "engine/random/distributions.hpp"
#include "engine/random/stream.hpp"
#include "tests/random/checks.hpp"

namespace desist {
namespace {

constexpr Purpose purpose("estimate_law_test");
const double z975 = standard_normal_quantile(0.975);
constexpr std::array<double, 7> probabilities{.001, .025, .1, .5, .8, .975, .999};

// Twelve of the 15 digits that R printed: the last ones are its own.
void expect_quantiles(const EstimateLaw& law, const std::array<double, 7>& of_r, const char* which) {
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    EXPECT_NEAR(law.quantile(probabilities[i]), of_r[i], 1e-12 * std::max(1.0, std::abs(of_r[i])))
        << which << " at " << probabilities[i];
}

EstimateLaw cut(EstimateLaw law, double low, double high) {
  law.low = low;
  law.high = high;
  return law;
}

TEST(EstimateLaw, Has_the_quantiles_of_R) {
  expect_quantiles(log_normal_with_limits(.79, .63, .98, z975),
                   {0.557642977080624, 0.633409143332446, 0.683743940352195, 0.79, 0.868611420942437, 0.985303111850471,
                    1.11917485855787},
                   "ratio .79 (.63 to .98)");
  expect_quantiles(gamma_with_error(1204, 120),
                   {866.945411906059, 980.328853076379, 1053.00158868067, 1200.01564437881, 1303.65773308549,
                    1450.31105779561, 1609.12825333118},
                   "1204 with error 120");
  expect_quantiles(gamma_with_error(500, 700),
                   {0.00102040530741823, 0.560918044115749, 8.53639438720484, 231.530930226728, 821.863455747788,
                    2488.93564183, 5340.53759618358},
                   "500 with error 700");
  expect_quantiles(beta_with_error(.3, .04),
                   {0.186501430675905, 0.224678474620718, 0.249315158101218, 0.298973556285973, 0.333482361210058,
                    0.381138785212725, 0.430746473380374},
                   "share .3 with error .04");
  expect_quantiles(logit_normal_with_limits(.1, .0435, .2136, z975),
                   {0.0264392103340028, 0.0434881674156292, 0.0583318356914295, 0.1, 0.140213762159937,
                    0.213552228251125, 0.312525851614362},
                   "share .1 (.0435 to .2136)");
  expect_quantiles(normal_with_limits(-.1, -.25, .05, standard_normal_quantile(.95)),
                   {-0.381809176409378, -0.278736024205321, -0.21686920445801, -0.1, -0.0232495931751004,
                    0.0787360242053209, 0.181809176409378},
                   "-.1 (90%: -.25 to .05)");
}

TEST(EstimateLaw, Is_cut_between_the_probabilities_of_its_ends) {
  const EstimateLaw law = cut(normal_with_error(.1, .08), 0, 1);
  EXPECT_NEAR(law.chance_below(), 0.105649773666855, 1e-14);
  EXPECT_NEAR(law.chance_above(), 0, 1e-14);
  expect_quantiles(law,
                   {0.000390531541487257, 0.00913156263233006, 0.0312552121940942, 0.110624134334119, 0.173574387227447,
                    0.260584163774301, 0.349859434261627},
                   "normal above 0");
  const EstimateLaw less = cut(gamma_with_error(1204, 120), 0, 1500);
  EXPECT_NEAR(less.chance_above(), 0.010118319085205, 1e-14);
  expect_quantiles(less,
                   {866.655191737662, 979.874527965308, 1052.36677920375, 1198.49741376472, 1300.04548308397,
                    1430.53730026528, 1495.10813523001},
                   "gamma below 1500");
  EXPECT_EQ(law.quantile(0), 0);
  EXPECT_EQ(law.quantile(1), 1);
  EXPECT_EQ(ends_of(less).low, 0);
  EXPECT_EQ(ends_of(less).high, 1500);
}

// Limits that are even on the scale of odds are those that Wilson's score interval has: 5 of 50 is .1 (.0435 to .2136),
// so both are the law's own quantiles.
TEST(EstimateLaw, Holds_the_limits_of_wilson) {
  const double n = 50, p = .1, z2 = z975 * z975;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z975 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  const EstimateLaw law = logit_normal_with_limits(p, middle - half, middle + half, z975);
  EXPECT_NEAR(law.quantile(.025), middle - half, 1e-15);
  EXPECT_NEAR(law.quantile(.975), middle + half, 1e-15);
}

TEST(EstimateLaw, Is_multiplied_and_has_ends) {
  const EstimateLaw share = beta_with_error(.3, .04), in_100 = share.scaled(100);
  for (const double u : {.01, .3, .99}) EXPECT_DOUBLE_EQ(in_100.quantile(u), 100 * share.quantile(u));
  EXPECT_EQ(in_100.quantile(0), 0);
  EXPECT_EQ(in_100.quantile(1), 100);
  const EstimateLaw below = cut(normal_with_error(5, 2), 1, 20).scaled(3);
  EXPECT_EQ(below.quantile(0), 3);
  EXPECT_EQ(below.quantile(1), 60);
  EXPECT_NEAR(below.chance_below(), standard_normal_cdf(-2), 1e-15);
  const double infinite = std::numeric_limits<double>::infinity();
  EXPECT_EQ(normal_with_error(1, 1).quantile(0), -infinite);
  EXPECT_EQ(normal_with_error(1, 1).quantile(1), infinite);
  EXPECT_EQ(gamma_with_error(1, 1).quantile(0), 0);
  EXPECT_EQ(gamma_with_error(1, 1).quantile(1), infinite);
}

// The mean of a log-normal law is median exp(s^2/2), its variance (exp(s^2) - 1) mean^2. The midpoint rule on 4096
// parts leaves out the outer halves of the last parts, z beyond 3.5: of this law 1e-4 of the standard deviation at the
// mean.
TEST(EstimateLaw, Has_moments) {
  const double s = std::log(.98 / .63) / (2 * z975);
  const LawMoments ratio = moments_of(log_normal_with_limits(.79, .63, .98, z975));
  const double mean = .79 * std::exp(s * s / 2), variance = std::expm1(s * s) * mean * mean;
  EXPECT_NEAR(ratio.mean, mean, 1e-4 * std::sqrt(variance));
  EXPECT_NEAR(ratio.variance, variance, 5e-3 * variance);
  const LawMoments cost = moments_of(gamma_with_error(1204, 120));
  EXPECT_NEAR(cost.mean, 1204, 1e-4 * 120);
  EXPECT_NEAR(cost.variance, 120 * 120, 5e-3 * 120 * 120);
}

// As drawn, one word of a stream each: the mean finds a bias of a hundredth of a standard deviation, the 128 cells the
// shape. A wrong sampler fails both: the same limits taken as a normal law, and a mean that is its median.
TEST(EstimateLaw, Is_drawn_by_inversion) {
  const auto drawn = [](const EstimateLaw& law) {
    const Streams streams(20260401, 0, 0);
    std::vector<double> sample(enough_draws);
    for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = law.quantile(uniform(streams.words(purpose, i)[0]));
    return sample;
  };
  const double s = std::log(.98 / .63) / (2 * z975), mean = .79 * std::exp(s * s / 2);
  const double sd = std::sqrt(std::expm1(s * s)) * mean;
  const auto cdf = [s](double x) { return x <= 0 ? 0 : standard_normal_cdf(std::log(x / .79) / s); };
  const std::vector<double> ratio = drawn(log_normal_with_limits(.79, .63, .98, z975));
  EXPECT_LT(std::abs(distance_of_mean(ratio, mean, sd)), two_sided_limit);
  EXPECT_GT(fit_p(ratio, cdf), false_alarm);
  const std::vector<double> wrong = drawn(normal_with_limits(.79, .63, .98, z975));
  EXPECT_GT(std::abs(distance_of_mean(wrong, mean, sd)), two_sided_limit);
  EXPECT_LT(fit_p(wrong, cdf), false_alarm);

  const std::vector<double> cost = drawn(gamma_with_error(1204, 400));
  EXPECT_LT(std::abs(distance_of_mean(cost, 1204, 400)), two_sided_limit);
  EXPECT_GT(std::abs(distance_of_mean(drawn(log_normal_with_limits(1204, 600, 2416, z975)), 1204, 400)),
            two_sided_limit);
  const std::vector<double> share = drawn(beta_with_error(.3, .04));
  EXPECT_LT(std::abs(distance_of_mean(share, .3, .04)), two_sided_limit);
}

}  // namespace
}  // namespace desist
