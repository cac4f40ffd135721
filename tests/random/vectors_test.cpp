// Committed test vectors of streams and of every sampler: another compiler or library must fail here, not move numbers.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/core/build_info.hpp"
#include "engine/core/text.hpp"
#include "engine/random/counts.hpp"
#include "engine/random/distributions.hpp"
#include "engine/random/inverse_normal.hpp"
#include "engine/random/samplers.hpp"
#include "engine/random/thinned_process.hpp"

namespace desist {
namespace {

const std::string folder = DESIST_TEST_DATA "/random/";

// Rows of a CSV without its comments and its line of columns.
std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream file(folder + name);
  std::vector<std::vector<std::string>> rows;
  bool columns = true;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    if (!columns) rows.push_back(split(line, ','));
    columns = false;
  }
  return rows;
}

std::uint64_t word(const std::string& text) { return std::stoull(text); }

TEST(Vectors, Streams) {
  const auto rows = rows_of("streams.csv");
  ASSERT_EQ(rows.size(), 35U);
  for (const auto& row : rows) {
    const Streams streams(word(row[0]), word(row[1]), word(row[2]));
    const Purpose purpose{std::string_view(row[3])};
    const Words words = streams.words(purpose, word(row[4]), word(row[5]));
    EXPECT_EQ(words, (Words{word(row[6]), word(row[7])}));
    Stream stream = streams.open(purpose, word(row[4]), word(row[5]));
    for (std::size_t i = 8; i < 11; ++i) EXPECT_EQ(stream(), word(row[i]));
  }
}

TEST(Vectors, Counts_and_choices) {
  const auto rows = rows_of("counts.csv");
  ASSERT_GT(rows.size(), 600U);
  std::map<double, PoissonTable> tables;
  for (const auto& row : rows) {
    SCOPED_TRACE(row[0] + " " + row[1] + " " + row[2] + " " + row[3]);
    const double first = std::stod(row[1]);
    const double second = std::stod(row[2]);
    const std::uint64_t w = word(row[3]);
    const std::int64_t count = std::stoll(row[4]);
    if (row[0] == "poisson") {
      EXPECT_EQ(poisson_by_search(uniform(w), first), count);
      EXPECT_EQ(tables.try_emplace(first, first).first->second(w), count);
    } else if (row[0] == "binomial") {
      EXPECT_EQ(binomial_by_search(uniform(w), static_cast<std::int64_t>(first), second), count);
    } else if (row[0] == "negative_binomial") {
      EXPECT_EQ(negative_binomial_by_search(uniform(w), first, second), count);
    } else if (row[0] == "bernoulli") {
      EXPECT_EQ(BernoulliSampler(first)(w), count == 1);
    } else {
      ASSERT_EQ(row[0], "categorical 0 3 1 0 4");
      EXPECT_EQ(CategoricalSampler(std::vector<double>{0, 3, 1, 0, 4})(w), static_cast<std::size_t>(count));
    }
  }
}

// Times and heights within 1e-14: Python takes its logarithm from the system.
TEST(Vectors, Thinned_process) {
  const auto rows = rows_of("thinned.csv");
  ThinnedProcess process(Streams(20231218, 5, 17), Purpose("thinned"), 3, 0.5);
  for (const auto& row : rows) {
    const auto event = process.next(6, 3.5, [](double t) { return t < 3 ? 1 : 3.5; });
    ASSERT_TRUE(event.has_value());
    EXPECT_NEAR(event->time, std::stod(row[0]), 1e-14 * 6);
    EXPECT_NEAR(event->height, std::stod(row[1]), 1e-14);
    EXPECT_EQ(event->marks, (Words{word(row[2]), word(row[3])}));
    EXPECT_EQ(event->strip, word(row[4]));
    EXPECT_EQ(event->index, word(row[5]));
  }
  EXPECT_FALSE(process.next(6, 3.5, [](double) { return 3.5; }).has_value());
}

// variates.csv: ten variates of each continuous sampler and quantile, as the fixed maths library makes them. They pin
// and prove nothing; samplers_test does. DESIST_UPDATE_GOLDEN=1 writes them anew: then stream_contract must be raised.
std::string variates() {
  const Streams streams(20231218, 5, 17);
  std::string text =
      "# Variates of the continuous samplers and quantiles: seed 20231218, draw 5, replicate 17, purpose the column's "
      "name,\n"
      "# entities 0 to 9, one stream each. Written by vectors_test with DESIST_UPDATE_GOLDEN=1 and the fixed maths "
      "library.\n"
      "# They pin the numbers of stream contract 1 (another library must fail here); samplers_test shows that they are "
      "right.\n"
      "sampler,entity,value\n";
  const auto add = [&](const std::string& name, const auto& sample) {
    for (std::uint64_t entity = 0; entity < 10; ++entity) {
      Stream stream = streams.open(Purpose{std::string_view(name)}, entity);
      text += name + "," + std::to_string(entity) + "," + shortest(sample(stream)) + "\n";
    }
  };
  add("exponential clock 0.4", [](Stream& s) { return ExponentialClock(0.4)(s()); });
  add("exponential 0.4", ExponentialSampler(0.4));
  add("normal 35 11", NormalSampler(35, 11));
  add("gamma 0.05 1.5", GammaSampler(0.05, 1.5));
  add("gamma 2.7 1.5", GammaSampler(2.7, 1.5));
  add("beta 0.5 0.5", BetaSampler(0.5, 0.5));
  add("beta 8.5 62.5", BetaSampler(8.5, 62.5));
  add("uniform quantile -3 7", [](Stream& s) { return UniformDistribution{-3, 7}.quantile(uniform(s())); });
  add("triangular quantile 0 1 5", [](Stream& s) { return TriangularDistribution{0, 1, 5}.quantile(uniform(s())); });
  add("beta quantile 8.5 62.5", [](Stream& s) { return BetaDistribution{8.5, 62.5}.quantile(uniform(s())); });
  add("gamma quantile 2.5 0.4", [](Stream& s) { return GammaDistribution{2.5, 0.4}.quantile(uniform(s())); });
  add("normal quantile", [](Stream& s) { return standard_normal_quantile(uniform(s())); });
  add("inverse normal", [](Stream& s) { return inverse_normal(uniform(s())); });
  return text;
}

TEST(Vectors, Continuous_variates) {
  if (maths_library() == "system") GTEST_SKIP() << "built without musl-dev: last digits are the system's";
  if (std::getenv("DESIST_UPDATE_GOLDEN") != nullptr) std::ofstream(folder + "variates.csv") << variates();
  std::ostringstream committed;
  committed << std::ifstream(folder + "variates.csv").rdbuf();
  EXPECT_EQ(variates(), committed.str());
}

}  // namespace
}  // namespace desist
