#include "tests/coverage/result_table.hpp"

#include <fmt/format.h>

namespace desist::coverage {

namespace {

/// The cells of a markdown row: "| a | b |".
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells;
  while (line.starts_with("| ")) {
    const std::size_t end = line.find(" |", 2);
    if (end == std::string_view::npos) break;
    cells.emplace_back(line.substr(2, end - 2));
    line.remove_prefix(end + 1);
  }
  return cells;
}

std::string row_text(const std::string& first, const std::vector<std::string>& others) {
  std::string text = "| " + first + " |";
  for (const std::string& each : others) text += " " + each + " |";
  return text + "\n";
}

}  // namespace

std::string markdown(const ResultTable& table) {
  std::string text = fmt::format("### {}\n\n{}\n\n", table.name, table.words);
  text += row_text(table.first, table.columns) + "|---|";
  for (std::size_t i = 0; i < table.columns.size(); ++i) text += "--:|";
  text += "\n";
  for (const ResultTable::Row& row : table.rows) text += row_text(row.name, row.cells);
  return text;
}

std::optional<std::string> cell_on_page(std::string_view page, const ResultTable& table, std::string_view row,
                                        std::string_view column) {
  const std::size_t heading = page.find(fmt::format("### {}\n", table.name));
  if (heading == std::string_view::npos) return std::nullopt;
  page.remove_prefix(heading + 4);
  page = page.substr(0, page.find("\n#"));
  std::vector<std::string> columns;
  while (!page.empty()) {
    const std::size_t end = page.find('\n');
    const std::vector<std::string> cells = cells_of(page.substr(0, end));
    page.remove_prefix(end == std::string_view::npos ? page.size() : end + 1);
    if (columns.empty()) columns = cells;
    if (cells.empty() || cells[0] != row) continue;
    for (std::size_t i = 0; i < columns.size() && i < cells.size(); ++i) {
      if (columns[i] == column) return cells[i];
    }
  }
  return std::nullopt;
}

}  // namespace desist::coverage
