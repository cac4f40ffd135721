#include "models/parts/career_trace.hpp"

#include <algorithm>
#include <cmath>

namespace desist {
namespace {

enum LaneOfTrace : std::size_t { place_lane, drug_lane, offending_lane, not_seen_lane, justice_lane, programme_lane };

}  // namespace

const std::vector<TraceLane>& CareerTrace::lanes() {
  // In the order of CareerPlace and DrugState; ends of a programme in that of ProgrammeEnd, after "referred".
  static const std::vector<TraceLane> all = {
      {"Place", {"at liberty", "in residence", "in custody"}, {"dies"}, "", false},
      {"Drugs", {"using", "using less", "abstinent"}, {}, "", false},
      {"Offending",
       {"may offend", "quiet spell", "has given up"},
       {"offence that is seen", "offence that nobody sees"},
       "",
       true},
      {"Not seen", {}, {}, "offences in the year that nobody sees, expected", false},
      {"Police, court", {}, {"arrest", "charge", "conviction"}, "", false},
      {"Programme",
       {"waits for it", "in the programme"},
       {"referred", "completes", "drops out", "breach", "leaves for custody"},
       "",
       false}};
  return all;
}

void CareerTrace::begin(const CareerPerson& person) {
  trace_ = Trace{};
  trace_.person = person.id;
  last_.fill(0);
  unseen_.assign(static_cast<std::size_t>(std::ceil(plan_.end / weeks_per_year)), 0.0);
  waits_since_ = dies_ = never;
  if (!wait_) return;
  moment(programme_lane, 0, wait_->from - arrival_);
  if (wait_->from < wait_->until) state(programme_lane, 0, wait_->from, wait_->until);
}

// A state that goes on is one row: pieces end for many reasons.
void CareerTrace::state(std::size_t lane, std::size_t which, double from, double until) {
  const std::string& name = lanes()[lane].states[which];
  if (last_[lane] > 0) {
    TraceRow& last = trace_.rows[last_[lane] - 1];
    if (last.until == from && last.what == name) {
      last.until = until;
      return;
    }
  }
  trace_.rows.push_back({TraceRow::Kind::state, lane, name, from, until, 0});
  last_[lane] = trace_.rows.size();
}

void CareerTrace::moment(std::size_t lane, std::size_t which, double own) {
  const double time = arrival_ + own;
  if (!(time < plan_.end)) return;
  trace_.rows.push_back({TraceRow::Kind::moment, lane, lanes()[lane].moments[which], time, time, 0});
}

void CareerTrace::piece(const CareerPiece& piece) {
  const double from = on_calendar(piece.from);
  const double until = on_calendar(piece.until);
  state(place_lane, static_cast<std::size_t>(piece.place), from, until);
  if (plan_.drugs) state(drug_lane, static_cast<std::size_t>(piece.drug), from, until);
  state(offending_lane, piece.desisted ? 2 : piece.active ? 0 : 1, from, until);
  if (piece.in_programme) state(programme_lane, 1, from, until);
  if (piece.rate == 0 || plan_.every_offence) return;
  double rate = 0;
  for (std::size_t j = 0; j < plan_.types; ++j) rate += piece.mix[j] * (1 - piece.detected[j]) * piece.effect[j];
  for (double begins = from; begins < until;) {
    const auto year = static_cast<std::size_t>(begins / weeks_per_year);
    const double ends = std::min(until, static_cast<double>(year + 1) * weeks_per_year);
    if (year >= unseen_.size() || !(ends > begins)) break;
    unseen_[year] += piece.rate * rate * (plan_.season.upto(ends) - plan_.season.upto(begins));
    begins = ends;
  }
}

void CareerTrace::seen(const SeenOffence& offence) {
  moment(offending_lane, 0, offence.time);
  moment(justice_lane, 0, offence.arrested);
  moment(justice_lane, 1, offence.charged);
  moment(justice_lane, 2, offence.convicted);
}

void CareerTrace::prosecuted(const BreachProsecution& of) {
  moment(justice_lane, 1, of.charged);
  moment(justice_lane, 2, of.convicted);
}

void CareerTrace::unseen(const UnseenOffence& offence) { moment(offending_lane, 1, offence.time); }

void CareerTrace::phase_begins(double, CareerPhase phase) {
  if (phase == CareerPhase::outside) waits_since_ = never;  // refused, or the time after is over
}

void CareerTrace::referred(double time) {
  if (at_a_service_) return;
  moment(programme_lane, 0, time);
  waits_since_ = on_calendar(time);
}

void CareerTrace::started(double time) {
  if (waits_since_ < on_calendar(time)) state(programme_lane, 0, waits_since_, on_calendar(time));
  waits_since_ = never;
}

void CareerTrace::left(double time, ProgrammeEnd how) {
  if (how != ProgrammeEnd::died) moment(programme_lane, 1 + static_cast<std::size_t>(how), time);
}

void CareerTrace::died(double time) {
  moment(place_lane, 0, time);
  dies_ = on_calendar(time);
}

void CareerTrace::ended(double time) {
  const double end = on_calendar(time);
  std::erase_if(trace_.rows, [&](const TraceRow& row) { return row.lane == justice_lane && row.from >= dies_; });
  if (waits_since_ < end) state(programme_lane, 0, waits_since_, end);
  const bool all_are_seen = std::all_of(plan_.detected.begin(), plan_.detected.end(), [](double d) { return d == 1; });
  if (plan_.every_offence || all_are_seen) return;
  for (std::size_t year = 0; year < unseen_.size(); ++year) {
    const double from = static_cast<double>(year) * weeks_per_year;
    if (!(from < end) || !(arrival_ < from + weeks_per_year)) continue;
    trace_.rows.push_back({TraceRow::Kind::amount, not_seen_lane, lanes()[not_seen_lane].amount, from,
                           std::min(plan_.end, from + weeks_per_year), unseen_[year]});
  }
}

Trace CareerTrace::take() {
  std::stable_sort(trace_.rows.begin(), trace_.rows.end(), [](const TraceRow& a, const TraceRow& b) {
    return a.lane != b.lane ? a.lane < b.lane : a.from < b.from;
  });
  return std::move(trace_);
}

}  // namespace desist
