#include "engine/estimation/appraisal/social_groups.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace desist {
namespace {

Twice product(const Twice& a, const Twice& b) { return {a.simulated * b.simulated, a.fitted * b.fitted}; }

DrawColumn power_of(const DrawColumn& base, const DrawColumn& exponent, std::size_t draws) {
  const auto power = [&](std::size_t d) { return std::exp(exponent[d] * std::log(base[d])); };
  if (!base.varies() && !exponent.varies()) return DrawColumn(power(0));
  std::vector<double> powers(draws);
  for (std::size_t d = 0; d < draws; ++d) powers[d] = power(d);
  return DrawColumn(std::move(powers));
}

/// The weight w at which E[rest] + w E[gain] is nought, with its Monte Carlo error by the delta method.
void find_switch(const Twice& rest, const Twice& gain, const DrawUnits& units, GroupValue& value) {
  const DrawColumn nought(0);
  const statistics::RatioOfMeans of_gain = ratio_over_draws(nought - rest.simulated, gain.simulated, units),
                                 of_loss = ratio_over_draws(rest.simulated, nought - gain.simulated, units);
  const statistics::RatioOfMeans& at = of_gain.ratio ? of_gain : of_loss;
  if (!at.ratio || !(*at.ratio > 0)) return;
  value.switches_at = at.ratio;
  value.switches_error = at.error;
}

}  // namespace

bool has_weights(const Appraisal& appraisal) {
  return std::any_of(appraisal.groups.begin(), appraisal.groups.end(),
                     [](const SocialGroup& group) { return group.income || group.weight; });
}

SocialGroupTotals::SocialGroupTotals(const AppraisalDraws& on, std::size_t arm)
    : on_(on), arm_(arm), gains_(on.appraisal.groups.size() + 1) {}

Twice SocialGroupTotals::share_of(const FlowShare& share, const Flow& flow) const {
  return twice(on_, [&](const Evaluator& evaluator) {
    if (share.share) return evaluator.input(*share.share, arm_);
    DrawColumn rest(1);
    for (const FlowShare& other : flow.groups)
      if (other.share) rest -= evaluator.input(*other.share, arm_);
    return rest;
  });
}

void SocialGroupTotals::add(const Flow& flow, const Twice& worth) {
  if (on_.appraisal.groups.empty()) return;
  Twice left = worth;
  for (const FlowShare& share : flow.groups) {
    const Twice part = product(worth, share_of(share, flow));
    gains_[share.group] += part;
    left -= part;
  }
  const bool whole = std::any_of(flow.groups.begin(), flow.groups.end(), [](const FlowShare& s) { return !s.share; });
  if (!whole) gains_.back() += left;
}

Twice SocialGroupTotals::weight_of(std::size_t group) const {
  const Appraisal& appraisal = on_.appraisal;
  const SocialGroup& told = appraisal.groups[group];
  return twice(on_, [&](const Evaluator& evaluator) {
    if (told.weight) return evaluator.input(*told.weight, arm_);
    if (!told.income) return DrawColumn(1);
    return power_of(evaluator.input(*appraisal.average_income, arm_) / evaluator.input(*told.income, arm_),
                    evaluator.input(*appraisal.income_elasticity, arm_), on_.count());
  });
}

void SocialGroupTotals::finish(AppraisalResult& result) const {
  const std::size_t told = on_.appraisal.groups.size();
  const DrawUnits& units = on_.units();
  if (told == 0) return;
  const bool weighs = has_weights(on_.appraisal);
  Twice all;
  std::vector<Twice> weighted(gains_);
  for (std::size_t group = 0; group <= told; ++group) {
    if (group < told) weighted[group] = product(gains_[group], weight_of(group));
    all += weighted[group];
  }
  for (std::size_t group = 0; group <= told; ++group) {
    GroupValue value;
    value.arm = arm_;
    value.present_value = drawn_amount(gains_[group], units);
    value.weighted = drawn_amount(weighted[group], units);
    if (group < told) {
      value.group = group;
      const SocialGroup& its = on_.appraisal.groups[group];
      if (its.income || its.weight) {
        value.weight = drawn_amount(weight_of(group), units);
        Twice rest = all;
        rest -= weighted[group];
        find_switch(rest, gains_[group], units, value);
      }
    }
    result.groups.push_back(value);
  }
  if (!weighs) return;
  const Chance chance = chance_that_it_pays(on_, all);
  result.weighted.push_back({arm_, drawn_amount(all, units), chance.value, chance.mc_error});
}

}  // namespace desist
