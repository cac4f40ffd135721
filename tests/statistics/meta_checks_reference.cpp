// Influence, trim and fill, subgroups and F tests of moderators against metafor 3.8-1
// (tests/data/reference/meta_checks/make.R). REML to 1e-7, closed forms to 1e-9 relative.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/statistics/meta_checks.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using nlohmann::json;

struct StudyRows {
  std::vector<EffectSize> effects;
  std::vector<double> latitude;
  Eigen::MatrixXd ones() const { return Eigen::MatrixXd::Ones(static_cast<Eigen::Index>(effects.size()), 1); }
};

StudyRows rows_of(const std::string& name) {
  std::ifstream file(std::string(DESIST_TEST_DATA) + "/reference/05_meta/" + name + ".csv");
  std::string line;
  std::getline(file, line);
  StudyRows found;
  while (std::getline(file, line)) {
    std::istringstream cells(line.substr(line.find(',') + 1));
    TwoByTwo t;
    char comma = 0;
    double latitude = 0;
    cells >> t.x1 >> comma >> t.n1 >> comma >> t.x0 >> comma >> t.n0;
    found.effects.push_back(*effect_size(t, EffectMeasure::log_risk_ratio));
    if (cells >> comma >> latitude) found.latitude.push_back(latitude);
  }
  return found;
}

void near(const json& theirs, const char* field, const std::vector<double>& ours, double tolerance) {
  ASSERT_EQ(theirs.at(field).size(), ours.size()) << field;
  for (std::size_t i = 0; i < ours.size(); ++i) {
    const double b = theirs.at(field)[i];
    EXPECT_NEAR(ours[i], b, tolerance * std::max(1.0, std::abs(b))) << field << " " << i;
  }
}

template <class Rows, class Member>
std::vector<double> column(const Rows& rows, Member member) {
  std::vector<double> found;
  for (const auto& row : rows) found.push_back(static_cast<double>(member(row)));
  return found;
}

void compare_influence(const json& e, const StudyRows& s, const Eigen::MatrixXd& columns, const SynthesisMethod& method,
                       double tolerance) {
  const auto rows = influence(s.effects, columns, method);
  ASSERT_TRUE(rows);
  near(e, "rstudent", column(*rows, [](const auto& r) { return r.studentised_residual; }), tolerance);
  near(e, "dffits", column(*rows, [](const auto& r) { return r.dffits; }), tolerance);
  near(e, "cook.d", column(*rows, [](const auto& r) { return r.cook_distance; }), tolerance);
  near(e, "cov.r", column(*rows, [](const auto& r) { return r.covariance_ratio; }), tolerance);
  near(e, "tau2.del", column(*rows, [](const auto& r) { return r.tau2; }), tolerance);
  near(e, "QE.del", column(*rows, [](const auto& r) { return r.q; }), tolerance);
  near(e, "hat", column(*rows, [](const auto& r) { return r.hat; }), tolerance);
  near(e, "weight", column(*rows, [](const auto& r) { return r.weight; }), tolerance);
  std::vector<double> dfbetas;
  for (Eigen::Index j = 0; j < columns.cols(); ++j)
    for (const auto& row : *rows) dfbetas.push_back(row.dfbetas[static_cast<std::size_t>(j)]);
  near(e, "dfbs", dfbetas, tolerance);
  near(e, "is_infl", column(*rows, [](const auto& r) { return r.influential; }), 0);
  EXPECT_EQ(e.size(), 10u);
}

void compare_trim_and_fill(const json& e, const StudyRows& s, TauEstimator tau) {
  const auto found = trim_and_fill(s.effects, {tau, PooledErrors::normal, usual_confidence});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->side == FunnelSide::high ? "right" : "left", e.at("side"));
  EXPECT_EQ(found->missing, e.at("k0")[0]);
  near(e, "filled", column(found->filled, [](const auto& f) { return f.effect; }), 1e-9);
  near(e, "estimate", {found->with_filled.pooled().estimate}, 1e-9);
  near(e, "se", {found->with_filled.pooled().error}, 1e-9);
}

TEST(meta_checks_reference, every_field) {
  const json file = reference::read("meta_checks/expected.json");
  ASSERT_EQ(file.size(), 2u);
  const SynthesisMethod moments{TauEstimator::dersimonian_laird, PooledErrors::normal, usual_confidence};
  const SynthesisMethod student{TauEstimator::dersimonian_laird, PooledErrors::knapp_hartung, usual_confidence};
  for (const auto& [name, e] : file.items()) {
    const StudyRows s = rows_of(name);
    compare_influence(e.at("influence_reml"), s, s.ones(), {}, 1e-7);
    compare_influence(e.at("influence_dl_knapp_hartung"), s, s.ones(), student, 1e-9);
    compare_trim_and_fill(e.at("trim_and_fill_fe"), s, TauEstimator::fixed_effect);
    compare_trim_and_fill(e.at("trim_and_fill_dl"), s, TauEstimator::dersimonian_laird);

    std::vector<std::size_t> group;
    for (std::size_t i = 0; i < s.effects.size(); ++i) group.push_back(i % 3 + 1);
    for (const bool common : {true, false}) {
      const json& g = e.at(common ? "subgroups_common_dl" : "subgroups_separate_dl");
      const auto found =
          subgroups(s.effects, group, common ? SubgroupSpread::common : SubgroupSpread::separate, moments);
      ASSERT_TRUE(found);
      near(g, common ? "QM" : "Q", {found->between.statistic}, 1e-9);
      near(g, common ? "QMp" : "p", {found->between.p}, 1e-9);
      near(g, "estimate", column(found->groups, [](const auto& r) { return r.pooled.estimate; }), 1e-9);
      near(g, "se", column(found->groups, [](const auto& r) { return r.pooled.error; }), 1e-9);
      if (common) {
        near(g, "tau2", {found->groups.back().tau2}, 1e-9);
      } else {
        near(g, "tau2", column(found->groups, [](const auto& r) { return r.tau2; }), 1e-9);
      }
    }
    if (s.latitude.empty()) continue;
    Eigen::MatrixXd columns = Eigen::MatrixXd::Ones(s.ones().rows(), 3);
    for (Eigen::Index i = 0; i < columns.rows(); ++i) {
      columns(i, 1) = s.latitude[static_cast<std::size_t>(i)];
      columns(i, 2) = s.effects[static_cast<std::size_t>(i)].variance;
    }
    compare_influence(e.at("influence_moderator_dl"), s, columns.leftCols(2), moments, 1e-9);
    const auto fit = meta_regression(s.effects, columns, student);
    ASSERT_TRUE(fit);
    const json& two = e.at("two_moderators_dl_knapp_hartung");
    near(two, "coef", column(fit->effects, [](const auto& r) { return r.estimate; }), 1e-9);
    near(two, "QM", {moderator_test(*fit)->statistic}, 1e-9);
    near(two, "QMp", {moderator_test(*fit)->p}, 1e-9);
  }
}

}  // namespace
}  // namespace desist::statistics
