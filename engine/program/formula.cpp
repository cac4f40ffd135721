#include "engine/program/formula.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr std::size_t most_letters_of_a_formula = 500;
constexpr int deepest_formula = 50;  // parentheses in parentheses
constexpr std::string_view formula_example = "write it like \"people * reoffended\"";

bool begins_a_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_of_number(char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; }
bool goes_on_name(char c) { return begins_a_name(c) || (c >= '0' && c <= '9'); }

using Operation = Formula::Operation;

class FormulaReader {
 public:
  FormulaReader(std::string_view text, const FormulaNames& names) : text_(text), names_(names) {}

  std::variant<ReadFormula, FormulaProblem> run() {
    if (text_.size() > most_letters_of_a_formula) {
      fail(0, text_.size(), fmt::format("a formula of {} letters", text_.size()),
           fmt::format("{} are the most", most_letters_of_a_formula), "divide it: an input may stand for a part of it");
      return *problem_;
    }
    const auto dimension = sum(0);
    skip();
    if (dimension && at_ < text_.size()) {
      const std::string_view letter = letter_at(at_);
      fail(at_, letter.size(), fmt::format("'{}' can't stand here", letter),
           letter == ")" ? "no ( is open" : "a formula goes on with + - * or /", "");
    }
    if (problem_) return *problem_;
    found_.dimension = *dimension;
    found_.formula.written = trimmed(text_);
    return found_;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }
  std::string_view letter_at(std::size_t at) const {  // all bytes of it
    std::size_t length = 1;
    while (at + length < text_.size() && (static_cast<unsigned char>(text_[at + length]) & 0xC0U) == 0x80U) ++length;
    return text_.substr(at, length);
  }
  bool take(char wanted) {
    skip();
    if (at_ >= text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  std::nullopt_t fail(std::size_t at, std::size_t length, std::string problem, std::string why, std::string cure) {
    if (!problem_)
      problem_ = {at, std::max<std::size_t>(1, length), std::move(problem), std::move(why), std::move(cure)};
    return std::nullopt;
  }
  void push(Operation operation) { found_.formula.steps.push_back({operation, 0, 0}); }
  std::string part(std::size_t from, std::size_t to) const { return trimmed(text_.substr(from, to - from)); }

  std::optional<Dimension> sum(int depth) {
    skip();
    const std::size_t from = at_;
    auto value = product(depth);
    while (value) {
      skip();
      const std::size_t operation = at_;
      const bool plus = take('+');
      if (!plus && !take('-')) break;
      skip();
      const std::size_t second = at_;
      const auto next = product(depth);
      if (!next) return std::nullopt;
      if (!(*next == *value))
        return fail(from, at_ - from,
                    fmt::format("'{}' is {} and '{}' is {}", part(from, operation), value->in_words(),
                                part(second, at_), next->in_words()),
                    plus ? "they can't be added up" : "one can't be taken from the other",
                    "multiply one of them by what turns it into the other");
      push(plus ? Operation::add : Operation::subtract);
    }
    return value;
  }

  std::optional<Dimension> product(int depth) {
    auto value = factor(depth);
    while (value) {
      const bool times = take('*');
      if (!times && !take('/')) break;
      skip();
      const std::size_t divisor = at_;
      const auto next = factor(depth);
      if (!next) return std::nullopt;
      const auto& last = found_.formula.steps.back();
      if (!times && last.operation == Operation::number && last.number == 0)
        return fail(divisor, at_ - divisor, "a division by nothing", fmt::format("'{}' is 0", part(divisor, at_)), "");
      push(times ? Operation::multiply : Operation::divide);
      value = times ? value->times(*next) : value->over(*next);
    }
    return value;
  }

  std::optional<Dimension> factor(int depth) {
    skip();
    if (at_ >= text_.size())
      return fail(text_.empty() ? 0 : text_.size() - 1, 1,
                  found_.formula.steps.empty() ? "a formula is empty" : "a formula ends too early",
                  "a number or a name is missing", std::string(formula_example));
    if (depth > deepest_formula)
      return fail(at_, 1, fmt::format("more than {} parentheses in one another", deepest_formula), "", "");
    const std::size_t from = at_;
    if (take('-')) {
      const auto value = factor(depth + 1);
      if (value) push(Operation::negate);
      return value;
    }
    if (take('(')) {
      const auto value = sum(depth + 1);
      if (!value) return std::nullopt;
      if (!take(')')) return fail(from, 1, "this ( is never closed", "", "add ) where it ends");
      return value;
    }
    if (is_of_number(text_[at_]) && text_[at_] != ',') return number();
    if (begins_a_name(text_[at_])) return name();
    const std::string_view letter = letter_at(at_);
    return fail(
        at_, letter.size(), fmt::format("'{}' can't stand here", letter), "a number or a name is missing",
        letter == "£" ? "give the amount as an input, with its source: [inputs]" : std::string(formula_example));
  }

  std::optional<Dimension> number() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_of_number(text_[at_])) ++at_;
    const std::string written(text_.substr(from, at_ - from));
    const auto value = read_number(written);
    if (!value || !std::isfinite(*value))
      return fail(from, written.size(), fmt::format("'{}' is not a number", written), "", "write it like 12 or 0.5");
    const bool percent = at_ < text_.size() && text_[at_] == '%';
    if (percent) ++at_;
    found_.formula.steps.push_back({Operation::number, percent ? *value / 100 : *value, 0});
    return Dimension{};
  }

  std::optional<Dimension> name() {
    const std::size_t from = at_;
    while (at_ < text_.size() &&
           (goes_on_name(text_[at_]) || (text_[at_] == '.' && at_ + 1 < text_.size() && begins_a_name(text_[at_ + 1]))))
      ++at_;
    const std::string_view written = text_.substr(from, at_ - from);
    std::optional<std::string_view> item;
    if (take('[')) {
      const std::size_t open = at_;
      const std::size_t close = text_.find(']', open);
      if (close == std::string_view::npos)
        return fail(open - 1, 1, "this [ is never closed", "", "add ] after the item");
      item = text_.substr(open, close - open);
      at_ = close + 1;
    }
    const auto meant = names_(written, item);
    if (const auto* wrong = std::get_if<FormulaProblem>(&meant))
      return fail(from, at_ - from, wrong->problem, wrong->why, wrong->cure);
    const auto& term = std::get<FormulaTerm>(meant);
    auto& used = term.step.operation == Operation::input ? found_.inputs : found_.outcomes;
    if (std::find(used.begin(), used.end(), term.step.index) == used.end()) used.push_back(term.step.index);
    found_.by_year = found_.by_year || term.by_year;
    found_.formula.steps.push_back(term.step);
    return term.dimension;
  }

  std::string_view text_;
  const FormulaNames& names_;
  std::size_t at_ = 0;
  ReadFormula found_;
  std::optional<FormulaProblem> problem_;
};

}  // namespace

std::variant<ReadFormula, FormulaProblem> read_formula(std::string_view text, const FormulaNames& names) {
  return FormulaReader(text, names).run();
}

}  // namespace desist
