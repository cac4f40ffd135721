#include "engine/core/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace desist {
namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter; }

// The text without its thousands commas, or nothing where a comma stands elsewhere than before three digits.
std::optional<std::string> without_commas(std::string_view text) {
  if (text.find(',') == std::string_view::npos) return std::string(text);
  const std::size_t begin = text.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(text.find_first_not_of("0123456789,", begin), text.size());
  const std::vector<std::string> groups = split(text.substr(begin, end - begin), ',');
  if (groups.front().empty() || groups.front().size() > 3) return std::nullopt;
  for (std::size_t i = 1; i < groups.size(); ++i)
    if (groups[i].size() != 3) return std::nullopt;
  std::string joined(text.substr(0, begin));
  for (const std::string& group : groups) joined += group;
  const std::string_view rest = text.substr(end);
  if (rest.find(',') != std::string_view::npos) return std::nullopt;
  return joined.append(rest);
}

// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours, each one edit; case is
// ignored.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), above(b.size() + 1), here(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    here[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      here[j] = std::min({replaced, above[j] + 1, here[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1]);
      if (swapped) here[j] = std::min(here[j], before[j - 2] + 1);
    }
    before.swap(above);
    above.swap(here);
  }
  return above[b.size()];
}

}  // namespace

std::string shortest(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Inf" : "-Inf";
  const double size = std::fabs(value);
  const bool plain = size == 0 || (size >= 1e-5 && size < 1e15);
  std::array<char, 64> buffer{};
  char* const end = buffer.data() + buffer.size();
  const auto result = plain ? std::to_chars(buffer.data(), end, value, std::chars_format::fixed)
                            : std::to_chars(buffer.data(), end, value, std::chars_format::scientific);
  return {buffer.data(), result.ptr};
}

std::optional<double> read_number(std::string_view text) {
  const std::optional<std::string> digits = without_commas(text);
  if (!digits || digits->empty()) return std::nullopt;
  const std::size_t first = digits->front() == '-' ? 1 : 0;
  if (first == digits->size()) return std::nullopt;
  const char start = (*digits)[first];
  if (!is_digit(start) && start != '.') return std::nullopt;  // from_chars would take "nan" and "inf"
  double value = 0;
  const char* const end = digits->data() + digits->size();
  const auto [stopped, error] = std::from_chars(digits->data(), end, value);
  if (error != std::errc{} || stopped != end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::optional<std::string> did_you_mean(std::string_view word, std::span<const std::string> known) {
  const std::size_t limit = std::max<std::size_t>(1, word.size() / 3);
  std::optional<std::string> nearest;
  std::size_t nearest_distance = limit + 1;
  for (const std::string& candidate : known) {
    const std::size_t shorter = std::min(candidate.size(), word.size());
    const std::size_t longer = std::max(candidate.size(), word.size());
    if (longer - shorter > limit) continue;
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < nearest_distance && distance < std::max<std::size_t>(1, longer)) {
      nearest = candidate;
      nearest_distance = distance;
    }
  }
  return nearest;
}

std::string listed(std::span<const std::string> words, std::string_view last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0 && i + 1 == words.size())
      text.append(" ").append(last).append(" ");
    else if (i > 0)
      text += ", ";
    text += words[i];
  }
  return text;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> pieces;
  while (true) {
    const std::size_t end = text.find(separator);
    pieces.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return pieces;
    text.remove_prefix(end + 1);
  }
}

std::string trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n\f\v";
  const std::size_t begin = text.find_first_not_of(blank);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(blank) - begin + 1));
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [text](std::string_view beginning) { return text.starts_with(beginning); });
}

}  // namespace desist
