#include "engine/program/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t most_letters_of_a_sum = 500;
constexpr int deepest = 50;  // parentheses in parentheses

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// A value, and the power of ten of its last digit that is known: nothing where all are.
struct Known {
  double value = 0;
  std::optional<int> place;
};

/// The power of ten of a number's first digit; of 0, for which there is none, that of 1.
int first_place(double value) { return value == 0 ? 0 : static_cast<int>(std::floor(std::log10(std::fabs(value)))); }

/// The power of ten of the last digit of a number as printed.
int last_place(std::string_view number) {
  const std::size_t point = number.find('.');
  return point == std::string_view::npos ? 0 : -static_cast<int>(number.size() - point - 1);
}

/// A sum or difference is known to the place to which its less precise term is.
Known added(const Known& a, const Known& b, double sign) {
  const double value = a.value + sign * b.value;
  if (!a.place || !b.place) return {value, a.place ? a.place : b.place};
  return {value, std::max(*a.place, *b.place)};
}

/// A product or quotient has as many significant digits as the factor with fewer.
Known multiplied(const Known& a, const Known& b, double value) {
  std::optional<int> digits;
  for (const Known& factor : {a, b}) {
    if (!factor.place) continue;
    const int has = std::max(1, first_place(factor.value) - *factor.place + 1);
    digits = digits ? std::min(*digits, has) : has;
  }
  if (!digits) return {value, std::nullopt};
  return {value, first_place(value) - *digits + 1};
}

/// Whether a row counts things one by one, so that its whole number is all there is to know. Its unit says so: money,
/// shares and times are measured, and what stands in parentheses ("over", "approx") takes it back.
bool is_a_count(const EvidenceRow& row) {
  static constexpr std::array measured{"GBP",   "proportion", "year", "years", "month", "months", "week",
                                       "weeks", "day",        "days", "hour",  "hours", "minute", "minutes"};
  const std::string first = row.unit.substr(0, row.unit.find_first_of(" /"));
  return row.unit.find('(') == std::string::npos &&
         std::find(measured.begin(), measured.end(), first) == measured.end();
}

std::string with_commas(const std::string& number) {
  const std::size_t point = number.find('.');
  const auto whole = read_number(number.substr(0, point));
  return whole ? whole_number(*whole) + (point == std::string::npos ? "" : number.substr(point)) : number;
}

/// How a row prints its value: the number among its words, or else the value itself.
struct Print {
  std::string shown;
  std::optional<int> place;  // of the last digit that is known
};
Print print_of(const EvidenceRecord& record, double value) {
  const bool money = record.row.unit.starts_with("GBP");
  for (const double scale : {1.0, 100.0}) {  // a share is printed as a percentage
    for (const std::string& number : numbers_in(record.row.printed)) {
      const auto read = read_number(number);
      if (!read || std::fabs(*read - std::fabs(value) * scale) > 1e-9 * std::fabs(*read)) continue;
      const std::string shown = (money ? "£" : "") + with_commas(number) + (scale > 1 ? "%" : "");
      const int place = last_place(number) - (scale > 1 ? 2 : 0);
      const bool exact = scale == 1 && place == 0 && is_a_count(record.row);
      return {(value < 0 ? "-" : "") + shown, exact ? std::nullopt : std::optional(place)};
    }
  }
  const std::string number = shortest(value);
  const bool exact = last_place(number) == 0 && is_a_count(record.row);
  return {(money ? "£" : "") + with_commas(number), exact ? std::nullopt : std::optional(last_place(number))};
}

class Calculator {
 public:
  Calculator(std::string_view text, const EvidenceLibrary& evidence) : text_(text), evidence_(evidence) {}

  std::variant<Arithmetic, ArithmeticProblem> run() {
    if (text_.size() > most_letters_of_a_sum) {
      fail(0, text_.size(), fmt::format("a sum of {} letters", text_.size()),
           fmt::format("{} are the most", most_letters_of_a_sum), "divide it into several results");
      return *problem_;
    }
    const auto value = sum(0);
    skip();
    if (value && at_ < text_.size() && !problem_) {
      const std::size_t end = std::min(text_.size(), at_ + letter_length());
      fail(at_, end - at_, fmt::format("'{}' can't stand here", text_.substr(at_, end - at_)),
           text_[at_] == ')' ? "no ( is open" : "a sum goes on with + - * or /", "");
    }
    if (problem_) return *problem_;
    found_.value = value->value;
    found_.digits = value->place ? std::max(1, first_place(value->value) - *value->place + 1) : 0;
    return found_;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  std::size_t letter_length() const {  // bytes of the letter at at_
    std::size_t length = 1;
    while (at_ + length < text_.size() && (static_cast<unsigned char>(text_[at_ + length]) & 0xC0U) == 0x80U) ++length;
    return length;
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
  std::optional<Known> finite(const Known& value, std::size_t from) {
    if (std::isfinite(value.value)) return value;
    return fail(from, at_ - from, "the sum is too large for a number", "", "");
  }

  std::optional<Known> sum(int depth) {
    skip();
    const std::size_t from = at_;
    auto value = product(depth);
    while (value) {
      const bool plus = take('+');
      if (!plus && !take('-')) break;
      found_.in_numbers += plus ? " + " : " − ";
      const auto next = product(depth);
      if (!next) return std::nullopt;
      value = finite(added(*value, *next, plus ? 1 : -1), from);
    }
    return value;
  }

  std::optional<Known> product(int depth) {
    skip();
    const std::size_t from = at_;
    auto value = factor(depth);
    while (value) {
      skip();
      const std::size_t operation = at_;
      const bool times = take('*');
      if (!times && !take('/')) break;
      found_.in_numbers += times ? " × " : " ÷ ";
      skip();
      const std::size_t divisor = at_;
      const auto next = factor(depth);
      if (!next) return std::nullopt;
      if (!times && next->value == 0)
        return fail(divisor, at_ - divisor,
                    fmt::format("'{}' is divided by nothing", trimmed(text_.substr(from, operation - from))),
                    fmt::format("'{}' is 0", trimmed(text_.substr(divisor, at_ - divisor))), "");
      value = finite(multiplied(*value, *next, times ? value->value * next->value : value->value / next->value), from);
    }
    return value;
  }

  std::optional<Known> factor(int depth) {
    skip();
    if (at_ >= text_.size())
      return fail(text_.empty() ? 0 : text_.size() - 1, 1,
                  found_.in_numbers.empty() ? "a sum is empty" : "a sum ends too early",
                  "a number or an evidence id is missing", "write it like \"nc.elig.nfa * 5%\"");
    if (depth > deepest) return fail(at_, 1, fmt::format("more than {} parentheses in one another", deepest), "", "");
    const std::size_t from = at_;
    if (take('-')) {
      found_.in_numbers += "−";
      const auto value = factor(depth + 1);
      return value ? std::optional(Known{-value->value, value->place}) : std::nullopt;
    }
    if (take('(')) {
      found_.in_numbers += "(";
      const auto value = sum(depth + 1);
      if (!value) return std::nullopt;
      if (!take(')')) return fail(from, 1, "this ( is never closed", "", "add ) where it ends");
      found_.in_numbers += ")";
      return value;
    }
    constexpr std::string_view pound = "£";
    const bool money = text_.substr(at_).starts_with(pound);
    if (money) at_ += pound.size();
    if (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.')) return number(from, money);
    if (!money && is_letter(text_[at_])) return of_evidence();
    at_ = from;
    const std::string_view letter = text_.substr(at_, letter_length());
    return fail(at_, letter.size(), fmt::format("'{}' can't stand here", letter),
                "a number or an evidence id is missing", "write it like \"nc.elig.nfa * 5%\"");
  }

  std::optional<Known> number(std::size_t from, bool money) {
    const std::size_t digits = at_;
    while (at_ < text_.size() && (is_digit(text_[at_]) || text_[at_] == '.' || text_[at_] == ',')) ++at_;
    const std::string written(text_.substr(digits, at_ - digits));
    const auto value = read_number(written);
    if (!value)
      return fail(digits, written.size(), fmt::format("'{}' is not a number", written), "",
                  "write it like 2714, 2,714 or 0.5");
    const bool percent = !money && take('%');
    std::string plain = written;
    std::erase(plain, ',');
    found_.in_numbers += (money ? "£" : "") + with_commas(plain) + (percent ? "%" : "");
    return finite({percent ? *value / 100 : *value, std::nullopt}, from);
  }

  std::optional<Known> of_evidence() {
    const std::size_t from = at_;
    const auto goes_on = [this](std::size_t at) {
      if (at >= text_.size()) return false;
      const bool plain = is_letter(text_[at]) || is_digit(text_[at]);
      const bool next = at + 1 < text_.size() && (is_letter(text_[at + 1]) || is_digit(text_[at + 1]));
      return plain || ((text_[at] == '.' || text_[at] == '-') && next);
    };
    while (goes_on(at_)) ++at_;
    const std::string id(text_.substr(from, at_ - from));
    const EvidenceRecord* record = evidence_.find(id);
    if (!record) {
      const auto near = did_you_mean(id, evidence_.ids());
      std::string cure = "add the row to evidence/*.csv beside the experiment, or look its id up there";
      if (near) cure = fmt::format("did you mean '{}'?", *near);
      if (const std::size_t minus = id.find('-'); minus != std::string::npos && evidence_.find(id.substr(0, minus)))
        cure = "put spaces around a minus: an id may hold one";
      return fail(from, id.size(), fmt::format("no evidence row has the id '{}'", id), "", std::move(cure));
    }
    const auto value = record->values.empty() ? std::nullopt : read_number(record->values.front());
    if (!value)
      return fail(from, id.size(), fmt::format("'{}' prints no single number", id),
                  fmt::format("it prints: {}", record->row.printed), "name a row with one value");
    const Print print = print_of(*record, *value);
    found_.in_numbers += print.shown;
    if (std::find(found_.evidence.begin(), found_.evidence.end(), id) == found_.evidence.end())
      found_.evidence.push_back(id);
    return Known{*value, print.place};
  }

  std::string_view text_;
  const EvidenceLibrary& evidence_;
  std::size_t at_ = 0;
  Arithmetic found_;
  std::optional<ArithmeticProblem> problem_;
};

}  // namespace

std::variant<Arithmetic, ArithmeticProblem> work_out(std::string_view text, const EvidenceLibrary& evidence) {
  return Calculator(text, evidence).run();
}

}  // namespace desist
