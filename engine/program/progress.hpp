// A progress bar with the time left, on a terminal only.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>

namespace desist {

/// One line that is written over, at most five times a second; silent where `out` is null or no terminal.
class Progress {
 public:
  Progress(std::FILE* out, std::string name);
  void show(std::uint64_t done, std::uint64_t planned);
  void stage(const std::string& what);
  void clear();

 private:
  void write(const std::string& line);

  std::FILE* out_;
  std::string name_;
  std::mutex mutex_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point last_;
  std::uint64_t first_done_ = 0;
  bool started_ = false;
  bool shown_ = false;
};

/// The bar's text: "marac-backlog  [#####.....]  50%  8,000 of 16,000 draws, about 12 seconds left".
std::string progress_line(const std::string& name, std::uint64_t done, std::uint64_t planned, double seconds_left);

}  // namespace desist
