#include "engine/program/input_unit.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "engine/core/figure_text.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

using Pieces = std::vector<std::string>;

constexpr double minutes_in_an_hour = 60;
constexpr std::string_view example = "write it like \"£320 per person\", \"310 people per year\" or \"35%\"";

bool is_calendar_time(std::string_view word) { return hours_in(word).has_value() && word != "hour" && word != "hours"; }
bool is_minutes(std::string_view word) { return word == "minute" || word == "minutes"; }
bool is_work_time(std::string_view word) { return word == "hour" || word == "hours" || is_minutes(word); }

// "week" of "weeks".
std::string one_of(std::string_view time) {
  return std::string(time.ends_with('s') ? time.substr(0, time.size() - 1) : time);
}

bool ends_a_noun(std::string_view word) {
  static constexpr std::array<std::string_view, 19> known{
      "after", "among", "at", "before", "between", "by", "during", "following", "for",   "from",
      "in",    "of",    "on", "per",    "since",   "to", "until",  "with",      "within"};
  return std::find(known.begin(), known.end(), word) != known.end();
}

bool is_article(std::string_view word) { return word == "a" || word == "an" || word == "each" || word == "every"; }

bool begins_with_a_figure(std::string_view word) { return word.find_first_of("0123456789") != std::string_view::npos; }

class UnitReader {
 public:
  explicit UnitReader(std::string_view text) : given_(text) {}

  std::variant<InputUnit, QuantityProblem> read() {
    if (!take_pieces() || !take_denominators() || !take_numerator()) return *problem_;
    unit_.words = in_words();
    return unit_;
  }

 private:
  bool fail(std::string problem, std::string cure = std::string(example)) {
    problem_ = QuantityProblem{std::move(problem), std::move(cure)};
    return false;
  }

  bool take_pieces() {
    const auto split_text = split_figure(given_);
    if (const auto* wrong = std::get_if<QuantityProblem>(&split_text)) return fail(wrong->problem);
    figure_ = std::get<FigureText>(split_text);
    if (figure_.tokens.empty()) return fail("no figure is given");
    if (!std::holds_alternative<Amount>(figure_.tokens.front()))
      return fail(fmt::format("{} does not begin with a number", in_quotes(given_)));
    std::string spaced;
    for (const char letter : figure_.text) spaced += letter == '/' ? std::string(" per ") : std::string(1, letter);
    for (const std::string& piece : split(spaced, ' '))
      if (!piece.empty()) pieces_.push_back(piece);
    return true;
  }

  // Takes "per person" out of the pieces, wherever it stands; "per year" stays, for read_quantity.
  bool take_denominators() {
    for (std::size_t i = 0; i + 1 < pieces_.size();) {
      const std::string word = in_small_letters(pieces_[i]), next = in_small_letters(pieces_[i + 1]);
      const bool article = is_article(word) && i > 0 && !ends_a_noun(in_small_letters(pieces_[i - 1]));
      if ((word != "per" && !article) || begins_with_a_figure(next)) {
        ++i;
        continue;
      }
      if (is_calendar_time(next)) {
        if (!time_.empty())
          return fail(fmt::format("{} is per {} and per {}", in_quotes(given_), time_, one_of(next)),
                      "a figure is per one unit of time");
        time_ = one_of(next);
        i += 2;
        continue;
      }
      std::size_t end = i + 1;
      Pieces noun;
      while (end < pieces_.size() && !ends_a_noun(in_small_letters(pieces_[end])) &&
             !(end > i + 1 && is_article(in_small_letters(pieces_[end]))))
        noun.push_back(in_small_letters(pieces_[end++]));
      if (noun.empty()) return fail(fmt::format("{} does not say per what", in_quotes(given_)));
      below_.push_back(fmt::format("{}", fmt::join(noun, " ")));
      if (!below_.back().ends_with('s')) below_.back() = singular(below_.back());  // "per women" is per woman
      pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(i),
                    pieces_.begin() + static_cast<std::ptrdiff_t>(end));
    }
    if (!pieces_.empty() && in_small_letters(pieces_.back()) == "per")
      return fail(fmt::format("{} does not say per what", in_quotes(given_)));
    unit_.per = fmt::format("{}", fmt::join(below_, " per "));
    for (const std::string& noun : below_) {
      if (is_minutes(noun)) unit_.factor *= minutes_in_an_hour;
      unit_.dimension = unit_.dimension.over(Dimension::noun(is_work_time(noun) ? "hour" : noun));
    }
    return true;
  }

  // What stands after the last number, up to a preposition or what it is per.
  Pieces counted() const {
    Pieces noun;
    std::size_t last = 0;
    for (std::size_t i = 0; i < pieces_.size(); ++i)
      if (begins_with_a_figure(pieces_[i])) last = i;
    for (std::size_t i = last + 1; i < pieces_.size(); ++i) {
      const std::string word = in_small_letters(pieces_[i]);
      if (ends_a_noun(word) || is_article(word)) break;
      if (word != "million" && word != "thousand" && word != "billion" && word != "m" && word != "bn" && word != "k")
        noun.push_back(word);
    }
    return noun;
  }

  bool take_numerator() {
    const auto any = [&](auto is) {
      return std::any_of(figure_.tokens.begin(), figure_.tokens.end(), [&](const FigureToken& token) {
        const auto* amount = std::get_if<Amount>(&token);
        return amount && is(*amount);
      });
    };
    unit_.text = fmt::format("{}", fmt::join(pieces_, " "));
    const Pieces noun = counted();
    const std::size_t figures = static_cast<std::size_t>(
        std::count_if(figure_.tokens.begin(), figure_.tokens.end(),
                      [](const FigureToken& token) { return std::holds_alternative<Amount>(token); }));
    if (any([](const Amount& each) { return each.pounds; })) {
      unit_.unit.thing = "£";
      unit_.dimension = unit_.dimension.times(Dimension::money());
      above_ = "£";
    } else if (any([](const Amount& each) { return each.percent; }) || is_out_of(figures)) {
      unit_.unit.thing = "share";
    } else if (noun.empty() || noun.front() == "times") {
      unit_.unit.thing = "";
    } else if (noun.size() == 1 && is_calendar_time(noun.front())) {
      return take_length(noun.front());
    } else {
      take_noun(fmt::format("{}", fmt::join(noun, " ")), figures == 1 && is_one());
    }
    if (time_.empty()) return true;
    unit_.unit.time_power = -1;
    unit_.unit.time = time_;
    unit_.factor *= *hours_in("year") / *hours_in(time_);
    unit_.dimension = unit_.dimension.times(Dimension::years(-1));
    return true;
  }

  // "49 of 253", "3 in 100": a number, then words that end with of, in, every or per, then a number that is no range's
  // end.
  bool is_out_of(std::size_t figures) const {
    if (figures < 2) return false;
    for (std::size_t i = 1; i < pieces_.size(); ++i) {
      const std::string before = in_small_letters(pieces_[i - 1]);
      if (begins_with_a_figure(pieces_[i]) &&
          (before == "of" || before == "in" || before == "every" || before == "per"))
        return true;
    }
    return false;
  }

  bool is_one() const { return std::get<Amount>(figure_.tokens.front()).value() == 1; }

  void take_noun(const std::string& noun, bool one) {
    if (is_work_time(noun)) {
      if (is_minutes(noun)) unit_.factor /= minutes_in_an_hour;
      unit_.unit.thing = one_of(noun);
      unit_.dimension = unit_.dimension.times(Dimension::noun("hour"));
    } else {
      unit_.unit.thing = one ? noun : singular(noun);
      unit_.dimension = unit_.dimension.times(Dimension::counted(noun, one));
    }
    above_ = plural(unit_.unit.thing);
  }

  // A length of time; "30 days per year" is a part of the time, a plain number.
  bool take_length(const std::string& word) {
    unit_.unit.time_power = 1;
    unit_.unit.time = one_of(word);
    above_ = plural(unit_.unit.time);
    unit_.factor *= *hours_in(unit_.unit.time) / *hours_in("year");
    if (time_.empty()) {
      unit_.dimension = unit_.dimension.times(Dimension::years(1));
      return true;
    }
    unit_.factor *= *hours_in("year") / *hours_in(time_);
    for (std::size_t i = 0; i + 1 < pieces_.size(); ++i)
      if (one_of(in_small_letters(pieces_[i + 1])) == time_ &&
          (in_small_letters(pieces_[i]) == "per" || is_article(in_small_letters(pieces_[i])))) {
        pieces_.erase(pieces_.begin() + static_cast<std::ptrdiff_t>(i),
                      pieces_.begin() + static_cast<std::ptrdiff_t>(i) + 2);
        break;
      }
    unit_.text = fmt::format("{}", fmt::join(pieces_, " "));
    return true;
  }

  std::string in_words() const {
    std::string words = unit_.unit.thing == "share" ? "share" : above_;
    for (const std::string& noun : below_) words += (words.empty() ? "per " : " per ") + noun;
    if (!time_.empty()) words += (words.empty() ? "per " : " per ") + time_;
    return words;
  }

  std::string given_;
  FigureText figure_;
  Pieces pieces_;
  Pieces below_;      // what it is per, without time
  std::string time_;  // "year" of "per year"
  std::string above_;
  InputUnit unit_;
  std::optional<QuantityProblem> problem_;
};

}  // namespace

std::variant<InputUnit, QuantityProblem> read_input_unit(std::string_view text) { return UnitReader(text).read(); }

}  // namespace desist
