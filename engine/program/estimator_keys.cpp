#include "engine/program/estimator_keys.hpp"

namespace desist {
namespace {

Holds holds_of(Takes takes) {
  switch (takes) {
    case Takes::columns:
    case Takes::texts:
      return Holds::texts;
    case Takes::word:
      return Holds::word;
    case Takes::number:
      return Holds::number;
    case Takes::numbers:
      return Holds::numbers;
    case Takes::flag:
      return Holds::flag;
    case Takes::column:
    case Takes::text:
      break;
  }
  return Holds::text;
}

}  // namespace

Key section_key(const EstimatorKey& key, For only) {
  return {key.name, holds_of(key.takes), key.required, key.help, key.example, key.words, only};
}

void take_value(const Node& table, const EstimatorKey& key, Analysis& analysis) {
  const Node* node = table.at(key.name);
  if (!node) return;
  const std::string name(key.name);
  switch (key.takes) {
    case Takes::column:
    case Takes::columns:
    case Takes::word:
    case Takes::text:
    case Takes::texts:
      analysis.words[name] = Reading::texts_at(table, key.name);
      break;
    case Takes::number:
      analysis.numbers[name] = {node->number};
      break;
    case Takes::numbers:
      if (node->kind == Node::Kind::number) analysis.numbers[name] = {node->number};
      for (const Node& item : node->items) analysis.numbers[name].push_back(item.number);
      break;
    case Takes::flag:
      analysis.words[name] = {node->truth ? "yes" : "no"};
      break;
  }
}

}  // namespace desist
