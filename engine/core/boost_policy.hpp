// How Boost.Math computes here: in double precision only, with errors thrown.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace desist {

/// The policy of every call of Boost.Math.
/// Not promoted to long double: 80 bits here are 128 bits or 64 bits elsewhere, hence other numbers (and four times the
/// time). A quantile of a count is the smallest count whose cumulative probability reaches p.
/// Verified by: fixed_maths_test.
using BoostPolicy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::promote_float<false>,
                                  boost::math::policies::domain_error<boost::math::policies::throw_on_error>,
                                  boost::math::policies::pole_error<boost::math::policies::throw_on_error>,
                                  boost::math::policies::overflow_error<boost::math::policies::throw_on_error>,
                                  boost::math::policies::evaluation_error<boost::math::policies::throw_on_error>,
                                  boost::math::policies::discrete_quantile<boost::math::policies::integer_round_up>>;

}  // namespace desist
