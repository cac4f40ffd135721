// The first screen: ten lines in the order that a board asks its questions in. A line with nothing to say is left out.
#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/appraisal_words.hpp"
#include "engine/report/trial_words.hpp"
#include "engine/report/words.hpp"
#include "engine/report/write_results.hpp"

namespace desist {
namespace {

constexpr std::size_t screen_width = 110;

/// A text cut at a word, with dots, where it is too long for its line.
std::string shortened(const std::string& text, std::size_t width) {
  if (letters_in(text) <= width) return text;
  const std::vector<std::string> lines = wrapped(text, width - 3);
  return (lines.empty() ? "" : lines.front()) + "...";
}

constexpr std::size_t lines_most = 10;
constexpr std::size_t further_most = 4;  // outcomes of people's rows that always keep their line
/// Labels take nine columns at least; a line's text has the rest.
constexpr std::size_t room = screen_width - 9;

std::string plural(std::size_t count, const std::string& one, const std::string& many) {
  return whole_number(static_cast<double>(count)) + " " + (count == 1 ? one : many);
}

std::string claims_in_short(const ReportInput& input) {
  std::map<std::string, std::size_t> verdicts;
  for (const Answer& claim : claim_answers(input)) ++verdicts[claim.verdict];
  std::string text;
  for (const auto& [verdict, count] : verdicts) {
    const std::string one = lower_first(verdict);
    const std::string many = one == "fits" ? "fit" : one == "doesn't fit" ? "don't fit" : one;
    text += (text.empty() ? "; claims: " : ", ") + std::to_string(count) + " " + (count == 1 ? one : many);
  }
  return text;
}

/// The simulation's own error as people read it: never a decimal.
std::string error_in_words(double error) {
  return error < 0.01 ? "under 1 in 100" : whole_number(std::ceil(100 * error - 1e-9)) + " in 100";
}

/// Whether virtual trials are the answer: the file names no outcome that is.
bool answered_by_trials(const ReportInput& input) {
  return !input.tried.empty() &&
         std::none_of(input.outcome_texts.begin(), input.outcome_texts.end(),
                      [](const OutcomeText& text) { return text.line == OutcomeText::Line::answer; });
}

/// Whether the file asks for a next study first, and there are draws enough for an answer.
bool answered_by_next_study(const ReportInput& input) {
  return input.appraisal && input.appraisal->answers_next_study && !next_study_answer(input).parts.empty();
}

/// Of trials and chances in 100, of amounts a share of the mean: "under 1 in 100", "4% of the mean"; "" where the file
/// asks for neither.
std::string projection_error_in_words(const ReportInput& input) {
  if (answered_by_trials(input)) return error_in_words(trial_error(input));
  const auto of_mean = input.null_results.placebos.empty() ? headline_mean_error(input) : std::nullopt;
  if (of_mean) return (*of_mean < 0.01 ? "under 1" : whole_number(std::ceil(100 * *of_mean - 1e-9))) + "% of the mean";
  const auto of_chances = headline_error(input);
  return of_chances ? error_in_words(*of_chances) : "";
}

std::string report_line(const ReportInput& input, const std::string& path) {
  std::size_t printed = 0;
  std::size_t assumed = 0;
  for (const FigureSource& source : input.sources) {
    printed += source.kind == FigureSource::Kind::evidence ? 1 : 0;
    assumed += source.kind == FigureSource::Kind::assumption ? 1 : 0;
  }
  std::string facts = plural(assumed, "assumption", "assumptions");
  const bool on_studies = input.appraisal && !input.studies.empty();
  if (printed > 0 || !on_studies) facts = plural(printed, "printed figure", "printed figures") + ", " + facts;
  if (on_studies) facts = plural(input.studies.size(), "printed table", "printed tables") + ", " + facts;
  if (input.people && !input.people_results.analyses.empty()) {
    const std::string analyses = plural(input.people_results.analyses.size(), "analysis", "analyses");
    facts = input.sources.empty() ? analyses : analyses + ", " + facts;
  }
  if (input.appraisal) {
    facts += "; Monte Carlo error " + error_in_words(appraisal_error(input));
  } else if (!input.model.empty()) {
    const std::string error = projection_error_in_words(input);
    if (!error.empty()) facts += "; Monte Carlo error " + error;
  } else {
    facts += claims_in_short(input);
  }
  const std::size_t used = letters_in(path) + letters_in(facts);
  const std::size_t gap = used + 2 < room ? std::min<std::size_t>(room - used, 8) : 2;
  return path + std::string(gap, ' ') + facts;
}

ScreenLine line(std::string label, const Answer& answer, std::string between, std::string end, int drop = 0) {
  if (answer.parts.empty()) return {std::move(label), trimmed(answer.text), {}, "", "", drop};
  return {std::move(label), answer.text, answer.parts, std::move(between), std::move(end), drop};
}

/// The claim that fits least is the one to read; the others are on the page.
ScreenLine claim_line(const ReportInput& input) {
  const std::vector<Answer> claims = claim_answers(input);
  if (claims.empty()) return {};
  const auto worst =
      std::find_if(claims.begin(), claims.end(), [](const Answer& a) { return a.verdict == "Doesn't fit"; });
  const bool of_money = !input.appraised.claims.empty();  // then those of the studies behind it can wait
  const Answer& claim = worst != claims.end() && !of_money ? *worst : claims.front();
  // How sizes of groups are checked is on the page: no p-value stands on the first screen.
  std::string why = claim.text.substr(0, claim.text.find(": p = "));
  if (!why.ends_with('.')) why += '.';
  // The sentence is what gives way where room is short, never the reason.
  constexpr std::size_t least_worth_quoting = 20;
  const std::size_t used = letters_in(claim.verdict + ": \"\" " + why);
  const bool quoted = used + least_worth_quoting <= room;
  const std::string sentence = quoted ? "\"" + shortened(claim.parts.front(), room - used) + "\" " : "";
  ScreenLine screen{"Claim", claim.verdict + ": " + sentence + why, {}, "", "", 0};
  return screen;
}

/// Where room is short the later sums are on the page only, but for those that the file keeps: what was claimed.
void add_sums(std::vector<ScreenLine>& lines, const ReportInput& input) {
  for (const Sum& sum : input.sums) lines.push_back({sum.label, sum.text, {}, "", "", sum.keeps_its_line ? 0 : 5});
}

/// A forecast without a model: its years are the answer.
std::vector<ScreenLine> forecast_lines(const ReportInput& input) {
  std::vector<ScreenLine> lines;
  for (const Answer& forecast : forecast_answers(input)) lines.push_back(line("Answer", forecast, ", ", "."));
  for (const Answer& priors : prior_answers(input)) lines.push_back(line("Decides", priors, ", ", ".", 7));
  for (const Answer& test : back_test_answers(input)) lines.push_back(line("Tried", test, "", "", 6));
  add_sums(lines, input);
  return lines;
}

std::vector<ScreenLine> projection_lines(const ReportInput& input) {
  if (input.model.empty()) return forecast_lines(input);
  std::vector<ScreenLine> lines;
  const bool unprinted = !input.unprinted.empty();
  const std::vector<Answer> trials = trial_answers(input);
  const std::vector<Answer> falls = placebo_answers(input);
  const bool tried_first = !unprinted && falls.empty() && answered_by_trials(input);
  if (unprinted) {
    lines.push_back(line("Answer", projection_answer(input), " ", ""));
  } else if (!falls.empty()) {
    lines.push_back({"Answer", falls.front().text, {}, "", "", 0});
  } else if (!tried_first) {
    const Answer answer = projection_answer(input);
    const auto has_comma = [](const std::string& part) { return part.find(", ") != std::string::npos; };
    const bool long_parts = std::any_of(answer.parts.begin(), answer.parts.end(), has_comma);
    lines.push_back(line("Answer", answer, long_parts ? "; " : ", ", "."));
  }
  for (const Answer& trial : trials) {
    const bool first = &trial == &trials.front();
    lines.push_back(line(first && tried_first ? "Answer" : trial.verdict, trial, ", ", ".", first ? 0 : 4));
  }
  for (const Answer& reading : reading_answers(input)) lines.push_back(line("Read as", reading, ", ", "."));
  lines.push_back(line("Inconclusive", inconclusive_answer(input), ", ", "."));
  lines.push_back(line("No number", no_number_answer(input), "; ", "."));
  for (const Answer& careers : careers_answers(input)) lines.push_back(line("Careers", careers, ", ", ".", 2));
  lines.push_back(line("Assured", assurance_answer(input), ", ", ".", 3));
  lines.push_back(line("How long", follow_up_answer(input), ", ", ".", 3));
  lines.push_back(line("How long", how_long_answer(input), ", ", ".", 5));
  lines.push_back(line("Looks", looks_answer(input), "; ", ".", 6));
  lines.push_back(line("Wrong way", wrong_way_answer(input), "; ", "."));
  lines.push_back(line("By chance", found_by_chance_answer(input), ", ", ".", 6));
  for (std::size_t f = unprinted ? 0 : 1; f < falls.size(); ++f)
    lines.push_back({falls[f].verdict, falls[f].text, {}, "", "", 2});
  lines.push_back(line("Hangs on", boundary_answer(input), "; ", "."));
  lines.push_back(line("Anyway", anyway_answer(input), ", ", "."));
  lines.push_back(line("Left", left_answer(input), ", ", "."));
  lines.push_back(line("Targets", targets_answer(input), ", ", ".", 5));
  lines.push_back(line("Known", known_answer(input), "; ", "."));
  lines.push_back(line("Given", given_answer(input), "; ", "."));
  lines.push_back(line("Not known", not_known_answer(input), ", ", "."));
  for (const Answer& held : held_out_answers(input)) lines.push_back({"Held out", held.text, {}, "", "", 4});
  int drop = 0;
  for (const Answer& need : need_answers(input)) {
    lines.push_back(line("Needed", need, ", ", ".", drop));
    drop = 9;  // the second and later are on the page
  }
  if (const Answer best = best_answer(input); !best.text.empty()) lines.push_back(line("Best", best, "", "", 8));
  for (const Answer& sweep : sweep_answers(input)) lines.push_back(line(sweep.verdict, sweep, ", ", ".", 6));
  for (const Answer& fall : decomposition_answers(input)) lines.push_back(line(fall.verdict, fall, ", ", ".", 4));
  for (const Answer& forecast : forecast_answers(input)) lines.push_back(line("Forecast", forecast, ", ", ".", 7));
  for (const Answer& test : back_test_answers(input)) lines.push_back(line("Tried", test, "", "", 6));
  add_sums(lines, input);
  if (unprinted) lines.push_back(line("Assumed", assumed_answer(input), ", ", ".", 7));
  lines.push_back(claim_line(input));
  Answer people = people_answer(input);
  if (!people.parts.empty()) people.parts.front() = upper_first(people.parts.front());
  const int on_what_is_assumed = unprinted ? 6 : 0;  // they hang on the number that nobody has printed
  lines.push_back(line(people.verdict, people, "; ", ".", on_what_is_assumed));
  lines.push_back(line("Price", price_answer(input), "; ", ".", on_what_is_assumed));
  const Answer decides = decides_answer(input);
  lines.push_back(line("Decides", decides, ", ", decides.verdict.empty() ? "." : ". " + decides.verdict));
  return lines;
}

std::vector<ScreenLine> study_lines(const ReportInput& input) {
  std::vector<ScreenLine> lines;
  const Answer answer = study_answer(input);
  if (!answer.verdict.empty()) {
    ScreenLine first{"Answer", "", {answer.verdict}, ". ", ".", 0};
    if (!trimmed(answer.text).empty()) first.parts.push_back(without_stop(trimmed(answer.text)));
    lines.push_back(first);
  }
  for (const Answer& row : headline_answers(input))
    lines.push_back(line(row.verdict, row, ", ", row.parts.empty() ? "" : "."));
  lines.push_back(claim_line(input));
  add_sums(lines, input);
  lines.push_back({"Groups", groups_answer(input).text, {}, "", "", 6});
  lines.push_back(line("Beside", beside_answer(input), ", ", ". Not added in.", 7));
  lines.push_back({"Settle", settle_answer(input).text, {}, "", "", 5});
  return lines;
}

std::vector<ScreenLine> people_lines(const ReportInput& input) {
  std::vector<ScreenLine> lines;
  const bool unprinted = !input.unprinted.empty();
  const bool sums_first = unprinted && !input.people->funnel;  // they are what can be said
  if (unprinted) {
    lines.push_back(line("Answer", unprinted_answer(input), " ", ""));
    lines.push_back({"Share", funnel_answer(input).text, {}, "", "", 0});
    if (sums_first) add_sums(lines, input);
  } else {
    const Answer answer = main_answer(input);
    const std::string verdict = answer.verdict.empty() ? "" : answer.verdict + ". ";
    lines.push_back(
        {"Answer", trimmed(verdict + (answer.parts.empty() ? answer.text : answer.parts.front())), {}, "", "", 0});
  }
  for (const Answer& column : funnel_steps_answers(input)) lines.push_back(line(column.verdict, column, ", ", "."));
  lines.push_back(line("Fall out", funnel_losses_answer(input), "; ", ".", 4));
  lines.push_back(line("Changed", funnel_changes_answer(input), ", ", ".", 4));
  lines.push_back(line("People", absolute_answer(input), ", ", "."));
  // An outcome that points the other way is never below the fold: the first few stay whatever else there is.
  int drop = 0;
  std::size_t shown = input.unprinted.empty() ? 1 : 0;
  for (const Answer& row : side_by_side_answers(input)) {
    lines.push_back({row.verdict, row.text, {}, "", "", 3});
    shown = further_most - 1;  // studies' own lines before a second look at them
  }
  const std::vector<Answer> further = further_evaluation_answers(input);
  for (const Answer& row : further) {
    if (++shown > further_most) drop = 9;
    if (input.people->funnel && &row != &further.front()) drop = 6;  // its own lines say more
    if (row.parts.empty() || letters_in(row.text) <= room)
      lines.push_back({row.verdict, row.text, {}, "", "", drop});
    else
      lines.push_back({row.verdict, "", row.parts, "; ", ".", drop});
  }
  if (!sums_first) add_sums(lines, input);
  lines.push_back(line("Print", funnel_audit_answer(input), "; ", ".", 6));
  lines.push_back(line("Refused", refused_answer(input), " ", "", 7));
  lines.push_back({"Groups", evaluation_groups_answer(input).text, {}, "", "", 6});
  lines.push_back({"Withheld", withheld_answer(input).text, {}, "", "", 0});
  lines.push_back(line("Beside", beside_answer(input), ", ", ". Not added in.", 8));
  return lines;
}

ScreenLine with_verdict(const std::string& label, const Answer& answer) {
  const std::string verdict = answer.verdict.empty() ? "" : answer.verdict + ". ";
  return line(label, {"", verdict + answer.text, answer.parts}, "; ", ".");
}

/// Where the verdict and the money don't stand on one line, the money has its own. Where a next study is what is asked,
/// it comes first, and what the arms are worth today after it.
void add_worth(std::vector<ScreenLine>& lines, const ReportInput& input) {
  const bool study_first = answered_by_next_study(input);
  const std::string label = study_first ? "Today" : "Answer";
  if (study_first) {
    lines.push_back(with_verdict("Answer", next_study_answer(input)));
    lines.push_back(line("Studies", other_studies_answer(input), "; ", ".", 1));
  }
  const ScreenLine whole = with_verdict(label, appraisal_answer(input));
  const Answer apart = short_appraisal_answer(input);
  if (apart.parts.empty() || letters_in(whole.whole()) <= room) {
    lines.push_back(whole);
    if (input.appraised.is_question) lines.push_back(line("Net", net_answer(input), ", ", "."));
    return;
  }
  lines.push_back({label, apart.verdict + ". " + apart.parts.front() + ".", {}, "", "", 0});
  lines.push_back(line("Net", net_answer(input), ", ", "."));
}

std::vector<ScreenLine> appraisal_lines(const ReportInput& input) {
  std::vector<ScreenLine> lines;
  if (!input.unprinted.empty()) {
    lines.push_back(line("Answer", unprinted_answer(input), " ", ""));
    if (!input.model.empty()) lines.push_back(line("Assumed", assumed_answer(input), ", ", ".", 1));
    lines.push_back(line("Net", net_answer(input), ", ", "."));
  } else {
    add_worth(lines, input);
  }
  lines.push_back(line("Others", other_arms_answer(input), "; ", ".", 1));
  lines.push_back(line("Costs", costs_answer(input), "; ", "."));
  // A ratio is what claims are about; else it says again what the net sum does.
  lines.push_back(line("Ratio", ratio_answer(input), "; ", ".", input.appraised.claims.empty() ? 3 : 0));
  lines.push_back(line("Each", each_averted_answer(input), ", ", ".", 5));
  for (const Answer& least : break_even_answers(input)) lines.push_back(line("Break-even", least, ", ", ".", 6));
  const std::vector<Answer> needed = needed_answers(input);
  for (const Answer& each : needed)
    lines.push_back(line(&each == &needed.front() ? "Needed" : "", each, ", ", &each == &needed.back() ? "." : ",", 0));
  const std::vector<Answer> shown = shown_answers(input);
  for (const Answer& each : shown)
    lines.push_back(line(&each == &shown.front() ? "Shown" : "", each, "; ", &each == &shown.back() ? "." : ";", 0));
  lines.push_back(line("Reached", reached_answer(input), "; ", "."));
  add_sums(lines, input);
  // Of claims of the studies that feed it: what its own sums say of money comes before them.
  lines.push_back(claim_line(input));
  lines.back().drop = input.appraised.claims.empty() ? 9 : 0;
  lines.push_back(line("Gain", gainers_answer(input), ", ", ".", 2));
  lines.push_back(line("Weighted", weighted_answer(input), ", ", ".", 4));
  lines.push_back(line("Against", against_answer(input), "; ", "."));
  lines.push_back(line("Decides", switching_answer(input), "; ", ".", 1));
  lines.push_back(line("Find out", find_out_answer(input), "; ", ".", 3));
  return lines;
}

std::vector<ScreenLine> kind_lines(const ReportInput& input) {
  if (input.appraisal) return appraisal_lines(input);
  switch (input.kind()) {
    case ReportInput::Kind::study:
      return study_lines(input);
    case ReportInput::Kind::people:
      return people_lines(input);
    case ReportInput::Kind::projection:
    case ReportInput::Kind::appraisal:
      break;
  }
  return projection_lines(input);
}

std::string screen_text(const ReportInput& input, const std::vector<ScreenLine>& lines) {
  std::size_t label_width = 8;
  for (const ScreenLine& each : lines) label_width = std::max(label_width, letters_in(each.label));
  const std::size_t head = letters_in(input.title) + letters_in(input.subtitle);
  const std::size_t gap = head + 2 < screen_width ? screen_width - head : 2;
  std::string all = input.title + (input.subtitle.empty() ? "" : std::string(gap, ' ') + input.subtitle) + "\n";
  const std::size_t width = screen_width - label_width - 1;
  for (const ScreenLine& each : lines) {
    all += each.label + std::string(label_width + 1 - letters_in(each.label), ' ');
    // A path is never cut: it would not open.
    all += (each.label == "Report" ? each.start : shortened(each.fitting(width), width)) + "\n";
  }
  return all;
}

}  // namespace

std::string ScreenLine::whole() const {
  std::string text = start;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : between) + parts[i];
  return text + end;
}

std::string ScreenLine::fitting(std::size_t width) const {
  std::string text = start;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string next = text + (i == 0 ? "" : between) + parts[i];
    if (i > 0 && letters_in(next + end) > width) break;
    text = next;
  }
  return text + end;
}

Answer main_answer(const ReportInput& input) {
  if (!input.unprinted.empty()) return unprinted_answer(input);
  if (answered_by_next_study(input)) return next_study_answer(input);
  if (input.appraisal) return appraisal_answer(input);
  switch (input.kind()) {
    case ReportInput::Kind::study:
      return study_answer(input);
    case ReportInput::Kind::people:
      return input.people->funnel ? funnel_answer(input) : evaluation_answer(input);
    case ReportInput::Kind::projection:
    case ReportInput::Kind::appraisal:
      break;
  }
  if (input.model.empty()) return {};
  const std::vector<Answer> falls = placebo_answers(input);
  if (!falls.empty()) return {first_placebo_verdict(input), falls.front().text, falls.front().parts};
  if (!answered_by_trials(input)) return projection_answer(input);
  const std::vector<Answer> trials = trial_answers(input);
  return trials.empty() ? Answer{} : Answer{trial_verdict(input), trials.front().text, trials.front().parts};
}

std::string verdict_or_answer(const ReportInput& input) {
  const Answer answer = main_answer(input);
  if (!answer.verdict.empty()) return answer.verdict;
  const std::vector<ScreenLine> lines = kind_lines(input);
  const auto first =
      std::find_if(lines.begin(), lines.end(), [](const ScreenLine& each) { return !each.whole().empty(); });
  if (first == lines.end()) return "";
  const std::string text = first->start + (first->parts.empty() ? "" : first->parts.front());
  return without_stop(text.substr(0, text.find(". ")));
}

std::vector<ScreenLine> all_lines(const ReportInput& input, const std::string& report_path) {
  std::vector<ScreenLine> lines = kind_lines(input);
  Answer cannot;
  for (const std::string& text : input.cannot) cannot.parts.push_back(without_stop(text));
  const bool unprinted = !input.unprinted.empty();  // then what to ask for says more than what can't be said
  lines.push_back(line("Can't", cannot, "; ", ".", unprinted ? 6 : 4));
  Answer asked;
  for (const Request& request : input.requests) {
    const std::string figures = without_stop(request.figures);
    asked.parts.push_back(asked.parts.empty() ? figures : lower_first(figures));
  }
  lines.push_back(line("Ask for", asked, "; ", ".", unprinted ? 3 : 8));
  lines.push_back({"Report", report_line(input, report_path), {}, "", "", 0});
  std::erase_if(lines, [](const ScreenLine& each) { return each.whole().empty(); });
  return lines;
}

std::vector<ScreenLine> screen_lines(const ReportInput& input, const std::string& report_path) {
  std::vector<ScreenLine> lines = all_lines(input, report_path);
  while (lines.size() > lines_most - 1) {
    // Of equals the later goes; where all must stay, they stay.
    auto last = lines.end();
    for (auto each = lines.begin(); each != lines.end(); ++each) {
      if (each->drop > 0 && (last == lines.end() || each->drop >= last->drop)) last = each;
    }
    if (last == lines.end()) break;
    lines.erase(last);
  }
  return lines;
}

std::string first_screen(const ReportInput& input, const std::string& report_path) {
  return screen_text(input, screen_lines(input, report_path));
}

}  // namespace desist
