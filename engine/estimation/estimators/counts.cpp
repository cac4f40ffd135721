// Estimators of a count with its time at risk: rates, and regressions with the time as an offset.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/estimation/estimators/regression.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/generalised_linear_model.hpp"
#include "engine/statistics/negative_binomial.hpp"
#include "engine/statistics/rates.hpp"
#include "engine/statistics/zero_inflated.hpp"

namespace desist {
namespace {

using statistics::Diagnosis;
using statistics::GeneralisedLinearModel;
using statistics::RatePair;

const CoefficientWords rate_words{true, "rate ratio", "rate", ""};

/// Time at risk of each person; 1 where all have the same.
Eigen::VectorXd time_at_risk(const AnalysisInput& input, const Sample& sample) {
  const std::string& exposure = input.outcome->exposure;
  return exposure.empty() ? Eigen::VectorXd::Ones(sample.y.size()) : sample.rows.values(exposure);
}

/// "3 people have no time at risk ..."; "" where all have.
std::string without_time(const AnalysisInput& input, const Eigen::VectorXd& time) {
  const auto none = (time.array() <= 0).count();
  if (none == 0) return "";
  return fmt::format(
      "{} of {} people have no time at risk ('{}' is not above 0): mend the data, or declare it as missing", none,
      time.size(), input.outcome->exposure);
}

/// Whether Pearson's chi-square finds more variance than the Poisson law at 5%, as a sentence; "" where it doesn't.
std::string more_variance(double pearson, double df, std::string_view what_to_do) {
  constexpr double significance = 0.05;
  if (!(df > 0) || statistics::chi_square_tail(pearson, df) >= significance) return "";
  return fmt::format("Counts vary {} times as much between people as the Poisson law lets them: {}",
                     about(pearson / df), what_to_do);
}

AnalysisResult begun_with_counts(const AnalysisInput& input, const Sample& sample, const Eigen::VectorXd& time) {
  AnalysisResult result = begun(input, sample);
  result.facts.push_back({"events", sample.y.sum()});
  if (!input.outcome->exposure.empty()) result.facts.push_back({"time at risk", time.sum()});
  return result;
}

void add_rate_contrast(const RatePair& pair, std::size_t arm, const AnalysisInput& input, AnalysisResult& result) {
  const double level = level_of(input.analysis);
  const std::string& term = input.study.arms[arm];
  const std::string suffix = input.study.arms.size() > 2 ? ": " + term : "";
  const statistics::RateTest test = statistics::exact_rate_test(pair);
  const auto row = [&](const std::string& measure, double estimate, const statistics::Interval& interval) {
    EffectRow each;
    each.term = term;
    each.measure = measure;
    each.estimate = estimate;
    each.interval = interval;
    each.level = level;
    each.effect = true;
    return each;
  };
  if (const auto ratio = statistics::rate_ratio(pair)) {
    EffectRow exact = row("rate ratio", *ratio, statistics::exact_rate_ratio(pair, level));
    exact.headline = arm == 1;
    exact.p = std::min(1.0, 2 * std::min(test.less, test.greater));
    EffectRow mid_p = row("rate ratio (mid-p)", *ratio, statistics::mid_p_rate_ratio(pair, level));
    EffectRow score = row("rate ratio (score)", *ratio, statistics::score_rate_ratio(pair, level));
    for (EffectRow* each : {&exact, &mid_p, &score}) {
      each->log_scale = true;
      result.effects.push_back(*each);
    }
  } else {
    result.notes.push_back(fmt::format("{}: nobody had an event in either arm: a ratio of rates is not known.", term));
  }
  EffectRow difference =
      row("rate difference", statistics::rate_difference(pair), statistics::score_rate_difference(pair, level));
  difference.unit = rate_unit(*input.outcome);
  if (const double error = statistics::rate_difference_error(pair); error > 0) difference.error = error;
  result.effects.push_back(difference);
  result.tests.push_back({"exact, counts no more probable" + suffix, std::nan(""), {}, {}, test.two_sided, 0});
}

AnalysisResult rates(const AnalysisInput& input) {
  const Sample sample(input, {});
  if (const std::string why = no_arms(input, sample); !why.empty()) return refusal(why);
  const Eigen::VectorXd time = time_at_risk(input, sample);
  if (const std::string why = without_time(input, time); !why.empty()) return refusal(why);
  AnalysisResult result = begun_with_counts(input, sample, time);
  std::vector<statistics::Rate> rate(sample.people.size(), {0, 0});
  for (std::size_t i = 0; i < sample.arm.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    statistics::Rate& of_arm = rate[static_cast<std::size_t>(sample.arm[i])];
    of_arm.events += std::llround(sample.y[at]);
    of_arm.time += time[at];
  }
  double pearson = 0;
  for (std::size_t i = 0; i < sample.arm.size(); ++i) {
    const auto at = static_cast<Eigen::Index>(i);
    const double mean = rate[static_cast<std::size_t>(sample.arm[i])].estimate() * time[at];
    if (mean > 0) pearson += (sample.y[at] - mean) * (sample.y[at] - mean) / mean;
  }
  for (std::size_t a = 0; a < rate.size(); ++a) {
    EffectRow row;
    row.term = input.study.arms[a];
    row.measure = "rate";
    row.unit = rate_unit(*input.outcome);
    row.estimate = rate[a].estimate();
    row.level = level_of(input.analysis);
    row.interval = statistics::exact_rate(rate[a], row.level);
    result.effects.push_back(row);
  }
  for (std::size_t a = 1; a < rate.size(); ++a) add_rate_contrast({rate[a], rate[0]}, a, input, result);
  const std::string note =
      more_variance(pearson, static_cast<double>(sample.arm.size()) - static_cast<double>(rate.size()),
                    "these limits take every event as a case of its own and are too narrow; method = "
                    "\"negative_binomial\", or \"poisson\" with errors = \"HC1\", takes people");
  if (!note.empty()) result.notes.push_back(note + ".");
  return result;
}

/// The people, design, offset and errors of a regression of counts.
struct CountRegression {
  Sample sample;
  Eigen::VectorXd time;
  Eigen::VectorXd offset;  // empty where all have the same time
  DesignMatrix design;
  ErrorPlan plan;
  std::string refused;

  CountRegression(const AnalysisInput& input, const std::vector<std::string>& error_words)
      : sample(input, columns(input.analysis)), time(time_at_risk(input, sample)) {
    refused = nothing_to_fit(input, sample);
    if (refused.empty()) refused = too_many_levels(input, input.analysis.list("inflate"));
    if (refused.empty()) refused = without_time(input, time);
    if (!refused.empty()) return;
    if (!input.outcome->exposure.empty()) offset = time.array().log();
    design = sample.rows.design(input.analysis.list("adjust"), true);
    plan = error_plan(input.analysis, sample.rows, error_words);
    refused = plan.refused;
    if (refused.empty()) refused = alone_in_arm(input, sample, plan);
  }

 private:
  static std::vector<std::string> columns(const Analysis& analysis) {
    std::vector<std::string> all = analysis.list("adjust");
    const std::vector<std::string>& inflate = analysis.list("inflate");
    all.insert(all.end(), inflate.begin(), inflate.end());
    all.push_back(analysis.word("cluster"));
    return all;
  }
};

constexpr std::string_view cure_of_counts =
    "method = \"rates\" has limits where an arm has no events; else take the covariate out";

void add_fit(const GeneralisedLinearModel& fit, AnalysisResult& result) {
  result.facts.push_back({"dispersion", fit.dispersion()});
  result.facts.push_back({"deviance", fit.deviance});
}

const std::vector<std::string>& poisson_errors() {
  static const std::vector<std::string> words{"model", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  return words;
}

AnalysisResult poisson(const AnalysisInput& input) {
  const CountRegression regression(input, poisson_errors());
  if (!regression.refused.empty()) return refusal(regression.refused);
  const std::vector<std::string>& terms = regression.design.terms;
  const auto found = statistics::generalised_linear_model(statistics::Family::poisson, regression.design.x,
                                                          regression.sample.y, {regression.offset, {}});
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms, cure_of_counts));
  const auto& fit = std::get<GeneralisedLinearModel>(found);
  const auto errors = errors_of(regression.plan, fit.working, fit.covariance);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, terms));
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  AnalysisResult result = begun_with_counts(input, regression.sample, regression.time);
  add_coefficients(input, regression.design, fit.coefficients, with_errors, rate_words, result);
  note_clusters(regression.plan, with_errors, result);
  result.facts.push_back({"log-likelihood", fit.log_likelihood});
  result.facts.push_back({"AIC", fit.aic});
  add_fit(fit, result);
  if (regression.plan.kind != ErrorPlan::Kind::model) return result;
  const std::string note = more_variance(
      fit.pearson_chi_square, static_cast<double>(fit.residual_df),
      "errors = \"model\" are too small; errors = \"HC1\", or method = \"negative_binomial\", allow for it");
  if (!note.empty()) result.notes.push_back(note + ".");
  return result;
}

AnalysisResult quasi_poisson(const AnalysisInput& input) {
  const CountRegression regression(input, {"model"});
  if (!regression.refused.empty()) return refusal(regression.refused);
  const std::vector<std::string>& terms = regression.design.terms;
  const auto found = statistics::generalised_linear_model(statistics::Family::poisson, regression.design.x,
                                                          regression.sample.y, {regression.offset, {}});
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms, cure_of_counts));
  const auto& fit = std::get<GeneralisedLinearModel>(found);
  AnalysisResult result = begun_with_counts(input, regression.sample, regression.time);
  const CoefficientErrors errors{statistics::quasi_covariance(fit),
                                 std::vector<double>(terms.size(), static_cast<double>(fit.residual_df)), 0};
  add_coefficients(input, regression.design, fit.coefficients, errors, rate_words, result);
  add_fit(fit, result);
  return result;
}

const std::vector<std::string>& negative_binomial_errors() {
  static const std::vector<std::string> words{"model", "observed", "HC0", "HC1", "HC2", "HC3", "CR0", "CR1", "CR2"};
  return words;
}

AnalysisResult negative_binomial(const AnalysisInput& input) {
  const CountRegression regression(input, negative_binomial_errors());
  if (!regression.refused.empty()) return refusal(regression.refused);
  const std::vector<std::string>& terms = regression.design.terms;
  const auto found = statistics::negative_binomial(regression.design.x, regression.sample.y, regression.offset);
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, terms, cure_of_counts));
  const auto& fit = std::get<statistics::NegativeBinomial>(found);
  const auto p = static_cast<Eigen::Index>(terms.size());
  const Eigen::MatrixXd by_model = regression.plan.kind == ErrorPlan::Kind::observed
                                       ? Eigen::MatrixXd(fit.joint_covariance.topLeftCorner(p, p))
                                       : fit.covariance;
  const auto errors = errors_of(regression.plan, fit.working, by_model);
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, terms));
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  AnalysisResult result = begun_with_counts(input, regression.sample, regression.time);
  add_coefficients(input, regression.design, fit.coefficients, with_errors, rate_words, result);
  if (!result.refused.empty()) return result;
  note_clusters(regression.plan, with_errors, result);
  const std::vector<AnalysisFact> facts = {{"theta", fit.theta}, {"standard error of theta", fit.theta_error},
                                           {"alpha", fit.alpha}, {"log-likelihood", fit.log_likelihood},
                                           {"AIC", fit.aic},     {"deviance", fit.deviance}};
  result.facts.insert(result.facts.end(), facts.begin(), facts.end());
  result.tests.push_back({"likelihood ratio over Poisson", fit.likelihood_ratio, 1.0, {}, fit.likelihood_ratio_p, 0});
  return result;
}

AnalysisResult zero_inflated(const AnalysisInput& input, statistics::CountFamily family) {
  const CountRegression regression(input, {"model"});
  if (!regression.refused.empty()) return refusal(regression.refused);
  const DesignMatrix& design = regression.design;
  const DesignMatrix zeros = regression.sample.rows.design(input.analysis.list("inflate"), true, false);
  const auto sound = statistics::orthonormal_design(zeros.x);
  if (const auto* wrong = std::get_if<Diagnosis>(&sound)) return refusal("inflate: " + in_words(*wrong, zeros.terms));
  const auto found = statistics::zero_inflated(family, {design.x, zeros.x, regression.sample.y, regression.offset});
  if (const auto* wrong = std::get_if<Diagnosis>(&found))
    return refusal(in_words(*wrong, design.terms, cure_of_counts));
  const auto& fit = std::get<statistics::ZeroInflated>(found);
  const auto p = static_cast<Eigen::Index>(design.terms.size()), q = static_cast<Eigen::Index>(zeros.terms.size());
  const Eigen::VectorXd middle = zeros.x.colwise().mean().transpose();
  const double open = std::sqrt(std::max(0.0, middle.dot(fit.covariance.block(p, p, q, q) * middle)));
  if (!(open < most_log_error))
    return refusal(
        fmt::format("the logarithm of the odds of never having events has a standard error of {}: the zeros leave that "
                    "share open; use the same method without zero inflation",
                    about(open)));
  AnalysisResult result = begun_with_counts(input, regression.sample, regression.time);
  add_coefficients(input, design, fit.count_coefficients, {fit.covariance.topLeftCorner(p, p), {}, 0},
                   {true, "rate ratio of those who can have events", "rate of those who can have events", ""}, result);
  if (!result.refused.empty()) return result;
  DesignMatrix no_arms = zeros;
  no_arms.of_arm.clear();
  if (result.refused.empty())
    add_coefficients(input, no_arms, fit.zero_coefficients, {fit.covariance.block(p, p, q, q), {}, 0},
                     {true, "odds ratio of never having events", "odds of never having events", ""}, result);
  result.facts.push_back({"mean share who never have events", fit.excess_zeros.mean()});
  if (fit.theta) result.facts.push_back({"theta", *fit.theta});
  result.facts.push_back({"log-likelihood", fit.log_likelihood});
  result.facts.push_back({"AIC", fit.aic});
  result.notes.emplace_back(
      "The rate ratio is among people who can have events at all, who are not seen but inferred from the shape of the "
      "counts: it is not the ratio of mean rates of the arms.");
  return result;
}

AnalysisResult zero_inflated_poisson(const AnalysisInput& input) {
  return zero_inflated(input, statistics::CountFamily::poisson);
}

AnalysisResult zero_inflated_negative_binomial(const AnalysisInput& input) {
  return zero_inflated(input, statistics::CountFamily::negative_binomial);
}

}  // namespace

std::vector<Estimator> count_estimators() {
  const EstimatorKey adjust = adjust_key(), cluster = cluster_key(), level = level_key();
  const EstimatorKey inflate{"inflate", Takes::columns, false,
                             "Columns that tell who never has events; the arm may be one", "[\"prior\"]"};
  return {
      {"rates",
       "Rates by arm with exact limits; their ratio (exact, mid-p, score) and difference (score)",
       Needs::count,
       {level},
       rates},
      {"poisson",
       "Rate ratios by Poisson regression, the time at risk as offset",
       Needs::count,
       {adjust, errors_key(poisson_errors()), cluster, level},
       poisson},
      {"quasi_poisson",
       "Rate ratios by Poisson regression, errors times the square root of the dispersion (Wedderburn 1974)",
       Needs::count,
       {adjust, level},
       quasi_poisson},
      {"negative_binomial",
       "Rate ratios by negative binomial regression; errors by the expected (model) or observed information, or "
       "sandwich",
       Needs::count,
       {adjust, errors_key(negative_binomial_errors()), cluster, level},
       negative_binomial},
      {"zero_inflated_poisson",
       "Poisson regression of people who can have events, mixed with people who never do (Lambert 1992)",
       Needs::count,
       {adjust, inflate, level},
       zero_inflated_poisson},
      {"zero_inflated_negative_binomial",
       "Negative binomial regression of people who can have events, mixed with people who never do (Greene 1994)",
       Needs::count,
       {adjust, inflate, level},
       zero_inflated_negative_binomial},
  };
}

}  // namespace desist
