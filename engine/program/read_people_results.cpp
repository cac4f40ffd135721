// [[result]]: one study's result, printed or from its own experiment file.
#include <algorithm>
#include <cmath>
#include <filesystem>

#include "engine/core/text.hpp"
#include "engine/program/people_reading.hpp"

namespace desist {
namespace {

class ResultReader {
 public:
  ResultReader(PeopleReading& all, const Catalogue& catalogue, const std::string& evidence_directory)
      : r_(all.r), spec_(all.spec), study_(all.study), catalogue_(catalogue), evidence_directory_(evidence_directory) {}

  void results() {
    const Section& keys = section("result");
    r_.each_table(keys, [&](const Node& table, const std::string&) {
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
    });
  }

 private:
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
      const ExperimentSpec other = read_study_file(path_beside(r_, name), catalogue_, evidence_directory_);
      spec_.add_to_digest(other.text.spec_digest);
      if (other.studies.empty())
        return r_.problem(where, fmt::format("'{}' holds no published table", name), "it is a study of people's rows",
                          "name a file with a section [study] and its groups");
      const Study& study = other.studies.front();
      effect.design = study.design;
      if (study.comparisons.empty())
        return r_.problem(where, fmt::format("'{}' compares nothing", name), "its design is described",
                          "name a table with a comparison");
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
      refuse_other_file(r_, failure, "study", name, where);
    }
  }

  Reading& r_;
  ExperimentSpec& spec_;
  PersonStudy& study_;
  const Catalogue& catalogue_;
  const std::string& evidence_directory_;
};

}  // namespace

void read_people_results(PeopleReading& reading, const Catalogue& catalogue, const std::string& evidence_directory) {
  ResultReader(reading, catalogue, evidence_directory).results();
}

}  // namespace desist
