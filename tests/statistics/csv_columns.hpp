// Reads a CSV file of tests/data by columns and makes design matrices of them.
#pragma once

#include <cstddef>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <gtest/gtest.h>

namespace desist::statistics {

class CsvColumns {
 public:
  explicit CsvColumns(const std::string& path) {
    std::ifstream file(std::string(DESIST_TEST_DATA) + "/" + path);
    std::string line;
    std::getline(file, line);
    const auto names = cells(line);
    while (std::getline(file, line)) {
      const auto row = cells(line);
      for (std::size_t j = 0; j < names.size(); ++j) columns_[names[j]].push_back(row.at(j));
      ++rows_;
    }
    EXPECT_GT(rows_, 0u) << path;
  }

  Eigen::Index rows() const { return static_cast<Eigen::Index>(rows_); }
  const std::vector<std::string>& text(const std::string& name) const { return columns_.at(name); }
  Eigen::VectorXd number(const std::string& name) const {
    Eigen::VectorXd values(rows());
    for (Eigen::Index i = 0; i < rows(); ++i) values[i] = std::stod(text(name).at(static_cast<std::size_t>(i)));
    return values;
  }
  /// 1 where the cell is `level`, else 0.
  Eigen::VectorXd is(const std::string& name, const std::string& level) const {
    Eigen::VectorXd values(rows());
    for (Eigen::Index i = 0; i < rows(); ++i) values[i] = text(name).at(static_cast<std::size_t>(i)) == level ? 1 : 0;
    return values;
  }
  /// Labels 0, 1, ... in the order in which the cells first appear.
  std::vector<std::size_t> labels(const std::string& name) const {
    std::map<std::string, std::size_t> known;
    std::vector<std::size_t> result;
    for (const std::string& cell : text(name)) result.push_back(known.emplace(cell, known.size()).first->second);
    return result;
  }

 private:
  static std::vector<std::string> cells(const std::string& line) {
    std::vector<std::string> result;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) result.push_back(cell);
    return result;
  }
  std::map<std::string, std::vector<std::string>> columns_;
  std::size_t rows_ = 0;
};

/// The constant, then these columns.
inline Eigen::MatrixXd with_constant(const std::vector<Eigen::VectorXd>& columns) {
  Eigen::MatrixXd x(columns.front().size(), static_cast<Eigen::Index>(columns.size()) + 1);
  x.col(0).setOnes();
  for (std::size_t j = 0; j < columns.size(); ++j) x.col(static_cast<Eigen::Index>(j) + 1) = columns[j];
  return x;
}

}  // namespace desist::statistics
