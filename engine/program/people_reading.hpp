// What the parts of the reader of people's studies share: the study so far, and files with declared columns.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/data/csv_file.hpp"
#include "engine/estimation/event_outcomes.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// A data file as the experiment declares it.
struct DeclaredFile {
  std::string shown;            // where its columns are declared: "[columns]"
  const Node* table = nullptr;  // that table
  FileDeclaration declaration;
  std::map<std::string, std::string> labels;
  std::map<std::string, double> least, most;

  const DeclaredColumn* find(const std::string& name) const;
  /// What a column is called: its label, else its name.
  std::string called(const std::string& name) const;
};

struct PeopleReading {
  Reading& r;
  ExperimentSpec& spec;
  PersonStudy study;
  DeclaredFile people;
  bool has_events = false;  // the file has a section [events], sound or not

  /// Tables of a section with names of its own, each checked. `table` holds them and `shown` is what it is called.
  template <class Each>
  void each_named(const Node& table, std::string_view section_name, const std::string& shown, const Each& each) {
    for (const Member& one : table.members) {
      if (r.misplaced(one, table, fmt::format("[{}]", shown))) continue;
      if (one.value.kind != Node::Kind::table) {
        r.problem(one.where, fmt::format("'{}' is {}, not a table", one.name, in_words(one.value.kind)), "",
                  fmt::format("write {} = {{ ... }}", one.name));
        continue;
      }
      if (r.check(one.value, section(section_name), fmt::format("[{}.{}]", shown, one.name))) each(one);
    }
  }

  /// The table of a section, if the file has it; what is no table is reported with what to write.
  const Node* table_of(std::string_view name, const std::string& cure) const;

  /// Reads the columns of a file from the table that declares them.
  void declare(DeclaredFile& file, const Node& table, const std::string& shown);
  /// Whether the columns that a key names are declared; a key that is absent passes. `type`: of such a column.
  bool known_column(const Node& table, std::string_view key, const DeclaredFile& in,
                    std::string_view type = "number") const;
  /// Reads the file that `table` names in its key `file`; what is wrong with it is reported.
  std::optional<DataFile> read(const Node& table, DeclaredFile& file);
  /// Values outside the ranges that the columns are given, and people who stand twice where `person` is a column.
  void check_rows(const DataFile& file, const DeclaredFile& declared, const std::string& person) const;
};

// The parts, in the order in which they are read.
void read_people_events(PeopleReading& reading, EventFiles& files);  // [events], [custody]
void read_people_outcomes(PeopleReading& reading, const EventFiles& files);
void read_people_results(PeopleReading& reading, const Catalogue& catalogue, const std::string& evidence_directory);
void read_people_analyses(PeopleReading& reading);
void read_funnel(PeopleReading& reading);  // [funnel]

}  // namespace desist
