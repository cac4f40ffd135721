// Every field of tests/data/reference/05_meta (metafor 3.8.1) at the tolerances in the README there.
#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/statistics/meta_checks.hpp"
#include "engine/statistics/rare_events.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using nlohmann::json;
using reference::Comparison;

constexpr double closed = 1e-10;    // FE, DL, SJ, HE, Mantel-Haenszel, Peto
constexpr double iterative = 1e-7;  // REML, PM, ML

struct StudyFile {
  std::vector<TwoByTwo> tables;
  std::vector<double> moderator;
};

StudyFile studies_of(const std::string& name) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/05_meta/" + name);
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line.substr(0, 17), "study,x1,n1,x0,n0");
  StudyFile found;
  while (std::getline(file, line)) {
    std::istringstream cells(line.substr(line.find(',') + 1));
    TwoByTwo t;
    char comma = 0;
    cells >> t.x1 >> comma >> t.n1 >> comma >> t.x0 >> comma >> t.n0;
    found.tables.push_back(t);
    double moderator = 0;
    if (cells >> comma >> moderator) found.moderator.push_back(moderator);
  }
  return found;
}

struct Estimator {
  const char* name;
  TauEstimator tau;
  double tolerance;
};
constexpr Estimator estimators[] = {
    {"FE", TauEstimator::fixed_effect, closed},
    {"DL", TauEstimator::dersimonian_laird, closed},
    {"REML", TauEstimator::restricted_likelihood, iterative},
    {"PM", TauEstimator::paule_mandel, iterative},
    {"ML", TauEstimator::likelihood, iterative},
    {"SJ", TauEstimator::sidik_jonkman, closed},
    {"HE", TauEstimator::hedges, closed},
};

void compare_pooled(Comparison& c, const json& e, const Inference& ours, double tolerance) {
  c.near(e, "estimate", ours.estimate, tolerance);
  c.near(e, "se", ours.error, tolerance);
  c.near(e, "ci", ours.interval, tolerance);
  if (!e.contains("statistic")) return;
  c.near(e, "statistic", ours.estimate / ours.error, tolerance);
  c.near(e, "p", ours.p, tolerance);
}

std::size_t compare_knapp_hartung(Comparison& c, const json& e, std::span<const EffectSize> effects,
                                  const Estimator& by) {
  const auto fit = pool(effects, {by.tau, PooledErrors::knapp_hartung, usual_confidence});
  EXPECT_TRUE(fit);
  c.near(e, "se", fit->pooled().error, by.tolerance);
  c.near(e, "statistic", fit->pooled().estimate / fit->pooled().error, by.tolerance);
  c.near(e, "p", fit->pooled().p, by.tolerance);
  c.near(e, "ci", fit->pooled().interval, by.tolerance);
  c.near(e, "variance_factor", fit->variance_factor, by.tolerance);
  EXPECT_EQ(fit->df, e.at("df"));
  const auto prediction = prediction_interval(*fit);
  EXPECT_EQ(prediction.has_value(), !e.at("prediction_interval").is_null());
  if (prediction) {
    c.near(e, "prediction_interval", *prediction, by.tolerance);
    const auto plain = pool(effects, {by.tau, PooledErrors::normal, usual_confidence});
    EXPECT_NEAR(prediction_interval(*fit, PredictionRule::student_k_minus_1)->low,
                prediction_interval(*plain, PredictionRule::student_k_minus_1)->low, 1e-13);
  }
  return 7;
}

void compare_numbers(Comparison& c, const json& theirs, const std::string& field, const std::vector<double>& ours,
                     double tolerance) {
  ASSERT_EQ(theirs.at(field).size(), ours.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const json one{{field, theirs.at(field)[i]}};
    c.near(one, field, ours[i], tolerance);
  }
}

void compare_fit(Comparison& c, const json& e, std::span<const EffectSize> effects, const Estimator& by) {
  const double tolerance = by.tolerance;
  const auto fit = pool(effects, {by.tau, PooledErrors::normal, usual_confidence});
  ASSERT_TRUE(fit);
  compare_pooled(c, e, fit->pooled(), tolerance);
  c.near(e, "tau2", fit->tau2.value, tolerance);
  EXPECT_EQ(fit->tau2.error.has_value(), !e.at("se_tau2").is_null());
  if (fit->tau2.error) c.near(e, "se_tau2", fit->tau2.error, tolerance);
  c.near(e, "I2", fit->i2, tolerance);
  c.near(e, "H2", fit->h2, tolerance);
  c.near(e, "Q", fit->q, closed);
  EXPECT_EQ(fit->df, e.at("Q_df"));
  c.near(e, "Q_p", fit->q_p, closed);
  EXPECT_NEAR(fit->q_p / e.at("Q_p").get<double>(), 1, 1e-8);  // relative too: it may be 1e-26
  c.near(e, "loglik_reml", fit->log_likelihoods.restricted, tolerance);
  c.near(e, "loglik_ml", fit->log_likelihoods.plain, tolerance);
  std::size_t seen = 14;
  if (by.tau != TauEstimator::fixed_effect) {
    c.near(e, "prediction_interval", *prediction_interval(*fit), tolerance);
    c.near(e, "prediction_interval_t_k_minus_1", *prediction_interval(*fit, PredictionRule::student_k_minus_1),
           tolerance);
    c.near(e, "prediction_interval_t_k_minus_2", *prediction_interval(*fit, PredictionRule::student_k_minus_2),
           tolerance);
    seen += 3;
  }
  EXPECT_EQ(compare_knapp_hartung(c, e.at("knapp_hartung"), effects, by), e.at("knapp_hartung").size());
  ++seen;
  const Eigen::MatrixXd ones = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(effects.size()), 1);
  if (e.contains("q_profile_ci")) {
    const auto interval = q_profile_interval(effects, ones);
    ASSERT_TRUE(interval);
    c.near(e.at("q_profile_ci"), "tau2", interval->tau2, iterative);
    c.near(e.at("q_profile_ci"), "I2", interval->i2, iterative);
    ++seen;
  }
  if (e.contains("leave_one_out_estimate")) {
    const auto rows = influence(effects, ones, {by.tau, PooledErrors::normal, usual_confidence});
    ASSERT_TRUE(rows);
    std::vector<double> estimates, tau2;
    for (const StudyInfluence& row : *rows) {
      estimates.push_back(row.effects.front());
      tau2.push_back(row.tau2);
    }
    compare_numbers(c, e, "leave_one_out_estimate", estimates, tolerance);
    compare_numbers(c, e, "leave_one_out_tau2", tau2, tolerance);
    seen += 2;
  }
  EXPECT_EQ(seen, e.size());
}

void compare_meta_regression(Comparison& c, const json& e, std::span<const EffectSize> effects,
                             const std::vector<double>& moderator) {
  Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(effects.size()), 2);
  for (std::size_t i = 0; i < moderator.size(); ++i) columns(static_cast<Eigen::Index>(i), 1) = moderator[i];
  const auto numbers = [](const Synthesis& fit, auto member) {
    std::vector<double> found;
    for (const Inference& each : fit.effects) found.push_back(each.*member);
    return found;
  };
  const auto fit = meta_regression(effects, columns, {TauEstimator::restricted_likelihood});
  const auto student =
      meta_regression(effects, columns, {TauEstimator::restricted_likelihood, PooledErrors::knapp_hartung});
  ASSERT_TRUE(fit && student);
  const json& r = e.at("REML");
  compare_numbers(c, r, "coef", numbers(*fit, &Inference::estimate), iterative);
  compare_numbers(c, r, "se", numbers(*fit, &Inference::error), iterative);
  compare_numbers(c, r, "se_knapp_hartung", numbers(*student, &Inference::error), iterative);
  c.near(r, "tau2", fit->tau2.value, iterative);
  c.near(r, "QE", fit->q, iterative);
  c.near(r, "QM", moderator_test(*fit)->statistic, iterative);
  c.near(r, "R2_percent", heterogeneity_explained(*fit, *pool(effects)), iterative);
  EXPECT_EQ(r.size(), 7u);
  const json& d = e.at("DL");
  const auto moments = meta_regression(effects, columns, {TauEstimator::dersimonian_laird});
  ASSERT_TRUE(moments);
  compare_numbers(c, d, "coef", numbers(*moments, &Inference::estimate), closed);
  compare_numbers(c, d, "se", numbers(*moments, &Inference::error), closed);
  c.near(d, "tau2", moments->tau2.value, closed);
  EXPECT_EQ(d.size(), 3u);
  EXPECT_EQ(e.size(), 3u);
}

void compare_measure(const std::string& where, const json& e, const StudyFile& studies, EffectMeasure measure,
                     HalfRule rule) {
  Comparison c(where);
  std::vector<EffectSize> effects;
  std::vector<double> yi, vi;
  for (const TwoByTwo& table : studies.tables) {
    const auto effect = effect_size(table, measure, rule);
    ASSERT_TRUE(effect);
    effects.push_back(*effect);
    yi.push_back(effect->effect);
    vi.push_back(effect->variance);
  }
  compare_numbers(c, e, "yi", yi, 1e-12);
  compare_numbers(c, e, "vi", vi, 1e-12);
  std::size_t seen = 2;
  for (const Estimator& by : estimators) {
    if (!e.contains(by.name)) continue;
    ++seen;
    if (rule == HalfRule::tables_with_a_zero) {
      Comparison one(where + " " + by.name);
      compare_fit(one, e.at(by.name), effects, by);
      continue;
    }
    const auto fit = pool(effects, {by.tau, PooledErrors::normal, usual_confidence});
    ASSERT_TRUE(fit);
    compare_pooled(c, e.at(by.name), fit->pooled(), by.tolerance);
    c.near(e.at(by.name), "tau2", fit->tau2.value, by.tolerance);
    c.near(e.at(by.name), "I2", fit->i2, by.tolerance);
    c.near(e.at(by.name), "Q", fit->q, by.tolerance);
    EXPECT_EQ(e.at(by.name).size(), 6u);
  }
  if (e.contains("egger_regression")) {
    ++seen;
    const auto egger = funnel_asymmetry(effects);
    ASSERT_TRUE(egger);
    c.near(e.at("egger_regression"), "statistic", egger->statistic, closed);
    c.near(e.at("egger_regression"), "df", egger->df, closed);
    c.near(e.at("egger_regression"), "p", egger->p, closed);
  }
  if (e.contains("meta_regression")) {
    ++seen;
    compare_meta_regression(c, e.at("meta_regression"), effects, studies.moderator);
  }
  EXPECT_EQ(seen, e.size()) << where;
}

TEST(synthesis_reference, every_field_of_metafor) {
  const json file = reference::read("05_meta/expected.json");
  ASSERT_EQ(file.at("analyses").size(), 3u);
  for (const auto& [name, e] : file.at("analyses").items()) {
    const StudyFile studies = studies_of(e.at("data"));
    std::size_t seen = 1;
    const auto compare = [&, name = name, e = e](const char* field, EffectMeasure measure, HalfRule rule) {
      if (!e.contains(field)) return;
      compare_measure(name + " " + field, e.at(field), studies, measure, rule);
      ++seen;
    };
    compare("RR", EffectMeasure::log_risk_ratio, HalfRule::tables_with_a_zero);
    compare("OR", EffectMeasure::log_odds_ratio, HalfRule::tables_with_a_zero);
    compare("RD", EffectMeasure::risk_difference, HalfRule::tables_with_a_zero);
    compare("RD_no_half_added", EffectMeasure::risk_difference, HalfRule::never);

    Comparison c(name);
    const auto common = [&](const json& group, const char* estimate, const Synthesised<CommonEffect>& ours) {
      ASSERT_TRUE(ours);
      c.near(group, estimate, ours->pooled.estimate, closed);
      c.near(group, "se", ours->pooled.error, closed);
      c.near(group, "ci", ours->pooled.interval, closed);
      c.near(group, "Q", ours->q, closed);
      EXPECT_EQ(group.size(), 4u);
    };
    const json& mh = e.at("mantel_haenszel");
    EXPECT_EQ(mh.size(), 3u);
    common(mh.at("log_rr"), "estimate", mantel_haenszel(studies.tables, EffectMeasure::log_risk_ratio));
    common(mh.at("log_or"), "estimate", mantel_haenszel(studies.tables, EffectMeasure::log_odds_ratio));
    common(mh.at("rd"), "estimate", mantel_haenszel(studies.tables, EffectMeasure::risk_difference));
    common(e.at("peto"), "log_or", peto(studies.tables));
    EXPECT_EQ(seen + 2, e.size()) << name;
  }
}

}  // namespace
}  // namespace desist::statistics
