// What a file was read as, in sentences.
#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/csv_file.hpp"
#include "engine/data/csv_header.hpp"

namespace desist {

std::vector<std::string> in_words(const DataFile& file) {
  const DetectedForm& form = file.detected;
  std::vector<std::string> lines;
  lines.push_back(fmt::format("cells are divided by {}{}", delimiter_words(form.delimiter),
                              form.delimiter_named_in_file ? ", as the file's first line says" : ""));
  if (form.encoding == Encoding::windows_1252) lines.push_back("the text is Windows-1252: it is not UTF-8");
  if (form.encoding == Encoding::utf_8_with_mark) lines.push_back("the text is UTF-8 with a byte order mark");
  if (form.line_end == '\r') lines.push_back("lines end with a carriage return, as on an old Macintosh");
  const auto counted = [](std::size_t n, std::string_view noun) {
    return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
  };
  if (form.blank_lines > 0) lines.push_back(counted(form.blank_lines, "blank line") + " passed over");
  if (form.empty_rows > 0) lines.push_back(counted(form.empty_rows, "row") + " of empty cells left out");
  if (!form.not_declared.empty()) lines.push_back(fmt::format("not used: {}", listed(form.not_declared)));
  for (const DataColumn& column : file.columns) {
    if (column.made) continue;
    if (column.quoted_thousands > 0)
      lines.push_back(fmt::format("'{}' has {} in quotes with commas between thousands", column.declared.name,
                                  counted(column.quoted_thousands, "number")));
    if (column.midnights > 0)
      lines.push_back(fmt::format("'{}' has {} with the time 00:00, which was left off", column.declared.name,
                                  counted(column.midnights, "date")));
    if (column.missing_count > 0)
      lines.push_back(fmt::format("'{}' is missing in {} of {}", column.declared.name, column.missing_count,
                                  counted(file.rows, "row")));
  }
  return lines;
}

}  // namespace desist
