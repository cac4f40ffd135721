#include "engine/program/formula.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr ExpressionWords of_formulas{"formula", "a number or a name is missing",
                                      "write it like \"people * reoffended\"",
                                      "divide it: an input may stand for a part of it"};

bool begins_a_name(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool goes_on_name(char c) { return begins_a_name(c) || (c >= '0' && c <= '9'); }

using Operation = Formula::Operation;

class FormulaReader final : ExpressionReader<Dimension> {
 public:
  FormulaReader(std::string_view text, const FormulaNames& names)
      : ExpressionReader(text, of_formulas), names_(names) {}

  std::variant<ReadFormula, ExpressionProblem> run() {
    const auto dimension = read();
    if (!dimension) return *problem_;
    found_.dimension = *dimension;
    found_.formula.written = trimmed(text_);
    return found_;
  }

 private:
  void push(Operation operation) { found_.formula.steps.push_back({operation, 0, 0}); }

  std::optional<Dimension> added(const Dimension& a, const Dimension& b, bool plus,
                                 const OperationPlace& place) override {
    const auto& steps = found_.formula.steps;
    const bool of_one = steps.size() >= 2 && steps.back().operation == Operation::input &&
                        steps[steps.size() - 2].operation == Operation::number && steps[steps.size() - 2].number == 1;
    if (!plus && of_one) found_.shares.push_back(steps.back().index);
    push(plus ? Operation::add : Operation::subtract);
    if (a == b) return a;
    return fail(place.from, at_ - place.from,
                fmt::format("'{}' is {} and '{}' is {}", part(place.from, place.sign), a.in_words(),
                            part(place.second, at_), b.in_words()),
                plus ? "they can't be added up" : "one can't be taken from the other",
                "multiply one of them by what turns it into the other");
  }

  std::optional<Dimension> multiplied(const Dimension& a, const Dimension& b, bool times,
                                      const OperationPlace& place) override {
    const Formula::Step& last = found_.formula.steps.back();
    if (!times && last.operation == Operation::number && last.number == 0)
      return fail(place.second, at_ - place.second, "a division by nothing",
                  fmt::format("'{}' is 0", part(place.second, at_)), "divide by what is above 0");
    push(times ? Operation::multiply : Operation::divide);
    return times ? a.times(b) : a.over(b);
  }

  Dimension negated(const Dimension& value) override {
    push(Operation::negate);
    return value;
  }

  std::optional<Dimension> term() override {
    if (at_digit()) return number();
    if (at_letter()) return name();
    return nothing_stands_here(letter_at(at_) == "£" ? "give the amount as an input, with its source: [inputs]"
                                                     : std::string(words_.example));
  }

  std::optional<Dimension> number() {
    const std::size_t from = at_;
    const std::string written(take_digits());
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
    if (const auto* wrong = std::get_if<ExpressionProblem>(&meant))
      return fail(from, at_ - from, wrong->problem, wrong->why, wrong->cure);
    const auto& stands_for = std::get<FormulaTerm>(meant);
    auto& used = stands_for.step.operation == Operation::input ? found_.inputs : found_.outcomes;
    if (std::find(used.begin(), used.end(), stands_for.step.index) == used.end()) used.push_back(stands_for.step.index);
    found_.by_year = found_.by_year || stands_for.by_year;
    found_.formula.steps.push_back(stands_for.step);
    return stands_for.dimension;
  }

  const FormulaNames& names_;
  ReadFormula found_;
};

}  // namespace

std::variant<ReadFormula, ExpressionProblem> read_formula(std::string_view text, const FormulaNames& names) {
  return FormulaReader(text, names).run();
}

}  // namespace desist
