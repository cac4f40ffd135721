#include "engine/data/csv_cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>

#include "engine/core/date.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

constexpr double exact_whole = 9007199254740992.0;  // 2^53: beyond it neighbouring whole numbers share a double
constexpr std::array<double, 23> powers_of_ten = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

ReadCell refused(Kind kind) { return {0, kind, false, false}; }
ReadCell taken(double value) { return {value, std::nullopt, false, false}; }

// By the standard's reader, for what the fast path leaves: many digits or a large exponent.
std::optional<double> read_slowly(std::string_view text, char point) {
  std::string with_point(text);
  if (point != '.') std::replace(with_point.begin(), with_point.end(), point, '.');
  std::string_view rest = with_point;
  if (rest.starts_with('+')) rest.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc() || end != rest.data() + rest.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// The text without marks between thousands, where they stand before each group of three digits and only there.
std::optional<std::string> without_thousands(std::string_view text, char mark, char point) {
  std::string digits;
  const std::size_t whole = std::min(text.find(point), text.size());
  std::size_t since_mark = 0;
  bool marked = false;
  for (std::size_t i = 0; i < whole; ++i) {
    if (text[i] == mark) {
      if (since_mark == 0 || since_mark > 3 || (marked && since_mark != 3)) return std::nullopt;
      marked = true;
      since_mark = 0;
    } else {
      digits += text[i];
      if (is_digit(text[i])) ++since_mark;
    }
  }
  if (marked && since_mark != 3) return std::nullopt;
  digits += text.substr(whole);
  if (digits.find(mark) != std::string::npos) return std::nullopt;
  return digits;
}

// A currency sign before the number (after a minus) or behind it, taken away: the sign, or nothing.
std::string_view take_currency(std::string_view text, std::string& rest) {
  const bool minus = text.starts_with('-');
  const std::string_view body = minus ? text.substr(1) : text;
  for (const std::string_view sign : {"\xC2\xA3", "\xE2\x82\xAC", "$"}) {  // pound, euro, dollar
    std::string_view number;
    if (body.starts_with(sign))
      number = without_spaces(body.substr(sign.size()));
    else if (body.ends_with(sign))
      number = without_spaces(body.substr(0, body.size() - sign.size()));
    else
      continue;
    rest = (minus ? "-" : "") + std::string(number);
    return sign;
  }
  return {};
}

ReadCell checked(double value, bool whole) {
  if (!whole) return taken(value);
  if (value != std::floor(value)) return refused(Kind::not_whole);
  return std::fabs(value) < exact_whole ? taken(value) : refused(Kind::too_many_digits);
}

// A number that `read_decimal` does not take as it stands.
ReadCell read_marked_number(std::string_view text, const NumberRules& rules) {
  std::string plain(text);
  if (const std::string_view sign = take_currency(text, plain); !sign.empty() && !rules.unit.starts_with(sign))
    return refused(Kind::currency_sign);
  if (plain.ends_with('%')) {
    plain.pop_back();
    return refused(read_decimal(plain, rules.point) ? Kind::percent_sign : Kind::not_a_number);
  }
  if (const auto value = read_decimal(plain, rules.point)) return checked(*value, rules.whole);
  const char mark = rules.point == ',' ? '.' : ',';
  const bool has_mark = plain.find(mark) != std::string::npos;
  const auto single = has_mark ? without_thousands(plain, mark, rules.point) : std::nullopt;
  if (const auto value = single ? read_decimal(*single, rules.point) : std::nullopt) {
    if (rules.thousands) return checked(*value, rules.whole);
    if (!rules.quoted) return refused(mark == '.' ? Kind::unclear_thousands : Kind::thousands_mark);
    const bool could_be_decimal = std::count(plain.begin(), plain.end(), mark) == 1 &&
                                  plain.find(rules.point) == std::string::npos && !rules.comma_divides;
    if (could_be_decimal || mark == '.') return refused(Kind::unclear_thousands);
    ReadCell read = checked(*value, rules.whole);
    read.thousands_in_quotes = !read.problem;
    return read;
  }
  if (has_mark && read_decimal(plain, mark)) return refused(mark == ',' ? Kind::decimal_comma : Kind::not_a_number);
  // A number whose digits are too many for any double ("1e400") is still a number.
  const bool digits_only = plain.find_first_not_of("+-0123456789.eE") == std::string::npos;
  const bool large = digits_only && plain.find_first_of("eE") != std::string::npos && is_digit(plain.front()) &&
                     is_digit(plain.back());
  return refused(large ? Kind::too_many_digits : Kind::not_a_number);
}

// Days from 1970-01-01 of a day of the calendar, or nothing.
std::optional<int> day_number(int year, int month, int day) {
  static constexpr std::array<int, 12> lengths = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (year < 1 || month < 1 || month > 12 || day < 1) return std::nullopt;
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  if (day > lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0)) return std::nullopt;
  // Years from March, so that a leap day ends one: the count of days before month m is (153 m + 2)/5.
  const int march_year = month > 2 ? year : year - 1, march_month = month > 2 ? month - 3 : month + 9;
  const int before_year = 365 * march_year + march_year / 4 - march_year / 100 + march_year / 400;
  return before_year + (153 * march_month + 2) / 5 + day - 1 - 719468;
}

struct DateParts {
  std::array<int, 3> number{};
  std::array<int, 3> digits{};
};

// Three runs of digits with one mark between them; takes them from the front of `text`.
std::optional<DateParts> take_parts(std::string_view& text, char mark) {
  DateParts parts;
  std::size_t at = 0;
  for (std::size_t part = 0; part < 3; ++part) {
    if (part > 0 && (at >= text.size() || text[at++] != mark)) return std::nullopt;
    for (; at < text.size() && is_digit(text[at]); ++at) {
      if (++parts.digits[part] > 4) return std::nullopt;
      parts.number[part] = parts.number[part] * 10 + (text[at] - '0');
    }
    if (parts.digits[part] == 0) return std::nullopt;
  }
  text.remove_prefix(at);
  return parts;
}

// Year, month and day of a text that is "dddd-dd-dd" and nothing else: most cells of most files.
std::optional<std::array<int, 3>> plain_iso(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  for (const std::size_t at : {0U, 1U, 2U, 3U, 5U, 6U, 8U, 9U})
    if (!is_digit(text[at])) return std::nullopt;
  const auto digit = [text](std::size_t at) { return text[at] - '0'; };
  return std::array<int, 3>{((digit(0) * 10 + digit(1)) * 10 + digit(2)) * 10 + digit(3), digit(5) * 10 + digit(6),
                            digit(8) * 10 + digit(9)};
}

bool is_iso(const DateParts& p) { return p.digits[0] == 4 && p.digits[1] == 2 && p.digits[2] == 2; }
bool is_uk(const DateParts& p) { return p.digits[0] <= 2 && p.digits[1] <= 2 && p.digits[2] == 4; }

enum class Time { none, midnight, other, not_a_time };

// What follows a date: nothing, " 00:00", "T00:00:00.000Z", another time of day, or no time at all.
Time time_after(std::string_view text) {
  if (text.empty()) return Time::none;
  if ((text[0] != ' ' && text[0] != 'T') || text.size() < 5) return Time::not_a_time;
  text.remove_prefix(1);
  if (text.ends_with('Z')) text.remove_suffix(1);
  if (text.find_first_not_of("0123456789:.") != std::string_view::npos || text.find(':') == std::string_view::npos)
    return Time::not_a_time;
  return text.find_first_not_of("0:.") == std::string_view::npos ? Time::midnight : Time::other;
}

bool same_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + ('a' - 'A')) : a) == b;
         });
}

}  // namespace

std::string_view without_spaces(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

bool looks_missing(std::string_view text) {
  static constexpr std::array<std::string_view, 12> words = {"na",   "n/a", "n.a.", "#n/a", "nan",     "null",
                                                             "none", ".",   "-",    "?",    "missing", "unknown"};
  return text.size() <= 7 &&
         std::any_of(words.begin(), words.end(), [text](std::string_view word) { return same_word(text, word); });
}

std::optional<double> read_decimal(std::string_view text, char point) {
  const char* at = text.data();
  const char* const end = at + text.size();
  bool negative = false;
  if (at < end && (*at == '-' || *at == '+')) negative = *at++ == '-';
  std::uint64_t mantissa = 0;
  const char* const first = at;
  while (at < end && is_digit(*at)) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
  std::ptrdiff_t digits = at - first;
  std::ptrdiff_t exponent = 0;
  if (at < end && *at == point) {
    const char* const fraction = ++at;
    while (at < end && is_digit(*at)) mantissa = mantissa * 10 + static_cast<std::uint64_t>(*at++ - '0');
    exponent = fraction - at;
    digits -= exponent;
  }
  if (digits == 0) return std::nullopt;
  if (at < end || digits > 19) {  // an exponent, more digits than fit, or no number
    if (at < end && *at != 'e' && *at != 'E') return std::nullopt;
    return read_slowly(text, point);
  }
  if (mantissa > (std::uint64_t{1} << 53) || exponent < -22) return read_slowly(text, point);
  const double value = static_cast<double>(mantissa) / powers_of_ten[static_cast<std::size_t>(-exponent)];
  return negative ? -value : value;
}

ReadCell read_number_cell(std::string_view text, const NumberRules& rules) {
  if (const auto value = read_decimal(text, rules.point)) return checked(*value, rules.whole);
  return read_marked_number(text, rules);
}

ReadCell read_date_cell(std::string_view text, DateForm form) {
  if (const auto ymd = form == DateForm::iso ? plain_iso(text) : std::nullopt) {
    const auto days = day_number((*ymd)[0], (*ymd)[1], (*ymd)[2]);
    return days ? taken(*days) : refused(Kind::impossible_date);
  }
  std::string_view rest = text;
  auto iso = take_parts(rest, '-');
  if (iso && !is_iso(*iso)) {
    const bool short_year = iso->digits[0] == 2 && iso->digits[1] == 2 && iso->digits[2] == 2;
    return refused(short_year ? Kind::two_digit_year : Kind::not_a_date);
  }
  std::optional<DateParts> uk;
  if (!iso) {
    uk = take_parts(rest, '/');
    if (uk && !is_uk(*uk)) {
      const bool short_year = uk->digits[0] <= 2 && uk->digits[1] <= 2 && uk->digits[2] == 2;
      return refused(short_year ? Kind::two_digit_year : Kind::not_a_date);
    }
  }
  if (!iso && !uk) return refused(Kind::not_a_date);
  const Time time = time_after(rest);
  if (time == Time::not_a_time) return refused(Kind::not_a_date);
  if (iso.has_value() != (form == DateForm::iso)) return refused(Kind::other_date_form);
  if (time == Time::other) return refused(Kind::time_of_day);
  const auto& n = iso ? iso->number : uk->number;
  const auto days = iso ? day_number(n[0], n[1], n[2]) : day_number(n[2], n[1], n[0]);
  if (!days) return refused(Kind::impossible_date);
  ReadCell read = taken(*days);
  read.midnight = time == Time::midnight;
  return read;
}

ReadCell read_yes_no_cell(std::string_view text) {
  if (text == "1") return taken(1);
  if (text == "0") return taken(0);
  static constexpr std::array<std::string_view, 4> yes = {"yes", "y", "true", "t"};
  static constexpr std::array<std::string_view, 4> no = {"no", "n", "false", "f"};
  const auto is = [text](std::string_view word) { return same_word(text, word); };
  if (std::any_of(yes.begin(), yes.end(), is)) return taken(1);
  if (std::any_of(no.begin(), no.end(), is)) return taken(0);
  return refused(Kind::not_yes_no);
}

}  // namespace desist
