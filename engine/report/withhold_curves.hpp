// Steps of curves joined until each covers enough people to be shown.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/estimation/person_results.hpp"

namespace desist {

/// The curves of one analysis with steps joined, all curves of an arm at the same times.
///
/// A step ends where since the last one every curve has no event or `least` of them, at least one has, nobody or
/// `least` people were censored, and nobody or `least` people are left; what comes after the last step shown keeps the
/// same rule, so that no total gives it away. An arm is left out where no step can be shown, and where its people
/// differ by fewer than `least` from those in `people`. Verified by: withhold_test
std::vector<CurvePoint> joined_steps(const std::vector<CurvePoint>& curves, std::int64_t least,
                                     const std::map<std::string, double>& people);

}  // namespace desist
