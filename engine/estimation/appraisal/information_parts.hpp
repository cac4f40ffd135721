// Values of information as an appraisal and a table of draws have them alike.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <Eigen/Core>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/draw_units.hpp"

namespace desist {

/// Net benefits are draws x arms, figures draws x figures.
InformationValue information_on(const Eigen::MatrixXd& net_benefits, const Eigen::MatrixXd& figures,
                                const DrawUnits& units, std::string label, std::vector<std::size_t> slots);

/// EVPI from net benefits without a replicate's luck, and as it comes out of the simulated ones.
void set_perfect_information(const Eigen::MatrixXd& corrected, const Eigen::MatrixXd& simulated, const DrawUnits& units,
                             Information& information);

/// Greatest first.
void order_by_value(std::vector<InformationValue>& figures);

}  // namespace desist
