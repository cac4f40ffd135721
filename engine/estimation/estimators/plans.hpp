// What estimators without data share: which number is to be found, and whether the given ones can be.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "engine/estimation/estimator.hpp"
#include "engine/statistics/sample_size.hpp"

namespace desist {

/// Which of three keys is left out: 0, 1 or 2; -1 where not exactly two are given.
int unknown_of(const Analysis& analysis, const std::array<std::string, 3>& keys);

/// A sentence on the first number that can't be: a share outside (0, 1), people below 1, a negative deviation.
std::optional<std::string> wrong_number(const Analysis& analysis);

/// A number that was found, without an error.
EffectRow found_row(const std::string& term, const std::string& measure, const std::string& unit, double value,
                    bool headline = false);

/// The arms' sizes that the key `people` gives: two numbers, or one for both together divided by `ratio`.
statistics::GroupSizes sizes_of(const Analysis& analysis);

/// Estimators of reviews and of several p-values.
std::vector<Estimator> review_estimators();

/// Estimators of comparisons of matched groups.
std::vector<Estimator> matched_estimators();

/// Estimators of how long places are held.
std::vector<Estimator> stay_estimators();

/// Estimators of who completes a programme that does nothing.
std::vector<Estimator> selection_estimators();

}  // namespace desist
