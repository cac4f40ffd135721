// What helps to write an experiment file: a first file, lists of what there is, a schema for editors.
#pragma once

#include <string>
#include <vector>

#include "engine/program/experiment_spec.hpp"

namespace desist {

/// A complete, commented experiment file that `desist check` finds sound: "study", "people", or the name of a model.
/// Made from the declarations, so that it can't fall behind them. Throws Failure(usage) for another kind. Verified by:
/// authoring_test.
std::string new_experiment(const std::string& kind, const Catalogue& catalogue);

/// The kinds that `new_experiment` knows.
std::vector<std::string> experiment_kinds(const Catalogue& catalogue);

/// What there is: "models", "estimators", "figures" or "experiments" (of a folder); all four for "".
/// Throws Failure(usage) for another word.
/// Verified by: authoring_test.
std::string list_of(const std::string& what, const Catalogue& catalogue, const std::string& experiments);

/// A JSON Schema (draft 7, as TOML editors read) of experiment files, from the same declarations as the reader.
/// Verified by: schema_test.
std::string json_schema(const Catalogue& catalogue);

}  // namespace desist
