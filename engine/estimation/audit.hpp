// The audit of a printed table: does each figure follow from the others?
#pragma once

#include <string>
#include <vector>

#include "engine/estimation/printed_table.hpp"

namespace desist::estimation {

/// How every printed outcome cell reads as a count.
std::vector<CellReading> read_cells(const PrintedTable& table);

/// Checks of cells against their own print, of totals against their parts, of outcomes against those that contain them,
/// and of the table as a whole. A cell that simply rounds is not listed. Verified by: audit_test (findings of five
/// published tables); audit_property_test
std::vector<AuditFinding> audit_table(const PrintedTable& table);

/// "Any recorded offence, breached".
std::string subject_of(const Study& study, std::size_t group, std::size_t outcome);
std::string name_of(const Group& group);

}  // namespace desist::estimation
