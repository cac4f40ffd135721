// [[social_group]]: who is told apart among those who gain or pay, and what £1 of theirs counts.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

constexpr std::string_view the_rest = "rest";

bool is_income(const AppraisalFigure& figure) {
  const Dimension& dimension = figure.dimension;
  return dimension.money_power() == 1 && dimension.year_power() == -1 && dimension.beside_money().empty();
}

// An input that is above 0 and no money, or an income.
std::optional<std::size_t> positive_input(AppraisalReading& reading, const Node& table, std::string_view key,
                                          bool of_money) {
  const auto input = reading.input_at(table, key);
  if (!input) return std::nullopt;
  const AppraisalFigure& figure = reading.inputs.all()[*input];
  const SourceSpan where = table.at(key)->where;
  if (of_money ? !is_income(figure) : figure.dimension != Dimension{}) {
    reading.r.problem(where, fmt::format("'{}' is in {}", figure.name, figure.words.empty() ? "no unit" : figure.words),
                      of_money ? "an income is money a year" : "a weight or an elasticity is a number without a unit",
                      of_money ? "write its figure like \"£18,000 per year\"" : "write its figure like \"1.3\"");
    return std::nullopt;
  }
  if (reading.ends_of(*input).low > 0) return input;
  reading.r.problem(where, fmt::format("'{}' can be 0 or less", figure.name),
                    of_money ? "a weight is an average income divided by it" : "£1 can't count for nothing or less",
                    "give it a value or a range above 0");
  return std::nullopt;
}

void read_social_group(AppraisalReading& reading, const Node& table, const std::string& shown) {
  SocialGroup group;
  group.name = Reading::text_at(table, "name");
  group.label = label_or_name(table);
  group.note = Reading::text_at(table, "note");
  if (is_named_before(reading.r, reading.appraisal.groups, table, "social groups")) return;
  const Member* income = table.find("income");
  const Member* weight = table.find("weight");
  if (income && weight) {
    reading.r.problem(weight->where, fmt::format("{} has an income and a weight", shown),
                      "its weight follows from its income", "keep one", {{income->where, "the income is here"}});
  } else if (income) {
    group.income = positive_input(reading, table, "income", true);
  } else if (weight) {
    group.weight = positive_input(reading, table, "weight", false);
  }
  reading.appraisal.groups.push_back(std::move(group));
}

// Both are needed for weights by income, and for nothing else.
void read_average(AppraisalReading& reading, const Node& table) {
  Appraisal& appraisal = reading.appraisal;
  const Node* given = reading.r.root.at("social_group");
  const bool by_income = given && std::any_of(given->items.begin(), given->items.end(),
                                              [](const Node& each) { return each.find("income") != nullptr; });
  for (const std::string_view key : {"average_income", "income_elasticity"}) {
    const Member* member = table.find(key);
    if (member && !by_income)
      reading.r.problem(member->where, fmt::format("'{}' has no meaning here", key), "no social group has an income",
                        "add [[social_group]] with an income, or take it out");
    if (!member && by_income)
      reading.r.problem(table.where, fmt::format("missing key '{}' in [appraisal]", key),
                        "a social group has an income, and £1 weighs (average income / income) ^ elasticity",
                        fmt::format("add: {} = \"...\", the name of an input", key));
  }
  if (!by_income) return;
  if (table.find("average_income")) appraisal.average_income = positive_input(reading, table, "average_income", true);
  if (table.find("income_elasticity"))
    appraisal.income_elasticity = positive_input(reading, table, "income_elasticity", false);
}

std::optional<std::size_t> group_named(AppraisalReading& reading, const std::string& name, SourceSpan where) {
  const auto& groups = reading.appraisal.groups;
  const auto found =
      std::find_if(groups.begin(), groups.end(), [&](const SocialGroup& each) { return each.name == name; });
  if (found != groups.end()) return static_cast<std::size_t>(found - groups.begin());
  std::vector<std::string> known;
  for (const SocialGroup& each : groups) known.push_back(each.name);
  reading.r.problem(where, fmt::format("no social group is called '{}'", name), "",
                    known.empty() ? "add a table [[social_group]]" : spelling_cure(name, known, "there are"));
  return std::nullopt;
}

// A share that an input says, from 0 to 1.
std::optional<std::size_t> share_input(AppraisalReading& reading, const Node& shares, const Member& member) {
  const auto input = reading.input_at(shares, member.name);
  if (!input) return std::nullopt;
  const AppraisalFigure& figure = reading.inputs.all()[*input];
  const Range ends = reading.ends_of(*input);
  if (figure.dimension == Dimension{} && ends.low >= 0 && ends.high <= 1) return input;
  reading.r.problem(member.value.where, fmt::format("'{}' is no share of a flow", figure.name),
                    "it isn't between 0% and 100% whatever is drawn", "name an input like \"20% to 40%\"");
  return std::nullopt;
}

}  // namespace

void read_social_groups(AppraisalReading& reading, const Node& table) {
  const Section& keys = section("social_group");
  reading.r.each_table(keys,
                       [&](const Node& each, const std::string& shown) { read_social_group(reading, each, shown); });
  read_average(reading, table);
}

std::optional<std::vector<FlowShare>> group_shares_at(AppraisalReading& reading, const Node& flow,
                                                      const std::string& shown) {
  const Node* node = flow.at("social_group");
  if (!node) return std::vector<FlowShare>();
  if (node->kind == Node::Kind::text) {
    const auto group = group_named(reading, trimmed(node->text), node->where);
    if (!group) return std::nullopt;
    return std::vector<FlowShare>{{*group, {}}};
  }
  if (node->members.empty()) {
    reading.r.problem(node->where, fmt::format("{} doesn't say on which social group it falls", shown), "",
                      "write social_group = \"poorest\", or { poorest = \"poorest_share\", others = \"rest\" }");
    return std::nullopt;
  }
  std::vector<FlowShare> shares;
  bool sound = true, has_rest = false;
  double most = 0;
  for (const Member& member : node->members) {
    const auto group = group_named(reading, member.name, member.where);
    const bool is_rest = member.value.kind == Node::Kind::text && trimmed(member.value.text) == the_rest;
    if (is_rest && has_rest)
      reading.r.problem(member.value.where, fmt::format("{} gives the rest twice", shown), "",
                        "give it to one social group");
    std::optional<std::size_t> share;
    if (member.value.kind != Node::Kind::text)
      reading.r.problem(member.value.where, fmt::format("the share of '{}' has no source", member.name), "",
                        "name an input that is a share, or write \"rest\"");
    else if (!is_rest)
      share = share_input(reading, *node, member);
    sound = sound && group && (share || (is_rest && !has_rest));
    has_rest = has_rest || is_rest;
    if (!sound) continue;
    if (share) most += reading.ends_of(*share).high;
    shares.push_back({*group, share});
  }
  if (!sound) return std::nullopt;
  constexpr double slack = 1e-9;
  if (most <= 1 + slack) return shares;
  reading.r.problem(node->where, fmt::format("the shares of {} can add up to {}", shown, shortest(most)),
                    "no more than all of it can fall on anyone",
                    "narrow their ranges, or give one social group the \"rest\"");
  return std::nullopt;
}

void check_social_groups(AppraisalReading& reading) {
  const auto& groups = reading.appraisal.groups;
  if (!reading.r.found.empty()) return;
  const Node* given = reading.r.root.at("social_group");
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto names = [&](const Flow& flow) {
      return std::any_of(flow.groups.begin(), flow.groups.end(),
                         [&](const FlowShare& each) { return each.group == g; });
    };
    if (std::any_of(reading.appraisal.flows.begin(), reading.appraisal.flows.end(), names)) continue;
    reading.r.problem(given->items[g].where, fmt::format("nothing falls on the social group '{}'", groups[g].name), "",
                      fmt::format("add social_group = \"{}\" to a [[flow]], or take it out", groups[g].name));
  }
}

}  // namespace desist
