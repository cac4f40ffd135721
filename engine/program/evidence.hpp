// The rows of experiments/evidence/*.csv that experiments name as the source of their figures.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/diagnostics.hpp"
#include "engine/program/printed_figure.hpp"
#include "engine/report/report_input.hpp"

namespace desist {

/// One row with what a figure is held against.
struct EvidenceRecord {
  EvidenceRow row;
  std::vector<std::string> values;  // the value column, or value, low and high
};

/// All rows of a directory's CSV files.
class EvidenceLibrary {
 public:
  /// Adds every *.csv of a directory in order of name, if it is there; `documents.csv` gives titles for file names.
  /// A directory that was added before prevails. Ids given twice, missing columns and malformed files are noted.
  /// Verified by: reader_errors_test.
  void add_directory(const std::string& directory, Diagnostics& found);

  const EvidenceRecord* find(const std::string& id) const;
  const std::vector<std::string>& ids() const { return ids_; }
  /// The folders that were added, in order: tables of money lie in them too.
  const std::vector<std::string>& directories() const { return directories_; }

 private:
  struct File;  // a table, and where its columns are
  struct Row {
    const File* file = nullptr;
    std::size_t row = 0;
  };
  void add_titles(const std::string& path, Diagnostics& found);
  void add_file(const std::string& path, Diagnostics& found);

  std::vector<std::shared_ptr<const File>> files_;
  std::map<std::string, Row, std::less<>> rows_;
  mutable std::map<std::string, EvidenceRecord> records_;  // of rows that were asked for
  std::map<std::string, std::string, std::less<>> titles_;
  std::vector<std::string> ids_;
  std::vector<std::string> directories_;
};

/// The numbers of a text as printed, without signs of money, thousands commas and percent: "49 of 253" -> 49, 253.
std::vector<std::string> numbers_in(std::string_view text);

enum class Stands { no, in_another_unit, yes };

/// Whether an amount of a figure stands in a row: among the amounts of its verbatim text or as its value, with its
/// sign, its "million" and its "%"; and whether the row's unit counts the same time, or by the same time, as the
/// figure. Verified by: reader_errors_test.
Stands stands_in(const EvidenceRecord& record, const PrintedFigure& figure, const PrintedAmount& amount);

}  // namespace desist
