#include "engine/core/date.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <stdexcept>

#include <fmt/format.h>

namespace desist {
namespace {

std::chrono::year_month_day calendar(Date date) {
  return std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{date.days}}};
}

std::optional<Date> checked(int year, int month, int day) {
  const std::chrono::year_month_day ymd{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                        std::chrono::day{static_cast<unsigned>(day)}};
  if (year < 1 || month < 1 || day < 1 || !ymd.ok()) return std::nullopt;
  return Date{static_cast<int>(std::chrono::sys_days{ymd}.time_since_epoch().count())};
}

// A number of `fewest` to `most` digits at the front of `text`, which it takes away.
std::optional<int> take_digits(std::string_view& text, std::size_t fewest, std::size_t most) {
  const std::size_t length = std::min(text.find_first_not_of("0123456789"), text.size());
  if (length < fewest || length > most) return std::nullopt;
  int number = 0;
  std::from_chars(text.data(), text.data() + length, number);
  text.remove_prefix(length);
  return number;
}

bool take(std::string_view& text, char letter) {
  if (!text.starts_with(letter)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Date> read_iso(std::string_view text) {
  const auto year = take_digits(text, 4, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2, 2);
  if (!day || !text.empty()) return std::nullopt;
  return checked(*year, *month, *day);
}

std::optional<Date> read_british(std::string_view text) {
  const auto day = take_digits(text, 1, 2);
  if (!day || !take(text, '/')) return std::nullopt;
  const auto month = take_digits(text, 1, 2);
  if (!month || !take(text, '/')) return std::nullopt;
  const auto year = take_digits(text, 4, 4);
  if (!year || !text.empty()) return std::nullopt;
  return checked(*year, *month, *day);
}

}  // namespace

Date Date::from_ymd(int year, int month, int day) {
  const auto date = checked(year, month, day);
  if (!date) throw std::invalid_argument(fmt::format("no such day: {:04}-{:02}-{:02}", year, month, day));
  return *date;
}

std::optional<Date> Date::read(std::string_view text) {
  const auto date = read_iso(text);
  return date ? date : read_british(text);
}

int Date::year() const { return static_cast<int>(calendar(*this).year()); }
int Date::month() const { return static_cast<int>(static_cast<unsigned>(calendar(*this).month())); }
int Date::day() const { return static_cast<int>(static_cast<unsigned>(calendar(*this).day())); }

std::string Date::iso() const { return fmt::format("{:04}-{:02}-{:02}", year(), month(), day()); }

std::string Date::in_words() const {
  static constexpr std::array<const char*, 12> names = {"January",   "February", "March",    "April",
                                                        "May",       "June",     "July",     "August",
                                                        "September", "October",  "November", "December"};
  return fmt::format("{} {} {}", day(), names[static_cast<std::size_t>(month() - 1)], year());
}

}  // namespace desist
