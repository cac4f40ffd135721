// What is counted of a cohort: offences by week, phase and type, time by phase and place, people's own numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"

namespace desist {

/// Sums over the weeks of the window of something that changes at any moment: O(1) a stretch of time.
///
/// A stretch adds what falls in the weeks in which it begins and ends, and a change of level at the whole weeks
/// between, which are summed once.
class WeekSums {
 public:
  void begin(int weeks) {
    part_.assign(static_cast<std::size_t>(weeks) + 1, 0.0);
    change_.assign(static_cast<std::size_t>(weeks) + 2, 0.0);
  }
  /// Adds rate x integral of h over [from, until), with H its integral.
  void add(double from, double until, double rate, const Season& season) {
    const auto a = static_cast<std::size_t>(from);
    const auto b = static_cast<std::size_t>(until);
    if (a == b) {
      part_[a] += rate * (season.upto(until) - season.upto(from));
      return;
    }
    part_[a] += rate * (season.upto(static_cast<double>(a + 1)) - season.upto(from));
    change_[a + 1] += rate;
    change_[b] -= rate;
    const auto last = static_cast<double>(b);
    if (until > last) part_[b] += rate * (season.upto(until) - season.upto(last));
  }
  /// Adds one at the ends of weeks that lie in (from, until].
  void add_at_ends(double from, double until) {
    change_[static_cast<std::size_t>(from)] += 1;
    change_[static_cast<std::size_t>(until)] -= 1;
  }
  /// Replaces changes by levels; call once, then read.
  void finish() {
    double level = 0;
    for (double& value : change_) value = level += value;
  }
  double integral(std::size_t week, double season_of_week) const {
    return part_[week] + change_[week] * season_of_week;
  }
  double level(std::size_t week) const { return change_[week]; }

 private:
  std::vector<double> part_;
  std::vector<double> change_;
};

/// The middle of counts, kept as a histogram: its size does not depend on the number of people.
class CountHistogram {
 public:
  void clear() {
    people_.assign(people_.size(), 0);
    n_ = 0;
  }
  void add(std::size_t count) {
    if (count >= people_.size()) people_.resize(count + 1, 0);
    ++people_[count];
    ++n_;
  }
  std::uint64_t people() const { return n_; }
  std::uint64_t people_with(std::size_t count) const { return count < people_.size() ? people_[count] : 0; }
  /// The median: of an even number of people the mean of the middle two. NaN for nobody.
  double median() const;

 private:
  std::size_t at_rank(std::uint64_t rank) const;
  std::vector<std::uint64_t> people_;
  std::uint64_t n_ = 0;
};

/// One phase, all people.
struct PhaseSums {
  double people = 0;  // with any time in it
  double weeks = 0;   // alive
  double free_weeks = 0;
  double seen = 0;  // offences
  double recorded = 0;
  double proven = 0;
  double with_proven = 0;
  double spend = 0;
  double unseen = 0;  // offences; after finish()
  CountHistogram recorded_each;
  std::vector<double> stolen_a_week;  // of each person; only where every offence is recorded
};

/// Counts one replicate of a cohort. Kept for its memory, which depends on weeks and types, not on people (but where
/// every offence is recorded: one number a person and phase).
class CohortTally : public CareerListener {
 public:
  void start(const CareerPlan& plan);

  void begin(const CareerPerson& person);
  void piece(const CareerPiece& piece);
  void seen(const SeenOffence& offence);
  void unseen(const UnseenOffence& offence);
  void phase_begins(double time, CareerPhase phase);
  void referred(double) { ++referrals; }
  void started(double) { ++starts; }
  void left(double, ProgrammeEnd how) { ++ends[static_cast<std::size_t>(how)]; }
  void desisted(double) { ++desistances; }
  void died(double) { ++deaths; }
  void ended(double time);

  /// Draws the offences that nobody sees, cell by cell (mathematics.md 1.7), each standing for `scale` people.
  void finish(const Streams& streams, double scale);

  std::array<PhaseSums, career_phases> phases;
  std::array<double, 3> place_weeks{};  // by CareerPlace
  double dead_weeks = 0;
  double referrals = 0, starts = 0, desistances = 0, deaths = 0;
  std::array<double, 5> ends{};  // by ProgrammeEnd
  double arrests = 0, charges = 0, convictions = 0, sentences = 0;
  std::vector<double> offences_by_type, recorded_by_type;
  std::vector<double> offences_by_week, recorded_by_week;
  double stolen = 0;
  double harm = 0;
  WeekSums free, in_custody, offending, given_up, using_now, in_programme;  // people at the ends of weeks

 private:
  WeekSums& cell(std::size_t phase, std::size_t type) { return cells_[phase * plan_->types + type]; }
  void count(double time, std::size_t type, CareerPhase phase, double severity, std::uint64_t value_word);

  const CareerPlan* plan_ = nullptr;
  std::vector<WeekSums> cells_;      // offences that nobody sees, by phase and type
  std::vector<double> of_severity_;  // by type: integral of the rate times severity, over that of the rate
  std::vector<double> of_rate_;

  CareerPhase phase_ = CareerPhase::before;  // of the present person, as are the following
  std::array<double, career_phases> weeks_{};
  std::array<std::size_t, career_phases> recorded_{};
  std::array<double, career_phases> stolen_{};
  std::array<double, career_phases> phase_ends_{};
  struct Conviction {
    std::size_t phase;
    double time;
  };
  std::vector<Conviction> convictions_;
};

}  // namespace desist
