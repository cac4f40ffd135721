#include "engine/program/appraisal_reading.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"

namespace desist {
namespace {

constexpr std::string_view list_of_years = "years";

// The items of a list by which a model measures, as outcome_slots names them.
std::vector<std::string> items_of(const ModelRecord& model, const ArmLayout& layout, const std::string& list) {
  for (std::size_t p = 0; p < model.parameters.size(); ++p) {
    if (model.parameters[p].name != list) continue;
    const FieldLayout& field = layout.fields[p];
    if (model.parameters[p].kind == ParameterField::Kind::items) return field.items;
    std::vector<std::string> items;
    for (const Date& date : field.dates) items.push_back(date.iso());
    for (std::size_t i = 0; i < field.shares.size(); ++i) items.push_back(std::to_string(i + 1));
    return items;
  }
  return {};
}

bool is_years(const std::string& list) { return list == list_of_years || list.ends_with(".years"); }

std::string without_blanks_at_commas(std::string_view item) {
  std::vector<std::string> parts;
  for (const std::string& part : split(item, ',')) parts.push_back(trimmed(part));
  return fmt::format("{}", fmt::join(parts, ", "));
}

bool begins_like_a_figure(const std::string& text) {
  return !text.empty() && (text.starts_with("£") || text.find_first_of("0123456789.-") == 0);
}

// Whether it is a figure and no formula: a number, then words with no sign of arithmetic among them. "1 - reach" and
// "1 / reach" are formulas, "£200 - £320" and "£439/week" are figures.
bool is_figure(const Node& node) {
  if (node.kind == Node::Kind::number) return true;
  const std::string text = trimmed(node.text);
  if (!begins_like_a_figure(text) || text.find_first_of("*()+[") != std::string::npos ||
      text.find(" / ") != std::string::npos)
    return false;
  const std::size_t minus = text.find(" - ");
  if (minus != std::string::npos && !begins_like_a_figure(text.substr(minus + 3))) return false;
  return std::holds_alternative<InputUnit>(read_input_unit(text));
}

/// "write it like "2 years", or name an input that is a length of time".
std::string cure_of_dimension(const Dimension& wanted, std::string_view in_words, bool figures) {
  const std::string_view example = wanted.empty() ? "30%" : wanted == Dimension::years(1) ? "2 years" : "";
  const std::string named = fmt::format("name an input that is {}", in_words);
  if (!figures) return named;
  return example.empty() ? fmt::format("give a figure, or {}", named)
                         : fmt::format("write it like \"{}\", or {}", example, named);
}

}  // namespace

ReadFormula fixed_formula(double value, const Dimension& dimension, const std::string& written) {
  ReadFormula fixed;
  fixed.formula.steps.push_back({Formula::Operation::number, value, 0});
  fixed.formula.written = written;
  fixed.dimension = dimension;
  return fixed;
}

std::variant<FormulaTerm, ExpressionProblem> AppraisalReading::term_of(std::string_view name,
                                                                       std::optional<std::string_view> item) {
  if (const auto input = inputs.named(name)) {
    if (item)
      return ExpressionProblem{0, 1, fmt::format("input '{}' has no items", name), "it is one figure",
                               fmt::format("write {}", name)};
    return FormulaTerm{{Formula::Operation::input, 0, *input}, inputs.all()[*input].dimension, false};
  }
  std::vector<std::string> known = inputs.names();
  if (r.model)
    for (std::size_t field = 0; field < r.model->outcomes.size(); ++field) {
      if (r.model->outcomes[field].name == name) return outcome_of(field, item);
      known.push_back(r.model->outcomes[field].name);
    }
  const Node* given = r.root.at("inputs");
  if (given && given->find(name)) return ExpressionProblem{};  // what is wrong with it has been said
  const bool of_model = r.model && std::any_of(r.model->parameters.begin(), r.model->parameters.end(),
                                               [&](const ParameterField& field) { return field.name == name; });
  if (of_model)
    return ExpressionProblem{0, 1, fmt::format("'{}' is a parameter of the model", name),
                             "formulas are over inputs and outcomes",
                             "give the figure as an input too, or name an outcome"};
  return ExpressionProblem{0, 1, fmt::format("nothing is called '{}'", name),
                           r.model ? "it is no input and no outcome of the model" : "[inputs] doesn't have it",
                           spelling_cure(name, known, "there are")};
}

std::variant<FormulaTerm, ExpressionProblem> AppraisalReading::outcome_of(std::size_t index,
                                                                          std::optional<std::string_view> item) {
  const OutcomeField& field = r.model->outcomes[index];
  const auto wrong = [&](std::string problem, std::string why, std::string cure) {
    return ExpressionProblem{0, 1, std::move(problem), std::move(why), std::move(cure)};
  };
  if (field.kind == OutcomeField::Kind::time_until)
    return wrong(fmt::format("'{}' has no mean", field.name), "it may never happen in the window",
                 "name a chance or an amount");
  if (field.may_be_missing)
    return wrong(fmt::format("'{}' may have no value", field.name), "in some futures there is nothing to measure",
                 "name a count");
  if (spec.arms.empty()) return ExpressionProblem{};  // what is wrong with the arms has been said
  const ArmLayout& layout = spec.arms.front().layout;
  const std::vector<std::string> lists = lists_of(field.by_item);
  const bool by_year = std::any_of(lists.begin(), lists.end(), is_years);
  const std::string wanted = item ? without_blanks_at_commas(*item) : "";
  // Slots stand in the order of the lists' items, the last list varying first.
  std::vector<std::vector<std::string>> items;
  for (const std::string& list : lists) items.push_back(items_of(*r.model, layout, list));
  const auto slots = outcome_slots(*r.model, layout);
  const auto begin = std::find_if(slots.begin(), slots.end(), [&](const OutcomeSlot& s) { return s.field == index; });
  const auto count =
      std::count_if(slots.begin(), slots.end(), [&](const OutcomeSlot& each) { return each.field == index; });
  std::vector<std::size_t> found;
  std::vector<std::string> known;
  for (std::ptrdiff_t k = 0; k < count; ++k) {
    std::vector<std::string> rest;
    std::size_t left = static_cast<std::size_t>(k);
    for (std::size_t l = lists.size(); l-- > 0;) {
      const std::size_t size = std::max<std::size_t>(1, items[l].size());
      if (!is_years(lists[l])) rest.insert(rest.begin(), items[l].empty() ? "" : items[l][left % size]);
      left /= size;
    }
    const std::string named = fmt::format("{}", fmt::join(rest, ", "));
    if (named == wanted) found.push_back(static_cast<std::size_t>(begin - slots.begin() + k));
    if (std::find(known.begin(), known.end(), named) == known.end()) known.push_back(named);
  }
  if (count == 0)
    return wrong(fmt::format("'{}' measures nothing here", field.name),
                 fmt::format("the list '{}' has no items", field.by_item), "name them in [parameters]");
  if (found.empty() && !item)
    return wrong(fmt::format("'{}' is measured for each of '{}'", field.name, field.by_item), "which one is meant?",
                 fmt::format("write {}[{}]", field.name, known.front()));
  if (found.empty())
    return wrong(fmt::format("'{}' has no item '{}'", field.name, wanted), "",
                 lists.empty() || (by_year && lists.size() == 1) ? fmt::format("write {}", field.name)
                                                                 : spelling_cure(wanted, known, "it has"));
  if (by_year && static_cast<int>(found.size()) < appraisal.years)
    return wrong(fmt::format("'{}' has {} years, and the appraisal {}", field.name, found.size(), appraisal.years),
                 "a year without a figure is not a year without offences",
                 "simulate as many years and name them in [parameters], or shorten the horizon");
  if (by_year && static_cast<int>(found.size()) > appraisal.years)
    return wrong(fmt::format("'{}' has {} years, and the appraisal {}", field.name, found.size(), appraisal.years),
                 "what is paid in the years that are left out would count, and what happens in them would not",
                 fmt::format("write years = {} in [appraisal], or name fewer years in [parameters] and end with them",
                             found.size()));
  const DeclaredDimension declared = dimension_of(field.unit);
  const Dimension dimension = by_year ? declared.dimension.times(Dimension::years(-1)) : declared.dimension;
  for (std::size_t i = 0; i < appraisal.outcomes.size(); ++i)
    if (appraisal.outcomes[i].name == field.name && appraisal.outcomes[i].item == wanted)
      return FormulaTerm{{Formula::Operation::outcome, 0, i}, dimension, by_year};
  AppraisalOutcome outcome{field.name, wanted, field.name, field.unit.text(), by_year, found, declared.factor};
  std::replace(outcome.label.begin(), outcome.label.end(), '_', ' ');
  for (const OutcomeText& text : spec.text.outcome_texts)
    if (text.name == field.name && !text.label.empty()) outcome.label = text.label;
  appraisal.outcomes.push_back(std::move(outcome));
  return FormulaTerm{{Formula::Operation::outcome, 0, appraisal.outcomes.size() - 1}, dimension, by_year};
}

std::optional<ReadFormula> AppraisalReading::formula_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  if (!node) return std::nullopt;
  if (node->kind == Node::Kind::number && std::isfinite(node->number))
    return fixed_formula(node->number, {}, node->text);
  if (node->kind != Node::Kind::text) return std::nullopt;  // reported by check
  const FormulaNames names = [this](std::string_view name, std::optional<std::string_view> item) {
    return term_of(name, item);
  };
  auto read = read_formula(node->text, names);
  if (const auto* wrong = std::get_if<ExpressionProblem>(&read)) {
    if (!wrong->problem.empty())
      r.problem(place_in(*node, wrong->at, wrong->length), wrong->problem, wrong->why, wrong->cure);
    return std::nullopt;
  }
  auto& formula = std::get<ReadFormula>(read);
  for (const std::size_t input : formula.inputs) used[input] = true;
  for (const std::size_t input : formula.shares) {
    if (std::find(no_shares.begin(), no_shares.end(), input) != no_shares.end()) return std::nullopt;
    const AppraisalFigure& figure = inputs.all()[input];
    if (is_share(input, figure.at, fmt::format("'1 - {}' takes it for a share", figure.name))) continue;
    no_shares.push_back(input);
    return std::nullopt;
  }
  return std::move(formula);
}

std::optional<ReadFormula> AppraisalReading::formula_or_figure_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  if (!node || !is_figure(*node)) return formula_at(table, key);
  const auto unit = read_input_unit(as_written(*node));
  if (const auto* wrong = std::get_if<QuantityProblem>(&unit)) {
    r.problem(node->where, wrong->problem, "", wrong->cure);
    return std::nullopt;
  }
  const InputUnit& own = std::get<InputUnit>(unit);
  const auto value = read_quantity(own.text, own.unit);
  if (const auto* wrong = std::get_if<QuantityProblem>(&value)) {
    r.problem(node->where, wrong->problem, "", wrong->cure);
    return std::nullopt;
  }
  const Quantity& quantity = std::get<Quantity>(value);
  if (quantity.is_range() || !std::isfinite(quantity.low)) {
    r.problem(node->where, fmt::format("'{}' is not one figure", as_written(*node)), "",
              "write one, or make it an input with its range and source");
    return std::nullopt;
  }
  return fixed_formula(quantity.low * own.factor, own.dimension, as_written(*node));
}

std::optional<ReadFormula> AppraisalReading::formula_of(const Node& table, std::string_view key,
                                                        const Dimension& wanted, std::string_view in_words,
                                                        bool figures) {
  auto formula = figures ? formula_or_figure_at(table, key) : formula_at(table, key);
  if (!formula) return std::nullopt;
  const Formula::Step& only = formula->formula.steps.front();
  const bool is_figure_given = formula->formula.steps.size() == 1 && only.operation == Formula::Operation::number;
  if (wanted.empty() && in_words == "a share" && is_figure_given && only.number > 1 &&
      formula->formula.written.find('%') == std::string::npos) {
    r.problem(table.at(key)->where, fmt::format("'{}' can't be {}", key, formula->formula.written),
              fmt::format("that is {}%", shortest(100 * only.number)),
              fmt::format("write \"{}%\" if that is meant", formula->formula.written));
    return std::nullopt;
  }
  const bool is_input = formula->formula.steps.size() == 1 && only.operation == Formula::Operation::input;
  if (wanted.empty() && in_words == "a share" && is_input && inputs.all()[only.index].words != "share" &&
      ends_of(only.index).high > 1 && std::isfinite(ends_of(only.index).high)) {
    is_share(only.index, inputs.all()[only.index].at, fmt::format("'{}' takes it for a share", key));
    return std::nullopt;
  }
  if (formula->dimension == wanted && !formula->by_year) return formula;
  r.problem(table.at(key)->where, fmt::format("'{}' comes to {}, not {}", key, formula->dimension.in_words(), in_words),
            formula->by_year ? "it has a value a year, and one is wanted" : "",
            cure_of_dimension(wanted, in_words, figures));
  return std::nullopt;
}

std::optional<std::size_t> AppraisalReading::input_at(const Node& table, std::string_view key) {
  const Node* node = table.at(key);
  if (!node || node->kind != Node::Kind::text) return std::nullopt;
  const auto input = inputs.named(trimmed(node->text));
  const Node* given = r.root.at("inputs");
  if (!input && given && given->find(trimmed(node->text))) return std::nullopt;  // said already
  if (!input) {
    r.problem(node->where, fmt::format("no input is called '{}'", trimmed(node->text)), "",
              spelling_cure(trimmed(node->text), inputs.names(), "there are"));
    return std::nullopt;
  }
  used[*input] = true;
  return input;
}

std::optional<std::pair<int, int>> AppraisalReading::years_at(const Node& table, std::pair<int, int> otherwise) const {
  const Node* node = table.at("years");
  if (!node) return otherwise;
  std::vector<double> given;
  if (node->kind == Node::Kind::number) given.push_back(node->number);
  for (const Node& each : node->items)
    if (each.kind == Node::Kind::number) given.push_back(each.number);
  if (given.empty()) return std::nullopt;
  const bool sound =
      given.size() <= 2 &&
      std::all_of(given.begin(), given.end(),
                  [&](double year) { return year == std::floor(year) && year >= 1 && year <= appraisal.years; }) &&
      given.front() <= given.back();
  if (!sound) {
    r.problem(node->where, "these are no years of the appraisal", fmt::format("it has years 1 to {}", appraisal.years),
              fmt::format("write the first and the last: years = [1, {}]", appraisal.years));
    return std::nullopt;
  }
  return std::pair(static_cast<int>(given.front()) - 1, static_cast<int>(given.back()) - 1);
}

std::optional<std::size_t> AppraisalReading::arm_at(const Node& table, std::string_view key,
                                                    std::size_t otherwise) const {
  if (!table.find(key)) return otherwise;
  const auto arms = arms_at(r, spec, table, key);
  if (arms.size() == 1) return arms.front();
  if (arms.size() > 1) r.problem(table.at(key)->where, fmt::format("'{}' is of one arm", key), "", "name one");
  return std::nullopt;
}

std::optional<double> AppraisalReading::time_at(const Node& table, std::string_view key) const {
  const Node* node = table.at(key);
  if (!node) return std::nullopt;
  const auto read = read_quantity(as_written(*node), Unit::parse("year"));
  if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
    r.problem(node->where, wrong->problem, "", "write it like \"12 months\"");
    return std::nullopt;
  }
  const Quantity& time = std::get<Quantity>(read);
  if (time.is_range() || !std::isfinite(time.low)) {
    r.problem(node->where, fmt::format("'{}' is not one length of time", as_written(*node)), "",
              "write it like \"12 months\"");
    return std::nullopt;
  }
  return time.low;
}

Range AppraisalReading::ends_of(std::size_t input) const {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  Range all{infinite, -infinite};
  for (const std::size_t slot : inputs.slots(input, appraisal.arms)) {
    const Law& law = spec.parameters[slot].law;
    LawEnds its = desist::ends_of(law);
    if (const auto* estimate = std::get_if<EstimateLaw>(&law))  // what it is less often is nobody's figure
      its = {estimate->quantile(least_chance_outside), estimate->quantile(1 - least_chance_outside)};
    all = {std::min(all.low, its.low), std::max(all.high, its.high)};
  }
  return all;
}

bool AppraisalReading::is_share(std::size_t input, SourceSpan where, std::string_view why) const {
  const Range ends = ends_of(input);
  const bool outside = (std::isfinite(ends.low) && ends.low < 0) || (std::isfinite(ends.high) && ends.high > 1);
  if (!outside) return true;
  const AppraisalFigure& figure = inputs.all()[input];
  r.problem(where,
            fmt::format("'{}' can be {}", figure.name, fmt::format("{:.6g}", ends.high > 1 ? ends.high : ends.low)),
            std::string(why),
            fmt::format("a share lies between 0 and 1: write it like \"{}%\"",
                        ends.high > 1 && ends.high <= 100 ? shortest(ends.high) : "35"));
  return false;
}

bool AppraisalReading::differs(const std::vector<std::size_t>& inputs_used) const {
  return std::any_of(inputs_used.begin(), inputs_used.end(), [&](std::size_t input) {
    const auto slots = inputs.slots(input, spec.reported_arms);
    return std::any_of(slots.begin(), slots.end(), [&](std::size_t slot) { return slot != slots.front(); });
  });
}

}  // namespace desist
