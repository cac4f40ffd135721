#include "engine/data/csv_text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/core/diagnostics.hpp"

namespace desist {
namespace {

constexpr std::size_t most_piped = std::size_t{4} << 30;  // bytes of what is no regular file: a device may never end
constexpr std::size_t sampled_rows = 100;                 // of a text whose delimiter is looked for
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

[[noreturn]] void refuse(const std::string& path, const std::string& problem) {
  throw Failure(ExitCode::usage,
                Diagnostic{std::make_shared<SourceFile>(SourceFile{path, "", 1}), {}, problem, "", "", {}}.rendered());
}

class OpenFile {
 public:
  explicit OpenFile(const std::string& path) : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Bytes of the UTF-8 character at the front of a text, or 0 (RFC 3629, table of section 4).
std::size_t utf_8_length(const char* at, const char* end) {
  const auto byte = [at](int i) { return static_cast<unsigned char>(at[i]); };
  const unsigned lead = byte(0);
  if (lead < 0x80) return 1;
  const int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || end - at < length) return 0;
  for (int i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned second = byte(1);
  const bool outside = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                       (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return outside ? 0 : static_cast<std::size_t>(length);
}

bool is_utf_8(std::string_view text) {
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at < end) {
    for (std::uint64_t eight = 0; end - at >= 8; at += 8) {  // eight ASCII characters at once
      std::memcpy(&eight, at, 8);
      if (eight & 0x8080808080808080ULL) break;
    }
    if (at == end) break;
    const std::size_t length = utf_8_length(at, end);
    if (length == 0) return false;
    at += length;
  }
  return true;
}

// The characters of bytes 80 to 9F; 0: none.
constexpr std::array<std::uint16_t, 32> windows_1252_high = {
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

struct Fit {
  std::size_t header_cells = 0;
  bool even = false;   // at least two cells in the header, and as many in each sampled row
  bool named = false;  // all wanted names are in the header
};

Fit fit_of(std::string_view text, char delimiter, char line_end, const std::vector<std::string>& names) {
  CsvRecords records(text, delimiter, line_end);
  std::vector<CsvCell> cells;
  Fit fit;
  if (!records.next(cells)) return fit;
  fit.header_cells = cells.size();
  fit.named = !names.empty() && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
    return std::any_of(cells.begin(), cells.end(), [&](const CsvCell& cell) { return cell.text == name; });
  });
  fit.even = cells.size() > 1;
  for (std::size_t row = 0; row < sampled_rows && fit.even && records.next(cells); ++row)
    fit.even = cells.size() == fit.header_cells || records.unclosed_quote() != nullptr;
  return fit;
}

}  // namespace

FileBytes::FileBytes(const std::string& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0)
    refuse(path, errno == ENOENT ? "no such file" : fmt::format("can't be read: {}", std::strerror(errno)));
  if (S_ISDIR(facts.st_mode)) refuse(path, "is a folder, not a file");
  const OpenFile file(path);
  if (file.descriptor() < 0) refuse(path, fmt::format("can't be read: {}", std::strerror(errno)));
  std::size_t room = S_ISREG(facts.st_mode) ? static_cast<std::size_t>(facts.st_size) + 1 : std::size_t{1} << 20;
  bytes_.resize(room);
  for (;;) {
    const ssize_t got = ::read(file.descriptor(), bytes_.data() + size_, room - size_);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) refuse(path, fmt::format("can't be read: {}", std::strerror(errno)));
    if (got == 0) return;
    size_ += static_cast<std::size_t>(got);
    if (size_ < room) continue;
    if (size_ > most_piped && !S_ISREG(facts.st_mode)) refuse(path, "does not end within 4 GB");
    room *= 2;
    bytes_.resize(room);
  }
}

Encoding encoding_of(std::string_view text) {
  if (!is_utf_8(text)) return Encoding::windows_1252;
  return text.starts_with(byte_order_mark) ? Encoding::utf_8_with_mark : Encoding::utf_8;
}

std::optional<std::string> from_windows_1252(std::string_view bytes) {
  std::string text;
  for (const char each : bytes) {
    const unsigned byte = static_cast<unsigned char>(each);
    const unsigned code = byte >= 0x80 && byte < 0xA0 ? windows_1252_high[byte - 0x80] : byte;
    if (code == 0 && byte != 0) return std::nullopt;
    if (code < 0x80) {
      text += each;
    } else if (code < 0x800) {
      text += static_cast<char>(0xC0 | (code >> 6));
      text += static_cast<char>(0x80 | (code & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | (code >> 12));
      text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
      text += static_cast<char>(0x80 | (code & 0x3F));
    }
  }
  return text;
}

std::string undoubled(std::string_view text) {
  std::string single;
  for (std::size_t i = 0; i < text.size(); ++i) {
    single += text[i];
    if (text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') ++i;
  }
  return single;
}

// The cell whose opening quote is at `at_`; leaves `at_` at what ends the cell.
CsvCell CsvRecords::quoted_cell() {
  const char* const opening = at_++;
  CsvCell cell;
  cell.quoted = true;
  for (;;) {
    const void* found = at_ < end_ ? std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)) : nullptr;
    if (found == nullptr) {
      unclosed_ = opening;
      at_ = end_;
      cell.text = {opening + 1, static_cast<std::size_t>(end_ - opening - 1)};
      return cell;
    }
    at_ = static_cast<const char*>(found) + 1;
    if (at_ == end_ || *at_ != '"') break;
    cell.doubled = true;
    ++at_;
  }
  cell.text = {opening + 1, static_cast<std::size_t>(at_ - opening - 2)};
  lines_done_ += static_cast<int>(std::count(cell.text.begin(), cell.text.end(), line_end_));
  const char* const closed = at_;
  while (at_ < end_ && *at_ != delimiter_ && *at_ != line_end_) ++at_;
  const std::string_view rest(closed, static_cast<std::size_t>(at_ - closed));
  if (rest.find_first_not_of(delimiter_ == '\t' ? " \r" : " \t\r") != std::string_view::npos && after_quote_ == nullptr)
    after_quote_ = closed;
  return cell;
}

bool CsvRecords::next(std::vector<CsvCell>& cells) {
  while (at_ < end_ && (*at_ == line_end_ || (*at_ == '\r' && at_ + 1 < end_ && at_[1] == line_end_))) {
    at_ += *at_ == line_end_ ? 1 : 2;
    ++lines_done_;
    ++blank_lines_;
  }
  if (at_ >= end_) return false;
  cells.clear();
  record_ = at_;
  after_quote_ = unclosed_ = nullptr;
  line_ = lines_done_ + 1;
  const char delimiter = delimiter_, line_end = line_end_;
  for (;;) {
    if (at_ < end_ && *at_ == '"') {
      cells.push_back(quoted_cell());
    } else {
      const char* const begin = at_;
      const char* at = at_;
      while (at < end_ && *at != delimiter && *at != line_end) ++at;
      at_ = at;
      cells.push_back({{begin, static_cast<std::size_t>(at - begin)}, false, false});
    }
    if (at_ < end_ && *at_ == delimiter) {
      ++at_;
      continue;
    }
    CsvCell& last = cells.back();
    if (!last.quoted && line_end == '\n' && last.text.ends_with('\r')) last.text.remove_suffix(1);
    ++lines_done_;
    if (at_ < end_) ++at_;
    return true;
  }
}

Division division_of(std::string_view text, const std::vector<std::string>& names) {
  Division division;
  if (text.starts_with(byte_order_mark)) division.begin = byte_order_mark.size();
  if (text.find('\n') == std::string_view::npos && text.find('\r') != std::string_view::npos) division.line_end = '\r';
  const std::string_view body = text.substr(division.begin);
  if (body.size() > 5 && body.starts_with("sep=")) {  // Excel's own line; the mark it names is anything
    const std::size_t end = body.find(division.line_end);
    const std::size_t length = std::min(end, body.size());
    if (length == 5 || (length == 6 && body[5] == '\r')) {
      division.delimiter = body[4];
      division.named_in_file = true;
      division.begin += std::min(length + 1, body.size());
      return division;
    }
  }
  std::optional<Fit> best;
  for (const char candidate : {',', ';', '\t'}) {
    const Fit fit = fit_of(body, candidate, division.line_end, names);
    const auto rank = [](const Fit& f) { return (f.named ? 2 : 0) + (f.even ? 1 : 0); };
    const bool equal = best && rank(fit) == rank(*best) && fit.even;
    if (equal) {
      division.others.push_back(candidate);
    } else if (!best || rank(fit) > rank(*best) ||
               (rank(fit) == rank(*best) && fit.header_cells > best->header_cells)) {
      best = fit;
      division.delimiter = candidate;
      division.others.clear();
    }
  }
  return division;
}

}  // namespace desist
