#include "engine/core/nouns.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {

std::string singular(std::string_view noun) {
  const std::size_t gap = noun.find_last_of(" -");
  const std::size_t begin = gap == std::string_view::npos ? 0 : gap + 1;
  const std::string before(noun.substr(0, begin)), word(noun.substr(begin));
  std::vector<std::string> candidates{"person", "child", "man", "woman"};
  const auto cut = [&](std::size_t letters, std::string_view ending) {
    if (word.size() > letters) candidates.push_back(word.substr(0, word.size() - letters) + std::string(ending));
  };
  if (word.ends_with("ies")) cut(3, "y");
  for (const std::string_view ending : {"sses", "xes", "ches", "shes"})
    if (word.ends_with(ending)) cut(2, "");
  if (word.ends_with('s')) cut(1, "");  // before "es": "courses" are of a course
  if (word.ends_with("es")) cut(2, "");
  for (const std::string& candidate : candidates)
    if (plural(candidate) == word) return before + candidate;
  return std::string(noun);
}

std::string counted_number(double number, std::string_view one) {
  return fmt::format("{} {}", shortest(number), number == 1 ? std::string(one) : plural(one));
}

std::string label_of_one(std::string_view label) {
  std::size_t end = label.size();
  for (const std::string_view mark : {" a ", " an ", " per ", " in ", ","}) end = std::min(end, label.find(mark));
  return singular(label.substr(0, end)) + std::string(label.substr(end));
}

}  // namespace desist
