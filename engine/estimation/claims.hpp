// Sentences that were given to a board, worked out again from the printed table.
#pragma once

#include <optional>
#include <vector>

#include "engine/estimation/printed_table.hpp"

namespace desist::estimation {

/// One claim worked out again: as a finding of the audit, and as fitting the printed figures or not.
struct CheckedClaim {
  AuditFinding finding;
  ClaimResult result;
};

/// Every claim of the study in its order.
///
/// A number is reproduced if a feasible table gives it by rounding or by truncation, or if the printed percentages of
/// the same cells do; which of them is said. If not, the groups and outcomes of the table that do give it are named.
/// Verified by: claims_test; audit_property_test
std::vector<CheckedClaim> check_claims(const PrintedTable& table);

}  // namespace desist::estimation
