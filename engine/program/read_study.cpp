// The study of a published table: groups with cells as printed, comparisons, outcomes, claims.
#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text.hpp"
#include "engine/program/figure.hpp"

namespace desist {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

class StudyReader {
 public:
  StudyReader(Reading& reading, const std::string& name) : r_(reading) { study_.name = name; }

  std::optional<Study> read() {
    const Node* node = r_.root.at("study");
    if (!node || node->kind != Node::Kind::table) return std::nullopt;
    head(*node);
    outcomes();
    groups();
    comparisons();
    parameters();
    claims();
    read_beside(r_);
    return study_;
  }

 private:
  void head(const Node& node) {
    r_.check(node, section("study"), "[study]");
    study_.source = Reading::text_at(node, "source");
    study_.reading = Reading::text_at(node, "reading");
    study_.design_doubt = Reading::text_at(node, "design_doubt");
    study_.followed_for = Reading::text_at(node, "followed_for");
    const std::string design = Reading::text_at(node, "design");
    study_.design = design_of(design);
  }

  void outcomes() {
    const Member* member = r_.root.find("outcomes");
    if (!member || member->value.kind != Node::Kind::table) {
      r_.problem(member ? member->where : r_.root.at("study")->where, "this study names no outcomes", "",
                 "add [outcomes] with a line such as: reoffended = { label = \"Any recorded offence\", headline = "
                 "true, better = \"fewer\" }");
      return;
    }
    for (const Member& each : member->value.members) {
      if (r_.misplaced(each, member->value, "[outcomes]")) continue;
      const std::string shown = fmt::format("[outcomes.{}]", each.name);
      if (each.value.kind != Node::Kind::table) {
        r_.problem(each.where, fmt::format("'{}' is {}, not a table", each.name, in_words(each.value.kind)), "",
                   fmt::format("write {} = {{ label = \"...\", better = \"fewer\" }}", each.name));
        continue;
      }
      r_.check(each.value, section("outcomes"), shown);
      StudyOutcome outcome;
      outcome.name = each.name;
      outcome.label = Reading::text_at(each.value, "label");
      if (outcome.label.empty()) outcome.label = each.name;
      outcome.short_label = Reading::text_at(each.value, "short");
      if (const Node* headline = each.value.at("headline")) outcome.headline = headline->truth;
      const std::string better = Reading::text_at(each.value, "better");
      outcome.better = better == "more"      ? StudyOutcome::Better::more
                       : better == "unclear" ? StudyOutcome::Better::unclear
                                             : StudyOutcome::Better::fewer;
      outcome.describe_only = Reading::text_at(each.value, "use") == "describe only";
      if (!outcome.describe_only && !each.value.find("better"))
        r_.problem(each.where, fmt::format("outcome '{}' doesn't say which way is better", each.name), "",
                   "add better = \"fewer\", \"more\" or \"unclear\"; or use = \"describe only\"");
      outcome.subset_of = Reading::texts_at(each.value, "part_of");
      study_.outcomes.push_back(std::move(outcome));
    }
    for (const Member& each : member->value.members)
      for (const std::string& whole : Reading::texts_at(each.value, "part_of"))
        known_outcome(whole, each.value.at("part_of")->where);
    const bool any =
        std::any_of(study_.outcomes.begin(), study_.outcomes.end(), [](const StudyOutcome& o) { return o.headline; });
    if (!any && !study_.outcomes.empty())
      r_.problem(member->where, "no outcome is a headline", "the first screen would be empty",
                 "add headline = true to one");
  }

  std::vector<std::string> outcome_names() const {
    std::vector<std::string> names;
    for (const StudyOutcome& outcome : study_.outcomes) names.push_back(outcome.name);
    return names;
  }
  std::vector<std::string> group_names() const {
    std::vector<std::string> names;
    for (const Group& group : study_.groups) names.push_back(group.name);
    return names;
  }

  bool known_outcome(const std::string& name, SourceSpan where) const {
    const auto names = outcome_names();
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    r_.problem(where, fmt::format("unknown outcome '{}'", name), "[outcomes] doesn't have it",
               spelling_cure(name, names, "it has"));
    return false;
  }
  bool known_group(const std::string& name, SourceSpan where) const {
    const auto names = group_names();
    if (std::find(names.begin(), names.end(), name) != names.end()) return true;
    r_.problem(where, fmt::format("unknown group '{}'", name), "", spelling_cure(name, names, "the groups are"));
    return false;
  }

  void groups() {
    const Section& keys = section("group");
    std::vector<std::string> cells{"people"};
    for (const StudyOutcome& outcome : study_.outcomes) {
      cells.push_back(outcome.name);
      cells.push_back(outcome.name + "_pct");
    }
    const auto tables = r_.tables_of(keys);
    if (tables.empty() && !r_.root.find("group"))
      r_.problem(r_.root.at("study")->where, "this study has no groups", "", "add a table [[group]] for each");
    std::vector<SourceSpan> places;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      const std::string shown = shown_item(keys, table, i);
      r_.check(table, keys, shown, cells);
      Group group;
      group.name = Reading::text_at(table, "name");
      group.label = Reading::text_at(table, "label");
      if (group.label.empty()) group.label = group.name;
      group.stratum = Reading::text_at(table, "stratum");
      group.is_sum_of = Reading::texts_at(table, "is_sum_of");
      group.role = role_of(Reading::text_at(table, "role"));
      for (const Member& member : table.members)
        if (std::find(cells.begin(), cells.end(), member.name) != cells.end()) cell(group, member);
      if (!table.find("people"))
        r_.problem(table.where, fmt::format("{} doesn't say how many people it has", shown), "",
                   "add people = { printed = \"...\", evidence = \"...\" }");
      for (std::size_t k = 0; k < study_.groups.size(); ++k)
        if (!group.name.empty() && study_.groups[k].name == group.name)
          r_.problem(table.at("name")->where, fmt::format("two groups are called '{}'", group.name), "",
                     "give each a name of its own", {{places[k], "the first is here"}});
      places.push_back(table.at("name") ? table.at("name")->where : table.where);
      study_.groups.push_back(std::move(group));
    }
    for (const Node* table : tables)
      for (const std::string& part : Reading::texts_at(*table, "is_sum_of"))
        known_group(part, table->at("is_sum_of")->where);
  }

  static Role role_of(const std::string& word) {
    const std::vector<std::string>& words = section("group").keys[2].words;
    const auto at = std::find(words.begin(), words.end(), word) - words.begin();
    constexpr Role roles[] = {Role::control, Role::completed, Role::breached, Role::all_sent,
                              Role::base,    Role::treated,   Role::other};
    return at < std::ssize(words) ? roles[at] : Role::other;
  }

  void cell(Group& group, const Member& member) {
    const std::string shown = fmt::format("[group.{}.{}]", group.name, member.name);
    const auto figure = read_figure(r_, member, group.name + "." + member.name, shown, cell_keys());
    if (!figure) return;
    const std::string text = as_written(*figure->value);
    const auto read = read_printed(text);
    if (const auto* wrong = std::get_if<QuantityProblem>(&read))
      return r_.problem(figure->value->where, wrong->problem, "", wrong->cure);
    PrintedCell cell{member.name, std::get<PrintedNumber>(read), "", ""};
    if (figure->source.kind == FigureSource::Kind::evidence) {
      if (!figure->source.evidence.empty()) cell.evidence = figure->source.evidence.front();
      hold_against_evidence(r_, *figure->value, figure->source.evidence);
    } else {
      cell.assumption = figure->source.reason;
    }
    if (member.name == "people" &&
        (cell.printed.percent || cell.printed.decimals > 0 || cell.printed.digits < 1 || cell.printed.negative))
      return r_.problem(figure->value->where, fmt::format("'{}' is not a number of people", text), "",
                        "write it like printed = \"49\"");
    if (member.name != "people" && cell.printed.negative && !cell.printed.percent)
      return r_.problem(figure->value->where, fmt::format("'{}' is not a number of people", text),
                        "a count can't be below zero", "write it as the table prints it, like printed = \"12\"");
    if (cell.printed.percent && (cell.printed.value() > 1 || cell.printed.negative))
      return r_.problem(figure->value->where, fmt::format("'{}' is not a share of people", text), "",
                        "a percentage lies between 0% and 100%");
    SourcedFigure noted = *figure;
    noted.source.label = fmt::format("{}, {}", group.label, label_of(member.name));
    note_source(r_, noted, text, "as printed");
    group.cells.push_back(std::move(cell));
  }

  std::string label_of(std::string_view quantity) const {
    for (const StudyOutcome& outcome : study_.outcomes)
      if (quantity == outcome.name || quantity == outcome.name + "_pct") return lower(outcome.label);
    return std::string(quantity);
  }

  void comparisons() {
    const Section& keys = section("comparison");
    const auto tables = r_.tables_of(keys);
    const bool described = study_.design == Design::described;
    if (tables.empty() && !r_.root.find("comparison") && !described)
      r_.problem(r_.root.at("study")->where, "this study compares nothing", "",
                 "add a table [[comparison]] with label, treated and against, or write design = \"described\"");
    if (!tables.empty() && described)
      r_.problem(tables.front()->where, "a described table compares nothing", "its design says so",
                 "take the comparison out, or write design = \"compared\"",
                 {{r_.root.at("study")->at("design")->where, "the design is here"}});
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      r_.check(table, keys, shown_item(keys, table, i));
      Comparison comparison{Reading::text_at(table, "label"), Reading::texts_at(table, "treated"),
                            Reading::text_at(table, "against"), Reading::text_at(table, "stratum")};
      for (const std::string& name : comparison.treated) known_group(name, table.at("treated")->where);
      if (!comparison.against.empty()) known_group(comparison.against, table.at("against")->where);
      if (std::find(comparison.treated.begin(), comparison.treated.end(), comparison.against) !=
          comparison.treated.end())
        r_.problem(table.at("against")->where, fmt::format("'{}' is compared with itself", comparison.against), "",
                   "name another group");
      if (study_.design == Design::randomised) sent_by_chance(comparison, table);
      study_.comparisons.push_back(std::move(comparison));
    }
  }

  /// Only everyone sent, or completers and breachers, are what chance made or what is known to be selected.
  void sent_by_chance(const Comparison& comparison, const Node& table) {
    for (const std::string& name : comparison.treated)
      for (const Group& group : study_.groups) {
        const bool unclear = group.role == Role::treated || group.role == Role::other || group.role == Role::base;
        if (group.name != name || !unclear) continue;
        const std::string role = group.role == Role::treated ? "treated" : group.role == Role::base ? "base" : "other";
        r_.problem(
            table.at("treated")->where, fmt::format("'{}' has the role {}, and the design is randomised", name, role),
            "chance made groups of those who were sent and those who were not: whether this group is all who were "
            "sent, its role doesn't say",
            fmt::format("write role = \"all_sent\" in the group '{}' where it holds everyone who was sent, or "
                        "\"completed\" where it holds only those who finished",
                        name));
      }
  }

  void parameters() {
    const Member* member = r_.root.find("parameters");
    if (!member) return;
    if (member->value.kind != Node::Kind::table)
      return r_.problem(member->where, "'parameters' is not a table", "", "write [parameters.worth_having] and so on");
    const std::vector<std::string> known{"missing_people", "recording", "worth_having"};
    for (const Member& each : member->value.members) {
      if (std::find(known.begin(), known.end(), each.name) == known.end())
        r_.unknown_key(each, member->value, "[parameters]", known);
      else
        read_parameter(each);
    }
  }

  void read_parameter(const Member& member) {
    static const Section keys = [] {
      Section with = figure_keys();
      std::erase_if(with.keys, [](const Key& key) { return is_of_estimate(key.name); });
      with.keys.push_back({"outcome", Holds::text, false, "The outcome that it is for", "\"da_incident\""});
      for (Key& key : with.keys) key.only = key.name == "from" ? For::projection : For::all;
      return with;
    }();
    const auto figure = read_figure(r_, member, member.name, fmt::format("[parameters.{}]", member.name), keys);
    if (!figure) return;
    if (member.name == "missing_people") {
      const auto people = measure(r_, *figure, Unit::parse("person"), {0, 1e7});
      if (!people) return;
      const auto groups = Reading::texts_at(member.value, "where");
      for (const std::string& group : groups) known_group(group, figure->where->where);
      for (const std::string& group : groups.empty() ? std::vector<std::string>{""} : groups)
        study_.missing.push_back({group, static_cast<std::int64_t>(people->quantity.high), figure->source.reason});
      return note_source(r_, *figure, people->quantity.printed,
                         "tried from end to end: a tipping point, no distribution");
    }
    if (member.name == "recording") {
      const auto factor = measure(r_, *figure, Unit::parse("1"), {0.01, 100});
      const std::string outcome = Reading::text_at(member.value, "outcome");
      if (outcome.empty())
        return r_.problem(member.where, "'recording' doesn't say for which outcome", "",
                          "add outcome = \"...\", the name of an outcome");
      if (!known_outcome(outcome, member.value.at("outcome")->where) || !factor) return;
      study_.recording = {factor->quantity.low, factor->quantity.high};
      study_.recording_outcome = outcome;
      return note_source(r_, *figure, factor->quantity.printed, "limits at both ends of the range");
    }
    const auto worth = measure(r_, *figure, Unit::parse("share"), {-1, 1});
    if (!worth) return;
    study_.worth_having = std::abs(worth->quantity.low);
    if (worth->quantity.is_range() || *study_.worth_having == 0)
      return r_.problem(figure->value ? figure->value->where : figure->range->where,
                        "'worth_having' is one difference, not zero", "",
                        "write it like \"5 fewer people in every 100\"");
    note_source(r_, *figure, worth->quantity.printed, "as chosen");
  }

  std::optional<PrintedNumber> printed_at(const Node& table, std::string_view key) const {
    const Node* node = table.at(key);
    if (!node || (node->kind != Node::Kind::text && node->kind != Node::Kind::number)) return std::nullopt;
    const auto read = read_printed(as_written(*node));
    if (const auto* wrong = std::get_if<QuantityProblem>(&read)) {
      r_.problem(node->where, wrong->problem, "", wrong->cure);
      return std::nullopt;
    }
    return std::get<PrintedNumber>(read);
  }

  void claims() {
    const Section& keys = section("claim");
    const auto tables = r_.tables_of(keys);
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const Node& table = *tables[i];
      if (!r_.check(table, keys, shown_item(keys, table, i))) continue;
      Claim claim;
      claim.text = Reading::text_at(table, "text");
      claim.where = Reading::text_at(table, "where");
      const auto ids = r_.evidence_at(table);
      if (!ids.empty()) claim.evidence = ids.front();
      claim.test = Reading::text_at(table, "test");
      claim.outcome = Reading::text_at(table, "outcome");
      claim.of = Reading::text_at(table, "of");
      claim.treated = Reading::texts_at(table, "treated");
      claim.against = Reading::text_at(table, "against");
      claim.printed = printed_at(table, "printed");
      claim.printed_against = printed_at(table, "printed_against");
      claim.reply = Reading::text_at(table, "reply");
      if (!claim.outcome.empty()) known_outcome(claim.outcome, table.at("outcome")->where);
      if (!claim.of.empty()) known_outcome(claim.of, table.at("of")->where);
      for (const std::string& group : claim.treated) known_group(group, table.at("treated")->where);
      if (!claim.against.empty()) known_group(claim.against, table.at("against")->where);
      tested_.push_back({i, table.at("test")->where});
      study_.claims.push_back(std::move(claim));
    }
    if (!r_.found.empty()) return;  // a claim is tried against a sound study only
    for (std::size_t i = 0; i < study_.claims.size(); ++i)
      if (const auto why = claim_problem(study_, study_.claims[i]))
        r_.problem(tested_[i].second, fmt::format("this claim can't be tested: {}", *why));
  }

  Reading& r_;
  Study study_;
  std::vector<std::pair<std::size_t, SourceSpan>> tested_;
};

}  // namespace

std::optional<Study> read_study(Reading& reading, const std::string& name) { return StudyReader(reading, name).read(); }

}  // namespace desist
