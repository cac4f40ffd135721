// tests/data/reference/07_did_its areas_panel (sandwich, clubSandwich): linear models with clusters, to 1e-8; CR2 and
// its degrees of freedom to 1e-6.
#include <gtest/gtest.h>

#include "engine/statistics/linear_model.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using reference::Comparison;

Eigen::MatrixXd beside(const Eigen::MatrixXd& left, const std::vector<Eigen::VectorXd>& right) {
  Eigen::MatrixXd x(left.rows(), left.cols() + static_cast<Eigen::Index>(right.size()));
  x.leftCols(left.cols()) = left;
  for (std::size_t j = 0; j < right.size(); ++j) x.col(left.cols() + static_cast<Eigen::Index>(j)) = right[j];
  return x;
}

/// `first` is the column of the first name.
void compare(const nlohmann::json& expected, const Eigen::MatrixXd& x, const CsvColumns& data, Eigen::Index first,
             const std::vector<std::string>& names) {
  const Eigen::VectorXd y = data.number("rate");
  const auto cluster = data.labels("area");
  const auto model = std::get<LinearModel>(linear_model(x, y));
  EXPECT_EQ(x.rows(), expected.at("n"));
  EXPECT_EQ(x.cols(), expected.at("parameters"));
  const auto covariance = [&](ClusterKind kind) {
    return std::get<ClusterCovariance>(cluster_covariance(model.working, cluster, kind));
  };
  const auto hc1 = std::get<Eigen::MatrixXd>(robust_covariance(model.working, RobustKind::hc1));
  const auto cr0 = covariance(ClusterKind::cr0), cr0_g = covariance(ClusterKind::cr0_g),
             cr1 = covariance(ClusterKind::cr1), cr2 = covariance(ClusterKind::cr2);
  EXPECT_EQ(cr0.clusters, expected.at("clusters"));
  const auto tests = inferences(model.coefficients, cr1.covariance, cr1.degrees_of_freedom);
  Comparison c(expected.at("formula"));
  for (std::size_t k = 0; k < names.size(); ++k) {
    const Eigen::Index j = first + static_cast<Eigen::Index>(k);
    const auto error = [j](const Eigen::MatrixXd& v) { return std::sqrt(v(j, j)); };
    c.near(expected.at("coef"), names[k], model.coefficients[j], 1e-8);
    c.near(expected.at("se_classical"), names[k], error(model.covariance), 1e-8);
    c.near(expected.at("se_hc1"), names[k], error(hc1), 1e-8);
    c.near(expected.at("se_cluster_CR0"), names[k], error(cr0.covariance), 1e-8);
    c.near(expected.at("se_cluster_G_over_Gm1"), names[k], error(cr0_g.covariance), 1e-8);
    c.near(expected.at("se_cluster_stata"), names[k], error(cr1.covariance), 1e-8);
    c.near(expected.at("p_cluster_stata_t_Gm1"), names[k], tests[static_cast<std::size_t>(j)].p, 1e-8);
    c.near(expected.at("se_cluster_CR2"), names[k], error(cr2.covariance), 1e-6);
    c.near(expected.at("CR2_satterthwaite_df"), names[k], cr2.degrees_of_freedom[static_cast<std::size_t>(j)], 1e-6);
  }
}

TEST(clusters_reference, difference_in_differences_as_linear_models) {
  const auto expected = reference::read("07_did_its/expected.json").at("areas_panel");
  const CsvColumns data("reference/07_did_its/areas_panel.csv");
  const Eigen::VectorXd treated = data.number("treated"), after = data.number("after"), active = data.number("active");
  compare(expected.at("two_by_two"), with_constant({treated, after, treated.cwiseProduct(after)}), data, 1,
          {"treated", "after", "treated:after"});
  std::vector<Eigen::VectorXd> dummies;
  for (const auto& [unit, levels] : std::vector<std::pair<std::string, int>>{{"area", 24}, {"quarter", 12}}) {
    for (int level = 2; level <= levels; ++level) dummies.push_back(data.is(unit, std::to_string(level)));
  }
  compare(expected.at("two_way_fixed_effects"), beside(with_constant({active}), dummies), data, 1, {"active"});
  compare(expected.at("two_way_fixed_effects_with_covariates"),
          beside(with_constant({active, data.number("unemp")}), dummies), data, 1, {"active", "unemp"});
}

}  // namespace
}  // namespace desist::statistics
