// What regressions of people's rows share: the people, which errors are asked for, and problems as sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/estimators/parts.hpp"
#include "engine/statistics/robust_covariance.hpp"

namespace desist {

/// The people of an analysis with their outcome and arm.
struct Sample {
  PeopleRows rows;
  Eigen::VectorXd y;
  std::vector<int> arm;
  std::vector<std::int64_t> people;  // by arm, the control first; everyone where there are no arms

  /// Complete cases in the arm, the outcome with its exposure, and `columns`.
  Sample(const AnalysisInput& input, std::vector<std::string> columns);
};

/// A result with its estimand, the number of people, and who is left out. With people left out it is of complete cases,
/// and no causal word is allowed.
AnalysisResult begun(const AnalysisInput& input, const Sample& sample);

/// Why arms can't be compared: no arm column, nobody at all, nobody in one arm; "" where they can. Verified by:
/// person_study_test an_arm_without_people_is_named
std::string no_arms(const AnalysisInput& input, const Sample& sample);
/// Why these can't be covariates: a category with more levels than a regression can take; "" where they can.
std::string too_many_levels(const AnalysisInput& input, const std::vector<std::string>& covariates);
/// Why there is no regression, which can do with covariates alone; "" where there may be one.
std::string nothing_to_fit(const AnalysisInput& input, const Sample& sample);

/// Which covariance of the coefficients is asked for by `errors` and `cluster`.
struct ErrorPlan {
  enum class Kind { model, observed, rows, clusters, population };
  Kind kind = Kind::model;
  statistics::RobustKind robust = statistics::RobustKind::hc0;
  statistics::ClusterKind cluster = statistics::ClusterKind::cr1;
  std::vector<std::size_t> labels;  // of clusters, by row
  std::string column;               // of clusters
  std::string refused;              // why the keys contradict each other
};

/// `words` are those that the method allows for `errors`, the first where neither `errors` nor `cluster` is given; a
/// cluster without `errors` takes CR1. Verified by: person_study_test errors_and_cluster_must_agree
ErrorPlan error_plan(const Analysis& analysis, const PeopleRows& rows, const std::vector<std::string>& words);

/// Why errors between rows or clusters say nothing of an arm: one person in it, or one cluster with all of them, is
/// fitted exactly whatever the outcome, and HC0, HC1, CR0 and CR1 then take its share as known. "" where they can.
/// Verified by: degenerate_data_test
std::string alone_in_arm(const AnalysisInput& input, const Sample& sample, const ErrorPlan& plan);

/// Degrees of freedom below it are no basis for limits: Student's law has none below 1 to speak of.
inline constexpr double least_degrees = 0.999;

/// A covariance with degrees of freedom by coefficient; without any, the law is normal.
struct CoefficientErrors {
  Eigen::MatrixXd covariance;
  std::vector<double> degrees_of_freedom;
  std::size_t clusters = 0;

  double error(std::size_t coefficient) const;
  std::optional<double> df(std::size_t coefficient) const;
};

/// `degrees_of_freedom` are of Student's t for errors that are not of clusters (least squares).
statistics::Fitted<CoefficientErrors> errors_of(const ErrorPlan& plan, const statistics::WorkingModel& working,
                                                const Eigen::MatrixXd& model_covariance,
                                                std::optional<double> degrees_of_freedom = {});

/// A note where there are few clusters for errors that hold with many (Cameron & Miller 2015, section VI).
void note_clusters(const ErrorPlan& plan, const CoefficientErrors& errors, AnalysisResult& result);

/// How coefficients are shown: as ratios exp(b), or as they are.
struct CoefficientWords {
  bool ratio = true;
  std::string measure;       // "odds ratio"
  std::string intercept;     // "odds"
  std::string unit;          // of differences
  double outcome_scale = 1;  // the largest size of an outcome, where that is not of the order of 1
};

/// A row for each coefficient; those of arms are effects, the first of them the headline. An error that is zero but for
/// rounding refuses the result: a sandwich has nothing to sum where every row is fitted exactly. Verified by:
/// person_study_test two_constant_arms_have_no_error
void add_coefficients(const AnalysisInput& input, const DesignMatrix& design, const Eigen::VectorXd& coefficients,
                      const CoefficientErrors& errors, const CoefficientWords& shown, AnalysisResult& result);

/// Least squares of the outcome on arms and covariates, with Student's t. Verified by: person_study_reference
AnalysisResult linear_coefficients(const AnalysisInput& input, const CoefficientWords& shown);
/// HC2 first: without covariates it is the unbiased variance of a randomised difference (Samii & Aronow 2012).
const std::vector<std::string>& linear_errors();

/// Why a regression gives no number, with columns by name; `separated` says what to do about an infinite estimate.
std::string in_words(const statistics::Diagnosis& diagnosis, const std::vector<std::string>& terms,
                     std::string_view separated = "take it out");

EstimatorKey adjust_key();
EstimatorKey cluster_key();
EstimatorKey errors_key(const std::vector<std::string>& words);

}  // namespace desist
