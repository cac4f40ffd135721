// Errors as a user interface: place, problem, why it is one, and the cure; all of them at once.
#pragma once

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace desist {

/// What the program ends with (conventions: exit codes).
enum class ExitCode {
  success = 0,
  usage = 2,
  invalid_experiment = 3,
  replicate_failed = 4,
  cannot_write = 5,
  interrupted = 6
};

/// A text file as its reader saw it; `shown_as` is the path in messages.
struct SourceFile {
  std::string shown_as;
  std::string text;
  int first_line = 1;                       // the number of the first line of `text`: of a large file, a piece is kept
  std::string_view line(int number) const;  // counted from 1; empty outside the text
};

/// A stretch of one line, counted from 1 in characters (code points) as editors do; line 0: the file as a whole.
struct SourceSpan {
  int line = 0;
  int column = 1;
  int length = 1;
};

/// One thing that is wrong: "file:line:column: error: problem (why)", the line with carets, its notes, then the cure.
/// Verified by: diagnostics_test.
struct Diagnostic {
  std::shared_ptr<const SourceFile> file;
  SourceSpan where;
  std::string problem;
  std::string why;   // in brackets; may be empty
  std::string cure;  // a sentence; may be empty
  struct Note {
    SourceSpan where;
    std::string text;  // "first given here"
  };
  std::vector<Note> notes;

  std::string rendered() const;  // no line end after the last line
};

/// Collects every diagnostic of one reading, in the order of the file.
class Diagnostics {
 public:
  void add(Diagnostic diagnostic) { all_.push_back(std::move(diagnostic)); }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  const std::vector<Diagnostic>& all() const { return all_; }
  /// All messages in file and line order (the first hundred), a blank line between, ended by a count when there are
  /// several: "2 problems; nothing was run." No line end after the last line.
  std::string rendered() const;

 private:
  std::vector<Diagnostic> all_;
};

/// An error that ends the program with a message for its user.
class Failure : public std::runtime_error {
 public:
  Failure(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode code() const { return code_; }

 private:
  ExitCode code_;
};

}  // namespace desist
