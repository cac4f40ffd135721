// Words for a funnel's shares and changes, for the screen, the page and pictures alike.
#pragma once

#include <string>

#include "engine/estimation/funnel.hpp"
#include "engine/estimation/person_results.hpp"

namespace desist {

/// "4 of 24 that had ended, 17 in 100 (6 to 35); 3 had not"; "1,723 for 3,269, 53 for 100 (50 to 55)".
std::string share_words(const FunnelShare& share);
/// The same without what had not ended: for cells of tables and pictures, where a note says it once.
std::string bare_share_words(const FunnelShare& share);

/// A change as an effect, for the words of effects: a difference of shares, or a ratio.
EffectRow effect_of(const FunnelChange& change);

}  // namespace desist
