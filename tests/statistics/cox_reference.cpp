// Proportional-hazards models against R (survival 3.5-3): tests/data/reference/04_survival, every field of a Cox model.
#include <gtest/gtest.h>

#include "engine/statistics/concordance.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/cox_zph.hpp"
#include "tests/statistics/survival_files.hpp"

namespace desist::statistics {
namespace {

using namespace reference;

constexpr double rel = 1e-9;

struct Model {
  std::string set, key, time, event, strata;
  std::vector<std::string> columns;  // of the matrix
  std::vector<std::string> names;    // of the coefficients in R
  std::vector<int> terms;
  std::string cluster;
};
const Model models[] = {
    {"rossi",
     "cox",
     "week",
     "arrest",
     "",
     {"fin", "age", "race", "wexp", "mar", "paro", "prio"},
     {"fin", "age", "race", "wexp", "mar", "paro", "prio"},
     {},
     ""},
    {"rossi",
     "cox_stratified",
     "week",
     "arrest",
     "race",
     {"fin", "age", "wexp", "mar", "prio"},
     {"fin", "age", "wexp", "mar", "prio"},
     {},
     ""},
    {"lung", "cox", "time", "event", "", {"age", "sex", "ecog"}, {"age", "sex", "ecog"}, {}, "inst"},
    {"lung", "cox_stratified", "time", "event", "ecog", {"age", "sex"}, {"age", "sex"}, {}, ""},
    {"veteran",
     "cox",
     "time",
     "status",
     "",
     {"trt", "celltype=smallcell", "celltype=adeno", "celltype=large", "karno"},
     {"trt", "celltypesmallcell", "celltypeadeno", "celltypelarge", "karno"},
     {0, 1, 1, 1, 2},
     ""},
    {"veteran", "cox_stratified", "time", "status", "celltype", {"trt", "karno"}, {"trt", "karno"}, {}, ""}};

TEST(cox_reference, models) {
  FieldCount fields;
  const nlohmann::json analyses = survival_analyses();
  for (const Model& model : models) {
    const nlohmann::json expected = analyses.at(model.set).at(model.key);
    const Columns data(model.set + ".csv");
    const auto time = data.numbers(model.time);
    const auto event = data.whole(model.event);
    const auto strata = model.strata.empty() ? std::vector<int>() : data.labels(model.strata);
    const Eigen::MatrixXd x = data.matrix(model.columns);
    const FollowUp follow_up{time, event, {}};
    for (const Ties ties : {Ties::efron, Ties::breslow}) {
      const std::string name = ties == Ties::efron ? "efron" : "breslow";
      const std::string where = model.set + " " + model.key + " " + name;
      const auto& theirs = expected.at(name);
      CoxPlan plan{.ties = ties, .stratum = strata};
      const auto fit = cox(follow_up, x, plan);
      ASSERT_TRUE(fit) << where;
      fields.near(values_of(theirs.at("coef"), model.names), fit->coefficients, rel, where + " coef");
      fields.near(values_of(theirs.at("se"), model.names), fit->errors(), rel, where + " se");
      fields.near(theirs.at("loglik_null"), fit->log_likelihood_null, 1e-10, where);
      fields.near(theirs.at("loglik"), fit->log_likelihood, 1e-10, where);
      fields.near(theirs.at("score_test"), fit->score.statistic, rel, where + " score");
      fields.near(theirs.at("wald_test"), fit->wald.statistic, rel, where + " wald");
      fields.near(theirs.at("n"), static_cast<double>(fit->rows), 0, where);
      fields.near(theirs.at("events"), static_cast<double>(fit->events), 0, where);
      const Eigen::VectorXd score = x * fit->coefficients;
      const auto pairs =
          concordance(follow_up, std::span(score.data(), static_cast<std::size_t>(score.size())), strata);
      ASSERT_TRUE(pairs) << where;
      fields.near(theirs.at("concordance"), pairs->value(), rel, where + " concordance");
      plan.errors = CoxErrors::robust;
      const auto robust = cox(follow_up, x, plan);
      ASSERT_TRUE(robust) << where;
      EXPECT_EQ(robust->coefficients, fit->coefficients);
      if (expected.contains(name + "_robust_se")) {
        fields.near(values_of(expected.at(name + "_robust_se"), model.names), robust->errors(), rel, where + " robust");
      }
      if (ties == Ties::efron && !model.cluster.empty()) {
        const auto clusters = data.labels(model.cluster);
        plan.cluster = clusters;
        const auto clustered = cox(follow_up, x, plan);
        ASSERT_TRUE(clustered);
        EXPECT_EQ(expected.at("efron_cluster").at("cluster"), model.cluster);
        fields.near(values_of(expected.at("efron_cluster").at("se"), model.names), clustered->errors(), rel, where);
      }
      if (ties == Ties::efron && expected.contains("baseline_cumhaz_efron")) {
        const auto& baseline = expected.at("baseline_cumhaz_efron");
        for (std::size_t k = 0; k < baseline.at("time").size(); ++k) {
          fields.near(baseline.at("value")[k], baseline_hazard(*fit, baseline.at("time")[k].get<double>()), rel,
                      where + " baseline");
        }
      }
    }
  }
  // coefficients, errors and 7 more of each fit; robust errors; cluster errors; baseline.
  EXPECT_EQ(fields.count, 2 * (2 * (7 + 5 + 3 + 2 + 5 + 2) + 6 * 7) + 2 * (7 + 3 + 5) + 3 + 5 + 4 + 4);
}

TEST(cox_reference, proportional_hazards) {
  FieldCount fields;
  const nlohmann::json analyses = survival_analyses();
  for (const Model& model : models) {
    if (model.key != "cox") continue;
    const Columns data(model.set + ".csv");
    const auto time = data.numbers(model.time);
    const auto event = data.whole(model.event);
    for (const TimeTransform transform : {TimeTransform::kaplan_meier, TimeTransform::identity}) {
      const bool km = transform == TimeTransform::kaplan_meier;
      const auto& theirs = analyses.at(model.set).at("cox_zph").at(km ? "km" : "identity");
      const auto test = cox_zph({time, event, {}}, data.matrix(model.columns), {}, transform, model.terms);
      ASSERT_TRUE(test);
      std::vector<ChiSquareTest> rows = test->terms;
      rows.push_back(test->all);
      ASSERT_EQ(theirs.at("rows").size(), rows.size());
      for (std::size_t k = 0; k < rows.size(); ++k) {
        const std::string where = model.set + " " + theirs.at("rows")[k].get<std::string>();
        fields.near(theirs.at("chisq")[k], rows[k].statistic, 1e-6, where);
        fields.near(theirs.at("p")[k], rows[k].p, 1e-6, where);
        if (km) fields.near(theirs.at("df")[k], rows[k].df, 0, where);
      }
    }
  }
  EXPECT_EQ(fields.count, (8 + 4 + 4) * 5);
}

TEST(cox_reference, andersen_gill) {
  FieldCount fields;
  const nlohmann::json expected = survival_analyses().at("bladder_recurrent");
  const Columns data("bladder2.csv");
  const auto start = data.numbers("start"), stop = data.numbers("stop");
  const auto event = data.whole("event"), id = data.labels("id"), number = data.labels("enum");
  const std::vector<std::string> names{"rx", "size", "number"};
  const Eigen::MatrixXd x = data.matrix(names);
  const auto compare = [&](const nlohmann::json& theirs, const CoxPlan& plan, const std::string& where) {
    const auto fit = cox({stop, event, start}, x, plan);
    ASSERT_TRUE(fit);
    fields.near(values_of(theirs.at("coef"), names), fit->coefficients, rel, where);
    fields.near(values_of(theirs.at("naive_se"), names), fit->covariance.diagonal().cwiseSqrt(), rel, where);
    fields.near(values_of(theirs.at("robust_se"), names), fit->errors(), rel, where);
    fields.near(theirs.at("loglik")[0], fit->log_likelihood_null, 1e-10, where);
    fields.near(theirs.at("loglik")[1], fit->log_likelihood, 1e-10, where);
    fields.near(theirs.at("score_test"), fit->score.statistic, rel, where);
    fields.near(theirs.at("n"), static_cast<double>(fit->rows), 0, where);
    fields.near(theirs.at("events"), static_cast<double>(fit->events), 0, where);
  };
  CoxPlan plan{.errors = CoxErrors::robust, .cluster = id};
  compare(expected.at("andersen_gill").at("efron"), plan, "efron");
  plan.ties = Ties::breslow;
  compare(expected.at("andersen_gill").at("breslow"), plan, "breslow");
  plan.ties = Ties::efron;
  plan.stratum = number;
  compare(expected.at("prentice_williams_peterson_total_time"), plan, "total time");
  EXPECT_EQ(fields.count, 3 * (9 + 5));
}

}  // namespace
}  // namespace desist::statistics
