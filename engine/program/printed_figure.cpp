#include "engine/program/printed_figure.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "engine/core/figure_text.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

bool digit(char letter) { return letter >= '0' && letter <= '9'; }
bool letter_of_a_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// The unit of time that a word is: "weeks", "weekly" and "week" are "week"; empty if it is none.
std::string time_of(std::string_view word) {
  static constexpr std::array<std::string_view, 8> units{"minute", "hour",    "day",       "week",
                                                         "month",  "quarter", "half-year", "year"};
  if (word == "annum" || word == "annually") return "year";
  if (word == "daily") return "day";
  for (const std::string_view unit : units)
    if (word == unit ||
        (word.starts_with(unit) && (word.substr(unit.size()) == "s" || word.substr(unit.size()) == "ly")))
      return std::string(unit);
  return "";
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  PrintedFigure scan() {
    while (at_ < text_.size()) {
      if (digit(text_[at_]))
        number();
      else if (letter_of_a_word(text_[at_]))
        word();
      else if (text_[at_++] == '/')
        after_per_ = true;
    }
    if (both_sides_) found_.side.clear();
    return std::move(found_);
  }

 private:
  char at(std::size_t place) const { return place < text_.size() ? text_[place] : '\0'; }

  /// A minus before the number, or before its pound sign; a dash behind a letter or a digit joins two.
  bool negative(std::size_t first) const {
    std::string_view before = text_.substr(0, first);
    if (before.ends_with("£")) before.remove_suffix(std::string_view("£").size());
    for (const std::string_view minus : {"-", "−"}) {
      if (!before.ends_with(minus)) continue;
      before.remove_suffix(minus.size());
      return before.empty() || before.back() == ' ' || before.back() == '(' || before.ends_with("£");
    }
    return false;
  }

  void number() {
    PrintedAmount amount;
    const std::size_t first = at_;
    amount.negative = negative(first);
    for (; at_ < text_.size(); ++at_) {
      const bool between = digit(at(at_ + 1));
      const bool thousands =
          text_[at_] == ',' && between && digit(at(at_ + 2)) && digit(at(at_ + 3)) && !digit(at(at_ + 4));
      if (digit(text_[at_]) || (text_[at_] == '.' && between && amount.digits.find('.') == std::string::npos))
        amount.digits += text_[at_];
      else if (!thousands)
        break;
    }
    scale(amount, text_.substr(0, first).ends_with("£"));
    if (after_per_) per_count_ = amount.digits + " ";  // "deaths/3 years"
    if (!after_per_) thing_said_ = false;
    found_.amounts.push_back(std::move(amount));
  }

  void scale(PrintedAmount& amount, bool pounds) {
    static constexpr std::pair<std::string_view, int> scales[] = {
        {" thousand", 3}, {" million", 6}, {" billion", 9}, {"K", 3}, {"k", 3}, {"m", 6}, {"bn", 9}};
    std::string_view rest = text_.substr(at_);
    for (const std::string_view percent : {"%", " %", " per cent", " percent"})
      amount.percent = amount.percent || rest.starts_with(percent);
    if (amount.percent) at_ += rest.find_first_of("%t") + 1;
    for (const auto& [name, power] : scales) {
      // The letters only after "£", where m can't be metres.
      if (!rest.starts_with(name) || letter_of_a_word(at(at_ + name.size())) || (name.front() != ' ' && !pounds))
        continue;
      amount.power = power;
      at_ += name.size();
      return;
    }
  }

  void word() {
    const std::size_t first = at_;
    while (letter_of_a_word(at(at_)) || (at(at_) == '-' && letter_of_a_word(at(at_ + 1)))) ++at_;
    const std::string said = in_small_letters(text_.substr(first, at_ - first));
    if (said == "before" || said == "after") {
      both_sides_ = both_sides_ || (!found_.side.empty() && found_.side != said);
      found_.side = said;
    }
    const std::string time = time_of(said);
    if (said == "per" || said == "a" || said == "an" || said == "each" || said == "every") {
      after_per_ = true;
      return;
    }
    if (said == "working") return;  // "5 working days"
    if (after_per_ && !time.empty() && found_.per.empty()) found_.per = per_count_ + time;
    if (!after_per_ && !thing_said_ && !time.empty() && found_.time.empty()) found_.time = time;
    after_per_ = false;
    per_count_.clear();
    thing_said_ = true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  PrintedFigure found_;
  std::string per_count_;
  bool after_per_ = false, thing_said_ = false, both_sides_ = false;
};

}  // namespace

double PrintedAmount::size() const { return read_number(fmt::format("{}e{}", digits, power)).value_or(0); }

PrintedFigure printed_figure(std::string_view text) { return Scanner(text).scan(); }

PrintedFigure printed_unit(std::string_view unit) { return Scanner(unit.substr(0, unit.find('('))).scan(); }

}  // namespace desist
