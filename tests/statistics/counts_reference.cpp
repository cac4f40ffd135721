// Every model of tests/data/reference/03_counts (glm, glm.nb, sandwich, clubSandwich): Poisson and linear models to
// 1e-8, negative binomial to 1e-6; and its pairs of rates, to 1e-8.
#include <cmath>

#include <Eigen/Core>
#include <gtest/gtest.h>

#include "engine/statistics/generalised_linear_model.hpp"
#include "engine/statistics/linear_model.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/rates.hpp"
#include "tests/statistics/csv_columns.hpp"
#include "tests/statistics/plain_algebra.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;
using nlohmann::json;
using reference::Comparison;

/// One model of the reference as matrices.
struct Model {
  json expected;
  std::vector<std::string> names;
  MatrixXd x;
  VectorXd y;
  VectorXd offset;
  std::vector<std::size_t> cluster;  // empty where the reference has none
};

std::vector<Model> models() {
  const json all = reference::read("03_counts/expected.json").at("models");
  EXPECT_EQ(all.size(), 3u);
  std::vector<Model> result;
  const CsvColumns quine("reference/03_counts/quine.csv");
  result.push_back({all.at("quine"),
                    {"(Intercept)", "EthN", "SexM", "AgeF1", "AgeF2", "AgeF3", "LrnSL"},
                    with_constant({quine.is("Eth", "N"), quine.is("Sex", "M"), quine.is("Age", "F1"),
                                   quine.is("Age", "F2"), quine.is("Age", "F3"), quine.is("Lrn", "SL")}),
                    quine.number("Days"),
                    {},
                    {}});
  const CsvColumns epil("reference/03_counts/epil.csv");
  result.push_back(
      {all.at("epil"),
       {"(Intercept)", "trtprogabide", "lbase", "lage", "V4"},
       with_constant({epil.is("trt", "progabide"), epil.number("lbase"), epil.number("lage"), epil.number("V4")}),
       epil.number("y"),
       {},
       epil.labels("subject")});
  const CsvColumns reoffences("reference/03_counts/reoffences.csv");
  result.push_back({all.at("reoffences_offset"),
                    {"(Intercept)", "treat", "prior"},
                    with_constant({reoffences.number("treat"), reoffences.number("prior")}),
                    reoffences.number("offences"),
                    reoffences.number("years").array().log(),
                    reoffences.labels("area")});
  return result;
}

void compare_vector(const json& expected, const Model& m, const VectorXd& ours, double tolerance,
                    const std::string& where) {
  Comparison c(m.expected.at("formula").get<std::string>() + " " + where);
  ASSERT_EQ(expected.size(), m.names.size());
  for (std::size_t j = 0; j < m.names.size(); ++j) {
    c.near(expected, m.names[j], ours[static_cast<Eigen::Index>(j)], tolerance);
  }
}

VectorXd errors(const MatrixXd& covariance) { return covariance.diagonal().cwiseSqrt(); }

void compare_robust(const json& expected, const Model& m, const WorkingModel& working, double tolerance) {
  const std::vector<std::pair<std::string, RobustKind>> kinds = {{"HC0", RobustKind::hc0},
                                                                 {"HC1", RobustKind::hc1},
                                                                 {"HC2", RobustKind::hc2},
                                                                 {"HC3", RobustKind::hc3},
                                                                 {"HC4", RobustKind::hc4}};
  for (const auto& [name, kind] : kinds) {
    if (!expected.contains(name)) continue;
    compare_vector(expected.at(name), m, errors(std::get<MatrixXd>(robust_covariance(working, kind))), tolerance, name);
  }
}

/// `for_cr2` is the working model as clubSandwich sees it.
void compare_clusters(const json& expected, const Model& m, const WorkingModel& working, double tolerance,
                      const WorkingModel& for_cr2) {
  const std::vector<std::pair<std::string, ClusterKind>> kinds = {{"CR0", ClusterKind::cr0},
                                                                  {"CR0_times_G_over_Gm1", ClusterKind::cr0_g},
                                                                  {"CR1_stata_like", ClusterKind::cr1},
                                                                  {"CR2", ClusterKind::cr2}};
  std::size_t compared = 1;  // "variable" names the column
  for (const auto& [name, kind] : kinds) {
    if (!expected.contains(name)) continue;
    ++compared;
    const auto ours =
        std::get<ClusterCovariance>(cluster_covariance(kind == ClusterKind::cr2 ? for_cr2 : working, m.cluster, kind));
    if (expected.contains("groups")) {
      EXPECT_EQ(ours.clusters, expected.at("groups"));
    }
    json named = expected.at(name);
    if (named.is_array()) {
      named = json::object();
      for (std::size_t j = 0; j < m.names.size(); ++j) named[m.names[j]] = expected.at(name).at(j);
    }
    compare_vector(named, m, errors(ours.covariance), tolerance, name);
  }
  EXPECT_EQ(compared + expected.count("groups"), expected.size());
}

/// What R's glm keeps beside coefficients is of its last iteration but one: iteratively weighted least squares as R
/// runs it, until the deviance changes by less than 1e-14 of itself.
struct LaggingWeights {
  MatrixXd bread;
  double dispersion = 0;
};

LaggingWeights r_keeps(const Model& m) {
  const Eigen::Index n = m.y.size();
  const VectorXd offset = m.offset.size() > 0 ? m.offset : VectorXd::Zero(n);
  VectorXd mean = m.y.array() + 0.1;
  VectorXd eta = mean.array().log();
  double deviance = 0;
  for (int i = 0; i < 100; ++i) {
    const VectorXd weight = mean;
    const VectorXd z = eta.array() - offset.array() + (m.y - mean).array() / mean.array();
    const MatrixXd bread = test::inverse(test::weighted_product(m.x.transpose(), weight, m.x));
    eta = offset + m.x * (bread * (m.x.transpose() * weight.cwiseProduct(z)));
    mean = eta.array().exp();
    double next = 0;
    for (Eigen::Index k = 0; k < n; ++k) {
      next += 2 * ((m.y[k] > 0 ? m.y[k] * std::log(m.y[k] / mean[k]) : 0.0) - (m.y[k] - mean[k]));
    }
    if (std::abs(next - deviance) / (std::abs(next) + 0.1) < 1e-14) {
      const VectorXd residual = (m.y - mean).cwiseQuotient(mean);
      return {bread, (weight.array() * residual.array().square()).sum() / static_cast<double>(n - m.x.cols())};
    }
    deviance = next;
  }
  ADD_FAILURE() << "no convergence";
  return {};
}

/// The Poisson model with its sandwich's outer sides as R keeps them; clubSandwich takes these, and its middle of the
/// coefficients themselves.
WorkingModel with_bread_of(const LaggingWeights& r, const Model& m, const GeneralisedLinearModel& model) {
  WorkingModel lagging = model.working;
  lagging.back = r.bread * (m.x.transpose() * model.fitted.asDiagonal() * m.x) * lagging.back;
  return lagging;
}

TEST(counts_reference, poisson) {
  for (const Model& m : models()) {
    const auto model =
        std::get<GeneralisedLinearModel>(generalised_linear_model(Family::poisson, m.x, m.y, {m.offset, {}}));
    const LaggingWeights r = r_keeps(m);
    const json& expected = m.expected.at("poisson");
    compare_vector(expected.at("coef"), m, model.coefficients, 1e-8, "coef");
    compare_vector(expected.at("se"), m, errors(model.covariance), 1e-8, "se");
    Comparison c(m.expected.at("formula"));
    c.near(expected, "loglik", model.log_likelihood, 1e-8);
    c.near(expected, "aic", model.aic, 1e-8);
    c.near(expected, "deviance", model.deviance, 1e-8);
    c.near(expected, "null_deviance", model.null_deviance, 1e-8);
    c.near(expected, "pearson_chisq", model.pearson_chi_square, 1e-8);
    EXPECT_EQ(model.residual_df, expected.at("df_residual"));
    compare_robust(expected.at("robust"), m, model.working, 1e-8);
    EXPECT_EQ(expected.at("robust").size(), 4u);
    EXPECT_EQ(expected.contains("cluster"), !m.cluster.empty());
    if (!m.cluster.empty())
      compare_clusters(expected.at("cluster"), m, model.working, 1e-8, with_bread_of(r, m, model));
    EXPECT_EQ(expected.size(), m.cluster.empty() ? 9u : 10u);

    const json& quasi = m.expected.at("quasipoisson");
    compare_vector(quasi.at("coef"), m, model.coefficients, 1e-8, "quasi coef");
    compare_vector(quasi.at("se"), m, errors(quasi_covariance(model)), 1e-8, "quasi se");
    c.near(quasi, "dispersion", r.dispersion, 1e-8);
    EXPECT_NEAR(model.dispersion() / r.dispersion, 1, 1e-6);
    c.near({{"pearson", model.pearson_chi_square}}, "pearson",
           model.dispersion() * static_cast<double>(model.residual_df), 1e-14);
    EXPECT_EQ(quasi.size(), 3u);
  }
}

TEST(counts_reference, negative_binomial) {
  constexpr double tolerance = 1e-6;
  for (const Model& m : models()) {
    const auto model = std::get<NegativeBinomial>(negative_binomial(m.x, m.y, m.offset));
    const json& expected = m.expected.at("negbin");
    const auto k = static_cast<Eigen::Index>(m.names.size());
    const VectorXd joint = errors(model.joint_covariance);
    Comparison c(m.expected.at("formula"));
    compare_vector(expected.at("coef"), m, model.coefficients, tolerance, "coef");
    c.near(expected, "theta", model.theta, tolerance);
    c.near(expected, "alpha", model.alpha, tolerance);
    c.near(expected, "loglik", model.log_likelihood, tolerance);
    c.near(expected, "two_loglik", 2 * model.log_likelihood, tolerance);
    c.near(expected, "aic", model.aic, tolerance);
    compare_vector(expected.at("se_expected_information"), m, errors(model.covariance), tolerance, "se");
    c.near(expected, "se_theta_glm_nb", model.theta_error, tolerance);
    compare_vector(expected.at("se_joint_observed_hessian"), m, joint.head(k), tolerance, "joint se");
    c.near(expected, "se_log_theta_joint", joint[k], tolerance);
    c.near(expected, "se_theta_joint", model.theta * joint[k], tolerance);
    c.near(expected, "deviance", model.deviance, tolerance);
    c.near(expected, "lr_against_poisson", model.likelihood_ratio, tolerance);
    EXPECT_LT(model.likelihood_ratio_p, 1e-20);
    compare_robust(expected.at("robust"), m, model.working, tolerance);
    EXPECT_EQ(expected.at("robust").size(), 2u);
    if (!m.cluster.empty()) compare_clusters(expected.at("cluster"), m, model.working, tolerance, model.working);
    // "glm_nb_as_reported" is the package's own end, before it was solved further.
    const json& reported = expected.at("glm_nb_as_reported");
    compare_vector(reported.at("coef"), m, model.coefficients, tolerance, "glm.nb coef");
    compare_vector(reported.at("se"), m, errors(model.covariance), tolerance, "glm.nb se");
    c.near(reported, "theta", model.theta, tolerance);
    c.near(reported, "se_theta", model.theta_error, 1e-5);
    c.near(reported, "twologlik", 2 * model.log_likelihood, tolerance);
    EXPECT_EQ(reported.size(), 5u);
    EXPECT_EQ(expected.size(), m.cluster.empty() ? 15u : 16u);
  }
}

TEST(counts_reference, rate_pairs) {
  const json all = reference::read("03_counts/expected.json").at("rate_ratios");
  ASSERT_EQ(all.size(), 6u);
  constexpr double tolerance = 1e-8;
  for (const json& expected : all) {
    const RatePair pair{{expected.at("x1"), expected.at("t1")}, {expected.at("x0"), expected.at("t0")}};
    Comparison c(expected.at("id"));
    c.near(expected, "rate_ratio", rate_ratio(pair), tolerance);
    c.near(expected, "exact_ci", exact_rate_ratio(pair), tolerance);
    const RateTest test = exact_rate_test(pair);
    c.near(expected, "p_two_sided", test.two_sided, tolerance);
    c.near(expected, "p_greater", test.greater, tolerance);
    c.near(expected, "p_less", test.less, tolerance);
    c.near(expected, "midp_ci", mid_p_rate_ratio(pair), tolerance);
    const auto wald = log_wald_rate_ratio(pair);
    ASSERT_EQ(wald.has_value(), !expected.at("log_wald_ci").is_null());
    if (wald) c.near(expected, "log_wald_ci", *wald, tolerance);
    c.near(expected, "rate_1", pair.group1.estimate(), tolerance);
    c.near(expected, "rate_1_exact_ci", exact_rate(pair.group1), tolerance);
    c.near(expected, "rate_0_exact_ci", exact_rate(pair.group0), tolerance);
    c.near(expected, "rate_difference", rate_difference(pair), tolerance);
    c.near(expected, "rate_difference_se", rate_difference_error(pair), tolerance);
    EXPECT_EQ(expected.size(), 17u);
  }
}

TEST(counts_reference, linear) {
  std::size_t seen = 0;
  for (const Model& m : models()) {
    if (!m.expected.contains("linear")) continue;
    ++seen;
    const auto model = std::get<LinearModel>(linear_model(m.x, m.y));
    const json& expected = m.expected.at("linear");
    compare_vector(expected.at("coef"), m, model.coefficients, 1e-8, "linear coef");
    compare_vector(expected.at("se_classical"), m, errors(model.covariance), 1e-8, "linear se");
    compare_robust(expected, m, model.working, 1e-8);
    EXPECT_EQ(expected.contains("cluster"), !m.cluster.empty());
    if (!m.cluster.empty()) compare_clusters(expected.at("cluster"), m, model.working, 1e-8, model.working);
    EXPECT_EQ(expected.size(), m.cluster.empty() ? 8u : 9u);
  }
  EXPECT_EQ(seen, 2u);
}

}  // namespace
}  // namespace desist::statistics
