// What estimators share: rows of results from estimates and errors, and reasons for a refusal as sentences.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/estimator.hpp"
#include "engine/estimation/people_rows.hpp"
#include "engine/statistics/survival_data.hpp"

namespace desist {

/// The quantile of the standard normal law for two-sided limits at the level of the analysis (`level`, .95).
double normal_reach(const Analysis& analysis);
/// The level that an analysis asks for by its key `level`, .95 where it is left out.
double level_of(const Analysis& analysis);
/// The key every method with intervals takes.
EstimatorKey level_key();

/// A ratio from its logarithm and the error of that, with normal limits and Wald's test, or Student's t where degrees
/// of freedom are given.
EffectRow ratio_row(const std::string& term, const std::string& measure, double log_estimate, double log_error,
                    const Analysis& analysis, std::optional<double> degrees_of_freedom = {});
/// A difference or coefficient with normal limits and Wald's test, or Student's t where degrees of freedom are given.
EffectRow difference_row(const std::string& term, const std::string& measure, const std::string& unit, double estimate,
                         double error, const Analysis& analysis, std::optional<double> degrees_of_freedom = {});

/// What a rate of this outcome is per: "per person", "per week".
std::string rate_unit(const PersonOutcome& outcome);

/// "arm treated" as an estimand is called by the design: "intention to treat" only where chance made the arms.
void name_estimand(const PersonStudy& study, AnalysisResult& result);

/// Three digits for a sentence, without an exponent: "0.0123", "12.3", "1230", "infinity".
std::string about(double value);

/// Beyond it the standard error of the logarithm of a ratio of arms says no more than that nothing is known: limits a
/// factor of a hundred million to either side.
inline constexpr double most_log_error = 10;
/// Why a ratio with such an error is not shown.
std::string too_large_an_error(const std::string& term, const std::string& measure, double log_error);
/// Why one with an error of zero is not shown; "" where the error is sound.
std::string unsound_error(const std::string& term, const std::string& measure, double log_error);

/// Gives the result a joint normal law on the scale of estimation, the first that is set (mathematics.md 7.7): ratios
/// are exponentials of it. None where the result is refused. Verified by: person_study_test
void set_posterior(AnalysisResult& result, const std::vector<std::string>& terms, const Eigen::VectorXd& estimates,
                   const Eigen::MatrixXd& covariance, bool ratio);

/// A result that says why there is no number.
AnalysisResult refusal(std::string why);

/// Why a survival method gives no number, with the covariate by name: "the hazard ratio of 'age' is without bound:
/// ..."; `separated` says what to do about that.
std::string in_words(
    const statistics::SurvivalProblem& problem, const std::vector<std::string>& terms,
    std::string_view separated = "method = \"cox\" with `penalised = true` gives a finite hazard ratio (Firth 1993)");

}  // namespace desist
