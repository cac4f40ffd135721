// Estimators of a yes/no outcome: risks, odds, and what is left of their difference after covariates.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/estimators/contrasts.hpp"
#include "engine/estimation/estimators/regression.hpp"
#include "engine/statistics/firth_logistic.hpp"
#include "engine/statistics/generalised_linear_model.hpp"
#include "engine/statistics/standardisation.hpp"
#include "engine/statistics/stratified_tables.hpp"

namespace desist {
namespace {

using statistics::Diagnosis;
using statistics::GeneralisedLinearModel;
using statistics::TwoByTwo;

constexpr std::string_view cure_by_firth =
    "`penalised = true` of method = \"logistic\" gives a finite answer (Firth 1993), and method = \"risks\" needs no "
    "model";

std::string test_suffix(const PersonStudy& study, std::size_t arm) {
  return study.arms.size() > 2 ? ": " + study.arms[arm] : "";
}

/// A regression's people, design and errors; `refused` where one can't be had.
struct Regression {
  Sample sample;
  DesignMatrix design;
  ErrorPlan plan;
  std::string refused;

  Regression(const AnalysisInput& input, const std::vector<std::string>& error_words, bool needs_arms = false)
      : sample(input, columns(input.analysis)) {
    refused = needs_arms ? no_arms(input, sample) : "";
    if (refused.empty()) refused = nothing_to_fit(input, sample);
    if (!refused.empty()) return;
    design = sample.rows.design(input.analysis.list("adjust"), true);
    plan = error_plan(input.analysis, sample.rows, error_words);
    refused = plan.refused;
    if (refused.empty()) refused = alone_in_arm(input, sample, plan);
  }

 private:
  static std::vector<std::string> columns(const Analysis& analysis) {
    std::vector<std::string> all = analysis.list("adjust");
    all.push_back(analysis.word("cluster"));
    return all;
  }
};

AnalysisResult begun_with_events(const AnalysisInput& input, const Sample& sample) {
  AnalysisResult result = begun(input, sample);
  result.facts.push_back({"with the outcome", sample.y.sum()});
  return result;
}

AnalysisResult risks(const AnalysisInput& input) {
  const Sample sample(input, {});
  if (const std::string why = no_arms(input, sample); !why.empty()) return refusal(why);
  AnalysisResult result = begun_with_events(input, sample);
  std::vector<statistics::Proportion> share(sample.people.size());
  for (std::size_t a = 0; a < share.size(); ++a) share[a] = {0, sample.people[a]};
  for (std::size_t i = 0; i < sample.arm.size(); ++i)
    share[static_cast<std::size_t>(sample.arm[i])].count += sample.y[static_cast<Eigen::Index>(i)] > 0 ? 1 : 0;
  result.posterior.emplace();
  for (std::size_t a = 0; a < share.size(); ++a) {
    add_risk(input.study.arms[a], share[a], input.analysis, result);
    const auto had = static_cast<double>(share[a].count), had_not = static_cast<double>(share[a].n - share[a].count);
    result.posterior->columns.push_back({input.study.arms[a], Posterior::Beta{had + 0.5, had_not + 0.5}});  // Jeffreys
  }
  for (std::size_t a = 1; a < share.size(); ++a)
    add_contrast({share[a].count, share[a].n, share[0].count, share[0].n},
                 {input.study.arms[a], test_suffix(input.study, a), a == 1, input.outcome->fewer_is_better}, input,
                 result);
  return result;
}

const std::vector<std::string>& logistic_errors() {
  static const std::vector<std::string> words{"model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  return words;
}

AnalysisResult firth(const AnalysisInput& input, const Regression& regression) {
  if (regression.plan.kind != ErrorPlan::Kind::model)
    return refusal(
        "penalised = true has limits of its own, by the profile of the penalised likelihood: take errors "
        "and cluster out");
  const std::vector<std::string>& terms = regression.design.terms;
  std::vector<std::size_t> profile;
  for (std::size_t c = 1; c < terms.size(); ++c) profile.push_back(c);
  const auto found =
      statistics::firth_logistic(regression.design.x, regression.sample.y, profile, level_of(input.analysis));
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms));
  const auto& fit = std::get<statistics::FirthLogistic>(found);
  AnalysisResult result = begun_with_events(input, regression.sample);
  const CoefficientErrors errors{fit.covariance, {}, 0};
  add_coefficients(input, regression.design, fit.coefficients, errors, {true, "odds ratio", "odds", ""}, result);
  for (std::size_t c = 1; c < result.effects.size(); ++c) {
    EffectRow& row = result.effects[c];
    const statistics::Inference& by_profile = fit.profiled[c - 1];
    row.interval = {std::exp(by_profile.interval.low), std::exp(by_profile.interval.high)};
    row.statistic.reset();
    row.p = by_profile.p;
  }
  result.facts.push_back({"penalised log-likelihood", fit.penalised_log_likelihood});
  result.notes.emplace_back(
      "Odds ratios are by Firth's penalised likelihood, which draws risks towards one half; limits and tests are by "
      "its "
      "profile.");
  return result;
}

AnalysisResult logistic(const AnalysisInput& input) {
  const Regression regression(input, logistic_errors());
  if (!regression.refused.empty()) return refusal(regression.refused);
  if (input.analysis.word("penalised") == "yes") return firth(input, regression);
  const std::vector<std::string>& terms = regression.design.terms;
  const auto found =
      statistics::generalised_linear_model(statistics::Family::logistic, regression.design.x, regression.sample.y);
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms, cure_by_firth));
  const auto& fit = std::get<GeneralisedLinearModel>(found);
  const auto errors = errors_of(regression.plan, fit.working, fit.covariance);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, terms));
  AnalysisResult result = begun_with_events(input, regression.sample);
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  add_coefficients(input, regression.design, fit.coefficients, with_errors, {true, "odds ratio", "odds", ""}, result);
  note_clusters(regression.plan, with_errors, result);
  result.facts.push_back({"log-likelihood", fit.log_likelihood});
  result.facts.push_back({"AIC", fit.aic});
  return result;
}

/// Everyone in one arm, by their covariates.
Eigen::MatrixXd all_in_arm(const DesignMatrix& design, std::size_t arm) {
  Eigen::MatrixXd x = design.x;
  for (std::size_t a = 0; a < design.of_arm.size(); ++a)
    x.col(static_cast<Eigen::Index>(design.of_arm[a])).setConstant(a + 1 == arm ? 1.0 : 0.0);
  return x;
}

const std::vector<std::string>& standardised_errors() {
  static const std::vector<std::string> words{"population", "model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  return words;
}

AnalysisResult standardised_risk(const AnalysisInput& input) {
  const Regression regression(input, standardised_errors(), true);
  if (!regression.refused.empty()) return refusal(regression.refused);
  const DesignMatrix& design = regression.design;
  const auto found = statistics::generalised_linear_model(statistics::Family::logistic, design.x, regression.sample.y);
  if (const auto* wrong = std::get_if<Diagnosis>(&found))
    return refusal(in_words(*wrong, design.terms, "method = \"risks\" needs no model"));
  const auto& fit = std::get<GeneralisedLinearModel>(found);
  const auto errors = errors_of(regression.plan, fit.working, fit.covariance);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, design.terms));
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  const std::optional<double> df = regression.plan.kind == ErrorPlan::Kind::clusters
                                       ? std::optional(static_cast<double>(with_errors.clusters) - 1)
                                       : std::nullopt;
  AnalysisResult result = begun_with_events(input, regression.sample);
  const auto risk = [&](std::size_t arm, double mean) {
    EffectRow row;
    row.term = input.study.arms[arm];
    row.measure = "standardised risk";
    row.unit = "share";
    row.estimate = mean;
    row.level = level_of(input.analysis);
    result.effects.push_back(row);
  };
  std::vector<EffectRow> contrasts;
  for (std::size_t a = 1; a < input.study.arms.size(); ++a) {
    const statistics::Counterfactuals worlds{all_in_arm(design, a), all_in_arm(design, 0), {}};
    const auto means = regression.plan.kind == ErrorPlan::Kind::population
                           ? statistics::standardise_for_population(fit, worlds)
                           : statistics::standardise(fit, worlds, with_errors.covariance);
    if (a == 1) risk(0, means.mean0);
    risk(a, means.mean1);
    contrasts.push_back(difference_row(input.study.arms[a], "risk difference", "share", means.difference.estimate,
                                       means.difference.error, input.analysis, df));
    contrasts.back().headline = a == 1;
    contrasts.push_back(ratio_row(input.study.arms[a], "risk ratio", means.log_ratio.estimate, means.log_ratio.error,
                                  input.analysis, df));
  }
  for (EffectRow& row : contrasts) {
    row.effect = true;
    result.effects.push_back(std::move(row));
  }
  note_clusters(regression.plan, with_errors, result);
  return result;
}

/// "Everyone in 'a' had the outcome": a sandwich then takes that arm's risk as known.
void note_constant_arms(const AnalysisInput& input, const Sample& sample, AnalysisResult& result) {
  std::vector<double> events(sample.people.size(), 0);
  for (std::size_t i = 0; i < sample.arm.size(); ++i)
    events[static_cast<std::size_t>(sample.arm[i])] += sample.y[static_cast<Eigen::Index>(i)];
  for (std::size_t a = 0; a < events.size() && !input.study.arm.empty(); ++a)
    if (events[a] == 0 || events[a] == static_cast<double>(sample.people[a]))
      result.notes.push_back(fmt::format(
          "{} in '{}' had the outcome, so this error takes the risk there as known: method = \"risks\" has limits that "
          "do not.",
          events[a] == 0 ? "Nobody" : "Everyone", input.study.arms[a]));
}

AnalysisResult modified_poisson(const AnalysisInput& input) {
  static const std::vector<std::string> words{"HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  const Regression regression(input, words);
  if (!regression.refused.empty()) return refusal(regression.refused);
  const std::vector<std::string>& terms = regression.design.terms;
  const auto found = statistics::modified_poisson(regression.design.x, regression.sample.y);
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms, cure_by_firth));
  const auto& fit = std::get<statistics::ModifiedPoisson>(found);
  const auto errors = errors_of(regression.plan, fit.model.working, fit.covariance);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, terms));
  AnalysisResult result = begun_with_events(input, regression.sample);
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  add_coefficients(input, regression.design, fit.model.coefficients, with_errors, {true, "risk ratio", "risk", ""},
                   result);
  note_clusters(regression.plan, with_errors, result);
  note_constant_arms(input, regression.sample, result);
  if (fit.fitted_above_one > 0)
    result.notes.push_back(
        fmt::format("{} of {} people have a fitted risk above 1: ratios are not the same for all; method = "
                    "\"standardised_risk\" keeps risks below 1.",
                    fit.fitted_above_one, regression.sample.rows.size()));
  return result;
}

AnalysisResult linear_risk(const AnalysisInput& input) {
  AnalysisResult result = linear_coefficients(input, {false, "risk difference", "risk", "share"});
  if (!result.refused.empty()) return result;
  std::vector<std::string> columns = input.analysis.list("adjust");
  columns.push_back(input.analysis.word("cluster"));
  note_constant_arms(input, Sample(input, columns), result);
  if (std::any_of(result.effects.begin(), result.effects.end(),
                  [](const EffectRow& row) { return row.term != "(intercept)" && std::abs(row.estimate) > 1; }))
    result.notes.emplace_back(
        "A difference lies outside -1 to 1, which least squares lets it and risks do not: method = "
        "\"standardised_risk\" keeps risks inside.");
  return result;
}

AnalysisResult difference_of_means(const AnalysisInput& input) {
  return linear_coefficients(input, {false, "difference of means", "mean", input.outcome->unit});
}

/// Each stratum's table of one arm against the control.
std::vector<TwoByTwo> tables_by_stratum(const Sample& sample, const std::vector<int>& stratum, int arm) {
  std::vector<TwoByTwo> tables(static_cast<std::size_t>(*std::max_element(stratum.begin(), stratum.end())) + 1,
                               {0, 0, 0, 0});
  for (std::size_t i = 0; i < stratum.size(); ++i) {
    TwoByTwo& table = tables[static_cast<std::size_t>(stratum[i])];
    const int had = sample.y[static_cast<Eigen::Index>(i)] > 0 ? 1 : 0;
    if (sample.arm[i] == arm) {
      ++table.n1;
      table.x1 += had;
    } else if (sample.arm[i] == 0) {
      ++table.n0;
      table.x0 += had;
    }
  }
  return tables;
}

void add_pooled(const std::vector<TwoByTwo>& tables, std::size_t arm, const AnalysisInput& input,
                AnalysisResult& result) {
  const std::string &term = input.study.arms[arm], suffix = test_suffix(input.study, arm);
  const auto add = [&](EffectRow row) {
    row.effect = true;
    result.effects.push_back(std::move(row));
  };
  const auto without_error = [&](const std::string& measure, double error) {
    if (error > 0) return false;
    result.notes.push_back(
        fmt::format("{}: the {} has an error of zero, since in every stratum the people of an arm are alike: it is not "
                    "shown, and method = \"risks\" has limits.",
                    term, measure));
    return true;
  };
  if (const auto difference = statistics::mantel_haenszel_risk_difference(tables);
      difference && !without_error("risk difference", difference->error)) {
    EffectRow row =
        difference_row(term, "risk difference", "share", difference->estimate, difference->error, input.analysis);
    row.headline = arm == 1;
    add(row);
  }
  const auto ratio = [&](const std::string& measure, const std::optional<statistics::CommonRatio>& common) {
    if (common && without_error(measure, common->log.error)) return;
    if (common)
      add(ratio_row(term, measure, common->log.estimate, common->log.error, input.analysis));
    else
      result.notes.push_back(
          fmt::format("{}: the {} is not known, since one side of its sums is zero.", term, measure));
  };
  ratio("risk ratio", statistics::mantel_haenszel_risk_ratio(tables));
  ratio("odds ratio", statistics::mantel_haenszel_odds_ratio(tables));
  if (const auto test = statistics::cochran_mantel_haenszel(tables))
    result.tests.push_back({"Cochran-Mantel-Haenszel" + suffix, test->statistic, 1.0, {}, test->p, 0});
  if (const auto same = statistics::odds_ratio_homogeneity(tables)) {
    const double df = same->degrees_of_freedom;
    result.tests.push_back({"Breslow-Day" + suffix, same->breslow_day, df, {}, same->breslow_day_p, 0});
    result.tests.push_back({"Breslow-Day, Tarone" + suffix, same->tarone, df, {}, same->tarone_p, 0});
  }
}

AnalysisResult mantel_haenszel(const AnalysisInput& input) {
  const std::vector<std::string>& strata = input.analysis.list("strata");
  const Sample sample(input, strata);
  if (const std::string why = no_arms(input, sample); !why.empty()) return refusal(why);
  AnalysisResult result = begun_with_events(input, sample);
  if (sample.y.sum() == 0 || sample.y.minCoeff() > 0)
    return refusal(fmt::format("{} had the outcome, so strata have nothing to compare: method = \"risks\" has limits",
                               sample.y.sum() == 0 ? "nobody" : "everyone"));
  for (std::size_t a = 0; a < input.study.arms.size(); ++a)
    if (sample.people[a] == 1)
      return refusal(
          fmt::format("'{}' holds one person. The error of strata takes those of an arm for many: method = \"risks\" "
                      "has limits for "
                      "one",
                      input.study.arms[a]));
  const std::vector<int> stratum = sample.rows.strata(strata);
  for (std::size_t a = 1; a < input.study.arms.size(); ++a) {
    const std::vector<TwoByTwo> tables = tables_by_stratum(sample, stratum, static_cast<int>(a));
    const auto one_sided =
        std::count_if(tables.begin(), tables.end(), [](const TwoByTwo& t) { return t.n1 == 0 || t.n0 == 0; });
    if (one_sided == static_cast<std::ptrdiff_t>(tables.size()))
      return refusal(fmt::format("no stratum holds people of both '{}' and '{}': name fewer columns in strata",
                                 input.study.arms[a], input.study.arms[0]));
    if (a == 1) result.facts.push_back({"strata", static_cast<double>(tables.size())});
    if (one_sided > 0)
      result.notes.push_back(fmt::format("{} of {} strata hold one group only and tell nothing of '{}'.", one_sided,
                                         tables.size(), input.study.arms[a]));
    add_pooled(tables, a, input, result);
  }
  if (result.effects.empty())
    return refusal(
        "in every stratum the people of an arm are alike, or one arm has nobody to compare with: strata say nothing "
        "about chance; method = \"risks\" has limits");
  return result;
}

}  // namespace

std::vector<Estimator> binary_estimators() {
  const EstimatorKey adjust = adjust_key(), cluster = cluster_key(), level = level_key();
  const std::vector<std::string> risk_ratio_errors{"HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  return {
      {"risks",
       "Risks by arm, their difference (Miettinen and Nurminen; Newcombe), ratio (score) and odds ratio (exact, mid-p)",
       Needs::yes_no,
       {level},
       risks},
      {"logistic",
       "Odds ratios by logistic regression",
       Needs::yes_no,
       {adjust,
        errors_key(logistic_errors()),
        cluster,
        {"penalised", Takes::flag, false, "Firth's penalty (1993), finite where the outcome is separated", "true"},
        level},
       logistic},
      {"standardised_risk",
       "Adjusted difference and ratio of risks, by logistic standardisation (g-computation)",
       Needs::yes_no,
       {adjust, errors_key(standardised_errors()), cluster, level},
       standardised_risk},
      {"modified_poisson",
       "Adjusted risk ratios by Poisson regression with sandwich errors (Zou 2004)",
       Needs::yes_no,
       {adjust, errors_key(risk_ratio_errors), cluster, level},
       modified_poisson},
      {"mantel_haenszel",
       "Difference, ratio and odds ratio of risks within strata (Mantel and Haenszel 1959), with tests",
       Needs::yes_no,
       {{"strata", Takes::columns, true, "Columns within whose values people are compared", "[\"site\"]"}, level},
       mantel_haenszel},
      {"linear_risk",
       "Adjusted risk differences by least squares with sandwich errors",
       Needs::yes_no,
       {adjust, errors_key(linear_errors()), cluster, level},
       linear_risk},
      {"difference_of_means",
       "Adjusted differences of means by least squares with sandwich errors",
       Needs::amount,
       {adjust, errors_key(linear_errors()), cluster, level},
       difference_of_means},
  };
}

}  // namespace desist
