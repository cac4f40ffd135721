#include "engine/program/people_reading.hpp"

#include <algorithm>

#include "engine/core/text.hpp"
#include "engine/data/people.hpp"

namespace desist {

const DeclaredColumn* DeclaredFile::find(const std::string& name) const {
  for (const DeclaredColumn& column : declaration.columns)
    if (column.name == name) return &column;
  return nullptr;
}

std::string DeclaredFile::called(const std::string& name) const {
  const auto label = labels.find(name);
  return label == labels.end() ? name : label->second;
}

const Node* PeopleReading::table_of(std::string_view name, const std::string& cure) const {
  const Member* member = r.root.find(name);
  if (!member) return nullptr;
  if (member->value.kind == Node::Kind::table) return &member->value;
  r.problem(member->where, fmt::format("'{}' is not a table", name), "", cure);
  return nullptr;
}

void PeopleReading::declare(DeclaredFile& file, const Node& columns, const std::string& shown) {
  file.shown = fmt::format("[{}]", shown);
  file.table = &columns;
  each_named(columns, "columns", shown, [&](const Member& member) {
    const Node& table = member.value;
    DeclaredColumn column;
    column.name = member.name;
    const std::string type = Reading::text_at(table, "type");
    column.type = type == "number"         ? ColumnType::number
                  : type == "whole number" ? ColumnType::integer
                  : type == "yes or no"    ? ColumnType::yes_no
                  : type == "category"     ? ColumnType::category
                  : type == "text"         ? ColumnType::text
                                           : ColumnType::date;
    if (type == "UK date") column.date_form = DateForm::uk;
    column.levels = Reading::texts_at(table, "levels");
    if (!column.levels.empty() && column.type != ColumnType::category)
      r.problem(table.at("levels")->where, fmt::format("'{}' is no category", member.name), "it has no levels",
                "write type = \"category\", or take levels out");
    column.missing = Reading::texts_at(table, "missing");
    column.unit = Reading::text_at(table, "unit");
    const auto flag = [&](std::string_view key) {
      const Node* node = table.at(key);
      return node && node->truth;
    };
    column.decimal_comma = flag("decimal_comma");
    column.required = flag("required");
    if (const std::string label = Reading::text_at(table, "label"); !label.empty()) file.labels[member.name] = label;
    for (const char* end : {"from", "to"})
      if (const Node* node = table.at(end)) (end[0] == 'f' ? file.least : file.most)[member.name] = node->number;
    file.declaration.columns.push_back(std::move(column));
  });
}

bool PeopleReading::known_column(const Node& table, std::string_view key, const DeclaredFile& in,
                                 std::string_view type) const {
  bool known = true;
  for (const std::string& name : Reading::texts_at(table, key)) {
    if (in.find(name) != nullptr) continue;
    known = false;
    std::vector<std::string> names;
    for (const DeclaredColumn& column : in.declaration.columns) names.push_back(column.name);
    const auto near = did_you_mean(name, names);
    r.problem(table.at(key)->where, fmt::format("no column '{}' is declared", name),
              fmt::format("every column that is used has a line in {}", in.shown),
              near ? fmt::format("did you mean '{}'?", *near)
                   : fmt::format("add below {}: {} = {{ type = \"{}\" }}", in.shown, name, type));
  }
  return known;
}

std::optional<DataFile> PeopleReading::read(const Node& table, DeclaredFile& file) {
  for (const std::string& text : Reading::texts_at(table, "missing"))
    for (DeclaredColumn& column : file.declaration.columns) column.missing.push_back(text);
  const std::string delimiter = Reading::text_at(table, "delimiter");
  if (!delimiter.empty())
    file.declaration.delimiter = delimiter == "comma" ? ',' : delimiter == "semicolon" ? ';' : '\t';
  if (!r.found.empty()) return std::nullopt;
  const std::string path = path_beside(r, Reading::text_at(table, "file"));
  try {
    const FileBytes bytes(path);
    spec.add_to_digest(bytes.text());
    DataFile read = read_data(bytes.text(), path, file.declaration);
    const Diagnostics wrong = diagnostics(path, read.problems);
    for (const Diagnostic& each : wrong.all()) r.found.add(each);
    if (r.found.empty()) return read;
  } catch (const Failure& failure) {
    r.problem(table.at("file")->where, "the data can't be read", failure.what(),
              "name a CSV file, its path seen from this one: file = \"data/people.csv\"");
  }
  return std::nullopt;
}

void PeopleReading::check_rows(const DataFile& file, const DeclaredFile& declared, const std::string& person) const {
  PeopleRules rules;
  if (!person.empty()) rules.person = person;
  for (const DeclaredColumn& column : declared.declaration.columns) {
    const auto least = declared.least.find(column.name), most = declared.most.find(column.name);
    if (least == declared.least.end() && most == declared.most.end()) continue;
    const bool numbers = column.type == ColumnType::number || column.type == ColumnType::integer;
    if (!numbers) {
      r.problem(declared.table->find(column.name)->where, fmt::format("'{}' holds no numbers", column.name),
                "from and to are for numbers", "take them out");
      continue;
    }
    PeopleRules::Range range{column.name, std::nullopt, std::nullopt};
    if (least != declared.least.end()) range.low = least->second;
    if (most != declared.most.end()) range.high = most->second;
    rules.ranges.push_back(std::move(range));
  }
  if (!r.found.empty()) return;
  const std::vector<DataProblem> problems = check_people(file, rules);
  const Diagnostics wrong = diagnostics(file.shown_as, problems);
  for (const Diagnostic& each : wrong.all()) r.found.add(each);
}

}  // namespace desist
