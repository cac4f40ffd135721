// When a person is referred: once, or again after the last time is over.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/random/stream.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/instants.hpp"
#include "models/parts/programme_plan.hpp"

namespace desist {

/// The next referral of a person, by hazard or at an arrest, and how many there were before it.
///
/// Each time has a clock and words of its own, so what becomes of a person once moves nothing of the next time.
/// Verified by: career_again_test.
class CareerReferral {
 public:
  void begin(const ProgrammePlan& programme, const Streams& streams, std::uint64_t person, bool by_referral) {
    time_ = 0;
    comes_again_ = false;
    is_open_ = by_referral && (programme.referral > 0 || programme.referral_at_arrest > 0);
    if (is_open_) open(0, streams, person, time_);
  }
  /// Whether the person may be referred: waits for no start, and isn't in the programme.
  bool is_open() const { return is_open_; }
  /// How often the person was referred before the present time.
  std::uint64_t time() const { return time_; }

  /// The moment of the next one if the hazard stays.
  double at(double now, double hazard) { return std::min(at_arrest_, clock_.set(now, hazard)); }
  /// The moment of the arrest that follows an offence of this name, if it leads to a referral; else never.
  double arrested(const ProgrammePlan& programme, const Streams& streams, std::uint64_t person, double arrest,
                  std::uint64_t offence) {
    if (programme.referral_at_arrest == 0 || arrest >= at_arrest_ || arrest < programme.before) return never;
    const Words words = streams.words(Purpose("referral at an arrest"), person, offence);
    if (!(uniform(words[0]) < programme.referral_at_arrest)) return never;
    return at_arrest_ = arrest;
  }
  /// It comes; whether the person was referred before.
  bool take() {
    is_open_ = false;
    if (comes_again_) ++time_;
    return comes_again_;
  }
  /// The present time is over.
  void let_come_again(const ProgrammePlan& programme, const Streams& streams, std::uint64_t person, double now,
                      bool completed) {
    if (!programme.may_come_again(completed)) return;
    is_open_ = comes_again_ = true;
    open(now, streams, person, time_ + 1);
  }

 private:
  void open(double now, const Streams& streams, std::uint64_t person, std::uint64_t time) {
    at_arrest_ = never;
    clock_.begin(now, streams.words(Purpose("referral"), person, time)[0]);
  }

  std::uint64_t time_ = 0;
  bool is_open_ = false;
  bool comes_again_ = false;  // when referred next
  double at_arrest_ = never;  // the next arrest that leads to a referral
  CareerClock clock_;
};

}  // namespace desist
