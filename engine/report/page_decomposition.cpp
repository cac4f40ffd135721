// The page's table of a fall shared out.
#include <cmath>

#include <fmt/format.h>

#include "engine/report/decomposition_words.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/people_words.hpp"
#include "engine/report/words.hpp"

namespace desist::page {
namespace {

std::vector<html::TableCell> term_row(const std::string& name, const DecompositionTerm& term,
                                      const DecompositionTerm& total, bool told) {
  std::vector<html::TableCell> row{html::words(name), html::number(fmt::format("{:.3f}", term.value)),
                                   html::number(fmt::format("{:.3f}", term.mc_error)),
                                   html::number(fmt::format("{:.2f}", std::exp(-term.value))),
                                   html::number(told ? share_of_fall(term, total) : "")};
  if (!total.spread) return row;
  row.push_back(html::number(told ? range_of_fall(term, total) : ""));
  row.push_back(html::number(term.spread ? rounded(100 * term.spread->luck, 1) : ""));
  return row;
}

}  // namespace

std::string decomposition_section(const ReportInput& input) {
  std::string all;
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    const DecompositionText& text = input.decomposition_texts.at(result.decomposition);
    const bool told = is_told(result);
    std::vector<std::vector<html::TableCell>> rows;
    for (const DecompositionTerm& term : result.terms)
      rows.push_back(term_row(term_words(term), term, result.total, told));
    rows.push_back(term_row("All", result.total, result.total, told));
    std::vector<std::string> headers{"Part", "Logarithm", "Monte Carlo error", "Multiplies the rate by",
                                     "Of the fall, %"};
    if (result.total.spread) {
      headers.emplace_back("Range of that");
      headers.emplace_back("Luck, %");
    }
    std::string arm = result.arm;
    for (const ArmText& each : input.arms)
      if (each.name == result.arm) arm = each.label;
    all += html::table(
        fmt::format("{}, {}: {}, {}; after it {} {}. Parts are of log before - log after and "
                    "add up; those of mechanisms are means over all orders of switching them on (Shapley 1953). "
                    "{} draws{} of each of {} subsets on common luck.",
                    asked.label, lower_first(arm), lower_first(text.label), table_number(result.from),
                    table_number(result.to), text.unit_words, whole_number(static_cast<double>(result.draws)),
                    result.replicates > 1
                        ? fmt::format(", {} futures each,", whole_number(static_cast<double>(result.replicates)))
                        : "",
                    whole_number(static_cast<double>(result.subsets.size()))),
        headers, rows);
    if (result.total.spread)
      all += html::element(
          "p",
          "Range: where a part lies for 95 in 100 draws of what isn't known, of 100 of the mean fall. In each draw the "
          "parts add up to its fall (decomposition_draws.csv). The luck that a draw's few futures leave is taken out "
          "of the ranges: the last column has its part of the variance.");
    if (is_worth_a_word(result.terms.back()))
      all += html::element("p",
                           "Windows and calendar: what is left with every mechanism off. People have the same rate "
                           "before and after then, but some weigh more in one window, such as those whose time before "
                           "is longer since they were in custody when they were to start; and windows may fall in "
                           "other seasons.");
    if (result.left_out > 0)
      all += html::element("p", fmt::format("{} draws are left out: nobody had the time that is measured.",
                                            whole_number(static_cast<double>(result.left_out))));
  }
  return all;
}

}  // namespace desist::page
