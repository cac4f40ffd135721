// Appraisals of tests/data/reference/10_cost: flows.csv by flows of the file, psa.csv as a table of draws. Values of
// expected.json and green_book.json by R (1e-9 relative); EVPPI by mgcv's gam within 5% or 5 money units of it, the
// larger, as the reference says.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/estimation/appraisal_case.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::test {
namespace {

using statistics::CsvColumns;
namespace reference = statistics::reference;

const std::array<std::string, 4> strategies{"usual", "letter", "course", "hostel"};
const std::array<std::string, 4> parameters{"param_base_risk", "param_rr_c", "param_cost_c", "param_harm"};

const nlohmann::json& expected_file() {
  static const nlohmann::json all = reference::read("10_cost/expected.json");
  return all;
}

void expect_close(double found, double expected, const std::string& what) {
  EXPECT_NEAR(found, expected, 1e-9 * std::max(1.0, std::abs(expected))) << what;
}

TEST(AppraiseReference, FlowsOfTheFile) {
  const CsvColumns file("reference/10_cost/flows.csv");
  const Eigen::VectorXd years = file.number("year"), amounts = file.number("amount");
  AppraisalCase made(41);
  DiscountedBy& schedule = made.appraisal.discounting[0];
  schedule.factors.assign(1, 1.0);
  for (int year = 1; year <= 40; ++year)
    schedule.factors.push_back(schedule.factors.back() / (year <= 30 ? 1.035 : 1.03));
  made.appraisal.discounting.push_back({"none", "", "", std::vector<double>(41, 1.0)});
  const auto in_arm = made.figure("in arm", {FixedLaw{0}, FixedLaw{1}});
  for (Eigen::Index i = 0; i < file.rows(); ++i) {
    const bool cost = file.text("stream")[static_cast<std::size_t>(i)] == "cost";
    Flow& flow = made.flow(cost ? Flow::Role::programme_cost : Flow::Role::benefit, input(in_arm), number(amounts[i]));
    flow.first = static_cast<int>(years[i]);
  }
  const AppraisalResult result = made.run();
  const nlohmann::json green_book = reference::read("10_cost/green_book.json");
  const nlohmann::json& present = green_book.at("present_values");
  const ArmValue& main = result.arms[0];
  const ArmValue& plain = result.arms[1];
  expect_close(main.benefits.mean, present.at("benefit").at("green_book_schedule"), "benefits");
  expect_close(main.costs.mean, present.at("cost").at("green_book_schedule"), "costs");
  expect_close(plain.benefits.mean, present.at("benefit").at("undiscounted"), "undiscounted benefits");
  expect_close(plain.costs.mean, present.at("cost").at("undiscounted"), "undiscounted costs");
  expect_close(main.npv.mean, green_book.at("net_present_value"), "net present value");
  expect_close(main.bcr->mean, green_book.at("benefit_cost_ratio"), "benefit-cost ratio");
  EXPECT_EQ(main.npv.mc_error, 0);
}

struct TableOfDraws : testing::Test {
  Appraisal appraisal;
  TableOfDraws() {
    const CsvColumns file("reference/10_cost/psa.csv");
    DrawsTable table;
    table.draws = static_cast<std::size_t>(file.rows());
    for (const std::string& name : strategies) table.strategies.push_back(name);
    for (const std::string& name : parameters) table.parameters.push_back(name);
    for (Eigen::Index d = 0; d < file.rows(); ++d) {
      const auto row = static_cast<std::size_t>(d);
      for (const std::string& name : strategies) {
        table.costs.push_back(std::stod(file.text("cost_" + name)[row]));
        table.effects.push_back(std::stod(file.text("effect_" + name)[row]));
      }
      for (const std::string& name : parameters) table.values.push_back(std::stod(file.text(name)[row]));
    }
    appraisal.table = table;
    Effect effect;
    effect.lower_is_better = false;  // the file's effects are averted reoffences
    for (const nlohmann::json& at : expected_file().at("by_threshold")) effect.worth.push_back(at.at("threshold"));
    appraisal.effects = {effect};
  }
};

TEST_F(TableOfDraws, AcceptabilityAndFrontier) {
  const AppraisalResult result = appraise(appraisal, ParameterDraws(), OutcomeTable(), 0);
  EXPECT_EQ(result.draws, 2000U);
  ASSERT_EQ(result.acceptability.size(), 1U);
  const Acceptability& curve = result.acceptability[0];
  ASSERT_EQ(curve.worth.size(), 20U);
  for (std::size_t t = 0; t < curve.worth.size(); ++t) {
    const nlohmann::json& at = expected_file().at("by_threshold")[t];
    SCOPED_TRACE(curve.worth[t]);
    for (std::size_t s = 0; s < strategies.size(); ++s)
      expect_close(curve.chance_best[s][t], at.at("ceac").at(strategies[s]), strategies[s]);
    EXPECT_EQ(strategies[curve.best[t]], at.at("best_by_mean"));
    expect_close(curve.evpi[t], at.at("evpi"), "EVPI");
  }
}

TEST_F(TableOfDraws, IncrementalRatios) {
  const AppraisalResult result = appraise(appraisal, ParameterDraws(), OutcomeTable(), 0);
  ASSERT_EQ(result.effects.size(), 4U);
  const nlohmann::json& table = expected_file().at("icer_table");
  for (std::size_t s = 0; s < strategies.size(); ++s) {
    const nlohmann::json& row = table.at(strategies[s]);
    const EffectValue& value = result.effects[s];
    expect_close(value.net_cost.mean, row.at("cost").get<double>() - table.at("usual").at("cost").get<double>(),
                 "cost");
    expect_close(value.averted.mean, row.at("effect").get<double>() - table.at("usual").at("effect").get<double>(),
                 "effect");
    EXPECT_EQ(value.icer.has_value(), !row.at("icer").is_null()) << strategies[s];
    if (value.icer) expect_close(*value.icer, row.at("icer"), strategies[s]);
    EXPECT_EQ(value.status == EffectValue::Status::dominated, row.at("status") == "dominated");
  }
  EXPECT_EQ(result.effects[0].status, EffectValue::Status::comparator);
  EXPECT_EQ(result.effects[1].versus, "usual");
  EXPECT_EQ(result.effects[2].versus, "letter");
  EXPECT_EQ(result.plane.size(), 3U * 500U);
}

TEST_F(TableOfDraws, InformationIsValuedWhereKnowingAllIsWorthMost) {
  const AppraisalResult all = appraise(appraisal, ParameterDraws(), OutcomeTable(), 0);
  const Acceptability& curve = all.acceptability[0];
  const auto most = std::max_element(curve.evpi.begin(), curve.evpi.end()) - curve.evpi.begin();
  EXPECT_EQ(all.information->worth, curve.worth[static_cast<std::size_t>(most)]);
  expect_close(all.information->evpi_amount.mean, curve.evpi[static_cast<std::size_t>(most)], "two ways of summing");
  for (std::size_t i = 0; i < 3; ++i) {
    const double worth = expected_file().at("evppi").at(parameters[0])[i].at("threshold");
    appraisal.effects[0].worth = {worth};
    const AppraisalResult result = appraise(appraisal, ParameterDraws(), OutcomeTable(), 0);
    ASSERT_EQ(result.information->figures.size(), 4U);
    for (const InformationValue& value : result.information->figures) {
      const double gam = expected_file().at("evppi").at(value.label)[i].at("gam_thin_plate_reml");
      EXPECT_NEAR(value.in_sample, gam, std::max(5.0, 0.05 * gam)) << value.label << ' ' << worth;
    }
  }
}

}  // namespace
}  // namespace desist::test
