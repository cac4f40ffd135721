#include "engine/statistics/allocation_check.hpp"

#include "engine/statistics/discrete_laws.hpp"

namespace desist::statistics {

double allocation_p(std::int64_t n1, std::int64_t n0, double share1) { return binomial_two_sided(n1, n1 + n0, share1); }

}  // namespace desist::statistics
