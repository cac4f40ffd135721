// The parts of an appraisal, each from the same draws; appraisal.cpp calls them in order.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/estimation/appraisal.hpp"
#include "engine/estimation/appraisal/chances.hpp"
#include "engine/estimation/appraisal/draw_amounts.hpp"
#include "engine/estimation/appraisal/draw_column.hpp"
#include "engine/estimation/appraisal/drawn_figures.hpp"
#include "engine/estimation/appraisal/evaluator.hpp"

namespace desist {

/// What every part stands on.
struct AppraisalDraws {
  const Appraisal& appraisal;
  const ParameterDraws& parameters;
  const DrawnFigures& figures;
  DrawUnits units_of_all;             // those at hand, or a part of more draws whose sums are folded
  std::vector<HeldFigure> held = {};  // what is asked, in the arm that is looked at

  std::size_t count() const { return figures.draws(); }
  const DrawUnits& units() const { return units_of_all; }
  Evaluator evaluator(Means means = Means::simulated) const { return {appraisal, figures, means, held}; }
};

/// A column on simulated outcomes and on fitted ones; worked out once where no replicate's luck is in it.
template <class Work>
Twice twice(const AppraisalDraws& on, Work work) {
  Twice made;
  made.simulated = work(on.evaluator(Means::simulated));
  made.fitted = on.figures.has_inner_noise() ? work(on.evaluator(Means::fitted)) : made.simulated;
  return made;
}

/// Net present value and net cost to the public purse of each arm beside the comparator, whose own are nought; main
/// form, main schedule.
struct MainValues {
  std::vector<Twice> npv, public_cost;  // by arm
};

/// P(net value > 0), the luck of replicates taken out (mathematics.md 6.3).
inline Chance chance_that_it_pays(const AppraisalDraws& on, const Twice& net) {
  return chance_above_nought(net, on.figures, on.units());
}

/// What is asked, by arm, held at a value: see AppraisalResult::is_question_held.
struct HeldQuestions {
  std::vector<std::vector<HeldFigure>> by_arm;
  bool are_all_held = false;  // and there is one
};
/// Verified by: appraise_information_test.
HeldQuestions hold_questions(const AppraisalDraws& on);

/// Money by arm: fills arms, cash and flows.
MainValues value_flows(const AppraisalDraws& on, const HeldQuestions& asked, AppraisalResult& result);

/// What is gained beside money: fills effects, acceptability and plane.
void value_effects(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result);

/// The first figure that is a question in an arm, held at the value at which that arm breaks even, the one next to the
/// middle of its range; nothing where none is asked or no value breaks even.
std::optional<HeldFigure> question_at_break_even(const AppraisalDraws& on, const Twice& npv, std::size_t arm);

/// Tornado with switching values; of others than what is asked with that at its break-even value. Verified by:
/// appraise_information_test.
void find_switching_values(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result);

/// Which figures decide how much the NPV varies: fills shares. Verified by: appraise_information_test.
void share_out_variance(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result);

/// The break-even values that the file asks for. Verified by: appraise_information_test.
void find_break_evens(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result);

/// What it is worth to know figures better, and which next study is worth its cost. Verified by:
/// appraise_information_test.
void value_information(const AppraisalDraws& on, const MainValues& values, AppraisalResult& result);
std::vector<StudyValue> value_studies(const AppraisalDraws& on, const MainValues& values);

/// What programmes under one budget would have to achieve.
std::vector<PortfolioValue> value_portfolio(const AppraisalDraws& on);

/// A table of draws instead of flows; `draws` are of the inputs that next studies need, draw d beside row d.
AppraisalResult appraise_table(const Appraisal& appraisal, const ParameterDraws& draws);

/// NPV of an arm, main form and schedule, with figures set to other values on common luck. Flows that don't hang on
/// them are summed once. Outcomes stay as they were drawn: only for figures that the model doesn't use.
class HeldNpv {
 public:
  /// `beside`: figures that are held at other values all along.
  HeldNpv(const AppraisalDraws& on, std::size_t arm, std::vector<std::size_t> slots, Means means = Means::simulated,
          std::vector<HeldFigure> beside = {});
  bool moves() const { return !moved_.empty(); }
  /// Of one figure, in its own unit.
  double mean(double value) const { return mean_of(column(value), on_->count()); }
  DrawColumn column(double value) const { return column({DrawColumn(value)}); }
  /// In the order of the slots.
  DrawColumn column(const std::vector<DrawColumn>& values) const;

 private:
  const AppraisalDraws* on_;
  std::size_t arm_;
  std::vector<std::size_t> slots_;
  Means means_;
  std::vector<HeldFigure> beside_;
  bool moves_fading_;
  std::vector<DrawColumn> weights_;  // of fading, where it doesn't move that
  DrawColumn fixed_;                 // NPV of the flows that it doesn't move
  std::vector<std::size_t> moved_;   // the others
};

}  // namespace desist
