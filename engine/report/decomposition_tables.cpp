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
  Table table({{"decomposition", ""},
               {"arm", ""},
               {"part", ""},
               {"kind", ""},
               {"logarithm", ""},
               {"mc_error", ""},
               {"multiplies_by", ""},
               {"share_of_fall", ""},
               {"from", ""},
               {"to", ""},
               {"unit", ""},
               {"draws", ""},
               {"left_out", ""},
               {"spread", ""}});
  for (const DecompositionResult& result : input.decomposed) {
    const Decomposition& asked = input.decompositions.at(result.decomposition);
    const auto add = [&](const std::string& part, const char* kind, const DecompositionTerm& term) {
      table.add({asked.name, result.arm, part, std::string(kind), number(term.value), number(term.mc_error),
                 number(std::exp(-term.value)), is_told(result) ? number(term.value / result.total.value) : Cell{},
                 number(result.from), number(result.to), input.decomposition_texts.at(result.decomposition).unit,
                 whole(result.draws), whole(result.left_out), std::string("futures")});
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

}  // namespace desist
