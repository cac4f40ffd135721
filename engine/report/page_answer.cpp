// The page's first part and its figures: the answer, the lines of the first screen as prose, pictures.
#include <cctype>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

/// The picture with ids of its own: every picture counts its clips from one, and a page has many.
std::string inlined(const std::string& svg, const std::string& name) {
  const std::size_t start = svg.find("<svg");
  std::string picture = start == std::string::npos ? "" : svg.substr(start);
  picture = replaced(picture, " id=\"", " id=\"" + name + "-");
  picture = replaced(picture, "url(#", "url(#" + name + "-");
  return picture;
}

/// A yes or a no of one arm of several says of which: "As it was, no".
std::string large_answer(const std::string& verdict, const std::vector<ScreenLine>& lines) {
  if (verdict != "Yes" && verdict != "No") return verdict;
  for (const ScreenLine& line : lines) {
    if (line.label != "Answer") continue;
    const std::string first = line.start.substr(0, line.start.find(". "));
    if (first.ends_with(", " + lower_first(verdict))) return first;
  }
  return verdict;
}

}  // namespace

std::string answer_section(const ReportInput& input) {
  std::string text = "<section aria-labelledby=\"answer\">\n";
  text += html::element("p", input.question);
  text += html::element("p", input.decision.empty() ? "" : "What hangs on it: " + lower_first(input.decision) + ".",
                        "small");
  const std::vector<ScreenLine> all = all_lines(input, "report.html");
  const std::string verdict = large_answer(verdict_or_answer(input), all);
  text += fmt::format("<h2 id=\"answer\" class=\"verdict\">{}</h2>\n", html::escaped(verdict));
  text += "<dl class=\"screen\">\n";
  for (const ScreenLine& line : all) {
    if (line.label == "Report") continue;
    std::string words = line.whole();
    // The verdict stands above already.
    if (line.label == "Answer" && without_stop(words) == verdict) continue;
    const bool above = words.starts_with(verdict + ". ") || words.starts_with(verdict + ": ");
    if (line.label == "Answer" && above) words = upper_first(words.substr(verdict.size() + 2));
    constexpr std::string_view shortened = "Can't be answered: ";  // of a long line; it stands above in full
    if (line.label == "Answer" && verdict.starts_with("Can't be answered") && words.starts_with(shortened))
      words = upper_first(words.substr(shortened.size()));
    text += html::element("dt", line.label) + html::element("dd", words);
  }
  text += "</dl>\n";
  if (!input.complete) {
    text += html::element(
        "p", "The run was stopped before its plan was done: the numbers are those of the draws so far.", "mark");
  }
  return text + "</section>\n";
}

std::string figure_html(const Figure& figure, const PagePictures& pictures, std::size_t number) {
  const std::string name = html::escaped(figure.name);
  const std::string title = figure.title + (figure.title.ends_with('?') ? " " : ". ");
  std::string text = fmt::format("<figure id=\"figure-{0}\" data-spec=\"spec-{0}\">\n", name);
  const auto drawn = pictures.svg.find(figure.name);
  text += fmt::format("<div class=\"picture\" data-picture role=\"img\" aria-label=\"{}\">",
                      html::escaped(title + figure.alt));
  if (drawn != pictures.svg.end()) {
    text += inlined(drawn->second, figure.name);
  } else {
    // In words where there is no picture, until the page has drawn it.
    text += html::element("p", figure.title, "mark") + html::element("p", figure.alt);
  }
  text += "</div>\n";
  text += fmt::format("<figcaption><b>Figure {}.</b> {} Data: <code>figures/{}.csv</code>.</figcaption>\n</figure>\n",
                      number, html::escaped(title + figure.caption), name);
  return text;
}

}  // namespace desist::page
