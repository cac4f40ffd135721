// What a posterior predicts of each printed figure, for as many people as the table had.
#pragma once

#include <span>
#include <vector>

#include "engine/search/attempts.hpp"

namespace desist {

/// Two futures of each row: the fewest that tell chance from what is not known of the parameters.
constexpr std::uint64_t futures_of_row = 2;

/// Chances that a simulated figure is below and above the printed one; without a value it counts nowhere.
void place_printed(std::span<const double> values, std::span<const double> weights, const Target& target, double& below,
                   double& above);

/// Fills in what new people would show on rows of the posterior (`rows`: normal scores, of equal weight), of whom
/// `attempts` runs `futures_of_row` futures each: the posterior predictive law of every target (Rubin 1984; Gelman,
/// Meng & Stern, Statistica Sinica 6, 1996), and the standard deviation that chance alone has. Of two futures a and b
/// of one row E (a - b)^2 / 2 is the variance by chance. What is not informed is drawn afresh in each row. False where
/// it was asked to stop. Verified by: calibrate_law_test NewPeopleAreBetaBinomial.
bool predict_afresh(const std::vector<Target>& targets, const Attempts& attempts,
                    const std::vector<std::vector<double>>& rows, const RunControl& control,
                    std::vector<TargetFit>& fits);

}  // namespace desist
