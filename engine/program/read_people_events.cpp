// [events] and [custody]: people's offences and their spells in custody, in files of their own.
#include <algorithm>

#include "engine/core/text.hpp"
#include "engine/program/people_reading.hpp"

namespace desist {
namespace {

class EventReader {
 public:
  EventReader(PeopleReading& all, EventFiles& files) : all_(all), r_(all.r), files_(files) {}

  void read() {
    const Node* events = section_of("events");
    const Node* custody = section_of("custody");
    if (custody && !all_.has_events)
      r_.problem(r_.root.find("custody")->where, "[custody] without [events]",
                 "days in custody only matter to when offences could be committed", "add [events], or take it out");
    if (!events) return;
    if (!r_.root.find("data"))
      return r_.problem(r_.root.find("events")->where, "[events] without [data]", "events are of people",
                        "add [data] with file, id, index and followed_until");
    DeclaredFile offences, spells;
    const bool sound = declared(*events, "events", offences);
    files_.person = named(*events, "id", offences);
    files_.committed = date(*events, "committed", offences, true);
    files_.convicted = date(*events, "convicted", offences, false);
    files_.harm = harm(*events, offences);
    const bool sound_too = !custody || declared(*custody, "custody", spells);
    if (custody) {
      files_.custody_person = named(*custody, "id", spells);
      files_.from = date(*custody, "from", spells, true);
      files_.to = date(*custody, "to", spells, false);
    }
    if (!sound || !sound_too) return;
    if (auto read = file(*events, offences, files_.person)) files_.offences = std::move(*read);
    if (custody) files_.custody = file(*custody, spells, files_.custody_person);
  }

 private:
  const Node* section_of(const std::string& name) {
    return all_.table_of(name, fmt::format("write [{}], and below it: file = \"data/{}.csv\"", name, name));
  }

  bool declared(const Node& node, const std::string& name, DeclaredFile& declared) {
    const bool sound = r_.check(node, section(name), fmt::format("[{}]", name));
    declared.shown = fmt::format("[{}.columns]", name);
    const Node* columns = node.at("columns");
    if (columns && columns->kind == Node::Kind::table)
      all_.declare(declared, *columns, fmt::format("{}.columns", name));
    return sound;
  }

  // The column that a key names, where it is declared and of a type that `fits`.
  template <class Fits>
  DeclaredColumn* column(const Node& node, const char* key, DeclaredFile& file, const Fits& fits,
                         const std::string& problem, const std::string& type) {
    if (!node.find(key) || !node.find("columns") || !all_.known_column(node, key, file, type)) return nullptr;
    const std::string name = Reading::text_at(node, key);
    for (DeclaredColumn& each : file.declaration.columns) {
      if (each.name != name) continue;
      if (fits(each.type)) return &each;
      r_.problem(node.at(key)->where, fmt::format("'{}' {}", name, problem), "its column is declared otherwise",
                 fmt::format("write type = \"{}\"{} in {}", type, type == "date" ? " or \"UK date\"" : "", file.shown));
    }
    return nullptr;
  }

  std::string named(const Node& node, const char* key, DeclaredFile& file) {
    const auto fits = [](ColumnType type) { return type == ColumnType::text || type == ColumnType::category; };
    const DeclaredColumn* found = column(node, key, file, fits, "is no text", "text");
    return found ? found->name : "";
  }

  std::string date(const Node& node, const char* key, DeclaredFile& file, bool required) {
    const auto fits = [](ColumnType type) { return type == ColumnType::date; };
    DeclaredColumn* found = column(node, key, file, fits, "is no date", "date");
    if (!found) return "";
    found->required = found->required || required;
    return found->name;
  }

  std::string harm(const Node& node, DeclaredFile& file) {
    const auto fits = [](ColumnType type) { return type == ColumnType::number || type == ColumnType::integer; };
    const DeclaredColumn* found = column(node, "harm", file, fits, "holds no numbers", "number");
    if (!found) return "";
    file.least.emplace(found->name, 0);  // a harm below nothing would cancel another
    return found->name;
  }

  std::optional<DataFile> file(const Node& node, DeclaredFile& declared, const std::string& person) {
    auto read = all_.read(node, declared);
    if (!read) return read;
    all_.check_rows(*read, declared, "");
    if (!r_.found.empty()) return std::nullopt;
    const auto rows = people_of(read->column(person), all_.study.people.column(all_.study.id));
    if (read->rows > 0 && std::none_of(rows.begin(), rows.end(), [](const auto& row) { return row.has_value(); }))
      r_.problem(node.at("id")->where, fmt::format("no '{}' is an '{}' of the people", person, all_.study.id),
                 "ids are compared letter by letter: 007 is not 7", "look at both columns");
    const std::string name = Reading::text_at(node, "file");
    std::vector<std::string> columns;
    for (const DeclaredColumn& column : declared.declaration.columns) columns.push_back(declared.called(column.name));
    all_.study.event_files.push_back(fmt::format("{} has {} rows; used are {}", name, read->rows, listed(columns)));
    for (const std::string& words : in_words(*read))
      all_.study.event_files.push_back(fmt::format("{}: {}", name, words));
    return read;
  }

  PeopleReading& all_;
  Reading& r_;
  EventFiles& files_;
};

}  // namespace

void read_people_events(PeopleReading& reading, EventFiles& files) { EventReader(reading, files).read(); }

}  // namespace desist
