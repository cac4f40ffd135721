// One run at a time for a results folder.
#pragma once

#include <string>

namespace desist {

/// Keeps every other run out of a results folder while it lives: two would share one checkpoint.
///
/// It locks a file beside the folder, NAME.lock. The system lets go of it when the process ends, however it ends, so a
/// file that a killed run left keeps nobody out. Where the file system knows no locks, nobody is kept out either.
/// Verified by: interruptions_test Two_runs_at_once, A_lock_that_a_killed_run_left.
class ResultsLock {
 public:
  /// Takes the folder's absolute path. Throws Failure(cannot_write) where another run has it.
  explicit ResultsLock(const std::string& place);
  ~ResultsLock();
  ResultsLock(const ResultsLock&) = delete;
  ResultsLock& operator=(const ResultsLock&) = delete;

 private:
  std::string path_;
  int file_ = -1;
};

}  // namespace desist
