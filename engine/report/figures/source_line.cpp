#include "engine/report/figures/source_line.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "engine/report/figures/figure_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::figure {
namespace {

constexpr std::size_t letters_of_a_line = 96;                  // in the width of a narrow picture
constexpr double size_of_source = 8.5, height_of_source = 10;  // of its letters and of a line, in pixels

}  // namespace

std::string source_line(const ReportInput& input) {
  std::vector<std::string> titles;
  for (const EvidenceRow& row : input.evidence)
    if (!row.source.empty() && std::find(titles.begin(), titles.end(), row.source) == titles.end())
      titles.push_back(row.source);
  const std::string made = fmt::format("desist {}, {}.", input.run.version, input.name);
  if (titles.empty()) return made;
  std::string from = "From: " + titles.front();
  std::size_t named = 1;
  for (; named < titles.size() && letters_in(from + "; " + titles[named]) <= letters_of_a_line; ++named)
    from += "; " + titles[named];
  if (named < titles.size()) from += fmt::format(" and {} more in sources.csv", titles.size() - named);
  return made + (letters_in(made + from) < letters_of_a_line ? " " : "\n") + from;
}

std::string with_line_below(const std::string& spec, const std::string& line) {
  Json inner = Json::parse(spec), outer;
  for (const char* key : {"$schema", "description", "title", "data", "config"})
    if (inner.contains(key)) {
      outer[key] = inner[key];
      inner.erase(key);
    }
  const auto lines = 1 + std::count(line.begin(), line.end(), '\n');
  const Json below = {{"width", 10},
                      {"height", height_of_source * static_cast<double>(lines)},
                      {"data", {{"values", Json::array({{{"line", line}}})}}},
                      {"mark",
                       {{"type", "text"},
                        {"align", "left"},
                        {"baseline", "top"},
                        {"fontSize", size_of_source},
                        {"color", "#777"},
                        {"lineBreak", "\n"}}},
                      {"encoding", {{"x", {{"value", 0}}}, {"y", {{"value", 0}}}, {"text", {{"field", "line"}}}}}};
  outer["spacing"] = 8;
  outer["resolve"]["legend"] = {{"color", "independent"},
                                {"shape", "independent"}};  // else a legend goes below the line
  outer["vconcat"] = Json::array({inner, below});
  return outer.dump(1) + "\n";
}

}  // namespace desist::figure
