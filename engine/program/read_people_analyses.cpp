// [[analysis]]: a method, an outcome that fits it, and the keys that the method takes.
#include <algorithm>
#include <numeric>

#include "engine/core/text.hpp"
#include "engine/estimation/estimator.hpp"
#include "engine/program/estimator_keys.hpp"
#include "engine/program/people_reading.hpp"
#include "engine/program/printed_figure.hpp"

namespace desist {
namespace {

class AnalysisReader {
 public:
  explicit AnalysisReader(PeopleReading& all) : all_(all), r_(all.r), study_(all.study) {}

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
        for (const EstimatorKey& key : estimator->keys) all.keys.push_back(section_key(key, For::people));
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
      wrong_key(table, *estimator, analysis);
      sources_of(table, *estimator, analysis);
      outcome_of(table, *estimator, analysis, shown);
      study_.analyses.push_back(std::move(analysis));
    }
    if (tables.empty() && !r_.root.find("funnel") && !r_.root.find("step"))
      r_.problem(r_.root.find("data") ? r_.root.find("data")->where : SourceSpan{1, 1, 1}, "nothing is analysed",
                 "there is no [[analysis]]", "add [[analysis]], and below it name, method and outcome");
  }

 private:
  /// Where at least two in three of the rows that print one count stand among the numbers of their analysis, the others
  /// have to: a copied table with one number changed. Where fewer do, the numbers are worked out from the rows. Times
  /// and shares may stand there in another unit.
  void hold_against_analysis(const SourceSpan& where, const std::vector<std::string>& ids, const Analysis& analysis) {
    std::size_t counts = 0;
    std::vector<const EvidenceRecord*> absent;
    for (const std::string& id : ids) {
      const EvidenceRecord* record = r_.evidence.find(id);
      const auto count = record ? count_printed(record->row) : std::nullopt;
      if (!count) continue;
      ++counts;
      if (!holds(analysis, *count)) absent.push_back(record);
    }
    if (absent.empty() || 3 * absent.size() > counts) return;
    std::vector<std::string> printed;
    for (const EvidenceRecord* each : absent)
      printed.push_back(fmt::format("{} prints \"{}\"", each->row.id, each->row.printed));
    r_.problem(where, fmt::format("'{}' is not what its evidence prints", analysis.name),
               fmt::format("{}, which is none of its numbers", listed(printed)),
               "copy the figures as printed, or take a row out whose figure doesn't stand here; numbers of yours take "
               "the place of evidence by assumption = \"why\" or choice = \"why\"");
  }
  static std::optional<double> count_printed(const EvidenceRow& row) {
    const PrintedFigure printed = printed_figure(row.printed), unit = printed_unit(row.unit);
    const bool is_count = printed.amounts.size() == 1 && !printed.amounts[0].percent && printed.time.empty() &&
                          unit.time.empty() && unit.per.empty() && row.unit.find('%') == std::string::npos;
    return is_count ? std::optional(printed.amounts[0].size()) : std::nullopt;
  }
  static bool holds(const Analysis& analysis, double count) {
    return std::any_of(analysis.numbers.begin(), analysis.numbers.end(), [&](const auto& each) {
      const std::vector<double>& numbers = each.second;
      return std::find(numbers.begin(), numbers.end(), count) != numbers.end() ||
             std::accumulate(numbers.begin(), numbers.end(), 0.0) == count;  // 115, of 77, 23 and 15
    });
  }

  /// Where the numbers of an analysis without data come from: printed, assumed, ours to set, or some of each.
  void sources_of(const Node& table, const Estimator& estimator, const Analysis& analysis) {
    std::vector<FigureSource> sources;
    for (const auto& [key, kind] :
         {std::pair("evidence", FigureSource::Kind::evidence), std::pair("assumption", FigureSource::Kind::assumption),
          std::pair("choice", FigureSource::Kind::choice)}) {
      const Member* given = table.find(key);
      if (!given) continue;
      if (estimator.needs != Needs::nothing) {
        r_.problem(given->where, fmt::format("'{}' has no meaning for '{}'", key, estimator.name),
                   "its numbers are those of the data or of [[result]]", "take the line out");
        continue;
      }
      FigureSource source;
      source.name = analysis.name;
      source.label = analysis.label.empty() ? analysis.name : analysis.label;
      source.kind = kind;
      if (kind == FigureSource::Kind::evidence) {
        source.evidence = r_.evidence_at(table);
        hold_against_analysis(given->where, source.evidence, analysis);
      } else
        source.reason = Reading::text_at(table, key);
      source.line = given->where.line;
      sources.push_back(std::move(source));
    }
    if (estimator.needs != Needs::nothing) return;
    if (sources.empty())
      return r_.problem(table.where, fmt::format("'{}' doesn't say where its numbers come from", analysis.name),
                        "every figure has a source",
                        "add evidence = [\"id\"], assumption = \"...\" or choice = \"...\"");
    std::vector<std::string> numbers;
    for (const auto& [key, values] : analysis.numbers) {
      std::vector<std::string> shown;
      for (const double value : values) shown.push_back(shortest(value));
      numbers.push_back(key + " " + listed(shown));
    }
    for (FigureSource& source : sources) {
      source.printed = fmt::format("{}", fmt::join(numbers, "; "));
      all_.spec.text.sources.push_back(std::move(source));
    }
  }

  void wrong_key(const Node& table, const Estimator& estimator, const Analysis& analysis) {
    if (!estimator.wrong) return;
    const auto wrong = estimator.wrong(analysis);
    if (!wrong) return;
    const Node* node = table.at(wrong->key);
    r_.problem(node ? node->where : table.where, wrong->problem, wrong->why, wrong->cure);
  }

  void value_of(const Node& table, const EstimatorKey& key, Analysis& analysis) {
    if (table.at(key.name) && (key.takes == Takes::column || key.takes == Takes::columns))
      all_.known_column(table, key.name, all_.people);
    take_value(table, key, analysis);
  }

  void outcome_of(const Node& table, const Estimator& estimator, const Analysis& analysis, const std::string& shown) {
    const Node* node = table.at("outcome");
    const bool of_people = estimator.needs != Needs::studies && estimator.needs != Needs::nothing;
    if (!of_people) {
      if (node)
        r_.problem(node->where, fmt::format("'{}' takes no outcome", estimator.name), "it would change nothing",
                   "take the line out");
      if (estimator.needs == Needs::studies && study_.results.empty() && !table.find("studies_from") &&
          !r_.root.find("result"))  // where there are some, what is wrong with them is said
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

  PeopleReading& all_;
  Reading& r_;
  PersonStudy& study_;
};

}  // namespace

void read_people_analyses(PeopleReading& reading) { AnalysisReader(reading).analyses(); }

}  // namespace desist
