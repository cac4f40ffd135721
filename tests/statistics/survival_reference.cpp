// Curves, log-rank tests and restricted means against R (survival 3.5-3, survRM2 1.0-4): every field of
// tests/data/reference/04_survival that is not a model's.
#include <gtest/gtest.h>

#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"
#include "engine/statistics/restricted_mean.hpp"
#include "tests/statistics/survival_files.hpp"

namespace desist::statistics {
namespace {

using namespace reference;

std::optional<double> low(const std::optional<Interval>& i) { return i ? std::optional(i->low) : std::nullopt; }
std::optional<double> high(const std::optional<Interval>& i) { return i ? std::optional(i->high) : std::nullopt; }

struct Loaded {
  Loaded(const SurvivalSet& set)
      : data(set.name + ".csv"),
        time(data.numbers(set.time)),
        event(data.whole(set.event)),
        group(data.levels(set.group, set.levels)),
        groups(static_cast<int>(set.levels.size())) {
    if (!set.strata.empty()) strata = data.labels(set.strata);
  }
  FollowUp follow_up() const { return {time, event, {}}; }
  Columns data;
  std::vector<double> time;
  std::vector<int> event, group, strata;
  int groups;
};

TEST(survival_reference, kaplan_meier) {
  FieldCount fields;
  for (const SurvivalSet& set : survival_sets()) {
    const nlohmann::json expected = survival_analyses().at(set.name);
    const Loaded load(set);
    const auto curves = kaplan_meier(load.follow_up(), load.group, load.groups);
    ASSERT_TRUE(curves);
    for (std::size_t g = 0; g < set.levels.size(); ++g) {
      const std::string label = set.group + "=" + set.levels[g];
      const auto& theirs = expected.at("kaplan_meier").at(label);
      const auto times = theirs.at("time").get<std::vector<double>>();
      const auto rows = survival_at((*curves)[g], times);
      for (std::size_t k = 0; k < times.size(); ++k) {
        const std::string where = label + " at " + std::to_string(times[k]);
        const SurvivalStep& step = rows[k].step;
        fields.near(theirs.at("at_risk")[k], static_cast<double>(rows[k].at_risk), 0, where);
        fields.near(theirs.at("survival")[k], step.survival, 1e-10, where);
        fields.near(theirs.at("greenwood_se")[k], step.error(), 1e-10, where);
        fields.near(theirs.at("cum_hazard_nelson_aalen")[k], step.hazard, 1e-10, where);
        const std::pair<const char*, BandScale> scales[] = {
            {"plain", BandScale::plain}, {"log", BandScale::log}, {"loglog", BandScale::log_log}};
        for (const auto& [name, scale] : scales) {
          const auto limits = survival_limits(step, scale);
          fields.near(theirs.at(std::string(name) + "_lower")[k], low(limits), 1e-10, where + name);
          fields.near(theirs.at(std::string(name) + "_upper")[k], high(limits), 1e-10, where + name);
        }
      }
    }
  }
  EXPECT_EQ(fields.count, (2 * 5 + 2 * 4 + 4 * 4) * 10);
}

TEST(survival_reference, median) {
  FieldCount fields;
  for (const SurvivalSet& set : survival_sets()) {
    const nlohmann::json expected = survival_analyses().at(set.name).at("median");
    const Loaded load(set);
    const auto curves = kaplan_meier(load.follow_up(), load.group, load.groups);
    ASSERT_TRUE(curves);
    for (std::size_t g = 0; g < set.levels.size(); ++g) {
      const std::string label = set.group + "=" + set.levels[g];
      const auto& theirs = expected.at(label);
      const SurvivalCurve& curve = (*curves)[g];
      fields.near(theirs.at("n"), static_cast<double>(curve.people), 0, label);
      fields.near(theirs.at("events"), static_cast<double>(curve.events), 0, label);
      const SurvivalQuantile loglog = survival_quantile(curve, 0.5, BandScale::log_log);
      const SurvivalQuantile log = survival_quantile(curve, 0.5, BandScale::log);
      fields.near(theirs.at("median"), log.time, 1e-10, label);
      fields.near(theirs.at("loglog_lower"), loglog.low, 1e-10, label);
      fields.near(theirs.at("loglog_upper"), loglog.high, 1e-10, label);
      fields.near(theirs.at("log_lower"), log.low, 1e-10, label);
      fields.near(theirs.at("log_upper"), log.high, 1e-10, label);
    }
  }
  EXPECT_EQ(fields.count, 8 * 7);
}

TEST(survival_reference, restricted_mean) {
  FieldCount fields;
  for (const SurvivalSet& set : survival_sets()) {
    const nlohmann::json expected = survival_analyses().at(set.name).at("rmst");
    const Loaded load(set);
    const auto curves = kaplan_meier(load.follow_up(), load.group, load.groups);
    ASSERT_TRUE(curves);
    const double tau = expected.at("tau");
    for (std::size_t g = 0; g < set.levels.size(); ++g) {
      const auto mean = restricted_mean((*curves)[g], tau);
      ASSERT_TRUE(mean);
      const auto& theirs = expected.at("groups").at(set.group + "=" + set.levels[g]);
      fields.near(theirs.at("rmst"), mean->mean, 1e-10, set.name);
      fields.near(theirs.at("se"), mean->error, 1e-10, set.name);
    }
    if (set.levels.size() != 2) continue;
    const auto contrast = compare_restricted_means((*curves)[1], (*curves)[0], tau);
    ASSERT_TRUE(contrast);
    const auto& difference = expected.at("difference_treated_minus_other");
    fields.near(difference[0], contrast->difference, 1e-10, set.name);
    fields.near(difference[1], contrast->difference_interval.low, 1e-10, set.name);
    fields.near(difference[2], contrast->difference_interval.high, 1e-10, set.name);
    fields.near(expected.at("difference_p"), contrast->difference_p, 1e-10, set.name);
    fields.near(expected.at("ratio")[0], contrast->ratio, 1e-10, set.name);
    fields.near(expected.at("ratio")[1], contrast->ratio_interval.low, 1e-10, set.name);
    fields.near(expected.at("ratio")[2], contrast->ratio_interval.high, 1e-10, set.name);
    fields.near(expected.at("survRM2_arm1").at("rmst"), contrast->treated.mean, 1e-10, set.name);
    fields.near(expected.at("survRM2_arm1").at("se"), contrast->treated.error, 1e-10, set.name);
    fields.near(expected.at("survRM2_arm0").at("rmst"), contrast->control.mean, 1e-10, set.name);
    fields.near(expected.at("survRM2_arm0").at("se"), contrast->control.error, 1e-10, set.name);
  }
  EXPECT_EQ(fields.count, 8 * 2 + 2 * 11);
}

TEST(survival_reference, log_rank) {
  FieldCount fields;
  for (const SurvivalSet& set : survival_sets()) {
    const nlohmann::json expected = survival_analyses().at(set.name);
    const Loaded load(set);
    const std::pair<const char*, double> kinds[] = {{"logrank", 0.0}, {"peto_rho1", 1.0}};
    for (const auto& [name, rho] : kinds) {
      const auto& theirs = expected.at(name);
      const auto test = log_rank(load.follow_up(), load.group, {load.groups, {}, rho});
      ASSERT_TRUE(test);
      fields.near(theirs.at("chisq"), test->statistic, 1e-10, set.name + name);
      fields.near(theirs.at("df"), test->df, 0, set.name + name);
      fields.near(theirs.at("p"), test->p, 1e-10, set.name + name);
      // Groups of the table are in the order in which survdiff shows them, that of the levels here.
      fields.near(theirs.at("observed"), test->observed, 1e-10, set.name + name);
      fields.near(theirs.at("expected"), test->expected, 1e-10, set.name + name);
      for (int g = 0; g < load.groups; ++g)
        fields.near(theirs.at("variance")[static_cast<std::size_t>(g)], test->variance.row(g), 1e-10, set.name + name);
    }
    if (set.strata.empty()) continue;
    const auto& theirs = expected.at("logrank_stratified");
    EXPECT_EQ(theirs.at("strata"), set.strata);
    const auto test = log_rank(load.follow_up(), load.group, {load.groups, load.strata, 0});
    ASSERT_TRUE(test);
    fields.near(theirs.at("chisq"), test->statistic, 1e-10, set.name);
    fields.near(theirs.at("p"), test->p, 1e-10, set.name);
  }
  EXPECT_EQ(fields.count, 2 * (2 * (3 + 4 + 4) + 3 + 8 + 16) + 4);
}

}  // namespace
}  // namespace desist::statistics
