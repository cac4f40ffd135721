// What a projection is asked: how outcomes are shown, benchmarks, the best arm and claims.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

std::string with_underscores(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '_');
  return text;
}

std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

std::vector<std::string> outcome_names(const ModelRecord& model) {
  std::vector<std::string> names;
  for (const OutcomeField& field : model.outcomes) names.push_back(field.name);
  return names;
}

void outcome_texts(Reading& reading, ExperimentSpec& spec) {
  const ModelRecord& model = *reading.model;
  const Member* member = reading.root.find("outcomes");
  if (!member) return;
  if (member->value.kind != Node::Kind::table)
    return reading.problem(member->where, "'outcomes' is not a table", "",
                           "write [outcomes], then lines such as: clear = { line = \"answer\" }");
  const auto names = outcome_names(model);
  for (const Member& each : member->value.members) {
    const auto at = std::find(names.begin(), names.end(), each.name);
    if (at == names.end()) {
      reading.unknown_key(each, member->value, "[outcomes]", names);
      continue;
    }
    if (each.value.kind != Node::Kind::table) {
      reading.problem(each.where, fmt::format("'{}' is {}, not a table", each.name, in_words(each.value.kind)), "",
                      fmt::format("write {} = {{ line = \"people\" }}", each.name));
      continue;
    }
    reading.check(each.value, section("outcomes"), fmt::format("[outcomes.{}]", each.name));
    OutcomeText text;
    text.name = each.name;
    text.label = Reading::text_at(each.value, "label");
    if (text.label.empty()) text.label = with_spaces(each.name);
    text.note = Reading::text_at(each.value, "note");
    const std::string line = Reading::text_at(each.value, "line");
    if (line == "answer") {
      text.line = OutcomeText::Line::answer;
    } else if (line == "people") {
      text.line = OutcomeText::Line::people;
    } else if (line == "price") {
      text.line = OutcomeText::Line::price;
    } else if (line == "reading") {
      text.line = OutcomeText::Line::reading;
    }
    spec.text.outcome_texts.push_back(std::move(text));
  }
}

void benchmarks(Reading& reading, ExperimentSpec& spec) {
  const Member* member = reading.root.find("benchmarks");
  if (!member) return;
  if (member->value.kind != Node::Kind::table)
    return reading.problem(
        member->where, "'benchmarks' is not a table", "",
        "write [benchmarks], then lines such as: yardstick = { label = \"...\", value = \"...\", evidence = \"...\" }");
  for (const Member& each : member->value.members) {
    if (reading.misplaced(each, member->value, "[benchmarks]")) continue;
    const std::string shown = fmt::format("[benchmarks.{}]", each.name);
    const auto figure = read_figure(reading, each, "benchmarks." + each.name, shown, section("benchmarks"));
    if (!figure) continue;
    // A line has the unit of something in the model: the first in which it can be read.
    const std::string text = as_written(*figure->value);
    std::vector<Unit> units;
    for (const ParameterField& field : reading.model->parameters) units.push_back(field.unit);
    for (const OutcomeField& field : reading.model->outcomes) units.push_back(field.unit);
    for (const SeriesField& field : reading.model->series) units.push_back(field.unit);
    const auto unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) {
      return std::holds_alternative<Quantity>(read_quantity(text, u));
    });
    if (unit == units.end()) {
      reading.problem(figure->value->where,
                      fmt::format("nothing in model '{}' is measured like '{}'", reading.model->info.name, text),
                      "a line needs an axis", "write it in a unit of the model's parameters or outcomes");
      continue;
    }
    const auto measured = measure(reading, *figure, *unit, {-1e300, 1e300});
    if (!measured) continue;
    spec.text.benchmarks.push_back(
        {each.name, figure->source.label, text, measured->quantity.low, unit->text(), figure->source.evidence});
    note_source(reading, *figure, text, "a line to draw: nobody can choose it");
  }
}

void best(Reading& reading, ExperimentSpec& spec) {
  const Member* member = reading.root.find("best");
  if (!member) return;
  const Node& table = member->value;
  if (table.kind != Node::Kind::table)
    return reading.problem(member->where, "'best' is not a table", "",
                           "write [best], and below it: outcome = \"clear by 2024-03-31\"");
  if (!reading.check(table, section("best"), "[best]")) return;
  if (spec.reported_arms < 2)
    reading.problem(member->where, "[best] has nothing to compare", "there is one arm", "add an [[arm]]");
  const Node& within = *table.at("within");
  const auto outcome = read_outcome_name(reading, spec, Reading::text_at(table, "outcome"), table.at("outcome")->where);
  if (!outcome) return;
  const ModelRecord& model = *reading.model;
  const auto field = std::find_if(model.outcomes.begin(), model.outcomes.end(),
                                  [&](const OutcomeField& each) { return each.name == outcome->outcome; });
  if (field->kind == OutcomeField::Kind::time_until)
    return reading.problem(table.at("outcome")->where, fmt::format("'{}' has no mean", field->name),
                           "it may never happen in the window", "name a chance or an amount");
  if (field->better == Better::neither)
    return reading.problem(table.at("outcome")->where, fmt::format("'{}' is neither better high nor low", field->name),
                           fmt::format("model '{}' doesn't say which way is better", model.info.name),
                           "name an outcome that people want more or less of");
  Decision rule;
  rule.outcome = outcome->slot;
  rule.more_is_better = field->better == Better::higher;
  if (field->kind == OutcomeField::Kind::chance) {
    const auto width = reading.chance_of(within);
    if (!width) return;
    rule.within = *width;
  } else {
    const auto read = read_quantity(as_written(within), field->unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read))
      return reading.problem(within.where, wrong->problem, "the difference is in the outcome's unit",
                             fmt::format("write it like \"{}\"", shown_value(8, field->unit)));
    rule.within = std::get<Quantity>(read).low;
  }
  if (!(rule.within > 0))
    return reading.problem(within.where, "'within' is nothing", "equal arms would be simulated for ever",
                           "write the smallest difference that matters");
  const auto date = Date::read(outcome->item);
  spec.text.best = BestText{rule,
                            outcome->outcome,
                            outcome->item,
                            with_spaces(outcome->outcome) +
                                (outcome->item.empty() ? ""
                                 : date                ? " by "
                                                       : ", ") +
                                (date ? date->in_words() : outcome->item),
                            as_written(within),
                            field->kind == OutcomeField::Kind::chance ? "share" : field->unit.text()};
}

void claims(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("claim");
  const auto tables = reading.tables_of(keys);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const Node& table = *tables[i];
    if (reading.inputs && is_money_claim(Reading::text_at(table, "test"))) continue;  // the appraisal reads it
    if (!reading.check(table, keys, shown_item(keys, table, i))) continue;
    const auto outcome = read_outcome_name(reading, spec, Reading::text_at(table, "test"), table.at("test")->where);
    ProjectionClaim claim;
    claim.text = Reading::text_at(table, "text");
    claim.where = Reading::text_at(table, "where");
    const auto ids = reading.evidence_at(table);
    if (!ids.empty()) claim.evidence = ids.front();
    claim.reply = Reading::text_at(table, "reply");
    for (const std::size_t arm : arms_at(reading, spec, table, "arms")) claim.arms.push_back(spec.arms[arm].name);
    if (!outcome) continue;
    claim.outcome = outcome->outcome;
    claim.item = outcome->item;
    spec.text.claims.push_back(std::move(claim));
  }
}

}  // namespace

std::optional<NamedOutcome> read_outcome_name(const Reading& reading, const ExperimentSpec& spec, std::string_view text,
                                              SourceSpan where) {
  const ModelRecord& model = *reading.model;
  if (spec.arms.empty()) return std::nullopt;
  std::string name = trimmed(text), item;
  for (const std::string_view between : {" by ", " at ", " in "}) {
    const std::size_t at = name.find(between);
    if (at == std::string::npos) continue;
    item = trimmed(name.substr(at + between.size()));
    name = trimmed(name.substr(0, at));
    break;
  }
  const auto names = outcome_names(model);
  name = with_underscores(name);
  const auto field = std::find(names.begin(), names.end(), name);
  if (field == names.end()) {
    reading.problem(where, fmt::format("unknown outcome '{}'", name),
                    fmt::format("model '{}' doesn't measure it", model.info.name),
                    spelling_cure(name, names, "it measures"));
    return std::nullopt;
  }
  if (const auto date = Date::read(item)) item = date->iso();
  const auto slots = outcome_slots(model, spec.arms.front().layout);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < slots.size(); ++i) {
    if (slots[i].field != static_cast<std::size_t>(field - names.begin())) continue;
    if (slots[i].item == item) return NamedOutcome{i, name, item};
    items.push_back(slots[i].item);
  }
  if (items.empty()) return std::nullopt;  // its list has been complained of
  const std::string& list = model.outcomes[static_cast<std::size_t>(field - names.begin())].by_item;
  if (list.empty())
    reading.problem(where, fmt::format("'{}' has one value, not one by '{}'", name, item), "",
                    fmt::format("write \"{}\"", name));
  else if (item.empty())
    reading.problem(where, fmt::format("'{}' is measured for each of '{}'", name, list), "which one is meant?",
                    items.empty() ? "" : fmt::format("write \"{} by {}\"", name, items.front()));
  else
    reading.problem(where, fmt::format("'{}' is not measured by {}", name, item),
                    fmt::format("'{}' doesn't have it", list),
                    spelling_cure(item, items, fmt::format("'{}' has", list)));
  return std::nullopt;
}

std::vector<std::size_t> arms_at(const Reading& reading, const ExperimentSpec& spec, const Node& table,
                                 std::string_view key) {
  std::vector<std::size_t> arms;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < spec.reported_arms; ++i) names.push_back(spec.arms[i].name);
  const std::vector<std::string> wanted = Reading::texts_at(table, key);
  if (wanted.empty() || (wanted.size() == 1 && wanted[0] == "all")) {
    for (std::size_t i = 0; i < spec.reported_arms; ++i) arms.push_back(i);
    return arms;
  }
  for (const std::string& name : wanted) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end())
      reading.problem(table.at(key)->where, fmt::format("unknown arm '{}'", name), "",
                      spelling_cure(name, names, "the arms are"));
    else
      arms.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  return arms;
}

void read_questions(Reading& reading, ExperimentSpec& spec) {
  outcome_texts(reading, spec);
  benchmarks(reading, spec);
  read_needs(reading, spec);
  read_sweeps(reading, spec);
  read_decompositions(reading, spec);
  read_trials(reading, spec);
  read_calibration(reading, spec);
  read_placebos(reading, spec);
  best(reading, spec);
  claims(reading, spec);
}

}  // namespace desist
