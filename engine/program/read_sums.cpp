// Sentences of arithmetic: results worked out from printed figures, put into the braces of a text.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/arithmetic.hpp"
#include "engine/program/reading.hpp"
#include "engine/report/words.hpp"

namespace desist {
namespace {

constexpr std::size_t most_results = 20;

class SumReader {
 public:
  SumReader(Reading& reading, const Node& table) : r_(reading), table_(table) {}

  void read() {
    Sum sum;
    sum.label = Reading::text_at(table_, "label");
    sum.note = Reading::text_at(table_, "note");
    const Node* keep = table_.at("keep");
    sum.keeps_its_line = keep && keep->kind == Node::Kind::truth && keep->truth;
    fits_a_line(r_, table_, "Offer");
    const Node& compute = *table_.at("compute");
    if (compute.members.empty() || compute.members.size() > most_results)
      return r_.problem(compute.where, fmt::format("'compute' has {} results", compute.members.size()),
                        fmt::format("a sentence has between 1 and {}", most_results),
                        "write [sum.compute], then lines such as: low = \"nc.elig.nfa * 5%\"");
    bool sound = true;
    for (const Member& member : compute.members) {
      auto result = result_of(member);
      sound = sound && result.has_value();
      SumResult named;
      named.name = member.name;
      sum.results.push_back(result ? std::move(*result) : named);
    }
    const auto text = filled(sum.results);
    if (!text || !sound) return;
    sum.text = *text;
    r_.text.sums.push_back(std::move(sum));
  }

 private:
  std::optional<SumResult> result_of(const Member& member) {
    if (r_.misplaced(member, *table_.at("compute"), "[sum.compute]")) return std::nullopt;
    const Node& node = member.value;
    if (node.kind != Node::Kind::text) {
      r_.problem(node.where, fmt::format("'{}' holds {}, not a sum as text", member.name, in_words(node.kind)), "",
                 fmt::format("write it like: {} = \"nc.elig.nfa * 5%\"", member.name));
      return std::nullopt;
    }
    const auto worked = work_out(node.text, r_.evidence);
    if (const auto* wrong = std::get_if<ExpressionProblem>(&worked)) {
      r_.problem(place_in(node, wrong->at, wrong->length), wrong->problem, wrong->why, wrong->cure);
      return std::nullopt;
    }
    const auto& found = std::get<Arithmetic>(worked);
    note_evidence(found.evidence);
    return SumResult{member.name,   trimmed(node.text), found.in_numbers,
                     found.value,   found.digits,       sum_in_words(found.value, found.digits),
                     found.evidence};
  }

  void note_evidence(const std::vector<std::string>& ids) {
    auto& rows = r_.text.evidence;
    for (const std::string& id : ids)
      if (std::none_of(rows.begin(), rows.end(), [&](const EvidenceRow& row) { return row.id == id; }))
        rows.push_back(r_.evidence.find(id)->row);
  }

  /// The sentence with its results; braces that name none, and results that no brace names, are reported.
  std::optional<std::string> filled(const std::vector<SumResult>& results) {
    const Node& node = *table_.at("text");
    std::vector<std::string> known;
    for (const SumResult& result : results) known.push_back(result.name);
    std::vector<bool> used(results.size());
    bool sound = true;
    std::string text;
    const std::string& written = node.text;
    for (std::size_t at = 0; at < written.size();) {
      const std::size_t open = written.find_first_of("{}", at);
      text += written.substr(at, open - at);
      if (open == std::string::npos) break;
      const std::size_t close = written.find_first_of("{}", open + 1);
      if (written[open] == '}' || close == std::string::npos || written[close] == '{') {
        r_.problem(place_in(node, open, 1), "a brace without its other half", "", "write a result's name as {low}");
        return std::nullopt;
      }
      const std::string name = trimmed(written.substr(open + 1, close - open - 1));
      const auto result = std::find(known.begin(), known.end(), name);
      if (result == known.end()) {
        r_.problem(place_in(node, open, close - open + 1), fmt::format("nothing is computed for {{{}}}", name),
                   "[sum.compute] doesn't have it", spelling_cure(name, known, "it has"));
        sound = false;
      } else {
        const auto index = static_cast<std::size_t>(result - known.begin());
        used[index] = true;
        text += results[index].shown;
      }
      at = close + 1;
    }
    const Node& compute = *table_.at("compute");
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (used[i]) continue;
      r_.problem(compute.members[i].where, fmt::format("'{}' is computed and never said", known[i]), "",
                 fmt::format("put {{{}}} into the text, or take the line out", known[i]));
      sound = false;
    }
    return sound ? std::optional(trimmed(text)) : std::nullopt;
  }

  Reading& r_;
  const Node& table_;
};

}  // namespace

void read_sums(Reading& reading) {
  reading.each_table(section("sum"), [&](const Node& table, const std::string&) { SumReader(reading, table).read(); });
}

}  // namespace desist
