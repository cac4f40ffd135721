// Programs run as processes, without a shell, and the folders that they leave behind.
#pragma once

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace desist::test {

namespace fs = std::filesystem;

inline std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}
inline void write_file(const fs::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// The text with the only occurrence of `old` replaced.
inline std::string replaced(std::string text, const std::string& old, const std::string& by) {
  const std::size_t at = text.find(old);
  if (at == std::string::npos) throw std::invalid_argument("not in the text: " + old);
  if (text.find(old, at + 1) != std::string::npos) throw std::invalid_argument("twice in the text: " + old);
  return text.replace(at, old.size(), by);
}

/// How a program is started: its words, where, with what added to the environment, and where its output goes.
struct Start {
  std::vector<std::string> words;  // the program first
  fs::path folder;                 // it runs there, and `out` and `error` are files there
  std::map<std::string, std::string> environment = {};
  std::string out = "out.txt";
  std::string error = "error.txt";
};

struct Ended {
  int code = 0;  // or minus the signal that ended it
  std::string out, error;
};

/// A process that this test started, and nothing else.
class Process {
 public:
  explicit Process(Start start) : start_(std::move(start)) {
    child_ = fork();
    if (child_ != 0) return;
    for (const auto& [name, value] : start_.environment) setenv(name.c_str(), value.c_str(), 1);
    const bool ready = chdir(start_.folder.c_str()) == 0 && give(start_.out, 1) && give(start_.error, 2);
    if (!ready) _exit(127);
    std::vector<char*> arguments;
    for (std::string& word : start_.words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    execv(arguments.front(), arguments.data());
    _exit(127);
  }
  ~Process() {
    if (child_ > 0 && !ended_) {
      kill(child_, SIGKILL);
      waitpid(child_, nullptr, 0);
    }
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return child_; }
  void signal(int which) const { kill(child_, which); }
  /// Waits until the program has its own answer to a signal, or has ended.
  void wait_until_it_catches(int which) {
    while (running()) {
      const std::string status = read_file("/proc/" + std::to_string(child_) + "/status");
      const std::size_t at = status.find("SigCgt:\t");
      if (at != std::string::npos && (std::stoull(status.substr(at + 8, 16), nullptr, 16) >> (which - 1) & 1U) != 0)
        return;
      usleep(1000);
    }
  }
  bool running() {
    if (!ended_ && waitpid(child_, &status_, WNOHANG) == child_) ended_ = true;
    return !ended_;
  }
  Ended wait() {
    if (!ended_) waitpid(child_, &status_, 0);
    ended_ = true;
    return {WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_), said(start_.out), said(start_.error)};
  }

 private:
  std::string said(const std::string& name) const {
    const fs::path path = start_.folder / name;
    return fs::is_regular_file(path) ? read_file(path) : "";  // not of a device
  }
  static bool give(const std::string& path, int as) {
    const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    return file >= 0 && dup2(file, as) == as;
  }

  Start start_;
  pid_t child_ = -1;
  int status_ = 0;
  bool ended_ = false;
};

/// The manifest without its `run` block, which says what differs from run to run.
inline std::string without_run_block(const std::string& manifest) {
  const std::size_t at = manifest.find(",\n  \"run\": {");
  if (at == std::string::npos) throw std::invalid_argument("a manifest without a run block:\n" + manifest);
  return manifest.substr(0, at) + "\n}\n";  // it stands last
}

/// Every file below a folder that is under the promise of equal bytes, by name. A folder that is not there is empty.
inline std::map<std::string, std::string> results_in(const fs::path& folder) {
  std::map<std::string, std::string> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const std::string name = entry.path().lexically_relative(folder).generic_string();
    files[name] = read_file(entry.path());
    if (name == "manifest.json") files[name] = without_run_block(files[name]);
  }
  return files;
}

/// Compares two results folders file by file, and names those that differ (not their megabytes).
inline void expect_same_results(const std::map<std::string, std::string>& results,
                                const std::map<std::string, std::string>& expected) {
  for (const auto& [name, bytes] : expected) {
    const auto found = results.find(name);
    if (found == results.end()) {
      ADD_FAILURE() << name << " is missing";
      continue;
    }
    if (found->second == bytes) continue;
    std::size_t at = 0;
    while (at < bytes.size() && at < found->second.size() && bytes[at] == found->second[at]) ++at;
    const std::size_t from = at < 80 ? 0 : at - 80;
    ADD_FAILURE() << name << " differs from byte " << at << ":\n"
                  << found->second.substr(from, 160) << "\nagainst\n"
                  << bytes.substr(from, 160);
  }
  for (const auto& [name, bytes] : results) {
    if (!expected.contains(name)) ADD_FAILURE() << name << " was not expected";
  }
}

/// A test with a folder of its own, in which programs run.
class InFolder : public testing::Test {
 protected:
  InFolder() {
    const auto* info = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::path(testing::TempDir()) /
              (std::string(info->test_suite_name()) + "_" + info->name() + "_" + std::to_string(getpid()));
    fs::create_directories(folder_);
  }
  ~InFolder() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  const fs::path& folder() const { return folder_; }
  fs::path path(const std::string& name) const { return folder_ / name; }

  /// Runs `desist` with these words in the test's folder until it ends.
  Ended desist(std::vector<std::string> words, std::map<std::string, std::string> environment = {}) const {
    words.insert(words.begin(), DESIST_PROGRAM);
    return Process({std::move(words), folder_, std::move(environment)}).wait();
  }

 private:
  fs::path folder_;
};

}  // namespace desist::test
