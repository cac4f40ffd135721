#include <algorithm>
#include <cmath>
#include <variant>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/appraisal_reading.hpp"
#include "engine/program/projection_reading.hpp"

namespace desist {
namespace {

using FieldKind = ParameterField::Kind;

const ModelRecord& no_model() {
  static const ModelRecord none;
  return none;
}

bool goes_back(const Setting& before, const Setting& after) {
  const Piece &one = before.layout.pieces.front(), &next = after.layout.pieces.front();
  return one.items == next.items && next.from_week <= one.from_week;
}

// Whole people are simulated: 2.5 of them would be 3 without a word. What each stands for, 1 where it is left out, may
// have a fraction, and a draw from a range is rounded.
bool is_part_of_a_person(const ParameterField& field, const MeasuredFigure& measured) {
  if (field.unit.thing != "person" || field.off == 1 || !std::holds_alternative<FixedLaw>(measured.law)) return false;
  return measured.quantity.low != std::floor(measured.quantity.low);
}

}  // namespace

FieldReader::FieldReader(Reading& reading, ExperimentSpec& experiment)
    : r(reading), spec(experiment), model(reading.model ? *reading.model : no_model()) {
  base.fields.resize(model.parameters.size());
}

std::vector<std::string> FieldReader::parameter_names() const {
  std::vector<std::string> names;
  for (const ParameterField& field : model.parameters) names.push_back(field.name);
  return names;
}

std::optional<std::size_t> FieldReader::field_named(std::string_view name) const {
  for (std::size_t i = 0; i < model.parameters.size(); ++i)
    if (model.parameters[i].name == name) return i;
  return std::nullopt;
}

const std::string& FieldReader::name_of(std::size_t field) const {
  const std::size_t fields = model.parameters.size();
  return field < fields ? model.parameters[field].name : r.inputs->all()[field - fields].name;
}

void FieldReader::add_parameter(std::size_t field, Parameter parameter, double from_week,
                                std::vector<std::size_t> items) {
  base.fields[field].pieces.push_back({from_week, std::move(items), spec.parameters.size()});
  spec.parameters.push_back(std::move(parameter));
}

// The figures below a table, by field; nested parts ("service.slots") are tables in tables.
void FieldReader::collect(const Node& table, const std::string& prefix, const std::string& shown, Inputs inputs,
                          std::vector<std::pair<std::size_t, const Member*>>& given) const {
  std::vector<std::string> known;
  for (const ParameterField& field : model.parameters)
    if (field.name.starts_with(prefix)) {
      const std::string rest = field.name.substr(prefix.size());
      const std::string first = rest.substr(0, rest.find('.'));
      if (std::find(known.begin(), known.end(), first) == known.end()) known.push_back(first);
    }
  const bool may_be_input = inputs == Inputs::known && prefix.empty() && r.inputs;
  if (may_be_input)
    for (const std::string& name : r.inputs->names()) known.push_back(name);
  const Node* inputs_table = may_be_input ? r.root.at("inputs") : nullptr;
  for (const Member& member : table.members) {
    if (const auto input = may_be_input ? r.inputs->named(member.name) : std::nullopt)
      given.emplace_back(model.parameters.size() + *input, &member);
    else if (const auto field = field_named(prefix + member.name))
      given.emplace_back(*field, &member);
    else if (const auto dotted = field_named(member.name); dotted && prefix.empty())
      given.emplace_back(*dotted, &member);
    else if (std::find(known.begin(), known.end(), member.name) != known.end() &&
             member.value.kind == Node::Kind::table)
      collect(member.value, prefix + member.name + ".",
              fmt::format("{}.{}]", shown.substr(0, shown.size() - 1), member.name), inputs, given);
    else if (!inputs_table || !inputs_table->find(member.name))  // one of [inputs] that is wrong has been reported
      unknown_parameter(member, table, shown, known);
  }
}

void FieldReader::unknown_parameter(const Member& member, const Node& table, const std::string& shown,
                                    const std::vector<std::string>& known) const {
  const auto near = did_you_mean(member.name, known);
  const bool figure = member.value.kind == Node::Kind::table;
  if (near || (figure && !std::any_of(sections().begin(), sections().end(),
                                      [&](const Section& s) { return s.name == member.name; })))
    return r.model ? r.problem(member.where, fmt::format("unknown parameter '{}' in {}", member.name, shown),
                               fmt::format("model '{}' doesn't have it", model.info.name),
                               spelling_cure(member.name, known, "its parameters are"))
                   : r.problem(member.where, fmt::format("unknown input '{}' in {}", member.name, shown),
                               "[inputs] doesn't have it", spelling_cure(member.name, known, "it has"));
  r.unknown_key(member, table, shown, known);
}

std::vector<Setting> FieldReader::settings_of(std::size_t index, const Member& member, const std::string& name,
                                              const std::string& shown) {
  std::vector<Setting> settings;
  const bool several =
      member.value.kind == Node::Kind::list && model.parameters[index].kind == ParameterField::Kind::number;
  if (!several) {
    Setting setting;
    if (read_setting(index, member, name, shown, setting)) settings.push_back(std::move(setting));
    return settings;
  }
  if (member.value.items.empty())
    r.problem(member.where, fmt::format("'{}' is an empty list", member.name), "", "give a figure");
  for (std::size_t i = 0; i < member.value.items.size(); ++i) {
    const Member one{member.name, i == 0 ? member.where : member.value.items[i].where, member.value.items[i]};
    Setting setting;
    if (!read_setting(index, one, i == 0 ? name : fmt::format("{}.{}", name, i + 1), shown, setting)) continue;
    if (!settings.empty() && goes_back(settings.back(), setting))
      r.problem(setting.at, fmt::format("'{}' goes back in time", member.name),
                "each figure of a list holds from its date on, over those before it", "list them by date");
    settings.push_back(std::move(setting));
  }
  return settings;
}

// One figure for one field: a new slot for a number, a layout for a structure.
bool FieldReader::read_setting(std::size_t index, const Member& member, const std::string& name,
                               const std::string& shown, Setting& setting) {
  const ParameterField& field = model.parameters[index];
  auto figure = read_figure(r, member, name, shown, figure_keys());
  if (!figure) return false;
  if (figure->source.label.empty()) figure->source.label = field.help;
  setting.field = index;
  setting.at = member.where;
  if (field.kind != FieldKind::number) return read_structure(field, *figure, setting);
  const auto measured = measure(r, *figure, field.unit, field.range);
  Piece piece{from_ever, {}, spec.parameters.size()};
  bool sound = measured.has_value();
  if (measured && is_part_of_a_person(field, *measured)) {
    r.problem(figure->value->where, fmt::format("'{}' can't be {}", figure->name, as_written(*figure->value)),
              "it counts people, and they are simulated whole",
              fmt::format("write {} or {}", shown_value(std::floor(measured->quantity.low), field.unit),
                          shown_value(std::ceil(measured->quantity.low), field.unit)));
    sound = false;
  }
  if (figure->from) {
    const auto date = r.date_inside(*figure->from);
    if (!field.varies.in_time) {
      r.problem(figure->from->where, fmt::format("'{}' can't change in time", field.name),
                "the model takes one value of it", "take `from` out");
      sound = false;
    } else if (date) {
      piece.from_week = static_cast<double>(date->days - r.starts.days) / days_per_week;
    } else {
      sound = false;
    }
  }
  if (figure->where) {
    const auto items = items_of(field, *figure->where);
    sound = sound && items.has_value();
    if (items) piece.items = *items;
  }
  if (!sound) return false;
  spec.parameters.push_back({name, figure->source.label, field.unit.text(), measured->law});
  setting.layout.pieces = {piece};
  setting.in_words = fmt::format("{} {}{}{}", field.name, measured->quantity.printed,
                                 figure->where ? fmt::format(" in {}", as_written(*figure->where)) : "",
                                 figure->from ? fmt::format(" from {}", r.date_of(*figure->from)->in_words()) : "");
  note_source(r, *figure, measured->quantity.printed, measured->spread);
  return true;
}

std::optional<std::vector<std::size_t>> FieldReader::items_of(const ParameterField& field, const Node& where) const {
  const auto list = field.varies.by_item.empty() ? std::nullopt : field_named(field.varies.by_item);
  return named_items(r, field, list ? base.fields[*list].items : std::vector<std::string>{}, where);
}

bool FieldReader::read_structure(const ParameterField& field, const SourcedFigure& figure, Setting& setting) {
  for (const auto& [node, key] :
       {std::pair(figure.from, "from"), std::pair(figure.where, "where"), std::pair(figure.range, "range"),
        std::pair(figure.limits, "limits"), std::pair(figure.error, "error")}) {
    if (!node) continue;
    r.problem(node->where, fmt::format("'{}' takes no {}", field.name, key), "it is structure: one value, never drawn",
              "take the line out");
    return false;
  }
  const Node& value = *figure.value;
  if (!read_structure_value(r, field, figure, setting.layout)) return false;
  setting.in_words = fmt::format("{} {}", field.name, as_written(value));
  note_source(r, figure, as_written(value),
              figure.source.kind == FigureSource::Kind::choice ? "as chosen" : "taken as printed");
  return true;
}

}  // namespace desist
