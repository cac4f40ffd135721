// The tidy tables of a fall shared out: its parts, and the fall with each subset of mechanisms at work.
#include <cmath>

#include "engine/report/decomposition_words.hpp"
#include "engine/report/table_cells.hpp"
#include "engine/report/tables.hpp"

namespace desist {
namespace {

const char* kind_of_term(DecompositionTerm::Kind kind) {
  switch (kind) {
    case DecompositionTerm::Kind::chance:
      return "chance";
    case DecompositionTerm::Kind::mechanism:
      return "mechanism";
    case DecompositionTerm::Kind::rest:
      return "rest";
  }
  return "";
}

}  // namespace

Table decomposition_table(const ReportInput& input) {
  Table table(
      {{"decomposition", ""},  {"arm", ""},           {"part", ""},          {"kind", ""},      {"logarithm", ""},
       {"mc_error", ""},       {"low", ""},           {"high", ""},          {"low_error", ""}, {"high_error", ""},
       {"luck_in_spread", ""}, {"multiplies_by", ""}, {"share_of_fall", ""}, {"from", ""},      {"to", ""},
       {"unit", ""},           {"draws", ""},         {"replicates", ""},    {"left_out", ""},  {"spread", ""}});
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    const auto add = [&](const std::string& part, const char* kind, const DecompositionTerm& term) {
      const auto of_spread = [&](double DecompositionSpread::*figure) {
        return term.spread ? number((*term.spread).*figure) : Cell{};
      };
      table.add({asked.name,
                 result.arm,
                 part,
                 std::string(kind),
                 number(term.value),
                 number(term.mc_error),
                 of_spread(&DecompositionSpread::low),
                 of_spread(&DecompositionSpread::high),
                 of_spread(&DecompositionSpread::low_error),
                 of_spread(&DecompositionSpread::high_error),
                 of_spread(&DecompositionSpread::luck),
                 number(std::exp(-term.value)),
                 is_told(result) ? number(term.value / result.total.value) : Cell{},
                 number(result.from),
                 number(result.to),
                 input.decomposition_texts.at(result.decomposition).unit,
                 whole(result.draws),
                 whole(result.replicates),
                 whole(result.left_out),
                 std::string(term.spread ? "parameters" : "futures")});
    };
    for (const DecompositionTerm& term : result.terms) add(term_words(term), kind_of_term(term.kind), term);
    add("All", "total", result.total);
  }
  return table;
}

Table decomposition_subsets_table(const ReportInput& input) {
  Table table({{"decomposition", ""}, {"arm", ""}, {"at_work", ""}, {"logarithm", ""}, {"draws", ""}, {"spread", ""}});
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    for (std::size_t s = 0; s < result.subsets.size(); ++s) {
      std::string at_work;
      for (std::size_t m = 0; m < asked.switches.size(); ++m)
        if (s >> m & 1U) at_work += (at_work.empty() ? "" : " + ") + asked.switches[m].label;
      table.add({asked.name, result.arm, at_work.empty() ? std::string("none") : at_work, number(result.subsets[s]),
                 whole(result.draws), std::string("futures")});
    }
  }
  return table;
}

Table decomposition_draws_table(const ReportInput& input) {
  Table table({{"decomposition", ""}, {"arm", ""}, {"draw", ""}, {"part", ""}, {"logarithm", ""}});
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    for (std::size_t d = 0; d < result.by_draw.size(); ++d)
      for (std::size_t t = 0; t < result.by_draw[d].size(); ++t)
        table.add({asked.name, result.arm, whole(d + 1), t < result.terms.size() ? term_words(result.terms[t]) : "All",
                   number(result.by_draw[d][t])});
  }
  return table;
}

}  // namespace desist
