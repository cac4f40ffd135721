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
/// A slot is the storage a task writes to; there are threads + a few of them, so memory does not grow with the number
/// of tasks. Sums made in `fold` are therefore the same for any number of threads. When `stop` becomes true no further
/// task starts, those begun are finished and folded as far as they form an unbroken prefix; returns the first number
/// not folded. An exception thrown by a task is rethrown here after all earlier tasks are folded: the lowest-numbered
/// one, always. Verified by: executor_test.
std::size_t run_in_order(std::size_t first, std::size_t last, unsigned threads, std::size_t slots,
                         const std::function<void(std::size_t task, std::size_t slot)>& task,
                         const std::function<void(std::size_t task, std::size_t slot)>& fold, const StopFlag& stop);

}  // namespace desist
