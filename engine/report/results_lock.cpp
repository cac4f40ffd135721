#include "engine/report/results_lock.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"

namespace desist {
namespace {

[[noreturn]] void refuse(const std::string& place, const std::string& why, const std::string& cure) {
  throw Failure(ExitCode::cannot_write, fmt::format("desist: cannot write results to {}: {}\n  {}", place, why, cure));
}

// "process 123", as the one that has the lock wrote into it.
std::string holder(int file) {
  char text[24] = {};
  const ssize_t length = pread(file, text, sizeof text - 1, 0);
  return length > 0 ? "process " + std::string(text, static_cast<std::size_t>(length)) : "another process";
}

// The run that had the file may have removed it between our opening it and our locking it.
bool still_there(int file, const std::string& path) {
  struct stat opened = {}, named = {};
  return fstat(file, &opened) == 0 && stat(path.c_str(), &named) == 0 && opened.st_dev == named.st_dev &&
         opened.st_ino == named.st_ino;
}

}  // namespace

ResultsLock::ResultsLock(const std::string& place) : path_(place + ".lock") {
  for (;;) {
    file_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0)
      refuse(place, fmt::format("{}: {}", path_, std::strerror(errno)), "name a folder you may write to with --out");
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
      const bool taken = errno == EWOULDBLOCK;
      const std::string who = taken ? holder(file_) : "";
      close(file_);
      file_ = -1;
      if (!taken) return;
      refuse(place, fmt::format("{} is running an experiment into it (two runs would share its checkpoint)", who),
             "wait until that run ends, or name another folder with --out");
    }
    if (still_there(file_, path_)) break;
    close(file_);
  }
  const std::string process = std::to_string(getpid());
  // Only words for the next one: the lock holds without them.
  if (ftruncate(file_, 0) != 0 || pwrite(file_, process.data(), process.size(), 0) < 0) return;
}

ResultsLock::~ResultsLock() {
  if (file_ < 0) return;
  unlink(path_.c_str());  // while it is locked: whoever opens it now makes a new one
  close(file_);
}

}  // namespace desist
