// A parameter where others are given: a cut through what targets leave of them together.
#pragma once

#include <span>
#include <vector>

#include "engine/search/calibrate.hpp"

namespace desist {

struct ValueRange {
  double low = 0, high = 0;
};

/// What is left of one parameter at each set of levels of others.
///
/// `rows` are the kept sets (a row a set, a column an informed parameter), `weights` theirs, `left` the part of their
/// worth that moving them left. With y the parameter's logarithm, x those of the others (the numbers themselves where
/// any value is 0 or less), and b the coefficients of the weighted least squares of y on x, every set's y is moved
/// along the line to the levels asked for: y_i + b'(x - x_i) (the local-linear regression of Beaumont, Zhang & Balding
/// 2002, eq. 3, with given parameters in the place of summaries). So its spread about the line is taken to be the same
/// everywhere. What leaves `range`, the parameter's own, is left out: it had no chance beforehand. NaN where less than
/// a twentieth is inside, and where b is not determined. Verified by: given_test.
ParameterGiven parameter_given(const GivenAsked& asked, ValueRange range, const std::vector<std::vector<double>>& rows,
                               std::span<const double> weights, double left);

}  // namespace desist
