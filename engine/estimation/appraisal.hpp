// Appraisal: what a programme costs, who gains what and when, the chance that it pays, and what is worth finding out.
//
// Every flow of money is a quantity times what one of it is worth, in each arm, draw and year. The file says it,
// `appraise` works it out on the same draws as everything else (mathematics.md 8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/date.hpp"
#include "engine/simulation/outcome_table.hpp"
#include "engine/simulation/parameters.hpp"

namespace desist {

/// Arithmetic over a draw's inputs and an arm's outcomes, in postfix order; sound when it is made.
struct Formula {
  enum class Operation { number, input, outcome, add, subtract, multiply, divide, negate };
  struct Step {
    Operation operation = Operation::number;
    double number = 0;
    std::size_t index = 0;  // into Appraisal::inputs or Appraisal::outcomes
  };
  std::vector<Step> steps;
  std::string written;  // as the file has it: "people * reoffended"
};

/// A figure that the appraisal needs: a unit cost, people a year, hours; or a column of a table of draws.
struct AppraisalInput {
  std::string name, label;
  std::string unit;                // in words: "£ per offence", "people per year"
  std::vector<std::size_t> slots;  // one an arm: its place in the row of a draw
  double factor = 1;           // to the price base and to years: what the row holds, times this, is what formulas see
  std::string prices;          // "2015/16"; empty: not money
  bool is_uncertain = false;   // in some arm
  bool is_unverified = false;  // a unit cost whose row says unverified or not found: the assumption beside it decides
  bool is_asked = false;       // its range is a question, and no belief: nothing that averages over it is an answer
};

/// An outcome of the model that formulas use: its mean in a draw and arm.
struct AppraisalOutcome {
  std::string name, item, label, unit;
  bool by_year = false;            // one slot a year of the horizon, else one in all
  std::vector<std::size_t> slots;  // into OutcomeTable::outcomes
  double factor = 1;               // to years, of what is measured in time
};

/// A group in society that is told apart among those who gain or pay, and what £1 of theirs counts (HM Treasury 2022,
/// Green Book A3.12 to A3.22): (average income/income)^elasticity, or a weight as stated; 1 where neither is given.
struct SocialGroup {
  std::string name, label;
  std::optional<std::size_t> income;  // input: equivalised, £ a year
  std::optional<std::size_t> weight;  // input
  std::string note;
};

/// The part of a flow that falls on a group.
struct FlowShare {
  std::size_t group = 0;             // into Appraisal::groups
  std::optional<std::size_t> share;  // input; without one: what the others leave
};

struct Flow {
  enum class Kind { cashable, fiscal, economic, social };
  enum class Role {
    programme_cost,  // public money that the programme uses: the denominator of a ratio, and nothing else is
    cost,            // what either arm may cost: its fall is a benefit
    benefit,         // what either arm may bring
  };
  std::string name, label, bearer;  // "police"
  Kind kind = Kind::economic;
  Role role = Role::cost;
  Formula quantity, each;
  std::string quantity_unit, each_unit;
  bool yearly = false;                   // in each year from first to last; else once, in `first`
  int first = 0, last = 0;               // years of the horizon, the first is 0
  bool fades = false;                    // its difference from the comparator is multiplied by the fade's weight
  std::string lasts;                     // why it doesn't fade, where the horizon is longer than the evidence
  std::optional<Formula> optimism_bias;  // of programme costs: their mean is raised by this share, once
  std::string bias_in_law;               // why none is added: the cost's law contains it
  std::optional<double> step;            // of what is cashable: it can be given up in whole steps of the quantity only
  std::string step_in_words;             // "1 post"
  std::vector<FlowShare> groups;         // what they leave falls on people who are not told apart, with weight 1
  std::string note;
};

/// What becomes of an effect after the last year in which it was seen. Forms stand side by side.
struct Fade {
  enum class Form {
    stops,        // nothing beyond the evidence
    linear,       // falls evenly to nothing in `time` years
    exponential,  // halves every `time` years
    cure,         // a share `kept` stays, the rest halves every `time` years
    constant,     // stays as it was
  };
  std::string name, label;
  Form form = Form::constant;
  std::optional<Formula> time, kept;
  std::optional<double> weight;  // stated on all forms or on none; then "which form" is one more parameter
};

/// The mean weight of a form in year y (0 first), over the year: 1 while there is evidence, `evidence` years from the
/// start. Verified by: appraise_test.
double fade_weight(Fade::Form form, double time, double kept, int year, double evidence);

/// What is gained beside money: offences averted, days of harm.
struct Effect {
  std::string name, label, unit;  // unit of one, singular: "offence"
  bool lower_is_better = true;
  Formula quantity;
  bool yearly = false;
  int first = 0, last = 0;
  bool fades = false;
  std::string lasts;          // why it doesn't fade, where the horizon is longer than the evidence
  std::vector<double> worth;  // what one averted may be worth, in £ of the price base, rising: the acceptability curve
};

/// A discount schedule over the horizon, timing within the year included.
struct DiscountedBy {
  std::string name, label, source;
  std::vector<double> factors;  // one a year of the horizon, and on to the last year in which a next study's decision
                                // lasts: nothing is extended in silence
};

/// A study that could be done before deciding, at several sizes (mathematics.md 8.4).
struct NextStudy {
  enum class Measure { risks, rates, mean };
  std::string name, label;
  Measure measure = Measure::risks;
  /// Inputs, or columns of a table of draws: risks, rates a year, or (mean: treated alone) a mean.
  std::size_t control = 0, treated = 0;
  std::size_t control_arm = 0, treated_arm = 1;
  double years_followed = 1;                // of rates
  double dispersion = 0;                    // of rates: variance = mean + dispersion mean^2
  double sd = 0;                            // of a mean: of one person
  std::optional<Formula> bias_sd;           // of the difference that no size shrinks
  std::vector<double> sizes;                // people in all, half in each group
  Formula cost_fixed, cost_each;            // £
  double answer_after = 0;                  // years until the answer; with recruits, after the last has joined
  std::optional<Formula> recruits_a_year;   // people who can join it in a year, both groups together
  std::string any_size;                     // why every size answers at the same time, where nobody is recruited
  double decision_lasts = 0;                // years from today in which the decision matters
  std::optional<Formula> people_a_year;     // to whom its answer applies
  std::optional<Formula> appraised_people;  // of whom the appraised flows are
  std::string nobody_loses;                 // why nobody goes without who would have had the better arm
  std::string note;
};

/// A programme under one budget: what it would have to achieve to earn its share.
struct PortfolioProgramme {
  std::string name, label;
  std::string evidence_level;     // in words: "randomised, too small", "before and after", "none printed"
  Formula cost_each;              // £ a person
  Formula expected_each;          // offences (or what is averted) a person anyway, over the time that counts
  Formula worth_each;             // £ of one averted
  std::optional<Formula> effect;  // share averted, where evidence gives a law of it
  std::string outcome_of;         // the programme of which it is one outcome apart, for the same money; empty: its own
  std::string note;
};
struct Portfolio {
  Formula budget;       // £
  std::string averted;  // "reoffence"
  std::vector<PortfolioProgramme> programmes;
};

/// A figure whose break-even value is asked for, and the completed trial that might have seen it.
struct BreakEven {
  std::size_t input = 0, arm = 1;
  std::string label;
  std::optional<double> trial_control, trial_treated;  // people in it
  std::optional<std::size_t> control_risk;             // input: the risk in its controls; `input` is the treated's
};

/// A table of draws that the user brings instead of flows: costs and effects by strategy, parameters as columns.
struct DrawsTable {
  std::vector<std::string> strategies, strategy_labels;
  std::vector<double> costs, effects;  // row-major, one column a strategy
  std::vector<std::string> parameters;
  std::vector<double> values;  // row-major, one column a parameter
  std::size_t draws = 0;
  std::string file;
};

/// A sentence about money that was given to somebody, and what would make it true: "16 to 1" is a ratio of at least 16.
struct AppraisalClaim {
  enum class Of {
    ratio,           // benefits over costs, all bearers: £ for each £1
    cashable_ratio,  // what can be cashed, over costs
    net_value,       // £
    costs,           // of the programme, £
    cashable,        // £
  };
  std::string text, where, evidence, reply;
  Of of = Of::ratio;
  std::string bearer;    // of a ratio: whose gains alone are held against all costs; empty: everybody's
  bool at_least = true;  // else at most
  double value = 0;      // £ of the price base, or £ for each £1
  std::vector<std::size_t> arms;
};

struct AppraisalWarning {
  std::string rule;  // "optimism bias"
  std::string text;  // what is done, and why it matters
};

/// An appraisal as the file declares it.
struct Appraisal {
  Date from;
  int years = 1;
  double evidence_years = 0;              // for how long the effect was seen
  std::string prices;                     // base: "2025/26"
  std::vector<DiscountedBy> discounting;  // the first is the main one
  std::vector<AppraisalInput> inputs;
  std::vector<AppraisalOutcome> outcomes;
  std::vector<SocialGroup> groups;
  std::optional<std::size_t> average_income, income_elasticity;  // inputs; of weights by income
  std::vector<Flow> flows;
  std::vector<Fade> fades;  // empty: nothing fades
  std::vector<Effect> effects;
  std::vector<NextStudy> studies;
  bool answers_next_study = false;  // whether a next study is what the first line is about, not what the arms are worth
  std::vector<std::vector<std::size_t>>
      together;  // groups of inputs or parameters (slots) whose information is valued as one
  std::vector<std::string> together_labels;
  std::vector<BreakEven> break_evens;
  std::optional<Portfolio> portfolio;
  std::optional<DrawsTable> table;  // instead of flows, with one effect
  std::vector<AppraisalClaim> claims;
  std::vector<AppraisalWarning> warnings;  // of the guard-rails
  std::size_t arms = 0;                    // reported arms; the first is the comparator
  std::vector<std::string> arm_names;      // theirs
};

/// The form that the answer stands on: the first, or fades.size() where forms have weights (each draw takes the form
/// that its weight gives) or where nothing fades.
std::size_t main_fade(const Appraisal& appraisal);

/// Whether some social group has a weight of its own, stated or by income.
bool has_weights(const Appraisal& appraisal);

/// Whether a figure that the money hangs on is a question in some arm: what averages over its range, and any chance, is
/// then no answer.
bool is_question(const Appraisal& appraisal);

/// A mean over draws with the middle 95% of draws and its Monte Carlo error.
struct DrawnAmount {
  double mean = 0, low = 0, high = 0, mc_error = 0;
};

/// What an arm is worth beside the comparator, under one form of fading and one schedule. £ of the price base.
struct ArmValue {
  std::size_t arm = 1, fade = 0, discounting = 0;  // fade: as main_fade says
  DrawnAmount npv;                                 // all bearers and kinds
  DrawnAmount benefits;                            // present value above the line
  DrawnAmount costs;                               // of the programme: the denominator
  DrawnAmount cashable;                            // present value of what can be cashed, whole steps only
  DrawnAmount fiscal_npv;                          // cashable less costs
  std::optional<DrawnAmount> bcr, fiscal_bcr;      // E[B]/E[C]; limits NaN where some draw's cost is not above nought
  double return_on_investment = 0, roi_error = 0;  // NPV / costs; NaN without costs
  double chance_pays = 0, chance_error = 0;  // P(NPV > 0) over draws, corrected for inner noise where there is any
  double chance_plug_in = 0, chance_plug_in_error = 0;  // uncorrected
  std::optional<int> payback_year;  // undiscounted means of this form; the first year at whose end they add up
  /// The same with each year's sum 1.96 Monte Carlo errors up and down: the years that the draws don't tell apart from
  /// it. None: not within the horizon.
  std::optional<int> payback_earliest, payback_latest;
};

/// Money of one arm less the comparator's, in one year (main form, undiscounted, £ of the base; a gain is positive).
struct CashFlow {
  std::size_t arm = 1, flow = 0;
  int year = 0;
  double quantity = 0, quantity_error = 0;  // difference
  DrawnAmount amount;
  double present_value = 0, present_value_error = 0;
};

/// What a bearer gains over the whole horizon, programme costs included; main form and schedule.
struct BearerValue {
  std::size_t arm = 1;
  std::string bearer;
  DrawnAmount present_value;  // a gain is positive
};

/// What a social group gains over the whole horizon, programme costs included; main form and schedule.
struct GroupValue {
  std::size_t arm = 1;
  std::optional<std::size_t> group;  // none: people who are not told apart, with weight 1
  DrawnAmount present_value;         // unweighted; a gain is positive
  std::optional<DrawnAmount> weight;
  DrawnAmount weighted;
  /// The weight at which the arm's weighted value is nought, the other groups' weights as drawn (A3.22); none where no
  /// weight above nought does it.
  std::optional<double> switches_at, switches_error;
};

/// Net present value of an arm with each group's £ weighted; main form and schedule.
struct WeightedValue {
  std::size_t arm = 1;
  DrawnAmount npv;
  double chance_pays = 0, chance_error = 0;
};

/// Money of one arm less the comparator's up to the end of a year (main form, undiscounted, £ of the base).
struct CashTotal {
  std::size_t arm = 1;
  int year = 0;
  DrawnAmount all;     // of all bearers and kinds
  DrawnAmount budget;  // what can be cashed, in whole steps, less the programme's costs
};

/// A bearer's money of one arm less the comparator's up to the end of a year (main form, undiscounted, £ of the base).
struct BearerCash {
  std::size_t arm = 1;
  std::string bearer;
  int year = 0;
  DrawnAmount all;  // programme costs taken off
};

/// A flow over the whole horizon, main form.
struct FlowValue {
  std::size_t arm = 1, flow = 0;
  double quantity_comparator = 0, quantity = 0;  // undiscounted totals in either arm
  double quantity_comparator_error = 0, quantity_error = 0;
  DrawnAmount present_value;         // signed: a gain is positive
  std::optional<DrawnAmount> steps;  // whole steps that can be cashed in a year, of the year with the lowest mean
};

struct EffectValue {
  std::size_t arm = 1, effect = 0;
  DrawnAmount averted;     // better is positive; a plain sum over years
  DrawnAmount discounted;  // the same, its years discounted as money's are: what costs are divided by
  /// To the public purse, present value: programme costs less cashable and fiscal gains. What economic and social flows
  /// are worth is not in it, so that an effect's own worth isn't counted twice.
  DrawnAmount net_cost;
  std::optional<double> cost_each, cost_each_error;  // net cost / discounted; none where that is not above nought
  enum class Status { comparator, frontier, dominated, extendedly_dominated };
  Status status = Status::frontier;
  std::optional<double> icer, icer_error;  // to the arm before it on the frontier
  std::string versus;                      // that arm's name
};

struct Acceptability {
  std::size_t effect = 0;
  std::vector<double> worth;
  std::vector<std::vector<double>> chance_best;  // [arm][worth]
  std::vector<double> chance_error;              // the largest of the arms, by worth
  std::vector<std::size_t> best;                 // arm with the greatest mean: the frontier
  std::vector<double> evpi, evpi_error;
};

/// A point of the plane: one draw.
struct PlanePoint {
  std::size_t arm = 1, effect = 0;
  std::uint64_t draw = 0;
  double averted = 0, cost = 0;  // discounted; net_cost
};

/// NPV as one figure moves over its law, and where it passes nought (mathematics.md 8.5).
struct SwitchingValue {
  std::size_t arm = 1;
  std::size_t slot = 0;  // of the draw's row
  std::string name, label, unit;
  double low_value = 0, high_value = 0;  // ends of its range, or the middle 95% of its law
  double npv_low = 0, npv_high = 0, npv_error = 0;
  std::optional<double> switches_at;  // in the figure's own unit
  double switch_error = 0;            // its Monte Carlo error
  int switches = 0;  // how often it passes nought between the ends searched; `switches_at` where that is once
  double searched_low = 0, searched_high = 0;
  bool is_exact = false;  // by formula on common luck; else read from the conditional mean, within the range only
};

/// The part of the NPV's variance over draws, luck apart, that a figure decides on its own (first-order index,
/// mathematics.md 6.7), and with others (total index: Homma & Saltelli 1996); main form and schedule.
struct NpvShare {
  std::size_t arm = 1;
  std::string label;               // of several figures: "a, b"
  std::vector<std::size_t> slots;  // figures that depend on each other are judged as one; none: which form
  double share = 0, mc_error = 0;
  std::optional<double> total, total_error;  // none where the figure moves what a model simulates: that takes its runs
};

struct InformationValue {
  std::string label;
  std::vector<std::size_t> slots;
  double in_sample = 0, cross_validated = 0;  // on average too large, too small
  double mc_error = 0;                        // in sample
  double cross_validated_error = 0;
};
struct StudyValue {
  std::size_t study = 0;
  double size = 0;
  // £, for the appraised people: in sample and out of fold, as EVPPI. What follows stands on the second, which on
  // average promises less.
  double evsi = 0, evsi_error = 0;
  double evsi_cross_validated = 0, evsi_cross_validated_error = 0;
  double population = 0, population_error = 0;
  double cost = 0, cost_error = 0;
  double loss = 0, loss_error = 0;  // of those in the study who are given the arm that is worse in expectation
  double net = 0, net_error = 0;    // expected net benefit of sampling
  double answer_after = 0, answer_after_error = 0;  // years from today, mean over draws
  // What all would lose who come before the answer, were nothing but the study done meanwhile. In no other value here:
  // they stand on the best arm meanwhile.
  double waiting = 0, waiting_error = 0;
  double behind = 0, behind_error = 0;  // the best size's net less this one's, on common luck
  bool is_best = false;
  bool is_told_apart = false;  // from the best size, by the draws
  bool is_largest = false;     // of several sizes tried: a larger one might be worth more
};
struct Information {
  DrawnAmount evpi_amount;  // mean: EVPI of all figures, corrected; mc_error
  double evpi_plug_in = 0, evpi_plug_in_error = 0;
  std::size_t best_arm = 0;
  std::optional<double> worth;            // of one averted, of a table of draws: where the EVPI is greatest
  std::vector<InformationValue> figures;  // greatest first; without a slot: which form the fading takes
  std::vector<StudyValue> studies;
};

struct BreakEvenValue {
  std::size_t break_even = 0;
  std::optional<double> value;                  // at which E NPV is nought
  std::optional<double> power, chance_reached;  // of the completed trial at it; share of draws as good or better
  double value_error = 0, power_error = 0, chance_error = 0;
  /// At which 90 in 100 draws of all other figures pay; none where the model moves with the figure.
  std::optional<double> sure_value;
  double sure_error = 0;
};

struct PortfolioValue {
  std::size_t programme = 0;
  DrawnAmount people;                                     // that the budget pays for
  DrawnAmount must_avert;                                 // in all
  DrawnAmount share_needed;                               // of what is expected anyway; above 1: can't
  double chance_possible = 0, chance_possible_error = 0;  // share of draws in which share_needed <= 1
  std::optional<double> chance_reached, chance_error;     // share of draws in which the effect is as good or better
};

/// The share of draws in which a claim is true (main form and schedule, present values).
struct AppraisalClaimValue {
  std::size_t claim = 0, arm = 1;
  double chance = 0, chance_error = 0;
};

/// What an appraisal comes to.
struct AppraisalResult {
  std::uint64_t draws = 0;
  /// On how many of them what needs a table stands where it isn't all: switching values, shares of variance, values of
  /// information, next studies, break-evens, the plane.
  std::optional<std::uint64_t> tabled_draws;
  bool has_inner_noise = false;
  bool is_noise_taken_out = false;  // of chances, limits and EVPI: not of fewer than 100 draws
  /// Some figure's range is one: no chance, value of information or share of variance is given.
  bool is_question = false;
  /// Money is that where it breaks even: what is asked is held at the value that does it, the one next to the middle of
  /// its range, or at its better end where none does. Else (where a model runs on what is asked) it is over the range.
  bool is_question_held = false;
  std::vector<std::string> arm_names;  // or strategies
  std::vector<ArmValue> arms;  // by arm, fade, schedule: every form under the main schedule, the main form under every
  std::vector<CashFlow> cash;
  std::vector<CashTotal> cash_totals;
  std::vector<BearerCash> bearer_cash;  // by arm, bearer, year
  std::vector<FlowValue> flows;
  std::vector<BearerValue> bearers;
  std::vector<GroupValue> groups;       // by arm, in the file's order; empty where no group is told apart
  std::vector<WeightedValue> weighted;  // by arm; empty where no group has a weight
  std::vector<EffectValue> effects;
  std::vector<Acceptability> acceptability;
  std::vector<PlanePoint> plane;  // the first 500 draws
  std::vector<SwitchingValue> switching;
  std::vector<NpvShare> shares;  // by arm, greatest first
  std::optional<Information> information;
  std::vector<BreakEvenValue> break_evens;
  std::vector<AppraisalClaimValue> claims;
  std::vector<PortfolioValue> portfolio;
};

/// Works an appraisal out on the draws of a run; `outcomes` is empty where no model takes part, and then `plan_draws`
/// rows are drawn. Draws are the units of error (spread is parameters). Beyond 65,536 draws without outcomes means,
/// chances, ratios and limits are folded part by part, and what needs a table of draws stands on the first 65,536: so
/// memory does not grow with draws. Throws std::invalid_argument for fewer than two draws.
/// Verified by: appraise_test, appraise_reference, appraise_fold_test.
AppraisalResult appraise(const Appraisal& appraisal, const ParameterDraws& draws, const OutcomeTable& outcomes,
                         std::uint64_t plan_draws);

}  // namespace desist
