#include "engine/core/figure_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr std::string_view pound = "£";

bool is_figure(char letter) { return letter >= '0' && letter <= '9'; }
bool is_letter(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z'); }

// One blank for any run of blanks (no-break and thin spaces too) and "-" for the minus sign and the dashes of print.
std::string normalised(std::string_view text) {
  static constexpr std::pair<std::string_view, std::string_view> replacements[] = {
      {"\u00A0", " "}, {"\u2009", " "}, {"\u202F", " "}, {"\t", " "},     {"\n", " "},
      {"\r", " "},     {"\u2212", "-"}, {"\u2013", "-"}, {"\u2010", "-"}, {"\u2011", "-"}};
  std::string result;
  while (!text.empty()) {
    std::string_view piece = text.substr(0, 1);
    std::size_t length = 1;
    for (const auto& [from, to] : replacements)
      if (text.starts_with(from)) {
        piece = to;
        length = from.size();
      }
    if (piece != " " || (!result.empty() && result.back() != ' ')) result += piece;
    text.remove_prefix(length);
  }
  if (result.ends_with(' ')) result.pop_back();
  return result;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : figure_{normalised(text), {}} {}

  std::variant<FigureText, QuantityProblem> split_all() {
    while (at_ < figure_.text.size()) {
      if (rest().front() == ' ')
        ++at_;
      else if (is_dash())
        take_dash();
      else if (starts_amount()) {
        if (auto problem = take_amount()) return *std::move(problem);
      } else
        take_word();
    }
    return std::move(figure_);
  }

 private:
  std::string_view rest() const { return std::string_view(figure_.text).substr(at_); }
  char letter(std::size_t ahead) const { return at_ + ahead < figure_.text.size() ? figure_.text[at_ + ahead] : '\0'; }

  // A dash joins two numbers when there are blanks on both of its sides or on neither: "6-8", "6 - 8", never "6 -8".
  bool is_dash() const {
    if (letter(0) != '-' || figure_.tokens.empty() || std::holds_alternative<Dash>(figure_.tokens.back())) return false;
    return (figure_.text[at_ - 1] == ' ') == (letter(1) == ' ');
  }

  void take_dash() {
    figure_.tokens.emplace_back(Dash{});
    ++at_;
  }

  bool starts_amount() const {
    std::string_view text = rest();
    for (int sign = 0; sign < 2; ++sign)
      if (text.starts_with('-'))
        text.remove_prefix(1);
      else if (text.starts_with(pound))
        text.remove_prefix(pound.size());
    return !text.empty() && (is_figure(text[0]) || (text.size() > 1 && text[0] == '.' && is_figure(text[1])));
  }

  bool take(std::string_view beginning) {
    if (!rest().starts_with(beginning)) return false;
    at_ += beginning.size();
    return true;
  }

  std::optional<QuantityProblem> take_amount() {
    Amount amount;
    amount.begin = at_;
    amount.negative = take("-");
    if (take(pound)) {
      amount.pounds = true;
      amount.begin = at_;
      amount.negative = take("-") || amount.negative;
    }
    const std::size_t first = at_;
    take_digits();
    if (letter(0) == '.' && is_figure(letter(1))) {
      const std::size_t point = at_++;
      take_digits();
      amount.decimals = static_cast<int>(at_ - point - 1);
    }
    take_exponent();
    const std::string printed = figure_.text.substr(first, at_ - first);
    amount.end = at_;
    if (printed == "0" && (letter(0) == 'x' || letter(0) == 'X')) {
      const std::size_t length = std::min(rest().find(' '), rest().size());
      return QuantityProblem{
          fmt::format("{} is not a decimal number", in_quotes(printed + std::string(rest().substr(0, length)))), ""};
    }
    if (letter(0) == ' ' && letter(1) == '%') ++at_;
    amount.percent = take("%");
    amount.power = amount.percent ? -2 : take_scale(amount.pounds);
    if (!read_number(printed.substr(0, printed.find_first_of("eE"))))
      return QuantityProblem{fmt::format("{} has a comma that does not stand before three digits", in_quotes(printed)),
                             ""};
    for (const char digit : printed)
      if (digit != ',') amount.digits += digit;
    if (!std::isfinite(amount.value()))
      return QuantityProblem{fmt::format("{} is too large or too small for a number", in_quotes(printed)), ""};
    figure_.tokens.emplace_back(std::move(amount));
    return std::nullopt;
  }

  void take_digits() {
    while (is_figure(letter(0)) || (letter(0) == ',' && is_figure(letter(1)))) ++at_;
  }

  void take_exponent() {
    if (letter(0) != 'e' && letter(0) != 'E') return;
    const std::size_t sign = letter(1) == '-' || letter(1) == '+' ? 1 : 0;
    if (!is_figure(letter(1 + sign))) return;
    at_ += 1 + sign;
    while (is_figure(letter(0))) ++at_;
  }

  // The power of ten of "million" and the like; the letters k, m and bn only after "£", where m can't be months.
  int take_scale(bool pounds) {
    static constexpr std::pair<std::string_view, int> scales[] = {{" thousand", 3}, {" million", 6}, {" billion", 9},
                                                                  {"k", 3},         {"m", 6},        {"bn", 9}};
    for (const auto& [name, power] : scales) {
      if (!rest().starts_with(name) || is_letter(letter(name.size())) || (name.front() != ' ' && !pounds)) continue;
      at_ += name.size();
      return power;
    }
    return 0;
  }

  void take_word() {
    if (take("/")) {
      figure_.tokens.emplace_back(Word{"per"});
      return;
    }
    const std::size_t length = std::max<std::size_t>(1, std::min(rest().find_first_of(" /"), rest().size()));
    figure_.tokens.emplace_back(Word{in_small_letters(rest().substr(0, length))});
    at_ += length;
  }

  FigureText figure_;
  std::size_t at_ = 0;
};

}  // namespace

double Amount::value() const {
  const std::size_t mark = std::min(digits.find_first_of("eE"), digits.size());
  int exponent = 0;
  if (mark < digits.size()) {
    const std::size_t sign = digits[mark + 1] == '+' ? 1 : 0;
    const char* const start = digits.data() + mark + 1 + sign;
    if (std::from_chars(start, digits.data() + digits.size(), exponent).ec != std::errc{} || std::abs(exponent) > 999)
      return std::numeric_limits<double>::infinity();
  }
  // The power of ten goes into the text, so that 0.1% is rounded once: the double nearest to 0.001.
  const auto size = read_number(fmt::format("{}e{}", digits.substr(0, mark), exponent + power));
  if (!size) return std::numeric_limits<double>::infinity();
  return negative ? -*size : *size;
}

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& letter : small)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return small;
}

std::variant<FigureText, QuantityProblem> split_figure(std::string_view text) { return Splitter(text).split_all(); }

std::string in_quotes(std::string_view text) {
  constexpr std::size_t most = 60;
  if (text.size() <= most) return fmt::format("'{}'", text);
  std::size_t end = most;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not inside a character
  return fmt::format("'{}...'", text.substr(0, end));
}

}  // namespace desist
