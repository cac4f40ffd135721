// Formulas of an appraisal: arithmetic over its inputs and the model's outcomes, checked by what they count.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/estimation/appraisal.hpp"
#include "engine/program/dimension.hpp"
#include "engine/program/expression_reader.hpp"

namespace desist {

/// What a name in a formula stands for.
struct FormulaTerm {
  Formula::Step step;
  Dimension dimension;
  bool by_year = false;
};

/// Says what a name stands for, with the [item] that follows it, if one does. A problem without words is one that has
/// been reported elsewhere.
using FormulaNames = std::function<std::variant<FormulaTerm, ExpressionProblem>(std::string_view name,
                                                                                std::optional<std::string_view> item)>;

struct ReadFormula {
  Formula formula;
  Dimension dimension;
  bool by_year = false;             // an outcome in it has a value a year
  std::vector<std::size_t> inputs;  // that it names, each once
  std::vector<std::size_t> outcomes;
  std::vector<std::size_t> shares;  // inputs that stand as "1 - reach"
};

/// Reads a formula: + - * / ( ), numbers, percentages, names and names with an item ("offences_by_type[theft]").
///
/// Sums need one dimension on both sides.
/// Verified by: formula_test.
std::variant<ReadFormula, ExpressionProblem> read_formula(std::string_view text, const FormulaNames& names);

}  // namespace desist
