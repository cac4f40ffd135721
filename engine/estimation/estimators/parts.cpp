#include "engine/estimation/estimators/parts.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/statistics/continuous_laws.hpp"
#include "engine/statistics/normal.hpp"

namespace desist {
namespace {

using statistics::SurvivalFault;

/// An estimate with limits on its own scale, and the test of it being `none`.
void set_limits(EffectRow& row, double estimate, double error, const Analysis& analysis,
                std::optional<double> degrees_of_freedom) {
  row.level = level_of(analysis);
  row.error = error;
  row.degrees_of_freedom = degrees_of_freedom;
  const double upper = (1 + row.level) / 2;
  const double reach = degrees_of_freedom ? statistics::student_quantile(upper, *degrees_of_freedom)
                                          : statistics::normal_quantile(upper);
  row.interval = {estimate - reach * error, estimate + reach * error};
  if (!(error > 0)) return;
  row.statistic = estimate / error;
  row.p = degrees_of_freedom ? statistics::student_two_sided(*row.statistic, *degrees_of_freedom)
                             : 2 * statistics::normal_cdf(-std::abs(*row.statistic));
}

std::string name_of(const std::vector<std::string>& terms, std::size_t covariate) {
  return covariate < terms.size() ? "'" + terms[covariate] + "'" : fmt::format("column {}", covariate + 1);
}

}  // namespace

double level_of(const Analysis& analysis) { return analysis.number("level", statistics::usual_confidence); }

double normal_reach(const Analysis& analysis) { return statistics::two_sided_z(level_of(analysis)); }

EstimatorKey level_key() {
  return {"level", Takes::number, false, "The confidence of intervals; 0.95 where it is left out", "0.95"};
}

EffectRow ratio_row(const std::string& term, const std::string& measure, double log_estimate, double log_error,
                    const Analysis& analysis, std::optional<double> degrees_of_freedom) {
  EffectRow row;
  row.term = term;
  row.measure = measure;
  row.log_scale = true;
  set_limits(row, log_estimate, log_error, analysis, degrees_of_freedom);
  row.estimate = std::exp(log_estimate);
  row.interval = {std::exp(row.interval.low), std::exp(row.interval.high)};
  return row;
}

EffectRow difference_row(const std::string& term, const std::string& measure, const std::string& unit, double estimate,
                         double error, const Analysis& analysis, std::optional<double> degrees_of_freedom) {
  EffectRow row;
  row.term = term;
  row.measure = measure;
  row.unit = unit;
  row.estimate = estimate;
  set_limits(row, estimate, error, analysis, degrees_of_freedom);
  return row;
}

std::string rate_unit(const PersonOutcome& outcome) {
  if (outcome.kind == PersonOutcome::Kind::count && outcome.exposure.empty()) return "per person";
  return outcome.unit.empty() ? "per unit of time at risk" : "per " + outcome.unit;
}

void name_estimand(const PersonStudy& study, AnalysisResult& result) {
  result.causal_words = study.design == Design::randomised && !study.arm.empty();
  result.estimand = study.arm.empty()                    ? "everyone in the data"
                    : study.design == Design::randomised ? "intention to treat"
                    : study.design == Design::nested     ? "treated against the untreated remainder"
                                                         : "everyone in the arm against comparison";
}

std::string about(double value) {
  if (std::isinf(value)) return value > 0 ? "infinity" : "-infinity";
  if (value == 0 || !std::isfinite(value)) return fmt::format("{}", value);
  const int digits = 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  return shortest(std::stod(fmt::format("{:.{}f}", value, std::max(0, digits))));
}

std::string too_large_an_error(const std::string& term, const std::string& measure, double log_error) {
  return fmt::format(
      "the logarithm of the {} of '{}' has a standard error of {}: the data say nothing of it (few events, or one row "
      "that outweighs all others)",
      measure, term, about(log_error));
}

std::string unsound_error(const std::string& term, const std::string& measure, double log_error) {
  constexpr double rounding = 1e-10;
  if (!(log_error > rounding))
    return fmt::format(
        "the error of '{}' is zero: nobody's time lies apart from the others', so that rows say nothing about chance",
        term);
  return log_error > most_log_error ? too_large_an_error(term, measure, log_error) : "";
}

void set_posterior(AnalysisResult& result, const std::vector<std::string>& terms, const Eigen::VectorXd& estimates,
                   const Eigen::MatrixXd& covariance, bool ratio) {
  if (result.posterior || !result.refused.empty()) return;
  Posterior law;
  for (const std::string& term : terms) law.columns.push_back({term, Posterior::Normal{ratio}, ""});
  for (Eigen::Index i = 0; i < estimates.size(); ++i) law.means.push_back(estimates[i]);
  for (Eigen::Index i = 0; i < covariance.rows(); ++i)
    for (Eigen::Index j = 0; j < covariance.cols(); ++j)
      law.covariance.push_back(covariance(std::max(i, j), std::min(i, j)));
  result.posterior = std::move(law);
}

AnalysisResult refusal(std::string why) {
  AnalysisResult result;
  result.refused = std::move(why);
  return result;
}

std::string in_words(const statistics::SurvivalProblem& problem, const std::vector<std::string>& terms,
                     std::string_view separated) {
  const std::string row = fmt::format("row {}", problem.row + 1);
  const std::string covariate = name_of(terms, problem.covariate);
  switch (problem.fault) {
    case SurvivalFault::no_rows:
      return "nobody has a value in every column that is needed";
    case SurvivalFault::lengths_differ:
      return "columns of different length";
    case SurvivalFault::not_a_number:
      return row + " holds no finite number";
    case SurvivalFault::negative_time:
      return row + " has a time below zero";
    case SurvivalFault::zero_time:
      return row + " has a time of zero, which a law of positive times can't have: add half a unit, or leave it out";
    case SurvivalFault::stop_not_after_start:
      return row + " ends at or before it begins";
    case SurvivalFault::unknown_event_code:
      return row + " has an event that is none";
    case SurvivalFault::negative_weight:
      return row + " has a weight below zero";
    case SurvivalFault::unknown_group:
      return row + " is in no group";
    case SurvivalFault::overlapping_rows:
      return row + " overlaps another row of the same person: a person is under observation once at a time";
    case SurvivalFault::one_group:
      return "nobody is left to compare with: the risk sets never hold two groups at an event";
    case SurvivalFault::no_events:
      return "nobody had the event, so there is nothing to estimate from";
    case SurvivalFault::constant_covariate:
      return covariate + " does not vary among people who are compared: take it out";
    case SurvivalFault::collinear_covariate:
      return covariate + " follows from the covariates before it: take one of them out";
    case SurvivalFault::infinite_coefficient:
      return fmt::format("the effect of {} is without bound ({}): it tells who had the event at every time; {}",
                         covariate, problem.sign < 0 ? "towards none" : "towards certain", separated);
    case SurvivalFault::no_spread:
      return "the times of the events leave nothing to estimate an error from";
    case SurvivalFault::share_at_boundary:
      return "the likelihood grows as the share that is ever at risk goes to all or none: follow-up is too short to "
             "tell";
    case SurvivalFault::beyond_follow_up:
      return "the horizon lies after the last time at which anything is known: choose an earlier one";
    case SurvivalFault::bad_argument:
      return "a level, horizon or cut lies outside its range";
    case SurvivalFault::no_convergence:
      return "the iterations did not settle";
  }
  return "";
}

}  // namespace desist
