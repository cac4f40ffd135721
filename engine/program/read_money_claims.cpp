// Sentences about money, and what would make them true: "ratio at least 16".
#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

using Of = AppraisalClaim::Of;

struct Claimable {
  std::string_view words;
  Of of;
  bool is_money;
};

// Longer ones first: "cashable ratio" is no "ratio".
constexpr std::array<Claimable, 5> claimable{{{"cashable ratio", Of::cashable_ratio, false},
                                              {"cashable", Of::cashable, true},
                                              {"costs", Of::costs, true},
                                              {"net value", Of::net_value, true},
                                              {"ratio", Of::ratio, false}}};
constexpr std::string_view example_of_a_claim =
    "write it like \"ratio at least 16\" or \"net value at least £1 million\"";

const Claimable* claimed(std::string_view test) {
  for (const Claimable& each : claimable)
    if (test.starts_with(each.words) && test.size() > each.words.size() && test[each.words.size()] == ' ') return &each;
  return nullptr;
}

/// Takes "for police" of "for police at least 16" away; false where nobody of that name bears a flow.
bool take_bearer(AppraisalReading& reading, const Node& node, std::string& rest, AppraisalClaim& claim) {
  const std::size_t end = std::min(rest.find(" at least "), rest.find(" at most "));
  if (claim.of != Of::ratio || !rest.starts_with("for ") || end == std::string::npos) return true;
  claim.bearer = trimmed(rest.substr(4, end - 4));
  rest = trimmed(rest.substr(end));
  std::vector<std::string> bearers;
  for (const Flow& flow : reading.appraisal.flows)
    if (std::find(bearers.begin(), bearers.end(), flow.bearer) == bearers.end()) bearers.push_back(flow.bearer);
  if (std::find(bearers.begin(), bearers.end(), claim.bearer) != bearers.end()) return true;
  reading.r.problem(node.where, fmt::format("no flow has '{}' for its bearer", claim.bearer), "",
                    spelling_cure(claim.bearer, bearers, "its bearers are"));
  return false;
}

void read_claim(AppraisalReading& reading, const Node& table) {
  const Node& node = *table.at("test");
  const std::string test = trimmed(node.text);
  const Claimable* of = claimed(test);
  AppraisalClaim claim;
  claim.of = of->of;
  std::string rest = trimmed(test.substr(of->words.size()));
  if (!take_bearer(reading, node, rest, claim)) return;
  const bool least = rest.starts_with("at least "), most = rest.starts_with("at most ");
  const auto read = least || most
                        ? read_quantity(trimmed(rest.substr(least ? 9 : 8)), Unit::parse(of->is_money ? "£" : "1"))
                        : std::variant<Quantity, QuantityProblem>(QuantityProblem{});
  const auto* value = std::get_if<Quantity>(&read);
  if (!value || value->is_range() || !std::isfinite(value->low))
    return reading.r.problem(node.where, fmt::format("'{}' is no test of {}", test, of->words), "",
                             std::string(example_of_a_claim));
  claim.at_least = least;
  claim.value = value->low;
  claim.text = Reading::text_at(table, "text");
  claim.where = Reading::text_at(table, "where");
  claim.reply = Reading::text_at(table, "reply");
  const auto ids = reading.r.evidence_at(table);
  if (!ids.empty()) claim.evidence = ids.front();
  for (const std::size_t arm : arms_at(reading.r, reading.spec, table, "arms"))
    if (arm > 0) claim.arms.push_back(arm);
  if (claim.arms.empty())
    return reading.r.problem(table.find("arms") ? table.at("arms")->where : table.where,
                             "a claim about money is about no arm",
                             "the first arm is what the others are compared with", "name another arm");
  reading.appraisal.claims.push_back(std::move(claim));
}

}  // namespace

bool is_money_claim(std::string_view test) { return claimed(test) != nullptr; }

void read_money_claims(AppraisalReading& reading) {
  const Section& keys = section("claim");
  const auto tables = reading.r.tables_of(keys);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const bool alone = reading.r.model == nullptr;
    const std::string test = Reading::text_at(*tables[i], "test");
    if (!alone && !is_money_claim(test)) continue;  // of an outcome
    if (!reading.r.check(*tables[i], keys, shown_item(keys, *tables[i], i))) continue;
    if (is_money_claim(test))
      read_claim(reading, *tables[i]);
    else
      reading.r.problem(tables[i]->at("test")->where, fmt::format("'{}' is no test of money", test),
                        "it is of ratio, cashable ratio, net value, costs or cashable",
                        std::string(example_of_a_claim));
  }
}

}  // namespace desist
