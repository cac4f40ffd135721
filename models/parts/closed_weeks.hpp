// Weeks in which nothing meets, every year again.
#pragma once

#include <vector>

#include "engine/simulation/profile.hpp"

namespace desist {

/// Starts, in weeks from the window's start, of the weeks that begin on the dates: those listed, and those of the
/// window again every year after it (every window, if that is longer) until `until`. Verified by: course_test,
/// conference_test.
std::vector<double> closed_weeks(const std::vector<Date>& dates, const Window& window, double until);

}  // namespace desist
