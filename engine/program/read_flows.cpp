// [[fade]], [[flow]] and [[effect]]: what becomes of an effect, where money goes, and what is gained beside it.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

const Dimension a_time = Dimension::years(1);

bool flag_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  return node && node->kind == Node::Kind::truth && node->truth;
}

// --- fades ---

Fade::Form form_of(const std::string& word) {
  return word == "stops"         ? Fade::Form::stops
         : word == "linear"      ? Fade::Form::linear
         : word == "exponential" ? Fade::Form::exponential
         : word == "cure"        ? Fade::Form::cure
                                 : Fade::Form::constant;
}

void read_fade(AppraisalReading& reading, const Node& table, const std::string& shown) {
  Reading& r = reading.r;
  if (is_named_before(r, reading.appraisal.fades, table, "forms of fading")) return;
  Fade fade;
  fade.name = Reading::text_at(table, "name");
  fade.label = label_or_name(table);
  const std::string word = Reading::text_at(table, "form");
  fade.form = form_of(word);
  const bool takes_time =
      fade.form == Fade::Form::linear || fade.form == Fade::Form::exponential || fade.form == Fade::Form::cure;
  const bool takes_kept = fade.form == Fade::Form::cure;
  for (const auto& [key, takes] : {std::pair("time", takes_time), std::pair("kept", takes_kept)}) {
    if (takes && !table.find(key))
      return r.problem(table.where, fmt::format("{} has no '{}'", shown, key),
                       fmt::format("the form '{}' needs it", word),
                       key == std::string_view("time") ? "add time = \"2 years\", or the name of an input"
                                                       : "add kept = \"30%\", or the name of an input");
    if (!takes && table.find(key))
      return r.problem(table.find(key)->where, fmt::format("'{}' has no meaning for the form '{}'", key, word), "",
                       "take it out");
  }
  if (takes_time) {
    const auto time = reading.formula_of(table, "time", a_time, "a length of time", true);
    if (!time) return;
    fade.time = time->formula;
  }
  if (takes_kept) {
    const auto kept = reading.formula_of(table, "kept", {}, "a share", true);
    if (!kept) return;
    fade.kept = kept->formula;
  }
  if (const Node* weight = table.at("weight"); weight && weight->kind == Node::Kind::number) {
    if (!(weight->number > 0 && weight->number <= 1))
      return r.problem(weight->where, fmt::format("a weight can't be {}", weight->text), "it is above 0, and at most 1",
                       "write weight = 0.5 for a form that is as likely as all the others together");
    fade.weight = weight->number;
  }
  reading.appraisal.fades.push_back(std::move(fade));
}

void check_weights(AppraisalReading& reading, SourceSpan where) {
  const auto& fades = reading.appraisal.fades;
  double sum = 0;
  std::size_t weighted = 0;
  for (const Fade& fade : fades) {
    sum += fade.weight.value_or(0);
    weighted += fade.weight ? 1 : 0;
  }
  if (weighted == 0) return;
  if (weighted < fades.size())
    return reading.r.problem(where, "some forms of fading have a weight, and some none",
                             "weights say which form is how likely", "give every form a weight, or none");
  constexpr double slack = 1e-6;
  if (std::fabs(sum - 1) > slack)
    reading.r.problem(where, fmt::format("the weights of the forms of fading add up to {}", shortest(sum)),
                      "one of the forms holds", "make them add up to 1");
}

// --- flows ---

class FlowReader {
 public:
  FlowReader(AppraisalReading& reading, const Node& table, std::string shown)
      : a_(reading), r_(reading.r), t_(table), shown_(std::move(shown)) {}

  void read(std::vector<FlowReading>& flows) {
    if (is_named_before(r_, a_.appraisal.flows, t_, "flows")) return;
    words();
    const auto quantity = a_.formula_at(t_, "quantity");
    const auto each = t_.find("each") ? a_.formula_at(t_, "each") : fixed_formula(1, {}, "1");
    if (!quantity || !each || !comes_to_money(*quantity, *each)) return;
    flow_.quantity = quantity->formula;
    flow_.each = each->formula;
    flow_.quantity_unit = quantity->dimension.in_words();
    flow_.each_unit = each->dimension.in_words();
    bool sound = true;
    for (const bool part : {years(), fading(), bias(), step(quantity->dimension)}) sound = sound && part;
    const auto groups = group_shares_at(a_, t_, shown_);
    if (!sound || !groups) return;
    flow_.groups = *groups;
    const Node* name = t_.at("name");
    flows.push_back({&t_, name ? name->where : t_.where, *quantity, *each, step_noun_});
    a_.appraisal.flows.push_back(std::move(flow_));
  }

 private:
  void words() {
    flow_.name = Reading::text_at(t_, "name");
    flow_.label = label_or_name(t_);
    flow_.bearer = Reading::text_at(t_, "bearer");
    flow_.note = Reading::text_at(t_, "note");
    flow_.lasts = Reading::text_at(t_, "lasts");
    flow_.bias_in_law = Reading::text_at(t_, "bias_in_law");
    const std::string kind = Reading::text_at(t_, "kind"), is = Reading::text_at(t_, "is");
    flow_.kind = kind == "cashable" ? Flow::Kind::cashable
                 : kind == "fiscal" ? Flow::Kind::fiscal
                 : kind == "social" ? Flow::Kind::social
                                    : Flow::Kind::economic;
    flow_.role = is == "programme cost" ? Flow::Role::programme_cost
                 : is == "benefit"      ? Flow::Role::benefit
                                        : Flow::Role::cost;
  }

  // Every flow comes to £, once, or to £ a year.
  bool comes_to_money(const ReadFormula& quantity, const ReadFormula& each) {
    const Dimension product = quantity.dimension.times(each.dimension);
    const std::string left = product.beside_money();
    const SourceSpan where = t_.at("quantity")->where;
    const std::string why =
        fmt::format("{} x {} leaves '{}'", each.dimension.in_words(), quantity.dimension.in_words(), left);
    if (!left.empty() && product.money_power() == 0) {
      r_.problem(where, fmt::format("{} comes to {}, not money", shown_, product.in_words()),
                 "neither quantity nor each is in £", "add what one of it costs: each = \"...\", an input in £");
      return false;
    }
    if (!left.empty()) {
      r_.problem(where, fmt::format("{} comes to {}, not money", shown_, product.in_words()), why,
                 "count what the cost is of, or cost what is counted; an input may turn one into the other");
      return false;
    }
    flow_.yearly = product.year_power() == -1;
    if (flow_.yearly || (!quantity.by_year && !each.by_year)) return true;
    r_.problem(where, fmt::format("{} has a value a year, but comes to money once", shown_),
               "an outcome by year is counted per year", "multiply it by what one of it costs");
    return false;
  }

  bool years() {
    const std::pair<int, int> otherwise{0, flow_.yearly ? a_.appraisal.years - 1 : 0};
    const auto years = a_.years_at(t_, otherwise);
    if (!years) return false;
    flow_.first = years->first;
    flow_.last = years->second;
    if (flow_.yearly || flow_.first == flow_.last) return true;
    r_.problem(t_.at("years")->where,
               fmt::format("{} comes to money once, in {} years", shown_, flow_.last - flow_.first + 1),
               "it isn't per year", fmt::format("write years = {}, or make its quantity per year", flow_.first + 1));
    return false;
  }

  bool fading() {
    flow_.fades = flag_at(t_, "fades");
    if (flow_.fades && !flow_.lasts.empty()) {
      r_.problem(t_.find("lasts")->where, fmt::format("{} fades and lasts", shown_), "", "keep one",
                 {{t_.find("fades")->where, "it fades here"}});
      return false;
    }
    if (flow_.fades && flow_.role == Flow::Role::programme_cost) {
      r_.problem(t_.find("fades")->where, fmt::format("{} is a programme cost, and fades", shown_),
                 "what a programme costs is paid, whatever becomes of its effect", "take `fades` out");
      return false;
    }
    if (!flow_.fades || !a_.appraisal.fades.empty() || a_.r.root.find("fade")) return true;
    r_.problem(t_.find("fades")->where, fmt::format("{} fades, and no form of fading is given", shown_), "",
               "add a table [[fade]]");
    return false;
  }

  bool bias() {
    const Member* bias = t_.find("optimism_bias");
    const Member* in_law = t_.find("bias_in_law");
    const Member* either = bias ? bias : in_law;
    if (!either) return true;
    if (flow_.role != Flow::Role::programme_cost) {
      r_.problem(either->where, fmt::format("'{}' is for programme costs", either->name),
                 "optimism bias raises what a programme is said to cost", "take it out");
      return false;
    }
    if (bias && in_law) {
      r_.problem(in_law->where, fmt::format("{} has optimism bias twice", shown_), "it raises the mean of a cost once",
                 "keep one", {{bias->where, "the other is here"}});
      return false;
    }
    if (in_law) return true;
    const auto share = a_.formula_of(t_, "optimism_bias", {}, "a share", true);
    if (!share) return false;
    flow_.optimism_bias = share->formula;
    return true;
  }

  // What can be cashed is given up in whole steps of the quantity.
  bool step(const Dimension& quantity) {
    const Node* node = t_.at("step");
    const bool saving = flow_.kind == Flow::Kind::cashable && flow_.role != Flow::Role::programme_cost;
    if (!node) {
      if (!saving) return true;
      r_.problem(t_.where, fmt::format("{} is a cashable saving without a step", shown_),
                 "money is saved when a whole post or place is given up, not by the hour",
                 "add step = \"1 post\", the least of the quantity that can be given up; or write kind = \"fiscal\"");
      return false;
    }
    if (!saving) {
      r_.problem(t_.find("step")->where, fmt::format("{} has a step, and is no cashable saving", shown_),
                 "only what can be cashed goes in steps", "take it out, or write kind = \"cashable\"");
      return false;
    }
    const auto size = a_.formula_or_figure_at(t_, "step");
    if (!size) return false;
    const bool is_number = size->formula.steps.size() == 1;
    const bool fits =
        size->dimension == quantity || (flow_.yearly && size->dimension.times(Dimension::years(-1)) == quantity);
    if (!is_number || !(size->formula.steps.front().number > 0)) {
      r_.problem(node->where, fmt::format("the step '{}' is not one figure above 0", as_written(*node)), "",
                 "write it like \"1 post\"");
      return false;
    }
    if (!fits) {
      r_.problem(
          node->where,
          fmt::format("the step is in {}, and the quantity in {}", size->dimension.in_words(), quantity.in_words()),
          "whole steps of the quantity are cashed",
          "write the step in the quantity's unit, or the quantity in the step's");
      return false;
    }
    flow_.step = size->formula.steps.front().number;
    flow_.step_in_words = as_written(*node);
    for (const auto& [noun, power] : size->dimension.powers())
      if (noun != Dimension::year && power > 0) step_noun_ = noun;
    return true;
  }

  AppraisalReading& a_;
  Reading& r_;
  const Node& t_;
  const std::string shown_;
  Flow flow_;
  std::string step_noun_;
};

// --- effects ---

// What is counted of it, and a factor where time is counted in days.
struct EffectUnit {
  std::string noun;
  double factor = 1;
  bool yearly = false;
};

std::optional<EffectUnit> effect_unit(const AppraisalReading& reading, const ReadFormula& of) {
  constexpr double days_in_a_year = 365;
  EffectUnit unit;
  const bool days = std::any_of(of.outcomes.begin(), of.outcomes.end(),
                                [&](std::size_t outcome) { return reading.appraisal.outcomes[outcome].unit == "day"; });
  const auto& powers = of.dimension.powers();
  const int years = of.dimension.year_power();
  for (const auto& [noun, power] : powers)
    if (noun != Dimension::year) {
      if (power != 1 || !unit.noun.empty()) return std::nullopt;
      unit.noun = singular(noun);
    }
  if (!unit.noun.empty()) {
    unit.yearly = years == -1;
    if (years != 0 && years != -1) return std::nullopt;
    return unit;
  }
  if (years != 1 && !(years == 0 && of.by_year)) return std::nullopt;  // time: of an outcome by year, time a year
  unit.yearly = of.by_year;
  unit.noun = days ? "day" : "year";
  if (days) unit.factor = days_in_a_year;
  return unit;
}

void read_effect(AppraisalReading& reading, const Node& table, const std::string& shown) {
  Reading& r = reading.r;
  if (is_named_before(r, reading.appraisal.effects, table, "effects")) return;
  const auto of = reading.formula_at(table, "of");
  const auto worth = worth_at(reading, table);
  if (!of || !worth) return;
  const auto unit = effect_unit(reading, *of);
  if (!unit)
    return r.problem(table.at("of")->where, fmt::format("{} comes to {}", shown, of->dimension.in_words()),
                     "an effect is a number of one thing, once or a year",
                     "multiply or divide until one thing is left");
  Effect effect;
  effect.name = Reading::text_at(table, "name");
  effect.label = label_or_name(table);
  effect.unit = unit->noun;
  effect.lower_is_better = Reading::text_at(table, "better") != "higher";
  effect.quantity = of->formula;
  if (unit->factor != 1) {
    effect.quantity.steps.push_back({Formula::Operation::number, unit->factor, 0});
    effect.quantity.steps.push_back({Formula::Operation::multiply, 0, 0});
  }
  effect.yearly = unit->yearly;
  effect.worth = *worth;
  effect.fades = flag_at(table, "fades");
  effect.lasts = Reading::text_at(table, "lasts");
  const auto years = reading.years_at(table, {0, effect.yearly ? reading.appraisal.years - 1 : 0});
  if (!years) return;
  effect.first = years->first;
  effect.last = years->second;
  if (!effect.yearly && effect.first != effect.last)
    return r.problem(table.at("years")->where, fmt::format("{} is counted once, in several years", shown),
                     "it isn't per year", "make it per year, or name one year");
  if (effect.fades && !effect.lasts.empty())
    return r.problem(table.find("lasts")->where, fmt::format("{} fades and lasts", shown), "", "keep one");
  if (effect.fades && reading.appraisal.fades.empty() && !r.root.find("fade"))
    return r.problem(table.find("fades")->where, fmt::format("{} fades, and no form of fading is given", shown), "",
                     "add a table [[fade]]");
  reading.appraisal.effects.push_back(std::move(effect));
}

}  // namespace

std::optional<std::vector<double>> worth_at(AppraisalReading& reading, const Node& table) {
  constexpr int points_of_a_range = 41;
  const Node& node = *table.at("worth");
  std::vector<const Node*> given;
  for (const Node& item : node.items) given.push_back(&item);
  if (node.kind != Node::Kind::list) given.push_back(&node);
  std::vector<double> worth;
  for (const Node* each : given) {
    const auto read = read_quantity(as_written(*each), Unit::parse("£"));
    const auto* money = std::get_if<Quantity>(&read);
    const bool range = money && money->is_range() && given.size() == 1;
    if (!money || money->low < 0 || !std::isfinite(money->high) || (money->is_range() && !range)) {
      reading.r.problem(each->where, fmt::format("'{}' is not what one of it may be worth", as_written(*each)), "",
                        "write \"£0 to £40,000\", or a list of amounts");
      return std::nullopt;
    }
    for (int point = 0; range && point < points_of_a_range; ++point)
      worth.push_back(money->low + (money->high - money->low) * point / (points_of_a_range - 1));
    if (!range) worth.push_back(money->low);
  }
  for (std::size_t i = 1; i < worth.size(); ++i)
    if (!(worth[i - 1] < worth[i])) {
      reading.r.problem(node.where, "these amounts don't rise", "a curve is drawn through them",
                        "list them from least to most, each once");
      return std::nullopt;
    }
  return worth;
}

void read_fades(AppraisalReading& reading) {
  const Section& keys = section("fade");
  reading.r.each_table(keys, [&](const Node& table, const std::string& shown) { read_fade(reading, table, shown); });
  if (const auto tables = reading.r.tables_of(keys); !tables.empty()) check_weights(reading, tables.front()->where);
}

void read_flows(AppraisalReading& reading, std::vector<FlowReading>& flows) {
  reading.r.each_table(section("flow", For::projection), [&](const Node& table, const std::string& shown) {
    FlowReader(reading, table, shown).read(flows);
  });
}

void read_effects(AppraisalReading& reading) {
  reading.r.each_table(section("effect"),
                       [&](const Node& table, const std::string& shown) { read_effect(reading, table, shown); });
}

}  // namespace desist
