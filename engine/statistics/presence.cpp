#include "engine/statistics/presence.hpp"

#include <cmath>

#include "engine/statistics/ranges.hpp"

namespace desist::statistics {

double share_free(double into_custody, double out_of_custody, double time) {
  require(is_amount(into_custody) && is_amount(out_of_custody),
          "rates into and out of custody are 0 or more, and finite");
  require(is_amount(time), "a time is 0 or more, and finite");
  const double both = into_custody + out_of_custody;
  return both == 0 ? 1 : 1 + into_custody / both * std::expm1(-both * time);
}

double long_run_share_free(double into_custody, double mean_stay) {
  require(is_amount(into_custody) && is_amount(mean_stay), "a rate into custody and a stay are 0 or more, and finite");
  return 1 / (1 + into_custody * mean_stay);
}

}  // namespace desist::statistics
