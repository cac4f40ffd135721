// Joint draws: each from its own stream, correlated by rank, a posterior whole.
#include "engine/simulation/parameters.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "engine/random/stream.hpp"

namespace desist::test {
namespace {

std::string refusal(const std::function<void()>& make) {
  try {
    make();
  } catch (const std::invalid_argument& refused) {
    return refused.what();
  }
  return "accepted";
}

Posterior study() {
  Posterior made;
  made.name = "study";
  made.columns = {{"completion", Posterior::Beta{54.5, 17.5}},
                  {"completed", Posterior::Beta{3.5, 52.5}},
                  {"breached", Posterior::Beta{6.5, 10.5}},
                  {"all", Posterior::Mixture{0, 1, 2}}};
  return made;
}

TEST(ParameterDraws, Invert_one_word_of_their_own_stream) {
  const ParameterDraws draws({{"a", "", "1", UniformLaw{2, 4}}, {"b", "", "1", FixedLaw{7}}}, {}, {}, 9);
  for (std::uint64_t d = 0; d < 5; ++d) {
    const std::uint64_t word = Streams(9, d, 0).words(Purpose{"parameter/a"}, 0)[0];
    EXPECT_EQ(draws.row(d)[0], 2 + 2 * uniform(word));
    EXPECT_EQ(draws.row(d)[1], 7);
  }
}

TEST(ParameterDraws, Another_parameter_moves_none) {
  const Parameter a{"a", "", "1", UniformLaw{0, 1}}, b{"b", "", "1", TriangularLaw{0, 1, 4}},
      c{"c", "", "1", CountLaw{3, 20}}, p{"p", "", "share", PosteriorLaw{0, 3}},
      q{"q", "", "share", PosteriorLaw{0, 1}};
  const std::vector<Correlation> of_a_b{{{0, 1}, {1, .6, .6, 1}}};
  const ParameterDraws few({a, b, p}, of_a_b, {study()}, 4);
  const ParameterDraws more({a, b, c, q, p}, of_a_b, {study()}, 4);
  for (std::uint64_t d = 0; d < 100; ++d) {
    const auto x = few.row(d), y = more.row(d);
    EXPECT_EQ(x[0], y[0]);
    EXPECT_EQ(x[1], y[1]);
    EXPECT_EQ(x[2], y[4]);
  }
  EXPECT_NE(few.row(0)[0], few.row(1)[0]);
  EXPECT_NE(few.row(0)[0], ParameterDraws({a, b, p}, of_a_b, {study()}, 5).row(0)[0]);
}

TEST(ParameterDraws, Take_a_posterior_whole) {
  std::vector<Parameter> all;
  for (std::size_t c = 0; c < 4; ++c) all.push_back({"c" + std::to_string(c), "", "share", PosteriorLaw{0, c}});
  const ParameterDraws draws(all, {}, {study()}, 4);
  for (std::uint64_t d = 0; d < 100; ++d) {
    const auto row = draws.row(d);
    EXPECT_EQ(row[3], row[0] * row[1] + (1 - row[0]) * row[2]);
  }
  Posterior stored;
  stored.name = "stored";
  stored.columns = {{"x", {}}, {"y", {}}};
  for (int i = 0; i < 50; ++i) stored.rows.insert(stored.rows.end(), {double(i), 100.0 + i});
  const ParameterDraws rows({{"y", "", "1", PosteriorLaw{0, 1}}, {"x", "", "1", PosteriorLaw{0, 0}}}, {}, {stored}, 4);
  std::vector<int> taken(50, 0);
  for (std::uint64_t d = 0; d < 1000; ++d) {
    const auto row = rows.row(d);
    EXPECT_EQ(row[0], row[1] + 100);
    ++taken[static_cast<std::size_t>(row[1])];
  }
  for (const int count : taken) EXPECT_GT(count, 0);  // missed by all of 1000 draws: 50 x .98^1000 = 8e-8
}

// The draws of normal columns are means + L z with z from the columns' own streams: z is recovered from a posterior
// with independent columns of the same names, and L written out for two columns.
TEST(ParameterDraws, Draw_a_joint_normal_law) {
  const auto of = [](std::vector<double> covariance) {
    Posterior law;
    law.name = "trial/hazard";
    law.columns = {{"sent", Posterior::Normal{true}, ""}, {"age", Posterior::Normal{false}, ""}};
    law.means = {-0.4, 2};
    law.covariance = std::move(covariance);
    return law;
  };
  const std::vector<Parameter> all{{"ratio", "", "", PosteriorLaw{0, 0}}, {"slope", "", "", PosteriorLaw{0, 1}}};
  const ParameterDraws joint(all, {}, {of({.04, .03, .03, .25})}, 4), apart(all, {}, {of({1, 0, 0, 1})}, 4);
  double products = 0;
  for (std::uint64_t d = 0; d < 20000; ++d) {
    const auto z = apart.row(d), x = joint.row(d);
    const double z0 = std::log(z[0]) + 0.4, z1 = z[1] - 2;
    EXPECT_NEAR(std::log(x[0]), -0.4 + 0.2 * z0, 1e-14);
    EXPECT_NEAR(x[1], 2 + 0.15 * z0 + std::sqrt(.25 - .0225) * z1, 1e-12);  // rounding of log and exp, |z| < 6
    products += (std::log(x[0]) + 0.4) * (x[1] - 2);
  }
  // A product of normals has variance s0^2 s1^2 + s01^2 = .0109; five standard errors of the mean of 20,000.
  EXPECT_NEAR(products / 20000, .03, 5 * std::sqrt(.0109 / 20000));
  EXPECT_NEAR(joint.quantile(0, .975), std::exp(-0.4 + 0.2 * 1.959963984540054), 1e-12);
  EXPECT_NEAR(joint.quantile(1, .5), 2, 1e-12);

  const auto refused = [&](const Posterior& law) { return refusal([&] { ParameterDraws(all, {}, {law}, 1); }); };
  EXPECT_EQ(refused(of({.04, .1, .1, .25})),
            "the posterior 'trial/hazard' has a covariance that is not positive definite");
  EXPECT_EQ(refused(of({.04})),
            "the posterior 'trial/hazard' has another number of means or covariances than of normal columns");
}

// Rank correlation of a Gaussian copula: (6/pi) asin(r/2) (Kruskal 1958). With r = .7: .6829; standard error about
// .53/sqrt(20000) = .004, so that +/- .02 is five of them; independence (0) or the raw .7 of ranks would be far or .017
// off.
TEST(ParameterDraws, Correlate_ranks_and_keep_each_law) {
  const ParameterDraws draws({{"a", "", "1", UniformLaw{0, 1}}, {"b", "", "1", UniformLaw{0, 1}}},
                             {{{0, 1}, {1, .7, .7, 1}}}, {}, 8);
  const ParameterDraws alone({{"a", "", "1", UniformLaw{0, 1}}, {"b", "", "1", UniformLaw{0, 1}}}, {}, {}, 8);
  const auto correlation = [](const ParameterDraws& of) {
    double sum = 0;
    for (std::uint64_t d = 0; d < 20000; ++d) {
      const auto row = of.row(d);
      sum += (row[0] - .5) * (row[1] - .5) * 12;
    }
    return sum / 20000;
  };
  EXPECT_NEAR(correlation(draws), .6829, .02);
  EXPECT_GT(std::abs(correlation(alone) - .6829), .02);  // the check can fail
  double below = 0;
  for (std::uint64_t d = 0; d < 20000; ++d) below += draws.row(d)[1] < .25;
  EXPECT_NEAR(below / 20000, .25, 5 * std::sqrt(.25 * .75 / 20000));
}

TEST(ParameterDraws, Refuse_what_cannot_be) {
  const Parameter a{"a", "", "1", UniformLaw{0, 1}}, b{"b", "", "1", UniformLaw{0, 1}},
      c{"c", "", "1", UniformLaw{0, 1}};
  const auto correlated = [&](std::vector<double> matrix) {
    return refusal([&] { ParameterDraws({a, b, c}, {{{0, 1, 2}, matrix}}, {}, 1); });
  };
  EXPECT_EQ(correlated({1, .9, .9, .9, 1, -.9, .9, -.9, 1}),
            "the correlations of 'a', 'b' and 'c' contradict each other (their matrix is not positive definite)");
  EXPECT_EQ(correlated({1, .9, .9, .9, 1, .9, .9, .9, 1}), "accepted");
  EXPECT_EQ(correlated({1, .9}), "the correlations of 'a', 'b' and 'c' need 3 by 3 numbers");
  EXPECT_EQ(refusal([&] { ParameterDraws({a, a}, {}, {}, 1); }), "two parameters are named 'a'");
  EXPECT_EQ(refusal([&] {
              ParameterDraws({{"x", "", "1", UniformLaw{2, 1}}}, {}, {}, 1);
            }),
            "'x' has a range from 2 to 1");
  EXPECT_EQ(refusal([&] { ParameterDraws({{"x", "", "1", CountLaw{5, 4}}}, {}, {}, 1); }), "'x' counts 5 of 4");
  EXPECT_EQ(refusal([&] {
              ParameterDraws({{"x", "", "1", PosteriorLaw{0, 0}}}, {}, {}, 1);
            }),
            "'x' names a column that no posterior has");
  EXPECT_EQ(refusal([&] {
              ParameterDraws({a, b}, {{{0, 1}, {1, 0, 0, 1}}, {{1, 0}, {1, 0, 0, 1}}}, {}, 1);
            }),
            "'b' is correlated twice: put the correlations in one group");
}

TEST(ParameterDraws, Quantiles_of_laws) {
  const ParameterDraws draws({{"u", "", "1", UniformLaw{2, 4}}, {"p", "", "share", PosteriorLaw{0, 3}}}, {}, {study()},
                             4);
  EXPECT_EQ(draws.quantile(0, 0), 2);
  EXPECT_EQ(draws.quantile(0, 1), 4);
  // p_all = pi p_C + (1 - pi) p_B: mean .757 x .0625 + .243 x .382 = .140, sd about .04.
  EXPECT_NEAR(draws.quantile(1, .5), .14, .02);
  EXPECT_LT(draws.quantile(1, .025), draws.quantile(1, .5) - .04);
}

}  // namespace
}  // namespace desist::test
