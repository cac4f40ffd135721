// The tidy table of virtual trials.
#pragma once

#include "engine/core/table.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

/// One row an estimate: trials.csv.
Table trials_table(const ReportInput& input);

}  // namespace desist
