// How Boost.Math is called in this folder; for .cpp files only.
#pragma once

#include <boost/math/policies/policy.hpp>

namespace desist::statistics {

/// Double arithmetic throughout: long double would bring in the processor's own library (docs/architecture.md 6.4).
using MathPolicy =
    boost::math::policies::policy<boost::math::policies::promote_double<false>,
                                  boost::math::policies::domain_error<boost::math::policies::errno_on_error>,
                                  boost::math::policies::overflow_error<boost::math::policies::errno_on_error>>;

}  // namespace desist::statistics
