// A career written down: the listener behind twin traces.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

#include "engine/simulation/trace.hpp"
#include "models/parts/career_events.hpp"
#include "models/parts/career_plan.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// Writes down what befalls one person after the other. It draws nothing, so whoever is traced lives as if not.
///
/// Offences that nobody sees have moments only where every offence is recorded; else their expected number is written
/// by year, if there are any. What follows an offence is written if it comes within the window, as it is counted.
/// Verified by: cohort_trace_test.
class CareerTrace : public CareerListener {
 public:
  static const std::vector<TraceLane>& lanes();

  explicit CareerTrace(const CareerPlan& plan) : plan_(plan) {}

  struct Wait {
    double from = 0;
    double until = 0;
  };
  /// Of a career at a service, which says who is referred and waits: the next person's own clock starts at `arrival`,
  /// and `wait`, on the calendar, is that of whoever comes into the line.
  void expect(double arrival, const std::optional<Wait>& wait) {
    at_a_service_ = true;
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
  void prosecuted(const BreachProsecution& of);
  void died(double time);
  void ended(double time);

 private:
  static constexpr std::size_t lane_count = 6;

  double on_calendar(double own) const { return own + arrival_ < plan_.end ? own + arrival_ : plan_.end; }
  void state(std::size_t lane, std::size_t which, double from, double until);
  void moment(std::size_t lane, std::size_t which, double own);

  const CareerPlan& plan_;
  bool at_a_service_ = false;
  double arrival_ = 0;
  std::optional<Wait> wait_;
  Trace trace_;
  std::array<std::size_t, lane_count> last_{};  // of each lane: one more than the place of its last state; 0: none
  std::vector<double> unseen_;                  // expected, by year
  double waits_since_ = never;
  double dies_ = never;  // on the calendar; nobody is arrested, charged or convicted from then on
};

}  // namespace desist
