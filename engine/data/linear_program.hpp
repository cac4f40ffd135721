// Small linear programmes in standard form.
#pragma once

#include <optional>
#include <vector>

namespace desist {

/// Minimise cost . x subject to rows x = right, x >= 0.
struct LinearProgram {
  std::vector<double> cost;
  std::vector<std::vector<double>> rows;  // each as long as `cost`
  std::vector<double> right;              // not negative
};

/// A vertex at which the programme is least, or nothing where no x satisfies it (or none is least).
/// Simplex method in two phases on a dense tableau (Dantzig 1963); Bland's rule (1977) once it stalls. Meant for some
/// hundreds of columns with coefficients of -1, 0 and 1. Verified by: small_counts_test.
std::optional<std::vector<double>> solve(const LinearProgram& program);

}  // namespace desist
