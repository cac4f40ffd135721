#include "engine/report/write_results.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"
#include "engine/report/documents.hpp"
#include "engine/report/figures.hpp"
#include "engine/report/figures/source_line.hpp"
#include "engine/report/render.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& reason, const std::string& cure) {
  throw Failure(ExitCode::cannot_write,
                fmt::format("desist: cannot write results to {}: {}\n  {}", path.string(), reason, cure));
}

constexpr const char* another_folder = "name another folder with --out";

void write_file(const fs::path& folder, const std::string& name, std::string_view text) {
  std::FILE* file = std::fopen((folder / name).c_str(), "wb");
  bool well = file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
  const int problem = errno;
  if (file != nullptr && std::fclose(file) != 0) well = false;
  if (!well) refuse(folder / name, std::strerror(problem), "make room, or name another folder with --out");
}

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// What an earlier run wrote into a folder, by its manifest.
std::set<std::string> files_of_earlier_run(const fs::path& target) {
  std::set<std::string> files;
  const auto manifest = nlohmann::json::parse(read_file(target / "manifest.json"), nullptr, false);
  if (!manifest.is_object() || !manifest.contains("spec_digest")) return files;
  for (const char* list : {"/files", "/run/drawn"}) {
    const auto value = manifest.value(nlohmann::json::json_pointer(list), nlohmann::json::array());
    for (const auto& name : value) {
      if (name.is_string()) files.insert(name.get<std::string>());
    }
  }
  return files;
}

/// Results take the place of a whole folder: one that holds anything else is not ours to take.
void check_target(const fs::path& target) {
  std::error_code failed;
  const fs::file_status status = fs::status(target, failed);
  if (!fs::exists(status)) return;
  if (!fs::is_directory(status))
    refuse(target, "a file of that name is in the way", "remove it, or " + std::string(another_folder));
  const std::set<std::string> ours = files_of_earlier_run(target);
  for (auto entry = fs::recursive_directory_iterator(target, failed); entry != fs::recursive_directory_iterator();
       entry.increment(failed)) {
    if (failed) break;
    const std::string name = entry->path().lexically_relative(target).generic_string();
    if (entry->is_directory() && !entry->is_symlink() && name == "figures") continue;
    if (!ours.contains(name)) {
      refuse(target, fmt::format("it holds '{}', which no run of desist wrote", name),
             "the folder is replaced as a whole: move that away, or " + std::string(another_folder));
    }
  }
  if (failed) refuse(target, failed.message(), another_folder);
}

fs::path beside(const fs::path& target, long process) {
  return target.parent_path() / fmt::format("{}.writing-{}", target.filename().string(), process);
}

/// Folders, and files of replicates ("...writing-123.replicates"), that a killed run left beside the target; those of
/// runs under way stay.
void remove_remains(const fs::path& target) {
  std::error_code ignored;
  const std::string start = target.filename().string() + ".writing-";
  std::vector<fs::path> remains;
  for (const auto& entry : fs::directory_iterator(target.parent_path(), ignored)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(start)) continue;
    long process = 0;
    const char* last = name.data() + name.size();
    const auto [end, problem] = std::from_chars(name.data() + start.size(), last, process);
    const bool ours = problem == std::errc() && (end == last || std::string_view(end, last) == ".replicates");
    if (ours && kill(static_cast<pid_t>(process), 0) != 0 && errno == ESRCH) {
      remains.push_back(entry.path());
    }
  }
  for (const fs::path& path : remains) fs::remove_all(path, ignored);
}

/// A folder beside the target, to be filled; removed unless it has taken the target's place.
class Folder {
 public:
  explicit Folder(const fs::path& target) : path_(beside(target, getpid())) {
    std::error_code failed;
    fs::remove_all(path_, failed);
    failed.clear();
    fs::create_directories(path_.parent_path(), failed);
    if (!failed) fs::create_directory(path_, failed);
    if (!failed) fs::create_directory(path_ / "figures", failed);
    if (failed) refuse(target, failed.message(), "name a folder you may write to with --out");
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  const fs::path& path() const { return path_; }

  /// New in, old away, in one step of the system: at no moment is there half of either, or neither.
  void take_place_of(const fs::path& target) {
    if (renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target.c_str(), RENAME_EXCHANGE) == 0) return;  // ~Folder: the old
    if (errno == ENOENT && rename(path_.c_str(), target.c_str()) == 0) return;
    if (errno == EINVAL || errno == ENOSYS) {  // a file system that can't exchange: two steps, the old one kept aside
      const fs::path old = path_.string() + ".old";
      if (rename(target.c_str(), old.c_str()) == 0) {
        if (rename(path_.c_str(), target.c_str()) == 0) {
          std::error_code ignored;
          fs::remove_all(old, ignored);
          return;
        }
        const int problem = errno;
        if (rename(old.c_str(), target.c_str()) != 0)
          refuse(target, "the old results are in " + old.string(), another_folder);
        errno = problem;
      }
    }
    refuse(target, std::strerror(errno), another_folder);
  }

 private:
  fs::path path_;
};

/// The folder as an absolute path with a name; throws where something else stands there.
fs::path usable_target(const std::string& directory) {
  std::error_code failed;
  fs::path target = fs::weakly_canonical(fs::absolute(directory), failed);
  if (failed) refuse(directory, failed.message(), another_folder);
  if (!target.has_filename()) target = target.parent_path();
  if (!target.has_filename()) refuse(target, "it is the root of the system", another_folder);
  const fs::path here = fs::current_path(failed);
  if (!failed && !here.lexically_relative(target).empty() && *here.lexically_relative(target).begin() != "..")
    refuse(target, "you are in it, and would be left in a folder that is gone",
           "the folder is replaced as a whole: name one inside it or beside it with --out");
  check_target(target);
  return target;
}

}  // namespace

std::string check_results_place(const std::string& directory) {
  const fs::path target = usable_target(directory);
  const Folder trial(target);
  return target.string();
}

void check_results_are_of(const std::string& directory, const std::string& file) {
  const auto manifest = nlohmann::json::parse(read_file(fs::path(directory) / "manifest.json"), nullptr, false);
  if (!manifest.is_object() || !manifest.contains("file") || !manifest["file"].is_string()) return;
  const std::string made_from = manifest["file"].get<std::string>(), name = fs::path(file).filename().string();
  if (made_from == name) return;
  refuse(directory, fmt::format("it holds the results of {}, and this is {}", made_from, name),
         "give it a name of its own (name = ... in [experiment]), or name another folder with --out");
}

Written write_results(const ReportInput& input, const std::string& directory, const RenderTools& tools,
                      const std::vector<MadeFile>& made) {
  const fs::path target = usable_target(directory);
  remove_remains(target);
  Folder folder(target);

  Written written;
  const auto put = [&](const std::string& name, std::string_view text) {
    if (text.empty()) return;
    write_file(folder.path(), name, text);
    written.files.push_back(name);
  };
  for (const MadeFile& file : made) {
    if (rename(file.path.c_str(), (folder.path() / file.name).c_str()) != 0)
      refuse(target, fmt::format("{}: {}", file.name, std::strerror(errno)), another_folder);
    written.files.push_back(file.name);
  }
  for (const NamedText& table : csv_files(input)) put(table.name, table.text);
  put("request.md", request_markdown(input));
  PagePictures pictures;
  pictures.figures = figures(input);
  for (Figure& figure : pictures.figures)
    figure.spec = figure::with_line_below(figure.spec, figure::source_line(input));
  std::vector<std::string> names;
  for (const Figure& figure : pictures.figures) {
    put("figures/" + figure.name + ".vl.json", figure.spec);
    put("figures/" + figure.name + ".csv", figure.csv);
    names.push_back(figure.name);
  }
  const Drawn drawn = draw_figures(names, folder.path().string(), tools);
  written.not_made = drawn.not_made;
  for (const std::string& name : names) {
    const std::string svg = "figures/" + name + ".svg";
    if (std::find(drawn.files.begin(), drawn.files.end(), svg) != drawn.files.end()) {
      pictures.svg[name] = read_file(folder.path() / svg);
    }
  }
  if (!tools.page_bundle.empty() && pictures.svg.size() < names.size())
    pictures.page_bundle = read_file(tools.page_bundle);
  put("report.html", report_page(input, pictures));

  written.files.push_back("manifest.json");
  std::sort(written.files.begin(), written.files.end());
  write_file(folder.path(), "manifest.json", manifest_json(input, written.files, drawn.files, written.not_made));
  written.files.insert(written.files.end(), drawn.files.begin(), drawn.files.end());
  std::sort(written.files.begin(), written.files.end());
  std::error_code failed;
  if (names.empty()) fs::remove(folder.path() / "figures", failed);
  folder.take_place_of(target);
  return written;
}

}  // namespace desist
