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

constexpr ExpressionWords of_sums{"sum", "a number or an evidence id is missing", "write it like \"nc.elig.nfa * 5%\"",
                                  "divide it into several results"};

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
Known sum_of(const Known& a, const Known& b, double sign) {
  const double value = a.value + sign * b.value;
  if (!a.place || !b.place) return {value, a.place ? a.place : b.place};
  return {value, std::max(*a.place, *b.place)};
}

/// A product or quotient has as many significant digits as the factor with fewer.
Known product_of(const Known& a, const Known& b, double value) {
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

class Calculator final : ExpressionReader<Known> {
 public:
  Calculator(std::string_view text, const EvidenceLibrary& evidence)
      : ExpressionReader(text, of_sums), evidence_(evidence) {}

  std::variant<Arithmetic, ExpressionProblem> run() {
    const auto value = read();
    if (!value) return *problem_;
    found_.value = value->value;
    found_.digits = value->place ? std::max(1, first_place(value->value) - *value->place + 1) : 0;
    return found_;
  }

 private:
  void wrote(std::string_view sign) override { found_.in_numbers += sign; }

  std::optional<Known> finite(const Known& value, std::size_t from) {
    if (std::isfinite(value.value)) return value;
    return fail(from, at_ - from, "the sum is too large for a number", "", "count in thousands or millions");
  }

  std::optional<Known> added(const Known& a, const Known& b, bool plus, const OperationPlace& place) override {
    return finite(sum_of(a, b, plus ? 1 : -1), place.from);
  }

  std::optional<Known> multiplied(const Known& a, const Known& b, bool times, const OperationPlace& place) override {
    if (!times && b.value == 0)
      return fail(place.second, at_ - place.second,
                  fmt::format("'{}' is divided by nothing", part(place.from, place.sign)),
                  fmt::format("'{}' is 0", part(place.second, at_)), "divide by what is above 0");
    return finite(product_of(a, b, times ? a.value * b.value : a.value / b.value), place.from);
  }

  Known negated(const Known& value) override { return {-value.value, value.place}; }

  std::optional<Known> term() override {
    constexpr std::string_view pound = "£";
    const std::size_t from = at_;
    const bool money = text_.substr(at_).starts_with(pound);
    if (money) at_ += pound.size();
    if (at_digit()) return number(money);
    if (!money && at_letter()) return of_evidence();
    at_ = from;
    return nothing_stands_here(std::string(words_.example));
  }

  std::optional<Known> number(bool money) {
    const std::size_t digits = at_;
    const std::string written(take_digits());
    const auto value = read_number(written);
    if (!value)
      return fail(digits, written.size(), fmt::format("'{}' is not a number", written), "",
                  "write it like 2714, 2,714 or 0.5");
    const bool percent = !money && take('%');
    std::string plain = written;
    std::erase(plain, ',');
    found_.in_numbers += (money ? "£" : "") + with_commas(plain) + (percent ? "%" : "");
    return finite({percent ? *value / 100 : *value, std::nullopt}, digits);
  }

  std::optional<Known> of_evidence() {
    const std::size_t from = at_;
    const auto plain_at = [this](std::size_t at) {
      if (at >= text_.size()) return false;
      const char c = text_[at];
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    };
    const auto goes_on = [&](std::size_t at) {
      if (at >= text_.size()) return false;
      const bool plain = plain_at(at), next = plain_at(at + 1);
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

  const EvidenceLibrary& evidence_;
  Arithmetic found_;
};

}  // namespace

std::variant<Arithmetic, ExpressionProblem> work_out(std::string_view text, const EvidenceLibrary& evidence) {
  return Calculator(text, evidence).run();
}

}  // namespace desist
