#include "engine/program/progress.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/report/words.hpp"

namespace desist {
namespace {

std::string in_words(double seconds) {
  if (!std::isfinite(seconds)) return "";
  if (seconds < 90) return fmt::format(", about {:.0f} seconds left", std::max(1.0, seconds));
  if (seconds < 5400) return fmt::format(", about {:.0f} minutes left", seconds / 60);
  return fmt::format(", about {:.1f} hours left", seconds / 3600);
}

}  // namespace

std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t planned, double seconds_left) {
  constexpr std::size_t width = 24;
  const double share = planned > 0 ? std::min(1.0, static_cast<double>(done) / static_cast<double>(planned)) : 0.0;
  const auto filled = static_cast<std::size_t>(share * static_cast<double>(width));
  return fmt::format("{}  [{}{}] {:3.0f}%  {} of {} draws{}", name, std::string(filled, '#'),
                     std::string(width - filled, '.'), 100 * share, whole_number(static_cast<double>(done)),
                     whole_number(static_cast<double>(planned)), in_words(seconds_left));
}

Progress::Progress(std::FILE* out, std::string name)
    : out_(out != nullptr && isatty(fileno(out)) != 0 ? out : nullptr),
      name_(std::move(name)),
      begun_(std::chrono::steady_clock::now()),
      last_(begun_) {}

void Progress::show(std::uint64_t done, std::uint64_t planned) {
  if (out_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (!started_) {  // a resumed run starts above zero: time is reckoned from here
    started_ = true;
    first_done_ = done;
    begun_ = now;
  }
  if (shown_ && now - last_ < std::chrono::milliseconds(200)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  const auto made = static_cast<double>(done - first_done_);
  const double left = made > 0 ? seconds / made * static_cast<double>(planned - std::min(done, planned)) : INFINITY;
  write(progress_line(name_, done, planned, left));
}

void Progress::stage(const std::string& what) {
  if (out_ == nullptr) return;
  const std::lock_guard lock(mutex_);
  write(name_ + "  " + what);
}

void Progress::clear() {
  if (out_ == nullptr || !shown_) return;
  const std::lock_guard lock(mutex_);
  write("");
}

void Progress::write(const std::string& line) {
  fmt::print(out_, "\r{}\x1b[K", line);
  std::fflush(out_);
  shown_ = true;
}

}  // namespace desist
