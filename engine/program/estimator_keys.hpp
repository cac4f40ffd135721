// The keys of estimators as sections of an experiment hold them.
#pragma once

#include "engine/estimation/estimator.hpp"
#include "engine/program/grammar.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// An estimator's key as one of a section's.
Key section_key(const EstimatorKey& key, For only);

/// Sets an analysis's key to what the table gives; nothing where it gives none. The table has been checked.
void take_value(const Node& table, const EstimatorKey& key, Analysis& analysis);

}  // namespace desist
