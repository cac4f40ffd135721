// Writes experiments to begin with: sections from their declarations, given keys as lines, others as comments.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/program/grammar.hpp"

namespace desist {

using Lines = std::map<std::string, std::string, std::less<>>;  // key -> TOML

std::string quoted(const std::string& text);

/// A file as it grows.
class ExperimentWriter {
 public:
  explicit ExperimentWriter(For kind) : kind_(kind) {}

  void comment(std::string_view line);
  void blank() { text_ += '\n'; }
  void raw(const std::string& line) { text_ += line + '\n'; }

  /// A section with these keys; `explain`: every other key of its kind as a comment that shows how.
  void section(std::string_view name, const Lines& lines, bool explain = true);
  /// A section that is only offered: every line of it a comment.
  void offer(std::string_view name, const Lines& lines);
  /// One of the tables with names of their own, in one line.
  void named(std::string_view section_name, std::string_view name, const Lines& lines);
  void begin_named(std::string_view name);

  /// What stands above every file; the kind is said in brackets.
  void head(std::string_view kind);
  void offer_sum();

  std::string text() { return std::move(text_); }

 private:
  void keys(const Section& declared, const Lines& lines, bool explain);

  For kind_;
  std::string text_;
};

/// An appraisal without a model, complete and commented.
std::string new_appraisal();

}  // namespace desist
