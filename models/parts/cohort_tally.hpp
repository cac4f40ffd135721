// What is counted of a cohort: offences by week, phase and type, time by phase and place, people's own numbers.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/rounding.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/joint_counts.hpp"

namespace desist {

/// Integrals of rates by week, phase and type, O(1) a change of rates.
///
/// A change adds what it is worth in the rest of its week, and itself to the rates of the weeks after, which are summed
/// once.
class CellSums {
 public:
  void begin(int weeks, std::size_t types);
  /// Where a change of the rates in a phase at a moment goes, by type; `season_upto` is the integral of h up to then.
  struct Place {
    double* part;   // of the week: takes the change times `left`
    double* level;  // of the weeks after: takes the change
    double left;    // integral of h over the rest of the week
  };
  Place at(std::size_t phase, double time, double season_upto, const Season& season) {
    const auto week = whole_part(time);
    double* const cells = cells_.data() + place(phase, week);
    return {cells, cells + types_, season.upto_week(week + 1) - season_upto};
  }
  /// Replaces changes by levels; call once, then read.
  void finish();
  double integral(std::size_t week, std::size_t phase, std::size_t type, double season_of_week) const {
    const double* const cells = cells_.data() + place(phase, week);
    return cells[type] + cells[types_ + type] * season_of_week;
  }

 private:
  std::size_t place(std::size_t phase, std::size_t week) const { return (phase * rows_ + week) * 2 * types_; }

  std::size_t rows_ = 0;
  std::size_t types_ = 0;
  std::vector<double> cells_;  // by phase and week: parts of the week, by type; then changes, after finish() levels
};

/// A state of a person as people are counted by week.
enum class CountedState { free, offending, in_custody, desisted, using_drugs, in_programme };
inline constexpr std::size_t counted_states = 6;

/// People in each state at the ends of weeks.
class PeopleByWeek {
 public:
  void begin(int weeks);
  /// The next person, in no state yet.
  void next() { now_in_ = codes; }
  /// The person is in the states of a piece from its beginning; counted at the ends of weeks.
  void add(const CareerPiece& piece) {
    const std::size_t in = code(piece);
    if (in == now_in_) return;
    leave(piece.from);
    ++change_[rows_ * in + whole_part(piece.from)];
    now_in_ = in;
  }
  /// The person leaves all states.
  void leave(double time) {
    if (now_in_ < codes) --change_[rows_ * now_in_ + whole_part(time)];
  }
  /// Replaces changes by levels; call once, then read.
  void finish();
  double people(CountedState state, std::size_t week) const {
    return static_cast<double>(level_[static_cast<std::size_t>(state) * rows_ + week]);
  }

 private:
  static constexpr std::size_t codes = 24;
  static std::size_t code(const CareerPiece& piece) {
    return (static_cast<std::size_t>(piece.place) * 2 + (piece.desisted ? 1U : 0U)) * 4 +
           (piece.drug == DrugState::using_drugs ? 2U : 0U) + (piece.in_programme ? 1U : 0U);
  }

  std::size_t rows_ = 0;
  std::size_t now_in_ = codes;
  std::vector<std::int32_t> change_;  // by code and week
  std::vector<std::int32_t> level_;   // by state and week
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
  double unseen = 0;    // offences; after finish()
  double expected = 0;  // of those seen, given everybody's states
  CountHistogram recorded_each;
  std::vector<double> stolen_a_week;  // of each person; only where every offence is recorded
};

/// Counts one replicate of a cohort. Kept for its memory, which depends on weeks and types, not on people (but where
/// every offence is recorded: one number a person and phase).
class CohortTally : public CareerListener {
 public:
  /// `by` has to stay as long as the tally counts.
  void start(const CareerPlan& plan, const CohortBreakdown& by = nothing_apart());

  void begin(const CareerPerson& person);
  void piece(const CareerPiece& piece);
  void seen(const SeenOffence& offence);
  void unseen(const UnseenOffence& offence);
  void phase_begins(double time, CareerPhase phase);
  void referred(double) { ++referrals; }
  void referred_again(double) { ++repeats; }
  void started(double) { ++starts; }
  void left(double, ProgrammeEnd how) { ++ends[static_cast<std::size_t>(how)]; }
  void prosecuted(const BreachProsecution& of) {
    followed_.push_back({career_phases, never, of.charged, of.convicted, of.to_custody});
  }
  void desisted(double) { ++desistances; }
  void died(double) {
    ++deaths;
    dead_ = true;
  }
  void expected_before(double offences) { phases[0].expected += offences; }
  void ended(double time);

  /// Draws the offences that nobody sees, cell by cell (mathematics.md 1.7), each standing for `scale` people.
  void finish(const Streams& streams, double scale);

  std::array<PhaseSums, career_phases> phases;
  std::array<double, 3> place_weeks{};  // by CareerPlace
  double dead_weeks = 0;                // and those after the end of who is followed no longer
  double referrals = 0, repeats = 0, starts = 0, desistances = 0, deaths = 0;
  std::array<double, 5> ends{};  // by ProgrammeEnd
  double arrests = 0, charges = 0, convictions = 0, sentences = 0;
  std::vector<double> offences_by_type, recorded_by_type;
  std::vector<double> offences_by_victim, recorded_by_victim;
  std::vector<double> offences_by_week, recorded_by_week;
  double stolen = 0;
  double harm = 0;
  std::vector<double> stolen_by_year, harm_by_year;
  JointCounts joint;
  PeopleByWeek people;

 private:
  static const CohortBreakdown& nothing_apart();
  void scale_by(double scale);
  double count_in_bulk(const Streams& streams, double scale, std::size_t phase, std::size_t type,
                       std::vector<double>& by_year);
  void draw_words(const Streams& streams, std::size_t phase, std::size_t type);
  double count_of_cell(std::size_t week, std::size_t type, double mean) const;
  double integral_over_all(std::size_t type) const;
  void count_victims_expected(std::size_t type, double offences);
  void count_victims_not_seen(const Streams& streams, std::size_t type, double offences);
  void add_severity_by_year(const CareerPiece& piece);
  double severity_in_year(std::size_t year, std::size_t type) const;
  template <class ShareInBulk>
  void add_rates(const CareerPiece& piece, double since, const ShareInBulk& share_in_bulk);
  void end_rates(double time);
  double season_upto(double time) {
    if (time != asked_) {
      asked_ = time;
      upto_asked_ = plan_->season.upto(time);
    }
    return upto_asked_;
  }
  template <class Offence>
  void count(const Offence& offence, double& of_phase);

  const CareerPlan* plan_ = nullptr;
  const CohortBreakdown* by_ = nullptr;
  bool in_bulk_ = true;              // whether any offences are counted in cells
  CellSums cells_;                   // offences that nobody sees, and all of types that are counted by expected number
  std::vector<double> of_severity_;  // by type: integral of the rate times (severity - 1)
  std::vector<double> of_severity_by_year_;  // by year and type: the same
  std::vector<double> of_rate_by_year_;      // integral of the rate; after finish()
  std::vector<std::uint64_t> words_;         // by week, of one phase and type

  CareerPhase phase_ = CareerPhase::before;  // of the present person, as are the following
  std::size_t phase_of_rates_ = 0;
  bool has_rates_ = false;
  double asked_ = -1;      // the moment for which
  double upto_asked_ = 0;  // the season's integral was asked last: most pieces begin where the last one ended
  std::array<double, most_types> rates_{};  // of offences in cells; 0 where there are none
  std::array<double, career_phases> weeks_{};
  std::array<std::size_t, career_phases> recorded_{};
  std::array<double, career_phases> stolen_{};
  std::array<double, career_phases> phase_ends_{};
  /// What follows an offence or a breach, kept until it is known whether the person lives to see it.
  struct Followed {
    std::size_t phase;  // of a breach none
    double arrested, charged, convicted;
    bool to_custody;
  };
  std::vector<Followed> followed_;
  bool dead_ = false;
};

}  // namespace desist
