// What an appraisal must not do with money: counting twice, calling hours money, letting an effect last for nothing.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/figure_text.hpp"
#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

class MoneyRules {
 public:
  MoneyRules(AppraisalReading& reading, const std::vector<FlowReading>& flows) : a_(reading), flows_(flows) {}

  void check() {
    amounts_have_no_sign();
    everyone_counts();
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      multiplier_once(flows_[i], a_.appraisal.flows[i]);
      prison_once(flows_[i], a_.appraisal.flows[i]);
      bearer_once(flows_[i], a_.appraisal.flows[i]);
      hours_are_no_money(flows_[i], a_.appraisal.flows[i]);
      fades_beyond_evidence(flows_[i], a_.appraisal.flows[i]);
      optimism_bias(a_.appraisal.flows[i]);
      later_people_fade(a_.appraisal.flows[i]);
    }
    effects_fade_too();
  }

 private:
  using Inputs = std::vector<std::size_t>;

  const AppraisalFigure& figure(std::size_t input) const { return a_.inputs.all()[input]; }
  SourceSpan place(const FlowReading& flow, std::string_view key) const {
    const Node* node = flow.table->at(key);
    return node ? node->where : flow.at;
  }
  static Inputs inputs_of(const FlowReading& flow) {
    Inputs all = flow.quantity.inputs;
    all.insert(all.end(), flow.each.inputs.begin(), flow.each.inputs.end());
    return all;
  }
  template <class Is>
  std::vector<std::string> names_where(const Inputs& inputs, Is is) const {
    std::vector<std::string> names;
    for (const std::size_t input : inputs)
      if (is(figure(input)) && std::find(names.begin(), names.end(), figure(input).name) == names.end())
        names.push_back(figure(input).name);
    return names;
  }
  bool has_part(const AppraisalFigure& of, std::string_view part) const {
    return std::any_of(of.parts.begin(), of.parts.end(),
                       [&](const std::string& each) { return each.find(part) != std::string::npos; });
  }

  // An outcome that counts what was done, seen or not; its declaration says so.
  std::vector<std::string> actual_outcomes(const FlowReading& flow) const {
    std::vector<std::string> names;
    for (const ReadFormula* formula : {&flow.quantity, &flow.each})
      for (const std::size_t index : formula->outcomes)
        for (const OutcomeField& field : a_.r.model->outcomes)
          if (field.name == a_.appraisal.outcomes[index].name && field.help.find("seen or not") != std::string::npos)
            names.push_back(field.name);
    return names;
  }

  // An input is an amount: who pays and who gains is said by a flow.
  void amounts_have_no_sign() {
    for (std::size_t input = 0; input < a_.inputs.all().size(); ++input) {
      const double low = a_.ends_of(input).low;
      if (figure(input).dimension.money_power() == 0 || !std::isfinite(low) || !(low < 0)) continue;
      a_.r.problem(figure(input).at, fmt::format("'{}' can be less than £0", figure(input).name),
                   "an amount of money has no sign: a flow's `is` says who pays and who gains",
                   "write it without a minus; what may go either way is two inputs, a cost and a gain");
    }
  }

  // Those who completed are not everyone who was sent: a posterior that has everyone has both.
  void everyone_counts() {
    const auto column_of = [&](const AppraisalFigure& input) -> std::string {
      const auto* law = std::get_if<PosteriorLaw>(&a_.spec.parameters[input.slot].law);
      return law ? a_.r.columns_of[law->posterior][law->column].name : "";
    };
    bool has_completed = false, has_breached = false;
    for (const AppraisalFigure& input : a_.inputs.all()) {
      has_completed = has_completed || column_of(input) == "completed";
      has_breached = has_breached || column_of(input) == "breached";
    }
    if (has_completed == has_breached) return;
    for (const AppraisalFigure& input : a_.inputs.all())
      if (const std::string column = column_of(input); column == "completed" || column == "breached")
        a_.warn("some stand for everyone",
                fmt::format("{}: of those who {} alone, which is no effect of being sent: 'all' in `sets` is everyone",
                            input.label, column));
  }

  /// How often a formula multiplies by these inputs, at the most: 2 of "a * m * m + b * m".
  static int power_of(const Formula& formula, const std::vector<std::size_t>& inputs) {
    std::vector<int> powers;
    for (const Formula::Step& step : formula.steps) {
      using Does = Formula::Operation;
      const bool is_leaf =
          step.operation == Does::number || step.operation == Does::input || step.operation == Does::outcome;
      if (is_leaf) {
        const bool counts =
            step.operation == Does::input && std::find(inputs.begin(), inputs.end(), step.index) != inputs.end();
        powers.push_back(counts ? 1 : 0);
        continue;
      }
      if (step.operation == Does::negate || powers.size() < 2) continue;
      const int second = powers.back();
      powers.pop_back();
      if (step.operation == Does::multiply)
        powers.back() += second;
      else if (step.operation == Does::divide)
        powers.back() -= second;
      else
        powers.back() = std::max(powers.back(), second);
    }
    return powers.empty() ? 0 : powers.back();
  }

  // From recorded to actual offences once (mathematics.md 1.5).
  void multiplier_once(const FlowReading& flow, const Flow& of) {
    const Inputs inputs = inputs_of(flow);
    const auto multipliers = names_where(inputs, [](const AppraisalFigure& f) { return f.is_multiplier; });
    if (multipliers.empty()) return;
    const auto costs = names_where(inputs, [&](const AppraisalFigure& f) { return has_part(f, "multiplier"); });
    const auto seen = actual_outcomes(flow);
    const std::string problem = fmt::format("[[flow]] '{}' goes from recorded to actual offences twice", of.name);
    const std::string cure = "take one of them out";
    Inputs indices;
    for (const std::size_t input : inputs)
      if (figure(input).is_multiplier) indices.push_back(input);
    if (power_of(flow.quantity.formula, indices) + power_of(flow.each.formula, indices) > 1)
      return a_.r.problem(place(flow, "quantity"), problem,
                          multipliers.size() > 1 ? fmt::format("{} both do", listed(multipliers))
                                                 : fmt::format("'{}' stands in it twice", multipliers.front()),
                          cure);
    if (!costs.empty())
      a_.r.problem(
          place(flow, "quantity"), problem,
          fmt::format("'{}' does, and the unit cost of '{}' contains it already", multipliers.front(), costs.front()),
          cure);
    else if (!seen.empty())
      a_.r.problem(place(flow, "quantity"), problem,
                   fmt::format("'{}' does, and '{}' counts offences that nobody recorded too", multipliers.front(),
                               seen.front()),
                   "take the multiplier out, or count what is recorded");
  }

  // Whether a flow is of time or places in custody, beside what crimes cost.
  std::string custody_in(const FlowReading& flow, const Flow& of) const {
    if (of.role == Flow::Role::programme_cost) return "";
    for (const ReadFormula* formula : {&flow.quantity, &flow.each})
      for (const std::size_t index : formula->outcomes) {
        const std::string& name = a_.appraisal.outcomes[index].name;
        if (name.find("custody") != std::string::npos || name.find("sentence") != std::string::npos) return name;
      }
    if (of.bearer != "prisons and probation") return "";
    for (const std::size_t input : inputs_of(flow)) {
      const Dimension& dimension = figure(input).dimension;
      const bool of_places = std::any_of(dimension.powers().begin(), dimension.powers().end(), [](const auto& power) {
        return power.first.find("place") != std::string::npos || power.first.find("prison") != std::string::npos ||
               power.first.find("custody") != std::string::npos;
      });
      if (dimension.money_power() == 1 && of_places) return figure(input).name;
    }
    return "";
  }

  void prison_once(const FlowReading& flow, const Flow& of) {
    if (!Reading::text_at(*flow.table, "beside_prison").empty()) return;
    const auto costs = names_where(inputs_of(flow), [&](const AppraisalFigure& f) {
      return !f.parts.empty() && has_part(f, "prison") && f.parts.size() > 1;
    });
    if (costs.empty()) return;
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const std::string custody = custody_in(flows_[i], a_.appraisal.flows[i]);
      if (&flows_[i] == &flow || custody.empty()) continue;
      return a_.r.problem(
          place(flow, "each"),
          fmt::format("prison is counted in [[flow]] '{}' and in '{}'", of.name, a_.appraisal.flows[i].name),
          fmt::format("the unit cost of '{}' contains prison, and '{}' is of custody", costs.front(), custody),
          "take one out; or say why both stand: beside_prison = \"...\"", {{flows_[i].at, "custody is counted here"}});
    }
  }

  // What a unit cost contains of a body's money, beside a flow of that body for the same quantity. Shares of one unit
  // cost are no second one.
  void bearer_once(const FlowReading& flow, const Flow& of) {
    if (of.role == Flow::Role::programme_cost) return;
    const Inputs costs = inputs_of(flow);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
      const Flow& other = a_.appraisal.flows[i];
      const std::string part = other.bearer == "prisons and probation" ? "prison" : other.bearer;
      if (&flows_[i] == &flow || other.role == Flow::Role::programme_cost || other.bearer == of.bearer ||
          other.quantity.written != of.quantity.written)
        continue;
      const Inputs others = inputs_of(flows_[i]);
      const auto twice = names_where(costs, [&](const AppraisalFigure& cost) {
        const auto is_shared = [&](std::size_t input) { return figure(input).name == cost.name; };
        return cost.parts.size() > 1 && has_part(cost, part) && !std::any_of(others.begin(), others.end(), is_shared);
      });
      if (twice.empty()) continue;
      return a_.r.problem(
          place(flow, "each"),
          fmt::format("the cost to {} is counted in [[flow]] '{}' and in '{}'", other.bearer, of.name, other.name),
          fmt::format("the unit cost of '{}' contains {}, and both are for '{}'", twice.front(), part,
                      other.quantity.written),
          fmt::format("take one out; or split the unit cost: each = \"{0} * (1 - {1}_share)\" here, \"{0} * "
                      "{1}_share\" there",
                      twice.front(), part),
          {{flows_[i].at, "it is counted here too"}});
    }
  }

  static bool is_called_time(const std::string& label) {
    const std::vector<std::string> words = split(label, ' ');
    return std::any_of(words.begin(), words.end(), [](std::string word) {
      while (!word.empty() && (word.back() == ',' || word.back() == ':')) word.pop_back();
      static constexpr std::array<std::string_view, 5> known{"time", "hours", "shifts", "capacity", "workload"};
      return std::find(known.begin(), known.end(), in_small_letters(word)) != known.end();
    });
  }

  static bool is_service(const std::string& bearer) {
    static constexpr std::array<std::string_view, 4> services{"police", "courts", "health", "councils"};
    return std::find(services.begin(), services.end(), bearer) != services.end();
  }

  // What can be given up: a post or a place, never an hour, a day or a shift of one that stays.
  static bool can_be_given_up(const std::string& noun) {
    static constexpr std::array<std::string_view, 4> whole{"post", "officer", "place", "bed"};
    return std::any_of(whole.begin(), whole.end(), [&](auto each) { return noun.find(each) != std::string::npos; });
  }
  static constexpr const char* in_posts_cure =
      "write the quantity in posts, time over what one post works in a year, and step = \"1 post\"";

  // Time of police, courts, health or councils that is given as one sum of money: only its name tells.
  void time_in_one_sum(const FlowReading& flow, const Flow& of) {
    if (!is_service(of.bearer)) return;
    const auto sums = names_where(inputs_of(flow), [](const AppraisalFigure& f) {
      return f.dimension.money_power() == 1 && is_called_time(f.label);
    });
    if (sums.empty() && !is_called_time(of.label)) return;
    if (of.kind != Flow::Kind::cashable)
      return a_.warn("hours are not money",
                     fmt::format("{}: it is time, given as a sum; not money until a post is given up", of.label));
    if (can_be_given_up(flow.step_noun)) return;
    a_.r.problem(place(flow, "step"), fmt::format("[[flow]] '{}' calls hours money", of.name),
                 sums.empty() ? fmt::format("'{}' is time", of.label)
                              : fmt::format("'{}' is time, given as a sum", sums.front()),
                 in_posts_cure);
  }

  /// The unit of time that a sum is for: "hours" of £ per hour, of any bearer; "days", "shifts" and "posts" of £ per
  /// day, shift and post (a year or not) where it is a service's staff; "" of any other sum.
  static std::string time_paid(const AppraisalFigure& figure, bool of_service) {
    const Dimension& dimension = figure.dimension;
    if (dimension.money_power() != 1) return "";
    if (dimension.power_of(Dimension::hour) == -1) return "hours";
    if (!of_service) return "";
    std::string beside;  // what it is per, beside a time
    for (const auto& [noun, power] : dimension.powers()) {
      if (power > 0 || noun == Dimension::year) continue;
      if (!beside.empty()) return "";
      beside = noun;
    }
    if (beside.empty()) return dimension.year_power() == -1 ? "days" : "";
    static constexpr std::array<std::string_view, 4> staff{"shifts", "posts", "officers", "duties"};
    return std::find(staff.begin(), staff.end(), beside) != staff.end() ? beside : "";
  }

  // Time of staff: £ a day is theirs only where days, not years of a contract, are multiplied by it.
  static bool counts_days(const AppraisalFigure& figure) {
    return figure.dimension.money_power() == 0 && figure.dimension.year_power() > 0;
  }

  // Time saved is money only when a post is given up.
  void hours_are_no_money(const FlowReading& flow, const Flow& of) {
    if (of.role == Flow::Role::programme_cost) return;
    const bool of_service = is_service(of.bearer);
    const Inputs inputs = inputs_of(flow);
    const bool by_days =
        std::any_of(inputs.begin(), inputs.end(), [&](std::size_t input) { return counts_days(figure(input)); });
    const auto paid = [&](const AppraisalFigure& f) {
      const std::string time = time_paid(f, of_service);
      return time == "days" && !by_days ? "" : time;
    };
    const auto wages = names_where(inputs, [&](const AppraisalFigure& f) { return !paid(f).empty(); });
    if (wages.empty()) return time_in_one_sum(flow, of);
    const AppraisalFigure& wage = *std::find_if(a_.inputs.all().begin(), a_.inputs.all().end(),
                                                [&](const AppraisalFigure& f) { return f.name == wages.front(); });
    if (of.kind != Flow::Kind::cashable)
      return a_.warn("hours are not money",
                     fmt::format("{}: {} are time, not money, until a post is given up", of.label, paid(wage)));
    if (can_be_given_up(flow.step_noun)) return;
    a_.r.problem(place(flow, "step"), fmt::format("[[flow]] '{}' calls {} money", of.name, paid(wage)),
                 fmt::format("'{}' is {}, and the step is {}", wage.name, wage.words,
                             flow.step_noun.empty() ? of.step_in_words : "in " + flow.step_noun),
                 in_posts_cure);
  }

  bool beyond_evidence(int last) const { return last + 1 > a_.appraisal.evidence_years; }

  void fades_beyond_evidence(const FlowReading& flow, const Flow& of) {
    const bool simulated = !flow.quantity.outcomes.empty() || !flow.each.outcomes.empty();
    if (of.role == Flow::Role::programme_cost || simulated || of.fades || !of.lasts.empty()) return;
    if (!beyond_evidence(of.last) || !a_.differs(inputs_of(flow))) return;
    a_.r.problem(flow.at,
                 fmt::format("[[flow]] '{}' runs to year {}, and the effect was seen for {}", of.name, of.last + 1,
                             counted(a_.appraisal.evidence_years, "year")),
                 "an effect that nobody saw would be paid for",
                 "add fades = true with a table [[fade]], or lasts = \"why it lasts\", or shorten years");
  }

  // A number, an input or a product that is nought whatever is drawn.
  bool is_nought(const Formula& formula) const {
    using Does = Formula::Operation;
    bool has_nought = false;
    for (const Formula::Step& step : formula.steps) {
      if (step.operation == Does::add || step.operation == Does::subtract) return false;
      if (step.operation == Does::number) has_nought = has_nought || step.number == 0;
      if (step.operation != Does::input) continue;
      const Range ends = a_.ends_of(step.index);
      has_nought = has_nought || (ends.low == 0 && ends.high == 0);
    }
    return has_nought;
  }

  // `fades` is by the appraisal's years, so that who comes in its third year would gain a third year's effect.
  void later_people_fade(const Flow& of) {
    if (of.role != Flow::Role::programme_cost || !of.yearly || of.last == of.first) return;
    const auto& flows = a_.appraisal.flows;
    const auto& effects = a_.appraisal.effects;
    if (!std::any_of(flows.begin(), flows.end(), [](const Flow& each) { return each.fades; }) &&
        !std::any_of(effects.begin(), effects.end(), [](const Effect& each) { return each.fades; }))
      return;
    a_.warn(
        "later people fade",
        fmt::format("{}: paid for in each of years {} to {}, while what it does fades by those years; if new people "
                    "come each year, later ones count for too little: follow one year's people, with years = "
                    "[{}, {}] here",
                    of.label, of.first + 1, of.last + 1, of.first + 1, of.first + 1));
  }

  void optimism_bias(const Flow& of) {
    if (of.role != Flow::Role::programme_cost || !of.bias_in_law.empty()) return;
    if (!of.optimism_bias || is_nought(*of.optimism_bias))
      a_.warn("no optimism bias",
              fmt::format("{}: no optimism bias is added; programmes cost more than they are said to", of.label));
  }

  void effects_fade_too() {
    const Section& keys = section("effect");
    const auto tables = a_.r.tables_of(keys);
    for (const Effect& effect : a_.appraisal.effects) {
      if (effect.fades || !effect.lasts.empty() || !beyond_evidence(effect.last)) continue;
      const bool simulated = std::any_of(effect.quantity.steps.begin(), effect.quantity.steps.end(),
                                         [](const auto& s) { return s.operation == Formula::Operation::outcome; });
      Inputs inputs;
      for (const Formula::Step& step : effect.quantity.steps)
        if (step.operation == Formula::Operation::input) inputs.push_back(step.index);
      if (simulated || !a_.differs(inputs)) continue;
      for (const Node* table : tables)
        if (Reading::text_at(*table, "name") == effect.name)
          a_.r.problem(
              table->at("name")->where,
              fmt::format("[[effect]] '{}' runs to year {}, and was seen for less", effect.name, effect.last + 1),
              "an effect that nobody saw would be counted",
              "add fades = true with a table [[fade]], or lasts = \"why it lasts\", or shorten years");
    }
  }

  AppraisalReading& a_;
  const std::vector<FlowReading>& flows_;
};

}  // namespace

void check_money_rules(AppraisalReading& reading, const std::vector<FlowReading>& flows) {
  MoneyRules(reading, flows).check();
}

}  // namespace desist
