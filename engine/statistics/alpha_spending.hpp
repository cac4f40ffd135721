// Looks at a trial before it ends, and how far a result must then be from none (group sequential tests).
#pragma once

#include <span>
#include <vector>

namespace desist::statistics {

/// How much of alpha may be spent by a share of the information: 4 (1 - Phi(z_(alpha/4) / sqrt(share))), two-sided, of
/// the type of O'Brien & Fleming (Lan & DeMets 1983).
double obrien_fleming_spent(double share, double alpha = 0.05);

/// Two-sided boundaries on |z| at looks with these shares of the information, rising to 1 at most: each look spends
/// what the spending function allows beyond the looks before it. The law of the running sum of those not stopped is
/// carried from look to look by numerical integration (Armitage, McPherson & Rowe 1969; Jennison & Turnbull 1999,
/// chapter 19). Verified by: alpha_spending_test against published boundaries.
std::vector<double> spending_boundaries(std::span<const double> shares, double alpha = 0.05);

/// The chance of crossing the boundaries by each look where the drift at full information is `drift` (0: no effect).
/// Verified by: alpha_spending_test.
std::vector<double> crossing_chances(std::span<const double> shares, std::span<const double> boundaries, double drift);

}  // namespace desist::statistics
