// [funnel], its [[column]]s and [[step]]s: counts as printed, each step a part of another.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/nouns.hpp"
#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"
#include "engine/program/people_reading.hpp"

namespace desist {
namespace {

class FunnelReader {
 public:
  explicit FunnelReader(PeopleReading& all) : r_(all.r), study_(all.study) {}

  void read() {
    const Member* member = r_.root.find("funnel");
    for (const char* name : {"step", "column"})
      if (const Member* alone = r_.root.find(name); alone && !member)
        r_.problem(alone->where, fmt::format("there is a [[{}]] but no funnel", name), "it is a part of one",
                   "add a line [funnel] above it");
    if (!member) return;
    if (member->value.kind != Node::Kind::table)
      return r_.problem(member->where, "'funnel' is not a table", "", "write [funnel], then [[step]] for each step");
    r_.check(member->value, section("funnel"), "[funnel]");
    if (const Member* data = r_.root.find("data"))
      r_.problem(data->where, "a funnel and people's rows in one file",
                 "a funnel is of printed counts; of rows [[flow]] is made", "put one of them in a file of its own",
                 {{member->where, "the funnel is here"}});
    if (const std::string counted = Reading::text_at(member->value, "counted"); !counted.empty())
      funnel_.counted = counted;
    columns();
    steps(*member);
    study_.funnel = std::move(funnel_);
  }

 private:
  std::vector<std::string> column_names() const {
    std::vector<std::string> names;
    for (const FunnelColumn& each : funnel_.columns) names.push_back(each.name);
    return names;
  }
  std::vector<std::string> step_names() const {
    std::vector<std::string> names;
    for (const FunnelStep& each : funnel_.steps) names.push_back(each.name);
    return names;
  }

  void columns() {
    const Section& keys = section("column");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      r_.check(table, keys, shown_item(keys, table, i));
      FunnelColumn column{Reading::text_at(table, "name"), Reading::text_at(table, "definition"),
                          Reading::texts_at(table, "is_sum_of"), Reading::text_at(table, "against")};
      if (!column.name.empty() && funnel_.column(column.name))
        r_.problem(table.at("name")->where, fmt::format("two columns are called '{}'", column.name), "",
                   "give each a name of its own");
      funnel_.columns.push_back(std::move(column));
    }
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      const FunnelColumn& column = funnel_.columns[i];
      for (const std::string& part : column.is_sum_of) known_column(part, i, *table.at("is_sum_of"));
      if (column.against.empty() || !known_column(column.against, i, *table.at("against"))) continue;
      const FunnelColumn& other = funnel_.columns[*funnel_.column(column.against)];
      if (column.definition != other.definition)
        r_.problem(table.at("against")->where,
                   fmt::format("'{}' and '{}' are not counted alike", column.name, other.name),
                   fmt::format("the one by \"{}\", the other by \"{}\": a difference would be of definitions",
                               column.definition, other.definition),
                   "take `against` out, or say why they are the same by one definition");
    }
    if (funnel_.columns.empty()) funnel_.columns.push_back({});
  }

  bool known_column(const std::string& name, std::size_t own, const Node& node) const {
    const auto found = funnel_.column(name);
    if (found && *found != own) return true;
    if (found)
      r_.problem(node.where, fmt::format("'{}' is the column itself", name), "", "name another");
    else
      r_.problem(node.where, fmt::format("no column is called '{}'", name), "",
                 spelling_cure(name, column_names(), "there are"));
    return false;
  }

  void steps(const Member& funnel) {
    const Section& keys = section("step");
    const auto tables = r_.tables_of(keys);
    if (tables.size() < 2 && r_.found.empty())
      r_.problem(funnel.where, fmt::format("this funnel has {}", tables.empty() ? "no steps" : "one step"),
                 "a step is a share of another", "add [[step]] tables, the widest first");
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) {
        sound_ = false;
        continue;
      }
      step(table);
    }
    const bool headline =
        std::any_of(funnel_.steps.begin(), funnel_.steps.end(), [](const FunnelStep& each) { return each.headline; });
    if (!headline && sound_ && tables.size() > 1)
      r_.problem(funnel.where, "no step is a headline", "the first screen would have no answer",
                 "add headline = true to the step whose share answers");
  }

  void step(const Node& table) {
    FunnelStep step;
    step.name = Reading::text_at(table, "name");
    step.label = Reading::text_at(table, "label");
    step.of = Reading::text_at(table, "of");
    step.per = Reading::text_at(table, "per");
    const std::string way = Reading::text_at(table, "way");
    step.way = way == "out" ? FunnelStep::Way::out : way == "open" ? FunnelStep::Way::open : FunnelStep::Way::on;
    if (const Node* flag = table.at("adds_up")) step.adds_up = flag->truth;
    if (const Node* flag = table.at("headline")) step.headline = flag->truth;
    if (funnel_.step(step.name))
      r_.problem(table.at("name")->where, fmt::format("two steps are called '{}'", step.name), "",
                 "give each a name of its own");
    if (!step.of.empty() && !step.per.empty())
      r_.problem(table.at("per")->where, fmt::format("'{}' has of and per", step.name),
                 "either it is a part of a step, or it is counted for each of one", "keep one",
                 {{table.at("of")->where, "the other is here"}});
    for (const char* key : {"of", "per"}) {
      const std::string whole = Reading::text_at(table, key);
      if (sound_ && !whole.empty() && !funnel_.step(whole))
        r_.problem(table.at(key)->where, fmt::format("no step above is called '{}'", whole), "",
                   spelling_cure(whole, step_names(), "above are"));
    }
    if (step.headline && step.of.empty() && step.per.empty())
      r_.problem(table.at("headline")->where, fmt::format("'{}' is a share of nothing", step.name),
                 "a headline is a step's share of another", "add of = \"...\", or take headline out");
    if (step.way == FunnelStep::Way::open && step.of.empty())
      r_.problem(table.at("way")->where, fmt::format("'{}' had not ended, but is a part of nothing", step.name),
                 "it is left out of what its siblings are shares of", "add of = \"...\"");
    counts(table, step);
    funnel_.steps.push_back(std::move(step));
  }

  void counts(const Node& table, FunnelStep& step) {
    const Node& printed = *table.at("printed");
    std::vector<const Node*> cells;
    for (const Node& item : printed.items) cells.push_back(&item);
    if (printed.kind == Node::Kind::text) cells = {&printed};
    const std::size_t columns = funnel_.columns.size();
    step.counts.assign(columns, 0);
    if (cells.size() != columns)
      return r_.problem(
          printed.where,
          fmt::format("'{}' has {} for {}", step.name, counted(cells.size(), "number"), counted(columns, "column")), "",
          columns == 1 ? "write one number, or a [[column]] for each" : "write one for each column");
    const std::size_t before = r_.found.size();
    for (std::size_t i = 0; i < columns; ++i) count(*cells[i], step.counts[i]);
    if (r_.found.size() == before) sources(table, cells, step);
  }

  void count(const Node& cell, std::int64_t& count) const {
    const auto read = read_printed(as_written(cell));
    if (const auto* wrong = std::get_if<QuantityProblem>(&read))
      return r_.problem(cell.where, wrong->problem, "", wrong->cure);
    const auto& number = std::get<PrintedNumber>(read);
    constexpr std::int64_t most = 1'000'000'000'000;
    if (number.percent || number.decimals > 0 || number.negative || number.digits > most)
      return r_.problem(cell.where, fmt::format("'{}' is not a count", as_written(cell)), "steps are whole numbers",
                        "write it like \"13,874\"");
    count = number.digits;
  }

  void sources(const Node& table, const std::vector<const Node*>& cells, FunnelStep& step) {
    const Node* evidence = table.at("evidence");
    const Node* assumption = table.at("assumption");
    if (!evidence == !assumption)
      return r_.problem(evidence ? assumption->where : table.where,
                        evidence ? fmt::format("'{}' has evidence and assumption", step.name)
                                 : fmt::format("'{}' doesn't say where its numbers come from", step.name),
                        "every figure has one source",
                        evidence ? "keep the one that holds; a note can tell the rest"
                                 : "add evidence = \"id\", or assumption = \"...\"");
    FigureSource source;
    source.name = step.name;
    source.label = step.label;
    source.note = Reading::text_at(table, "note");
    source.line = table.where.line;
    source.spread = "as printed";
    std::vector<std::string> texts;
    for (const Node* cell : cells) texts.push_back(as_written(*cell));
    source.printed = fmt::format("{}", fmt::join(texts, "; "));
    if (assumption) {
      source.kind = FigureSource::Kind::assumption;
      source.reason = Reading::text_at(table, "assumption");
    } else {
      const std::vector<std::string> named = Reading::texts_at(table, "evidence");
      if (named.size() != cells.size())
        return r_.problem(evidence->where,
                          fmt::format("'{}' has {} for {}", step.name, counted(named.size(), "evidence id"),
                                      counted(cells.size(), "number")),
                          "", "name the row that prints each, in the same order");
      source.evidence = r_.evidence_at(table);
      if (source.evidence.size() == cells.size())  // else reported
        for (std::size_t i = 0; i < cells.size(); ++i) hold_against_evidence(r_, *cells[i], {named[i]});
      step.evidence = named;
    }
    r_.text.sources.push_back(std::move(source));
  }

  Reading& r_;
  PersonStudy& study_;
  Funnel funnel_;
  bool sound_ = true;
};

}  // namespace

void read_funnel(PeopleReading& reading) { FunnelReader(reading).read(); }

}  // namespace desist
