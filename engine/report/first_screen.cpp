// The first screen: ten lines in the order that a board asks its questions in. A line with nothing to say is left out.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/words.hpp"
#include "engine/report/write_results.hpp"

namespace desist {
namespace {

constexpr std::size_t screen_width = 110;

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// As many of the parts as fit in one line, joined; says on the page what did not fit.
std::string fitting(const std::string& start, const std::vector<std::string>& parts, const std::string& between,
                    const std::string& end, std::size_t width) {
  std::string text = start;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string next = text + (i == 0 ? "" : between) + parts[i];
    if (i > 0 && columns(next + end) > width) break;
    text = next;
  }
  return text + end;
}

/// A text cut at a word, with dots, where it is too long for its line.
std::string shortened(const std::string& text, std::size_t width) {
  if (columns(text) <= width) return text;
  const std::vector<std::string> lines = wrapped(text, width - 3);
  return (lines.empty() ? "" : lines.front()) + "...";
}

class Screen {
 public:
  explicit Screen(const ReportInput& input) : input_(input) {}

  void add(std::string label, std::string text) {
    if (!text.empty()) lines_.emplace_back(std::move(label), std::move(text));
  }

  /// Room for a line's text: labels take as much as the longest, nine at least.
  static constexpr std::size_t room = screen_width - 9;

  std::string text() const {
    std::size_t label_width = 8;
    for (const auto& [label, ignored] : lines_) label_width = std::max(label_width, columns(label));
    const std::size_t gap = columns(input_.title) + columns(input_.subtitle) + 2 < screen_width
                                ? screen_width - columns(input_.title) - columns(input_.subtitle)
                                : 2;
    std::string all = input_.title + (input_.subtitle.empty() ? "" : std::string(gap, ' ') + input_.subtitle) + "\n";
    for (const auto& [label, line] : lines_) {
      all += label + std::string(label_width + 1 - columns(label), ' ') +
             shortened(line, screen_width - label_width - 1) + "\n";
    }
    return all;
  }

 private:
  const ReportInput& input_;
  std::vector<std::pair<std::string, std::string>> lines_;
};

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return whole_number(static_cast<double>(count)) + " " + (count == 1 ? one : many);
}

std::string claims_in_short(const ReportInput& input) {
  std::map<std::string, std::size_t> verdicts;
  for (const Answer& claim : claim_answers(input)) ++verdicts[claim.verdict];
  std::string text;
  for (const auto& [verdict, count] : verdicts) {
    text += (text.empty() ? "; claims: " : ", ") + std::to_string(count) + " " + lower_first(verdict);
  }
  return text;
}

std::string report_line(const ReportInput& input, const std::string& path) {
  std::size_t printed = 0;
  std::size_t assumed = 0;
  for (const FigureSource& source : input.sources) {
    printed += source.kind == FigureSource::Kind::evidence ? 1 : 0;
    assumed += source.kind == FigureSource::Kind::assumption ? 1 : 0;
  }
  std::string facts =
      plural(printed, "printed figure", "printed figures") + ", " + plural(assumed, "assumption", "assumptions");
  if (!input.estimates.rows.empty()) {
    facts += "; Monte Carlo error " + rounded(100 * headline_error(input), 0.1) + " in 100";
  } else {
    facts += claims_in_short(input);
  }
  const std::size_t used = columns(path) + columns(facts);
  const std::size_t gap = used + 2 < Screen::room ? std::min<std::size_t>(Screen::room - used, 8) : 2;
  return path + std::string(gap, ' ') + facts;
}

std::string asked_for(const ReportInput& input) {
  std::vector<std::string> figures;
  for (const Request& request : input.requests) figures.push_back(request.figures);
  return figures.empty() ? "" : fitting("", figures, "; ", ".", Screen::room);
}

std::string cannot_line(const ReportInput& input) {
  std::vector<std::string> sentences = input.cannot;
  for (std::string& sentence : sentences) {
    if (!sentence.empty() && sentence.back() == '.') sentence.pop_back();
  }
  return sentences.empty() ? "" : fitting("", sentences, "; ", ".", Screen::room);
}

/// "Doesn't fit: "2% ..." counts only completers": the sentence is what gives way where room is short.
std::string claim_line(const Answer& claim) {
  const std::string frame = claim.verdict + ": \"\" " + claim.text;
  const std::size_t left = columns(frame) + 12 < Screen::room ? Screen::room - columns(frame) : 12;
  return claim.verdict + ": \"" + shortened(claim.parts.front(), left) + "\" " + claim.text;
}

void add_claims(Screen& screen, const ReportInput& input) {
  const std::vector<Answer> claims = claim_answers(input);
  if (claims.empty()) return;
  // The claim that fits least is the one to read; the others are on the page.
  const auto worst =
      std::find_if(claims.begin(), claims.end(), [](const Answer& a) { return a.verdict == "Doesn't fit"; });
  screen.add("Claim", claim_line(worst != claims.end() ? *worst : claims.front()));
}

std::string projection_screen(const ReportInput& input, const std::string& path) {
  Screen screen(input);
  const Answer answer = projection_answer(input);
  screen.add("Answer", fitting(answer.text, answer.parts, ", ", ".", Screen::room));
  for (const Answer& need : need_answers(input))
    screen.add("Needed", fitting(need.text, need.parts, ", ", ".", Screen::room));
  add_claims(screen, input);
  const Answer people = people_answer(input);
  screen.add(people.verdict, fitting(people.text, people.parts, "; ", people.parts.empty() ? "" : ".", Screen::room));
  const Answer price = price_answer(input);
  screen.add("Price", fitting(price.text, price.parts, "; ", price.parts.empty() ? "" : ".", Screen::room));
  const Answer decides = decides_answer(input);
  screen.add("Decides", fitting(decides.text, decides.parts, ", ", decides.parts.empty() ? "" : ". " + decides.verdict,
                                Screen::room));
  screen.add("Can't", cannot_line(input));
  screen.add("Ask for", asked_for(input));
  screen.add("Report", report_line(input, path));
  return screen.text();
}

std::string study_screen(const ReportInput& input, const std::string& path) {
  Screen screen(input);
  const Answer answer = study_answer(input);
  screen.add("Answer", answer.verdict + ". " + answer.text);
  for (const Answer& row : headline_answers(input)) screen.add(row.verdict, row.text);
  add_claims(screen, input);
  screen.add("Groups", groups_answer(input).text);
  screen.add("Beside", beside_answer(input).text);
  screen.add("Settle", settle_answer(input).text);
  screen.add("Can't", cannot_line(input));
  screen.add("Ask for", asked_for(input));
  screen.add("Report", report_line(input, path));
  return screen.text();
}

}  // namespace

std::string first_screen(const ReportInput& input, const std::string& report_path) {
  return input.estimates.rows.empty() ? study_screen(input, report_path) : projection_screen(input, report_path);
}

}  // namespace desist
