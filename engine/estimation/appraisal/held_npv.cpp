#include <algorithm>
#include <utility>

#include "engine/estimation/appraisal/fade_weights.hpp"
#include "engine/estimation/appraisal/flow_difference.hpp"
#include "engine/estimation/appraisal/parts.hpp"

namespace desist {
namespace {

DrawColumn flow_npv(const Evaluator& evaluator, const Flow& flow, std::size_t arm,
                    std::span<const DrawColumn> weights) {
  return sum_over_years(flow_difference(evaluator, flow, arm).gain,
                        is_faded(flow) ? weights : std::span<const DrawColumn>{},
                        evaluator.appraisal().discounting[0].factors);
}

bool fade_hangs_on(const Appraisal& appraisal, std::size_t arm, std::size_t slot) {
  return std::any_of(appraisal.fades.begin(), appraisal.fades.end(), [&](const Fade& fade) {
    return (fade.time && names_slot(*fade.time, appraisal, arm, slot)) ||
           (fade.kept && names_slot(*fade.kept, appraisal, arm, slot));
  });
}

bool flow_hangs_on(const Flow& flow, const Appraisal& appraisal, std::size_t arm, std::size_t slot) {
  const auto named = [&](const Formula& formula) {
    return names_slot(formula, appraisal, 0, slot) || names_slot(formula, appraisal, arm, slot);
  };
  return named(flow.quantity) || named(flow.each) || (flow.optimism_bias && named(*flow.optimism_bias)) ||
         (is_faded(flow) && fade_hangs_on(appraisal, arm, slot));
}

}  // namespace

HeldNpv::HeldNpv(const AppraisalDraws& on, std::size_t arm, std::vector<std::size_t> slots, Means means,
                 std::vector<HeldFigure> beside)
    : on_(&on), arm_(arm), slots_(std::move(slots)), means_(means), beside_(std::move(beside)) {
  const auto some = [&](auto hangs) { return std::any_of(slots_.begin(), slots_.end(), hangs); };
  moves_fading_ = some([&](std::size_t slot) { return fade_hangs_on(on.appraisal, arm, slot); });
  const Evaluator evaluator(on.appraisal, on.figures, means, beside_);
  std::vector<DrawColumn> weights = fade_weights(evaluator, main_fade(on.appraisal), arm, on.parameters.seed());
  for (std::size_t index = 0; index < on.appraisal.flows.size(); ++index) {
    const Flow& flow = on.appraisal.flows[index];
    if (some([&](std::size_t slot) { return flow_hangs_on(flow, on.appraisal, arm, slot); })) {
      moved_.push_back(index);
    } else {
      fixed_ += flow_npv(evaluator, flow, arm, weights);
    }
  }
  if (!moves_fading_) weights_ = std::move(weights);
}

DrawColumn HeldNpv::column(const std::vector<DrawColumn>& values) const {
  std::vector<HeldFigure> held = beside_;
  for (std::size_t i = 0; i < slots_.size(); ++i) held.push_back({slots_[i], values[i]});
  const Evaluator evaluator(on_->appraisal, on_->figures, means_, std::move(held));
  std::vector<DrawColumn> moved;
  if (moves_fading_) moved = fade_weights(evaluator, main_fade(on_->appraisal), arm_, on_->parameters.seed());
  DrawColumn npv = fixed_;
  for (const std::size_t index : moved_)
    npv += flow_npv(evaluator, on_->appraisal.flows[index], arm_, moves_fading_ ? moved : weights_);
  return npv;
}

}  // namespace desist
