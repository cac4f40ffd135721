#include "engine/core/diagnostics.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include <fmt/format.h>

namespace desist {
namespace {

constexpr std::size_t most_columns = 160;  // of a source line; longer ones are cut around the caret
constexpr std::size_t most_shown = 100;    // messages; a file that is wrong everywhere needs no more

// Bytes of the UTF-8 sequence at the front of `text` (RFC 3629 table in section 4), or 0 where it is malformed.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0) != 0x80) return 0;
  const unsigned char second = byte(1);
  const bool outside = (lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
                       (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F);
  return outside ? 0 : length;
}

// The characters of a text as a terminal may show them: one entry a code point, a space for a tab, "?" for control
// characters (an escape sequence in a key must not reach the terminal) and for bytes that are not UTF-8.
std::vector<std::string_view> characters(std::string_view text) {
  std::vector<std::string_view> all;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    const unsigned char lead = static_cast<unsigned char>(text[0]);
    const bool control = lead < 0x20 || lead == 0x7F || (lead == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0);
    if (lead == '\t')
      all.push_back(" ");
    else
      all.push_back(length == 0 || control ? std::string_view("?") : text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return all;
}

std::string printable(std::string_view text) {
  std::string result;
  for (const std::string_view character : characters(text)) result += character;
  return result;
}

// The line with its number, and below it a caret under each character of the span.
std::string excerpt(const SourceFile& file, const SourceSpan& where) {
  const std::vector<std::string_view> line = characters(file.line(where.line));
  const std::size_t at = std::min<std::size_t>(static_cast<std::size_t>(std::max(where.column, 1) - 1), line.size());
  std::size_t begin = 0;
  if (line.size() > most_columns && at > most_columns / 2)
    begin = std::min(at - most_columns / 2, line.size() - most_columns);
  const std::size_t end = std::min(line.size(), begin + most_columns);

  std::string shown = begin > 0 ? "..." : "";
  const std::size_t indent = shown.size() + at - begin;
  for (std::size_t i = begin; i < end; ++i) shown += line[i];
  if (end < line.size()) shown += "...";
  shown.erase(shown.find_last_not_of(' ') + 1);

  const std::size_t wanted = static_cast<std::size_t>(std::max(where.length, 1));
  const std::size_t carets = std::clamp<std::size_t>(end - std::min(at, end), 1, wanted);
  const std::string number = fmt::format("{:5}", where.line);
  return fmt::format("\n{} |{}{}\n{:{}} | {}{}", number, shown.empty() ? "" : " ", shown, "", number.size(),
                     std::string(indent, ' '), std::string(carets, '^'));
}

std::string message(const SourceFile& file, const SourceSpan& where, std::string_view kind, std::string_view text) {
  const std::string path = printable(file.shown_as);
  if (where.line <= 0) return fmt::format("{}: {}: {}", path, kind, text);
  return fmt::format("{}:{}:{}: {}: {}{}", path, where.line, where.column, kind, text, excerpt(file, where));
}

}  // namespace

std::string_view SourceFile::line(int number) const {
  std::string_view rest = text;
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);  // a byte order mark is not part of the first line
  if (number < first_line) return {};
  for (int i = first_line; i < number; ++i) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

std::string Diagnostic::rendered() const {
  static const SourceFile nowhere{"desist", ""};
  const SourceFile& source = file ? *file : nowhere;
  std::string text = printable(problem);
  if (!why.empty()) text += fmt::format(" ({})", printable(why));
  text = message(source, where, "error", text);
  for (const Note& note : notes) text += '\n' + message(source, note.where, "note", printable(note.text));
  if (!cure.empty()) text += "\n  " + printable(cure);
  return text;
}

std::string Diagnostics::rendered() const {
  std::map<const SourceFile*, std::size_t>
      file_order;  // files stay in the order in which they were first complained of
  for (const Diagnostic& diagnostic : all_) file_order.emplace(diagnostic.file.get(), file_order.size());
  std::vector<const Diagnostic*> sorted;
  for (const Diagnostic& diagnostic : all_) sorted.push_back(&diagnostic);
  const auto place = [&](const Diagnostic* d) {
    return std::tuple(file_order.at(d->file.get()), d->where.line, d->where.column);
  };
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Diagnostic* a, const Diagnostic* b) { return place(a) < place(b); });

  std::string text;
  for (std::size_t i = 0; i < std::min(sorted.size(), most_shown); ++i) {
    if (i > 0) text += "\n\n";
    text += sorted[i]->rendered();
  }
  if (sorted.size() > most_shown)
    text +=
        fmt::format("\n\n{} problems, of which the first {} are shown; nothing was run.", sorted.size(), most_shown);
  else if (sorted.size() > 1)
    text += fmt::format("\n\n{} problems; nothing was run.", sorted.size());
  return text;
}

}  // namespace desist
