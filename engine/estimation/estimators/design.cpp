// Estimators without data: people, power and differences of a comparison that is planned.
#include <cmath>
#include <functional>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/estimation/estimators/parts.hpp"
#include "engine/estimation/estimators/plans.hpp"
#include "engine/statistics/noninferiority.hpp"
#include "engine/statistics/operating_characteristics.hpp"
#include "engine/statistics/power_clusters.hpp"
#include "engine/statistics/power_means.hpp"
#include "engine/statistics/power_rates.hpp"
#include "engine/statistics/power_times.hpp"
#include "engine/statistics/two_group_tests.hpp"

namespace desist {
namespace {

using statistics::GroupSizes;
using statistics::Precision;

/// A comparison of two arms of which two of people, power and difference are given.
struct PlannedDesign {
  std::string difference_key;  // "treated_risk"
  std::string measure, unit;   // of what is found: "treated risk", "share"
  std::function<std::optional<GroupSizes>(const Precision&)> people;
  std::function<std::optional<double>(const GroupSizes&, double alpha)> power;
  std::function<std::optional<double>(const GroupSizes&, const Precision&)> below, above;  // may be empty
};

Precision precision_of(const Analysis& analysis, double alpha = 0.05) {
  return {analysis.number("power", 0.8), analysis.number("alpha", alpha), analysis.number("ratio", 1)};
}

AnalysisResult answered(const PlannedDesign& plan, const Analysis& analysis, double alpha = 0.05) {
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const Precision precision = precision_of(analysis, alpha);
  AnalysisResult result;
  result.estimand = "what a planned comparison can show";
  switch (unknown_of(analysis, {"people", "power", plan.difference_key})) {
    case 0: {
      const auto needed = plan.people(precision);
      if (!needed)
        return refusal(fmt::format("no number of people is enough, or {} is outside its range", plan.difference_key));
      const double n1 = std::ceil(needed->n1), n0 = std::ceil(needed->n0);
      // The headline is what one arm takes where both take as many, else the sum.
      const std::string needed_words = analysis.word("counted", "people") + " needed";
      if (n1 == n0) result.effects = {found_row("each arm", needed_words + " in each group", "", n1, true)};
      result.effects.push_back(found_row("both arms", needed_words, "", n1 + n0, n1 != n0));
      result.effects.push_back(found_row("treated", needed_words, "", n1));
      result.effects.push_back(found_row("control", needed_words, "", n0));
      result.facts = {{"treated, before rounding", needed->n1}, {"control, before rounding", needed->n0}};
      if (const auto power = plan.power({n1, n0}, precision.alpha)) result.facts.push_back({"power", *power});
      return result;
    }
    case 1: {
      const auto power = plan.power(sizes_of(analysis), precision.alpha);
      if (!power) return refusal("a number lies outside its range, or nothing differs");
      result.effects = {found_row("comparison", "power", "share", *power, true)};
      return result;
    }
    case 2: {
      if (!plan.below && !plan.above)
        return refusal(
            fmt::format("this test has no {} found for it: give it, or take the normal test", plan.difference_key));
      const auto below = plan.below ? plan.below(sizes_of(analysis), precision) : std::nullopt;
      const auto above = plan.above ? plan.above(sizes_of(analysis), precision) : std::nullopt;
      if (!below && !above)
        return refusal("no difference, however large, is shown with that power: plan for more people");
      if (below)
        result.effects.push_back(found_row(plan.above ? "below the control" : "comparison",
                                           "detectable " + plan.measure, plan.unit, *below, true));
      if (above)
        result.effects.push_back(
            found_row("above the control", "detectable " + plan.measure, plan.unit, *above, !below));
      return result;
    }
    default:
      return refusal(fmt::format("give two of people, power and {}; the third is found", plan.difference_key));
  }
}

PlannedDesign risks(const Analysis& analysis) {
  const double risk0 = analysis.number("control_risk", 0), risk1 = analysis.number("treated_risk", 0);
  const std::string test = analysis.word("test", "normal");
  PlannedDesign plan{"treated_risk", "treated risk", "share", {}, {}, {}, {}};
  if (test == "arcsine") {
    plan.people = [=](const Precision& p) { return statistics::group_sizes_needed_arcsine(risk1, risk0, p); };
    plan.power = [=](const GroupSizes& n, double alpha) {
      return std::optional(statistics::power_of_arcsine_test(risk1, risk0, n, alpha));
    };
    return plan;
  }
  if (test == "Fisher") {
    plan.people = [=](const Precision& p) { return statistics::group_sizes_needed_exact(risk1, risk0, p); };
    plan.power = [=](const GroupSizes& n, double alpha) -> std::optional<double> {
      constexpr double most_tables = 1e6;  // each table is counted
      if ((n.n1 + 1) * (n.n0 + 1) > most_tables) return std::nullopt;
      const statistics::RiskPair pair{risk1, risk0};
      return statistics::rejection_probability(
                 std::llround(n.n1), std::llround(n.n0), std::span(&pair, 1),
                 [](const statistics::TwoByTwo& t) { return statistics::fisher_p(t); }, alpha)
          .front();
    };
    return plan;
  }
  plan.people = [=](const Precision& p) { return statistics::group_sizes_needed(risk1, risk0, p); };
  plan.power = [=](const GroupSizes& n, double alpha) {
    return std::optional(statistics::power_of_difference(risk1, risk0, n, alpha));
  };
  plan.below = [=](const GroupSizes& n, const Precision& p) { return statistics::detectable_risk_below(risk0, n, p); };
  plan.above = [=](const GroupSizes& n, const Precision& p) { return statistics::detectable_risk_above(risk0, n, p); };
  return plan;
}

PlannedDesign means(const Analysis& analysis) {
  const double difference = analysis.number("difference", 0), sd = analysis.number("sd", 0);
  PlannedDesign plan{"difference", "difference of means", "", {}, {}, {}, {}};
  plan.people = [=](const Precision& p) { return statistics::people_needed_for_means(difference, sd, p); };
  plan.power = [=](const GroupSizes& n, double alpha) { return statistics::power_of_means(difference, sd, n, alpha); };
  plan.below = [=](const GroupSizes& n, const Precision& p) {
    return statistics::detectable_difference_of_means(sd, n, p);
  };
  return plan;
}

statistics::RateDesign rates_of(const Analysis& analysis) {
  return {analysis.number("treated_rate", analysis.number("control_rate", 0)), analysis.number("control_rate", 0),
          analysis.number("years", 1), analysis.number("dispersion", 0)};
}

AnalysisResult power_of_risks(const AnalysisInput& input) { return answered(risks(input.analysis), input.analysis); }
AnalysisResult power_of_means(const AnalysisInput& input) { return answered(means(input.analysis), input.analysis); }

AnalysisResult power_of_rates(const AnalysisInput& input) {
  using statistics::RateComparison;
  const statistics::RateDesign rates = rates_of(input.analysis);
  const std::string word = input.analysis.word("test", "log ratio");
  const RateComparison test = word == "difference"               ? RateComparison::difference
                              : word == "log ratio, pooled null" ? RateComparison::log_ratio_pooled_null
                                                                 : RateComparison::log_ratio;
  PlannedDesign plan{"treated_rate", "treated rate", "a year", {}, {}, {}, {}};
  plan.people = [=](const Precision& p) { return statistics::people_needed_for_rates(rates, test, p); };
  plan.power = [=](const GroupSizes& n, double alpha) { return statistics::power_of_rates(rates, test, n, alpha); };
  plan.below = [=](const GroupSizes& n, const Precision& p) {
    return statistics::detectable_rate_below(rates, test, n, p);
  };
  plan.above = [=](const GroupSizes& n, const Precision& p) {
    return statistics::detectable_rate_above(rates, test, n, p);
  };
  return answered(plan, input.analysis);
}

AnalysisResult power_of_times(const AnalysisInput& input) {
  using statistics::EventsFormula;
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const auto formula = analysis.word("formula") == "Freedman" ? EventsFormula::freedman : EventsFormula::schoenfeld;
  const Precision precision = precision_of(analysis);
  const double hazard_ratio = analysis.number("hazard_ratio", 1), events = analysis.number("events", 0);
  AnalysisResult result;
  result.estimand = "what a planned comparison can show";
  switch (unknown_of(analysis, {"events", "power", "hazard_ratio"})) {
    case 0: {
      const auto needed = statistics::events_needed(hazard_ratio, formula, precision);
      if (!needed) return refusal("a hazard ratio of 1 can't be shown by any number of events");
      result.effects = {found_row("both arms", "events needed", "events", std::ceil(*needed), true)};
      result.facts = {{"events, before rounding", *needed}};
      if (!analysis.has("control_risk")) return result;
      const auto people =
          statistics::people_needed_for_times(hazard_ratio, analysis.number("control_risk", 0), formula, precision);
      if (!people) return refusal("nobody has events: control_risk is the control arm's share with the event");
      result.effects.push_back(
          found_row("both arms", "people needed", "", std::ceil(people->n1) + std::ceil(people->n0)));
      result.effects.push_back(found_row("treated", "people needed", "", std::ceil(people->n1)));
      result.effects.push_back(found_row("control", "people needed", "", std::ceil(people->n0)));
      result.facts.push_back({"people, before rounding", people->n1 + people->n0});
      return result;
    }
    case 1: {
      const auto power = statistics::power_of_events(events, hazard_ratio, formula, precision.alpha, precision.ratio);
      if (!power) return refusal("a hazard ratio of 1 has no power");
      result.effects = {found_row("comparison", "power", "share", *power, true)};
      return result;
    }
    case 2: {
      const auto below = statistics::detectable_hazard_ratio_below(events, formula, precision);
      const auto above = statistics::detectable_hazard_ratio_above(events, formula, precision);
      if (!below && !above) return refusal("no hazard ratio is shown with that power: plan for more events");
      if (below) result.effects.push_back(found_row("below 1", "detectable hazard ratio", "", *below, true));
      if (above) result.effects.push_back(found_row("above 1", "detectable hazard ratio", "", *above, !below));
      return result;
    }
    default:
      return refusal("give two of events, power and hazard_ratio; the third is found");
  }
}

AnalysisResult power_of_clusters(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const bool of_means = analysis.has("sd");
  if (of_means == analysis.has("control_risk"))
    return refusal("give control_risk (shares are compared) or sd (means are), not both");
  const PlannedDesign alone = of_means ? means(analysis) : risks(analysis);
  const statistics::ClusterSizes clusters{analysis.number("cluster_size", 1), analysis.number("correlation", 0),
                                          analysis.number("variation", 0)};
  const auto effect = statistics::design_effect(clusters);
  if (!effect) return refusal("cluster_size is at least 1, correlation from 0 to 1, variation at least 0");
  PlannedDesign plan = alone;
  const auto worth = [=](const GroupSizes& n) { return GroupSizes{n.n1 / *effect, n.n0 / *effect}; };
  plan.people = [=](const Precision& p) -> std::optional<GroupSizes> {
    const auto needed = alone.people(p);
    if (!needed) return std::nullopt;
    return GroupSizes{needed->n1 * *effect, needed->n0 * *effect};
  };
  plan.power = [=](const GroupSizes& n, double alpha) { return alone.power(worth(n), alpha); };
  if (alone.below) plan.below = [=](const GroupSizes& n, const Precision& p) { return alone.below(worth(n), p); };
  if (alone.above) plan.above = [=](const GroupSizes& n, const Precision& p) { return alone.above(worth(n), p); };
  AnalysisResult result = answered(plan, analysis);
  if (!result.refused.empty()) return result;
  result.facts.push_back({"design effect", *effect});
  if (!analysis.has("people")) {
    const auto needed = alone.people(precision_of(analysis));
    const auto clusters1 = statistics::clustered_size(needed->n1, clusters);
    const auto clusters0 = statistics::clustered_size(needed->n0, clusters);
    result.effects.push_back(
        found_row("treated", "clusters needed", "clusters", static_cast<double>(clusters1->clusters)));
    result.effects.push_back(
        found_row("control", "clusters needed", "clusters", static_cast<double>(clusters0->clusters)));
  } else {
    const GroupSizes sizes = worth(sizes_of(analysis));
    result.facts.push_back({"treated, worth independent people", sizes.n1});
    result.facts.push_back({"control, worth independent people", sizes.n0});
  }
  return result;
}

AnalysisResult power_of_stepped_wedge(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  if (analysis.has("sd") == analysis.has("control_risk"))
    return refusal("give control_risk (shares are compared) or sd (means are), not both");
  const double risk = analysis.number("control_risk", 0), sd = analysis.number("sd", 0);
  const double correlation = analysis.number("correlation", 0);
  if (correlation < 0 || correlation >= 1) return refusal("correlation is at least 0 and below 1");
  statistics::SteppedWedge design;
  design.steps = std::llround(analysis.number("steps", 0));
  design.clusters_per_step = analysis.number("clusters_per_step", 1);
  design.periods_before = std::llround(analysis.number("periods_before", 1));
  design.periods_a_step = std::llround(analysis.number("periods_a_step", 1));
  design.people = analysis.number("cluster_size", 1);
  design.within_variance = analysis.has("sd") ? sd * sd : risk * (1 - risk);
  design.between_variance = design.within_variance * correlation / (1 - correlation);
  if (!statistics::stepped_wedge_variance(design))
    return refusal("nothing separates the effect from time, or a number is outside its range: plan for more steps");
  const Precision precision = precision_of(analysis);
  const double difference = analysis.number("difference", 0);
  AnalysisResult result;
  result.estimand = "what a planned comparison can show";
  std::optional<double> answer;
  const int unknown = unknown_of(analysis, {"clusters_per_step", "power", "difference"});
  if (unknown == 0) {
    answer = statistics::stepped_wedge_clusters_needed(design, difference, precision);
    if (answer) {
      result.effects = {found_row("each step", "clusters needed", "clusters", std::ceil(*answer), true)};
      result.facts = {{"clusters at each step, before rounding", *answer}};
    }
  } else if (unknown == 1) {
    answer = statistics::stepped_wedge_power(design, difference, precision.alpha);
    if (answer) result.effects = {found_row("comparison", "power", "share", *answer, true)};
  } else if (unknown == 2) {
    answer = statistics::stepped_wedge_detectable(design, precision);
    if (answer)
      result.effects = {
          found_row("comparison", "detectable difference", analysis.has("sd") ? "" : "share", *answer, true)};
  } else {
    return refusal("give two of clusters_per_step, power and difference; the third is found");
  }
  return answer ? result : refusal("no number of clusters is enough, or a number is outside its range");
}

AnalysisResult noninferiority(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  if (const auto wrong = wrong_number(analysis)) return refusal(*wrong);
  const int kinds = int{analysis.has("control_risk")} + int{analysis.has("sd")} + int{analysis.has("control_rate")};
  if (kinds != 1) return refusal("give one of control_risk (shares are compared), sd (means) and control_rate (rates)");
  const bool of_rates = analysis.has("control_rate");
  const double ratio = analysis.number("ratio", 1), control = analysis.number("control_risk", 0);
  // A margin that is to be found is not read: any that can be is put in its place.
  const double margin = analysis.number("margin", of_rates ? 2 : 1);
  const auto asked_at = [=, &analysis](double r) {
    if (of_rates) return statistics::noninferiority_of_rates(rates_of(analysis), margin, r);
    if (analysis.has("sd"))
      return statistics::noninferiority_of_means(analysis.number("difference", 0), analysis.number("sd", 0), margin, r);
    return statistics::noninferiority_of_risks(analysis.number("treated_risk", control), control, margin, r);
  };
  const auto question = asked_at(ratio);
  if (!question)
    return refusal("a number is outside its range; the margin of rates is a ratio, of shares and means a difference");
  PlannedDesign plan{
      "margin", of_rates ? "margin, a rate ratio" : "margin", analysis.has("control_risk") ? "share" : "", {}, {}, {},
      {}};
  plan.people = [=](const Precision& p) { return statistics::people_needed_for_noninferiority(*question, p); };
  plan.power = [=](const GroupSizes& n, double alpha) -> std::optional<double> {
    const auto asked = asked_at(n.n1 / n.n0);
    return asked ? statistics::power_of_noninferiority(*asked, n.n0, alpha) : std::nullopt;
  };
  plan.below = [=](const GroupSizes& n, const Precision& p) -> std::optional<double> {
    const auto asked = asked_at(n.n1 / n.n0);
    const auto least = asked ? statistics::detectable_margin(*asked, n.n0, p) : std::nullopt;
    return least && of_rates ? std::optional(std::exp(*least)) : least;
  };
  AnalysisResult result = answered(plan, analysis, 0.025);
  if (result.refused.empty()) result.notes.push_back("Of an outcome of which less is better; alpha is one-sided");
  return result;
}

}  // namespace

GroupSizes sizes_of(const Analysis& analysis) {
  const std::vector<double>& people = analysis.number_list("people");
  if (people.size() > 1) return {people[0], people[1]};
  const double ratio = analysis.number("ratio", 1);
  return {people[0] * ratio / (1 + ratio), people[0] / (1 + ratio)};
}

std::vector<Estimator> design_estimators() {
  const EstimatorKey people{"people", Takes::numbers, false,
                            "People in the treated and the control arm, or one number for both together", "[150, 150]"};
  const EstimatorKey power{"power", Takes::number, false, "Chance of a significant result", "0.8"};
  const EstimatorKey alpha{"alpha", Takes::number, false, "Level of the two-sided test; 0.05 where it is left out",
                           "0.05"};
  const EstimatorKey one_sided{"alpha", Takes::number, false, "Level of the one-sided test; 0.025 where it is left out",
                               "0.025"};
  const EstimatorKey ratio{"ratio", Takes::number, false, "People in the treated arm for each in the control arm", "1"};
  const EstimatorKey counted{"counted", Takes::text, false, "What is counted, where it isn't people", "\"checks\""};
  const auto number = [](std::string_view name, std::string_view help, std::string_view example,
                         bool required = false) {
    return EstimatorKey{name, Takes::number, required, help, std::string(example)};
  };
  const EstimatorKey control_risk = number("control_risk", "The control arm's share with the outcome", "0.3");
  const EstimatorKey treated_risk = number("treated_risk", "The treated arm's share with the outcome", "0.2");
  const EstimatorKey sd = number("sd", "Standard deviation of the outcome between people", "10");
  const EstimatorKey difference = number("difference", "The true difference, treated less control", "-0.1");
  const EstimatorKey correlation = number("correlation", "Intraclass correlation of a cluster's people", "0.03");
  const EstimatorKey control_rate = number("control_rate", "Events a person and year in the control arm", "1.2");
  const EstimatorKey treated_rate = number("treated_rate", "Events a person and year in the treated arm", "0.9");
  const EstimatorKey years = number("years", "How long each person is followed; 1 where it is left out", "1");
  const EstimatorKey dispersion =
      number("dispersion", "k of the variance m + k m^2 of counts; 0 (Poisson) where it is left out", "0.6");
  EstimatorKey risk_wanted = control_risk, rate_wanted = control_rate, sd_wanted = sd, correlation_wanted = correlation;
  risk_wanted.required = rate_wanted.required = sd_wanted.required = correlation_wanted.required = true;
  const EstimatorKey test_of_risks{
      "test", Takes::word, false, "Which test is made of the shares", "\"Fisher\"", {"normal", "arcsine", "Fisher"}};
  std::vector<Estimator> all = {
      {"power_of_risks",
       "People, power or detectable share of a comparison of shares; two are given",
       Needs::nothing,
       {risk_wanted, treated_risk, people, power, alpha, ratio, test_of_risks, counted},
       power_of_risks},
      {"power_of_rates",
       "People, power or detectable rate of a comparison of rates (Keene et al. 2007; Zhu and Lakkis 2014)",
       Needs::nothing,
       {rate_wanted,
        treated_rate,
        years,
        dispersion,
        people,
        power,
        alpha,
        ratio,
        {"test",
         Takes::word,
         false,
         "What is tested",
         "\"difference\"",
         {"log ratio", "log ratio, pooled null", "difference"}}},
       power_of_rates},
      {"power_of_means",
       "People, power or detectable difference of a comparison of means by the t test",
       Needs::nothing,
       {sd_wanted, difference, people, power, alpha, ratio},
       power_of_means},
      {"power_of_times",
       "Events, power or detectable hazard ratio of a log-rank test (Schoenfeld 1981; Freedman 1982)",
       Needs::nothing,
       {number("events", "Events in both arms together", "200"),
        number("hazard_ratio", "The true hazard ratio", "0.7"),
        power,
        alpha,
        ratio,
        control_risk,
        {"formula", Takes::word, false, "Whose formula", "\"Freedman\"", {"Schoenfeld", "Freedman"}}},
       power_of_times},
      {"power_of_clusters",
       "People, clusters, power or detectable difference where clusters are assigned (Eldridge et al. 2006)",
       Needs::nothing,
       {number("cluster_size", "People a cluster, on average", "20", true), correlation_wanted,
        number("variation", "Coefficient of variation of the clusters' sizes", "0.5"), control_risk, treated_risk, sd,
        difference, people, power, alpha, ratio, test_of_risks},
       power_of_clusters},
      {"power_of_stepped_wedge",
       "Clusters, power or detectable difference of a stepped wedge (Hussey and Hughes 2007)",
       Needs::nothing,
       {number("steps", "Steps at which clusters cross over", "4", true),
        number("clusters_per_step", "Clusters that cross over at each step", "3"),
        number("cluster_size", "People in each cluster and period", "20", true), correlation_wanted, control_risk, sd,
        difference, power, alpha, number("periods_before", "Periods before the first step; 1 where left out", "1"),
        number("periods_a_step", "Periods from one step to the next; 1 where left out", "1")},
       power_of_stepped_wedge},
      {"noninferiority",
       "People, power or margin where something is shown to be not worse by more than a margin (Blackwelder 1982)",
       Needs::nothing,
       {number("margin", "The worst that is still acceptable: a difference, of rates a ratio", "0.05"), control_risk,
        treated_risk, sd, difference, control_rate, treated_rate, years, dispersion, people, power, one_sided, ratio},
       noninferiority},
  };
  for (Estimator& each : review_estimators()) all.push_back(std::move(each));
  for (Estimator& each : matched_estimators()) all.push_back(std::move(each));
  for (Estimator& each : selection_estimators()) all.push_back(std::move(each));
  for (Estimator& each : stay_estimators()) all.push_back(std::move(each));
  return all;
}

}  // namespace desist
