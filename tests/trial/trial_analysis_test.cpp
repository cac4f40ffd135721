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

/// Rows with times of the first offence to the hour, losses, deaths, blocks and clusters.
TrialRows rows_with_times(std::size_t people) {
  Stream stream = Streams(5, 0, 0).open(Purpose("rows"), 0);
  TrialRows rows;
  rows.clear(1);
  for (std::size_t i = 0; i < people; ++i) {
    TrialRow row;
    row.person = static_cast<std::int32_t>(i);
    row.block = static_cast<std::int32_t>(i / 4);
    row.cluster = static_cast<std::int32_t>(i / 10);
    row.treated = uniform(stream()) < 0.5;
    row.started = row.treated && uniform(stream()) < 0.8;
    row.weeks = 52;
    row.lost = uniform(stream()) < 0.1;
    row.died = !row.lost && uniform(stream()) < 0.1;
    if (row.lost || row.died) row.weeks = 52 * uniform(stream());
    const double first = std::ceil(-24 * 7 * 70 * std::log(uniform(stream()))) / (24 * 7);
    const bool any = first < row.weeks;
    row.died = row.died && !any;
    rows.rows.push_back(row);
    rows.outcomes[0].push_back({any ? 1 : 0, any ? first : row.weeks});
  }
  return rows;
}

DataColumn column_of(const std::string& name, ColumnType type, const std::vector<double>& values) {
  DataColumn column;
  column.declared.name = name;
  column.declared.type = type;
  column.missing.assign(values.size(), 0);
  for (const double value : values)
    if (type == ColumnType::category)
      column.codes.push_back(static_cast<std::int32_t>(value));
    else
      column.values.push_back(value);
  return column;
}

/// The same people as the file of an evaluation would have them.
PersonStudy study_of(const TrialRows& rows, const PersonOutcome& outcome) {
  std::vector<double> arm, until, how, any, events, weeks, started, block, cluster;
  for (std::size_t i = 0; i < rows.rows.size(); ++i) {
    const TrialRow& row = rows.rows[i];
    const TrialOutcome& its = rows.outcomes[0][i];
    arm.push_back(row.treated ? 1 : 0);
    until.push_back(its.first);
    how.push_back(its.count > 0 ? 1 : row.died ? 2 : 0);
    any.push_back(its.count > 0 ? 1 : 0);
    events.push_back(its.count);
    weeks.push_back(row.weeks);
    started.push_back(row.started ? 1 : 0);
    block.push_back(row.block);
    cluster.push_back(row.cluster);
  }
  PersonStudy study;
  study.design = Design::randomised;
  study.arm = "group";
  study.control = "control";
  study.arms = {"control", "treated"};
  study.received = "started";
  study.people.rows = rows.rows.size();
  study.people.columns = {
      column_of("group", ColumnType::category, arm),     column_of("until", ColumnType::number, until),
      column_of("how", ColumnType::category, how),       column_of("any", ColumnType::yes_no, any),
      column_of("events", ColumnType::integer, events),  column_of("weeks", ColumnType::number, weeks),
      column_of("started", ColumnType::yes_no, started), column_of("block", ColumnType::integer, block),
      column_of("cluster", ColumnType::integer, cluster)};
  study.people.columns[0].levels = {"control", "treated"};
  study.people.columns[2].levels = {"none", "offence", "death"};
  if (outcome.kind == PersonOutcome::Kind::yes_no)
    for (std::size_t i = 0; i < rows.rows.size(); ++i)
      if (rows.rows[i].lost) {
        study.people.columns[3].missing[i] = 1;
        ++study.people.columns[3].missing_count;
      }
  study.outcomes = {outcome};
  study.seed = 77;
  return study;
}

/// The one number of an analysis that stands for it: the headline, or the first effect.
const EffectRow* told(const AnalysisResult& result) {
  for (const EffectRow& row : result.effects)
    if (row.headline) return &row;
  for (const EffectRow& row : result.effects)
    if (row.effect) return &row;
  return nullptr;
}

/// An analysis as a trial makes it and as an evaluation of the same people does.
struct BothWays {
  TrialEstimate trial;
  TrialScale scale;
  AnalysisResult study;
};

BothWays both_ways(const TrialAnalysis& analysis, const Analysis& of_study, double truth = -0.1) {
  const TrialRows rows = rows_with_times(160);
  TrialDesign design = test::design({160}, {});
  TrialAnalyser analyser(design, analysis, 0);
  analyser.draw_from(77);
  std::vector<TrialEstimate> found;
  const std::vector<std::size_t> cuts{160};
  analyser.run(rows, cuts, truth, found);
  BothWays both{found[0], {}, run_analysis(study_of(rows, trial_outcome(analysis)), of_study, 1)};
  EXPECT_TRUE(analyser.scale().has_value());
  if (analyser.scale()) both.scale = *analyser.scale();
  return both;
}

void expect_same_effect(const BothWays& both) {
  ASSERT_EQ(both.study.refused, "");
  const EffectRow* row = told(both.study);
  ASSERT_NE(row, nullptr);
  ASSERT_TRUE(both.trial.found);
  const auto on_scale = [&](double value) { return row->log_scale ? std::log(value) : value; };
  EXPECT_EQ(both.trial.estimate, on_scale(row->estimate));
  EXPECT_EQ(both.scale.measure, row->measure);
  EXPECT_EQ(both.trial.covers, on_scale(row->interval.low) <= -0.1 && -0.1 <= on_scale(row->interval.high));
  const bool no_zero = on_scale(row->interval.low) > 0 || on_scale(row->interval.high) < 0;
  EXPECT_EQ(both.trial.p, row->p.value_or(no_zero ? 0.0 : 1.0));
}

TEST(TrialAnalysis, A_trial_says_what_an_evaluation_of_its_people_says) {
  using Kind = PersonOutcome::Kind;
  for (const std::string method : {"kaplan_meier", "competing_risks"})
    for (const double weeks : {52.0, 20.0}) {
      TrialAnalysis analysis = test::analysis("a", method);
      if (weeks != 52) analysis.analysis.numbers["at"] = {weeks};
      Analysis of_study = analysis.analysis;
      of_study.numbers["at"] = {weeks};  // which a trial takes to be the end where it is left out
      expect_same_effect(both_ways(analysis, of_study));
    }
  for (const char* method : {"fine_gray", "complier_effect"}) {
    const TrialAnalysis analysis = test::analysis("a", method);
    expect_same_effect(both_ways(analysis, analysis.analysis));
  }
  for (const Kind kind : {Kind::yes_no, Kind::count, Kind::time})
    for (const std::string of : {"difference", "ratio"}) {
      TrialAnalysis analysis = test::analysis("a", "bootstrap");
      analysis.compared = kind;
      analysis.analysis.words = {{"of", {of}}};
      analysis.analysis.numbers = {{"resamples", {499}}};
      expect_same_effect(both_ways(analysis, analysis.analysis));
    }
}

TEST(TrialAnalysis, A_test_alone_is_that_of_an_evaluation) {
  for (const bool stratified : {false, true}) {
    TrialAnalysis analysis = test::analysis("a", "log_rank");
    if (stratified) analysis.analysis.words["strata"] = {"cluster"};
    const BothWays both = both_ways(analysis, analysis.analysis);
    ASSERT_EQ(both.study.tests.size(), 1U);
    EXPECT_EQ(both.trial.p, both.study.tests[0].p);
    EXPECT_DOUBLE_EQ(both.trial.estimate * both.trial.estimate, both.study.tests[0].statistic);
    EXPECT_EQ(both.trial.estimate > 0, both.study.facts[4].value > both.study.facts[5].value);
    EXPECT_EQ(both.study.facts[4].name, "observed: treated");
    EXPECT_FALSE(both.trial.covers);
    EXPECT_FALSE(both.scale.has_effect);
  }
  for (const auto& [kind, of] :
       {std::pair(PersonOutcome::Kind::time, "difference"), std::pair(PersonOutcome::Kind::yes_no, "ratio")}) {
    TrialAnalysis analysis = test::analysis("a", "randomisation_test");
    analysis.compared = kind;
    analysis.analysis.words = {{"of", {of}}};
    analysis.analysis.numbers = {{"draws", {499}}};
    const BothWays both = both_ways(analysis, analysis.analysis);
    ASSERT_EQ(both.study.tests.size(), 1U);
    EXPECT_EQ(both.trial.p, both.study.tests[0].p);
    EXPECT_EQ(both.trial.estimate, both.study.tests[0].statistic);
    EXPECT_TRUE(both.study.tests[0].name.ends_with(both.scale.measure));
    EXPECT_EQ(both.scale.log_scale, std::string(of) == "ratio");
    EXPECT_FALSE(both.scale.has_interval);
  }
}

// Trials have draws of their own: with another seed a p by draws is another, and no seed moves the estimate.
TEST(TrialAnalysis, What_is_drawn_is_keyed) {
  const TrialRows rows = rows_with_times(160);
  const TrialDesign design = test::design({80, 160}, {});
  TrialAnalysis analysis = test::analysis("a", "randomisation_test");
  analysis.compared = PersonOutcome::Kind::time;
  analysis.analysis.numbers = {{"draws", {499}}};
  const std::vector<std::size_t> cuts{80, 160};
  const auto found = [&](std::uint64_t seed) {
    TrialAnalyser analyser(design, analysis, 0);
    analyser.draw_from(seed);
    std::vector<TrialEstimate> said;
    analyser.run(rows, cuts, 0, said);
    return said;
  };
  const auto first = found(1), again = found(1), other = found(2);
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(first[k].p, again[k].p);
    EXPECT_NE(first[k].p, other[k].p);
    EXPECT_EQ(first[k].estimate, other[k].estimate);
  }
}

// Without deaths and losses both curves are shares at the end, with the errors of these.
TEST(TrialAnalysis, Curves_of_people_all_seen_are_shares) {
  TrialRows rows = rows_with_times(200);
  double had[2] = {0, 0}, people[2] = {0, 0};
  for (std::size_t i = 0; i < 200; ++i) {
    TrialRow& row = rows.rows[i];
    row.lost = row.died = false;
    row.weeks = 52;
    TrialOutcome& outcome = rows.outcomes[0][i];
    if (outcome.count == 0) outcome.first = 52;
    had[row.treated ? 1 : 0] += outcome.count;
    people[row.treated ? 1 : 0] += 1;
  }
  const double share1 = had[1] / people[1], share0 = had[0] / people[0];
  const double error = std::sqrt(share1 * (1 - share1) / people[1] + share0 * (1 - share0) / people[0]);
  for (const char* method : {"kaplan_meier", "competing_risks"}) {
    const TrialDesign design = test::design({200}, {});
    const TrialAnalysis analysis = test::analysis("a", method);
    TrialAnalyser analyser(design, analysis, 0);
    std::vector<TrialEstimate> found;
    const std::vector<std::size_t> cuts{200};
    analyser.run(rows, cuts, 0, found);
    EXPECT_NEAR(found[0].estimate, share1 - share0, 1e-12) << method;
    EXPECT_NEAR(found[0].p, std::erfc(std::abs(share1 - share0) / error / std::sqrt(2.0)), 1e-9) << method;
  }
}

}  // namespace
}  // namespace desist
