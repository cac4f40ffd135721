// A table of draws that the user brings: costs and effects by strategy, a row a draw, and the figures behind them.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/data/csv_file.hpp"
#include "engine/program/appraisal_reading.hpp"

namespace desist {
namespace {

// What becomes of a problem in a table whose columns nobody declares: each cell is a number.
std::string cure_of_draws(const DataProblem& problem) {
  switch (problem.kind) {
    case DataProblemKind::empty_file:
    case DataProblemKind::header_only:
      return "a table of draws is a line with the names of columns, then one row a draw";
    case DataProblemKind::empty_cell:
    case DataProblemKind::undeclared_missing:
      return "every draw has every number: mend the cell, or take its row out";
    case DataProblemKind::decimal_comma:
    case DataProblemKind::unclear_thousands:
      return "write numbers with a point: 907.90";
    case DataProblemKind::percent_sign:
      return "write a share as a number: 0.39";
    case DataProblemKind::currency_sign:
      return "write amounts as numbers; only columns of costs may have £";
    default:
      return problem.hint;
  }
}

/// An effect's name without what is done to it, and whether that is averting: "reoffence averted".
struct NamedEffect {
  std::string noun;
  bool is_averted = false;
};
NamedEffect effect_named(const std::string& given) {
  for (const std::string_view end : {" averted", " avoided", " prevented", " gained"})
    if (given.ends_with(end) && given.size() > end.size())
      return {given.substr(0, given.size() - end.size()), end != " gained"};
  return {given, false};
}

class DrawsTableReader {
 public:
  DrawsTableReader(AppraisalReading& reading, const Node& table) : a_(reading), r_(reading.r), t_(table) {}

  void read() {
    if (!strategies() || !parameters() || !effect()) return;
    const auto file = data();
    if (!file) return;
    fill(*file);
    a_.appraisal.arms = table_.strategies.size();
    for (std::size_t i = 0; i < table_.strategies.size(); ++i) {
      a_.spec.text.arms.push_back({table_.strategies[i], table_.strategy_labels[i], "", {}, "of the table"});
    }
    a_.appraisal.table = std::move(table_);
  }

 private:
  struct Columns {
    std::string cost, effect;
  };

  bool strategies() {
    const Section& keys = section("strategy");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) return false;
      const std::string name = Reading::text_at(table, "name");
      if (std::find(table_.strategies.begin(), table_.strategies.end(), name) != table_.strategies.end()) {
        r_.problem(table.at("name")->where, fmt::format("two strategies are called '{}'", name), "",
                   "give each a name of its own");
        return false;
      }
      std::string label = Reading::text_at(table, "label");
      if (label.empty()) label = name;
      table_.strategies.push_back(name);
      table_.strategy_labels.push_back(label);
      columns_.push_back({Reading::text_at(table, "cost"), Reading::text_at(table, "effect")});
    }
    if (table_.strategies.size() >= 2) return true;
    r_.problem(t_.find("table")->where, "a table of draws needs two strategies or more", "one is compared with another",
               "add tables [[strategy]], each with its columns cost and effect");
    return false;
  }

  bool parameters() {
    table_.parameters = Reading::texts_at(t_, "parameters");
    for (std::size_t i = 0; i < table_.parameters.size(); ++i)
      if (std::find(table_.parameters.begin(), table_.parameters.begin() + static_cast<std::ptrdiff_t>(i),
                    table_.parameters[i]) != table_.parameters.begin() + static_cast<std::ptrdiff_t>(i)) {
        r_.problem(t_.at("parameters")->where, fmt::format("'{}' is listed twice", table_.parameters[i]), "",
                   "keep one");
        return false;
      }
    return true;
  }

  bool effect() {
    for (const std::string_view key : {"effect", "worth"})
      if (!t_.find(key)) {
        r_.problem(t_.where, fmt::format("missing key '{}' in [appraisal]", key),
                   key == "effect" ? "what the table's effects count" : "what one of it may be worth",
                   key == "effect" ? "add: effect = \"reoffence averted\"" : "add: worth = \"£0 to £20,000\"");
        return false;
      }
    const auto worth = worth_at(a_, t_);
    if (!worth) return false;
    Effect effect;
    effect.name = "effect";
    effect.label = Reading::text_at(t_, "effect");
    const NamedEffect named = effect_named(effect.label);
    effect.unit = named.noun;
    effect.lower_is_better = is_averted_ = named.is_averted;
    effect.worth = *worth;
    a_.appraisal.prices = Reading::text_at(t_, "prices");
    a_.appraisal.effects.push_back(std::move(effect));
    return true;
  }

  std::optional<DataFile> data() {
    const Node& named = *t_.at("table");
    table_.file = Reading::text_at(t_, "table");
    const std::string path = path_beside(r_, table_.file);
    FileDeclaration declaration;
    const auto want = [&](const std::string& name, bool money) {
      if (std::any_of(declaration.columns.begin(), declaration.columns.end(),
                      [&](const DeclaredColumn& c) { return c.name == name; }))
        return;
      DeclaredColumn column;
      column.name = name;
      column.required = true;
      if (money) column.unit = "£";
      declaration.columns.push_back(std::move(column));
    };
    for (const Columns& each : columns_) want(each.cost, true);
    for (const Columns& each : columns_) want(each.effect, false);
    for (const std::string& each : table_.parameters) want(each, false);
    try {
      const FileBytes bytes(path);
      a_.spec.add_to_digest(bytes.text());
      DataFile file = read_data(bytes.text(), path, declaration);
      for (DataProblem& problem : file.problems) problem.hint = cure_of_draws(problem);
      const Diagnostics wrong = diagnostics(path, file.problems);
      for (const Diagnostic& each : wrong.all()) r_.found.add(each);
      if (!wrong.empty()) return std::nullopt;
      if (file.rows >= 2) return file;
      r_.problem(named.where, fmt::format("'{}' has {}", table_.file, counted(file.rows, "row")),
                 "a spread takes two draws or more", "add a row for each draw");
    } catch (const Failure& failure) {
      r_.problem(named.where, "the table of draws can't be read", failure.what(),
                 "name a CSV file beside this one: table = \"draws.csv\"");
    }
    return std::nullopt;
  }

  void fill(const DataFile& file) {
    table_.draws = file.rows;
    for (std::size_t row = 0; row < file.rows; ++row) {
      for (const Columns& each : columns_) table_.costs.push_back(file.column(each.cost).values[row]);
      for (const Columns& each : columns_) {
        const double counted_up = file.column(each.effect).values[row];
        table_.effects.push_back(is_averted_ ? 0 - counted_up : counted_up);  // so many fewer
      }
      for (const std::string& each : table_.parameters) table_.values.push_back(file.column(each).values[row]);
    }
  }

  AppraisalReading& a_;
  Reading& r_;
  const Node& t_;
  DrawsTable table_;
  std::vector<Columns> columns_;
  bool is_averted_ = false;  // what its effects count
};

}  // namespace

void read_draws_table(AppraisalReading& reading, const Node& table) { DrawsTableReader(reading, table).read(); }

}  // namespace desist
