// The page's section on printed falls: what the programme that does nothing shows, together, by model and by level, and
// point by point.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/answers.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

using html::number;
using html::words;

std::string printed_in_words(const PlaceboText& text) {
  if (!text.printed_before.empty())
    return fmt::format("{} before and {} after{}", text.printed_before, text.printed_after,
                       text.times.empty() ? "" : fmt::format(" (in {})", text.times));
  if (!text.printed_fall.empty()) return "a fall of " + text.printed_fall;
  return text.printed_ratio + " of what it was before";
}

std::vector<html::TableCell> envelope_row(const std::string& name, const PlaceboEnvelope& each) {
  if (each.points == 0) return {words(name), number("0"), number(""), number(""), number(""), words("")};
  return {words(name),
          number(whole_number(static_cast<double>(each.points))),
          number(falls_in_words(each.mean_low, each.mean_high)),
          number(falls_in_words(each.low, each.high)),
          number(explained_in_words(each)),
          words(placebo_verdict_words(each.verdict))};
}

std::string envelopes_table(const ReportInput& input, std::size_t p) {
  const PlaceboResult& result = input.null_results.placebos[p];
  std::vector<std::vector<html::TableCell>> rows{envelope_row("The whole set", result.all)};
  if (result.arms.size() > 1)
    for (const PlaceboEnvelope& arm : result.arms)
      for (const ArmText& text : input.arms)
        if (text.name == arm.arm) rows.push_back(envelope_row(text.label, arm));
  std::size_t l = 0;
  for (const PlaceboEnvelope& level : result.levels) {
    const NullUnknown& unknown = input.null_programme.unknowns[*level.unknown];
    if (level.level == unknown.levels.front()) l = 0;
    rows.push_back(envelope_row(unknown.label + " " + unknown.level_words[l++], level));
  }
  return html::table(
      fmt::format(
          "{}. What the programme that does nothing shows, over all points of the box and over those with one "
          "model or level, the other unknowns free. The band holds 95 in 100 futures at each point; its range is "
          "over the points.",
          input.placebos[p].label),
      {"Points", "How many", "Fall expected", "Band", "Of the printed fall (log scale)", "Verdict"}, rows);
}

constexpr std::size_t most_points_listed = 24;  // of a table that is still read; a longer one is for a machine
constexpr std::size_t nearest_listed = 2;       // points at the boundary of the verdict, of each model: "the two" below

/// By how much of a fall points are put in order: what is expected; where futures have none after or none before, the
/// limit of the band there.
double fall_to_sort_by(const PlaceboPoint& law) {
  if (!std::isnan(law.mean)) return law.mean;
  return law.none_after > 0 ? law.high : law.low;
}

/// From the printed fall to the nearer limit of a point's band: there the answer turns.
double to_boundary(const Placebo& placebo, const PlaceboPoint& law) {
  return std::min(std::abs(placebo.fall_least() - law.high), std::abs(placebo.fall_most() - law.low));
}

/// The points that the page lists: all of a short list; of a long one, of each model, those with the least and the most
/// fall expected and those nearest to the boundary of the verdict.
std::vector<const PlaceboPoint*> points_listed(const ReportInput& input, std::size_t p) {
  const Placebo& placebo = input.placebos[p];
  const std::vector<PlaceboPoint>& all = input.null_results.placebos[p].points;
  std::vector<const PlaceboPoint*> listed;
  if (all.size() <= most_points_listed) {
    for (const PlaceboPoint& law : all) listed.push_back(&law);
    return listed;
  }
  for (const std::size_t arm : input.null_programme.arms) {
    std::vector<const PlaceboPoint*> here;
    for (const PlaceboPoint& law : all)
      if (input.null_results.points[law.point].arm == arm) here.push_back(&law);
    if (here.empty()) continue;
    std::stable_sort(here.begin(), here.end(), [](const PlaceboPoint* a, const PlaceboPoint* b) {
      return fall_to_sort_by(*a) < fall_to_sort_by(*b);
    });
    std::vector<const PlaceboPoint*> kept{here.front(), here.back()};
    std::stable_sort(here.begin(), here.end(), [&](const PlaceboPoint* a, const PlaceboPoint* b) {
      return to_boundary(placebo, *a) < to_boundary(placebo, *b);
    });
    here.resize(std::min(here.size(), nearest_listed));
    kept.insert(kept.end(), here.begin(), here.end());
    std::sort(kept.begin(), kept.end());  // as in the box: they lie in one vector
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    listed.insert(listed.end(), kept.begin(), kept.end());
  }
  return listed;
}

std::string points_caption(const ReportInput& input, std::size_t p, std::size_t listed) {
  const std::size_t all = input.null_results.placebos[p].points.size();
  std::string caption =
      fmt::format("{}, point by point: {} futures each, on common draws and luck.", input.placebos[p].label,
                  whole_number(static_cast<double>(input.null_programme.futures)));
  if (listed == all) return caption;
  return caption + fmt::format(
                       " Of {} points, {}: {}those with the least and the most fall expected, and the two "
                       "at which the printed fall is nearest to a limit of the band. All are in placebo.csv.",
                       all, listed, input.null_programme.arms.size() > 1 ? "of each model " : "");
}

std::string points_table(const ReportInput& input, std::size_t p) {
  const auto& unknowns = input.null_programme.unknowns;
  std::vector<std::string> headers{"Model"};
  for (const NullUnknown& unknown : unknowns) headers.push_back(unknown.label);
  if (input.null_programme.match) headers.push_back("Matched");
  for (const char* header : {"Fall expected", "Band", "Of the printed fall", "Error", "Printed fall is"})
    headers.push_back(header);
  const std::vector<const PlaceboPoint*> listed = points_listed(input, p);
  std::vector<std::vector<html::TableCell>> rows;
  for (const PlaceboPoint* each : listed) {
    const PlaceboPoint& law = *each;
    const NullPoint& point = input.null_results.points[law.point];
    std::vector<html::TableCell> row{words(input.arms[point.arm].label)};
    for (std::size_t u = 0; u < unknowns.size(); ++u)
      row.push_back(number(point.levels[u] ? unknowns[u].level_words[*point.levels[u]] : ""));
    if (input.null_programme.match) row.push_back(number(point.matched ? fmt::format("{:.3g}", *point.matched) : ""));
    row.push_back(number(fall_in_words(law.mean)));
    row.push_back(number(falls_in_words(law.low, law.high)));
    row.push_back(number(law.explained ? rounded(100 * *law.explained, 100 * *law.explained_error) + " in 100" : ""));
    row.push_back(number(law.explained ? rounded(100 * *law.explained_error, 0) : ""));
    row.push_back(words(fall_position(law.printed) + (law.is_near ? " (near its limit)" : "")));
    rows.push_back(std::move(row));
  }
  return html::table(points_caption(input, p, listed.size()), headers, rows);
}

std::string parts_table(const ReportInput& input, std::size_t p) {
  const PlaceboResult& result = input.null_results.placebos[p];
  const Placebo& placebo = input.placebos[p];
  if (!result.nothing_left) return "";
  std::vector<std::vector<html::TableCell>> rows;
  bool own = false;
  const auto row = [&](const std::string& name, std::optional<double> of_each, double ratio, const PartLeft& left) {
    own = own || left.is_own;
    const double error = 100 * std::max(left.least_error, left.most_error);
    rows.push_back(
        {words(name), number(of_each ? rounded(*of_each, 0.01) : ""), number(rounded(100 * ratio, 0.1) + "%"),
         number(whole_number(static_cast<double>(left.points))),
         number(left.points == 0 ? "no such list"
                                 : rounded_range(100 * left.least, 100 * left.most, std::max(1.0, error)) + " in 100"),
         number(left.points == 0 ? "" : rounded(error, 0))});
  };
  row("All", {}, std::exp(-placebo.fall()), *result.nothing_left);
  for (std::size_t i = 0; i < result.parts.size(); ++i) {
    const PlaceboPart& part = placebo.parts[i];
    row(part.name, part.people ? std::optional(part.before / *part.people) : std::nullopt, placebo.ratio_of(part),
        result.parts[i]);
  }
  return html::table(
      fmt::format("{}: the share of people whom the number after was counted of, up to which nothing is left of the "
                  "fall, from the least to the most of the box. {}",
                  placebo.label,
                  own ? "Each unit's ratio is held against what is expected of people who had as much before as its "
                        "own; points at which no list gives that number are left out."
                      : "A unit's own ratio is held against what is expected of all of them."),
      {"Unit", "Of each before", "Rate after over rate before", "Points", "Nothing is left up to", "Error"}, rows);
}

}  // namespace

std::string placebo_section(const ReportInput& input) {
  std::string all;
  for (std::size_t p = 0; p < input.null_results.placebos.size(); ++p) {
    const PlaceboResult& result = input.null_results.placebos[p];
    const std::size_t impossible = input.null_results.points.size() - result.points.size();
    all += html::element("p", placebo_answers(input)[p].text);
    all += html::element(
        "p", fmt::format("{}: printed were {}.", input.placebos[p].label, printed_in_words(input.placebo_texts.at(p))));
    if (impossible > 0)
      all += html::element("p", fmt::format("{} of {} points can't have as much before as was printed, whatever is "
                                            "matched inside its range: they are none of the set.",
                                            impossible, input.null_results.points.size()));
    if (!input.null_draws.empty())
      all += html::element("p", fmt::format("Futures draw these from their ranges, and bands are averaged over them: "
                                            "the set holds no levels of them. {}.",
                                            upper_first(listed(input.null_draws))));
    if (result.all.near > 0)
      all += html::element("p",
                           fmt::format("At {} the printed fall is within two simulation errors of a limit of the "
                                       "band: more futures might say otherwise there.",
                                       result.all.near == 1 ? "one point" : fmt::format("{} points", result.all.near)));
    all += envelopes_table(input, p);
    all += parts_table(input, p);
    all += points_table(input, p);
  }
  return all;
}

}  // namespace desist::page
