#include "engine/estimation/estimators/regression.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/statistics/linear_model.hpp"

namespace desist {
namespace {

using statistics::ClusterKind;
using statistics::Diagnosis;
using statistics::RegressionProblem;
using statistics::RobustKind;

/// Below it, errors of clusters that hold with many are too small (Cameron & Miller 2015: "few" is 20 to 50).
constexpr std::size_t few_clusters = 40;

std::vector<std::string> with_outcome(const AnalysisInput& input, std::vector<std::string> columns) {
  columns.insert(columns.begin(), {input.study.arm, input.outcome->column, input.outcome->exposure});
  return columns;
}

std::string quoted(const std::vector<std::size_t>& columns, const std::vector<std::string>& terms) {
  std::vector<std::string> names;
  for (const std::size_t column : columns)
    if (column >= terms.size())
      names.push_back(fmt::format("column {}", column + 1));
    else if (terms[column] != "(intercept)")
      names.push_back("'" + terms[column] + "'");
  return names.empty() ? "the intercept" : listed(names);
}

std::string people_in_words(std::size_t count) { return count == 1 ? "one person" : fmt::format("{} people", count); }

}  // namespace

Sample::Sample(const AnalysisInput& input, std::vector<std::string> columns)
    : rows(input.study, with_outcome(input, std::move(columns))),
      y(rows.values(input.outcome->column)),
      arm(rows.arms()),
      people(std::max<std::size_t>(1, input.study.arms.size()), 0) {
  for (const int each : arm) ++people[static_cast<std::size_t>(each)];
}

AnalysisResult begun(const AnalysisInput& input, const Sample& sample) {
  AnalysisResult result;
  name_estimand(input.study, result);
  if (sample.rows.left_out() > 0) {
    result.notes.push_back(sample.rows.note());
    result.causal_words = false;
    result.estimand += ", complete cases";
  }
  result.facts.push_back({"people", static_cast<double>(sample.rows.size())});
  return result;
}

std::string no_arms(const AnalysisInput& input, const Sample& sample) {
  if (input.study.arm.empty()) return "there is nobody to compare with: name the column with the arms in [data]";
  if (sample.rows.size() == 0) return "nobody has a value in every column that is needed";
  for (std::size_t a = 0; a < sample.people.size(); ++a)
    if (sample.people[a] == 0)
      return fmt::format("nobody in arm '{}' has a value in every column that is needed: take that arm out of the data",
                         input.study.arms[a]);
  return "";
}

std::string too_many_levels(const AnalysisInput& input, const std::vector<std::string>& covariates) {
  constexpr std::size_t most_levels = 200;
  for (const std::string& name : covariates)
    if (const std::size_t levels = input.study.people.column(name).levels.size(); levels > most_levels)
      return fmt::format(
          "'{}' has {} values, and each would be a covariate of its own ({} at most): put values together, or name it "
          "as "
          "cluster where people of one value are alike",
          name, levels, most_levels);
  return "";
}

std::string nothing_to_fit(const AnalysisInput& input, const Sample& sample) {
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  if (std::string why = too_many_levels(input, adjust); !why.empty()) return why;
  if (!input.study.arm.empty()) return no_arms(input, sample);
  if (sample.rows.size() == 0) return "nobody has a value in every column that is needed";
  if (adjust.empty()) return "there is nothing to compare: name an arm in [data], or columns to adjust for";
  return "";
}

ErrorPlan error_plan(const Analysis& analysis, const PeopleRows& rows, const std::vector<std::string>& words) {
  ErrorPlan plan;
  plan.column = analysis.word("cluster");
  const std::string word = analysis.word("errors", plan.column.empty() ? words.front() : "CR1");
  const bool of_clusters = word.starts_with("CR");
  if (!plan.column.empty() && !of_clusters) {
    plan.refused = fmt::format(
        "cluster = \"{}\" says that people of a group are alike, and errors = \"{}\" takes each as a case of their "
        "own: write errors = \"CR2\", or take cluster out",
        plan.column, word);
    return plan;
  }
  if (of_clusters && plan.column.empty()) {
    plan.refused =
        fmt::format("errors = \"{}\" is between clusters, and none are named: add cluster = \"column\"", word);
    return plan;
  }
  if (of_clusters) {
    plan.kind = ErrorPlan::Kind::clusters;
    plan.cluster = word == "CR0" ? ClusterKind::cr0 : word == "CR1" ? ClusterKind::cr1 : ClusterKind::cr2;
    for (const int label : rows.codes(plan.column)) plan.labels.push_back(static_cast<std::size_t>(label));
  } else if (word.starts_with("HC")) {
    plan.kind = ErrorPlan::Kind::rows;
    plan.robust = word == "HC0"   ? RobustKind::hc0
                  : word == "HC1" ? RobustKind::hc1
                  : word == "HC2" ? RobustKind::hc2
                  : word == "HC3" ? RobustKind::hc3
                                  : RobustKind::hc4;
  } else {
    plan.kind = word == "observed"     ? ErrorPlan::Kind::observed
                : word == "population" ? ErrorPlan::Kind::population
                                       : ErrorPlan::Kind::model;
  }
  return plan;
}

std::string alone_in_arm(const AnalysisInput& input, const Sample& sample, const ErrorPlan& plan) {
  const bool rows = plan.kind == ErrorPlan::Kind::rows &&
                    (plan.robust == RobustKind::hc0 || plan.robust == RobustKind::hc1);  // others find full leverage
  const bool clusters =
      plan.kind == ErrorPlan::Kind::clusters &&
      std::set<std::size_t>(plan.labels.begin(), plan.labels.end()).size() > 1;  // of one, others say so
  for (std::size_t a = 0; a < input.study.arms.size() && (rows || clusters); ++a) {
    if (sample.people[a] == 1)
      return fmt::format(
          "'{}' holds one person. Their outcome fits whatever it is, so that this kind of error takes the arm as "
          "known: "
          "method = \"{}\" has limits that do not",
          input.study.arms[a], input.outcome->kind == PersonOutcome::Kind::yes_no ? "risks" : "randomisation_test");
    if (!clusters) continue;
    std::set<std::size_t> of_arm;
    for (std::size_t i = 0; i < sample.arm.size(); ++i)
      if (sample.arm[i] == static_cast<int>(a)) of_arm.insert(plan.labels[i]);
    if (of_arm.size() == 1)
      return fmt::format(
          "everyone in '{}' is in one cluster, and the spread between clusters of that arm is not known: name more of "
          "them, or take cluster out",
          input.study.arms[a]);
  }
  return "";
}

double CoefficientErrors::error(std::size_t coefficient) const {
  const auto at = static_cast<Eigen::Index>(coefficient);
  return std::sqrt(std::max(0.0, covariance(at, at)));
}

std::optional<double> CoefficientErrors::df(std::size_t coefficient) const {
  return coefficient < degrees_of_freedom.size() ? std::optional(degrees_of_freedom[coefficient]) : std::nullopt;
}

statistics::Fitted<CoefficientErrors> errors_of(const ErrorPlan& plan, const statistics::WorkingModel& working,
                                                const Eigen::MatrixXd& model_covariance,
                                                std::optional<double> degrees_of_freedom) {
  CoefficientErrors errors;
  if (plan.kind == ErrorPlan::Kind::clusters) {
    const auto found = statistics::cluster_covariance(working, plan.labels, plan.cluster);
    if (const auto* wrong = std::get_if<Diagnosis>(&found)) return *wrong;
    const auto& clusters = std::get<statistics::ClusterCovariance>(found);
    return CoefficientErrors{clusters.covariance, clusters.degrees_of_freedom, clusters.clusters};
  }
  errors.covariance = model_covariance;
  if (plan.kind == ErrorPlan::Kind::rows) {
    const auto found = statistics::robust_covariance(working, plan.robust);
    if (const auto* wrong = std::get_if<Diagnosis>(&found)) return *wrong;
    errors.covariance = std::get<Eigen::MatrixXd>(found);
  }
  if (degrees_of_freedom)
    errors.degrees_of_freedom.assign(static_cast<std::size_t>(errors.covariance.rows()), *degrees_of_freedom);
  return errors;
}

void note_clusters(const ErrorPlan& plan, const CoefficientErrors& errors, AnalysisResult& result) {
  if (plan.kind != ErrorPlan::Kind::clusters) return;
  result.facts.push_back({"clusters", static_cast<double>(errors.clusters)});
  if (plan.cluster != ClusterKind::cr2 && errors.clusters < few_clusters)
    result.notes.push_back(
        fmt::format("With {} clusters, limits by this kind of error tend to be too narrow: errors = \"CR2\" (Bell and "
                    "McCaffrey 2002) is made for few.",
                    errors.clusters));
}

void add_coefficients(const AnalysisInput& input, const DesignMatrix& design, const Eigen::VectorXd& coefficients,
                      const CoefficientErrors& errors, const CoefficientWords& shown, AnalysisResult& result) {
  constexpr double rounding = 1e-10;
  const auto refuse = [&](std::string why) { result = refusal(std::move(why)); };
  for (std::size_t c = 0; c < design.terms.size(); ++c) {
    const double estimate = coefficients[static_cast<Eigen::Index>(c)], error = errors.error(c);
    const std::string &term = design.terms[c], &measure = term == "(intercept)" ? shown.intercept : shown.measure;
    const bool of_arm = std::find(design.of_arm.begin(), design.of_arm.end(), c) != design.of_arm.end();
    // In units of the outcome over the covariate's own: whatever scales columns come in.
    const double column = design.x.col(static_cast<Eigen::Index>(c)).cwiseAbs().maxCoeff();
    if (!std::isfinite(error) || !std::isfinite(estimate))
      return refuse(fmt::format(
          "the error of '{}' is beyond the numbers that a computer has: write the outcome and the covariates in larger "
          "units",
          term));
    if (!(error * column > rounding * std::max(shown.outcome_scale, std::abs(estimate) * column)))
      return refuse(fmt::format(
          "the error of '{}' is zero: everyone whom it rests on has the same outcome, so that rows say nothing about "
          "chance; {}",
          term,
          input.outcome->kind == PersonOutcome::Kind::yes_no ? "use method = \"risks\", whose limits are exact"
                                                             : "there are too few people, or the outcome is constant"));
    if (shown.ratio && of_arm && error > most_log_error) return refuse(too_large_an_error(term, measure, error));
    if (const auto df = errors.df(c); df && !(*df >= least_degrees)) {
      if (of_arm || design.of_arm.empty())
        return refuse(
            fmt::format("'{}' rests on too few clusters for limits: they leave {} degrees of freedom; method = "
                        "\"randomisation_test\" with the same cluster needs no spread between them",
                        term, about(std::max(0.0, *df))));
      EffectRow row = shown.ratio ? ratio_row(term, measure, estimate, error, input.analysis)
                                  : difference_row(term, measure, shown.unit, estimate, error, input.analysis);
      row.error = row.interval.low = row.interval.high = std::nan("");
      row.statistic.reset();
      row.p.reset();
      result.effects.push_back(std::move(row));
      result.notes.push_back(fmt::format("'{}' rests on too few clusters for limits.", term));
      continue;
    }
    EffectRow row = shown.ratio
                        ? ratio_row(term, measure, estimate, error, input.analysis, errors.df(c))
                        : difference_row(term, measure, shown.unit, estimate, error, input.analysis, errors.df(c));
    row.effect = of_arm;
    row.headline = !design.of_arm.empty() && c == design.of_arm.front();
    result.effects.push_back(std::move(row));
  }
  set_posterior(result, design.terms, coefficients, errors.covariance, shown.ratio);
}

const std::vector<std::string>& linear_errors() {
  static const std::vector<std::string> words{"HC2", "model", "HC0", "HC1", "HC3", "HC4", "CR0", "CR1", "CR2"};
  return words;
}

AnalysisResult linear_coefficients(const AnalysisInput& input, const CoefficientWords& shown) {
  const std::vector<std::string>& adjust = input.analysis.list("adjust");
  std::vector<std::string> columns = adjust;
  columns.push_back(input.analysis.word("cluster"));
  const Sample sample(input, columns);
  if (const std::string why = nothing_to_fit(input, sample); !why.empty()) return refusal(why);
  const ErrorPlan plan = error_plan(input.analysis, sample.rows, linear_errors());
  if (!plan.refused.empty()) return refusal(plan.refused);
  const DesignMatrix design = sample.rows.design(adjust, true);
  if (const std::string why = alone_in_arm(input, sample, plan); !why.empty()) return refusal(why);
  CoefficientWords scaled = shown;
  scaled.outcome_scale = sample.y.cwiseAbs().maxCoeff();
  constexpr double most_squared = 1e150;  // sums of its squares stay below the largest double, 1.8e308
  if (scaled.outcome_scale > most_squared)
    return refusal(fmt::format(
        "'{}' holds numbers of up to {:.0e}, whose squares are beyond those that a computer has: write it in a larger "
        "unit",
        input.outcome->column, scaled.outcome_scale));
  const auto found = statistics::linear_model(design.x, sample.y);
  if (const auto* wrong = std::get_if<Diagnosis>(&found)) return refusal(in_words(*wrong, design.terms));
  const auto& fit = std::get<statistics::LinearModel>(found);
  const auto errors = errors_of(plan, fit.working, fit.covariance, static_cast<double>(fit.residual_df));
  if (const auto* wrong = std::get_if<Diagnosis>(&errors)) return refusal(in_words(*wrong, design.terms));
  const auto& with_errors = std::get<CoefficientErrors>(errors);
  AnalysisResult result = begun(input, sample);
  add_coefficients(input, design, fit.coefficients, with_errors, scaled, result);
  note_clusters(plan, with_errors, result);
  result.facts.push_back({"residual standard deviation", fit.sigma});
  result.facts.push_back({"R-squared", fit.r_squared});
  return result;
}

std::string in_words(const Diagnosis& diagnosis, const std::vector<std::string>& terms, std::string_view separated) {
  const std::string columns = quoted(diagnosis.columns, terms);
  const bool several = diagnosis.columns.size() > 1;
  switch (diagnosis.problem) {
    case RegressionProblem::empty:
      return "nobody has a value in every column that is needed";
    case RegressionProblem::not_finite:
      return diagnosis.columns.empty()
                 ? fmt::format("{} hold no finite number", people_in_words(diagnosis.rows.size()))
                 : fmt::format("{} hold{} a number that is not finite", columns, several ? "" : "s");
    case RegressionProblem::outcome_out_of_range:
      return fmt::format("the outcome of {} is one that this method can't have",
                         people_in_words(diagnosis.rows.size()));
    case RegressionProblem::constant_outcome:
      return "the outcome is the same for everyone, so there is nothing to estimate from";
    case RegressionProblem::constant_covariate:
      return fmt::format("{} {} the same for everyone who is analysed: take {} out", columns, several ? "are" : "is",
                         several ? "them" : "it");
    case RegressionProblem::too_few_rows:
      return fmt::format(
          "there are too few people for {} coefficients: a regression needs more of the one than of the other",
          terms.size());
    case RegressionProblem::collinear: {
      std::vector<std::size_t> others = diagnosis.columns;
      const std::size_t last = others.empty() ? 0 : others.back();
      if (!others.empty()) others.pop_back();
      return fmt::format("{} follows from {}: take one of them out", quoted({last}, terms), quoted(others, terms));
    }
    case RegressionProblem::complete_separation:
      return fmt::format("{} tell{} the outcome of everyone, so the estimate is without bound: {}", columns,
                         several ? " together" : "s", separated);
    case RegressionProblem::quasi_complete_separation:
      return fmt::format("{} tell{} the outcome of {} without an error, so the estimate is without bound: {}", columns,
                         several ? " together" : "s", people_in_words(diagnosis.rows.size()), separated);
    case RegressionProblem::not_converged:
      return "the iterations did not settle: take covariates out, or bring them to scales nearer each other";
    case RegressionProblem::full_leverage:
      return fmt::format(
          "{} {} fitted exactly whatever the outcome, so that this kind of error divides by zero: write errors = "
          "\"HC1\", or take the covariate out that only they have",
          people_in_words(diagnosis.rows.size()), diagnosis.rows.size() == 1 ? "is" : "are");
    case RegressionProblem::one_cluster:
      return "everyone is in one cluster, and errors between clusters need two: take cluster out";
    case RegressionProblem::no_overdispersion:
      return "counts vary no more between people than the Poisson law lets them, which is this model's limit: use the "
             "Poisson one";
    case RegressionProblem::no_excess_zeros:
      return "there are no more people without an event than the law of counts gives: use the same method without zero "
             "inflation";
    case RegressionProblem::no_instrument:
      return "what people were assigned does not move what they received, so that nothing can be said about those who "
             "comply";
  }
  return "";
}

EstimatorKey adjust_key() {
  return {"adjust", Takes::columns, false, "Covariates beside the arm", "[\"age\", \"prior\"]"};
}

EstimatorKey cluster_key() {
  return {
      "cluster", Takes::column, false,
      "The column with groups whose people are alike; errors are then between them (CR1 where `errors` is left out)",
      "\"site\""};
}

EstimatorKey errors_key(const std::vector<std::string>& words) {
  return {"errors",
          Takes::word,
          false,
          "Errors by the model, by a sandwich of people (HC) or of clusters (CR)",
          fmt::format("\"{}\"", words.front()),
          words};
}

}  // namespace desist
