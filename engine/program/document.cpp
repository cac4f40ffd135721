#include "engine/program/document.hpp"

#include <algorithm>
#include <cctype>
#include <map>

#include <fmt/format.h>
#include <toml++/toml.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr int deepest_nesting = 32;  // the grammar needs five

/// "30 September 2023", "3 Sep 2023": the date that it means.
std::optional<Date> date_in_words(const std::string& text) {
  constexpr const char* months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
  const std::vector<std::string> words = split(trimmed(text.substr(0, text.find('#'))), ' ');
  if (words.size() != 3 || words[1].size() < 3 || words[0].size() > 2 || words[2].size() != 4) return std::nullopt;
  std::string month = words[1].substr(0, 3);
  std::transform(month.begin(), month.end(), month.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  const auto found = std::find(std::begin(months), std::end(months), month);
  if (found == std::end(months)) return std::nullopt;
  const std::string day = words[0].size() == 1 ? "0" + words[0] : words[0];
  return Date::read(fmt::format("{}-{:02}-{}", words[2], found - std::begin(months) + 1, day));
}

// Turns toml++'s nodes into ours. Lines are indexed once: a file of a million numbers is read in a second.
class Converter {
 public:
  explicit Converter(const SourceFile& file) {
    std::string_view rest = file.text;
    if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
    for (bool more = true; more;) {
      const std::size_t end = rest.find('\n');
      std::string_view line = rest.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      lines_.push_back({line, {}});
      more = end != std::string_view::npos;
      if (more) rest.remove_prefix(end + 1);
    }
  }

  SourceSpan span_of(const toml::source_region& region) {
    SourceSpan span{static_cast<int>(region.begin.line), static_cast<int>(region.begin.column), 1};
    const bool one_line = region.end.line == region.begin.line;
    const std::size_t end = one_line ? region.end.column : letters(span.line) + 1;
    span.length = std::max(1, static_cast<int>(end) - span.column);
    return span;
  }

  Node node(const toml::node& source) {
    Node node;
    node.where = span_of(source.source());
    if (const auto* table = source.as_table()) {
      node.under_header = !table->is_inline();
      for (auto&& [key, value] : *table) {
        node.members.push_back({std::string(key.str()), span_of(key.source()), this->node(value)});
        Member& member = node.members.back();
        // a header's table begins at its bracket, a dotted key's at the key
        member.value.dotted = member.value.under_header && member.value.kind == Node::Kind::table &&
                              member.value.where.column == member.where.column;
        member.value.under_header = member.value.under_header && !member.value.dotted;
      }
      // toml++ sorts by name; people expect the order of the file
      std::stable_sort(node.members.begin(), node.members.end(), [](const Member& a, const Member& b) {
        return std::pair(a.where.line, a.where.column) < std::pair(b.where.line, b.where.column);
      });
      return node;
    }
    if (const auto* list = source.as_array()) {
      node.kind = Node::Kind::list;
      node.under_header = list->is_array_of_tables() && !list->get_as<toml::table>(0)->is_inline();
      for (auto&& item : *list) node.items.push_back(this->node(item));
      return node;
    }
    leaf(source, node);
    return node;
  }

 private:
  struct Line {
    std::string_view text;
    std::vector<std::uint32_t> bytes;  // where each letter begins; filled on demand
  };

  Line& line(int number) { return lines_.at(std::min(lines_.size(), static_cast<std::size_t>(number)) - 1); }

  const std::vector<std::uint32_t>& bytes(int number) {
    Line& here = line(number);
    if (here.bytes.empty()) {
      for (std::uint32_t i = 0; i < here.text.size(); ++i)
        if ((static_cast<unsigned char>(here.text[i]) & 0xC0) != 0x80) here.bytes.push_back(i);
      here.bytes.push_back(static_cast<std::uint32_t>(here.text.size()));
    }
    return here.bytes;
  }
  std::size_t letters(int number) { return bytes(number).size() - 1; }

  std::string raw(const SourceSpan& where) {
    const std::vector<std::uint32_t>& begins = bytes(where.line);
    const auto byte = [&](int column) {
      return begins[std::min(begins.size() - 1, static_cast<std::size_t>(std::max(column - 1, 0)))];
    };
    const std::uint32_t begin = byte(where.column);
    return std::string(line(where.line).text.substr(begin, byte(where.column + where.length) - begin));
  }

  void leaf(const toml::node& source, Node& node) {
    node.text = raw(node.where);
    if (const auto* text = source.as_string()) {
      node.kind = Node::Kind::text;
      node.text = text->get();
    } else if (const auto* whole = source.as_integer()) {
      node.kind = Node::Kind::number;
      node.number = static_cast<double>(whole->get());
      node.whole = true;
    } else if (const auto* number = source.as_floating_point()) {
      node.kind = Node::Kind::number;
      node.number = number->get();
    } else if (const auto* truth = source.as_boolean()) {
      node.kind = Node::Kind::truth;
      node.truth = truth->get();
    } else if (const auto* date = source.as_date()) {
      const toml::date given = date->get();
      const auto read = Date::read(fmt::format("{:04}-{:02}-{:02}", given.year, given.month, given.day));
      node.kind = read ? Node::Kind::date : Node::Kind::other;  // no year 0
      node.date = read.value_or(Date{});
    } else {
      node.kind = Node::Kind::other;
    }
  }

  std::vector<Line> lines_;
};

// The parts of a path as a header shows them, without the numbers of lists of tables.
std::string shown(const std::vector<std::string>& path) {
  std::string all;
  for (const std::string& part : path) {
    const std::string name = part.substr(0, part.find('#'));
    if (!name.empty()) all += (all.empty() ? "" : ".") + name;
  }
  return all;
}

// The first key that is given twice, both places.
std::optional<Diagnostic> duplicate(const std::shared_ptr<const SourceFile>& file, const KeyScan& scan) {
  std::map<std::vector<std::string>, const ScannedKey*> first;
  for (const ScannedKey& key : scan.keys) {
    const auto [place, fresh] = first.emplace(key.path, &key);
    if (fresh) continue;
    const ScannedKey& before = *place->second;
    if (key.header && before.header) {
      return Diagnostic{file,
                        key.where,
                        fmt::format("[{}] stands in the file twice", shown(key.path)),
                        "which of the two is meant?",
                        "put the lines below one of them under the other",
                        {{before.where, "first here"}}};
    }
    const std::vector<std::string> above(key.path.begin(), key.path.end() - 1);
    return Diagnostic{file,
                      key.where,
                      fmt::format("'{}' is given twice{}", key.path.back(),
                                  above.empty() ? "" : fmt::format(" in [{}]", shown(above))),
                      "which of the two is meant?",
                      "keep one",
                      {{before.where, "first given here"}}};
  }
  return std::nullopt;
}

// What a person most likely forgot on the line of a syntax error.
std::string cure_of(std::string_view line, std::string_view description) {
  const std::size_t equals = line.find('=');
  if (equals == std::string_view::npos) {
    if (trimmed(line).starts_with("[")) return "a header looks like [plan] or [[arm]], alone on its line";
    return "a line looks like: key = \"text\"";
  }
  const std::string key = trimmed(line.substr(0, equals));
  if (key.find(' ') != std::string::npos && key.find_first_of("\"'.") == std::string::npos) {
    std::string joined = key;
    std::replace(joined.begin(), joined.end(), ' ', '_');
    return fmt::format("a name has no blanks: {} = ...", joined);
  }
  const std::string value = trimmed(line.substr(equals + 1));
  if (value.empty()) return "write the value behind the equals sign, on the same line";
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digit(value.front()) && value.find('/') != std::string::npos && value.find('/') < 5)
    return "write a date as 2023-12-18, or in quotes: \"18/12/2023\"";
  if (const auto date = date_in_words(value)) return fmt::format("write a date as {}, without quotes", date->iso());
  if (description.find("control characters") != std::string_view::npos)
    return "a text ends with a quote on the line on which it began";
  const bool bare = value.front() != '"' && value.front() != '\'' && value.front() != '[' && value.front() != '{';
  if (bare || description.find("expected comma or closing") != std::string_view::npos)
    return "put texts and figures with units in quotes: \"9153 cases per year\"";
  return "";
}

Diagnostic syntax_error(const std::shared_ptr<const SourceFile>& file, const toml::parse_error& error,
                        const KeyScan& scan) {
  const std::string_view description = error.description();
  if (description.find("redefine") != std::string_view::npos)
    if (auto twice = duplicate(file, scan)) return *twice;
  SourceSpan where = Converter(*file).span_of(error.source());
  const std::string_view line = file->line(where.line);
  // an error "at the line's end" stands one column behind it
  where.column = std::clamp(where.column, 1, static_cast<int>(line.size()) + 1);
  std::string why(description);
  const std::string beginning = "Error while parsing ";
  if (why.starts_with(beginning)) {
    why = why.substr(beginning.size());
    why = (std::string_view("aeiou").find(why.front()) == std::string_view::npos ? "in a " : "in an ") + why;
  }
  const std::string line_end = "'\\n'";
  if (const std::size_t at = why.find(line_end); at != std::string::npos)
    why.replace(at, line_end.size(), "the line's end");
  return {file, where, "this is not TOML", why, cure_of(line, description), {}};
}

}  // namespace

const Member* Node::find(std::string_view name) const {
  for (const Member& member : members)
    if (member.name == name) return &member;
  return nullptr;
}

const Node* Node::at(std::string_view name) const {
  const Member* member = find(name);
  return member ? &member->value : nullptr;
}

std::string_view in_words(Node::Kind kind) {
  switch (kind) {
    case Node::Kind::table:
      return "a table";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::text:
      return "a text";
    case Node::Kind::number:
      return "a number";
    case Node::Kind::truth:
      return "true or false";
    case Node::Kind::date:
      return "a date";
    case Node::Kind::other:
      break;
  }
  return "a time of day";
}

std::optional<Node> parse_document(const std::shared_ptr<const SourceFile>& file, Diagnostics& found) {
  const KeyScan scan = scan_keys(file->text);
  if (scan.depth > deepest_nesting) {
    found.add({file,
               scan.deepest,
               fmt::format("nested {} deep", scan.depth),
               fmt::format("{} levels are the most", deepest_nesting),
               "an experiment needs five levels; is this the right file?",
               {}});
    return std::nullopt;
  }
  try {
    const toml::table table = toml::parse(std::string_view(file->text));
    return Converter(*file).node(table);
  } catch (const toml::parse_error& error) {
    found.add(syntax_error(file, error, scan));
    return std::nullopt;
  }
}

}  // namespace desist
