// What the parts of the reader of appraisals share: inputs, formulas over them, and the appraisal so far.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/program/figure.hpp"
#include "engine/program/formula.hpp"
#include "engine/program/input_unit.hpp"
#include "engine/program/money_tables.hpp"
#include "engine/program/reading.hpp"

namespace desist {

/// An input of [inputs], or one that a posterior sets.
struct AppraisalFigure {
  std::string name, label, words;  // words: its unit, "£ per offence"
  SourceSpan at;
  Dimension dimension;
  double factor = 1;                 // from what the row of a draw holds to the price base, years and hours
  std::string prices;                // the price year of what the row holds; "": no money
  bool is_multiplier = false;        // from recorded to actual offences
  bool is_unverified = false;        // a unit cost that nobody has read in its source
  bool is_asked = false;             // its range is a question
  std::optional<std::size_t> field;  // the model's parameter that it is; its slots are that parameter's
  std::vector<std::string> parts;    // what a unit cost contains: "prison", "multiplier"
  std::size_t slot = 0;              // of spec.parameters: what arms don't set
};

/// A figure of an arm for an input: the slot of its own, and how lists of arms say it.
struct ArmInput {
  std::size_t slot = 0;
  std::string in_words;
};

/// Reads [inputs] and what arms and posteriors say of them. Inputs are parameters of the spec, streams and all.
/// Verified by: reader_appraisal_test.
class AppraisalInputs {
 public:
  AppraisalInputs(Reading& reading, ExperimentSpec& spec, const MoneyTables& tables, std::string prices)
      : r_(reading), spec_(spec), tables_(tables), prices_(std::move(prices)) {}

  /// Reads [inputs]; those that a posterior sets have only a label there.
  void read();
  std::optional<std::size_t> named(std::string_view name) const;
  std::vector<std::string> names() const;
  const std::vector<AppraisalFigure>& all() const { return all_; }

  /// A table of [inputs] that only says what an input is called, which a posterior sets.
  static bool is_only_labelled(const Member& member);
  /// Gives the inputs that are parameters of the model their slots, arm by arm; once arms are read.
  void take_parameters();
  /// Takes a column of a posterior, in its unit. False where the input has a figure of its own: reported.
  bool take_posterior(const Member& member, const std::string& unit, const Law& law);
  /// A figure of an arm; its parameter is called `name`. What is wrong is reported.
  std::optional<ArmInput> read_for_arm(std::size_t input, const Member& member, const std::string& name,
                                       const std::string& shown);

  void set_arm(std::size_t arm, std::size_t input, std::size_t slot) { of_arms_.push_back({arm, input, slot}); }
  /// The slots of an input, one an arm.
  std::vector<std::size_t> slots(std::size_t input, std::size_t arms) const;

 private:
  struct OfArm {
    std::size_t arm, input, slot;
  };
  struct OwnFigure {
    InputUnit unit;
    MeasuredFigure measured;
    std::string printed;
  };
  void read_one(const Member& member);
  void read_parameter(const Member& member, const Node& of, AppraisalFigure input);
  void read_unit_cost(const Member& member, const UnitCost& cost, AppraisalFigure input);
  std::optional<OwnFigure> measure_own(const SourcedFigure& figure) const;
  bool strip_like(const InputUnit& unit, const std::string& value, const Node*& place, Node& plain) const;
  bool is_factor(std::string_view name) const;
  bool price(const Node& table, AppraisalFigure& input, std::string year, SourceSpan where);
  void note_unit_cost(const UnitCost& cost);
  bool may_be_named(const Member& member) const;
  const Node* label_of(std::string_view name) const;

  Reading& r_;
  ExperimentSpec& spec_;
  const MoneyTables& tables_;
  const std::string prices_;
  std::vector<AppraisalFigure> all_;
  std::vector<OfArm> of_arms_;
  bool is_base_unknown_ = false;  // that no price is turned into those of the base has been said
};

/// The appraisal as it is read.
struct AppraisalReading {
  Reading& r;
  ExperimentSpec& spec;
  AppraisalInputs& inputs;
  Appraisal& appraisal;
  std::vector<bool> used = {};              // inputs that some formula names
  std::vector<std::size_t> no_shares = {};  // inputs that can't stand as "1 - reach": reported once

  /// A formula at a key, or a figure with its unit where figures may stand ("2 years"); reported where it is neither.
  std::optional<ReadFormula> formula_at(const Node& table, std::string_view key);
  std::optional<ReadFormula> formula_or_figure_at(const Node& table, std::string_view key);
  /// The same with the dimension that it must have, and what it is for: "a time".
  std::optional<ReadFormula> formula_of(const Node& table, std::string_view key, const Dimension& wanted,
                                        std::string_view in_words, bool figures);
  /// An input by its name alone.
  std::optional<std::size_t> input_at(const Node& table, std::string_view key);
  /// First and last year of a key `years`, from 0; `otherwise` where it is absent.
  std::optional<std::pair<int, int>> years_at(const Node& table, std::pair<int, int> otherwise) const;
  std::optional<std::size_t> arm_at(const Node& table, std::string_view key, std::size_t otherwise) const;
  /// A length of time in years.
  std::optional<double> time_at(const Node& table, std::string_view key) const;
  /// The least and the most that an input can be in any arm; of an estimate but for one in a million at either side; a
  /// posterior has no ends.
  Range ends_of(std::size_t input) const;
  /// Whether an input is a risk or a share in every arm; one that can be outside 0 to 1 is reported. `why`: "a study of
  /// risks compares two shares".
  bool is_share(std::size_t input, SourceSpan where, std::string_view why) const;
  /// Whether an arm has a figure of its own for one of these inputs.
  bool differs(const std::vector<std::size_t>& inputs_used) const;
  void warn(std::string rule, std::string text) { appraisal.warnings.push_back({std::move(rule), std::move(text)}); }

 private:
  std::variant<FormulaTerm, ExpressionProblem> term_of(std::string_view name, std::optional<std::string_view> item);
  std::variant<FormulaTerm, ExpressionProblem> outcome_of(std::size_t field, std::optional<std::string_view> item);
};

/// A formula of one number.
ReadFormula fixed_formula(double value, const Dimension& dimension, const std::string& written);

/// A flow as the rules see it.
struct FlowReading {
  const Node* table = nullptr;
  SourceSpan at;
  ReadFormula quantity, each;
  std::string step_noun;
};

/// What one of an effect may be worth, in £, rising: a range at 41 points, or a list; reported where it is neither.
std::optional<std::vector<double>> worth_at(AppraisalReading& reading, const Node& table);

// The parts, in the order in which they are read.
void read_fades(AppraisalReading& reading);
/// `table` is [appraisal]: it says whose income is average.
void read_social_groups(AppraisalReading& reading, const Node& table);
/// What falls on whom of them, of a flow; nothing where that is wrong: reported.
std::optional<std::vector<FlowShare>> group_shares_at(AppraisalReading& reading, const Node& flow,
                                                      const std::string& shown);
/// Groups that no flow names.
void check_social_groups(AppraisalReading& reading);
void read_flows(AppraisalReading& reading, std::vector<FlowReading>& flows);
void read_effects(AppraisalReading& reading);
void check_money_rules(AppraisalReading& reading, const std::vector<FlowReading>& flows);
void read_next_studies(AppraisalReading& reading);
void read_break_evens(AppraisalReading& reading);
void read_portfolio(AppraisalReading& reading);
void read_money_claims(AppraisalReading& reading);
/// Whether a claim's test is about money and no outcome of a model.
bool is_money_claim(std::string_view test);
void read_draws_table(AppraisalReading& reading, const Node& table);

}  // namespace desist
