#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <sys/stat.h>

#include "engine/program/document.hpp"

namespace desist {
namespace {

constexpr std::uintmax_t most_bytes = 1u << 20;  // a long experiment is 40 kB

[[noreturn]] void refuse(ExitCode code, const std::string& path, const std::string& problem, const std::string& cure) {
  Diagnostic diagnostic{std::make_shared<SourceFile>(SourceFile{path, ""}), {}, problem, "", cure, {}};
  throw Failure(code, diagnostic.rendered());
}

[[noreturn]] void refuse_at(std::shared_ptr<const SourceFile> file, std::size_t byte, const std::string& problem,
                            const std::string& cure) {
  const std::string_view before = std::string_view(file->text).substr(0, byte);
  SourceSpan where;
  where.line = 1;
  for (const char letter : before) {
    const bool line_end = letter == '\n';
    where.line += line_end ? 1 : 0;
    if (line_end)
      where.column = 1;
    else if ((static_cast<unsigned char>(letter) & 0xC0) != 0x80)
      ++where.column;
  }
  Diagnostic diagnostic{std::move(file), where, problem, "", cure, {}};
  throw Failure(ExitCode::invalid_experiment, diagnostic.rendered());
}

// The byte at which a text stops being UTF-8 (RFC 3629), or npos.
std::size_t first_bad_byte(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned>(static_cast<unsigned char>(text[k])); };
    const unsigned lead = byte(i);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead >= 0x80 && (lead < 0xC2 || lead > 0xF4)) return i;
    if (i + length > text.size()) return i;
    unsigned code = length == 1 ? lead : lead & (0x7Fu >> length);
    for (std::size_t k = 1; k < length; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return i;
      code = (code << 6) | (byte(i + k) & 0x3F);
    }
    const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    if (overlong || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return i;
    i += length;
  }
  return std::string_view::npos;
}

bool is_there(const std::string& path) {
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

/// The name of an experiment is not yet its file: "marac-backlog" for experiments/marac-backlog.toml.
std::string cure_of_missing(const std::string& path) {
  const std::string file = path.ends_with(".toml") ? path : path + ".toml";
  for (const std::string& near : {file, "experiments/" + file})
    if (near != path && is_there(near)) return fmt::format("did you mean '{}'?", near);
  return "`desist list experiments` names those that are shipped";
}

}  // namespace

void refuse_what_is_no_text(const std::shared_ptr<const SourceFile>& file) {
  const std::string_view text = file->text;
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    refuse(ExitCode::invalid_experiment, file->shown_as, "is UTF-16, not UTF-8",
           "save it again from the editor with the encoding UTF-8");
  if (const std::size_t nothing = text.find('\0'); nothing != std::string_view::npos)
    refuse(ExitCode::invalid_experiment, file->shown_as, "is a binary file, not a text",
           "an experiment is a plain text file");
  if (const std::size_t bad = first_bad_byte(text); bad != std::string_view::npos)
    refuse_at(file, bad, "a byte that is not UTF-8", "save the file again from the editor with the encoding UTF-8");
  if (text.find_first_not_of(" \t\r\n\xEF\xBB\xBF") == std::string_view::npos)
    refuse(ExitCode::invalid_experiment, file->shown_as, "is empty",
           "`desist new conference` or `desist new study` prints one to begin with");
}

std::shared_ptr<const SourceFile> load_text(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    const int reason = errno;
    if (reason == ENOENT) refuse(ExitCode::usage, path, "no such file", cure_of_missing(path));
    refuse(ExitCode::usage, path, fmt::format("can't be read: {}", std::strerror(reason)), "");
  }
  if (S_ISDIR(facts.st_mode))
    refuse(ExitCode::usage, path, "is a directory, not an experiment file", "name one of the .toml files in it");
  if (!S_ISREG(facts.st_mode))
    refuse(ExitCode::usage, path, "is a pipe or a device, not a file",
           "save the experiment as a .toml file and name that");
  if (static_cast<std::uintmax_t>(facts.st_size) > most_bytes)
    refuse(ExitCode::invalid_experiment, path,
           fmt::format("is too large for an experiment: {} MB, and 1 MB is the most",
                       (static_cast<std::uintmax_t>(facts.st_size) + (1u << 20) - 1) >> 20),
           "an experiment is a short text; data belong in files of their own");

  std::ifstream stream(path, std::ios::binary);
  if (!stream) refuse(ExitCode::usage, path, fmt::format("can't be read: {}", std::strerror(errno)), "");
  auto file = std::make_shared<SourceFile>();
  file->shown_as = path;
  file->text.resize(most_bytes + 1);  // it may have grown since it was looked at
  stream.read(file->text.data(), static_cast<std::streamsize>(file->text.size()));
  if (stream.bad()) refuse(ExitCode::usage, path, "can't be read to its end", "");
  file->text.resize(static_cast<std::size_t>(stream.gcount()));
  if (file->text.size() > most_bytes)
    refuse(ExitCode::invalid_experiment, path, "is too large for an experiment: 1 MB is the most", "");

  refuse_what_is_no_text(file);
  return file;
}

}  // namespace desist
