// Rows of results for one two-by-two table, as the table study has them.
#pragma once

#include <string>

#include "engine/estimation/estimators/parts.hpp"
#include "engine/statistics/two_by_two.hpp"

namespace desist {

/// A share with Wilson's limits.
void add_risk(const std::string& arm, const statistics::Proportion& share, const Analysis& analysis,
              AnalysisResult& result);

/// Who is compared, as results name it.
struct Contrast {
  std::string term;         // the arm that is not the control
  std::string test_suffix;  // ": arm" where there are several, else ""
  bool headline = false;
  bool fewer_is_better = true;
};

/// Difference (Miettinen & Nurminen, Newcombe), ratio (score), odds ratio (conditional exact and mid-p), tests
/// (chi-square x (N - 1)/N, Fisher, Boschloo), the number needed, and the chance of fewer: mathematics.md 7.2 to 7.4
/// and 7.7. A measure that the counts leave unknown, such as the ratio of two zeros, has no row but a note. The
/// headline is the difference with the test that inverts into it. Verified by: person_study_reference every_table_of_r
void add_contrast(const statistics::TwoByTwo& table, const Contrast& contrast, const AnalysisInput& input,
                  AnalysisResult& result);

}  // namespace desist
