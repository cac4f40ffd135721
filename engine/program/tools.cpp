#include "engine/program/tools.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

std::string if_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) ? path.lexically_normal().string() : std::string{};
}

std::string first_there(const fs::path& installed, const fs::path& built) {
  const std::string found = if_there(installed);
  return found.empty() ? if_there(built) : found;
}

}  // namespace

std::string program_folder() {
  std::error_code failed;
  const fs::path program = fs::read_symlink("/proc/self/exe", failed);
  return failed ? std::string{} : program.parent_path().string();
}

RenderTools find_render_tools() {
  const fs::path installed = fs::path(program_folder()) / DESIST_RENDER_INSTALLED;
  return {first_there(installed / "desist-render.mjs", DESIST_RENDER_BUNDLE),
          first_there(installed / "desist-page.js", DESIST_PAGE_BUNDLE)};
}

std::string find_shipped_evidence() {
  return first_there(fs::path(program_folder()) / DESIST_EXPERIMENTS_INSTALLED / "evidence",
                     fs::path(DESIST_EXPERIMENTS_SOURCE) / "evidence");
}

void prepare_directory(const std::string& directory) {
  const auto refuse = [&](const std::string& reason, const std::string& cure) {
    throw Failure(ExitCode::cannot_write,
                  fmt::format("desist: cannot write results to {}: {}\n  {}", directory, reason, cure));
  };
  std::error_code failed;
  const fs::path path = fs::absolute(directory).lexically_normal();
  const fs::path target = path.has_filename() ? path : path.parent_path();
  if (fs::exists(target, failed) && !fs::is_directory(target, failed)) {
    refuse("a file of that name is in the way", "remove it, or name another folder with --out");
  }
  fs::create_directories(target.parent_path(), failed);
  if (failed) refuse(failed.message(), "name another folder with --out");
  if (access(target.parent_path().c_str(), W_OK | X_OK) != 0) {
    refuse(std::strerror(errno), "name a folder you may write to with --out");
  }
}

}  // namespace desist
