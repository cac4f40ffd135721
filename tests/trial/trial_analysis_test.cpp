// The short ways of an analysis give what its estimator gives.
#include "engine/trial/trial_analysis.hpp"

#include <gmock/gmock.h>

#include "tests/trial/count_model.hpp"

namespace desist {
namespace {

/// Rows of a trial with deaths nowhere, losses here and there, and treated who may not complete.
TrialRows some_rows(std::uint64_t r, std::size_t people, bool with_losses) {
  Stream stream = Streams(3, 0, r).open(Purpose("rows"), 0);
  TrialRows rows;
  rows.clear(1);
  for (std::size_t i = 0; i < people; ++i) {
    TrialRow row;
    row.person = static_cast<std::int32_t>(i);
    row.treated = uniform(stream()) < 0.5;
    row.started = row.treated && uniform(stream()) < 0.9;
    row.completed = row.started && uniform(stream()) < 0.7;
    row.lost = with_losses && uniform(stream()) < 0.1;
    row.weeks = row.lost ? 20 : 52;
    const double rate = -0.8 * std::log(uniform(stream())) * (row.treated ? 0.7 : 1);
    const auto count = poisson_by_search(uniform(stream()), rate);
    rows.rows.push_back(row);
    rows.outcomes[0].push_back({static_cast<std::int32_t>(count), 10});
  }
  return rows;
}

TEST(TrialAnalysis, fast_paths_equal_the_methods) {
  const TrialDesign design = test::design({200}, {});
  const std::vector<std::size_t> cuts{6, 20, 57, 200};
  int compared = 0;
  for (const std::string method : {"risks", "poisson", "negative_binomial"})
    for (const Analysed of : {Analysed::everyone, Analysed::completers, Analysed::as_treated})
      for (std::uint64_t r = 0; r < 40; ++r) {
        const TrialAnalysis analysis = test::analysis("a", method, of);
        const TrialRows rows = some_rows(r, 200, method == "risks" && r % 2 == 1);
        TrialAnalyser analyser(design, analysis, 0);
        std::vector<TrialEstimate> fast, by_method;
        const double truth = method == "risks" ? -0.08 : -0.3;
        analyser.run(rows, cuts, truth, fast);
        analyser.run_method(rows, cuts, truth, by_method);
        for (std::size_t k = 0; k < cuts.size(); ++k) {
          ASSERT_EQ(fast[k].found, by_method[k].found) << method << " " << r << " " << k;
          if (!fast[k].found) continue;
          EXPECT_NEAR(fast[k].estimate, by_method[k].estimate, 1e-8);
          EXPECT_NEAR(fast[k].p, by_method[k].p, 1e-8);
          EXPECT_EQ(fast[k].covers, by_method[k].covers);
          ++compared;
        }
      }
  EXPECT_GT(compared, 900);
}

// Nobody has more than one: less variance than Poisson's, whose limit is log(m1 / m0) with error sqrt(1/y1 + 1/y0), as
// glm.nb of R gives with theta out of bounds.
TEST(TrialAnalysis, Counts_without_more_variance_have_the_limit_of_poisson) {
  const TrialDesign design = test::design({60}, {});
  TrialRows rows;
  rows.clear(1);
  for (std::int32_t i = 0; i < 60; ++i) {
    TrialRow row;
    row.person = i;
    row.treated = i % 2 == 1;
    row.weeks = 52;
    rows.rows.push_back(row);
    rows.outcomes[0].push_back({i % 2 == 1 ? (i < 16 ? 1 : 0) : (i < 40 ? 1 : 0), 10});
  }
  for (const char* errors : {"", "observed", "HC1"}) {
    TrialAnalysis analysis = test::analysis("a", "negative_binomial");
    if (*errors != 0) analysis.analysis.words["errors"] = {errors};
    TrialAnalyser analyser(design, analysis, 0);
    std::vector<TrialEstimate> found;
    const std::vector<std::size_t> cuts{60};
    analyser.run(rows, cuts, 0, found);
    ASSERT_TRUE(found[0].found) << errors;
    EXPECT_NEAR(found[0].estimate, std::log(8.0 / 20), 1e-9);
    if (std::string(errors) != "HC1") {
      const double z = std::log(8.0 / 20) / std::sqrt(1.0 / 8 + 1.0 / 20);
      EXPECT_NEAR(found[0].p, std::erfc(-z / std::sqrt(2.0)), 1e-9);
    }
  }
}

TEST(TrialAnalysis, People_followed_for_different_times_are_for_the_method) {
  const TrialDesign design = test::design({200}, {});
  for (const std::string method : {"poisson", "negative_binomial"}) {
    const TrialAnalysis analysis = test::analysis("a", method);
    TrialAnalyser analyser(design, analysis, 0);
    TrialRows rows = some_rows(1, 200, false);
    for (std::size_t i = 0; i < 100; ++i) rows.rows[i].weeks = 26;
    std::vector<TrialEstimate> found, by_method;
    const std::vector<std::size_t> cuts{200};
    analyser.run(rows, cuts, 0, found);
    analyser.run_method(rows, cuts, 0, by_method);
    EXPECT_TRUE(found[0].found);
    EXPECT_EQ(found[0].estimate, by_method[0].estimate) << method;
    EXPECT_EQ(found[0].p, by_method[0].p) << method;
  }
}

TEST(TrialAnalysis, Every_kind_of_outcome_and_covariate_is_there) {
  const TrialDesign design = test::design({200}, {});
  TrialRows rows = some_rows(1, 200, true);
  for (std::size_t i = 0; i < 200; ++i) {
    rows.rows[i].age = 20 + static_cast<double>(i % 30);
    rows.rows[i].before = static_cast<double>(i % 4);
    rows.rows[i].cluster = static_cast<std::int32_t>(i / 10);
    rows.outcomes[0][i].first = 5 + static_cast<double>((7 * i) % 40);
  }
  for (const auto& [method, measure] :
       {std::pair("logistic", "odds ratio"), std::pair("poisson", "rate ratio"), std::pair("cox", "hazard ratio"),
        std::pair("linear_risk", "risk difference"), std::pair("standardised_risk", "risk difference")}) {
    TrialAnalysis analysis = test::analysis("a", method);
    analysis.analysis.words["adjust"] = {"age", "before"};
    TrialAnalyser analyser(design, analysis, 0);
    std::vector<TrialEstimate> found;
    const std::vector<std::size_t> cuts{100, 200};
    analyser.run(rows, cuts, 0, found);
    ASSERT_TRUE(analyser.scale().has_value()) << method;
    EXPECT_EQ(analyser.scale()->measure, measure);
    EXPECT_TRUE(found[0].found && found[1].found) << method;
    EXPECT_NE(found[0].estimate, found[1].estimate);
  }
}

}  // namespace
}  // namespace desist
