// Words for the parts of a fall.
#pragma once

#include <string>

#include "engine/report/report_input.hpp"

namespace desist {

/// "Chance", the mechanism's own label, "Windows and calendar".
std::string term_words(const DecompositionTerm& term);

/// A part's share of the fall in percent, to the simulation's own error: "41", "-3".
std::string share_of_fall(const DecompositionTerm& term, const DecompositionTerm& total);

/// Whether parameters spread a part beyond what luck alone makes of the spread between draws.
bool is_told_from_luck(const DecompositionSpread& spread);

/// The middle 95 in 100 draws of the parameters, of the whole fall in percent, each end to its own error: "25 to 52",
/// "not told from luck"; empty where draws have one replicate.
std::string range_of_fall(const DecompositionTerm& term, const DecompositionTerm& total);

/// Whether the rest is worth a word: beyond rounding, and beyond twice its own error.
bool is_worth_a_word(const DecompositionTerm& rest);

/// Whether there is a fall, or a rise, to share out: both means above 0 and told apart.
bool is_told(const DecompositionResult& result);

}  // namespace desist
