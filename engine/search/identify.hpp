// What a calibration told apart: contraction, principal directions, products known better than their parts, profiles.
#pragma once

#include <vector>

#include "engine/search/sampling.hpp"

namespace desist {

/// Spread before and after, and contraction, of every informed parameter. The profile is still empty.
std::vector<ParameterFit> parameter_fits(const Calibration& calibration, const Attempts& attempts,
                                         const ParameterDraws& draws, const Population& kept);

/// Values of the informed parameters: a row a particle.
std::vector<std::vector<double>> values_of(const Attempts& attempts, const Population& population);

/// Eigenvectors of the posterior's covariance over the prior's, of logarithms where every value is positive.
/// Verified by: calibrate_test
std::vector<Direction> principal_directions(const std::vector<std::vector<double>>& before,
                                            const std::vector<std::vector<double>>& after,
                                            const std::vector<double>& weights);

/// Products and quotients of two or three positive parameters of which the spread of the logarithm is less than half
/// of that of each part of it, and half of the prior's or less. Those that follow from better known ones are left out.
/// Verified by: calibrate_test
std::vector<Combination> combinations(const std::vector<std::vector<double>>& before,
                                      const std::vector<std::vector<double>>& after,
                                      const std::vector<double>& weights);

/// Searches each tenth of each parameter in which nothing as near as what is kept has been met, and writes the
/// profiles. Returns false where it was asked to stop.
bool search_profiles(const Calibration& calibration, const Attempts& attempts, Sampled& sampled,
                     const RunControl& control, std::vector<ParameterFit>& fits);

}  // namespace desist
