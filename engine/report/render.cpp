#include "engine/report/render.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/core/text.hpp"

extern char** environ;

namespace desist {
namespace {

namespace fs = std::filesystem;

constexpr double seconds_for_all_svg = 120;  // ten figures take 0.4 s: only a stuck program reaches it
constexpr double seconds_for_a_pdf = 30;

using Clock = std::chrono::steady_clock;

/// What posix_spawn needs, freed at the end.
struct SpawnPlan {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
};

/// The environment with a fixed date for PDF files: else no two are the same.
std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with("SOURCE_DATE_EPOCH=")) all.emplace_back(*entry);
  }
  all.emplace_back("SOURCE_DATE_EPOCH=0");
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

/// Reads what the program says until it closes its end or time is up; the first 64 KB are kept.
bool listen(int from, Clock::time_point until, std::string& said) {
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now()).count();
    if (left <= 0) return false;
    pollfd waiting{from, POLLIN, 0};
    const int ready = poll(&waiting, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return false;
    char text[4096];
    const ssize_t got = read(from, text, sizeof text);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    if (said.size() < 65536) said.append(text, static_cast<std::size_t>(got));
  }
}

/// The program's own words without our folders: its first line.
std::string first_line(const std::string& said) {
  const std::string line = trimmed(split(said, '\n').front());
  return line.empty() ? "it did not say why" : line;
}

std::string words_for(const Ended& ended, const std::string& program, const std::string& cure) {
  switch (ended.how) {
    case Ended::How::not_found:
      return program + " is not installed; " + cure;
    case Ended::How::timed_out:
      return program + " gave no answer in time and was stopped";
    case Ended::How::failed:
      return program + " failed: " + first_line(ended.said);
    case Ended::How::succeeded:
      break;
  }
  return program + " made no file";
}

Ended run_node(const std::string& bundle, const std::string& folder) {
  Ended ended;
  for (const char* name : {"node", "nodejs"}) {  // Debian's older name second
    ended = run_program({name, bundle, "figures/jobs.json"}, folder, seconds_for_all_svg);
    if (ended.how != Ended::How::not_found) break;
  }
  return ended;
}

}  // namespace

Ended run_program(const std::vector<std::string>& words, const std::string& folder, double seconds) {
  Ended ended;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return {Ended::How::failed, std::strerror(errno)};
  SpawnPlan plan;
  posix_spawn_file_actions_addopen(&plan.actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&plan.actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addchdir_np(&plan.actions, folder.c_str());
  // A group of its own, so that whatever it starts can be ended with it.
  posix_spawnattr_setflags(&plan.attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&plan.attributes, 0);

  std::vector<std::string> arguments = words;
  std::vector<std::string> settings = environment();
  pid_t child = 0;
  const int problem = posix_spawnp(&child, words.front().c_str(), &plan.actions, &plan.attributes,
                                   pointers(arguments).data(), pointers(settings).data());
  close(ends[1]);
  if (problem != 0) {
    close(ends[0]);
    ended.how = problem == ENOENT || problem == EACCES ? Ended::How::not_found : Ended::How::failed;
    ended.said = std::strerror(problem);
    return ended;
  }
  const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  bool in_time = listen(ends[0], until, ended.said);
  close(ends[0]);
  int status = 0;
  while (in_time) {  // it has said its last: it ends in a moment, or is ended
    const pid_t done = waitpid(child, &status, WNOHANG);
    if (done == child) break;
    if (done < 0 && errno != EINTR) break;
    in_time = Clock::now() < until;
    usleep(1000);
  }
  if (!in_time) {
    kill(-child, SIGKILL);
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    ended.how = Ended::How::timed_out;
    return ended;
  }
  const bool well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  ended.how = well ? Ended::How::succeeded : Ended::How::failed;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 127) ended.how = Ended::How::not_found;  // exec failed after a fork
  return ended;
}

Drawn draw_figures(const std::vector<std::string>& names, const std::string& directory, const RenderTools& tools) {
  Drawn drawn;
  if (names.empty()) return drawn;
  if (tools.bundle.empty()) {
    drawn.not_made.push_back(
        "figures as SVG and PDF: the renderer was not built, for want of npm; install npm and run ./desist setup "
        "(report.html draws them itself where it can)");
    return drawn;
  }
  std::error_code ignored;
  const fs::path jobs = fs::path(directory) / "figures" / "jobs.json";
  std::string list;
  for (const std::string& name : names) {
    list += fmt::format("{}{{\"spec\": \"figures/{}.vl.json\", \"svg\": \"figures/{}.svg\"}}", list.empty() ? "" : ", ",
                        name, name);
  }
  std::ofstream(jobs) << "[" << list << "]\n";
  const Ended svg = run_node(fs::absolute(tools.bundle, ignored).string(), directory);
  fs::remove(jobs, ignored);
  if (svg.how == Ended::How::not_found) {
    drawn.not_made.push_back("figures as SVG and PDF: " + words_for(svg, "node", "apt-get install nodejs") +
                             " (report.html draws them itself)");
    return drawn;
  }

  bool pdf_possible = true;
  for (const std::string& name : names) {
    const std::string from = "figures/" + name + ".svg";
    const std::string to = "figures/" + name + ".pdf";
    if (!fs::exists(fs::path(directory) / from, ignored)) {
      // The renderer names the spec in its message: the line that speaks of this one.
      Ended own = svg;
      for (const std::string& line : split(svg.said, '\n')) {
        if (line.find(name + ".vl.json: error: ") == std::string::npos) continue;
        own.said = line;
        break;
      }
      drawn.not_made.push_back(from + ": " + words_for(own, "node", ""));
      continue;
    }
    drawn.files.push_back(from);
    if (!pdf_possible) continue;
    const Ended pdf = run_program({"rsvg-convert", "-f", "pdf", "-o", to, from}, directory, seconds_for_a_pdf);
    if (pdf.how == Ended::How::succeeded && fs::exists(fs::path(directory) / to, ignored)) {
      drawn.files.push_back(to);
    } else if (pdf.how == Ended::How::not_found) {
      pdf_possible = false;
      drawn.not_made.push_back("figures as PDF: " +
                               words_for(pdf, "rsvg-convert", "apt-get install librsvg2-bin fonts-liberation"));
    } else {
      fs::remove(fs::path(directory) / to, ignored);
      drawn.not_made.push_back(to + ": " + words_for(pdf, "rsvg-convert", ""));
    }
  }
  return drawn;
}

}  // namespace desist
