#include "engine/core/executor.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <vector>

#include "engine/core/give_up.hpp"

namespace desist {
namespace {

using Step = std::function<void(std::size_t task, std::size_t slot)>;

// Everything between claiming and folding is decided under one lock; tasks and folds run outside it.
class Run {
 public:
  Run(std::size_t first, std::size_t last, std::size_t slots, const Step& task, const Step& fold, const StopFlag& stop)
      : first_(first), last_(last), task_(task), fold_(fold), stop_(stop), next_(first), folded_(first), done_(slots) {}

  // What each thread does until nothing is left to claim. Numbers are claimed in order, so when a task fails every
  // lower-numbered one has been begun: that makes "the lowest-numbered exception" independent of timing.
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      changed_.wait(lock, [this] { return ends() || next_ == last_ || next_ - folded_ < done_.size(); });
      if (ends() || next_ == last_ || stop_.load()) return;
      const std::size_t number = next_++;
      lock.unlock();
      bool gave_up = false;
      std::exception_ptr thrown = attempt_task(number, gave_up);
      lock.lock();
      if (thrown)
        note_failure(number, thrown);
      else if (gave_up)
        note_given_up();
      else
        done_[slot_of(number)] = true;
      fold_ready(lock);
    }
  }

  std::size_t result() const {
    if (failure_) std::rethrow_exception(failure_);
    return folded_;
  }

 private:
  // Tasks in flight are fewer than the slots and consecutive, so no two share one.
  std::size_t slot_of(std::size_t number) const { return (number - first_) % done_.size(); }

  std::exception_ptr attempt(const Step& step, std::size_t number) const {
    try {
      step(number, slot_of(number));
      return nullptr;
    } catch (const GivenUp&) {
      throw;
    } catch (...) {
      return std::current_exception();
    }
  }

  std::exception_ptr attempt_task(std::size_t number, bool& gave_up) const {
    try {
      return attempt(task_, number);
    } catch (const GivenUp&) {
      gave_up = true;
      return nullptr;
    }
  }

  // Neither what it should have done is ever folded, nor what comes after it.
  void note_given_up() {
    given_up_ = true;
    changed_.notify_all();
  }
  bool ends() const { return failure_ || given_up_; }

  void note_failure(std::size_t number, std::exception_ptr thrown) {
    if (!failure_ || number < failed_number_) {
      failed_number_ = number;
      failure_ = std::move(thrown);
    }
    changed_.notify_all();
  }

  // Folds the finished prefix unless another thread is at it; that one looks again after each fold.
  void fold_ready(std::unique_lock<std::mutex>& lock) {
    if (folding_) return;
    folding_ = true;
    while (folded_ < next_ && done_[slot_of(folded_)]) {
      lock.unlock();
      std::exception_ptr thrown = attempt(fold_, folded_);  // only the folding thread changes folded_
      lock.lock();
      done_[slot_of(folded_)] = false;
      if (thrown) {
        note_failure(folded_, thrown);
        break;
      }
      ++folded_;
      changed_.notify_all();
    }
    folding_ = false;
  }

  const std::size_t first_;
  const std::size_t last_;
  const Step& task_;
  const Step& fold_;
  const StopFlag& stop_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t next_;        // the number to claim next
  std::size_t folded_;      // all before this one are folded
  std::vector<bool> done_;  // by slot: computed and waiting to be folded
  bool folding_ = false;
  bool given_up_ = false;
  std::exception_ptr failure_;
  std::size_t failed_number_ = 0;
};

}  // namespace

std::size_t run_in_order(std::size_t first, std::size_t last, unsigned threads, std::size_t slots, const Step& task,
                         const Step& fold, const StopFlag& stop) {
  if (threads == 0 || slots == 0) throw std::invalid_argument("run_in_order needs at least one thread and one slot");
  if (first >= last) return first;

  if (threads == 1) {
    std::size_t number = first;
    for (; number < last && !stop.load(); ++number) {
      try {
        task(number, 0);
      } catch (const GivenUp&) {
        break;
      }
      fold(number, 0);
    }
    return number;
  }

  Run run(first, last, slots, task, fold, stop);
  {
    std::vector<std::jthread> helpers;
    const std::size_t useful = std::min({static_cast<std::size_t>(threads), slots, last - first});
    helpers.reserve(useful);
    try {
      while (helpers.size() + 1 < useful) helpers.emplace_back([&run] { run.work(); });
    } catch (const std::system_error&) {
      // The system gives no more threads: those there are do the work, with the same results.
    }
    run.work();
  }
  return run.result();
}

}  // namespace desist
