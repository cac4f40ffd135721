// Runs numbered tasks on threads and hands their results back in order of number.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace desist {

/// Asked to stop from outside (Ctrl-C): set by a signal handler, read between tasks.
using StopFlag = std::atomic<bool>;

/// Runs task(i, slot) for i in [first, last) on `threads` threads, and calls fold(i, slot) in order of i, one at a
/// time.
///
/// A slot is the storage a task writes to. At most `slots` tasks are begun and not yet folded (threads + a few is
/// enough), so memory does not grow with the number of tasks, and sums made in `fold` are the same for any number of
/// threads. The caller's thread works too; with one thread everything runs inline. `fold` may run on any of the
/// threads. When `stop` becomes true no further task starts, those begun are finished and folded, up to one that gives
/// up (give_up.hpp); returns the first number not folded. An exception thrown by a task is rethrown here after all
/// earlier tasks are folded: the lowest-numbered one, always. One thrown by `fold` ends the run in the same way. Throws
/// std::invalid_argument for no thread or no slot. Verified by: executor_test.
std::size_t run_in_order(std::size_t first, std::size_t last, unsigned threads, std::size_t slots,
                         const std::function<void(std::size_t task, std::size_t slot)>& task,
                         const std::function<void(std::size_t task, std::size_t slot)>& fold, const StopFlag& stop);

}  // namespace desist
