// A study of people's rows, of several studies, or of a design: the file of people and the roles of its columns.
#include <algorithm>
#include <set>

#include "engine/core/nouns.hpp"
#include "engine/core/text.hpp"
#include "engine/data/small_counts.hpp"
#include "engine/estimation/event_outcomes.hpp"
#include "engine/program/people_reading.hpp"

namespace desist {
namespace {

class PeopleReader {
 public:
  PeopleReader(PeopleReading& all, const Catalogue& catalogue, const std::string& evidence_directory)
      : all_(all),
        r_(all.r),
        spec_(all.spec),
        study_(all.study),
        catalogue_(catalogue),
        evidence_directory_(evidence_directory) {
    study_.name = spec_.text.name;
    study_.seed = spec_.plan.seed;
  }

  void read() {
    head();
    all_.people.shown = "[columns]";
    if (const Node* columns = all_.table_of("columns", "write [columns], and below it a line for each")) {
      all_.declare(all_.people, *columns, "columns");
      study_.column_labels = all_.people.labels;
    }
    EventFiles files;
    data(files);
    read_people_events(all_, files);
    read_people_outcomes(all_, files);
    flow();
    read_people_results(all_, catalogue_, evidence_directory_);
    read_funnel(all_);
    read_people_analyses(all_);
    read_beside(r_);
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

  void data(EventFiles& files) {
    all_.has_events = r_.root.find("events") != nullptr;
    const Node* node = all_.table_of("data", "write [data], and below it: file = \"data/people.csv\"");
    if (!node) return;
    const bool sound = r_.check(*node, section("data"), "[data]");
    for (const char* key : {"id", "arm", "received", "describe"}) all_.known_column(*node, key, all_.people);
    study_.id = Reading::text_at(*node, "id");
    study_.arm = Reading::text_at(*node, "arm");
    study_.control = Reading::text_at(*node, "control");
    study_.received = Reading::text_at(*node, "received");
    study_.describe = Reading::texts_at(*node, "describe");
    small_numbers(*node);
    dates(*node, files);
    if (!sound) return;
    auto people = all_.read(*node, all_.people);
    if (!people) return;
    study_.people = std::move(*people);
    all_.check_rows(study_.people, all_.people, rows_are_people() ? study_.id : "");
    if (!r_.found.empty()) return;
    arms(*node);
    if (!study_.received.empty() && all_.people.find(study_.received)->type != ColumnType::yes_no)
      r_.problem(node->at("received")->where, fmt::format("'{}' is no yes/no column", study_.received),
                 "who received the programme is yes or no", "write type = \"yes or no\" in [columns]");
  }

  // Nobody twice, unless rows are spells of a person; whose events are looked up is one row in any case.
  bool rows_are_people() const {
    if (all_.has_events) return true;
    const Node* named = r_.root.at("outcomes");
    return !named || std::none_of(named->members.begin(), named->members.end(),
                                  [](const Member& member) { return member.value.find("entry") != nullptr; });
  }

  // The dates between which events are looked for, and whose events they are: all are needed where there are events.
  void dates(const Node& node, EventFiles& files) {
    for (const char* key : {"index", "followed_until", "completed"}) {
      const Member* given = node.find(key);
      if (given && !all_.has_events)
        r_.problem(given->where, fmt::format("'{}' has no meaning in this file", key), "there is no section [events]",
                   "add [events], or take the line out");
    }
    if (!all_.has_events) return;
    for (const auto& [key, why, line] :
         {std::tuple("id", "offences are looked up by it", "id = \"id\""),
          std::tuple("index", "offences after it are reoffences", "index = \"sentenced\""),
          std::tuple("followed_until", "later offences would not be known", "followed_until = 2024-06-30")})
      if (!node.find(key))
        r_.problem(node.where, fmt::format("missing key '{}' in [data]", key), why, fmt::format("add: {}", line));
    files.index = date_column(node, "index");
    files.completed = date_column(node, "completed");
    if (const Node* end = node.at("followed_until"); end && end->kind == Node::Kind::date) {
      files.ends = end->date;
    } else if (end && end->kind == Node::Kind::text) {
      const std::string text = trimmed(end->text);
      const bool is_date = !all_.people.find(text) && !text.empty() && text.front() >= '0' && text.front() <= '9';
      if (is_date)
        files.ends = r_.date_of(*end);
      else
        files.end = date_column(node, "followed_until");
    }
    for (DeclaredColumn& column : all_.people.declaration.columns) {
      const bool needed = column.name == study_.id || column.name == files.index || column.name == files.end;
      column.required = column.required || needed;
      const bool named = column.type == ColumnType::text || column.type == ColumnType::category;
      if (column.name == study_.id && !named)
        r_.problem(node.at("id")->where, fmt::format("'{}' is no text", study_.id),
                   "people are found among the offences by their id, letter by letter",
                   "write type = \"text\" in [columns]");
    }
  }

  std::string date_column(const Node& node, const std::string& key) {
    const std::string name = Reading::text_at(node, key);
    if (!node.find(key) || !all_.known_column(node, key, all_.people, "date")) return "";
    if (!name.empty() && all_.people.find(name)->type != ColumnType::date)
      r_.problem(node.at(key)->where, fmt::format("'{}' is no date", name), "its column is declared otherwise",
                 "write type = \"date\" or \"UK date\" in [columns]");
    return name;
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
      return r_.problem(node.at("arm")->where, fmt::format("'{}' has {}", study_.arm, counted(levels.size(), "value")),
                        fmt::format("arms are two or more, at most {}", most_arms), "name the column with the groups");
    if (study_.control.empty()) study_.control = levels.front();
    const auto control = std::find(levels.begin(), levels.end(), study_.control);
    if (control == levels.end())
      return r_.problem(node.at("control")->where, fmt::format("no arm is called '{}'", study_.control), "",
                        spelling_cure(study_.control, levels, "the arms are"));
    std::rotate(levels.begin(), control, control + 1);
    study_.arms = std::move(levels);
  }

  void flow() {
    const Section& keys = section("flow", For::people);
    r_.each_table(keys, [&](const Node& table, const std::string&) {
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
    });
  }

  PeopleReading& all_;
  Reading& r_;
  ExperimentSpec& spec_;
  PersonStudy& study_;
  const Catalogue& catalogue_;
  const std::string& evidence_directory_;
};

}  // namespace

void read_people(Reading& reading, ExperimentSpec& spec, const Catalogue& catalogue,
                 const std::string& evidence_directory) {
  PeopleReading all{reading, spec, {}, {}};
  PeopleReader(all, catalogue, evidence_directory).read();
}

}  // namespace desist
