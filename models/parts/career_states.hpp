// Drug states, spells and mixes of types: what a person changes between of their own accord.
#pragma once

#include <array>
#include <cstdint>

#include "engine/random/stream.hpp"
#include "models/parts/career_dose.hpp"
#include "models/parts/career_once.hpp"
#include "models/parts/career_plan.hpp"

namespace desist {

/// The clocks of one person's changes. The k-th stay in a state has words of its own, whatever an arm does.
///
/// Drug states are a Markov chain whose hazards a programme multiplies; of several ways out the one that is taken is in
/// proportion to its hazard (mathematics.md 1.3). Verified by: career_test, career_law_test.
class CareerStates {
 public:
  void begin(const CareerPlan& plan, const Streams& streams, std::uint64_t person) {
    plan_ = &plan;
    streams_ = &streams;
    person_ = person;
    jumps_ = spells_ = mixes_ = 0;
    if (plan.drugs) {
      next_drug_words_ = streams.words(Purpose("drug states"), person, 0);
      next_drug_jump(0);
    }
    if (plan.spells) {
      next_spell_word_ = streams.words(Purpose("spells"), person, 0)[0];
      next_spell(0);
    }
    if (plan.mix_switching > 0) next_mix(0);
  }

  /// A rate times the factors of a state.
  double apply(double rate, DrugState drug, bool active) const {
    return rate * plan_->drug_factor[static_cast<std::size_t>(drug)] * plan_->spell_factor[active ? 1 : 0];
  }

  // When the next change comes if nothing else does.
  double drug_jump_at(double now, DrugState drug, const CareerDose& dose) {
    double sum = 0;
    for (const double hazard : ways_out(drug, dose)) sum += hazard;
    return drug_clock_.set(now, sum);
  }
  double spell_end_at(double now, bool active) {
    return spell_clock_.set(now, active ? plan_->to_quiet : plan_->to_active);
  }
  double new_mix_at(double now) { return mix_clock_.set(now, plan_->mix_switching); }

  /// The state that comes now; the next stay begins.
  DrugState jump(double now, DrugState from, const CareerDose& dose) {
    const auto weights = ways_out(from, dose);
    double sum = 0;
    for (const double weight : weights) sum += weight;
    double reached = uniform(drug_word_) * sum;
    auto to = static_cast<std::size_t>(from);
    for (std::size_t s = 0; s < drug_states; ++s) {
      if (weights[s] == 0) continue;
      to = s;
      if (reached < weights[s]) break;
      reached -= weights[s];
    }
    next_drug_jump(now);
    return static_cast<DrugState>(to);
  }
  void next_spell(double now) {
    spell_clock_.begin(now, next_spell_word_);
    next_spell_word_ = streams_->words(Purpose("spells"), person_, ++spells_)[0];
  }
  void switch_mix(double now, CareerPerson& person) {
    desist::switch_mix(*plan_, *streams_, person, mixes_);
    next_mix(now);
  }

 private:
  std::array<double, drug_states> ways_out(DrugState drug, const CareerDose& dose) const {
    const auto from = static_cast<std::size_t>(drug);
    std::array<double, drug_states> hazards{};
    for (std::size_t to = 0; to < drug_states; ++to) hazards[to] = plan_->drug_hazard[from][to] * dose.change(from, to);
    return hazards;
  }
  void next_drug_jump(double now) {
    drug_clock_.begin(now, next_drug_words_[0]);
    drug_word_ = next_drug_words_[1];
    next_drug_words_ = streams_->words(Purpose("drug states"), person_, ++jumps_);
  }
  void next_mix(double now) { mix_clock_.begin(now, streams_->words(Purpose("new mixes"), person_, ++mixes_)[0]); }

  const CareerPlan* plan_ = nullptr;
  const Streams* streams_ = nullptr;
  std::uint64_t person_ = 0;
  CareerClock drug_clock_, spell_clock_, mix_clock_;
  std::uint64_t drug_word_ = 0;
  Words next_drug_words_{};  // these and the next drawn ahead: a change then waits for no word
  std::uint64_t next_spell_word_ = 0;
  std::uint64_t jumps_ = 0;
  std::uint64_t spells_ = 0;
  std::uint64_t mixes_ = 0;
};

}  // namespace desist
