// [outcomes] of a study of people: which columns hold each, or how it is made from events.
#include <algorithm>
#include <cmath>

#include "engine/core/quantity.hpp"
#include "engine/core/text.hpp"
#include "engine/estimation/event_outcomes.hpp"
#include "engine/program/people_reading.hpp"

namespace desist {
namespace {

class OutcomeReader {
 public:
  OutcomeReader(PeopleReading& all, const EventFiles& files) : all_(all), r_(all.r), study_(all.study), files_(files) {}

  void outcomes() {
    const Node* named = all_.table_of("outcomes", "write [outcomes], and below it a line for each");
    if (named)
      all_.each_named(*named, "outcomes", "outcomes", [&](const Member& member) {
        const Node& table = member.value;
        PersonOutcome outcome;
        outcome.name = member.name;
        outcome.label = Reading::text_at(table, "label");
        if (outcome.label.empty()) outcome.label = member.name;
        const Node* headline = table.at("headline");
        outcome.headline = headline && headline->truth;
        outcome.fewer_is_better = Reading::text_at(table, "better") != "more";
        if (table.find("from_events")) return made(member, outcome);
        for (const char* key : {"months", "conviction_months", "clock"})
          if (const Member* given = table.find(key)) no_meaning(*given, member, "it is of outcomes made from events");
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
            all_.known_column(table, each.key, all_.people);
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
          all_.known_column(table, each.key, all_.people);
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
    if (all_.has_events && r_.found.empty()) make();
    if (!study_.outcomes.empty() &&
        std::none_of(study_.outcomes.begin(), study_.outcomes.end(), [](const PersonOutcome& o) { return o.headline; }))
      study_.outcomes.front().headline = true;
  }

 private:
  void no_meaning(const Member& key, const Member& outcome, const std::string& why) {
    r_.problem(key.where, fmt::format("'{}' has no meaning for '{}'", key.name, outcome.name), why,
               "take the line out");
  }

  // An outcome that no column holds: what it takes from the events, within which window, on which clock.
  void made(const Member& member, PersonOutcome& outcome) {
    using What = FromEvents::What;
    using Kind = PersonOutcome::Kind;
    const Node& table = member.value;
    const SourceSpan where = table.at("from_events")->where;
    const struct {
      std::string_view word;
      What what;
      Kind kind;
    } all[] = {{"reoffended", What::reoffended, Kind::yes_no},
               {"proven", What::proven, Kind::yes_no},
               {"number", What::number, Kind::count},
               {"time", What::time, Kind::time},
               {"harm", What::harm, Kind::amount}};
    const std::string word = Reading::text_at(table, "from_events");
    const auto* of = std::find_if(std::begin(all), std::end(all), [&](const auto& each) { return each.word == word; });
    for (const char* key : {"yes_no", "count", "time", "amount", "exposure", "event", "cause", "censored", "entry"})
      if (const Member* given = table.find(key)) no_meaning(*given, member, "it is made from events, not read");
    if (!all_.has_events)
      return r_.problem(where, fmt::format("'{}' is made from events, and there are none", member.name),
                        "there is no section [events]", "add [events] with file, id and committed");
    outcome.kind = of->kind;
    FromEvents made;
    made.what = of->what;
    const bool days = made.what == What::number || made.what == What::time;
    if (const Member* months = table.find("months")) {
      made.months = whole(months->value, 1);
      if (made.what == What::time)
        no_meaning(*months, member, "a time ends with the event or the follow-up, not with a window");
    } else if (made.what != What::number && made.what != What::time) {
      r_.problem(member.where, fmt::format("'{}' doesn't say within how many months", member.name),
                 "people are followed for unequal times", "add months = 12");
    }
    if (const Member* further = table.find("conviction_months")) {
      made.conviction_months = whole(further->value, 0);
      if (made.what != What::proven) no_meaning(*further, member, "only what is proven needs a conviction");
    }
    made.clock = Reading::text_at(table, "clock") == "free" ? ExposureClock::free : ExposureClock::calendar;
    if (const Member* clock = table.find("clock")) {
      if (!days)
        no_meaning(*clock, member, "its months are of the calendar; a number and a time have a clock");
      else if (made.clock == ExposureClock::free && !r_.root.find("custody"))
        r_.problem(clock->value.where, fmt::format("'{}' counts free days, and none are known", member.name),
                   "there is no section [custody]", "add [custody] with file, id, from and to");
    }
    outcome.unit = Reading::text_at(table, "unit");
    if (const Member* unit = table.find("unit"); unit && made.what != What::harm) time_unit(*unit, member, days, made);
    if (days && outcome.unit.empty()) outcome.unit = "day";
    const Node* events = r_.root.at("events");
    if (made.what == What::proven) needs(*events, where, member.name, "convicted");
    if (made.what == What::harm) needs(*events, where, member.name, "harm");
    outcome.from_events = made;
    study_.outcomes.push_back(std::move(outcome));
  }

  int whole(const Node& node, int least) {
    constexpr int most = 1200;  // a hundred years
    if (node.number >= least && node.number <= most) return static_cast<int>(node.number);
    r_.problem(node.where, fmt::format("a window of {} months", node.text),
               fmt::format("between {} and {} are possible", least, most), "write it like: months = 12");
    return least;
  }

  void time_unit(const Member& unit, const Member& outcome, bool days, FromEvents& made) {
    const std::string word = Reading::text_at(outcome.value, "unit");
    if (!days) return no_meaning(unit, outcome, "it is yes or no");
    const std::optional<double> hours = hours_in(word);
    constexpr double hours_a_day = 24;
    if (hours && *hours >= hours_a_day)
      made.days_a_unit = *hours / hours_a_day;
    else
      r_.problem(unit.value.where, fmt::format("'{}' is no unit of time", word),
                 "the file has days, which are converted", "write day, week, month or year");
  }

  void needs(const Node& events, SourceSpan where, const std::string& name, const std::string& key) {
    if (events.kind != Node::Kind::table || events.find(key)) return;
    r_.problem(where, fmt::format("'{}' needs the column '{}' of the events", name, key),
               fmt::format("[events] has no key '{}'", key), fmt::format("add below [events]: {} = \"{}\"", key, key));
  }

  void make() {
    const bool any = std::any_of(study_.outcomes.begin(), study_.outcomes.end(),
                                 [](const PersonOutcome& outcome) { return outcome.from_events.has_value(); });
    if (!any)
      return r_.problem(r_.root.find("events")->where, "nothing is made of the events", "no outcome says from_events",
                        "write below [outcomes]: reoffended = { from_events = "
                        "\"reoffended\", months = 12 }");
    add_event_outcomes(study_, files_);
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

  PeopleReading& all_;
  Reading& r_;
  PersonStudy& study_;
  const EventFiles& files_;
};

}  // namespace

void read_people_outcomes(PeopleReading& reading, const EventFiles& files) { OutcomeReader(reading, files).outcomes(); }

}  // namespace desist
