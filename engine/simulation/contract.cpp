#include "engine/simulation/contract.hpp"

#include <algorithm>
#include <cmath>

#include "engine/core/limits.hpp"

namespace desist {
namespace contract {
namespace {

constexpr std::string_view between_lists = " x ";

std::string prefixed(const std::string& prefix, std::string_view name) {
  return name.empty() ? std::string() : prefix + std::string(name);
}

std::size_t length_of_list(const std::vector<ParameterField>& parameters, const ArmLayout& layout,
                           const std::string& list) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (parameters[i].name != list) continue;
    const FieldLayout& field = layout.fields.at(i);
    switch (parameters[i].kind) {
      case ParameterField::Kind::items:
        return field.items.size();
      case ParameterField::Kind::dates:
        return field.dates.size();
      case ParameterField::Kind::shares:
        return field.shares.size();
      default:
        break;
    }
  }
  throw std::logic_error("no list parameter is named '" + list + "'");
}

std::vector<std::string> items_of_list(const std::vector<ParameterField>& parameters, const ArmLayout& layout,
                                       const std::string& list) {
  std::vector<std::string> items;
  const std::size_t length = length_of_list(parameters, layout, list);
  for (std::size_t i = 0; i < length; ++i) items.push_back(std::to_string(i + 1));
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    if (parameters[p].name != list) continue;
    const FieldLayout& field = layout.fields[p];
    if (parameters[p].kind == ParameterField::Kind::items) items = field.items;
    if (parameters[p].kind == ParameterField::Kind::dates)
      std::transform(field.dates.begin(), field.dates.end(), items.begin(), [](Date date) { return date.iso(); });
  }
  return items;
}

// A later piece holds from its own week on, whatever earlier ones said of later weeks.
void override_from(std::vector<Steps::Step>& steps, double from, double value) {
  while (!steps.empty() && steps.back().from >= from) steps.pop_back();
  steps.push_back({from, value});
}

bool holds_always(const Piece& piece) { return piece.from_week == -infinity; }

}  // namespace

void ParameterCollector::add(ParameterField field) {
  for (const ParameterField& other : fields_)
    if (other.name == field.name) throw std::logic_error("'" + field.name + "' is declared twice");
  fields_.push_back(std::move(field));
}

void ParameterCollector::add_number(std::string_view name, bool in_time, bool by_item, const NumberOptions& options) {
  if (by_item == options.over.empty())
    throw std::logic_error("'" + std::string(name) + "': a ByItem member says .over which list, and no other does");
  ParameterField field;
  field.name = prefixed(prefix_, name);
  field.kind = ParameterField::Kind::number;
  field.unit = Unit::parse(std::string(options.unit));
  field.range = options.range;
  field.varies = {in_time, prefixed(prefix_, options.over)};
  field.off = options.off;
  field.help = options.help;
  add(std::move(field));
}

void ParameterCollector::add_choice(std::string_view name, std::initializer_list<std::string_view> words,
                                    const ChoiceOptions& options) {
  ParameterField field;
  field.name = prefixed(prefix_, name);
  field.kind = ParameterField::Kind::one_of;
  field.choices.assign(words.begin(), words.end());
  for (const std::string& word : field.choices)
    if (word.find('_') != std::string::npos)
      throw std::logic_error("'" + field.name + "': \"" + word + "\" is read by people: words are divided by spaces");
  if (options.off) field.off = *options.off;
  field.help = options.help;
  add(std::move(field));
}

void ParameterCollector::add_list(std::string_view name, ParameterField::Kind kind, const ListOptions& options) {
  ParameterField field;
  field.name = prefixed(prefix_, name);
  field.kind = kind;
  field.unit = Unit::parse(std::string(options.unit));
  if (options.may_be_absent) field.off = 0;
  field.help = options.help;
  add(std::move(field));
}

void ResultCollector::add_outcome(std::string_view name, bool by_item, const OutcomeOptions& options) {
  if (by_item == options.over.empty())
    throw std::logic_error("'" + std::string(name) + "': a vector outcome says .over which list, and no other does");
  std::string lists;
  for (const std::string& list : lists_of(std::string(options.over)))
    lists += (lists.empty() ? "" : std::string(between_lists)) + prefixed(prefix_, list);
  outcomes_.push_back({prefixed(prefix_, name), options.kind, Unit::parse(std::string(options.unit)), options.better,
                       lists, options.may_be_missing, std::string(options.help)});
}

void ResultCollector::add_series(std::string_view name, const SeriesOptions& options) {
  series_.push_back(
      {prefixed(prefix_, name), options.kind, Unit::parse(std::string(options.unit)), std::string(options.help)});
}

FieldValues::FieldValues(const std::vector<ParameterField>& fields, const ArmLayout& layout,
                         std::span<const double> row)
    : fields_(fields), layout_(layout), row_(row) {
  if (layout.fields.size() != fields.size())
    throw std::logic_error("an arm's layout has " + std::to_string(layout.fields.size()) +
                           " fields where the model has " + std::to_string(fields.size()));
}

const FieldLayout& FieldValues::next() { return layout_.fields.at(field_++); }

void FieldValues::refuse(const std::string& why) const {
  throw std::invalid_argument("'" + fields_[field_ - 1].name + "' " + why);
}

double FieldValues::value_of(const Piece& piece) const {
  if (piece.slot >= row_.size()) refuse("refers to a value that no draw has");
  return row_[piece.slot];
}

std::size_t FieldValues::items_of_list() const {
  return length_of_list(fields_, layout_, fields_[field_ - 1].varies.by_item);
}

void FieldValues::take(double& value) {
  const FieldLayout& field = next();
  std::optional<double> found = fields_[field_ - 1].off;
  for (const Piece& piece : field.pieces) {
    if (!piece.items.empty()) refuse("does not vary by item");
    if (!holds_always(piece)) refuse("does not vary in time");
    found = value_of(piece);
  }
  if (!found) refuse("has no value");
  value = *found;
}

void FieldValues::take(Steps& value) {
  const FieldLayout& field = next();
  std::vector<Steps::Step> steps;
  if (const auto off = fields_[field_ - 1].off) override_from(steps, -infinity, *off);
  for (const Piece& piece : field.pieces) {
    if (!piece.items.empty()) refuse("does not vary by item");
    override_from(steps, piece.from_week, value_of(piece));
  }
  if (steps.empty()) refuse("has no value");
  value = Steps(std::move(steps));
}

void FieldValues::take(ByItem<double>& values) {
  const FieldLayout& field = next();
  const std::size_t items = items_of_list();
  std::vector<std::optional<double>> found(items, fields_[field_ - 1].off);
  for (const Piece& piece : field.pieces) {
    if (!holds_always(piece)) refuse("does not vary in time");
    const double value = value_of(piece);
    if (piece.items.empty()) found.assign(items, value);
    for (const std::size_t item : piece.items) {
      if (item >= items) refuse("is given for an item that its list does not have");
      found[item] = value;
    }
  }
  values.values.clear();
  for (const std::optional<double>& value : found) {
    if (!value) refuse("has no value for some items");
    values.values.push_back(*value);
  }
}

void FieldValues::take(ByItem<Steps>& values) {
  const FieldLayout& field = next();
  const std::size_t items = items_of_list();
  std::vector<std::vector<Steps::Step>> steps(items);
  if (const auto off = fields_[field_ - 1].off)
    for (auto& of_item : steps) override_from(of_item, -infinity, *off);
  for (const Piece& piece : field.pieces) {
    const double value = value_of(piece);
    if (piece.items.empty())
      for (auto& of_item : steps) override_from(of_item, piece.from_week, value);
    for (const std::size_t item : piece.items) {
      if (item >= items) refuse("is given for an item that its list does not have");
      override_from(steps[item], piece.from_week, value);
    }
  }
  values.values.clear();
  for (auto& of_item : steps) {
    if (of_item.empty()) refuse("has no value for some items");
    values.values.emplace_back(std::move(of_item));
  }
}

int FieldValues::take_choice() {
  const int choice = next().choice;
  if (choice < 0 || choice >= static_cast<int>(fields_[field_ - 1].choices.size())) refuse("has no such choice");
  return choice;
}
void FieldValues::take(std::vector<std::string>& items) { items = next().items; }
void FieldValues::take(std::vector<Date>& dates) { dates = next().dates; }
void FieldValues::take_shares(std::vector<double>& shares) { shares = next().shares; }

std::vector<std::size_t> outcome_lengths(const std::vector<ParameterField>& parameters,
                                         const std::vector<OutcomeField>& outcomes, const ArmLayout& layout) {
  std::vector<std::size_t> lengths;
  lengths.reserve(outcomes.size());
  for (const OutcomeField& outcome : outcomes) {
    std::size_t length = 1;
    for (const std::string& list : lists_of(outcome.by_item)) length *= length_of_list(parameters, layout, list);
    lengths.push_back(length);
  }
  return lengths;
}

}  // namespace contract

void BoundModel::histories(const Streams&, std::span<const HistoryRequest>, double, PersonHistories&) const {
  throw std::logic_error("the model gives no histories");
}

std::vector<OutcomeSlot> outcome_slots(const ModelRecord& model, const ArmLayout& layout) {
  std::vector<OutcomeSlot> slots;
  for (std::size_t f = 0; f < model.outcomes.size(); ++f) {
    std::vector<std::string> all{""};
    for (const std::string& list : lists_of(model.outcomes[f].by_item)) {
      std::vector<std::string> longer;
      for (const std::string& item : all)
        for (const std::string& next : contract::items_of_list(model.parameters, layout, list))
          longer.push_back(item.empty() ? next : item + ", " + next);
      all = std::move(longer);
    }
    for (std::string& item : all) slots.push_back({f, std::move(item)});
  }
  return slots;
}

std::vector<std::string> lists_of(const std::string& by_item) {
  std::vector<std::string> lists;
  std::size_t from = 0;
  while (from < by_item.size()) {
    const std::size_t to = std::min(by_item.size(), by_item.find(contract::between_lists, from));
    lists.push_back(by_item.substr(from, to - from));
    from = to + contract::between_lists.size();
  }
  return lists;
}

}  // namespace desist
