// A career written down: the listener behind twin traces.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/simulation/trace.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"

namespace desist {

/// Writes down what befalls one person after the other. It draws nothing, so whoever is traced lives as if not.
///
/// Offences that nobody sees have moments only where every offence is recorded; else their expected number is written
/// by year. What follows an offence is written if it comes within the window, as it is counted.
/// Verified by: cohort_trace_test.
class CareerTrace : public CareerListener {
 public:
  static const std::vector<TraceLane>& lanes();

  explicit CareerTrace(const CareerPlan& plan) : plan_(plan) {}

  struct Wait {
    double from = 0;
    double until = 0;
  };
  /// The next person's own clock starts at `arrival`; `wait`: on the calendar, if somebody else decides on the start.
  void expect(double arrival, const std::optional<Wait>& wait) {
    arrival_ = arrival;
    wait_ = wait;
  }
  /// What has been written of the last person.
  Trace take();

  void begin(const CareerPerson& person);
  void piece(const CareerPiece& piece);
  void seen(const SeenOffence& offence);
  void unseen(const UnseenOffence& offence);
  void phase_begins(double time, CareerPhase phase);
  void referred(double time);
  void started(double time);
  void left(double time, ProgrammeEnd how);
  void died(double time);
  void ended(double time);

 private:
  static constexpr std::size_t lane_count = 6;

  double on_calendar(double own) const { return own + arrival_ < plan_.end ? own + arrival_ : plan_.end; }
  void state(std::size_t lane, std::size_t which, double from, double until);
  void moment(std::size_t lane, std::size_t which, double own);

  const CareerPlan& plan_;
  double arrival_ = 0;
  std::optional<Wait> wait_;
  Trace trace_;
  std::array<std::size_t, lane_count> last_{};  // of each lane: one more than the place of its last state; 0: none
  std::vector<double> unseen_;                  // expected, by year
  double waits_since_ = CareerEntry::never;
};

}  // namespace desist
