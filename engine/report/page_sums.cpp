// The page's sums: each arithmetic sentence with every step and where its figures are printed.
#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/report/html.hpp"
#include "engine/report/page_parts.hpp"
#include "engine/report/words.hpp"

namespace desist::page {

std::string sums_section(const ReportInput& input) {
  using html::number;
  using html::words;
  std::string text;
  for (const Sum& sum : input.sums) {
    std::vector<std::vector<html::TableCell>> rows;
    for (const SumResult& result : sum.results)
      rows.push_back({words(result.name), words(result.in_numbers), number(unrounded(result.value)),
                      number(result.shown), words(result.sum),
                      words(fmt::format("{}", fmt::join(result.evidence, ", ")))});
    text += html::element("h3", sum.label) + html::element("p", sum.text) + html::element("p", sum.note, "small") +
            html::table("", {"Result", "In numbers", "Gives", "Said as", "As the file has it", "Printed in"}, rows);
  }
  if (text.empty()) return "";
  return text + html::element("p",
                              "Results are said as whole numbers from 10 on and with two digits below, and never with "
                              "more digits than the printed figures in them know, but two at least: whole numbers that "
                              "count something are exact, of others every printed digit is known; a product has as "
                              "many digits as the factor with the fewest, a sum is known to the place of its least "
                              "precise term. Numbers in a sum that no source prints are "
                              "what is supposed, and taken as exact.",
                              "small");
}

}  // namespace desist::page
