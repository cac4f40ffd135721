// An experiment file as a tree of nodes in the order of the file, each with its place in the text.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/core/diagnostics.hpp"

namespace desist {

struct Member;

/// One value of the file. Everything beyond this type is free of the TOML library.
struct Node {
  enum class Kind { table, list, text, number, truth, date, other };  // other: times of day, date and time
  Kind kind = Kind::table;
  SourceSpan where;    // the value; of a table under a [header], the header
  std::string text;    // of a text, its content; of a number, a truth or a date, as written
  double number = 0;   // may be nan or infinite: whoever reads it refuses that
  bool whole = false;  // a number without a decimal point
  bool truth = false;
  Date date;
  bool dotted = false;          // a table made by a dotted key: plan.seed = 1
  bool under_header = false;    // a table or list of tables written as [header] or [[header]]
  std::vector<Member> members;  // of a table, in file order
  std::vector<Node> items;      // of a list

  const Member* find(std::string_view name) const;
  const Node* at(std::string_view name) const;  // nullptr where there is no such key
};

struct Member {
  std::string name;
  SourceSpan where;  // the key
  Node value;
};

/// What a node holds, in words: "a text", "a table".
std::string_view in_words(Node::Kind kind);

/// The text of a file that may be an experiment. Throws Failure(usage) where the path can't be read (missing, a
/// directory, not a plain file, no permission) and Failure(invalid_experiment) where what it holds can't be one
/// (empty, larger than 1 MB, binary, not UTF-8). Looks before it opens: a pipe or a device never hangs it.
/// Verified by: reader_errors_test.
std::shared_ptr<const SourceFile> load_text(const std::string& path);

/// The part of load_text that looks at the bytes alone. Throws Failure(invalid_experiment).
void refuse_what_is_no_text(const std::shared_ptr<const SourceFile>& file);

/// Parses TOML; a syntax error is one diagnostic and gives nothing. Duplicates are reported with both places.
/// Nesting beyond 32 levels is refused before parsing, so no input can exhaust the stack.
/// Verified by: reader_errors_test.
std::optional<Node> parse_document(const std::shared_ptr<const SourceFile>& file, Diagnostics& found);

/// A key as it stands in the text, with the path from the top: lists of tables count ("arm#2", "set").
struct ScannedKey {
  std::vector<std::string> path;
  SourceSpan where;
  bool header = false;
};

/// A walk over the text without building anything: every key, and the deepest nesting with its place.
struct KeyScan {
  std::vector<ScannedKey> keys;
  int depth = 0;
  SourceSpan deepest;
};
KeyScan scan_keys(std::string_view text);

}  // namespace desist
