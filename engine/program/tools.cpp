#include "engine/program/tools.hpp"

#include <cstdio>
#include <filesystem>
#include <system_error>

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

void say(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0) return;
  throw Failure(ExitCode::cannot_write, "desist: cannot write to standard output");
}

}  // namespace desist
