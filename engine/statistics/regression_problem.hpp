// Why a regression has no trustworthy answer, as data.
#pragma once

#include <cstddef>
#include <variant>
#include <vector>

namespace desist::statistics {

enum class RegressionProblem {
  empty,                      // no rows or no columns
  not_finite,                 // a covariate (`columns`), or the outcome, offset or weight of `rows`
  outcome_out_of_range,       // `rows` have an outcome that the family can't have, or a weight below 0
  constant_outcome,           // all rows have the outcome, or none has: every estimate would be infinite
  constant_covariate,         // `columns` have one value only, and another constant column is there already, or the 0
  too_few_rows,               // no more rows than columns
  collinear,                  // the last of `columns` is a linear combination of the others in it
  complete_separation,        // a combination of `columns` tells the outcome of every row
  quasi_complete_separation,  // a combination of `columns` tells the outcome of `rows`, and errs in none
  not_converged,              // the iterations did not settle, and none of the above explains it
  full_leverage,              // `rows` are fitted exactly whatever they are: HC2 and HC3 divide by zero
  one_cluster,                // a covariance between clusters needs two of them
  no_overdispersion,          // the negative binomial's maximum is its limit: the Poisson model
  no_excess_zeros,            // the zero-inflated model's maximum is its limit without a zero part
  no_instrument,              // fewer instruments than endogenous covariates, or none that moves them
};

struct Diagnosis {
  RegressionProblem problem = RegressionProblem::empty;
  std::vector<std::size_t> columns;  // of the design, from 0
  std::vector<std::size_t> rows;     // from 0
};

/// What a fit returns: the fit, or why there is none.
template <class Fit>
using Fitted = std::variant<Fit, Diagnosis>;

}  // namespace desist::statistics
