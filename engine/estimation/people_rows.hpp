// The rows of an analysis as numbers: people with a value in every column it uses, arms, covariates, clusters.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/person_study.hpp"

namespace desist {

/// A design matrix and what each column is.
struct DesignMatrix {
  Eigen::MatrixXd x;                // intercept first where there is one
  std::vector<std::string> terms;   // "(intercept)", "treated", "age", "ecog: 2"
  std::vector<std::size_t> of_arm;  // columns that are arms, in the study's order without the control
};

/// People with a value in each of `columns` (complete cases), in the order of the file.
class PeopleRows {
 public:
  /// Columns that are "" are passed over; a column named twice counts once.
  PeopleRows(const PersonStudy& study, const std::vector<std::string>& columns);

  std::size_t size() const { return rows_.size(); }
  std::size_t left_out() const { return left_out_; }
  /// "22 of 432 people are left out: 19 without 'age', 3 without 'score'"; "" where nobody is.
  const std::string& note() const { return note_; }

  /// Numbers, dates as days, yes as 1 and no as 0; of a category its codes.
  Eigen::VectorXd values(const std::string& column) const;
  /// 0, 1, ... in order of level (categories) or of value: for clusters, strata, and people with several rows.
  std::vector<int> codes(const std::string& column, std::vector<std::string>* levels = nullptr) const;
  /// Combined codes of several columns: one stratum for each combination that occurs. All 0 for none.
  std::vector<int> strata(const std::vector<std::string>& columns) const;
  /// 0 for the control, 1, 2, ... for the other arms in the study's order. All 0 where there is no arm column.
  std::vector<int> arms() const;
  /// Arms (a column for each but the control), then covariates: numbers as they are, yes/no as 1/0, a category as one
  /// column a level after the first; levels that none of these people have get none. Interactions are not made.
  DesignMatrix design(const std::vector<std::string>& covariates, bool intercept, bool with_arms = true) const;

 private:
  const PersonStudy& study_;
  std::vector<std::size_t> rows_;
  std::size_t left_out_ = 0;
  std::string note_;
};

/// Of each row 0: censored; 1: the outcome's event; 2, 3, ...: other causes, in order of level.
std::vector<int> event_codes(const PersonStudy& study, const PersonOutcome& outcome, const PeopleRows& rows);

}  // namespace desist
