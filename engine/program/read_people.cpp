// A study of people's rows, of several studies, or of a design: the data, the roles of columns, and the analyses.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/data/people.hpp"
#include "engine/data/small_counts.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

class PeopleReader {
 public:
  PeopleReader(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
               const std::string& evidence_directory)
      : r_(reading), spec_(spec), catalogue_(catalogue), evidence_directory_(evidence_directory) {
    study_.name = spec.text.name;
    study_.seed = spec.plan.seed;
  }

  void read() {
    head();
    columns();
    data();
    outcomes();
    flow();
    results();
    analyses();
    spec_.people = std::move(study_);
  }

 private:
  void head() {
    const Node* node = r_.root.at("study");
    if (!node || node->kind != Node::Kind::table) return;
    r_.check(*node, section("study"), "[study]");
    study_.source = Reading::text_at(*node, "source");
    study_.design_doubt = Reading::text_at(*node, "design_doubt");
    study_.followed_for = Reading::text_at(*node, "followed_for");
    study_.design = design_of(Reading::text_at(*node, "design"));
    if (spec_.text.subtitle.empty()) spec_.text.subtitle = study_.source;
  }

  static Design design_of(const std::string& word) {
    return word == "randomised" ? Design::randomised : word == "nested" ? Design::nested : Design::compared;
  }

  // Tables of a section with names of its own, each checked.
  template <class Each>
  void each_named(std::string_view name, const Each& each) {
    const Member* member = r_.root.find(name);
    if (!member) return;
    if (member->value.kind != Node::Kind::table)
      return r_.problem(member->where, fmt::format("'{}' is not a table", name), "",
                        fmt::format("write [{}], and below it a line for each", name));
    for (const Member& one : member->value.members) {
      const std::string shown = fmt::format("[{}.{}]", name, one.name);
      if (r_.misplaced(one, member->value, fmt::format("[{}]", name))) continue;
      if (one.value.kind != Node::Kind::table) {
        r_.problem(one.where, fmt::format("'{}' is {}, not a table", one.name, in_words(one.value.kind)), "",
                   fmt::format("write {} = {{ ... }}", one.name));
        continue;
      }
      if (r_.check(one.value, section(name), shown)) each(one);
    }
  }

  void columns() {
    each_named("columns", [&](const Member& member) {
      const Node& table = member.value;
      DeclaredColumn column;
      column.name = member.name;
      const std::string type = Reading::text_at(table, "type");
      column.type = type == "number"         ? ColumnType::number
                    : type == "whole number" ? ColumnType::integer
                    : type == "yes or no"    ? ColumnType::yes_no
                    : type == "category"     ? ColumnType::category
                    : type == "text"         ? ColumnType::text
                                             : ColumnType::date;
      if (type == "UK date") column.date_form = DateForm::uk;
      column.levels = Reading::texts_at(table, "levels");
      if (!column.levels.empty() && column.type != ColumnType::category)
        r_.problem(table.at("levels")->where, fmt::format("'{}' is no category", member.name), "it has no levels",
                   "write type = \"category\", or take levels out");
      column.missing = Reading::texts_at(table, "missing");
      column.unit = Reading::text_at(table, "unit");
      const auto flag = [&](std::string_view key) {
        const Node* node = table.at(key);
        return node && node->truth;
      };
      column.decimal_comma = flag("decimal_comma");
      column.required = flag("required");
      if (const std::string label = Reading::text_at(table, "label"); !label.empty())
        study_.column_labels[member.name] = label;
      for (const char* end : {"from", "to"})
        if (const Node* node = table.at(end)) (end[0] == 'f' ? least_ : most_)[member.name] = node->number;
      declaration_.columns.push_back(std::move(column));
    });
  }

  /// Whether a column that a key names is declared; "" passes.
  bool known_column(const Node& table, std::string_view key) {
    bool known = true;
    for (const std::string& name : Reading::texts_at(table, key)) {
      if (declared(name) != nullptr) continue;
      known = false;
      std::vector<std::string> names;
      for (const DeclaredColumn& column : declaration_.columns) names.push_back(column.name);
      const auto near = did_you_mean(name, names);
      r_.problem(table.at(key)->where, fmt::format("no column '{}' is declared", name),
                 "every column that is used has a line in [columns]",
                 near ? fmt::format("did you mean '{}'?", *near)
                      : fmt::format("add below [columns]: {} = {{ type = \"number\" }}", name));
    }
    return known;
  }

  const DeclaredColumn* declared(const std::string& name) const {
    for (const DeclaredColumn& column : declaration_.columns)
      if (column.name == name) return &column;
    return nullptr;
  }

  std::string beside(const std::string& name) const {
    return (std::filesystem::path(r_.file->shown_as).parent_path() / name).string();
  }

  void data() {
    const Node* node = r_.root.at("data");
    if (!node) return;
    if (node->kind != Node::Kind::table)
      return r_.problem(r_.root.find("data")->where, "'data' is not a table", "",
                        "write [data], and below it: file = \"data/people.csv\"");
    const bool sound = r_.check(*node, section("data"), "[data]");
    for (const char* key : {"id", "arm", "received", "describe"}) known_column(*node, key);
    study_.id = Reading::text_at(*node, "id");
    study_.arm = Reading::text_at(*node, "arm");
    study_.control = Reading::text_at(*node, "control");
    study_.received = Reading::text_at(*node, "received");
    study_.describe = Reading::texts_at(*node, "describe");
    small_numbers(*node);
    for (const std::string& text : Reading::texts_at(*node, "missing"))
      for (DeclaredColumn& column : declaration_.columns) column.missing.push_back(text);
    const std::string delimiter = Reading::text_at(*node, "delimiter");
    if (!delimiter.empty()) declaration_.delimiter = delimiter == "comma" ? ',' : delimiter == "semicolon" ? ';' : '\t';
    if (!sound || !r_.found.empty()) return;
    const std::string path = beside(Reading::text_at(*node, "file"));
    try {
      const FileBytes bytes(path);
      spec_.digest = fnv1a(bytes.text(), spec_.digest);
      study_.people = read_data(bytes.text(), path, declaration_);
    } catch (const Failure& failure) {
      return r_.problem(node->at("file")->where, "the data can't be read", failure.what(), "");
    }
    const Diagnostics wrong = diagnostics(path, study_.people.problems);
    for (const Diagnostic& each : wrong.all()) r_.found.add(each);
    if (!r_.found.empty()) return;
    rows_are_sound();
    if (!r_.found.empty()) return;
    arms(*node);
    if (!study_.received.empty() && declared(study_.received)->type != ColumnType::yes_no)
      r_.problem(node->at("received")->where, fmt::format("'{}' is no yes/no column", study_.received),
                 "who received the programme is yes or no", "write type = \"yes or no\" in [columns]");
  }

  void small_numbers(const Node& node) {
    const Node* smallest = node.at("smallest_shown");
    const Node* all = node.at("show_all");
    study_.smallest_shown =
        smallest ? static_cast<int>(std::min(smallest->number, 1e6)) : static_cast<int>(SuppressionRule{}.least_shown);
    if (!all) return;
    study_.smallest_shown = 0;
    study_.shown_why = Reading::text_at(node, "show_all");
    if (smallest)
      r_.problem(smallest->where, "[data] has smallest_shown and show_all", "one hides small numbers, one shows them",
                 "keep one", {{all->where, "show_all is here"}});
  }

  // Nobody twice, unless rows are spells of a person; values within the ranges that [columns] gives.
  void rows_are_sound() {
    PeopleRules rules;
    const Node* named = r_.root.at("outcomes");
    bool spells = false;
    if (named)
      for (const Member& member : named->members) spells = spells || member.value.find("entry") != nullptr;
    if (!study_.id.empty() && !spells) rules.person = study_.id;
    for (const DeclaredColumn& column : declaration_.columns) {
      const auto least = least_.find(column.name), most = most_.find(column.name);
      if (least == least_.end() && most == most_.end()) continue;
      const bool numbers = column.type == ColumnType::number || column.type == ColumnType::integer;
      if (!numbers) {
        r_.problem(r_.root.at("columns")->find(column.name)->where, fmt::format("'{}' holds no numbers", column.name),
                   "from and to are for numbers", "take them out");
        continue;
      }
      PeopleRules::Range range{column.name, std::nullopt, std::nullopt};
      if (least != least_.end()) range.low = least->second;
      if (most != most_.end()) range.high = most->second;
      rules.ranges.push_back(std::move(range));
    }
    if (!r_.found.empty()) return;
    const std::vector<DataProblem> problems = check_people(study_.people, rules);
    const Diagnostics wrong = diagnostics(study_.people.shown_as, problems);
    for (const Diagnostic& each : wrong.all()) r_.found.add(each);
  }

  void arms(const Node& node) {
    if (study_.arm.empty()) return;
    const DataColumn& column = study_.people.column(study_.arm);
    std::vector<std::string> levels;
    if (column.declared.type == ColumnType::yes_no) {
      levels = {"no", "yes"};
    } else if (!column.levels.empty()) {
      levels = column.levels.copy();
    } else {
      std::set<double> values;
      for (std::size_t row = 0; row < study_.people.rows; ++row)
        if (column.missing[row] == 0) values.insert(column.values[row]);
      for (const double value : values) levels.push_back(shortest(value));
    }
    constexpr std::size_t most_arms = 20;
    if (levels.size() < 2 || levels.size() > most_arms)
      return r_.problem(node.at("arm")->where,
                        fmt::format("'{}' has {} value{}", study_.arm, levels.size(), levels.size() == 1 ? "" : "s"),
                        fmt::format("arms are two or more, at most {}", most_arms), "name the column with the groups");
    if (study_.control.empty()) study_.control = levels.front();
    const auto control = std::find(levels.begin(), levels.end(), study_.control);
    if (control == levels.end())
      return r_.problem(node.at("control")->where, fmt::format("no arm is called '{}'", study_.control), "",
                        spelling_cure(study_.control, levels, "the arms are"));
    std::rotate(levels.begin(), control, control + 1);
    study_.arms = std::move(levels);
  }

  void outcomes() {
    each_named("outcomes", [&](const Member& member) {
      const Node& table = member.value;
      PersonOutcome outcome;
      outcome.name = member.name;
      outcome.label = Reading::text_at(table, "label");
      if (outcome.label.empty()) outcome.label = member.name;
      const Node* headline = table.at("headline");
      outcome.headline = headline && headline->truth;
      outcome.fewer_is_better = Reading::text_at(table, "better") != "more";
      const struct {
        std::string_view key;
        PersonOutcome::Kind kind;
      } kinds[] = {{"yes_no", PersonOutcome::Kind::yes_no},
                   {"count", PersonOutcome::Kind::count},
                   {"time", PersonOutcome::Kind::time},
                   {"amount", PersonOutcome::Kind::amount}};
      std::vector<std::string> given;
      for (const auto& each : kinds)
        if (table.find(each.key)) {
          given.emplace_back(each.key);
          outcome.kind = each.kind;
          outcome.column = Reading::text_at(table, each.key);
          known_column(table, each.key);
        }
      if (given.size() != 1)
        return r_.problem(member.where,
                          given.empty() ? fmt::format("'{}' doesn't say which column holds it", member.name)
                                        : fmt::format("'{}' is said to be {}", member.name, listed(given)),
                          "an outcome is one of yes_no, count, time or amount",
                          "write it like: reoffended = { yes_no = \"column\" }");
      const struct {
        std::string_view key;
        std::string* column;
        PersonOutcome::Kind kind;
      } further[] = {{"exposure", &outcome.exposure, PersonOutcome::Kind::count},
                     {"event", &outcome.event, PersonOutcome::Kind::time},
                     {"entry", &outcome.entry, PersonOutcome::Kind::time}};
      for (const auto& each : further) {
        if (!table.find(each.key)) continue;
        if (outcome.kind != each.kind)
          r_.problem(table.find(each.key)->where, fmt::format("'{}' has no meaning for '{}'", each.key, member.name),
                     fmt::format("'{}' is a {}", member.name, given.front()), "take the line out");
        *each.column = Reading::text_at(table, each.key);
        known_column(table, each.key);
      }
      outcome.cause = Reading::text_at(table, "cause");
      outcome.censored = Reading::text_at(table, "censored");
      outcome.unit = Reading::text_at(table, "unit");
      if (outcome.kind == PersonOutcome::Kind::time && outcome.event.empty())
        return r_.problem(member.where, fmt::format("'{}' doesn't say whether it happened", member.name),
                          "a time is of an event or of the end of follow-up", "add event = \"column\"");
      if (r_.found.empty()) kind_of_column(table, member, outcome, given.front());
      study_.outcomes.push_back(std::move(outcome));
    });
    if (!study_.outcomes.empty() &&
        std::none_of(study_.outcomes.begin(), study_.outcomes.end(), [](const PersonOutcome& o) { return o.headline; }))
      study_.outcomes.front().headline = true;
  }

  // The cells must be what the outcome is: yes or no, whole numbers, times at or above 0, causes that exist.
  void kind_of_column(const Node& table, const Member& member, PersonOutcome& outcome, const std::string& key) {
    if (study_.people.rows == 0) return;
    const DataColumn& column = study_.people.column(outcome.column);
    const auto refuse = [&](const std::string& name, const std::string& why, const std::string& cure) {
      r_.problem(table.at(key)->where, fmt::format("'{}' can't be a {}", name, key), why, cure);
    };
    const ColumnType type = column.declared.type;
    if (outcome.kind == PersonOutcome::Kind::yes_no && type != ColumnType::yes_no)
      return refuse(outcome.column, "its column is declared otherwise", "write type = \"yes or no\" in [columns]");
    if (outcome.kind != PersonOutcome::Kind::yes_no && type != ColumnType::number && type != ColumnType::integer)
      return refuse(outcome.column, "its column holds no numbers", "write type = \"number\" in [columns]");
    const bool not_negative = outcome.kind != PersonOutcome::Kind::amount;
    for (std::size_t row = 0; row < study_.people.rows && type != ColumnType::yes_no; ++row) {
      const double value = column.values[row];
      if (column.missing[row] != 0) continue;
      if (not_negative && value < 0)
        return refuse(outcome.column, fmt::format("row {} holds {}", row + 1, shortest(value)),
                      "it is never below zero");
      if (outcome.kind == PersonOutcome::Kind::count && value != std::floor(value))
        return refuse(outcome.column, fmt::format("row {} holds {}", row + 1, shortest(value)), "a count is whole");
    }
    if (!outcome.event.empty()) event_of(table, member, outcome);
  }

  void event_of(const Node& table, const Member& member, const PersonOutcome& outcome) {
    const DataColumn& event = study_.people.column(outcome.event);
    const bool causes = event.declared.type == ColumnType::category || event.declared.type == ColumnType::text;
    if (!causes && event.declared.type != ColumnType::yes_no)
      return r_.problem(table.at("event")->where, fmt::format("'{}' doesn't say whether it happened", outcome.event),
                        "it is neither yes or no nor a category", "write type = \"yes or no\" in [columns]");
    const std::vector<std::string> levels = event.levels.copy();
    for (const auto& [key, word] : {std::pair("cause", outcome.cause), std::pair("censored", outcome.censored)}) {
      if (!causes && !word.empty())
        r_.problem(table.at(key)->where, fmt::format("'{}' has no meaning for '{}'", key, member.name),
                   fmt::format("'{}' is yes or no", outcome.event), "take the line out");
      if (!causes) continue;
      if (word.empty())
        r_.problem(member.where, fmt::format("'{}' doesn't say its {}", member.name, key),
                   fmt::format("'{}' has several values", outcome.event),
                   fmt::format("add {} = \"...\": {}", key, listed(levels, "or")));
      else if (std::find(levels.begin(), levels.end(), word) == levels.end())
        r_.problem(table.at(key)->where, fmt::format("'{}' never occurs in '{}'", word, outcome.event), "",
                   spelling_cure(word, levels, "its values are"));
    }
  }

  void flow() {
    const Section& keys = section("flow");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) continue;
      FlowStep step;
      step.label = Reading::text_at(table, "step");
      step.people = static_cast<std::int64_t>(table.at("people")->number);
      const auto ids = r_.evidence_at(table);
      if (!ids.empty()) step.evidence = ids.front();
      step.reason = Reading::text_at(table, "note");
      if (ids.empty() && step.reason.empty())
        r_.problem(table.where, fmt::format("'{}' doesn't say where its number comes from", step.label),
                   "every figure has a source", "add evidence = \"id\", or note = \"...\"");
      study_.flow.push_back(std::move(step));
    }
  }

  void results() {
    const Section& keys = section("result");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) continue;
      StudyEffect effect;
      effect.label = Reading::text_at(table, "label");
      const std::string name = Reading::text_at(table, "study");
      if (effect.label.empty()) effect.label = name;
      effect.outcome = Reading::text_at(table, "outcome");
      effect.group = Reading::text_at(table, "group");
      effect.design = design_of(Reading::text_at(table, "design"));
      effect.evidence = r_.evidence_at(table);
      if (const Node* moderators = table.at("moderators"))
        for (const Member& member : moderators->members) {
          if (member.value.kind != Node::Kind::number || !std::isfinite(member.value.number))
            r_.problem(member.where, fmt::format("moderator '{}' is no number", member.name), "",
                       fmt::format("write {} = 6", member.name));
          else
            effect.moderators[member.name] = member.value.number;
        }
      if (name.ends_with(".toml"))
        from_file(table, name, effect);
      else
        printed_result(table, effect);
      study_.results.push_back(std::move(effect));
    }
  }

  void printed_result(const Node& table, StudyEffect& effect) {
    const bool counts = table.find("treated") && table.find("control");
    const bool number = table.find("effect") && table.find("error");
    if (counts == number)
      return r_.problem(table.where, fmt::format("'{}' has no result", effect.label),
                        "it is treated and control, or effect and error",
                        "write treated = \"8 of 70\" and control = \"10 of 49\"");
    if (effect.evidence.empty())
      r_.problem(table.where, fmt::format("'{}' doesn't say where its numbers come from", effect.label),
                 "every figure has a source", "add evidence = [\"id\"]");
    effect.counts = counts;
    if (counts) {
      people_of(*table.at("treated"), effect.x1, effect.n1);
      people_of(*table.at("control"), effect.x0, effect.n0);
      return;
    }
    effect.estimate = table.at("effect")->number;
    effect.error = table.at("error")->number;
    if (!(effect.error > 0))
      r_.problem(table.at("error")->where, fmt::format("an error of {} is none", table.at("error")->text), "",
                 "write the standard error of the effect");
  }

  // "8 of 70"
  void people_of(const Node& node, std::int64_t& count, std::int64_t& people) {
    std::vector<std::string> words;
    for (const std::string& word : split(trimmed(node.text), ' '))
      if (!word.empty()) words.push_back(word);
    const auto whole = [](const std::string& word) {
      return !word.empty() && word.size() <= 12 && word.find_first_not_of("0123456789") == std::string::npos;
    };
    if (words.size() < 3 || !whole(words[0]) || words[1] != "of" || !whole(words[2]))
      return r_.problem(node.where, fmt::format("'{}' is no number of people out of others", node.text), "",
                        "write it like \"8 of 70\"");
    count = std::stoll(words[0]);
    people = std::stoll(words[2]);
    if (count > people || people == 0)
      r_.problem(node.where, fmt::format("{} of {} can't be", count, people), "", "write it like \"8 of 70\"");
  }

  // The first comparison of a published table: the table nearest its print.
  void from_file(const Node& table, const std::string& name, StudyEffect& effect) {
    const SourceSpan where = table.at("study")->where;
    if (std::filesystem::path(name).has_parent_path())
      return r_.problem(where, fmt::format("'{}' is not a file beside this one", name), "",
                        "name the study's file, such as \"cara.toml\"");
    for (const char* key : {"treated", "control", "effect", "error", "design"})
      if (const Member* given = table.find(key))
        r_.problem(given->where, fmt::format("'{}' has no meaning beside a file", key), "the file says it",
                   "take the line out");
    try {
      const ExperimentSpec other = read_study_file(beside(name), catalogue_, evidence_directory_);
      spec_.digest =
          fnv1a(std::string_view(reinterpret_cast<const char*>(&other.digest), sizeof other.digest), spec_.digest);
      if (other.studies.empty()) return r_.problem(where, fmt::format("'{}' holds no published table", name));
      const Study& study = other.studies.front();
      effect.design = study.design;
      for (const EvidenceRow& row : other.text.evidence) {
        auto& rows = spec_.text.evidence;
        if (std::none_of(rows.begin(), rows.end(), [&](const EvidenceRow& r) { return r.id == row.id; }))
          rows.push_back(row);
      }
      const StudyResults evaluated = evaluate({study});
      for (const HonestyRow& row : evaluated.studies.front().rows) {
        if (row.outcome != effect.outcome || row.comparison != study.comparisons.front().label) continue;
        if (!effect.group.empty() && !row.stratum.empty() && row.stratum != effect.group) continue;
        effect.x1 = row.x1;
        effect.n1 = row.n1;
        effect.x0 = row.x0;
        effect.n0 = row.n0;
        for (const StudyOutcome& outcome : study.outcomes)
          if (outcome.name == row.outcome) effect.outcome = outcome.label;
        return;
      }
      std::vector<std::string> names;
      for (const StudyOutcome& outcome : study.outcomes) names.push_back(outcome.name);
      r_.problem(table.at("outcome")->where, fmt::format("'{}' has no outcome '{}'", name, effect.outcome), "",
                 spelling_cure(effect.outcome, names, "it has"));
    } catch (const Failure& failure) {
      const std::string all = failure.what();
      r_.problem(where, fmt::format("the study '{}' can't be used", name), all.substr(0, all.find('\n')),
                 fmt::format("`desist check {}` says more", beside(name)));
    }
  }

  void analyses() {
    const Section& keys = section("analysis");
    const auto tables = r_.tables_of(keys);
    std::map<std::string, SourceSpan> names;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      const std::string shown = shown_item(keys, table, i);
      const Node* method = table.at("method");
      const Estimator* estimator = method ? find_estimator(Reading::text_at(table, "method")) : nullptr;
      Section all = keys;
      if (estimator)
        for (const EstimatorKey& key : estimator->keys)
          all.keys.push_back({key.name, held(key.takes), key.required, key.help, key.example, key.words, For::people});
      if (method && method->kind == Node::Kind::text && !estimator) {
        std::vector<std::string> known;
        for (const Estimator& each : estimators()) known.emplace_back(each.name);
        r_.problem(method->where, fmt::format("no estimator is called '{}'", method->text), "",
                   did_you_mean(method->text, known)
                       ? fmt::format("did you mean '{}'?", *did_you_mean(method->text, known))
                       : "`desist list estimators` names them");
        continue;
      }
      if (!r_.check(table, all, shown) || !estimator) continue;
      Analysis analysis;
      analysis.name = Reading::text_at(table, "name");
      analysis.label = Reading::text_at(table, "label");
      analysis.method = std::string(estimator->name);
      analysis.outcome = Reading::text_at(table, "outcome");
      const auto [before, is_new] = names.emplace(analysis.name, table.at("name")->where);
      if (!is_new)
        r_.problem(table.at("name")->where, fmt::format("two analyses are called '{}'", analysis.name),
                   "results are told apart by it", "give one of them another name",
                   {{before->second, "first given here"}});
      for (const EstimatorKey& key : estimator->keys) value_of(table, key, analysis);
      outcome_of(table, *estimator, analysis, shown);
      study_.analyses.push_back(std::move(analysis));
    }
    if (tables.empty())
      r_.problem(r_.root.find("data") ? r_.root.find("data")->where : SourceSpan{1, 1, 1}, "nothing is analysed",
                 "there is no [[analysis]]", "add [[analysis]], and below it name, method and outcome");
  }

  static Holds held(Takes takes) {
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

  void value_of(const Node& table, const EstimatorKey& key, Analysis& analysis) {
    const Node* node = table.at(key.name);
    if (!node) return;
    const std::string name(key.name);
    switch (key.takes) {
      case Takes::column:
      case Takes::columns:
        known_column(table, key.name);
        [[fallthrough]];
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

  void outcome_of(const Node& table, const Estimator& estimator, const Analysis& analysis, const std::string& shown) {
    const Node* node = table.at("outcome");
    const bool of_people = estimator.needs != Needs::studies && estimator.needs != Needs::nothing;
    if (!of_people) {
      if (node)
        r_.problem(node->where, fmt::format("'{}' takes no outcome", estimator.name), "it would change nothing",
                   "take the line out");
      if (estimator.needs == Needs::studies && study_.results.empty() && !table.find("studies_from"))
        r_.problem(table.where, fmt::format("{} has no studies", shown), "", "add [[result]] tables, one a study");
      return;
    }
    if (!r_.root.find("data"))
      return r_.problem(table.where, fmt::format("{} has no data", shown), "it analyses people's rows",
                        "add [data] with file = \"...\"");
    if (!node) return r_.problem(table.where, fmt::format("{} names no outcome", shown), "", "add outcome = \"...\"");
    std::vector<std::string> known;
    for (const PersonOutcome& outcome : study_.outcomes) {
      known.push_back(outcome.name);
      if (outcome.name != analysis.outcome) continue;
      const auto needs = static_cast<int>(estimator.needs), kind = static_cast<int>(outcome.kind);
      if (estimator.needs != Needs::people && needs != kind)
        r_.problem(node->where, fmt::format("'{}' can't analyse '{}'", estimator.name, outcome.name),
                   fmt::format("it is for an outcome with {}", key_of(needs)),
                   "name another outcome, or another method: `desist list estimators`");
      return;
    }
    if (r_.found.empty())
      r_.problem(node->where, fmt::format("unknown outcome '{}'", analysis.outcome), "[outcomes] doesn't have it",
                 spelling_cure(analysis.outcome, known, "it has"));
  }

  static std::string_view key_of(int kind) {
    constexpr std::string_view keys[] = {"yes_no", "count", "time", "amount"};
    return keys[static_cast<std::size_t>(kind)];
  }

  Reading& r_;
  ExperimentSpec& spec_;
  PersonStudy study_;
  FileDeclaration declaration_;
  std::map<std::string, double> least_, most_;
  const Catalogue& catalogue_;
  const std::string& evidence_directory_;
};

}  // namespace

void read_people(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                 const std::string& evidence_directory) {
  PeopleReader(reading, spec, catalogue, evidence_directory).read();
}

}  // namespace desist
