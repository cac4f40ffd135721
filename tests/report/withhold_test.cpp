// Small counts: what is written gives none of them away, where hiding the small cells alone would.
#include "engine/report/withhold.hpp"

#include <cmath>
#include <filesystem>
#include <map>
#include <set>

#include <gmock/gmock.h>
#include <unistd.h>

#include "engine/core/table.hpp"
#include "engine/core/text.hpp"
#include "engine/report/withhold_curves.hpp"
#include "engine/report/write_results.hpp"
#include "tests/read_file.hpp"
#include "tests/report/example_inputs.hpp"
#include "tests/table_word.hpp"

namespace {

namespace fs = std::filesystem;
using desist::AnalysisResult;
using desist::CurvePoint;
using desist::ReportInput;
using desist::Table;
using desist::tests::word;

/// Everything that a run leaves behind, by name: files, first screen, JSON.
std::map<std::string, std::string> written(const ReportInput& input) {
  const fs::path folder = fs::temp_directory_path() / ("desist_withhold_" + std::to_string(getpid()));
  std::map<std::string, std::string> texts;
  for (const std::string& name : desist::write_results(input, folder / "out", {}).files)
    texts[name] = desist::tests::read_file(folder / "out" / name);
  fs::remove_all(folder);
  texts["screen"] = desist::first_screen(input, "report.html");
  texts["json"] = desist::first_screen_json(input, "report.html");
  return texts;
}

double number(const Table& table, std::size_t row, const char* column) {
  const std::string text = word(table, row, column);
  return text.empty() ? std::nan("") : std::stod(text);
}

/// Somebody who wants to know: text search, and arithmetic from what is printed. Each finding is a sentence.
class Reader {
 public:
  explicit Reader(const ReportInput& input) : texts_(written(input)) {}

  std::set<std::string> finds() {
    table1();
    standardised_differences();
    outcomes();
    flow();
    curves();
    return found_;
  }

  bool reads(const std::string& words) const {
    for (const auto& [name, text] : texts_)
      if (text.find(words) != std::string::npos) return true;
    return false;
  }

 private:
  Table table(const std::string& name) const {
    const auto at = texts_.find(name);
    return at == texts_.end() ? Table() : desist::read_csv(at->second);
  }

  static bool small(double count) { return count > 0.5 && count < 4.5; }

  /// The people of an arm, from any row that has them all.
  double people_of(const std::string& arm) const {
    const Table flow = table("flow.csv");
    for (std::size_t i = 0; i < flow.size(); ++i)
      if (word(flow, i, "arm") == arm && !word(flow, i, "people").empty()) return number(flow, i, "people");
    return std::nan("");
  }

  void table1() {
    const Table rows = table("table1.csv");
    std::map<std::string, std::pair<int, double>>
        hidden_and_sum;  // by column and arm: levels hidden, sum of the others
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (word(rows, i, "level").empty()) continue;
      auto& [hidden, sum] = hidden_and_sum[word(rows, i, "column") + "|" + word(rows, i, "arm")];
      if (word(rows, i, "people").empty())
        ++hidden;
      else
        sum += number(rows, i, "people");
      if (small(number(rows, i, "people"))) found_.insert("table 1 shows it");
    }
    for (const auto& [key, each] : hidden_and_sum) {
      const double left = people_of(key.substr(key.find('|') + 1)) - each.second;
      if (each.first == 1 && small(left)) found_.insert("table 1: the arm less the other levels");
    }
  }

  /// With one share and the standardised difference, the other share follows.
  void standardised_differences() {
    const Table rows = table("table1.csv");
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
      const double p1 = number(rows, i + 1, "mean_or_share"), seen = number(rows, i + 1, "standardised_difference");
      if (!word(rows, i, "people").empty() || word(rows, i, "column") != word(rows, i + 1, "column")) continue;
      if (word(rows, i, "level") != word(rows, i + 1, "level") || std::isnan(p1) || std::isnan(seen)) continue;
      for (int count = 1; count < 5; ++count) {
        const double p0 = count / people_of(word(rows, i, "arm"));
        const double would_be = (p1 - p0) / std::sqrt((p1 * (1 - p1) + p0 * (1 - p0)) / 2);
        if (std::abs(would_be - seen) < 1e-9) found_.insert("table 1: from the standardised difference");
      }
    }
  }

  void outcomes() {
    const Table rows = table("summaries.csv");
    std::map<std::string, double> people, with;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::string key = word(rows, i, "outcome") + "|" + word(rows, i, "arm");
      people[key] = number(rows, i, "people");
      with[key] = number(rows, i, "with_outcome");
      if (small(with[key]) || small(people[key] - with[key])) found_.insert("summaries show it");
      if (std::isnan(with[key]) && small(number(rows, i, "estimate") * people_of(word(rows, i, "arm"))))
        found_.insert("summaries: from the share");
    }
    const Table effects = table("effects.csv");
    for (std::size_t i = 0; i < effects.size(); ++i) {
      if (word(effects, i, "measure") != "risk difference") continue;
      const std::string outcome = word(effects, i, "outcome");
      const double treated = with[outcome + "|aid"] / people[outcome + "|aid"];
      if (small((treated - number(effects, i, "estimate")) * people_of("usual help")))
        found_.insert("effects: the other arm less the difference");
    }
  }

  void flow() {
    const Table rows = table("flow.csv");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const double people = number(rows, i, "people");
      if (small(people)) found_.insert("the flow shows it");
      for (std::size_t above = 0; above < i; ++above)
        if (word(rows, above, "arm") == word(rows, i, "arm") && !word(rows, i, "arm").empty() &&
            small(number(rows, above, "people") - people))
          found_.insert("flow: a box less the next");
    }
  }

  void curves() {
    const Table rows = table("curves.csv");
    for (std::size_t i = 0; i < rows.size(); ++i) {
      for (const char* column : {"events", "censored", "at_risk"})
        if (small(number(rows, i, column))) found_.insert(std::string("curves show ") + column);
      if (i == 0 || word(rows, i, "arm") != word(rows, i - 1, "arm") ||
          word(rows, i, "curve") != word(rows, i - 1, "curve"))
        continue;
      if (small(number(rows, i - 1, "at_risk") - number(rows, i, "at_risk"))) found_.insert("curves: who left");
    }
  }

  std::map<std::string, std::string> texts_;
  std::set<std::string> found_;
};

/// The example with three people of the comparison arm who had a violent offence, and three of "aid" who got nothing.
ReportInput with_small_counts() {
  ReportInput input = desist::tests::people_input();
  for (desist::ArmSummary& each : input.people_results.summaries) {
    if (each.outcome != "violent" || each.arm != "usual help") continue;
    each.with_outcome = 3;
    each.estimate = 3.0 / 199;
    each.interval = {0.005, 0.043};
  }
  for (AnalysisResult& each : input.people_results.analyses)
    if (each.name == "violent") each.effects[0].estimate = 24.0 / 201 - 3.0 / 199;
  for (desist::FlowBox& box : input.people_results.flow)
    if (box.step.starts_with("Received") && box.arm == "aid") box.people = 198;
  return input;
}

/// What a careless program would do: small cells hidden, and nothing else.
void hide_small_cells_only(desist::PersonResults& results) {
  const auto small = [](std::int64_t count) { return count > 0 && count < 5; };
  for (desist::BalanceRow& row : results.balance)
    for (desist::BalanceRow::Cell& cell : row.arms)
      if (!row.level.empty() && small(cell.people)) cell = {0, std::nan(""), std::nan(""), 0, true, false};
  for (desist::ArmSummary& each : results.summaries)
    if (each.with_outcome && small(*each.with_outcome)) each.with_outcome.reset();
  for (desist::FlowBox& box : results.flow)
    if (small(box.people)) box.withheld = true;
}

TEST(Withhold, HidingSmallCellsAloneGivesThemAway) {
  ReportInput input = with_small_counts();
  hide_small_cells_only(input.people_results);
  EXPECT_THAT(
      Reader(input).finds(),
      testing::IsSupersetOf({"table 1: the arm less the other levels", "table 1: from the standardised difference",
                             "summaries: from the share", "effects: the other arm less the difference",
                             "flow: a box less the next", "curves show events", "curves: who left"}));
}

TEST(Withhold, NothingWrittenGivesASmallCountAway) {
  ReportInput input = with_small_counts();
  EXPECT_TRUE(Reader(input).reads("3 of 199"));
  EXPECT_TRUE(Reader(input).reads(desist::shortest(3.0 / 199)));
  desist::withhold_small_counts(input.people_results, *input.people);
  Reader reader(input);
  EXPECT_THAT(reader.finds(), testing::IsEmpty());
  EXPECT_FALSE(reader.reads("3 of 199"));
  EXPECT_FALSE(reader.reads(desist::shortest(3.0 / 199)));
  EXPECT_FALSE(reader.reads(desist::shortest(24.0 / 201 - 3.0 / 199)));
  EXPECT_TRUE(reader.reads("show_all"));
}

// A share by some time that says how few had the outcome goes, and with it what lies between it and the other arm's.
TEST(Withhold, ADifferenceByATimeGoesWithAShareBehindIt) {
  for (const bool of_few : {false, true})
    for (const std::string curve : {"survival at 52 weeks", "cumulative incidence: arrest by 52 week"}) {
      ReportInput input = with_small_counts();
      AnalysisResult& curves = input.people_results.analyses[1];
      curves.curves.clear();
      const bool incidence = curve.starts_with("cumulative");
      const auto share = [&](const std::string& arm, double with, double people) {
        desist::EffectRow row;
        row.term = arm;
        row.measure = curve;
        row.unit = "share";
        row.estimate = incidence ? with / people : 1 - with / people;
        return row;
      };
      desist::EffectRow difference = share("aid", 60, 201);
      difference.measure = "risk difference by 52 weeks (Kaplan-Meier)";
      difference.effect = true;
      curves.effects = {share("usual help", of_few ? 2 : 70, 199), share("aid", 60, 201), difference};
      desist::withhold_small_counts(input.people_results, *input.people);
      EXPECT_EQ(input.people_results.analyses[1].effects.size(), of_few ? 1U : 3U) << curve;
    }
}

TEST(Withhold, LeavesWhatIsLarge) {
  ReportInput input = with_small_counts();
  desist::withhold_small_counts(input.people_results, *input.people);
  const desist::PersonResults& results = input.people_results;
  EXPECT_EQ(results.analyses[0].effects.size(), 2U);
  EXPECT_FALSE(results.analyses[1].curves.empty());
  EXPECT_TRUE(results.analyses[3].withheld);
  EXPECT_FALSE(results.balance[0].arms[0].withheld);
  EXPECT_FALSE(results.balance[1].arms[1].withheld);
  EXPECT_EQ(results.balance[5].arms[0].people, 23);
  for (const desist::ArmSummary& each : results.summaries) EXPECT_EQ(each.withheld, each.outcome == "violent");
}

TEST(Withhold, ASecondTimeChangesNothing) {
  ReportInput once = with_small_counts();
  desist::withhold_small_counts(once.people_results, *once.people);
  ReportInput twice = once;
  desist::withhold_small_counts(twice.people_results, *twice.people);
  EXPECT_EQ(written(once), written(twice));
}

TEST(Withhold, NothingIsDoneWhereTheFileShowsAll) {
  ReportInput input = with_small_counts();
  input.people->smallest_shown = 0;
  input.people->shown_why = "Public data without names.";
  const auto before = written(input);
  desist::withhold_small_counts(input.people_results, *input.people);
  EXPECT_EQ(written(input), before);
  EXPECT_THAT(before.at("screen"), testing::HasSubstr("small counts are shown. Public data"));
}

TEST(Withhold, FewMissingValuesTakeTheNumbersThatWouldSayHowFew) {
  ReportInput input = desist::tests::people_input();
  input.people_results.balance[0].arms[1].missing = 2;
  input.people_results.balance[0].arms[1].people = 199;
  input.people_results.analyses[0].notes = {"Left out: 2 people without a value of age."};
  input.people_results.analyses[0].facts[0].value = 398;
  desist::withhold_small_counts(input.people_results, *input.people);
  const auto texts = written(input);
  for (const auto& [name, text] : texts)
    EXPECT_THAT(text, testing::Not(testing::HasSubstr("2 people without"))) << name;
  for (const desist::FlowBox& box : input.people_results.flow)
    EXPECT_EQ(box.withheld, !box.step.starts_with("Analysed") && box.step != "Referred") << box.step;
  EXPECT_TRUE(input.people_results.balance[0].arms[0].missing_withheld);
  EXPECT_THAT(input.people_results.analyses[0].facts, testing::SizeIs(1));  // "people" and "events" went
}

TEST(Withhold, AColumnOfZeroAndOneIsACount) {
  ReportInput input = desist::tests::people_input();
  const double share = 3.0 / 199;
  desist::BalanceRow row;
  row.column = row.label = "disabled";
  row.arms = {{199, share, std::sqrt(share * (1 - share) * 199 / 198), 0, false, false},
              {201, 0.1, 0.3, 0, false, false}};
  row.standardised_differences = {0.37};
  input.people_results.balance.push_back(row);
  desist::withhold_small_counts(input.people_results, *input.people);
  EXPECT_TRUE(input.people_results.balance.back().arms[0].withheld);
  EXPECT_TRUE(std::isnan(input.people_results.balance.back().standardised_differences[0]));
}

TEST(JoinedSteps, CoverEnoughPeopleAndLoseNone) {
  const desist::AnalysisResult curves = desist::tests::people_input().people_results.analyses[1];
  const auto joined = desist::joined_steps(curves.curves, 5, {{"usual help", 199}, {"aid", 201}});
  double events = 0, joined_events = 0, after = 199;
  for (const CurvePoint& point : curves.curves)
    if (point.arm == "usual help") events += point.events;
  for (const CurvePoint& point : joined) {
    EXPECT_GE(point.events, 5);
    EXPECT_GE(point.at_risk, 5);
    if (point.arm != "usual help") continue;
    EXPECT_EQ(point.at_risk, after);
    after = point.at_risk - point.events - point.censored;
    joined_events += point.events;
  }
  EXPECT_TRUE(events == joined_events || events - joined_events >= 5);
}

TEST(JoinedSteps, OfAnArmWithTooFewAreLeftOut) {
  const std::vector<CurvePoint> curves = {{"survival", "a", 1, 40, 2, 0, 0.95, 0, {0, 1}},
                                          {"survival", "a", 2, 38, 2, 36, 0.9, 0, {0, 1}}};
  EXPECT_THAT(desist::joined_steps(curves, 5, {{"a", 40}}), testing::IsEmpty());
  EXPECT_THAT(desist::joined_steps(curves, 4, {{"a", 40}}), testing::SizeIs(1));
  EXPECT_THAT(desist::joined_steps(curves, 4, {{"a", 42}}), testing::IsEmpty());  // two people would show
}

}  // namespace
