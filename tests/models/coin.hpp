// The trivial model: every person of a group reoffends or not. A test computes it again from the raw stream alone.
#pragma once

#include <cmath>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist::test {

/// Person i reoffends if the first word of (purpose "coin", entity i), as a uniform number, is below the risk; in the
/// week that the second word says.
struct Coin {
  static constexpr ModelInfo info{"coin", "People of a group reoffend or not.", "tests/models/coin.hpp"};
  struct Parameters {
    double risk = 0;
    int people = 0;
    static void describe(auto& v) {
      v.number("risk", &Parameters::risk, {.unit = "share", .range = {0, 1}, .help = "Chance of reoffending."});
      v.number("people", &Parameters::people, {.unit = "person", .range = {1, 1e6}, .help = "People in the group."});
    }
  };
  struct Outcomes {
    double reoffenders = 0;
    double any = 0;
    double first_week = 0;
    double mean_week = 0;
    static void describe(auto& v) {
      v.outcome("reoffenders", &Outcomes::reoffenders, {.unit = "person", .better = Better::lower});
      v.outcome("any", &Outcomes::any, {.kind = OutcomeField::Kind::chance, .better = Better::lower});
      v.outcome("first_week", &Outcomes::first_week, {.kind = OutcomeField::Kind::time_until, .unit = "week"});
      v.outcome("mean_week", &Outcomes::mean_week, {.unit = "week", .may_be_missing = true});
    }
  };
  struct Series {
    std::vector<double> reoffenders;  // so far
    static void describe(auto& v) { v.series("reoffenders", &Series::reoffenders, {.unit = "person"}); }
  };
  struct Bound {
    Bound(const Parameters& given, const Window& window) : parameters(given), weeks(window.whole_weeks()) {}
    Parameters parameters;
    std::size_t weeks;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series& series) {
    static constexpr Purpose purpose{"coin"};
    outcomes.first_week = std::numeric_limits<double>::infinity();
    double sum = 0;
    for (int person = 0; person < bound.parameters.people; ++person) {
      const Words words = streams.words(purpose, static_cast<std::uint64_t>(person));
      if (uniform(words[0]) >= bound.parameters.risk) continue;
      const auto week = static_cast<std::size_t>(uniform(words[1]) * static_cast<double>(bound.weeks));
      outcomes.reoffenders += 1;
      outcomes.any = 1;
      outcomes.first_week = std::min(outcomes.first_week, static_cast<double>(week + 1));
      sum += static_cast<double>(week + 1);
      series.reoffenders[week] += 1;
    }
    outcomes.mean_week = sum / outcomes.reoffenders;  // NaN of nobody
    for (std::size_t w = 1; w < bound.weeks; ++w) series.reoffenders[w] += series.reoffenders[w - 1];
  }
};

}  // namespace desist::test
