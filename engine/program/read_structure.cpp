// Parameters that are structure: a word, a list of items, dates or shares. One value, never drawn.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

constexpr double most_items = 10'000;

// "first come", "First-come" and "first_come" are one word.
std::string plain_word(std::string_view text) {
  std::string word;
  for (const char c : text) word += c == ' ' || c == '-' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return word;
}

bool read_word(const Reading& reading, const ParameterField& field, const Node& value, FieldLayout& layout) {
  const std::string word = value.kind == Node::Kind::text ? plain_word(trimmed(value.text)) : "";
  const auto at = std::find_if(field.choices.begin(), field.choices.end(),
                               [&](const std::string& c) { return plain_word(c) == word; });
  if (at != field.choices.end()) {
    layout.choice = static_cast<int>(at - field.choices.begin());
    return true;
  }
  reading.problem(value.where, fmt::format("'{}' can't be '{}'", field.name, as_written(value)), "",
                  spelling_cure(value.text, field.choices, "it is one of"));
  return false;
}

bool read_items(const Reading& reading, const ParameterField& field, const Node& value, FieldLayout& layout,
                const SourcedFigure& figure) {
  if (value.kind == Node::Kind::list) {
    for (const Node& item : value.items) {
      const std::string name = item.kind == Node::Kind::text ? trimmed(item.text) : "";
      const bool twice = std::find(layout.items.begin(), layout.items.end(), name) != layout.items.end();
      if (name.empty() || twice) {
        reading.problem(item.where,
                        twice ? fmt::format("'{}' is listed twice", name)
                              : fmt::format("{} in a list of names", in_words(item.kind)),
                        "", "give each a name of its own");
        return false;
      }
      layout.items.push_back(name);
    }
  } else {
    const auto read = read_quantity(as_written(value), field.unit);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      reading.problem(value.where, wrong->problem, "", wrong->cure);
      return false;
    }
    const Quantity& count = std::get<Quantity>(read);
    if (count.is_range() || count.low != std::floor(count.low) || count.low < 0 || count.low > most_items) {
      reading.problem(value.where, fmt::format("'{}' is not a whole number of items", as_written(value)),
                      fmt::format("{} are the most", shortest(most_items)),
                      fmt::format("write it like \"{}\"", shown_value(8, field.unit)));
      return false;
    }
    if (figure.source.kind == FigureSource::Kind::evidence)
      hold_against_evidence(reading, value, figure.source.evidence);
    for (int i = 1; i <= static_cast<int>(count.low); ++i) layout.items.push_back(std::to_string(i));
  }
  if (!layout.items.empty() || field.off) return true;
  reading.problem(value.where, fmt::format("'{}' has no items", field.name), field.help,
                  fmt::format("write it like {}", example_value(field)));
  return false;
}

bool read_dates(const Reading& reading, const ParameterField& field, const Node& value, FieldLayout& layout) {
  std::vector<const Node*> nodes;
  for (const Node& item : value.items) nodes.push_back(&item);
  if (value.kind != Node::Kind::list) nodes.push_back(&value);
  for (const Node* node : nodes) {
    const auto date = reading.date_inside(*node);
    if (!date) return false;
    if (std::find(layout.dates.begin(), layout.dates.end(), *date) != layout.dates.end()) {
      reading.problem(node->where, fmt::format("{} is listed twice", date->in_words()), "", "keep one");
      return false;
    }
    layout.dates.push_back(*date);
  }
  std::sort(layout.dates.begin(), layout.dates.end());
  if (!layout.dates.empty() || field.off) return true;
  reading.problem(value.where, fmt::format("'{}' has no dates", field.name), field.help,
                  fmt::format("write it like {}", example_value(field)));
  return false;
}

bool read_shares(const Reading& reading, const ParameterField& field, const Node& value, FieldLayout& layout) {
  double sum = 0;
  for (const Node& item : value.items) {
    const auto read = read_quantity(item.kind == Node::Kind::text || item.kind == Node::Kind::number ? item.text : "",
                                    Unit::parse("share"));
    const auto* share = std::get_if<Quantity>(&read);
    if (!share || share->is_range() || share->low < 0 || share->low > 1) {
      reading.problem(item.where, fmt::format("'{}' is not a share", as_written(item)), "", "write it like \"40%\"");
      return false;
    }
    layout.shares.push_back(share->low);
    sum += share->low;
  }
  if (sum > 1 + 1e-9) {
    reading.problem(value.where,
                    fmt::format("the shares of '{}' add up to {}%", field.name, shortest(std::round(sum * 1e6) / 1e4)),
                    "100% is the most", "make them smaller: what is left over needs no share of its own");
    return false;
  }
  if (!layout.shares.empty() || field.off) return true;
  reading.problem(value.where, fmt::format("'{}' has no shares", field.name), field.help,
                  "write it like [\"60%\", \"40%\"]");
  return false;
}

}  // namespace

std::string example_value(const ParameterField& field) {
  switch (field.kind) {
    case ParameterField::Kind::one_of:
      return fmt::format("\"{}\"", field.choices.front());
    case ParameterField::Kind::dates:
      return "[2024-01-31]";
    case ParameterField::Kind::shares:
      return "[\"50%\", \"50%\"]";
    case ParameterField::Kind::items:
      return fmt::format("\"{}\"", shown_value(8, Unit{field.unit.thing, 0, ""}));
    case ParameterField::Kind::number:
      break;
  }
  return fmt::format("\"{}\"", shown_value(8, field.unit));
}

bool read_structure_value(const Reading& reading, const ParameterField& field, const SourcedFigure& figure,
                          FieldLayout& layout) {
  const Node& value = *figure.value;
  switch (field.kind) {
    case ParameterField::Kind::one_of:
      return read_word(reading, field, value, layout);
    case ParameterField::Kind::items:
      return read_items(reading, field, value, layout, figure);
    case ParameterField::Kind::dates:
      return read_dates(reading, field, value, layout);
    case ParameterField::Kind::shares:
      return read_shares(reading, field, value, layout);
    case ParameterField::Kind::number:
      break;
  }
  return false;
}

std::optional<std::vector<std::size_t>> named_items(const Reading& reading, const ParameterField& field,
                                                    const std::vector<std::string>& names, const Node& where) {
  if (field.varies.by_item.empty()) {
    reading.problem(where.where, fmt::format("'{}' can't differ between items", field.name),
                    "the model takes one value of it", "take `where` out");
    return std::nullopt;
  }
  if (names.empty()) return std::nullopt;  // the list itself has been complained of
  std::vector<std::size_t> items;
  const auto counts = read_quantity(where.kind == Node::Kind::text ? where.text : "", Unit::parse("share"));
  const auto* share = std::get_if<Quantity>(&counts);
  if (share && share->fraction) {
    if (share->fraction->of != std::ssize(names) || share->fraction->count < 1) {
      reading.problem(
          where.where, fmt::format("'{}' doesn't fit {} {}", where.text, names.size(), field.varies.by_item), "",
          fmt::format("write it like \"{} of {} {}\"", names.size() - 1, names.size(), field.varies.by_item));
      return std::nullopt;
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(share->fraction->count); ++i) items.push_back(i);
    return items;
  }
  std::vector<std::string> wanted;
  if (where.kind == Node::Kind::text) wanted.push_back(where.text);
  for (const Node& item : where.items) wanted.push_back(item.text);
  for (const std::string& name : wanted) {
    const auto at = std::find(names.begin(), names.end(), trimmed(name));
    if (at == names.end()) {
      reading.problem(where.where, fmt::format("no item '{}' in '{}'", name, field.varies.by_item), "",
                      spelling_cure(name, names, "its items are"));
      return std::nullopt;
    }
    items.push_back(static_cast<std::size_t>(at - names.begin()));
  }
  std::sort(items.begin(), items.end());
  items.erase(std::unique(items.begin(), items.end()), items.end());
  return items;
}

}  // namespace desist
