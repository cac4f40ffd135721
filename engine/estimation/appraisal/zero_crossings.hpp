// Where a function of one figure passes nought.
#pragma once

#include <functional>
#include <vector>

namespace desist {

/// Ends between which it is looked for, and the figure's own range within them.
struct SearchEnds {
  double searched_low = 0, low = 0, high = 0, searched_high = 0;
};

/// How far beyond its range a figure is tried: a share from 0 to 1; what can't be negative (a range at or above 0) from
/// 0 to ten times its high end; others ten widths to either side.
SearchEnds search_ends(double low, double high, bool is_share);

/// Points at which `f` changes sign between the ends searched, rising.
///
/// A line through both searched ends and the range (within 1e-9 of its values) is solved at once; else the signs are
/// compared on 17 points within the range and 8 beyond either end, and each change is followed by TOMS algorithm 748
/// (Alefeld, Potra & Shi 1995): two changes between neighbours are not seen. Where f is not finite nothing is found.
/// Verified by: appraise_information_test.
std::vector<double> zero_crossings(const std::function<double(double)>& f, const SearchEnds& ends);

}  // namespace desist
