// The fields of tests/data/reference/02_itt_cace that need rows (AER ivreg, estimatr iv_robust, sandwich), to 1e-9; and
// those that counts give too, from the rows.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/instrumental.hpp"
#include "engine/statistics/linear_model.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using nlohmann::json;
using reference::Comparison;
constexpr double complier_tolerance = 1e-9;

VectorXd standard_errors(const MatrixXd& covariance) { return covariance.diagonal().cwiseSqrt(); }
VectorXd standard_errors(const WorkingModel& working, RobustKind kind) {
  return standard_errors(std::get<MatrixXd>(robust_covariance(working, kind)));
}

void compare_vector(Comparison& c, const json& expected, const std::vector<std::string>& names, const VectorXd& ours) {
  ASSERT_EQ(expected.size(), names.size());
  for (std::size_t j = 0; j < names.size(); ++j) {
    c.near(expected, names[j], ours[static_cast<Eigen::Index>(j)], complier_tolerance);
  }
}

void compare_instrumental(Comparison& c, const json& expected, const InstrumentalModel& model,
                          const std::vector<std::string>& names) {
  compare_vector(c, expected.at("coef"), names, model.coefficients);
  compare_vector(c, expected.at("se_classical"), names, standard_errors(model.covariance));
  compare_vector(c, expected.at("se_hc0"), names, standard_errors(model.working, RobustKind::hc0));
  compare_vector(c, expected.at("se_hc1"), names, standard_errors(model.working, RobustKind::hc1));
  compare_vector(c, expected.at("se_hc2"), names, standard_errors(model.working, RobustKind::hc2));
  EXPECT_EQ(model.residual_df, expected.at("residual_df"));
  EXPECT_EQ(model.residuals.size(), expected.at("n"));
  c.near(expected, "sigma", model.sigma, complier_tolerance);
  EXPECT_EQ(expected.size(), 8u);
}

TEST(complier_rows_reference, two_stage_least_squares) {
  const json trials = reference::read("02_itt_cace/expected.json").at("trials");
  std::size_t adjusted = 0;
  for (const auto& [name, trial] : trials.items()) {
    const CsvColumns data("reference/02_itt_cace/" + trial.at("data").get<std::string>());
    const VectorXd assigned = data.number("assigned"), received = data.number("received"), y = data.number("outcome");
    Comparison c(name);
    const auto plain =
        std::get<InstrumentalModel>(instrumental_model({received, assigned, MatrixXd::Ones(data.rows(), 1), y}));
    compare_instrumental(c, trial.at("cace").at("two_stage_least_squares"), plain, {"received", "(Intercept)"});
    c.near(trial, "first_stage_F_classical", plain.first_stage_f.at(0), complier_tolerance);

    const auto slope = std::get<LinearModel>(linear_model(with_constant({assigned}), y));
    const json& itt = trial.at("intention_to_treat");
    c.near(itt, "risk_difference", slope.coefficients[1], complier_tolerance);
    c.near(itt, "se_lm_classical", standard_errors(slope.covariance)[1], complier_tolerance);
    c.near(itt, "se_lm_hc0", standard_errors(slope.working, RobustKind::hc0)[1], complier_tolerance);
    c.near(itt, "se_lm_hc1", standard_errors(slope.working, RobustKind::hc1)[1], complier_tolerance);
    c.near(itt, "se_lm_hc2", standard_errors(slope.working, RobustKind::hc2)[1], complier_tolerance);
    c.near(itt, "se_lm_hc3", standard_errors(slope.working, RobustKind::hc3)[1], complier_tolerance);

    if (!trial.contains("adjusted")) continue;
    ++adjusted;
    const VectorXd age = data.number("age"), prior = data.number("prior");
    const auto model =
        std::get<InstrumentalModel>(instrumental_model({received, assigned, with_constant({age, prior}), y}));
    compare_instrumental(c, trial.at("adjusted").at("two_stage_least_squares"), model,
                         {"received", "(Intercept)", "age", "prior"});
    const json& expected = trial.at("adjusted").at("itt_lm");
    const std::vector<std::string> names = {"(Intercept)", "assigned", "age", "prior"};
    const auto line = std::get<LinearModel>(linear_model(with_constant({assigned, age, prior}), y));
    compare_vector(c, expected.at("coef"), names, line.coefficients);
    compare_vector(c, expected.at("se_classical"), names, standard_errors(line.covariance));
    compare_vector(c, expected.at("se_hc1"), names, standard_errors(line.working, RobustKind::hc1));
    compare_vector(c, expected.at("se_hc3"), names, standard_errors(line.working, RobustKind::hc3));
    EXPECT_EQ(expected.size(), 4u);
    EXPECT_EQ(trial.at("adjusted").size(), 3u);
  }
  EXPECT_EQ(adjusted, 1u);
}

}  // namespace
}  // namespace desist::statistics
