// Task T4 through the engine's public functions: offences by phase of people who may go to custody and may desist.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>

#include "engine/random/counts.hpp"
#include "engine/random/samplers.hpp"
#include "engine/random/stream.hpp"
#include "models/parts/career_strips.hpp"

namespace desist::bench {

/// Yearly rate gamma (shape .5, mean 4); 36 months, rate x 1, x .5 from month 13, x .8 from month 19; each offence
/// leads with chance .05 to custody in the next three months; at each month's end a person desists with chance .02.
///
/// Only offences that lead to custody feed back, so these are simulated singly and the others as one Poisson number a
/// phase (mathematics.md 1.7). Mean offences of a person in each phase.
class CohortTask {
 public:
  static constexpr int months = 36;

  std::array<double, 3> run(const Streams& streams, std::uint64_t people) {
    static const GammaSampler sample_rate(0.5, 4 / 0.5);
    static const double log_stays = std::log(1 - 0.02);
    std::array<double, 3> offences{};  // that lead to custody
    std::array<double, 3> time{};      // rate x time, in years
    for (std::uint64_t person = 0; person < people; ++person) {
      Stream stream = streams.open(Purpose("rate of offending"), person);
      const double rate = sample_rate(stream);
      // Months until desistance: the month at whose end it comes.
      const double u = uniform(streams.words(Purpose("ends of a career"), person)[0]);
      const int last = static_cast<int>(std::min<double>(months, std::ceil(std::log(u) / log_stays)));
      strips_.begin(streams, Purpose("offences seen"), person);
      for (int month = 0; month < last;) {
        const std::size_t phase = month < 12 ? 0 : month < 18 ? 1 : 2;
        const int phase_ends = std::min(last, phase == 0 ? 12 : phase == 1 ? 18 : months);
        const double of_phase = rate * multipliers[phase];
        const double height = 0.05 * of_phase / weeks_per_year;
        double until = phase_ends;
        int next = phase_ends;
        double from = month;
        while (const Candidate* candidate = strips_.next(from * month_weeks, until * month_weeks, height)) {
          if (!(candidate->height < height)) continue;
          ++offences[phase];
          from = candidate->time / month_weeks;
          until = std::floor(from) + 1;  // free until the end of the month, then away for three
          next = static_cast<int>(until) + 3;
        }
        time[phase] += of_phase * (until - month) / 12;
        month = next;
      }
    }
    for (std::size_t phase = 0; phase < 3; ++phase) {
      const double u = uniform(streams.words(Purpose("offences not seen, by week"), phase)[0]);
      offences[phase] += static_cast<double>(poisson_by_search(u, 0.95 * time[phase]));
      offences[phase] /= static_cast<double>(people);
    }
    return offences;
  }

 private:
  static constexpr std::array<double, 3> multipliers{1, 0.5, 0.8};
  static constexpr double month_weeks = weeks_per_year / 12;
  CareerStrips strips_;
};

}  // namespace desist::bench
