#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"

namespace desist {
namespace {

// Whole hours, so that a conversion rounds once. A month is a twelfth of 365 days.
constexpr std::array<std::pair<std::string_view, double>, 5> hours_by_time{
    {{"hour", 1}, {"day", 24}, {"week", 168}, {"month", 730}, {"year", 8760}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> irregular_plurals{
    {{"child", "children"}, {"man", "men"}, {"person", "people"}, {"woman", "women"}}};

std::string plural_of_word(std::string_view word) {
  for (const auto& [one, many] : irregular_plurals)
    if (word == one) return std::string(many);
  const auto ends = [word](std::string_view ending) { return word.ends_with(ending); };
  if (word.size() > 1 && ends("y") && std::string_view("aeiou").find(word[word.size() - 2]) == std::string_view::npos)
    return std::string(word.substr(0, word.size() - 1)) + "ies";
  if (ends("s") || ends("x") || ends("ch") || ends("sh")) return std::string(word) + "es";
  return std::string(word) + "s";
}

[[noreturn]] void refuse(std::string_view declared) {
  throw std::invalid_argument(
      fmt::format("'{}' is not a unit: write it like \"case/week\", \"week\", \"share\" or \"1\"", declared));
}

bool is_time(std::string_view word) {
  return std::any_of(hours_by_time.begin(), hours_by_time.end(),
                     [word](const auto& entry) { return entry.first == word; });
}

bool is_noun(std::string_view word) {
  return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz- ") == std::string_view::npos &&
         word.front() >= 'a' && word.back() >= 'a';
}

}  // namespace

std::optional<double> hours_in(std::string_view time_word) {
  for (const auto& [time, hours] : hours_by_time)
    if (time_word == time || (time_word.ends_with('s') && time_word.substr(0, time_word.size() - 1) == time))
      return hours;
  return std::nullopt;
}

std::string plural(std::string_view noun) {
  const std::size_t gap = noun.find_last_of(" -");
  const std::size_t begin = gap == std::string_view::npos ? 0 : gap + 1;
  return std::string(noun.substr(0, begin)) + plural_of_word(noun.substr(begin));
}

Unit Unit::parse(std::string_view declared) {
  if (is_time(declared)) return {"", 1, std::string(declared)};
  const std::vector<std::string> parts = split(declared, '/');
  if (parts.size() > 2 || (parts.size() == 2 && !is_time(parts[1]))) refuse(declared);
  Unit unit;
  if (parts[0] != "1") unit.thing = parts[0];
  if (!unit.thing.empty() && unit.thing != "£" && !is_noun(unit.thing)) refuse(declared);
  if (parts[0].empty() || is_time(parts[0])) refuse(declared);
  if (parts.size() == 2) {
    unit.time_power = -1;
    unit.time = parts[1];
  }
  return unit;
}

std::string Unit::text() const {
  if (time_power > 0) return time;
  return (thing.empty() ? "1" : thing) + (time_power < 0 ? "/" + time : "");
}

std::string Unit::in_words(double value) const {
  const bool one = value == 1 || value == -1;
  if (time_power > 0) return one ? time : plural(time);
  std::string words;
  if (!thing.empty() && thing != "£" && thing != "share") words = one ? thing : plural(thing);
  if (time_power < 0) words += fmt::format("{}{} {}", words.empty() ? "" : " ", time == "hour" ? "an" : "a", time);
  return words;
}

}  // namespace desist
