// How a long task gives up in its midst when the run is asked to stop.
#pragma once

#include "engine/core/executor.hpp"

namespace desist {

/// Thrown by a task that gives up since the run was asked to stop: nothing of it is kept, and it is done again when the
/// run goes on. Not a std::exception, so that nobody takes it for a failure.
struct GivenUp {};

/// While it lives, give_up_if_asked() looks at this flag on this thread; none: never.
class GivesUpOn {
 public:
  explicit GivesUpOn(const StopFlag* stop) : before_(watched()) { watched() = stop; }
  ~GivesUpOn() { watched() = before_; }
  GivesUpOn(const GivesUpOn&) = delete;
  GivesUpOn& operator=(const GivesUpOn&) = delete;

 private:
  friend void give_up_if_asked();
  static const StopFlag*& watched() {
    thread_local const StopFlag* flag = nullptr;
    return flag;
  }
  const StopFlag* before_;
};

/// To be called now and then by work that takes seconds; it changes nothing but whether the work ends. Throws GivenUp.
/// Verified by: executor_test, career_give_up_test.
inline void give_up_if_asked() {
  const StopFlag* const stop = GivesUpOn::watched();
  if (stop != nullptr && stop->load(std::memory_order_relaxed)) throw GivenUp{};
}

}  // namespace desist
