// The outer layer of a delimited text: its bytes, encoding, line ends, the mark between cells, and records of cells.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/large_array.hpp"

namespace desist {

/// The bytes of a file, read whole. Throws Failure(usage) with a message where the path is no file that can be read.
class FileBytes {
 public:
  explicit FileBytes(const std::string& path);
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  LargeVector<char> bytes_;
  std::size_t size_ = 0;
};

enum class Encoding { utf_8, utf_8_with_mark, windows_1252 };

/// UTF-8 (RFC 3629) where every byte fits it, else Windows-1252: what Excel writes as "CSV" in Britain.
/// In Windows-1252 text the bytes of "£" or "é" stand alone, which UTF-8 never allows. Verified by: csv_file_test.
Encoding encoding_of(std::string_view text);

/// Windows-1252 as UTF-8 (WHATWG Encoding Standard, index windows-1252), or nothing for the five bytes without a
/// character (81, 8D, 8F, 90, 9D).
std::optional<std::string> from_windows_1252(std::string_view bytes);

/// One cell as it stands: without its quotes; `doubled` where quotes inside are still written twice.
struct CsvCell {
  std::string_view text;
  bool quoted = false;
  bool doubled = false;
};

/// Where a record stands: its bytes, and the line of the first of them, from 1.
struct CsvRecord {
  std::string_view source;
  int line = 0;
};

/// The text of a quoted cell with its doubled quotes made single.
std::string undoubled(std::string_view text);

/// Goes through the records of a delimited text (RFC 4180; any delimiter; lines end with LF, CR LF or CR).
///
/// A quote opens a cell only as its first character. Lines without a character are passed over and counted. A text
/// that goes on after a closing quote and a quote that is never closed are flagged and read on: the caller complains.
class CsvRecords {
 public:
  /// `line_end` is '\r' only in texts without '\n'; `lines_before` were taken off the text.
  CsvRecords(std::string_view text, char delimiter, char line_end, int lines_before = 0)
      : at_(text.data()),
        end_(text.data() + text.size()),
        lines_done_(lines_before),
        delimiter_(delimiter),
        line_end_(line_end) {}

  /// The cells of the next record, which live as long as the text; false at the end.
  bool next(std::vector<CsvCell>& cells);

  CsvRecord record() const { return {{record_, static_cast<std::size_t>(at_ - record_)}, line_}; }
  std::size_t blank_lines() const { return blank_lines_; }
  const char* text_after_quote() const { return after_quote_; }  // in this record, or null
  const char* unclosed_quote() const { return unclosed_; }       // in this record, or null

 private:
  CsvCell quoted_cell();

  const char* at_;
  const char* end_;
  const char* record_ = nullptr;
  const char* after_quote_ = nullptr;
  const char* unclosed_ = nullptr;
  std::size_t blank_lines_ = 0;
  int line_ = 0;
  int lines_done_ = 0;
  char delimiter_;
  char line_end_;
};

/// How a text is divided, found in its first rows.
struct Division {
  char delimiter = ',';
  std::vector<char> others;    // that divide these rows as evenly: the choice is not clear
  std::size_t begin = 0;       // of the header: after a byte order mark and Excel's line "sep=;"
  bool named_in_file = false;  // by "sep=;"
  char line_end = '\n';
};

/// The mark among comma, semicolon and tab that gives every sampled row as many cells as the header, at least two.
/// Of several, the one under which `names` are found in the header; else the first is taken and the others are named.
/// Where none divides evenly, the one that gives the header most cells.
Division division_of(std::string_view text, const std::vector<std::string>& names);

}  // namespace desist
