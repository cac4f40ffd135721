// Who is lost to follow-up in a virtual trial and who crosses over, and where all that is assumed of it comes from.
#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/program/trial_reading.hpp"

namespace desist {
namespace {

// Of those who offend: of the treated as of the controls, unless the treated have a share of their own.
void read_losses_by_offending(Reading& reading, const Node& table, const std::string& shown, TrialDesign& design) {
  const Node* control = table.at("lost_if_offended");
  const Node* treated = table.at("lost_treated_if_offended");
  if (control) design.lost_control_if_offended = trial_share(reading, table, "lost_if_offended", 0, true);
  if (treated)
    design.lost_treated_if_offended = trial_share(reading, table, "lost_treated_if_offended", 0, true);
  else
    design.lost_treated_if_offended = design.lost_control_if_offended;
  if (control && !treated && table.at("lost_treated"))
    missing_of_trial(reading, table, shown, "lost_treated_if_offended",
                     "of the treated another share is lost, and 'lost_if_offended' is then of the controls alone",
                     fmt::format("lost_treated_if_offended = \"{}\"", as_written(*control)));
}

}  // namespace

double trial_share(Reading& reading, const Node& table, std::string_view key, double otherwise, bool may_be_none) {
  const Node* node = table.at(key);
  if (!node) return otherwise;
  const auto share = reading.chance_of(*node);
  if (!share) return otherwise;
  if ((*share > 0 || may_be_none) && *share < 1) return *share;
  reading.problem(node->where, fmt::format("'{}' can't be {}", key, as_written(*node)),
                  may_be_none ? "it lies between none and below all" : "it lies between none and all",
                  "write it like \"50%\"");
  return otherwise;
}

void missing_of_trial(Reading& reading, const Node& table, const std::string& shown, std::string_view key,
                      std::string_view why, std::string_view line) {
  reading.problem(table.where, fmt::format("missing key '{}' in {}", key, shown), std::string(why),
                  fmt::format("add: {}", line));
}

void read_trial_losses(Reading& reading, const Node& table, const std::string& shown, TrialDesign& design) {
  design.lost_control = trial_share(reading, table, "lost", 0, true);
  design.lost_treated = trial_share(reading, table, "lost_treated", design.lost_control, true);
  read_losses_by_offending(reading, table, shown, design);
  design.crossover = trial_share(reading, table, "crossover", 0, true);
  std::vector<std::string> assumed;
  for (const char* key : {"lost", "lost_treated", "lost_if_offended", "lost_treated_if_offended", "crossover",
                          "cluster_sd", "drift", "joins_by_rate"})
    if (const Node* node = table.at(key)) assumed.push_back(fmt::format("{} {}", key, as_written(*node)));
  const Node* why = table.at("assumption");
  if (assumed.empty()) {
    if (why)
      reading.problem(why->where, "'assumption' has nothing to explain", "nothing of this trial is assumed",
                      "take the line out");
    return;
  }
  if (!why) {
    reading.problem(table.where, fmt::format("{} doesn't say where {} come from", shown, listed(assumed)),
                    "every figure has a source", "add assumption = \"...\"");
    return;
  }
  FigureSource source;
  source.name = "trial." + design.name;
  source.label = design.label;
  source.kind = FigureSource::Kind::assumption;
  source.printed = fmt::format("{}", fmt::join(assumed, "; "));
  source.reason = Reading::text_at(table, "assumption");
  source.line = why->where.line;
  reading.text.sources.push_back(std::move(source));
}

}  // namespace desist
