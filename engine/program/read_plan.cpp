// How much is simulated, and when it stops.
#include <fmt/format.h>

#include "engine/program/reading.hpp"

namespace desist {
namespace {

constexpr std::uint64_t draws_of_an_appraisal = 10'000;  // without a model: a draw costs microseconds
constexpr double most_whole = 9007199254740992.0;        // 2^53: beyond it a seed would not be the number in the file

std::optional<std::uint64_t> whole_at(const Reading& reading, const Node& plan, std::string_view key, double least,
                                      double most) {
  const Node* node = plan.at(key);
  if (!node || node->kind != Node::Kind::number || !node->whole || node->number < 0) return std::nullopt;
  if (!reading.is_within(*node, key, least, most)) return std::nullopt;
  return static_cast<std::uint64_t>(node->number);
}

}  // namespace

void read_plan(Reading& reading, ExperimentSpec& spec) {
  const Member* member = reading.root.find("plan");
  if (!member) {
    reading.problem({1, 1, 1}, "missing section [plan]", "a seed is part of an experiment",
                    "add [plan], and below it: seed = 1");
    return;
  }
  const Node& node = member->value;
  if (node.kind != Node::Kind::table)
    return reading.problem(member->where, "'plan' is not a table", "", "write [plan], and below it: seed = 1");
  reading.check(node, section("plan"), "[plan]");
  Plan& plan = spec.plan;
  plan.seed = whole_at(reading, node, "seed", 0, most_whole).value_or(0);
  const Node* head = reading.root.at("experiment");
  const bool has_model = head && head->kind == Node::Kind::table && head->find("model");
  if (!has_model && reading.root.find("appraisal")) plan.draws = draws_of_an_appraisal;
  if (const auto draws = whole_at(reading, node, "draws", 2, 1e8)) plan.draws = *draws;
  if (const auto replicates = whole_at(reading, node, "replicates_per_draw", 1, 1e6))
    plan.replicates_per_draw = *replicates;
  if (const auto most = whole_at(reading, node, "most_draws", static_cast<double>(plan.first_look), 1e8))
    plan.most_draws = *most;
  plan.keep_replicates = Reading::text_at(node, "keep") == "replicates";
  if (const Node* precision = node.at("precision")) {
    const auto target = reading.chance_of(*precision);
    if (target && *target >= 0.5)
      reading.problem(precision->where, fmt::format("a precision of '{}' is none", precision->text), "",
                      "write it like \"1 in 100 on every chance\"");
    plan.precision = target;
    if (const Member* draws = node.find("draws"))
      reading.problem(draws->where, "[plan] has draws and precision",
                      "draws are exactly so many, a precision runs on until it is met",
                      "keep one; most_draws limits a precision",
                      {{node.find("precision")->where, "the precision is here"}});
  }
  const Member* best = reading.root.find("best");
  plan.to_a_rule = plan.precision.has_value() || best != nullptr;
  if (const Member* draws = node.find("draws"); draws && best && !plan.precision)
    reading.problem(draws->where, "[plan] has draws, and the file has [best]",
                    "draws are exactly so many, [best] runs on until it is settled",
                    "keep one; most_draws limits [best]", {{best->where, "[best] is here"}});
  if (const Member* most = node.find("most_draws")) {
    if (!plan.to_a_rule)
      reading.problem(most->where, "'most_draws' without a precision or [best]", "it would change nothing",
                      "write draws, or add precision = \"1 in 100 on every chance\"");
    else if (best && plan.most_draws > plan.keep_draw_means)
      reading.problem(most->where, fmt::format("'most_draws' can't be {} with [best]", most->value.text),
                      fmt::format("arms are compared draw by draw, and {} draws are kept", plan.keep_draw_means),
                      fmt::format("write most_draws = {} or fewer", plan.keep_draw_means));
  }
  spec.text.plan = plan;
  spec.text.seed = plan.seed;
}

}  // namespace desist
