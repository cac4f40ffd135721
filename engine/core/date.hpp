// Calendar dates, and simulated time in weeks from a first day.
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace desist {

/// A day of the Gregorian calendar, as a count of days from 1970-01-01.
struct Date {
  int days = 0;

  friend constexpr auto operator<=>(Date, Date) = default;

  static Date from_ymd(int year, int month, int day);
  /// The date in "2023-12-18" or, as spreadsheets give it, "18/12/2023"; nothing for any other text, a two-digit year
  /// or a day that does not exist.
  static std::optional<Date> read(std::string_view text);

  int year() const;
  int month() const;
  int day() const;
  std::string iso() const;       // "2023-12-18"
  std::string in_words() const;  // "18 December 2023"
};

constexpr double days_per_week = 7.0;
/// A year as a unit of rates: 365 days. So 9,153 a year are 176 a week. Calendar arithmetic uses dates, never this.
constexpr double days_per_year = 365.0;
constexpr double weeks_per_year = days_per_year / days_per_week;

}  // namespace desist
