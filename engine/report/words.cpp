#include "engine/report/words.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

/// The power of ten to which a number is rounded: that of its error's first digit, and three digits at most.
double rounding_unit(double size, double mc_error) {
  const double digits = size > 0 ? std::pow(10.0, std::floor(std::log10(size)) - 2) : 1.0;
  const double error = mc_error > 0 && std::isfinite(mc_error) ? std::pow(10.0, std::floor(std::log10(mc_error))) : 0.0;
  return std::max(digits, error);
}

std::string at_unit(double value, double unit) {
  const double snapped = std::round(value / unit) * unit;
  if (unit >= 1) return whole_number(snapped);
  const int decimals = std::min(6, static_cast<int>(std::ceil(-std::log10(unit) - 1e-9)));
  std::string text = fmt::format("{:.{}f}", snapped, decimals);
  if (text.find('.') != std::string::npos) {
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
  }
  return text == "-0" ? "0" : text;
}

}  // namespace

std::string whole_number(double value) {
  if (!std::isfinite(value)) return std::isnan(value) ? "no number" : "no limit";
  std::string digits = fmt::format("{:.0f}", std::abs(std::round(value)));
  for (auto place = static_cast<std::ptrdiff_t>(digits.size()) - 3; place > 0; place -= 3) {
    digits.insert(static_cast<std::size_t>(place), ",");
  }
  return (std::round(value) < 0 ? "-" : "") + digits;
}

std::string rounded(double value, double mc_error) {
  if (!std::isfinite(value)) return whole_number(value);
  if (value == 0) return "0";
  return at_unit(value, rounding_unit(std::abs(value), mc_error));
}

std::string rounded_range(double low, double high, double mc_error) {
  if (!std::isfinite(low) || !std::isfinite(high)) return whole_number(low) + " to " + whole_number(high);
  const double size = std::max(std::abs(low), std::abs(high));
  const double unit = std::max(rounding_unit(size, mc_error), size >= 2 ? 1.0 : 0.0);  // a range needs no decimals
  const std::string first = at_unit(low, unit);
  const std::string second = at_unit(high, unit);
  return first == second ? first : first + " to " + second;
}

std::string with_minus_sign(const std::string& number) {
  return number.starts_with('-') ? "−" + number.substr(1) : number;
}

std::string bare_in_100(double chance, double mc_error) {
  if (chance <= 0) return "none";
  if (chance >= 1) return "all";
  const double hundreds = 100 * chance;
  if (hundreds < 0.5) return "fewer than 1";
  if (hundreds > 99.5) return "more than 99";
  return at_unit(hundreds, std::max(1.0, rounding_unit(100.0, 100 * mc_error)));
}

std::string in_100(double chance, double mc_error) {
  const std::string number = bare_in_100(chance, mc_error);
  return number == "all" ? "all of 100" : number + " in 100";
}

std::string in_100_beside(std::string_view label, double chance, double mc_error) {
  if (label.find(" in 100") == std::string_view::npos) return in_100(chance, mc_error);
  return bare_in_100(chance, mc_error) + " of 100 runs";
}

std::string chance_that(std::string_view does, double chance, double mc_error) {
  const std::string number = bare_in_100(chance, mc_error);
  if (number == "none" || number == "all")
    return fmt::format("it {} {} in the simulation", number == "none" ? "never" : "always", does);
  return fmt::format("{} in 100 that it {}", number, does);
}

std::string fewer_or_more(double difference) {
  const double people = std::round(100 * difference);
  if (people == 0 && std::abs(difference) < 1e-9) return "no difference in 100";
  if (people == 0) return difference < 0 ? "under 1 fewer in 100" : "under 1 more in 100";
  return whole_number(std::abs(people)) + (people < 0 ? " fewer in 100" : " more in 100");
}

std::string fewer_to_more(double low, double high) {
  // A limit that rounds to nobody still lies on a side, and which side may be the answer.
  const auto side = [](double share) { return std::abs(share) < 1e-9 ? 0 : share < 0 ? -1 : 1; };
  const auto number = [](double share) {
    const double people = std::abs(std::round(100 * share));
    return people == 0 ? std::string("under 1") : whole_number(people);
  };
  const auto word = [&](double share) {
    return side(share) == 0 ? std::string("no difference") : number(share) + (side(share) < 0 ? " fewer" : " more");
  };
  if (side(low) == 0 && side(high) == 0) return word(low);
  if (side(low) != side(high)) return word(low) + " to " + word(high);
  if (number(low) == number(high)) return word(low);
  return number(low) + " to " + word(high);
}

std::string lower_first(std::string_view text) {
  std::string copy(text);
  if (copy.empty()) return copy;
  const auto is_of_a_name = [](char letter) {
    return std::isupper(static_cast<unsigned char>(letter)) != 0 ||
           std::isdigit(static_cast<unsigned char>(letter)) != 0;
  };
  const auto word_end = std::find(copy.begin() + 1, copy.end(), ' ');
  if (!std::any_of(copy.begin() + 1, word_end, is_of_a_name))
    copy[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(copy[0])));
  return copy;
}

std::string upper_first(std::string_view text) {
  std::string copy(text);
  if (!copy.empty()) copy[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(copy[0])));
  return copy;
}

std::size_t letters_in(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string without_stop(std::string_view text) {
  while (text.ends_with('.') || text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

std::string sum_in_words(double value, int digits) {
  if (!std::isfinite(value)) return whole_number(value);
  if (value == 0) return "0";
  const int first = static_cast<int>(std::floor(std::log10(std::abs(value))));  // the power of ten of its first digit
  const int last = std::max(first >= 1 ? 0 : first - 1, digits > 0 ? first - std::max(2, digits) + 1 : first - 14);
  return at_unit(value, std::pow(10.0, last));
}

std::string unrounded(double value) {
  std::string text = fmt::format("{:.12g}", value);
  if (!std::isfinite(value) || text.find('e') != std::string::npos) return text;
  const std::size_t first = text.starts_with('-') ? 1 : 0, whole = std::min(text.find('.'), text.size());
  for (std::size_t place = whole; place > first + 3; place -= 3) text.insert(place - 3, ",");
  return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  std::string line;
  std::size_t letters = 0;  // code points, so that "£" is one wide
  std::size_t from = 0;
  while (from < text.size()) {
    const std::size_t end = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, end - from);
    from = end + 1;
    if (word.empty()) continue;
    if (!line.empty() && letters + 1 + letters_in(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
      letters = 0;
    }
    if (!line.empty()) {
      line += ' ';
      ++letters;
    }
    line += word;
    letters += letters_in(word);
  }
  if (!line.empty()) lines.push_back(std::move(line));
  return lines;
}

PrintedUnit printed_unit(const Unit& declared, const std::string& printed) {
  PrintedUnit made{declared};
  if (declared.time_power == 0) return made;
  for (const std::string& word : split(printed, ' ')) {
    const std::optional<double> hours = hours_in(word);
    if (!hours) continue;
    const double ratio = *hours_in(declared.time) / *hours;
    made.unit.time = word.ends_with('s') ? word.substr(0, word.size() - 1) : word;
    made.factor = declared.time_power > 0 ? ratio : 1 / ratio;
    break;
  }
  return made;
}

Unit unit_beside(const std::string& label, Unit unit) {
  const bool counts = !unit.thing.empty() && unit.thing != "£" && unit.thing != "share" && unit.thing != "1" &&
                      !unit.thing.ends_with("hour") && unit.time_power <= 0;
  const std::string small = lower_first(label);
  const bool is_named =
      small.find(unit.thing) != std::string::npos || small.find(plural(unit.thing)) != std::string::npos;
  if (counts && !small.empty() && !is_named) unit.thing.clear();
  return unit;
}

std::vector<std::string> parts_of_quotient(const std::string& text) {
  const std::size_t line = text.find(" / ");
  if (line == std::string::npos) return {text};
  return {trimmed(text.substr(0, line)), trimmed(text.substr(line + 3))};
}

}  // namespace desist
