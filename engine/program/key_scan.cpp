#include <algorithm>
#include <map>

#include "engine/program/document.hpp"

namespace desist {
namespace {

// Walks a text that may be malformed: it never fails, it only stops knowing what is a key.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
  }

  KeyScan scan() {
    while (at_ < text_.size()) {
      skip_blank(true);
      if (at_ >= text_.size()) break;
      if (text_[at_] == '[')
        header();
      else
        key_and_value(prefix_);
      skip_blank(false);                                        // and a comment behind a value, which holds no keys
      if (at_ < text_.size() && text_[at_] != '\n') advance();  // a stray letter: go on behind it
    }
    return std::move(result_);
  }

 private:
  void advance() {
    const char letter = text_[at_++];
    if (letter == '\n') {
      ++line_;
      column_ = 1;
    } else if ((static_cast<unsigned char>(letter) & 0xC0) != 0x80) {
      ++column_;
    }
  }
  void advance(std::size_t letters) {
    for (std::size_t i = 0; i < letters && at_ < text_.size(); ++i) advance();
  }
  bool sees(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  void skip_blank(bool over_lines) {
    while (at_ < text_.size()) {
      const char letter = text_[at_];
      if (letter == '#') {
        while (at_ < text_.size() && text_[at_] != '\n') advance();
      } else if (letter == ' ' || letter == '\t' || letter == '\r' || (letter == '\n' && over_lines)) {
        advance();
      } else {
        return;
      }
    }
  }

  // A quoted text, its escapes stepped over but not read: keys with escapes are compared as written.
  std::string quoted() {
    const char quote = text_[at_];
    const bool literal = quote == '\'';
    const std::string three(3, quote);
    const bool long_form = sees(three);
    advance(long_form ? 3 : 1);
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
      if (!literal && text_[at_] == '\\') {
        advance(2);
      } else if (long_form ? sees(three) : text_[at_] == quote) {
        std::string content(text_.substr(begin, at_ - begin));
        advance(long_form ? 3 : 1);
        while (long_form && at_ < text_.size() && text_[at_] == quote) advance();  // """text"" ends in a quote
        return content;
      } else if (!long_form && text_[at_] == '\n') {
        break;  // malformed
      } else {
        advance();
      }
    }
    return std::string(text_.substr(begin, at_ - begin));
  }

  static bool bare(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '_' || letter == '-' || (static_cast<unsigned char>(letter) & 0x80) != 0;
  }

  // A key, dotted or not; empty where there is none.
  std::vector<std::string> dotted(SourceSpan& where) {
    std::vector<std::string> parts;
    where = {line_, column_, 0};
    while (at_ < text_.size()) {
      const std::size_t begin = at_;
      if (text_[at_] == '"' || text_[at_] == '\'') {
        parts.push_back(quoted());
      } else {
        while (at_ < text_.size() && bare(text_[at_])) advance();
        if (at_ == begin) break;
        parts.emplace_back(text_.substr(begin, at_ - begin));
      }
      where.length = std::max(1, column_ - where.column);
      skip_blank(false);
      if (at_ >= text_.size() || text_[at_] != '.') break;
      advance();
      skip_blank(false);
    }
    return parts;
  }

  void note_depth(std::size_t levels, SourceSpan where) {
    if (static_cast<int>(levels) <= result_.depth) return;
    result_.depth = static_cast<int>(levels);
    result_.deepest = where;
  }

  void header() {
    const bool list = sees("[[");
    advance(list ? 2 : 1);
    skip_blank(false);
    SourceSpan where;
    std::vector<std::string> parts = dotted(where);
    note_depth(parts.size(), where);
    if (parts.size() > 64) parts.resize(64);
    prefix_.clear();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      prefix_.push_back(parts[i]);
      const bool last = i + 1 == parts.size();
      std::string whole = joined(prefix_);
      if (last && list) ++count_[whole];
      if (const auto counted = count_.find(whole); counted != count_.end())
        prefix_.back() += '#' + std::to_string(counted->second);
    }
    if (!parts.empty() && !list) result_.keys.push_back({prefix_, where, true});
    while (at_ < text_.size() && text_[at_] != '\n') {
      if (text_[at_] == '#') return skip_blank(false);
      advance();
    }
  }

  static std::string joined(const std::vector<std::string>& parts) {
    std::string all;
    for (const std::string& part : parts) all.append(part).push_back('\x1f');
    return all;
  }

  void key_and_value(const std::vector<std::string>& prefix) {
    SourceSpan where;
    const std::vector<std::string> parts = dotted(where);
    if (parts.empty()) return;
    std::vector<std::string> path = prefix;
    path.insert(path.end(), parts.begin(), parts.end());
    note_depth(path.size(), where);
    if (path.size() > 64) path.resize(64);
    result_.keys.push_back({path, where, false});
    skip_blank(false);
    if (at_ < text_.size() && text_[at_] == '=') {
      advance();
      value(path);
    }
  }

  // A value with its brackets, by a stack of our own: no nesting can exhaust the machine's.
  void value(const std::vector<std::string>& path) {
    struct Open {
      char bracket;
      std::vector<std::string> path;
      int item;
    };
    std::vector<Open> open;
    do {
      skip_blank(!open.empty());
      if (at_ >= text_.size()) return;
      const char letter = text_[at_];
      const bool in_table = !open.empty() && open.back().bracket == '{';
      if (letter == '[' || letter == '{') {
        std::vector<std::string> inner = open.empty() ? path : open.back().path;
        if (!open.empty() && open.back().bracket == '[' && inner.size() < 64)
          inner.push_back('#' + std::to_string(++open.back().item));
        open.push_back({letter, std::move(inner), 0});
        note_depth(path.size() + open.size(), {line_, column_, 1});
        advance();
      } else if (letter == ']' || letter == '}') {
        if (!open.empty()) open.pop_back();
        advance();
      } else if (in_table && key_may_stand_here_) {
        SourceSpan where;
        const std::vector<std::string> parts = dotted(where);
        if (parts.empty()) {
          advance();
          continue;
        }
        std::vector<std::string> inner = open.back().path;
        inner.insert(inner.end(), parts.begin(), parts.end());
        note_depth(path.size() + open.size() + parts.size(), where);
        if (inner.size() > 64) inner.resize(64);
        skip_blank(false);
        if (at_ < text_.size() && text_[at_] == '=') {
          result_.keys.push_back({inner, where, false});
          advance();
          key_may_stand_here_ = false;
          // a table or list below this key carries the key's path
          if (skip_blank(false); at_ < text_.size() && (text_[at_] == '[' || text_[at_] == '{')) {
            open.push_back({text_[at_], inner, 0});
            note_depth(path.size() + open.size(), {line_, column_, 1});
            key_may_stand_here_ = text_[at_] == '{';
            advance();
            continue;
          }
        }
        continue;
      } else if (letter == '"' || letter == '\'') {
        quoted();
      } else if (letter == '\n') {
        return;
      } else {
        advance();
        key_may_stand_here_ = letter == ',';
        if (letter != ',' && open.empty()) {  // a bare value runs to the end of its line or a comment
          while (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '#') advance();
        }
        continue;
      }
      key_may_stand_here_ = letter == '{';
    } while (!open.empty());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  int column_ = 1;
  bool key_may_stand_here_ = false;
  std::vector<std::string> prefix_;
  std::map<std::string, int> count_;  // tables so far in each list of tables
  KeyScan result_;
};

}  // namespace

KeyScan scan_keys(std::string_view text) { return Scanner(text).scan(); }

}  // namespace desist
