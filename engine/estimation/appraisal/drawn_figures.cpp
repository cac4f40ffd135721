#include "engine/estimation/appraisal/drawn_figures.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>

#include <Eigen/Core>

#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "engine/statistics/mean_surface.hpp"

namespace desist {
namespace {

void note_formula(const std::optional<Formula>& formula, std::vector<const Formula*>& all) {
  if (formula) all.push_back(&*formula);
}

std::vector<const Formula*> all_formulas(const Appraisal& appraisal) {
  std::vector<const Formula*> all = value_formulas(appraisal);
  for (const NextStudy& study : appraisal.studies) {
    all.insert(all.end(), {&study.cost_fixed, &study.cost_each});
    note_formula(study.bias_sd, all);
    note_formula(study.recruits_a_year, all);
    note_formula(study.people_a_year, all);
    note_formula(study.appraised_people, all);
  }
  if (appraisal.portfolio) {
    all.push_back(&appraisal.portfolio->budget);
    for (const PortfolioProgramme& programme : appraisal.portfolio->programmes) {
      all.insert(all.end(), {&programme.cost_each, &programme.expected_each, &programme.worth_each});
      note_formula(programme.effect, all);
    }
  }
  return all;
}

// Shares and weights of social groups: what NPV doesn't hang on.
std::vector<std::size_t> inputs_of_groups(const Appraisal& appraisal) {
  std::vector<std::size_t> all;
  const auto note = [&](const std::optional<std::size_t>& input) {
    if (input) all.push_back(*input);
  };
  for (const SocialGroup& group : appraisal.groups) {
    note(group.income);
    note(group.weight);
  }
  for (const Flow& flow : appraisal.flows)
    for (const FlowShare& share : flow.groups) note(share.share);
  note(appraisal.average_income);
  note(appraisal.income_elasticity);
  return all;
}

std::string outcome_words(const OutcomeTable& outcomes, std::size_t slot) {
  const OutcomeSlot& place = outcomes.outcomes().at(slot);
  const std::string& name = outcomes.outcome_fields()[place.field].name;
  return place.item.empty() ? "'" + name + "'" : "'" + name + "' for " + place.item;
}

void copy_into(const DrawColumn& values, std::size_t draws, Eigen::MatrixXd& matrix, Eigen::Index column) {
  for (std::size_t d = 0; d < draws; ++d) matrix(static_cast<Eigen::Index>(d), column) = values[d];
}

bool is_one_value(const DrawColumn& values, std::size_t draws) {
  for (std::size_t d = 1; d < draws; ++d)
    if (values[d] != values[0]) return false;
  return true;
}

}  // namespace

DrawUnits units_sharing(const ParameterDraws& draws, const std::set<std::size_t>& posteriors, std::size_t count) {
  std::vector<StoredSets> shared;
  for (const std::size_t index : posteriors) {
    const Posterior& posterior = draws.posteriors()[index];
    if (posterior.rows.empty()) continue;
    std::vector<std::uint32_t> of_draw(count);
    for (std::size_t d = 0; d < count; ++d) of_draw[d] = static_cast<std::uint32_t>(draws.stored_row(index, d).value());
    const auto rows = static_cast<double>(posterior.rows.size() / posterior.columns.size());
    shared.emplace_back(std::move(of_draw), posterior.worth > 0 ? posterior.worth : rows);
  }
  return DrawUnits(count, std::move(shared));
}

std::vector<std::size_t> inputs_of(const Formula& formula) {
  std::set<std::size_t> inputs;
  for (const Formula::Step& step : formula.steps)
    if (step.operation == Formula::Operation::input) inputs.insert(step.index);
  return {inputs.begin(), inputs.end()};
}

std::vector<const Formula*> value_formulas(const Appraisal& appraisal) {
  std::vector<const Formula*> all;
  for (const Flow& flow : appraisal.flows) {
    all.insert(all.end(), {&flow.quantity, &flow.each});
    note_formula(flow.optimism_bias, all);
  }
  for (const Fade& fade : appraisal.fades) {
    note_formula(fade.time, all);
    note_formula(fade.kept, all);
  }
  for (const Effect& effect : appraisal.effects) all.push_back(&effect.quantity);
  return all;
}

DrawnFigures::DrawnFigures(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes,
                           std::size_t first, std::size_t count)
    : first_(first), draws_(count), units_(count) {
  find_slots(appraisal, draws, outcomes);
  draw_slots(appraisal, draws);
  if (first == 0) find_shared_sets(draws);
  take_outcomes(appraisal, outcomes);
  fit_outcomes();
}

void DrawnFigures::find_slots(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes) {
  const auto uncertain = [&](std::size_t slot) { return is_uncertain(draws.parameters().at(slot).law); };
  std::vector<std::set<std::size_t>> of_model(appraisal.arms), of_formulas(appraisal.arms);
  moving_.resize(appraisal.arms);
  for (std::size_t arm = 0; arm < appraisal.arms; ++arm) {
    if (!outcomes.empty() && !appraisal.outcomes.empty()) {
      for (const FieldLayout& field : outcomes.arms().at(arm).layout.fields)
        for (const Piece& piece : field.pieces) {
          moving_[arm].insert(piece.slot);
          if (uncertain(piece.slot)) of_model[arm].insert(piece.slot);
        }
    }
    for (const Formula* formula : value_formulas(appraisal))
      for (const std::size_t input : inputs_of(*formula)) {
        const std::size_t slot = appraisal.inputs.at(input).slots.at(arm);
        if (uncertain(slot)) of_formulas[arm].insert(slot);
      }
  }
  std::set<std::size_t> all;
  for (std::size_t arm = 0; arm < appraisal.arms; ++arm) {
    std::set<std::size_t> either = of_model[0];
    either.insert(of_model[arm].begin(), of_model[arm].end());
    of_model_.emplace_back(either.begin(), either.end());
    either.insert(of_formulas[0].begin(), of_formulas[0].end());
    either.insert(of_formulas[arm].begin(), of_formulas[arm].end());
    uncertain_.emplace_back(either.begin(), either.end());
    all.insert(either.begin(), either.end());
  }
  all_uncertain_.assign(all.begin(), all.end());
}

void DrawnFigures::draw_slots(const Appraisal& appraisal, const ParameterDraws& draws) {
  std::set<std::size_t> needed(all_uncertain_.begin(), all_uncertain_.end());
  const auto need_input = [&](std::size_t input) {
    const AppraisalInput& of = appraisal.inputs.at(input);
    needed.insert(of.slots.begin(), of.slots.end());
  };
  for (const Formula* formula : all_formulas(appraisal))
    for (const std::size_t input : inputs_of(*formula)) need_input(input);
  for (const auto& group : appraisal.together) needed.insert(group.begin(), group.end());
  for (const NextStudy& study : appraisal.studies) {
    if (appraisal.table) continue;  // it measures columns of the table
    if (study.measure != NextStudy::Measure::mean) need_input(study.control);
    need_input(study.treated);
  }
  for (const BreakEven& asked : appraisal.break_evens) {
    need_input(asked.input);
    if (asked.control_risk) need_input(*asked.control_risk);
  }
  for (const std::size_t input : inputs_of_groups(appraisal)) need_input(input);

  std::map<std::size_t, std::vector<double>> uncertain;
  std::set<std::size_t> fixed;
  for (const std::size_t slot : needed) {
    if (is_uncertain(draws.parameters().at(slot).law)) {
      uncertain[slot].resize(draws_);
    } else {
      fixed.insert(slot);
    }
  }
  if (!uncertain.empty()) {
    for (std::size_t d = 0; d < draws_; ++d) {
      const std::vector<double> row = draws.row(first_ + d);
      for (auto& [slot, values] : uncertain) values[d] = row[slot];
    }
  }
  for (auto& [slot, values] : uncertain) slots_.emplace(slot, DrawColumn(std::move(values)));
  if (fixed.empty()) return;
  const std::vector<double> row = draws.row(0);
  for (const std::size_t slot : fixed) slots_.emplace(slot, DrawColumn(row[slot]));
}

void DrawnFigures::find_shared_sets(const ParameterDraws& draws) {
  std::set<std::size_t> posteriors;
  for (const auto& [slot, column] : slots_)
    if (const auto* law = std::get_if<PosteriorLaw>(&draws.parameters()[slot].law)) posteriors.insert(law->posterior);
  units_ = units_sharing(draws, posteriors, draws_);
}

void DrawnFigures::take_outcomes(const Appraisal& appraisal, const OutcomeTable& outcomes) {
  for (const AppraisalOutcome& outcome : appraisal.outcomes) {
    for (std::size_t arm = 0; arm < appraisal.arms; ++arm) {
      for (const std::size_t slot : outcome.slots) {
        if (simulated_.contains({arm, slot})) continue;
        const std::span<const double> means = outcomes.draw_means(arm, slot);
        if (means.size() != draws_)
          throw std::invalid_argument(
              "the appraisal needs the mean of " + outcome_words(outcomes, slot) +
              " in each draw, and a run of so many draws doesn't keep them: plan fewer draws, with more replicates");
        const auto none = std::find_if(means.begin(), means.end(), [](double mean) { return !std::isfinite(mean); });
        if (none != means.end())
          throw std::invalid_argument("the outcome " + outcome_words(outcomes, slot) + " of arm '" +
                                      outcomes.arms()[arm].name + "' has no value in draw " +
                                      std::to_string(none - means.begin()) +
                                      ", so what it is worth can't be said: value one that every run has");
        simulated_.emplace(Key{arm, slot}, DrawColumn(std::vector<double>(means.begin(), means.end())));
      }
    }
  }
}

const DrawColumn& DrawnFigures::outcome(std::size_t arm, std::size_t slot, Means means) const {
  return (means == Means::simulated ? simulated_ : fitted_).at({arm, slot});
}

bool DrawnFigures::moves_outcomes(std::size_t arm, std::size_t slot) const {
  return moving_[0].contains(slot) || moving_[arm].contains(slot);
}

bool DrawnFigures::is_fitted() const { return std::cmp_greater_equal(draws_, statistics::fewest_draws_of_surface); }

/// The comparator's outcomes and the others' differences from it, so that arms alike in every draw stay so. Too few
/// draws for a surface are left as they are.
void DrawnFigures::fit_outcomes() {
  fitted_ = simulated_;
  if (simulated_.empty() || !is_fitted()) return;
  std::set<std::size_t> slots;
  for (const auto& of_arm : of_model_) slots.insert(of_arm.begin(), of_arm.end());
  Eigen::MatrixXd figures(static_cast<Eigen::Index>(draws_), static_cast<Eigen::Index>(slots.size()));
  Eigen::Index column = 0;
  for (const std::size_t slot : slots) copy_into(slots_.at(slot), draws_, figures, column++);

  std::vector<Key> keys;
  std::vector<DrawColumn> responses;
  for (const auto& [key, values] : simulated_) {
    DrawColumn response = values;
    if (key.first > 0) response -= simulated_.at({0, key.second});
    if (!is_one_value(response, draws_)) {
      keys.push_back(key);
      responses.push_back(std::move(response));
    } else {
      fitted_.at(key) = DrawColumn(response[0]);
    }
  }
  Eigen::MatrixXd y(static_cast<Eigen::Index>(draws_), static_cast<Eigen::Index>(responses.size()));
  for (std::size_t k = 0; k < responses.size(); ++k) copy_into(responses[k], draws_, y, static_cast<Eigen::Index>(k));
  fit_degrees_ = keys.empty() ? 0 : 1;
  if (!slots.empty() && !keys.empty()) {
    statistics::MeanSurface surface = statistics::mean_surface(y, figures);
    y = std::move(surface.in_sample);
    fit_degrees_ = surface.degrees.maxCoeff();
  }
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const auto fit = y.col(static_cast<Eigen::Index>(k));
    fitted_.at(keys[k]) = slots.empty() ? DrawColumn(mean_of(responses[k], draws_))
                                        : DrawColumn(std::vector<double>(fit.data(), fit.data() + fit.size()));
  }
  for (auto& [key, values] : fitted_)
    if (key.first > 0) values += fitted_.at({0, key.second});
}

}  // namespace desist
