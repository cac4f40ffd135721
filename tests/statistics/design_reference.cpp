// Every field of tests/data/reference/08_power (R stats, pwr 1.3.0, closed forms) to 1e-7 relative, ceilings exactly.
// Its power of Fisher's test is in two_by_two_reference; the fields of power.prop.test also in sample_size_test.
#include <cmath>

#include <gtest/gtest.h>

#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/power_clusters.hpp"
#include "engine/statistics/power_means.hpp"
#include "engine/statistics/power_rates.hpp"
#include "engine/statistics/power_times.hpp"
#include "engine/statistics/sample_size.hpp"
#include "engine/statistics/two_group_tests.hpp"
#include "tests/statistics/reference_file.hpp"

namespace desist::statistics {
namespace {

using nlohmann::json;
using reference::Comparison;
constexpr double design_tolerance = 1e-7;

const json& file() {
  static const json all = reference::read("08_power/expected.json");
  return all;
}

TEST(design_reference, two_proportions) {
  for (const json& q : file().at("two_proportions")) {
    const double p1 = q.at("p1"), p2 = q.at("p2"), n = q.at("n");
    const Precision precision{q.at("power"), q.at("alpha"), 1};
    Comparison c("two_proportions");
    c.near(q, "n_per_arm_power_prop_test", group_sizes_needed(p2, p1, precision)->n1, design_tolerance);
    c.near(q, "n_per_arm_closed_form", group_sizes_needed(p2, p1, precision)->n0, design_tolerance);
    EXPECT_EQ(std::ceil(group_sizes_needed(p2, p1, precision)->n1), q.at("n_ceiling"));
    c.near(q, "n_per_arm_continuity_fleiss", group_sizes_needed_exact(p2, p1, precision)->n1, design_tolerance);
    c.near(q, "n_per_arm_unpooled_wald", group_sizes_needed_unpooled(p2, p1, precision)->n1, design_tolerance);
    c.near(q, "cohen_h", cohen_h(p1, p2), design_tolerance);
    c.near(q, "n_per_arm_arcsine", group_sizes_needed_arcsine(p1, p2, precision)->n0, design_tolerance);
    c.near(q, "power_arcsine_at_n", power_of_arcsine_test(p1, p2, {n, n}, precision.alpha), design_tolerance);
    c.near(q, "power_at_n", power_of_difference(p2, p1, {n, n}, precision.alpha), design_tolerance);
    c.near(q, "power_at_n_strict", power_of_difference_either_way(p2, p1, {n, n}, precision.alpha), design_tolerance);
    c.near(q, "detectable_p2_below_p1_at_n", detectable_risk_below(p1, {n, n}, precision), design_tolerance);
    EXPECT_EQ(q.size(), 16u);
  }
}

TEST(design_reference, unequal_proportions) {
  for (const json& q : file().at("unequal_proportions")) {
    Comparison c("unequal_proportions");
    c.near(q, "power_arcsine", power_of_arcsine_test(q.at("p1"), q.at("p2"), {q.at("n1"), q.at("n2")}, q.at("alpha")),
           design_tolerance);
    EXPECT_EQ(q.size(), 6u);
  }
}

TEST(design_reference, two_rates) {
  for (const json& q : file().at("two_rates")) {
    const Precision precision{q.at("power"), q.at("alpha"), 1};
    const RateDesign poisson{q.at("rate1"), q.at("rate0"), q.at("years"), 0};
    const RateDesign spread{q.at("rate1"), q.at("rate0"), q.at("years"), q.at("dispersion")};
    const auto needed = [&](const RateDesign& rates, RateComparison test) {
      return people_needed_for_rates(rates, test, precision)->n1;
    };
    Comparison c("two_rates");
    c.near(q, "n_per_arm_difference", needed(poisson, RateComparison::difference), design_tolerance);
    c.near(q, "n_per_arm_log_ratio", needed(poisson, RateComparison::log_ratio), design_tolerance);
    c.near(q, "n_per_arm_negbin_log_ratio_alternative_variance", needed(spread, RateComparison::log_ratio),
           design_tolerance);
    c.near(q, "n_per_arm_negbin_null_variance_pooled", needed(spread, RateComparison::log_ratio_pooled_null),
           design_tolerance);
    EXPECT_EQ(q.size(), 10u);
  }
}

TEST(design_reference, log_rank) {
  for (const json& q : file().at("log_rank")) {
    const double hr = q.at("hr"), share = q.at("share_treated"), risk0 = q.at("event_prob_control");
    const Precision precision{q.at("power"), q.at("alpha"), share / (1 - share)};
    const auto people = [&](EventsFormula formula) {
      const auto sizes = people_needed_for_times(hr, risk0, formula, precision);
      EXPECT_NEAR(sizes->n1 / (sizes->n1 + sizes->n0), share, 1e-12);
      return sizes->n1 + sizes->n0;
    };
    Comparison c("log_rank");
    c.near(q, "events_schoenfeld", events_needed(hr, EventsFormula::schoenfeld, precision), design_tolerance);
    c.near(q, "events_freedman", events_needed(hr, EventsFormula::freedman, precision), design_tolerance);
    c.near(q, "total_n_schoenfeld", people(EventsFormula::schoenfeld), design_tolerance);
    c.near(q, "total_n_freedman", people(EventsFormula::freedman), design_tolerance);
    c.near(q, "average_event_probability", average_event_share(hr, risk0, precision.ratio), design_tolerance);
    c.near(q, "power_at_events",
           power_of_events(q.at("events"), hr, EventsFormula::schoenfeld, precision.alpha, precision.ratio),
           design_tolerance);
    EXPECT_EQ(q.size(), 12u);
  }
}

TEST(design_reference, cluster) {
  for (const json& q : file().at("cluster")) {
    const double n = q.at("n_individual");
    const ClusterSizes equal{q.at("m"), q.at("icc"), 0};
    const ClusterSizes unequal{q.at("m"), q.at("icc"), q.at("cv")};
    Comparison c("cluster");
    c.near(q, "design_effect", design_effect(equal), design_tolerance);
    c.near(q, "design_effect_variable_size", design_effect(unequal), design_tolerance);
    c.near(q, "n_per_arm", clustered_size(n, equal)->people, design_tolerance);
    c.near(q, "n_per_arm_variable", clustered_size(n, unequal)->people, design_tolerance);
    EXPECT_EQ(clustered_size(n, equal)->clusters, q.at("clusters_per_arm"));
    EXPECT_EQ(clustered_size(n, unequal)->clusters, q.at("clusters_per_arm_variable"));
    c.near(q, "effective_sample_size", effective_size(n, equal), design_tolerance);
    EXPECT_EQ(q.size(), 11u);
  }
}

TEST(design_reference, means) {
  for (const json& q : file().at("means")) {
    const Precision precision{q.at("power"), q.at("alpha"), 1};
    const auto sizes = people_needed_for_means(q.at("delta"), q.at("sd"), precision);
    ASSERT_TRUE(sizes);
    const double up = std::ceil(sizes->n0);
    Comparison c("means");
    c.near(q, "n_per_arm_t_test", sizes->n1, design_tolerance);
    EXPECT_EQ(up, q.at("n_ceiling"));
    c.near(q, "power_at_ceiling", power_of_means(q.at("delta"), q.at("sd"), {up, up}, precision.alpha),
           design_tolerance);
    EXPECT_EQ(q.size(), 7u);
  }
}

TEST(design_reference, exact_fisher_power) {
  for (const json& q : file().at("exact_fisher_power")) {
    const RiskPair risks[] = {{q.at("p1"), q.at("p2")}};
    const auto power = rejection_probability(
        q.at("n1"), q.at("n2"), risks, [](const TwoByTwo& t) { return fisher_p(t); }, q.at("alpha"));
    Comparison c("fisher");
    c.near(q, "power", power.front(), design_tolerance);
    EXPECT_EQ(q.size(), 6u);
  }
  EXPECT_EQ(file().size(), 7u);
}

}  // namespace
}  // namespace desist::statistics
