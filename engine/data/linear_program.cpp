#include "engine/data/linear_program.hpp"

#include <cmath>
#include <cstddef>

namespace desist {
namespace {

constexpr double tolerance = 1e-9;  // coefficients are small whole numbers, so sums of them err far less

// Rows of a tableau with the right side last; `objective` is one more such row, of reduced costs.
class Tableau {
 public:
  Tableau(const LinearProgram& program) : columns_(program.cost.size()), rows_(program.rows) {
    const std::size_t artificial = rows_.size();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i].resize(columns_ + artificial, 0.0);
      rows_[i][columns_ + i] = 1;
      rows_[i].push_back(program.right[i]);
      basis_.push_back(columns_ + i);
    }
  }

  /// Lowers the cost of the columns before `limit`; false where it has no least value.
  bool lower(std::vector<double> cost, std::size_t limit) {
    cost.resize(columns_ + rows_.size() + 1, 0.0);
    objective_ = cost;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const double factor = cost[basis_[i]];
      if (factor == 0) continue;
      for (std::size_t j = 0; j < objective_.size(); ++j) objective_[j] -= factor * rows_[i][j];
    }
    const std::size_t patience = 20 * (rows_.size() + limit);
    for (std::size_t step = 0;; ++step) {
      const std::size_t entering = entering_column(limit, step > patience);
      if (entering == limit) return true;
      const std::size_t leaving = leaving_row(entering);
      if (leaving == rows_.size()) return false;
      pivot(leaving, entering);
    }
  }

  double value() const { return -objective_.back(); }

  /// Takes artificial columns out of the basis where they stand at zero; a row without another column says nothing.
  void drop_artificial() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (basis_[i] < columns_) continue;
      std::size_t j = 0;
      while (j < columns_ && std::fabs(rows_[i][j]) <= tolerance) ++j;
      if (j < columns_) pivot(i, j);
    }
  }

  std::vector<double> solution() const {
    std::vector<double> x(columns_, 0.0);
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (basis_[i] < columns_) x[basis_[i]] = rows_[i].back();
    return x;
  }

  std::size_t columns() const { return columns_; }

 private:
  std::size_t entering_column(std::size_t limit, bool first_of_all) const {
    std::size_t best = limit;
    double least = -tolerance;
    for (std::size_t j = 0; j < limit; ++j) {
      if (objective_[j] >= least) continue;
      best = j;
      if (first_of_all) break;
      least = objective_[j];
    }
    return best;
  }

  std::size_t leaving_row(std::size_t column) const {
    std::size_t best = rows_.size();
    double least = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i][column] <= tolerance) continue;
      const double ratio = rows_[i].back() / rows_[i][column];
      const bool tie = best < rows_.size() && std::fabs(ratio - least) <= tolerance;
      if (best == rows_.size() || (tie ? basis_[i] < basis_[best] : ratio < least)) {
        best = i;
        least = ratio;
      }
    }
    return best;
  }

  void pivot(std::size_t row, std::size_t column) {
    const double scale = 1 / rows_[row][column];
    for (double& each : rows_[row]) each *= scale;
    const auto clear = [&](std::vector<double>& other) {
      const double factor = other[column];
      if (factor == 0) return;
      for (std::size_t j = 0; j < other.size(); ++j) other[j] -= factor * rows_[row][j];
      other[column] = 0;
    };
    for (std::size_t i = 0; i < rows_.size(); ++i)
      if (i != row) clear(rows_[i]);
    if (!objective_.empty()) clear(objective_);
    basis_[row] = column;
  }

  std::size_t columns_;
  std::vector<std::vector<double>> rows_;
  std::vector<std::size_t> basis_;
  std::vector<double> objective_;
};

}  // namespace

std::optional<std::vector<double>> solve(const LinearProgram& program) {
  Tableau tableau(program);
  std::vector<double> infeasibility(tableau.columns(), 0.0);
  infeasibility.resize(tableau.columns() + program.rows.size(), 1.0);
  if (!tableau.lower(infeasibility, tableau.columns()) || tableau.value() > 1e-6) return std::nullopt;
  tableau.drop_artificial();
  if (!tableau.lower(program.cost, tableau.columns())) return std::nullopt;
  return tableau.solution();
}

}  // namespace desist
