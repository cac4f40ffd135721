// Words for what completers would have shown with no effect.
#pragma once

#include <string>

#include "engine/estimation/person_results.hpp"
#include "engine/report/answers.hpp"

namespace desist {

/// "Not by selection alone", and what completers showed beside what they would have; further parts where there is room.
Answer selection_answer(const std::string& label, const SelectionFinding& finding);

/// Why there is no mechanism, as a cell of a table: "completers would have to offend more".
std::string no_mechanism_words(statistics::NoMechanism why);

/// "9 in 100", "under 1 in 1,000".
std::string small_chance(double chance);

}  // namespace desist
