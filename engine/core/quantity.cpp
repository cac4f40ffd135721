#include "engine/core/quantity.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "engine/core/date.hpp"
#include "engine/core/figure_text.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

enum class Kind { number, share, money, time, noun };

Kind kind_of(const Unit& unit) {
  if (unit.time_power > 0) return Kind::time;
  if (unit.thing.empty()) return Kind::number;
  if (unit.thing == "share") return Kind::share;
  return unit.thing == "£" ? Kind::money : Kind::noun;
}

// What a unit measures, in the words of the messages.
std::string wanted(const Unit& unit) {
  const std::string_view rate = unit.time_power < 0 ? " per unit of time" : "";
  switch (kind_of(unit)) {
    case Kind::number:
      return fmt::format("a plain number{}", rate);
    case Kind::share:
      return fmt::format("a share{}", rate);
    case Kind::money:
      return fmt::format("money{}", rate);
    case Kind::time:
      return "a length of time";
    case Kind::noun:
      break;
  }
  return plural(unit.thing) + std::string(rate);
}

std::string with_unit(const Unit& unit, std::string_view number) {
  const std::string rate = unit.time_power < 0 ? " per year" : "";
  switch (kind_of(unit)) {
    case Kind::number:
      return fmt::format("{}{}", number, rate);
    case Kind::share:
      return fmt::format("{}%{}", number, rate);
    case Kind::money:
      return fmt::format("£{}{}", number, rate);
    case Kind::time:
      return fmt::format("{} {}", number, plural(unit.time));
    case Kind::noun:
      break;
  }
  return fmt::format("{} {}{}", number, plural(unit.thing), rate);
}

std::string like(const Unit& unit) { return fmt::format("write it like \"{}\"", with_unit(unit, "8")); }
std::string range_like(const Unit& unit) { return fmt::format("write a range like \"{}\"", with_unit(unit, "6 to 8")); }

bool is_preposition(std::string_view word) {
  static constexpr std::array<std::string_view, 18> known{"after",  "among",     "at",  "before", "between", "by",
                                                          "during", "following", "for", "from",   "in",      "of",
                                                          "on",     "since",     "to",  "until",  "with",    "within"};
  return std::find(known.begin(), known.end(), word) != known.end();
}

bool names(std::string_view word, std::string_view noun) {
  return word == noun || word == plural(noun) || word == std::string(noun) + "s";
}

using WordList = std::vector<std::string>;

std::string joined(const WordList& words, std::size_t from = 0) {
  return fmt::format(
      "{}", fmt::join(words.begin() + static_cast<std::ptrdiff_t>(std::min(from, words.size())), words.end(), " "));
}

// A figure taken apart, before anything is held against the wanted unit.
struct Parts {
  Amount low;
  std::optional<Amount> high;
  WordList between;                // "weeks" in "6 weeks to 2 months"
  std::optional<Amount> total;     // 253 in "49 of 253"
  bool counted = false;            // joined by "of": a count of things seen, not a rate
  WordList head;                   // before the total: "fewer people"
  WordList words;                  // after the last number
  std::optional<std::string> per;  // the word of time of a rate
};

class QuantityReader {
 public:
  QuantityReader(std::string_view text, const Unit& unit) : unit_(unit), kind_(kind_of(unit)) {
    quantity_.printed = text;
  }

  std::variant<Quantity, QuantityProblem> read() {
    if (!take_apart() || !take_rate() || !check_unit() || !convert()) return *std::move(problem_);
    return std::move(quantity_);
  }

 private:
  // Notes the problem "'text' ..." and is false, so that a step can end with it.
  bool fail(std::string_view what, std::string cure) {
    problem_ = QuantityProblem{fmt::format("{} {}", in_quotes(figure_.text), what), std::move(cure)};
    return false;
  }

  bool fail_wanted(std::string_view what) { return fail(fmt::format("{}, not {}", what, wanted(unit_)), like(unit_)); }
  bool fail_missing(std::string_view what) {
    return fail(fmt::format("{} (wanted: {})", what, wanted(unit_)), like(unit_));
  }

  // --- the grammar ---

  WordList take_words() {
    WordList words;
    while (at_ < figure_.tokens.size() && std::holds_alternative<Word>(figure_.tokens[at_]))
      words.push_back(std::get<Word>(figure_.tokens[at_++]).text);
    return words;
  }

  std::optional<Amount> take_amount() {
    if (at_ >= figure_.tokens.size() || !std::holds_alternative<Amount>(figure_.tokens[at_])) return std::nullopt;
    return std::get<Amount>(figure_.tokens[at_++]);
  }

  bool take_apart() {
    auto split = split_figure(quantity_.printed);
    if (auto* problem = std::get_if<QuantityProblem>(&split)) {
      problem_ = QuantityProblem{std::move(problem->problem), like(unit_)};
      return false;
    }
    figure_ = std::get<FigureText>(std::move(split));
    if (figure_.tokens.empty()) {
      problem_ = QuantityProblem{"no figure is given", like(unit_)};
      return false;
    }
    if (Date::read(figure_.text)) return fail_wanted("is a date");
    const auto low = take_amount();
    if (!low) return fail_beginning();
    parts_.low = *low;
    parts_.words = take_words();
    if (!take_high()) return false;
    return take_total();
  }

  bool fail_beginning() {
    const WordList words = take_words();
    for (const std::string_view name : {"nan", "inf", "infinity", "-nan", "-inf", "-infinity", "+inf", "+nan"})
      if (!words.empty() && words.front() == name) return fail("is not a finite number", like(unit_));
    return fail("does not begin with a number", like(unit_));
  }

  bool take_high() {
    const bool dash = at_ < figure_.tokens.size() && std::holds_alternative<Dash>(figure_.tokens[at_]);
    const bool to = !dash && at_ < figure_.tokens.size() && !parts_.words.empty() && parts_.words.back() == "to";
    if (!dash && !to) return true;
    at_ += dash ? 1 : 0;
    if (to) parts_.words.pop_back();
    parts_.between = std::exchange(parts_.words, {});
    parts_.high = take_amount();
    if (!parts_.high) return fail("has no number after its dash", range_like(unit_));
    parts_.words = take_words();
    return true;
  }

  bool take_total() {
    if (at_ == figure_.tokens.size()) return true;
    WordList& words = parts_.words;
    const auto ends_with = [&](std::initializer_list<std::string_view> ending) {
      return words.size() >= ending.size() &&
             std::equal(ending.begin(), ending.end(), words.end() - static_cast<std::ptrdiff_t>(ending.size()));
    };
    std::size_t length = 0;
    for (const auto& ending : std::initializer_list<std::initializer_list<std::string_view>>{
             {"of"}, {"in"}, {"per"}, {"every"}, {"out", "of"}, {"in", "every"}, {"of", "every"}})
      if (ends_with(ending)) length = std::max(length, ending.size());
    parts_.counted = ends_with({"of"});
    parts_.total = take_amount();
    if (length == 0 || !parts_.total)
      return fail(parts_.high ? "has a third number" : "has two numbers without \"to\" between them",
                  range_like(unit_));
    words.resize(words.size() - length);
    parts_.head = std::exchange(words, take_words());
    return at_ == figure_.tokens.size() || fail("has a number too many", like(unit_));
  }

  // Takes "per year", "a year", "each year", "every year" out of the words, wherever it stands; "within a year" is no
  // rate.
  bool take_rate() {
    WordList& words = parts_.words;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const bool article = words[i] == "a" || words[i] == "an" || words[i] == "each" || words[i] == "every";
      if (words[i] != "per" && !article) continue;
      if (i + 1 < words.size() && hours_in(words[i + 1]) && (!article || i == 0 || !is_preposition(words[i - 1]))) {
        parts_.per = words[i + 1];
        words.erase(words.begin() + static_cast<std::ptrdiff_t>(i), words.begin() + static_cast<std::ptrdiff_t>(i) + 2);
        return true;
      }
      if (words[i] == "per") return fail_time(i + 1 < words.size() ? words[i + 1] : "");
    }
    return true;
  }

  bool fail_time(std::string_view word) {
    if (word.empty()) return fail("does not say per what", like(unit_));
    static const WordList known{"hour", "day", "week", "month", "year"};
    const auto near = did_you_mean(word, known);
    return fail(fmt::format("is per {}, which is not a unit of time here", in_quotes(word)),
                near ? fmt::format("did you mean '{}'?", *near) : "write per " + listed(known, "or"));
  }

  // --- the unit ---

  // How many of the leading words name the wanted noun.
  std::size_t noun_length(const WordList& words) const {
    const WordList noun = split(unit_.thing, ' ');
    if (words.size() < noun.size()) return 0;
    for (std::size_t i = 0; i + 1 < noun.size(); ++i)
      if (words[i] != noun[i]) return 0;
    return names(words[noun.size() - 1], noun.back()) ? noun.size() : 0;
  }

  bool pounds() const { return parts_.low.pounds || (parts_.high && parts_.high->pounds); }
  bool percent() const { return parts_.low.percent || (parts_.high && parts_.high->percent); }
  bool bare() const { return parts_.words.empty() || is_preposition(parts_.words.front()); }

  bool check_unit() {
    const std::string_view rate = parts_.per ? " per unit of time" : "";
    if (pounds() && kind_ != Kind::money) return fail_wanted(fmt::format("is money{}", rate));
    if (parts_.total && !parts_.counted && !parts_.words.empty() && hours_in(parts_.words.front()))
      return fail("is per several units of time, and a rate is per one", like(unit_));
    if (parts_.total && kind_ != Kind::share) return fail_wanted(fmt::format("is a share{}", rate));
    if (percent() && kind_ != Kind::share) return fail_wanted(fmt::format("is a percentage{}", rate));
    if (!check_words()) return false;
    if (parts_.per && unit_.time_power >= 0) return fail_wanted("is per unit of time");
    if (!parts_.per && unit_.time_power < 0) return fail_missing("does not say in what time");
    return true;
  }

  bool check_words() {
    const WordList& words = parts_.words;
    std::size_t used = 0;  // words that belong to the unit
    if (kind_ == Kind::share && parts_.total) {
      if (!parts_.between.empty()) return fail_word(parts_.between.front());
      quantity_.tail = joined(words);
      return true;
    }
    if (kind_ == Kind::noun) used = noun_length(words);
    if (kind_ == Kind::time && !words.empty() && hours_in(words.front())) used = 1;
    if (kind_ == Kind::number && !words.empty() && words.front() == "times") used = 1;
    if (used == 0 && !bare()) return fail_word(words.front());
    if (used == 0 && !may_be_bare()) return fail_missing(parts_.per ? "does not say what it counts" : "has no unit");
    if (used < words.size() && !is_preposition(words[used]))
      return fail(fmt::format("goes on with {}, which is not understood", in_quotes(words[used])),
                  "after the unit only words like \"of referrals\" or \"before the meeting\" may follow");
    if (!parts_.between.empty() && !between_fits()) return fail_word(parts_.between.front());
    quantity_.tail = joined(words, used);
    return true;
  }

  bool may_be_bare() const {
    if (kind_ == Kind::number) return true;
    if (kind_ == Kind::noun) return unit_.time_power == 0;
    if (kind_ == Kind::money) return pounds();
    if (kind_ != Kind::share) return false;
    if (percent()) return true;
    const double low = parts_.low.value();
    return std::fabs(low) < 1 && (!parts_.high || std::fabs(parts_.high->value()) <= 1);
  }

  bool between_fits() const {
    if (kind_ == Kind::time) return parts_.between.size() == 1 && hours_in(parts_.between.front());
    return kind_ == Kind::noun && noun_length(parts_.between) == parts_.between.size();
  }

  bool fail_word(const std::string& word) {
    if (hours_in(word)) return fail_wanted("measures time");
    WordList known;
    if (kind_ == Kind::time) known = {"hours", "days", "weeks", "months", "years"};
    if (kind_ == Kind::noun) known = {plural(unit_.thing)};
    const auto near = did_you_mean(word, known);
    return fail(fmt::format("counts {}, not {}", in_quotes(word), wanted(unit_)),
                near ? fmt::format("did you mean '{}'?", *near) : like(unit_));
  }

  // --- the values ---

  bool convert() {
    Amount& low = parts_.low;
    Amount high = parts_.high.value_or(low);
    if (low.power == 0) low.power = high.power;  // "20 to 40%", "£1 to 2 million"
    if (low.power == -2 && high.power != -2) return fail("has % on its first number only", range_like(unit_));
    if (low.value() < 0 && (kind_ == Kind::noun || kind_ == Kind::time || parts_.total))
      return fail(
          kind_ == Kind::time ? "is negative, and a length of time can't be" : "is negative, and a count can't be",
          like(unit_));
    if (parts_.total && !check_total(low, high)) return false;
    const double whole = parts_.total ? parts_.total->value() : 1;
    quantity_.low = converted(low.value() / whole, parts_.between.empty() ? parts_.words : parts_.between);
    quantity_.high = converted(high.value() / whole, parts_.words);
    if (!std::isfinite(quantity_.low) || !std::isfinite(quantity_.high)) return fail("is too large", like(unit_));
    if (quantity_.low > quantity_.high) return fail_reversed(low, high);
    quantity_.decimals = low.decimals;
    quantity_.percent = percent();
    if (fewer()) quantity_ = negated(quantity_);
    return true;
  }

  bool fewer() const {
    return !parts_.head.empty() && (parts_.head.front() == "fewer" || parts_.head.front() == "less");
  }
  bool more() const { return !parts_.head.empty() && parts_.head.front() == "more"; }

  static Quantity negated(Quantity quantity) {
    quantity.low = -std::exchange(quantity.high, -quantity.low);
    return quantity;
  }

  bool check_total(const Amount& low, const Amount& high) {
    const Amount& total = *parts_.total;
    if (percent()) return fail("mixes a percentage with a number out of another", like(unit_));
    if (!total.whole() || (parts_.counted && (!low.whole() || !high.whole())))
      return fail("is not a count of whole things", "write it like \"49 of 253\"");
    if (total.value() <= 0) return fail("is a share of nothing", "write it like \"49 of 253\"");
    if (!parts_.counted || fewer() || more()) return true;
    if (high.value() > total.value())
      return fail("counts more than its whole", "the first number can't be above the second");
    if (!parts_.high)
      quantity_.fraction =
          CountOfCount{static_cast<std::int64_t>(low.value()), static_cast<std::int64_t>(total.value())};
    return true;
  }

  // The cure puts each printed number where the other stood; words between them may be units, so then it can't.
  bool fail_reversed(const Amount& low, const Amount& high) {
    if (!parts_.between.empty()) return fail("runs from high to low", "put the lower figure first");
    const std::string& text = figure_.text;
    const auto digits = [&](const Amount& amount) { return text.substr(amount.begin, amount.end - amount.begin); };
    return fail("runs from high to low",
                fmt::format("write \"{}{}{}{}{}\"", text.substr(0, low.begin), digits(high),
                            text.substr(low.end, high.begin - low.end), digits(low), text.substr(high.end)));
  }

  double converted(double value, const WordList& words) const {
    if (kind_ == Kind::time) {
      const double given = *hours_in(words.front());
      const double own = *hours_in(unit_.time);
      return given == own ? value : value * given / own;
    }
    if (!parts_.per) return value;
    const double given = *hours_in(*parts_.per);
    const double own = *hours_in(unit_.time);
    return given == own ? value : value * own / given;
  }

  const Unit& unit_;
  const Kind kind_;
  FigureText figure_;
  std::size_t at_ = 0;
  Parts parts_;
  Quantity quantity_;
  std::optional<QuantityProblem> problem_;
};

}  // namespace

std::variant<Quantity, QuantityProblem> read_quantity(std::string_view text, const Unit& unit) {
  return QuantityReader(text, unit).read();
}

double PrintedNumber::value() const {
  double scale = 1;  // exact up to 10^22, as the digits are up to 2^53: the division rounds once
  for (int i = 0; i < decimals + (percent ? 2 : 0); ++i) scale *= 10;
  const double size = static_cast<double>(digits) / scale;
  return negative ? -size : size;
}

std::variant<PrintedNumber, QuantityProblem> read_printed(std::string_view text) {
  const std::string cure = "copy the cell as it is printed, like \"39.0%\", or leave it out";
  auto split = split_figure(text);
  if (auto* problem = std::get_if<QuantityProblem>(&split)) return QuantityProblem{std::move(problem->problem), cure};
  const FigureText& figure = std::get<FigureText>(split);
  if (figure.tokens.empty()) return QuantityProblem{"nothing is printed", cure};
  const auto problem = [&](std::string_view what) {
    return QuantityProblem{fmt::format("{} {}", in_quotes(figure.text), what), cure};
  };
  const auto* amount = std::get_if<Amount>(&figure.tokens.front());
  if (!amount) return problem("does not begin with a number");
  WordList words;
  if (amount->pounds) words.push_back("£");
  for (std::size_t i = 1; i < figure.tokens.size(); ++i) {
    const auto* word = std::get_if<Word>(&figure.tokens[i]);
    if (!word) return problem("is more than one number, and a cell holds one");
    words.push_back(word->text);
  }
  std::string digits = amount->digits;
  digits.erase(std::remove(digits.begin(), digits.end(), '.'), digits.end());
  const bool scaled = amount->power != 0 && !amount->percent;
  if (scaled || digits.find_first_of("eE") != std::string::npos) return problem("is not printed digit by digit");
  constexpr std::size_t most_digits = 15;  // each such number is a double exactly
  if (digits.size() > most_digits) return problem("has more digits than can be kept (15)");
  PrintedNumber number;
  number.text = text;
  for (const char digit : digits) number.digits = number.digits * 10 + (digit - '0');
  number.decimals = amount->decimals;
  number.percent = amount->percent;
  number.negative = amount->negative;
  number.unit = joined(words);
  return number;
}

}  // namespace desist
