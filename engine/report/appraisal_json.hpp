// What an appraisal comes to, for programs. Only screen_json.cpp includes it.
#pragma once

#include <nlohmann/json.hpp>

#include "engine/report/report_input.hpp"

namespace desist {

/// Every number behind the first screen's lines, with limits and Monte Carlo error; of an experiment with an appraisal.
nlohmann::ordered_json appraisal_json(const ReportInput& input);

}  // namespace desist
