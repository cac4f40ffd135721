// Estimators of a time to an event: curves, tests, restricted means, hazards.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/estimators/times.hpp"
#include "engine/statistics/cox.hpp"
#include "engine/statistics/cox_zph.hpp"
#include "engine/statistics/firth_cox.hpp"
#include "engine/statistics/kaplan_meier.hpp"
#include "engine/statistics/log_rank.hpp"
#include "engine/statistics/restricted_mean.hpp"

namespace desist {
namespace {

using statistics::BandScale;
using statistics::SurvivalCurve;

BandScale band_of(const Analysis& analysis) {
  const std::string word = analysis.word("band", "log-log");
  return word == "plain" ? BandScale::plain : word == "log" ? BandScale::log : BandScale::log_log;
}

/// What lies between arms in the share with the event by the times that are asked for.
void add_differences(const AnalysisInput& input, const Times& times, const std::vector<SurvivalCurve>& curves,
                     AnalysisResult& result) {
  const std::vector<double>& at = input.analysis.number_list("at");
  std::vector<std::vector<statistics::SurvivalAt>> read;
  for (const SurvivalCurve& curve : curves) read.push_back(statistics::survival_at(curve, at));
  for (std::size_t a = 1; a < curves.size(); ++a)
    for (std::size_t k = 0; k < at.size(); ++k) {
      if (const auto why = unknown_at(input, times, a, at[k])) {
        result.notes.push_back(*why);
        continue;
      }
      const auto &treated = read[a][k].step, &control = read[0][k].step;
      const double nan = std::nan("");
      const ShareBy shares{1 - treated.survival, 1 - control.survival, treated.error().value_or(nan),
                           control.error().value_or(nan)};
      const std::string measure =
          fmt::format("risk difference by {} (Kaplan-Meier)", time_in_words(at[k], *input.outcome));
      EffectRow row = difference_by(arm_name(input.study, a), measure, shares, input.analysis);
      row.effect = true;
      result.effects.push_back(row);
    }
}

AnalysisResult kaplan_meier(const AnalysisInput& input) {
  const Times times(input, {});
  AnalysisResult result = begun(input, times);
  const auto curves = statistics::kaplan_meier(times.follow_up(), times.arm, arm_count(input.study));
  if (!curves) return refusal(in_words(curves.problem(), {}));
  const BandScale scale = band_of(input.analysis);
  const double level = level_of(input.analysis);
  const double nan = std::nan("");
  for (std::size_t a = 0; a < curves->size(); ++a) {
    const SurvivalCurve& curve = (*curves)[a];
    const std::string arm = arm_name(input.study, a);
    for (const auto& step : curve.steps) {
      const auto limits = statistics::survival_limits(step, scale, level);
      result.curves.push_back({"survival", arm, step.time, static_cast<double>(step.at_risk),
                               static_cast<double>(step.events), static_cast<double>(step.censored), step.survival,
                               step.error().value_or(nan), limits.value_or(statistics::Interval{nan, nan})});
    }
    const auto median = statistics::survival_quantile(curve, 0.5, scale, level);
    EffectRow row = row_of_arm(arm, "median", input.outcome->unit, median.time.value_or(HUGE_VAL));
    row.level = level;
    row.interval = {median.low.value_or(nan), median.high.value_or(HUGE_VAL)};
    result.effects.push_back(row);
    const std::vector<double>& at = input.analysis.number_list("at");
    for (const auto& read : statistics::survival_at(curve, at)) {
      const auto limits = statistics::survival_limits(read.step, scale, level);
      EffectRow each =
          row_of_arm(arm, "survival at " + time_in_words(read.time, *input.outcome), "share", read.step.survival);
      each.level = level;
      each.error = read.step.error().value_or(nan);
      if (limits) each.interval = *limits;
      result.effects.push_back(each);
    }
  }
  add_differences(input, times, *curves, result);
  return result;
}

AnalysisResult log_rank(const AnalysisInput& input) {
  const std::vector<std::string>& strata = input.analysis.list("strata");
  const Times times(input, strata);
  AnalysisResult result = begun(input, times);
  const std::vector<int> stratum = times.rows.strata(strata);
  statistics::LogRankPlan plan;
  plan.groups = arm_count(input.study);
  if (!strata.empty()) plan.stratum = stratum;
  const bool peto = input.analysis.word("weights") == "Peto";
  plan.rho = peto ? 1 : 0;
  const auto test = statistics::log_rank(times.follow_up(), times.arm, plan);
  if (!test && test.problem().fault == statistics::SurvivalFault::no_spread)
    return refusal(
        "wherever the arms were at risk together everyone had the event at once, so that the variance of this test is "
        "0: "
        "it can't tell a difference from chance. Times in finer units may tell them apart");
  if (!test) return refusal(in_words(test.problem(), {}));
  result.tests.push_back(
      {peto ? "Peto and Peto" : "log-rank", test->statistic, static_cast<double>(test->df), {}, test->p, 0});
  for (int a = 0; a < plan.groups; ++a) {
    const std::string arm = arm_name(input.study, static_cast<std::size_t>(a));
    result.facts.push_back({"observed: " + arm, test->observed[a]});
    result.facts.push_back({"expected: " + arm, test->expected[a]});
  }
  return result;
}

AnalysisResult restricted_mean(const AnalysisInput& input) {
  const Times times(input, {});
  AnalysisResult result = begun(input, times);
  const auto curves = statistics::kaplan_meier(times.follow_up(), times.arm, arm_count(input.study));
  if (!curves) return refusal(in_words(curves.problem(), {}));
  const double horizon = input.analysis.number("until", 0), level = level_of(input.analysis);
  for (std::size_t a = 0; a < curves->size(); ++a) {
    const auto mean = statistics::restricted_mean((*curves)[a], horizon, level);
    const std::string arm = arm_name(input.study, a);
    if (!mean) return refusal(fmt::format("{}: {}", arm, in_words(mean.problem(), {})));
    EffectRow row = row_of_arm(arm, "restricted mean", input.outcome->unit, mean->mean);
    row.error = mean->error;
    row.interval = mean->interval;
    row.level = level;
    result.effects.push_back(row);
  }
  for (std::size_t a = 1; a < curves->size(); ++a) {
    const auto contrast = statistics::compare_restricted_means((*curves)[a], (*curves)[0], horizon, level);
    if (!contrast) return refusal(in_words(contrast.problem(), {}));
    EffectRow row = row_of_arm(arm_name(input.study, a), "difference of restricted means", input.outcome->unit,
                               contrast->difference);
    row.error = contrast->difference_error;
    row.interval = contrast->difference_interval;
    row.level = level;
    row.p = contrast->difference_p;
    row.effect = true;
    row.headline = a == 1;
    result.effects.push_back(row);
    if (!contrast->ratio) continue;
    EffectRow ratio = row_of_arm(arm_name(input.study, a), "ratio of restricted means", "", *contrast->ratio);
    ratio.log_scale = true;
    ratio.error = contrast->log_ratio_error;
    ratio.interval = contrast->ratio_interval;
    ratio.level = level;
    ratio.effect = true;
    result.effects.push_back(ratio);
  }
  return result;
}

AnalysisResult firth(const AnalysisInput& input, const Times& times, const DesignMatrix& design,
                     const statistics::CoxPlan& plan, AnalysisResult result) {
  const double level = level_of(input.analysis);
  const auto fit = statistics::firth_cox(times.follow_up(), design.x, plan, level);
  if (!fit) return refusal(in_words(fit.problem(), design.terms));
  for (std::size_t c = 0; c < design.terms.size(); ++c) {
    const auto at = static_cast<Eigen::Index>(c);
    EffectRow row = ratio_row(design.terms[c], "hazard ratio", fit->coefficients[at],
                              std::sqrt(fit->covariance(at, at)), input.analysis);
    row.interval = {std::exp(fit->profile[c].low), std::exp(fit->profile[c].high)};
    row.statistic.reset();
    row.p = fit->tests[c].p;
    row.effect = std::find(design.of_arm.begin(), design.of_arm.end(), c) != design.of_arm.end();
    row.headline = !design.of_arm.empty() && c == design.of_arm.front();
    result.effects.push_back(row);
  }
  set_posterior(result, design.terms, fit->coefficients, fit->covariance, true);
  result.facts.push_back({"penalised log-likelihood", fit->penalised_log_likelihood});
  result.facts.push_back({"penalised log-likelihood without covariates", fit->penalised_null});
  result.tests.push_back({"penalised likelihood ratio",
                          fit->likelihood_ratio.statistic,
                          fit->likelihood_ratio.df,
                          {},
                          fit->likelihood_ratio.p,
                          0});
  result.notes.emplace_back(
      "Hazard ratios are by Firth's penalised likelihood, which draws them towards 1; limits and tests are by its "
      "profile.");
  return result;
}

AnalysisResult cox(const AnalysisInput& input) {
  const Analysis& analysis = input.analysis;
  const std::vector<std::string>&adjust = analysis.list("adjust"), &strata = analysis.list("strata");
  const std::string cluster = analysis.word("cluster"), weights = analysis.word("weights");
  std::vector<std::string> columns = adjust;
  columns.insert(columns.end(), strata.begin(), strata.end());
  columns.push_back(cluster);
  columns.push_back(weights);
  const Times times(input, columns);
  AnalysisResult result = begun(input, times);
  const DesignMatrix design = times.rows.design(adjust, false);
  if (design.terms.empty())
    return refusal("there is nothing to compare: name an arm in [data], or columns to adjust for");
  const std::vector<int> stratum = times.rows.strata(strata);
  const std::vector<int> clusters = cluster.empty() ? std::vector<int>{} : times.rows.codes(cluster);
  const Eigen::VectorXd weight = weights.empty() ? Eigen::VectorXd() : times.rows.values(weights);
  statistics::CoxPlan plan;
  plan.ties = analysis.word("ties", "efron") == "breslow" ? statistics::Ties::breslow : statistics::Ties::efron;
  const bool robust = analysis.word("errors", "model") != "model" || !cluster.empty();
  plan.errors = robust ? statistics::CoxErrors::robust : statistics::CoxErrors::model;
  if (!strata.empty()) plan.stratum = stratum;
  plan.cluster = clusters;
  plan.weight = {weight.data(), static_cast<std::size_t>(weight.size())};
  if (analysis.word("penalised") == "yes") {
    if (robust)
      return refusal(
          "penalised = true has limits of its own, by the profile of the penalised likelihood: take errors and cluster "
          "out");
    return firth(input, times, design, plan, std::move(result));
  }
  const auto fit = statistics::cox(times.follow_up(), design.x, plan);
  if (!fit)
    return refusal(in_words(fit.problem(), design.terms, "`penalised = true` gives a finite answer (Firth 1993)"));
  const Eigen::VectorXd errors = fit->errors();
  for (const std::size_t c : design.of_arm)
    if (std::string why = unsound_error(design.terms[c], "hazard ratio", errors[static_cast<Eigen::Index>(c)]);
        !why.empty())
      return refusal(std::move(why));
  for (std::size_t c = 0; c < design.terms.size(); ++c) {
    const auto at = static_cast<Eigen::Index>(c);
    EffectRow row = ratio_row(design.terms[c], "hazard ratio", fit->coefficients[at], errors[at], analysis);
    const auto arm = std::find(design.of_arm.begin(), design.of_arm.end(), c);
    row.effect = arm != design.of_arm.end();
    row.headline = !design.of_arm.empty() && c == design.of_arm.front();
    result.effects.push_back(row);
  }
  set_posterior(result, design.terms, fit->coefficients, fit->robust.value_or(fit->covariance), true);
  result.facts.push_back({"log-likelihood", fit->log_likelihood});
  result.facts.push_back({"log-likelihood without covariates", fit->log_likelihood_null});
  const auto test = [&](const std::string& name, const statistics::ChiSquareTest& each) {
    result.tests.push_back({name, each.statistic, each.df, {}, each.p, 0});
  };
  test("likelihood ratio", fit->likelihood_ratio);
  test("score", fit->score);
  test(robust ? "Wald, robust" : "Wald", fit->wald);
  const auto proportional = statistics::cox_zph(times.follow_up(), design.x, plan);
  if (!proportional) {
    result.notes.push_back("Whether hazards stay proportional can't be tested: " +
                           in_words(proportional.problem(), design.terms));
    return result;
  }
  for (std::size_t c = 0; c < design.terms.size(); ++c)
    test("proportional hazards: " + design.terms[c], proportional->terms[c]);
  test("proportional hazards: all", proportional->all);
  return result;
}

}  // namespace

std::vector<Estimator> curve_estimators() {
  const EstimatorKey adjust{"adjust", Takes::columns, false, "Covariates beside the arm", "[\"age\", \"prior\"]"};
  const EstimatorKey strata{"strata", Takes::columns, false, "Columns within whose values people are compared",
                            "[\"site\"]"};
  const EstimatorKey band{"band",        Takes::word,
                          false,         "The scale on which limits of a curve are symmetric",
                          "\"log-log\"", {"log-log", "log", "plain"}};
  return {
      {"kaplan_meier",
       "Share without the event by time, with Greenwood's errors (Kaplan and Meier 1958); medians",
       Needs::time,
       {{"at", Takes::numbers, false, "Times at which the curves are read and compared", "[26, 52]"},
        band,
        level_key()},
       kaplan_meier},
      {"log_rank",
       "Test of equal hazards (Mantel 1966), or with Peto and Peto's weights; stratified",
       Needs::time,
       {strata,
        {"weights", Takes::word, false, "All events alike, or early ones more", "\"equal\"", {"equal", "Peto"}}},
       log_rank},
      {"restricted_mean",
       "Mean time without the event up to a horizon, difference and ratio (Royston and Parmar 2013)",
       Needs::time,
       {{"until", Takes::number, true, "The horizon", "52"}, level_key()},
       restricted_mean},
      {"cox",
       "Hazard ratios (Cox 1972) with the tests of the whole model",
       Needs::time,
       {adjust,
        strata,
        {"ties", Takes::word, false, "What is done with events at one time", "\"efron\"", {"efron", "breslow"}},
        {"errors",
         Takes::word,
         false,
         "Errors by the model or by a sandwich",
         "\"robust\"",
         {"model", "robust", "cluster"}},
        {"cluster", Takes::column, false, "The column with groups whose people are alike, or with the person of a row",
         "\"site\""},
        {"weights", Takes::column, false, "The column with case weights", "\"weight\""},
        {"penalised", Takes::flag, false, "Firth's penalty (1993), finite where the outcome is separated", "true"},
        level_key()},
       cox},
  };
}

}  // namespace desist
