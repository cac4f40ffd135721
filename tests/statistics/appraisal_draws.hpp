// The draws of tests/data/reference/10_cost/psa.csv: 2,000 of four parameters and the costs and effects of four arms.
#pragma once

#include <array>
#include <string>

#include <Eigen/Core>

#include "tests/statistics/csv_columns.hpp"

namespace desist::statistics {

inline const std::array<std::string, 4> appraisal_arms{"usual", "letter", "course", "hostel"};

struct AppraisalDraws {
  CsvColumns file{"reference/10_cost/psa.csv"};
  Eigen::MatrixXd costs = columns("cost_");
  Eigen::MatrixXd effects = columns("effect_");

 private:
  Eigen::MatrixXd columns(const std::string& prefix) const {
    Eigen::MatrixXd x(file.rows(), 4);
    for (std::size_t arm = 0; arm < 4; ++arm)
      x.col(static_cast<Eigen::Index>(arm)) = file.number(prefix + appraisal_arms[arm]);
    return x;
  }
};

}  // namespace desist::statistics
