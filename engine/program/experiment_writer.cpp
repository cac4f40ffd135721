#include "engine/program/experiment_writer.hpp"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {

namespace {

// "; one of: police, courts" where the help doesn't name every word that may stand there.
std::string words_of(const Key& key) {
  const bool said = std::all_of(key.words.begin(), key.words.end(), [&](const std::string& word) {
    return key.help.find(word) != std::string_view::npos || key.example.find(word) != std::string_view::npos;
  });
  return said ? "" : fmt::format("; one of: {}", fmt::join(key.words, ", "));
}

}  // namespace

std::string quoted(const std::string& text) { return fmt::format("\"{}\"", text); }

void ExperimentWriter::comment(std::string_view line) { text_ += fmt::format("# {}\n", line); }

void ExperimentWriter::section(std::string_view name, const Lines& lines, bool explain) {
  const Section& declared = desist::section(name, kind_);
  if (explain) text_ += fmt::format("\n# {}.\n", declared.help);
  text_ += declared.shape == Shape::list ? fmt::format("[[{}]]\n", name) : fmt::format("[{}]\n", name);
  for (const auto& [key, value] : lines)
    if (std::none_of(declared.keys.begin(), declared.keys.end(), [&, k = key](const Key& d) { return d.name == k; }))
      throw std::logic_error(fmt::format("[{}] has no key '{}'", name, key));
  keys(declared, lines, explain);
}

void ExperimentWriter::offer(std::string_view name, const Lines& lines) {
  ExperimentWriter other(kind_);
  other.section(name, lines);
  text_ += '\n';
  for (const std::string& line : split(trimmed(other.text()), '\n'))
    text_ += line.starts_with('#') ? line + '\n' : "# " + line + '\n';
}

void ExperimentWriter::named(std::string_view section_name, std::string_view name, const Lines& lines) {
  const Section& declared = desist::section(section_name, kind_);
  std::vector<std::string> parts;
  for (const Key& key : declared.keys)
    if (const auto given = lines.find(key.name); given != lines.end())
      parts.push_back(fmt::format("{} = {}", key.name, given->second));
  text_ += fmt::format("{} = {{ {} }}\n", name, fmt::join(parts, ", "));
}

void ExperimentWriter::begin_named(std::string_view name) {
  const Section& declared = desist::section(name, kind_);
  text_ += fmt::format("\n# {}.\n", declared.help);
  std::vector<std::string> known;
  for (const Key& key : declared.keys)
    if (knows(kind_, key.only)) known.push_back(fmt::format("{} ({})", key.name, key.help));
  for (const std::string& line : known) text_ += fmt::format("#   {}\n", line);
  text_ += fmt::format("[{}]\n", name);
}

void ExperimentWriter::keys(const Section& declared, const Lines& lines, bool explain) {
  std::size_t width = 0;
  for (const Key& key : declared.keys) width = std::max(width, key.name.size());
  for (const Key& key : declared.keys) {
    if (!knows(kind_, key.only)) continue;
    const auto given = lines.find(key.name);
    if (given == lines.end() && !explain) continue;
    if (given == lines.end() && key.holds == Holds::table) continue;
    const std::string value = given == lines.end() ? std::string(key.example) : given->second;
    std::string line = fmt::format("{}{:<{}} = {}", given == lines.end() ? "# " : "", key.name, width, value);
    if (explain) line = fmt::format("{:<60}  # {}{}", line, key.help, words_of(key));
    text_ += line + '\n';
  }
}

void ExperimentWriter::head(std::string_view kind) {
  comment(fmt::format("An experiment to begin with ({}). Lines that begin with # are comments.", kind));
  comment(
      "Every figure says where it comes from: evidence = the id of a row in evidence/*.csv that prints it; assumption "
      "= why");
  comment("(and a range, because it is printed nowhere); or choice = why, where it is ours to decide.");
  comment("`desist check FILE` says in words what will be run, and everything that is wrong, at once.");
}

void ExperimentWriter::offer_sum() {
  offer("sum", {{"label", quoted("Offer")},
                {"text", quoted("Offered in all 2,714 cases: {low} a year if 5 in 100 say yes.")},
                {"compute", "{ low = \"nc.elig.nfa * 5%\" }"}});
}

}  // namespace desist
