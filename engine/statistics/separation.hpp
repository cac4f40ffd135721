// Whether covariates tell the outcome so well that a maximum-likelihood estimate runs off to infinity.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "engine/statistics/orthonormal_design.hpp"

namespace desist::statistics {

/// What a row does to a likelihood along a direction d: it gains without end where x'd > 0 (`rises`) or x'd < 0
/// (`falls`), and loses on the other side; `fixed` rows lose on both sides.
enum class RowSide { rises, falls, fixed };

struct Separation {
  std::vector<std::size_t> columns;  // whose coefficient changes along the direction
  std::vector<std::size_t> rows;     // that gain along it
  bool complete = false;             // they are all the rows
};

/// The largest set of rows that some d separates without loss elsewhere (Albert & Anderson 1984; for counts Correia,
/// Guimaraes & Zylkin 2019). Found as Konis 2007 does, by the linear programme max sum of s_i x_i'd with s_i x_i'd >= 0
/// and |d_j| <= 1, here in its dual by the revised simplex method (a basis of p columns whatever n is); then again for
/// the rows that are left, until none is separated (Geyer 2009). Rows count as separated from 1e-7 of the scale of q.
/// Empty where the rows overlap, which is where the estimate exists. Verified by: separation_test
std::optional<Separation> separation(const OrthonormalDesign& design, const std::vector<RowSide>& sides);

}  // namespace desist::statistics
