// Small helpers for HTML text: everything that comes from a file is escaped here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace desist::html {

/// Text as it may stand between tags and in attributes: & < > " ' escaped, other control characters left out.
/// Verified by: report_test
std::string escaped(std::string_view text);

/// <tag class="...">escaped text</tag>; nothing for an empty text.
std::string element(std::string_view tag, std::string_view text, std::string_view css_class = "");

/// A cell of a table: its text, escaped or already HTML, and whether it is a number (set to the right).
struct TableCell {
  std::string html;
  bool numeric = false;
};
TableCell words(std::string_view text);
TableCell number(std::string_view text);

/// A table with a caption and a header row; the first cell of each row is its header. Wide ones scroll sideways.
std::string table(std::string_view caption, const std::vector<std::string>& headers,
                  const std::vector<std::vector<TableCell>>& rows);

/// Text that may stand in a <script> of data: with "</" and "<!--" broken up.
std::string script_json(std::string_view json);

}  // namespace desist::html
