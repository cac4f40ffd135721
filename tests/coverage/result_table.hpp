// A table of results as docs/methods.md holds it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace desist::coverage {

struct ResultTable {
  struct Row {
    std::string name;
    std::vector<std::string> cells;
  };
  std::string name;   // its heading
  std::string words;  // what its numbers are
  std::string first;  // heading of the names
  std::vector<std::string> columns;
  std::vector<Row> rows;
};

std::string markdown(const ResultTable& table);

/// The cell of a table on a page; empty if the page has no such table, row or column.
std::optional<std::string> cell_on_page(std::string_view page, const ResultTable& table, std::string_view row,
                                        std::string_view column);

}  // namespace desist::coverage
