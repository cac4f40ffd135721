// What a service needs to know of a career: when it brings the person there, when it takes them away.
#pragma once

#include <algorithm>

#include "models/parts/career_events.hpp"
#include "models/parts/instants.hpp"

namespace desist {

/// What takes a person from the line whatever the service does.
enum class LineEnd { none, custody, desistance, death };

/// Listens to a career in which nobody ever starts: when the person is referred, and when and why they leave the line.
///
/// A person who is in custody or has desisted when referred leaves at that moment. Times are the walk's own. Verified
/// by: cohort_caseload_test.
class LineListener : public CareerListener {
 public:
  void expect(const CareerEntry& entry) {
    *this = LineListener{};
    expected_ = entry.by_referral ? never : entry.enters;
  }
  void referred(double time) { refer(time); }
  void phase_begins(double, CareerPhase phase) {
    if (phase == CareerPhase::outside) refused_ = true;  // is not eligible, or does not agree
  }
  void sentenced(double time) {
    look(time);
    in_custody_ = true;
    leave(time, LineEnd::custody);
  }
  void released(double time) {
    look(time);
    in_custody_ = false;
  }
  void desisted(double time) {
    look(time);
    desisted_ = true;
    leave(time, LineEnd::desistance);
  }
  void died(double time) {
    look(time);
    leave(time, LineEnd::death);
    expected_ = never;
  }
  void ended(double time) { look(time); }

  /// Never, for those who are not.
  double referred_at() const { return refused_ ? never : referred_; }
  double leaves_at() const { return leaves_; }
  LineEnd why() const { return why_; }

 private:
  void look(double time) {
    if (referred_ == never && expected_ < time) refer(expected_);
  }
  void refer(double time) {
    referred_ = time;
    if (in_custody_) leave(time, LineEnd::custody);
    if (desisted_) leave(time, LineEnd::desistance);
  }
  void leave(double time, LineEnd why) {
    if (referred_ == never || leaves_ < never) return;
    leaves_ = time;
    why_ = why;
  }

  double expected_ = never;
  double referred_ = never;
  double leaves_ = never;
  LineEnd why_ = LineEnd::none;
  bool refused_ = false;
  bool in_custody_ = false;
  bool desisted_ = false;
};

/// Listens to a career in which the start is known: when and how the person leaves the programme.
struct SupportListener : CareerListener {
  double left_at = never;
  bool completed = false;

  void left(double time, ProgrammeEnd how) {
    left_at = time;
    completed = how == ProgrammeEnd::completed;
  }
  void died(double time) { left_at = std::min(left_at, time); }  // in custody, before a start that was put off
};

}  // namespace desist
