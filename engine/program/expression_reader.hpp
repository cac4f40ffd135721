// What the readers of sums and of formulas share: the grammar of arithmetic, and the first thing that is wrong in a
// text.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {

/// Why a text is no arithmetic, and the stretch of it that is wrong, in bytes from its beginning.
struct ExpressionProblem {
  std::size_t at = 0;
  std::size_t length = 1;
  std::string problem;
  std::string why;
  std::string cure;
};

/// How messages speak of the text.
struct ExpressionWords {
  std::string_view what;     // "formula"
  std::string_view missing;  // "a number or a name is missing"
  std::string_view example;  // "write it like ..."
  std::string_view divide;   // what to do with a text that is too long
};

/// A place in a text, and the first thing wrong with it.
class ExpressionText {
 protected:
  explicit ExpressionText(std::string_view text) : text_(text) {}

  void skip();
  /// The letter at a place, with all its bytes.
  std::string_view letter_at(std::size_t at) const;
  /// Goes on past the wanted letter, and the blanks before it, where it comes next.
  bool take(char wanted);
  /// Goes past digits, points and commas: a number as written.
  std::string_view take_digits();
  bool at_digit() const;
  bool at_letter() const;  // of a name
  std::string part(std::size_t from, std::size_t to) const { return trimmed(text_.substr(from, to - from)); }
  std::nullopt_t fail(std::size_t at, std::size_t length, std::string problem, std::string why, std::string cure);

  std::string_view text_;
  std::size_t at_ = 0;
  std::optional<ExpressionProblem> problem_;
};

/// Where the two sides of an operation stand.
struct OperationPlace {
  std::size_t from = 0, sign = 0, second = 0;
};

/// Reads sums of products of factors:
///
///   sum := product (("+" | "-") product)*      product := factor (("*" | "/") factor)*
///   factor := ["-"] ( "(" sum ")" | term )
///
/// What a value is, what comes of two of them and what a term may be, says whoever derives from it. At most 500 letters
/// and 50 parentheses in one another: no text can make it fail otherwise than by a problem.
/// Verified by: arithmetic_test, formula_test.
template <class Value>
class ExpressionReader : protected ExpressionText {
 protected:
  ExpressionReader(std::string_view text, const ExpressionWords& words) : ExpressionText(text), words_(words) {}
  ~ExpressionReader() = default;

  virtual std::optional<Value> added(const Value& a, const Value& b, bool plus, const OperationPlace& place) = 0;
  virtual std::optional<Value> multiplied(const Value& a, const Value& b, bool times, const OperationPlace& place) = 0;
  virtual Value negated(const Value& value) = 0;
  /// A number or a name at the place; it reports what it can't be.
  virtual std::optional<Value> term() = 0;
  /// A sign as a reader prints it: " × ".
  virtual void wrote(std::string_view) {}

  /// The whole text.
  std::optional<Value> read() {
    if (text_.size() > most_letters)
      return fail(0, text_.size(), fmt::format("a {} of {} letters", words_.what, text_.size()),
                  fmt::format("{} are the most", most_letters), std::string(words_.divide));
    const auto value = sum(0);
    skip();
    if (!value || at_ >= text_.size()) return value;
    return goes_on_otherwise();
  }

  std::nullopt_t nothing_stands_here(std::string cure) {
    const std::string_view letter = letter_at(at_);
    return fail(at_, letter.size(), fmt::format("'{}' can't stand here", letter), std::string(words_.missing),
                std::move(cure));
  }

  const ExpressionWords words_;

 private:
  static constexpr std::size_t most_letters = 500;
  static constexpr int deepest = 50;  // parentheses in parentheses

  std::optional<Value> sum(int depth) {
    OperationPlace place = begun();
    auto value = product(depth);
    while (value) {
      skip();
      place.sign = at_;
      const bool plus = take('+');
      if (!plus && !take('-')) break;
      wrote(plus ? " + " : " − ");
      place.second = begun().from;
      const auto next = product(depth);
      if (!next) return std::nullopt;
      value = added(*value, *next, plus, place);
    }
    return value;
  }

  std::optional<Value> product(int depth) {
    OperationPlace place = begun();
    auto value = factor(depth);
    while (value) {
      skip();
      place.sign = at_;
      const bool times = take('*');
      if (!times && !take('/')) break;
      wrote(times ? " × " : " ÷ ");
      place.second = begun().from;
      const auto next = factor(depth);
      if (!next) return std::nullopt;
      value = multiplied(*value, *next, times, place);
    }
    return value;
  }

  std::optional<Value> factor(int depth) {
    skip();
    if (at_ >= text_.size())
      return fail(text_.empty() ? 0 : text_.size() - 1, 1,
                  fmt::format("a {} {}", words_.what, trimmed(text_).empty() ? "is empty" : "ends too early"),
                  std::string(words_.missing), std::string(words_.example));
    if (depth > deepest)
      return fail(at_, 1, fmt::format("more than {} parentheses in one another", deepest), "",
                  std::string(words_.divide));
    const std::size_t from = at_;
    if (take('-')) {
      wrote("−");
      const auto value = factor(depth + 1);
      return value ? std::optional(negated(*value)) : std::nullopt;
    }
    if (!take('(')) return term();
    wrote("(");
    auto value = sum(depth + 1);
    if (!value) return std::nullopt;
    if (take(')')) {
      wrote(")");
      return value;
    }
    if (at_ < text_.size()) return goes_on_otherwise();
    return fail(from, 1, "this ( is never closed", "", "add ) where it ends");
  }

  // What stands where a sign is wanted.
  std::nullopt_t goes_on_otherwise() {
    const std::string_view letter = letter_at(at_);
    const bool closes = letter == ")", times = letter == "x" || letter == "×";
    return fail(at_, letter.size(), fmt::format("'{}' can't stand here", letter),
                closes ? "no ( is open" : fmt::format("a {} goes on with + - * or /", words_.what),
                closes  ? "take it out, or add ( where it begins"
                : times ? "write * for times"
                        : "put one of these before it, or take it out");
  }

  OperationPlace begun() {
    skip();
    return {at_, at_, at_};
  }
};

}  // namespace desist
