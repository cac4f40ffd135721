#include "engine/data/data_problem.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

using Kind = DataProblemKind;

// How a kind is told: of one and of many, why it is one, what to do. {s}: the subject; {n}: the count with its mark
// between thousands.
struct Phrase {
  Kind kind;
  const char* one;
  const char* many;
  const char* why;
  const char* cure;
};

const Phrase phrases[] = {
    {Kind::empty_file, "is empty", "", "", "a data file is a line with the names of columns, then one row a person"},
    {Kind::header_only, "has the names of columns and no row below them", "", "", ""},
    {Kind::header_of_values, "the first line holds values, not the names of columns", "",
     "its cells would be lost as data", "put a line with the names of columns before it"},
    {Kind::binary_file, "is a binary file, not a text", "", "", "save it from the spreadsheet as \"CSV UTF-8\""},
    {Kind::utf_16, "is UTF-16, not UTF-8", "", "", "save it from the spreadsheet as \"CSV UTF-8\""},
    {Kind::unclear_delimiter, "more than one mark divides every row evenly", "", "", ""},
    {Kind::unclosed_quote, "a quote that is never closed", "", "everything after it would be one cell",
     "close it; a quote inside a quoted cell is written twice"},
    {Kind::text_after_quote, "1 cell goes on after its closing quote", "{n} cells go on after their closing quote", "",
     "a quote inside a quoted cell is written twice"},
    {Kind::too_few_cells, "1 row has fewer cells than the header", "{n} rows have fewer cells than the header", "", ""},
    {Kind::too_many_cells, "1 row has more cells than the header", "{n} rows have more cells than the header",
     "a mark inside a cell would shift the rest", "a cell that holds the mark between cells stands in quotes"},
    {Kind::column_twice, "two columns are called '{s}'", "{n} columns repeat the name '{s}'", "",
     "rename one; which is meant can't be known"},
    {Kind::no_such_column, "no column is called '{s}'", "", "", ""},
    {Kind::undecodable, "1 cell of '{s}' has a byte that is no character of Windows-1252",
     "{n} cells of '{s}' have a byte that is no character of Windows-1252", "the file is not UTF-8 either",
     "save it from the spreadsheet as \"CSV UTF-8\""},
    {Kind::empty_cell, "1 cell of '{s}' is empty", "{n} cells of '{s}' are empty", "it is required",
     "fill it in, or leave the row out"},
    {Kind::undeclared_missing, "1 cell of '{s}' looks like a code for a missing value",
     "{n} cells of '{s}' look like a code for a missing value", "", ""},
    {Kind::not_a_number, "1 cell of '{s}' is no number", "{n} cells of '{s}' are no numbers", "", ""},
    {Kind::not_whole, "1 cell of '{s}' is no whole number", "{n} cells of '{s}' are no whole numbers", "",
     "declare it as a number, if parts make sense"},
    {Kind::too_many_digits, "1 number of '{s}' is too large to be held exactly",
     "{n} numbers of '{s}' are too large to be held exactly", "", "read it as text, if it is a name and not an amount"},
    {Kind::thousands_mark, "1 number of '{s}' has a mark between thousands",
     "{n} numbers of '{s}' have a mark between thousands", "it was not declared",
     "declare the mark, if \"1,372\" is 1372"},
    {Kind::unclear_thousands, "1 number of '{s}' can be read in two ways",
     "{n} numbers of '{s}' can be read in two ways", "with a mark between thousands, or with a decimal comma",
     "declare which it is"},
    {Kind::decimal_comma, "1 number of '{s}' has a decimal comma", "{n} numbers of '{s}' have a decimal comma",
     "it was not declared", "declare the decimal comma of this column"},
    {Kind::currency_sign, "1 number of '{s}' has a currency sign that is not its unit",
     "{n} numbers of '{s}' have a currency sign that is not their unit", "",
     "declare the unit, as \"£\" or \"£/week\""},
    {Kind::percent_sign, "1 number of '{s}' has a percent sign", "{n} numbers of '{s}' have a percent sign",
     "39% could be 39 or 0.39", "take the sign out and declare the unit"},
    {Kind::not_yes_no, "1 cell of '{s}' is neither yes nor no", "{n} cells of '{s}' are neither yes nor no", "",
     "yes, no, y, n, true, false, 1 and 0 are known"},
    {Kind::unknown_level, "1 cell of '{s}' is none of its levels", "{n} cells of '{s}' are none of its levels", "", ""},
    {Kind::levels_alike, "two levels of '{s}' differ only in capitals",
     "{n} levels of '{s}' differ from another only in capitals", "they would be different groups",
     "write them alike, or declare the levels"},
    {Kind::not_a_date, "1 cell of '{s}' is no date", "{n} cells of '{s}' are no dates", "", ""},
    {Kind::other_date_form, "1 date of '{s}' is written in the other form",
     "{n} dates of '{s}' are written in the other form", "a column has one form, so that 1/2 is never 2/1",
     "2023-12-18 is ISO, 18/12/2023 is UK: declare the one and write all dates in it"},
    {Kind::two_digit_year, "1 date of '{s}' has a year of two digits", "{n} dates of '{s}' have a year of two digits",
     "the century can't be known", "write all four digits"},
    {Kind::impossible_date, "1 date of '{s}' is no day of the calendar",
     "{n} dates of '{s}' are no days of the calendar", "", ""},
    {Kind::time_of_day, "1 date of '{s}' has a time of day", "{n} dates of '{s}' have a time of day", "",
     "write the day alone"},
    {Kind::duplicate_person, "1 row repeats a person of '{s}'", "{n} rows repeat a person of '{s}'",
     "one row a person is needed", ""},
    {Kind::dates_out_of_order, "1 row has {s}", "{n} rows have {s}", "", ""},
    {Kind::out_of_range, "1 value of {s}", "{n} values of {s}", "", ""},
    {Kind::unknown_person, "1 row of {s} is of nobody in the file of people",
     "{n} rows of {s} are of nobody in the file of people", "", ""},
    {Kind::follow_up_before_index, "1 person's follow-up ends before the index date",
     "{n} people's follow-up ends before the index date", "", ""},
    {Kind::completed_outside_follow_up, "1 person completed before the index date or after the follow-up",
     "{n} people completed before the index date or after the follow-up", "", ""},
    {Kind::offence_before_index, "1 offence is before the index date; it is no reoffence",
     "{n} offences are before the index date; they are no reoffences", "", ""},
    {Kind::offence_on_index_day, "1 offence is on the index day; it is no reoffence",
     "{n} offences are on the index day; they are no reoffences", "", ""},
    {Kind::offence_after_follow_up, "1 offence is after the end of the follow-up and not counted",
     "{n} offences are after the end of the follow-up and not counted", "", ""},
    {Kind::offence_in_custody, "1 offence was in custody: counted on the calendar clock, not on the free clock",
     "{n} offences were in custody: counted on the calendar clock, not on the free clock", "", ""},
    {Kind::convicted_before_offence, "1 conviction is before its offence", "{n} convictions are before their offence",
     "", ""},
    {Kind::harm_unknown, "1 reoffence has no harm weight and adds nothing to the sum",
     "{n} reoffences have no harm weight and add nothing to the sum", "", ""},
    {Kind::spell_backwards, "1 spell in custody ends before it begins", "{n} spells in custody end before they begin",
     "", ""},
    {Kind::spell_outside_follow_up, "1 spell in custody is outside the follow-up and takes no time",
     "{n} spells in custody are outside the follow-up and take no time", "", ""},
    {Kind::spells_overlap, "1 spell in custody overlaps another of its person; its days are taken once",
     "{n} spells in custody overlap another of their person; their days are taken once", "", ""},
};

const Phrase& phrase_of(Kind kind) {
  return *std::find_if(std::begin(phrases), std::end(phrases), [kind](const Phrase& p) { return p.kind == kind; });
}

std::string grouped(std::int64_t count) {
  std::string digits = std::to_string(count);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

// "also line 9 'n/k' and line 31"; rows where lines are not known.
std::string other_places(const DataProblem& problem) {
  if (problem.first.size() < 2) return "";
  std::vector<std::string> places;
  for (std::size_t i = 1; i < problem.first.size(); ++i) {
    const DataPlace& place = problem.first[i];
    std::string text = place.line > 0 ? fmt::format("line {}", place.line) : fmt::format("row {}", place.row);
    if (!place.text.empty()) text += fmt::format(" '{}'", place.text);
    places.push_back(text);
  }
  if (problem.count > static_cast<std::int64_t>(problem.first.size()))
    return fmt::format("also {}, ...", fmt::join(places, ", "));
  return "also " + listed(places);
}

// Characters (code points) of a text, as carets are counted.
int characters_in(std::string_view text) {
  return static_cast<int>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

DataPlace row_place(std::size_t row, std::string text) {
  DataPlace place;
  place.row = static_cast<std::int64_t>(row + 1);
  place.text = std::move(text);
  return place;
}

DataProblem& DataProblems::count(DataProblemKind kind, std::string_view subject) {
  const auto same = [&](const DataProblem& p) { return p.kind == kind && p.subject == subject; };
  auto found = std::find_if(all_.begin(), all_.end(), same);
  if (found == all_.end()) found = all_.insert(found, {kind, std::string(subject), 0, {}, ""});
  ++found->count;
  return *found;
}

std::string in_words(const DataProblem& problem) {
  const Phrase& phrase = phrase_of(problem.kind);
  const bool one = problem.count == 1 || *phrase.many == '\0';
  return fmt::format(fmt::runtime(one ? phrase.one : phrase.many), fmt::arg("s", problem.subject),
                     fmt::arg("n", grouped(problem.count)));
}

Diagnostics diagnostics(const std::string& shown_as, std::span<const DataProblem> problems) {
  Diagnostics all;
  for (const DataProblem& problem : problems) {
    const Phrase& phrase = phrase_of(problem.kind);
    auto file = std::make_shared<SourceFile>(SourceFile{shown_as, "", 1});
    SourceSpan where;
    std::string text = in_words(problem);
    if (!problem.first.empty() && problem.first.front().line > 0) {
      const DataPlace& place = problem.first.front();
      file->text = place.source;
      file->first_line = place.line;
      where = {place.line, place.column, std::max(1, characters_in(place.text))};
    } else if (!problem.first.empty()) {
      text += fmt::format(", first in row {}", problem.first.front().row);
      if (!problem.first.front().text.empty()) text += fmt::format(" '{}'", problem.first.front().text);
    }
    if (const std::string places = other_places(problem); !places.empty()) text += "; " + places;
    all.add({file, where, text, phrase.why, problem.hint.empty() ? phrase.cure : problem.hint, {}});
  }
  return all;
}

std::vector<std::string> remarks(std::span<const DataProblem> problems) {
  std::vector<std::string> lines;
  for (const DataProblem& problem : problems) {
    std::vector<std::string> rows;
    for (const DataPlace& place : problem.first) rows.push_back(grouped(place.row));
    std::string where;
    if (problem.count > static_cast<std::int64_t>(rows.size()) && !rows.empty())
      where = fmt::format(" (rows {}, ...)", fmt::join(rows, ", "));
    else if (!rows.empty())
      where = fmt::format(" ({} {})", rows.size() == 1 ? "row" : "rows", listed(rows));
    lines.push_back(in_words(problem) + where);
  }
  return lines;
}

}  // namespace desist
