// A model whose numbers pass through exp, log and pow: what the promise of equal bytes is tried on.
#pragma once

#include <cmath>
#include <vector>

#include "engine/simulation/contract.hpp"

namespace desist::test {

/// A backlog that rises by an exponential amount and falls by a lognormal one each week.
struct Walk {
  static constexpr ModelInfo info{"walk", "A backlog that rises and falls by chance.", "tests/models/walk.hpp"};
  struct Parameters {
    double rise = 0;
    double fall = 0;
    double spread = 0;
    static void describe(auto& v) {
      v.number("rise", &Parameters::rise, {.unit = "case/week", .help = "Mean arrivals."});
      v.number("fall", &Parameters::fall, {.unit = "case/week", .help = "Median of what is worked off."});
      v.number("spread", &Parameters::spread, {.range = {0, 2}, .help = "Spread of its logarithm."});
    }
  };
  struct Outcomes {
    double at_end = 0;
    double over = 0;
    double clear_after = 0;
    double mean_when_over = 0;
    static void describe(auto& v) {
      v.outcome("at_end", &Outcomes::at_end, {.unit = "case", .better = Better::lower});
      v.outcome("over", &Outcomes::over, {.kind = OutcomeField::Kind::chance, .better = Better::lower});
      v.outcome("clear_after", &Outcomes::clear_after, {.kind = OutcomeField::Kind::time_until, .unit = "week"});
      v.outcome("mean_when_over", &Outcomes::mean_when_over, {.unit = "case", .may_be_missing = true});
    }
  };
  struct Series {
    std::vector<double> backlog;
    std::vector<double> wait;  // NaN in weeks with nobody waiting
    static void describe(auto& v) {
      v.series("backlog", &Series::backlog, {.unit = "case"});
      v.series("wait", &Series::wait, {.unit = "week"});
    }
  };
  struct Bound {
    Bound(const Parameters& given, const Window& window) : parameters(given), weeks(window.whole_weeks()) {}
    Parameters parameters;
    std::size_t weeks;
  };
  static void replicate(const Bound& bound, const Streams& streams, Outcomes& outcomes, Series& series) {
    static constexpr Purpose purpose{"walk"};
    const Parameters& p = bound.parameters;
    Stream stream = streams.open(purpose, 0);
    double backlog = 2 * p.fall;
    double sum = 0, weeks_over = 0;
    outcomes.clear_after = std::numeric_limits<double>::infinity();
    for (std::size_t week = 0; week < bound.weeks; ++week) {
      backlog += -p.rise * std::log(uniform(stream()));
      backlog -= p.fall * std::exp(p.spread * std::pow(2 * uniform(stream()) - 1, 3.0));
      if (backlog <= 0) {
        backlog = 0;
        if (std::isinf(outcomes.clear_after)) outcomes.clear_after = static_cast<double>(week + 1);
      }
      if (backlog > p.fall) {
        sum += backlog;
        weeks_over += 1;
      }
      series.backlog[week] = backlog;
      series.wait[week] = backlog > 0 ? backlog / p.fall : std::numeric_limits<double>::quiet_NaN();
    }
    outcomes.at_end = backlog;
    outcomes.over = weeks_over > 0 ? 1 : 0;
    outcomes.mean_when_over = sum / weeks_over;
  }
};

}  // namespace desist::test
