// What a projection is asked: how outcomes are shown, benchmarks, needs and claims.
#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

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
      if (reading.model->outcomes[static_cast<std::size_t>(at - names.begin())].kind != OutcomeField::Kind::chance)
        reading.problem(each.where, fmt::format("'{}' is no chance", each.name), "an answer says how sure it is",
                        "write line = \"people\" or \"price\", or name an outcome that is yes or no");
    } else if (line == "people") {
      text.line = OutcomeText::Line::people;
    } else if (line == "price") {
      text.line = OutcomeText::Line::price;
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

// "hearings a week": the field, and what one level of it is in the field's unit.
struct Level {
  std::size_t field = 0;
  double per_unit = 1;
};

std::optional<Level> read_level(const Reading& reading, const Node& node) {
  const ModelRecord& model = *reading.model;
  std::vector<std::string> words;
  for (const std::string& word : split(trimmed(node.text), ' '))
    if (!word.empty()) words.push_back(word);
  std::optional<std::string> time;
  bool percent = false;
  const auto pair = [&](std::string_view first) { return words.size() >= 3 && words[words.size() - 2] == first; };
  if (pair("a") || pair("per")) {
    time = words.back();
    words.resize(words.size() - 2);
  } else if (pair("in") && words.back() == "100") {
    percent = true;
    words.resize(words.size() - 2);
  }
  const std::string name = with_underscores(fmt::format("{}", fmt::join(words, " ")));
  std::vector<std::string> known;
  for (const ParameterField& field : model.parameters)
    if (field.kind == ParameterField::Kind::number) known.push_back(field.name);
  if (std::find(known.begin(), known.end(), name) == known.end()) {
    reading.problem(node.where, fmt::format("'{}' is no number that model '{}' takes", name, model.info.name),
                    "a need looks for the smallest level of one", spelling_cure(name, known, "it takes"));
    return std::nullopt;
  }
  const auto at = std::find_if(model.parameters.begin(), model.parameters.end(),
                               [&](const ParameterField& f) { return f.name == name; });
  Level level{static_cast<std::size_t>(at - model.parameters.begin()), 1};
  const bool rate = at->unit.time_power < 0;
  const bool share = at->unit.thing == "share" && !rate;
  const std::string example = rate ? name + " a week" : share ? name + " in 100" : name;
  if (rate != time.has_value() || share != percent) {
    reading.problem(node.where, fmt::format("'{}' doesn't say what one step is", node.text),
                    fmt::format("'{}' is measured in {}", name, at->unit.in_words(2)),
                    fmt::format("write \"{}\"", example));
    return std::nullopt;
  }
  if (share) level.per_unit = 0.01;
  if (rate) {
    const auto hours = hours_in(*time);
    if (!hours) {
      reading.problem(node.where, fmt::format("'{}' is not a unit of time", *time), "",
                      fmt::format("write \"{}\"", example));
      return std::nullopt;
    }
    level.per_unit = *hours_in(at->unit.time) / *hours;
  }
  return level;
}

double middle(const Law& law) {
  if (const auto* fixed = std::get_if<FixedLaw>(&law)) return fixed->value;
  if (const auto* uniform = std::get_if<UniformLaw>(&law)) return (uniform->low + uniform->high) / 2;
  if (const auto* peak = std::get_if<TriangularLaw>(&law)) return (peak->low + peak->likely + peak->high) / 3;
  if (const auto* count = std::get_if<CountLaw>(&law))
    return (static_cast<double>(count->count) + 0.5) / (static_cast<double>(count->of) + 1);
  return 0.5;
}

// "clear by 2024-03-31, with a chance of 90%"
std::optional<std::pair<NamedOutcome, double>> read_target(const Reading& reading, const ExperimentSpec& spec,
                                                           const Node& node) {
  const std::string marker = "with a chance of";
  const std::size_t at = node.text.find(marker);
  const std::string cure = "write it like \"clear by 2024-03-31, with a chance of 90%\"";
  if (at == std::string::npos) {
    reading.problem(node.where, fmt::format("'{}' doesn't say how sure", node.text), "", cure);
    return std::nullopt;
  }
  std::string name = trimmed(node.text.substr(0, at));
  if (name.ends_with(',')) name.pop_back();
  Node chance = node;
  chance.kind = Node::Kind::text;
  chance.text = trimmed(node.text.substr(at + marker.size()));
  const auto outcome = read_outcome_name(reading, spec, name, node.where);
  const auto level = reading.chance_of(chance);
  if (!outcome || !level) return std::nullopt;
  for (const OutcomeField& field : reading.model->outcomes)
    if (field.name == outcome->outcome && field.kind != OutcomeField::Kind::chance) {
      reading.problem(node.where, fmt::format("'{}' is no chance", outcome->outcome),
                      "it can't be met with a chance of its own", "name an outcome that is yes or no");
      return std::nullopt;
    }
  return std::pair(*outcome, *level);
}

void needs(Reading& reading, ExperimentSpec& spec) {
  const Section& keys = section("need");
  const auto tables = reading.tables_of(keys);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const Node& table = *tables[i];
    if (!reading.check(table, keys, shown_item(keys, table, i))) continue;
    const auto level = read_level(reading, *table.at("find"));
    const auto target = read_target(reading, spec, *table.at("so_that"));
    const auto arms = arms_at(reading, spec, table, "in");
    Need need;
    need.label = Reading::text_at(table, "label");
    if (need.label.empty()) need.label = Reading::text_at(table, "find");
    if (const Node* from = table.at("from")) {
      const auto date = reading.date_inside(*from);
      if (date) need.from_week = static_cast<double>(date->days - reading.starts.days) / days_per_week;
    }
    if (const Node* within = table.at("within")) {
      if (const auto width = reading.chance_of(*within)) need.within = *width;
    }
    if (!level || !target || spec.arms.empty()) continue;
    const ParameterField& field = reading.model->parameters[level->field];
    if (need.from_week > 0 && !field.varies.in_time) {
      reading.problem(table.at("from")->where, fmt::format("'{}' can't change in time", field.name),
                      "the model takes one value of it", "take `from` out");
      continue;
    }
    if (!field.varies.in_time)
      need.from_week = -std::numeric_limits<double>::infinity();  // at all times, or not at all
    need.field = level->field;
    need.per_unit = level->per_unit;
    need.outcome = target->first.slot;
    need.chance = target->second;
    need.arms = arms;
    const FieldLayout& today = spec.arms.front().layout.fields[level->field];
    if (!today.pieces.empty()) need.present = middle(spec.parameters[today.pieces.front().slot].law) / level->per_unit;
    need.most = std::isinf(field.range.high) ? std::ceil(1000 * std::max(1.0, need.present))
                                             : std::floor(field.range.high / level->per_unit);
    spec.needs.push_back(need);
    std::string words = Reading::text_at(table, "so_that");
    const std::string& item = target->first.item;
    if (const auto date = Date::read(item))
      words = fmt::format("{} by {}, with a chance of {}%", target->first.outcome, date->in_words(),
                          shortest(std::round(target->second * 1e8) / 1e6));
    spec.text.need_texts.push_back(words);
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
  needs(reading, spec);
  best(reading, spec);
  claims(reading, spec);
}

}  // namespace desist
