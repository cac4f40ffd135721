#include "engine/program/reading.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t most_tables = 500;    // of one [[section]]
constexpr std::size_t most_problems = 500;  // no file is read for more: the first hundred are shown

std::string in_quotes(std::string_view word) { return fmt::format("'{}'", word); }

bool looks_like_short_year(std::string_view text) {
  const std::vector<std::string> parts = split(text, text.find('/') != std::string_view::npos ? '/' : '-');
  return parts.size() == 3 && std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
           return !part.empty() && part.size() <= 2 && part.find_first_not_of("0123456789") == std::string::npos;
         });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= 80 && text.front() != '-' && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool all_texts(const Node& list) {
  return std::all_of(list.items.begin(), list.items.end(), [](const Node& n) { return n.kind == Node::Kind::text; });
}

// What is wrong with a value as such: problem and cure, or nothing.
std::optional<std::pair<std::string, std::string>> wrong_kind(const Node& value, const Key& key) {
  using NodeKind = Node::Kind;
  const std::string example = fmt::format("write it like: {} = {}", key.name, key.example);
  const auto not_a = [&](std::string_view wanted) {
    return std::pair(fmt::format("'{}' holds {}, not {}", key.name, in_words(value.kind), wanted), example);
  };
  switch (key.holds) {
    case Holds::text:
      if (value.kind != NodeKind::text) return not_a("a text");
      if (trimmed(value.text).empty()) return std::pair(fmt::format("'{}' is empty", key.name), example);
      return std::nullopt;
    case Holds::texts:
      if (value.kind == NodeKind::text || (value.kind == NodeKind::list && all_texts(value))) {
        const bool none = value.kind == NodeKind::list ? value.items.empty() : trimmed(value.text).empty();
        if (none) return std::pair(fmt::format("'{}' is empty", key.name), example);
        return std::nullopt;
      }
      return not_a("a text or a list of texts");
    case Holds::word: {
      if (value.kind != NodeKind::text) return not_a("a word");
      if (std::find(key.words.begin(), key.words.end(), value.text) != key.words.end()) return std::nullopt;
      return std::pair(fmt::format("'{}' can't be {}", key.name, in_quotes(value.text)),
                       spelling_cure(value.text, key.words, "it is one of"));
    }
    case Holds::name:
      if (value.kind != NodeKind::text) return not_a("a name");
      if (is_name(value.text)) return std::nullopt;
      return std::pair(fmt::format("{} can't be a name", in_quotes(value.text)),
                       std::string("a name has letters, digits, - and _ only: files are called by it"));
    case Holds::date:
      if (value.kind == NodeKind::date || value.kind == NodeKind::text)
        return std::nullopt;  // a text is looked at by date_of
      return not_a("a date");
    case Holds::day:
      if (value.kind == NodeKind::date || (value.kind == NodeKind::text && !trimmed(value.text).empty()))
        return std::nullopt;
      return not_a("a date or the name of a column");
    case Holds::dates:
      if (value.kind == NodeKind::list || value.kind == NodeKind::date || value.kind == NodeKind::text)
        return std::nullopt;
      return not_a("a list of dates");
    case Holds::whole:
      if (value.kind == NodeKind::number && !std::isfinite(value.number))
        return std::pair(fmt::format("{} is not a finite number", in_quotes(value.text)), example);
      if (value.kind != NodeKind::number || !value.whole) return not_a("a whole number");
      if (value.number < 0) return std::pair(fmt::format("'{}' is below zero", key.name), example);
      return std::nullopt;
    case Holds::number:
      if (value.kind != NodeKind::number) return not_a("a number");
      if (!std::isfinite(value.number))
        return std::pair(fmt::format("{} is not a finite number", in_quotes(value.text)), example);
      return std::nullopt;
    case Holds::numbers: {
      const auto is_number = [](const Node& n) { return n.kind == NodeKind::number && std::isfinite(n.number); };
      if (is_number(value)) return std::nullopt;
      if (value.kind == NodeKind::list && !value.items.empty() &&
          std::all_of(value.items.begin(), value.items.end(), is_number))
        return std::nullopt;
      return not_a("a number or a list of numbers");
    }
    case Holds::levels: {
      const auto is_level = [](const Node& n) {
        return n.kind == NodeKind::text || (n.kind == NodeKind::number && std::isfinite(n.number));
      };
      if (value.kind == NodeKind::list && std::all_of(value.items.begin(), value.items.end(), is_level))
        return std::nullopt;
      return not_a("a list of levels");
    }
    case Holds::flag:
      if (value.kind != NodeKind::truth) return not_a("true or false");
      return std::nullopt;
    case Holds::figure:
    case Holds::printed:
      if (value.kind == NodeKind::number && !std::isfinite(value.number))
        return std::pair(fmt::format("{} is not a finite number", in_quotes(value.text)), example);
      if (value.kind != NodeKind::text && value.kind != NodeKind::number) return not_a("a figure");
      return std::nullopt;
    case Holds::value:
      if (value.kind == NodeKind::table || value.kind == NodeKind::other || value.kind == NodeKind::truth)
        return not_a("a figure");
      return std::nullopt;
    case Holds::table:
      if (value.kind != NodeKind::table) return not_a("a table");
      return std::nullopt;
    case Holds::shares:
      if (value.kind != NodeKind::text && value.kind != NodeKind::table) return not_a("a name or a table of shares");
      return std::nullopt;
  }
  return std::nullopt;
}

// The section that knows a key under this name which may hold this value, if there is exactly one.
const Section* home_of(const Member& member) {
  const Section* home = nullptr;
  for (const Section& each : sections())
    for (const Key& known : each.keys) {
      if (known.name != member.name || wrong_kind(member.value, known)) continue;
      if (home) return nullptr;
      home = &each;
    }
  return home;
}

std::string shown_header(const Section& section) {
  return section.shape == Shape::list ? fmt::format("[[{}]]", section.name) : fmt::format("[{}]", section.name);
}

}  // namespace

std::string spelling_cure(std::string_view word, const std::vector<std::string>& known, std::string_view known_as) {
  if (const auto near = did_you_mean(word, known)) return fmt::format("did you mean '{}'?", *near);
  if (known.empty()) return "";
  constexpr std::size_t fewest_letters = 3, most_alike = 8;
  std::vector<std::string> alike;
  for (const std::string& each : known)
    if (word.size() >= fewest_letters && each.starts_with(word)) alike.push_back(each);
  if (!alike.empty() && alike.size() <= most_alike) return fmt::format("did you mean {}?", listed(alike, "or"));
  std::vector<std::string> shown(known.begin(), known.begin() + std::min<std::ptrdiff_t>(12, std::ssize(known)));
  if (shown.size() < known.size()) {
    return fmt::format("{} {} and {} more", known_as, fmt::join(shown, ", "), known.size() - shown.size());
  }
  return fmt::format("{} {}", known_as, listed(shown, "or"));
}

void Reading::problem(SourceSpan where, std::string problem, std::string why, std::string cure,
                      std::vector<Diagnostic::Note> notes) const {
  if (found.all().size() >= most_problems) return;
  const bool is_said = std::any_of(found.all().begin(), found.all().end(), [&](const Diagnostic& each) {
    return each.file == file && each.where.line == where.line && each.where.column == where.column &&
           each.problem == problem;
  });
  if (is_said) return;  // two readers of one table
  found.add({file, where, std::move(problem), std::move(why), std::move(cure), std::move(notes)});
}

std::vector<Diagnostic::Note> Reading::header_of(const Node& table, const Member& member) const {
  if (&table == &root || !table.under_header || table.where.line >= member.where.line) return {};
  return {{table.where, "the header that it stands under"}};
}

bool Reading::misplaced(const Member& member, const Node& table, const std::string& shown) const {
  const bool is_section =
      std::any_of(sections().begin(), sections().end(), [&](const Section& s) { return s.name == member.name; });
  if (&table == &root || !is_section || !member.value.dotted) return false;
  problem(member.where, fmt::format("unknown key '{}' in {}", member.name, shown),
          fmt::format("this line belongs to {}: whatever stands below a header is part of it", shown),
          fmt::format("give it a header of its own, [{}], or move it above the first header", member.name),
          header_of(table, member));
  return true;
}

void Reading::unknown_key(const Member& member, const Node& table, const std::string& shown,
                          const std::vector<std::string>& known) const {
  if (misplaced(member, table, shown)) return;
  const bool top = &table == &root;
  const Section* home = home_of(member);
  std::string place;
  const bool near = did_you_mean(member.name, known).has_value();
  if (near && !top)
    place = "";
  else if (home && (top || shown.find(std::string(home->name)) == std::string::npos))
    place = shown_header(*home);
  else if (model && !top && shown != "[parameters]" &&
           std::any_of(model->parameters.begin(), model->parameters.end(),
                       [&](const ParameterField& f) { return f.name == member.name; }))
    place = "[parameters]";
  if (!place.empty()) {
    return problem(member.where, fmt::format("unknown key '{}' in {}", member.name, shown),
                   top ? "this line stands above every header" : fmt::format("this line belongs to {}", shown),
                   fmt::format("move it below {}", place), header_of(table, member));
  }
  problem(member.where, fmt::format("unknown key '{}' in {}", member.name, shown), "it would change nothing",
          spelling_cure(member.name, known, "known here:"));
}

bool is_misspelt(const Node& table, std::string_view key, const std::vector<std::string>& known) {
  return std::any_of(table.members.begin(), table.members.end(), [&](const Member& member) {
    return std::find(known.begin(), known.end(), member.name) == known.end() && did_you_mean(member.name, known) == key;
  });
}

bool Reading::check(const Node& table, const Section& keys, const std::string& shown,
                    const std::vector<std::string>& further) const {
  const std::size_t before = found.all().size();
  std::vector<std::string> known;
  for (const Key& key : keys.keys)
    if (knows(kind, key.only)) known.emplace_back(key.name);
  known.insert(known.end(), further.begin(), further.end());
  for (const Member& member : table.members) {
    const auto declared =
        std::find_if(keys.keys.begin(), keys.keys.end(), [&](const Key& k) { return k.name == member.name; });
    if (declared == keys.keys.end()) {
      if (std::find(known.begin(), known.end(), member.name) == known.end()) unknown_key(member, table, shown, known);
      continue;
    }
    if (std::find(known.begin(), known.end(), member.name) == known.end()) {
      problem(member.where, fmt::format("'{}' has no meaning in {} of this file", member.name, shown),
              std::string(whose(declared->only)), "take the line out");
      continue;
    }
    if (const auto wrong = wrong_kind(member.value, *declared))
      problem(member.value.where, wrong->first, "", wrong->second);
  }
  for (const Key& key : keys.keys)
    if (key.required && !table.find(key.name) && !is_misspelt(table, key.name, known))
      problem(table.where, fmt::format("missing key '{}' in {}", key.name, shown), std::string(key.help),
              fmt::format("add: {} = {}{}", key.name, key.example,
                          key.words.empty() ? "" : fmt::format("; it is one of {}", listed(key.words, "or"))));
  return found.all().size() == before;
}

std::string Reading::text_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  return node && node->kind == Node::Kind::text ? trimmed(node->text) : "";
}

std::vector<std::string> Reading::texts_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  std::vector<std::string> texts;
  if (!node) return texts;
  if (node->kind == Node::Kind::text) texts.push_back(trimmed(node->text));
  for (const Node& item : node->items)
    if (item.kind == Node::Kind::text) texts.push_back(trimmed(item.text));
  return texts;
}

std::optional<Date> Reading::date_of(const Node& node) const {
  if (node.kind == Node::Kind::date) return node.date;
  const std::string cure = "write 2023-12-18, or in quotes \"18/12/2023\"";
  if (node.kind != Node::Kind::text) {
    problem(node.where, fmt::format("{}, not a date", in_words(node.kind)), "", cure);
    return std::nullopt;
  }
  const std::string written = trimmed(node.text);
  if (const auto date = Date::read(written)) return date;
  if (looks_like_short_year(written))
    problem(node.where, fmt::format("'{}' has a year of two digits", written), "", cure);
  else
    problem(node.where, fmt::format("'{}' is not a date", written), "", cure);
  return std::nullopt;
}

std::optional<Date> Reading::date_at(const Node& table, std::string_view key) const {
  const Node* node = table.at(key);
  if (!node || (node->kind != Node::Kind::date && node->kind != Node::Kind::text)) return std::nullopt;
  return date_of(*node);
}

std::optional<Date> Reading::date_inside(const Node& node) const {
  const auto date = date_of(node);
  if (!date || starts == ends) return date;  // a window that could not be read has been reported
  if (*date >= starts && *date <= ends) return date;
  problem(node.where, fmt::format("{} is outside the window", date->in_words()),
          fmt::format("{} to {}", starts.in_words(), ends.in_words()),
          "move the date, or the window: starts and ends in [experiment]");
  return std::nullopt;
}

std::optional<double> Reading::chance_of(const Node& node) const {
  if (node.kind != Node::Kind::text && node.kind != Node::Kind::number) return std::nullopt;
  const auto read = read_quantity(node.text, Unit::parse("share"));
  if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
    problem(node.where, wrong->problem, "", "write it like \"2 in 100\" or \"90%\"");
    return std::nullopt;
  }
  const Quantity& share = std::get<Quantity>(read);
  if (share.low == share.high && share.low > 0 && share.low < 1) return share.low;
  problem(node.where, fmt::format("'{}' is not one chance between 0 and 1", node.text), "",
          "write it like \"2 in 100\" or \"90%\"");
  return std::nullopt;
}

bool Reading::is_within(const Node& node, std::string_view key, double least, double most) const {
  if (node.number >= least && node.number <= most) return true;
  problem(node.where, fmt::format("'{}' can't be {}", key, node.text),
          fmt::format("it lies between {} and {}", shortest(least), shortest(most)),
          node.number > most ? fmt::format("write {} = {} or less", key, shortest(most))
                             : fmt::format("write {} = {} or more", key, shortest(least)));
  return false;
}

std::vector<std::string> Reading::evidence_at(const Node& table) const {
  std::vector<std::string> ids;
  const Node* node = table.at("evidence");
  if (!node) return ids;
  const auto look_up = [&](const Node& id_node) {
    if (id_node.kind != Node::Kind::text) return;
    const std::string id = trimmed(id_node.text);
    const EvidenceRecord* record = evidence.find(id);
    if (!record) {
      const auto near = did_you_mean(id, evidence.ids());
      return problem(id_node.where, fmt::format("no evidence row has the id '{}'", id), "",
                     near ? fmt::format("did you mean '{}'?", *near)
                          : "add the row to evidence/*.csv beside the experiment, or look its id up there");
    }
    ids.push_back(id);
    auto& rows = this->text.evidence;
    if (std::none_of(rows.begin(), rows.end(), [&](const EvidenceRow& row) { return row.id == id; }))
      rows.push_back(record->row);
  };
  if (node->kind == Node::Kind::text) look_up(*node);
  for (const Node& item : node->items) look_up(item);
  return ids;
}

void read_beside(Reading& reading) {
  const Member* member = reading.root.find("beside");
  if (!member) return;
  if (member->value.kind != Node::Kind::table)
    return reading.problem(member->where, "'beside' is not a table", "",
                           "write [beside], then lines such as: a_trial = [\"id\", \"id\"]");
  for (const Member& each : member->value.members) {
    if (reading.misplaced(each, member->value, "[beside]")) continue;
    Node lookup;
    lookup.members.push_back({"evidence", each.where, each.value});
    std::vector<EvidenceRow> rows;
    for (const std::string& id : reading.evidence_at(lookup)) rows.push_back(reading.evidence.find(id)->row);
    const bool texts = each.value.kind == Node::Kind::text || each.value.kind == Node::Kind::list;
    if (!texts || (rows.empty() && each.value.items.empty() && each.value.kind == Node::Kind::list))
      reading.problem(each.where, fmt::format("'{}' names no evidence", each.name), "",
                      fmt::format("write {} = [\"id\", \"id\"]", each.name));
    reading.text.beside.emplace_back(each.name, std::move(rows));
  }
}

std::vector<const Node*> Reading::tables_of(const Section& section) const {
  std::vector<const Node*> tables;
  const Member* member = root.find(section.name);
  if (!member) return tables;
  const Node& list = member->value;
  const bool sound =
      list.kind == Node::Kind::list &&
      std::all_of(list.items.begin(), list.items.end(), [](const Node& n) { return n.kind == Node::Kind::table; });
  if (!sound) {
    problem(member->where, fmt::format("'{}' is written as {}", section.name, in_words(list.kind)),
            "there may be several of them", fmt::format("begin each with a line [[{}]], two brackets", section.name));
    return tables;
  }
  if (list.items.size() > most_tables) {
    problem(member->where, fmt::format("{} tables [[{}]]", list.items.size(), section.name),
            fmt::format("{} are the most", most_tables), "divide the file into several");
    return tables;
  }
  for (const Node& item : list.items) tables.push_back(&item);
  return tables;
}

void Reading::each_table(const Section& section,
                         const std::function<void(const Node& table, const std::string& shown)>& read) const {
  const auto tables = tables_of(section);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const std::string shown = shown_item(section, *tables[i], i);
    if (check(*tables[i], section, shown)) read(*tables[i], shown);
  }
}

SourceSpan place_in(const Node& node, std::size_t at, std::size_t length) {
  SourceSpan where = node.where;
  const std::string_view text = node.text;
  const auto letters = [](std::string_view of) { return static_cast<int>(letters_in(of)); };
  if (where.length != letters(text) + 2 || at > text.size()) return where;  // with its quotes
  where.column += 1 + letters(text.substr(0, at));
  where.length = std::max(1, letters(text.substr(at, length)));
  return where;
}

bool fits_a_line(const Reading& reading, const Node& table, std::string_view example) {
  const std::string label = Reading::text_at(table, "label");
  if (letters_in(label) <= longest_line_label) return true;
  reading.problem(table.at("label")->where, fmt::format("the label '{}' is too long", label),
                  fmt::format("it heads a line of the first screen: {} letters are the most", longest_line_label),
                  fmt::format("write a word or two, such as \"{}\"", example));
  return false;
}

std::string path_beside(const Reading& reading, const std::string& name) {
  return (std::filesystem::path(reading.file->shown_as).parent_path() / name).string();
}

void refuse_other_file(const Reading& reading, const Failure& failure, std::string_view what, const std::string& name,
                       SourceSpan where) {
  const std::string all = failure.what();
  reading.problem(where, fmt::format("the {} '{}' can't be used", what, name), all.substr(0, all.find('\n')),
                  failure.code() == ExitCode::usage
                      ? "name a file that lies beside this one"
                      : fmt::format("`desist check {}` says more", path_beside(reading, name)));
}

std::string with_blanks(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string label_or_name(const Node& table, std::string_view key) {
  const std::string label = Reading::text_at(table, "label");
  return label.empty() ? with_blanks(Reading::text_at(table, key)) : label;
}

std::string shown_item(const Section& section, const Node& item, std::size_t index) {
  const std::string name = Reading::text_at(item, "name");
  if (!name.empty()) return fmt::format("[[{}]] '{}'", section.name, name);
  return fmt::format("[[{}]] {}", section.name, index + 1);
}

}  // namespace desist
